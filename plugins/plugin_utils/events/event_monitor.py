# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Watch the event monitor: one list for each pod, since the service has none across pods."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ApiError
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.event import LEVELS
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.event import Event as EventRecord
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.body import Event, Place
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.instance_lists import InstanceLists
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.state_file import Change
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.watch import Tools, Watch, epoch
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.window import Window

PODS = "pods of environment"
"""The sections with the pods of an environment: name -> when it was missed first, 0 while it is listed."""

AHEAD = 24 * 3600.0
"""Seconds by which the end of a reading lies in the future, since clocks of nodes may be ahead."""


class EventMonitorWatch(Watch):
    """Read the records of each instance, also for some time after the instance is gone.

    Records have no id. Those that are equal in every member, their time and count included, are one.
    """

    name = "events"

    def __init__(self, tools: Tools, lists: InstanceLists) -> None:
        super().__init__(tools)
        self._lists = lists

    def read(self, read_at: float) -> bool:
        """Read the records of all pods."""
        self._read_at = read_at
        self._finished: list[Change] = []
        self._failures = 0
        for place in self.places:
            instances = self._lists.of(place)
            if instances is None:
                continue
            section = f"{PODS} {place.environment_id}"
            known = self.state.items(section)
            failures = self._failures
            pods = {pod: 0 if pod in instances else (known[pod] or read_at) for pod in {**known, **instances}}
            # After a kill in this round, the list may not show them any more.
            self.state.commit_now([Change(section, pod, at) for pod, at in pods.items() if known.get(pod) != at])
            for pod, gone_at in pods.items():
                self._read_pod(place, pod, read_at)
                if gone_at and read_at - gone_at > self.options.window:
                    self._finished += [Change(section, pod, None), *self._window(place.environment_id, pod).forget()]
            if self._failures == failures:
                self.notices.readable(f"The events of {place.label}")
        for section, environment_id in self.gone_environments(PODS, read_at):
            for pod in self.state.items(section):
                self._finished += [Change(section, pod, None), *self._window(environment_id, pod).forget()]
        self.state.commit(self._finished)
        return False

    def _read_pod(self, place: Place, pod: str, read_at: float) -> None:
        window = self._window(place.environment_id, pod)
        parameters = {
            **place.parameters,
            "PodName": pod,
            "StartTime": int(window.since(self.start) * 1000),
            "EndTime": int((read_at + AHEAD) * 1000),
        }
        if len(self.options.levels) == 1:
            parameters["EventLevel"] = self.options.levels[0]
        subject = f"The events of pod {pod} in {place.label}"
        try:
            for event_type in self.options.event_types or (None,):

                def visit(record: dict[str, Any], event_type: str | None = event_type) -> None:
                    self._compare(place, pod, window, record, event_type)

                self.service.walk("DescribeEventMonitorList", {**parameters, "EventType": event_type}, visit)
        except ApiError as error:
            # The next reading starts where this one did. The service has one error for everything (reference 4.2), so
            # only a second one shows that it does not concern the pod alone.
            self._failures += 1
            if error.transient and error.is_rejection and self._failures == 1:
                self.notices.refused(f"The events of {place.label}", error)
            else:
                self.skip(error, subject)
            return
        self.notices.readable(subject)
        self._finished += window.advance(self.start, read_at)

    def _compare(self, place: Place, pod: str, window: Window, record: dict[str, Any], event_type: str | None) -> None:
        state = EventRecord().state_from(record, place.scope)
        at = epoch(state["event_time"])
        shown = {item.name: item.type.to_result(state[item.name]) for item in EventRecord.fields}
        key = hashlib.sha256(json.dumps([pod, shown], sort_keys=True).encode()).hexdigest()[:24]
        if not window.is_unseen(key, at, self.start):
            return
        seen = [window.seen(key, at)]
        if state["level"] in LEVELS and state["level"] not in self.options.levels:
            self.state.commit(seen)
            return
        members = {"event": {**shown, "type": event_type}}
        self.send(Event("event", "recorded", key, self._read_at if at is None else at, place, members), seen)

    def _window(self, environment_id: object, pod: str) -> Window:
        return Window(self.state, f"{self.name} {environment_id} {pod}", self.options.window)
