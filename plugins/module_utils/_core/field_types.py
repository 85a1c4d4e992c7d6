# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Field types: how an option is validated, sent, read back, compared and shown.

A field type knows no resource. ``clean`` turns the user's value into the canonical value, ``serialize`` turns that into
a request parameter, and ``deserialize`` turns a member of a response into the canonical value. Responses may hold
numbers and booleans as text and may omit members, so ``deserialize`` accepts all of these. ``None`` means that the
value is unknown.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any

from .._api.redaction import SecretText
from .names import is_blank, name_fault
from .option_redaction import NO_LOG_MASK
from .wording import value_words

HIDDEN_CHANGE = "changed, content hidden"
"""What a diff shows in place of a secret that a run sends to an existing resource."""

_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")


def as_list(raw: Any) -> list[Any] | None:
    """Return a list of a response; ``None`` for any other value."""
    return raw if isinstance(raw, list) else None


def as_records(raw: Any) -> list[Mapping[str, Any]] | None:
    """Return the records of a list of a response, without other items; ``None`` for any other value."""
    return None if as_list(raw) is None else [item for item in raw if isinstance(item, Mapping)]


class FieldType:
    """The base of all field types, and the type of a value that is passed on unchanged.

    :cvar is_parsed: whether the canonical value is the result of a parser, which an option takes in place of the text.
    """

    option_type = "raw"
    is_parsed = False

    def spec(self) -> dict[str, Any]:
        """Return the type's part of an argument specification."""
        return {"type": self.option_type}

    def clean(self, value: Any) -> Any:
        """Return the canonical form of the user's value.

        :raises ValueError: completing "option x ...", when the value is invalid.
        """
        return value

    def warnings_about(self, value: Any) -> list[str]:
        """Return warnings about a given value, as texts that complete "Option x ..."."""
        return []

    def serialize(self, value: Any) -> Any:
        """Return the request parameter for a canonical value."""
        return value

    def deserialize(self, raw: Any) -> Any:
        """Return the canonical value of a member of a response; ``None`` when it is unknown."""
        return raw

    def equals(self, desired: Any, current: Any) -> bool:
        """Return whether both values mean the same to the service."""
        return bool(desired == current)

    def is_comparable(self, desired: Any, current: Any) -> bool:
        """Return whether the live value is complete enough to compare it."""
        return True

    def empty_form(self, current: Any) -> Any:
        """Return the value to send in place of an empty list; ``None`` when there is none.

        :param current: the live value.
        """
        return None

    def describe_remainder(self, value: Any) -> str:
        """Return what remains after :meth:`empty_form` was sent, in words for messages."""
        return ""

    def to_result(self, value: Any) -> Any:
        """Return the value for results, in JSON types."""
        return value

    def to_option(self, value: Any) -> Any:
        """Return the value for diffs, as the user would write it in the option."""
        return self.to_result(value)

    def to_diff(self, before: Any, after: Any) -> tuple[Any, Any]:
        """Return both values for a diff. Secret values are not shown, but still differ."""
        return self.to_option(before), self.to_option(after)

    def sent_to_diff(self, value: Any) -> Any:
        """Return a value for the diff of an update that sends it although the live value is not shown."""
        return self.to_option(value)

    def describe_difference(self, desired: Any, current: Any) -> str:
        """Return both values as the end of a message about their difference, never with a secret."""
        return f": {value_words(self.to_option(current))}, and not {value_words(self.to_option(desired))}"


class Text(FieldType):
    """Text, optionally with a pattern.

    :param pattern: has to match the whole text.
    :param rule: the pattern in words, completing "has to be ...".
    """

    option_type = "str"

    def __init__(self, pattern: str | None = None, rule: str = "") -> None:
        self._pattern = re.compile(pattern) if pattern else None
        self._rule = rule

    def clean(self, value: Any) -> str:
        text = str(value)
        if self._pattern and not self._pattern.fullmatch(text):
            raise ValueError(f"is {text!r}, but has to be {self._rule}")
        return text

    def deserialize(self, raw: Any) -> str | None:
        return None if raw is None or isinstance(raw, (list, Mapping)) else str(raw)

    def equals(self, desired: Any, current: Any) -> bool:
        # Some operations omit a member whose text is empty.
        return (desired or "") == (current or "")


class FreeText(Text):
    """Text for people. White space at its ends has no meaning, and the service may remove it."""

    def equals(self, desired: Any, current: Any) -> bool:
        return (desired or "").strip() == (current or "").strip()


class NotSecretText(Text):
    """Text that is not secret, although Ansible takes the name of its option for that of a secret."""

    def spec(self) -> dict[str, Any]:
        return {"type": "str", "no_log": False}


TEXT = Text()


class Secret(Text):
    """Text that is never shown and cannot be read back. Messages quote its rule, never the value."""

    def spec(self) -> dict[str, Any]:
        return {"type": "str", "no_log": True}

    def clean(self, value: Any) -> str:
        text = SecretText(value)
        if self._pattern and not self._pattern.fullmatch(text):
            raise ValueError(f"has to be {self._rule}")
        return text

    def to_result(self, value: Any) -> Any:
        return None if value is None else NO_LOG_MASK

    def sent_to_diff(self, value: Any) -> Any:
        return HIDDEN_CHANGE

    def describe_difference(self, desired: Any, current: Any) -> str:
        return ""


