# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Names and ids: what can be one, and what a text that names something must not be."""

from __future__ import annotations

import unicodedata
from typing import Any

from .errors import PlannedNotFoundError

# Ids are of 64 bits.
MAX_ID_DIGITS = 19
# Categories of characters that show nothing: controls, formats such as the zero-width space, and separators.
_CONTROLS = ("Cc", "Zl", "Zp")
_INVISIBLE = (*_CONTROLS, "Cf", "Zs")
# Letters, marks and symbols that show nothing either.
_INVISIBLE_LETTERS = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"


def parse_id(text: Any) -> int | None:
    """The number that a text of plain digits stands for, ``None`` when it is none, or one that no id can be.

    A text with leading zeros is a name: it is not how the id is written.
    """
    digits = str(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MAX_ID_DIGITS):
        return None
    return int(digits) if digits == "0" or digits[0] != "0" else None


def _is_visible(character: str) -> bool:
    return unicodedata.category(character) not in _INVISIBLE and character not in _INVISIBLE_LETTERS


def is_blank(value: Any) -> bool:
    """Whether a value is a text without a visible character, which names nothing."""
    return isinstance(value, str) and not any(map(_is_visible, value))


def identifies(value: Any) -> bool:
    """Return whether a value identifies anything: it is no null, no empty list and no blank text."""
    return value is not None and value != [] and not is_blank(value)


def name_fault(value: Any) -> str:
    """Return what keeps a text from being a name, completing "option x ..."; empty when nothing does."""
    if not isinstance(value, str):
        return ""
    if is_blank(value):
        return "is blank" if value else "is empty"
    control = next((one for one in value if unicodedata.category(one) in _CONTROLS), "")
    return f"holds the control character U+{ord(control):04X}" if control else ""


class TextId(str):
    """An id that is a text, where a name would be looked up."""


def is_id(value: Any) -> bool:
    """Whether a value given where a name or an id fits is an id by its type, and needs no look-up."""
    return isinstance(value, (int, TextId))


class PlannedRef(str):
    """The name of something that the same task makes, where an id is wanted that it does not have yet.

    :ivar absence: what says that it is not there.
    """

    error: PlannedNotFoundError

    @classmethod
    def of(cls, kind: str, name: Any) -> PlannedRef:
        """The name of a thing of a kind, in the platform's words, such as ``app``."""
        planned = cls(name)
        planned.error = PlannedNotFoundError(kind, str(name))
        return planned
