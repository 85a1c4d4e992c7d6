#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_rds_account_info
short_description: List accounts of an RDS instance
version_added: 1.0.0
description:
  - Lists the database accounts of an ApsaraDB RDS instance with their privileges, all that fit every option given.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
options:
  instance_id:
    description: The id of the RDS instance.
    type: str
    required: true
  name:
    description: Only the account of this name.
    type: str
  type:
    description: Only accounts of this type.
    type: str
    choices: [Normal, Super]
  status:
    description: Only accounts with this status.
    type: str
    choices: [Unavailable, Available]
notes:
  - The service lists no accounts of SQL Server 2017 cluster edition, PostgreSQL and PPAS instances.
seealso:
  - module: jst.retailcloud.jst_rds_account
  - module: jst.retailcloud.jst_rds_db_info
"""

EXAMPLES = r"""
- name: List the accounts of an instance
  jst.retailcloud.jst_rds_account_info:
    instance_id: rm-emu0000000000001
  register: instance

- name: Show what they may do
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.privileges }}"
  loop: "{{ instance.rds_accounts }}"
  loop_control:
    label: "{{ item.name }}"

- name: List the highly privileged accounts
  jst.retailcloud.jst_rds_account_info:
    instance_id: rm-emu0000000000001
    type: Super
"""

RETURN = r"""
rds_accounts:
  description: The accounts that fit, in the order of the service.
  returned: success
  type: list
  elements: dict
  contains:
    instance_id:
      description: The id of the RDS instance.
      type: str
      returned: always
      sample: rm-emu0000000000001
    name:
      description: The name.
      type: str
      returned: always
      sample: shop
    type:
      description: The type of account.
      type: str
      returned: always
      sample: Normal
    privileges:
      description: The privileges, ordered by database. Null where the service does not tell.
      type: list
      elements: dict
      returned: always
      contains:
        database:
          description: The name of the database.
          type: str
          returned: always
          sample: shop
        privilege:
          description:
            - The privilege, null when the service reports one that is not documented.
            - V(Custom) stands for privileges that were granted by other means and fit none of the names.
          type: str
          returned: always
          sample: ReadWrite
        privilege_detail:
          description: The privilege in detail, as the engine names it, null where the service does not tell.
          type: str
          returned: always
          sample: SELECT,INSERT,UPDATE,DELETE
      sample:
        - database: shop
          privilege: ReadWrite
          privilege_detail: SELECT,INSERT,UPDATE,DELETE
    status:
      description: The status, V(Unavailable) or V(Available).
      type: str
      returned: always
      sample: Available
    description:
      description: The description, which this service shows but cannot set, null or empty without one.
      type: str
      returned: always
      sample: Made in the console
    privileges_exceeded:
      description: Whether the account has privileges on more databases than the service allows.
      type: bool
      returned: always
      sample: false
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.module import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_account import RdsAccountInfo


def main() -> None:
    """Run the module."""
    run_info(RdsAccountInfo)


if __name__ == "__main__":
    main()
