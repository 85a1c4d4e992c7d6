# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lookup of the records that the parameters of a request name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from jst_emulator.handlers.checks import require
from jst_emulator.models.account import Cluster
from jst_emulator.models.apps import App, Environment, Group
from jst_emulator.models.env_types import CLUSTER_ENV_TYPES
from jst_emulator.registry import BusinessError, InvalidStateError, NotFoundError, Params
from jst_emulator.world import World

T = TypeVar("T")


def get_or_raise(table: Mapping[Any, T], key: Any, what: str) -> T:
    """Return the record of *table* under *key*.

    :param what: the type of the record, for the message.
    :raises BusinessError: there is no such record.
    """
    found = table.get(key)
    if found is None:
        raise NotFoundError(f"{what} {key} does not exist.")
    return found


def app_of(world: World, p: Params) -> App:
    """Return the app that ``AppId`` names."""
    return get_or_raise(world.apps, require(p, "AppId"), "App")


def environment_of(world: World, p: Params, name: str = "EnvId") -> Environment:
    """Return the environment that parameter *name* names; with ``AppId`` it has to belong to that app."""
    app = app_of(world, p) if "AppId" in p else None
    environment = get_or_raise(world.environments, require(p, name), "Environment")
    if app is not None and environment.app_id != app.app_id:
        raise BusinessError(f"Environment {environment.env_id} does not belong to app {app.app_id}.")
    return environment


def group_of(world: World, biz_code: str, name: str) -> Group:
    """Return the oldest group of that name in a business domain."""
    for group in world.groups.values():
        if group.biz_code == biz_code and group.name == name:
            return group
    raise NotFoundError(f"Group {name} does not exist in business domain {biz_code}.")


def running_cluster(world: World, cluster_instance_id: Any) -> Cluster:
    """Return the cluster of an instance id, which has to be running."""
    cluster = get_or_raise(world.clusters, cluster_instance_id, "Cluster")
    if cluster.status != "running":
        raise InvalidStateError(f"Cluster {cluster_instance_id} is not running but {cluster.status}.")
    return cluster


def matching_cluster(world: World, app: App, env_type: int, cluster_instance_id: Any) -> Cluster:
    """Return the cluster of an instance id, which environments of that app and type can use (reference 1.2.1)."""
    cluster = running_cluster(world, cluster_instance_id)
    name, kind = f"Cluster {cluster_instance_id}", CLUSTER_ENV_TYPES[env_type]
    if cluster.business_code != app.biz_code:
        raise BusinessError(
            f"{name} is of business domain {cluster.business_code}, app {app.app_id} of {app.biz_code}."
        )
    if cluster.env_type != kind:
        raise BusinessError(f"{name} is of kind {cluster.env_type}, the environment needs {kind}.")
    return cluster


def matches_name(world: World, p: Params, parameter: str, name: str) -> bool:
    """Return whether *name* passes the filter *parameter*; without the filter every name does."""
    wanted = p.get(parameter)
    match world.settings.readings.name_filters:
        case "exact":
            return not wanted or name == wanted
        case "contains":
            return not wanted or str(wanted).casefold() in name.casefold()
    return True
