# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Kubernetes events of pods."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from jst_emulator.models.runtime import Event, Instance, JobRun

if TYPE_CHECKING:
    from jst_emulator.world import World


def record(world: World, pod: JobRun | Instance, reason: str, message: str, at: float, **more: str) -> None:
    """Record an event of an instance or a job run.

    :param more: ``action``, ``level``, ``event_type``, ``host_name`` of the event.
    """
    name = pod.app_instance_id if isinstance(pod, Instance) else pod.pod_name
    happened: dict[str, Any] = {"reason": reason, "message": message, "happened_at": at, **more}
    world.add(Event(env_id=pod.env_id, pod_name=name, **happened))


def record_start(world: World, instance: Instance, fault: str, at: float) -> None:
    """Record the event of a starting pod.

    :param fault: how the order fails, see :class:`Order`.
    """
    host = {"host_name": instance.host or ""}
    if fault == "pending":
        more = {"level": "Warning", "event_type": "RESOURCE_INSUFFICIENT"}
        record(world, instance, "FailedScheduling", "no node has enough cpu and memory left", at, **more)
        return
    record(world, instance, "Scheduled", "Successfully assigned", at, action="Binding", **host)
    if fault == "image_pull":
        more = {"level": "Warning", "event_type": "POD_FAILED", **host}
        record(world, instance, "Failed", f"Failed to pull image {instance.image}: not found", at, **more)
        record(world, instance, "BackOff", f"Back-off pulling image {instance.image}", at, **more)
        return
    record(world, instance, "Pulled", f"Container image {instance.image} is present", at, **host)
    if fault == "crash":
        more = {"level": "Warning", "event_type": "POD_FAILED", **host}
        record(world, instance, "BackOff", "Back-off restarting failed container", at, **more)
    if fault == "health_check":
        more = {"level": "Warning", "event_type": "READINESS_FAILED", **host}
        record(world, instance, "Started", "Started container", at, **host)
        record(world, instance, "Unhealthy", "Readiness probe failed: HTTP status code 503", at, **more)


def record_end(world: World, instance: Instance, fault: str, at: float) -> None:
    """Record the event of a pod at the end of its batch."""
    host = {"host_name": instance.host or ""}
    if fault == "fail":
        more = {"level": "Error", "event_type": "POD_FAILED", **host}
        record(world, instance, "Failed", "Container did not start", at, **more)
    elif not fault and instance.status == "Normal":
        record(world, instance, "Started", "Started container", at, **host)
