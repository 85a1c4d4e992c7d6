# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kubernetes quantities, and their texts on the platform."""

from __future__ import annotations

import re
from typing import Any

_FORM = re.compile(r"([0-9]+(?:\.[0-9]+)?)(m|k|[KMGTPE]i?)?")
_SCALE = {"": 1.0, "m": 0.001, "k": 1000.0}
for _power, _letter in enumerate("KMGTPE", start=1):
    _SCALE[_letter] = 1000.0**_power
    _SCALE[_letter + "i"] = 1024.0**_power


def amount(quantity: Any) -> float:
    """Return the number that a quantity such as ``500m`` or ``1Gi`` stands for; 0 for any other text."""
    match = _FORM.fullmatch(str(quantity).strip())
    return float(match[1]) * _SCALE[match[2] or ""] if match else 0.0


def canonical(quantity: Any) -> str:
    """Return a quantity with the largest unit of its kind that leaves a whole number: ``1Gi`` for ``1024Mi``."""
    size, text = amount(quantity), str(quantity).strip()
    base, ending = (1024, "i") if text.endswith("i") else (1000, "")
    for power, letter in reversed(list(enumerate("KMGTPE", start=1))):
        if size and size % base**power == 0:
            return f"{int(size) // base**power}{letter}{ending}"
    return str(int(size)) if size.is_integer() and size else text


def cpu_words(cores: float) -> str:
    """Return cores as ``0.5vcpu``."""
    return f"{cores:g}vcpu"


def memory_words(size: float) -> str:
    """Return bytes as ``512MB`` or ``2GB``, in powers of 1024 as the samples of the reference do."""
    megabytes = size / 1024**2
    return f"{megabytes / 1024:g}GB" if megabytes >= 1024 and megabytes % 1024 == 0 else f"{megabytes:g}MB"
