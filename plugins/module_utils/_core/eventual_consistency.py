# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""How long a read that contradicts what is known is not believed.

Nothing says that a list shows at once what was created, or no longer shows what was deleted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, TypeVar

from .._api.errors import ApiError

if TYPE_CHECKING:
    from .._api.errors import JstError
    from .run_context import RunContext

T = TypeVar("T")

READ_BACK_DELAYS = (0.0, 0.5, 1.0, 2.0, 2.0)
"""Seconds before each read after a write. A read that comes too early may still show the state before the write;
believing it would create a resource twice. The sum bounds what a lost answer costs, and how late a list may be."""


def read_or_absent(
    ctx: RunContext, read: Callable[[], T | None], is_listed: Callable[[], bool], no_data_error: JstError
) -> T | None:
    """Return what a call shows of a thing, ``None`` when the thing is not there.

    The service has no documented code for "not there", so a call that is rejected in any way, or shows nothing, is
    settled by the list of such things. Where that shows the thing, it may have been made between the two calls, or the
    list may lag behind a deletion; if it stays like this, the rejection is about something else.

    :param ask: the call; ``None`` where it shows nothing.
    :param is_listed: whether the list shows the thing.
    :param untold: what to raise when the thing stays listed, and the call shows nothing of it.
    :raises ApiError: when the thing stays listed, and the call rejected.
    """
    error_to_raise = no_data_error
    for delay in READ_BACK_DELAYS:
        if delay:
            ctx.sleep_and_invalidate(delay)
        error_to_raise = no_data_error
        try:
            state = read()
        except ApiError as error:
            if not error.is_rejection:
                raise
            state, error_to_raise = None, error
        if state is not None:
            return state
        if not is_listed():
            return None
    raise error_to_raise
