# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs to bring up many apps: one task for each, task by task, and without Ansible."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from itertools import groupby
from statistics import median
from typing import Any

from tests.bench.fitting import Line, fit
from tests.bench.many_apps import THINGS
from tests.bench.measuring import in_turns, middle
from tests.bench.rehearsal import (
    CLIENT,
    FLEET,
    PLAIN,
    THREADS,
    Rehearsal,
    Run,
    Way,
    bring_up,
    fleet,
    nothing,
    rehearsal,
    threads,
)
from tests.bench.tables import Findings, Table
from tests.tools.run_in_collection import BUILD

FOLDER = BUILD / "bench" / "fleet"
LATENCY = 50
SLOW = 200
DONE = "done"


@dataclass(frozen=True)
class Plan:
    """How much to measure.

    :ivar most: apps in the account, which the comparison brings up.
    :ivar some: apps that task by task are affordable.
    :ivar more: apps for the growth of task by task.
    :ivar forks: widths to look for the best among.
    :ivar usual: the width of what is run in one width only.
    :ivar growth: numbers of apps for the line.
    :ivar trials: how often more the widths are tried that may be the best.
    :ivar rounds: of the comparison.
    :ivar wide: whether to do everything, task by task too.
    """

    most: int
    some: int
    more: int
    forks: Sequence[int]
    usual: int
    growth: Sequence[int]
    trials: int
    rounds: int
    wide: bool


FULL = Plan(200, 20, 60, (5, 12, 20, 50), 20, (1, 20, 60, 200), 1, 4, True)
QUICK = Plan(40, 5, 10, (5, 20), 20, (1, 10, 20, 40), 0, 3, False)


def first_runs(on: Rehearsal, plan: Plan) -> Iterator[Run]:
    """Runs that make everything; at the end all apps are there, and kept in a save point."""
    few = [(fleet(plan.usual), apps, latency) for apps in (1, plan.some) for latency in (0, LATENCY)]
    if plan.wide:
        few.append((bring_up(plan.usual), plan.some, 0))
    for way, apps, latency in [*few, (fleet(plan.usual), plan.most, 0)]:
        on.control("reset", method="POST")
        yield on.run(way, apps, latency)
    on.control(f"savepoints/{DONE}", method="POST")


def repetitions(on: Rehearsal, plan: Plan) -> Iterator[Run]:
    """Runs that find nothing to change."""
    for latency in (0, LATENCY):
        for apps in (1, plan.some, plan.most):
            widths = plan.forks if apps == plan.some or (latency and apps > 1) else [plan.usual]
            for forks in widths:
                yield on.run(fleet(forks), apps, latency)
            yield on.run(threads(CLIENT), apps, latency)
            if apps < plan.most:
                yield on.run(threads(PLAIN), apps, latency)
        for strategy in ("linear", "free"):
            yield on.run(bring_up(plan.usual, strategy), plan.some, latency)
    for forks in plan.forks[-2:]:
        yield on.run(fleet(forks), plan.most, SLOW)
    yield on.run(fleet(plan.usual, cores=1), plan.more, LATENCY)
    yield on.run(bring_up(plan.usual, "free"), plan.more, LATENCY)
    if plan.wide:
        for forks in (min(plan.forks), max(plan.forks)):
            yield on.run(bring_up(forks, "free"), plan.some, LATENCY)


def trials(on: Rehearsal, plan: Plan) -> Iterator[Run]:
    """More of the runs that tell the best width, which the least of them never is."""
    for _number in range(plan.trials):
        for forks in plan.forks[1:]:
            yield on.run(fleet(forks), plan.most, LATENCY)


