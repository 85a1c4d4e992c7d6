# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploy orders of somebody else on the timeline."""

from __future__ import annotations

from typing import Any

import pytest

from support.event_account import EventAccount

SHOP = {"env_id": 20001}


@pytest.fixture
def account() -> EventAccount:
    """An account at 08:00:20, with the finished orders 60001 and 60002."""
    return EventAccount()


def test_an_order_begins_at_its_time_and_finishes_without_a_call(account: EventAccount) -> None:
    planned = account.happen("deploy", in_s=40, name="1.1", description="by hand", image="r/shop:1.1", **SHOP)
    assert (planned["state"], planned["time"]) == ("planned", "2026-01-05T08:01:00Z")
    account.call("DescribeAppDetail", AppId=10001)
    before = account.get("calls")
    account.wait(39)
    assert account.orders(EnvId=20001) == [(60001, 3, 1)]
    account.wait(1)
    assert account.orders(EnvId=20001) == [(60003, 0, 0), (60001, 3, 1)]
    account.wait(2)
    assert account.orders()[0] == (60003, 1, 0)
    account.wait(10)
    shown = account.page("ListDeployOrders", EnvId=20001)["Data"][0]
    picked = [shown[name] for name in ("Name", "Description", "StartTime", "EndTime", "Status", "Result", "UserNick")]
    assert picked == ["1.1", "by hand", "2026-01-05T08:01Z", "2026-01-05T08:01Z", 3, 1, "emulator"]
    assert {one["Version"] for one in account.instances()} == {"1.1"}
    assert {call["kind"] for call in account.get("calls")[len(before) :]} == {"read"}
    (logged,) = account.log()
    assert logged == {
        "seq": 1,
        "at": 1767600060.0,
        "time": "2026-01-05T08:01:00Z",
        "kind": "deploy",
        "state": "done",
        "env_id": 20001,
        "deploy_order_id": 60003,
    }


def test_everything_in_a_jump_of_the_clock_happens_at_its_own_moment(account: EventAccount) -> None:
    """The last entry meets an order that finished before it."""
    account.happen("deploy", in_s=10, batches=2, pause="first", **SHOP)
    account.happen("resume", in_s=100, **SHOP)
    account.happen("deploy", in_s=200, **SHOP)
    account.happen("close", in_s=205, **SHOP)
    account.happen("close", in_s=300, **SHOP)
    account.wait(1000)
    found = account.page("ListDeployOrders", EnvId=20001)["Data"]
    shown = [(one["DeployOrderId"], one["Result"], one["StartTime"], one["ElapsedTime"]) for one in found]
    assert shown == [
        (60004, 4, "2026-01-05T08:03Z", 3),
        (60003, 1, "2026-01-05T08:00Z", 98),
        (60001, 1, "2026-01-05T08:00Z", 10),
    ]
    assert [(one["kind"], one["state"]) for one in account.log()] == [
        *[("deploy", "done"), ("resume", "done"), ("deploy", "done"), ("close", "done")],
        ("close", "failed"),
    ]
    assert account.log(4)[0]["problem"] == "environment 20001 has no unfinished deploy order"
    assert account.get("timeline/log")["counts"] == {"close": 1, "deploy": 2, "failed": 1, "resume": 1}


def test_an_order_pauses_between_batches_until_somebody_resumes_it(account: EventAccount) -> None:
    account.happen("deploy", batches=2, pause="first", **SHOP)
    account.wait(13)
    assert account.orders(EnvId=20001, Status=2) == [(60003, 2, 0)]
    account.wait(1000)
    assert account.orders(EnvId=20001)[0] == (60003, 2, 0)
    account.happen("resume", **SHOP)
    account.wait(10)
    assert account.orders(EnvId=20001)[0] == (60003, 3, 1)


@pytest.mark.parametrize(
    ("failure", "seconds", "status", "restarts", "reasons"),
    [
        ("fail", 12, "Failed", 0, ["Scheduled", "Pulled", "Failed"]),
        ("image_pull", 602, "Failed", 0, ["Scheduled", "Failed", "BackOff"]),
        ("crash", 602, "Failed", 20, ["Scheduled", "Pulled", "BackOff"]),
        ("health_check", 602, "Failed", 0, ["Scheduled", "Pulled", "Started", "Unhealthy"]),
        ("pending", 602, "Pending", 0, ["FailedScheduling"]),
    ],
)
def test_an_order_fails_in_its_own_way(
    account: EventAccount, failure: str, seconds: float, status: str, restarts: int, reasons: list[str]
) -> None:
    account.happen("deploy", failure=failure, **SHOP)
    account.wait(seconds - 1)
    assert account.orders()[0] == (60003, 1, 0)
    account.wait(1)
    assert account.orders()[0] == (60003, 3, 2)
    assert account.states() == [(status, "ABNORMAL", restarts)] * 2
    assert [one["Reason"] for one in account.events()] == reasons
    pods = account.page("ListPods", DeployOrderId=60003)["Data"]
    assert {one["DeploySteps"][0]["Status"] for one in pods} == {"FAIL"}
    account.happen("deploy", **SHOP)
    account.wait(12)
    assert account.states() == [("Normal", "RUNNING", 0)] * 2


