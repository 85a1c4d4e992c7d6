# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The prediction is the run: of descriptions of an app, one applied after the other, and of tasks for one thing."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from tests.fuzz.application_pairs import Options, pairs
from tests.fuzz.harness import Harness, Run
from tests.fuzz.populated_account import EMPTY, FULL
from tests.fuzz.single_tasks import SEQUENCES, TASKS, UNRELEASED, RunContext

MODULE = "jst_application"
ASSUMED = "A real run is assumed to create it first"
# That an environment has lost its cluster, no read shows for certain.
DOUBTED = "It rejects the release if there is none"
# What nobody can foretell: how what was written fares.
AFTER_THE_WRITE = ("WaitTimeout", "FailedState")
# The name of a save point.
SITUATED = "situated"
WAITS = {"wait_interval": 5, "wait_timeout": 3600}


def shown(run: Run) -> dict[str, Any]:
    """What a run says of changes."""
    result = run.result
    return {
        "changed": result["changed"],
        # Independent steps come in whatever order the calls get there.
        "steps": sorted(result["steps"]),
        "diff": result["diff"],
        "release_due": result["release_due"],
    }


def see(harness: Harness, options: Options) -> bool:
    """Preview a description, apply it, and compare.

    :returns: whether it was applied; otherwise both were refused.
    """
    preview = harness.run(MODULE, {**options, **WAITS}, check=True)
    preview.judge()
    assert not preview.writes, preview
    run = harness.run(MODULE, {**options, **WAITS})
    run.judge()
    if preview.failed or run.failed:
        assert run.failed, f"refused in check mode, and then done: {preview.result['msg']}"
        assert preview.failed, f"foretold, and then: {run.result['msg']}"
        assert not run.writes, f"refused after the first write: {run.result['msg']}"
        # Of two faults that are looked for at the same time, either may be found first.
        assert options["parallelism"] > 1 or preview.result["msg"] == run.result["msg"]
        return False
    assert shown(preview) == shown(run)
    assert shown(run)["changed"] is bool(run.writes)
    again = harness.run(MODULE, {**options, **WAITS})
    assert not again.failed, again.result["msg"]
    assert shown(again)["steps"] == [], again
    assert not again.result["changed"]
    assert not again.writes
    return True


@settings(max_examples=settings().max_examples * 12)
@given(pairs())
def test_a_preview_is_the_run(populated: Harness, pair: tuple[Options, Options]) -> None:
    populated.restore(EMPTY)
    for options in pair:
        see(populated, options)


def follow(harness: Harness, module: str, options: Options) -> None:
    """Preview a task, carry it out, and compare: both are rejected in the same words, or do the same."""
    preview = harness.run(module, options, check=True)
    preview.judge()
    assert not preview.writes, preview
    run = harness.run(module, options)
    if any(ASSUMED in str(warning) for warning in preview.result.get("warnings", [])):
        assert not run.writes, run
        assert run.failed, run
        return
    if run.failed and any(DOUBTED in str(warning) for warning in preview.result.get("warnings", [])):
        return
    if run.failed and (run.result.get("error") or {}).get("code") in AFTER_THE_WRITE:
        assert not preview.failed, preview
        return
    if not run.failed:
        assert not preview.failed, f"{run} was done, and rejected in check mode: {preview.result['msg']}"
        assert preview.result["changed"] is run.result["changed"] is bool(run.writes), f"{preview}, {run}"
        assert preview.result["diff"] == run.result["diff"], f"{preview}, {run}"
        return
    assert preview.failed, f"{preview} was foretold, and then: {run.result['msg']}"
    # The service has words of its own, and explains less.
    assert preview.result["msg"] in run.result["msg"]


@pytest.fixture(scope="module")
def situated(populated: Harness) -> Harness:
    """The furnished machine, with environments in which nothing was released."""
    populated.restore(FULL)
    for module, options in UNRELEASED:
        assert not populated.run(module, options).failed
    populated.save(SITUATED)
    return populated


@pytest.mark.parametrize(
    "number", range(len(TASKS)), ids=[f"{module}-{index}" for index, (module, _o) in enumerate(TASKS)]
)
def test_a_preview_of_a_task_is_its_run(number: int, situated: Harness) -> None:
    situated.restore(SITUATED)
    follow(situated, *TASKS[number])


@settings(max_examples=settings().max_examples * 12)
@given(SEQUENCES)
def test_previews_of_tasks_are_their_runs(situated: Harness, tasks: list[RunContext]) -> None:
    """One after the other, in states of the account that nobody thought of."""
    situated.restore(SITUATED)
    for module, options in tasks:
        follow(situated, module, options)
