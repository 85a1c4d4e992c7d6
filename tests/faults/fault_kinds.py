# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The kinds of faults that can strike one call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

#: The calls that make something, and the parameters that name it.
CREATES: Mapping[str, Sequence[str]] = {
    "CreateApp": ["Title"],
    "CreateAppGroup": ["Name"],
    "BindGroup": ["Name"],
    "CreateDeployConfig": ["Name", "EnvType"],
    "CreateEnvironment": ["EnvName"],
    "CreateService": ["K8sServiceId"],
    "CreateSlbAP": ["SlbId", "ListenerPort"],
    "CreatePersistentVolumeClaim": ["Name"],
    "CreateDb": ["DbName"],
    "CreateAccount": ["AccountName"],
    "DeployApp": ["EnvId"],
}

#: Seconds that modules wait for an answer here, and those that a delayed one takes.
READ_TIMEOUT, DELAY = 10, 12


@dataclass(frozen=True, eq=False)
class FaultKind:
    """One kind of fault.

    :ivar label: what heads the column.
    :ivar fault: its description for the control side of the emulator.
    :ivar passes: whether a read that it strikes is simply tried again.
    :ivar meets: whether another run is in the same place: both make the call at the same moment.
    """

    label: str
    fault: Mapping[str, Any]
    passes: bool
    meets: bool = False

    def can_strike(self, calls: Sequence[Mapping[str, Any]], position: int) -> bool:
        """Return whether the fault makes a difference to the call at this position of a run."""
        if self.meets:
            return calls[position]["action"] in CREATES
        if self.fault["kind"] != "stale_read":
            return True
        written = any(call["kind"] == "write" for call in calls[:position])
        return written and calls[position]["kind"] == "read"


def _passing(label: str, kind: str = "", **options: Any) -> FaultKind:
    return FaultKind(label, {"kind": kind or label, **options}, passes=True)


def _lasting(label: str, kind: str = "", **options: Any) -> FaultKind:
    return FaultKind(label, {"kind": kind or label, **options}, passes=False)


def _meeting(label: str, kind: str, **options: Any) -> FaultKind:
    return FaultKind(label, {"kind": kind, **options}, passes=False, meets=True)


FAULT_KINDS = (
    _passing("throttle"),
    _passing("throttle+", "throttle", retry_after_ms=300),
    _passing("500", "internal_error"),
    _passing("502", "bad_gateway"),
    _passing("503", "unavailable"),
    _passing("drop-", "drop_before"),
    _passing("-drop", "drop_after"),
    _passing("truncate"),
    _passing("delay", seconds=DELAY),
    _lasting("garbage"),
    _lasting("empty"),
    _lasting("business"),
    _lasting("token", "expired_token"),
    _lasting("stale", "stale_read"),
    # Two runs make the call at once: of the two calls the first or the second one that is carried out is struck.
    _meeting("2-drop 1", "drop_after"),
    _meeting("2-drop 2", "drop_after", after=1),
    _meeting("2late", "late_delivery", calls=3),
    _meeting("2-503", "unavailable", executed=True, retry_after_ms=300),
)
