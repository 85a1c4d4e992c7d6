# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A straight line through measurements, and how far to trust it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

# Below this, a pivot is zero but for rounding.
TINY = 1e-12


@dataclass(frozen=True)
class Line:
    """``start + slope * x``, the least squares of the distances.

    :ivar slope_error: the standard error of the slope.
    :ivar scatter: the standard deviation of the measurements around the line.
    :ivar middle: the mean of x.
    :ivar spread: the sum of the squares of the distances from it.
    :ivar count: of measurements.
    """

    start: float
    slope: float
    slope_error: float
    scatter: float
    middle: float
    spread: float
    count: int

    def at(self, x: float) -> float:
        """The value at ``x``."""
        return self.start + self.slope * x

    def error_at(self, x: float) -> float:
        """The standard error of that value."""
        return self.scatter * sqrt(1 / self.count + (x - self.middle) ** 2 / self.spread)


def fit(points: Sequence[tuple[float, float]]) -> Line:
    """The line through (x, y).

    :raises ValueError: for less than three points, which tell no error.
    """
    count = len(points)
    if count < 3:
        raise ValueError(f"{count} points are too few for a line with an error")
    middle = sum(x for x, _dummy in points) / count
    height = sum(y for _dummy, y in points) / count
    spread = sum((x - middle) ** 2 for x, _dummy in points)
    slope = sum((x - middle) * (y - height) for x, y in points) / spread
    start = height - slope * middle
    scatter = sqrt(sum((y - start - slope * x) ** 2 for x, y in points) / (count - 2))
    return Line(start, slope, scatter / sqrt(spread), scatter, middle, spread, count)


def least_squares(rows: Sequence[Sequence[float]], values: Sequence[float]) -> list[float]:
    """Return the factors with which the figures of each row add up to its value, with the least squares of errors.

    :raises ValueError: the rows do not determine them.
    """
    width = len(rows[0])
    # The normal equations, one a line, solved by Gauss and Jordan.
    lines = [
        [sum(row[i] * row[j] for row in rows) for j in range(width)]
        + [sum(row[i] * value for row, value in zip(rows, values, strict=True))]
        for i in range(width)
    ]
    for i in range(width):
        pivot = max(range(i, width), key=lambda place: abs(lines[place][i]))
        lines[i], lines[pivot] = lines[pivot], lines[i]
        if abs(lines[i][i]) < TINY:
            raise ValueError(f"{len(rows)} measurements do not determine {width} factors")
        lines[i] = [figure / lines[i][i] for figure in lines[i]]
        for other in range(width):
            if other != i:
                factor = lines[other][i]
                lines[other] = [a - factor * b for a, b in zip(lines[other], lines[i], strict=True)]
    return [line[width] for line in lines]


def non_negative_least_squares(rows: Sequence[Sequence[float]], values: Sequence[float]) -> list[float]:
    """Return factors as :func:`least_squares` does, none below zero: what would be is left out, the lowest first.

    :raises ValueError: the rows do not determine them.
    """
    kept = list(range(len(rows[0])))
    while kept:
        found = dict(zip(kept, least_squares([[row[i] for i in kept] for row in rows], values), strict=True))
        lowest = min(kept, key=lambda i: found[i])
        if found[lowest] >= 0:
            return [found.get(i, 0.0) for i in range(len(rows[0]))]
        kept.remove(lowest)
    return [0.0] * len(rows[0])
