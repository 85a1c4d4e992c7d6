# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Waiting as a contract: one deadline, a failed state ends it at once, a timeout tells what was seen last."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable, Iterator, Sequence

from .errors import FailedStateError, WaitTimeoutError
from .fields import State
from .run_context import RunContext
from .wording import capitalize_first

if TYPE_CHECKING:
    from .resource import Resource

FIRST_INTERVAL = 0.25
# How many looks in a row have to miss what was there before; one alone may be an old answer.
MAX_MISSES = 3


def poll_intervals(max_interval: float) -> Iterator[float]:
    """Seconds between looks: short at first, since most things are ready soon, then ``longest``."""
    interval = min(FIRST_INTERVAL, max_interval)
    while True:
        yield interval
        interval = min(interval * 2, max_interval)


def wait_until(ctx: RunContext, purpose: str, poll: Callable[[], tuple[str | None, Any]], report: bool = False) -> Any:
    """Look again and again until there is nothing left to wait for.

    :param purpose: what is waited for, in words that complete "Gave up waiting for ...".
    :param look: gives (what is still missing or ``None``, what was seen).
    :param report: whether to tell the operator when that has changed.
    :returns: what was seen last.
    :raises WaitTimeoutError: at the task's deadline; a task without one waits for as long as it takes.
    """
    reported = ""
    for interval in poll_intervals(ctx.interval):
        missing, seen = poll()
        if missing is None:
            return seen
        # Whoever finds it ready at once has not waited: a failure of the first look is one of what was done before.
        ctx.activity = f"wait for {purpose}"
        if report and missing != reported:
            reported = missing
            ctx.notify(f"{purpose}: {missing}")
        remaining = None if ctx.deadline is None else ctx.deadline - time.monotonic()
        if remaining is not None and remaining <= 0:
            raise WaitTimeoutError(
                f"Gave up waiting for {purpose} after {ctx.timeout or 0:g} s (wait_timeout); last seen: {missing}.",
                seen,
            )
        ctx.sleep(interval if remaining is None else min(interval, remaining))
    raise AssertionError("pauses never end")


def wait_if_asked(
    ctx: RunContext, resource: Resource, scope: dict[str, Any], given: State, current: State | None
) -> State | None:
    """The thing once it is ready, or as it is when the task does not wait."""
    if not (ctx.wait and resource.supports_wait):
        return current
    return wait_until_ready(ctx, resource, scope, given, [current])


def wait_until_ready(
    ctx: RunContext, resource: Resource, scope: dict[str, Any], given: State, known: Sequence[State | None] = ()
) -> State | None:
    """Wait until the thing is ready, or gone.

    :param known: the state that was just read, if one was.
    :raises FailedStateError: when somebody else takes it away meanwhile.
    """
    first = list(known)
    seen = False
    missed = 0

    def poll_resource() -> tuple[str | None, State | None]:
        nonlocal seen, missed
        state = first.pop() if first else resource.find(ctx, scope, given)
        if ctx.state == "absent":
            return (None if resource.is_desired(ctx, given, state) else "still there"), state
        missed = 0 if resource.exists(state) else missed + 1
        seen = seen or not missed
        if seen and missed >= MAX_MISSES:
            thing = capitalize_first(resource.describe(given))
            raise FailedStateError(f"{thing} is gone: somebody else took it away while the task waited for it.")
        return ("not there" if state is None else resource.wait_reason(ctx, given, state)), state

    ctx.activity = f"read {resource.describe(given)}"
    result: State | None = wait_until(ctx, resource.describe(given), poll_resource, resource.reports_progress)
    return result
