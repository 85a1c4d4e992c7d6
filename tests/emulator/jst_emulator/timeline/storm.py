# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Storms: many things of all kinds, which follow from a seed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any, TypeVar

from jst_emulator import rollout
from jst_emulator.models.apps import CRON_JOB, Environment
from jst_emulator.models.runtime import Instance
from jst_emulator.timeline import events, instances, jobs, orders
from jst_emulator.timeline.schedule import TimelineError
from jst_emulator.world import World

T = TypeVar("T")

#: Failures of deployments, and events with their levels and types. Failures that last until the deploy timeout are not
#: drawn, since soon no instance would be left for anything else.
_FAILURES = (None, None, None, "fail")
_EVENTS = (
    ("Normal", "", "Started"),
    ("Warning", "POD_FAILED", "BackOff"),
    ("Warning", "READINESS_FAILED", "Unhealthy"),
    ("Warning", "LIVENESS_FAILED", "Unhealthy"),
    ("Warning", "RESOURCE_INSUFFICIENT", "FailedScheduling"),
    ("Error", "EVICTED_BY_NODE", "Evicted"),
)
_EVENT = {"object": events.POD, "env_id": None, "position": None, "pod_name": None, "host": None}
_RECORDED = {"level": "Warning", "event_type": "POD_FAILED", "message": None}


class _Draw:
    """The random choices of a step, and what there is to choose from."""

    def __init__(self, world: World, at: float, given: dict[str, Any], step: int) -> None:
        self.world, self.at, self.given, self.step = world, at, given, step
        self.random = Random(f"{given['seed']}:{step}")

    def environments(self) -> list[Environment]:
        """Return the deployed environments of the storm."""
        wanted = self.given["env_ids"]
        return [
            one
            for one in self.world.environments.values()
            if one.baseline is not None and (wanted is None or one.env_id in wanted)
        ]

    def one_of(self, found: Sequence[T], what: str) -> T:
        """Return one of what was found.

        :raises TimelineError: nothing was found.
        """
        if not found:
            raise TimelineError(f"there is no {what}")
        return self.random.choice(found)

    def instance(self, fits: Callable[[Instance], bool], what: str) -> dict[str, Any]:
        """Return the options that name an instance."""
        wanted = {one.env_id for one in self.environments()}
        found = [one for one in self.world.instances.values() if one.env_id in wanted and fits(one)]
        return {"app_instance_id": self.one_of(found, what).app_instance_id, "env_id": None, "position": None}


def check(world: World, given: dict[str, Any]) -> None:
    """Check that the environments of a storm exist.

    :raises TimelineError: one does not.
    """
    for env_id in given["env_ids"] or ():
        if env_id not in world.environments:
            raise TimelineError(f"there is no environment {env_id}")


def blow(world: World, at: float, given: dict[str, Any], step: int) -> dict[str, Any]:
    """Let one of the kinds happen; when it is not possible now, another one.

    :raises TimelineError: none is possible.
    """
    draw = _Draw(world, at, given, step)
    kinds = draw.random.sample(given["kinds"], len(given["kinds"]))
    for kind in kinds:
        try:
            return {"kind": kind, "step": step, **KINDS[kind](draw)}
        except TimelineError as error:
            problem = str(error)
    raise TimelineError(f"none of {', '.join(given['kinds'])} is possible: {problem}")


def _event(draw: _Draw) -> dict[str, Any]:
    target = draw.instance(lambda one: True, "instance")
    level, event_type, reason = draw.random.choice(_EVENTS)
    late_s = draw.random.uniform(0, draw.given["late_s"]) if draw.given["late_s"] else 0.0
    # The step makes each event one of its own: their times have minutes only.
    more = {"message": f"storm {draw.given['seed']}, step {draw.step}", "count": 1, "records": 1, "late_s": late_s}
    described = {**_EVENT, **target, "level": level, "event_type": event_type, "reason": reason, **more}
    return {**events.record(draw.world, draw.at, described), "message": described["message"]}


def _restart(draw: _Draw) -> dict[str, Any]:
    target = draw.instance(lambda one: one.status == "Normal", "instance that runs")
    reason, exit_code = draw.random.choice((("Error", 1), ("OOMKilled", 137)))
    more = {"times": 1, "down_s": 2.0, "reason": reason, "exit_code": exit_code}
    return instances.restart(draw.world, draw.at, {**_RECORDED, **target, **more})


def _make_abnormal(draw: _Draw) -> dict[str, Any]:
    target = draw.instance(lambda one: one.status == "Normal", "instance that runs")
    return instances.make_abnormal(
        draw.world, draw.at, {**_RECORDED, **target, "status": "Failed", "reason": "Unhealthy"}
    )


def _recover(draw: _Draw) -> dict[str, Any]:
    target = draw.instance(lambda one: one.status in ("Failed", "Unknown", "Stopped"), "abnormal instance")
    return instances.recover(draw.world, draw.at, target)


def _replace(draw: _Draw) -> dict[str, Any]:
    target = draw.instance(lambda one: one.status == "Normal", "instance that runs")
    return instances.replace(draw.world, draw.at, {**_RECORDED, **target, "reason": "Evicted"})


def _deploy(draw: _Draw) -> dict[str, Any]:
    free = [one for one in draw.environments() if rollout.unfinished(draw.world, one.env_id) is None]
    environment = draw.one_of(free, "environment without unfinished order")
    failure, pause = draw.random.choice(_FAILURES), "none"
    described = {"env_id": environment.env_id, "name": f"storm {draw.given['seed']}, step {draw.step}", "pause": pause}
    unused = {"description": "", "user_id": None, "batches": 1, "image": None, "packet_id": None, "failure_batch": 1}
    return {**orders.deploy(draw.world, draw.at, {**described, **unused, "failure": failure}), "failure": failure}


def _run_job(draw: _Draw) -> dict[str, Any]:
    found = [one for one in draw.environments() if draw.world.apps[one.app_id].state_type == CRON_JOB]
    environment = draw.one_of(found, "deployed environment of scheduled jobs")
    outcome = draw.random.choice(("succeed", "fail"))
    return jobs.run(draw.world, draw.at, {"env_id": environment.env_id, "outcome": outcome, "duration_s": None})


KINDS: dict[str, Callable[[_Draw], dict[str, Any]]] = {
    "event": _event,
    "instance_restart": _restart,
    "instance_abnormal": _make_abnormal,
    "instance_recover": _recover,
    "instance_replace": _replace,
    "deploy": _deploy,
    "job_run": _run_job,
}
