# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Barriers: callers meet, whatever the speed of each of them."""

from __future__ import annotations

import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest

from jst_emulator.barriers import BarrierRegistry
from jst_emulator.call_filter import DescriptionError
from support.signed_client import LOOPBACK, SignedClient
from support.small_world import APP, STS

PATIENCE = 60


def barriers(client: SignedClient, method: str = "GET", description: Any = None) -> Any:
    """What the control side says of barriers."""
    response = client.http.open("/_emulator/barriers", method=method, json=description, environ_base=LOOPBACK)
    return response.get_json()


def put_up(client: SignedClient, **description: Any) -> None:
    """Put up a barrier at which nobody is forgotten."""
    (shown,) = barriers(client, "POST", {"max_wait_s": PATIENCE, **description})
    assert (shown["waiting"], shown["met"], shown["timed_out"]) == (0, 0, 0)


def wait_for(client: SignedClient, waiting: int) -> None:
    """Ask until so many callers are held."""
    while sum(one["waiting"] for one in barriers(client)) < waiting:
        time.sleep(0.005)


def titles(answer: Any) -> list[str]:
    """The titles in an answer of ListApp."""
    return [app["Title"] for app in answer["Data"]]


class Crowd(ThreadPoolExecutor):
    """Callers of one emulator, each with a thread of its own."""

    def __init__(self, client: SignedClient) -> None:
        super().__init__(8)
        self._client = client

    def call(self, action: str, parameters: Any = None) -> Future[dict[str, Any]]:
        """Begin a call."""
        return self.submit(self._client.call, action, parameters)


def test_all_look_before_anybody_creates(client: SignedClient) -> None:
    """Without the barrier whoever comes second would see what the first has made."""
    put_up(client, action="ListApp", callers=3)

    def look_and_create() -> list[str]:
        seen = titles(client.call("ListApp"))
        client.call("CreateApp", APP)
        return seen

    with Crowd(client) as crowd:
        seen = [one.result() for one in [crowd.submit(look_and_create) for _dummy in range(3)]]
    assert seen == [[], [], []]
    assert titles(client.call("ListApp")) == ["shop"] * 3
    (state,) = barriers(client)
    assert (state["met"], state["timed_out"], state["rounds"], state["waiting"]) == (1, 0, 0, 0)


def test_held_after_execution_is_executed_already(client: SignedClient) -> None:
    put_up(client, action="CreateApp", callers=2)
    with Crowd(client) as crowd:
        created = crowd.call("CreateApp", APP)
        wait_for(client, 1)
        assert titles(client.call("ListApp")) == ["shop"]
        entry = client.calls()[0]
        assert (entry["action"], entry["executed"], entry["http_status"]) == ("CreateApp", True, 200)
        assert not created.done()
        assert client.call("CreateApp", APP)["Result"] == {"AppId": 2}
        assert created.result()["Result"] == {"AppId": 1}


def test_held_before_execution_is_not_executed_yet(client: SignedClient) -> None:
    put_up(client, action="CreateApp", callers=2, hold="before")
    with Crowd(client) as crowd:
        created = crowd.call("CreateApp", APP)
        wait_for(client, 1)
        assert titles(client.call("ListApp")) == []
        assert [entry["action"] for entry in client.calls()] == ["ListApp"]
        client.call("CreateApp", APP)
        assert created.result()["Code"] == 0
    assert titles(client.call("ListApp")) == ["shop", "shop"]


def test_the_younger_of_two_that_were_held_loses_its_answer(client: SignedClient) -> None:
    """A fault counts in the order of execution, which is not that of coming."""
    put_up(client, action="CreateApp", callers=2, hold="before", rounds=20)
    client.arm(kind="business", executed=True, code=9, action="CreateApp", after=1, count=1)
    with Crowd(client) as crowd:
        answers = [one.result() for one in [crowd.call("CreateApp", APP) for _dummy in range(2)]]
    assert sorted(answer["Code"] for answer in answers) == [0, 9]
    assert next(answer["Result"] for answer in answers if answer["Code"] == 0) == {"AppId": 1}


