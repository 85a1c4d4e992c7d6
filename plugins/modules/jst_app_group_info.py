#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_app_group_info
short_description: List groups of applications
version_added: 1.0.0
description:
  - Lists the groups of applications of a business domain.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
options:
  biz_code:
    description: The business domain. The service lists the groups of one at a time.
    type: str
    choices: [JST, NEW_RETAIL, MINI_APP, SUPPLY, MESSAGE]
    required: true
  app_group_id:
    description: Only the group with this id. Its members are shown too, unless another group has the same name.
    type: int
    aliases: [group_id]
  name:
    description: Only the group with exactly this name.
    type: str
  details:
    description:
      - Whether to show the members too, which the service only tells of one group at a time.
      - This costs one more call for each group that is listed.
    type: bool
    default: false
seealso:
  - module: jst.retailcloud.jst_app_group
  - module: jst.retailcloud.jst_app_info
"""

EXAMPLES = r"""
- name: List the groups of a business domain
  jst.retailcloud.jst_app_group_info:
    biz_code: JST
  register: found

- name: Show their names
  ansible.builtin.debug:
    msg: "{{ found.app_groups | map(attribute='name') | list }}"

- name: See who is in one of them
  jst.retailcloud.jst_app_group_info:
    biz_code: JST
    name: storefronts
    details: true
"""

RETURN = r"""
app_groups:
  description: The groups that fit, in the order of the service.
  returned: success
  type: list
  elements: dict
  contains:
    app_group_id:
      description: The id.
      type: int
      returned: always
      sample: 80001
    biz_code:
      description: The business domain.
      type: str
      returned: always
      sample: JST
    name:
      description: The name.
      type: str
      returned: always
      sample: storefronts
    app_ids:
      description: The ids of the members, in ascending order. Null unless O(details=true).
      type: list
      elements: int
      returned: always
      sample: [10001, 10002]
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.module import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_group import AppGroupInfo


def main() -> None:
    """Run the module."""
    run_info(AppGroupInfo)


if __name__ == "__main__":
    main()
