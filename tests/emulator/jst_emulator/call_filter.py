# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call filters, which select the calls of a fault or a barrier, and the parsing of descriptions of both."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from jst_emulator.api_spec import OPERATIONS, Operation
from jst_emulator.response_builder import as_text

ANY = "*"
#: The largest number that the control side accepts; with larger ones time arithmetic can overflow.
LARGEST = 10**12
_ONLY = ("read", "write")


class DescriptionError(ValueError):
    """The description of a fault or a barrier is wrong; the message says why."""


class Option(NamedTuple):
    """An option of a fault or a barrier.

    default: its value when it is omitted.
    accepts: returns whether a value of the type is valid.
    complaint: the text of the error about an invalid value, after the name of the option.
    """

    type: type
    default: Any = None
    required: bool = False
    accepts: Callable[[Any], bool] = lambda value: True
    complaint: str = ""


def integer_option(default: int | None = None, least: int = 0, *, required: bool = False) -> Option:
    """Return an option that takes a whole number from *least*."""
    complaint = "is negative" if least == 0 else f"is {{}}, less than {least}"
    return Option(int, default, required, lambda value: value >= least, complaint)


def duration(default: float | None = None, most: float = LARGEST) -> Option:
    """Return an option that takes seconds or milliseconds up to *most*."""
    return Option(float, default, accepts=lambda value: 0 <= value <= most, complaint=f"is {{}}, not from 0 to {most}")


def is_of(kind: type, value: object) -> bool:
    """Return whether a JSON value is of the type *kind*.

    A whole number is also a float. A boolean is no number. Every value is an object.
    """
    if isinstance(value, bool):
        return kind in (bool, object)
    if kind in (int, float) and isinstance(value, (int, float)) and not abs(value) <= LARGEST:
        return False  # Also excludes NaN.
    return isinstance(value, (int, float) if kind is float else kind)


_SELECTION: Mapping[str, Option] = {
    "action": Option(str, ANY),
    "only": Option(str, accepts=lambda value: value in _ONLY, complaint=f"is one of {', '.join(_ONLY)}"),
    "where": Option(
        dict,
        accepts=lambda value: all(
            is_of(str, one) or is_of(int, one) or isinstance(one, bool) for one in value.values()
        ),
        complaint="holds something else than texts, whole numbers and booleans",
    ),
    "access_key_id": Option(str),
}


@dataclass(frozen=True)
class Call:
    """The part of a call that a filter compares.

    :ivar texts: the business parameters as sent, by flat names (``X``, ``X.1``, ``X.1.Y``).
    :ivar key_id: the id of the access key that signed the call.
    """

    operation: Operation
    texts: Mapping[str, str] = field(default_factory=dict)
    key_id: str = ""


@dataclass(frozen=True)
class CallFilter:
    """A filter of calls.

    :ivar action: the operation, ``*`` for all.
    :ivar only: ``read`` or ``write`` to match no other calls.
    :ivar where: values of parameters by flat names. They are compared as texts, so ``2`` matches ``"2"`` and ``true``
        matches ``True``. A parameter that was not sent matches nothing.
    :ivar access_key_id: the access key of the calls, None for all.
    """

    action: str = ANY
    only: str | None = None
    where: Mapping[str, Any] | None = None
    access_key_id: str | None = None

    def matches(self, call: Call) -> bool:
        """Return whether the filter selects *call*."""
        operation = call.operation
        return (
            self.action in (ANY, operation.name)
            and self.only in (None, "read" if operation.is_read else "write")
            and self.access_key_id in (None, call.key_id)
            and all(_same(value, call.texts.get(name)) for name, value in (self.where or {}).items())
        )

    def as_dict(self) -> dict[str, Any]:
        """Return the filter for the control side."""
        return {
            "action": self.action,
            "only": self.only,
            "where": dict(self.where) if self.where else None,
            "access_key_id": self.access_key_id,
        }


def _same(wanted: Any, sent: str | None) -> bool:
    if sent is None:
        return False
    return as_text(wanted) == (sent.lower() if isinstance(wanted, bool) else sent)


def parse(what: str, description: Mapping[str, Any], own: Mapping[str, Option]) -> tuple[CallFilter, dict[str, Any]]:
    """Return the filter in a description, and the values of its *own* options.

    :param what: the described object for messages, such as ``throttle fault``.
    :raises DescriptionError: an option is unknown, is missing or has an invalid value.
    """
    values = read_options(what, description, {**_SELECTION, **own})
    action = values["action"]
    if action != ANY and action not in OPERATIONS:
        raise DescriptionError(f"unknown action {action!r}")
    selection = CallFilter(**{name: values[name] for name in _SELECTION})
    return selection, {name: values[name] for name in own}


def split_kind(what: str, description: Any, kinds: Iterable[str]) -> tuple[str, dict[str, Any]]:
    """Return the kind that a description names, and its other members.

    :param what: the described object for messages, such as ``a fault``.
    :raises DescriptionError: the description is no object, or its kind is none of *kinds*.
    """
    if not isinstance(description, dict):
        raise DescriptionError(f"{what} is an object with at least a kind")
    kind = description.get("kind")
    if not isinstance(kind, str) or kind not in kinds:
        raise DescriptionError(f"unknown kind {kind!r}; known: {_shown(kinds)}")
    return kind, {name: value for name, value in description.items() if name != "kind"}


def read_options(what: str, description: Mapping[str, Any], known: Mapping[str, Option]) -> dict[str, Any]:
    """Return the values of all *known* options.

    :param what: the described object for messages, such as ``throttle fault``.
    :raises DescriptionError: an option is unknown, is missing or has an invalid value.
    """
    unknown = description.keys() - known.keys()
    if unknown:
        raise DescriptionError(f"a {what} has no option {_shown(sorted(unknown))}")
    return {name: _value(what, name, option, description) for name, option in known.items()}


def _value(what: str, name: str, option: Option, description: Mapping[str, Any]) -> Any:
    value = description.get(name, option.default)
    if value is None:
        if option.required:
            raise DescriptionError(f"a {what} needs {name}")
        return None
    if not is_of(option.type, value):
        raise DescriptionError(f"{name} is {value!r}, not of type {option.type.__name__}")
    if not option.accepts(value):
        raise DescriptionError(f"{name} {option.complaint.format(value)}")
    return value


def _shown(names: Iterable[str]) -> str:
    return ", ".join(names)
