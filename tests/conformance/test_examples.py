# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of every module work, one after the other, as they stand in its documentation."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.emulators import TIME_SCALE, Emulators
from tests.conformance.playbook_runner import control, run_playbook, run_tasks
from tests.conformance.shop import RUNNING, SURROUNDINGS
from tests.tools.module_texts import MODULES
from tests.tools.module_texts import read as text
from tests.tools.running_emulator import emulator

# Modules whose examples begin with nothing; all others look at an account that is lived in.
FROM_NOTHING = {
    "jst_api",
    "jst_app",
    "jst_application",
    "jst_cluster",
    "jst_persistent_volume",
    "jst_rds_account",
    "jst_rds_db",
}

# What examples leave to the reader's inventory.
VARIABLES = {
    "shop_db_password": "Shop-Password-1",
    "shop_db_new_password": "Shop-Password-2",
}

# The result of a pod that did not start.
FAILED = 2


@pytest.fixture(scope="session")
def inhabited(emulators: Emulators, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, float]]:
    """The address of an emulator whose world is one that modules made, and the moment at which they were done."""
    folder = tmp_path_factory.mktemp("inhabited")
    address = emulators.fresh()
    for record in run_tasks(address, folder, [*RUNNING, *SURROUNDINGS]):
        assert record.result.get("changed"), f"{record.task}: {record.result}"
    control(address, "clock", {"advance_s": 1200})
    world = {name: table for name, table in control(address, "state").items() if name != "credentials"}
    make_unwell(world)
    file = folder / "world.yml"
    file.write_text(yaml.safe_dump(world, allow_unicode=True))
    now: float = control(address, "clock")["now"]
    with emulator("--world", str(file), "--time-scale", TIME_SCALE, log=folder / "emulator.log") as copy:
        yield copy, now


def make_unwell(world: dict[str, Any]) -> None:
    """Let one of each thing that can fail have failed: examples look for those."""
    world["instances"][0]["status"] = "Failed"
    world["pods"][-1]["result"] = FAILED
    world["job_runs"][0]["failing"] = True
    failed = {"name": "broken", "storage_class": "broken", "status": "Failed", "reason": "The mount target is gone."}
    world["volumes"].append({**world["volumes"][0], "volume_id": 0, "claim_id": None, **failed})


def names(entries: list[dict[str, Any]]) -> Iterator[str]:
    """The names of all tasks in a list of tasks, but of those that only a failure leads to."""
    for entry in entries:
        if "block" in entry:
            yield from names([*entry["block"], *entry.get("always", [])])
        else:
            yield entry["name"]


@pytest.mark.parametrize("module", MODULES)
def test_examples(module: str, request: pytest.FixtureRequest, emulators: Emulators, tmp_path: Path) -> None:
    if module in FROM_NOTHING:
        address = emulators.fresh()
    else:
        address, now = request.getfixturevalue("inhabited")
        control(address, "reset", method="POST")
        control(address, "clock", {"advance_s": max(0.0, now - control(address, "clock")["now"])})
    tasks: list[dict[str, Any]] = text(module, "EXAMPLES")
    playbook = tmp_path / "examples.yml"
    content = {"hosts": "localhost", "gather_facts": False, "connection": "local", "vars": VARIABLES, "tasks": tasks}
    playbook.write_text(yaml.safe_dump([content], sort_keys=False, allow_unicode=True))
    records, output = run_playbook(address, tmp_path, [str(playbook)])
    assert [record.task for record in records if record.result["failed"]] == [], output
    assert set(names(tasks)) - {record.task for record in records} == set(), output
