# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A sample of the lifecycles under readings of the reference, and that the judges would notice what they look for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from jst_emulator.readings.table import TABLE
from tests.conformance.playbook_runner import Recorded, control
from tests.faults.states import State
from tests.readings.known_differences import Difference, expected
from tests.readings.lifecycle import (
    PLATFORM_TIME,
    Lifecycle,
    StepResult,
    left_over,
    miscounted,
    missing,
    problems,
    run_lifecycle,
    unexplained,
    warnings,
)
from tests.readings.steps import HOLDS, STEPS, WORLD, ExpectedResult, Step, Way, variables
from tests.readings.survey import Case, cases, details, is_well, line, summary, survey
from tests.tools.running_emulator import emulator

#: Combinations whose lifecycles are short enough for each run of the tests, and the steps of these lifecycles.
SAMPLE = (13, 14, 26)
SHORT = [step for step in STEPS if not step.once and step.name != "check"]


@pytest.mark.parametrize("seed", SAMPLE)
def test_a_life_under_a_combination(seed: int, tmp_path: Path) -> None:
    lifecycle = Lifecycle(f"random:{seed}", Way.FLEET)
    with emulator("--time-scale", "0", "--world", str(WORLD), log=tmp_path / "emulator.log") as address:
        run_lifecycle(address, tmp_path, lifecycle, {"random": seed}, SHORT)
    assert is_well(lifecycle), "\n".join([line(lifecycle), *details(lifecycle)])


def test_all_values_and_combinations_are_tried() -> None:
    tried = [(case.name, case.way) for case in cases()]
    assert len(tried) == len(set(tried)) == 2 * (1 + sum(len(one.values) - 1 for one in TABLE) + 40)


def test_every_step_of_a_life_is_run_by_one_way_at_least() -> None:
    steps = {way: [case.steps for case in cases() if case.way is way and case.readings] for way in Way}
    assert all(list(each) == list(STEPS) for each in steps[Way.FLEET])
    assert {step.name for each in steps[Way.BRING_UP] for step in each} == {step.name for step in STEPS}


def test_each_stage_changes_what_it_names() -> None:
    assert "application_group" not in variables("first")
    assert variables("settings")["application_group"] == {"name": "retail"}
    assert variables("outcome")["application_environments"][0]["replicas"] == 3


NAP = "import time; began = time.monotonic(); time.sleep(7200); print(time.monotonic() - began >= 7200)"


def test_sleeps_pass_on_the_platform(tmp_path: Path) -> None:
    with emulator("--time-scale", "0", log=tmp_path / "emulator.log") as address:
        before = control(address, "clock")["now"]
        variables = {**os.environ, "PYTHONPATH": str(PLATFORM_TIME), "RECORDER_EMULATOR": address}
        told = subprocess.run([sys.executable, "-c", NAP], env=variables, capture_output=True, text=True, check=True)
        assert told.stdout.strip() == "True"
        assert control(address, "clock")["now"] == before + 7200


# What the judges would notice

CHANGES, CLEAN = (
    Step("bring-up", "first", ExpectedResult.CHANGES, orders={"DeployApp": 1}),
    Step("again", "first", ExpectedResult.IS_CLEAN),
)
PREDICTS = Step("check", "first", ExpectedResult.PREDICTS)
REPORTS = Step("drift", "first", ExpectedResult.REPORTS, "drift")
RELEASES = Step("release", "first", ExpectedResult.CHANGES, "release", orders={"DeployApp": 1})
DEPLOY = {"action": "DeployApp", "kind": "write", "code": None, "http_status": 200}
UPDATE = {**DEPLOY, "action": "UpdateApp"}
AS_DESCRIBED = {"apps": [{"status": ["as_described"], "differences": [], "unmanaged": [], "not_read": []}]}
DIFFERS = {"apps": [{"status": ["differ"], "differences": [{"resource": "app"}], "unmanaged": [], "not_read": []}]}
ORDER = {"name": "ansible-1"}


def told(**result: Any) -> list[Recorded]:
    """What a task returned."""
    return [Recorded("do it", "jst.retailcloud.jst_app", "shop", {"failed": False, **result}, [])]


def done(
    step: Step, calls: Sequence[dict[str, Any]] = (), changed: int = 0, failed: bool = False, **others: Any
) -> StepResult:
    """A step that made these calls."""
    usual: dict[str, Any] = {"records": told(), "output": "", "state": {"orders": [ORDER]}, **others}
    return StepResult(step, failed, changed, calls=list(calls), **usual)


