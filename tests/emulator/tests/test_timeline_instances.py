# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances on the timeline: they get abnormal, restart, crash in a loop, run again, and are replaced."""

from __future__ import annotations

from typing import Any

import pytest

from support.event_account import SHOP, EventAccount

FIRST = {"env_id": 20001}
WELL, ABNORMAL = ("Normal", "RUNNING", 0), ("Failed", "ABNORMAL", 0)


@pytest.fixture
def account() -> EventAccount:
    """An account at 08:00:20 with two instances that run."""
    return EventAccount()


def last_event(account: EventAccount, pod: str | None = None) -> tuple[str, str, str]:
    """Reason, level and message of the last event of a pod."""
    shown = account.events(pod)[-1]
    return shown["Reason"], shown["Level"], shown["Message"]


def test_an_instance_gets_abnormal_and_runs_again(account: EventAccount) -> None:
    account.happen("instance_abnormal", in_s=60, position=1, reason="Unhealthy", message="Liveness failed", **FIRST)
    account.happen("instance_recover", in_s=120, position=1, **FIRST)
    account.wait(60)
    assert account.states() == [WELL, ABNORMAL]
    assert last_event(account, account.pod(1)) == ("Unhealthy", "Warning", "Liveness failed")
    assert len(account.events(account.pod(1), EventType="LIVENESS_FAILED")) == 1
    account.wait(60)
    assert account.states() == [WELL, WELL]
    assert last_event(account, account.pod(1)) == ("Started", "Normal", "Started container")


@pytest.mark.parametrize("status", ["Failed", "Unknown", "Stopped", "Pending", "ToBeSchedule"])
def test_the_status_of_an_abnormal_instance(account: EventAccount, status: str) -> None:
    account.happen("instance_abnormal", app_instance_id=account.pod(), status=status)
    assert account.states() == [(status, "ABNORMAL", 0), WELL]
    account.wait(10_000)
    assert account.states()[0] == (status, "ABNORMAL", 0)
    account.call("RebuildAppInstance", AppInstanceId=account.pod(), **SHOP)
    account.wait(10)
    assert account.states() == [WELL, WELL]


def test_an_instance_restarts_and_comes_back(account: EventAccount) -> None:
    name, created = account.pod(), account.instances()[0]["CreateTime"]
    account.happen("instance_restart", in_s=30, times=2, reason="OOMKilled", exit_code=137, down_s=20, **FIRST)
    account.wait(30)
    assert account.states() == [("Starting", "ABNORMAL", 2), WELL]
    message = "Container restarted; last state: Terminated, reason OOMKilled, exit code 137"
    assert last_event(account) == ("OOMKilled", "Warning", message)
    account.wait(20)
    assert account.states() == [("Normal", "RUNNING", 2), WELL]
    assert (account.pod(), account.instances()[0]["CreateTime"]) == (name, created)
    account.happen("instance_restart", **FIRST)
    assert account.states()[0] == ("Starting", "ABNORMAL", 3)
    account.call("RebuildAppInstance", AppInstanceId=name, **SHOP)
    account.wait(10)
    assert account.states() == [WELL, WELL]


def test_a_crash_loop_counts_restarts_until_it_is_mended(account: EventAccount) -> None:
    account.happen("instance_restart", **FIRST)
    account.wait(10)
    account.happen("instance_crash_loop", exit_code=2, **FIRST)
    counted = []
    for _dummy in range(4):
        counted.append(account.states()[0])
        account.wait(30)
    assert counted == [("Failed", "ABNORMAL", number) for number in (2, 3, 4, 5)]
    message = "Back-off restarting failed container; last state: Terminated, reason Error, exit code 2"
    assert last_event(account) == ("BackOff", "Warning", message)
    logs = account.call("DescribePodContainerLogList", PodName=account.pod(), Line=5, **SHOP)["ContainerLogList"]
    assert "giving up" in logs[0]["Content"]
    account.happen("instance_recover", **FIRST)
    account.wait(1000)
    assert account.states()[0] == ("Normal", "RUNNING", 6)


@pytest.mark.parametrize("heals", [False, True])
def test_a_rebuild_mends_a_crash_loop_or_not(account: EventAccount, heals: bool) -> None:
    account.happen("instance_crash_loop", healed_by_rebuild=heals, **FIRST)
    account.wait(95)
    account.call("RebuildAppInstance", AppInstanceId=account.pod(), **SHOP)
    assert account.states()[0] == ("Starting", "ABNORMAL", 0)
    account.wait(60)
    assert account.states()[0] == (WELL if heals else ("Failed", "ABNORMAL", 2))


def test_a_release_ends_a_crash_loop(account: EventAccount) -> None:
    account.happen("instance_crash_loop", **FIRST)
    account.happen("deploy", **FIRST)
    account.wait(12)
    assert account.states() == [WELL, WELL]


