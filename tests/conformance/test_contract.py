# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Client and emulator keep to the reference, in all operations and in both shapes of answer.

The client's catalogue and the emulator's facts were written down apart, so that agreement between them says something.
What the modules send is held to the same rules wherever a test runs tasks, see ``playing.run``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api import operations
from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import ApiResponse, Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.http_response import HttpResponse
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from ansible_collections.jst.retailcloud.plugins.module_utils._api.transport import Transport
from jst_emulator.api_spec import OPERATIONS, Operation
from support.scenario import Step, bring_up, read_all, tear_down
from tests.conformance.contract import misfits, request_problems
from tests.conformance.playbook_runner import control
from tests.tools.running_emulator import emulator

# Scheduled jobs run by the minute: both walks begin at one moment, or they would see different runs.
FROZEN = ("--start", "2026-01-05T08:00:00Z", "--time-scale", "0")
KEYS = {"access_key_id": "emulator-key-id", "access_key_secret": "emulator-key-secret"}

# The sample spreads a record over two elements of the list. Who asks for runs of jobs puts them together.
SPREAD = "ListJobHistories"


@dataclass
class Lifecycle:
    """What came of one walk through all operations.

    :ivar bodies: the body of each answer, as it came.
    :ivar answers: what the client made of each.
    :ivar call_log: what the emulator got.
    """

    bodies: list[Any] = field(default_factory=list)
    answers: list[ApiResponse] = field(default_factory=list)
    call_log: list[dict[str, Any]] = field(default_factory=list)


def nested(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Parameters with flat names, such as ``UserRoles.1.RoleName``, as the client takes them."""
    together: dict[str, Any] = {}
    for name, value in parameters.items():
        base, *rest = name.split(".")
        if not rest:
            together[base] = value
        elif len(rest) == 1:
            together.setdefault(base, []).append(value)
        else:
            [record] = together.setdefault(base, [{}])
            record[rest[1]] = value
    return together


def walk(address: str, client: Client, steps: Iterator[Step], lifecycle: Lifecycle) -> None:
    """Take the steps of a lifecycle: calls, and times to wait."""
    for step in steps:
        if isinstance(step, tuple):
            lifecycle.answers.append(client.call(step[0], nested(step[1])))
        else:
            control(address, "clock", {"advance_s": step})


@pytest.fixture(scope="module")
def lifecycles(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Lifecycle]:
    """A lifecycle in each shape of answer, through the client and over HTTP."""
    return {shape: live(shape, tmp_path_factory.mktemp(shape)) for shape in ("canonical", "sample")}


def live(shape: str, folder: Path) -> Lifecycle:
    """Walk through all operations."""
    lifecycle = Lifecycle()
    send = Transport.send

    def listen(transport: Transport, *args: Any) -> HttpResponse:
        response = send(transport, *args)
        lifecycle.bodies.append(json.loads(response.body))
        return response

    with (
        emulator(*FROZEN, "--answers", shape, log=folder / "emulator.log") as address,
        pytest.MonkeyPatch.context() as patch,
        Client(resolve_settings({**KEYS, "endpoint": address}, {})) as client,
    ):
        patch.setattr(Transport, "send", listen)
        walk(address, client, bring_up(), lifecycle)
        state = control(address, "state")
        pod = state["instances"][0]["app_instance_id"]
        walk(address, client, read_all(pod, state["job_runs"][0]["pod_name"]), lifecycle)
        walk(address, client, tear_down(pod), lifecycle)
        lifecycle.call_log = control(address, "calls")
    return lifecycle


def test_catalogue_and_facts_agree() -> None:
    """The same operations, sent the same way, with the same parameters."""

    def client_side(entry: operations.Operation) -> tuple[Any, ...]:
        return entry.method, set(entry.parameters), {name: set(of) for name, of in entry.lists.items()}, set(entry.body)

    def emulator_side(facts: Operation) -> tuple[Any, ...]:
        names = set(facts.parameters)
        lists = {
            name: {member.name for member in parameter.members}
            for name, parameter in facts.parameters.items()
            if parameter.members or parameter.item
        }
        return facts.method, names, lists, {name for name in names if facts.in_body(name)}

    assert {name: client_side(entry) for name, entry in operations.OPERATIONS.items()} == {
        name: emulator_side(facts) for name, facts in OPERATIONS.items()
    }


@pytest.mark.parametrize("shape", ["canonical", "sample"])
def test_every_request_is_one_of_the_reference(lifecycles: dict[str, Lifecycle], shape: str) -> None:
    call_log = lifecycles[shape].call_log
    assert [problem for call in call_log for problem in request_problems(call)] == []
    assert {call["action"] for call in call_log if call["outcome"] == "ok"} == OPERATIONS.keys()


def test_every_answer_is_one_of_the_tables(lifecycles: dict[str, Lifecycle]) -> None:
    """Names, nesting and types, to the letter."""
    lifecycle = lifecycles["canonical"]
    named = [(answer.action, body) for answer, body in zip(lifecycle.answers, lifecycle.bodies, strict=True)]
    assert [problem for name, body in named for problem in misfits(OPERATIONS[name].fields, body, name)] == []
    assert {name for name, _dummy in named} == OPERATIONS.keys()


@pytest.mark.parametrize("shape", ["canonical", "sample"])
def test_the_client_makes_one_shape_of_both(lifecycles: dict[str, Lifecycle], shape: str) -> None:
    """Whatever came, what the client hands on has the names and the nesting of the tables."""
    problems: list[str] = []
    for answer in lifecycles[shape].answers:
        facts = OPERATIONS[answer.action]
        if facts.payload is None:
            assert answer.data is None
        elif answer.action != SPREAD or shape == "canonical":
            problems += misfits(facts.fields[facts.payload], answer.data, answer.action, loose=True)
    assert problems == []


def test_both_shapes_say_the_same(lifecycles: dict[str, Lifecycle]) -> None:
    for one, other in zip(lifecycles["canonical"].answers, lifecycles["sample"].answers, strict=True):
        assert one.action == other.action
        assert one.action == SPREAD or plain(one.data) == plain(other.data), one.action


def plain(value: Any) -> Any:
    """A value without the difference between a number and its text, and between two ways to write a time or a kind.

    Backups have ``2019-02-03T12:20:00Z`` in the table and ``2019-06-28 04:42:30`` in the sample, the log of a pod has
    ``online`` in the table and its Chinese name in the sample.
    """
    if isinstance(value, dict):
        return {name: plain(member) for name, member in value.items() if name != "request_id"}
    if isinstance(value, list):
        return [plain(item) for item in value]
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    try:
        return float(value)
    except ValueError:
        return {"正式": "online", "测试": "test"}.get(value, re.sub(r"^(.{10})T(.{8})Z$", r"\1 \2", value))
