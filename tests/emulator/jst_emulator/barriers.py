# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Barriers: hold matching calls until so many callers have come, and let all of them go on at once.

They make callers meet without any assumption about how fast each of them is.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jst_emulator import call_filter
from jst_emulator.call_filter import Call, CallFilter, DescriptionError, Option, duration, whole

BEFORE, AFTER = "before", "after"
#: Seconds of real time after which a barrier opens by itself unless told otherwise, and the most that can be told.
MAX_WAIT, LONGEST_WAIT = 60.0, 3600.0
_MOMENTS = (BEFORE, AFTER)
_OPTIONS = {
    "callers": whole(least=1, required=True),
    "hold": Option(str, AFTER, accepts=lambda value: value in _MOMENTS, complaint=f"is one of {', '.join(_MOMENTS)}"),
    "max_wait_s": duration(MAX_WAIT, LONGEST_WAIT),
    "rounds": whole(1),
}


@dataclass
class _Round:
    """The callers that wait together."""

    deadline: float
    present: int = 0
    is_over: bool = False


@dataclass
class Barrier:
    """One barrier.

    :ivar filter: the calls it holds.
    :ivar callers: how many of them have to come.
    :ivar hold: ``before`` holds them before they are executed, ``after`` holds the answers of those executed.
    :ivar max_wait_s: seconds of real time from the first caller of a round until it opens by itself.
    :ivar rounds: how many times it will still hold callers; None for no end.
    :ivar met: rounds that all callers came to.
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
        """Whether it holds nobody any more."""
        return self.rounds == 0

    def end_round(self, *, met: bool) -> None:
        """Let the callers of the present round go on."""
        if self.round is None:
            return
        self.round.is_over, self.round = True, None
        self.met += met
        self.timed_out += not met
        if self.rounds is not None:
            self.rounds -= 1

    def as_dict(self) -> dict[str, Any]:
        """What the control side shows; ``waiting`` are the callers that are held now."""
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

    Whoever calls a method holds the emulator's lock; :meth:`hold` lets go of it while it waits.

    :param lock: the emulator's.
    :param source: gives the real time in seconds.
    """

    def __init__(self, lock: threading.RLock, source: Callable[[], float] = time.monotonic) -> None:
        self._changed = threading.Condition(lock)
        self._source = source
        self._barriers: list[Barrier] = []
        self._last = 0

    def put_up(self, descriptions: Any) -> list[Barrier]:
        """Put up a barrier: the calls it is about, ``callers``, ``hold``, ``max_wait_s`` and ``rounds``.

        :param descriptions: one of them or a list.
        :raises DescriptionError: a description is wrong; then none is put up.
        """
        read = [_read(each) for each in (descriptions if isinstance(descriptions, list) else [descriptions])]
        for barrier in read:
            self._last += 1
            barrier.number = self._last
        self._barriers += read
        return read

    def hold(self, call: Call, moment: str) -> None:
        """Wait until the barrier that is about *call* at this *moment* opens; the first put up comes first."""
        barrier = next(
            (one for one in self._barriers if one.hold == moment and not one.is_spent and one.filter.matches(call)),
            None,
        )
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
        fitting = (one for one in self._barriers if one.hold == moment and one.filter.matches(call))
        return next((one for one in fitting if not one.is_spent), None)

    def show(self) -> list[dict[str, Any]]:
        """All barriers, spent ones included, in the order in which they were put up."""
        return [barrier.as_dict() for barrier in self._barriers]

    def take_down(self) -> None:
        """Take all down; callers that are held go on."""
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
