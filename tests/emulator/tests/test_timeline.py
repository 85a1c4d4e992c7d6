# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The timeline on the control side: moments, lists, the log, storms, and what is rejected."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jst_emulator.clock import END_OF_TIME
from jst_emulator.timeline import kinds, schedule, storm
from support.controlled_account import ControlledAccount
from support.direct_account import ONLINE
from support.event_account import EventAccount
from support.scenario import environment

SHOP = {"env_id": 20001}
EVENT: dict[str, Any] = {"kind": "event", "reason": "x", **SHOP}


@pytest.fixture
def account() -> EventAccount:
    """An account at 08:00:20."""
    return EventAccount()


@pytest.fixture
def wide_account(account: EventAccount) -> EventAccount:
    """An account with six deployed environments of the shop, and one of the job."""
    for name in "bcdef":
        account.call("CreateEnvironment", **environment(10001, 30001, EnvName=name, ClusterId=ONLINE))
    for env_id in range(20003, 20008):
        account.deploy(env_id)
    account.wait(12)
    return account


def test_a_moment_is_now_later_or_a_date(account: EventAccount) -> None:
    now = account.get("clock")["now"]
    assert account.happen(**EVENT)["state"] == "done"
    assert account.happen(**EVENT, in_s=0)["state"] == "done"
    assert account.happen(**EVENT, at=now)["state"] == "done"
    for moment in (now + 60, "2026-01-05T08:01:20Z", "2026-01-05T16:01:20+08:00"):
        assert account.happen(**EVENT, at=moment)["at"] == now + 60
    assert [one["time"] for one in account.get("timeline")] == ["2026-01-05T08:01:20Z"] * 3
    account.wait(59)
    assert account.get("timeline/log")["counts"] == {"event": 3}
    account.wait(1)
    assert account.get("timeline/log")["counts"] == {"event": 6}
    assert account.get("timeline") == []


def test_a_list_is_checked_before_anything_happens(account: EventAccount) -> None:
    body = [EVENT, {"kind": "resume", **SHOP, "in_s": 5}, {**EVENT, "level": "odd"}]
    assert account.error("timeline", body) == "entry 3: level is 'odd', not one of Normal, Warning, Error"
    added = account.post("timeline", body[:2]).get_json()
    assert [one["state"] for one in added] == ["done", "planned"]
    impossible = account.post("timeline", [EVENT, {"kind": "resume", **SHOP}, EVENT])
    assert impossible.status_code == 400
    message = "entry 2, after those before it have happened: environment 20001 has no unfinished deploy order"
    assert impossible.get_json() == {"error": message}
    assert account.get("timeline/log")["counts"] == {"event": 2}


def test_entries_of_one_moment_happen_in_their_order(account: EventAccount) -> None:
    entries = [{"kind": "instance_abnormal", **SHOP}, {"kind": "instance_recover", **SHOP}, {"kind": "deploy", **SHOP}]
    account.post("timeline", [{**one, "in_s": 7} for one in entries])
    account.wait(7)
    assert [(one["kind"], one["state"]) for one in account.log()] == [
        *[("instance_abnormal", "done"), ("instance_recover", "done"), ("deploy", "done")]
    ]


def test_what_is_planned_is_cancelled(account: EventAccount) -> None:
    account.happen(**EVENT)
    account.happen(**EVENT, in_s=5)
    account.delete("timeline")
    account.wait(5)
    assert account.get("timeline/log")["counts"] == {"event": 1}
    account.happen(**EVENT, in_s=5)
    account.post("reset")
    assert (account.get("timeline"), account.log()) == ([], [])


def test_a_save_point_has_log_and_plan_of_its_time(account: EventAccount) -> None:
    account.happen(**EVENT)
    account.happen(**EVENT, in_s=5)
    account.post("savepoints/one")
    for _dummy in range(2):
        account.wait(5)
        assert account.get("timeline/log")["counts"] == {"event": 2}
        account.post("savepoints/one/restore")
        assert (account.get("timeline/log")["counts"], len(account.log())) == ({"event": 1}, 1)
        assert len(account.get("timeline")) == 1


