# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Another cluster for an environment takes a deletion and a creation, and must not leave it without any."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.account import ENVIRONMENT_ID, HERE, ONLINE, TEST, Account
from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import Recorded, task

DEFAULT_WORLD = Path(__file__).parents[1] / "emulator" / "jst_emulator" / "worlds" / "default.yml"
SECOND, OTHER = "c000000000000000000000000000000e3", "c000000000000000000000000000000e4"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A world file with a second cluster for production, and one of another business domain."""
    clusters = yaml.safe_load(DEFAULT_WORLD.read_text(encoding="utf-8"))["clusters"]
    second = {**clusters[0], "cluster_instance_id": SECOND, "database_id": 103, "title": "second"}
    other = {**second, "cluster_instance_id": OTHER, "database_id": 104, "title": "supply", "business_code": "SUPPLY"}
    file = tmp_path_factory.mktemp("world") / "clusters.yml"
    file.write_text(yaml.safe_dump({"clusters": [*clusters, second, other]}), encoding="utf-8")
    return str(file)


@pytest.fixture
def account(emulators: Emulators, world: str, tmp_path: Path) -> Account:
    """An account whose environment runs on the first cluster."""
    return Account(emulators.fresh("canonical", "--world", world), tmp_path)


def allocate(account: Account, **options: Any) -> Recorded:
    """Allocate a cluster."""
    (done,) = account.run_tasks(task("allocate", "jst_resource_alloc", {**HERE, **options}))
    return done


def cluster(account: Account) -> str:
    """The cluster that the environment runs on."""
    return str(account.call("DescribeAppResourceAlloc", AppEnvId=ENVIRONMENT_ID)["cluster_id"])


def test_another_cluster_is_one_change(account: Account) -> None:
    options = {**HERE, "cluster": "second"}
    preview, done, again = account.run_tasks(
        task("check", "jst_resource_alloc", options, check_mode=True, diff=True),
        task("real", "jst_resource_alloc", options, diff=True),
        task("again", "jst_resource_alloc", options, diff=True),
    )
    assert [record.result["changed"] for record in (preview, done, again)] == [True, True, False]
    assert [record.writes for record in (preview, again)] == [[], []]
    assert done.writes == ["DeleteAppResourceAlloc", "CreateAppResourceAlloc"]
    assert preview.result["diff"] == done.result["diff"]
    assert yaml.safe_load(done.result["diff"]["before"]) == {"cluster": ONLINE}
    assert yaml.safe_load(done.result["diff"]["after"]) == {"cluster": "second"}
    assert again.result["resource_alloc"]["cluster_id"] == cluster(account) == SECOND


@pytest.mark.parametrize(
    ("wanted", "message"),
    [
        ("emu-test", "Cluster 'emu-test' does not have env_type=online"),
        (TEST, "env_type=online, which an environment with env_type=online requires"),
        ("supply", "Cluster 'supply' is of the business domain SUPPLY, and the app is of JST."),
        ("nowhere", "There is no cluster 'nowhere'."),
        ("c000000000000000000000000000000ff", "There is no cluster 'c000000000000000000000000000000ff'."),
    ],
)
def test_a_cluster_that_does_not_fit_leaves_all_as_it_is(wanted: str, message: str, account: Account) -> None:
    failed = allocate(account, cluster=wanted)
    assert failed.result["failed"]
    assert message in failed.result["msg"]
    assert failed.writes == []
    assert cluster(account) == ONLINE


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
@pytest.mark.parametrize("action", ["DeleteAppResourceAlloc", "CreateAppResourceAlloc"])
def test_a_lost_answer_moves_to_the_other_cluster_all_the_same(action: str, kind: str, account: Account) -> None:
    account.fault(kind, action)
    done = allocate(account, cluster="second")
    assert done.result["changed"] is True, done.result
    assert done.result["resource_alloc"]["cluster_id"] == cluster(account) == SECOND
    assert allocate(account, cluster="second").result["changed"] is False


def test_an_environment_that_is_not_there(account: Account) -> None:
    by_id, by_name, preview, gone = account.run_tasks(
        task("id", "jst_resource_alloc", {"app": "shop", "environment": "20099", "cluster": "second"}),
        task("name", "jst_resource_alloc", {"app": "shop", "environment": "nowhere", "cluster": "second"}),
        task(
            "check",
            "jst_resource_alloc",
            {"app": "shop", "environment": "nowhere", "cluster": "second"},
            check_mode=True,
        ),
        task("absent", "jst_resource_alloc", {"app": "shop", "environment": "nowhere", "state": "absent"}),
    )
    assert by_id.result["failed"]
    assert "20099" in by_id.result["msg"]
    assert by_id.writes == []
    assert by_name.result["msg"] == "There is no environment 'nowhere' in app 'shop', only 'production'."
    assert preview.result["changed"] is True, preview.result
    assert gone.result["changed"] is False, gone.result