def test_an_instance_is_replaced_by_one_of_the_same_release(account: EventAccount) -> None:
    account.happen("deploy", image="r/shop:1.7", **FIRST)
    account.wait(12)
    old, other = account.pod(), account.pod(1)
    logged = account.happen("instance_replace", app_instance_id=old)
    assert [one["AppInstanceId"] for one in account.instances()] == [other, logged["replaced_by"]]
    assert account.states() == [WELL, ("Starting", "ABNORMAL", 0)]
    assert last_event(account, old) == ("Evicted", "Warning", "The pod is removed: Evicted")
    assert len(account.events(old, EventType="EVICTED_BY_NODE")) == 1
    account.wait(10)
    assert account.states() == [WELL, WELL]
    assert {one["Version"] for one in account.instances()} == {"1.7"}
    assert [one["deploy_order_id"] for one in account.get("instances")] == [60003, 60003]


def test_the_traffic_follows(account: EventAccount) -> None:
    account.access_point()
    account.happen("instance_abnormal", in_s=5, **FIRST)
    account.happen("instance_recover", in_s=10, **FIRST)
    account.happen("instance_crash_loop", in_s=15, **FIRST)
    account.happen("instance_replace", in_s=20, **FIRST)
    account.wait(60)
    found = [(one["time"][-6:], one["answering"]) for one in account.get("traffic/changes")]
    assert found == [("00:20Z", 2), ("00:25Z", 1), ("00:30Z", 2), ("00:35Z", 1), ("00:50Z", 2)]


def test_a_position_counts_at_the_moment_of_the_entry(account: EventAccount) -> None:
    """And an entry whose instance has gone is logged as failed."""
    gone = account.pod()
    account.happen("instance_replace", in_s=10, **FIRST)
    account.happen("instance_restart", in_s=30, position=1, **FIRST)
    account.happen("instance_restart", in_s=30, app_instance_id=gone)
    account.happen("instance_restart", in_s=30, position=2, **FIRST)
    account.wait(30)
    assert [one["RestartCount"] for one in account.instances()] == [0, 1]
    assert [one.get("problem") for one in account.log(2)] == [
        f"there is no instance {gone}",
        "environment 20001 has 2 instances, none at position 2",
    ]


@pytest.mark.parametrize("kind", ["instance_abnormal", "instance_restart", "instance_crash_loop", "instance_recover"])
@pytest.mark.parametrize(
    ("target", "message"),
    [
        ({}, "an instance is named by app_instance_id, or by env_id with position"),
        ({"app_instance_id": "x", "env_id": 20001}, "an instance is named by app_instance_id, or by env_id with"),
        ({"app_instance_id": "x", "position": 0}, "position needs env_id"),
        ({"app_instance_id": "x"}, "there is no instance x"),
        ({"env_id": 29999}, "there is no environment 29999"),
        ({"env_id": 20001, "position": 2}, "environment 20001 has 2 instances, none at position 2"),
        ({"env_id": 20001, "position": -1}, "position is negative"),
        ({"env_id": 20002}, "environment 20002 has 0 instances, none at position 0"),
    ],
)
def test_instances_that_do_not_exist(account: EventAccount, kind: str, target: dict[str, Any], message: str) -> None:
    assert account.error("timeline", {"kind": kind, **target}).startswith(message)


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"kind": "instance_recover"}, "is Normal already"),
        ({"kind": "instance_abnormal", "status": "Normal"}, "not one of Failed, Unknown, Stopped, Pending"),
        ({"kind": "instance_abnormal", "level": "Fatal"}, "level is 'Fatal', not one of Normal, Warning, Error"),
        ({"kind": "instance_abnormal", "reason": ""}, "reason is empty or longer than 10000 characters"),
        ({"kind": "instance_restart", "times": 0}, "times is 0, not from 1 to 1000000"),
        ({"kind": "instance_restart", "exit_code": 256}, "exit_code is 256, not from 0 to 255"),
        ({"kind": "instance_restart", "down_s": -1}, "down_s is -1, not from 0 to"),
        ({"kind": "instance_crash_loop", "healed_by_rebuild": "yes"}, "not of type bool"),
    ],
)
def test_what_cannot_happen_to_an_instance(account: EventAccount, entry: dict[str, Any], message: str) -> None:
    assert message in account.error("timeline", {**FIRST, **entry})


def test_nothing_happens_twice_or_to_an_instance_that_leaves(account: EventAccount) -> None:
    account.happen("instance_crash_loop", **FIRST)
    for kind, problem in (("instance_crash_loop", "is broken already"), ("instance_abnormal", "is Failed already")):
        assert account.error("timeline", {"kind": kind, **FIRST}).endswith(problem)
    account.happen("scale", replicas=0, **FIRST)
    account.wait(2)
    assert account.error("timeline", {"kind": "instance_restart", **FIRST}).endswith("is going offline")
