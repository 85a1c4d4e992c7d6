# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Names and ids: what is valid as one, and what is blank."""

from __future__ import annotations

import unicodedata
from typing import Any

from .errors import PlannedNotFoundError

# Ids have 64 bits.
MAX_ID_DIGITS = 19
# Unicode categories of invisible characters: controls, formats such as the zero-width space, and separators.
_CONTROLS = ("Cc", "Zl", "Zp")
_INVISIBLE = (*_CONTROLS, "Cf", "Zs")
# Invisible letters, marks and symbols.
_INVISIBLE_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"


def parse_id(text: Any) -> int | None:
    """Return the number in a text of digits; ``None`` when it is no number, or one that no id can be.

    A text with leading zeros is a name, because the service does not write ids like that.
    """
    digits = str(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MAX_ID_DIGITS):
        return None
    return int(digits) if digits == "0" or digits[0] != "0" else None


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in _INVISIBLE and character not in _INVISIBLE_LETTERS


def is_blank(value: Any) -> bool:
    """Return whether a value is a text without a visible character."""
    return isinstance(value, str) and not any(map(_is_visible, value))


def identifies(value: Any) -> bool:
    """Return whether a value can identify a resource: it is neither null, nor an empty list, nor blank."""
    return value is not None and value != [] and not is_blank(value)


def name_fault(value: Any) -> str:
    """Return why a text cannot be a name, completing "option x ..."; empty when it can."""
    if not isinstance(value, str):
        return ""
    if is_blank(value):
        return "is blank" if value else "is empty"
    if value.isprintable():  # no category of a control is, and the categories need not be looked up one by one
        return ""
    control = next((one for one in value if unicodedata.category(one) in _CONTROLS), "")
    return f"holds the control character U+{ord(control):04X}" if control else ""


class TextId(str):
    """An id that is a text, so that it is not looked up as a name."""


def is_id(value: Any) -> bool:
    """Return whether a value is an id by its type, and needs no look-up."""
    return isinstance(value, (int, TextId))


class PlannedRef(str):
    """The name of a resource that the same task creates, in place of the id that it does not have yet.

    :ivar error: the error that the resource does not exist yet.
    """

    error: PlannedNotFoundError

    @classmethod
    def of(cls, kind: str, name: Any) -> PlannedRef:
        """Return the planned reference to a resource of a type in the platform's words, such as ``app``."""
        planned = cls(name)
        planned.error = PlannedNotFoundError(kind, str(name))
        return planned
