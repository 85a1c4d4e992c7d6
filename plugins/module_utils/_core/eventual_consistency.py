# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Reads after writes: how long a read that contradicts what is known is repeated.

The service does not document that a list shows a new resource at once, or no longer shows a deleted one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Callable, TypeVar

from .._api.errors import ApiError

if TYPE_CHECKING:
    from .._api.errors import JstError
    from .run_context import RunContext

T = TypeVar("T")

READ_BACK_DELAYS = (0.0, 0.5, 1.0, 2.0, 2.0)
"""Seconds before each read after a write. An early read may still show the state before the write, and believing it
would create a resource twice. The sum bounds the cost of a lost response, and the delay of a list."""


def read_or_absent(
    ctx: RunContext, read: Callable[[], T | None], is_listed: Callable[[], bool], no_data_error: JstError
) -> T | None:
    """Return the result of a describe call; ``None`` when the resource does not exist.

    The service documents no code for a missing resource. So a call that is rejected, or returns nothing, is settled by
    the list. A resource in the list may have been created between the two calls, or the list may lag behind a deletion.
    If it stays listed, the rejection has another cause.

    :param read: the call; returns ``None`` for an empty response.
    :param is_listed: returns whether the list shows the resource.
    :param no_data_error: raised when the resource stays listed, and the call returns nothing.
    :raises ApiError: when the resource stays listed, and the call is rejected.
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
