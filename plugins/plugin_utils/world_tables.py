# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of a world file of the emulator, and the records that are in them."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

TABLES = (
    "users",
    "vpcs",
    "clusters",
    "ecs",
    "slbs",
    "certificates",
    "packets",
    "mount_targets",
    "rds_instances",
    "databases",
    "accounts",
    "backups",
    "apps",
    "groups",
    "group_members",
    "deploy_configs",
    "environments",
    "allocations",
    "slb_access_points",
    "services",
    "orders",
    "pods",
    "instances",
    "events",
    "job_runs",
    "volumes",
    "claims",
    "node_labels",
    "node_label_bindings",
)
"""The tables of a world file. All are written, since the emulator fills the others with objects of its own."""


class World:
    """The content of a world file, which grows in the order in which its records refer to each other.

    :ivar tables: the content: table -> records, and ``settings``.
    """

    def __init__(self) -> None:
        self.tables: Json = {table: [] for table in TABLES}
        self._keys: dict[str, set[Any]] = {}

    def add(self, table: str, key: Any, **values: Any) -> None:
        """Add a record, unless the table has its key. Values that are None keep the default of the emulator."""
        known = self._keys.setdefault(table, set())
        if key not in known:
            known.add(key)
            self.tables[table].append({name: value for name, value in values.items() if value is not None})

    def is_known(self, table: str, key: Any) -> bool:
        """Return whether a table has a record with this key."""
        return key in self._keys.get(table, ())
