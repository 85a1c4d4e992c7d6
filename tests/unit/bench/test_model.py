# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The model of the benchmark finds the figures that runs were made from, and says how far it is off."""

from __future__ import annotations

from dataclasses import asdict, replace
from itertools import product
from typing import Any

import pytest

from tests.bench.fitting import fit, least_squares, non_negative_least_squares
from tests.bench.measuring import Cost
from tests.bench.model import Model, Page, Setting, Work, error, fit_model, fitted, setting_of
from tests.bench.planning import APPS, CHOICES, CORES, LATENCIES_MS, MANY, WORTH, advice, plan
from tests.bench.rehearsal import Run, fleet

HERE = 2
PAGE = Page(50, 0.001)
EMULATOR = 0.02


def straight(slope: float, start: float = 0.0) -> Any:
    """A line without an error."""
    return fit([(x, start + slope * x) for x in (1, 10, 100)])


TRUE = Model(
    start=1.0,
    stretch=1.1,
    first_rounds=6.0,
    rounds=8.0,
    work=Work(cpu=straight(0.15, 0.5), main=straight(0.03, 0.4), memory=straight(0.25, 70.0)),
    page=PAGE,
)


def run(apps: int, latency_ms: int, forks: int, slices: int = 1, cores: int = 0, factor: float = 1.0) -> Run:
    """A run that takes what the true model says, times a factor."""
    way = fleet(forks, slices, cores)
    bare = Run(way, apps, latency_ms, Cost(0.0, 0.0), 20 * apps + slices, slices, apps)
    emulator = EMULATOR * apps
    wall = TRUE.wall(setting_of(bare, HERE)) + (0 if cores else emulator / HERE)
    here = (TRUE.work.cpu.at(apps), emulator, TRUE.work.main.at(apps), TRUE.work.memory.at(apps))
    return replace(bare, cost=Cost(wall * factor, *here))


RUNS = [run(*shape) for shape in product((1, 20, 200), (0, 50, 200), (5, 20, 50))]


def figures(runs: list[Run], scale: list[Run]) -> dict[str, Any]:
    """What the benchmark writes about such runs."""
    return {
        "taken": {"cores": HERE},
        "page": {"size": PAGE.size, "client_cpu": PAGE.cpu},
        "fleet": {"latency_ms": 50, "usual_forks": 20, "runs": [asdict(one) for one in runs]},
        "scale": {"runs": [asdict(one) for one in scale]},
    }


def test_the_fit_finds_the_figures() -> None:
    found = fit_model(RUNS, PAGE, HERE)
    for name in ("start", "first_rounds", "rounds", "stretch"):
        assert getattr(found, name) == pytest.approx(getattr(TRUE, name), rel=1e-6), name


def test_more_apps_slices_and_cores_are_expected_as_they_are() -> None:
    """A perfect model has no error, also for runs that are in no fit."""
    found = fitted(figures([*RUNS, run(60, 50, 20, cores=1)], [run(2000, 50, 20), run(2000, 50, 8, slices=4)]))
    assert max(map(abs, found.left_out)) == pytest.approx(0, abs=1e-6)
    assert found.trust == pytest.approx(0, abs=1e-6)
    assert sorted(found.others) == ["fleet, 1 core, 60 apps", "fleet, 4 slices, 2000 apps"]


def test_the_trust_is_the_error_of_what_was_not_fitted() -> None:
    """A run of 2,000 apps that took twice as long as the smaller ones promise is expected at half its time."""
    found = fitted(figures(RUNS, [run(2000, 50, 20, factor=2.0), run(2000, 50, 8, slices=4)]))
    assert found.largest == pytest.approx(-0.5)
    assert found.trust == pytest.approx(0.5)


def test_an_error_has_a_sign() -> None:
    assert error(TRUE, run(200, 50, 20, factor=0.5), HERE) == pytest.approx(1.0)
    assert error(TRUE, run(200, 50, 20, factor=2.0), HERE) == pytest.approx(-0.5)


@pytest.mark.parametrize("change", [{"cores": 8}, {"latency": 0.0}, {"account": 0}, {"apps": 100}])
def test_what_makes_a_run_shorter(change: dict[str, Any]) -> None:
    slow = Setting(apps=1000, latency=0.2, forks=20, slices=1, cores=1, account=1000)
    assert TRUE.wall(replace(slow, **change)) < TRUE.wall(slow)


def test_advice_is_worth_it_and_no_more() -> None:
    """For every combination, and with fewer slices or forks where these do as well."""
    advices = list(advice(TRUE))
    assert len(advices) == len(APPS) * len(LATENCIES_MS) * len(CORES)
    for one in advices:
        best = min(
            TRUE.wall(Setting(one.apps, one.latency_ms / 1000, forks, slices, one.cores, one.apps))
            for slices, forks in CHOICES
        )
        assert one.minutes * 60 <= WORTH * best
    assert {one.slices for one in advices if one.cores == min(CORES)} == {1}


def test_ten_thousand_apps() -> None:
    """Each slice reads the list; ten machines take less time than one, and less memory each."""
    found = plan(figures(RUNS, [run(2000, 50, 20), run(2000, 50, 8, slices=4)]))
    alone, shared, apart = found.figures["model"]["projected"]
    pages = MANY // PAGE.size
    assert [one["list_reads"] for one in (alone, shared, apart)] == [pages, 10 * pages, 10 * pages]
    assert alone["calls"] == 20 * MANY + pages
    assert apart["minutes"] < alone["minutes"] / 5
    assert apart["memory_mb"] < alone["memory_mb"] / 5


def test_nothing_takes_less_than_no_time() -> None:
    """On a busy machine longer runs can end sooner. There is advice then too."""
    busy = [run(*shape, factor=1 / (1 + place)) for place, shape in enumerate(product((1, 20, 200), (0, 50), (5, 20)))]
    found = fit_model(busy, PAGE, HERE)
    assert min(found.start, found.stretch, found.first_rounds, found.rounds) == 0
    assert [one for one in advice(found) if one.minutes < 0] == []
    assert non_negative_least_squares([[1.0, 1.0], [1.0, 2.0], [1.0, 3.0]], [2.0, 1.0, 0.0]) == [1.0, 0.0]


def test_least_squares_need_enough() -> None:
    with pytest.raises(ValueError, match="do not determine"):
        least_squares([[1.0, 2.0], [2.0, 4.0]], [1.0, 2.0])
