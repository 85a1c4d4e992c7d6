# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The picture of the AWX workflow holds what the data of playbook ``awx`` holds, and all of it can be read."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import yaml

from tests.conformance.awx import CONFIGURATION, Loader
from tests.tools.generate import awx_picture
from tests.tools.plots.svg import LOOKS, SIZE
from tests.tools.plots.workflow import at_what_time, draw, width_of
from tests.tools.run_in_collection import PICTURES

SVG = "{http://www.w3.org/2000/svg}"
FILES = sorted(PICTURES.glob(f"{awx_picture.NAME}*.svg"))
# As WCAG 2.2 asks for.
LEAST_CONTRAST = 4.5
GROUNDS = {True: "#131416", False: "#ffffff"}

Drawn = ElementTree.Element


def data(name: str) -> Any:
    """What a file of ``playbooks/vars/awx`` holds, with its templates as they stand there."""
    return yaml.load((CONFIGURATION / f"{name}.yml").read_text(encoding="utf-8"), Loader)[f"controller_{name}"]


def drawn(text: str) -> Drawn:
    """A drawing."""
    return ElementTree.fromstring(text)


def groups(drawing: Drawn, *names: str) -> set[tuple[str | None, ...]]:
    """The values of the named attributes of all groups that have the first one."""
    keys = [f"data-{name}" for name in names]
    return {tuple(map(group.get, keys)) for group in drawing.iter(f"{SVG}g") if keys[0] in group.attrib}


def words(group: Drawn) -> str:
    """All texts in a part of a drawing."""
    return " ".join(text.text or "" for text in group.iter(f"{SVG}text"))


def find(drawing: Drawn, name: str, value: str) -> Drawn:
    """The group with an attribute."""
    [group] = [group for group in drawing.iter(f"{SVG}g") if group.get(f"data-{name}") == value]
    return group


def test_the_files_are_up_to_date() -> None:
    """One for each language and each look, as they are drawn from the data now."""
    rendered = awx_picture.render()
    assert [*rendered] and sorted(rendered) == FILES
    for path, text in rendered.items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name} is stale, run `make generate`"


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_every_node_and_every_link_is_drawn(file: Path) -> None:
    """And nothing else: START leads to the nodes that follow no other."""
    drawing = drawn(file.read_text(encoding="utf-8"))
    [workflow] = data("workflows")
    nodes = {node["identifier"]: node for node in workflow["workflow_nodes"]}
    expected = {
        (name, follower["identifier"], way.removesuffix("_nodes"))
        for name, node in nodes.items()
        for way, followers in node.get("related", {}).items()
        for follower in followers
    }
    followed = {target for _source, target, _way in expected}
    expected |= {("START", name, "always") for name in nodes if name not in followed}
    assert groups(drawing, "from", "to", "way") == expected
    kinds = {(name, node["unified_job_template"]["type"]) for name, node in nodes.items()}
    assert groups(drawing, "node", "kind") == {*kinds, ("START", None)}
    for name, node in nodes.items():
        shown = words(find(drawing, "node", name))
        facts = [node["unified_job_template"]["name"], node.get("limit", ""), *node.get("extra_data", {}).values()]
        for fact in [name, *facts]:
            assert str(fact) in shown
        hours = node["unified_job_template"].get("timeout", 0) // 3600
        assert not hours or f" {hours} " in shown


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_the_survey_and_the_schedules_are_drawn(file: Path) -> None:
    """Every question with its default, every schedule with what it launches and when."""
    drawing = drawn(file.read_text(encoding="utf-8"))
    [workflow] = data("workflows")
    for question in workflow["survey_spec"]["spec"]:
        assert str(question["default"]) in words(find(drawing, "question", question["variable"]))
    asked = {(question["variable"],) for question in workflow["survey_spec"]["spec"]}
    assert groups(drawing, "question") == asked
    launched = {(one["name"], one["unified_job_template"]) for one in data("schedules")}
    assert groups(drawing, "schedule", "launches") == launched
    for schedule in data("schedules"):
        shown = words(find(drawing, "schedule", schedule["name"]))
        for fact in (schedule["name"], schedule["unified_job_template"], "03:30"):
            assert fact in shown


