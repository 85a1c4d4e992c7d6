# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What it costs to find an app by its title in a large account: the service only lists all apps, page by page."""

from __future__ import annotations

import json
import sys
from functools import partial
from pathlib import Path
from statistics import median

import yaml

from tests.bench.measuring import PYTHONPATH, Target, in_turns, target
from tests.bench.tables import Findings, Table
from tests.conformance.bulk_worlds import apps
from tests.tools.run_in_collection import BUILD

HERE = Path(__file__).parent
FOLDER = BUILD / "bench" / "pages"
PAGE_SIZE = 50
APPS, QUICK_APPS = 10000, 2000
ROUNDS = 5


def command(emulator: Target, pages: int) -> list[str]:
    """What reads so many pages, one after the other."""
    file = FOLDER / f"calls-{pages}.json"
    parameters = [{"PageSize": PAGE_SIZE, "PageNumber": number + 1} for number in range(pages)]
    file.write_text(json.dumps([[{"action": "ListApp", "params": each} for each in parameters]]))
    return [sys.executable, str(HERE / "replay.py"), "client", str(file), "1"]


def measure(quick: bool) -> Findings:
    """Read all pages, and none."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    count = QUICK_APPS if quick else APPS
    pages = count // PAGE_SIZE
    world = FOLDER / "world.yml"
    world.write_text(yaml.safe_dump({"apps": apps(count)}))
    with target("--world", str(world), log=FOLDER / "emulator.log") as emulator:
        runs = {
            number: partial(
                emulator.run,
                command(emulator, number),
                FOLDER / "output.txt",
                PYTHONPATH=PYTHONPATH,
            )
            for number in (0, pages)
        }
        costs = in_turns(runs, ROUNDS)
    pairs = list(zip(costs[pages], costs[0], strict=True))
    wall = median((cost.wall - nothing.wall) / pages for cost, nothing in pairs)
    cpu = median((cost.cpu - nothing.cpu) / pages for cost, nothing in pairs)
    other = median((cost.emulator_cpu - nothing.emulator_cpu) / pages for cost, nothing in pairs)
    table = Table(
        "A page of the list of apps",
        ("apps in the account", "pages", "wall a page, ms", "CPU a page, ms", "emulator's CPU a page, ms"),
        [(count, pages, wall * 1000, cpu * 1000, other * 1000)],
        [f"A page has {PAGE_SIZE} apps. The emulator answers at once here; the service takes its time for every page."],
    )
    return Findings([table], {"page": {"size": PAGE_SIZE, "wall": wall, "client_cpu": cpu, "emulator_cpu": other}})
