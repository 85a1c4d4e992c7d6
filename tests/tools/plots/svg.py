# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Drawings as SVG: texts, lines, points and bars, in the colors of a light or a dark page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import escape
from typing import Any

WIDTH = 760
FONT = "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', Helvetica, Arial, sans-serif"
SIZE = 13

Point = tuple[float, float]


@dataclass(frozen=True)
class Look:
    """The colors of a drawing.

    :ivar suffix: of the names of files.
    :ivar ground: the color below; none in the dark look, which only dark pages show. Code hosts show the other always.
    :ivar series: told apart by color-blind readers too, in every pair of neighbours.
    :ivar card: the color inside of a frame.
    :ivar frame: the color of a frame.
    """

    suffix: str
    ground: str
    text: str
    faint: str
    grid: str
    series: Sequence[str]
    card: str
    frame: str


LIGHT = ("#0969da", "#bc4c00", "#8250df", "#1a7f37", "#bf3989", "#6e7781")
DARK = ("#58a6ff", "#f0883e", "#bc8cff", "#3fb950", "#f778ba", "#9aa4af")
LOOKS = (
    Look("", "#ffffff", "#1f2328", "#59636e", "#d8dee4", LIGHT, "#ffffff", "#93969a"),
    Look("-dark", "", "#e6edf3", "#9198a1", "#373e47", DARK, "#1b2129", "#6c737b"),
)


@dataclass
class Drawing:
    """A drawing that grows by its methods.

    :ivar title: what it shows, for who does not see it.
    """

    title: str
    height: int
    look: Look
    parts: list[str] = field(default_factory=list)
    width: int = WIDTH

    @contextmanager
    def group(self, **data: str) -> Iterator[None]:
        """Put what a block adds into one group. A reader of the file finds it by its ``data-`` attributes."""
        attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
        self.parts.append(f"<g{attributes}>")
        yield
        self.parts.append("</g>")

    def text(
        self, at: Point, words: str, *, color: str = "", anchor: str = "start", bold: bool = False, size: int = SIZE
    ) -> None:
        """Add a text; ``at`` is the middle of its height."""
        weight = ' font-weight="600"' if bold else ""
        font = f' font-size="{size}"' if size != SIZE else ""
        x, y = at
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" fill="{color or self.look.text}" text-anchor="{anchor}"{weight}{font} '
            f'dominant-baseline="central">{escape(words)}</text>'
        )

    def line(self, points: Sequence[Point], color: str, width: float = 2, dashes: str = "") -> None:
        """Add a line through points."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(
            f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="{width}" '
            f'stroke-linejoin="round" stroke-linecap="round"{dashed}/>'
        )

    def dot(self, at: Point, color: str, hollow: bool = False) -> None:
        """Add a dot; a hollow one is expected and not measured."""
        fill = "none" if hollow else color
        self.parts.append(
            f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="4" fill="{fill}" stroke="{color}" stroke-width="2"/>'
        )

    def bar(self, at: Point, size: Point, color: str) -> None:
        """Add a bar; ``at`` is its upper left corner."""
        self.parts.append(
            f'<rect x="{at[0]:.1f}" y="{at[1]:.1f}" width="{max(0.0, size[0]):.1f}" height="{size[1]:.1f}" '
            f'rx="2" fill="{color}"/>'
        )

    def box(self, at: Point, size: Point, *, fill: str, stroke: str, dashes: str = "") -> None:
        """Add a frame; ``at`` is its upper left corner."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        self.parts.append(
            f'<rect x="{at[0]:.1f}" y="{at[1]:.1f}" width="{size[0]:.1f}" height="{size[1]:.1f}" rx="2" '
            f'fill="{fill}" stroke="{stroke}" stroke-width="2"{dashed}/>'
        )

    def disc(self, at: Point, radius: float, color: str) -> None:
        """Add a filled disc; ``at`` is its middle."""
        self.parts.append(f'<circle cx="{at[0]:.1f}" cy="{at[1]:.1f}" r="{radius:.1f}" fill="{color}"/>')

    def arrow(self, start: Point, end: Point, color: str, dashes: str = "") -> None:
        """Add an arrow that leaves to the right and arrives from the left."""
        dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
        tip, middle = end[0] - 6, (start[0] + end[0]) / 2
        self.parts.append(
            f'<path d="M{start[0]:.1f},{start[1]:.1f} C{middle:.1f},{start[1]:.1f} {middle:.1f},{end[1]:.1f} '
            f'{tip:.1f},{end[1]:.1f}" fill="none" stroke="{color}" stroke-width="2"{dashed}/>'
        )
        self.parts.append(f'<path d="M{end[0]:.1f},{end[1]:.1f} l-8,-5 v10 z" fill="{color}"/>')

    def render(self) -> str:
        """Return the whole drawing."""
        head = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}" width="{self.width}" '
            f'height="{self.height}" role="img" font-family="{escape(FONT)}" font-size="{SIZE}">'
        )
        ground = [f'<rect width="100%" height="100%" rx="6" fill="{self.look.ground}"/>'] if self.look.ground else []
        return "\n".join([head, f"<title>{escape(self.title)}</title>", *ground, *self.parts, "</svg>\n"])


def remark(drawing: Drawing, figures: Mapping[str, Any]) -> None:
    """Say so in a lower corner when the figures are not those of a whole run."""
    if figures["taken"]["quick"]:
        at = (WIDTH - 8, drawing.height - SIZE)
        drawing.text(at, "from a quick run, as an example", color=drawing.look.faint, anchor="end")
