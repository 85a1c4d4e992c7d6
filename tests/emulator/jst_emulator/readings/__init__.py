# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings of the reference: the behaviour of the service where the text is ambiguous, and the one that is emulated.

A reading is a field of :class:`jst_emulator.readings.table.Readings`, declared with its values, the behaviour under
each value, and the lines of the reference. Most readings change responses after they are built; this package implements
them. Handlers and the simulation check the readings about behaviour.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from jst_emulator.readings.random_combination import RANDOM, expand_seed
from jst_emulator.readings.response_format import CODE_200, STATUS_LINE_ONLY
from jst_emulator.readings.table import TABLE, Readings
from jst_emulator.world_file import WorldFileError, parse

__all__ = ["CODE_200", "RANDOM", "STATUS_LINE_ONLY", "TABLE", "Readings", "with_choices"]


def with_choices(readings: Readings, given: Mapping[str, Any]) -> Readings:
    """Return *readings* with other values for some of them.

    :param given: values by name; the seed under ``random`` stands for a whole combination, laid under the others.
    :raises WorldFileError: there is no such reading, or no such value.
    """
    if not isinstance(given, Mapping):
        raise WorldFileError("readings: expected a mapping")
    new: Readings = parse(Readings, {**asdict(readings), **expand_seed(given)}, "readings")
    return new
