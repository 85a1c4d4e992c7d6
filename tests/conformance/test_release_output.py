# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What an operator reads of a run of playbook release: each task that is shown says what happens, and does something.

A task that is added to the usual way, and skipped there, fails these tests. Task files are included where they apply.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from tests.conformance.account import Account
from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import COLLECTION, run_playbook
from tests.conformance.test_release import NEW, OLD, QUICK, SOAKED, Run, prepared, release

BEGIN = [
    "Check the variables: ok",
    "Start with the valid variables: ok",
    "Find the environment and read what it runs: ok",
    "Compare the release with what runs: ok",
    "Read the deploy config: ok",
    "List earlier releases: ok",
    "Read what the lists do not show: skipping",
]
PREDICTED = [*BEGIN, "Show what is deployed: ok", "Deploy until the order pauses or has finished: changed"]
HEALTHY = ["List the pods of the order: ok", "Wait until the new instances are healthy: ok"]
SOAK = [
    "Wait for an interval: ok",
    "List the instances: ok",
    "List the events: ok",
    "Check that the instances have stayed healthy: ok",
]
END = ["Keep the result: ok", "Report the result: ok"]
PROBES = [{"url": "http://127.0.0.1:9/health"}]
STATUS = re.compile(r"^(ok|changed|skipping|fatal|failed): \[")


def shown(done: Run) -> list[str]:
    """Return the tasks that the run shows, each with its state. A loop counts as one; included files are left out."""
    tasks = []
    for part in re.split(r"^TASK \[", done.output.partition("PLAY RECAP")[0], flags=re.MULTILINE)[1:]:
        name = part.partition("]")[0].rpartition(" : ")[2]
        states = [match[1] for match in map(STATUS.match, part.splitlines()) if match]
        if states:
            tasks.append(f"{name}: {states[-1]}")
    return tasks


def counts(done: Run) -> dict[str, int]:
    """Return how many lines of each state the run shows."""
    states = [match[1] for match in map(STATUS.match, done.output.splitlines()) if match]
    return {state: states.count(state) for state in ("ok", "changed", "skipping")}


def message(done: Run) -> str:
    """Return the message of the last task, which is the result of the run."""
    [*_others, last] = [record for record in done.records if record.task.endswith("Report the result")]
    return str(last.result["msg"])


@pytest.mark.parametrize(("how", "soak"), [({}, []), (SOAKED, SOAK)], ids=["unsoaked", "soaked"])
def test_a_first_release_reads_as_a_story(
    how: dict[str, int], soak: list[str], emulators: Emulators, tmp_path: Path
) -> None:
    """Two batches, and the same release again."""
    account = Account(emulators.fresh(), tmp_path, replicas=4)
    done = release(account, NEW, **how)
    batch = [*HEALTHY, *(soak or ["Check that the new instances stay healthy: skipping"])]
    resumed = "Resume until the order pauses or has finished: changed"
    assert shown(done) == [*PREDICTED, *batch, resumed, *batch, *END], done.output
    found = counts(done)
    assert found["ok"] + found["changed"] == (23 if soak else 15)
    assert found["skipping"] == (1 if soak else 3)
    place = "Environment production of app shop runs what deploy order 60001 deploys"
    assert message(done) == f"{place}: finished, batch 2 of 2, instances 4 of 4."
    for label in ("batch 1 of 2: soak for 1 of 1 seconds", "batch 2 of 2: soak for 1 of 1 seconds"):
        assert (f"(item={label})" in done.output) is bool(soak)
    again = release(account, NEW, **how)
    assert shown(again) == [*BEGIN, *END], again.output
    assert "runs image registry.example.com/shop:1.1 already" in message(again)


def test_a_release_that_is_rolled_back_reads_as_a_story(emulators: Emulators, tmp_path: Path) -> None:
    """The tasks show in this order what failed, the pods, what is done, and the result.

    Somebody else released before, without a description.
    """
    account = prepared(emulators, tmp_path)
    done = release(account, NEW, release_probes=PROBES)
    assert shown(done) == [
        *("Describe the last releases: ok" if name.startswith("Read what the lists") else name for name in PREDICTED),
        *HEALTHY,
        "Send the probes: ok",
        "Check that the probes got the expected response: fatal",
        "Keep why the release failed: ok",
        "List the pods that failed: ok",
        "List the instances: ok",
        "Read the events and logs of the pods: ok",
        "Close the order: changed",
        "Deploy what ran before: changed",
        "Show the report: ok",
        "Keep the result: ok",
        "Report the result: fatal",
    ], done.output
    assert counts(done)["skipping"] == 0
    place = "The release of shop to environment production failed (deploy order 60002, batch 1 of 2): "
    assert message(done).startswith(place)
    assert f"Rolled back to image {OLD}." in message(done)


def test_check_mode_reads_as_a_story(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path, replicas=4)
    done = release(account, NEW, "--check")
    assert shown(done) == [*PREDICTED, *END], done.output
    assert counts(done)["skipping"] == 1
    assert message(done) == "Nothing is written in check mode."


def test_a_release_that_was_not_begun_has_a_result(emulators: Emulators, tmp_path: Path) -> None:
    """The role fails before it deploys. A play that continues reads that in the result, and not the one before."""
    account = prepared(emulators, tmp_path)
    variables = {**QUICK, "release_app": "shop", "release_images": [OLD]}
    role = {"ansible.builtin.include_role": {"name": f"{COLLECTION}.release"}}
    refused = {**role, "vars": {"release_environment": "prodution"}}
    shown = {"ansible.builtin.debug": {"var": "release_result"}}
    plays = [
        {
            "hosts": "localhost",
            "connection": "local",
            "gather_facts": False,
            "vars": variables,
            "tasks": [role, {"block": [refused], "rescue": [shown]}],
        }
    ]
    playbook = tmp_path / "twice.yml"
    playbook.write_text(yaml.safe_dump(plays))
    records, output = run_playbook(account.address, tmp_path, [str(playbook)])
    results = [record.result["release_result"] for record in records if "release_result" in record.result]
    assert [result["status"] for result in results] == ["not_begun"], output
    assert results[0]["changed"] is False
