# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environments (reference 1.2)."""

from __future__ import annotations

from typing import Any

from jst_emulator import rollout
from jst_emulator.handlers.checks import check_new_name, check_region, require_nonblank
from jst_emulator.handlers.lookup import app_of, environment_of, get_or_raise, matches_name, matching_cluster
from jst_emulator.handlers.time_formats import date
from jst_emulator.handlers.volumes import remove_claim
from jst_emulator.models.apps import Allocation, App, DeployConfig, Environment
from jst_emulator.models.env_types import ENV_TYPE_LABELS, ENV_TYPE_WORDS
from jst_emulator.registry import BusinessError, InvalidStateError, Params, operation
from jst_emulator.world import World


@operation("CreateEnvironment")
def create_environment(world: World, p: Params) -> dict[str, Any]:
    """Create an environment; a cluster in the request has to match app and type."""
    app = app_of(world, p)
    require_nonblank(p, "EnvName", "Region")
    check_region(world, p["Region"])
    names = (one.name for one in world.environments.values() if one.app_id == app.app_id)
    check_new_name(world, "Environment", p["EnvName"], names)
    config = _fitting_config(world, app, p["EnvType"], p["AppSchemaId"])
    cluster = matching_cluster(world, app, p["EnvType"], p["ClusterId"]) if p.get("ClusterId") else None
    environment = world.add(
        Environment(
            app_id=app.app_id,
            name=p["EnvName"],
            env_type=p["EnvType"],
            region=p["Region"],
            replicas=_replicas(p["Replicas"]),
            schema_id=config.schema_id,
            cluster_instance_id=cluster.cluster_instance_id if cluster else None,
        )
    )
    allocates = world.settings.create_environment_allocates and world.settings.readings.environment_allocation == "made"
    if cluster is not None and allocates:
        world.add(Allocation(env_id=environment.env_id, cluster_instance_id=cluster.cluster_instance_id))
    return {"AppEnvId": environment.env_id}


@operation("UpdateEnvironment")
def update_environment(world: World, p: Params) -> None:
    """Update the deploy configuration or the desired replicas; running instances stay as they are."""
    environment = environment_of(world, p, "AppEnvId")
    replicas = _replicas(p["Replicas"]) if "Replicas" in p else environment.replicas
    if "AppSchemaId" in p:
        app = world.apps[environment.app_id]
        environment.schema_id = _fitting_config(world, app, environment.env_type, p["AppSchemaId"]).schema_id
    environment.replicas = replicas


@operation("DeleteAppEnvironment")
def delete_environment(world: World, p: Params) -> None:
    """Delete an environment; one with contents needs Force."""
    environment = environment_of(world, p)
    contents = _contents(world, environment.env_id)
    if contents and not p.get("Force"):
        raise InvalidStateError(
            f"Environment {environment.env_id} still has {', '.join(contents)}; remove them or use Force."
        )
    remove_environment(world, environment)


@operation("OfflineAppEnvironment")
def offline_environment(world: World, p: Params) -> None:
    """Delete the instances, the baseline, and on request the volume claims; the environment stays."""
    environment = environment_of(world, p)
    order = rollout.unfinished(world, environment.env_id)
    if order is not None:
        raise InvalidStateError(
            f"Environment {environment.env_id} has an unfinished deploy order {order.deploy_order_id}."
        )
    environment.baseline = None
    for instance in rollout.instances(world, environment.env_id):
        world.remove(instance)
    if p.get("DeletePvc"):
        for claim in [one for one in world.claims.values() if one.env_id == environment.env_id]:
            remove_claim(world, claim)


@operation("ListAppEnvironment")
def list_environments(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the environments of an app that match the name filter."""
    app = app_of(world, p)
    return [
        _to_response(one)
        for one in world.environments.values()
        if one.app_id == app.app_id
        and one.env_type == p.get("EnvType", one.env_type)
        and matches_name(world, p, "EnvName", one.name)
    ]


@operation("DescribeAppEnvironmentDetail")
def describe_environment(world: World, p: Params) -> dict[str, Any]:
    """Return an environment with its replicas; the response does not show the cluster."""
    environment = environment_of(world, p)
    return {**_to_response(environment), "Replicas": environment.replicas}


@operation("DescribeAppEnvDeployBaseline")
def describe_baseline(world: World, p: Params) -> dict[str, Any]:
    """Return the deployed release; before the first deployment only the ids."""
    environment = environment_of(world, p)
    shown: dict[str, Any] = {"AppId": environment.app_id, "EnvId": environment.env_id}
    baseline = environment.baseline
    if baseline is not None:
        shown["SchemaId"] = baseline.schema_id
        shown["PacketId"] = baseline.packet_id
        shown["PacketUrl"] = baseline.packet_url or (baseline.images[0] if baseline.images else None)
        shown["PacketComment"] = baseline.packet_comment or None
        shown["CreateTime"] = date(baseline.created_at)
    return shown


def remove_environment(world: World, environment: Environment) -> None:
    """Remove an environment and its contents from the world."""
    for claim in [one for one in world.claims.values() if one.env_id == environment.env_id]:
        remove_claim(world, claim)
    for order in [one for one in world.orders.values() if one.env_id == environment.env_id]:
        for pod in rollout.pods(world, order):
            world.remove(pod)
        world.remove(order)
    tables: list[dict[Any, Any]] = [
        world.allocations,
        world.slb_access_points,
        world.services,
        world.instances,
        world.events,
        world.job_runs,
    ]
    for table in tables:
        for record in [one for one in table.values() if one.env_id == environment.env_id]:
            world.remove(record)
    world.remove(environment)


def _contents(world: World, env_id: int) -> list[str]:
    counts = {
        "instances": len(rollout.instances(world, env_id)),
        "SLB access points": sum(one.env_id == env_id for one in world.slb_access_points.values()),
        "services": sum(one.env_id == env_id for one in world.services.values()),
        "unfinished deploy orders": int(rollout.unfinished(world, env_id) is not None),
    }
    return [f"{count} {what}" for what, count in counts.items() if count]


def _fitting_config(world: World, app: App, env_type: int, schema_id: int) -> DeployConfig:
    config = get_or_raise(world.deploy_configs, schema_id, "Deploy config")
    if config.app_id != app.app_id:
        raise BusinessError(f"Deploy config {schema_id} does not belong to app {app.app_id}.")
    if config.env_type != ENV_TYPE_WORDS[env_type]:
        raise BusinessError(f"Deploy config {schema_id} is for {config.env_type}, not for {ENV_TYPE_WORDS[env_type]}.")
    return config


def _replicas(wanted: int) -> int:
    if wanted < 0:
        raise BusinessError("Replicas must not be negative.")
    return wanted


def _to_response(environment: Environment) -> dict[str, Any]:
    return {
        "AppId": environment.app_id,
        "AppSchemaId": environment.schema_id,
        "EnvId": environment.env_id,
        "EnvName": environment.name,
        "EnvType": environment.env_type,
        "EnvTypeName": ENV_TYPE_LABELS[environment.env_type],
        "Region": environment.region,
    }
