# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Database instances of a world file, with their databases, accounts and backups."""

from __future__ import annotations

from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_reader import AccountReader
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_tables import World
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_values import soon


def record_database_instance(world: World, reader: AccountReader, instance: str) -> None:
    """Record a database instance with its databases, accounts and backups, or nothing of it.

    :raises JstError: when one of them cannot be read.
    """
    databases, accounts, backups = reader.databases(instance), reader.accounts(instance), reader.backups(instance)
    engines = [one["engine"] for one in databases if one["engine"]]
    world.add("rds_instances", instance, instance_id=instance, engine=engines[0] if engines else "MySQL")
    for one in databases:
        world.add(
            "databases",
            (instance, one["name"]),
            instance_id=instance,
            name=one["name"],
            character_set=one["character_set"],
            description=one["description"] or "",
            status=one["status"],
            due_at=None if one["status"] == "Running" else soon(),
        )
    for one in accounts:
        world.add(
            "accounts",
            (instance, one["name"]),
            instance_id=instance,
            name=one["name"],
            account_type=one["type"],
            description=one["description"] or "",
            priv_exceeded=bool(one["privileges_exceeded"]),
            privileges={grant["database"]: grant["privilege"] for grant in one["privileges"] or ()},
            status=one["status"],
            due_at=None if one["status"] == "Available" else soon(),
        )
    for one in backups:
        world.add(
            "backups",
            (instance, one["backup_id"]),
            instance_id=instance,
            backup_id=one["backup_id"],
            backup_type=one["type"],
            mode=one["mode"],
            method=one["method"],
            status=one["status"],
            databases=list(one["databases"] or ()),
            size=one["size_bytes"] or 0,
            started=one["start_time"],
            ended=one["end_time"],
            host_instance_id=one["host_instance_id"] or "",
        )
