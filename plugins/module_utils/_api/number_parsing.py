# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The forms of numbers that options and variables take.

Python and ansible-core convert more: ``true`` becomes 1, ``1e3`` becomes 1000, ``8_0`` becomes 80, and digits of other
scripts count. The number that a task acts on would not be the value that the task names.
"""

from __future__ import annotations

import re
from typing import Any

_WHOLE = re.compile("[+-]?[0-9]{1,40}")
_DECIMAL = re.compile(r"[+-]?(?:[0-9]{1,40}(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")

# A larger float may stand for several whole numbers.
_MAX_EXACT_FLOAT = 2**53 - 1


def to_int(value: Any) -> int:
    """Return the whole number that a value stands for.

    :param value: an integer, a text of an optional sign and ASCII digits, or a float without a fraction: the template
        ``{{ 4 / 2 }}`` gives 2.0.
    :raises ValueError: for anything else, a boolean among it.
    """
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, float) and value.is_integer() and abs(value) <= _MAX_EXACT_FLOAT:
        return int(value)
    if isinstance(value, str) and _WHOLE.fullmatch(value):
        return int(value)
    raise ValueError(f"{_quote(value)} is not a whole number")


def to_float(value: Any) -> float:
    """Return the number that a value stands for.

    :param value: a number, or a text of an optional sign, ASCII digits, an optional fraction and an optional exponent.
    :raises ValueError: for anything else, a boolean among it, and for what no float can hold.
    """
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not is_number and not (isinstance(value, str) and _DECIMAL.fullmatch(value)):
        raise ValueError(f"{_quote(value)} is not a number")
    try:
        return float(value)
    except OverflowError:
        raise ValueError("the number is too large") from None


def _quote(value: Any) -> str:
    """Return a value as a message quotes it, booleans as YAML writes them."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(value) if isinstance(value, (str, float)) else f"a value of type {type(value).__name__}"
