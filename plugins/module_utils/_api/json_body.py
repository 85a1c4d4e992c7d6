# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Decode the body of a response. JSON that no result can hold is replaced or rejected."""

from __future__ import annotations

import codecs
import json
import math
from typing import Any, Iterable

MAX_DEPTH = 50
"""Levels of nesting in a body. The reference documents no response with more than ten."""


def parse_json(body: bytes) -> Any:
    """Return the document in a body.

    :raises ValueError: for a body that is not JSON in UTF-8, or that is nested too deeply.
    """
    text = _decode(body)
    try:
        document = json.loads(text, parse_constant=_constant_to_none, parse_float=_finite_or_text)
        _check_depth(document)
        return _without_surrogates(document) if "\\ud" in text.lower() else document
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _decode(body: bytes) -> str:
    """Decode UTF-8 with or without a byte order mark. The codec utf-8-sig would be imported in every fork."""
    return (body[len(codecs.BOM_UTF8) :] if body.startswith(codecs.BOM_UTF8) else body).decode()


def _without_surrogates(part: Any) -> Any:
    """Replace lone surrogates, which are not characters and which no result can hold."""
    if isinstance(part, dict):
        return {_without_surrogates(key): _without_surrogates(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_without_surrogates(item) for item in part]
    return part.encode("utf-8", "replace").decode() if isinstance(part, str) else part


def _constant_to_none(word: str) -> None:
    """Return None for NaN and Infinity, which JSON does not have and some services send."""


def _finite_or_text(text: str) -> float | str:
    """Return a number, or its text when it is too large for a float."""
    number = float(text)
    return number if math.isfinite(number) else text


def _check_depth(document: Any) -> None:
    level = [document]
    for _depth in range(MAX_DEPTH):
        level = [inner for part in level if isinstance(part, (dict, list)) for inner in _children(part)]
        if not level:
            return
    raise ValueError("nested too deeply")


def _children(part: Any) -> Iterable[Any]:
    return part.values() if isinstance(part, dict) else part
