# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Troubles on demand: armed over the control side, each strikes a number of calls and is gone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from jst_emulator.facts import OPERATIONS, Operation

ANY = "*"
_UNLIMITED = None


class FaultError(ValueError):
    """The description of a fault is wrong; the text says how."""


class Option(NamedTuple):
    """An option of a kind of fault.

    default: its value when it is left out.
    accepts: whether a value of its type makes sense.
    complaint: what is said of one that does not, after the name.
    """

    type: type
    default: Any = None
    required: bool = False
    accepts: Callable[[Any], bool] = lambda value: True
    complaint: str = ""


def _is_of(kind: type, value: object) -> bool:
    """Whether a JSON value is of *kind*: whole numbers are numbers too, booleans are not; anything is an object."""
    if isinstance(value, bool):
        return kind in (bool, object)
    return isinstance(value, (int, float) if kind is float else kind)


def _whole(default: int | None = None) -> Option:
    """A number of calls."""
    return Option(int, default, accepts=lambda value: value >= 0, complaint="is negative")


_STATUS = Option(int, accepts=lambda value: 400 <= value <= 599, complaint="is {}, no HTTP error")
_PATH = Option(
    list,
    required=True,
    accepts=lambda value: all(_is_of(str, part) or _is_of(int, part) for part in value),
    complaint="holds something else than names and positions",
)


@dataclass(frozen=True)
class Kind:
    """A kind of fault.

    :ivar about: what the caller gets, in a few words.
    :ivar stage: where in the way of a call it strikes: ``clock`` and ``token`` while the caller is authenticated,
        ``call`` once that is done.
    :ivar executes: whether the operation is carried out all the same.
    :ivar reads_only: whether it leaves writes alone.
    :ivar count: how many calls it strikes unless told otherwise; None for all.
    """

    about: str
    options: Mapping[str, Option] = field(default_factory=dict)
    stage: str = "call"
    executes: bool = False
    reads_only: bool = False
    count: int | None = 1


KINDS: dict[str, Kind] = {
    # answered by the gateway instead of executing
    "throttle": Kind(
        "refused because of too many calls", {"code": Option(str, "Throttling.User"), "retry_after_ms": Option(int)}
    ),
    "internal_error": Kind("HTTP 500, nothing done"),
    "bad_gateway": Kind("HTTP 502 with an HTML page, nothing done"),
    "unavailable": Kind("HTTP 503, nothing done"),
    "gateway": Kind(
        "refused by the gateway with a code of your choice",
        {"code": Option(str, required=True), "status": _STATUS, "message": Option(str)},
    ),
    "business": Kind(
        "HTTP 200 with a failure of the platform in it",
        {"code": Option(int, 1), "message": Option(str, "Refused by an armed fault.")},
    ),
    # no answer, or not the one that was given
    "drop_before": Kind("connection cut, nothing done"),
    "drop_after": Kind("done, but the connection is cut before the answer", executes=True),
    "truncate": Kind("done, half of the answer", executes=True),
    "garbage": Kind("done, an answer that is no JSON", executes=True),
    "empty": Kind("done, an answer without content", executes=True),
    "delay": Kind("done, answered late", {"seconds": Option(float, 1.0)}, executes=True),
    "stale_read": Kind("a read that does not see the last write", executes=True, reads_only=True),
    # the answer with the member at a path (of names and positions from 0) put in, replaced or removed; [] is all of it
    "rewrite": Kind(
        "done, one member of the answer changed or removed",
        {"path": _PATH, "value": Option(object), "remove": Option(bool, False)},
        executes=True,
    ),
    # a list that does not count right, or to whose front so many records came, or from it went, since the page before
    "lie": Kind("a list with a wrong count", {"total": Option(int, required=True)}, executes=True, reads_only=True),
    "shift": Kind(
        "a list whose records moved between two pages", {"by": Option(int, 1)}, executes=True, reads_only=True
    ),
    # seen by authentication
    "expired_token": Kind("the security token has expired", stage="token"),
    "skew": Kind("the caller's clock is wrong", {"seconds": Option(float, 3600.0)}, stage="clock", count=_UNLIMITED),
}
_COMMON = {"action": Option(str, ANY), "count": _whole(), "after": _whole(0), "only": Option(str)}
_ONLY = ("read", "write")


