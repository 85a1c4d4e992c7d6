# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Timestamps.

Most forms of the service have no time zone. Backups show one moment in two forms, of which one is UTC (reference 7.7),
so forms without a zone are read as UTC.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any

from .field_types import FieldType

_PATTERN = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?(?:\.\d+)?)?\s*(Z|[+-]\d\d:?\d\d)?")


def parse(text: str) -> datetime:
    """Return the moment in a text in ISO 8601 or in a form of the service.

    :raises ValueError: when the text has another form.
    """
    match = _PATTERN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"is {text!r}, which is not an ISO 8601 timestamp such as 2026-01-31T08:00:00+08:00")
    year, month, day, hour, minute, second = (int(part or 0) for part in match.groups()[:6])
    try:
        zone = timezone.utc
        if match[7] and match[7] != "Z":
            hours, minutes = int(match[7][1:3]), int(match[7][-2:])
            zone = timezone((1 if match[7][0] == "+" else -1) * timedelta(hours=hours, minutes=minutes))
        moment = datetime(year, month, day, hour, minute, second, tzinfo=zone)
        moment.astimezone(timezone.utc)
        return moment
    except (OverflowError, ValueError) as error:
        raise ValueError(f"is {text!r}, which is not a valid time: {error}") from None


class Timestamp(FieldType):
    """A moment. Requests take ``2020-01-01 00:00:00``, or milliseconds since 1970."""

    option_type = "str"

    def __init__(self, milliseconds: bool = False) -> None:
        self._milliseconds = milliseconds

    def clean(self, value: Any) -> str:
        return self._format(parse(str(value)))

    def serialize(self, value: str) -> Any:
        moment = parse(value).astimezone(timezone.utc)
        return int(moment.timestamp() * 1000) if self._milliseconds else moment.strftime("%Y-%m-%d %H:%M:%S")

    def deserialize(self, raw: Any) -> str | None:
        if raw is None or raw == "":
            return None
        text = str(raw)
        try:
            if text.isdecimal():
                return self._format(datetime.fromtimestamp(int(text) / 1000, timezone.utc))
            return self._format(parse(text))
        except (ValueError, OverflowError, OSError):
            return text

    @staticmethod
    def _format(moment: datetime) -> str:
        return moment.isoformat().replace("+00:00", "Z")
