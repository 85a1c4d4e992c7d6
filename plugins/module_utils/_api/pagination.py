# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Reads a listing to its end, and says whether it is complete.

How many records there are by the word of the API (``TotalCount``) never ends a listing by itself: the samples of the
reference contradict themselves on it. It says when fetching ahead pays, whether a short page is the last one, and at
the end whether records are missing. Where it contradicts what comes, only a page without records is an end.

A service may put fewer records on a page than were asked for, and may not count them, or count those of the page alone.
A first page is then no end, however short it is. One that is counted in full is believed unless a wrong belief would do
harm: where the list is wanted as a whole, where nothing that was looked for is on the page, so that it would be
created, and where its length is a round number, as the caps of services are. Once a count was that of more than its
page, the service counts lists.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any, Callable, Generic, TypeVar

from .concurrency_limit import MAX_CONCURRENCY

if TYPE_CHECKING:
    from .responses import ApiResponse

T = TypeVar("T")

READ_AHEAD_FROM_PAGES = 4

MAX_REPEATS = 1
"""Pages in a row that show nothing new before the service is taken to turn in circles. One happens to an honest one:
as many records as fit on a page may have come to the front since the page before."""

PAGE_CAP_DIVISOR = 10
"""What the number of records divides by that services put on a page at most."""

MAX_PAGES = 20_000
"""Pages of the longest listing, a million records: one that is longer has no end."""


