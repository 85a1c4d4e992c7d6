# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about lists that lag: they miss new records and still show deleted ones.

The lag depends on the record only, so it is the same in every run of the same calls.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any

from jst_emulator.api_spec import Operation
from jst_emulator.readings.declaration import share_of
from jst_emulator.readings.lists import ListReadings

if TYPE_CHECKING:
    from jst_emulator.world import World

#: Least and largest lag in milliseconds, after creations and after deletions.
CREATED_AFTER, DELETED_AFTER = (1500, 3000), (2000, 4000)
#: The table whose records an operation lists.
_LISTED = {
    "ListApp": "apps",
    "ListAppEnvironment": "environments",
    "ListDeployConfig": "deploy_configs",
    "ListPersistentVolumeClaim": "claims",
    "ListAppGroup": "groups",
    "ListAppGroupMapping": "group_members",
    "ListSlbAPs": "slb_access_points",
    "ListServices": "services",
    "ListDeployOrders": "orders",
    "ListPersistentVolume": "volumes",
    "ListNodeLabels": "node_labels",
    "ListNodeLabelBindings": "node_label_bindings",
    "ListAppResourceAllocs": "allocations",
    "ListCluster": "clusters",
    "DescribeDatabases": "databases",
    "DescribeRdsAccounts": "accounts",
}


def world_seen_by(operation: Operation, world: Any, readings: ListReadings) -> Any:
    """Return the world that an operation reads: *world* itself, unless a list lags behind."""
    table = _LISTED.get(operation.name)
    if table is None or (readings.list_creates == "at_once" and readings.list_deletes == "at_once"):
        return world
    shown: dict[Any, Any] = dict(getattr(world, table))
    if readings.list_creates == "late":
        for key in _young(world, table):
            shown.pop(key, None)
    if readings.list_deletes == "late":
        gone = {record.key(): record for record in _gone(world, table)}
        shown = _in_order({**shown, **gone}) if gone else shown
    view = copy.copy(world)
    setattr(view, table, shown)
    return view


def _young(world: World, table: str) -> Iterator[Any]:
    now = world.now()
    for (name, key), at in world.created.items():
        if name == table and now < at + _seconds(table, key, CREATED_AFTER):
            yield key


def _gone(world: World, table: str) -> Iterator[Any]:
    """Yield the records that were deleted just now, unless they exist again or refer to something that is gone."""
    now, present = world.now(), getattr(world, table)
    for (name, key), (at, record) in world.deleted.items():
        if name != table or key in present or now >= at + _seconds(table, key, DELETED_AFTER):
            continue
        if _is_whole(world, record):
            yield record


def _in_order(records: dict[Any, Any]) -> dict[Any, Any]:
    """Sort records by creation where their keys are numbers."""
    return dict(sorted(records.items())) if all(isinstance(key, int) for key in records) else records


def _seconds(table: str, key: Any, span: tuple[int, int]) -> float:
    least, most = span
    return (least + share_of(f"{table}:{key}", most - least)) / 1000


def _is_whole(world: World, record: Any) -> bool:
    for field in fields(record):
        table, value = field.metadata.get("ref"), getattr(record, field.name)
        if table and value is not None and value not in getattr(world, table):
            return False
    return True
