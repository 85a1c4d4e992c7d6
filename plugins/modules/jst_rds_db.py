#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_rds_db
short_description: Manage databases of an RDS instance
version_added: 1.0.0
description:
  - Creates and deletes databases of an ApsaraDB RDS instance. The module cannot change a database.
  - The module finds a database by its O(name), which is unique in the instance.
  - The RDS instance belongs to another product. The instance must already exist and be running.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.attributes.state
  - jst.retailcloud.wait
options:
  state:
    description:
      - Whether the database should exist.
      - V(absent) deletes the database with all its data.
    type: str
    choices: [present, absent]
    default: present
  instance_id:
    description: The id of the RDS instance.
    type: str
    required: true
  name:
    description:
      - The name of the database.
      - Allowed are 2 to 64 lower-case letters, digits, underscores and hyphens. The first character is a letter, the
        last one a letter or a digit.
    type: str
    required: true
  character_set:
    description:
      - The character set. It cannot be changed.
      - V(utf8), V(gbk), V(latin1) and V(utf8mb4) are for MySQL and MariaDB. All other values are for SQL Server.
      - Required to create a database.
    type: str
    choices:
      - utf8
      - gbk
      - latin1
      - utf8mb4
      - Chinese_PRC_CI_AS
      - Chinese_PRC_CS_AS
      - SQL_Latin1_General_CP1_CI_AS
      - SQL_Latin1_General_CP1_CS_AS
      - Chinese_PRC_BIN
  description:
    description:
      - A description. It cannot be changed.
      - Allowed are 2 to 256 Latin or Chinese letters, digits, underscores and hyphens. The first character is a letter.
    type: str
notes:
  - The service lists no databases of SQL Server 2017 cluster edition, PostgreSQL and PPAS instances.
  - With O(state=present) and O(wait=true), the module waits for the end of a running deletion of the database, and then
    creates the database again.
seealso:
  - module: jst.retailcloud.jst_rds_db_info
  - module: jst.retailcloud.jst_rds_account
  - module: jst.retailcloud.jst_rds_backup_info
"""

EXAMPLES = r"""
- name: Create a database and wait until it is running
  jst.retailcloud.jst_rds_db:
    instance_id: rm-emu0000000000001
    name: shop
    character_set: utf8mb4
    description: Orders_of_the_shop

- name: Create a database without waiting
  jst.retailcloud.jst_rds_db:
    instance_id: rm-emu0000000000002
    name: reports
    character_set: Chinese_PRC_CI_AS
    wait: false

- name: Delete a database and wait until it is deleted
  jst.retailcloud.jst_rds_db:
    instance_id: rm-emu0000000000001
    name: shop
    state: absent
"""

RETURN = r"""
rds_db:
  description:
    - The database after the task, or its predicted state in check mode.
    - Null with O(state=absent) after the deletion.
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
    character_set:
      description: The character set.
      type: str
      returned: always
      sample: utf8mb4
    description:
      description: The description. Null or empty when there is none.
      type: str
      returned: always
      sample: Orders_of_the_shop
    status:
      description: The status, V(Creating), V(Running) or V(Deleting). Null for a database that check mode would create.
      type: str
      returned: always
      sample: Running
    engine:
      description: The engine of the RDS instance. Null for a database that check mode would create.
      type: str
      returned: always
      sample: MySQL
    accounts:
      description: The accounts with a privilege on the database. Null for a database that check mode would create.
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
          description: The privilege. Null when the service reports an undocumented privilege.
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
        - account: shop
          privilege: ReadWrite
          privilege_detail: SELECT,INSERT,UPDATE,DELETE
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_db import RdsDb


def main() -> None:
    """Run the module."""
    run_resource(RdsDb)


if __name__ == "__main__":
    main()
