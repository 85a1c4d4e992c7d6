# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""YAML as Kubernetes, YAML 1.1 and YAML 1.2 read it.

The service does not document its YAML library. Kubernetes uses sigs.k8s.io/yaml (goyaml.v2), Java services use
SnakeYAML (YAML 1.1), consoles use YAML 1.2 (core schema). They agree on structure and quoted values, and disagree on
some plain values: ``1e3``, ``y``, ``0644``, ``1:30``, ``2026-01-01``.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any, Iterable, NamedTuple

try:
    import yaml

    HAS_YAML = True
    # Kubernetes' reader is a port of libyaml, which allows tabs between tokens.
    _LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
except ImportError:
    # Only a remote interpreter can lack PyYAML, ansible-core brings it.
    HAS_YAML = False

# A limit far beyond any manifest: a few lines with aliases can expand beyond all memory.
MAX_NODES = 200_000

# Every other first character makes a plain value a text for all readers.
_SPECIAL_STARTS = frozenset("0123456789+-.~yYnNtTfFoO=")
_TAG = "tag:yaml.org,2002:"


def _spellings(words: str, value: Any) -> dict[str, Any]:
    return {spelling: value for word in words.split() for spelling in (word, word.capitalize(), word.upper())}


_WORDS_1_2 = {
    **{"": None, "~": None, **_spellings("null", None), **_spellings("true", True), **_spellings("false", False)},
    **{f"{sign}.{word}": float(f"{sign}inf") for sign in ("", "+", "-") for word in ("inf", "Inf", "INF")},
    **{f".{word}": float("nan") for word in ("nan", "NaN", "NAN")},
}
_WORDS_1_1 = {**_WORDS_1_2, **_spellings("y yes on", True), **_spellings("n no off", False)}

_GO_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INTEGER_1_1 = re.compile(r"([-+]?)(?:0x([0-9a-fA-F_]+)|0b([01_]+)|0([0-7_]+)|(0|[1-9][0-9_]*))")
_FLOAT_1_1 = re.compile(r"[-+]?(?:[0-9][0-9_]*\.[0-9_]*|\.[0-9][0-9_]*)(?:[eE][-+][0-9]+)?")
_TIME = r"(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::?\d\d)?))?"
_TYPES_1_1 = {
    "base 60": re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?"),
    "timestamp": re.compile(rf"\d{{4}}-\d\d?-\d\d?(?:{_TIME})?"),
    "value": re.compile("="),
}
_INTEGER_1_2 = re.compile(r"(?:0x([0-9a-fA-F]+)|0o([0-7]+)|([-+]?[0-9]+))")


# Names of fields, labels and data. Anything else may be a misplaced value, such as a private key.
_SHOWN_KEY = re.compile(r"[-._/a-zA-Z0-9]{1,63}")


class Typed(NamedTuple):
    """A value of a type that only YAML 1.1 has."""

    type: str
    text: str


class PlainScalar(str):
    """A plain value that readers understand differently, as its text.

    :ivar readings: the value for Kubernetes, YAML 1.1 and YAML 1.2. Two are equal when these are.
    """

    readings: tuple[Any, ...]

    def __new__(cls, text: str, readings: tuple[Any, ...]) -> PlainScalar:
        self = super().__new__(cls, text)
        self.readings = readings
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PlainScalar) and _typed(self.readings) == _typed(other.readings)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(_typed(self.readings))

    def __getnewargs__(self) -> tuple[Any, ...]:
        return str(self), self.readings

    @property
    def has_ambiguous_type(self) -> bool:
        """Return whether the readings differ in type, unlike those of octal file modes such as ``0644``."""
        return len({type(reading) for reading in self.readings}) > 1


