# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environments of a world file, with their baselines, claims, instances and job runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.env_types import ENV_TYPE_NUMBER
from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_reader import AccountReader
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_deploy_configs import release_of
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_orders import record_orders
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_tables import World
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_values import epoch, soon, without_query

Json = dict[str, Any]


def record_environment(
    world: World, reader: AccountReader, environment: Json, configs: Mapping[int, Json], clusters: Mapping[int, str]
) -> None:
    """Record an environment of an app.

    :param configs: the records of the deploy configs of the app, by id.
    :param clusters: the ids of clusters by the ids of the environments that they are allocated to.
    """
    number, schema_id = environment["environment_id"], environment["deploy_config_id"]
    place = {"app_id": environment["app_id"], "environment_id": number}
    if not world.is_known("deploy_configs", schema_id):
        # Deploy configs of the console are not listed.
        schema_id = schema_id or number
        name = f"recorded-{schema_id}"
        world.add(
            "deploy_configs",
            schema_id,
            schema_id=schema_id,
            app_id=environment["app_id"],
            env_type=environment["env_type"],
            name=name,
        )
        reader.notes.append(f"Deploy config {schema_id} is not listed, and is recorded as an empty {name}.")
    cluster = clusters.get(number)
    world.add(
        "environments",
        number,
        env_id=number,
        app_id=environment["app_id"],
        name=environment["name"],
        env_type=ENV_TYPE_NUMBER.serialize(environment["env_type"]),
        region=environment["region"],
        replicas=environment["replicas"],
        schema_id=schema_id,
        cluster_instance_id=cluster if world.is_known("clusters", cluster) else None,
        baseline=_baseline(world, environment["baseline"], configs),
    )
    for claim in reader.claims(place):
        _record_claim(world, number, claim)
    record_orders(world, reader, place)
    for instance in reader.instances(place):
        _record_instance(world, number, instance)
    for run in reader.job_runs(place):
        _record_job_run(world, number, run)


def _baseline(world: World, baseline: Json | None, configs: Mapping[int, Json]) -> Json | None:
    if not baseline or not baseline["create_time"]:
        return None
    url, image = without_query(baseline["packet_url"]), baseline["image"]
    if baseline["packet_id"] is not None:
        packet = {"packet_id": baseline["packet_id"], "url": url, "comment": baseline["packet_comment"] or ""}
        world.add("packets", baseline["packet_id"], **packet)
    return {
        **release_of(baseline["deploy_config_id"], configs),
        "created_at": epoch(baseline["create_time"]),
        "images": [image] if image else [],
        "packet_id": baseline["packet_id"],
        "packet_url": url,
        "packet_comment": baseline["packet_comment"] or "",
    }


def _record_claim(world: World, env_id: int, claim: Json) -> None:
    number = len(world.tables["claims"]) + 91001
    world.add(
        "claims",
        number,
        claim_id=number,
        env_id=env_id,
        name=claim["name"],
        capacity=claim["capacity"],
        access_modes=claim["access_mode"],
        storage_class=claim["storage_class"],
        status=claim["status"],
        volume_name=claim["volume_name"] or "",
        created_at=epoch(claim["create_time"]),
    )


def _record_instance(world: World, env_id: int, instance: Json) -> None:
    hosts = {one["private_ip"]: one["instance_id"] for one in world.tables["ecs"] if one["private_ip"]}
    started = [pod for pod in world.tables["pods"] if pod["app_instance_id"] == instance["instance"]]
    version = instance["version"]
    world.add(
        "instances",
        instance["instance"],
        app_instance_id=instance["instance"],
        env_id=env_id,
        deploy_order_id=started[0]["deploy_order_id"] if started else None,
        status=instance["status"],
        created_at=epoch(instance["create_time"]),
        host=hosts.get(instance["host_ip"]),
        pod_ip=instance["pod_ip"] or "",
        image=f"recorded:{version}" if version else "",
        packaged=version is None,
        restart_count=instance["restart_count"] or None,
        broken=bool(instance["restart_count"]) and instance["status"] != "Normal",
    )


def _record_job_run(world: World, env_id: int, run: Json) -> None:
    world.add(
        "job_runs",
        (env_id, run["name"]),
        env_id=env_id,
        name=run["name"],
        pod_name=(run["pods"] or [run["name"]])[0],
        started_at=epoch(run["start_time"]),
        due_at=None if run["completion_time"] else soon(),
        ended_at=epoch(run["completion_time"]) if run["completion_time"] else None,
        failing=bool(run["failed"]),
        backoff_limit=run["backoff_limit"],
        completions=run["completions"],
        parallelism=run["parallelism"],
        active_deadline_seconds=run["active_deadline_seconds"],
    )
