# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests are on their way at once, and how that changes while the service throttles."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.concurrency_limit import AdaptiveLimiter

PATIENCE = 10.0


def throttle(limiter: AdaptiveLimiter) -> None:
    """Let one request be throttled."""
    with limiter as ticket:
        limiter.on_throttle(ticket)


def test_no_more_than_its_width_are_inside() -> None:
    limiter = AdaptiveLimiter(3)
    inside, most, lock = 0, 0, threading.Lock()
    full = threading.Barrier(3)

    def pass_through(waits: bool) -> None:
        nonlocal inside, most
        with limiter:
            with lock:
                inside += 1
                most = max(most, inside)
            if waits:
                full.wait(PATIENCE)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=pass_through, args=(number < 3,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(PATIENCE)
    assert (most, inside) == (3, 0)


def test_it_narrows_at_once_and_widens_slowly() -> None:
    limiter = AdaptiveLimiter(8)
    throttle(limiter)
    assert limiter.limit == 4
    throttle(limiter)
    throttle(limiter)
    throttle(limiter)
    assert limiter.limit == 1
    limiter.on_success()
    assert limiter.limit == 2
    limiter.on_success()
    assert limiter.limit == 2
    limiter.on_success()
    assert limiter.limit == 3
    for _dummy in range(1000):
        limiter.on_success()
    assert limiter.limit == 8


def test_requests_that_are_throttled_together_narrow_it_once() -> None:
    limiter = AdaptiveLimiter(8)
    with limiter as first, limiter as second, limiter as third:
        limiter.on_throttle(first)
        limiter.on_throttle(second)
        assert limiter.limit == 4
        with limiter as later:  # the one after it is an event of its own
            limiter.on_throttle(third)
            limiter.on_throttle(later)
    assert limiter.limit == 2


def test_whoever_waits_gets_through_when_it_widens_again() -> None:
    limiter = AdaptiveLimiter(2)
    throttle(limiter)
    through = threading.Event()

    def wait_outside() -> None:
        with limiter:
            through.set()

    with limiter:
        thread = threading.Thread(target=wait_outside)
        thread.start()
        assert not through.is_set()
        limiter.on_success()
        assert through.wait(PATIENCE)
    thread.join(PATIENCE)


def test_the_limit_is_at_least_one() -> None:
    with pytest.raises(ValueError, match="at least 1"):
        AdaptiveLimiter(0)
