# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A workflow of AWX, with the schedules beside it, in the style of the visualizer of AWX 24.6.1.

Everything comes from the data that playbook ``awx`` applies: nodes, links, the survey, approvals and schedules. As in
the visualizer, a node shows its identifier and the letters of its type, START leads to the first nodes, and a link has
the color of what it waits for. Links also differ in their dashes, for color-blind readers. What the visualizer shows
elsewhere stands in the node: the template, the limit, the variables, the timeout.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.tools.plots.svg import Drawing, Look, Point

Translate = Callable[[str], str]

WIDTH = 800
EDGE = 16
START_WIDTH, START_HEIGHT = 64, 40
GAP, ROW_GAP = 26, 22
LINE = 17
SMALL = 12
# The widths of a letter and of a Chinese character, of the size of the text, at most.
LETTER, HAN = 0.58, 1.0

START = "START"
# Ways to follow a node -> the color of AWX in a light and in a dark look, and the dashes.
LINKS = {
    "success": ("#3e8635", "#5ba352", ""),
    "failure": ("#c9190b", "#ff7b72", "7 4"),
    "always": ("#0066cc", "#58a6ff", "2 4"),
}
LINK_WORDS = {"success": "On success", "failure": "On failure", "always": "Always"}
# Types of a node -> the letters of AWX, and the words of its legend. AWX has a pause icon for an approval.
TYPES = {
    "job_template": ("JT", "Job template"),
    "workflow_job_template": ("W", "Workflow"),
    "project": ("P", "Project sync"),
    "inventory_source": ("I", "Inventory sync"),
    "workflow_approval": ("", "Approval"),
}
BADGE = "#393f43"
START_COLOR = "#0279bc"


@dataclass(frozen=True)
class Link:
    """What follows a node.

    :ivar way: success, failure or always.
    """

    source: str
    target: str
    way: str


def nodes_of(workflow: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """Return identifier -> the node."""
    return {node["identifier"]: node for node in workflow["workflow_nodes"]}


def links_of(workflow: Mapping[str, Any]) -> list[Link]:
    """Return the links, those from START first.

    :raises ValueError: a node names a follower in a way that the drawing does not know.
    """
    links = []
    for name, node in nodes_of(workflow).items():
        for way, followers in node.get("related", {}).items():
            if way.removesuffix("_nodes") not in LINKS:
                raise ValueError(f"node {name}: no link is called {way}")
            links += [Link(name, follower["identifier"], way.removesuffix("_nodes")) for follower in followers]
    followed = {link.target for link in links}
    return [*(Link(START, name, "always") for name in nodes_of(workflow) if name not in followed), *links]


def columns_of(names: Iterable[str], links: Sequence[Link]) -> list[list[str]]:
    """Return the nodes column by column: each is to the right of all that it follows."""
    column = dict.fromkeys([START, *names], 0)
    for _ in column:
        for link in links:
            column[link.target] = max(column[link.target], column[link.source] + 1)
    return [[name for name in column if column[name] == number] for number in range(max(column.values()) + 1)]


def details(node: Mapping[str, Any], translate: Translate) -> list[str]:
    """Return what the data says about a node, beside its identifier and its type."""
    template = node["unified_job_template"]
    found = [str(template["name"])]
    if "limit" in node:
        found.append(translate("limit {}").format(node["limit"]))
    found += [f"{name}: {value}" for name, value in node.get("extra_data", {}).items()]
    if "timeout" in template:
        found.append(translate("timeout {} h").format(f"{template['timeout'] / 3600:g}"))
    return found


def at_what_time(rrule: str, translate: Translate) -> str:
    """Return when a schedule launches, in words.

    :raises ValueError: it is no schedule of once a day.
    """
    match = re.search(r"T(\d\d)(\d\d)\d\d RRULE:FREQ=DAILY;INTERVAL=1$", rrule)
    if not match:
        raise ValueError(f"no words for a schedule by {rrule}")
    return translate("every day at {}").format(f"{match[1]}:{match[2]}")


def width_of(words: str, size: int = SMALL) -> float:
    """Return the width of a text, at most."""
    return sum(HAN if ord(letter) > 0x2E7F else LETTER for letter in words) * size


def wrapped(words: str, width: float) -> list[str]:
    """Return a text in lines that are no wider."""
    lines = [""]
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}".strip()
        if lines[-1] and width_of(longer) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return lines


