# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Faults: armed over the control side, each strikes a number of calls, or the calls of a span of virtual time."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from jst_emulator import call_filter
from jst_emulator.api_spec import OPERATIONS
from jst_emulator.call_filter import (
    LARGEST,
    Call,
    CallFilter,
    Option,
    duration,
    integer_option,
    is_of,
    split_kind,
)

_UNLIMITED = None
#: The longest delay of a response in seconds of real time.
_LONGEST_DELAY = 3600
_STATUS = Option(int, accepts=lambda value: 400 <= value <= 599, complaint="is {}, no HTTP error")
_PATH = Option(
    list,
    required=True,
    accepts=lambda value: all(is_of(str, part) or is_of(int, part) for part in value),
    complaint="holds something else than names and positions",
)
_OPERATION = Option(str, accepts=lambda value: value in OPERATIONS, complaint="is {}, no action")
_SPAN = Option(float, accepts=lambda value: 0 < value <= LARGEST, complaint=f"is {{}}, not above 0 and up to {LARGEST}")
#: Whether the operation is carried out although the response says that it was not.
_EXECUTED = Option(bool, False)


@dataclass(frozen=True)
class FaultKind:
    """A kind of fault.

    :ivar about: the effect on the caller, in a few words.
    :ivar stage: when it strikes: ``clock`` and ``token`` during authentication, ``call`` after it.
    :ivar executes: whether the operation is carried out all the same.
    :ivar reads_only: whether it strikes reads only.
    :ivar count: the number of calls that it strikes by default; None for all.
    :ivar answers: whether the caller gets the status line and the headers of a response.
    """

    about: str
    options: Mapping[str, Option] = field(default_factory=dict)
    stage: str = "call"
    executes: bool = False
    reads_only: bool = False
    count: int | None = 1
    answers: bool = True

    def all_options(self) -> dict[str, Option]:
        """Return its own options, and the option of every kind whose response has headers."""
        return {**self.options, **({"retry_after_ms": integer_option()} if self.answers else {})}


FAULT_KINDS: dict[str, FaultKind] = {
    # errors of the gateway; with "executed" the operation is carried out before
    "throttle": FaultKind("a rejection because of too many calls", {"code": Option(str, "Throttling.User")}),
    "internal_error": FaultKind("HTTP 500, not executed by default", {"executed": _EXECUTED}),
    "bad_gateway": FaultKind("HTTP 502 with an HTML page, not executed by default", {"executed": _EXECUTED}),
    "unavailable": FaultKind("HTTP 503, not executed by default", {"executed": _EXECUTED}),
    "gateway": FaultKind(
        "a rejection by the gateway with a code of your choice",
        {"code": Option(str, required=True), "status": _STATUS, "message": Option(str), "executed": _EXECUTED},
    ),
    "business": FaultKind(
        "HTTP 200 with an error of the platform in the body",
        {"code": Option(int, 1), "message": Option(str, "Refused by an armed fault."), "executed": _EXECUTED},
    ),
    # lost or damaged responses
    "drop_before": FaultKind("a lost connection; the call is not executed", answers=False),
    "drop_after": FaultKind("a lost connection; the call is executed first", executes=True, answers=False),
    # executed after a number of calls (of one operation, with "calls_of"), or after some virtual time
    "late_delivery": FaultKind(
        "a lost connection; the call is executed after the caller gave up",
        {"calls": integer_option(least=1), "calls_of": _OPERATION, "seconds": duration()},
        answers=False,
    ),
    "truncate": FaultKind("half of the response; the call is executed", executes=True),
    "garbage": FaultKind("a response that is not JSON; the call is executed", executes=True),
    "empty": FaultKind("a response without content; the call is executed", executes=True),
    "delay": FaultKind(
        "a late response; the call is executed", {"seconds": duration(1.0, _LONGEST_DELAY)}, executes=True
    ),
    "stale_read": FaultKind("a read that does not see the last write", executes=True, reads_only=True),
    # sets or removes the member at a path of names and positions from 0; [] is the whole response
    "rewrite": FaultKind(
        "a response with one member changed or removed; the call is executed",
        {"path": _PATH, "value": Option(object), "remove": Option(bool, False)},
        executes=True,
    ),
    "wrap": FaultKind(
        "a response that is the only member of another object; the call is executed",
        {"name": Option(str, "Response")},
        executes=True,
    ),
    # lists with a wrong total, without page numbers, or with records added to or removed from the front between pages
    "wrong_count": FaultKind(
        "a list with a wrong count", {"total": Option(int, required=True)}, executes=True, reads_only=True
    ),
    "repeat": FaultKind(
        "a list that always shows its first page",
        {"total": Option(int)},
        executes=True,
        reads_only=True,
    ),
    "moved_records": FaultKind(
        "a list whose records moved between two pages", {"by": Option(int, 1)}, executes=True, reads_only=True
    ),
    # faults of authentication
    "expired_token": FaultKind("the error that the security token has expired", stage="token"),
    "skew": FaultKind(
        "the error that the clock of the caller is wrong",
        {"seconds": Option(float, 3600.0)},
        stage="clock",
        count=_UNLIMITED,
    ),
}
_COMMON = {
    "count": integer_option(),
    "after": integer_option(0),
    "in_s": duration(0.0),
    "for_s": _SPAN,
    "rate": integer_option(least=1),
}


