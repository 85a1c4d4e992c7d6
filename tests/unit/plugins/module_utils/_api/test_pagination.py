# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A listing is read to its end, whatever it says about itself."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api import pagination as module
from ansible_collections.jst.retailcloud.plugins.module_utils._api.concurrency_limit import MAX_CONCURRENCY
from ansible_collections.jst.retailcloud.plugins.module_utils._api.pagination import Paginator
from ansible_collections.jst.retailcloud.plugins.module_utils._api.responses import ApiResponse

Page = list[dict[str, Any]]


class Book:
    """Pages by number, empty from the last on, and what was fetched."""

    def __init__(
        self, pages: list[Page], totals: list[int | None] | int | None = None, page_size: int | None = None
    ) -> None:
        self.pages = pages
        self.totals = totals if isinstance(totals, list) else [totals] * 1000
        self.page_size = page_size
        self.fetched: list[int] = []
        self.lock = threading.Lock()

    def fetch(self, number: int) -> ApiResponse:
        with self.lock:
            self.fetched.append(number)
        page = self.pages[number - 1] if number <= len(self.pages) else []
        return ApiResponse("ListApp", None, list(page), self.totals[number - 1], self.page_size)

    def read(self, size: int, wanted: int | None = None, thorough: bool = False) -> Paginator[dict[str, Any]]:
        """Read all pages; keep the record with the id that is wanted, or all of them."""

        def records_of(answer: ApiResponse) -> Page:
            assert isinstance(answer.data, list)
            return answer.data

        def make(record: dict[str, Any]) -> dict[str, Any] | None:
            return record if wanted in (None, record.get("id")) else None

        return Paginator(self.fetch, records_of, make, size, thorough).read_all()


def ids(*numbers: int) -> Page:
    return [{"id": number} for number in numbers]


def found(listing: Paginator[dict[str, Any]]) -> list[int]:
    return [record["id"] for record in listing.items]


@pytest.mark.parametrize(
    ("pages", "totals", "want", "fetches"),
    [
        pytest.param([], None, [], 1, id="nothing"),
        pytest.param([ids(1)], 1, [1], 1, id="one short page"),
        pytest.param([ids(1)], None, [1], 2, id="a short page that does not count"),
        pytest.param([ids(1)] * 50, 0, [1], 2, id="a page that is shown again"),
        pytest.param([ids(1, 2), *[ids(3, 4)] * 50], None, [1, 2, 3, 4], 3, id="a last page that is shown again"),
        pytest.param([ids(1, 2), *[ids(3, 4)] * 50], 2, [1, 2, 3, 4], 3, id="a last page that is counted alone"),
        pytest.param([ids(1, 2), ids(3)], 3, [1, 2, 3], 2, id="a full page and a short one"),
        pytest.param([ids(1, 2), ids(3, 4)], 4, [1, 2, 3, 4], 3, id="only full pages"),
        pytest.param([ids(1, 2), ids(3)], 1, [1, 2, 3], 3, id="a total that is too small"),
        pytest.param([ids(1, 2), ids(3)], 0, [1, 2, 3], 2, id="a total of nothing"),
        pytest.param([ids(1), ids(2, 3)], 0, [1, 2, 3], 3, id="a short page that is not the last"),
        pytest.param([ids(1), ids(2), ids(3)], 3, [1, 2, 3], 3, id="a service that gives less than asked for"),
        pytest.param([ids(1, 2)] * 50, 2, [1, 2], 2, id="a service that gives everything at once"),
        pytest.param([ids(1, 2, 3)] * 50, 3, [1, 2, 3], 2, id="a service that gives more than asked for"),
        pytest.param([ids(1, 2), ids(2, 3), ids(4)], [4, 5, 5], [1, 2, 3, 4], 3, id="a record that moved"),
        pytest.param([ids(1, 2), ids(2), []], [2, 3, 3], [1, 2], 2, id="a record that moved to a page of its own"),
        pytest.param([ids(1, 2), ids(1, 2), ids(3)], [3, 5, 5], [1, 2, 3], 3, id="a page that moved by a page"),
        pytest.param([ids(1, 2), ids(3)], [3, 2, 2], [1, 2, 3], 3, id="a record that went after it was read"),
    ],
)
def test_the_end(pages: list[Page], totals: list[int | None] | int | None, want: list[int], fetches: int) -> None:
    book = Book(pages, totals)
    listing = book.read(2)
    assert (found(listing), listing.incomplete_reason) == (want, None)
    assert book.fetched == list(range(1, fetches + 1))