@dataclass
class Fault:
    """An armed fault.

    :ivar action: the operation it waits for, ``*`` for any.
    :ivar only: ``read`` or ``write`` to leave the others alone.
    :ivar after: matching calls it lets pass first.
    :ivar remaining: calls it will still strike, None for no end.
    :ivar seen: matching calls so far.
    :ivar struck: calls it has struck.
    """

    kind: str
    action: str
    only: str | None
    after: int
    remaining: int | None
    options: dict[str, Any]
    seen: int = 0
    struck: int = 0

    def matches(self, operation: Operation, stage: str) -> bool:
        """Whether the fault is about calls of *operation* at *stage*."""
        kind = KINDS[self.kind]
        reads_only = kind.reads_only or self.only == "read"
        return (
            kind.stage == stage
            and self.action in (ANY, operation.name)
            and not (reads_only and not operation.reads)
            and not (self.only == "write" and operation.reads)
        )

    @property
    def is_spent(self) -> bool:
        """Whether it will strike no more."""
        return self.remaining == 0

    def as_dict(self) -> dict[str, Any]:
        """What the control side shows."""
        return {
            "kind": self.kind,
            "action": self.action,
            "only": self.only,
            "after": self.after,
            "count": self.remaining,
            "seen": self.seen,
            "struck": self.struck,
            **self.options,
        }


class FaultBox:
    """The armed faults. Not locked: the gateway does that."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []

    def arm(self, descriptions: Any) -> list[Fault]:
        """Arm a fault: ``{"kind", "action", "only", "count", "after"}`` and the options of its kind.

        :param descriptions: one of them or a list.
        :raises FaultError: a description is wrong; then none is armed.
        """
        armed = [_read(each) for each in (descriptions if isinstance(descriptions, list) else [descriptions])]
        self._faults += armed
        return armed

    def take(self, operation: Operation, stage: str) -> Fault | None:
        """The fault that strikes this call of *operation*, if any; the first armed comes first.

        Every fault that matches counts the call, whichever strikes.
        """
        taken: Fault | None = None
        for fault in self._faults:
            if not fault.matches(operation, stage):
                continue
            fault.seen += 1
            if taken is None and fault.seen > fault.after and not fault.is_spent:
                taken = fault
                fault.struck += 1
                if fault.remaining is not None:
                    fault.remaining -= 1
        return taken

    def is_armed(self, kind: str) -> bool:
        """Whether a fault of *kind* may still strike."""
        return any(fault.kind == kind and not fault.is_spent for fault in self._faults)

    def show(self) -> list[dict[str, Any]]:
        """All faults, spent ones included, in the order of arming."""
        return [fault.as_dict() for fault in self._faults]

    def clear(self) -> None:
        """Disarm all."""
        self._faults.clear()


def _read(description: Any) -> Fault:
    if not isinstance(description, dict):
        raise FaultError("a fault is an object with at least a kind")
    kind_name = description.get("kind")
    if kind_name not in KINDS:
        raise FaultError(f"unknown kind {kind_name!r}; known: {', '.join(KINDS)}")
    kind = KINDS[kind_name]
    known = {**_COMMON, **kind.options}
    unknown = description.keys() - known.keys() - {"kind"}
    if unknown:
        raise FaultError(f"a {kind_name} fault has no option {', '.join(sorted(unknown))}")
    values = {name: _value(kind_name, name, option, description) for name, option in known.items()}
    if values["action"] != ANY and values["action"] not in OPERATIONS:
        raise FaultError(f"unknown action {values['action']!r}")
    if values["only"] not in (None, *_ONLY):
        raise FaultError(f"only is one of {', '.join(_ONLY)}")
    return Fault(
        kind=kind_name,
        action=values["action"],
        only=values["only"],
        after=values["after"],
        remaining=values["count"] if "count" in description else kind.count,
        options={name: values[name] for name in kind.options},
    )


def _value(kind: str, name: str, option: Option, description: Mapping[str, Any]) -> Any:
    value = description.get(name, option.default)
    if value is None:
        if option.required:
            raise FaultError(f"a {kind} fault needs {name}")
        return None
    if not _is_of(option.type, value):
        raise FaultError(f"{name} is {value!r}, not of type {option.type.__name__}")
    if not option.accepts(value):
        raise FaultError(f"{name} {option.complaint.format(value)}")
    return value