def measure(quick: bool) -> Findings:
    """Everything that is affordable once, and the comparison in turns."""
    plan = QUICK if quick else FULL
    with rehearsal(FOLDER, plan.most) as on:
        made = list(first_runs(on, plan))
        kept = [*repetitions(on, plan), *trials(on, plan)]
        best = quickest(
            [run for run in kept if (run.way.source, run.apps, run.latency_ms) == (FLEET, plan.most, LATENCY)]
        )
        rivals = (best, threads(PLAIN))
        compared = in_turns({way.name: partial(on.run, way, plan.most, LATENCY) for way in rivals}, plan.rounds)
        growing = {
            (way.name, apps): partial(on.run, way, apps, LATENCY)
            for apps in plan.growth
            for way in (best, nothing(best.forks))
        }
        grown = in_turns(growing, plan.rounds // 2)
    kept += [run for runs in compared.values() for run in runs]
    kept += [run for (name, _apps), runs in grown.items() if name == best.name for run in runs]
    ratio = median(ours.cost.wall / theirs.cost.wall for ours, theirs in zip(*compared.values(), strict=True))
    lines, least = (
        growth([run for (name, _apps), runs in grown.items() if name == wanted for run in runs])
        for wanted in (best.name, nothing(1).name)
    )
    figures: dict[str, Any] = {
        "fleet_vs_threads": ratio,
        "fleet": {
            "apps": plan.most,
            "latency_ms": LATENCY,
            "forks": best.forks,
            "usual_forks": plan.usual,
            "threads": THREADS,
            "rounds": plan.rounds,
            "first_runs": [asdict(run) for run in made],
            "runs": [asdict(run) for run in kept],
            "calls": compared[best.name][0].calls,
            "growth": {name: asdict(line) for name, line in lines.items()},
            "growth_of_debug": {name: asdict(line) for name, line in least.items()},
        },
    }
    tables = [
        runs_table(f"First run, {THINGS} things an app", made),
        runs_table(f"Nothing to change, {THINGS} things an app", kept),
        growth_table(lines, least, best, plan.growth),
    ]
    return Findings(tables, figures)


def quickest(runs: Sequence[Run]) -> Way:
    """The way with the least median of wall time."""
    ways = {run.way for run in runs}
    return min(ways, key=lambda way: median(run.cost.wall for run in runs if run.way == way))


def kind(run: Run) -> tuple[int, int, str, int]:
    """What runs have in common that were done several times."""
    return run.latency_ms, run.apps, run.way.name, run.way.forks


def runs_table(heading: str, runs: Sequence[Run]) -> Table:
    """A row for each kind of run, with its medians."""
    columns = (
        "latency, ms",
        "apps",
        "by",
        "at once",
        "runs",
        "wall, s",
        "CPU, s",
        "of it main, s",
        "emulator's CPU, s",
    )
    table = Table(heading, (*columns, "calls", "for the list of apps", "memory of main, MB", "of all, MB"))
    for (latency, apps, name, forks), same in groupby(sorted(runs, key=kind), key=kind):
        listed = list(same)
        cost = middle([run.cost for run in listed])
        calls = [int(median(getattr(run, figure) for run in listed)) for figure in ("calls", "list_reads")]
        seconds = (cost.wall, cost.cpu, cost.main_cpu, cost.emulator_cpu)
        table.rows.append(
            (latency, apps, name, forks, len(listed), *seconds, *calls, round(cost.main_mb), round(cost.tree_mb))
        )
    table.remarks.append(
        "The emulator runs on the same machine, and its CPU is part of every wall time. Memory that processes share is "
        "counted in each of them."
    )
    return table


def growth(runs: Sequence[Run]) -> dict[str, Line]:
    """How each figure grows with the number of apps."""
    return {
        "wall, s": fit([(run.apps, run.cost.wall) for run in runs]),
        "CPU, s": fit([(run.apps, run.cost.cpu) for run in runs]),
        "emulator's CPU, s": fit([(run.apps, run.cost.emulator_cpu) for run in runs]),
        "memory of main, MB": fit([(run.apps, run.cost.main_mb) for run in runs]),
    }


def growth_table(lines: dict[str, Line], least: dict[str, Line], way: Way, numbers: Sequence[int]) -> Table:
    """The lines, as a table.

    :param least: those of a task that does nothing.
    """
    table = Table(
        f"Growth of a {way.name} with nothing to change, {way.forks} forks, {LATENCY} ms",
        ("figure", "start", "per app", "standard error", "per app of debug"),
        remarks=[
            f"Least squares through runs of {', '.join(map(str, numbers))} apps, in an account of {numbers[-1]}: what "
            "a longer list of apps costs is not in it. The last column is a task of debug for each of the same apps: "
            "what Ansible takes to read their descriptions and to run a task, whatever it does."
        ],
    )
    for name, line in lines.items():
        table.rows.append((name, line.start, line.slope, line.slope_error, least[name].slope))
    return table
