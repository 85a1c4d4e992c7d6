# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The limit of calls."""

from __future__ import annotations

import threading

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.pace import CallLimit, Clock


class SteppedClock(Clock):
    """A clock that only waits move."""

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0

    def monotonic(self) -> float:
        """Return the seconds that were waited."""
        return self.at

    def wait(self, seconds: float) -> bool:
        """Move the clock."""
        self.at += seconds
        return self.is_stopped


@given(most=st.integers(1, 5), gaps=st.lists(st.floats(0, 90), max_size=40))
def test_no_minute_has_more_calls(most: int, gaps: list[float]) -> None:
    clock = SteppedClock()
    limit = CallLimit(most, clock)
    times = []
    for gap in gaps:
        clock.wait(gap)
        assert not limit.take()
        times.append(clock.at)
    assert all(later - earlier >= 60 for earlier, later in zip(times, times[most:], strict=False))


def test_calls_below_the_limit_do_not_wait() -> None:
    clock = SteppedClock()
    limit = CallLimit(10, clock)
    for _call in range(10):
        limit.take()
    assert clock.at == 0.0


def test_a_stop_ends_the_wait() -> None:
    clock = Clock()
    limit = CallLimit(1, clock)
    assert not limit.take()
    stopped: list[bool] = []
    waiting = threading.Thread(target=lambda: stopped.append(limit.take()))
    waiting.start()
    clock.stop()
    waiting.join(30)
    assert stopped == [True]
