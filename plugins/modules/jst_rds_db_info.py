#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_rds_db_info
short_description: List databases of an RDS instance
version_added: 1.0.0
description:
  - Lists the databases of an ApsaraDB RDS instance, all that fit every option given.
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
    description: Only the database of this name.
    type: str
  status:
    description: Only databases with this status.
    type: str
    choices: [Creating, Running, Deleting]
notes:
  - The service lists no databases of SQL Server 2017 cluster edition, PostgreSQL and PPAS instances.
seealso:
  - module: jst.retailcloud.jst_rds_db
  - module: jst.retailcloud.jst_rds_account_info
"""

EXAMPLES = r"""
- name: List the databases of an instance
  jst.retailcloud.jst_rds_db_info:
    instance_id: rm-emu0000000000001
  register: instance

- name: Show who has access to them
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.accounts | map(attribute='account') | join(', ') }}"
  loop: "{{ instance.rds_dbs }}"
  loop_control:
    label: "{{ item.name }}"

- name: Look at one database
  jst.retailcloud.jst_rds_db_info:
    instance_id: rm-emu0000000000001
    name: shop
"""

RETURN = r"""
rds_dbs:
  description: The databases that fit, in the order of the service.
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
    character_set:
      description: The character set.
      type: str
      returned: always
      sample: utf8mb4
    description:
      description: The description, null or empty without one.
      type: str
      returned: always
      sample: Orders_of_the_shop
    status:
      description: The status, V(Creating), V(Running) or V(Deleting).
      type: str
      returned: always
      sample: Running
    engine:
      description: The engine of the RDS instance.
      type: str
      returned: always
      sample: MySQL
    accounts:
      description: The accounts that have a privilege on the database.
      type: list
      elements: dict
      returned: always
      contains:
        account:
          description: The name of the account.
          type: str
          returned: always
          sample: shop
        privilege:
          description: The privilege, null when the service reports one that is not documented.
          type: str
          returned: always
          sample: ReadWrite
        privilege_detail:
          description: The privilege in detail, as the engine names it, null where the service does not tell.
          type: str
          returned: always
          sample: SELECT,INSERT,UPDATE,DELETE
      sample:
        - account: shop
          privilege: ReadWrite
          privilege_detail: SELECT,INSERT,UPDATE,DELETE
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.module import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_db import RdsDbInfo


def main() -> None:
    """Run the module."""
    run_info(RdsDbInfo)


if __name__ == "__main__":
    main()
