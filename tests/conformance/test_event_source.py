# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The event source sends everything that happens once: over failures of the service, kills, and readings of lists."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import random
import shlex
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._core.timestamps import parse
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.order_states import ORDER_STATUSES
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events import runner
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.source import SourceError
from tests.conformance.contract import request_problems
from tests.conformance.event_source_runner import (
    ENVIRONMENT,
    REPORTS_ENVIRONMENT,
    SOURCE,
    Queue,
    VirtualClock,
    access_options,
    advance,
    call,
    calls,
    release,
    told,
    uuids,
    watch,
    world,
)
from tests.conformance.playbook_runner import control
from tests.tools.generate.events_page import OPERATIONS
from tests.tools.running_emulator import access, emulator

HOUR = 3600
SENT_IN_STORM = ["begun", "finished", "failed", "recorded", "restarted"]
DOCUMENTED = {"ListApp", "ListAppEnvironment"} | {
    action for operations in OPERATIONS.values() for actions in operations for action in actions
}
ORDERS: dict[str, Any] = {"watch": ["deploy_orders"]}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of an emulator with four apps, whose clock stands still."""
    with ExitStack() as stack:
        folder = tmp_path_factory.mktemp("events")
        (folder / "world.yml").write_text(yaml.safe_dump(world(shops=3)))
        options = ("--world", str(folder / "world.yml"), "--time-scale", "0")
        yield stack.enter_context(emulator(*options, log=folder / "emulator.log"))


@pytest.fixture
def address(shared: str) -> Iterator[str]:
    """Return the address of the emulator in the world with which it started.

    Afterwards, check that every request agrees with the reference, and calls what the documentation names.
    """
    control(shared, "reset", method="POST")
    yield shared
    for entry in calls(shared):
        assert not list(request_problems(entry)), entry
        assert entry["kind"] == "write" or entry["action"] in DOCUMENTED


def ends(address: str) -> int:
    """Return the number of orders that have ended, by the emulator."""
    orders = control(address, "state")["orders"]
    return sum(order["status"] == ORDER_STATUSES["finished"] for order in orders)


def warnings_of(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the warnings in the log, without the line with which a source begins."""
    return [record.message for record in caplog.records if record.levelno >= logging.WARNING]


# Deploy orders


def test_an_order_begins_pauses_and_finishes(address: str) -> None:
    batches: dict[str, Any] = {"TotalPartitions": 2, "PauseType": "first"}
    plan = [
        (60, lambda: release(address, **batches)),
        (300, lambda: call(address, "ResumeDeploy", DeployOrderId=60001)),
    ]
    events = watch(address, 600, plan=plan, **ORDERS)
    assert told(events) == ["deploy_order begun", "deploy_order paused", "deploy_order finished"]
    assert [event["meta"]["hosts"] for event in events] == [["shop"]] * 3
    assert [event["jst"]["deploy_order"]["status"] for event in events] == ["paused", "paused", "finished"]
    assert {event["jst"]["environment"]["name"] for event in events} == {"production"}
    begun, paused, finished = events
    assert begun["jst"]["time"] == begun["jst"]["deploy_order"]["start_time"]
    assert paused["jst"]["deploy_order"]["current_partition"] == 1
    assert finished["jst"]["time"] == finished["jst"]["deploy_order"]["end_time"]


def test_every_pause_is_sent(address: str) -> None:
    release(address)
    advance(address, 300)
    call(address, "ScaleApp", EnvId=ENVIRONMENT, Replicas=3)
    plan = [
        (60, lambda: release(address, TotalPartitions=3, PauseType="each")),
        (200, lambda: call(address, "ResumeDeploy", DeployOrderId=60003)),
        (400, lambda: call(address, "ResumeDeploy", DeployOrderId=60003)),
    ]
    events = watch(address, 600, plan=plan, types=["paused"], **ORDERS)
    assert [event["jst"]["deploy_order"]["current_partition"] for event in events] == [1, 2]
    assert len(set(uuids(events))) == 2


def test_a_failed_order_holds_the_logs_of_its_pods(address: str) -> None:
    plan = [(60, lambda: release(address, ContainerImageList=["registry.example.com/fail:1"]))]
    events = watch(address, 900, plan=plan, logs=True, **ORDERS)
    assert told(events) == ["deploy_order begun", "deploy_order failed"]
    assert "failed_pods" not in events[0]["jst"]
    [pod, *_others] = events[1]["jst"]["failed_pods"]
    assert pod["log"]
    assert pod["events"]


def test_a_closed_order_has_not_failed(address: str) -> None:
    plan = [
        (60, lambda: release(address, TotalPartitions=2, PauseType="first")),
        (200, lambda: call(address, "CloseDeployOrder", DeployOrderId=60001)),
    ]
    assert told(watch(address, 400, plan=plan, **ORDERS)) == [
        "deploy_order begun",
        "deploy_order paused",
        "deploy_order closed",
    ]


@pytest.mark.parametrize("start", ["now", "beginning", "later"])
def test_the_start_decides_about_what_happened_before(address: str, start: str) -> None:
    release(address)
    advance(address, 900)
    now = control(address, "clock")["iso"]
    plan = [(120, lambda: release(address, ENVIRONMENT + 2))]
    events = watch(address, 400, plan=plan, start=now if start == "later" else start, **ORDERS)
    old = ["deploy_order begun", "deploy_order finished"] if start == "beginning" else []
    assert told(events) == [*old, "deploy_order begun", "deploy_order finished"]


