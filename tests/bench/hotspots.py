# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Where the main process of Ansible spends its time, with one task for each thing and with one for each app."""

from __future__ import annotations

import pstats
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.bench.many_apps import write_inventory, write_world
from tests.bench.measuring import target
from tests.bench.rehearsal import BRING_UP, FLEET
from tests.bench.tables import Findings, Table
from tests.tools.run_in_collection import BIN, BUILD

FOLDER = BUILD / "bench" / "hotspots"
APPS, FORKS = 20, 5

# What to add up: (file, function) of ansible-core, each with all that it calls. They do not call each other.
PLACES: Mapping[str, tuple[str, str]] = {
    "imports and start": ("cli/playbook.py", "<module>"),
    "inventory, read": ("inventory/manager.py", "parse_sources"),
    "playbook and roles, read": ("playbook/__init__.py", "load"),
    "variables of a task": ("vars/manager.py", "get_vars"),
    "workers, started": ("executor/process/worker.py", "start"),
    "results, taken": ("plugins/strategy/__init__.py", "_process_pending_results"),
    "plugins, looked up": ("plugins/loader.py", "get_with_context"),
    "waiting": ("~", "<built-in method time.sleep>"),
}


def profiled(playbook: str) -> pstats.Stats:
    """The profile of the main process of a run with nothing to change."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    write_world(FOLDER / "world.yml", APPS)
    inventory = write_inventory(FOLDER / "inventory", APPS)
    output, profile = FOLDER / "output.txt", FOLDER / f"{playbook}.profile"
    arguments = [str(BIN / "ansible-playbook"), "-i", str(inventory), "--forks", str(FORKS)]
    with target("--world", str(FOLDER / "world.yml"), "--time-scale", "300", log=FOLDER / "emulator.log") as emulator:
        emulator.run([*arguments, FLEET], output)
        emulator.run([sys.executable, "-m", "cProfile", "-o", str(profile), *arguments, playbook], output)
    return pstats.Stats(str(profile))


def shares(stats: pstats.Stats) -> dict[str, float]:
    """The part of the whole for each place."""
    entries: Mapping[tuple[str, int, str], tuple[Any, ...]] = vars(stats)["stats"]
    whole: float = vars(stats)["total_tt"]
    found = {}
    for name, (file, function) in PLACES.items():
        costs = [
            cost[3] for (path, _line, called), cost in entries.items() if path.endswith(file) and called == function
        ]
        found[name] = sum(costs) / whole
    return {**found, "the rest": 1 - sum(found.values())}


def measure(quick: bool) -> Findings:
    """Profile both."""
    del quick
    found = {Path(name).suffix[1:]: shares(profiled(name)) for name in (BRING_UP, FLEET)}
    table = Table(
        f"Where the main process spends its time, {APPS} apps with nothing to change",
        ("of the time", *(f"{name}, %" for name in found)),
        [(place, *(100 * shared[place] for shared in found.values())) for place in (*PLACES, "the rest")],
    )
    return Findings([table], {"main_process": found})
