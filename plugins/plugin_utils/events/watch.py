# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What all watches share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ApiError, PermissionDeniedError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.timestamps import parse
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.body import Event
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.notices import Notices
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.options import BEGINNING, NOW, Options
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.outbox import Outbox
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.places import Places
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.service import Service, is_refusal
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.state_file import Change
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.window import floor_minute

START = "start"
"""The section with the time from which on each watch reports events."""

MISSING = "missing"
"""The section with the sections of environments that lists do not show, and since when."""

FORGOTTEN_AFTER = 24 * 3600.0
"""Seconds after which an environment that lists do not show is forgotten."""


@dataclass(frozen=True)
class Tools:
    """What a watch works with.

    :ivar send: holds an event until the round was read. The changes are recorded right after it was accepted.
    """

    options: Options
    service: Service
    places: Places
    state: Outbox
    send: Callable[[Event, Iterable[Change]], None]
    notices: Notices


class Watch(ABC):
    """Reads one kind of objects in each round.

    :cvar name: the entry of option ``watch``.
    """

    name = ""

    def __init__(self, tools: Tools) -> None:
        self.options = tools.options
        self.service = tools.service
        self.places = tools.places
        self.state = tools.state
        self.notices = tools.notices
        self.tell = tools.notices.tell
        self._send = tools.send
        self.is_baseline = False
        self.start = 0.0

    def round(self) -> bool:
        """Read once, and return whether something is in progress, so that the next round should come soon.

        With ``start: now``, the first complete round only records what exists.
        """
        read_at = self.service.now()
        started = self.state.get(START, self.name)
        self.is_baseline = started is None and self.options.start == NOW
        self.start = self._start(read_at) if started is None else float(started)
        is_busy = self.read(read_at)
        if started is None:
            self.state.commit([Change(START, self.name, self.start)])
        self.notices.readable(self._subject)
        return is_busy

    @abstractmethod
    def read(self, read_at: float) -> bool:
        """Read, send events, and record what was read. Return whether something is in progress.

        :param read_at: the time of the service.
        """

    @property
    def has_run(self) -> bool:
        """Whether a round was ever complete."""
        return self.state.get(START, self.name) is not None

    def skip(self, error: ApiError, purpose: str) -> None:
        """Go on after the service rejected the reading of one part. When it is read, ``notices.readable`` ends that.

        :param purpose: what cannot be read, in words.
        :raises ApiError: for any other failure.
        """
        if not is_refusal(error):
            raise error
        self.notices.refused(purpose, error)

    def skip_round(self, error: ApiError) -> None:
        """Go on with the other watches after the service rejected this one; see :meth:`skip`."""
        if isinstance(error, PermissionDeniedError) and self.has_run:
            self.notices.refused(self._subject, error)
        else:
            self.skip(error, self._subject)

    def send(self, event: Event, changes: Iterable[Change]) -> None:
        """Send an event, unless the options exclude its type or this is the first round. Record the changes then."""
        if self.is_baseline or event.type not in self.options.types:
            self.state.commit(changes)
        else:
            self._send(event, changes)

    @property
    def _subject(self) -> str:
        return f"Option watch: {self.name}"

    def gone_environments(self, prefix: str, read_at: float) -> list[tuple[str, str]]:
        """Return the sections of environments that have been missing for long, each with the id of its environment.

        A list may miss an environment for a while, and the source must not forget then what it has sent.

        :param prefix: of the sections. The id of the environment follows.
        """
        listed = {str(place.environment_id) for place in self.places}
        gone, changes = [], []
        for section in self.state.sections(f"{prefix} "):
            environment_id = section[len(prefix) + 1 :]
            since = self.state.get(MISSING, section)
            if (environment_id in listed) != (since is None):
                changes.append(Change(MISSING, section, None if environment_id in listed else read_at))
            elif since is not None and read_at - since > FORGOTTEN_AFTER:
                gone.append((section, environment_id))
                changes.append(Change(MISSING, section, None))
        self.state.commit(changes)
        return gone

    def _start(self, read_at: float) -> float:
        start = self.options.start
        if start == BEGINNING:
            return 0.0
        return floor_minute(read_at if isinstance(start, str) else start)


def epoch(text: Any) -> float | None:
    """Return the epoch seconds of a timestamp of a state, None when it is missing or has another form."""
    try:
        return None if text is None else parse(str(text)).timestamp()
    except ValueError:
        return None
