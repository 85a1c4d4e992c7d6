#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_persistent_volume
short_description: Manage persistent volumes of a cluster
version_added: 1.0.0
description:
  - Creates and deletes the persistent volumes of a cluster, which are stored on a NAS. The module cannot change a
    volume.
  - The module finds a volume by its O(name), which is unique in the cluster.
  - The task fails when the volume has status V(Failed), with the reason from the service. It fails in every run until
    the volume is deleted.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.attributes.state
  - jst.retailcloud.wait
  - jst.retailcloud.parents.cluster
attributes:
  idempotent:
    support: partial
    details:
      - The service does not return O(mount_target_domain) and O(nfs_version), and may not return O(mount_dir). The
        module does not compare values that the service does not return.
options:
  state:
    description:
      - Whether the volume should exist.
      - A volume that is bound to a claim cannot be deleted. The task then fails before any change.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - The name of the volume.
      - Allowed are lower-case letters, digits, dots and hyphens. The first character is a letter.
    type: str
    required: true
  capacity:
    description:
      - The size, in bytes or with a Kubernetes suffix, such as V(100Gi) or V(100G). V(1Gi) and V(1024Mi) are equal.
      - Required to create a volume.
    type: str
  access_mode:
    description:
      - Whether many nodes or one node can mount the volume for reading and writing.
      - Required to create a volume.
    type: str
    choices: [ReadWriteMany, ReadWriteOnce]
  storage_class:
    description:
      - The storage class. Only a claim for this storage class can be bound to the volume.
      - Each volume of a cluster needs a different storage class.
      - Allowed are lower-case letters, digits, dots and hyphens. The first character is a letter.
      - Required to create a volume.
    type: str
  reclaim_policy:
    description:
      - The action after the claim of the volume is deleted. V(Retain) keeps the volume and its data. V(Delete) deletes
        both.
      - Required to create a volume.
    type: str
    choices: [Retain, Delete]
  mount_target_domain:
    description:
      - The domain of the NAS mount target. The NAS belongs to another product and must already exist.
      - Required to create a volume.
    type: str
  nfs_version:
    description:
      - The version of the NFS protocol.
      - Required to create a volume.
    type: str
    choices: ["3", "4.0"]
  mount_dir:
    description:
      - The directory on the NAS. When omitted, the service uses V(/).
    type: str
notes:
  - With O(state=present) and O(wait=true), the module waits until the volume is available.
seealso:
  - module: jst.retailcloud.jst_persistent_volume_info
  - module: jst.retailcloud.jst_persistent_volume_claim
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
    mount_dir: /shop

- name: Delete a volume
  jst.retailcloud.jst_persistent_volume:
    cluster: emu-online
    name: shop-media
    state: absent
"""

RETURN = r"""
persistent_volume:
  description:
    - The volume after the task, or its predicted state in check mode.
    - Null with O(state=absent) after the deletion.
  returned: success
  type: dict
  contains:
    cluster_id:
      description: The instance id of the cluster. Null when check mode assumes a cluster that does not exist yet.
      type: str
      returned: always
      sample: c000000000000000000000000000000e1
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
      description: The access mode, V(ReadWriteMany) or V(ReadWriteOnce).
      type: str
      returned: always
      sample: ReadWriteMany
    storage_class:
      description: The storage class.
      type: str
      returned: always
      sample: shop-media
    reclaim_policy:
      description: The action after the claim of the volume is deleted, V(Retain) or V(Delete).
      type: str
      returned: always
      sample: Retain
    mount_dir:
      description: The directory on the NAS. Null when the service does not return it.
      type: str
      returned: always
      sample: /shop
    status:
      description:
        - The status, V(Available), V(Bound), V(Released) or V(Failed).
        - Null for a volume that check mode would create.
      type: str
      returned: always
      sample: Available
    claim:
      description: The name of the bound claim. Null or empty when there is none.
      type: str
      returned: always
      sample: shop-media
    reason:
      description: The reason of a failure. Null or empty when the volume has not failed.
      type: str
      returned: always
      sample: mount target is not reachable
    create_time:
      description: When the volume was created, ISO 8601. Null for a volume that check mode would create.
      type: str
      returned: always
      sample: "2026-01-05T17:03:00Z"
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.persistent_volume import PersistentVolume


def main() -> None:
    """Run the module."""
    run_resource(PersistentVolume)


if __name__ == "__main__":
    main()