class Integer(FieldType):
    """An integer, optionally within inclusive bounds."""

    option_type = "int"

    def __init__(self, minimum: int | None = None, maximum: int | None = None) -> None:
        self._minimum = minimum
        self._maximum = maximum

    def clean(self, value: Any) -> int:
        number = int(value)
        below = self._minimum is not None and number < self._minimum
        above = self._maximum is not None and number > self._maximum
        if below or above:
            raise ValueError(f"is {number}, but has to be {self._bounds()}")
        return number

    def _bounds(self) -> str:
        if self._minimum is not None and self._maximum is not None:
            return f"between {self._minimum} and {self._maximum}"
        return f"at most {self._maximum}" if self._minimum is None else f"at least {self._minimum}"

    def deserialize(self, raw: Any) -> int | None:
        if raw is None or raw == "":
            return None
        try:
            return int(raw)
        except (OverflowError, TypeError, ValueError):
            return None


class Number(FieldType):
    """A number that may have a fraction."""

    option_type = "float"

    def clean(self, value: Any) -> float:
        return float(value)

    def deserialize(self, raw: Any) -> float | None:
        try:
            number = float(raw)
        except (OverflowError, TypeError, ValueError):
            return None
        return number if math.isfinite(number) else None


PORT = Integer(1, 65535)


class AssignedPort(Integer):
    """A port that the service assigns unless it is given. 0 stands for none."""

    def __init__(self) -> None:
        super().__init__(1, 65535)

    def deserialize(self, raw: Any) -> int | None:
        return super().deserialize(raw) or None


class Boolean(FieldType):
    """A boolean. With ``number``, requests take 0 or 1."""

    option_type = "bool"

    def __init__(self, number: bool = False) -> None:
        self._number = number

    def serialize(self, value: Any) -> Any:
        return int(value) if self._number else bool(value)

    def deserialize(self, raw: Any) -> bool | None:
        return {"true": True, "1": True, "false": False, "0": False}.get(str(raw).lower())


def _normalize(word: Any) -> str:
    return _NOT_ALPHANUMERIC.sub("", str(word).lower())


class Choice(FieldType):
    """One word of a list.

    :param words: the choices of the option, or a mapping choice -> request value.
    :param spellings: further spellings in responses -> choice.
    """

    option_type = "str"

    def __init__(self, words: Any, spellings: Mapping[Any, str] | None = None) -> None:
        self._to_api: dict[str, Any] = dict(words) if isinstance(words, Mapping) else {word: word for word in words}
        self._from_api = {_normalize(word): word for word in self._to_api}
        self._from_api.update({_normalize(value): word for word, value in self._to_api.items()})
        self._from_api.update({_normalize(value): word for value, word in (spellings or {}).items()})

    @property
    def words(self) -> list[str]:
        """Return the choices of the option."""
        return list(self._to_api)

    def spec(self) -> dict[str, Any]:
        return {"type": "str", "choices": self.words}

    def serialize(self, value: Any) -> Any:
        return self._to_api[value]

    def deserialize(self, raw: Any) -> str | None:
        return None if raw is None else self._from_api.get(_normalize(raw))

    def is_comparable(self, desired: Any, current: Any) -> bool:
        # An unknown word cannot be compared, and no choice is empty.
        return current is not None


class MultiChoice(FieldType):
    """One word of a list, of which a filter may name several."""

    def __init__(self, choice: Choice) -> None:
        self._choice = choice

    def spec(self) -> dict[str, Any]:
        return {"type": "list", "elements": "str", "choices": self._choice.words}

    def serialize(self, value: Any) -> list[Any]:
        return [self._choice.serialize(word) for word in value]

    def deserialize(self, raw: Any) -> str | None:
        return self._choice.deserialize(raw)

    def equals(self, desired: Any, current: Any) -> bool:
        return current in desired


class StringSet(FieldType):
    """A list of texts without order."""

    def spec(self) -> dict[str, Any]:
        return {"type": "list", "elements": "str"}

    def clean(self, value: Any) -> list[str]:
        if any(item is None or is_blank(item) for item in value):
            raise ValueError("holds an empty entry")
        fault = next(filter(None, map(name_fault, value)), "")
        if fault:
            raise ValueError(f"has an entry that {fault}")
        return sorted({str(item) for item in value})

    def deserialize(self, raw: Any) -> list[str] | None:
        texts = as_list(raw)
        return None if texts is None else sorted(str(item) for item in texts if item is not None)


class Id(Integer):
    """The id of another resource, which the option takes by name or id."""

    option_type = "str"


class Ids(StringSet):
    """Ids of other resources, which the option takes by name or id."""

    def deserialize(self, raw: Any) -> Any:
        return _parse_integers(raw)


class NumberSet(FieldType):
    """A list of integers without order."""

    def spec(self) -> dict[str, Any]:
        return {"type": "list", "elements": "int"}

    def clean(self, value: Any) -> list[int]:
        return sorted({int(item) for item in value})

    def deserialize(self, raw: Any) -> list[int] | None:
        return _parse_integers(raw)


def _parse_integers(raw: Any) -> list[int] | None:
    """Return the sorted integers in a list of a response, without other items."""
    if as_list(raw) is None:
        return None
    numbers = (Integer().deserialize(item) for item in raw)
    return sorted(number for number in numbers if number is not None)
