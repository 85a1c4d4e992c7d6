# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Sizes compared by value, and numbers with a fraction."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core.field_types import Number
from ansible_collections.jst.retailcloud.plugins.module_utils._core.quantities import Quantity, parse_size

QUANTITY = Quantity()
NUMBER = Number()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("0", 0),
        ("128974848", 128974848),
        ("129e6", 129 * 10**6),
        ("129E6", 129 * 10**6),
        ("1e+3", 1000),
        ("15e-1", Decimal("1.5")),
        ("0.5Gi", 2**29),
        ("1k", 1000),
        ("1K", 1000),
        ("1M", 10**6),
        ("1G", 10**9),
        ("1T", 10**12),
        ("1P", 10**15),
        ("1E", 10**18),
        ("1Ki", 2**10),
        ("123Mi", 123 * 2**20),
        ("1Gi", 2**30),
        ("1Ti", 2**40),
        ("1Pi", 2**50),
        ("1Ei", 2**60),
        (" 1Gi ", 2**30),
    ],
)
def test_the_bytes_of_a_size(text: str, expected: Any) -> None:
    assert parse_size(text) == expected


@pytest.mark.parametrize("text", ["", "Gi", "1 Gi", "1gi", "1GiB", "-1", "1.Gi", "1e", "one", "1m", "١Gi"])
def test_what_is_no_size(text: str) -> None:
    with pytest.raises(ValueError, match="is not a size"):
        parse_size(text)


@pytest.mark.parametrize(("value", "text"), [("500Gi", "500Gi"), (1073741824, "1073741824"), ("1K", "1K")])
def test_an_option_is_passed_on_as_it_is_written(value: Any, text: str) -> None:
    assert QUANTITY.clean(value) == QUANTITY.serialize(text) == QUANTITY.to_result(text) == text


@pytest.mark.parametrize("value", ["", "0.5Gi", "129e6", "1k", "500 Gi", "500GB", -1, 1.5])
def test_an_option_that_the_service_would_not_take(value: Any) -> None:
    with pytest.raises(ValueError, match="digits with or without a suffix such as Gi or G"):
        QUANTITY.clean(value)


@pytest.mark.parametrize(
    ("wanted", "current", "same"),
    [
        ("1Gi", "1024Mi", True),
        ("1Gi", "1073741824", True),
        ("129M", "129e6", True),
        ("1Gi", "1G", False),
        ("1Gi", "1025Mi", False),
        ("1Gi", "plenty", False),
        ("1Gi", None, False),
        ("1Gi", "1GB", False),
    ],
)
def test_sizes_are_the_same_when_they_mean_the_same(wanted: str, current: Any, same: bool) -> None:
    assert QUANTITY.equals(wanted, QUANTITY.deserialize(current)) is same


@pytest.mark.parametrize("raw", [None, ""])
def test_a_size_that_is_not_told(raw: Any) -> None:
    assert QUANTITY.deserialize(raw) is None


@pytest.mark.parametrize(("raw", "number"), [(0, 0.0), (0.14, 0.14), ("18.12", 18.12), ("32", 32.0), ("1e3", 1000.0)])
def test_a_number_comes_as_a_number_or_as_text(raw: Any, number: float) -> None:
    assert NUMBER.deserialize(raw) == NUMBER.clean(raw) == NUMBER.to_result(number) == number


@pytest.mark.parametrize("raw", [None, "", "high", "NaN", "1e999", [], {}])
def test_a_number_that_is_not_told(raw: Any) -> None:
    assert NUMBER.deserialize(raw) is None