def test_an_order_that_runs_at_the_start_only_ends(address: str) -> None:
    release(address, TotalPartitions=2, PauseType="first")
    advance(address, 300)
    plan = [(120, lambda: call(address, "ResumeDeploy", DeployOrderId=60001))]
    assert told(watch(address, 400, plan=plan, **ORDERS)) == ["deploy_order finished"]


@pytest.mark.parametrize(
    ("options", "titles"),
    [
        ({"apps": ["shop"]}, ["shop"]),
        ({"apps": ["10003", "shop-3"]}, ["shop-2", "shop-3"]),
        ({"environments": [str(ENVIRONMENT)]}, ["shop"]),
        ({"environments": ["staging"]}, []),
        ({"env_types": ["test"]}, []),
        ({"types": ["finished"]}, ["reports", "shop", "shop-2", "shop-3"]),
    ],
)
def test_filters_select_events(address: str, options: dict[str, Any], titles: list[str]) -> None:
    plan = [(60, lambda number=number: release(address, ENVIRONMENT + number)) for number in range(4)]
    events = watch(address, 300, plan=plan, **{**ORDERS, **options})
    assert sorted({event["jst"]["app"]["title"] for event in events}) == titles
    assert sorted({host for event in events for host in event["meta"]["hosts"]}) == titles
    assert {event["jst"]["type"] for event in events} <= set(options.get("types", ["begun", "finished"]))


def test_an_app_that_appears_later_is_watched(address: str, caplog: pytest.LogCaptureFixture) -> None:
    def bring_up() -> None:
        app = {"BizCode": "JST", "Language": "Java", "OperatingSystem": "Linux", "ServiceType": "GeneralApplication"}
        owner = {"RoleName": "Owner", "UserId": "1001", "UserType": "TAOBAO"}
        call(address, "CreateApp", Title="late", StateType=1, UserRoles=[owner], **app)

    watch(address, 100, plan=[(50, bring_up)], apps=["late", "x" * 20_000], refresh_interval=60, **ORDERS)
    assert warnings_of(caplog) == [
        f"There is no app '{name}' yet. Its events are sent once it exists." for name in ("late", "x" * 100 + "...")
    ]


def test_hosts_are_named_as_the_inventory_names_them(address: str) -> None:
    plan = [(60, lambda: release(address)), (60, lambda: release(address, ENVIRONMENT + 2))]
    events = watch(address, 200, plan=plan, hosts={"shop": "web", "10003": "second"}, types=["begun"], **ORDERS)
    assert sorted(event["meta"]["hosts"][0] for event in events) == ["second", "web"]


def test_a_service_that_refuses_the_list_across_apps_is_read_app_by_app(address: str) -> None:
    # The parameter is missing in the list across apps only.
    refused = {"kind": "business", "action": "ListDeployOrders", "code": 40001, "count": 1}
    control(address, "faults", refused)
    events = watch(address, 300, plan=[(60, lambda: release(address))], **ORDERS)
    assert told(events) == ["deploy_order begun", "deploy_order finished"]
    listed = [entry["params"] for entry in calls(address) if entry["action"] == "ListDeployOrders"]
    assert {"AppId" in params for params in listed[1:]} == {True}


def test_an_order_that_lists_do_not_show_is_read_by_its_id(address: str) -> None:
    empty = {"Code": 0, "RequestId": "R-1", "Data": [], "PageNumber": 1, "PageSize": 50, "TotalCount": 0}
    hidden = {"kind": "rewrite", "action": "ListDeployOrders", "path": [], "value": empty, "for_s": HOUR}
    plan = [
        (60, lambda: release(address, TotalPartitions=2, PauseType="first")),
        (200, lambda: control(address, "faults", hidden)),
        (210, lambda: call(address, "ResumeDeploy", DeployOrderId=60001)),
    ]
    events = watch(address, 500, plan=plan, **ORDERS)
    assert told(events) == ["deploy_order begun", "deploy_order paused", "deploy_order finished"]


# The order of events


def times(events: list[dict[str, Any]]) -> list[str]:
    """Return the time of each event."""
    return [event["jst"]["time"] for event in events]


def test_the_events_of_a_round_come_oldest_first(address: str) -> None:
    """The lists of the service show what is new first."""
    for number in (0, 2, 3, 0, 2):
        image = "shop:1.0" if number else "fail:1.0"
        release(address, ENVIRONMENT + number, ContainerImageList=[f"registry.example.com/{image}"])
        advance(address, 700)
    events = watch(address, 1, start="beginning", **ORDERS)
    types = {"begun": 5, "failed": 2, "finished": 3}
    assert Counter(told(events)) == {f"deploy_order {name}": count for name, count in types.items()}
    assert times(events) == sorted(times(events))
    orders = [event["jst"]["deploy_order"]["deploy_order_id"] for event in events]
    assert orders == sorted(orders)
    assert [event["jst"]["type"] for event in events[::2]] == ["begun"] * 5


def test_orders_of_the_same_minute_come_in_the_order_of_their_ids(address: str) -> None:
    advance(address, 60 - control(address, "clock")["now"] % 60)
    for number in (3, 0, 2):
        release(address, ENVIRONMENT + number)
    advance(address, 60)
    events = watch(address, 1, start="beginning", types=["begun"], **ORDERS)
    assert len(set(times(events))) == 1
    assert [event["jst"]["deploy_order"]["deploy_order_id"] for event in events] == [60001, 60002, 60003]


