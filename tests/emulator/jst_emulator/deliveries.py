# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Late deliveries: requests whose connection is lost and which are executed later, when nobody waits for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jst_emulator.call_log import Entry
from jst_emulator.faults import Fault


@dataclass
class Delivery:
    """A late delivery.

    :ivar entry: its entry in the call log.
    :ivar calls: the number of calls to serve before it; None when only time decides.
    :ivar calls_of: the operation whose calls count, None for all.
    :ivar due_at: the virtual time of its execution; None when only calls decide.
    :ivar execute: executes it.
    """

    entry: Entry
    calls: int | None
    calls_of: str | None
    due_at: float | None
    execute: Callable[[], None]


class DeliveryQueue:
    """The late deliveries that wait.

    The queue has no lock of its own; the gateway holds the lock of the emulator.
    """

    def __init__(self) -> None:
        self._waiting: list[Delivery] = []

    def add(self, entry: Entry, fault: Fault, now: float, execute: Callable[[], None]) -> None:
        """Add a request that *fault* holds back: by default until one further call was served."""
        options = fault.options
        calls, seconds = options["calls"], options["seconds"]
        if calls is None and seconds is None:
            calls = 1
        due_at = None if seconds is None else now + seconds
        self._waiting.append(Delivery(entry, calls, options["calls_of"], due_at, execute))

    def count(self, entry: Entry) -> None:
        """Count a served call, and execute the requests that waited for it."""
        for delivery in self._waiting:
            if delivery.calls and delivery.entry is not entry and delivery.calls_of in (None, entry.action):
                delivery.calls -= 1
        self._deliver([one for one in self._waiting if one.calls == 0])

    def catch_up(self, now: float) -> None:
        """Execute the requests that are due at the virtual time *now*."""
        self._deliver([one for one in self._waiting if one.due_at is not None and one.due_at <= now])

    def flush(self) -> list[dict[str, Any]]:
        """Execute all requests now and return what they were."""
        due = list(self._waiting)
        shown = self.show()
        self._deliver(due)
        return shown

    def show(self) -> list[dict[str, Any]]:
        """Return the waiting requests, oldest first."""
        return [
            {
                "seq": one.entry.seq,
                "action": one.entry.action,
                "calls": one.calls,
                "calls_of": one.calls_of,
                "due_at": one.due_at,
            }
            for one in self._waiting
        ]

    def clear(self) -> None:
        """Delete all requests without executing them."""
        self._waiting.clear()

    def _deliver(self, due: list[Delivery]) -> None:
        for delivery in due:
            self._waiting.remove(delivery)
            delivery.execute()
