# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Waiting: polls, intervals, the deadline, and the message of a timeout."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import islice
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import FailedStateError, WaitTimeoutError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.wait import poll_intervals, wait_until
from tests.unit.plugins.module_utils._core.conftest import Clock, MakeContext

Poll = Callable[[], tuple[str | None, Any]]


def polls(missing: Iterable[str | None]) -> Poll:
    """Return a poll that reports one of these after another as missing, and its own number as the state."""
    found = enumerate(missing, start=1)

    def poll() -> tuple[str | None, Any]:
        number, still = next(found)
        return still, number

    return poll


def test_pauses_grow_up_to_the_interval() -> None:
    assert list(islice(poll_intervals(5), 7)) == [0.25, 0.5, 1, 2, 4, 5, 5]


def test_pauses_are_never_longer_than_the_interval() -> None:
    assert list(islice(poll_intervals(0.1), 3)) == [0.1, 0.1, 0.1]


def test_what_is_ready_is_not_waited_for(make_context: MakeContext, clock: Clock) -> None:
    assert wait_until(make_context(wait_timeout=60), "lamp", polls([None])) == 1
    assert clock.pauses == []


def test_what_was_seen_last_is_returned(make_context: MakeContext, clock: Clock) -> None:
    ctx = make_context(wait_timeout=600, wait_interval=1)
    assert wait_until(ctx, "lamp", polls(["off", "off", "dim", None])) == 4
    assert clock.pauses == [0.25, 0.5, 1]
    assert ctx.activity == "wait for lamp"


def test_the_deadline_counts_from_the_start_of_the_task(make_context: MakeContext, clock: Clock) -> None:
    ctx = make_context(wait_timeout=10)
    clock.now += 11
    with pytest.raises(WaitTimeoutError):
        wait_until(ctx, "lamp", polls(["off"]))
    assert clock.pauses == []


def test_the_last_look_is_at_the_deadline_and_the_error_tells_it(make_context: MakeContext, clock: Clock) -> None:
    start = clock.now
    with pytest.raises(WaitTimeoutError) as error:
        wait_until(
            make_context(wait_timeout=3, wait_interval=2), "lamp 'desk'", polls(["off", "off", "off", "dim"] * 2)
        )
    assert clock.now == start + 3
    assert clock.pauses == [0.25, 0.5, 1, 1.25]
    assert error.value.message == "Gave up waiting for lamp 'desk' after 3 s (wait_timeout); last seen: off."
    assert error.value.last == 5
    assert "wait_timeout" in str(error.value.hint)


def test_no_deadline_is_not_a_passed_one(make_context: MakeContext, clock: Clock) -> None:
    ctx = make_context(wait_interval=2)
    assert ctx.deadline is None
    assert wait_until(ctx, "lamp", polls([*["off"] * 99, None])) == 100
    assert clock.pauses[-1] == 2


def test_ready_at_the_deadline_is_ready(make_context: MakeContext, clock: Clock) -> None:
    assert wait_until(make_context(wait_timeout=0.25), "lamp", polls(["off", None])) == 2


def test_no_time_at_all_leaves_one_look(make_context: MakeContext, clock: Clock) -> None:
    assert wait_until(make_context(wait_timeout=0), "lamp", polls([None])) == 1
    with pytest.raises(WaitTimeoutError):
        wait_until(make_context(wait_timeout=0), "lamp", polls(["off"]))
    assert clock.pauses == []


def test_time_that_looks_take_counts(make_context: MakeContext, clock: Clock) -> None:
    def poll() -> tuple[str | None, Any]:
        clock.now += 40
        return "off", None

    with pytest.raises(WaitTimeoutError):
        wait_until(make_context(wait_timeout=60), "lamp", poll)
    assert clock.pauses == [0.25]


def test_a_failed_state_ends_the_wait_at_once(make_context: MakeContext, clock: Clock) -> None:
    def poll() -> tuple[str | None, Any]:
        raise FailedStateError("lamp is broken", "seen")

    with pytest.raises(FailedStateError) as error:
        wait_until(make_context(wait_timeout=60), "lamp", poll)
    assert error.value.last == "seen"
    assert clock.pauses == []
