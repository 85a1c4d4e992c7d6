#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_rds_account
short_description: Manage accounts of an RDS instance
version_added: 1.0.0
description:
  - Creates and deletes database accounts of an ApsaraDB RDS instance, sets their passwords and grants them privileges.
  - The module finds an account by its O(name), which is unique in the instance.
  - The RDS instance belongs to another product. The instance must already exist and be running.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.attributes.state
  - jst.retailcloud.wait
attributes:
  idempotent:
    support: partial
    details:
      - The service does not return O(password). The module sends it on creation and does not compare it later.
      - With O(update_password=always), every run sets the password, which always counts as a change.
options:
  state:
    description: Whether the account should exist.
    type: str
    choices: [present, absent]
    default: present
  instance_id:
    description: The id of the RDS instance.
    type: str
    required: true
  name:
    description:
      - The name of the account.
      - Allowed are 2 to 16 lower-case letters, digits and underscores. The first character is a letter, the last one a
        letter or a digit. The service rejects reserved words of the engine.
    type: str
    required: true
  password:
    description:
      - The password.
      - 8 to 32 characters from at least three of four classes. The classes are upper-case letters, lower-case letters,
        digits, and the special characters V(!@#$&%^*(\)_+-=).
      - Required to create an account.
    type: str
  update_password:
    description:
      - Whether to set the O(password) only when the module creates the account, or in every run.
    type: str
    choices: [on_create, always]
    default: on_create
  type:
    description:
      - The type of account. V(Super) is a highly privileged account. The type cannot be changed.
      - When omitted, the service creates a V(Normal) account.
    type: str
    choices: [Normal, Super]
  privileges:
    description:
      - The privileges of the account, at most one for each database. The order does not matter.
      - The module grants a missing privilege, and replaces a different privilege for a listed database.
      - The service cannot revoke a privilege. When the account has privileges on databases that are not listed, the
        module fails and names them, unless O(ignore_extra_privileges=true).
      - When omitted, the module does not change privileges.
    type: list
    elements: dict
    suboptions:
      database:
        description: The name of the database. The database has to exist.
        type: str
        required: true
      privilege:
        description:
          - The privilege. V(DDLOnly) and V(DMLOnly) are for MySQL and MariaDB, V(DBOwner) is for SQL Server.
        type: str
        choices: [ReadWrite, ReadOnly, DDLOnly, DMLOnly, DBOwner]
        required: true
  ignore_extra_privileges:
    description: Whether to accept privileges on databases that are not listed in O(privileges).
    type: bool
    default: false
notes:
  - The service neither lists nor deletes accounts of SQL Server 2017 cluster edition, PostgreSQL and PPAS instances.
  - Privileges can only be granted to an available account. The module therefore waits for a new account with
    O(privileges), even with O(wait=false).
seealso:
  - module: jst.retailcloud.jst_rds_account_info
  - module: jst.retailcloud.jst_rds_db
"""

EXAMPLES = r"""
- name: Create the database that the account is for
  jst.retailcloud.jst_rds_db:
    instance_id: rm-emu0000000000001
    name: shop
    character_set: utf8mb4

- name: Create an account with read and write access to the database
  jst.retailcloud.jst_rds_account:
    instance_id: rm-emu0000000000001
    name: shop
    password: "{{ shop_db_password }}"
    privileges:
      - database: shop
        privilege: ReadWrite

- name: Reduce the privilege to read access
  jst.retailcloud.jst_rds_account:
    instance_id: rm-emu0000000000001
    name: shop
    privileges:
      - database: shop
        privilege: ReadOnly

- name: Set a new password, which is a change in every run
  jst.retailcloud.jst_rds_account:
    instance_id: rm-emu0000000000001
    name: shop
    password: "{{ shop_db_new_password }}"
    update_password: always

- name: Delete the account
  jst.retailcloud.jst_rds_account:
    instance_id: rm-emu0000000000001
    name: shop
    state: absent
"""

RETURN = r"""
rds_account:
  description:
    - The account after the task, or its predicted state in check mode. The password is not included.
    - Null with O(state=absent).
  returned: success
  type: dict
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
      description: The privileges, sorted by database. Null when the service does not return them.
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
            - The privilege. Null when the service reports an undocumented privilege.
            - V(Custom) stands for privileges that were granted in another way and match none of the names.
          type: str
          returned: always
          sample: ReadWrite
        privilege_detail:
          description: The privileges in the notation of the engine. Null when the service does not return
            them.
          type: str
          returned: always
          sample: SELECT,INSERT,UPDATE,DELETE
      sample:
        - database: shop
          privilege: ReadWrite
          privilege_detail: SELECT,INSERT,UPDATE,DELETE
    status:
      description: The status, V(Unavailable) or V(Available). Null for an account that check mode would create.
      type: str
      returned: always
      sample: Available
    description:
      description: The description, which the service returns but cannot set. Null or empty when there is none.
      type: str
      returned: always
      sample: Made in the console
    privileges_exceeded:
      description: Whether the account has privileges on more databases than the service allows.
      type: bool
      returned: always
      sample: false
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_account import RdsAccount


def main() -> None:
    """Run the module."""
    run_resource(RdsAccount)


if __name__ == "__main__":
    main()
