#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_persistent_volume_claim_info
short_description: List the persistent volume claims of an environment
version_added: 1.0.0
description:
  - Lists the persistent volume claims of an environment, all that fit every option given.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
options:
  name:
    description: Only the claim with exactly this name.
    type: str
  status:
    description: Only claims with this status. Of the words that the service uses, only V(Bound) is documented.
    type: str
  storage_class:
    description: Only claims of this storage class.
    type: str
seealso:
  - module: jst.retailcloud.jst_persistent_volume_claim
  - module: jst.retailcloud.jst_persistent_volume_info
"""

EXAMPLES = r"""
- name: List the claims of an environment
  jst.retailcloud.jst_persistent_volume_claim_info:
    app: shop
    environment: production
  register: claims

- name: Show those that wait for a volume
  ansible.builtin.debug:
    msg: "{{ claims.persistent_volume_claims | rejectattr('status', 'eq', 'Bound') | map(attribute='name') | list }}"
"""

RETURN = r"""
persistent_volume_claims:
  description: The claims that fit, in the order of the service.
  returned: success
  type: list
  elements: dict
  contains:
    app_id:
      description: The id of the application.
      type: int
      returned: always
      sample: 10001
    environment_id:
      description: The id of the environment.
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
        - The size, in the notation of the service, which may not be that of the task.
      type: str
      returned: always
      sample: 100Gi
    access_mode:
      description: Who can mount the volume, V(ReadWriteMany) or V(ReadWriteOnce).
      type: str
      returned: always
      sample: ReadWriteMany
    storage_class:
      description: The storage class.
      type: str
      returned: always
      sample: shop-media
    status:
      description: The status, such as V(Bound) or V(Pending).
      type: str
      returned: always
      sample: Bound
    volume_name:
      description: The name of the volume it is bound to. Null or empty without one.
      type: str
      returned: always
      sample: shop-media
    create_time:
      description: When it was created, ISO 8601.
      type: str
      returned: always
      sample: "2026-01-05T17:03:00Z"
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.module import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.persistent_volume_claim import (
    PersistentVolumeClaimInfo,
)


def main() -> None:
    """Run the module."""
    run_info(PersistentVolumeClaimInfo)


if __name__ == "__main__":
    main()
