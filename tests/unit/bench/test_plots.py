# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The plots of the committed figures: all that is in them can be read."""

from __future__ import annotations

import json
from itertools import combinations
from xml.etree import ElementTree

import pytest

from tests.tools.generate.performance_page import FIGURES
from tests.tools.plots import drawings
from tests.tools.plots.svg import SIZE, WIDTH
from tests.tools.plots.wall_time import series

MEASURED = json.loads(FIGURES.read_text(encoding="utf-8"))
DRAWN = drawings(MEASURED)
SVG = "{http://www.w3.org/2000/svg}"
# The width of a letter, of the size of its text, at most.
LETTER = 0.62


def test_every_way_to_run_is_shown() -> None:
    """And where the model leads it on."""
    shown = {one.name: one for one in series(MEASURED)}
    assert [name for name, one in shown.items() if not one.points] == []
    assert [name for name, one in shown.items() if one.expected] == ["fleet", "fleet in slices"]


@pytest.mark.parametrize("name", DRAWN)
def test_texts_are_inside_and_apart(name: str) -> None:
    """Each has a box of its own in the drawing."""
    root = ElementTree.fromstring(DRAWN[name])
    boxes = []
    for text in root.iter(f"{SVG}text"):
        assert text.text is not None
        width = SIZE * LETTER * len(text.text)
        x, y = float(text.attrib["x"]), float(text.attrib["y"])
        left = x - width * {"start": 0.0, "middle": 0.5, "end": 1.0}[text.attrib["text-anchor"]]
        assert left >= 0, text.text
        assert left + width <= WIDTH, text.text
        assert SIZE / 2 <= y <= float(root.attrib["height"]) - SIZE / 2, text.text
        boxes.append((left, left + width, y, text.text))
    for one, other in combinations(boxes, 2):
        is_beside = one[1] <= other[0] or other[1] <= one[0]
        assert is_beside or abs(one[2] - other[2]) >= SIZE, (one[3], other[3])


def test_marks_are_inside() -> None:
    """No figure falls out of the axes."""
    for drawing in DRAWN.values():
        root = ElementTree.fromstring(drawing)
        height = float(root.attrib["height"])
        for dot in root.iter(f"{SVG}circle"):
            assert 0 < float(dot.attrib["cx"]) < WIDTH
            assert 0 < float(dot.attrib["cy"]) < height
        for bar in root.iter(f"{SVG}rect"):
            if "x" in bar.attrib:
                assert 0 <= float(bar.attrib["x"]) + float(bar.attrib["width"]) < WIDTH
