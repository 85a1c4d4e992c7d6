# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs of the roles with ``--tags`` and ``--skip-tags``. ``test_rollout.py`` has those of role application."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import COLLECTION, control, run_playbook
from tests.conformance.role_examples import CANARY, example
from tests.conformance.test_application import FLEET
from tests.conformance.test_bring_up import INVENTORY, PLAYBOOK, recap

# Role -> runs over the example of its README, one after the other: arguments, and the writing operations they cause.
RUNS: dict[str, list[tuple[list[str], set[str]]]] = {
    "cluster": [
        (["--skip-tags", "cluster,node,label,volume"], set()),
        (["--tags", "cluster"], {"CreateCluster"}),
        (["--tags", "node"], {"AddClusterNode"}),
        (["--tags", "label"], {"CreateNodeLabel", "BindNodeLabel"}),
        (["--skip-tags", "volume"], set()),
        (["--skip-tags", "cluster"], {"CreatePersistentVolume"}),
        ([], set()),
    ],
    "database": [
        (["--skip-tags", "database,account"], set()),
        (["--skip-tags", "account"], {"CreateDb"}),
        (["--tags", "database"], set()),
        (["--tags", "account"], {"CreateAccount", "GrantDbToAccount"}),
        ([], set()),
    ],
}


@pytest.mark.parametrize("role", RUNS)
def test_tags_pick_the_parts_of_a_role(
    role: str, emulators: Emulators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = example(role, emulators, tmp_path, monkeypatch)
    variables: dict[str, Any] = {"shop_password": f"{CANARY}-1"}
    for arguments, expected in RUNS[role]:
        records, output = described.run(*arguments, **variables)
        assert {write for record in records for write in record.writes} == expected, f"{arguments}: {output}"


def test_a_part_of_a_cluster_that_does_not_exist(
    emulators: Emulators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = example("cluster", emulators, tmp_path, monkeypatch)
    records, _output = described.run("--tags", "volume", fails=True)
    assert [record.writes for record in records if record.writes] == []
    assert "There is no cluster 'shop-online'" in records[-1].result["results"][0]["msg"]


@pytest.mark.parametrize("role", RUNS)
def test_variables_are_checked_whatever_the_tags(
    role: str, emulators: Emulators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    described = example(role, emulators, tmp_path, monkeypatch)
    further = ["-e", f"shop_password={CANARY}-1", "-e", f"{role}_misspelt=1", "--tags", "nothing"]
    arguments = ["-i", "inventory", described.playbook, *further]
    _records, output = run_playbook(described.address, described.folder, arguments)
    assert f"no variable {role}_misspelt" in output


@pytest.mark.parametrize("playbook", [FLEET, PLAYBOOK])
def test_a_failure_of_a_tagged_part_fails_the_run(playbook: str, emulators: Emulators, tmp_path: Path) -> None:
    """Of two apps, since a batch in which all fail ends a play in another way."""
    address = emulators.fresh()
    arguments = ["-i", str(INVENTORY), "--limit", "order-service,storefront", playbook]
    run_playbook(address, tmp_path, [*arguments, "--limit", "storefront"])
    _records, output = run_playbook(address, tmp_path, [*arguments, "--tags", "service"])
    assert {host: counts["failed"] for host, counts in recap(output).items()} == {"order-service": 1, "storefront": 0}


def torn_down(address: str, folder: Path, *arguments: str) -> tuple[list[str], dict[str, Any], str]:
    """Return the writes of a run of playbook teardown, what it reports, and its output."""
    confirmed = ["-i", str(INVENTORY), "--limit", "order-service", "-e", "teardown_confirm=order-service"]
    records, output = run_playbook(address, folder, [*confirmed, f"{COLLECTION}.teardown", *arguments])
    facts = [record.result["ansible_facts"] for record in records if "ansible_facts" in record.result]
    [result] = [fact["teardown_result"] for fact in facts if "teardown_result" in fact] or [{}]
    return [write for record in records for write in record.writes], result, output


def test_teardown_leaves_what_is_skipped(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    run_playbook(address, tmp_path, ["-i", str(INVENTORY), "--limit", "order-service", FLEET])
    before = control(address, "state")
    assert torn_down(address, tmp_path, "--skip-tags", "teardown")[0] == []
    # Words of other roles pick nothing here, and no confirmation counts for less than the whole.
    assert torn_down(address, tmp_path, "--tags", "database,service")[0] == []
    for skipped in ("environment", "app,deploy_config,environment,group,service,slb_ap,volume"):
        writes, _dummy, output = torn_down(address, tmp_path, "--skip-tags", f"{skipped},absent,release,account")
        assert (writes, "removes an app as a whole" in " ".join(output.split())) == ([], True), output
        assert f"Option --skip-tags names {skipped.replace(',', ', ')}, and" in " ".join(output.split())
    assert control(address, "state") == before

    writes, result, output = torn_down(address, tmp_path, "--skip-tags", "database,account")
    assert {"DeleteDatabase", "DeleteRdsAccount"}.isdisjoint(writes)
    assert {left["what"].partition(" ")[0]: left["reason"] for left in result["left"]} == {
        "account": "its tag is skipped",
        "database": "its tag is skipped",
    }
    state = control(address, "state")
    assert state["apps"] == [], output
    assert (state["databases"], state["accounts"]) == (before["databases"], before["accounts"])

    assert torn_down(address, tmp_path, "--tags", "teardown", "--skip-tags", "account")[0] == ["DeleteDatabase"]
    assert torn_down(address, tmp_path, "--tags", "teardown")[0] == ["DeleteRdsAccount"]


def test_drift_is_a_whole_report_or_none(emulators: Emulators, tmp_path: Path) -> None:
    """Tags of parts make no report, rather than one that leaves parts out."""
    address = emulators.fresh()
    report = ["-i", str(INVENTORY), "--limit", "order-service", f"{COLLECTION}.drift"]
    for arguments in (["--skip-tags", "drift"], ["--tags", "service"]):
        records, output = run_playbook(address, tmp_path, [*report, *arguments])
        assert [record.task for record in records if record.calls] == [], output
    whole, _output = run_playbook(address, tmp_path, report)
    tagged, output = run_playbook(address, tmp_path, [*report, "--tags", "drift", "--skip-tags", "service"])
    assert [record.task for record in tagged] == [record.task for record in whole]
    assert "order-service" in output
