# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of the event monitor, in time or late."""

from __future__ import annotations

from typing import Any

from jst_emulator.models.runtime import Event
from jst_emulator.timeline.schedule import TimelineError
from jst_emulator.timeline.targets import check_instance, environment_of, instance_of
from jst_emulator.world import World

POD, NODE = "Pod", "Node"


def check(world: World, given: dict[str, Any]) -> None:
    """Check that an entry names a pod or a node, in one way only.

    :raises TimelineError: it does not.
    """
    if given["object"] == NODE:
        named = [name for name in ("app_instance_id", "env_id", "position", "pod_name") if given[name] is not None]
        if given["host"] is None or named:
            raise TimelineError("an event of a node takes host, and names no pod")
        if given["host"] not in world.ecs:
            raise TimelineError(f"there is no machine {given['host']!r}")
    elif given["host"] is not None:
        raise TimelineError("host is for events of nodes: a pod has its own")
    elif given["pod_name"] is None:
        check_instance(world, given)
    elif given["env_id"] is None or given["app_instance_id"] is not None or given["position"] is not None:
        raise TimelineError("pod_name takes env_id, and no other name of an instance")
    else:
        environment_of(world, given)


def record(world: World, at: float, given: dict[str, Any], _step: int = 0) -> dict[str, Any]:
    """Add records that happened some time before, of a pod, or of every instance on a node."""
    check(world, given)
    added = [
        world.add(
            Event(
                env_id=env_id,
                pod_name=pod_name,
                kind=given["object"],
                happened_at=at - given["late_s"],
                level=given["level"],
                reason=given["reason"],
                message=given["message"] or given["reason"],
                event_type=given["event_type"] or "",
                host_name=host or "",
                count=given["count"],
            )
        )
        for env_id, pod_name, host in _pods(world, given)
        for _dummy in range(given["records"])
    ]
    first = added[0]
    return {"env_id": first.env_id, "pod_name": first.pod_name, "event_ids": [one.event_id for one in added]}


def _pods(world: World, given: dict[str, Any]) -> list[tuple[int, str, str | None]]:
    """Return environment, name and host of the pods that the records name."""
    if given["object"] == NODE:
        host = given["host"]
        found = [one for one in world.instances.values() if one.host == host]
        if not found:
            raise TimelineError(f"no instance runs on {host}, and DescribeEventMonitorList reads the events of pods")
        return [(one.env_id, one.app_instance_id, host) for one in found]
    if given["pod_name"] is not None:
        env_id, name = given["env_id"], given["pod_name"]
        if name not in _pod_names(world, env_id):
            raise TimelineError(f"environment {env_id} has and had no pod {name!r}")
        return [(env_id, name, None)]
    instance = instance_of(world, given)
    return [(instance.env_id, instance.app_instance_id, instance.host)]


def _pod_names(world: World, env_id: int) -> set[str]:
    """Return the names of the pods that an environment has or had: instances, pods of deploy orders, job runs."""
    names = {one.app_instance_id for one in world.instances.values() if one.env_id == env_id}
    names |= {one.pod_name for one in world.job_runs.values() if one.env_id == env_id}
    orders = {one.deploy_order_id for one in world.orders.values() if one.env_id == env_id}
    return names | {one.app_instance_id for one in world.pods.values() if one.deploy_order_id in orders}