def test_kinds_of_events_come_in_one_order(address: str) -> None:
    """Job runs fail, records of the event monitor are written and orders end in turn."""
    release(address, REPORTS_ENVIRONMENT)
    advance(address, 700)
    release(address, ContainerImageList=["registry.example.com/crash:1"])
    advance(address, 1500)
    release(address, ENVIRONMENT + 2)
    advance(address, 300)
    events = watch(address, 1, start="beginning", calls_per_minute=1000)
    kinds = [event["jst"]["kind"] for event in events]
    assert {"deploy_order", "job", "event"} <= set(kinds)
    # Several changes from one kind to the next: the lists were not sent one after the other.
    assert sum(earlier != later for earlier, later in pairwise(kinds)) > len(set(kinds))
    # Instances have the time at which they were read.
    assert times(events) == sorted(times(events))


def test_an_event_does_not_wait_for_a_round_that_needs_many_calls(address: str) -> None:
    for number in (0, 2, 3):
        release(address, ENVIRONMENT + number)
    advance(address, 300)
    sent: list[float] = []

    class Queue:
        async def put(self, event: Any) -> None:
            sent.append(clock.now())

    # A round needs about thirty calls, which take minutes.
    clock = VirtualClock(address, 600)
    args = {**access_options(address), "start": "beginning", "calls_per_minute": 5}
    args.update(watch=["deploy_orders", "events"], types=["begun", "recorded"])
    asyncio.run(runner.run(Queue(), args, clock))
    lists = [parse(entry["time"]).timestamp() for entry in calls(address) if entry["action"] == "ListDeployOrders"]
    # The first list of the next round, which begins when this one has ended.
    assert next(at for at in lists if at - lists[0] > 60) - sent[0] > 100


# The beginning


