# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Application instances (reference 1.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from jst_emulator import quantities, releases, restarts, rollout, scheduling, workload
from jst_emulator.handlers.lookup import environment_of
from jst_emulator.handlers.time_formats import second_time
from jst_emulator.models.runtime import Instance, Order
from jst_emulator.readings.orders import INSTANCES_AFTER
from jst_emulator.registry import InvalidStateError, NotFoundError, Params, operation
from jst_emulator.world import World


@operation("ListAppInstance")
def list_instances(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the instances of an environment."""
    environment = environment_of(world, p)
    return [_to_response(world, one) for one in _listed(world, environment.env_id)]


@operation("RebuildAppInstance")
def rebuild_instance(world: World, p: Params) -> None:
    """Restart an instance; it is Normal again after a delay."""
    environment = environment_of(world, p)
    instance = world.instances.get(p["AppInstanceId"])
    if instance is None or instance.env_id != environment.env_id:
        raise NotFoundError(f"Instance {p['AppInstanceId']} does not exist in environment {environment.env_id}.")
    if instance.status == "Offlining":
        raise InvalidStateError(f"Instance {instance.app_instance_id} is going offline.")
    if not world.settings.rebuild_keeps_instance_id or world.settings.readings.rebuilt_instance == "new_id":
        world.remove(instance)
        instance.app_instance_id = scheduling.pod_name(world, environment, instance.deploy_order_id or 0)
        world.add(instance)
    restarts.begin_anew(instance, world.now())
    if instance.host is not None:
        instance.status = "Starting"
        instance.due_at = world.now() + world.settings.durations.instance_rebuild


def _listed(world: World, env_id: int) -> list[Instance]:
    """Return the instances of an environment that lists show, by the readings of the reference."""
    reading, present = world.settings.readings.instances, rollout.instances(world, env_id)
    match reading:
        case "late":
            return [one for one in present if _has_settled(world, one)]
        case "starting":
            return [one if _has_settled(world, one) else replace(one, status="Starting") for one in present]
        case "lingering":
            gone = [record for at, record in world.deleted.values() if world.now() < at + INSTANCES_AFTER]
            mine = [one for one in gone if isinstance(one, Instance) and one.env_id == env_id]
            known = {one.app_instance_id for one in present}
            return [*(replace(one, status="Offlining") for one in mine if one.app_instance_id not in known), *present]
    return present


def _has_settled(world: World, instance: Instance) -> bool:
    """Return whether the batch that started an instance ended some time ago, or the instance has failed."""
    pod = world.pods.get((instance.deploy_order_id or 0, instance.app_instance_id))
    if pod is None or instance.status not in ("Normal", "Starting"):
        return True
    return pod.status == Order.FINISHED and world.now() >= pod.updated_at + INSTANCES_AFTER


def _to_response(world: World, instance: Instance) -> dict[str, Any]:
    text = releases.workload_of(world, instance)
    limits, requests = _size(text, "limits"), _size(text, "requests")
    host = world.ecs.get(instance.host or "")
    return {
        "AppInstanceId": instance.app_instance_id,
        "CreateTime": second_time(instance.created_at),
        "Health": "RUNNING" if instance.status == "Normal" else "ABNORMAL",
        "HostIp": host.private_ip if host else None,
        "Limits": limits,
        "PodIp": instance.pod_ip or None,
        "Requests": requests,
        "RestartCount": restarts.count(instance, world.now()),
        "Spec": limits,
        "Status": instance.status,
        "Version": None if instance.packaged else _tag(instance.image),
    }


def _size(text: str, which: str) -> str | None:
    cores, size = workload.resources(text, which) if text else (0.0, 0.0)
    words = [quantities.cpu_words(cores)] * bool(cores) + [quantities.memory_words(size)] * bool(size)
    return " ".join(words) or None


def _tag(image: str) -> str:
    _dummy, colon, tag = image.rpartition("/")[2].partition(":")
    return tag if colon else "latest"
