# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Traffic: the instances that answer at access points and services, and its changes over virtual time."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from jst_emulator.traffic import answers
from support.controlled_account import ControlledAccount, with_ports
from support.direct_account import ONLINE, DirectAccount, workload


@pytest.fixture
def account() -> ControlledAccount:
    """An account with a release of two instances that open port 8080, and an access point that leads there."""
    made = ControlledAccount()
    made.environment(with_ports("8080"))
    made.access_point()
    made.deploy()
    made.wait(12)
    return made


def traffic(account: ControlledAccount) -> list[tuple[int, int, str]]:
    """Answering and refusing instances and state, by endpoint."""
    return [(one["answering"], one["refusing"], one["state"]) for one in account.get("traffic")]


def changes(account: ControlledAccount, since: int = 0) -> list[tuple[str, Any, int, int, str]]:
    """Time, target port, answering and refusing instances and state, by change."""
    return [
        (one["time"][-6:], one["target_port"], one["answering"], one["refusing"], one["state"])
        for one in account.get(f"traffic/changes?since={since}")
    ]


def last(account: ControlledAccount) -> int:
    """The number of the last change."""
    return int(account.get("traffic/changes")[-1]["seq"])


def test_an_access_point_and_a_service_port_are_shown_whole(account: ControlledAccount) -> None:
    account.service("8080")
    shared = {"env_id": 20001, "environment": "production", "answering": 2, "refusing": 0, "state": "open"}
    access_point, service = account.get("traffic")
    assert access_point == {
        **shared,
        **{"kind": "slb_access_point", "id": 40001, "name": "ap-8080", "port": 8080, "port_name": None},
        **{"protocol": "HTTP", "target_port": 8080},
    }
    assert service == {
        **shared,
        **{"kind": "service_port", "id": 50001, "name": "8080", "port": 80, "port_name": "http"},
        **{"protocol": "TCP", "target_port": 8080},
    }
    first, *_others, newest = account.get("traffic/changes")
    assert (first["seq"], first["time"], first["at"]) == (1, "2026-01-05T08:00:00Z", 1767600000)
    assert {name: value for name, value in newest.items() if name not in ("seq", "time", "at")} == service


def test_no_instances_are_not_a_closed_port() -> None:
    account = ControlledAccount()
    account.environment(with_ports("80"))
    account.access_point()
    assert traffic(account) == [(0, 0, "no_instances")]
    account.deploy()
    account.wait(11)
    assert traffic(account) == [(0, 0, "no_instances")]
    account.wait(1)
    assert traffic(account) == [(0, 2, "closed")]
    account.call("ScaleApp", EnvId=20001, Replicas=0, TotalPartitions=1)
    account.wait(20)
    assert traffic(account) == [(0, 0, "no_instances")]


def test_a_stored_port_opens_with_the_deployment_and_not_before(account: ControlledAccount) -> None:
    account.update(with_ports("9090"))
    assert traffic(account) == [(2, 0, "open")]
    account.deploy(TotalPartitions=2, PauseType="first")
    account.wait(12)
    assert traffic(account) == [(1, 1, "partly_open")]
    account.call("ResumeDeploy", DeployOrderId=60002)
    account.wait(10)
    assert traffic(account) == [(0, 2, "closed")]
    account.call("ModifySlbAP", SlbAPId=40001, RealServerPort=9090)
    assert traffic(account) == [(2, 0, "open")]


def test_a_jump_of_the_clock_logs_every_batch_at_its_time(account: ControlledAccount) -> None:
    seen = last(account)
    account.update(with_ports("9090"))
    account.deploy(TotalPartitions=2)
    account.wait(1000)
    assert changes(account, seen) == [
        ("00:14Z", 8080, 1, 0, "open"),
        ("00:24Z", 8080, 0, 1, "closed"),
        ("00:34Z", 8080, 0, 2, "closed"),
    ]