class Paginator(Generic[T]):
    """The pages of one listing, read in one go. Of a record that is not wanted only its mark stays.

    :param fetch: gets the answer for a page number, from 1 on; called from several threads at once.
    :param records_of: gets the records out of an answer.
    :param make: turns a record into what is wanted of it, None where nothing is; called from one thread.
    :param size: how many records were asked for on a page.
    :param thorough: whether a first page that is counted in full is no end either; None where the service is known to
        count lists, and not pages.
    """

    def __init__(
        self,
        fetch: Callable[[int], ApiResponse],
        records_of: Callable[[ApiResponse], list[dict[str, Any]]],
        transform: Callable[[dict[str, Any]], T | None],
        size: int,
        thorough: bool | None = False,
    ) -> None:
        self._fetch = fetch
        self._records_of = records_of
        self._transform = transform
        self._size = size
        self._thorough = thorough
        self._longest_page = 0
        self._previous_page = 0
        # Whether a count was that of more than its page.
        self.counts_lists = False
        # Records that came, those that came twice included, and records without these.
        self._received = 0
        self._accepted = 0
        # Marks of all records, and of all pages.
        self._seen: set[int] = set()
        self._pages: set[int] = set()
        # Records without an id on pages that equal an earlier one. The next page shows whether they are further ones.
        self._pending: list[dict[str, Any]] = []
        self._repeats = 0
        self._is_looping = False
        self._is_endless = False
        self.items: list[T] = []
        self.totals: list[int] = []

    def read_all(self) -> Paginator[T]:
        """Fetch page after page, in parallel where there are many, until one says by itself that it is the last."""
        number = 1
        ended = self._add_page(self._fetch(number))
        while not ended:
            pages = self._pages_to_fetch(number)
            for response in self._fetch_pages(range(number + 1, number + 1 + pages)):
                number += 1
                ended = ended or self._add_page(response)
            self._is_endless = not ended and number >= MAX_PAGES
            ended = ended or self._is_endless
        return self

    @property
    def has_moved(self) -> bool:
        """Whether records moved while they were read, so that some may be missing that another reading finds."""
        shrank = any(later < earlier for earlier, later in zip(self.totals, self.totals[1:]))
        return shrank or (self._lacks_records and self._received > self._accepted)

    @property
    def incomplete_reason(self) -> str | None:
        """What shows that records are missing, in words; None for a list that is complete as far as anything shows."""
        if self._is_endless:
            return f"it has no end: page {MAX_PAGES} still holds records"
        # A service that takes no page numbers shows everything at once, and its count says so.
        if self._is_looping and self.totals[-1:] != [self._accepted]:
            counted = f", and counts {self.totals[-1]}" if self.totals else ""
            return f"the service shows the same {self._accepted} on page after page{counted}"
        if self._lacks_records:
            return f"{self._accepted} of {self.totals[0]} records came"
        return None

    @property
    def _lacks_records(self) -> bool:
        """Whether less came than was there when reading began. What came into being meanwhile may be missing."""
        return self._accepted < max(self.totals[:1], default=0)

    def _pages_to_fetch(self, number: int) -> int:
        """How many pages to fetch at once."""
        pages = -(-self.totals[-1] // self._size) if self.totals else 0
        return min(MAX_CONCURRENCY, max(1, pages - number)) if pages >= READ_AHEAD_FROM_PAGES else 1

    def _fetch_pages(self, numbers: range) -> list[ApiResponse]:
        if len(numbers) == 1:
            return [self._fetch(numbers[0])]
        from .thread_pool import DaemonThreadPool

        with DaemonThreadPool(MAX_CONCURRENCY) as pool:
            return pool.map(self._fetch, numbers)

    def _add_page(self, response: ApiResponse) -> bool:
        """Add a page and judge whether it is the last.

        The last is empty, or short where the count agrees with it. Records that moved over a page edge while we read
        come once, if they have an identity: without one, such as events, equal records are several.
        """
        page = self._records_of(response)
        # Nought beside records is no count.
        if response.total_count is not None and (response.total_count or not page):
            self.totals.append(response.total_count)
        if not page:
            self._add_records([])
            return True
        fingerprints = [_fingerprint(record) for record in page]
        new = [
            record
            for record, fingerprint in zip(page, fingerprints)
            if fingerprint not in self._seen or not _has_identity(record)
        ]
        page_fingerprint = _fingerprint(fingerprints)
        repeats = not new or page_fingerprint in self._pages
        is_again, self._previous_page = page_fingerprint == self._previous_page, page_fingerprint
        self._pages.add(page_fingerprint)
        self._seen.update(fingerprints)
        self._received += len(page)
        is_short = len(page) < min(self._size, response.page_size or self._size)
        if repeats:
            # Of a service that turns pages, the same one again is the last one; so is a short one that is not counted.
            is_looping = not new and len(self._pages) > 1 and self._total <= len(page)
            is_last = is_again and (is_looping or (is_short and not self.totals))
            return self._add_repeated_page(new, is_short, is_last)
        self._add_records(new)
        self.counts_lists = self.counts_lists or self._total > len(page)
        longest, self._longest_page = self._longest_page, max(self._longest_page, len(page))
        if not self.totals:  # pages may be shorter than asked for, but for the last one they are of one length
            return len(page) < longest
        return is_short and self._count_matches() and not (longest == 0 and self._may_count_page_only(len(page)))

    @property
    def _total(self) -> int:
        """How many records the service says that there are, 0 where it does not say."""
        return self.totals[-1] if self.totals else 0

    def _add_repeated_page(self, new: list[dict[str, Any]], is_short: bool, is_last: bool) -> bool:
        """Add a page that shows nothing which was not seen before, and judge whether it is the last.

        :param new: its records without an identity, which may be further ones all the same.
        :param is_last: whether it is the last one shown again.
        """
        if is_last or (not new and (self._accepted == self._total or (is_short and self._count_matches()))):
            return True
        is_counted = bool(new) and not is_short and self._accepted + len(self._pending) < self._total
        self._pending += new
        self._repeats += 1
        self._is_looping = self._repeats > MAX_REPEATS and not is_counted
        return self._is_looping

    def _may_count_page_only(self, length: int) -> bool:
        """Whether the count of a first page may be that of the page alone, where it matters."""
        is_doubtful = self._thorough or not self.items or length % PAGE_CAP_DIVISOR == 0
        return self._thorough is not None and self.totals[-1] == length and is_doubtful

    def _add_records(self, new: list[dict[str, Any]]) -> None:
        """Count records as seen: new ones, and those on pages before that turn out not to be repeated ones."""
        records = [*self._pending, *new]
        self._pending, self._repeats = [], 0
        self._accepted += len(records)
        self.items += [items for items in map(self._transform, records) if items is not None]

    def _count_matches(self) -> bool:
        """Whether the count says that all records have come, or nothing; those that moved have come twice."""
        return not self.totals or self._accepted <= self.totals[-1] <= self._received


def _has_identity(record: dict[str, Any]) -> bool:
    """Whether equal records are one: they have an id, or the name by which volumes, claims and jobs go."""
    return any(value is not None and (key in ("id", "name") or key.endswith("_id")) for key, value in record.items())


def _fingerprint(content: Any) -> int:
    """What tells a record or a page from every other one: eight bytes, as the mark of each record of a list is kept."""
    text = json.dumps(content, sort_keys=True, default=str)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
