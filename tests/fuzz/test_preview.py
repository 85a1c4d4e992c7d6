# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The prediction is the run, for any two descriptions of an app that are applied one after the other."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings

from descriptions import Options, pairs
from driving import Machine, Run
from furnished import EMPTY

MODULE = "jst_application"
WAITS = {"wait_interval": 5, "wait_timeout": 3600}


def shown(run: Run) -> dict[str, Any]:
    """What a run says of changes."""
    result = run.result
    return {
        "changed": result["changed"],
        # Independent steps come in whatever order the calls get there.
        "steps": sorted(result["steps"]),
        "before": result["diff"]["before"],
        "after": result["diff"]["after"],
        "release_due": result["release_due"],
    }


def see(machine: Machine, options: Options) -> bool:
    """Preview a description, apply it, and compare.

    :returns: whether it was applied; otherwise both were refused.
    """
    preview = machine.run(MODULE, {**options, **WAITS}, check=True)
    preview.judge()
    assert not preview.writes, preview
    run = machine.run(MODULE, {**options, **WAITS})
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
    again = machine.run(MODULE, {**options, **WAITS})
    assert not again.failed, again.result["msg"]
    assert shown(again)["steps"] == [], again
    assert not again.result["changed"]
    assert not again.writes
    return True


@settings(max_examples=settings().max_examples * 12)
@given(pairs())
def test_a_preview_is_the_run(furnished: Machine, pair: tuple[Options, Options]) -> None:
    furnished.restore(EMPTY)
    for options in pair:
        see(furnished, options)
