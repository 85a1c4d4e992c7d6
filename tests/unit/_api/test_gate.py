# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many requests are on their way at once, and how that changes while the service throttles."""

from __future__ import annotations

import threading

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.gate import Gate

PATIENCE = 10.0


def throttle(gate: Gate) -> None:
    """Let one request be throttled."""
    with gate as ticket:
        gate.throttled(ticket)


def test_no_more_than_its_width_are_inside() -> None:
    gate = Gate(3)
    inside, most, lock = 0, 0, threading.Lock()
    full = threading.Barrier(3)

    def pass_through(waits: bool) -> None:
        nonlocal inside, most
        with gate:
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
    gate = Gate(8)
    throttle(gate)
    assert gate.width == 4
    throttle(gate)
    throttle(gate)
    throttle(gate)
    assert gate.width == 1
    gate.answered()
    assert gate.width == 2
    gate.answered()
    assert gate.width == 2
    gate.answered()
    assert gate.width == 3
    for _dummy in range(1000):
        gate.answered()
    assert gate.width == 8


def test_requests_that_are_throttled_together_narrow_it_once() -> None:
    gate = Gate(8)
    with gate as first, gate as second, gate as third:
        gate.throttled(first)
        gate.throttled(second)
        assert gate.width == 4
        with gate as later:  # the one after it is an event of its own
            gate.throttled(third)
            gate.throttled(later)
    assert gate.width == 2


def test_whoever_waits_gets_through_when_it_widens_again() -> None:
    gate = Gate(2)
    throttle(gate)
    through = threading.Event()

    def wait_outside() -> None:
        with gate:
            through.set()

    with gate:
        thread = threading.Thread(target=wait_outside)
        thread.start()
        assert not through.is_set()
        gate.answered()
        assert through.wait(PATIENCE)
    thread.join(PATIENCE)


def test_a_gate_lets_something_through() -> None:
    with pytest.raises(ValueError, match="nothing"):
        Gate(0)
