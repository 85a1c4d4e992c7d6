# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data of the page.

Every member is picked by name, so that a new field of a record stays hidden. No key pair, password, document or
environment variable is among them.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any, cast

from jst_emulator.api_spec import OPERATIONS
from jst_emulator.call_log import Entry
from jst_emulator.emulator import Emulator
from jst_emulator.encoding import printable_texts
from jst_emulator.faults import FAULT_KINDS, FaultKind
from jst_emulator.models.apps import CRON_JOB, App, Environment
from jst_emulator.models.env_types import ENV_TYPE_WORDS
from jst_emulator.models.runtime import Order, Pod
from jst_emulator.releases import release_of
from jst_emulator.rollout import pods_by_order
from jst_emulator.timeline import kinds
from jst_emulator.world import World

APPS, CALLS, RELEASES, ENDED_RELEASES = 50, 30, 30, 4
_WORKLOADS = {1: "stateless", 2: "stateful", 3: "daemon set", 5: "scheduled job"}
_ORDER_STATES = {Order.WAITING: "waiting", Order.RUNNING: "running", Order.PAUSED: "paused"}
_RESULTS = {Order.UNDECIDED: "closed", Order.SUCCESS: "done", Order.CLOSED: "closed"}
#: Parameters that identify the object of a call; the first two of those that were sent are shown.
_ABOUT = (
    *("Title", "EnvName", "AccountName", "DbName", "DBName", "ClusterTitle", "PersistentVolumeName"),
    *("PersistentVolumeClaimName", "Name", "LabelKey", "GroupName", "DeployOrderId", "EnvId", "AppEnvId", "AppId"),
    *("ServiceId", "SlbAPId", "SchemaId", "Id", "ClusterInstanceId", "ClusterId", "DbInstanceId", "DBInstanceId"),
    "InstanceId",
)
_LONGEST_TEXT = 80


def overview(emulator: Emulator, find: str = "") -> dict[str, Any]:
    """Return the present state for the page; the caller holds the lock of the emulator.

    :param find: a part of titles, in any case; only these apps and their releases are returned.
    """
    emulator.world.advance()
    world: World = emulator.world
    found = [app for app in world.apps.values() if find.casefold() in app.title.casefold()]
    wanted = {app.app_id for app in found}
    environments = [one for one in world.environments.values() if one.app_id in wanted]
    orders = [one for one in world.orders.values() if world.environments[one.env_id].app_id in wanted]
    busy = {world.environments[one.env_id].app_id for one in orders if one.status != Order.FINISHED}
    shown = sorted(
        sorted(found, key=lambda app: (app.app_id not in busy, app.app_id))[:APPS], key=lambda app: app.app_id
    )
    shown_now = {
        "answers": emulator.settings.answers,
        "clock": {"now": world.now(), "scale": emulator.clock.scale, "step_s": emulator.clock.step},
        "counts": {
            "apps": len(world.apps),
            "found": len(found),
            "environments": len(world.environments),
            "calls": len(emulator.call_log),
            "in_flight": sum(one.status != Order.FINISHED for one in orders),
        },
        "releases": _releases(world, orders),
        "apps": _apps(world, shown, environments),
        "clusters": _clusters(world),
        "databases": _databases(world),
        "calls": [_call(entry) for entry in emulator.call_log.latest(CALLS)],
        "faults": [{**one, "where": None, "access_key_id": None} for one in emulator.faults.show()],
        "save_points": [{"name": name, "at": point.time.now} for name, point in sorted(emulator.save_points.items())],
    }
    return cast(dict[str, Any], printable_texts(shown_now))


def catalogue() -> dict[str, Any]:
    """Return the fault kinds and the kinds of the timeline with their options, and the operations."""
    return {
        "kinds": {name: _kind(kind) for name, kind in FAULT_KINDS.items()},
        "timeline": kinds.catalogue(),
        "actions": sorted(OPERATIONS),
    }


def _kind(kind: FaultKind) -> dict[str, Any]:
    options = [
        {"name": name, "type": option.type.__name__, "default": option.default, "required": option.required}
        for name, option in kind.all_options().items()
    ]
    return {"about": kind.about, "count": kind.count, "reads_only": kind.reads_only, "options": options}


def _releases(world: World, orders: Iterable[Order]) -> list[dict[str, Any]]:
    """Return the unfinished releases, newest first, and the last finished ones."""
    youngest_first = sorted(orders, key=lambda one: -one.deploy_order_id)
    flying = [one for one in youngest_first if one.status != Order.FINISHED][:RELEASES]
    ended = sorted(
        (one for one in youngest_first if one.status == Order.FINISHED), key=lambda one: -(one.ended_at or 0)
    )
    pods = pods_by_order(world)
    return [_release(world, one, pods.get(one.deploy_order_id, [])) for one in [*flying, *ended[:ENDED_RELEASES]]]


def _release(world: World, order: Order, pods: list[Pod]) -> dict[str, Any]:
    environment = world.environments[order.env_id]
    now = world.now()
    until = order.ended_at if order.ended_at is not None else now
    return {
        "id": order.deploy_order_id,
        "app": world.apps[environment.app_id].title,
        "environment": environment.name,
        "name": order.name,
        "category": order.category,
        "artifact": _artifact(order.images, order.packet_url),
        "state": _ORDER_STATES.get(order.status) or _RESULTS.get(order.result, "failed"),
        "elapsed_s": max(0.0, until - order.created_at),
        "next_in_s": max(0.0, order.due_at - now) if order.due_at is not None else None,
        "batches": [_batch(order, number, pods, now) for number in range(1, len(order.batches) + 1)],
    }


