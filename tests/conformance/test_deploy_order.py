# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploy orders that are there already: resumed, closed, waited for, and found by what is known of them."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.account import APP_ID, DEPLOY_CONFIG_ID, ENVIRONMENT_ID, HERE, TEST, Account
from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import deployment
from tests.conformance.playbook_runner import Recorded, control, task

IMAGE = "registry.example.com/shop:1.0"
BAD = "registry.example.com/shop:fail"
CHINA = timezone(timedelta(hours=8))


@pytest.fixture
def account(emulators: Emulators, tmp_path: Path) -> Account:
    """An account whose environment has three instances."""
    return Account(emulators.fresh(), tmp_path, replicas=3)


def steer(account: Account, order: int, state: str, **options: Any) -> Recorded:
    """Steer an order."""
    return account.run("jst_deploy_order", deploy_order_id=order, state=state, **options)


def seen(record: Recorded) -> tuple[str, str, int]:
    """What is shown of an order."""
    order = record.result["deploy_order"]
    return order["status"], order["result"], order["current_partition"]


# Resumed


def test_an_order_is_resumed_from_pause_to_pause(account: Account) -> None:
    order = account.deployed(IMAGE, TotalPartitions=3, PauseType="each")
    preview = steer(account, order, "resumed", check=True)
    assert preview.writes == []
    assert seen(preview) == ("running", "undecided", 1)
    records = [steer(account, order, "resumed") for _dummy in range(3)]
    assert [seen(record) for record in records] == [
        ("paused", "undecided", 2),
        ("finished", "succeeded", 3),
        ("finished", "succeeded", 3),
    ]
    assert [record.result["changed"] for record in (preview, *records)] == [True, True, True, False]
    assert [record.writes for record in records] == [["ResumeDeploy"], ["ResumeDeploy"], []]
    assert preview.result["diff"] == records[0].result["diff"]
    assert yaml.safe_load(preview.result["diff"]["before"]) == {"status": "paused", "result": "undecided"}
    assert yaml.safe_load(preview.result["diff"]["after"]) == {"status": "running", "result": "undecided"}
    assert records[0].result["deploy_order"]["environment_id"] == ENVIRONMENT_ID


def test_an_order_that_is_under_way_is_not_resumed(account: Account) -> None:
    order = account.deploy(IMAGE)
    done = steer(account, order, "resumed")
    assert (done.result["changed"], done.writes) == (False, [])
    assert seen(done) == ("finished", "succeeded", 2)


def test_a_read_that_still_shows_the_pause_does_not_end_the_wait(account: Account) -> None:
    order = account.deployed(IMAGE, PauseType="first")
    account.fault("stale_read", "DescribeDeployOrderDetail", after=1, count=2)
    done = steer(account, order, "resumed")
    assert seen(done) == ("finished", "succeeded", 2)


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
def test_a_lost_answer_does_not_resume_twice(kind: str, account: Account) -> None:
    """With fast batches the order pauses again before anybody looks; the batch tells that it has gone on."""
    order = account.deployed(IMAGE, TotalPartitions=3, PauseType="each")
    control(account.address, "clock", {"scale": 5000})
    account.fault(kind, "ResumeDeploy")
    done = steer(account, order, "resumed")
    assert done.result["changed"] is True, done.result
    assert seen(done) == ("paused", "undecided", 2)


def test_an_order_that_somebody_else_resumes_meanwhile(account: Account) -> None:
    order = account.deployed(IMAGE, PauseType="first")
    account.fault("stale_read", "DescribeDeployOrderDetail")
    account.call("ResumeDeploy", DeployOrderId=order)
    done = steer(account, order, "resumed")
    assert done.result["changed"] is False, done.result
    assert seen(done) == ("finished", "succeeded", 2)


# Closed


def test_an_order_is_closed_once(account: Account) -> None:
    order = account.deployed(IMAGE, PauseType="first")
    preview = steer(account, order, "closed", check=True)
    closed = steer(account, order, "closed")
    again = steer(account, order, "closed")
    assert [seen(record) for record in (preview, closed, again)] == [("finished", "closed", 1)] * 3
    assert [record.result["changed"] for record in (preview, closed, again)] == [True, True, False]
    assert [record.writes for record in (preview, closed, again)] == [[], ["CloseDeployOrder"], []]
    assert preview.result["diff"] == closed.result["diff"]


