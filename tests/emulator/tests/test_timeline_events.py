# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Records of the event monitor on the timeline: levels, types, nodes, equal and late ones, pages, and their order."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest

from jst_emulator.handlers import monitoring
from support.controlled_account import ControlledAccount
from support.event_account import SHOP, EventAccount

POD = {"env_id": 20001}
START_MS = 1767600000_000


@pytest.fixture
def account() -> EventAccount:
    """An account at 08:00:20 whose pods have three events each."""
    return EventAccount()


def reasons(account: EventAccount, **filters: Any) -> list[str]:
    """The reasons of the events of the oldest instance."""
    return [one["Reason"] for one in account.events(**filters)]


def test_a_record_has_the_members_of_the_reference(account: EventAccount) -> None:
    given = {"level": "Error", "event_type": "POD_FAILED", "reason": "Odd", "message": "m", "count": 3}
    assert account.happen("event", in_s=60, **given, **POD)["state"] == "planned"
    assert reasons(account) == ["Scheduled", "Pulled", "Started"]
    account.wait(60)
    assert account.events(EventLevel="Error") == [
        {
            "Count": 3,
            "EventTime": "2026-01-05T08:01Z",
            "HostName": "i-emu-node-1",
            "Kind": "Pod",
            "Level": "Error",
            "Message": "m",
            "NameSpace": "jck-namespace-10001",
            "PodName": account.pod(),
            "Reason": "Odd",
        }
    ]
    (logged,) = account.log()
    assert (logged["pod_name"], len(logged["event_ids"])) == (account.pod(), 1)


@pytest.mark.parametrize("level", ["Normal", "Warning", "Error"])
@pytest.mark.parametrize(
    "event_type",
    [None, "POD_FAILED", "READINESS_FAILED", "LIVENESS_FAILED", "EVICTED_BY_NODE", "RESOURCE_INSUFFICIENT"],
)
def test_levels_and_types_are_filters(account: EventAccount, level: str, event_type: str | None) -> None:
    account.happen("event", level=level, event_type=event_type, reason="Mine", **POD)
    other = "POD_FAILED" if event_type != "POD_FAILED" else "LIVENESS_FAILED"
    assert reasons(account)[-1] == "Mine"
    filters = {"EventLevel": level} if event_type is None else {"EventLevel": level, "EventType": event_type}
    assert "Mine" in reasons(account, **filters)
    assert "Mine" not in reasons(account, EventType=other)
    assert "Mine" not in reasons(account, EventLevel="Error" if level != "Error" else "Normal")


def test_a_record_of_a_node_concerns_every_instance_on_it(account: EventAccount) -> None:
    """The operation reads the events of one pod, so a record names it."""
    account.happen("scale", replicas=5, **POD)
    account.wait(12)
    entry = {"object": "Node", "host": "i-emu-node-1", "reason": "NodeNotReady", "event_type": "EVICTED_BY_NODE"}
    logged = account.happen("event", **entry)
    assert len(logged["event_ids"]) == 2
    found = [one for pod in range(5) for one in account.events(account.pod(pod), EventType="EVICTED_BY_NODE")]
    assert {(one["Kind"], one["HostName"], one["Reason"]) for one in found} == {
        ("Node", "i-emu-node-1", "NodeNotReady")
    }
    assert len({one["PodName"] for one in found}) == len(found) == 2


def test_a_late_record_stands_among_the_older_ones(account: EventAccount) -> None:
    """Those who have read on never see it at the end of the list."""
    account.happen("event", in_s=70, reason="Young", **POD)
    account.happen("event", in_s=120, reason="Late", late_s=90, **POD)
    account.wait(119)
    assert reasons(account)[-1] == "Young"
    since = {"StartTime": START_MS + 60_000, "EndTime": START_MS + 139_000}
    assert reasons(account, **since) == ["Young"]
    account.wait(1)
    shown = account.events()[3:]
    assert [(one["Reason"], one["EventTime"]) for one in shown] == [
        ("Late", "2026-01-05T08:00Z"),
        ("Young", "2026-01-05T08:01Z"),
    ]
    assert reasons(account, **since) == ["Young"]


def test_records_in_the_order_of_their_arrival() -> None:
    account = EventAccount({"settings": {"monitoring": {"event_order": "arrival"}}})
    account.happen("event", in_s=70, reason="Young", **POD)
    account.happen("event", in_s=120, reason="Late", late_s=90, **POD)
    account.wait(120)
    pod = account.pod()
    assert reasons(account)[3:] == ["Young", "Late"]
    account.post("readings", {"list_order": "newest_first"})
    assert [one["Reason"] for one in account.events(pod)[:2]] == ["Late", "Young"]


def test_equal_records_of_one_moment(account: EventAccount) -> None:
    account.happen("event", reason="Twin", message="equal", records=2, **POD)
    account.happen("event", reason="Third", message="equal", **POD)
    first, second, third = account.events()[3:]
    assert first == second
    assert (first["EventTime"], third["Reason"]) == (third["EventTime"], "Third")


