# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The virtual clock, which can run at another speed, advance with every call, and be moved forward."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

#: The last moment that a clock shows, 9999-01-01T00:00:00Z; Python's calendar ends a year later.
END_OF_TIME = 253370764800.0


class ClockState(NamedTuple):
    """The state of a clock: virtual epoch seconds, virtual seconds per real second, and virtual seconds per call."""

    now: float
    scale: float
    step: float


class VirtualClock:
    """A clock that starts at a moment and runs at *scale* times the real speed.

    :param scale: virtual seconds per real second; with 0 the clock stands still.
    :param source: returns the real time in epoch seconds.
    :param start: virtual epoch seconds to start at, None for the real time.
    :ivar step: virtual seconds that every call adds.
    :ivar on_the_wire: whether the ``Date`` of responses and the checks of time stamps follow it, and not the real time.
    :raises ValueError: *scale* is negative.
    """

    def __init__(self, scale: float = 1.0, source: Callable[[], float] = time.time, start: float | None = None) -> None:
        self._source = source
        self._real = source()
        self._virtual = self._real if start is None else start
        self.scale = self.step = 0.0
        self.on_the_wire = False
        self.rescale(scale)

    def now(self) -> float:
        """Return virtual epoch seconds; a clock at the end of time stands still."""
        return min(self._virtual + (self._source() - self._real) * self.scale, END_OF_TIME)

    def advance(self, seconds: float) -> None:
        """Move the clock forward by *seconds* of virtual time.

        :raises ValueError: *seconds* is negative.
        """
        if seconds < 0:
            raise ValueError("the clock cannot go backwards")
        self._virtual += seconds

    def tick(self) -> None:
        """Add the virtual time that every call takes."""
        self._virtual += self.step

    def state(self) -> ClockState:
        """Return the state, for :meth:`resume`."""
        return ClockState(self.now(), self.scale, self.step)

    def resume(self, state: ClockState) -> None:
        """Continue from a state, at the speed of that state."""
        self._virtual, self._real = state.now, self._source()
        self.scale, self.step = state.scale, state.step

    def rescale(self, scale: float) -> None:
        """Continue at *scale* times the real speed.

        :raises ValueError: *scale* is negative.
        """
        if scale < 0:
            raise ValueError("the clock cannot run backwards")
        self._virtual, self._real = self.now(), self._source()
        self.scale = scale

    def iso(self, at: float | None = None) -> str:
        """Return *at* (epoch seconds, default: now) as ``2020-01-05T17:03:09Z``."""
        return self.format("%Y-%m-%dT%H:%M:%SZ", at)

    def format(self, pattern: str, at: float | None = None) -> str:
        """Return *at* (epoch seconds, default: now) in UTC, formatted by a ``strftime`` *pattern*."""
        moment = self.now() if at is None else at
        return datetime.fromtimestamp(moment, tz=UTC).strftime(pattern)


def epoch(moment: float | str | datetime) -> float:
    """Return a moment in epoch seconds; a text is ISO 8601, in UTC when it names no zone.

    :raises ValueError: a text has another format.
    """
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if isinstance(moment, datetime):
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    return float(moment)
