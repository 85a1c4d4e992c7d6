# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The wall time of a run with nothing to change by the number of apps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import log10
from statistics import median
from typing import Any

from tests.tools.plots.svg import WIDTH, Drawing, Look, Point, remark

HEIGHT = 460
LEFT, RIGHT, TOP, BOTTOM = 64, 176, 20, 52
APPS = (1, 10, 100, 1000, 10_000)
SECONDS = {1: "1 s", 10: "10 s", 60: "1 min", 600: "10 min", 3600: "1 h"}
FEWEST, MOST = 0.8, 12_000
FASTEST = 0.7
# The texts at the right are so far apart at least.
LINE = 18


@dataclass
class Series:
    """Points of one way to run.

    :ivar expected: points that the model expects, beyond the measured ones.
    """

    name: str
    points: list[Point]
    expected: list[Point]


def places(figures: Mapping[str, Any], part: str, start: str, slices: bool = False) -> list[Point]:
    """Return the apps of the runs of a way by its name, each with the median seconds of the best number of forks."""
    latency = figures["fleet"]["latency_ms"]
    found: dict[int, dict[int, list[float]]] = {}
    for run in figures[part]["runs"]:
        way = run["way"]
        if (
            way["name"].startswith(start)
            and run["latency_ms"] == latency
            and (way["slices"] > 1) == slices
            and not way["cores"]
        ):
            found.setdefault(run["apps"], {}).setdefault(way["forks"], []).append(run["cost"]["wall"])
    return [(apps, min(map(median, forks.values()))) for apps, forks in sorted(found.items())]


def series(figures: Mapping[str, Any]) -> Iterator[Series]:
    """All of them, in the order of their colors."""
    # One slice and several of them, on one machine both.
    alone, shared = ([(one["apps"], one["minutes"] * 60)] for one in figures["model"]["projected"][:2])
    yield Series("fleet", sorted([*places(figures, "fleet", "fleet"), *places(figures, "scale", "fleet")]), alone)
    yield Series("bring_up", places(figures, "fleet", "bring_up"), [])
    yield Series("fleet in slices", places(figures, "scale", "fleet", slices=True), shared)
    yield Series("threads, no Ansible", places(figures, "fleet", "threads, requests"), [])
    yield Series("modules on the SDK", places(figures, "peers", "SDK, a task a thing"), [])
    yield Series("tasks of uri", places(figures, "peers", "uri"), [])


def draw(figures: Mapping[str, Any], look: Look) -> str:
    """Return the plot."""
    latency, cores = figures["fleet"]["latency_ms"], figures["taken"]["cores"]
    title = f"Wall time by apps with nothing to change, {latency} ms a call, {cores} cores"
    listed = [one for one in series(figures) if one.points]
    slowest = max(seconds for one in listed for _apps, seconds in [*one.points, *one.expected]) * 1.5

    def place(at: Point) -> Point:
        across = log10(at[0] / FEWEST) / log10(MOST / FEWEST)
        up = log10(at[1] / FASTEST) / log10(slowest / FASTEST)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM)

    drawing = Drawing(title, HEIGHT, look)
    for seconds, words in SECONDS.items():
        if FASTEST <= seconds <= slowest:
            left, right = place((FEWEST, seconds)), place((MOST, seconds))
            drawing.line([left, right], look.grid, 1)
            drawing.text((LEFT - 8, left[1]), words, color=look.faint, anchor="end")
    for apps in APPS:
        low, high = place((apps, FASTEST)), place((apps, slowest))
        drawing.line([low, high], look.grid, 1)
        drawing.text((low[0], low[1] + 16), f"{apps:,}", color=look.faint, anchor="middle")
    drawing.text(((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12), "apps", color=look.faint, anchor="middle")
    for one, color in zip(listed, look.series, strict=False):
        drawing.line([place(at) for at in one.points], color)
        drawing.line([place(at) for at in [*one.points[-1:], *one.expected]], color, dashes="2 5")
        for at in one.points:
            drawing.dot(place(at), color)
        for at in one.expected:
            drawing.dot(place(at), color, hollow=True)
    label(drawing, listed, place)
    remark(drawing, figures)
    return drawing.render()


def label(drawing: Drawing, listed: list[Series], place: Any) -> None:
    """Write the names at the right, in the order of the lines' ends, each joined to its end by a thin line."""
    ends = sorted(
        (place([*one.points, *one.expected][-1]), one.name, color)
        for one, color in zip(listed, drawing.look.series, strict=False)
    )
    ends.sort(key=lambda end: end[0][1])
    at = 0.0
    x = WIDTH - RIGHT + 14
    for end, name, color in ends:
        at = max(at + LINE, end[1])
        drawing.line([(end[0] + 7, end[1]), (x - 4, at)], color, 0.8, "1 3")
        drawing.text((x, at), name, color=color, bold=True)
