# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Reads a listing to its end.

How many records there are by the word of the API (``TotalCount``) is a hint here and no more: the samples of the
reference contradict themselves on it. It says when fetching ahead pays, and never ends a listing by itself.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Callable, Generic, TypeVar

from .gate import WIDTH

if TYPE_CHECKING:
    from .answers import Answer

Made = TypeVar("Made")

MANY = 4


class Listing(Generic[Made]):
    """The pages of one listing, read in one go. Of a record that is not wanted only its mark stays.

    :param fetch: gets the answer for a page number, from 1 on; called from several threads at once.
    :param records_of: gets the records out of an answer.
    :param make: turns a record into what is wanted of it, None where nothing is; called from one thread.
    :param size: how many records were asked for on a page.
    """

    def __init__(
        self,
        fetch: Callable[[int], Answer],
        records_of: Callable[[Answer], list[dict[str, Any]]],
        make: Callable[[dict[str, Any]], Made | None],
        size: int,
    ) -> None:
        self._fetch = fetch
        self._records_of = records_of
        self._make = make
        self._size = size
        self._read = 0
        self._stale = 0
        self._previous: list[int] = []
        self._seen: set[int] = set()
        self.made: list[Made] = []
        self.totals: list[int] = []

    def read(self) -> Listing[Made]:
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

    @property
    def read_none(self) -> bool:
        """Whether nothing came of a list that is not empty by the word of the API: then it is no proof of anything."""
        return not self._read and bool(self.totals) and self.totals[-1] > 0

    def _ahead(self, number: int) -> int:
        """How many pages to fetch at once."""
        pages = -(-self.totals[-1] // self._size) if self.totals else 0
        return min(WIDTH, max(1, pages - number)) if pages >= MANY else 1

    def _fetch_all(self, numbers: range) -> list[Answer]:
        if len(numbers) == 1:
            return [self._fetch(numbers[0])]
        from .pool import DaemonPool

        with DaemonPool(WIDTH) as pool:
            return pool.map(self._fetch, numbers)

    def _take(self, answer: Answer) -> bool:
        """Add a page and judge whether it is the last.

        The last is empty, repeats the one before it, or is short; a short one is not believed while the API counts more
        records than came. Two pages in a row without anything new end it too, or a service that turns in circles would
        keep us for ever. Records that moved over a page edge while we read come once, if they have an identity: without
        one, such as events, equal records are several.
        """
        page = self._records_of(answer)
        marks = [_mark(record) for record in page]
        total = answer.total_count or 0
        short = len(page) < min(self._size, answer.page_size or self._size)
        if answer.total_count is not None:
            self.totals.append(answer.total_count)
        counted_on = not short and self._read < total and not any(map(_has_identity, page))
        if not page or (marks == self._previous and not counted_on):
            return True
        fresh = [record for record, mark in zip(page, marks) if mark not in self._seen or not _has_identity(record)]
        self.made += [made for made in map(self._make, fresh) if made is not None]
        self._seen.update(marks)
        self._previous = marks
        self._read += len(page)
        self._stale = 0 if fresh else self._stale + 1
        return self._stale > 1 or (short and self._read >= total)


def _has_identity(record: dict[str, Any]) -> bool:
    """Whether equal records are one: they have an id, or the name by which volumes, claims and jobs go."""
    return any(value is not None and (key in ("id", "name") or key.endswith("_id")) for key, value in record.items())


def _mark(record: dict[str, Any]) -> int:
    """What tells a record from every other one: eight bytes, since a mark of each record of a listing is kept."""
    text = json.dumps(record, sort_keys=True, default=str)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
