# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pauses between tries."""

from __future__ import annotations

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    ApiError,
    AuthenticationError,
    ConnectionFailedError,
    RequestRejectedError,
    ResponseLostError,
    ServiceFailureError,
    ThrottledError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._api.retry_policy import RetryPolicy


def error(kind: type[ApiError], transient: bool = True, retry_after: float | None = None) -> ApiError:
    return kind("m", action="ListApp", code="c", transient=transient, retry_after=retry_after)


@pytest.mark.parametrize(
    ("kind", "transient", "read", "write"),
    [
        (ConnectionFailedError, True, True, True),
        (ConnectionFailedError, False, False, False),
        (ThrottledError, True, True, True),
        (ResponseLostError, True, True, False),
        (ServiceFailureError, True, True, False),
        (ServiceFailureError, False, False, False),
        (RequestRejectedError, True, True, False),
        (RequestRejectedError, False, False, False),
        (AuthenticationError, False, False, False),
    ],
)
def test_who_is_tried_again(kind: type[ApiError], transient: bool, read: bool, write: bool) -> None:
    for reads, again in ((True, read), (False, write)):
        pause = RetryPolicy(reads, 100.0, lambda: 0.0).next_delay(error(kind, transient))
        assert (pause is not None) is again


def test_pauses_are_drawn_from_the_whole_range() -> None:
    firsts = [RetryPolicy(True, 100.0, lambda: 0.0).next_delay(error(ResponseLostError)) or 0.0 for draw in range(200)]
    assert all(0 <= pause <= 0.5 for pause in firsts)
    assert min(firsts) < 0.1
    assert max(firsts) > 0.4


def test_a_pause_that_would_pass_the_limit_is_none() -> None:
    policy = RetryPolicy(True, 10.0, lambda: 5.0)
    assert 4.9 <= (policy.next_delay(error(ThrottledError, retry_after=4.9)) or 0.0) < 5.0
    assert policy.next_delay(error(ThrottledError, retry_after=5.0)) is None
