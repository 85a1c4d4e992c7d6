# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Formatted times that keep their moment, so that a reading can format them again."""

from __future__ import annotations

from datetime import UTC, datetime

#: The formats of the reference by name.
PATTERNS = {
    "plain": "%Y-%m-%d %H:%M:%S",
    "minute": "%Y-%m-%dT%H:%MZ",
    "second": "%Y-%m-%dT%H:%M:%S",
    "zulu": "%Y-%m-%dT%H:%M:%SZ",
    "date": "%Y-%m-%d",
}
_OFFSETS = {"utc": 0, "beijing": 8 * 3600}


class FormattedTime(str):
    """A formatted moment.

    :ivar at: epoch seconds.
    :ivar form: the name of its format.
    """

    __slots__ = ("at", "form")

    at: float
    form: str

    def __new__(cls, at: float, form: str, zone: str = "utc") -> FormattedTime:
        """Format a moment.

        :param zone: the zone of formats that name none: ``utc`` or ``beijing``.
        """
        pattern = PATTERNS[form]
        seconds = at if pattern.endswith("Z") else at + offset(zone)
        text = super().__new__(cls, datetime.fromtimestamp(seconds, tz=UTC).strftime(pattern))
        text.at, text.form = at, form
        return text


def offset(zone: str) -> int:
    """Return the offset of a zone from UTC in seconds."""
    return _OFFSETS[zone]