def test_a_record_of_a_pod_that_has_gone(account: EventAccount) -> None:
    gone = account.pod()
    account.happen("instance_replace", app_instance_id=gone)
    account.happen("event", reason="Killed", pod_name=gone, late_s=5, **POD)
    assert [one["Reason"] for one in account.events(gone)] == ["Scheduled", "Pulled", "Started", "Killed", "Evicted"]


def test_a_record_of_the_pod_of_a_job_run(account: EventAccount) -> None:
    pod = account.happen("job_run", env_id=20002)["pod_name"]
    account.happen("event", env_id=20002, pod_name=pod, reason="DeadlineExceeded")
    log = account.call("DescribeJobLog", AppId=10002, EnvId=20002, PodName=pod)
    assert [one["Reason"] for one in log["Events"]] == ["Scheduled", "DeadlineExceeded"]


def test_a_page_costs_what_it_shows(account: EventAccount, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many events the pod has, in every order of the list."""
    account.happen("scale", replicas=1, **POD)
    account.wait(12)
    account.happen("storm", steps=3000, over_s=600, kinds=["event"], late_s=60)
    account.wait(600)
    to_response = mock.Mock(side_effect=monitoring._event_to_response)
    monkeypatch.setattr(monitoring, "_event_to_response", to_response)
    asked = {**SHOP, "PodName": account.pod(), "StartTime": 0, "EndTime": START_MS + 10_000_000}
    for order in ("documented", "newest_first"):
        account.post("readings", {"list_order": order})
        to_response.reset_mock()
        page = account.page("DescribeEventMonitorList", 7, 50, **asked)
        assert (page["TotalCount"], len(page["Data"]), to_response.call_count) == (3003, 50, 50)
    pages = [account.page("DescribeEventMonitorList", number, 500, **asked) for number in range(1, 8)]
    found = [one["Message"] for page in pages for one in page["Data"]]
    assert len(found) == 3003
    assert len({one for one in found if one.startswith("storm")}) == 3000


def test_events_are_kept_for_a_time() -> None:
    account = EventAccount({"settings": {"monitoring": {"events_kept": 60}}})
    for number in range(1, 31):
        account.happen("event", in_s=10 * number, reason=f"n{number}", **POD)
    account.wait(300)
    assert reasons(account) == [f"n{number}" for number in range(24, 31)]
    assert len(account.get("state")["events"]) == 7


def test_a_save_point_has_the_events_of_its_time(account: EventAccount) -> None:
    account.happen("event", in_s=60, reason="Later", **POD)
    account.post("savepoints/before")
    for _dummy in range(2):
        account.wait(60)
        assert reasons(account)[3:] == ["Later"]
        account.post("savepoints/before/restore")
        assert reasons(account)[3:] == []
        assert [one["kind"] for one in account.get("timeline")] == ["event"]


def test_a_world_file_has_the_events_too(account: EventAccount) -> None:
    account.happen("event", reason="Late", late_s=15, **POD)
    again = ControlledAccount({**account.get("state"), "credentials": []})
    asked: dict[str, Any] = {**SHOP, "PodName": account.pod(), "StartTime": 0, "EndTime": START_MS + 10_000_000}
    page = again.page("DescribeEventMonitorList", **asked)
    assert page["Data"] == account.events()


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ({"reason": "x"}, "an instance is named by app_instance_id, or by env_id with position"),
        (POD, "a event entry needs reason"),
        ({**POD, "reason": "x", "event_type": "ODD"}, "event_type is 'ODD', not one of POD_FAILED, READINESS_FAILED"),
        ({**POD, "reason": "x", "records": 1001}, "records is 1001, not from 1 to 1000"),
        ({**POD, "reason": "x", "late_s": None}, "late_s is null"),
        ({**POD, "reason": "x", "host": "i-emu-node-1"}, "host is for events of nodes: a pod has its own"),
        ({**POD, "reason": "x", "object": "Order"}, "object is 'Order', not one of Pod, Node"),
        ({**POD, "reason": "x", "object": "Node", "host": "i-emu-node-1"}, "an event of a node takes host, and names"),
        ({"reason": "x", "object": "Node"}, "an event of a node takes host, and names no pod"),
        ({"reason": "x", "object": "Node", "host": "i-0"}, "there is no machine 'i-0'"),
        ({"reason": "x", "object": "Node", "host": "i-emu-node-4"}, "no instance runs on i-emu-node-4"),
        ({"reason": "x", "pod_name": "p"}, "pod_name takes env_id, and no other name of an instance"),
        ({**POD, "reason": "x", "pod_name": "p", "position": 0}, "pod_name takes env_id, and no other name"),
        ({**POD, "reason": "x", "pod_name": "p"}, "environment 20001 has and had no pod 'p'"),
    ],
)
def test_records_that_cannot_be(account: EventAccount, entry: dict[str, Any], message: str) -> None:
    assert account.error("timeline", {"kind": "event", **entry}).startswith(message)