def test_the_log_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "LOG_KEPT", 50)
    account = EventAccount()
    account.happen("storm", steps=200, kinds=["event"])
    assert [one["seq"] for one in account.log()] == list(range(151, 201))
    assert [one["seq"] for one in account.log(198)] == [199, 200]
    assert account.get("timeline/log")["counts"] == {"event": 200}


def test_a_storm_comes_at_its_rate(wide_account: EventAccount) -> None:
    planned = wide_account.happen("storm", in_s=28, steps=200, over_s=10, seed=7)
    assert (planned["steps_left"], planned["state"]) == (200, "planned")
    wide_account.wait(28)
    assert len(wide_account.log()) == 1
    wide_account.wait(5)
    assert len(wide_account.log()) == 101
    assert wide_account.get("timeline")[0]["steps_left"] == 99
    wide_account.wait(5)
    log = wide_account.log()
    assert [one["at"] for one in log] == pytest.approx([1767600060 + number / 20 for number in range(200)])
    assert {one["state"] for one in log} == {"done"}
    assert {one["kind"] for one in log} == set(storm.KINDS)
    assert {one["part_of"] for one in log} == {"storm"}


def test_a_storm_is_what_its_log_says(wide_account: EventAccount) -> None:
    """Restarts, orders, runs and events, as the reading operations show them."""
    account, envs = wide_account, (20001, *range(20003, 20008))
    account.happen("storm", steps=300, over_s=25, seed=3, kinds=[one for one in storm.KINDS if one != "deploy"])
    account.wait(25)
    log = account.log()
    restarts = Counter(one["app_instance_id"] for one in log if one["kind"] == "instance_restart")
    instances = [one for env_id in envs for one in account.page("ListAppInstance", AppId=10001, EnvId=env_id)["Data"]]
    shown = {one["AppInstanceId"]: one["RestartCount"] for one in instances}
    assert shown == {pod: restarts[pod] for pod in shown}
    assert sum(shown.values()) > 0
    messages = [one["message"] for one in log if one["kind"] == "event"]
    read = {(one["env_id"], one["pod_name"]) for one in log if one["kind"] == "event"}
    found = [one["Message"] for env_id, pod in read for one in account.events(pod, EnvId=env_id)]
    assert sorted(one for one in found if one.startswith("storm ")) == sorted(messages)
    runs = Counter(one["outcome"] for one in log if one["kind"] == "job_run")
    account.wait(30)
    assert (len(account.runs("SUCCESS")), len(account.runs("FAILED"))) == (runs["succeed"], runs["fail"])
    account.happen("storm", steps=5, kinds=["deploy"])
    orders = [one["deploy_order_id"] for one in account.log(300)]
    assert [number for number, _status, _result in account.orders()[:5]] == orders[::-1]


def test_the_same_seed_makes_the_same_storm(account: EventAccount) -> None:
    account.post("savepoints/before")

    def blow(seed: int) -> list[tuple[str, Any]]:
        account.post("savepoints/before/restore")
        account.happen("storm", steps=100, over_s=20, seed=seed, late_s=5)
        account.wait(20)
        return [(one["kind"], one.get("app_instance_id")) for one in account.log()]

    assert blow(1) == blow(1) != blow(2)


def test_a_storm_of_chosen_kinds_and_environments(account: EventAccount) -> None:
    account.happen("storm", steps=20, kinds=["job_run"], env_ids=[20002])
    assert account.get("timeline/log")["counts"] == {"job_run": 20}
    problem = account.error("timeline", {"kind": "storm", "steps": 3, "kinds": ["job_run"], "env_ids": [20001]})
    assert problem == "none of job_run is possible: there is no deployed environment of scheduled jobs"


def test_late_events_of_a_storm(account: EventAccount) -> None:
    account.wait(600)
    account.happen("storm", steps=50, kinds=["event"], late_s=300)
    times = {one["EventTime"] for one in account.events() if one["Message"].startswith("storm")}
    assert len(times) > 3
    assert min(times) >= "2026-01-05T08:05Z"
    assert max(times) <= "2026-01-05T08:10Z"


