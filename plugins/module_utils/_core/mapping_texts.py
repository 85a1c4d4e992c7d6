# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Mappings that are given as a string: JSON, a Python literal, or pairs such as ``name=http port=80``.

ansible-core converts them, and silently uses the last value of a key that occurs twice.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Hashable, Iterable, Mapping
from typing import Any

from ansible.module_utils.common.validation import check_type_dict


def to_mapping(value: Any) -> Mapping[str, Any] | None:
    """Return a mapping, or the one that ansible-core reads from a string; ``None`` for any other value."""
    if isinstance(value, Mapping):
        return value
    try:
        mapping = check_type_dict(value) if isinstance(value, str) else None
    except TypeError:
        return None
    return mapping if isinstance(mapping, dict) else None


def repeated_keys(value: Any) -> list[str]:
    """Return each key that occurs more than once in a mapping of a string, at any depth.

    :param value: a string from which `to_mapping` reads a mapping. Other values have no such key.
    """
    if not isinstance(value, str):
        return []
    if not value.startswith("{"):
        return list(dict.fromkeys(_repeated(pair.partition("=")[0] for pair in _pairs(value))))
    found: list[str] = []

    def note(members: list[tuple[str, Any]]) -> dict[str, Any]:
        found.extend(_repeated(key for key, _value in members))
        return dict(members)

    try:
        json.loads(value, object_pairs_hook=note)
    except ValueError:
        found = _repeated_in_literal(value)
    return list(dict.fromkeys(found))


def _repeated_in_literal(text: str) -> list[str]:
    """Return the repeated keys of a Python literal."""
    mappings = (node for node in ast.walk(ast.parse(text, mode="eval")) if isinstance(node, ast.Dict))
    return [
        key for node in mappings for key in _repeated(ast.literal_eval(key) for key in node.keys if key is not None)
    ]


def _repeated(keys: Iterable[Hashable]) -> list[str]:
    seen: set[Hashable] = set()
    found = []
    for key in keys:
        if key in seen:
            found.append(str(key))
        seen.add(key)
    return found


def _pairs(text: str) -> list[str]:
    """Return the pairs of a string, split as ansible-core does: at blanks and commas outside quotes.

    Source: ``check_type_dict`` in ``ansible.module_utils.common.validation``.
    """
    pairs = [""]
    quote = ""
    is_escaped = False
    for character in text.strip():
        if is_escaped:
            pairs[-1] += character
            is_escaped = False
        elif character == "\\":
            is_escaped = True
        elif character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote = character
        elif not quote and character in ", ":
            pairs.append("")
        else:
            pairs[-1] += character
    return [pair for pair in pairs if pair]
