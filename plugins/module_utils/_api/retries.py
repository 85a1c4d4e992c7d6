# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""When a call is tried again, and after how long."""

from __future__ import annotations

import random
from typing import Callable

from .errors import ApiError, NotSentError, ThrottledError

TRANSIENT_STATUS = (500, 502, 503, 504)
"""HTTP status that may be another one a little later."""

CLOCK_CODES = ("InvalidTimeStamp.Expired", "IllegalTimestamp")
"""Codes that end with the next try if the clock is put right before it."""

EXPIRED_TOKEN = "InvalidSecurityToken.Expired"
"""How the code begins that ends with the next try if there is a newer token."""

BASE = 0.5
CAP = 20.0
LONGEST_WISH = 60.0


class Retries:
    """The tries of one call.

    A failure that may pass is tried again, a write only where it is certain that nothing was carried out. The pauses
    grow and are drawn from the whole range from zero on (full jitter), so that many callers do not come back at once.

    :param reads: whether the call is a read.
    :param limit: value of the monotonic clock that no further try starts after.
    """

    def __init__(self, reads: bool, limit: float, monotonic: Callable[[], float]) -> None:
        self._reads = reads
        self._limit = limit
        self._monotonic = monotonic
        self._longest = BASE

    def pause(self, error: ApiError) -> float | None:
        """Seconds to wait before the next try, None where there is to be none."""
        if not error.transient or not (self._reads or isinstance(error, (NotSentError, ThrottledError))):
            return None
        left = self._limit - self._monotonic()
        asked = min(error.retry_after or 0.0, LONGEST_WISH)
        # Whoever was told the same time would come back at once without a pause of its own on top.
        pause = asked + random.uniform(0, max(0.0, min(self._longest, (left - asked) / 2)) if asked else self._longest)
        self._longest = min(CAP, self._longest * 2)
        return pause if pause < left else None
