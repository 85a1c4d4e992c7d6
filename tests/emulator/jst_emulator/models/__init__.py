# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The record types of the world, and the tables that hold the records."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from jst_emulator.models import account, apps, cluster_objects, rds, runtime
from jst_emulator.models.base import Record

R = TypeVar("R", bound=Record)

#: Every table of the world; a record refers only to tables before its own, or to its own.
TABLES: dict[str, type[Record]] = {
    "users": account.User,
    "vpcs": account.Vpc,
    "clusters": account.Cluster,
    "ecs": account.Ecs,
    "slbs": account.Slb,
    "certificates": account.Certificate,
    "packets": account.Packet,
    "mount_targets": account.MountTarget,
    "rds_instances": rds.RdsInstance,
    "databases": rds.Database,
    "accounts": rds.Account,
    "backups": rds.Backup,
    "apps": apps.App,
    "groups": apps.Group,
    "group_members": apps.GroupMember,
    "deploy_configs": apps.DeployConfig,
    "environments": apps.Environment,
    "allocations": apps.Allocation,
    "slb_access_points": apps.SlbAccessPoint,
    "services": apps.Service,
    "orders": runtime.Order,
    "pods": runtime.Pod,
    "instances": runtime.Instance,
    "events": runtime.Event,
    "job_runs": runtime.JobRun,
    "volumes": cluster_objects.Volume,
    "claims": cluster_objects.Claim,
    "node_labels": cluster_objects.NodeLabel,
    "node_label_bindings": cluster_objects.NodeLabelBinding,
}
TABLE_OF: dict[type[Record], str] = {cls: name for name, cls in TABLES.items()}


def table(name: str) -> Callable[[type[R]], type[R]]:
    """Add a table for the decorated record, which stands beside its handlers; ``World.table`` returns its records."""

    def add(cls: type[R]) -> type[R]:
        TABLES[name] = cls
        TABLE_OF[cls] = name
        return cls

    return add
