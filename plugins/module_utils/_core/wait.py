# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Waiting with one deadline. A failed state ends the wait at once, and a timeout reports the last state."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Callable, Iterator, Sequence

from .._api.hints import Hint
from .errors import FailedStateError, WaitTimeoutError
from .fields import State
from .run_context import RunContext
from .wording import capitalize_first, join_known

if TYPE_CHECKING:
    from .resource import Resource

FIRST_INTERVAL = 0.25
# How many reads in a row have to miss an existing resource. A single one may be stale.
MAX_MISSES = 3


def poll_intervals(max_interval: float) -> Iterator[float]:
    """Yield seconds between polls: short at first, since most resources are ready soon, then ``max_interval``."""
    interval = min(FIRST_INTERVAL, max_interval)
    while True:
        yield interval
        interval = min(interval * 2, max_interval)


def wait_until(
    ctx: RunContext,
    purpose: str,
    poll: Callable[[], tuple[str | None, Any]],
    progress_subject: Callable[[Any], str] | None = None,
) -> Any:
    """Poll until nothing is missing.

    :param purpose: completes "Gave up waiting for ...".
    :param poll: returns what is still missing, ``None`` when nothing is, and the state.
    :param progress_subject: returns by the state what the progress lines are about. The operator gets a line whenever
        the missing part changes; ``None`` for none.
    :returns: the last state.
    :raises WaitTimeoutError: at the run's deadline. A run without one waits without limit.
    """
    reported = ""
    for interval in poll_intervals(ctx.interval):
        missing, seen = poll()
        if missing is None:
            return seen
        # Set after the first poll: its failure belongs to the activity before.
        ctx.activity = f"wait for {purpose}"
        if progress_subject is not None and missing != reported:
            reported = missing
            ctx.notify(f"{progress_subject(seen)}: {missing}")
        remaining = None if ctx.deadline is None else ctx.deadline - time.monotonic()
        if remaining is not None and remaining <= 0:
            raise WaitTimeoutError(
                f"Gave up waiting for {purpose} after {ctx.timeout or 0:g} s (wait_timeout); last seen: {missing}.",
                seen,
                hint=Hint(
                    "Raise {timeout}, or set {no_wait} and read the resource later.",
                    "请增大 {timeout}；也可以设置 {no_wait}，稍后再读取该资源。",
                    timeout=ctx.setting_words("wait_timeout"),
                    no_wait=ctx.setting_words("wait=false"),
                ),
            )
        ctx.sleep(interval if remaining is None else min(interval, remaining))
    raise AssertionError("poll intervals never end")


def wait_if_asked(
    ctx: RunContext, resource: Resource, scope: dict[str, Any], given: State, current: State | None
) -> State | None:
    """Return the resource once it is ready, or as it is when the run does not wait."""
    if not (ctx.wait and resource.supports_wait):
        return current
    return wait_until_ready(ctx, resource, scope, given, [current])


def wait_until_ready(
    ctx: RunContext, resource: Resource, scope: dict[str, Any], given: State, known: Sequence[State | None] = ()
) -> State | None:
    """Wait until the resource is ready, or deleted.

    :param known: the state that was just read, if any.
    :raises FailedStateError: when somebody else deletes it meanwhile.
    """
    awaited = resource.acting(ctx) or resource
    first = list(known)
    seen = False
    missed = 0

    def poll_resource() -> tuple[str | None, State | None]:
        nonlocal seen, missed
        state = first.pop() if first else resource.find(ctx, scope, given)
        if ctx.state == "absent":
            return (None if resource.is_desired(ctx, given, state) else "it still exists"), state
        missed = 0 if resource.exists(state) else missed + 1
        seen = seen or not missed
        if seen and missed >= MAX_MISSES:
            label = capitalize_first(resource.describe(given))
            raise FailedStateError(f"{label} no longer exists: somebody else deleted it while the task waited for it.")
        return ("it does not exist" if state is None else resource.wait_reason(ctx, given, state)), state

    ctx.activity = f"read {resource.describe(given)}"

    def subject(state: State | None) -> str:
        return join_known(
            ": ", resource.location(ctx, scope, {**(state or {}), **given}), awaited.describe_awaited(given, state)
        )

    purpose = awaited.describe(given)
    result: State | None = wait_until(ctx, purpose, poll_resource, subject if resource.reports_progress else None)
    if resource.has_ended(result):
        ctx.begun = []
    return result
