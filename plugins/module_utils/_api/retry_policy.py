# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The retry policy: which failed calls are sent again, and after which delay."""

from __future__ import annotations

import random
from typing import Callable

from .errors import ApiError, ConnectionFailedError, ThrottledError

TRANSIENT_STATUS = (500, 502, 503, 504)
"""HTTP statuses of failures that may be temporary."""

CLOCK_CODES = ("InvalidTimeStamp.Expired", "IllegalTimestamp")
"""Codes of requests that are rejected for their time. A retry succeeds once the client has the gateway's time."""

EXPIRED_TOKEN = "InvalidSecurityToken.Expired"
"""Prefix of the code for an expired token. A retry succeeds with newer credentials."""

# Seconds.
BASE_DELAY = 0.5
MAX_DELAY = 20.0
MAX_RETRY_AFTER = 60.0


class RetryPolicy:
    """The retries of one call.

    A read is retried after any transient failure, a write only when the service certainly did not execute it. Delays
    grow exponentially and are random between zero and the current maximum (full jitter), so that parallel callers do
    not retry at the same moment.

    :param is_read: whether the call is a read.
    :param deadline: value of the monotonic clock after which no attempt starts.
    """

    def __init__(self, is_read: bool, deadline: float, monotonic: Callable[[], float]) -> None:
        self._is_read = is_read
        self._deadline = deadline
        self._monotonic = monotonic
        self._delay_cap = BASE_DELAY

    def next_delay(self, error: ApiError) -> float | None:
        """Return the seconds to wait before the next attempt, None when the call must not be retried."""
        if not error.transient or not (self._is_read or isinstance(error, (ConnectionFailedError, ThrottledError))):
            return None
        left = self._deadline - self._monotonic()
        asked = min(error.retry_after or 0.0, MAX_RETRY_AFTER)
        # Jitter on top: callers that got the same x-acs-retry-after would otherwise retry at the same moment.
        delay = asked + random.uniform(
            0, max(0.0, min(self._delay_cap, (left - asked) / 2)) if asked else self._delay_cap
        )
        self._delay_cap = min(MAX_DELAY, self._delay_cap * 2)
        return delay if delay < left else None
