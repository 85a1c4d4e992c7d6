# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""How many requests of a client may be on their way at once."""

from __future__ import annotations

import threading

MAX_CONCURRENCY = 8
"""How many requests of a client are on their way at once unless told otherwise."""


class AdaptiveLimiter:
    """Lets so many through at once, and fewer for as long as the service says that they are too many.

    The width is halved when a request is throttled, once for all requests that were on their way then. It grows by one
    with as many answers in a row as it is wide (additive increase, multiplicative decrease).

    :param widest: how many at most.
    :raises ValueError: when that is less than one.
    """

    def __init__(self, max_concurrency: int) -> None:
        if max_concurrency < 1:
            raise ValueError("nothing would ever get through")
        self._max_concurrency = max_concurrency
        self._in_flight = 0
        self._successes = 0
        self._decreases = 0
        self._condition = threading.Condition()
        self.limit = max_concurrency

    def __enter__(self) -> int:
        """Return a ticket, which :meth:`throttled` takes."""
        with self._condition:
            while self._in_flight >= self.limit:
                self._condition.wait()
            self._in_flight += 1
            return self._decreases

    def __exit__(self, *_error: object) -> None:
        with self._condition:
            self._in_flight -= 1
            self._condition.notify()

    def on_throttle(self, ticket: int) -> None:
        """A request was one too many.

        :param ticket: the request's own. One from before the width was last halved belongs to the same event.
        """
        with self._condition:
            if ticket == self._decreases:
                self._decreases += 1
                self.limit = max(1, self.limit // 2)
                self._successes = 0

    def on_success(self) -> None:
        """A request was answered."""
        with self._condition:
            self._successes += 1
            if self._successes >= self.limit and self.limit < self._max_concurrency:
                self.limit += 1
                self._successes = 0
                self._condition.notify()
