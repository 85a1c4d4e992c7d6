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
  - Creates and deletes the persistent volumes of a cluster. They are kept on a NAS. Nothing of a volume can be changed.
  - A volume is found by its O(name), which is unique in the cluster.
  - A volume that has failed fails the task with the reason that the service gives, in every run until it is deleted.
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
      - The service does not tell O(mount_target_domain) and O(nfs_version), and may not tell O(mount_dir). What it does
        not tell of an existing volume is not compared.
options:
  state:
    description:
      - Whether the volume should exist.
      - A volume that is bound to a claim cannot be deleted. The task fails then before anything is changed.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - The name of the volume.
      - Lower-case letters, digits, dots and hyphens, the first of them a letter.
    type: str
    required: true
  capacity:
    description:
      - The size, in bytes or with one of the suffixes of Kubernetes, such as V(100Gi) or V(100G). V(1Gi) and V(1024Mi)
        are the same.
      - Required to create a volume.
    type: str
  access_mode:
    description:
      - Whether many nodes can mount the volume for reading and writing, or one.
      - Required to create a volume.
    type: str
    choices: [ReadWriteMany, ReadWriteOnce]
  storage_class:
    description:
      - The storage class. Only a claim that asks for the same class can be bound to the volume.
      - No two volumes of a cluster can have the same.
      - Lower-case letters, digits, dots and hyphens, the first of them a letter.
      - Required to create a volume.
    type: str
  reclaim_policy:
    description:
      - What becomes of the volume once its claim is gone. V(Retain) keeps it with its data, V(Delete) deletes both.
      - Required to create a volume.
    type: str
    choices: [Retain, Delete]
  mount_target_domain:
    description:
      - The domain of the mount target of the NAS. The NAS belongs to another product and has to exist.
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
      - The directory on the NAS. The service takes V(/) unless it is given.
    type: str
notes:
  - With O(state=present) and O(wait=true), the module waits until the volume is available.
seealso:
  - module: jst.retailcloud.jst_persistent_volume_info
  - module: jst.retailcloud.jst_persistent_volume_claim
"""

EXAMPLES = r"""
- name: Make sure that there is a volume for the pictures of the shop
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

- name: Delete it
  jst.retailcloud.jst_persistent_volume:
    cluster: emu-online
    name: shop-media
    state: absent
"""

RETURN = r"""
persistent_volume:
  description:
    - The volume as it is now, or as it would be in check mode.
    - Null with O(state=absent) once it is gone.
  returned: success
  type: dict
  contains:
    cluster_id:
      description: The instance id of the cluster. Null where check mode assumes a cluster that is not there yet.
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
        - The size, in the notation of the service, which may not be that of the task.
      type: str
      returned: always
      sample: 100Gi
    access_mode:
      description: Who can mount it, V(ReadWriteMany) or V(ReadWriteOnce).
      type: str
      returned: always
      sample: ReadWriteMany
    storage_class:
      description: The storage class.
      type: str
      returned: always
      sample: shop-media
    reclaim_policy:
      description: What becomes of it once its claim is gone, V(Retain) or V(Delete).
      type: str
      returned: always
      sample: Retain
    mount_dir:
      description: The directory on the NAS. Null where the service does not tell.
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
      description: The name of the claim it is bound to. Null or empty without one.
      type: str
      returned: always
      sample: shop-media
    reason:
      description: Why it has failed. Null or empty when it has not.
      type: str
      returned: always
      sample: mount target is not reachable
    create_time:
      description: When it was created, ISO 8601. Null for a volume that check mode would create.
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