def test_the_failures_have_their_types_in_the_event_monitor(account: EventAccount) -> None:
    account.happen("deploy", failure="health_check", **SHOP)
    account.wait(3)
    (shown,) = account.events(EventType="READINESS_FAILED", EventLevel="Warning")
    assert shown["Message"] == "Readiness probe failed: HTTP status code 503"
    account.happen("close", **SHOP)
    assert account.states() == [("Failed", "ABNORMAL", 0)] * 2
    account.happen("deploy", failure="image_pull", image="r/gone:1", **SHOP)
    account.wait(3)
    assert [one["Message"] for one in account.events(EventType="POD_FAILED")] == [
        "Failed to pull image r/gone:1: not found",
        "Back-off pulling image r/gone:1",
    ]
    log = account.call("DescribePodLog", DeployOrderId=60004, AppInstId=account.pod())["DeployStepList"][0]
    assert log["StepLog"] == f"{account.pod()} waits for its image"


def test_a_later_batch_fails(account: EventAccount) -> None:
    account.happen("deploy", failure="image_pull", failure_batch=2, batches=2, **SHOP)
    account.wait(612)
    assert account.orders()[0] == (60003, 3, 2)
    assert account.states() == [("Normal", "RUNNING", 0), ("Failed", "ABNORMAL", 0)]
    detail = account.call("DescribeDeployOrderDetail", DeployOrderId=60003)
    assert (detail["CurrentPartitionNum"], detail["FailureRate"], detail["FinishAppInstanceCt"]) == (2, "0.5", 1)


def test_an_order_names_its_user(account: EventAccount) -> None:
    account.happen("scale", replicas=3, user_id="1002", **SHOP)
    account.wait(12)
    (shown,) = account.page("ListDeployOrders", EnvId=20001, DeployCategory="scale")["Data"]
    assert (shown["UserId"], shown["UserNick"], shown["TotalAppInstanceCt"]) == ("1002", "李四", 1)
    assert len(account.instances()) == 3


def test_a_job_is_deployed_whose_runs_fail(account: EventAccount) -> None:
    account.happen("deploy", env_id=20002, failure="job")
    account.wait(3600 + 30)
    assert account.runs() == [("2026-01-05 09:00:00", 0, 1)]


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"kind": "deploy"}, "a deploy entry needs env_id"),
        ({"kind": "deploy", "env_id": 29999}, "there is no environment 29999"),
        ({"kind": "deploy", "env_id": "20001"}, "env_id is '20001', not of type int"),
        ({"kind": "deploy", **SHOP, "user_id": "9"}, "there is no user '9'; there are 1001, 1002, dt-1003"),
        ({"kind": "deploy", **SHOP, "batches": 0}, "batches is 0, not from 1 to 1000"),
        ({"kind": "deploy", **SHOP, "batches": None}, "batches is null"),
        ({"kind": "deploy", **SHOP, "failure": "odd"}, "failure is 'odd', not one of fail, crash, pending, image_pull"),
        ({"kind": "deploy", **SHOP, "pause": "last"}, "pause is 'last', not one of none, first, each"),
        ({"kind": "deploy", **SHOP, "packet_id": 1}, "Code package 1 does not exist."),
        ({"kind": "deploy", **SHOP, "replicas": 1}, "a deploy entry has no option replicas"),
        ({"kind": "scale", **SHOP}, "a scale entry needs replicas"),
        ({"kind": "scale", "env_id": 20002, "replicas": 1}, "Apps of scheduled jobs have no instances to scale."),
        ({"kind": "resume", **SHOP}, "environment 20001 has no unfinished deploy order"),
        ({"kind": "close", **SHOP}, "environment 20001 has no unfinished deploy order"),
    ],
)
def test_orders_that_cannot_be(account: EventAccount, entry: dict[str, Any], message: str) -> None:
    assert account.error("timeline", entry).startswith(message)


def test_one_unfinished_order_at_a_time(account: EventAccount) -> None:
    account.happen("deploy", **SHOP)
    assert "has an unfinished deploy order 60003" in account.error("timeline", {"kind": "deploy", **SHOP})
    assert account.error("timeline", {"kind": "resume", **SHOP}) == "deploy order 60003 is not paused"


def test_orders_of_all_apps_are_read_in_pages(account: EventAccount) -> None:
    for number in range(5):
        account.happen("deploy", name=f"n{number}", **SHOP)
        account.happen("close", **SHOP)
    pages = [account.page("ListDeployOrders", number, 3) for number in (1, 2, 3)]
    assert [page["TotalCount"] for page in pages] == [7] * 3
    assert [one["DeployOrderId"] for page in pages for one in page["Data"]] == list(range(60007, 60000, -1))
