# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the lifecycle of an app against one emulator, and find the problems."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import unified_diff
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.playbook_runner import Recorded, control, run_playbook
from tests.faults.verdicts import leaks
from tests.readings.known_differences import Difference, expected
from tests.readings.steps import (
    COUNTED_AFTER,
    GUARDED,
    HOLDS,
    STEPS,
    TEARDOWN,
    ExpectedResult,
    Step,
    tables_of,
    variables,
)

#: The folder with what makes sleeps move the clock of the emulator.
PLATFORM_TIME = Path(__file__).parent / "platform_time"
#: Seconds of virtual time that a call takes.
CALL_TAKES = 0.05
_RECAP = re.compile(r"^\S+ +: (ok=.*)$", re.MULTILINE)
_DEFECTS = ("Traceback", "Unexpected ", "MODULE FAILURE", "please report it")
_HOST = "shop"
_LAST_CALLS, _LONGEST = 12, 1200


@dataclass(frozen=True)
class StepResult:
    """The result of a step.

    :ivar failed: whether the host has failed.
    :ivar changed: how many tasks changed something.
    :ivar state: the world afterwards.
    :ivar report: of the drift, if it is one.
    """

    step: Step
    failed: bool
    changed: int
    records: list[Recorded]
    output: str
    calls: list[dict[str, Any]]
    state: dict[str, Any]
    report: dict[str, Any] | None = None

    @property
    def message(self) -> str:
        """Return the message of the failure."""
        told = [record for record in self.records if record.result["failed"]]
        messages = [str(record.result.get("msg") or record.result.get("message")) for record in told]
        return " | ".join(dict.fromkeys(messages)) or self.output[-2000:]

    @property
    def writes(self) -> list[str]:
        """Return the writing operations that were called."""
        return [call["action"] for call in self.calls if call["kind"] == "write"]


