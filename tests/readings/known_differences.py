# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Differences that are known under some readings: limits of a service, and the messages about them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml


@dataclass(frozen=True)
class Difference:
    """One known difference.

    :ivar reading: its name.
    :ivar value: the value under which things are different.
    :ivar steps: the steps in which it is noticed.
    :ivar says: a regular expression that each problem of these steps matches.
    :ivar why: the reason, for people.
    :ivar warns: a regular expression for the warning that has to come with it, if any.
    :ivar ways: the ways of bringing up that notice it.
    :ivar ends: whether only the teardown can follow.
    :ivar beside: other readings that have to have these values too.
    """

    reading: str
    value: str | int
    steps: Sequence[str]
    says: str
    why: str
    warns: str = ""
    ways: Sequence[str] = ("bring_up", "fleet")
    ends: bool = False
    beside: Mapping[str, str | int] = field(default_factory=dict)

    def holds(self, readings: Mapping[str, Any], way: str) -> bool:
        """Return whether the difference must occur under these readings."""
        needed = {self.reading: self.value, **self.beside}
        return way in self.ways and all(readings.get(name) == value for name, value in needed.items())

    def explains(self, problem: str) -> bool:
        """Return whether a problem is the expected one."""
        return re.search(self.says, problem) is not None

    def is_warned_of(self, warnings: Sequence[str]) -> bool:
        """Return whether the expected warning came."""
        return not self.warns or any(re.search(self.warns, text) for text in warnings)


DIFFERENCES = [
    Difference(**entry)
    for entry in yaml.safe_load((Path(__file__).parent / "known_differences.yml").read_text(encoding="utf-8"))
]


def expected(
    readings: Mapping[str, Any], way: str, differences: Sequence[Difference] = DIFFERENCES
) -> list[Difference]:
    """Return the differences that must occur under these readings."""
    return [one for one in differences if one.holds(readings, way)]
