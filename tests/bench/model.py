# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How long playbook ``fleet`` takes with nothing to change, as a function of apps, latency, forks, slices and cores.

A batch of as many apps as there are forks takes the CPU of its apps, and after that the responses for which the last
app waits. The main process starts one app after the other, so a batch is never faster than the CPU of the main process.
The share of the emulator in the CPU of this machine is taken out of what is fitted, and is no part of a projection.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.concurrency_limit import MAX_CONCURRENCY
from tests.bench.fitting import Line, fit, non_negative_least_squares
from tests.bench.measuring import Cost
from tests.bench.rehearsal import FLEET, Run, Way


@dataclass(frozen=True)
class Setting:
    """A run that may be planned.

    :ivar latency: seconds that a call takes.
    :ivar forks: of each slice.
    :ivar slices: main processes on one machine that share the apps.
    :ivar cores: of the machine.
    :ivar account: apps in the account, whose list each slice reads; 0 where ids are given.
    """

    apps: int
    latency: float
    forks: int
    slices: int
    cores: int
    account: int

    @property
    def share(self) -> int:
        """The apps of a slice."""
        return ceil(self.apps / self.slices)

    @property
    def batch(self) -> int:
        """The apps that a slice works on at once."""
        return min(self.forks, self.share)

    @property
    def batches(self) -> int:
        """How many batches a slice has."""
        return ceil(self.share / self.batch)


def setting_of(run: Run, cores: int) -> Setting:
    """Return the setting of a run on a machine with so many cores."""
    way = run.way
    return Setting(run.apps, run.latency_ms / 1000, way.forks, way.slices, way.cores or cores, run.account)


@dataclass(frozen=True)
class Page:
    """A page of the list of apps.

    :ivar size: apps on it.
    :ivar cpu: seconds of CPU that it takes to read it.
    """

    size: int
    cpu: float

    def count(self, account: int) -> int:
        """Return how many pages there are."""
        return ceil(account / self.size)

    def wall(self, setting: Setting) -> float:
        """Return the seconds that it takes to read all of them, some at a time after the first one."""
        count = self.count(setting.account)
        rounds = min(1, count) + ceil(max(0, count - 1) / MAX_CONCURRENCY)
        return rounds * setting.latency + count * self.cpu


@dataclass(frozen=True)
class Work:
    """What each app costs.

    :ivar cpu: seconds of CPU.
    :ivar main: those of the main process.
    :ivar memory: MB of the main process.
    """

    cpu: Line
    main: Line
    memory: Line

    def wall(self, setting: Setting) -> float:
        """Return the seconds for the apps of a slice, if all cores are busy or the main process always is."""
        crowd = setting.slices / setting.cores
        worker = self.cpu.slope - self.main.slope
        alone = self.main.slope * max(1, crowd) + worker / setting.batch
        return setting.share * max(self.cpu.slope * crowd, alone)


@dataclass(frozen=True)
class Model:
    """What was fitted.

    :ivar start: seconds before the first app and after the last one.
    :ivar stretch: how many times as long a run takes as its work.
    :ivar first_rounds: responses for which only the first app of a run waits.
    :ivar rounds: responses for which a batch waits.
    """

    start: float
    stretch: float
    first_rounds: float
    rounds: float
    work: Work
    page: Page

    def wall(self, setting: Setting) -> float:
        """Return the seconds that a run takes."""
        start = self.start * max(1, setting.slices / setting.cores)
        waits = setting.latency * (self.first_rounds + self.rounds * setting.batches)
        return start + self.stretch * self.work.wall(setting) + waits + self.page.wall(setting)

    def cpu_of(self, setting: Setting) -> float:
        """Return the seconds of CPU of all slices."""
        return setting.slices * (self.work.cpu.at(setting.share) + self.page.count(setting.account) * self.page.cpu)


def fit_model(runs: Sequence[Run], page: Page, cores: int) -> Model:
    """Fit the model to runs of one slice on all cores. Each run counts by its relative error.

    Nothing takes less than no time, also where a busy machine makes it look so.

    :raises ValueError: they are too few.
    """
    work = Work(
        *(fit([(run.apps, getattr(run.cost, name)) for run in runs]) for name in ("cpu", "main_cpu", "main_mb"))
    )
    rows, walls = [], []
    for run in runs:
        setting = setting_of(run, cores)
        wall = run.cost.wall
        figures = (1.0, work.wall(setting), setting.latency, setting.latency * setting.batches)
        rows.append([figure / wall for figure in figures])
        walls.append((wall - run.cost.emulator_cpu / cores - page.wall(setting)) / wall)
    start, stretch, first_rounds, rounds = non_negative_least_squares(rows, walls)
    return Model(start, stretch, first_rounds, rounds, work, page)


def error(model: Model, run: Run, cores: int) -> float:
    """Return how far the model is above the wall time of a run, as a part of it.

    Where the run leaves cores to the emulator, that takes no time from it.
    """
    expected = model.wall(setting_of(run, cores))
    if not run.way.cores:
        expected += run.cost.emulator_cpu / cores
    return expected / run.cost.wall - 1


@dataclass(frozen=True)
class Fitted:
    """A model, and how far it is off.

    :ivar left_out: the error for each run of the fit, of a model that is fitted to the others.
    :ivar largest: the error for the largest run, of a model that is fitted to the runs with fewer apps.
    :ivar others: the errors for runs that are in no fit, by what is different.
    """

    model: Model
    left_out: Sequence[float]
    largest: float
    others: Mapping[str, float]

    @property
    def trust(self) -> float:
        """The largest error of those for another number of apps, slices or cores than in the fit."""
        return max(map(abs, [self.largest, *self.others.values()]))


def fitted(figures: Mapping[str, Any]) -> Fitted:
    """Fit the model to what a benchmark measured.

    :param figures: those of its parts ``fleet``, ``scale`` and ``pages``.
    """
    cores = figures["taken"]["cores"]
    page = Page(figures["page"]["size"], figures["page"]["client_cpu"])
    runs = [run_from(one) for part in ("fleet", "scale") for one in figures[part]["runs"]]
    fleets = [run for run in runs if run.way.source == FLEET]
    usual = [run for run in fleets if run.way.slices == 1 and not run.way.cores]
    most = max(run.apps for run in usual)
    small = fit_model([run for run in usual if run.apps < most], page, cores)
    model = fit_model(usual, page, cores)
    left_out = [
        error(fit_model([*usual[:place], *usual[place + 1 :]], page, cores), run, cores)
        for place, run in enumerate(usual)
    ]
    return Fitted(
        model,
        left_out,
        max((error(small, run, cores) for run in usual if run.apps == most), key=abs),
        {f"{run.way.name}, {run.apps} apps": error(model, run, cores) for run in fleets if run not in usual},
    )


def run_from(record: Mapping[str, Any]) -> Run:
    """Return a run from what build/bench.json says of it."""
    return Run(**{**record, "way": Way(**record["way"]), "cost": Cost(**record["cost"])})