def test_a_call_that_is_executed_is_logged_at_once(account: ControlledAccount) -> None:
    seen = last(account)
    account.call("ModifySlbAP", SlbAPId=40001, RealServerPort=9090)
    account.call("ModifySlbAP", SlbAPId=40001, RealServerPort=8080)
    account.wait(5)
    account.call("ModifySlbAP", SlbAPId=40001, Name="other")
    account.call("DescribeSlbAPDetail", SlbAPId=40001)
    account.call("DeleteSlbAP", SlbAPId=40001)
    assert changes(account, seen) == [
        ("00:12Z", 9090, 0, 2, "closed"),
        ("00:12Z", 8080, 2, 0, "open"),
        ("00:17Z", 8080, 0, 0, "deleted"),
    ]
    assert [one["seq"] for one in account.get("traffic/changes")] == list(range(1, seen + 4))
    assert account.get("traffic") == []


def test_the_first_moment_of_a_closed_port_is_found(account: ControlledAccount) -> None:
    """Access points that are moved before the deployment, and after it."""
    account.update(with_ports("9090"))
    for moved_first in (True, False):
        account.post("savepoints/before")
        seen = last(account)
        if moved_first:
            account.call("ModifySlbAP", SlbAPId=40001, RealServerPort=9090)
        account.deploy()
        account.wait(15)
        account.call("ModifySlbAP", SlbAPId=40001, RealServerPort=9090)
        closed = [one for one in account.get(f"traffic/changes?since={seen}") if one["state"] == "closed"]
        assert closed[0]["time"] == ("2026-01-05T08:00:12Z" if moved_first else "2026-01-05T08:00:24Z")
        account.post("savepoints/before/restore")


def test_a_rebuilt_instance_does_not_answer_until_it_runs(account: ControlledAccount) -> None:
    seen, name = last(account), account.get("instances")[0]["app_instance_id"]
    account.call("RebuildAppInstance", AppId=10001, EnvId=20001, AppInstanceId=name)
    account.deploy()
    account.wait(1000)
    assert changes(account, seen) == [
        ("00:12Z", 8080, 1, 0, "open"),
        ("00:14Z", 8080, 0, 0, "no_instances"),
        ("00:24Z", 8080, 2, 0, "open"),
    ]


def test_changes_of_a_jump_come_in_the_order_of_time(account: ControlledAccount) -> None:
    """A rebuilt instance runs before an order ends that began after the rebuilding."""
    seen, name = last(account), account.get("instances")[0]["app_instance_id"]
    account.call("ScaleApp", EnvId=20001, Replicas=4, TotalPartitions=2)
    account.call("RebuildAppInstance", AppId=10001, EnvId=20001, AppInstanceId=name)
    account.wait(5)
    account.wait(1000)
    assert changes(account, seen) == [
        ("00:12Z", 8080, 1, 0, "open"),
        ("00:22Z", 8080, 2, 0, "open"),
        ("00:24Z", 8080, 3, 0, "open"),
        ("00:34Z", 8080, 4, 0, "open"),
    ]


@pytest.mark.parametrize("word", ["fail", "crash", "pending"])
def test_an_instance_that_does_not_start_answers_nothing(account: ControlledAccount, word: str) -> None:
    account.deploy(image=f"r/{word}:1")
    account.wait(1000)
    assert traffic(account) == [(0, 0, "no_instances")]


def test_a_named_target_port_is_that_of_each_instance(account: ControlledAccount) -> None:
    account.service("web")
    assert traffic(account)[1] == (0, 2, "closed")
    account.update(with_ports("{name: web, containerPort: 9000}"))
    account.deploy(TotalPartitions=2, PauseType="first")
    account.wait(12)
    assert traffic(account)[1] == (1, 1, "partly_open")
    assert account.get("traffic")[1]["target_port"] == "web"


TWO = with_ports("8080", "{name: dns, containerPort: 53, protocol: UDP}")


@pytest.mark.parametrize(
    ("text", "target", "protocol", "opened"),
    [
        (TWO, 8080, "HTTPS", True),
        (TWO, 8080, "TCP", True),
        (TWO, 8080, "UDP", False),
        (TWO, 53, "UDP", True),
        (TWO, 53, "TCP", False),
        (TWO, "dns", "UDP", True),
        (TWO, "dns", "TCP", False),
        (TWO, 9090, "TCP", False),
        (workload(), 9090, "TCP", True),
        (workload(), 53, "UDP", True),
        (workload(), "dns", "UDP", False),
        ("", 8080, "TCP", True),
        (with_ports("1").replace("containers:", "initContainers:"), 2, "TCP", True),
    ],
)
def test_where_an_instance_answers(text: str, target: int | str, protocol: str, opened: bool) -> None:
    """Without a declared port everywhere; a name leads nowhere then."""
    assert answers(text, target, protocol) is opened


