# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Pagination: read all pages of a list, and judge whether the list is complete.

The samples of the reference contradict themselves on ``TotalCount``, so a count alone never ends a list. It decides
when read-ahead pays, whether a short page is the last one, and at the end whether records are missing. When the count
contradicts the records, only an empty page ends the list.

A service may return fewer records per page than requested. It may send no count, or the count of one page. A short
first page is therefore not the end of a list. A first page with a matching count is accepted as the whole list, except
when the mistake would do harm:

- the caller needs the whole list (``thorough``);
- the page holds no wanted record, so that the caller would create one;
- the number of records is round, as page limits of services are.

Once a count exceeded the records of its page, the service is known to count lists.
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
"""Pages in a row without new records before the service is considered to repeat pages forever. One such page is normal:
a full page of records may have moved to the front since the previous page."""

PAGE_CAP_DIVISOR = 10
"""Page limits of services are multiples of this number."""

MAX_PAGES = 20_000
"""Pages of the longest possible list, one million records. A longer list has no end."""


class Paginator(Generic[T]):
    """Read all pages of one list. Only a fingerprint is kept of records that are not wanted.

    :param fetch: returns the response for a page number, from 1. Called from several threads.
    :param records_of: returns the records of a response.
    :param transform: returns the item for a record, None for an unwanted record. Called from one thread.
    :param size: the requested records per page.
    :param thorough: whether a first page with a matching count may still be incomplete. None: the service is known to
        count lists, not pages.
    :ivar items: the transformed records.
    :ivar totals: the counts that the service sent, one per page at most.
    :ivar counts_lists: whether a count exceeded the records of its page.
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
        self.counts_lists = False
        # All records that came, and those without repetitions.
        self._received = 0
        self._accepted = 0
        # Fingerprints of all records, by their identity and by their content, and of all pages.
        self._seen: set[int] = set()
        self._contents: set[int] = set()
        self._pages: set[int] = set()
        # Records without an id on repeated pages. The next page shows whether they are further records.
        self._pending: list[dict[str, Any]] = []
        self._repeats = 0
        self._is_looping = False
        self._is_endless = False
        # Whether the ids of a record tell it apart from all others. None: no page had two records yet.
        self._has_unique_ids: bool | None = None
        self.items: list[T] = []
        self.totals: list[int] = []

    def read_all(self) -> Paginator[T]:
        """Fetch all pages, long lists in parallel, and return the paginator itself."""
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
        """Whether records moved between pages during the reading, so that another reading may find more."""
        shrank = any(later < earlier for earlier, later in zip(self.totals, self.totals[1:]))
        return shrank or (self._lacks_records and self._received > self._accepted)

    @property
    def incomplete_reason(self) -> str | None:
        """Why records are missing, for a message. None for a list without any sign of that."""
        if self._is_endless:
            return f"it has no end: page {MAX_PAGES} still holds records"
        # A service that ignores page numbers returns everything at once, with a matching count.
        if self._is_looping and self.totals[-1:] != [self._accepted]:
            counted = f", and counts {self.totals[-1]}" if self.totals else ""
            return f"the service keeps returning the same records, {self._accepted} in total{counted}"
        if self._lacks_records:
            return f"{self._accepted} of {self.totals[0]} records came"
        return None

    @property
    def _lacks_records(self) -> bool:
        """Whether fewer records came than existed at the start. Records created meanwhile may be missing."""
        return self._accepted < max(self.totals[:1], default=0)

    def _pages_to_fetch(self, number: int) -> int:
        """Return the number of pages to fetch in parallel."""
        pages = -(-self.totals[-1] // self._size) if self.totals else 0
        return min(MAX_CONCURRENCY, max(1, pages - number)) if pages >= READ_AHEAD_FROM_PAGES else 1

    def _fetch_pages(self, numbers: range) -> list[ApiResponse]:
        if len(numbers) == 1:
            return [self._fetch(numbers[0])]
        from .thread_pool import DaemonThreadPool

        with DaemonThreadPool(MAX_CONCURRENCY) as pool:
            return pool.map(self._fetch, numbers)

    def _add_page(self, response: ApiResponse) -> bool:
        """Add a page and return whether it is the last one.

        The last page is empty, or short while the count matches. A record that moved to another page is kept once if it
        has an identity. Without one, as events are, equal records are distinct.
        """
        page = self._records_of(response)
        # A count of 0 on a page with records is no count.
        if response.total_count is not None and (response.total_count or not page):
            self.totals.append(response.total_count)
        if not page:
            self._add_records([])
            return True
        contents = [_fingerprint(record) for record in page]
        fingerprints = self._fingerprints(page, contents)
        new = [
            record
            for record, fingerprint in zip(page, fingerprints)
            if fingerprint not in self._seen or not _has_identity(record)
        ]
        page_fingerprint = _fingerprint(fingerprints)
        # Records that came before with other values are taken once more, since the last reading counts.
        changed = [
            record
            for record, fingerprint, content in zip(page, fingerprints, contents)
            if fingerprint in self._seen and _has_identity(record) and content not in self._contents
        ]
        repeats = not new or page_fingerprint in self._pages
        is_again, self._previous_page = page_fingerprint == self._previous_page, page_fingerprint
        self._pages.add(page_fingerprint)
        self._seen.update(fingerprints)
        self._contents.update(contents)
        self._keep(changed)
        self._received += len(page)
        is_short = len(page) < min(self._size, response.page_size or self._size)
        if repeats:
            # When pages differ, a page that comes again is the last one. So is a short page without a count.
            is_looping = not new and len(self._pages) > 1 and self._total <= len(page)
            is_last = is_again and (is_looping or (is_short and not self.totals))
            return self._add_repeated_page(new, is_short, is_last)
        self._add_records(new)
        self.counts_lists = self.counts_lists or self._total > len(page)
        longest, self._longest_page = self._longest_page, max(self._longest_page, len(page))
        if not self.totals:  # all pages but the last have the same length, which may be less than requested
            return len(page) < longest
        return is_short and self._count_matches() and not (longest == 0 and self._may_count_page_only(len(page)))

    def _fingerprints(self, page: list[dict[str, Any]], contents: list[int]) -> list[int]:
        """Return the identities of the records of a page: their ids, or the whole content where ids are not unique.

        Other members of a record can change while the list is read, as the progress of a deploy order does.

        :param contents: the fingerprints of the whole records.
        """
        by_ids = [_fingerprint(_ids(record)) for record in page]
        if len(page) > 1 and self._has_unique_ids is not False:
            self._has_unique_ids = len(set(by_ids)) == len(page) and all(map(_ids, page))
        is_only_record = self._has_unique_ids is None and self._total <= 1 and bool(_ids(page[0]))
        if self._has_unique_ids or is_only_record:
            return by_ids
        return contents

    @property
    def _total(self) -> int:
        """The latest count of the service, 0 without one."""
        return self.totals[-1] if self.totals else 0

    def _add_repeated_page(self, new: list[dict[str, Any]], is_short: bool, is_last: bool) -> bool:
        """Add a page without new records and return whether it is the last one.

        :param new: its records without an identity, which may be further records all the same.
        :param is_last: whether it is the last page, sent again.
        """
        if is_last or (not new and (self._accepted == self._total or (is_short and self._count_matches()))):
            return True
        is_counted = bool(new) and not is_short and self._accepted + len(self._pending) < self._total
        self._pending += new
        self._repeats += 1
        self._is_looping = self._repeats > MAX_REPEATS and not is_counted
        return self._is_looping

    def _may_count_page_only(self, length: int) -> bool:
        """Whether the count of a first page may be the number of its own records, in a case where that matters."""
        is_doubtful = self._thorough or not self.items or length % PAGE_CAP_DIVISOR == 0
        return self._thorough is not None and self.totals[-1] == length and is_doubtful

    def _add_records(self, new: list[dict[str, Any]]) -> None:
        """Accept records: the new ones, and those of earlier pages that turned out to be further records."""
        records = [*self._pending, *new]
        self._pending, self._repeats = [], 0
        self._accepted += len(records)
        self._keep(records)

    def _keep(self, records: list[dict[str, Any]]) -> None:
        self.items += [item for item in map(self._transform, records) if item is not None]

    def _count_matches(self) -> bool:
        """Whether the count agrees that all records came, or is missing. Moved records came twice."""
        return not self.totals or self._accepted <= self.totals[-1] <= self._received


def _has_identity(record: dict[str, Any]) -> bool:
    """Return whether equal records are the same one: they have an id, or a name as volumes, claims and jobs do."""
    return bool(_ids(record))


def _ids(record: dict[str, Any]) -> dict[str, Any]:
    """Return the ids of a record, of its parents too, and its name."""
    return {
        key: value
        for key, value in record.items()
        if value is not None and (key in ("id", "name") or key.endswith("_id"))
    }


def _fingerprint(content: Any) -> int:
    """Return a fingerprint of a record or page: 8 bytes, since one is kept for each record of a list."""
    text = json.dumps(content, sort_keys=True, default=str)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")