def test_a_storm_is_one_entry_in_memory(account: EventAccount) -> None:
    account.happen("storm", in_s=1, steps=1_000_000, over_s=1000, kinds=["event"])
    assert len(account.emulator.world.timeline._planned) == 1


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (7, "an entry is an object with at least a kind"),
        ({}, "unknown kind None; known: deploy, scale, resume, close, instance_abnormal"),
        ({"kind": "eclipse"}, "unknown kind 'eclipse'; known: deploy,"),
        ({"kind": ["event"]}, "unknown kind ['event']; known: deploy,"),
        ([7], "entry 1: an entry is an object with at least a kind"),
        ({**EVENT, "at": 1, "in_s": 1}, "an entry takes in_s or at, not both"),
        ({**EVENT, "at": 1}, "at is 1, which is before the virtual time 2026-01-05T08:00:20Z"),
        ({**EVENT, "at": "soon"}, "at is 'soon', neither epoch seconds nor a moment such as 2026-01-05T09:00:00Z"),
        ({**EVENT, "at": True}, "at is True, neither epoch seconds"),
        ({**EVENT, "at": [1]}, "at is [1], neither epoch seconds"),
        ({**EVENT, "at": END_OF_TIME + 10}, "the moment is beyond the year 9998"),
        ({**EVENT, "in_s": END_OF_TIME}, "the moment is beyond the year 9998"),
        ({**EVENT, "in_s": -1}, "in_s is -1, not from 0 to"),
        ({**EVENT, "in_s": "1"}, "in_s is '1', not of type float"),
        ({"kind": "storm"}, "a storm entry needs steps"),
        ({"kind": "storm", "steps": 0}, "steps is 0, not from 1 to 1000000"),
        ({"kind": "storm", "steps": 1, "kinds": []}, "kinds is not a list of event, instance_restart,"),
        ({"kind": "storm", "steps": 1, "kinds": [{}]}, "kinds is not a list of event, instance_restart,"),
        ({"kind": "storm", "steps": 1, "kinds": ["storm"]}, "kinds is not a list of event, instance_restart,"),
        ({"kind": "storm", "steps": 1, "env_ids": []}, "env_ids is not a list of ids of environments"),
        ({"kind": "storm", "steps": 1, "env_ids": [1]}, "there is no environment 1"),
        ({"kind": "storm", "steps": 1, "over_s": END_OF_TIME}, f"over_s is {END_OF_TIME}, not from 0 to 2000000000"),
        ({"kind": "storm", "steps": 1, "at": END_OF_TIME - 1, "over_s": 2}, "the moment is beyond the year 9998"),
        ({"kind": "storm", "steps": 1, "late_s": 1_900_000_000}, "late_s is 1900000000, which leads to a time before"),
        ({**EVENT, "late_s": 1_900_000_000}, "late_s is 1900000000, which leads to a time before 1970"),
    ],
)
def test_entries_that_make_no_sense(account: EventAccount, body: Any, message: str) -> None:
    assert account.error("timeline", body).startswith(message)


def test_a_storm_without_a_deployed_environment_is_rejected() -> None:
    account = ControlledAccount()
    assert account.error("timeline", {"kind": "storm", "steps": 1}).startswith("none of event, instance_restart,")


def test_the_catalogue_has_the_kinds(account: EventAccount) -> None:
    shown = account.get("catalogue")["timeline"]
    assert list(shown) == list(kinds.KINDS)
    assert [one["name"] for one in shown["close"]["options"]] == ["in_s", "at", "env_id"]


VALUES: st.SearchStrategy[Any] = st.one_of(
    *(st.none(), st.booleans(), st.integers(), st.floats(), st.text(), st.lists(st.integers()), st.just({}))
)
OPTIONS = sorted({"in_s", "at", *(name for kind in kinds.KINDS.values() for name in kind.options)})


@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(kind=st.sampled_from(list(kinds.KINDS)), values=st.dictionaries(st.sampled_from(OPTIONS), VALUES, max_size=4))
def test_whatever_is_sent_is_done_or_rejected(account: EventAccount, kind: str, values: dict[str, Any]) -> None:
    """And time goes on afterwards."""
    body = {"kind": kind, "env_id": 20001, "reason": "x", "outcome": "fail", **values}
    known = {**body, "steps": 2, "replicas": 1}
    wanted = {*kinds.KINDS[kind].options, *values, "kind"}
    response = account.post("timeline", {name: value for name, value in known.items() if name in wanted})
    assert response.status_code in (200, 400), response.text
    assert response.status_code == 200 or list(response.get_json()) == ["error"]
    account.get("timeline")
