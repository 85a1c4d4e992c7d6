# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the playbooks over all apps cost, each for the same apps."""

from __future__ import annotations

from dataclasses import asdict

from tests.bench.fleet import LATENCY, runs_table
from tests.bench.rehearsal import bring_up, drift, fleet, grown, teardown
from tests.bench.tables import Findings
from tests.tools.run_in_collection import BUILD

FOLDER = BUILD / "bench" / "playbooks"
APPS, QUICK_APPS = 60, 6
FORKS = 20


def measure(quick: bool) -> Findings:
    """Run each once, the one that deletes the apps at the end."""
    apps = QUICK_APPS if quick else APPS
    ways = (fleet(FORKS), bring_up(FORKS, "free"), bring_up(FORKS), drift(FORKS), teardown(FORKS))
    with grown(FOLDER, apps) as on:
        runs = [on.run(way, apps, LATENCY) for way in ways]
    table = runs_table(f"Playbooks, {apps} apps by their titles", runs)
    table.remarks.append("Nothing differs, except that teardown deletes the apps with their databases.")
    return Findings([table], {"playbooks": {"runs": [asdict(run) for run in runs]}})
