# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resource allocations: the cluster of an environment (reference 6.3)."""

from __future__ import annotations

from typing import Any

from jst_emulator.handlers.lookup import environment_of, matching_cluster
from jst_emulator.models.apps import Allocation, Environment
from jst_emulator.registry import AlreadyExistsError, NotFoundError, Params, operation
from jst_emulator.world import World


@operation("CreateAppResourceAlloc")
def create_allocation(world: World, p: Params) -> dict[str, Any]:
    """Allocate a cluster to an environment that has none; app and type of environment have to match."""
    environment = environment_of(world, p, "AppEnvId")
    if _find(world, environment) is not None:
        raise AlreadyExistsError(f"Environment {environment.env_id} has a resource allocation already.")
    app = world.apps[environment.app_id]
    cluster = matching_cluster(world, app, environment.env_type, p["ClusterId"])
    environment.cluster_instance_id = cluster.cluster_instance_id
    allocation = world.add(Allocation(env_id=environment.env_id, cluster_instance_id=cluster.cluster_instance_id))
    return _to_response(world, allocation)


@operation("ListAppResourceAllocs")
def list_allocations(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the allocations that match the filters."""
    filters = {name: p[name] for name in ("AppEnvId", "AppId", "ClusterId") if name in p}
    shown = [_to_response(world, one) for one in world.allocations.values()]
    return [one for one in shown if all(one[name] == value for name, value in filters.items())]


@operation("DeleteAppResourceAlloc")
def delete_allocation(world: World, p: Params) -> None:
    """Delete an allocation: instances keep running, but no new deploy order can start."""
    environment = environment_of(world, p, "AppEnvId")
    world.remove(_get_or_raise(world, environment))
    environment.cluster_instance_id = None


@operation("DescribeAppResourceAlloc")
def describe_allocation(world: World, p: Params) -> dict[str, Any]:
    """Return the allocation of an environment."""
    return _to_response(world, _get_or_raise(world, environment_of(world, p, "AppEnvId")))


def _find(world: World, environment: Environment) -> Allocation | None:
    for allocation in world.allocations.values():
        if allocation.env_id == environment.env_id:
            return allocation
    return None


def _get_or_raise(world: World, environment: Environment) -> Allocation:
    allocation = _find(world, environment)
    if allocation is None:
        raise NotFoundError(f"Environment {environment.env_id} has no resource allocation.")
    return allocation


def _to_response(world: World, allocation: Allocation) -> dict[str, Any]:
    return {
        "Id": allocation.allocation_id,
        "AppId": world.environments[allocation.env_id].app_id,
        "AppEnvId": allocation.env_id,
        "ClusterId": allocation.cluster_instance_id,
    }