def test_the_source_logs_once_what_it_reads(address: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    state = str(tmp_path / "state")
    options: dict[str, Any] = {"watch": ["jobs", "deploy_orders"], "apps": ["shop", "payment"], "state_file": state}
    options.update(env_types=["online"], interval=20, access_key_secret="emulator-key-secret")

    def begun() -> str:
        [line] = [record for record in caplog.records if record.message.startswith("Reading ")]
        assert line.levelname == "INFO"
        assert "emulator-key" not in line.message
        caplog.clear()
        return line.message

    scope = f"Reading {address} every 20 to 120 s, apps 'shop', 'payment', environments of type online"
    watch(address, 100, **options)
    assert begun() == f"{scope}. deploy_orders, jobs: what happens from now on."
    watch(address, 1, **options, types=["failed", "begun"])
    line = begun()
    expected = f"{scope}, events of type begun, failed. deploy_orders, jobs: what happened since the last round in "
    assert line.startswith(f"{expected}{state}, with records since ")
    since = parse(line.rpartition(" since ")[2].removesuffix(".")).timestamp()
    assert 0 <= control(address, "clock")["now"] - since < 900
    watch(address, 1, **{**options, "watch": ["instances", "deploy_orders"]}, start="2026-01-05T00:00:00+08:00")
    line = begun()
    assert f"deploy_orders: what happened since the last round in {state}" in line
    assert line.endswith("; instances: what happened since 2026-01-04T16:00:00Z.")
    watch(address, 1, watch=["deploy_orders"], start="beginning", environments=["x" * 200])
    assert begun().endswith(f", environments '{'x' * 99}.... deploy_orders: all that the service still shows.")


def test_the_source_warns_about_a_database_that_others_can_read(address: str, caplog: pytest.LogCaptureFixture) -> None:
    # The folders of pytest are private.
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        Path(folder).chmod(0o755)
        database = Path(folder) / "engine.mv.db"
        database.touch()
        database.chmod(0o644)
        watch(address, 1, state_file=f"{folder}/state.json", **ORDERS)
    [warning] = warnings_of(caplog)
    assert "engine.mv.db, in which the engine keeps bodies of events" in warning


# What nothing may lose


def scenario(address: str, seed: int) -> list[tuple[float, Any]]:
    """Return releases of three shops at random times: some fail, some pause and go on."""
    chance = random.Random(seed)
    plan: list[tuple[float, Any]] = []
    for environment in (ENVIRONMENT, ENVIRONMENT + 2, ENVIRONMENT + 3):
        at = 0.0
        for _order in range(2):
            at += chance.uniform(650, 800)
            image = chance.choice(["shop:1.0", "fail:1.0"])
            wanted = {"ContainerImageList": [f"registry.example.com/{image}"]}
            plan.append((at, lambda environment=environment, wanted=wanted: release(address, environment, **wanted)))
    return plan


@pytest.mark.parametrize("accepts", [False, True])
def test_kills_lose_nothing_with_feedback(address: str, tmp_path: Path, accepts: bool) -> None:
    seed = random.randrange(1000)
    print(f"seed {seed}")
    chance = random.Random(seed)
    plan = scenario(address, seed)
    accepted: list[dict[str, Any]] = []
    options: dict[str, Any] = {"state_file": str(tmp_path / "state"), "feedback": True, **ORDERS}
    start = control(address, "clock")["now"]
    for kill_at in [*(chance.randint(1, 3) for _kill in range(4)), None]:
        passed = control(address, "clock")["now"] - start
        left = [(at - passed, act) for at, act in plan if at > passed]
        duration = max(at for at, _act in plan) + 700 - passed
        accepted += watch(address, duration, plan=left, kill_at=kill_at, accepts=accepts, **options)
    kinds = dict(zip(uuids(accepted), told(accepted), strict=True))
    assert sorted(kinds.values()).count("deploy_order begun") == 6
    assert sum(kind.endswith(("finished", "failed")) for kind in kinds.values()) == ends(address) == 6
    # Only a kill right after an event was accepted repeats it.
    assert len(accepted) - len(kinds) == (4 if accepts else 0)


def test_without_feedback_a_kill_repeats_what_was_just_sent(address: str, tmp_path: Path) -> None:
    plan = [(60, lambda number=number: release(address, ENVIRONMENT + number)) for number in (0, 2, 3)]
    options: dict[str, Any] = {"state_file": str(tmp_path / "state"), "settle_time": 100, **ORDERS}
    first = watch(address, 130, plan=plan, **options)
    assert len(first) == 6
    again = watch(address, 600, **options)
    assert sorted(uuids(again)) == sorted(uuids(first))
    assert watch(address, 600, **options) == []


@pytest.mark.parametrize(
    "kinds",
    [
        [{"kind": "unavailable"}, {"kind": "throttle"}, {"kind": "drop_before"}, {"kind": "internal_error"}],
        [{"kind": "gateway", "code": "InvalidSecurityToken.Expired", "status": 400}],
    ],
    ids=["errors", "expired token"],
)
def test_an_hour_of_failures_loses_nothing(
    address: str, kinds: list[dict[str, Any]], caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> None:
        reads = ["ListApp", "ListAppEnvironment", "ListDeployOrders", "DescribeDeployOrderDetail"]
        span = HOUR / len(kinds)
        faults = [{**kind, "in_s": span * index, "for_s": span} for index, kind in enumerate(kinds)]
        control(address, "faults", [{**fault, "action": action} for fault in faults for action in reads])

    plan = [
        (100, lambda: release(address, TotalPartitions=2, PauseType="first")),
        (200, fail),
        (400, lambda: release(address, ENVIRONMENT + 2, ContainerImageList=["registry.example.com/fail:1"])),
        (2000, lambda: call(address, "ResumeDeploy", DeployOrderId=60001)),
        (3000, lambda: release(address, ENVIRONMENT + 3)),
    ]
    events = watch(address, HOUR + 700, plan=plan, calls_per_minute=20, **ORDERS)
    assert Counter(told(events)) == {
        "deploy_order begun": 3,
        "deploy_order paused": 1,
        "deploy_order finished": 2,
        "deploy_order failed": 1,
    }
    warnings = warnings_of(caplog)
    assert len(warnings) == 2, warnings
    assert warnings[0].startswith("The service cannot be read: ")
    assert warnings[0].endswith("The source continues, and sends what it missed once the service responds.")
    assert warnings[1].startswith("The service responds again, after ")
    check_rate(address, 20)


def check_rate(address: str, most: int) -> None:
    """Check that no minute has more calls of the source."""
    times = sorted(parse(entry["time"]).timestamp() for entry in calls(address) if entry["kind"] == "read")
    assert all(later - earlier >= 60 for earlier, later in zip(times, times[most:], strict=False))


class SteppedClock(VirtualClock):
    """A clock of a machine that somebody sets ahead.

    :ivar step: by how many seconds.
    """

    step = 0.0

    def now(self) -> float:
        """Return what this machine takes for the time."""
        return super().now() + self.step


def test_a_step_of_the_clock_of_this_machine_loses_nothing(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The step is shorter than the time after which apps are read again, and longer than the window."""
    release(address)
    advance(address, 300)

    def step() -> None:
        clock.step = 400.0
        monkeypatch.setattr(time, "time", lambda: real_time() + clock.step)

    real_time = time.time
    record = {"kind": "event", "reason": "BackOff", "message": "after", "env_id": ENVIRONMENT, "position": 0}
    plan = [(100, step), (200, lambda: control(address, "timeline", record))]
    clock = SteppedClock(address, 400, plan)
    queue = Queue()
    args = {**access_options(address), "watch": ["events"], "window": 60, "max_interval": 30}
    asyncio.run(runner.run(queue, args, clock))
    assert [event["jst"]["event"]["message"] for event in queue.events] == ["after"]


def test_rounds_that_need_many_calls_stay_below_the_limit(address: str) -> None:
    for number in (0, 2, 3):
        release(address, ENVIRONMENT + number)
    advance(address, 300)
    watch(address, 600, calls_per_minute=10)
    assert len(list(calls(address))) > 50
    check_rate(address, 10)


def test_quiet_times_need_fewer_calls(address: str) -> None:
    watch(address, HOUR, **ORDERS)
    lists = [entry for entry in calls(address) if entry["action"] == "ListDeployOrders"]
    # Two lists in a round: an hour has 30 of the longest intervals, and not 120 of the shortest.
    assert len(lists) < 2 * 40


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_any_reading_of_the_reference_shows_the_same_events(address: str, seed: int) -> None:
    plan = [
        (60, lambda: release(address, TotalPartitions=2, PauseType="first")),
        (90, lambda: release(address, ENVIRONMENT + 2, ContainerImageList=["registry.example.com/fail:1"])),
        (300, lambda: call(address, "ResumeDeploy", DeployOrderId=60001)),
    ]
    control(address, "readings", {"random": seed})
    events = watch(address, 1500, plan=plan, **ORDERS)
    assert Counter(told(events)) == {
        "deploy_order begun": 2,
        "deploy_order paused": 1,
        "deploy_order finished": 1,
        "deploy_order failed": 1,
    }


@pytest.mark.parametrize("seed", [2, 6])
def test_instances_jobs_and_records_are_the_same_under_any_reading(address: str, seed: int) -> None:
    """Reading 6 shows times of Beijing without their zone, and reading 2 two records in a page."""
    release(address)
    release(address, REPORTS_ENVIRONMENT)
    # The job is due every five minutes: the first time after 200 seconds, wherever the clock is when the test begins.
    advance(address, 700)
    advance(address, (100 - control(address, "clock")["now"]) % 300)
    control(address, "readings", {"random": seed})
    target = {"env_id": ENVIRONMENT, "position": 0}
    steps = [
        (60, {"kind": "instance_restart", "times": 2, **target}),
        (200, {"kind": "instance_abnormal", "status": "Failed", **target}),
        (310, {"kind": "job_outcome", "env_id": REPORTS_ENVIRONMENT, "outcome": "miss"}),
        (400, {"kind": "instance_recover", **target}),
    ]
    plan = [(at, lambda step=step: control(address, "timeline", step)) for at, step in steps]
    kinds = Counter(told(watch(address, 1300, plan=plan)))
    assert kinds.pop("job failed") == 3
    assert kinds == {
        "instance restarted": 1,
        "instance abnormal": 1,
        "instance recovered": 1,
        "event recorded": 2,
        "job missed": 1,
    }


# Wrong keys and endpoints


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"access_key_id": "nobody"}, "InvalidAccessKeyId.NotFound.* check access_key_id"),
        ({"access_key_secret": "wrong-Canary-1"}, "SignatureDoesNotMatch.* check access_key_secret"),
        ({"endpoint": "https://no-such-host.invalid"}, "name cannot be resolved.* Check the endpoint"),
        ({"endpoint": "retailcloud/path"}, "endpoint .option endpoint. must be"),
    ],
)
def test_a_wrong_key_or_endpoint_ends_the_source(address: str, options: dict[str, str], words: str) -> None:
    clock = VirtualClock(address, HOUR)
    start = clock.now()
    with pytest.raises(SourceError, match=words) as raised:
        asyncio.run(runner.run(asyncio.Queue(), {**access_options(address), **options}, clock))
    assert "Canary" not in str(raised.value)
    # Only a name that cannot be resolved is tried again for a while.
    assert clock.now() - start < (HOUR / 30 if "endpoint" in options else 1)


def test_a_missing_permission_ends_the_source_only_at_its_start(
    address: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    forbidden = {"kind": "gateway", "code": "Forbidden.RAM", "status": 403, "action": "ListJobHistories", "for_s": 600}
    options: dict[str, Any] = {"watch": ["deploy_orders", "jobs"], "state_file": str(tmp_path / "state")}
    control(address, "faults", forbidden)
    with pytest.raises(SourceError, match=r"Forbidden.RAM"):
        watch(address, 300, **options)
    advance(address, 700)
    watch(address, 100, **options)
    plan = [(10, lambda: control(address, "faults", forbidden)), (20, lambda: release(address))]
    assert told(watch(address, 300, plan=plan, **options)) == ["deploy_order begun", "deploy_order finished"]
    assert len([record for record in caplog.records if "Option watch: jobs cannot be read" in record.message]) == 1


@pytest.mark.parametrize(
    ("watched", "action", "subject"),
    [
        ("instances", "ListAppInstance", "The instances of environment production of app shop"),
        ("jobs", "ListDeployConfig", "The deploy configs of app 10001"),
        ("events", "DescribeEventMonitorList", "The events of pod "),
    ],
)
def test_each_refusal_of_a_list_is_logged_when_it_begins_and_when_it_ends(
    address: str, caplog: pytest.LogCaptureFixture, watched: str, action: str, subject: str
) -> None:
    release(address)
    advance(address, 300)
    refused = {"kind": "business", "action": action, "code": 40004, "for_s": 100}
    plan = [(at, lambda: control(address, "faults", refused)) for at in (50, 350)]
    options: dict[str, Any] = {"watch": [watched], "apps": ["shop"], "refresh_interval": 30, "max_interval": 30}
    watch(address, 600, plan=plan, **options)
    spells = [record.message for record in caplog.records if record.message.startswith(subject)]
    subjects = {message.partition(" can")[0] for message in spells}
    for one in subjects:
        told = [message.removeprefix(one) for message in spells if message.startswith(one)]
        assert [" cannot be read: " in text for text in told] == [True, False] * 2, told
        assert told[1::2] == [" can be read again."] * 2
    assert subjects


def test_a_new_key_in_the_profile_is_found(address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    profile = {"name": "default", "mode": "AK", "access_key_id": "emulator-key-id", "region_id": "cn-zhangjiakou"}

    def write(**values: str) -> None:
        content = {"current": "default", "profiles": [{**profile, **values}]}
        (tmp_path / "config.json").write_text(json.dumps(content))

    for name in access(address):
        monkeypatch.delenv(name, raising=False)
    write(access_key_secret="emulator-key-secret")
    changed = {
        "kind": "gateway",
        "code": "SignatureDoesNotMatch",
        "status": 400,
        "count": 1,
        "action": "ListDeployOrders",
    }
    plan = [(50, lambda: control(address, "faults", changed)), (70, lambda: release(address))]
    clock = VirtualClock(address, 400, plan)
    events: list[Any] = []

    class Queue:
        async def put(self, event: Any) -> None:
            events.append(event)

    args = {"config_file": str(tmp_path / "config.json"), "endpoint": address, **ORDERS}
    asyncio.run(runner.run(Queue(), args, clock))
    assert told(events) == ["deploy_order begun", "deploy_order finished"]


# Instances, the event monitor and jobs


def test_instances_that_crash_are_abnormal_restart_and_recover(address: str, tmp_path: Path) -> None:
    release(address)
    advance(address, 300)
    state: dict[str, Any] = {"state_file": str(tmp_path / "state"), "settle_time": 0}
    crash = [(60, lambda: release(address, ContainerImageList=["registry.example.com/crash:1"]))]
    events = watch(address, 1200, plan=crash, watch=["instances"], logs=True, **state)
    kinds = Counter(told(events))
    assert kinds["instance abnormal"] == 2
    assert kinds["instance restarted"] >= 2
    assert len(set(uuids(events))) == len(events)
    abnormal = next(event for event in events if event["jst"]["type"] == "abnormal")
    assert abnormal["jst"]["instance"]["health"] == "ABNORMAL"
    assert abnormal["jst"]["logs"][0]["log"]
    restarts = sum(event["jst"]["instance"]["new_restarts"] for event in events)
    # A release replaces the instances: those that were abnormal are gone.
    mended = [(60, lambda: release(address, ContainerImageList=["registry.example.com/shop:2"]))]
    later = watch(address, 400, plan=mended, watch=["instances"], **state)
    assert Counter(told(later))["instance gone"] + Counter(told(later))["instance recovered"] == 2
    assert not set(uuids(later)) & set(uuids(events))
    assert restarts >= 2


def test_instances_that_are_abnormal_at_the_start_are_known(address: str) -> None:
    release(address, ContainerImageList=["registry.example.com/crash:1"])
    advance(address, 700)
    now = watch(address, 200, watch=["instances"], types=["abnormal"])
    beginning = watch(address, 200, watch=["instances"], types=["abnormal"], start="beginning")
    assert (told(now), told(beginning)) == ([], ["instance abnormal"] * 2)


def test_a_record_of_the_event_monitor_comes_once(address: str, tmp_path: Path) -> None:
    plan = [(60, lambda: release(address, ContainerImageList=["registry.example.com/crash:1"]))]
    state: dict[str, Any] = {"state_file": str(tmp_path / "state"), "settle_time": 0, "watch": ["events"]}
    events = watch(address, 900, plan=plan, **state)
    assert told(events) == ["event recorded"] * 2
    assert {event["jst"]["event"]["reason"] for event in events} == {"BackOff"}
    assert {event["jst"]["event"]["type"] for event in events} == {None}
    assert watch(address, 900, **state) == []


def test_late_records_of_an_instance_that_is_gone_are_sent(address: str) -> None:
    release(address)
    advance(address, 300)
    [pod, _other] = [one["app_instance_id"] for one in control(address, "state")["instances"]]

    def record() -> None:
        event = {"kind": "event", "reason": "Killing", "message": "late", "pod_name": pod, "late_s": 200}
        control(address, "timeline", {**event, "env_id": ENVIRONMENT})

    replace = {"kind": "instance_replace", "env_id": ENVIRONMENT, "position": 0}
    plan = [(250, lambda: control(address, "timeline", replace)), (500, record)]
    events = watch(address, 900, plan=plan, watch=["events"])
    assert [event["jst"]["event"]["pod_name"] for event in events if event["jst"]["event"]["message"] == "late"] == [
        pod
    ]


@pytest.mark.parametrize("watched", [["events"], ["deploy_orders", "events"]])
def test_a_kill_within_a_round_forgets_no_instance(address: str, tmp_path: Path, watched: list[str]) -> None:
    """The instances are remembered before the events of the round are sent, those of orders included."""
    options: dict[str, Any] = {"watch": watched, "levels": ["Normal", "Warning"], "feedback": True}
    options["state_file"] = str(tmp_path / "state")
    watch(address, 10, **options)
    release(address)
    advance(address, 30)
    listed = {one["app_instance_id"] for one in control(address, "state")["instances"]}
    assert len(listed) == 2
    watch(address, 100, kill_at=1, **options)
    for _instance in listed:
        control(address, "timeline", {"kind": "instance_replace", "env_id": ENVIRONMENT, "position": 0})
        advance(address, 50)
    assert not listed & {one["app_instance_id"] for one in control(address, "state")["instances"]}
    events = watch(address, 100, **options)
    recorded = [event["jst"]["event"] for event in events if event["jst"]["kind"] == "event"]
    assert listed <= {event["pod_name"] for event in recorded}


def test_levels_and_event_types_select_records(address: str) -> None:
    plan = [(60, lambda: release(address, ContainerImageList=["registry.example.com/crash:1"]))]
    options: dict[str, Any] = {"watch": ["events"], "levels": ["Normal", "Warning"]}
    events = watch(address, 300, plan=plan, **options)
    assert {event["jst"]["event"]["level"] for event in events} == {"Normal", "Warning"}
    types: dict[str, Any] = {"event_types": ["POD_FAILED", "EVICTED_BY_NODE"]}
    only = watch(address, 100, start="beginning", levels=["Warning"], watch=["events"], **types)
    assert {event["jst"]["event"]["type"] for event in only} == {"POD_FAILED"}
    sent = [entry["params"] for entry in calls(address) if entry["action"] == "DescribeEventMonitorList"]
    assert {params.get("EventLevel") for params in sent} == {None, "Warning"}


def test_runs_that_fail_come_once(address: str, tmp_path: Path) -> None:
    release(address, REPORTS_ENVIRONMENT)
    advance(address, 30)
    state: dict[str, Any] = {"state_file": str(tmp_path / "state"), "settle_time": 0, "watch": ["jobs"], "logs": True}
    events = watch(address, 1500, **state)
    assert set(told(events)) == {"job failed"}
    assert len(events) in (4, 5)
    assert len(set(uuids(events))) == len(events)
    assert events[0]["meta"]["hosts"] == ["reports"]
    assert events[0]["jst"]["job"]["schedule"] == "*/5 * * * *"
    assert events[0]["jst"]["logs"][0]["log"]
    later = watch(address, 700, **state)
    assert len(later) in (2, 3)
    assert not set(uuids(later)) & set(uuids(events))


def test_environments_without_jobs_are_not_asked_for_runs(address: str) -> None:
    watch(address, 300, watch=["jobs"])
    asked = {entry["params"]["EnvId"] for entry in calls(address) if entry["action"] == "ListJobHistories"}
    assert asked == {REPORTS_ENVIRONMENT}


def test_a_missed_run_is_sent_with_its_scheduled_time(address: str, tmp_path: Path) -> None:
    release(address, REPORTS_ENVIRONMENT)
    advance(address, 700)
    state: dict[str, Any] = {"state_file": str(tmp_path / "state"), "settle_time": 0, "watch": ["jobs"]}
    miss = {"kind": "job_outcome", "env_id": REPORTS_ENVIRONMENT, "outcome": "miss"}
    plan = [(310, lambda: control(address, "timeline", miss))]
    events = watch(address, 1300, plan=plan, types=["missed"], **state)
    [missed] = events
    job = missed["jst"]["job"]
    assert (missed["jst"]["kind"], job["schedule"], job["name"], job["pods"]) == ("job", "*/5 * * * *", None, [])
    assert missed["jst"]["time"] == job["scheduled_time"]
    runs = [run["started_at"] for run in control(address, "state")["job_runs"]]
    slot = parse(job["scheduled_time"]).timestamp()
    assert (slot % 300, slot - 300 in runs, slot in runs, slot + 300 in runs) == (0, True, False, True)
    # While the source is stopped, a run is missed as well, and told once.
    control(address, "timeline", miss)
    advance(address, 1500)
    assert told(watch(address, 400, types=["missed"], **state)) == ["job missed"]
    assert watch(address, 400, types=["missed"], **state) == []


def test_runs_that_are_not_listed_any_more_are_not_missed(address: str, tmp_path: Path) -> None:
    """The service keeps a hundred runs, which are those of eight hours."""
    release(address, REPORTS_ENVIRONMENT)
    advance(address, 700)
    state: dict[str, Any] = {"state_file": str(tmp_path / "state"), "settle_time": 0, "watch": ["jobs"]}
    watch(address, 100, types=["missed"], **state)
    advance(address, 12 * HOUR)
    assert watch(address, 400, types=["missed"], **state) == []


def test_a_schedule_without_a_run_misses_nothing(address: str) -> None:
    """Nothing was released, so nothing should run."""
    assert watch(address, 1500, watch=["jobs"], start="beginning") == []


def test_instances_turn_abnormal_and_come_back(address: str) -> None:
    release(address)
    advance(address, 300)
    target = {"env_id": ENVIRONMENT, "position": 0}
    plan = [
        (60, lambda: control(address, "timeline", {"kind": "instance_restart", "times": 3, **target})),
        (200, lambda: control(address, "timeline", {"kind": "instance_abnormal", "status": "Failed", **target})),
        (400, lambda: control(address, "timeline", {"kind": "instance_recover", **target})),
        (600, lambda: control(address, "timeline", {"kind": "instance_abnormal", "status": "Unknown", **target})),
        (800, lambda: control(address, "timeline", {"kind": "instance_recover", **target})),
    ]
    events = watch(address, 1000, plan=plan, watch=["instances"])
    kinds = [kind.removeprefix("instance ") for kind in told(events)]
    assert kinds == ["restarted", "abnormal", "recovered", "abnormal", "recovered"]
    assert events[0]["jst"]["instance"]["new_restarts"] == 3
    assert [event["jst"]["instance"]["status"] for event in events[1::2]] == ["Failed", "Unknown"]
    assert len(set(uuids(events))) == 5


def test_records_appear_late_and_out_of_order(address: str) -> None:
    release(address)
    advance(address, 300)
    lates = (0, 500, 100, 0, 550, 30)

    def record(number: int, late: int) -> None:
        event = {"kind": "event", "reason": "BackOff", "message": f"record {number}", "late_s": late}
        control(address, "timeline", {**event, "env_id": ENVIRONMENT, "position": 0})

    plan = [(600 + 20 * number, lambda n=number, late=late: record(n, late)) for number, late in enumerate(lates)]
    events = watch(address, 1000, plan=plan, watch=["events"])
    messages = [event["jst"]["event"]["message"] for event in events]
    assert sorted(messages) == [f"record {number}" for number in range(len(lates))]


def test_a_storm_is_sent_whole_over_kills_and_failures(address: str, tmp_path: Path) -> None:
    """Each step of the storm is an event: those that the emulator logged and those that were accepted are the same."""
    for number in range(4):
        release(address, ENVIRONMENT + number)
    advance(address, 320)
    options: dict[str, Any] = {"state_file": str(tmp_path / "state"), "feedback": True, "types": SENT_IN_STORM}
    options.update(levels=["Normal", "Warning", "Error"], calls_per_minute=1000)
    assert watch(address, 1, **options) == []
    # What appears late has to have happened after the start.
    advance(address, 300)
    steady = {"kinds": ["event", "instance_restart"], "env_ids": [ENVIRONMENT], "late_s": 300}
    moving = {"kinds": ["deploy", "job_run"], "env_ids": [REPORTS_ENVIRONMENT, ENVIRONMENT + 2, ENVIRONMENT + 3]}
    for seed, storm in enumerate((steady, moving)):
        control(address, "timeline", {"kind": "storm", "steps": 60, "over_s": 400, "seed": seed, **storm})
    throttled = {"kind": "throttle", "in_s": 50, "for_s": 120}
    control(address, "faults", [throttled, {"kind": "unavailable", "in_s": 200, "for_s": 100}])
    seed = random.randrange(1000)
    print(f"seed {seed}")
    chance = random.Random(seed)
    events: list[dict[str, Any]] = []
    for kill_at in (*(chance.randint(1, 20) for _kill in range(5)), None):
        events += watch(address, 1200, kill_at=kill_at, **options)
    log = control(address, "timeline/log?since=0")["entries"]
    assert len(set(uuids(events))) == len(events)
    messages = [event["jst"]["event"]["message"] for event in events if event["jst"]["kind"] == "event"]
    assert sorted(text for text in messages if text.startswith("storm")) == sorted(
        entry["message"] for entry in log if entry["kind"] == "event"
    )
    # Several restarts between two rounds are one event, which counts them. Failed releases restart others.
    restarts = sum(
        event["jst"]["instance"]["new_restarts"]
        for event in events
        if event["jst"]["kind"] == "instance" and event["jst"]["environment"]["environment_id"] == ENVIRONMENT
    )
    assert restarts == sum(entry["kind"] == "instance_restart" for entry in log)
    orders = [event["jst"]["deploy_order"]["deploy_order_id"] for event in events if "deploy_order" in event["jst"]]
    assert Counter(orders) == {entry["deploy_order_id"]: 2 for entry in log if entry["kind"] == "deploy"}


# The process


def test_the_file_itself_prints_events_and_survives_a_kill(address: str, tmp_path: Path) -> None:
    control(address, "clock", {"scale": 100})
    release(address)
    environment = {**os.environ, **access(address)}
    arguments = ["watch=deploy_orders", "start=beginning", "interval=1", f"state_file={tmp_path / 'state'}"]
    command = [sys.executable, str(SOURCE), *arguments, "settle_time=0"]

    def first(number: int) -> list[dict[str, Any]]:
        with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            events = [json.loads(process.stdout.readline()) for _event in range(number)]
            process.kill()
        return events

    printed = first(2)
    assert told(printed) == ["deploy_order begun", "deploy_order finished"]
    release(address, ENVIRONMENT + 2)
    again = first(2)
    control(address, "clock", {"scale": 0})
    # The kill may have come before the last event was recorded.
    assert set(uuids(printed)) & set(uuids(again)) <= set(uuids(printed[-1:]))


def test_a_full_disk_ends_the_source_with_a_message(address: str, tmp_path: Path) -> None:
    release(address)
    advance(address, 300)
    state = tmp_path / "state"
    # Bash counts in blocks of 1024 bytes.
    filler = json.dumps({"version": 1, "sections": {"other": {"key": "x" * 960}}})
    state.write_text(f"{filler}\n")
    source = f"{shlex.quote(sys.executable)} {shlex.quote(str(SOURCE))}"
    arguments = f"watch=deploy_orders start=beginning settle_time=0 state_file={shlex.quote(str(state))}"
    ended = subprocess.run(
        ["bash", "-c", f"ulimit -f 1; exec {source} {arguments}"],
        env={**os.environ, **access(address), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode not in (0, -9), ended.stderr
    assert f"state_file {state} cannot be used: File too large" in ended.stderr
    assert "It continues after the recorded events." in ended.stderr


def test_a_cancelled_source_releases_its_state_and_ends_at_once(address: str, tmp_path: Path) -> None:
    state = str(tmp_path / "state")

    class FullQueue:
        async def put(self, event: Any) -> None:
            reached.set()
            await asyncio.sleep(HOUR)

    async def run() -> None:
        args = {**access_options(address), **ORDERS, "start": "beginning", "state_file": state}
        task = asyncio.create_task(runner.run(FullQueue(), args))
        await reached.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    release(address)
    advance(address, 300)
    reached = asyncio.Event()
    asyncio.run(run())
    # What was not accepted comes again, and the state is free.
    assert len(watch(address, 10, state_file=state, start="beginning", **ORDERS)) == 2


def test_feedback_about_other_events_does_not_count(address: str, caplog: pytest.LogCaptureFixture) -> None:
    release(address)
    advance(address, 300)
    order: list[str] = []

    async def run() -> None:
        feedback: asyncio.Queue[Any] = asyncio.Queue()

        class Queue:
            async def put(self, event: Any) -> None:
                order.append("put")
                for stale in ("text", {}, {"meta": {"uuid": "other"}}):
                    await feedback.put(stale)

                async def accept() -> None:
                    order.append("accepted")
                    await feedback.put(event)

                asyncio.get_running_loop().call_later(0.05, lambda: asyncio.ensure_future(accept()))

        args = {**access_options(address), **ORDERS, "start": "beginning", "feedback": True}
        await runner.run(Queue(), {**args, "eda_feedback_queue": feedback}, VirtualClock(address, 10))

    logging.getLogger("asyncio").setLevel(logging.CRITICAL)
    asyncio.run(run())
    assert order == ["put", "accepted"] * 2
    assert not warnings_of(caplog)
