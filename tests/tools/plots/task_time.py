# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the time of one task with nothing to change goes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tests.tools.plots.svg import WIDTH, Drawing, Look, remark

LEFT, RIGHT, TOP = 190, 70, 44
ROW, BAR = 34, 20
SHAPE = ", separate"
ANSIBLE = "debug"
PARTS = ("Ansible itself", "its call", "the module and its process")


def draw(figures: Mapping[str, Any], look: Look) -> str:
    """Return the plot: a bar for each task."""
    measured = figures["tasks"]
    walls = {
        name.removesuffix(SHAPE): cost["wall_ms"] for name, cost in measured["per_task"].items() if name.endswith(SHAPE)
    }
    most, least = max(walls.values()), walls[ANSIBLE]
    drawing = Drawing("Where the time of one task goes, in ms", TOP + ROW * len(walls) + 24, look)
    colors = (look.series[5], look.series[3], look.series[0])
    legend(drawing, colors)
    for number, (name, wall) in enumerate(sorted(walls.items(), key=lambda one: one[1])):
        top = TOP + ROW * number
        drawing.text((LEFT - 10, top + BAR / 2), name, anchor="end")
        call = measured["call_ms"] * measured["calls"][name]
        ansible = min(least, wall)
        x = float(LEFT)
        for part, color in zip((ansible, call, wall - ansible - call), colors, strict=True):
            width = max(0.0, part) / most * (WIDTH - LEFT - RIGHT)
            drawing.bar((x, top), (width, BAR), color)
            x += width
        drawing.text((x + 8, top + BAR / 2), f"{wall:.0f} ms", color=look.faint)
    remark(drawing, figures)
    return drawing.render()


def legend(drawing: Drawing, colors: tuple[str, ...]) -> None:
    """Say what the colors are."""
    x = float(LEFT)
    for words, color in zip(PARTS, colors, strict=True):
        drawing.bar((x, 8), (12, 12), color)
        drawing.text((x + 18, 14), words, color=drawing.look.faint)
        x += 38 + 7.2 * len(words)
