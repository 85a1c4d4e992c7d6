# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The number formats that options and variables accept.

Python and ansible-core accept more: ``true`` as 1, ``1e3`` as 1000, ``8_0`` as 80, digits of other scripts. A task
would then act on another number than the one it names.
"""

from __future__ import annotations

import re
from typing import Any

_WHOLE = re.compile("[+-]?[0-9]{1,40}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")

# A larger float may represent several integers.
_MAX_EXACT_FLOAT = 2**53 - 1


def to_int(value: Any) -> int:
    """Convert a value to an integer.

    :param value: an integer, a text of an optional sign and ASCII digits, or a float without a fraction, since the
        template ``{{ 4 / 2 }}`` returns 2.0.
    :raises ValueError: for any other value, booleans included.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) <= _MAX_EXACT_FLOAT:
        return int(value)
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    raise ValueError(f"{_quote(value)} is not a whole number")


def to_float(value: Any) -> float:
    """Convert a value to a float.

    :param value: a number, or a text of an optional sign, ASCII digits, an optional fraction and an optional exponent.
    :raises ValueError: for any other value, booleans included, and for a number too large for a float.
    """
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number and not (isinstance(value, str) and _DECIMAL.fullmatch(value)):
        raise ValueError(f"{_quote(value)} is not a number")
    try:
        return float(value)
    except OverflowError:
        raise ValueError("the number is too large") from None


def _quote(value: Any) -> str:
    """Return a value as a message quotes it, booleans as in YAML."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, (str, float)) else f"a value of type {type(value).__name__}"
