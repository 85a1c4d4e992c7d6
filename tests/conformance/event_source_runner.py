# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run the event source against an emulator in virtual time: its waits move the clock of the emulator."""

from __future__ import annotations

import asyncio
import json
import runpy
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events import runner
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.pace import Clock
from tests.conformance.module_cases import cron_job, deployment
from tests.conformance.playbook_runner import control
from tests.tools.run_in_collection import ROOT
from tests.tools.running_emulator import access

CLUSTER = "c000000000000000000000000000000e1"
APP, ENVIRONMENT, REPORTS_ENVIRONMENT = 10001, 20001, 20002
SCHEMAS = ROOT / "extensions" / "eda" / "schemas"
SOURCE = ROOT / "extensions" / "eda" / "plugins" / "event_source" / "jst.py"


def world(shops: int = 1, schedule: str = "*/5 * * * *") -> dict[str, Any]:
    """Return a world with shops of two instances, and with reports whose scheduled runs fail. Nothing is released."""
    titles = ["shop", "reports", *(f"shop-{number}" for number in range(2, shops + 1))]
    app = {"biz_code": "JST", "language": "Java", "service_type": "GeneralApplication"}
    workloads = {"reports": {"cron_job": json.dumps(cron_job(schedule))}}
    return {
        "apps": [{**app, "title": title, "state_type": 5 if title == "reports" else 1} for title in titles],
        "deploy_configs": [
            {
                "app_id": APP + index,
                "env_type": "online",
                "name": "web",
                **workloads.get(title, {"deployment": json.dumps(deployment())}),
            }
            for index, title in enumerate(titles)
        ],
        "environments": [
            {
                "app_id": APP + index,
                "name": "production",
                "env_type": 1,
                "region": "cn-zhangjiakou",
                "replicas": 2,
                "schema_id": 30001 + index,
                "cluster_instance_id": CLUSTER,
            }
            for index in range(len(titles))
        ],
        "settings": {"deploy_failures": [{"app": "reports", "environment": "production", "kind": "job"}]},
        "allocations": [
            {"env_id": ENVIRONMENT + index, "cluster_instance_id": CLUSTER} for index in range(len(titles))
        ],
    }


def call(address: str, action: str, **parameters: Any) -> Any:
    """Return the data of the response to a call that somebody else makes."""
    with Client(resolve_settings({}, access(address))) as client:
        return client.call(action, parameters).data


def release(address: str, environment_id: int = ENVIRONMENT, **parameters: Any) -> int:
    """Release, and return the id of the order."""
    wanted = {"EnvId": environment_id, "Name": "release", "TotalPartitions": 1, "PauseType": "none", **parameters}
    data = call(address, "DeployApp", **wanted)
    return int(data["deploy_order_id"])


def advance(address: str, seconds: float) -> None:
    """Move the clock of the emulator."""
    control(address, "clock", {"advance_s": seconds})


class StopError(Exception):
    """Stands for a kill."""


class VirtualClock(Clock):
    """The clock of an emulator that stands still between calls.

    :param plan: what happens meanwhile: seconds from the start, and what to do.
    """

    def __init__(self, address: str, duration: float, plan: Sequence[tuple[float, Callable[[], Any]]] = ()) -> None:
        super().__init__()
        self._address = address
        self._now = self._start = float(control(address, "clock")["now"])
        self._end = self._start + duration
        self._plan = sorted(plan, key=lambda entry: entry[0])

    def now(self) -> float:
        """Return virtual epoch seconds."""
        return self._now

    def monotonic(self) -> float:
        """Return virtual epoch seconds."""
        return self._now

    def wait(self, seconds: float) -> bool:
        """Move the clock, do what is planned meanwhile, and stop at the end."""
        until = min(self._now + seconds, self._end)
        while self._plan and self._start + self._plan[0][0] <= until:
            at, act = self._plan.pop(0)
            self._move(self._start + at)
            act()
        self._move(until)
        if self._now >= self._end:
            self.stop()
        return self.is_stopped

    def _move(self, to: float) -> None:
        if to > self._now:
            advance(self._address, to - self._now)
            self._now = to


@dataclass
class Queue:
    """Collects the events that are accepted, and checks each against its schema.

    :ivar kill_at: the number of the event at which the source is killed.
    :ivar accepts: whether the kill comes after this event was accepted.
    """

    kill_at: int | None = None
    accepts: bool = False
    events: list[dict[str, Any]] = field(default_factory=list)
    feedback: asyncio.Queue[Any] | None = None

    async def put(self, event: dict[str, Any]) -> None:
        """Take an event."""
        check(event)
        is_last = self.kill_at == len(self.events) + 1
        if not is_last or self.accepts:
            self.events.append(json.loads(json.dumps(event)))
        if is_last:
            raise StopError
        if self.feedback is not None:
            await self.feedback.put(event)


@cache
def validator(kind: str) -> Any:
    """Return the validator of a kind of events."""
    schema = json.loads((SCHEMAS / f"{kind}.json").read_text())
    return jsonschema.Draft202012Validator(schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)


def check(event: Mapping[str, Any]) -> None:
    """Check an event against its schema, and its size."""
    validator(event["jst"]["kind"]).validate(event)
    assert len(json.dumps(event, ensure_ascii=False)) < 40_000


def watch(
    address: str,
    duration: float,
    *,
    plan: Sequence[tuple[float, Callable[[], Any]]] = (),
    kill_at: int | None = None,
    accepts: bool = False,
    feedback: bool = False,
    **options: Any,
) -> list[dict[str, Any]]:
    """Run the source for some virtual seconds, and return the events that were accepted.

    :param plan: what happens meanwhile: seconds from the start, and what to do.
    :param kill_at: ends the source at this event, before it can record that.
    :param accepts: whether that event is accepted.
    """
    queue = Queue(kill_at, accepts)
    clock = VirtualClock(address, duration, plan)

    async def run() -> None:
        args = {**options, **access_options(address)}
        if feedback:
            queue.feedback = asyncio.Queue(1)
            args.update(feedback=True, eda_feedback_queue=queue.feedback)
        await runner.run(queue, args, clock)

    try:
        asyncio.run(run())
    except StopError:
        assert kill_at is not None
    return queue.events


def access_options(address: str) -> dict[str, str]:
    """Return the access options for an emulator."""
    values = access(address)
    return {
        "access_key_id": values["ALIBABA_CLOUD_ACCESS_KEY_ID"],
        "access_key_secret": values["ALIBABA_CLOUD_ACCESS_KEY_SECRET"],
        "endpoint": values["ALIBABA_CLOUD_ENDPOINT"],
    }


def told(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the kind and the type of each event."""
    return [f"{event['jst']['kind']} {event['jst']['type']}" for event in events]


def uuids(events: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the id of each event."""
    return [event["meta"]["uuid"] for event in events]


def loaded(path: Path = SOURCE) -> dict[str, Any]:
    """Return the globals of the source as ansible-rulebook loads it."""
    return runpy.run_path(str(path))


def calls(address: str) -> Iterator[dict[str, Any]]:
    """Yield the calls that the emulator has logged."""
    yield from control(address, "calls")
