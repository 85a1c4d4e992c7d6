# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Hints for a word that nobody knows."""

from __future__ import annotations

from difflib import get_close_matches
from typing import Iterable

_NEAREST = 5
_CUTOFF = 0.5


def nearest(word: str, words: Iterable[str]) -> str:
    """A sentence that names what may have been meant, compared without regard to case; all words if nothing is near."""
    known = {entry.lower(): entry for entry in words}
    near = get_close_matches(word.lower(), known, _NEAREST, _CUTOFF)
    if near:
        return "Did you mean " + ", ".join(known[match] for match in near) + "?"
    if not known:
        return "There are none."
    return "Known are " + ", ".join(sorted(known.values())) + "."
