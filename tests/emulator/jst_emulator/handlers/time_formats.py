# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats of times in responses and requests."""

from __future__ import annotations

from datetime import UTC, datetime

from jst_emulator.clock import epoch
from jst_emulator.registry import BusinessError
from jst_emulator.timestamps import FormattedTime, offset


def _written(form: str, at: float | None) -> str | None:
    return None if at is None else FormattedTime(at, form)


def plain_time(at: float | None) -> str | None:
    """``2020-01-01 00:00:00``: volumes, jobs, metrics."""
    return _written("plain", at)


def minute_time(at: float | None) -> str | None:
    """``2020-01-05T17:03Z``: deploy orders and events."""
    return _written("minute", at)


def second_time(at: float | None) -> str | None:
    """``2019-12-31T10:01:05``: instances and pods."""
    return _written("second", at)


def date(at: float | None) -> str | None:
    """``2022-05-08``: the baseline."""
    return _written("date", at)


def zulu_time(text: str) -> str:
    """``2019-02-03T12:20:00Z``, from a moment in ISO 8601: backups. Any other text stays as it is."""
    try:
        return FormattedTime(epoch(text), "zulu")
    except (ValueError, OverflowError):
        return text


def read_plain_time(text: str, what: str, zone: str) -> float:
    """The epoch seconds of a ``2020-01-01 00:00:00`` text.

    :param zone: the zone of times that name none, by the readings of the reference.
    :raises BusinessError: it is not of that form; *what* names the parameter.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).timestamp() - offset(zone)
    except ValueError:
        raise BusinessError(f"{what} must look like 2020-01-01 00:00:00.") from None
