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
  - Creates and deletes groups of applications, and puts applications into them and takes them out.
  - A group is found by its O(biz_code) and O(name). Neither can be changed.
  - Applications join and leave one call at a time, those that join first.
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
      - The id of an existing group, instead of or beside its O(name). It tells groups of one name apart.
      - With O(biz_code), the groups of this business domain are searched for it. Without it, all of them are.
      - Applications join a group by its name. While another group has the same name, O(apps) is an error, and the
        members are not known.
    type: int
    aliases: [group_id]
  apps:
    description:
      - The titles or ids of applications that have to be members. The order does not count.
      - Digits that are the title of one application and the id of another are an error.
      - Other members stay unless O(purge_apps=true).
      - Members are left alone unless it is given.
    type: list
    elements: str
  app_ids:
    description: The ids of applications, instead of O(apps). They need no call to find the applications.
    type: list
    elements: int
  purge_apps:
    description:
      - Whether members that are not in O(apps) or O(app_ids) have to leave. With an empty list, that is every one.
      - Without either of them, nobody has to leave.
    type: bool
    default: false
  force:
    description:
      - With O(state=absent), also delete a group that still has members, and take them out for that. The applications
        themselves stay.
      - Without it, the task fails when there are members, before anything is changed.
    type: bool
    default: false
notes:
  - The option O(jst.retailcloud.jst_app#module:group) also puts an application into a group, when it creates the
    application.
seealso:
  - module: jst.retailcloud.jst_app_group_info
  - module: jst.retailcloud.jst_app
"""

EXAMPLES = r"""
- name: Put the shop into a group, beside whatever is in it
  jst.retailcloud.jst_app_group:
    biz_code: JST
    name: storefronts
    apps:
      - shop

- name: Hold exactly these members
  jst.retailcloud.jst_app_group:
    biz_code: JST
    name: storefronts
    apps:
      - shop
    purge_apps: true

- name: Empty the group
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
    - The group as it is now, or as it would be in check mode.
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
