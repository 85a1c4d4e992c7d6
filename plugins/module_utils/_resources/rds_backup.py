# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Backups of an RDS instance (reference 7.7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .._core.field_types import Choice, Integer, StringSet
from .._core.fields import ListOperation, computed
from .._core.info import Info
from .._core.reading import ReadOnlyResource
from .._core.run_context import RunContext
from .._core.timestamps import Timestamp
from .rds_fields import INSTANCE

if TYPE_CHECKING:
    from .._api.client import ApiResponse

BACKUP_TYPE = Choice(("FullBackup", "IncrementalBackup"))


class CommaSeparatedNames(StringSet):
    """Names in one text, separated by commas."""

    def deserialize(self, raw: Any) -> list[str] | None:
        return (
            None if raw is None else super().deserialize([name.strip() for name in str(raw).split(",") if name.strip()])
        )


@dataclass
class BackupTotal:
    """The size of all backups of the instance in bytes, ``None`` when no page of the list shows it."""

    size_bytes: int | None = None


class RdsBackup(ReadOnlyResource):
    """A backup set."""

    name = "rds_backup"
    plural = "rds_backups"
    label = "backup"
    scope = (INSTANCE,)
    fields = (
        computed("backup_id"),
        computed("status", response_path="backup_status"),
        computed("type", BACKUP_TYPE, response_path="backup_type"),
        computed("mode", response_path="backup_mode"),
        computed("method", response_path="backup_method"),
        computed("start_time", Timestamp(), response_path="backup_start_time"),
        computed("end_time", Timestamp(), response_path="backup_end_time"),
        computed("size_bytes", Integer(), response_path="backup_size"),
        computed("total_size_bytes", Integer(), response_path="total_backup_size"),
        computed("databases", CommaSeparatedNames(), response_path="backup_db_names"),
        computed("location", response_path="backup_location"),
        computed("extraction_status", response_path="backup_extraction_status"),
        computed("scale", response_path="backup_scale"),
        computed("host_instance_id"),
        computed("store_status"),
        computed("meta_status"),
    )
    list_op = ListOperation(
        "GetRdsBackUp", {"DbInstanceId": "instance_id"}, {"BackupId": "backup_id", "BackupType": "type"}
    )
    observes_pages = True

    def observe_page(self, ctx: RunContext, page: ApiResponse) -> None:
        """Store the total size of the backups of the instance, which each page shows."""
        data = page.data if isinstance(page.data, dict) else {}
        ctx.memo(BackupTotal).size_bytes = Integer().deserialize(data.get("total_backup_size"))


class RdsBackupInfo(Info):
    """List backup sets."""

    resource = RdsBackup()
    filters = ("backup_id", "type", "status")

    def summary(self, ctx: RunContext) -> dict[str, Any]:
        """Return the total size of the backups of the instance."""
        return {"instance_total_size_bytes": ctx.memo(BackupTotal).size_bytes}
