# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists that make a response only of the records on the requested page."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, overload


class RecordList(Sequence[dict[str, Any]]):
    """The records of a list, with the function that makes the response of a record when it is read.

    A part of it is a list of the same kind, so a list of any length costs what its page costs.

    :param records: the selected records, in the order of the list.
    :param to_response: returns the members of a record in the response.
    """

    def __init__(self, records: Sequence[Any], to_response: Callable[[Any], dict[str, Any]]) -> None:
        self._records = records
        self._to_response = to_response

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self._records)

    @overload
    def __getitem__(self, place: int) -> dict[str, Any]: ...

    @overload
    def __getitem__(self, place: slice) -> RecordList: ...

    def __getitem__(self, place: int | slice) -> dict[str, Any] | RecordList:
        """Return the response of one record, or a part of the list."""
        if isinstance(place, slice):
            return RecordList(self._records[place], self._to_response)
        return self._to_response(self._records[place])
