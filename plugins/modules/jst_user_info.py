#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_user_info
short_description: List the users of the account
version_added: 1.0.0
description:
  - Lists the users below the main account that match all given options. These users can have a role on an application.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
options:
  user_id:
    description: Only the user with this id.
    type: str
  user_type:
    description: Only users that log in with this type of account.
    type: str
    choices: [TAOBAO, DING_TALK]
  real_name:
    description: Only users with exactly this name. Several users may have it.
    type: str
seealso:
  - module: jst.retailcloud.jst_app
"""

EXAMPLES = r"""
- name: Look up a colleague
  jst.retailcloud.jst_user_info:
    real_name: 李四
  register: found

- name: Make the colleague a developer of the shop
  jst.retailcloud.jst_app:
    title: shop
    user_roles:
      - role_name: Owner
        user_id: "1001"
        user_type: TAOBAO
      - role_name: Dev
        user_id: "{{ found.users[0].user_id }}"
        user_type: "{{ found.users[0].user_type }}"

- name: List all users who log in with DingTalk
  jst.retailcloud.jst_user_info:
    user_type: DING_TALK
"""

RETURN = r"""
users:
  description: The matching users, in the order in which the service returns them.
  returned: success
  type: list
  elements: dict
  contains:
    user_id:
      description: The id.
      type: str
      returned: always
      sample: "1001"
    user_type:
      description: The type of account, V(TAOBAO) or V(DING_TALK). Null when the service reports another type.
      type: str
      returned: always
      sample: TAOBAO
    real_name:
      description: The name.
      type: str
      returned: always
      sample: 张三
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.user import UserInfo


def main() -> None:
    """Run the module."""
    run_info(UserInfo)


if __name__ == "__main__":
    main()
