# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Kinds of values: how an option is checked, sent, read back, compared and shown.

A kind knows nothing of any resource. ``clean`` turns what the user wrote into the canonical value, ``send`` turns that
into a request parameter, ``receive`` turns what the service answered into the canonical value. Answers may hold numbers
and booleans as text and may leave members out, so ``receive`` takes all of these; ``None`` means "the service does not
say".
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Sequence

from .._api.redaction import SecretText
from .redacted_options import HIDDEN
from .words import value_words

# Ids are of 64 bits.
MAX_ID_DIGITS = 19

_OTHER = re.compile(r"[\W_]+")

# Categories of characters that show nothing: controls, formats such as the zero-width space, and separators.
_CONTROLS = ("Cc", "Zl", "Zp")
_INVISIBLE = (*_CONTROLS, "Cf", "Zs")
# Letters, marks and symbols that show nothing either.
_FILLERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"


def parse_id(text: Any) -> int | None:
    """The number that a text of plain digits stands for, ``None`` when it is none, or one that no id can be.

    A text with leading zeros is a name: it is not how the id is written.
    """
    digits = str(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MAX_ID_DIGITS):
        return None
    return int(digits) if digits == "0" or digits[0] != "0" else None


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in _INVISIBLE and character not in _FILLERS


def is_blank(value: Any) -> bool:
    """Whether a value is a text without a visible character, which names nothing."""
    return isinstance(value, str) and not any(map(_is_visible, value))


def identifies(value: Any) -> bool:
    """Return whether a value identifies anything: it is no null, no empty list and no blank text."""
    return value is not None and value != [] and not is_blank(value)


def name_fault(value: Any) -> str:
    """Return what keeps a text from being a name, completing "option x ..."; empty when nothing does."""
    if not isinstance(value, str):
        return ""
    if is_blank(value):
        return "is blank" if value else "is empty"
    control = next((one for one in value if unicodedata.category(one) in _CONTROLS), "")
    return f"holds the control character U+{ord(control):04X}" if control else ""


class TextId(str):
    """An id that is a text, where a name would be looked up."""


def is_id(value: Any) -> bool:
    """Whether a value given where a name or an id fits is an id by its type, and needs no look-up."""
    return isinstance(value, (int, TextId))


def as_list(raw: Any) -> list[Any] | None:
    """A list of an answer; anything else tells nothing."""
    return raw if isinstance(raw, list) else None


def as_records(raw: Any) -> list[Mapping[str, Any]] | None:
    """The records of a list of an answer; what else is in it tells nothing."""
    return None if as_list(raw) is None else [item for item in raw if isinstance(item, Mapping)]


class FieldType:
    """The base of all kinds, and the kind of a value that is passed on as it is."""

    option_type = "raw"

    def spec(self) -> dict[str, Any]:
        """The kind's part of an Ansible argument specification."""
        return {"type": self.option_type}

    def clean(self, value: Any) -> Any:
        """The canonical value of what the user wrote.

        :raises ValueError: with a text that completes "option x ...", when it cannot be right.
        """
        return value

    def warnings_about(self, value: Any) -> list[str]:
        """Return what to warn of in a value that was given, as texts that complete "Option x ..."."""
        return []

    def serialize(self, value: Any) -> Any:
        """The request parameter for a canonical value."""
        return value

    def deserialize(self, raw: Any) -> Any:
        """The canonical value of a member of an answer, ``None`` when the answer does not tell."""
        return raw

    def equals(self, wanted: Any, current: Any) -> bool:
        """Whether both mean the same to the platform."""
        return bool(wanted == current)

    def is_comparable(self, wanted: Any, current: Any) -> bool:
        """Whether what was read tells if it is what is wanted."""
        return True

    def empty_form(self, current: Any) -> Any:
        """Return the value to send in place of an empty list, ``None`` when there is none.

        :param current: the live value.
        """
        return None

    def describe_remainder(self, value: Any) -> str:
        """Return what stays when :meth:`empty_form` was sent, in words for messages."""
        return ""

    def to_result(self, value: Any) -> Any:
        """The value for results, made of plain JSON types."""
        return value

    def to_option(self, value: Any) -> Any:
        """The value for diffs: as the user would write it in the option."""
        return self.to_result(value)

    def to_diff(self, before: Any, after: Any) -> tuple[Any, Any]:
        """Return both values for a diff; where neither may be shown, they still show that they differ."""
        return self.to_option(before), self.to_option(after)

    def describe_difference(self, wanted: Any, current: Any) -> str:
        """Return both values as the end of a message that says they differ; never a secret."""
        return f": {value_words(self.to_option(current))}, and not {value_words(self.to_option(wanted))}"


