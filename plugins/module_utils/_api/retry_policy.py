# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""When a call is tried again, and after how long."""

from __future__ import annotations

import random
from typing import Callable

from .errors import ApiError, ConnectionFailedError, ThrottledError

TRANSIENT_STATUS = (500, 502, 503, 504)
"""HTTP status that may be another one a little later."""

CLOCK_CODES = ("InvalidTimeStamp.Expired", "IllegalTimestamp")
"""Codes that end with the next try if the clock is put right before it."""

EXPIRED_TOKEN = "InvalidSecurityToken.Expired"
"""How the code begins that ends with the next try if there is a newer token."""

BASE_DELAY = 0.5
MAX_DELAY = 20.0
MAX_RETRY_AFTER = 60.0


class RetryPolicy:
    """The tries of one call.

    A failure that may pass is tried again, a write only where it is certain that nothing was carried out. The pauses
    grow and are drawn from the whole range from zero on (full jitter), so that many callers do not come back at once.

    :param reads: whether the call is a read.
    :param limit: value of the monotonic clock that no further try starts after.
    """

    def __init__(self, is_read: bool, deadline: float, monotonic: Callable[[], float]) -> None:
        self._is_read = is_read
        self._deadline = deadline
        self._monotonic = monotonic
        self._delay_cap = BASE_DELAY

    def next_delay(self, error: ApiError) -> float | None:
        """Seconds to wait before the next try, None where there is to be none."""
        if not error.transient or not (self._is_read or isinstance(error, (ConnectionFailedError, ThrottledError))):
            return None
        left = self._deadline - self._monotonic()
        asked = min(error.retry_after or 0.0, MAX_RETRY_AFTER)
        # Whoever was told the same time would come back at once without a pause of its own on top.
        delay = asked + random.uniform(
            0, max(0.0, min(self._delay_cap, (left - asked) / 2)) if asked else self._delay_cap
        )
        self._delay_cap = min(MAX_DELAY, self._delay_cap * 2)
        return delay if delay < left else None
