# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An app comes up by the role on this ansible-core, both ways, and the second run finds nothing to do."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.conformance.emulators import Emulators
from tests.conformance.forkserver import fork_servers
from tests.conformance.playbook_runner import control, run_playbook

INVENTORY = Path(__file__).parents[2] / "examples" / "inventory"
APP = "daily-report"

Steps = list[tuple[str, bool, list[str]]]


@pytest.fixture
def emulators(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulators]:
    """Emulators for this test alone: nothing is kept of what was seen, as no gaps are looked for here."""
    with ExitStack() as stack:
        stack.callback(fork_servers.stop)
        yield Emulators(stack, tmp_path_factory)


def bring_up(address: str, folder: Path, in_process: bool) -> Steps:
    """Run the playbook for the app; returns for each task its name, whether it changed anything, and its writes."""
    arguments = ["-i", str(INVENTORY), "--limit", APP, "jst.retailcloud.bring_up", "--diff"]
    records, output = run_playbook(address, folder, arguments, in_process=in_process)
    assert records, output
    assert not [record.task for record in records if record.result["failed"]], output
    for word in ("WARNING", "DEPRECATION", "Traceback"):
        assert word not in output
    return [(record.task, record.result["changed"], record.writes) for record in records]


def test_app_comes_up_both_ways(emulators: Emulators, tmp_path: Path) -> None:
    runs: list[tuple[Steps, Steps]] = []
    for in_process in (True, False):
        address = emulators.fresh()
        first, second = (bring_up(address, tmp_path, in_process) for _number in range(2))
        assert any(writes for _task, _changed, writes in first)
        assert not [task for task, changed, writes in second if changed or writes]
        assert [app["title"] for app in control(address, "state")["apps"]] == [APP]
        runs.append((first, second))
    assert runs[0] == runs[1]
