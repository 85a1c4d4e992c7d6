#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_persistent_volume_claim
short_description: Manage persistent volume claims of an environment
version_added: 1.0.0
description:
  - Creates and deletes the persistent volume claims of an environment. The module cannot change a claim.
  - The module finds a claim by its O(name) in the environment.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.attributes.state
  - jst.retailcloud.wait
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
options:
  state:
    description: Whether the claim should exist.
    type: str
    choices: [present, absent]
    default: present
  name:
    description: The name of the claim.
    type: str
    required: true
  capacity:
    description:
      - The requested size, in bytes or with a Kubernetes suffix, such as V(100Gi) or V(100G). V(1Gi) and V(1024Mi) are
        equal.
      - Required to create a claim.
    type: str
  access_mode:
    description:
      - Whether many nodes or one node must be able to mount the volume for reading and writing.
      - Required to create a claim.
    type: str
    choices: [ReadWriteMany, ReadWriteOnce]
  storage_class:
    description:
      - The storage class. Only a volume of this storage class can be bound to the claim.
      - Allowed are lower-case letters, digits, dots and hyphens. The first character is a letter.
      - Required to create a claim.
    type: str
notes:
  - With O(state=present) and O(wait=true), the module waits until the claim is bound. A claim without a matching volume
    stays V(Pending), and the task fails after O(wait_timeout) seconds. Create the volume first, or set O(wait=false).
  - A storage class may bind a claim only when an instance uses it (C(WaitForFirstConsumer)). In this case, set
    O(wait=false) and release the application that mounts the claim. M(jst.retailcloud.jst_application) does not wait
    for claims.
  - While the module waits, it shows the volumes of the storage class and their status. A V(Released) volume was bound
    to another claim and is not bound again. Delete the volume and create it again.
  - The volume's O(jst.retailcloud.jst_persistent_volume#module:reclaim_policy) decides what happens to the volume after
    its claim is deleted.
seealso:
  - module: jst.retailcloud.jst_persistent_volume_claim_info
  - module: jst.retailcloud.jst_persistent_volume
  - module: jst.retailcloud.jst_environment
"""

EXAMPLES = r"""
- name: Create a volume for the pictures of the shop
  jst.retailcloud.jst_persistent_volume:
    cluster: emu-online
    name: shop-media
    capacity: 100Gi
    access_mode: ReadWriteMany
    storage_class: shop-media
    reclaim_policy: Retain
    mount_target_domain: emu-1.cn-zhangjiakou.nas.aliyuncs.com
    nfs_version: "4.0"

- name: Create a claim for the volume, and wait until it is bound
  jst.retailcloud.jst_persistent_volume_claim:
    app: shop
    environment: production
    name: shop-media
    capacity: 100Gi
    access_mode: ReadWriteMany
    storage_class: shop-media

- name: Create a claim for a volume that will be created later
  jst.retailcloud.jst_persistent_volume_claim:
    app: shop
    environment: production
    name: shop-archive
    capacity: 1Ti
    access_mode: ReadWriteOnce
    storage_class: shop-archive
    wait: false

- name: Delete a claim
  jst.retailcloud.jst_persistent_volume_claim:
    app: shop
    environment: production
    name: shop-archive
    state: absent
"""

RETURN = r"""
persistent_volume_claim:
  description:
    - The claim after the task, or its predicted state in check mode.
    - Null with O(state=absent) after the deletion.
  returned: success
  type: dict
  contains:
    app_id:
      description: The id of the application. Null when check mode assumes an application that does not exist yet.
      type: int
      returned: always
      sample: 10001
    environment_id:
      description: The id of the environment. Null when check mode assumes an environment that does not exist yet.
      type: int
      returned: always
      sample: 20001
    name:
      description: The name.
      type: str
      returned: always
      sample: shop-media
    capacity:
      description:
        - The size, in the notation of the service, which may differ from the notation of the task.
      type: str
      returned: always
      sample: 100Gi
    access_mode:
      description: The access mode of the volume, V(ReadWriteMany) or V(ReadWriteOnce).
      type: str
      returned: always
      sample: ReadWriteMany
    storage_class:
      description: The storage class.
      type: str
      returned: always
      sample: shop-media
    status:
      description: The status, such as V(Bound) or V(Pending). Null for a claim that check mode would create.
      type: str
      returned: always
      sample: Bound
    volume_name:
      description: The name of the bound volume. Null or empty when there is none.
      type: str
      returned: always
      sample: shop-media
    create_time:
      description: When the claim was created, ISO 8601. Null for a claim that check mode would create.
      type: str
      returned: always
      sample: "2026-01-05T17:03:00Z"
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.persistent_volume_claim import (
    PersistentVolumeClaim,
)


def main() -> None:
    """Run the module."""
    run_resource(PersistentVolumeClaim)


if __name__ == "__main__":
    main()
