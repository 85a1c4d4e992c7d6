# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of the world by pod, level and type, in the order of their time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from typing import NamedTuple

from jst_emulator.models.runtime import Event


class EventFilter(NamedTuple):
    """The events of a pod, of a level, and of a type; an empty level or type stands for all."""

    env_id: int
    pod_name: str
    level: str = ""
    event_type: str = ""


class EventIndex:
    """The events of every filter, oldest first; events of one moment are in the order of their arrival.

    It finds the events of a filter in a span of time without reading others.
    """

    def __init__(self) -> None:
        self._found: defaultdict[EventFilter, list[Event]] = defaultdict(list)

    def add(self, event: Event) -> None:
        """Add an event, which can be older than others of its pod."""
        for wanted in _filters(event):
            events = self._found[wanted]
            events.insert(bisect_right(events, event.happened_at, key=_time), event)

    def remove(self, event: Event) -> None:
        """Remove an event."""
        for wanted in _filters(event):
            events = self._found[wanted]
            # Equal events differ in their ids.
            first = bisect_left(events, event.happened_at, key=_time)
            del events[next(n for n in range(first, len(events)) if events[n].event_id == event.event_id)]
            if not events:
                del self._found[wanted]

    def of_pod(self, env_id: int, pod_name: str) -> list[Event]:
        """Return the events of a pod."""
        return list(self._found.get(EventFilter(env_id, pod_name), ()))

    def between(self, wanted: EventFilter, start: float, end: float) -> list[Event]:
        """Return the events of a filter that happened from *start* to *end*, both included."""
        events = self._found.get(wanted, [])
        return events[bisect_left(events, start, key=_time) : bisect_right(events, end, key=_time)]


def _filters(event: Event) -> set[EventFilter]:
    """Return the filters that select an event."""
    return {
        EventFilter(event.env_id, event.pod_name, level, event_type)
        for level in ("", event.level)
        for event_type in ("", event.event_type)
    }


def _time(event: Event) -> float:
    return event.happened_at