def draw(workflow: Mapping[str, Any], schedules: Sequence[Mapping[str, Any]], look: Look, translate: Translate) -> str:
    """Return the drawing of a workflow and, below it, of what schedules launch.

    :param translate: a text of the drawing in the language of the reader. The data is in that language already.
    """
    nodes, links = nodes_of(workflow), links_of(workflow)
    columns = columns_of(nodes, links)
    picture = _Picture(look, translate, len(columns) - 1)
    texts = {name: picture.lines(details(node, translate)) for name, node in nodes.items()}
    height = 34 + LINE * max(len(lines) for lines in texts.values())
    rows = max(len(column) for column in columns)
    top = 44.0
    middle = top + (rows * (height + ROW_GAP) - ROW_GAP) / 2
    places: dict[str, Point] = {START: (EDGE, middle)}
    for number, names in enumerate(columns[1:]):
        first = middle - ((len(names) - 1) * (height + ROW_GAP)) / 2
        for row, name in enumerate(names):
            places[name] = (picture.left_of(number), first + row * (height + ROW_GAP))
    below = middle + (middle - top) + 34
    drawing = picture.drawing
    drawing.title = translate("Workflow {}").format(workflow["name"])
    drawing.text((EDGE, 22), drawing.title, bold=True)
    for link in links:
        start = places[link.source]
        picture.link(link, (start[0] + picture.width_of(link.source), start[1]), places[link.target])
    picture.start(places[START])
    for name, node in nodes.items():
        picture.node(name, node["unified_job_template"]["type"], texts[name], places[name], height)
    left_bottom = picture.survey(workflow["survey_spec"], below, middle) if workflow["survey_enabled"] else below
    right_bottom = picture.schedules(schedules, below)
    bottom = max(left_bottom, right_bottom) + 26
    picture.legend(
        {link.way for link in links}, {node["unified_job_template"]["type"] for node in nodes.values()}, bottom
    )
    drawing.height = round(bottom + 22)
    return drawing.render()


