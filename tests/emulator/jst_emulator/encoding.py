# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Answers as bytes: JSON, or XML for those who ask for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from xml.sax.saxutils import escape

from jst_emulator.answers import as_text

JSON_TYPE = "application/json;charset=utf-8"
#: The vendor's SDK parses XML only under exactly this type.
XML_TYPE = "text/xml;charset=utf-8"
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))
_PROLOG = "<?xml version='1.0' encoding='UTF-8'?>"


def to_json(answer: Mapping[str, Any]) -> bytes:
    """*answer* as compact UTF-8 JSON; what UTF-8 does not have, half a surrogate pair, comes escaped."""
    return _ENCODER.encode(answer).encode(errors="backslashreplace")


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
        content = escape(as_text(value))
    return f"<{name}>{content}</{name}>"
