# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The call log: one entry for every request to the API, in the order of execution.

A late delivery keeps the place at which its connection was lost. Its entry changes when it is executed.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Entry:
    """A call.

    :ivar kind: ``read`` or ``write``, by the name of the operation.
    :ivar params: typed parameters, or the texts as sent when the parameter checks reject the call; secrets are masked
        and base64 texts are decoded.
    :ivar placement: where the parameters were: ``query``, ``body``, ``mixed``, ``none``.
    :ivar as_sdk: whether method and placement are those of the vendor's SDK.
    :ivar outcome: ``ok``, ``refused`` (a business error), ``gateway-error`` or ``fault:<kind>``.
    :ivar executed: whether the operation was carried out, whatever the response was.
    :ivar code: the ``Code`` of the response, also of one that was lost; None without a response.
    :ivar http_status: None when the connection was closed without a response.
    :ivar attempt: the ``x-acs-retry-attempts`` header.
    :ivar time: virtual time, ``2020-01-05T17:03:09Z``.
    :ivar ms: real milliseconds from request to response, with latency and injected delays.
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
    """All calls since the start or the last clearing. Numbers are never used again.

    The log has no lock of its own; the gateway holds the lock of the emulator.
    """

    _entries: list[Entry] = field(default_factory=list)
    _last: int = 0

    def add(self, entry: Entry) -> None:
        """Number an entry and store it."""
        self._last += 1
        entry.seq = self._last
        self._entries.append(entry)

    def since(self, seq: int = 0) -> list[dict[str, Any]]:
        """Return the entries with a number greater than *seq*, oldest first."""
        return [asdict(entry) for entry in self._entries if entry.seq > seq]

    def latest(self, count: int) -> list[Entry]:
        """Return the last *count* entries, newest first."""
        return self._entries[: -count - 1 : -1]

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._entries)

    def clear(self) -> None:
        """Delete all entries."""
        self._entries.clear()
