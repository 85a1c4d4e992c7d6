# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Timestamps in every form of the service and of users."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core.timestamps import Timestamp

TEXT, MILLISECONDS = Timestamp(), Timestamp(milliseconds=True)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("2020-01-01 00:00:00", "2020-01-01T00:00:00Z"),
        ("2020-01-05T17:03Z", "2020-01-05T17:03:00Z"),
        ("2019-12-31T10:01:05", "2019-12-31T10:01:05Z"),
        ("2022-05-08", "2022-05-08T00:00:00Z"),
        ("2019-02-03T12:20:00Z", "2019-02-03T12:20:00Z"),
        ("2019-02-03T12:20:00.123Z", "2019-02-03T12:20:00Z"),
        (1627484424000, "2021-07-28T15:00:24Z"),
        ("1627484424000", "2021-07-28T15:00:24Z"),
        ("2026-01-05T08:00:00+08:00", "2026-01-05T08:00:00+08:00"),
        (None, None),
        ("", None),
    ],
)
def test_answers_are_shown_as_iso_8601_with_a_zone(raw: Any, shown: str | None) -> None:
    assert TEXT.deserialize(raw) == shown


@pytest.mark.parametrize("raw", ["soon", "9" * 30, "²", "2020-13-01", "2020-01-01 00:00:00+99:00", "-"])
def test_what_is_no_moment_is_shown_as_it_is(raw: str) -> None:
    assert TEXT.deserialize(raw) == raw


@pytest.mark.parametrize(
    ("text", "as_text", "as_number"),
    [
        ("2021-07-28T15:00:24Z", "2021-07-28 15:00:24", 1627484424000),
        ("2021-07-28T23:00:24+08:00", "2021-07-28 15:00:24", 1627484424000),
        ("2021-07-28T10:30:24-0430", "2021-07-28 15:00:24", 1627484424000),
        ("2021-07-28 15:00:24", "2021-07-28 15:00:24", 1627484424000),
        (" 2021-07-28T15:00 ", "2021-07-28 15:00:00", 1627484400000),
        ("2021-07-28", "2021-07-28 00:00:00", 1627430400000),
    ],
)
def test_options_are_sent_in_utc_in_the_form_of_the_operation(text: str, as_text: str, as_number: int) -> None:
    assert TEXT.serialize(TEXT.clean(text)) == as_text
    assert MILLISECONDS.serialize(MILLISECONDS.clean(text)) == as_number


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("yesterday", "is not an ISO 8601 timestamp such as"),
        ("2026-1-5", "is not an ISO 8601 timestamp such as"),
        ("2026-02-30T00:00:00Z", "is not a valid time"),
        ("2026-01-31T25:00:00Z", "is not a valid time"),
        ("2026-01-31T08:00:00+99:00", "is not a valid time"),
    ],
)
def test_options_that_are_no_moment_are_refused(text: str, says: str) -> None:
    with pytest.raises(ValueError, match=says) as caught:
        TEXT.clean(text)
    assert repr(text) in str(caught.value)


def test_one_moment_in_two_zones_keeps_the_zone_of_the_user() -> None:
    assert TEXT.clean("2026-01-31T08:00:00+08:00") == "2026-01-31T08:00:00+08:00"