@pytest.mark.parametrize(("image", "result"), [(IMAGE, "succeeded"), (BAD, "failed")])
def test_an_order_that_has_finished_is_not_closed(image: str, result: str, account: Account) -> None:
    order = account.deployed(image)
    done = steer(account, order, "closed")
    assert not done.result["failed"], done.result
    assert (done.result["changed"], done.writes) == (False, [])
    assert done.result["deploy_order"]["result"] == result


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
def test_a_lost_answer_closes_all_the_same(kind: str, account: Account) -> None:
    order = account.deployed(IMAGE, PauseType="first")
    account.fault(kind, "CloseDeployOrder")
    done = steer(account, order, "closed")
    assert done.result["changed"] is True, done.result
    assert seen(done) == ("finished", "closed", 1)


# By app and environment


def in_place(account: Account, state: str, **options: Any) -> Recorded:
    """Steer the unfinished order of the environment."""
    return account.run("jst_deploy_order", **HERE, state=state, **options)


def test_the_unfinished_order_of_an_environment(account: Account) -> None:
    """Resumed, closed, and followed, while it finishes during the wait."""
    account.deployed(IMAGE)
    order = account.deployed(IMAGE, TotalPartitions=3, PauseType="each")
    preview, resumed = in_place(account, "resumed", check=True), in_place(account, "resumed")
    assert (preview.writes, preview.result["changed"]) == ([], True)
    assert preview.result["diff"] == resumed.result["diff"]
    assert (resumed.writes, seen(resumed)) == (["ResumeDeploy"], ("paused", "undecided", 2))
    assert resumed.result["deploy_order"]["deploy_order_id"] == order
    ids: dict[str, Any] = {"app_id": APP_ID, "environment_id": ENVIRONMENT_ID}
    closed = account.run("jst_deploy_order", **ids, state="closed")
    assert (closed.writes, seen(closed)) == (["CloseDeployOrder"], ("finished", "closed", 2))
    assert {name: closed.result["deploy_order"][name] for name in ids} == ids


def test_an_order_that_finishes_while_a_run_waits_for_it(account: Account) -> None:
    """The environment has no unfinished order any more when the run reads for the last time."""
    order = account.deployed(IMAGE, PauseType="first")

    def resume_when_polled() -> None:
        polls = 0
        while polls < 3:
            calls = control(account.address, "calls")
            polls = len([call for call in calls if call["action"] == "DescribeDeployOrderDetail"])
        account.call("ResumeDeploy", DeployOrderId=order)
        account.advance(600)

    with ThreadPoolExecutor() as pool:
        resumed = pool.submit(resume_when_polled)
        done = in_place(account, "finished")
        resumed.result()
    assert not done.result["failed"], done.result
    assert (done.result["changed"], seen(done)) == (False, ("finished", "succeeded", 2))
    assert done.result["deploy_order"]["deploy_order_id"] == order


def test_an_environment_without_an_unfinished_order(account: Account) -> None:
    account.deployed(IMAGE)
    for state in ("closed", "finished"):
        for check in (True, False):
            done = in_place(account, state, check=check)
            assert not done.result["failed"], done.result
            assert (done.result["changed"], done.writes, done.result["deploy_order"]) == (False, [], None)
    for check in (True, False):
        done = in_place(account, "resumed", check=check)
        assert (done.result["failed"], done.writes) == (True, [])
        assert "No deploy order is unfinished in environment 'production' of app 'shop'" in done.result["msg"]


def test_check_mode_after_a_task_that_would_start_the_order(account: Account) -> None:
    """The order that a real run resumes does not exist yet."""
    _release, resumed = account.run_tasks(
        task("release", "jst_deployment", {**HERE, "images": [IMAGE], "pause_type": "first"}),
        task("resume", "jst_deploy_order", {**HERE, "state": "resumed"}),
        options=["--check"],
    )
    assert not resumed.result["failed"], resumed.result


def test_two_unfinished_orders_of_an_environment(account: Account) -> None:
    order = account.deployed(IMAGE, PauseType="first")
    both = [{"DeployOrderId": number, "Status": 2, "Result": 0} for number in (order, order + 1)]
    account.fault("rewrite", "ListDeployOrders", path=["Data"], value=both)
    account.fault("rewrite", "ListDeployOrders", path=["TotalCount"], value=2, count=None)
    done = in_place(account, "closed")
    assert (done.result["failed"], done.writes) == (True, [])
    assert (
        f"More than one deploy order is unfinished in environment 'production' of app 'shop': {order} and {order + 1}."
        in (done.result["msg"])
    )


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "No deploy order is named: give deploy_order_id, or app and environment, or their ids."),
        ({"app": "shop"}, "No deploy order is named"),
        ({"environment_id": ENVIRONMENT_ID}, "No deploy order is named"),
        ({"deploy_order_id": None}, "No deploy order is named"),
        ({**HERE, "deploy_order_id": 60001}, "Options deploy_order_id and app or app_id exclude each other"),
        ({"environment": "x", "deploy_order_id": 60001}, "deploy_order_id and environment or environment_id exclude"),
        ({"app": "", "environment": "production"}, "Option app is empty"),
    ],
)
def test_exactly_one_way_to_name_an_order(options: dict[str, Any], message: str, account: Account) -> None:
    done = account.run("jst_deploy_order", **options, state="closed")
    assert (done.result["failed"], done.calls) == (True, [])
    assert message in done.result["msg"]


