# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of the world by pod, in the order of their time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict

from jst_emulator.models.runtime import Event


class EventIndex:
    """The events of every pod, oldest first; events of one moment are in the order of their arrival.

    It finds the events of a pod, or of a span of time, without reading those of the others.
    """

    def __init__(self) -> None:
        self._by_pod: defaultdict[tuple[int, str], list[Event]] = defaultdict(list)

    def add(self, event: Event) -> None:
        """Add an event, which can be older than others of its pod."""
        events = self._by_pod[event.env_id, event.pod_name]
        events.insert(bisect_right(events, event.happened_at, key=_time), event)

    def remove(self, event: Event) -> None:
        """Remove an event."""
        place = event.env_id, event.pod_name
        events = self._by_pod[place]
        # Equal events differ in their ids.
        first = bisect_left(events, event.happened_at, key=_time)
        del events[next(n for n in range(first, len(events)) if events[n].event_id == event.event_id)]
        if not events:
            del self._by_pod[place]

    def of_pod(self, env_id: int, pod_name: str) -> list[Event]:
        """Return the events of a pod."""
        return list(self._by_pod.get((env_id, pod_name), ()))

    def between(self, env_id: int, pod_name: str, start: float, end: float) -> list[Event]:
        """Return the events of a pod that happened from *start* to *end*, both included."""
        events = self._by_pod.get((env_id, pod_name), [])
        return events[bisect_left(events, start, key=_time) : bisect_right(events, end, key=_time)]


def _time(event: Event) -> float:
    return event.happened_at