def test_only_matching_calls_are_held(client: SignedClient) -> None:
    put_up(client, action="CreateApp", callers=2, where={"Title": "shop"}, access_key_id="key-id")
    assert client.call("CreateApp", APP | {"Title": "other"})["Code"] == 0
    assert client.acs3("CreateApp", APP, key=STS).status_code == 200
    assert client.acs3("CreateApp", APP, key=("key-id", "wrong")).status_code == 400
    assert barriers(client)[0]["waiting"] == 0
    with Crowd(client) as crowd:
        crowd.call("CreateApp", APP)
        wait_for(client, 1)
        client.call("CreateApp", APP)


def test_rounds_and_a_second_barrier_after_the_first(client: SignedClient) -> None:
    put_up(client, action="ListApp", callers=2, rounds=2)
    put_up(client, action="ListApp", callers=3, rounds=None)
    with Crowd(client) as crowd:
        for callers in (2, 2, 3, 3):
            first = [crowd.call("ListApp") for _dummy in range(callers - 1)]
            wait_for(client, callers - 1)
            assert not any(one.done() for one in first)
            client.call("ListApp")
            assert all(one.result()["Code"] == 0 for one in first)
    assert [(one["met"], one["rounds"]) for one in barriers(client)] == [(2, 0), (2, None)]


def test_whoever_waits_alone_goes_on_in_the_end(client: SignedClient) -> None:
    put_up(client, action="ListApp", callers=2, max_wait_s=0.01)
    assert client.call("ListApp")["Code"] == 0
    (state,) = barriers(client)
    assert (state["met"], state["timed_out"], state["rounds"]) == (0, 1, 0)
    assert client.calls()[0]["ms"] >= 10


@pytest.mark.parametrize(("method", "path"), [("DELETE", "barriers"), ("POST", "reset")])
def test_taken_down_while_somebody_waits(client: SignedClient, method: str, path: str) -> None:
    put_up(client, action="ListApp", callers=2)
    with Crowd(client) as crowd:
        held = crowd.call("ListApp")
        wait_for(client, 1)
        client.http.open(f"/_emulator/{path}", method=method, environ_base=LOOPBACK)
        assert held.result()["Code"] == 0
    assert barriers(client) == []


def test_what_is_shown(client: SignedClient) -> None:
    (shown,) = barriers(client, "POST", {"action": "CreateApp", "callers": 2, "where": {"Title": "shop"}})
    assert shown == {
        "number": 1,
        "action": "CreateApp",
        "only": None,
        "where": {"Title": "shop"},
        "access_key_id": None,
        "callers": 2,
        "hold": "after",
        "max_wait_s": 60.0,
        "rounds": 1,
        "waiting": 0,
        "met": 0,
        "timed_out": 0,
    }
    assert barriers(client) == [shown]


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ([], None),
        ("x", "object"),
        ({}, "needs callers"),
        ({"callers": 0}, "callers is 0, less than 1"),
        ({"callers": 2, "hold": "between"}, "hold is one of before, after"),
        ({"callers": 2, "max_wait_s": float("nan")}, "max_wait_s is nan"),
        ({"callers": 2, "max_wait_s": 3601}, "max_wait_s is 3601"),
        ({"callers": 2, "rounds": -1}, "rounds is negative"),
        ({"callers": 2, "action": "ListNothing"}, "unknown action 'ListNothing'"),
        ({"callers": 2, "count": 1}, "no option count"),
        ([{"callers": 2}, {"callers": "2"}], "callers is '2'"),
    ],
)
def test_wrong_descriptions(client: SignedClient, description: Any, words: str | None) -> None:
    box = BarrierRegistry(client.emulator.lock)
    if words is None:
        assert box.put_up(description) == []
        return
    with pytest.raises(DescriptionError, match=words):
        box.put_up(description)
    assert box.show() == []
