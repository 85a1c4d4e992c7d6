#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_app_group
short_description: Manage groups of applications
version_added: 1.0.0
description:
  - Creates and deletes groups of applications, and adds and removes their members.
  - The module finds a group by its O(biz_code) and O(name). Neither can be changed.
  - Each addition or removal of a member needs a separate call. Additions come first.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.attributes.state
options:
  state:
    description: Whether the group should exist.
    type: str
    choices: [present, absent]
    default: present
  biz_code:
    description: The business domain of the group.
    type: str
    choices: [JST, NEW_RETAIL, MINI_APP, SUPPLY, MESSAGE]
  name:
    description:
      - The name of the group.
      - Required together with O(biz_code), unless O(app_group_id) is given.
    type: str
  app_group_id:
    description:
      - The id of an existing group. Use it instead of O(name), or together with O(name). It distinguishes groups with
        the same name.
      - With O(biz_code), the module searches the groups of this business domain for the id. Without O(biz_code), it
        searches all groups.
      - The service adds an application to a group by the group's name. When another group has the same name, the
        members are unknown and O(apps) is rejected.
    type: int
    aliases: [group_id]
  apps:
    description:
      - The titles or ids of applications that must be members. The order does not matter.
      - A number is rejected when it is the title of one application and the id of another.
      - Other members stay unless O(purge_apps=true).
      - When O(apps) and O(app_ids) are omitted, the module does not change the members.
    type: list
    elements: str
  app_ids:
    description: The ids of applications, instead of O(apps). The module needs no calls to find the applications.
    type: list
    elements: int
  purge_apps:
    description:
      - Whether to remove members that are not in O(apps) or O(app_ids). With an empty list, all members are removed.
      - Without O(apps) and O(app_ids), no member is removed.
    type: bool
    default: false
  force:
    description:
      - With O(state=absent), also delete a group that still has members. The module first removes the members. The
        applications themselves stay.
      - With V(false), the task fails before any change when the group has members.
    type: bool
    default: false
notes:
  - The option O(jst.retailcloud.jst_app#module:group) also adds an application to a group when it creates the
    application.
seealso:
  - module: jst.retailcloud.jst_app_group_info
  - module: jst.retailcloud.jst_app
"""

EXAMPLES = r"""
- name: Add the shop to a group, and keep the other members
  jst.retailcloud.jst_app_group:
    biz_code: JST
    name: storefronts
    apps:
      - shop

- name: Set the complete list of members
  jst.retailcloud.jst_app_group:
    biz_code: JST
    name: storefronts
    apps:
      - shop
    purge_apps: true

- name: Remove all members
  jst.retailcloud.jst_app_group:
    biz_code: JST
    name: storefronts
    apps: []
    purge_apps: true

- name: Delete a group, whether it has members or not
  jst.retailcloud.jst_app_group:
    biz_code: JST
    name: storefronts
    state: absent
    force: true
"""

RETURN = r"""
app_group:
  description:
    - The group after the task, or its predicted state in check mode.
    - Null with O(state=absent).
  returned: success
  type: dict
  contains:
    app_group_id:
      description: The id. Null for a group that check mode would create.
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
      description: The ids of the members, in ascending order.
      type: list
      elements: int
      returned: always
      sample: [10001, 10002]
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_group import AppGroup


def main() -> None:
    """Run the module."""
    run_resource(AppGroup)


if __name__ == "__main__":
    main()