@pytest.mark.parametrize(
    ("pages", "totals", "flaw", "fetches"),
    [
        pytest.param([], 2, "0 of 2 records came", 1, id="nothing of what is counted"),
        pytest.param([ids(1, 2), ids(3)], 5, "3 of 5 records came", 3, id="a total that is too large"),
        pytest.param([ids(1, 2), ids(4)], [4, 3], "3 of 4 records came", 2, id="a record that moved to a page before"),
        pytest.param([ids(1, 2)] * 50, None, "keeps returning the same records, 2 in total", 3, id="repetition"),
        pytest.param([ids(1, 2)] * 50, 0, "keeps returning the same records, 2 in total", 3, id="an empty count"),
        pytest.param([ids(1, 2)] * 50, 99, "the same records, 2 in total, and counts 99", 9, id="a large count"),
        pytest.param([ids(1)] * 50, 3, "1 of 3 records came", 3, id="one record of three"),
        pytest.param([ids(1, 2), ids(3, 4)] * 25, 6, "the same records, 4 in total, and counts 6", 4, id="a circle"),
        pytest.param([ids(1, 2), ids(3, 4)] * 25, 3, "the same records, 4 in total, and counts 3", 4, id="a few"),
    ],
)
def test_a_list_that_lacks_records(
    pages: list[Page], totals: list[int | None] | int | None, flaw: str, fetches: int
) -> None:
    book = Book(pages, totals)
    assert flaw in (book.read(2).incomplete_reason or "")
    assert len(book.fetched) <= fetches


