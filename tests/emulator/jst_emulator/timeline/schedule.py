# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The schedule of the timeline: planned entries, and a log of what happened."""

from __future__ import annotations

import heapq
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from jst_emulator import simulation

if TYPE_CHECKING:
    from jst_emulator.world import World

#: How many entries the log keeps.
LOG_KEPT = 10_000

#: Makes an entry happen at a virtual time, from its options and the number of its step. It returns what it touched, and
#: raises a TimelineError when that is not possible; then it has changed nothing.
Action = Callable[["World", float, dict[str, Any], int], dict[str, Any]]


class TimelineError(ValueError):
    """An entry cannot happen; the message says why."""


@dataclass
class Entry:
    """An entry of the timeline.

    :ivar at: the virtual time of its first step.
    :ivar options: the options of its kind.
    :ivar steps: how often it happens.
    :ivar every: the virtual seconds from a step to the next.
    :ivar done: how many steps happened.
    """

    at: float
    kind: str
    options: dict[str, Any]
    action: Action
    steps: int = 1
    every: float = 0.0
    done: int = 0

    @property
    def next_at(self) -> float:
        """The virtual time of the next step."""
        return self.at + self.done * self.every


class Timeline:
    """What will happen in a world, and what happened.

    A storm of any size is one entry, and the log has a limit, so neither grows with what happens.
    """

    def __init__(self) -> None:
        self._planned: list[tuple[float, int, Entry]] = []
        self._number = 0
        self._log: deque[dict[str, Any]] = deque(maxlen=LOG_KEPT)
        self._seq = 0
        self._counts: Counter[str] = Counter()

    def __deepcopy__(self, memo: dict[int, Any]) -> Timeline:
        twin = Timeline()
        memo[id(self)] = twin
        # Options and log entries do not change.
        twin._planned = [(at, number, replace(entry)) for at, number, entry in self._planned]
        twin._number, twin._seq = self._number, self._seq
        twin._log, twin._counts = self._log.copy(), self._counts.copy()
        return twin

    def plan(self, entry: Entry) -> None:
        """Add an entry; entries of one moment happen in the order in which they were added."""
        self._number += 1
        heapq.heappush(self._planned, (entry.next_at, self._number, entry))

    def advance(self, world: World, now: float) -> None:
        """Let everything happen that is due until *now*, in the order of time.

        Entries that are not possible are logged as failed.
        """
        while self._planned and self._planned[0][0] <= now:
            at, number, entry = heapq.heappop(self._planned)
            simulation.advance(world, at)
            try:
                self._happen(world, entry)
            except TimelineError as error:
                self._add_to_log(world, entry, at, "failed", entry.kind, {"problem": str(error)})
            entry.done += 1
            if entry.done < entry.steps:
                heapq.heappush(self._planned, (entry.next_at, number, entry))
        simulation.advance(world, now)

    def begin(self, world: World, entry: Entry) -> dict[str, Any]:
        """Let the first step of an entry happen now, and plan the others. Return its place in the log.

        :raises TimelineError: it is not possible; then nothing is planned.
        """
        logged = self._happen(world, entry)
        entry.done = 1
        if entry.steps > 1:
            self.plan(entry)
        # Without a duration the steps that are due happen at once too.
        self.advance(world, world.now())
        return logged

    def _happen(self, world: World, entry: Entry) -> dict[str, Any]:
        """Let the next step of an entry happen, and return its place in the log.

        :raises TimelineError: it is not possible.
        """
        at = entry.next_at
        touched = entry.action(world, at, entry.options, entry.done)
        return self._add_to_log(world, entry, at, "done", touched.pop("kind", entry.kind), touched)

    def planned(self, world: World) -> list[dict[str, Any]]:
        """Return the planned entries, the next one first."""
        return [show(world, entry) for _at, _number, entry in sorted(self._planned, key=lambda one: one[:2])]

    def since(self, seq: int = 0) -> list[dict[str, Any]]:
        """Return the log entries with a number greater than *seq*, oldest first."""
        return [one for one in self._log if one["seq"] > seq]

    def counts(self) -> dict[str, int]:
        """Return how often what happened, by kind, whatever the log still has; and how many entries failed."""
        return dict(sorted(self._counts.items()))

    def clear(self) -> None:
        """Cancel what is planned; the log stays."""
        self._planned.clear()

    def _add_to_log(
        self, world: World, entry: Entry, at: float, state: str, kind: str, more: dict[str, Any]
    ) -> dict[str, Any]:
        self._seq += 1
        self._counts["failed" if state == "failed" else kind] += 1
        by = {"part_of": entry.kind} if kind != entry.kind else {}
        logged = {"seq": self._seq, "at": at, "time": world.clock.iso(at), "kind": kind, "state": state, **by, **more}
        self._log.append(logged)
        return logged


def show(world: World, entry: Entry) -> dict[str, Any]:
    """Return a planned entry for the control side."""
    given = {name: value for name, value in entry.options.items() if value is not None}
    left = {"steps_left": entry.steps - entry.done} if entry.steps > 1 else {}
    place = {"at": entry.next_at, "time": world.clock.iso(entry.next_at), "kind": entry.kind, "state": "planned"}
    return {**given, **left, **place}