def _typed(readings: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple((type(reading).__name__, reading) for reading in readings)


class YamlError(ValueError):
    """A text is not YAML that Kubernetes accepts. The message holds no part of the text except the name of a key."""


class TooLargeError(YamlError):
    """A document is nested too deeply, contains itself, or is too large with its aliases expanded."""


def read_documents(text: str) -> tuple[list[Any], list[int]]:
    """Return the documents of a text, and the lines of the plain values whose type depends on the reader.

    Keys of mappings are texts, as in Kubernetes. An ambiguous plain value is a :class:`PlainScalar`. Null documents are
    omitted. Aliases share their collections.

    :raises YamlError: when the text is not YAML, holds values that JSON cannot express, or repeats a key in a mapping.
        Kubernetes rejects such a document or drops one of the values.
    """
    try:
        builder = _Builder()
        builder.build(yaml.parse(text, Loader=_LOADER))
    except yaml.YAMLError as error:
        # The message of the library may quote the document.
        mark = getattr(error, "problem_mark", None)
        place = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
        raise YamlError(f"is not valid YAML{place}") from None
    return builder.documents, builder.lines


def key_text(key: Any) -> str:
    """Return the text that Kubernetes makes of a mapping's key.

    :raises YamlError: for null, which it rejects, and for collections.
    """
    if isinstance(key, str):
        return key
    if isinstance(key, bool):
        return "true" if key else "false"
    if isinstance(key, int):
        return str(key)
    if isinstance(key, float):
        return str(int(key)) if key.is_integer() else repr(key)
    raise YamlError(f"holds a mapping with a key that is {'null' if key is None else 'not a string'}")


def key_words(key: str) -> str:
    """Return a key for a message, without the key itself when it may be a misplaced value."""
    return f"the key {key!r}" if _SHOWN_KEY.fullmatch(key) else "a key"


class _Node(NamedTuple):
    """A part of a document.

    :ivar event: its position.
    :ivar size: the number of values in it with its aliases expanded.
    """

    value: Any
    event: Any
    size: int


class _Frame:
    """An unfinished collection."""

    def __init__(self, event: Any) -> None:
        self.event = event
        self.items: list[_Node] = []


class _Builder:
    """Builds values from the events of a parser."""

    def __init__(self) -> None:
        self.documents: list[Any] = []
        self.lines: list[int] = []
        self._anchors: dict[str, Any] = {}
        self._frames: list[_Frame] = []

    def build(self, events: Iterable[Any]) -> None:
        """Process the events of a whole text."""
        for event in events:
            if isinstance(event, yaml.ScalarEvent):  # most events are scalars
                self._add(self._scalar(event))
            elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
                self._frames.append(_Frame(event))
                if event.anchor is not None:
                    self._anchors[event.anchor] = self._frames[-1]
            elif isinstance(event, yaml.CollectionEndEvent):
                self._add(self._end_collection(self._frames.pop()))
            elif isinstance(event, yaml.AliasEvent):
                self._add(self._alias(event))
            elif isinstance(event, yaml.DocumentStartEvent):
                self._anchors = {}

    def _add(self, node: _Node) -> None:
        if self._frames:
            self._frames[-1].items.append(node)
        elif node.value is not None:
            self.documents.append(node.value)

    def _scalar(self, event: Any) -> _Node:
        node = _Node(_scalar(event), event, 1)
        if isinstance(node.value, PlainScalar) and node.value.has_ambiguous_type:
            self.lines.append(event.start_mark.line + 1)
        if event.anchor is not None:
            self._anchors[event.anchor] = node
        return node

    def _alias(self, event: Any) -> _Node:
        target = self._anchors.get(event.anchor)
        if target is None:
            raise YamlError(f"uses an alias without an anchor, in {_place(event)}")
        if isinstance(target, _Frame):
            raise TooLargeError
        return _Node(target.value, event, target.size)

    def _end_collection(self, frame: _Frame) -> _Node:
        node = _Node(_collection(frame), frame.event, 1 + sum(item.size for item in frame.items))
        if node.size > MAX_NODES:
            raise TooLargeError
        # An anchor can be redefined, even inside its own collection. The last definition counts.
        if self._anchors.get(frame.event.anchor) is frame:
            self._anchors[frame.event.anchor] = node
        return node


def _place(event: Any) -> str:
    return f"line {event.start_mark.line + 1}, column {event.start_mark.column + 1}"


def _scalar(event: Any) -> Any:
    if event.implicit[0]:
        return plain_value(event.value)
    kind = "str" if event.tag in (None, "!") else event.tag[len(_TAG) :] if event.tag.startswith(_TAG) else ""
    if kind == "str":
        return event.value
    if kind not in ("null", "bool", "int", "float"):
        raise YamlError(_not_json(event))
    value = _go_reading(event.value)
    if kind == "float" and isinstance(value, int) and not isinstance(value, bool):
        value = float(value)
    if type(value).__name__.replace("NoneType", "null") != kind:
        raise YamlError(f"holds a value whose YAML tag does not fit it, in {_place(event)}")
    return value


def _not_json(event: Any) -> str:
    return (
        "holds a value that JSON does not have, such as binary data, a set or .nan, "
        f"or a YAML tag that Kubernetes does not have, in {_place(event)}"
    )


def _collection(frame: _Frame) -> Any:
    is_mapping = isinstance(frame.event, yaml.MappingStartEvent)
    if frame.event.tag not in (None, "!", f"{_TAG}{'map' if is_mapping else 'seq'}"):
        raise YamlError(_not_json(frame.event))
    if not is_mapping:
        return [item.value for item in frame.items]
    merged: dict[str, tuple[Any, Any]] = {}
    own: dict[str, tuple[Any, Any]] = {}
    for key, item in zip(frame.items[::2], frame.items[1::2]):
        if _is_merge(key.event):
            for source in item.value if isinstance(item.value, list) else [item.value]:
                if not isinstance(source, dict):
                    raise YamlError(f"merges a value that is not a mapping, in {_place(key.event)}")
                for name, value in source.items():
                    merged.setdefault(kubernetes_key(name), (name, value))
            continue
        try:
            name = _to_key(key.value)
        except YamlError as error:
            raise YamlError(f"{error}, in {_place(key.event)}") from None
        if kubernetes_key(name) in own:
            raise YamlError(f"has {key_words(str(name))} twice in one mapping, the second time in {_place(key.event)}")
        own[kubernetes_key(name)] = name, item.value
    return dict({**merged, **own}.values())


def _is_merge(event: Any) -> bool:
    if not isinstance(event, yaml.ScalarEvent) or event.value != "<<":
        return False
    return bool(event.implicit[0]) or event.tag == f"{_TAG}merge"


def _to_key(key: Any) -> str:
    if not isinstance(key, PlainScalar):
        return key_text(key)
    readings = tuple(reading if isinstance(reading, Typed) else key_text(reading) for reading in key.readings)
    return str(readings[0]) if len(set(readings)) == 1 else PlainScalar(key, readings)


def kubernetes_key(key: str) -> str:
    """Return a key of a document as Kubernetes reads it."""
    return str(key.readings[0]) if isinstance(key, PlainScalar) else key


@lru_cache(maxsize=1024)
def plain_value(text: str) -> Any:
    """Return the meaning of a plain value; a :class:`PlainScalar` when readers disagree.

    :raises YamlError: for a number that no reader can hold.
    """
    if text and text[0] not in _SPECIAL_STARTS:
        return text
    try:
        readings = _go_reading(text), _reading_1_1(text), _reading_1_2(text)
    except ValueError:
        # Python limits the digits of a number.
        raise YamlError("holds a number that is too long") from None
    return readings[0] if len(set(_typed(readings))) == 1 else PlainScalar(text, readings)


def as_kubernetes(value: Any) -> Any:
    """Return a value as Kubernetes understands it, in JSON types. Shared collections stay shared."""
    if isinstance(value, PlainScalar):
        return value.readings[0]
    if not isinstance(value, (dict, list)):
        return value
    known: dict[int, Any] = {}

    def convert(part: Any) -> Any:
        if isinstance(part, PlainScalar):
            return part.readings[0]
        if not isinstance(part, (dict, list)):
            return part
        if id(part) not in known:
            if isinstance(part, dict):
                known[id(part)] = {kubernetes_key(name): convert(item) for name, item in part.items()}
            else:
                known[id(part)] = [convert(item) for item in part]
        return known[id(part)]

    return convert(value)


def _go_reading(text: str) -> Any:
    """Return the reading by goyaml.v2, as sigs.k8s.io/yaml converts it to JSON: timestamps stay text."""
    if text in _WORDS_1_1:
        return _WORDS_1_1[text]
    number = text.replace("_", "") if text[0] != "." else text
    integer = _GO_INTEGER.fullmatch(number)
    if integer:
        return _to_int(integer[1], zip(integer.groups()[1:], (16, 2, 8, 10)))
    if _FLOAT.fullmatch(number) and abs(float(number)) != float("inf"):
        return float(number)
    return text


def _reading_1_1(text: str) -> Any:
    """Return the reading by the types of YAML 1.1 (yaml.org/type)."""
    if text in _WORDS_1_1:
        return _WORDS_1_1[text]
    integer = _INTEGER_1_1.fullmatch(text)
    if integer and any(group and group.strip("_") for group in integer.groups()[1:]):
        return _to_int(integer[1], zip(integer.groups()[1:], (16, 2, 8, 10)))
    if _FLOAT_1_1.fullmatch(text):
        return float(text.replace("_", ""))
    return next((Typed(name, text) for name, pattern in _TYPES_1_1.items() if pattern.fullmatch(text)), text)


def _reading_1_2(text: str) -> Any:
    """Return the reading by the core schema of YAML 1.2."""
    if text in _WORDS_1_2:
        return _WORDS_1_2[text]
    integer = _INTEGER_1_2.fullmatch(text)
    if integer:
        return _to_int("", zip(integer.groups(), (16, 8, 10)))
    return float(text) if _FLOAT.fullmatch(text) else text


def _to_int(sign: str, digits: Iterable[tuple[str | None, int]]) -> int:
    """Return the integer of the digits that were found, in their base."""
    number, base = next((found, base) for found, base in digits if found is not None)
    return int(sign + number.replace("_", ""), base)
