# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of entries of the timeline, and the parsing of their descriptions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from jst_emulator.call_filter import DescriptionError, Option, duration, integer_option, is_of, read_options, split_kind
from jst_emulator.clock import END_OF_TIME, epoch
from jst_emulator.models.release import FAIL, MISS, SUCCEED
from jst_emulator.models.runtime import FAILURE_KINDS
from jst_emulator.timeline import events, instances, jobs, orders, storm, targets
from jst_emulator.timeline.schedule import Action, Entry, TimelineError
from jst_emulator.world import World

LEVELS = ("Normal", "Warning", "Error")
EVENT_TYPES = ("POD_FAILED", "READINESS_FAILED", "LIVENESS_FAILED", "EVICTED_BY_NODE", "RESOURCE_INSUFFICIENT")
_MOST_RECORDS, _MOST_RESTARTS, _MOST_STEPS, _MOST_INSTANCES, _LONGEST_TEXT = 1000, 10**6, 10**6, 1000, 10_000
#: The longest span in seconds, some 60 years.
_LONGEST_SPAN = 2 * 10**9


def _choice(default: str | None, *choices: str, required: bool = False) -> Option:
    return Option(str, default, required, lambda value: value in choices, f"is {{!r}}, not one of {', '.join(choices)}")


def _up_to(most: int, default: int | None = None, least: int = 0, *, required: bool = False) -> Option:
    complaint = f"is {{}}, not from {least} to {most}"
    return Option(int, default, required, lambda value: least <= value <= most, complaint)


def _text(default: str | None = None, *, required: bool = False) -> Option:
    complaint = f"is empty or longer than {_LONGEST_TEXT} characters"
    return Option(str, default, required, lambda value: 0 < len(value) <= _LONGEST_TEXT, complaint)


def _reason(default: str | None, level: str, event_type: str | None) -> dict[str, Option]:
    """Return the options of the event that an entry records."""
    return {
        "reason": _text(default, required=default is None),
        "message": _text(),
        "level": _choice(level, *LEVELS),
        "event_type": _choice(event_type, *EVENT_TYPES),
    }


def _without(name: str, options: dict[str, Option]) -> dict[str, Option]:
    return {key: option for key, option in options.items() if key != name}


@dataclass(frozen=True)
class EntryKind:
    """A kind of entries.

    :ivar about: what happens, in a few words.
    :ivar action: makes it happen.
    :ivar check: checks a description when it arrives, and raises a TimelineError.
    """

    about: str
    options: Mapping[str, Option]
    action: Action
    check: Callable[[World, dict[str, Any]], object]


_ORDER = {"user_id": _text(), "batches": _up_to(_MOST_INSTANCES, 1, 1)}
_EXIT_CODE = {"exit_code": _up_to(255, 1)}
_DURATION = {"duration_s": duration(most=_LONGEST_SPAN)}
KINDS: dict[str, EntryKind] = {
    "deploy": EntryKind(
        "somebody else deploys an environment",
        {
            **targets.ENVIRONMENT,
            "name": _text("release of somebody else"),
            "description": Option(str, ""),
            **_ORDER,
            "pause": _choice("none", "none", "first", "each"),
            "image": _text(),
            "packet_id": integer_option(),
            "failure": _choice(None, *FAILURE_KINDS),
            "failure_batch": _up_to(_MOST_INSTANCES, 1, 1),
        },
        orders.deploy,
        orders.check_user,
    ),
    "scale": EntryKind(
        "somebody else scales an environment",
        {**targets.ENVIRONMENT, "replicas": _up_to(_MOST_INSTANCES, required=True), **_ORDER},
        orders.scale,
        orders.check_user,
    ),
    "resume": EntryKind(
        "somebody else resumes the paused order of an environment",
        targets.ENVIRONMENT,
        orders.resume,
        targets.environment_of,
    ),
    "close": EntryKind(
        "somebody else closes the unfinished order of an environment",
        targets.ENVIRONMENT,
        orders.close,
        targets.environment_of,
    ),
    "instance_abnormal": EntryKind(
        "an instance gets an abnormal status, and an event says why",
        {
            **targets.INSTANCE,
            "status": _choice("Failed", *instances.ABNORMAL),
            **_reason("Unhealthy", "Warning", "LIVENESS_FAILED"),
        },
        instances.make_abnormal,
        targets.check_instance,
    ),
    "instance_restart": EntryKind(
        "an instance restarts, and is Normal again after a while",
        {
            **targets.INSTANCE,
            "times": _up_to(_MOST_RESTARTS, 1, 1),
            "down_s": duration(10.0, _LONGEST_SPAN),
            **_EXIT_CODE,
            **_without("message", _reason("Error", "Warning", "POD_FAILED")),
        },
        instances.restart,
        targets.check_instance,
    ),
    "instance_crash_loop": EntryKind(
        "an instance crashes and restarts again and again",
        {
            **targets.INSTANCE,
            "healed_by_rebuild": Option(bool, False),
            **_EXIT_CODE,
            **_without("message", _reason("Error", "Warning", "POD_FAILED")),
        },
        instances.crash_in_a_loop,
        targets.check_instance,
    ),
    "instance_recover": EntryKind(
        "an abnormal instance runs again", targets.INSTANCE, instances.recover, targets.check_instance
    ),
    "instance_replace": EntryKind(
        "another instance takes the place of one",
        {**targets.INSTANCE, **_reason("Evicted", "Warning", "EVICTED_BY_NODE")},
        instances.replace,
        targets.check_instance,
    ),
    "event": EntryKind(
        "the event monitor gets records of a pod, or of a node and the instances on it",
        {
            "object": _choice(events.POD, events.POD, events.NODE),
            **targets.INSTANCE,
            "pod_name": _text(),
            "host": _text(),
            **_reason(None, "Warning", None),
            "count": _up_to(_MOST_STEPS, 1, 1),
            "records": _up_to(_MOST_RECORDS, 1, 1),
            "late_s": duration(0.0, _LONGEST_SPAN),
        },
        events.record,
        events.check,
    ),
    "job_outcome": EntryKind(
        "the next runs of a scheduled job succeed, fail or are missed",
        {
            **targets.ENVIRONMENT,
            "outcome": _choice(None, SUCCEED, FAIL, MISS, required=True),
            "runs": integer_option(least=1),
            **_DURATION,
        },
        jobs.plan_outcome,
        targets.jobs_of,
    ),
    "job_run": EntryKind(
        "a scheduled job runs beside its schedule",
        {**targets.ENVIRONMENT, "outcome": _choice(SUCCEED, SUCCEED, FAIL), **_DURATION},
        jobs.run,
        targets.jobs_of,
    ),
    "storm": EntryKind(
        "things of many kinds happen one after the other, drawn by a seed",
        {
            "steps": _up_to(_MOST_STEPS, None, 1, required=True),
            "over_s": duration(0.0, _LONGEST_SPAN),
            "kinds": Option(
                list,
                list(storm.KINDS),
                accepts=lambda value: bool(value) and all(is_of(str, one) and one in storm.KINDS for one in value),
                complaint=f"is not a list of {', '.join(storm.KINDS)}",
            ),
            "env_ids": Option(
                list,
                accepts=lambda value: bool(value) and all(is_of(int, one) for one in value),
                complaint="is not a list of ids of environments",
            ),
            "seed": integer_option(0),
            "late_s": duration(0.0, _LONGEST_SPAN),
        },
        storm.blow,
        storm.check,
    ),
}
_TIME = {"in_s": duration(), "at": Option(object)}


