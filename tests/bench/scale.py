# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fleet of thousands that are known by their titles, with nothing to change: in one main process and in slices."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from tests.bench.fleet import LATENCY, runs_table
from tests.bench.rehearsal import fleet, grown
from tests.bench.tables import Findings
from tests.tools.run_in_collection import BUILD

FOLDER = BUILD / "bench" / "scale"


@dataclass(frozen=True)
class Plan:
    """How much to measure.

    :ivar apps: in the account and in each run.
    :ivar forks: of the single main process.
    :ivar slices: how many main processes share the apps.
    :ivar slice_forks: of each of them.
    """

    apps: int
    forks: int
    slices: int
    slice_forks: int


FULL = Plan(2000, 20, 4, 8)
QUICK = Plan(60, 20, 2, 8)


def measure(quick: bool) -> Findings:
    """Run each once: together they take as long as the rest of the benchmark affords."""
    plan = QUICK if quick else FULL
    with grown(FOLDER, plan.apps) as on:
        ways = (fleet(plan.forks), fleet(plan.slice_forks, plan.slices))
        runs = [on.run(way, plan.apps, LATENCY) for way in ways]
    table = runs_table(f"{plan.apps:,} apps by their titles, nothing to change", runs)
    table.remarks.append(
        "Memory of main is that of the largest main process. The apps are copies of one team, put into the emulator "
        "before the run."
    )
    return Findings([table], {"scale": {"runs": [asdict(run) for run in runs]}})
