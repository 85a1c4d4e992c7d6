# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What happens to instances: they get abnormal, restart, crash in a loop, run again, and are replaced."""

from __future__ import annotations

from typing import Any

from jst_emulator import pod_events, releases, restarts, rollout
from jst_emulator.models.runtime import Instance
from jst_emulator.timeline.schedule import TimelineError
from jst_emulator.timeline.targets import instance_of
from jst_emulator.world import World

ABNORMAL = ("Failed", "Unknown", "Stopped", "Pending", "ToBeSchedule")


def make_abnormal(world: World, at: float, given: dict[str, Any], _step: int = 0) -> dict[str, Any]:
    """Give an instance an abnormal status, which lasts until it is mended, rebuilt, or replaced by a release."""
    instance = _present(world, given)
    if instance.status == given["status"]:
        raise TimelineError(f"instance {instance.app_instance_id} is {instance.status} already")
    instance.status, instance.due_at = given["status"], None
    _record(world, instance, given, at, given["message"] or f"The instance is {given['status']}")
    return _shown(world, instance, at)


def restart(world: World, at: float, given: dict[str, Any], _step: int = 0) -> dict[str, Any]:
    """Restart the containers of an instance, which is Normal again after a while."""
    instance = _present(world, given)
    restarts.add(instance, given["times"], at)
    instance.status, instance.due_at = "Starting", at + given["down_s"]
    _record(world, instance, given, at, f"Container restarted; {_last_state(given)}")
    return _shown(world, instance, at)


def crash_in_a_loop(world: World, at: float, given: dict[str, Any], _step: int = 0) -> dict[str, Any]:
    """Let the containers of an instance crash again and again, from the first restart on."""
    instance = _present(world, given)
    if instance.broken:
        raise TimelineError(f"instance {instance.app_instance_id} is broken already")
    restarts.add(instance, 1, at)
    instance.broken, instance.broken_at, instance.healed_by_rebuild = True, at, given["healed_by_rebuild"]
    instance.status, instance.due_at = "Failed", None
    message = f"Back-off restarting failed container; {_last_state(given)}"
    _record(world, instance, {**given, "reason": "BackOff"}, at, message)
    return _shown(world, instance, at)


def recover(world: World, at: float, given: dict[str, Any], _step: int = 0) -> dict[str, Any]:
    """Let an abnormal instance run again."""
    instance = _present(world, given)
    if instance.status == "Normal":
        raise TimelineError(f"instance {instance.app_instance_id} is Normal already")
    if instance.host is None:
        raise TimelineError(f"instance {instance.app_instance_id} has no node")
    restarts.mend(instance, at)
    pod_events.record(world, instance, "Started", "Started container", at, host_name=instance.host)
    return _shown(world, instance, at)


def replace(world: World, at: float, given: dict[str, Any], _step: int = 0) -> dict[str, Any]:
    """Remove an instance, and start another one of the same release in its place."""
    old = _present(world, given)
    environment, release = world.environments[old.env_id], releases.release_of(world, old)
    if release is None:
        raise TimelineError(f"nothing shows what instance {old.app_instance_id} runs")
    known = old.deploy_order_id in world.orders
    origin = {"deploy_order_id": old.deploy_order_id} if known else {"release": release}
    _record(world, old, given, at, given["message"] or f"The pod is removed: {given['reason']}")
    world.remove(old)
    fault = "pending" if rollout.lacks_nodes(world, environment) else ""
    new = rollout.start(world, environment, release, fault, at, **origin)
    new.due_at = None if fault else at + world.settings.durations.batch
    shown = _shown(world, new, at)
    return {**shown, "app_instance_id": old.app_instance_id, "replaced_by": new.app_instance_id}


def _present(world: World, given: dict[str, Any]) -> Instance:
    """Return an instance that stays.

    :raises TimelineError: it does not exist, or is going offline.
    """
    instance = instance_of(world, given)
    if instance.status == "Offlining":
        raise TimelineError(f"instance {instance.app_instance_id} is going offline")
    return instance


def _record(world: World, instance: Instance, given: dict[str, Any], at: float, message: str) -> None:
    more = {"level": given["level"], "event_type": given["event_type"] or "", "host_name": instance.host or ""}
    pod_events.record(world, instance, given["reason"], message, at, **more)


def _last_state(given: dict[str, Any]) -> str:
    return f"last state: Terminated, reason {given['reason']}, exit code {given['exit_code']}"


def _shown(world: World, instance: Instance, at: float) -> dict[str, Any]:
    world.record_traffic(at, instance.env_id)
    return {"env_id": instance.env_id, "app_instance_id": instance.app_instance_id}
