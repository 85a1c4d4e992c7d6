# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The limit of concurrent requests of one client: it adapts to throttling by the service."""

from __future__ import annotations

import threading

MAX_CONCURRENCY = 8
"""Concurrent requests of a client by default."""


class AdaptiveLimiter:
    """Limit the number of concurrent requests. Use it as a context manager around each request.

    The limit is halved when requests are throttled, once for all requests that were in flight. It grows by one after as
    many successes in a row as the limit allows requests (additive increase, multiplicative decrease).

    :param max_concurrency: the highest limit, at least 1.
    :raises ValueError: for a lower value.
    """

    def __init__(self, max_concurrency: int) -> None:
        if max_concurrency < 1:
            raise ValueError("max_concurrency must be at least 1")
        self._max_concurrency = max_concurrency
        self._in_flight = 0
        self._successes = 0
        self._decreases = 0
        self._condition = threading.Condition()
        self.limit = max_concurrency

    def __enter__(self) -> int:
        """Wait for a free slot. Return a ticket for :meth:`on_throttle`."""
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
        """Halve the limit after a throttled request.

        :param ticket: the ticket of the request. A ticket from before the last decrease belongs to the same throttling.
        """
        with self._condition:
            if ticket == self._decreases:
                self._decreases += 1
                self.limit = max(1, self.limit // 2)
                self._successes = 0

    def on_success(self) -> None:
        """Count a success, and raise the limit when there were enough."""
        with self._condition:
            self._successes += 1
            if self._successes >= self.limit and self.limit < self._max_concurrency:
                self.limit += 1
                self._successes = 0
                self._condition.notify()
