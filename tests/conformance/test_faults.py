# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sample of the fault matrix, and that the matrix would notice what it looks for."""

from __future__ import annotations

import base64
import copy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tests.faults.fault_kinds import FAULT_KINDS
from tests.faults.matrix import Cell, examine
from tests.faults.phases import PHASES
from tests.faults.playbooks import HostRecord
from tests.faults.verdicts import Attempt, Mark, Reference, Verdict, is_settled, judge, leaks

# Cells of each kind of fault.
EACH = 1

# What went wrong before: phase, action and how many calls of it come before, with a refusal.
ONCE_WRONG = {("release", "ListAppInstance", 0), ("teardown", "ListAppInstance", 2)}


def sample(cells: list[Cell]) -> list[Cell]:
    """The same few every time, of all kinds, phases and operations: writes first, where the most can go wrong."""
    refused = [cell for cell in cells if cell.fault_kind.label == "business"]
    picked = [cell for cell in refused if (cell.phase.name, cell.action, cell.nth) in ONCE_WRONG]
    phases: Counter[str] = Counter()
    actions: Counter[str] = Counter()
    for fault_kind in FAULT_KINDS:
        for _dummy in range(EACH):
            left = [cell for cell in cells if cell.fault_kind is fault_kind and cell not in picked]
            chosen = min(left, key=lambda cell: (actions[cell.action], phases[cell.phase.name], cell.is_read))
            picked.append(chosen)
            phases[chosen.phase.name] += 1
            actions[chosen.action] += 1
    return picked


def test_a_sample(tmp_path: Path) -> None:
    matrix = examine(sample, tmp_path, lanes=2, width=8)
    problems = {str(cell): verdict.problems for cell, verdict in matrix.verdicts.items() if not verdict.is_well}
    assert (problems, matrix.leaks) == ({}, [])
    assert len(matrix.verdicts) == EACH * len(FAULT_KINDS) + len(ONCE_WRONG)
    assert {cell.phase for cell in matrix.verdicts} == set(PHASES)
    marks = {verdict.mark for verdict in matrix.verdicts.values()}
    assert marks == {Mark.CONVERGED, Mark.FAILED_FIRST}


# What the matrix would notice

WRITE = {"action": "CreateApp", "kind": "write", "executed": True, "params": {"Title": "shop"}}
APPS = {"apps": [{"app_id": 1, "title": "shop", "created_at": 5.0}], "orders": []}
REFERENCE = Reference([WRITE], APPS)
ERROR = {"code": "InternalError", "message": "It broke.", "action": "CreateApp"}
GOOD = {"msg": "Could not create app 'shop': It broke. (CreateApp returned code InternalError)", "error": ERROR}


def told(*failures: dict[str, Any]) -> HostRecord:
    """What a run told that failed like this, or that went well."""
    results = [
        {"task": "make it", "action": "jst.retailcloud.jst_app", "failed": True, "result": failure}
        for failure in failures
    ]
    return HostRecord(bool(failures), results, repr(results))


def attempt(*failures: dict[str, Any], writes: int = 1, apps: int = 1) -> Attempt:
    """A run with so many writes that left so many apps behind."""
    state = copy.deepcopy(APPS)
    state["apps"] = [{**state["apps"][0], "created_at": 6.0}] * apps
    return Attempt(told(*failures), [WRITE] * writes, state)


def test_a_run_that_goes_well_is_settled() -> None:
    assert is_settled(REFERENCE, attempt())
    assert not is_settled(REFERENCE, attempt(apps=0))
    assert not is_settled(REFERENCE, attempt(GOOD))
    assert judge(REFERENCE, attempt(), None) == Verdict(Mark.CONVERGED)


@pytest.mark.parametrize(
    ("first", "second", "mark", "problem"),
    [
        (attempt(GOOD, writes=0, apps=0), attempt(), "f", ""),
        (attempt(GOOD), attempt(writes=0), "f", ""),
        (attempt(GOOD, writes=0, apps=0), attempt(GOOD, writes=0, apps=0), "N", "the run without faults failed"),
        (attempt(GOOD, writes=0, apps=0), attempt(writes=0, apps=0), "N", "apps: 0 records instead of 1 records"),
        (attempt(GOOD), attempt(), "D", "CreateApp executed 1 times too often"),
        (attempt(GOOD), attempt(writes=0, apps=2), "D", "2 apps instead of 1"),
        (attempt(writes=2), None, "D", "CreateApp executed 1 times too often"),
        (attempt(writes=0, apps=0), attempt(), "U", "all was said to be well, and was not"),
        (attempt({"msg": "failed"}), attempt(writes=0), "U", "no error in it"),
        (attempt({**GOOD, "msg": "It broke (CreateApp)"}), attempt(writes=0), "U", "not what was attempted"),
        (attempt({**GOOD, "msg": "Could not go on: CreateApp"}), attempt(writes=0), "U", "not on what"),
        (attempt({**GOOD, "error": {**ERROR, "code": None}}), attempt(writes=0), "U", "not what was attempted"),
        (attempt({**GOOD, "exception": "Traceback (most"}), attempt(writes=0), "U", "'Traceback' in the output"),
        (attempt({**GOOD, "msg": ""}), attempt(writes=0), "U", "no message"),
    ],
)
def test_verdicts(first: Attempt, second: Attempt | None, mark: str, problem: str) -> None:
    verdict = judge(REFERENCE, first, second)
    assert verdict.mark == mark
    assert bool(verdict.problems) == bool(problem)
    assert problem in " ".join(verdict.problems)


@pytest.mark.parametrize("lead", ["", "a", "ab", "abc"])
def test_secrets_are_found_in_base64_too(lead: str) -> None:
    assert leaks("nothing of the sort") == set()
    assert leaks(f"{lead}Canary-Of-The-Key") == {"Canary-Of-The-Key"}
    coded = base64.b64encode(f"{lead}Canary-In-The-Secret, and more".encode()).decode()
    assert leaks(coded) == {"Canary-In-The-Secret"}
