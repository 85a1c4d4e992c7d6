# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How a reading of the reference is declared: a dataclass field that says everything about it.

A reading that only changes the content of responses declares the change (:class:`Change`). The module with the
behaviour checks every other reading by name.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, NamedTuple

from jst_emulator.models.base import attr

if TYPE_CHECKING:
    from jst_emulator.api_spec import Operation

Value = str | int
#: The value of readings that can differ from operation to operation.
MIXED = "mixed"
NOT_STATED = "not stated"
#: What a change returns for a member that is left out.
LEFT_OUT = object()
_DECLARATION = "declaration"


class ChangeContext(NamedTuple):
    """What a change can use in addition to the value.

    :ivar world: the state that the operation was carried out on.
    """

    operation: Operation
    world: Any


class Change(NamedTuple):
    """A change that a reading makes to the responses of successful calls.

    :ivar members: names in the answer table; without any, it changes whole records: Result, or each one of Data.
    :ivar transform: ``transform(value, choice, context)`` returns the new value and leaves the old one alone;
        ``LEFT_OUT`` takes a member out of the answer.
    :ivar operations: the operations that it is about; none means all.
    """

    members: tuple[str, ...]
    transform: Callable[[Any, Value, ChangeContext], Any]
    operations: tuple[str, ...] = ()

    def is_about(self, operation: str) -> bool:
        """Return whether it changes responses of *operation*."""
        return not self.operations or operation in self.operations


@dataclass(frozen=True)
class Reading:
    """One reading of the reference.

    :ivar values: what the service does under each value; the first one is the default.
    :ivar source: lines of the reference, or ``not stated``.
    :ivar drawn: the values besides the default that random combinations may take.
    :ivar takes_numbers: whether every whole number from 0 is a value.
    :ivar excludes: by value, the values of other readings that contradict it.
    """

    name: str
    values: Mapping[Value, str]
    source: str
    drawn: tuple[Value, ...]
    takes_numbers: bool = False
    excludes: Mapping[Value, Mapping[str, tuple[Value, ...]]] | None = None
    change: Change | None = None

    @property
    def default(self) -> Value:
        """The value that applies unless another one is chosen."""
        return next(iter(self.values))

    def contradicts(self, value: Value, chosen: Mapping[str, Value]) -> bool:
        """Return whether *value* excludes one of the values that were *chosen* for other readings."""
        excluded = (self.excludes or {}).get(value, {})
        return any(chosen.get(name) in values for name, values in excluded.items())


def reading(
    source: str,
    values: Mapping[str, str],
    *,
    drawn: bool = True,
    excludes: Mapping[Value, Mapping[str, tuple[Value, ...]]] | None = None,
    change: Change | None = None,
) -> Any:
    """Return a field with the values of a reading, the default first.

    :param drawn: False when a caller that does everything right can still fail under one of the values.
    """
    default, *others = values
    about = {
        "values": dict(values),
        "source": source,
        "drawn": tuple(others) if drawn else (),
        "excludes": excludes,
        "change": change,
    }
    return attr(default, choices=tuple(values), more={_DECLARATION: about})


def number(
    source: str,
    values: Mapping[int, str],
    *,
    excludes: Mapping[Value, Mapping[str, tuple[Value, ...]]] | None = None,
) -> Any:
    """Return a field with a reading that takes any whole number; *values* explains some, the default first."""
    default, *others = values
    about = {
        "values": dict(values),
        "source": source,
        "drawn": tuple(others),
        "takes_numbers": True,
        "excludes": excludes,
    }
    return attr(default, more={_DECLARATION: about})


def declared(cls: type) -> list[Reading]:
    """Return the readings that *cls* declares, in the order of its fields."""
    return [Reading(name=field.name, **field.metadata[_DECLARATION]) for field in fields(cls)]


def chosen(readings: Any, name: str, operation: str) -> Value:
    """Return the value of a reading for one operation: ``mixed`` takes one of the others, always the same one.

    The operations share the values out evenly and independently of how they do so for other readings.
    """
    value: Value = getattr(readings, name)
    if value != MIXED:
        return value
    (declaration,) = (field.metadata[_DECLARATION] for field in fields(readings) if field.name == name)
    values: list[Value] = [one for one in declaration["values"] if one != MIXED]
    return values[share_of(f"{name}:{operation}", len(values))]


def share_of(text: str, count: int) -> int:
    """Return a number below *count* that depends on *text* only; every Python returns the same one."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % count