def _batch(order: Order, number: int, pods: list[Pod], now: float) -> dict[str, Any]:
    own = [pod for pod in pods if pod.partition == number]
    state, progress = "waiting", 0.0
    if number < order.current_partition or (number == order.current_partition and order.status == Order.PAUSED):
        state, progress = "done", 1.0
    elif number == order.current_partition and order.status == Order.FINISHED:
        state, progress = _RESULTS.get(order.result, "failed"), 1.0
    elif number == order.current_partition and order.due_at is not None:
        since = own[0].started_at if own else order.started_at or order.created_at
        state, progress = "running", min(1.0, max(0.0, (now - since) / max(order.due_at - since, 1e-9)))
    elif order.status == Order.FINISHED:
        state = "skipped"
    stones = [_pod_state(pod) for pod in own] + ["waiting"] * (order.batches[number - 1] - len(own))
    return {"number": number, "state": state, "progress": round(progress, 3), "pods": stones}


def _pod_state(pod: Pod) -> str:
    if pod.status == Order.FINISHED:
        return "gone" if pod.step_code == "DeleteAppInstance" else _RESULTS.get(pod.result, "failed")
    return "stopping" if pod.step_code == "DeleteAppInstance" else "running"


def _artifact(images: list[str], packet_url: str) -> str:
    """Return a short name of the released artifact, such as ``order-service:1.5.0`` or ``shop-1.2.tar.gz``, and the
    number of further ones.
    """
    names = [one.rsplit("/", maxsplit=1)[-1] for one in [*images, *([packet_url] if packet_url else [])]]
    return f"{names[0]} + {len(names) - 1}" if len(names) > 1 else "".join(names)


def _apps(world: World, apps: list[App], environments: list[Environment]) -> list[dict[str, Any]]:
    by_app: dict[int, list[Environment]] = defaultdict(list)
    for environment in environments:
        by_app[environment.app_id].append(environment)
    running: dict[int, list[str]] = defaultdict(list)
    artifacts: dict[int, Counter[str]] = defaultdict(Counter)
    for instance in world.instances.values():
        running[instance.env_id].append(instance.status)
        release = release_of(world, instance)
        artifacts[instance.env_id][_artifact(release.images, release.packet_url) if release else ""] += 1
    configs, groups = Counter(one.app_id for one in world.deploy_configs.values()), defaultdict(list)
    for member in world.group_members.values():
        groups[member.app_id].append(world.groups[member.group_id].name)
    services = Counter(one.env_id for one in world.services.values())
    access_points = Counter(one.env_id for one in world.slb_access_points.values())
    claims = Counter(one.env_id for one in world.claims.values())
    runs = Counter(one.env_id for one in world.job_runs.values())
    return [
        {
            "id": app.app_id,
            "title": app.title,
            "workload": _WORKLOADS[app.state_type],
            "language": app.language,
            "groups": groups[app.app_id],
            "deploy_configs": configs[app.app_id],
            "environments": [
                {
                    "id": one.env_id,
                    "name": one.name,
                    "type": ENV_TYPE_WORDS[one.env_type],
                    "cluster": world.clusters[one.cluster_instance_id].title
                    if one.cluster_instance_id in world.clusters
                    else None,
                    "replicas": None if app.state_type == CRON_JOB else one.replicas,
                    "runs": runs[one.env_id],
                    "instances": sorted(running[one.env_id]),
                    "artifact": _artifact(one.baseline.images, one.baseline.packet_url) if one.baseline else None,
                    "artifacts": [{"name": name, "instances": count} for name, count in artifacts[one.env_id].items()],
                    "services": services[one.env_id],
                    "access_points": access_points[one.env_id],
                    "claims": claims[one.env_id],
                }
                for one in by_app[app.app_id]
            ],
        }
        for app in apps
    ]


def _clusters(world: World) -> list[dict[str, Any]]:
    hosted = Counter(instance.host for instance in world.instances.values())
    return [
        {
            "id": cluster.cluster_instance_id,
            "title": cluster.title,
            "type": "test" if cluster.env_type == "TEST" else "online",
            "status": cluster.status,
            "nodes": [
                {
                    "id": node.instance_id,
                    "ready": node.joined_at is not None,
                    "instances": hosted[node.instance_id],
                }
                for node in world.ecs.values()
                if node.cluster_instance_id == cluster.cluster_instance_id
            ],
        }
        for cluster in world.clusters.values()
    ]


def _databases(world: World) -> list[dict[str, Any]]:
    return [
        {
            "id": server.instance_id,
            "engine": server.engine,
            "databases": [
                {"name": one.name, "status": one.status}
                for one in world.databases.values()
                if one.instance_id == server.instance_id
            ],
            "accounts": [
                {"name": one.name, "status": one.status}
                for one in world.accounts.values()
                if one.instance_id == server.instance_id
            ],
        }
        for server in world.rds_instances.values()
    ]


def _call(entry: Entry) -> dict[str, Any]:
    about = [f"{name} {entry.params[name]}"[:_LONGEST_TEXT] for name in _ABOUT if entry.params.get(name)]
    return {
        "seq": entry.seq,
        "time": entry.time,
        "action": entry.action[:_LONGEST_TEXT],
        "kind": entry.kind,
        "about": about[:2],
        "outcome": entry.outcome,
        "executed": entry.executed,
        "code": entry.code,
        "status": entry.http_status,
        "ms": entry.ms,
    }
