# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The formats of times in responses, and the one of times in requests."""

from __future__ import annotations

from datetime import UTC, datetime

from jst_emulator.clock import epoch
from jst_emulator.registry import BusinessError
from jst_emulator.timestamps import FormattedTime, offset


def _written(form: str, at: float | None) -> str | None:
    return None if at is None else FormattedTime(at, form)


def plain_time(at: float | None) -> str | None:
    """Return ``2020-01-01 00:00:00``, as volumes, jobs and metrics have it."""
    return _written("plain", at)


def minute_time(at: float | None) -> str | None:
    """Return ``2020-01-05T17:03Z``, as deploy orders and events have it."""
    return _written("minute", at)


def second_time(at: float | None) -> str | None:
    """Return ``2019-12-31T10:01:05``, as instances and pods have it."""
    return _written("second", at)


def date(at: float | None) -> str | None:
    """Return ``2022-05-08``, as the baseline has it."""
    return _written("date", at)


def zulu_time(text: str) -> str:
    """Return a moment in ISO 8601 as ``2019-02-03T12:20:00Z``, as backups have it; any other text stays as it is."""
    try:
        return FormattedTime(epoch(text), "zulu")
    except (ValueError, OverflowError):
        return text


def read_plain_time(text: str, what: str, zone: str) -> float:
    """Return the epoch seconds of a text such as ``2020-01-01 00:00:00``.

    :param what: the parameter, for the message.
    :param zone: the zone of the time, by the readings of the reference.
    :raises BusinessError: the text has another format.
    """
    try:
        return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).timestamp() - offset(zone)
    except ValueError:
        raise BusinessError(f"{what} must look like 2020-01-01 00:00:00.") from None