@dataclass
class Fault:
    """An armed fault.

    :ivar filter: the calls that it strikes.
    :ivar after: the number of matching calls that pass first.
    :ivar remaining: the number of calls that it can still strike, None for no limit.
    :ivar starts_at: the virtual time from which on it counts and strikes calls.
    :ivar ends_at: the virtual time from which on it does not any more, None for no end.
    :ivar rate: the number of calls in a virtual second that it lets pass, None for none.
    :ivar retry_after_ms: the value of the response header ``x-acs-retry-after``, None for no such header.
    :ivar seen: the number of matching calls so far.
    :ivar struck: the number of struck calls so far.
    """

    kind: str
    filter: CallFilter
    after: int
    remaining: int | None
    starts_at: float
    ends_at: float | None
    rate: int | None
    retry_after_ms: int | None
    options: dict[str, Any]
    seen: int = 0
    struck: int = 0
    _passed: deque[float] = field(default_factory=deque)

    def matches(self, call: Call, stage: str) -> bool:
        """Return whether the fault concerns *call* at *stage*."""
        kind = FAULT_KINDS[self.kind]
        return (
            kind.stage == stage and not (kind.reads_only and not call.operation.is_read) and self.filter.matches(call)
        )

    def is_active(self, now: float) -> bool:
        """Return whether the virtual time *now* is in the span of the fault."""
        return self.starts_at <= now and (self.ends_at is None or now < self.ends_at)

    def lets_pass(self, now: float) -> bool:
        """Return whether a call at the virtual time *now* is within the rate, and count it if so."""
        if self.rate is None:
            return False
        while self._passed and self._passed[0] <= now - 1:
            self._passed.popleft()
        if len(self._passed) >= self.rate:
            return False
        self._passed.append(now)
        return True

    @property
    def is_spent(self) -> bool:
        """Whether it has struck all calls of its count."""
        return self.remaining == 0

    @property
    def executes(self) -> bool:
        """Whether the operation is carried out before the fault strikes."""
        return FAULT_KINDS[self.kind].executes or bool(self.options.get("executed"))

    def as_dict(self) -> dict[str, Any]:
        """Return the fault for the control side."""
        return {
            "kind": self.kind,
            **self.filter.as_dict(),
            "after": self.after,
            "count": self.remaining,
            "seen": self.seen,
            "struck": self.struck,
            "starts_at": self.starts_at,
            "ends_at": self.ends_at,
            "rate": self.rate,
            "retry_after_ms": self.retry_after_ms,
            **self.options,
        }


class FaultRegistry:
    """The armed faults.

    The registry has no lock of its own; the gateway holds the lock of the emulator.
    """

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def arm(self, descriptions: Any, now: float = 0.0) -> list[Fault]:
        """Arm faults from their descriptions.

        A description has a kind, a call filter, ``count``, ``after``, ``in_s``, ``for_s``, ``rate``, and the options of
        the kind.

        :param descriptions: one description or a list.
        :param now: the virtual time.
        :raises DescriptionError: a description is wrong; then no fault is armed.
        """
        armed = [_read(each, now) for each in (descriptions if isinstance(descriptions, list) else [descriptions])]
        self._faults += armed
        return armed

    def take(self, call: Call, stage: str, now: float = 0.0) -> Fault | None:
        """Return the fault that strikes *call*: the one that was armed first.

        Every matching fault counts the call, whichever strikes.

        :param now: the virtual time.
        """
        taken: Fault | None = None
        for fault in self._faults:
            if not fault.is_active(now) or not fault.matches(call, stage):
                continue
            fault.seen += 1
            if taken is None and fault.seen > fault.after and not fault.is_spent and not fault.lets_pass(now):
                taken = fault
                fault.struck += 1
                if fault.remaining is not None:
                    fault.remaining -= 1
        return taken

    def is_armed(self, kind: str, now: float = 0.0) -> bool:
        """Return whether a fault of *kind* can strike a call at the virtual time *now* or later."""
        return any(
            fault.kind == kind and not fault.is_spent and (fault.ends_at is None or now < fault.ends_at)
            for fault in self._faults
        )

    def show(self) -> list[dict[str, Any]]:
        """Return all faults in the order of arming, spent ones included."""
        return [fault.as_dict() for fault in self._faults]

    def clear(self) -> None:
        """Disarm all faults."""
        self._faults.clear()


def _read(description: Any, now: float) -> Fault:
    kind_name, given = split_kind("a fault", description, FAULT_KINDS)
    kind = FAULT_KINDS[kind_name]
    options = {**_COMMON, **kind.all_options()}
    selected, values = call_filter.parse(f"{kind_name} fault", given, options)
    starts_at, span = now + (values["in_s"] or 0.0), values["for_s"]
    # A fault with a span or a rate strikes all calls of it, unless its description has a count.
    count = kind.count if span is None and values["rate"] is None else _UNLIMITED
    return Fault(
        kind=kind_name,
        filter=selected,
        after=values["after"],
        remaining=values["count"] if "count" in description else count,
        starts_at=starts_at,
        ends_at=None if span is None else starts_at + span,
        rate=values["rate"],
        retry_after_ms=values.get("retry_after_ms"),
        options={name: values[name] for name in kind.options},
    )