class _Picture:
    """The parts of the drawing.

    :ivar drawing: what grows; its height is set at the end.
    """

    def __init__(self, look: Look, translate: Translate, columns: int) -> None:
        self.look, self.translate = look, translate
        self.node_width = (WIDTH - 2 * EDGE - START_WIDTH) / columns - GAP
        self.drawing = Drawing("", 0, look, width=WIDTH)

    def left_of(self, column: int) -> float:
        """Return where the nodes of a column begin, the first one after START being 0."""
        return EDGE + START_WIDTH + GAP + column * (self.node_width + GAP)

    def width_of(self, name: str) -> float:
        """Return the width of a node, or of START."""
        return START_WIDTH if name == START else self.node_width

    def lines(self, texts: Iterable[str]) -> list[str]:
        """Return texts in lines that fit into a node."""
        return [line for text in texts for line in wrapped(text, self.node_width - 8)]

    def color(self, way: str) -> str:
        """Return the color of a link."""
        light, dark, _dashes = LINKS[way]
        return dark if self.look.suffix else light

    def link(self, link: Link, start: Point, end: Point) -> None:
        """Add a link."""
        with self.drawing.group(**{"from": link.source, "to": link.target, "way": link.way}):
            self.drawing.arrow(start, (end[0] - 1, end[1]), self.color(link.way), LINKS[link.way][2])

    def start(self, at: Point) -> None:
        """Add what AWX begins with."""
        with self.drawing.group(node=START):
            self.drawing.box(
                (at[0], at[1] - START_HEIGHT / 2), (START_WIDTH, START_HEIGHT), fill=START_COLOR, stroke=START_COLOR
            )
            words = self.translate("START")
            self.drawing.text((at[0] + START_WIDTH / 2, at[1]), words, color="#ffffff", anchor="middle")

    def node(self, name: str, kind: str, lines: Sequence[str], at: Point, height: float) -> None:
        """Add a node; ``at`` is the middle of its left side."""
        drawing, middle = self.drawing, at[0] + self.node_width / 2
        top = at[1] - height / 2
        with drawing.group(node=name, kind=kind):
            drawing.box((at[0], top), (self.node_width, height), fill=self.look.card, stroke=self.look.frame)
            first = at[1] - LINE * len(lines) / 2
            drawing.text((middle, first), name, anchor="middle", bold=True)
            for number, line in enumerate(lines, 1):
                y = first + LINE * number
                drawing.text((middle, y), line, color=self.look.faint, anchor="middle", size=SMALL)
            self.badge(kind, (at[0], at[1] + height / 2))

    def badge(self, kind: str, at: Point) -> None:
        """Add the letters of a type."""
        drawing = self.drawing
        drawing.disc(at, 10, BADGE)
        letters = TYPES[kind][0]
        if letters:
            drawing.text(at, letters, color="#ffffff", anchor="middle", size=10)
        else:
            for side in (-3.5, 3.5):
                drawing.line([(at[0] + side, at[1] - 4), (at[0] + side, at[1] + 4)], "#ffffff", 2.5)

    def survey(self, survey: Mapping[str, Any], top: float, start: float) -> float:
        """Add the questions of a launch, joined to START; return where they end."""
        drawing, left = self.drawing, EDGE
        width = START_WIDTH + 2 * (GAP + self.node_width) - 10
        rows = [self._question(question) for question in survey["spec"]]
        height = 34 + LINE * len(rows)
        with drawing.group(survey=survey["name"]):
            x = left + START_WIDTH / 2
            drawing.line([(x, start + START_HEIGHT / 2), (x, top)], self.look.frame, 1.5, "1 4")
            drawing.box((left, top), (width, height), fill=self.look.card, stroke=self.look.frame, dashes="1 4")
            title = self.translate("Survey at launch: {}").format(survey["name"])
            drawing.text((left + 12, top + 16), title, bold=True)
            for number, (question, words) in enumerate(zip(survey["spec"], rows, strict=True)):
                with drawing.group(question=question["variable"]):
                    y = top + 36 + LINE * number
                    drawing.text((left + 12, y), words, color=self.look.faint, size=SMALL)
        return top + height

    def _question(self, question: Mapping[str, Any]) -> str:
        """Return a question in words."""
        facts = [self.translate("required" if question["required"] else "optional")]
        if question["default"]:
            facts.append(self.translate("default {}").format(question["default"]))
        return self.translate("{} ({})").format(question["question_name"], self.translate(", ").join(facts))

    def schedules(self, schedules: Sequence[Mapping[str, Any]], top: float) -> float:
        """Add what each schedule launches; return where they end."""
        drawing = self.drawing
        left = self.left_of(2)
        for schedule in schedules:
            words = [at_what_time(schedule["rrule"], self.translate)]
            words += [f"{name}: {value}" for name, value in schedule["extra_data"].items()]
            lines = self.lines([schedule["name"]]), self.lines(words)
            height = 18 + LINE * (len(lines[0]) + len(lines[1]))
            with drawing.group(schedule=schedule["name"], launches=schedule["unified_job_template"]):
                drawing.text((left, top + 8), self.translate("Schedule"), bold=True)
                y = top + 24
                drawing.box((left, y), (self.node_width, height), fill=self.look.card, stroke=self.look.frame)
                for number, line in enumerate([*lines[0], *lines[1]]):
                    color = self.look.faint if number >= len(lines[0]) else ""
                    at = (left + self.node_width / 2, y + 17 + LINE * number)
                    drawing.text(at, line, color=color, anchor="middle", size=SMALL)
                start = (left + self.node_width, y + height / 2)
                drawing.arrow(start, (start[0] + GAP - 1, start[1]), self.color("always"), LINKS["always"][2])
                target = (start[0] + GAP, start[1] - 22)
                drawing.box(target, (self.node_width, 44), fill=self.look.card, stroke=self.look.frame)
                drawing.text(
                    (target[0] + self.node_width / 2, start[1]), schedule["unified_job_template"], anchor="middle"
                )
                self.badge("job_template", (target[0], start[1] + 22))
            top = y + height + ROW_GAP
        return top - ROW_GAP if schedules else top

    def legend(self, ways: Iterable[str], kinds: Iterable[str], y: float) -> None:
        """Say what colors and letters mean: those that are there."""
        drawing, x = self.drawing, float(EDGE)
        for way in [way for way in LINKS if way in ways]:
            words = self.translate(LINK_WORDS[way])
            drawing.arrow((x, y), (x + 34, y), self.color(way), LINKS[way][2])
            drawing.text((x + 42, y), words, color=self.look.faint, size=SMALL)
            x += 42 + width_of(words) + 24
        for kind in [kind for kind in TYPES if kind in kinds]:
            words = self.translate(TYPES[kind][1])
            self.badge(kind, (x + 10, y))
            drawing.text((x + 26, y), words, color=self.look.faint, size=SMALL)
            x += 26 + width_of(words) + 24