WAYS: dict[str, Any] = {
    "name": "Ways",
    "survey_enabled": False,
    "workflow_nodes": [
        {
            "identifier": "first",
            "unified_job_template": {"name": "A", "type": "project"},
            "related": {
                "success_nodes": [{"identifier": "good"}],
                "failure_nodes": [{"identifier": "bad"}],
                "always_nodes": [{"identifier": "last"}],
            },
        },
        {
            "identifier": "good",
            "unified_job_template": {"name": "B", "type": "job_template"},
            "related": {"success_nodes": [{"identifier": "last"}]},
        },
        {"identifier": "bad", "unified_job_template": {"name": "C", "type": "job_template"}},
        {"identifier": "last", "unified_job_template": {"name": "D", "type": "inventory_source"}},
        {"identifier": "other", "unified_job_template": {"name": "E", "type": "workflow_job_template"}},
    ],
}


def test_all_ways_to_follow_a_node() -> None:
    """Each has a color and dashes of its own and is in the legend. No node lies on another, or left of its source."""
    drawing = drawn(draw(WAYS, [], LOOKS[0], str))
    assert groups(drawing, "from", "to", "way") == {
        ("START", "first", "always"),
        ("START", "other", "always"),
        ("first", "good", "success"),
        ("first", "bad", "failure"),
        ("first", "last", "always"),
        ("good", "last", "success"),
    }
    styles: dict[str, set[tuple[str | None, ...]]] = {"success": set(), "failure": set(), "always": set()}
    for group in drawing.iter(f"{SVG}g"):
        if "data-way" in group.attrib:
            path = group.find(f"{SVG}path")
            assert path is not None
            styles[group.attrib["data-way"]].add((path.get("stroke"), path.get("stroke-dasharray")))
    assert [len(style) for style in styles.values()] == [1, 1, 1]
    for part in range(2):
        assert len({next(iter(style))[part] for style in styles.values()}) == len(styles)
    for legend in ("On success", "On failure", "Always", "Project sync", "Inventory sync", "Workflow", "Job template"):
        assert legend in words(drawing)
    frames = {
        str(name): frame_of(find(drawing, "node", str(name)).find(f"{SVG}rect")) for (name,) in groups(drawing, "node")
    }
    assert len({at[:2] for at in frames.values()}) == len(frames)
    for source, target, _way in groups(drawing, "from", "to", "way"):
        assert frames[str(source)][0] < frames[str(target)][0]


def test_what_has_no_drawing_is_an_error() -> None:
    """It would be missing in the picture."""
    node = {**WAYS["workflow_nodes"][0], "related": {"maybe_nodes": [{"identifier": "first"}]}}
    with pytest.raises(ValueError, match="no link is called maybe_nodes"):
        draw({**WAYS, "workflow_nodes": [node]}, [], LOOKS[0], str)
    with pytest.raises(ValueError, match="no words for a schedule"):
        at_what_time("DTSTART:20260101T033000 RRULE:FREQ=HOURLY;INTERVAL=1", str)


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_texts_can_be_read(file: Path) -> None:
    """They are inside of the drawing and of their frames, and contrast with what is below them."""
    drawing = drawn(file.read_text(encoding="utf-8"))
    ground = GROUNDS[file.stem.endswith("-dark")]
    width, height = float(drawing.attrib["width"]), float(drawing.attrib["height"])
    for parent in drawing.iter():
        boxes = [(*frame_of(box), box.attrib["fill"]) for box in parent.findall(f"{SVG}rect") if "x" in box.attrib]
        discs = [float(disc.attrib["cy"]) for disc in parent.findall(f"{SVG}circle")]
        for text in parent.findall(f"{SVG}text"):
            size = int(text.get("font-size", SIZE))
            x, y = float(text.attrib["x"]), float(text.attrib["y"])
            long = width_of(text.text or "", size)
            left = x - long * {"start": 0.0, "middle": 0.5, "end": 1.0}[text.attrib["text-anchor"]]
            assert left >= 0, text.text
            assert left + long <= width, text.text
            assert size / 2 <= y <= height - size / 2, text.text
            below = ground
            for box in boxes:
                if box[0] <= x <= box[2] and box[1] <= y <= box[3] and y not in discs:
                    assert box[0] <= left, text.text
                    assert left + long <= box[2], text.text
                    below = box[4]
            if y in discs and size < SIZE and text.attrib["fill"] == "#ffffff":
                below = "#393f43"
            assert contrast(text.attrib["fill"], below) >= LEAST_CONTRAST, (text.text, below)


def frame_of(box: Drawn | None) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a frame."""
    assert box is not None
    x, y, width, height = (float(box.attrib[name]) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def contrast(one: str, other: str) -> float:
    """Of two colors, from 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(color: str) -> float:
    """Of a color, from 0 to 1."""
    shares = (int(part, 16) / 255 for part in re.findall("[0-9a-f]{2}", color))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