@dataclass
class Lifecycle:
    """The outcome of a lifecycle.

    :ivar problems: what was not as it should be, by step.
    :ivar warnings: what the user was warned of, in the order of the steps.
    :ivar differences: the reasons of the declared differences that were noticed, and what was said.
    :ivar calls: the last calls of the steps with problems.
    :ivar left: what the teardown left behind or took from others.
    """

    name: str
    way: str
    problems: dict[str, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    differences: dict[str, str] = field(default_factory=dict)
    calls: dict[str, str] = field(default_factory=dict)
    left: list[str] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def second_run_clean(self) -> bool:
        """Return whether runs over an app in its desired state changed nothing."""
        return not any(self.problems.get(step.name) for step in STEPS if step.kind is ExpectedResult.IS_CLEAN)

    @property
    def nothing_left(self) -> bool:
        """Return whether the teardown deleted the whole app, and nothing else."""
        return not self.left

    @property
    def ended_well(self) -> bool:
        """Return whether all other steps ended as expected."""
        return not any(self.problems.get(step.name) for step in STEPS if step.kind is not ExpectedResult.IS_CLEAN)


def run_lifecycle(
    address: str, folder: Path, lifecycle: Lifecycle, readings: Mapping[str, Any], steps: Sequence[Step] = STEPS
) -> None:
    """Run a lifecycle in a new world.

    :param address: of an emulator that was started with the world of :mod:`steps`.
    :param lifecycle: takes the outcome.
    :param readings: as the control side of the emulator takes them.
    """
    control(address, "reset", method="POST")
    control(address, "clock", {"scale": 0, "step_s": CALL_TAKES})
    differences = expected(control(address, "readings", dict(readings)), lifecycle.way)
    before = dict(tables_of(control(address, "state")))
    is_over = False
    for step in steps:
        if is_over and step is not TEARDOWN:
            continue
        done = run_step(address, folder, step, lifecycle.way)
        found = list(problems(done))
        if step.name == COUNTED_AFTER and not done.failed:
            found += miscounted(before, done.state)
        noticed = [one for one in differences if step.name in one.steps]
        lifecycle.problems[step.name] = [*unexplained(found, noticed), *missing(found, warnings(done), noticed)]
        lifecycle.differences.update(
            {one.why: problem for one in noticed for problem in found if one.explains(problem)}
        )
        is_over = is_over or any(one.ends for one in noticed)
        if lifecycle.problems[step.name]:
            lifecycle.calls[step.name] = " ".join(map(_call, done.calls[-_LAST_CALLS:]))
        lifecycle.warnings += [text for text in warnings(done) if text not in lifecycle.warnings]
    if TEARDOWN in steps and not any(TEARDOWN.name in one.steps for one in differences):
        lifecycle.left = list(left_over(before, control(address, "state")))


def unexplained(found: Sequence[str], noticed: Sequence[Difference]) -> list[str]:
    """Return the problems that no known difference explains."""
    return [problem for problem in found if not any(one.explains(problem) for one in noticed)]


def missing(found: Sequence[str], warned: Sequence[str], noticed: Sequence[Difference]) -> list[str]:
    """Return the known differences that did not occur, or lacked their warning."""
    return [
        f"not noticed: {one.says} {one.warns}".rstrip()
        for one in noticed
        if not (any(map(one.explains, found)) and one.is_warned_of(warned))
    ]


def _call(call: Mapping[str, Any]) -> str:
    return f"{call['action']}={call['code'] or call['http_status']}"


def run_step(address: str, folder: Path, step: Step, way: str) -> StepResult:
    """Run the playbook of a step."""
    folder.mkdir(parents=True, exist_ok=True)
    inventory, report = folder / "hosts.yml", folder / "drift.json"
    report.unlink(missing_ok=True)
    given = {**variables(step.stage), "drift_json": str(report), "drift_account_wide": False}
    inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": {_HOST: given}}}), encoding="utf-8")
    playbook = f"jst.retailcloud.{step.playbook or way}"
    control(address, "calls", method="DELETE")
    environment = {"PYTHONPATH": str(PLATFORM_TIME)}
    arguments = ["--inventory", str(inventory), "--diff", *step.options, playbook]
    records, output = run_playbook(address, folder, arguments, environment=environment)
    recap = " ".join(_RECAP.findall(output))
    counts = {name: int(value) for name, value in re.findall(r"(\w+)=(\d+)", recap)}
    return StepResult(
        step,
        bool(counts.get("failed", 1)),
        counts.get("changed", 0),
        records,
        output,
        control(address, "calls"),
        control(address, "state"),
        json.loads(report.read_text(encoding="utf-8")) if report.exists() else None,
    )


def problems(done: StepResult) -> Iterator[str]:
    """Yield the problems of a step, a line each."""
    if done.failed:
        yield f"failed: {done.message}"
    called = Counter(done.writes)
    for operation in GUARDED:
        wanted = done.step.orders.get(operation, 0)
        if called[operation] > wanted or (called[operation] < wanted and not done.failed):
            yield f"{operation} called {called[operation]} times instead of {wanted}"
    if done.step.kind is not ExpectedResult.CHANGES and done.writes:
        yield f"wrote: {', '.join(sorted(set(done.writes)))}"
    if done.step.kind is ExpectedResult.IS_CLEAN and done.changed:
        yield f"changed={done.changed}: {', '.join(_changed(done))}"
    if done.step.kind in (ExpectedResult.CHANGES, ExpectedResult.PREDICTS) and not done.changed and not done.failed:
        yield "nothing changed"
    if done.step.kind is ExpectedResult.REPORTS and not done.failed:
        yield from _drifted(done.report)
    if done.step.playbook == "release" and not done.failed:
        status = _fact(done, "release_result").get("status")
        if status != "released":
            yield f"the release is said to be {status}"
    if any(order["name"].startswith("rollback-") for order in done.state["orders"]):
        yield "a release was rolled back"
    whole = done.output + json.dumps([record.result for record in done.records], default=str) + repr(done.calls)
    yield from (f"{secret} in the output" for secret in sorted(leaks(whole)))
    yield from (f"{word!r} in the output" for word in _DEFECTS if word in done.output)


def _changed(done: StepResult) -> Iterator[str]:
    """Yield the tasks that changed something, with the lines of their diffs."""
    for record in done.records:
        if record.result.get("changed"):
            diffs = record.result.get("diff") or []
            shown = [line for one in (diffs if isinstance(diffs, list) else [diffs]) for line in _lines(one)]
            yield f"{record.task!r} {' '.join(shown)[:_LONGEST]}"


def _lines(diff: Mapping[str, Any]) -> Iterator[str]:
    before, after = (str(diff.get(side) or "").splitlines() for side in ("before", "after"))
    yield from (line for line in unified_diff(before, after, n=0, lineterm="") if line[:2] not in ("--", "++", "@@"))


def _fact(done: StepResult, name: str) -> dict[str, Any]:
    facts = [record.result.get("ansible_facts") or {} for record in done.records]
    return next((known[name] for known in reversed(facts) if name in known), {})


def _drifted(report: dict[str, Any] | None) -> Iterator[str]:
    if report is None:
        yield "no report"
        return
    for app in report["apps"]:
        if app["status"] != ["as_described"]:
            found = {name: app[name] for name in ("differences", "unmanaged", "not_read") if app[name]}
            yield f"drift says {app['status']}: {json.dumps(found, ensure_ascii=False)[:_LONGEST]}"


_ABOUT_APP = re.compile(r"\AApp '[^']*': ")


def warnings(done: StepResult) -> list[str]:
    """Return the warnings, without the app that those of a whole description name: both ways give one text."""
    told = [text for record in done.records for text in record.result.get("warnings") or []]
    return list(dict.fromkeys(_ABOUT_APP.sub("", text) for text in told))


def miscounted(before: Mapping[str, int], state: Mapping[str, Any]) -> Iterator[str]:
    """Yield the resources that exist twice, or not at all."""
    now = dict(tables_of(state))
    for table, number in HOLDS.items():
        if now[table] - before[table] != number:
            yield f"{now[table] - before[table]} {table} instead of {number}"


def left_over(before: Mapping[str, int], state: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the lifecycle left behind, or deleted from others."""
    now = dict(tables_of(state))
    yield from (f"{now[table] - number:+} {table}" for table, number in before.items() if now[table] != number)