@pytest.mark.parametrize("total", [None, 0, 7, 10**12])
def test_a_list_without_an_end(total: int | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every page is full of what was never seen before."""
    monkeypatch.setattr(module, "MAX_PAGES", 100)
    book = Book([ids(2 * number, 2 * number + 1) for number in range(1000)], total)
    assert book.read(2).incomplete_reason == "it has no end: page 100 still holds records"
    assert len(book.fetched) < 100 + MAX_CONCURRENCY


def running(*numbers: int) -> list[Page]:
    """Return a page that is shown again and again, while the records on it change."""
    return [[{"id": number, "parent_id": 7, "elapsed": second} for number in numbers] for second in range(50)]


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize(
    ("pages", "total"),
    [
        *(pytest.param(running(1), total, id=f"one record, total {total}") for total in (None, 0, 1)),
        *(pytest.param(running(1, 2, 3), total, id=f"a short page, total {total}") for total in (3,)),
        *(pytest.param(running(*range(20)), total, id=f"a full page, total {total}") for total in (20,)),
        pytest.param([running(*range(20))[0], *running(20, 21)], None, id="a last page, not counted"),
        pytest.param([running(*range(20))[0], *running(20, 21)], 22, id="a last page"),
    ],
)
def test_a_page_that_comes_again_with_other_values(pages: list[Page], total: int | None, thorough: bool) -> None:
    """A deploy order that runs has another elapsed time in each response."""
    book = Book(pages, total)
    listing = book.read(20, thorough=thorough)
    wanted = {record["id"] for page in pages for record in page}
    assert (sorted(set(found(listing))), listing.incomplete_reason) == (sorted(wanted), None)
    assert len(book.fetched) <= 4


def test_records_whose_ids_are_not_their_own_are_all_kept() -> None:
    """Events of one pod have the id of the pod alone."""
    pages = [[{"pod_id": 1, "text": f"{page}-{number}"} for number in range(3)] for page in range(2)]
    listing = Book(pages, 6).read(3)
    assert [record["text"] for record in listing.items] == [record["text"] for page in pages for record in page]


@pytest.mark.parametrize("total", [None, 0, "of the page"])
@pytest.mark.parametrize("page_size", [None, 20])
def test_a_service_that_shows_less_than_asked_for(total: int | str | None, page_size: int | None) -> None:
    """It shows ten records on a page, whatever it says of that."""
    pages = [ids(*range(start, start + 10)) for start in (0, 10)] + [ids(20)]
    totals: list[int | None] = [*map(len, pages), 0] if isinstance(total, str) else [total] * 4
    listing = Book(pages, totals, page_size).read(20)
    assert (found(listing), listing.incomplete_reason) == (list(range(21)), None)


@pytest.mark.parametrize(("wanted", "fetches"), [(1, 1), (3, 3), (4, 3)])
def test_what_is_not_on_a_page_that_counts_itself_is_looked_for_on_the_next(wanted: int, fetches: int) -> None:
    book = Book([ids(1, 2), ids(3)], [2, 1, 0])
    listing = book.read(20, wanted)
    assert (found(listing), listing.incomplete_reason, len(book.fetched)) == (
        [wanted] if wanted < 4 else [],
        None,
        fetches,
    )


def test_a_thorough_reading_does_not_believe_the_first_page() -> None:
    assert found(Book([ids(1, 2), ids(3)], [2, 1, 0]).read(20, thorough=True)) == [1, 2, 3]


def test_equal_records_on_one_page_are_two_records() -> None:
    assert found(Book([ids(1, 1)], 2).read(5)) == [1, 1]


def events(*reasons: str) -> Page:
    return [{"reason": reason, "pod_name": "p", "count": 1} for reason in reasons]


@pytest.mark.parametrize(
    ("pages", "total", "want"),
    [
        pytest.param([events("a", "b"), events("b", "c"), events("c")], 5, "abbcc", id="over page edges"),
        pytest.param([events("a", "a"), events("a", "a"), events("a")], 5, "aaaaa", id="all of them"),
        pytest.param([events("a", "a"), events("a", "a"), []], 4, "aaaa", id="on full pages alone"),
        pytest.param([events("a", "a")] * 40, 80, "a" * 80, id="on many full pages alone"),
        pytest.param([events("a", "a"), events("a", "a"), events("a")], 2, "aaaaa", id="whatever is counted"),
        pytest.param([events("a", "a"), events("a", "a"), []], 0, "aaaa", id="of which none is counted"),
        pytest.param([events("a", "b")] * 50, 2, "ab", id="from a service that gives everything at once"),
    ],
)
def test_equal_records_without_an_id_are_several(pages: list[Page], total: int, want: str) -> None:
    listing = Book(pages, total).read(2)
    assert ("".join(record["reason"] for record in listing.items), listing.incomplete_reason) == (want, None)


@pytest.mark.parametrize(
    ("pages", "total"),
    [
        pytest.param([events("a")] * 50, 9, id="a short page"),
        pytest.param([events("a", "b")] * 50, 6, id="a full page, as often as it is counted"),
        pytest.param([events("a", "b"), events("c", "d")] * 25, 8, id="two pages"),
        pytest.param([events("a", "b")] * 50, 0, id="a page that is not counted"),
    ],
)
def test_pages_that_repeat_each_other_are_no_further_records(pages: list[Page], total: int) -> None:
    listing = Book(pages, total).read(2)
    assert "keeps returning the same records" in (listing.incomplete_reason or "")


def test_a_page_size_of_the_service_below_ours_makes_a_full_page() -> None:
    book = Book([ids(1, 2), ids(3)], None, page_size=2)
    assert found(book.read(50)) == [1, 2, 3]


def test_many_pages_keep_their_order() -> None:
    numbers = list(range(95))
    book = Book([ids(*numbers[start : start + 10]) for start in range(0, 95, 10)], 95)
    assert found(book.read(10)) == numbers
    assert sorted(book.fetched) == list(range(1, 11))


def test_few_pages_are_fetched_one_after_the_other() -> None:
    book = Book([ids(1, 2), ids(3, 4), ids(5)], 5)
    assert found(book.read(2)) == [1, 2, 3, 4, 5]
    assert book.fetched == [1, 2, 3]


def test_pages_beyond_what_a_total_promises_are_read_too() -> None:
    numbers = list(range(100))
    book = Book([ids(*numbers[start : start + 10]) for start in range(0, 100, 10)], 45)
    assert found(book.read(10)) == numbers


def test_a_boundless_total_costs_no_more_than_one_round() -> None:
    book = Book([ids(1, 2), ids(3)], 10**12)
    assert book.read(2).incomplete_reason == "3 of 1000000000000 records came"
    assert len(book.fetched) <= 1 + MAX_CONCURRENCY


@pytest.mark.parametrize(
    ("pages", "totals", "moved"),
    [
        pytest.param([ids(1, 2), ids(3, 4)], [4, 4, 4], False, id="complete"),
        pytest.param([ids(1, 2), ids(3, 4)], [3, 4, 4], False, id="more than there were"),
        pytest.param([ids(1, 2), ids(3, 4)], [4, 3, 3], True, id="fewer than there were"),
        pytest.param([ids(1, 2), ids(3, 4)], [None, None, None], False, id="a few"),
        pytest.param([ids(1, 2), ids(2, 3)], [4, 4, 4], True, id="one that came twice, in place of another"),
        pytest.param([ids(1, 2), ids(2, 3)], [3, 4, 4], False, id="one that came twice"),
        pytest.param([ids(1, 2), ids(3)], [4, 4, 4], False, id="a wrong count"),
    ],
)
def test_records_that_move_are_noticed(pages: list[Page], totals: list[int | None], moved: bool) -> None:
    assert Book(pages, totals).read(2).has_moved is moved
