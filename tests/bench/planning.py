# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the fitted model says of runs that were not measured: ten thousand apps, and the best forks and slices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from statistics import median
from typing import Any

from tests.bench.model import Fitted, Model, Setting, fitted
from tests.bench.tables import Cell, Findings, Table

MANY = 10_000
PARTS = 10
FORKS = (5, 10, 20, 30, 50, 100)
SLICES = (1, 2, 4, 8, 16)
# More apps at once would have almost a thousand calls on their way.
MOST_AT_ONCE = 100
CHOICES = [(slices, forks) for slices, forks in product(SLICES, FORKS) if slices * forks <= MOST_AT_ONCE]
# What a smaller number of forks or slices may cost: they take memory, and calls of the service at once.
WORTH = 1.1

APPS = (50, 200, 2000, 10_000)
LATENCIES_MS = (50, 200)
CORES = (2, 4, 8)

NEEDED = {"fleet", "scale", "page"}


@dataclass(frozen=True)
class Advice:
    """What to take for a run.

    :ivar forks: of each slice.
    :ivar minutes: what the run takes then.
    """

    apps: int
    latency_ms: int
    cores: int
    forks: int
    slices: int
    minutes: float


def plan(figures: Mapping[str, Any]) -> Findings:
    """Fit the model, and lead it on."""
    found = fitted(figures)
    advices = list(advice(found.model))
    facts = {
        "error": {"left_out": list(found.left_out), "largest": found.largest, "others": dict(found.others)},
        "advice": [asdict(one) for one in advices],
        "projected": projections(found, figures),
    }
    tables = [fit_table(found), error_table(found, figures), projection(found, figures), advice_table(advices)]
    return Findings(tables, {"model": facts})


def advice(model: Model) -> Iterator[Advice]:
    """For each combination, the fewest slices and then the fewest forks that are worth it."""
    for apps, latency, cores in product(APPS, LATENCIES_MS, CORES):
        walls = {
            (slices, forks): model.wall(Setting(apps, latency / 1000, forks, slices, cores, apps))
            for slices, forks in CHOICES
        }
        best = min(walls.values())
        slices, forks = min(pair for pair, wall in walls.items() if wall <= WORTH * best)
        yield Advice(apps, latency, cores, forks, slices, walls[slices, forks] / 60)


def fit_table(found: Fitted) -> Table:
    """What was fitted."""
    model = found.model
    rows: list[Sequence[Cell]] = [
        ("start and end, s", model.start),
        ("CPU for each app, ms", 1000 * model.work.cpu.slope),
        ("of it in the main process, ms", 1000 * model.work.main.slope),
        ("wall time of a run without latency, of its CPU on all cores", model.stretch),
        ("responses for which a batch waits", model.rounds),
        ("more of them for the first batch", model.first_rounds),
        ("memory of the main process for each app, MB", model.work.memory.slope),
    ]
    return Table(
        "The model of a fleet with nothing to change",
        ("figure", "value"),
        rows,
        [
            "Wall time = start + apps × CPU for each app ÷ cores + batches × responses × latency + the pages of the "
            "list of apps. With more cores, apps × CPU of the main process takes the place of the second term. Fitted "
            "to all runs of one slice on this page, by the least squares of relative errors. The emulator's CPU is "
            "left out."
        ],
    )


def error_table(found: Fitted, figures: Mapping[str, Any]) -> Table:
    """How far the model is off."""
    off = [abs(one) for one in found.left_out]
    most = max(run["apps"] for run in figures["scale"]["runs"])
    rows: list[Sequence[Cell]] = [
        ("a run, from all others: median without sign", 100 * median(off)),
        ("a run, from all others: largest without sign", 100 * max(off)),
        (f"{most} apps in one slice, from the runs with fewer", 100 * found.largest),
        *((f"{name}, from the runs of one slice on all cores", 100 * one) for name, one in found.others.items()),
    ]
    return Table(
        "How far the model is off",
        ("expected", "error, %"),
        rows,
        ["Above zero, the model expects more time than was measured. The emulator's CPU is part of both here."],
    )


def projections(found: Fitted, figures: Mapping[str, Any], by_title: bool = True) -> list[dict[str, Any]]:
    """Ten thousand apps: in one slice, in slices on one machine, and in slices on a machine each."""
    model, fleet = found.model, figures["fleet"]
    runs = [run for run in figures["scale"]["runs"] if run["way"]["slices"] == 1]
    calls = sum(run["calls"] - run["list_reads"] for run in runs) / sum(run["apps"] for run in runs)
    listed = []
    for slices, machines in ((1, 1), (PARTS, 1), (PARTS, PARTS)):
        here = Setting(
            apps=MANY // machines,
            latency=fleet["latency_ms"] / 1000,
            forks=fleet["usual_forks"],
            slices=slices // machines,
            cores=figures["taken"]["cores"],
            account=MANY if by_title else 0,
        )
        pages = slices * model.page.count(here.account)
        listed.append(
            {
                "apps": MANY,
                "slices": slices,
                "machines": machines,
                "forks": here.forks,
                "by": "title" if by_title else "id",
                "calls": round(MANY * calls) + pages,
                "list_reads": pages,
                "minutes": model.wall(here) / 60,
                "error": found.trust,
                "cpu_minutes": machines * model.cpu_of(here) / 60,
                "memory_mb": model.work.memory.at(here.share),
            }
        )
    return listed


def projection(found: Fitted, figures: Mapping[str, Any]) -> Table:
    """Ten thousand apps, as a table."""
    latency, cores = figures["fleet"]["latency_ms"], figures["taken"]["cores"]
    table = Table(
        f"{MANY:,} apps, nothing to change, {latency} ms, {cores} cores a machine",
        (
            *("slices", "machines", "forks of each", "found by", "calls", "of them for the list"),
            *("wall, min", "± min", "CPU, min", "memory of a main process, GB"),
        ),
        remarks=[
            "± is the largest error of the model for another number of apps, slices or cores than in its fit. A real "
            "service has no emulator, whose CPU is left out, and may reject so many calls at once."
        ],
    )
    for one in [*projections(found, figures), *projections(found, figures, by_title=False)]:
        names = ("slices", "machines", "forks", "by", "calls", "list_reads", "minutes")
        off = one["minutes"] * one["error"]
        table.rows.append((*(one[name] for name in names), off, one["cpu_minutes"], one["memory_mb"] / 1000))
    return table


def advice_table(advices: list[Advice]) -> Table:
    """The advices."""
    return Table(
        "What to take",
        ("apps", "latency, ms", "cores", "slices", "forks of each", "wall, min"),
        [(one.apps, one.latency_ms, one.cores, one.slices, one.forks, one.minutes) for one in advices],
        [
            f"The fewest slices, and then the fewest forks, with which the model expects at most {WORTH - 1:.0%} more "
            f"time than with the best of {', '.join(map(str, SLICES))} slices and {', '.join(map(str, FORKS))} forks, "
            f"and at most {MOST_AT_ONCE} apps at once. Apps are found by title. All slices run on one machine."
        ],
    )