# Waited for


def test_an_order_is_waited_for(account: Account) -> None:
    order = account.deploy(IMAGE)
    preview = steer(account, order, "finished", check=True)
    done = steer(account, order, "finished")
    assert [record.result["changed"] for record in (preview, done)] == [False, False]
    assert preview.result["deploy_order"]["deploy_order_id"] == order
    assert seen(done) == ("finished", "succeeded", 2)
    assert done.writes == []


def test_an_order_that_pauses_is_waited_for_until_the_time_is_up(account: Account) -> None:
    order = account.deployed(IMAGE, PauseType="first")
    late = steer(account, order, "finished", wait_timeout=1)
    look = steer(account, order, "finished", wait=False)
    assert late.result["failed"]
    assert "last seen: paused, batch 1 of 2" in late.result["msg"]
    assert seen(late) == seen(look) == ("paused", "undecided", 1)
    assert look.result["changed"] is False, look.result


@pytest.mark.parametrize("state", ["finished", "resumed"])
def test_an_order_that_fails_fails_the_task(state: str, account: Account) -> None:
    order = account.deployed(BAD)
    failed = steer(account, order, state)
    assert failed.result["failed"]
    assert f"Deploy order {order} ('by hand') ended as failed" in failed.result["msg"]
    shown = failed.result["deploy_order"]
    assert shown["result"] == "failed"
    assert "Fatal: could not start" in shown["failed_pods"][0]["log"]
    assert "Warning Failed: Container did not start" in shown["failed_pods"][0]["events"]


def test_pods_of_which_nothing_can_be_told(account: Account) -> None:
    """That an order has failed comes out also when the service refuses the rest."""
    order = account.deployed(BAD)
    account.fault("business", "DescribePodLog")
    account.fault("business", "DescribePodEvents")
    silent = steer(account, order, "finished")
    assert [(pod["log"], pod["events"]) for pod in silent.result["deploy_order"]["failed_pods"]] == [(None, None)]
    account.fault("business", "ListPods")
    unnamed = steer(account, order, "finished")
    assert unnamed.result["deploy_order"]["failed_pods"] is None
    assert "ended as failed" in unnamed.result["msg"]


@pytest.mark.parametrize("state", ["finished", "resumed"])
def test_an_order_that_was_closed_fails_whoever_waits_for_it(state: str, account: Account) -> None:
    order = account.deployed(IMAGE, PauseType="first")
    account.call("CloseDeployOrder", DeployOrderId=order)
    failed = steer(account, order, state)
    assert failed.result["failed"]
    assert "ended as closed" in failed.result["msg"]
    assert failed.result["deploy_order"]["failed_pods"] is None


@pytest.mark.parametrize("check", [True, False], ids=["check", "real"])
@pytest.mark.parametrize("state", ["resumed", "closed", "finished"])
def test_an_order_that_is_not_there(state: str, check: bool, account: Account) -> None:
    failed = steer(account, 69999, state, check=check)
    assert failed.result["msg"] == "There is no deploy order 69999."


# Found


NAMES = ("good", "bad", "closed", "scaled", "paused", "waiting")


def history(account: Account) -> list[str]:
    """Make orders of all kinds, an hour apart, in two environments; gives their names in the order of their ids."""
    control(account.address, "clock", {"scale": 0})
    names = {account.deployed(IMAGE, Name="good"): "good"}
    account.advance(3600)
    names[account.deployed(BAD, Name="bad")] = "bad"
    account.advance(3600)
    closed = account.deployed(IMAGE, Name="closed", PauseType="first")
    names[closed] = "closed"
    account.call("CloseDeployOrder", DeployOrderId=closed)
    names[account.call("ScaleApp", EnvId=ENVIRONMENT_ID, Replicas=4)["deploy_order_id"]] = "scaled"
    account.advance(600)
    names[account.deployed(IMAGE, Name="paused", PauseType="each")] = "paused"
    account.config("test", deployment(), env_type="test")
    test = {"AppId": APP_ID, "AppSchemaId": DEPLOY_CONFIG_ID + 1, "EnvName": "test", "EnvType": 0, "ClusterId": TEST}
    account.call("CreateEnvironment", **test, Region="cn-zhangjiakou", Replicas=1)
    names[account.deploy(IMAGE, EnvId=ENVIRONMENT_ID + 1, Name="waiting")] = "waiting"
    return [names[order] for order in sorted(names)]


