# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Schedules of jobs: when a CronJob should have started, by the rules of Kubernetes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

MINUTE = 60

MAX_MINUTES = 366 * 24 * 60
"""The longest span that is searched: a year."""

_WORDS = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_PREFIXES = ("CRON_TZ=", "TZ=")


class Schedule:
    """A schedule in cron format.

    :param text: five fields, or a word such as ``@daily``, optionally after ``TZ=``.
    :param zone: the name of the time zone of a schedule that names none.
    :raises ValueError: for another text, or an unknown time zone.
    """

    def __init__(self, text: str, zone: str) -> None:
        fields = text.split()
        for prefix in _PREFIXES:
            if fields and fields[0].startswith(prefix):
                zone = fields.pop(0)[len(prefix) :]
        fields = _WORDS.get(" ".join(fields).lower(), " ".join(fields)).split()
        if len(fields) != 5:
            raise ValueError(f"{text!r} does not have five fields")
        self._zone = parse_zone(zone)
        self._minutes = _values(fields[0], 0, 59)
        self._hours = _values(fields[1], 0, 23)
        self._days = _values(fields[2], 1, 31)
        self._months = _values(fields[3], 1, 12, _MONTHS)
        self._weekdays = {day % 7 for day in _values(fields[4], 0, 7, _DAYS)}
        # A job starts when the day of the month or that of the week matches, unless one of both is any.
        self._needs_both = fields[2][0] in "*?" or fields[4][0] in "*?"

    def times(self, after: float, until: float) -> Iterator[int]:
        """Yield the scheduled times after a moment up to another one, in epoch seconds.

        At most the last year is searched.
        """
        last = int(until // MINUTE)
        minute = max(int(after // MINUTE), last - MAX_MINUTES)
        while minute < last:
            minute += 1
            at = datetime.fromtimestamp(minute * MINUTE, timezone.utc).astimezone(self._zone)
            if not self._fits_day(at):
                # Offsets of zones change by whole quarters of an hour, so this stays before the next day.
                minute += max(0, (24 * 60 - at.hour * 60 - at.minute) - 3 * 60 - 1)
                continue
            if at.hour in self._hours and at.minute in self._minutes:
                yield minute * MINUTE

    def _fits_day(self, at: datetime) -> bool:
        if at.month not in self._months:
            return False
        day, weekday = at.day in self._days, at.isoweekday() % 7 in self._weekdays
        return (day and weekday) if self._needs_both else (day or weekday)


def parse_zone(name: str) -> tzinfo:
    """Return a time zone by its name, such as ``Asia/Shanghai``, ``UTC`` or ``+08:00``.

    :raises ValueError: for an unknown name.
    """
    if name in ("UTC", "Etc/UTC", "Z"):
        return timezone.utc
    if name[:1] in ("+", "-"):
        try:
            moment = datetime.strptime(name, "%z")
        except ValueError:
            raise ValueError(f"is {name!r}, which is not a time zone") from None
        return timezone(moment.utcoffset() or timedelta())
    try:
        return ZoneInfo(name)
    except (KeyError, OSError, ValueError):
        raise ValueError(f"is {name!r}, which is not a time zone that this machine knows") from None


def _values(text: str, least: int, most: int, names: tuple[str, ...] = ()) -> set[int]:
    """Return the numbers that a field of a schedule names."""
    values: set[int] = set()
    for part in text.lower().split(","):
        span, slash, step = part.partition("/")
        first, dash, last = span.partition("-")
        if first in ("*", "?"):
            low, high = least, most
        else:
            low = _number(first, least, names)
            high = _number(last, least, names) if dash else (most if slash else low)
        width = _number(step, 1, ()) if slash else 1
        if not (least <= low <= high <= most and width > 0):
            raise ValueError(f"{text!r} is not a valid field of a schedule")
        values.update(range(low, high + 1, width))
    return values


def _number(text: str, least: int, names: tuple[str, ...]) -> int:
    if text in names:
        return names.index(text) + least
    if not (text.isascii() and text.isdecimal() and len(text) < 5):
        raise ValueError(f"{text!r} is not a valid number in a schedule")
    return int(text)
