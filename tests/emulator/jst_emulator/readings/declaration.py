# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The declaration of a reading: a dataclass field with all facts about it.

A reading that changes only the content of responses declares the change (:class:`ResponseChange`). For any other
reading, the module with the behaviour checks the value by name.
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
#: The value under which each operation has one of the other values.
MIXED = "mixed"
NOT_STATED = "not stated"
#: The result of a change that leaves a member out.
LEFT_OUT = object()
_DECLARATION = "declaration"


class ChangeContext(NamedTuple):
    """The context of a change.

    :ivar world: the state after the operation.
    """

    operation: Operation
    world: Any


class ResponseChange(NamedTuple):
    """A change that a reading makes to responses of successful calls.

    :ivar members: names in the response table; without names, whole records change: Result, or each record of Data.
    :ivar transform: ``transform(value, choice, context)`` returns the new value and does not modify the old one;
        ``LEFT_OUT`` removes a member from the response.
    :ivar operations: the operations that it concerns; empty for all.
    """

    members: tuple[str, ...]
    transform: Callable[[Any, Value, ChangeContext], Any]
    operations: tuple[str, ...] = ()

    def is_about(self, operation: str) -> bool:
        """Return whether it changes responses of *operation*."""
        return not self.operations or operation in self.operations


@dataclass(frozen=True)
class Reading:
    """A reading of the reference.

    :ivar values: the behaviour of the service under each value; the first one is the default.
    :ivar source: lines of the reference, or ``not stated``.
    :ivar drawn: the values other than the default that random combinations can use.
    :ivar takes_numbers: whether every whole number from 0 is a value.
    :ivar excludes: by value, the values of other readings that contradict it.
    """

    name: str
    values: Mapping[Value, str]
    source: str
    drawn: tuple[Value, ...]
    takes_numbers: bool = False
    excludes: Mapping[Value, Mapping[str, tuple[Value, ...]]] | None = None
    change: ResponseChange | None = None

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
    change: ResponseChange | None = None,
) -> Any:
    """Return a field with the values of a reading, the default first.

    :param drawn: False when a correct caller can fail under one of the values.
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
    """Return the value of a reading for an operation; ``mixed`` selects one of the other values.

    The selection depends on reading and operation only, and is uniform and independent among readings.
    """
    value: Value = getattr(readings, name)
    if value != MIXED:
        return value
    (declaration,) = (field.metadata[_DECLARATION] for field in fields(readings) if field.name == name)
    values: list[Value] = [one for one in declaration["values"] if one != MIXED]
    return values[share_of(f"{name}:{operation}", len(values))]


def share_of(text: str, count: int) -> int:
    """Return a number below *count* that depends on *text* only, on every Python."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % count
