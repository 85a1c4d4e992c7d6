# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""RDS instances with their databases, accounts and backups."""

from __future__ import annotations

from dataclasses import dataclass, field

from jst_emulator.models.base import Record, attr, field_meta

#: Commands in the database lead to Custom; the API shows it and does not grant it.
PRIVILEGES = ("ReadWrite", "ReadOnly", "DDLOnly", "DMLOnly", "DBOwner", "Custom")


@dataclass(kw_only=True)
class RdsInstance(Record):
    """An RDS instance."""

    KEY = ("instance_id",)

    instance_id: str
    engine: str = attr(choices=("MySQL", "MariaDB", "SQLServer", "PostgreSQL", "PPAS"))
    edition: str = ""
    role: str = attr("primary", choices=("primary", "readonly"))
    status: str = "Running"


@dataclass(kw_only=True)
class Database(Record):
    """A database.

    ``status`` goes Creating -> Running -> Deleting -> gone. ``due_at`` is the time of the next step.
    """

    KEY = ("instance_id", "name")

    instance_id: str = attr(ref="rds_instances")
    name: str
    character_set: str
    description: str = ""
    status: str = attr("Running", choices=("Creating", "Running", "Deleting"))
    due_at: float | None = None


@dataclass(kw_only=True)
class Account(Record):
    """An account.

    ``status`` goes Unavailable -> Available. ``privileges`` maps names of databases to privileges.
    """

    KEY = ("instance_id", "name")

    instance_id: str = attr(ref="rds_instances")
    name: str
    account_type: str = attr("Normal", choices=("Normal", "Super"))
    description: str = ""
    password: str = attr("", secret=True)
    priv_exceeded: bool = False
    privileges: dict[str, str] = field(default_factory=dict, metadata=field_meta(choices=PRIVILEGES))
    status: str = attr("Available", choices=("Unavailable", "Available"))
    due_at: float | None = None


@dataclass(kw_only=True)
class Backup(Record):
    """A backup set; ``started`` and ``ended`` are in ISO 8601, in UTC without a time zone."""

    KEY = ("instance_id", "backup_id")

    instance_id: str = attr(ref="rds_instances")
    backup_id: str
    backup_type: str = attr("FullBackup", choices=("FullBackup", "IncrementalBackup"))
    mode: str = attr("Automated", choices=("Automated", "Manual"))
    method: str = attr("Physical", choices=("Logical", "Physical"))
    status: str = "Success"
    databases: list[str] = field(default_factory=list)
    size: int = 0
    started: str
    ended: str
    host_instance_id: str = ""
