# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers as bytes: JSON, or XML for those who ask for it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from jst_emulator.response_builder import as_text

JSON_TYPE = "application/json;charset=utf-8"
#: The vendor's SDK parses XML only under exactly this type.
XML_TYPE = "text/xml;charset=utf-8"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
#: What a terminal obeys and what changes the direction of the text around it: C0, C1, line separators, bidi marks.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_PROLOG = "<?xml version='1.0' encoding='UTF-8'?>"


def to_json(answer: Mapping[str, Any]) -> bytes:
    """*answer* as compact UTF-8 JSON; what UTF-8 does not have, half a surrogate pair, comes escaped."""
    return _ENCODER.encode(answer).encode(errors="backslashreplace")


def printable(text: str, keep: str = "") -> str:
    """*text* with control characters and bidi marks as escapes such as ``\\u202e``, except those in *keep*."""
    return _UNPRINTABLE.sub(lambda found: found[0] if found[0] in keep else f"\\u{ord(found[0]):04x}", text)


def to_printable_json(content: Any) -> bytes:
    """Any content as JSON that a terminal shows as it is; whoever parses it gets the same texts as from other JSON."""
    return printable(_ENCODER.encode(content)).encode(errors="backslashreplace")


def printable_texts(value: Any) -> Any:
    """A copy of plain data whose texts, keys included, are all printable."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {printable(str(name)): printable_texts(member) for name, member in value.items()}
    return [printable_texts(item) for item in value] if isinstance(value, (list, tuple)) else value


class JsonError(ValueError):
    """A text is not JSON, or holds what no caller of the control side needs; the text says what."""


def from_json(data: bytes, deepest: int = 32) -> Any:
    """Read strict JSON: no NaN, no infinities, nothing nested deeper than *deepest*.

    :raises JsonError: it is something else.
    """
    try:
        content = json.loads(data, parse_constant=_not_a_number, parse_float=_finite)
    except JsonError:
        raise
    except (ValueError, RecursionError):
        raise JsonError("the body is not JSON") from None
    level = [content]
    for _dummy in range(deepest):
        level = [inner for outer in level for inner in _members(outer)]
        if not level:
            return content
    raise JsonError("the body is nested too deeply")


def _members(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _not_a_number(text: str) -> float:
    raise JsonError(f"{text} is not a JSON number")


def _finite(text: str) -> float:
    number = float(text)
    if abs(number) == float("inf"):
        raise JsonError(f"{text[:20]} is too large a number")
    return number


def to_xml(root: str, answer: Mapping[str, Any], cdata: frozenset[str] = frozenset()) -> bytes:
    """*answer* as XML under *root*; lists repeat their element, members named in *cdata* are character data."""
    return f"{_PROLOG}{_element(root, answer, cdata)}".encode()


def _element(name: str, value: Any, cdata: frozenset[str]) -> str:
    if isinstance(value, list):
        return "".join(_element(name, item, cdata) for item in value)
    if isinstance(value, Mapping):
        content = "".join(_element(key, member, cdata) for key, member in value.items())
    elif name in cdata:
        content = f"<![CDATA[{value}]]>"
    else:
        content = "" if value is None else escape(as_text(value))
    return f"<{name}>{content}</{name}>"
