# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses as bytes: JSON or XML."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from jst_emulator.response_builder import as_text

JSON_TYPE = "application/json;charset=utf-8"
#: The vendor's SDK parses XML only with exactly this type.
XML_TYPE = "text/xml;charset=utf-8"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
#: Characters that control a terminal or the direction of text: C0, C1, line separators, bidi marks.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")
_PROLOG = "<?xml version='1.0' encoding='UTF-8'?>"


def to_json(answer: Mapping[str, Any]) -> bytes:
    """Return *answer* as compact UTF-8 JSON, with lone surrogates escaped."""
    return _ENCODER.encode(answer).encode(errors="backslashreplace")


def printable(text: str, keep: str = "") -> str:
    r"""Return *text* with control characters and bidi marks escaped like ``\\u202e``, except those in *keep*."""
    return _UNPRINTABLE.sub(lambda found: found[0] if found[0] in keep else f"\\u{ord(found[0]):04x}", text)


def to_printable_json(content: Any) -> bytes:
    """Return any content as JSON that is safe to show on a terminal and parses to the same texts."""
    return printable(_ENCODER.encode(content)).encode(errors="backslashreplace")


def printable_texts(value: Any) -> Any:
    """Return a copy of plain data in which all texts are printable, keys included."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, Mapping):
        return {printable(str(name)): printable_texts(member) for name, member in value.items()}
    return [printable_texts(item) for item in value] if isinstance(value, (list, tuple)) else value


class JsonError(ValueError):
    """A text is not JSON, or is JSON that the control side does not accept; the message says why."""


def from_json(data: bytes, deepest: int = 32) -> Any:
    """Parse strict JSON: no NaN, no infinities, no more than *deepest* levels.

    :raises JsonError: the data are something else.
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
    """Return *answer* as XML under *root*.

    A list repeats its element. Members named in *cdata* are character data.
    """
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
