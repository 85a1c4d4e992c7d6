# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which records are new: those within a window that were not seen before.

No list of the service has a documented order, and records may appear later than they happened. A reading therefore
covers a window before the previous reading. What it finds there is compared with the records that were seen.
"""

from __future__ import annotations

from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.outbox import Outbox
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.state_file import Change, StateFile

MINUTE = 60

SINCE = "since"
"""The section with the start of the next reading of each list."""

SEEN = "seen"
"""The sections with the records of a list that were seen: key -> time, or an empty text without one."""


class Window:
    """The records of one list that were seen.

    :param name: the name of the list in the state.
    :param length: the seconds by which a record may appear late.
    """

    def __init__(self, state: StateFile | Outbox, name: str, length: float) -> None:
        self._state = state
        self._name = name
        self._length = length
        self._section = f"{SEEN} {name}"

    @property
    def is_new(self) -> bool:
        """Whether the list was never read completely."""
        return self._state.get(SINCE, self._name) is None

    def since(self, start: float) -> float:
        """Return the time from which on records count, in epoch seconds.

        :param start: the time for a list that was never read.
        """
        return float(self._state.get(SINCE, self._name, start))

    def is_unseen(self, key: str, at: float | None, start: float) -> bool:
        """Return whether a record counts and was not seen. A record without a time counts until it was seen."""
        return (at is None or at >= self.since(start)) and self._state.get(self._section, key) is None

    def seen(self, key: str, at: float | None) -> Change:
        """Return the change that marks a record as seen."""
        return Change(self._section, key, "" if at is None else at)

    def advance(self, start: float, read_at: float) -> list[Change]:
        """Return the changes after a complete reading: the next one starts later, and old records are forgotten.

        :param read_at: the time of the service when the reading began.
        """
        before = self.since(start)
        # The service shows times in minutes.
        since = max(before, floor_minute(read_at - self._length))
        changes = [] if since == before and not self.is_new else [Change(SINCE, self._name, since)]
        return changes + [
            Change(self._section, key, None)
            for key, at in self._state.items(self._section).items()
            if at != "" and at < since
        ]

    def forget(self) -> list[Change]:
        """Return the changes that forget the list."""
        entries: dict[str, Any] = self._state.items(self._section)
        return [Change(SINCE, self._name, None), *(Change(self._section, key, None) for key in entries)]


def floor_minute(at: float) -> float:
    """Return the start of a minute, since the service shows most times without seconds."""
    return at // MINUTE * MINUTE
