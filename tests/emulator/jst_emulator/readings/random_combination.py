# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Random combinations of readings, which depend on a seed only."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from jst_emulator.readings.declaration import Reading, Value, share_of
from jst_emulator.readings.table import TABLE

#: The key under which descriptions of readings hold a seed.
RANDOM = "random"
_EXCLUDING = [one for one in TABLE if one.excludes]
#: Of 100 readings, how many keep their default: from and to, by the seed.
_LEAST_DEFAULTS, _MOST_DEFAULTS = 40, 95


def draw(seed: object) -> dict[str, Value]:
    """Return a value for every reading, which depends on the text of *seed* only.

    Each reading keeps its default with a probability that is the seed's own; values that contradict each other are not
    chosen together.
    """
    share = _LEAST_DEFAULTS + share_of(f"{seed}:share", _MOST_DEFAULTS - _LEAST_DEFAULTS)
    chosen: dict[str, Value] = {one.name: one.default for one in TABLE}
    for one in sorted(TABLE, key=lambda reading: hashlib.sha256(f"{seed}:{reading.name}:turn".encode()).digest()):
        if one.drawn and share_of(f"{seed}:{one.name}", 100) >= share:
            value = one.drawn[share_of(f"{seed}:{one.name}:value", len(one.drawn))]
            if contradiction({**chosen, one.name: value}) is None:
                chosen[one.name] = value
    return chosen


def contradiction(values: Mapping[str, Value]) -> Reading | None:
    """Return a reading whose value contradicts the value of another one, if any."""
    return next((one for one in _EXCLUDING if one.contradicts(values[one.name], values)), None)


def expand_seed(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return values of readings; a seed in *given* is replaced by the combination that it chooses."""
    values = dict(given)
    seed = values.pop(RANDOM, None)
    return values if seed is None else {**draw(seed), **values}
