# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Waiting as a contract: one deadline, a failed state ends it at once, a timeout tells what was seen last."""

from __future__ import annotations

import time
from typing import Any, Callable, Iterator

from .errors import WaitTimeoutError
from .run_context import RunContext

FIRST_INTERVAL = 0.25


def poll_intervals(longest: float) -> Iterator[float]:
    """Seconds between looks: short at first, since most things are ready soon, then ``longest``."""
    interval = min(FIRST_INTERVAL, longest)
    while True:
        yield interval
        interval = min(interval * 2, longest)


def wait_until(ctx: RunContext, purpose: str, poll: Callable[[], tuple[str | None, Any]], report: bool = False) -> Any:
    """Look again and again until there is nothing left to wait for.

    :param purpose: what is waited for, in words that complete "Gave up waiting for ...".
    :param look: gives (what is still missing or ``None``, what was seen).
    :param report: whether to tell the operator when that has changed.
    :returns: what was seen last.
    :raises WaitTimeoutError: at the task's deadline; a task without one waits for as long as it takes.
    """
    told = ""
    for interval in poll_intervals(ctx.interval):
        missing, seen = poll()
        if missing is None:
            return seen
        # Whoever finds it ready at once has not waited: a failure of the first look is one of what was done before.
        ctx.activity = f"wait for {purpose}"
        if report and missing != told:
            told = missing
            ctx.notify(f"{purpose}: {missing}")
        left = None if ctx.deadline is None else ctx.deadline - time.monotonic()
        if left is not None and left <= 0:
            raise WaitTimeoutError(
                f"Gave up waiting for {purpose} after {ctx.timeout or 0:g} s (wait_timeout); last seen: {missing}.",
                seen,
            )
        ctx.sleep(interval if left is None else min(interval, left))
    raise AssertionError("pauses never end")
