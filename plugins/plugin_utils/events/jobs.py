# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watch the runs of scheduled jobs: those that failed, and those that the schedule demanded and nobody saw."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ApiError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import State
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.job import Job
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.pod import events_result, read_optional
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.pod_diagnostics import event_text
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.body import MAX_PARTS, Event, Place, iso
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.job_schedules import JobSchedule, JobSchedules
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.state_file import Change
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.watch import Tools, Watch, epoch
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.window import MINUTE, Window

RUNS = "unfinished runs of environment"
"""The sections with the runs of an environment that have not ended."""

SCHEDULES = "schedules"
"""The section with what is known of the schedule of each environment."""

MAX_DELAY = 24 * 3600.0
"""The most seconds between the scheduled time of a run and its start, in any time zone."""

_SCHEDULED_MINUTE = re.compile(r"-(\d{7,9})$")
"""Kubernetes ends the name of a run with its scheduled minute, counted from 1970."""


class JobWatch(Watch):
    """Read the runs of each environment that has a job.

    Only the service decides whether a run has failed. Its list of failed runs is read when a run looks like one.

    What is remembered of a schedule: ``text`` and ``zone``, ``until`` (the time up to which its runs were checked),
    ``ran`` (whether a run was ever seen), ``slots`` (the scheduled times of runs that were seen) and ``read_at``.
    """

    name = "jobs"

    def __init__(self, tools: Tools) -> None:
        super().__init__(tools)
        self._schedules = JobSchedules(self.service, self.notices, self.skip, self.options.schedule_time_zone)

    def read(self, read_at: float) -> bool:
        """Read the runs of all environments."""
        self._read_at = read_at
        self._schedules.refresh(self.places, read_at, self.options.refresh_interval)
        for place in self.places:
            known = self.state.get(SCHEDULES, str(place.environment_id))
            if not (self._schedules.has_no_job(place) and not (known or {}).get("ran")):
                self._read_place(place)
        for section, environment_id in self.gone_environments(RUNS, read_at):
            self.state.commit([Change(section, name, None) for name in self.state.items(section)])
            self.state.commit(self._window(environment_id).forget())
            self.state.commit([Change(SCHEDULES, environment_id, None)])
        return False

    def _read_place(self, place: Place) -> None:
        subject = f"The job runs of {place.label}"
        try:
            runs = self._list(place, "ALL")
            # The first reading needs to know which runs have failed before.
            is_first = self._window(place.environment_id).is_new
            candidates = [run for run in runs if _may_have_failed(run) and (is_first or self._is_due(place, run))]
            failed = {_key(run) for run in self._list(place, "FAILED")} if candidates else set()
        except ApiError as error:
            self.skip(error, subject)
            return
        self.notices.readable(subject)
        schedule = self._schedules.of(place)
        for run in candidates:
            if _key(run) in failed and self._is_due(place, run):
                self._send_failed(place, run, schedule)
        self._remember_unfinished(place, runs, failed)
        self._check_schedule(place, runs, schedule)
        self.state.commit(self._window(place.environment_id).advance(self.start, self._read_at))

    def _list(self, place: Place, status: str) -> list[State]:
        runs = list(Job().list_states(self.service.context(), place.scope, {}, {"Status": status}))
        self.service.has_responded = True
        return runs

    # Failed runs

    def _is_due(self, place: Place, run: State) -> bool:
        """Return whether the failure of a run is new, if it has failed."""
        is_known = self.state.get(self._section(place), _key(run)) is not None
        return is_known or self._window(place.environment_id).is_unseen(_key(run), _ended(run), self.start)

    def _send_failed(self, place: Place, run: State, schedule: JobSchedule | None) -> None:
        key, at = _key(run), _ended(run)
        members: dict[str, Any] = {"job": _shown(run, schedule)}
        if self.options.logs and not self.is_baseline and "failed" in self.options.types:
            members["logs"] = self._logs(place, run["pods"])
        changes = [Change(self._section(place), key, None), self._window(place.environment_id).seen(key, at)]
        self.send(Event("job", "failed", key, self._read_at if at is None else at, place, members), changes)

    def _remember_unfinished(self, place: Place, runs: Sequence[State], failed: set[str]) -> None:
        """Remember the runs that may still fail, since their failure may show no time but that of their start."""
        section, window = self._section(place), self._window(place.environment_id)
        unfinished = {
            _key(run)
            for run in runs
            if not _has_succeeded(run) and _key(run) not in failed and run["completion_time"] is None
        }
        known = self.state.items(section)
        changes = [Change(section, key, None) for key in known if key not in unfinished]
        for run in runs:
            key = _key(run)
            is_new = window.is_new or window.is_unseen(key, _ended(run), self.start)
            if key in unfinished and key not in known and is_new:
                changes.append(Change(section, key, 1))
        self.state.commit(changes)

    def _logs(self, place: Place, pods: Sequence[str]) -> list[dict[str, Any]]:
        logs = []
        for pod in pods[:MAX_PARTS]:
            parameters = {**place.parameters, "PodName": pod}
            response = read_optional(self.service.context(), "DescribeJobLog", parameters, f"log of pod {pod!r}")
            events = (
                None if response is None else [event_text(event) for event in events_result(response.get("events"))]
            )
            logs.append({"instance": pod, "log": (response or {}).get("job_log"), "events": events})
        return logs

    # Missed runs

    def _check_schedule(self, place: Place, runs: Sequence[State], schedule: JobSchedule | None) -> None:
        """Send the scheduled times without a run.

        A schedule counts from the moment at which it was seen, once a run was seen. A run that is not listed any more
        may have existed, so a time counts only if the source read the list after it, or the list reaches back to it.
        """
        key = str(place.environment_id)
        if schedule is None:
            known = self.state.get(SCHEDULES, key)
            ran = {"ran": True} if runs or (known or {}).get("ran") else None
            if known != ran:
                self.state.commit([Change(SCHEDULES, key, ran)])
            return
        known = self.state.get(SCHEDULES, key) or {}
        entry = {"text": schedule.text, "zone": schedule.zone, "ran": bool(runs or known.get("ran"))}
        is_same = (known.get("text"), known.get("zone")) == (schedule.text, schedule.zone)
        until = known["until"] if is_same else self._read_at
        slots = {slot for run in runs if (slot := _scheduled(run)) is not None}
        starts = [start for run in runs if (start := epoch(run["start_time"])) is not None]
        others = [start for run in runs if _scheduled(run) is None and (start := epoch(run["start_time"])) is not None]
        seen = slots | set(known.get("slots", ()) if is_same else ())
        # A later run shows that the time has passed, also when the clock of this machine is behind.
        due = max([self._read_at, *slots]) - self.options.missed_after
        last_read = known.get("read_at", self._read_at) if is_same else self._read_at
        for slot in schedule.schedule.times(until, due):
            # A run without a scheduled time in its name belongs to the last time before its start.
            late = min(schedule.schedule.times(slot, slot + self.options.missed_after), default=None)
            end = slot + self.options.missed_after if late is None else late - MINUTE
            has_run = slot in seen or any(slot - MINUTE <= start < end for start in others)
            is_certain = last_read >= slot + MINUTE or min(starts, default=slot) < slot
            if known.get("ran") and is_certain and not has_run:
                entry.update(until=slot, slots=sorted(seen), read_at=last_read)
                self._send_missed(place, slot, schedule, Change(SCHEDULES, key, dict(entry)))
        until = max(until, due)
        entry.update(until=until, slots=sorted(slot for slot in seen if slot > until), read_at=self._read_at)
        self.state.commit([Change(SCHEDULES, key, entry)])

    def _send_missed(self, place: Place, slot: int, schedule: JobSchedule, change: Change) -> None:
        job: dict[str, Any] = {**dict.fromkeys(item.name for item in Job.fields), "pods": []}
        job.update(schedule=schedule.text, scheduled_time=iso(slot))
        self.send(Event("job", "missed", str(slot), slot, place, {"job": job}), [change])

    def _section(self, place: Place) -> str:
        return f"{RUNS} {place.environment_id}"

    def _window(self, environment_id: object) -> Window:
        return Window(self.state, f"{self.name} {environment_id}", self.options.window)


