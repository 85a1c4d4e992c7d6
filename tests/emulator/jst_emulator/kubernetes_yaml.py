# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A YAML parser that agrees with the parsers of Kubernetes, which follow neither YAML 1.1 nor 1.2.

They turn YAML into JSON: ``y`` and ``on`` are booleans, ``1e3`` is a number, ``010`` is eight, ``2026-01-01`` and ``=``
are texts. An anchor may be defined again, and unknown tags are ignored. They reject what JSON does not have: NaN,
infinities, keys that are not scalars or occur twice, documents that contain themselves.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

import yaml

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TAG = "tag:yaml.org,2002:"
_MERGE = object()
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    "<<": _MERGE,
}
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_MANY_DIGITS = 400
_BITS = 64
#: The number of values, those of aliases included, above which a document that consists mostly of aliases is rejected.
_MANY_VALUES = 400_000


class YamlError(ValueError):
    """The parsers of Kubernetes reject a text; the message says why and contains no value of it."""


def documents(text: str) -> list[Any]:
    """Return all documents in *text*, with the types of JSON.

    :raises YamlError: the text is rejected.
    """
    try:
        return list(_Reader().read(text))
    except yaml.YAMLError as error:
        raise YamlError(getattr(error, "problem", None) or "it cannot be read") from None
    except UnicodeEncodeError:
        raise YamlError("it holds what UTF-8 cannot") from None


def is_plain_text(text: str) -> bool:
    """Return whether *text* without quotes parses to a text."""
    return bool(text) and _resolved(text) == text


class _Sequence:
    """An incomplete sequence; ``size`` is the number of values in it, with those of aliases."""

    def __init__(self, anchor: str | None) -> None:
        self.anchor, self.size = anchor, 1
        self.items: list[Any] = []

    def put(self, value: Any) -> None:
        """Append an item."""
        self.items.append("<<" if value is _MERGE else value)

    def complete(self) -> Any:
        """Return the list."""
        return self.items


class _Mapping:
    """An incomplete mapping; ``size`` is the number of values in it, with those of aliases."""

    def __init__(self, anchor: str | None) -> None:
        self.anchor, self.size = anchor, 1
        self._own: dict[str, Any] = {}
        self._merged: dict[str, Any] = {}
        self._key: Any = None
        self._has_key = False

    def put(self, value: Any) -> None:
        """Add a key, or the value of the key before."""
        if not self._has_key:
            self._key = value if value is _MERGE else _key(value)
        elif self._key is _MERGE:
            self._merge(value)
        elif self._key in self._own:
            raise YamlError(f"key {self._key!r} already set in map")
        else:
            self._own[self._key] = "<<" if value is _MERGE else value
        self._has_key = not self._has_key

    def complete(self) -> Any:
        """Return the dict; its own keys override those of ``<<``."""
        return {**self._merged, **self._own}

    def _merge(self, value: Any) -> None:
        for source in reversed(value if isinstance(value, list) else [value]):
            if not isinstance(source, dict):
                raise YamlError("map merge requires map or sequence of maps as the value")
            self._merged.update(source)


class _Reader:
    """Builds documents from the events of a parser, without recursion, so that any depth works."""

    def __init__(self) -> None:
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._open: list[_Sequence | _Mapping] = []
        self._seen = self._aliased = 0

    def read(self, text: str) -> Iterator[Any]:
        """Yield all documents."""
        for event in yaml.parse(text, Loader=_LOADER):
            if isinstance(event, yaml.DocumentStartEvent):
                if event.version not in (None, (1, 1)):
                    raise YamlError("found incompatible YAML document")
                document = _Sequence(None)
                self._anchors, self._open, self._seen, self._aliased = {}, [document], 0, 0
            elif isinstance(event, yaml.DocumentEndEvent):
                yield document.items[0]
            else:
                self._take(event)

    def _take(self, event: Any) -> None:
        match event:
            case yaml.SequenceStartEvent():
                self._open.append(_Sequence(event.anchor))
            case yaml.MappingStartEvent():
                self._open.append(_Mapping(event.anchor))
            case yaml.SequenceEndEvent() | yaml.MappingEndEvent():
                done = self._open.pop()
                self._put(done.complete(), done.size, done.anchor)
            case yaml.ScalarEvent():
                self._seen += 1
                self._put(_scalar(event), 1, event.anchor)
            case yaml.AliasEvent():
                self._repeat(str(event.anchor))

    def _put(self, value: Any, size: int, anchor: str | None = None) -> None:
        if anchor:
            self._anchors[anchor] = (value, size)
        self._open[-1].put(value)
        self._open[-1].size += size

    def _repeat(self, anchor: str) -> None:
        if any(one.anchor == anchor for one in self._open):
            raise YamlError(f"anchor '{anchor}' value contains itself")
        if anchor not in self._anchors:
            raise YamlError(f"unknown anchor '{anchor}' referenced")
        value, size = self._anchors[anchor]
        self._aliased += size
        if self._seen + self._aliased > _MANY_VALUES and self._aliased > 9 * self._seen:
            raise YamlError("document contains excessive aliasing")
        self._put(value, size)


def _key(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return str(value)
    raise YamlError("a key of a mapping is neither a text nor a number nor a boolean")


def _scalar(event: yaml.ScalarEvent) -> Any:
    text: str = event.value
    tag = (event.tag or "").removeprefix(_TAG)
    if tag == "binary":
        try:
            return base64.b64decode(text).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise YamlError("!!binary value contains invalid base64 data") from None
    plain = event.implicit[0] and not event.style
    if not plain and tag not in ("int", "float", "bool", "null"):
        return text
    value = _resolved(text)
    if isinstance(value, float) and not abs(value) < float("inf"):
        raise YamlError("JSON has neither NaN nor infinities")
    if tag == "float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    kinds = {"int": (int,), "bool": (bool,), "null": (type(None),), "float": (float,)}
    if tag in kinds and (not isinstance(value, kinds[tag]) or (tag == "int" and isinstance(value, bool))):
        raise YamlError(f"cannot decode a value as a !!{tag}")
    return value


def _resolved(text: str) -> Any:
    """Return the value of a plain scalar."""
    if text in _WORDS:
        return _WORDS[text]
    if not text[0].isascii() or not (text[0].isdigit() or text[0] in "+-."):
        return text
    digits = text.replace("_", "")
    whole = _INTEGER.fullmatch(digits)
    if whole and len(digits) < _MANY_DIGITS:
        sign, *written = whole.groups()
        number = next(int(part, base) for part, base in zip(written, (16, 2, 8, 10), strict=True) if part)
        number = -number if sign == "-" else number
        # An integer that does not fit a machine word becomes a float.
        return number if -(2 ** (_BITS - 1)) <= number < 2**_BITS else float(number)
    if _FLOAT.fullmatch(digits):
        return float(digits)
    return text
