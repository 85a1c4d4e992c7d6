# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Cron schedules: five fields, names of months and days, and words such as ``@daily``."""

from __future__ import annotations

from datetime import UTC, datetime

_WORDS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]
_Bounds = tuple[int, int, list[str]]
#: The lowest and the highest number of each field, and names for its numbers from the lowest on.
_BOUNDS: tuple[_Bounds, ...] = ((0, 59, []), (0, 23, []), (1, 31, []), (1, 12, _MONTHS), (0, 7, _DAYS))


class Schedule:
    """A parsed schedule, in UTC.

    :raises ValueError: *text* is not a schedule.
    """

    def __init__(self, text: str) -> None:
        parts = _WORDS.get(text.strip(), text).split()
        if len(parts) != len(_BOUNDS):
            raise ValueError(f"{text!r} has not five fields")
        sets = [_field(part, *bounds) for part, bounds in zip(parts, _BOUNDS, strict=True)]
        self._minutes, self._hours, self._days, self._months, weekdays = sets
        self._weekdays = {day % 7 for day in weekdays}
        self._any_day = parts[2].startswith("*") or parts[4].startswith("*")

    def fits(self, minute: int) -> bool:
        """Return whether the job starts at *minute* (epoch minutes)."""
        at = datetime.fromtimestamp(minute * 60, tz=UTC)
        if at.minute not in self._minutes or at.hour not in self._hours or at.month not in self._months:
            return False
        day, weekday = at.day in self._days, at.isoweekday() % 7 in self._weekdays
        return day and weekday if self._any_day else day or weekday


def _field(text: str, low: int, high: int, names: list[str]) -> set[int]:
    numbers = {name: low + index for index, name in enumerate(names)}
    found: set[int] = set()
    for part in text.lower().split(","):
        span, _dummy, step = part.partition("/")
        first, dash, last = span.partition("-")
        if span == "*":
            start, end = low, high
        else:
            start = _number(first, numbers)
            end = _number(last, numbers) if dash else (high if step else start)
        every = _number(step, {}) if step else 1
        if not (low <= start <= end <= high) or every < 1:
            raise ValueError(f"{text!r} is out of range")
        found.update(range(start, end + 1, every))
    return found


def _number(text: str, names: dict[str, int]) -> int:
    return names[text] if text in names else int(text)