def test_ports_of_all_containers_count() -> None:
    text = workload("Deployment", "r/a:1", "r/b:1")
    text = text.replace("b:1'", "b:1', ports: [{containerPort: 9090}]")
    assert (answers(text, 9090, "TCP"), answers(text, 8080, "TCP")) == (True, False)


def test_every_environment_has_its_own_instances(account: ControlledAccount) -> None:
    other = {"AppId": 10001, "AppSchemaId": 30001, "EnvName": "b", "EnvType": 1, "Replicas": 1}
    env_id = account.call("CreateEnvironment", Region="cn-zhangjiakou", **other)["AppEnvId"]
    account.access_point(env_id, 8081)
    assert traffic(account) == [(2, 0, "open"), (0, 0, "no_instances")]
    account.call("CreateAppResourceAlloc", AppId=10001, AppEnvId=env_id, ClusterId=ONLINE)
    seen = last(account)
    account.deploy(env_id)
    account.wait(12)
    assert changes(account, seen) == [("00:24Z", 8081, 0, 1, "closed")]
    account.call("DeleteAppEnvironment", AppId=10001, EnvId=env_id, Force="true")
    assert changes(account, seen + 1) == [("00:24Z", 8081, 0, 0, "deleted")]


def test_a_restored_world_is_a_change_and_a_reset_starts_over(account: ControlledAccount) -> None:
    account.post("savepoints/open")
    account.call("ModifySlbAP", SlbAPId=40001, RealServerPort=9090)
    seen = last(account)
    account.post("savepoints/open/restore")
    assert changes(account, seen) == [("00:12Z", 8080, 2, 0, "open")]
    account.post("reset")
    assert (account.get("traffic"), account.get("traffic/changes")) == ([], [])
    account.post("savepoints/open/restore")
    account.wait(5)
    account.call("DeleteSlbAP", SlbAPId=40001)
    account.call("UpdateApp", AppId=10001, Description="no endpoint")
    assert changes(account) == [("00:12Z", 8080, 2, 0, "open"), ("00:17Z", 8080, 0, 0, "deleted")]
    account.post("savepoints/open/restore")
    assert changes(account, 2) == [("00:12Z", 8080, 2, 0, "open")]


def test_a_world_that_is_restored_after_a_reset_follows_the_clock(account: ControlledAccount) -> None:
    account.post("savepoints/then")
    account.post("reset")
    account.post("savepoints/then/restore")
    account.deploy()
    account.wait(5)
    assert account.emulator.world.now() == account.emulator.clock.now()
    assert [one["status"] for one in account.get("instances")] == ["Starting", "Starting"]


def test_a_late_delivery_is_logged_when_it_is_executed(account: ControlledAccount) -> None:
    account.arm(kind="late_delivery", action="DeleteSlbAP", seconds=30)
    with pytest.raises(ConnectionAbortedError):
        account.call("DeleteSlbAP", SlbAPId=40001)
    account.wait(30)
    assert changes(account)[-1] == ("00:42Z", 8080, 0, 0, "deleted")


def test_a_world_file_begins_with_what_it_holds(account: ControlledAccount) -> None:
    spec = {**account.get("state"), "credentials": []}
    assert changes(ControlledAccount(spec)) == [("00:00Z", 8080, 2, 0, "open")]


def test_a_copy_of_a_world_logs_to_the_same_place() -> None:
    account = DirectAccount()
    assert copy.deepcopy(account.world).traffic is account.world.traffic


@pytest.mark.parametrize("since", ["x", "-1", "9" * 5000])
def test_numbers_of_changes(account: ControlledAccount, since: str) -> None:
    with pytest.raises(AssertionError, match="not a number"):
        account.get(f"traffic/changes?since={since}")
