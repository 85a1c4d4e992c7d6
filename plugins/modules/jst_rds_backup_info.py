#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_rds_backup_info
short_description: List the backups of an RDS instance
version_added: 1.0.0
description:
  - Lists the backup sets of an ApsaraDB RDS instance that match all given options.
  - Only backup sets with the status V(Success) can be restored.
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
  backup_id:
    description: Only the backup set with this id.
    type: str
  type:
    description: Only full backups, or only incremental backups.
    type: str
    choices: [FullBackup, IncrementalBackup]
  status:
    description: Only backup sets with this status. The service documents only V(Success).
    type: str
notes:
  - The service may return the times of a backup without a zone. Times without a zone are UTC.
seealso:
  - module: jst.retailcloud.jst_rds_db
"""

EXAMPLES = r"""
- name: List the full backups that can be restored
  jst.retailcloud.jst_rds_backup_info:
    instance_id: rm-emu0000000000001
    type: FullBackup
    status: Success
  register: found

- name: Fail without a backup
  ansible.builtin.assert:
    that: found.rds_backups | length > 0
    fail_msg: Make a backup first.
"""

RETURN = r"""
rds_backups:
  description: The matching backup sets, in the order in which the service returns them.
  returned: success
  type: list
  elements: dict
  contains:
    instance_id:
      description: The id of the RDS instance.
      type: str
      returned: always
      sample: rm-emu0000000000001
    backup_id:
      description: The id.
      type: str
      returned: always
      sample: "900001"
    status:
      description: The status. Only V(Success) can be restored.
      type: str
      returned: always
      sample: Success
    type:
      description: The type, V(FullBackup) or V(IncrementalBackup). Null when the service reports another type.
      type: str
      returned: always
      sample: FullBackup
    mode:
      description: How the backup was started, V(Automated) or V(Manual).
      type: str
      returned: always
      sample: Automated
    method:
      description: The backup method, V(Logical) or V(Physical).
      type: str
      returned: always
      sample: Physical
    start_time:
      description: When the backup started, ISO 8601.
      type: str
      returned: always
      sample: "2026-01-02T04:40:55Z"
    end_time:
      description: When the backup ended, ISO 8601.
      type: str
      returned: always
      sample: "2026-01-02T04:42:30Z"
    size_bytes:
      description: The size of the backup file in bytes.
      type: int
      returned: always
      sample: 1875968
    total_size_bytes:
      description: The size of the backup set in bytes. Null when the service does not return it.
      type: int
      returned: always
      sample: 1875968
    databases:
      description: The names of the databases in the backup, in alphabetical order.
      type: list
      elements: str
      returned: always
      sample: [sys_info]
    location:
      description: The storage location, such as V(OSS).
      type: str
      returned: always
      sample: OSS
    extraction_status:
      description: The undocumented value that the service returns under this name. May be empty or null.
      type: str
      returned: always
      sample: ""
    scale:
      description: The scope of the backup, such as V(DBInstance).
      type: str
      returned: always
      sample: DBInstance
    host_instance_id:
      description: The number of the instance, primary or standby, that created the backup.
      type: str
      returned: always
      sample: "8317197"
    store_status:
      description: V(Enabled) when the backup can be deleted, V(Disabled) when it cannot.
      type: str
      returned: always
      sample: Disabled
    meta_status:
      description:
        - Whether single tables can be restored. With V(OK) they can. V(LARGE) means too many tables, V(EMPTY) a failed
          backup.
        - Empty or null when the instance does not have this feature.
      type: str
      returned: always
      sample: OK
instance_total_size_bytes:
  description:
    - The size of all backups of the instance, including those that the filters exclude.
    - Null when the service does not return it.
  returned: success
  type: int
  sample: 8672256
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_backup import RdsBackupInfo


def main() -> None:
    """Run the module."""
    run_info(RdsBackupInfo)


if __name__ == "__main__":
    main()
