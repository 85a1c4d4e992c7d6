# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What was called: one entry for every request to the API, in the order of execution.

A request that is delivered late has the place at which its connection was lost; its entry changes when it is executed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Entry:
    """One call.

    :ivar kind: ``read`` or ``write``, told by the operation's name.
    :ivar params: typed parameters, or the texts as sent when the call did not get past the parameter checks; secrets
        are masked, base64 texts decoded.
    :ivar placement: where the parameters were: ``query``, ``body``, ``mixed``, ``none``.
    :ivar as_sdk: whether method and placement are those of the vendor's SDK.
    :ivar outcome: ``ok``, ``refused`` (business failure), ``gateway-error`` or ``fault:<kind>``.
    :ivar executed: whether the operation was carried out, answered or not.
    :ivar code: the ``Code`` of the answer given, or of the one lost on the way; None when there was none.
    :ivar http_status: None when the connection was closed without an answer.
    :ivar attempt: the ``x-acs-retry-attempts`` header.
    :ivar time: virtual time, ``2020-01-05T17:03:09Z``.
    :ivar ms: real milliseconds from the request to its answer, latency and delays that were asked for included.
    """

    action: str
    kind: str
    params: dict[str, Any]
    placement: str
    as_sdk: bool
    method: str
    signature_version: str
    access_key_id: str
    nonce: str
    request_id: str
    attempt: str | None
    time: str
    outcome: str = "gateway-error"
    executed: bool = False
    code: int | str | None = None
    http_status: int | None = None
    ms: float = 0.0
    seq: int = 0


@dataclass
class CallLog:
    """All calls since the start or the last clearing, whose numbers go on. Not locked: the gateway does that."""

    _entries: list[Entry] = field(default_factory=list)
    _last: int = 0

    def add(self, entry: Entry) -> None:
        """Number the entry and keep it."""
        self._last += 1
        entry.seq = self._last
        self._entries.append(entry)

    def since(self, seq: int = 0) -> list[dict[str, Any]]:
        """Entries with a number greater than *seq*, oldest first."""
        return [asdict(entry) for entry in self._entries if entry.seq > seq]

    def latest(self, count: int) -> list[Entry]:
        """The last *count* entries, newest first."""
        return self._entries[: -count - 1 : -1]

    def __len__(self) -> int:
        """How many entries there are."""
        return len(self._entries)

    def clear(self) -> None:
        """Forget all entries."""
        self._entries.clear()
