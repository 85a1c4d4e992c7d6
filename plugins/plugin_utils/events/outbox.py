# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The events of a round, which are sent in the order of their times.

No list of the service has a documented order, and each kind of objects has a list of its own. So the events of a round
are held until it was read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.body import Event
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.state_file import Change, StateFile

MAX_WAIT = 30.0
"""Seconds after which an event does not wait for the rest of its round, which may need many calls."""

MAX_HELD = 5000
"""The most events that are held, since memory is limited."""


class Held(NamedTuple):
    """An event that was not sent yet.

    :ivar order: the time of the event in epoch seconds, and what orders events of the same time.
    """

    order: tuple[float, int]
    body: dict[str, Any]
    changes: list[Change]


class Outbox:
    """Holds events and what was read meanwhile, on top of a state file.

    A change counts at once for the watches. It is written after the events that were found before it were accepted, so
    a kill leaves a state from which the others are found again.

    :param send: hands the body of an event over, and records its changes once it was accepted.
    :param monotonic: the clock of the events that wait.
    """

    def __init__(
        self,
        state: StateFile,
        send: Callable[[dict[str, Any], list[Change]], None],
        monotonic: Callable[[], float],
    ) -> None:
        self._state = state
        self._send = send
        self._monotonic = monotonic
        self._held: list[Held] = []
        self._held_since = 0.0
        # Section and key -> the order of the last event that changes it.
        self._orders: dict[tuple[str, str], tuple[float, int]] = {}
        self._staged: dict[str, dict[str, Any]] = {}

    def get(self, section: str, key: str, default: Any = None) -> Any:
        """Return a value."""
        staged = self._staged.get(section, {})
        if key not in staged:
            return self._state.get(section, key, default)
        return default if staged[key] is None else staged[key]

    def items(self, section: str) -> dict[str, Any]:
        """Return a copy of a section."""
        items = {**self._state.items(section), **self._staged.get(section, {})}
        return {key: value for key, value in items.items() if value is not None}

    def sections(self, prefix: str) -> list[str]:
        """Return the names of the sections that begin with a prefix."""
        names = [*self._state.sections(prefix), *(name for name in self._staged if name.startswith(prefix))]
        return [name for name in dict.fromkeys(names) if name not in self._staged or self.items(name)]

    def commit(self, changes: Iterable[Change]) -> None:
        """Apply changes. They are written after the events that are held were accepted.

        :raises StateFileError: when the file cannot be written.
        """
        if self._held:
            self._stage(changes)
        else:
            self._state.commit(changes)

    def commit_now(self, changes: Iterable[Change]) -> None:
        """Write changes at once. Nothing that is held may depend on them.

        :raises StateFileError: when the file cannot be written.
        """
        written = list(changes)
        for section, key, _value in written:
            self._staged.get(section, {}).pop(key, None)
        self._state.commit(written)

    def hold(self, event: Event, body: dict[str, Any], changes: Iterable[Change]) -> None:
        """Hold an event until :meth:`flush`.

        An event never precedes one that was found earlier and changes the same value: times of the service are those
        of minutes, and a pause has the time at which it was seen.

        :param changes: what is recorded right after it was accepted.
        """
        if len(self._held) >= MAX_HELD:
            self.flush()
        if not self._held:
            self._held_since = self._monotonic()
        written = list(changes)
        keys = [(change.section, change.key) for change in written]
        order = max([(event.at, event.number), *(self._orders[key] for key in keys if key in self._orders)])
        self._orders.update(dict.fromkeys(keys, order))
        self._held.append(Held(order, body, written))
        self._stage(written)

    def flush_late(self) -> None:
        """Send the events that are held if the first of them has waited too long."""
        if self._held and self._monotonic() - self._held_since >= MAX_WAIT:
            self.flush()

    def flush(self) -> None:
        """Send the events that are held, the oldest first, and write what was read meanwhile.

        :raises StoppedError: when the source was stopped before.
        :raises StateFileError: when the file cannot be written.
        """
        held = sorted(self._held, key=lambda item: item.order)
        for item in held:
            self._send(item.body, item.changes)
        staged = [
            Change(section, key, value) for section, items in self._staged.items() for key, value in items.items()
        ]
        self._held, self._orders, self._staged = [], {}, {}
        # The changes of the events were written with them.
        self._state.commit(change for change in staged if self._state.get(change.section, change.key) != change.value)

    def _stage(self, changes: Iterable[Change]) -> None:
        for section, key, value in changes:
            self._staged.setdefault(section, {})[key] = value