def _has_succeeded(run: State) -> bool:
    return (run["succeeded"] or 0) >= max(1, run["completions"] or 1)


def _may_have_failed(run: State) -> bool:
    return not _has_succeeded(run) and bool(run["failed"] or run["message"])


def _ended(run: State) -> float | None:
    ended = epoch(run["completion_time"])
    return epoch(run["start_time"]) if ended is None else ended


def _scheduled(run: State) -> int | None:
    """Return the scheduled time of a run by its name, None for a name of another form.

    Another number at the end of a name is far from the start.
    """
    match, start = _SCHEDULED_MINUTE.search(run["name"] or ""), epoch(run["start_time"])
    if match is None or start is None or abs(int(match[1]) * MINUTE - start) > MAX_DELAY:
        return None
    return int(match[1]) * MINUTE


def _key(run: State) -> str:
    """Return the name of a run, or a digest of what never changes of a run without a name."""
    if run["name"]:
        return str(run["name"])
    return hashlib.sha256(json.dumps([run["pods"], run["start_time"]]).encode()).hexdigest()[:24]


def _shown(run: State, schedule: JobSchedule | None) -> dict[str, Any]:
    shown = {item.name: item.type.to_result(run[item.name]) for item in Job.fields}
    return {**shown, "schedule": schedule.text if schedule else None, "scheduled_time": None}