def parse(world: World, descriptions: Any) -> list[Entry]:
    """Return entries of the timeline from a description or a list of them.

    :raises DescriptionError: one of them is wrong.
    """
    if isinstance(descriptions, list):
        return [_parse(world, one, f"entry {number}: ") for number, one in enumerate(descriptions, start=1)]
    return [_parse(world, descriptions, "")]


def _parse(world: World, description: Any, where: str) -> Entry:
    try:
        name, given = split_kind("an entry", description, KINDS)
        kind = KINDS[name]
        values = read_options(f"{name} entry", given, {**_TIME, **kind.options})
        if name == "job_outcome" and "runs" not in given:
            values["runs"] = 1  # null means all runs
        for key, option in kind.options.items():
            if values[key] is None and option.default is not None:
                raise DescriptionError(f"{key} is null")
        options = {key: values[key] for key in kind.options}
        kind.check(world, options)
        steps, span = options.get("steps", 1), options.get("over_s", 0.0)
        at = _moment(world, values["in_s"], values["at"])
        if at + span > END_OF_TIME:
            raise DescriptionError("the moment is beyond the year 9998")
        if options.get("late_s", 0.0) > at:
            raise DescriptionError(f"late_s is {options['late_s']}, which leads to a time before 1970")
    except (DescriptionError, TimelineError) as error:
        raise DescriptionError(f"{where}{error}") from error
    return Entry(at, name, options, kind.action, steps, span / steps)


def _moment(world: World, in_s: float | None, at: Any) -> float:
    """Return the virtual time of an entry, which is now unless it names another one.

    :raises DescriptionError: it names two, another kind of value, or a moment that has passed.
    """
    now = world.now()
    if at is None:
        moment = now + (in_s or 0.0)
    elif in_s is not None:
        raise DescriptionError("an entry takes in_s or at, not both")
    else:
        try:
            if not is_of(str, at) and not is_of(float, at):
                raise ValueError
            moment = epoch(at)
        except (ValueError, OverflowError):
            wanted = "neither epoch seconds nor a moment such as 2026-01-05T09:00:00Z"
            raise DescriptionError(f"at is {at!r:.100}, {wanted}") from None
        if moment < now:
            raise DescriptionError(f"at is {at!r}, which is before the virtual time {world.clock.iso(now)}")
    return moment


def catalogue() -> dict[str, Any]:
    """Return the kinds with their options."""
    return {
        name: {
            "about": kind.about,
            "options": [
                {"name": key, "type": one.type.__name__, "default": one.default, "required": one.required}
                for key, one in {**_TIME, **kind.options}.items()
            ],
        }
        for name, kind in KINDS.items()
    }
