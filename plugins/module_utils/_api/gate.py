# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""How many requests of a client may be on their way at once."""

from __future__ import annotations

import threading

WIDTH = 8
"""How many requests of a client are on their way at once unless told otherwise."""


class Gate:
    """Lets so many through at once, and fewer for as long as the service says that they are too many.

    The width is halved when a request is throttled, once for all requests that were on their way then. It grows by one
    with as many answers in a row as it is wide (additive increase, multiplicative decrease).

    :param widest: how many at most.
    :raises ValueError: when that is less than one.
    """

    def __init__(self, widest: int) -> None:
        if widest < 1:
            raise ValueError("nothing would ever get through")
        self._widest = widest
        self._inside = 0
        self._answers = 0
        self._narrowed = 0
        self._changed = threading.Condition()
        self.width = widest

    def __enter__(self) -> int:
        """Return a ticket, which :meth:`throttled` takes."""
        with self._changed:
            while self._inside >= self.width:
                self._changed.wait()
            self._inside += 1
            return self._narrowed

    def __exit__(self, *_error: object) -> None:
        with self._changed:
            self._inside -= 1
            self._changed.notify()

    def throttled(self, ticket: int) -> None:
        """A request was one too many.

        :param ticket: the request's own. One from before the width was last halved belongs to the same event.
        """
        with self._changed:
            if ticket == self._narrowed:
                self._narrowed += 1
                self.width = max(1, self.width // 2)
                self._answers = 0

    def answered(self) -> None:
        """A request was answered."""
        with self._changed:
            self._answers += 1
            if self._answers >= self.width and self.width < self._widest:
                self.width += 1
                self._answers = 0
                self._changed.notify()