FILTERS: tuple[tuple[dict[str, Any], set[str]], ...] = (
    ({}, set(NAMES)),
    ({"app": "shop"}, set(NAMES)),
    (HERE, set(NAMES) - {"waiting"}),
    ({"environment_id": ENVIRONMENT_ID}, set(NAMES) - {"waiting"}),
    ({"deploy_order_id": 60002}, {"bad"}),
    ({"deploy_order_id": 60002, "result": "failed"}, {"bad"}),
    ({"deploy_order_id": 60002, "result": "succeeded"}, set()),
    ({"deploy_order_id": 69999}, set()),
    ({"name": "closed"}, {"closed"}),
    ({"status": "finished"}, {"good", "bad", "closed", "scaled"}),
    ({"status": "paused"}, {"paused"}),
    ({"status": "running"}, set()),
    ({"status": "waiting"}, {"waiting"}),
    ({"status": ["waiting", "paused"]}, {"waiting", "paused"}),
    ({"result": "undecided"}, {"waiting", "paused"}),
    ({"result": ["failed", "closed"]}, {"bad", "closed"}),
    ({"result": "succeeded", "status": "finished"}, {"good", "scaled"}),
    ({"pause_type": "first"}, {"closed"}),
    ({"pause_type": "each"}, {"paused"}),
    ({"pause_type": "none"}, {"good", "bad", "scaled", "waiting"}),
    ({"env_type": "test"}, {"waiting"}),
    ({"env_type": "online"}, set(NAMES) - {"waiting"}),
    ({"category": "scale"}, {"scaled"}),
    ({"category": "deploy"}, set(NAMES) - {"scaled"}),
)


@pytest.mark.parametrize("answers", ["canonical", "sample"])
def test_every_filter_of_orders(answers: str, emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(answers), tmp_path, replicas=3)
    assert history(account) == list(NAMES)
    records = account.run_tasks(*(task(str(options), "jst_deploy_order_info", options) for options, _dummy in FILTERS))
    for record, (options, expected) in zip(records, FILTERS, strict=True):
        assert not record.result["failed"], record.result
        found = {NAMES[order["deploy_order_id"] - 60001] for order in record.result["deploy_orders"]}
        assert found == expected, options


def test_every_bound_of_time(account: Account) -> None:
    """Each narrows the list by a parameter of its own, whatever zone the moment is given in."""
    history(account)
    bad = account.order(60002)
    # The orders before and after it are an hour away.
    margin = timedelta(minutes=30)
    cases: list[tuple[dict[str, Any], dict[str, str], set[str]]] = []
    for edge, member, parameter in (("started", "start_time", "StartTime"), ("ended", "end_time", "EndTime")):
        moment = datetime.strptime(bad[member], "%Y-%m-%dT%H:%MZ").replace(tzinfo=UTC)
        earlier, later = moment - margin, moment + margin
        for word, bound, limit, expected in (
            ("after", "GreaterThan", earlier, {"bad", "closed", "scaled"}),
            ("from", "GreaterThanOrEqualTo", earlier, {"bad", "closed", "scaled"}),
            ("before", "LessThan", later, {"good", "bad"}),
            ("until", "LessThanOrEqualTo", later, {"good", "bad"}),
        ):
            options = {f"{edge}_{word}": limit.astimezone(CHINA).isoformat(), "status": "finished"}
            cases.append((options, {parameter + bound: limit.strftime("%Y-%m-%d %H:%M:%S")}, expected))
        between = {f"{edge}_after": earlier.isoformat(), f"{edge}_before": later.isoformat()}
        cases.append((between, {}, {"bad"}))
    records = account.run_tasks(*(task(str(case[0]), "jst_deploy_order_info", case[0]) for case in cases))
    for record, (options, sent, expected) in zip(records, cases, strict=True):
        assert not record.result["failed"], record.result
        found = {NAMES[order["deploy_order_id"] - 60001] for order in record.result["deploy_orders"]}
        assert found == expected, options
        assert sent.items() <= record.calls[0]["params"].items()


def test_filters_that_cannot_be_right(account: Account) -> None:
    single, moment = account.run_tasks(
        task("single", "jst_deploy_order_info", {"deploy_order_id": 60001, "category": "scale"}),
        task("moment", "jst_deploy_order_info", {"started_after": "yesterday"}),
    )
    assert "mutually exclusive" in single.result["msg"]
    assert "Option started_after is 'yesterday', which is not an ISO 8601 timestamp such as" in moment.result["msg"]
    assert single.calls == moment.calls == []
