# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Kubernetes quantities, such as ``1Gi`` or ``500m``."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from .field_types import FieldType

_API_PATTERN = re.compile(r"([0-9]+(?:\.[0-9]+)?)(?:[eE]([+-]?[0-9]+))?([EPTGMKk]i?)?")
_OPTION_PATTERN = re.compile(r"[0-9]+([EPTGMK]i?)?")
_MULTIPLES = "KMGTPE"
_FRACTIONS = "mun"


def parse_size(text: str) -> Decimal:
    """Return the bytes of a quantity.

    :raises ValueError: when the text is no quantity.
    """
    match = _API_PATTERN.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"is {text!r}, which is not a size")
    base = 1024 if (match[3] or "").endswith("i") else 1000
    power = _MULTIPLES.index(match[3][0].upper()) + 1 if match[3] else 0
    try:
        return Decimal(match[1]).scaleb(int(match[2] or 0)) * Decimal(base**power)
    except ArithmeticError:
        raise ValueError(f"is {text!r}, which is not a possible size") from None


def parse_quantity(text: str) -> Decimal:
    """Return the number of a quantity of any resource, also with a fraction: ``500m`` of a processor is half of one.

    :raises ValueError: when the text is no quantity.
    """
    power = _FRACTIONS.find(text[-1:]) + 1 if text else 0
    return parse_size(text[:-1]) / 1000**power if power else parse_size(text)


class Quantity(FieldType):
    """A size, compared by its value: ``1Gi`` equals ``1024Mi``."""

    option_type = "str"

    def clean(self, value: Any) -> str:
        text = str(value)
        if not _OPTION_PATTERN.fullmatch(text):
            raise ValueError(f"is {text!r}, but has to be digits with or without a suffix such as Gi or G")
        return text

    def deserialize(self, raw: Any) -> str | None:
        return None if raw is None or raw == "" else str(raw)

    def equals(self, desired: Any, current: Any) -> bool:
        try:
            return parse_size(str(desired)) == parse_size(str(current))
        except ValueError:
            return bool(desired == current)
