# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a world file of the emulator from what an account shows.

The guide on rehearsing documents the format. Whatever the service does not show has a value that rehearsals can use:
mount targets of volumes, and what instances run, which is taken from the deploy configs as they are stored.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ApiError
from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_reader import AccountReader
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_apps import record_app, record_group, record_user
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_clusters import bind_volumes, record_cluster
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_databases import record_database_instance
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_tables import World

PROGRESS_LINES = 10
"""How many lines of progress a long list of apps gets."""


def record_world(reader: AccountReader, notify: Callable[[str], None]) -> dict[str, Any]:
    """Return the content of a world file.

    :param notify: takes a line of progress.
    :raises JstError: when something cannot be read.
    """
    world = World()
    notify("Recording users and clusters")
    for user in reader.users():
        record_user(world, user)
    for cluster in reader.clusters():
        record_cluster(world, reader, cluster)
    allocations = reader.allocations()
    clusters = {one["environment_id"]: one["cluster_id"] for one in allocations}
    apps = reader.apps()
    for number, app in enumerate(apps, start=1):
        if number % -(-len(apps) // PROGRESS_LINES) == 0:
            notify(f"Recording app {number} of {len(apps)}")
        record_app(world, reader, app, clusters)
    _record_allocations(world, allocations)
    notify("Recording groups and database instances")
    for group, members in reader.groups():
        record_group(world, group, members)
    for instance in reader.database_instances:
        record_database_instance(world, reader, instance)
    for instance in reader.described_instances:
        try:
            record_database_instance(world, reader, instance)
        except ApiError as error:
            if not error.is_rejection:
                raise
            reader.notes.append(
                f"RDS instance {instance}, which the inventory describes, is not recorded: "
                f"{error.action} failed with code {error.code}."
            )
    bind_volumes(world)
    return world.tables


def _record_allocations(world: World, allocations: Sequence[Mapping[str, Any]]) -> None:
    """Record the allocations whose environment and cluster are recorded."""
    for one in allocations:
        if world.is_known("environments", one["environment_id"]) and world.is_known("clusters", one["cluster_id"]):
            world.add(
                "allocations",
                one["resource_alloc_id"],
                allocation_id=one["resource_alloc_id"],
                env_id=one["environment_id"],
                cluster_instance_id=one["cluster_id"],
            )
