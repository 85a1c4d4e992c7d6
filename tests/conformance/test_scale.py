# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Scaling: the number of instances that run is what counts, and each scaling makes exactly one deploy order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.account import APP_ID, ENVIRONMENT_ID, HERE, Account
from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import Recorded, control, task

OLD, NEW = "registry.example.com/shop:1.0", "registry.example.com/shop:1.1"


@pytest.fixture
def account(emulators: Emulators, tmp_path: Path) -> Account:
    """An account whose environment runs two instances."""
    made = Account(emulators.fresh(), tmp_path)
    made.deployed(OLD)
    return made


def scale(account: Account, replicas: int, **options: Any) -> Recorded:
    """Scale the environment."""
    return account.run("jst_scale", **HERE, replicas=replicas, **options)


def test_batches_are_asked_for_only_if_given(account: Account) -> None:
    usual, given = scale(account, 4), scale(account, 6, partitions=1)
    assert [call["params"] for call in usual.calls if call["action"] == "ScaleApp"] == [
        {"EnvId": ENVIRONMENT_ID, "Replicas": 4}
    ]
    assert usual.result["deploy_order"]["partitions"] == 2
    assert given.result["deploy_order"]["partitions"] == 1
    assert yaml.safe_load(given.result["diff"]["before"]) == {"replicas": 4}
    assert yaml.safe_load(given.result["diff"]["after"]) == {"replicas": 6}
    assert len(account.instances()) == 6


def test_down_to_nothing_and_up_again(account: Account) -> None:
    down, again, up = scale(account, 0), scale(account, 0), scale(account, 1)
    assert [record.result["changed"] for record in (down, again, up)] == [True, False, True]
    assert len(account.instances()) == 1


def test_instances_that_are_about_to_go_do_not_count(account: Account) -> None:
    control(account.address, "clock", {"scale": 0})
    # The order must not be seen, or it would be joined.
    account.fault("stale_read", "ListDeployOrders")
    account.call("ScaleApp", EnvId=ENVIRONMENT_ID, Replicas=1, TotalPartitions=1)
    account.advance(5)
    assert {instance["status"] for instance in account.instances()} == {"Normal", "Offlining"}
    done = scale(account, 1, wait=False)
    assert not done.result["failed"], done.result
    assert (done.result["changed"], done.writes) == (False, [])


@pytest.mark.parametrize("passed", [0, 5], ids=["waiting", "running"])
def test_the_order_of_a_run_that_was_cut_off_is_joined(passed: int, account: Account) -> None:
    control(account.address, "clock", {"scale": 0})
    order = account.call("ScaleApp", EnvId=ENVIRONMENT_ID, Replicas=4)["deploy_order_id"]
    account.advance(passed)
    preview = scale(account, 4, check=True)
    joined = scale(account, 4, wait=False)
    control(account.address, "clock", {"scale": 5})
    done = scale(account, 4)
    assert [record.result["changed"] for record in (preview, joined, done)] == [False, False, False]
    assert [record.writes for record in (preview, joined, done)] == [[], [], []]
    for record in (preview, joined, done):
        assert record.result["deploy_order"]["deploy_order_id"] == order
    assert done.result["deploy_order"]["result"] == "succeeded"
    assert len(account.instances()) == 4


@pytest.mark.parametrize("replicas", [2, 3], ids=["nothing to do", "something to do"])
def test_an_unfinished_release_is_in_the_way_of_a_scaling_only(replicas: int, account: Account) -> None:
    order = account.deployed(NEW, PauseType="first")
    done = scale(account, replicas)
    if replicas == 2:
        assert done.result["changed"] is False, done.result
    else:
        assert done.result["failed"]
        assert f"unfinished deploy order {order} ('by hand'): paused, batch 1 of 2" in done.result["msg"]
    assert done.writes == []


