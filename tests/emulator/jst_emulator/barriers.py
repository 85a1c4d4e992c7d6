# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Barriers hold matching calls until a number of callers has come, and then release all of them.

A barrier makes callers meet whatever the speed of each of them is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jst_emulator import call_filter
from jst_emulator.call_filter import Call, CallFilter, DescriptionError, Option, duration, integer_option

BEFORE, AFTER = "before", "after"
#: Seconds of real time after which a barrier opens by itself: the default and the maximum.
MAX_WAIT, LONGEST_WAIT = 60.0, 3600.0
_MOMENTS = (BEFORE, AFTER)
_OPTIONS = {
    "callers": integer_option(least=1, required=True),
    "hold": Option(str, AFTER, accepts=lambda value: value in _MOMENTS, complaint=f"is one of {', '.join(_MOMENTS)}"),
    "max_wait_s": duration(MAX_WAIT, LONGEST_WAIT),
    "rounds": integer_option(1),
}


@dataclass
class _Round:
    """The callers that wait together."""

    deadline: float
    present: int = 0
    is_over: bool = False


@dataclass
class Barrier:
    """A barrier.

    :ivar filter: the calls that it holds.
    :ivar callers: the number of callers that open it.
    :ivar hold: ``before`` holds calls before their execution, ``after`` holds the responses of executed calls.
    :ivar max_wait_s: seconds of real time from the first caller of a round until the barrier opens by itself.
    :ivar rounds: the number of rounds that are left; None for no limit.
    :ivar met: rounds to which all callers came.
    :ivar timed_out: rounds that opened by themselves.
    """

    number: int
    filter: CallFilter
    callers: int
    hold: str
    max_wait_s: float
    rounds: int | None
    met: int = 0
    timed_out: int = 0
    round: _Round | None = None

    @property
    def is_spent(self) -> bool:
        """Whether no rounds are left."""
        return self.rounds == 0

    def end_round(self, *, met: bool) -> None:
        """Release the callers of the current round."""
        if self.round is None:
            return
        self.round.is_over, self.round = True, None
        self.met += met
        self.timed_out += not met
        if self.rounds is not None:
            self.rounds -= 1

    def as_dict(self) -> dict[str, Any]:
        """Return the barrier for the control side; ``waiting`` is the number of callers that it holds now."""
        return {
            "number": self.number,
            **self.filter.as_dict(),
            "callers": self.callers,
            "hold": self.hold,
            "max_wait_s": self.max_wait_s,
            "rounds": self.rounds,
            "waiting": self.round.present if self.round else 0,
            "met": self.met,
            "timed_out": self.timed_out,
        }


class BarrierRegistry:
    """The barriers of an emulator.

    Every caller of a method holds the lock of the emulator. :meth:`hold` releases it while it waits.

    :param lock: the lock of the emulator.
    :param source: returns the real time in seconds.
    """

    def __init__(self, lock: threading.RLock, source: Callable[[], float] = time.monotonic) -> None:
        self._changed = threading.Condition(lock)
        self._source = source
        self._barriers: list[Barrier] = []
        self._last = 0

    def put_up(self, descriptions: Any) -> list[Barrier]:
        """Add barriers from their descriptions: a call filter, ``callers``, ``hold``, ``max_wait_s`` and ``rounds``.

        :param descriptions: one description or a list.
        :raises DescriptionError: a description is wrong; then no barrier is added.
        """
        read = [_read(each) for each in (descriptions if isinstance(descriptions, list) else [descriptions])]
        for barrier in read:
            self._last += 1
            barrier.number = self._last
        self._barriers += read
        return read

    def hold(self, call: Call, moment: str) -> None:
        """Wait until the first barrier that matches *call* at this *moment* opens."""
        barrier = self._holding(call, moment)
        if barrier is None:
            return
        if barrier.round is None:
            barrier.round = _Round(self._source() + barrier.max_wait_s)
        own = barrier.round
        own.present += 1
        if own.present >= barrier.callers:
            barrier.end_round(met=True)
            self._changed.notify_all()
        while not own.is_over:
            left = own.deadline - self._source()
            if left <= 0:
                barrier.end_round(met=False)
                self._changed.notify_all()
            else:
                self._changed.wait(left)

    def _holding(self, call: Call, moment: str) -> Barrier | None:
        """Return the first barrier that holds *call* at this *moment*."""
        fitting = (one for one in self._barriers if one.hold == moment and one.filter.matches(call))
        return next((one for one in fitting if not one.is_spent), None)

    def show(self) -> list[dict[str, Any]]:
        """Return all barriers in the order of creation, spent ones included."""
        return [barrier.as_dict() for barrier in self._barriers]

    def take_down(self) -> None:
        """Remove all barriers and release their callers."""
        with self._changed:
            for barrier in self._barriers:
                if barrier.round:
                    barrier.round.is_over = True
            self._barriers.clear()
            self._changed.notify_all()


def _read(description: Any) -> Barrier:
    if not isinstance(description, dict):
        raise DescriptionError("a barrier is an object with at least callers")
    selected, values = call_filter.parse("barrier", description, _OPTIONS)
    return Barrier(0, selected, **values)
