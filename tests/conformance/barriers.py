# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Synchronize calls of several runs at a barrier of the emulator, whatever the load of the machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.conformance.playbook_runner import control


@contextmanager
def barrier(
    address: str,
    action: str,
    callers: int,
    *,
    hold: str = "after",
    where: Mapping[str, Any] | None = None,
    rounds: int = 1,
    max_wait_s: float = 120,
) -> Iterator[None]:
    """Hold calls of *action* until all callers have arrived, and check at the end of the block that they did.

    :param address: of the emulator.
    :param callers: how many calls have to come before all of them continue.
    :param hold: ``after`` executes each call and holds its answer, ``before`` holds it before it is executed.
    :param where: parameters that the calls have to send, by flat API names.
    :param rounds: how many times they meet; later calls pass.
    :param max_wait_s: seconds of real time until those who wait continue without the others.
    :raises AssertionError: fewer calls came, so that the block has not shown what it was to show.
    """
    description = {
        "action": action,
        "callers": callers,
        "hold": hold,
        "where": dict(where or {}),
        "rounds": rounds,
        "max_wait_s": max_wait_s,
    }
    (put_up,) = control(address, "barriers", description)
    try:
        yield
        (state,) = [one for one in control(address, "barriers") if one["number"] == put_up["number"]]
        assert (state["met"], state["timed_out"]) == (rounds, 0), f"{callers} calls of {action} did not meet: {state}"
    finally:
        control(address, "barriers", method="DELETE")
