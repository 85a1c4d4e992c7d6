#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_persistent_volume_info
short_description: List the persistent volumes of a cluster
version_added: 1.0.0
description:
  - Lists the persistent volumes of a cluster, all that fit every option given.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.cluster
options:
  name:
    description: Only the volume with exactly this name.
    type: str
  status:
    description: Only volumes with this status.
    type: str
    choices: [Available, Bound, Released, Failed]
  storage_class:
    description: Only volumes of this storage class.
    type: str
seealso:
  - module: jst.retailcloud.jst_persistent_volume
  - module: jst.retailcloud.jst_persistent_volume_claim_info
"""

EXAMPLES = r"""
- name: Find volumes that have failed
  jst.retailcloud.jst_persistent_volume_info:
    cluster: emu-online
    status: Failed
  register: failed

- name: Show why
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.reason }}"
  loop: "{{ failed.persistent_volumes }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
persistent_volumes:
  description: The volumes that fit, in the order of the service.
  returned: success
  type: list
  elements: dict
  contains:
    cluster_id:
      description: The instance id of the cluster.
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
      description: When it was created, ISO 8601.
      type: str
      returned: always
      sample: "2026-01-05T17:03:00Z"
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.module import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.persistent_volume import PersistentVolumeInfo


def main() -> None:
    """Run the module."""
    run_info(PersistentVolumeInfo)


if __name__ == "__main__":
    main()