class Text(FieldType):
    """Text, optionally with a rule.

    :param pattern: what the whole text has to match.
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

    def equals(self, wanted: Any, current: Any) -> bool:
        # An empty text comes back as an absent member from some operations.
        return (wanted or "") == (current or "")


class FreeText(Text):
    """Text for people. White space at its ends may get lost, and means nothing."""

    def equals(self, wanted: Any, current: Any) -> bool:
        return (wanted or "").strip() == (current or "").strip()


class NotSecretText(Text):
    """Text that is no secret, although the name of its option looks like one to Ansible."""

    def spec(self) -> dict[str, Any]:
        return {"type": "str", "no_log": False}


TEXT = Text()


class Secret(Text):
    """Text that is never shown and cannot be read back.

    Its rule is told without the value.
    """

    def spec(self) -> dict[str, Any]:
        return {"type": "str", "no_log": True}

    def clean(self, value: Any) -> str:
        text = SecretText(value)
        if self._pattern and not self._pattern.fullmatch(text):
            raise ValueError(f"has to be {self._rule}")
        return text

    def to_result(self, value: Any) -> Any:
        return None if value is None else HIDDEN

    def describe_difference(self, wanted: Any, current: Any) -> str:
        return ""


class Integer(FieldType):
    """A whole number, optionally within inclusive bounds."""

    option_type = "int"

    def __init__(self, low: int | None = None, high: int | None = None) -> None:
        self._low = low
        self._high = high

    def clean(self, value: Any) -> int:
        number = int(value)
        below = self._low is not None and number < self._low
        above = self._high is not None and number > self._high
        if below or above:
            raise ValueError(f"is {number}, but has to be {self._bounds()}")
        return number

    def _bounds(self) -> str:
        if self._low is not None and self._high is not None:
            return f"between {self._low} and {self._high}"
        return f"at most {self._high}" if self._low is None else f"at least {self._low}"

    def deserialize(self, raw: Any) -> int | None:
        if raw is None or raw == "":
            return None
        try:
            return int(raw)
        except (OverflowError, TypeError, ValueError):
            return None


PORT = Integer(1, 65535)


class AssignedPort(Integer):
    """A port that the platform assigns unless a task gives one; 0 stands for none."""

    def __init__(self) -> None:
        super().__init__(1, 65535)

    def deserialize(self, raw: Any) -> int | None:
        return super().deserialize(raw) or None


class Boolean(FieldType):
    """A boolean; ``number`` for parameters that want 0 or 1."""

    option_type = "bool"

    def __init__(self, number: bool = False) -> None:
        self._number = number

    def serialize(self, value: Any) -> Any:
        return int(value) if self._number else bool(value)

    def deserialize(self, raw: Any) -> bool | None:
        return {"true": True, "1": True, "false": False, "0": False}.get(str(raw).lower())


def _normalize(word: Any) -> str:
    return _OTHER.sub("", str(word).lower())


class Choice(FieldType):
    """One word of a list.

    :param words: the words an option takes, or a mapping of word -> request value where the two differ.
    :param spellings: further spellings in responses -> word.
    """

    option_type = "str"

    def __init__(self, words: Any, spellings: Mapping[Any, str] | None = None) -> None:
        self._send: dict[str, Any] = dict(words) if isinstance(words, Mapping) else {word: word for word in words}
        self._read = {_normalize(word): word for word in self._send}
        self._read.update({_normalize(value): word for word, value in self._send.items()})
        self._read.update({_normalize(value): word for value, word in (spellings or {}).items()})

    @property
    def words(self) -> list[str]:
        """The words an option takes."""
        return list(self._send)

    def spec(self) -> dict[str, Any]:
        return {"type": "str", "choices": self.words}

    def serialize(self, value: Any) -> Any:
        return self._send[value]

    def deserialize(self, raw: Any) -> str | None:
        return None if raw is None else self._read.get(_normalize(raw))

    def is_comparable(self, wanted: Any, current: Any) -> bool:
        # A word that nobody knows tells nothing, and there is no empty one.
        return current is not None


class MultiChoice(FieldType):
    """One word of a list, of which a filter may name several.

    :param choice: the kind of the word.
    """

    def __init__(self, choice: Choice) -> None:
        self._choice = choice

    def spec(self) -> dict[str, Any]:
        return {"type": "list", "elements": "str", "choices": self._choice.words}

    def serialize(self, value: Any) -> list[Any]:
        return [self._choice.serialize(word) for word in value]

    def deserialize(self, raw: Any) -> str | None:
        return self._choice.deserialize(raw)

    def equals(self, wanted: Any, current: Any) -> bool:
        return current in wanted


class StringSet(FieldType):
    """A list of texts in which order does not count."""

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
    """The id of another thing, which tasks give by name or id."""

    option_type = "str"


class Ids(StringSet):
    """Ids of other things, which tasks give by name or id."""

    def deserialize(self, raw: Any) -> Any:
        return _whole_numbers(raw)


class NumberSet(FieldType):
    """A list of whole numbers in which order does not count."""

    def spec(self) -> dict[str, Any]:
        return {"type": "list", "elements": "int"}

    def clean(self, value: Any) -> list[int]:
        return sorted({int(item) for item in value})

    def deserialize(self, raw: Any) -> list[int] | None:
        return _whole_numbers(raw)


def _whole_numbers(raw: Any) -> list[int] | None:
    """The numbers of an answer in order, without what is none."""
    if as_list(raw) is None:
        return None
    numbers = (Integer().deserialize(item) for item in raw)
    return sorted(number for number in numbers if number is not None)


class RecordList(FieldType):
    """A list of small records, compared as a set.

    :param members: (option name, request name, kind) of each member; the option name is also the name in answers.
    :param key: the members that identify a record; two records with the same key are refused.
    :param required: the members that each record has to have.
    :param response_names: names in responses that differ from the option's.
    """

    def __init__(
        self,
        members: Sequence[tuple[str, str, FieldType]],
        key: Sequence[str],
        required: Sequence[str],
        defaults: Mapping[str, Any] | None = None,
        response_names: Mapping[str, str] | None = None,
        extra_shown: Sequence[str] = (),
    ) -> None:
        self._members = tuple(members)
        self._key = tuple(key)
        self._required = tuple(required)
        self._defaults = dict(defaults or {})
        self._read = dict(response_names or {})
        self._shown = tuple(extra_shown)

    def spec(self) -> dict[str, Any]:
        options: dict[str, Any] = {}
        for name, _wire, kind in self._members:
            options[name] = kind.spec()
            if name in self._required:
                options[name]["required"] = True
            if name in self._defaults:
                options[name]["default"] = self._defaults[name]
        return {"type": "list", "elements": "dict", "options": options}

    def _identity(self, record: Mapping[str, Any]) -> tuple[Any, ...]:
        return tuple(record.get(name) for name in self._key)

    def clean(self, value: Any) -> list[dict[str, Any]]:
        cleaned: list[dict[str, Any]] = []
        for position, record in enumerate(value, start=1):
            item: dict[str, Any] = {}
            for name, _wire, kind in self._members:
                if record.get(name) is None:
                    continue
                try:
                    if name in self._required and is_blank(record[name]):
                        raise ValueError("is empty")
                    if name in self._key and name_fault(record[name]):
                        raise ValueError(name_fault(record[name]))
                    item[name] = kind.clean(record[name])
                except ValueError as error:
                    raise ValueError(f"holds, as entry {position}, a record whose {name} {error}") from None
            cleaned.append(item)
        seen = set()
        for item in cleaned:
            identity = self._identity(item)
            if identity in seen:
                raise ValueError(f"names {' '.join(str(part) for part in identity)} twice")
            seen.add(identity)
        return cleaned

    def serialize(self, value: Any) -> list[dict[str, Any]]:
        return [
            {wire: kind.serialize(record[name]) for name, wire, kind in self._members if record.get(name) is not None}
            for record in value
        ]

    def deserialize(self, raw: Any) -> list[dict[str, Any]] | None:
        told = as_records(raw)
        if told is None:
            return None
        received = []
        for record in told:
            item = {
                name: kind.deserialize(record.get(self._read.get(name, name))) for name, _wire, kind in self._members
            }
            item.update({name: record.get(self._read.get(name, name)) for name in self._shown})
            received.append(item)
        return sorted(received, key=lambda item: [str(part) for part in self._identity(item)])

    def is_comparable(self, wanted: Any, current: Any) -> bool:
        # Some responses leave the list out altogether.
        return current is not None

    def equals(self, wanted: Any, current: Any) -> bool:
        if current is None:
            return True
        present = {self._identity(item): item for item in current}
        if {self._identity(item) for item in wanted} != set(present):
            return False
        return all(self._alike(item, present[self._identity(item)]) for item in wanted)

    def _alike(self, wanted: Mapping[str, Any], current: Mapping[str, Any]) -> bool:
        """Whether no member of a record that was given is seen to differ."""
        return all(
            kind.equals(wanted[name], current.get(name)) or not kind.is_comparable(wanted[name], current.get(name))
            for name, _wire, kind in self._members
            if wanted.get(name) is not None
        )

    def to_result(self, value: Any) -> Any:
        if value is None:
            return None
        return self._sorted(value, [*self._names, *self._shown])

    def to_option(self, value: Any) -> Any:
        return None if value is None else self._sorted(value, self._names)

    @property
    def _names(self) -> list[str]:
        return [name for name, _wire, _kind in self._members]

    def _sorted(self, value: Any, names: Sequence[str]) -> list[dict[str, Any]]:
        shown = [{name: record.get(name) for name in names} for record in value]
        return sorted(shown, key=lambda item: [str(part) for part in self._identity(item)])


def nearest(word: str, words: Sequence[str]) -> str:
    """A tail for messages such as ``, did you mean 'a' or 'b'?``, empty when nothing is near."""
    near = difflib.get_close_matches(word, list(words), n=3)
    return f", did you mean {' or '.join(repr(item) for item in near)}?" if near else ""
