# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The clock of the source, and the limit of its calls."""

from __future__ import annotations

import threading
import time
from collections import deque

SPAN = 61.0
"""Seconds in which the limit holds: a minute, and a second for differences of the way to the service."""


class Clock:
    """The time of this machine, and waits that a stop ends."""

    def __init__(self) -> None:
        self._stopped = threading.Event()

    def now(self) -> float:
        """Return epoch seconds."""
        return time.time()

    def monotonic(self) -> float:
        """Return seconds that never go back."""
        return time.monotonic()

    def wait(self, seconds: float) -> bool:
        """Wait, and return whether the source was stopped."""
        return self._stopped.wait(seconds)

    def stop(self) -> None:
        """End all waits, those to come too."""
        self._stopped.set()

    @property
    def is_stopped(self) -> bool:
        """Whether the source was stopped."""
        return self._stopped.is_set()


class CallLimit:
    """Delays calls so that no minute has more than a number of them. Thread-safe."""

    def __init__(self, calls_per_minute: int, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._times: deque[float] = deque(maxlen=calls_per_minute)

    def take(self) -> bool:
        """Wait until a call is allowed, and return whether the source was stopped."""
        with self._lock:
            if len(self._times) == self._times.maxlen:
                left = self._times[0] + SPAN - self._clock.monotonic()
                if left > 0 and self._clock.wait(left):
                    return True
            self._times.append(self._clock.monotonic())
            return self._clock.is_stopped
