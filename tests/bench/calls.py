# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many calls a task of each module makes, told by the call log of the emulator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.bench.tables import Findings, Table
from tests.conformance.emulators import TIME_SCALE
from tests.conformance.forkserver import fork_servers
from tests.conformance.module_cases import MODULE_CASES, ModuleCase
from tests.conformance.playbook_runner import WAITING, Recorded, control, run_tasks, task
from tests.conformance.test_module_lifecycle import WAITS, by_ids
from tests.tools.run_in_collection import BUILD
from tests.tools.running_emulator import emulator

LOG = BUILD / "bench" / "calls.log"


def lifecycle_records(case: ModuleCase, address: str, folder: Path) -> Iterator[Recorded]:
    """The creation of a thing, a task with nothing to change, and one which is given ids."""
    waiting = WAITING if case.module in WAITS else {}
    create = {**case.key, **case.create, **waiting}
    prepare = [task(f"prepare {number}", *prepared) for number, prepared in enumerate(case.prepare)]
    records = run_tasks(
        address,
        folder,
        [*prepare, task("create", case.module, create), *([] if case.act else [task("again", case.module, create)])],
        in_process=True,
    )
    yield from records[len(prepare) :]
    if case.act:
        return
    last = task("by ids", case.module, by_ids(case, create, records[:-1]))
    yield from run_tasks(address, folder, [last], in_process=True)


def measure(quick: bool) -> Findings:
    """Count them."""
    table = Table(
        "API calls of a task",
        ("module", "create", "of them writes", "no change, by names", "no change, by ids"),
        remarks=[
            "On an account so small that each list has one page. A creation that takes its time is looked at every "
            f"{WAITING['wait_interval']} seconds, {TIME_SCALE} times as fast as the platform."
        ],
    )
    figures: dict[str, dict[str, int | None]] = {}
    with emulator("--time-scale", TIME_SCALE, log=LOG) as address, TemporaryDirectory() as folder:
        for case in MODULE_CASES:
            control(address, "reset", method="POST")
            done = {record.task: record for record in lifecycle_records(case, address, Path(folder))}
            for record in done.values():
                if record.result["failed"]:
                    raise RuntimeError(f"{case.module}: {record.result['msg']}")
            counts = [len(done[name].calls) if name in done else None for name in ("create", "again", "by ids")]
            table.rows.append((case.module, counts[0], len(done["create"].writes), *counts[1:]))
            figures[case.module] = dict(zip(("create", "by_names", "by_ids"), counts, strict=True))
    fork_servers.stop()
    return Findings([table], {"calls": figures})
