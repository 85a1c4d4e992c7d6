# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Reads a listing to its end.

How many records there are by the word of the API (``TotalCount``) is a hint here and no more: the samples of the
reference contradict themselves on it. It says when fetching ahead pays, and never ends a listing by itself.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Callable

if TYPE_CHECKING:
    from .answers import Answer

MANY = 4
THREADS = 8


class Listing:
    """The pages of one listing, read in one go.

    :param fetch: gets the answer for a page number, from 1 on; called from several threads at once.
    :param records_of: gets the records out of an answer.
    :param size: how many records were asked for on a page.
    """

    def __init__(
        self, fetch: Callable[[int], Answer], records_of: Callable[[Answer], list[dict[str, Any]]], size: int
    ) -> None:
        self._fetch = fetch
        self._records_of = records_of
        self._size = size
        self._read = 0
        self._stale = 0
        self._previous: list[str] = []
        self._seen: set[str] = set()
        self.records: list[dict[str, Any]] = []
        self.totals: list[int] = []

    def read(self) -> Listing:
        """Fetch page after page, in parallel where there are many, until one says by itself that it is the last."""
        number = 1
        ended = self._take(self._fetch(number))
        while not ended:
            pages = self._ahead(number)
            for answer in self._fetch_all(range(number + 1, number + 1 + pages)):
                number += 1
                ended = ended or self._take(answer)
        return self

    @property
    def shrank(self) -> bool:
        """Whether records vanished meanwhile: others may have moved up to a page that was read already."""
        return any(later < earlier for earlier, later in zip(self.totals, self.totals[1:]))

    def _ahead(self, number: int) -> int:
        """How many pages to fetch at once."""
        pages = -(-self.totals[-1] // self._size) if self.totals else 0
        return min(THREADS, max(1, pages - number)) if pages >= MANY else 1

    def _fetch_all(self, numbers: range) -> list[Answer]:
        if len(numbers) == 1:
            return [self._fetch(numbers[0])]
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(THREADS) as pool:
            return list(pool.map(self._fetch, numbers))

    def _take(self, answer: Answer) -> bool:
        """Add a page and judge whether it is the last.

        The last is empty, repeats the one before it, or is short; a short one is not believed while the API counts more
        records than came. Two pages in a row without anything new end it too, or a service that turns in circles would
        keep us for ever. Records that moved over a page edge while we read come once.
        """
        page = self._records_of(answer)
        marks = [json.dumps(record, sort_keys=True, default=str) for record in page]
        if answer.total_count is not None:
            self.totals.append(answer.total_count)
        if not page or marks == self._previous:
            return True
        fresh = [record for record, mark in zip(page, marks) if mark not in self._seen]
        self.records += fresh
        self._seen.update(marks)
        self._previous = marks
        self._read += len(page)
        self._stale = 0 if fresh else self._stale + 1
        short = len(page) < min(self._size, answer.page_size or self._size)
        return self._stale > 1 or (short and self._read >= (answer.total_count or 0))
