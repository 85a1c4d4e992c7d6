# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account with one object of each type, and checks of the effects of readings on it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug.test import TestResponse

from jst_emulator import handlers, world
from jst_emulator.emulator import Emulator, Settings
from jst_emulator.readings.declaration import MIXED, Value, declared
from support.direct_account import START
from support.scenario import ENV, bring_up
from support.signed_client import LOOPBACK, SignedClient

KEY = ("emulator-key-id", "emulator-key-secret")
PAGE = {"PageNumber": 1, "PageSize": 10}


class PopulatedAccount:
    """An account with one object of each type, behind a gateway, under a clock that only tests advance."""

    def __init__(self, answers: str = "canonical", start: float = START) -> None:
        self.emulator = Emulator(Settings(answers=answers, time_scale=0, start=start), handlers.HANDLERS, world.load)
        self.client = SignedClient(self.emulator)
        for step in bring_up():
            if isinstance(step, tuple):
                self.call(*step)
            else:
                self.wait(step)
        self.pod = next(iter(self.emulator.world.instances))
        self.emulator.save("full")

    def restore(self) -> None:
        """Restore the state after the creation."""
        self.emulator.restore("full")

    def wait(self, seconds: float) -> None:
        """Let virtual time pass."""
        self.emulator.clock.advance(seconds)
        self.emulator.world.advance()

    def response(self, action: str, parameters: Mapping[str, Any] | None = None) -> TestResponse:
        """Return the response to a call."""
        return self.client.acs3(action, parameters or {}, key=KEY)

    def call(self, action: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Return the parsed body of a response."""
        return self.response(action, parameters).get_json()

    def data(self, action: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Return the records of a list."""
        return self.call(action, parameters)["Data"]

    def result(self, action: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Return the Result of a response."""
        return self.call(action, parameters)["Result"]

    def code(self, action: str, parameters: Mapping[str, Any] | None = None) -> Any:
        """Return the code of a response."""
        return self.call(action, parameters)["Code"]

    def choose(self, **readings: Any) -> Any:
        """Choose readings over the control side."""
        response = self.client.http.post("/_emulator/readings", json=readings, environ_base=LOOPBACK)
        return response.get_json() if response.status_code == 200 else response.status_code

    def metric(self, **parameters: Any) -> Any:
        """Return the code of the response to a request for a metric of the pod."""
        span = {"StartTime": int(START * 1000), "EndTime": int(START * 1000) + 60_000}
        asked = {**ENV, **span, "Metric": "pod.cpu.usage_rate", "Type": "instance", "PodName": self.pod, **parameters}
        return self.code("DescribeAppMonitorMetric", asked)

    def deploy(self, **parameters: Any) -> int:
        """Create a deploy order of the environment and return its id."""
        release = {"EnvId": 20001, "Name": "release", "TotalPartitions": 1, "DeployPacketId": 2001, **parameters}
        return int(self.result("DeployApp", release)["DeployOrderId"])


#: By reading: a function that reads something from the account, and its result under each value.
Effects = Mapping[str, tuple[Callable[[PopulatedAccount], Any], Mapping[Value, Any]]]


def cases(effects: Effects) -> list[tuple[str, Value]]:
    """Return the readings with each of their values, for parameters of tests."""
    return [(name, value) for name, (_dummy, seen) in effects.items() for value in seen]


def check(account: PopulatedAccount, effects: Effects, name: str, value: Value) -> None:
    """Check the effect of a value of a reading, in an account that is restored first.

    :raises AssertionError: the effect is another one.
    """
    look, seen = effects[name]
    account.restore()
    account.choose(**{name: value})
    found = look(account)
    # As JSON: Python takes 1 for True.
    assert _as_json(found) == _as_json(seen[value]), (name, value, found)


def check_whole(effects: Effects, *groups: type) -> None:
    """Check that a table has every value of every reading of *groups*, each with an effect of its own.

    ``mixed`` takes one of the other values for each operation and has tests of its own.

    :raises AssertionError: something is missing, or two values look the same.
    """
    readings = [one for group in groups for one in declared(group)]
    told = {one.name: [value for value in one.values if value != MIXED] for one in readings}
    assert {name: list(seen) for name, (_dummy, seen) in effects.items()} == told
    for name, (_dummy, seen) in effects.items():
        different = {_as_json(one) for one in seen.values()}
        assert len(different) == len(seen), f"two values of {name} look the same"


def _as_json(value: Any) -> str:
    return json.dumps(value, sort_keys=True)