GOOD = told(ansible_facts={"release_result": {"status": "released"}})
BACK = told(ansible_facts={"release_result": {"status": "rolled_back"}})


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        (done(CHANGES, [DEPLOY], changed=1), ""),
        (done(CLEAN), ""),
        (done(PREDICTS, changed=1), ""),
        (done(REPORTS, report=AS_DESCRIBED), ""),
        (done(RELEASES, [DEPLOY], changed=1, records=GOOD), ""),
        (done(CHANGES, [DEPLOY], failed=True, records=told(failed=True, msg="No such app.")), "No such app."),
        (done(CHANGES, [DEPLOY, DEPLOY], changed=1), "DeployApp called 2 times instead of 1"),
        (done(CHANGES, [UPDATE], changed=1), "DeployApp called 0 times instead of 1"),
        (done(CHANGES, [DEPLOY]), "nothing changed"),
        (done(CLEAN, [DEPLOY]), "DeployApp called 1 times instead of 0"),
        (done(CLEAN, [UPDATE]), "wrote: UpdateApp"),
        (
            done(CLEAN, changed=1, records=told(changed=True, diff={"before": "a: 1\n", "after": "a: 2\n"})),
            "changed=1: 'do it' -a: 1 +a: 2",
        ),
        (done(PREDICTS), "nothing changed"),
        (done(PREDICTS, [UPDATE], changed=1), "wrote: UpdateApp"),
        (done(REPORTS, report=DIFFERS), "drift says ['differ']"),
        (done(REPORTS), "no report"),
        (done(RELEASES, [DEPLOY], changed=1, records=BACK), "the release is said to be rolled_back"),
        (
            done(RELEASES, [DEPLOY], changed=1, records=GOOD, state={"orders": [{"name": "rollback-60001"}]}),
            "a release was rolled back",
        ),
        (done(CLEAN, output="password: Canary-In-The-Secret"), "Canary-In-The-Secret in the output"),
        (done(CLEAN, output="Traceback (most recent call last)"), "'Traceback' in the output"),
    ],
)
def test_judges(step: StepResult, problem: str) -> None:
    found = list(problems(step))
    assert bool(found) == bool(problem)
    assert problem in " ".join(found)


def test_what_is_there_twice_and_what_is_left() -> None:
    before = dict.fromkeys([*HOLDS, "volumes"], 3)
    whole: State = {table: [{}] * (3 + HOLDS.get(table, 0)) for table in before}
    assert list(miscounted(before, whole)) == []
    assert list(miscounted(before, {**whole, "apps": [{}] * 5})) == ["2 apps instead of 1"]
    assert list(left_over(before, {table: [{}] * 3 for table in before})) == []
    left: State = {**{table: [{}] * 3 for table in before}, "volumes": [{}] * 2, "apps": [{}] * 4}
    assert sorted(left_over(before, left)) == ["+1 apps", "-1 volumes"]


def test_declared_differences_have_to_come() -> None:
    difference = Difference("app_type", "two", ["bring-up"], "No word .or cron jobs", "The service has none.")
    assert expected({"app_type": "two"}, "fleet", [difference]) == [difference]
    assert expected({"app_type": "each"}, "fleet", [difference]) == []
    assert expected({"app_type": "two"}, "fleet", [replace(difference, ways=["bring_up"])]) == []
    found = ["failed: No word for cron jobs.", "wrote: UpdateApp"]
    assert unexplained(found, [difference]) == ["wrote: UpdateApp"]
    assert (missing(found, [], [difference]), missing([], [], [difference])) == (
        [],
        ["not noticed: No word .or cron jobs"],
    )
    warning = replace(difference, warns="Cron jobs are")
    assert missing(found, ["Cron jobs are not shown."], [warning]) == []
    assert missing(found, [], [warning]) == ["not noticed: No word .or cron jobs Cron jobs are"]


def test_warnings_count_once() -> None:
    assert warnings(done(CLEAN, records=told(warnings=["cannot compare"]) * 2)) == ["cannot compare"]


def test_figures() -> None:
    lifecycles = [
        Lifecycle("a", "fleet"),
        Lifecycle("b", "fleet", {"again": ["wrote: UpdateApp"]}),
        Lifecycle("c", "fleet", left=["+1 apps"]),
    ]
    lifecycles.append(Lifecycle("d", "fleet", {"release": ["failed: no"]}))
    assert summary(lifecycles) == "readings: 4, ended well: 3, second run clean: 3, nothing left: 3"
    assert [is_well(lifecycle) for lifecycle in lifecycles] == [True, False, False, False]


def test_a_life_that_breaks_down_is_not_well(tmp_path: Path) -> None:
    (lifecycle,) = survey([Case("odd", {"no_such_reading": 1}, Way.FLEET)], tmp_path, lanes=1)
    assert not is_well(lifecycle)
    assert lifecycle.problems["bring-up"][0].startswith("HTTPError")