def test_another_scaling_is_in_the_way_even_if_the_number_is_right_for_now(account: Account) -> None:
    control(account.address, "clock", {"scale": 0})
    account.call("ScaleApp", EnvId=ENVIRONMENT_ID, Replicas=4)
    failed = scale(account, 2)
    preview = scale(account, 2, on_unfinished="wait", check=True)
    control(account.address, "clock", {"scale": 120})
    done = scale(account, 2, on_unfinished="wait")
    assert "unfinished deploy order" in failed.result["msg"]
    assert failed.writes == preview.writes == []
    assert (preview.result["changed"], done.result["changed"]) == (True, True)
    assert done.writes == ["ScaleApp"]
    assert len(account.instances()) == 2


def test_a_release_that_pauses_is_closed_if_wanted(account: Account) -> None:
    order = account.deployed(NEW, PauseType="first")
    done = scale(account, 3, on_unfinished="close")
    assert done.writes == ["CloseDeployOrder", "ScaleApp"]
    assert done.result["changed"] is True, done.result
    assert account.order(order)["result"] == 4
    assert len(account.instances()) == 3


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
def test_a_lost_answer_makes_exactly_one_order(kind: str, account: Account) -> None:
    for replicas in (4, 2):
        scale(account, replicas)
    account.fault(kind, "ScaleApp")
    done = scale(account, 4)
    assert done.result["changed"] is True, done.result
    assert len(account.orders()) == 4
    order = account.orders()[-1]
    assert done.result["deploy_order"]["deploy_order_id"] == order["deploy_order_id"]
    assert len(account.instances()) == 4


def test_an_order_that_somebody_else_makes_meanwhile_is_not_taken_for_ours(account: Account) -> None:
    """Its name tells another number of instances."""
    account.fault("stale_read", "ListDeployOrders", count=3)
    control(account.address, "clock", {"scale": 0})
    account.call("ScaleApp", EnvId=ENVIRONMENT_ID, Replicas=5)
    failed = scale(account, 4)
    assert failed.result["failed"]
    assert failed.writes == ["ScaleApp"]
    assert "unfinished deploy order" in failed.result["msg"]
    assert len(account.orders()) == 2


def test_a_scaling_that_fails(emulators: Emulators, tmp_path: Path) -> None:
    world = tmp_path / "world.yml"
    world.write_text(
        "settings: {deploy_failures: [{app: shop, environment: production, kind: fail, batch: 3, category: scale}]}\n"
    )
    account = Account(emulators.fresh("canonical", "--world", str(world)), tmp_path)
    account.deployed(OLD)
    failed = scale(account, 5, partitions=3)
    assert failed.result["failed"]
    order = failed.result["deploy_order"]
    assert (order["result"], order["current_partition"]) == ("failed", 3)
    assert order["failed_pods"][0]["log"]
    assert order["failed_pods"][0]["events"]
    assert "ended as failed" in failed.result["msg"]


def test_an_environment_that_was_never_deployed_to(emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(), tmp_path)
    refused = scale(account, 4)
    assert refused.result["failed"]
    assert "Could not scale environment 'production' to 4 instances" in refused.result["msg"]
    assert "Could not scale environment 'production' to 1 instance:" in scale(account, 1).result["msg"]


def test_what_cannot_be_right(account: Account) -> None:
    negative, missing, nowhere, preview = account.run_tasks(
        task("negative", "jst_scale", {**HERE, "replicas": -1}),
        task("missing", "jst_scale", HERE),
        task("nowhere", "jst_scale", {"app": "shop", "environment": "nowhere", "replicas": 1}),
        task("check", "jst_scale", {"app": "shop", "environment": "nowhere", "replicas": 1}, check_mode=True),
    )
    assert "Option replicas is -1, but has to be at least 0" in negative.result["msg"]
    assert "replicas" in missing.result["msg"]
    assert nowhere.result["msg"] == "There is no environment 'nowhere' in app 'shop', only 'production'."
    assert negative.calls == missing.calls == []
    assert preview.result["changed"] is True, preview.result
    assert preview.result["deploy_order"]["app_id"] == APP_ID
