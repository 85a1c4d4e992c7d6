# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests that are on their way although their connection is gone: they are executed when nobody waits any more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from jst_emulator.call_log import Entry
from jst_emulator.faults import Fault


@dataclass
class Delivery:
    """One request.

    :ivar entry: its place in the call log.
    :ivar calls: calls that are still served before it, None when time alone decides.
    :ivar calls_of: the operation whose calls count, None for any.
    :ivar due_at: the virtual time at which it is executed, None when calls alone decide.
    :ivar execute: carries it out.
    """

    entry: Entry
    calls: int | None
    calls_of: str | None
    due_at: float | None
    execute: Callable[[], None]


class DeliveryQueue:
    """The requests on their way. Not locked: the gateway does that."""

    def __init__(self) -> None:
        self._waiting: list[Delivery] = []

    def add(self, entry: Entry, fault: Fault, now: float, execute: Callable[[], None]) -> None:
        """Keep a request back as *fault* says; without a word on it until one further call was served."""
        options = fault.options
        calls, seconds = options["calls"], options["seconds"]
        if calls is None and seconds is None:
            calls = 1
        due_at = None if seconds is None else now + seconds
        self._waiting.append(Delivery(entry, calls, options["calls_of"], due_at, execute))

    def count(self, entry: Entry) -> None:
        """Count a call that was served, and deliver what waited for it."""
        for delivery in self._waiting:
            if delivery.calls and delivery.entry is not entry and delivery.calls_of in (None, entry.action):
                delivery.calls -= 1
        self._deliver([one for one in self._waiting if one.calls == 0])

    def catch_up(self, now: float) -> None:
        """Deliver what is due by the virtual time."""
        self._deliver([one for one in self._waiting if one.due_at is not None and one.due_at <= now])

    def flush(self) -> list[dict[str, Any]]:
        """Deliver everything now, and say what it was."""
        due = list(self._waiting)
        shown = self.show()
        self._deliver(due)
        return shown

    def show(self) -> list[dict[str, Any]]:
        """What is on its way, the oldest first: number in the call log, action, and what it waits for."""
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
        """Lose everything that is on its way."""
        self._waiting.clear()

    def _deliver(self, due: list[Delivery]) -> None:
        for delivery in due:
            self._waiting.remove(delivery)
            delivery.execute()
