# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tables as Markdown, which is also how they are read on a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

Cell = str | int | float | None


@dataclass
class Table:
    """A heading, what the columns are, rows, and remarks below."""

    heading: str
    columns: Sequence[str]
    rows: list[Sequence[Cell]] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def render(self) -> str:
        """The table as Markdown."""
        texts = [[text(cell) for cell in row] for row in (self.columns, *self.rows)]
        widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
        numeric = [all(not isinstance(row[i], str) for row in self.rows) for i in range(len(widths))]
        rule = [f"{'-' * (width - 1)}:" if right else "-" * width for width, right in zip(widths, numeric, strict=True)]
        lines = [
            " | ".join(
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(row, widths, numeric, strict=True)
            )
            for row in (texts[0], rule, *texts[1:])
        ]
        body = "\n".join(f"| {line} |" for line in lines)
        return "\n\n".join([f"## {self.heading}", body, *self.remarks])


def text(cell: Cell) -> str:
    """A cell; figures with three significant digits."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.0f}" if abs(cell) >= 100 else f"{cell:.3g}"
    return str(cell)


@dataclass
class Findings:
    """What a part of the benchmark found: tables for people, figures for programs."""

    tables: list[Table]
    figures: dict[str, Any]
