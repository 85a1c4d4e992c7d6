# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schedules start when Kubernetes starts them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.schedule import Schedule
from jst_emulator.cron import Schedule as EmulatorSchedule

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)


def times(text: str, days: float = 1, zone: str = "UTC", start: datetime = MONDAY) -> list[str]:
    """Return the scheduled times of some days, in UTC."""
    found = Schedule(text, zone).times(start.timestamp() - 1, (start + timedelta(days=days)).timestamp() - 1)
    return [datetime.fromtimestamp(at, UTC).strftime("%d %H:%M") for at in found]


@pytest.mark.parametrize(
    ("text", "days", "expected"),
    [
        ("0 2 * * *", 2, ["30 02:00", "01 02:00"]),
        ("@daily", 2, ["30 00:00", "01 00:00"]),
        ("*/20 1,2 * * *", 1, ["30 01:00", "30 01:20", "30 01:40", "30 02:00", "30 02:20", "30 02:40"]),
        ("30 4 * * sun", 8, ["06 04:30"]),
        ("30 4 * * 7", 8, ["06 04:30"]),
        ("30 4 1 dec *", 8, ["01 04:30"]),
        # Either of both days counts when both are given.
        ("0 0 2 * mon", 8, ["30 00:00", "02 00:00", "07 00:00"]),
        ("0 0 */2 * *", 3, ["01 00:00"]),
        ("50/3 23 * * ?", 1, ["30 23:50", "30 23:53", "30 23:56", "30 23:59"]),
        ("TZ=Asia/Shanghai 0 2 * * *", 1, ["30 18:00"]),
        ("CRON_TZ=+08:00 0 2 * * *", 1, ["30 18:00"]),
    ],
)
def test_scheduled_times(text: str, days: float, expected: list[str]) -> None:
    assert times(text, days) == expected


def test_a_zone_moves_the_times() -> None:
    assert times("0 2 * * *", zone="Asia/Shanghai") == ["30 18:00"]
    # On the day on which summer time begins, 02:30 does not exist there.
    spring = datetime(2026, 3, 29, tzinfo=UTC)
    assert times("30 2 * * *", days=2, zone="Europe/Berlin", start=spring) == ["30 00:30"]


@pytest.mark.parametrize(
    "text", ["", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "5-1 * * * *", "*/0 * * * *", "x"]
)
def test_other_texts_are_no_schedules(text: str) -> None:
    with pytest.raises(ValueError):
        Schedule(text, "UTC")


def test_an_unknown_zone_is_an_error() -> None:
    with pytest.raises(ValueError, match="Atlantis"):
        Schedule("0 2 * * *", "Atlantis")


def test_at_most_the_last_year_is_searched() -> None:
    long_ago = datetime(2000, 1, 1, tzinfo=UTC).timestamp()
    assert len(list(Schedule("0 0 * * *", "UTC").times(long_ago, MONDAY.timestamp()))) == 366


def field(least: int, most: int) -> st.SearchStrategy[str]:
    """Return fields of a schedule."""
    number = st.integers(least, most)
    span = st.tuples(number, number).map(lambda pair: f"{min(pair)}-{max(pair)}")
    step = st.integers(1, most).map(lambda width: f"*/{width}")
    return st.just("*") | st.lists(number.map(str) | span | step, min_size=1, max_size=2).map(",".join)


@settings(deadline=None, max_examples=25)
@given(parts=st.tuples(field(0, 59), field(0, 23), field(1, 31), field(1, 12), field(0, 7)), day=st.integers(0, 800))
def test_the_emulator_reads_schedules_in_the_same_way(parts: tuple[str, ...], day: int) -> None:
    text = " ".join(parts)
    first = int(MONDAY.timestamp() // 60) + day * 24 * 60
    expected = [minute * 60 for minute in range(first, first + 2 * 24 * 60) if EmulatorSchedule(text).fits(minute)]
    found = Schedule(text, "UTC").times((first - 1) * 60, (first + 2 * 24 * 60 - 1) * 60)
    assert list(found) == expected
