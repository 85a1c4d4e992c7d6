# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The control side, the call log and the clock."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jst_emulator.__main__ import _PrintableFormatter
from jst_emulator.api_spec import OPERATIONS
from jst_emulator.clock import END_OF_TIME, VirtualClock, epoch
from jst_emulator.faults import FAULT_KINDS
from jst_emulator.registry import HANDLERS, operation
from support.signed_client import LOOPBACK, SignedClient, timestamp
from support.small_world import APP


def get(client: SignedClient, path: str) -> Any:
    """The JSON under *path* of the control side."""
    response = client.http.get(f"/_emulator/{path}", environ_base=LOOPBACK)
    assert response.status_code == 200
    return response.get_json()


def post(client: SignedClient, path: str, **body: Any) -> tuple[int, Any]:
    """Status and JSON of a POST to *path*."""
    response = client.http.post(f"/_emulator/{path}", environ_base=LOOPBACK, **body)
    return response.status_code, response.get_json()


def test_health(client: SignedClient) -> None:
    assert get(client, "health") == {"status": "ok", "version": "1.0.0", "answers": "canonical", "operations": 4}


def test_the_call_log_describes_a_call(client: SignedClient) -> None:
    client.acs3("CreateApp", APP, headers={"x-acs-signature-nonce": "n-1", "x-acs-retry-attempts": "2"})
    client.v1("ListApp", {"PageNumber": 1, "PageSize": 5})
    write, read = client.calls()
    assert write | {"request_id": "", "time": "", "ms": 0} == {
        "seq": 1,
        "action": "CreateApp",
        "kind": "write",
        "params": {
            "BizCode": "JST",
            "Language": "Java",
            "OperatingSystem": "Linux",
            "ServiceType": "StoreApplication",
            "Title": "shop",
            "UserRoles": [{"RoleName": "Owner", "UserId": "1001", "UserType": "TAOBAO"}],
        },
        "placement": "body",
        "as_sdk": True,
        "method": "POST",
        "signature_version": "ACS3",
        "access_key_id": "key-id",
        "nonce": "n-1",
        "request_id": "",
        "attempt": "2",
        "time": "",
        "outcome": "ok",
        "executed": True,
        "code": 0,
        "http_status": 200,
        "ms": 0,
    }
    assert (read["seq"], read["kind"], read["placement"], read["attempt"]) == (2, "read", "query", None)
    assert read["params"] == {"PageNumber": 1, "PageSize": 5}


def test_a_deleting_get_is_a_write(client: SignedClient) -> None:
    client.call("DeleteAppDetail", {"AppId": 1})
    assert (client.calls()[-1]["method"], client.calls()[-1]["kind"]) == ("GET", "write")


def test_mixed_placement(client: SignedClient) -> None:
    parameters = {"DeployOrderId": 1, "PageNumber": 1, "PageSize": 10, "StatusList.1": 1}
    client.acs3("ListPods", parameters)
    client.acs3("ListPods", parameters, everything_in="query")
    assert [(entry["placement"], entry["as_sdk"]) for entry in client.calls()] == [("mixed", True), ("query", False)]


def test_since_and_clearing(client: SignedClient) -> None:
    for _dummy in range(3):
        client.call("ListApp")
    assert [entry["seq"] for entry in get(client, "calls?since=1")] == [2, 3]
    assert client.http.delete("/_emulator/calls", environ_base=LOOPBACK).status_code == 200
    client.call("ListApp")
    assert [entry["seq"] for entry in client.calls()] == [4]


def test_rejected_calls_are_in_the_call_log(client: SignedClient) -> None:
    client.call("CreateApp", APP | {"Title": ""})
    client.acs3("ListNothing", {"Some": "thing"})
    first, second = client.calls()
    assert (first["outcome"], first["code"], first["executed"]) == ("gateway-error", "MissingTitle", False)
    assert first["params"]["UserRoles.1.RoleName"] == "Owner"
    assert (second["action"], second["kind"], second["code"], second["params"]) == (
        "ListNothing",
        "read",
        "InvalidAction.NotFound",
        {"Some": "thing"},
    )


def test_reset_starts_over(client: SignedClient) -> None:
    headers = {"x-acs-signature-nonce": "n"}
    client.acs3("CreateApp", APP, headers=headers)
    client.arm(kind="throttle")
    post(client, "clock", json={"advance_s": 3600, "scale": 5})
    assert len(get(client, "state")["apps"]) == 1
    assert post(client, "reset") == (200, {"status": "ok"})
    assert get(client, "state") == {"apps": []}
    assert client.calls() == []
    assert get(client, "faults") == []
    assert get(client, "clock")["scale"] == 1
    assert client.acs3("CreateApp", APP, headers=headers).get_json()["Result"] == {"AppId": 1}


def test_the_clock_is_moved_and_the_world_catches_up(client: SignedClient) -> None:
    before, advanced = get(client, "clock"), client.emulator.world.advanced
    status, after = post(client, "clock", json={"advance_s": 60})
    assert status == 200
    assert 60 <= after["now"] - before["now"] < 61
    assert after["iso"] > before["iso"]
    assert client.emulator.world.advanced > advanced
    assert client.call("ListApp")["Code"] == 0


def test_time_that_only_calls_let_pass(client: SignedClient) -> None:
    start = post(client, "clock", json={"scale": 0, "step_s": 5})[1]["now"]
    client.call("ListApp")
    client.acs3("ListNothing")
    assert get(client, "clock")["now"] == start + 10
    assert get(client, "clock")["step_s"] == 5
    assert post(client, "clock", json={"advance_s": 1})[1]["now"] == start + 11
    post(client, "reset")
    assert get(client, "clock")["step_s"] == 0


def test_a_start_is_gone_back_to_by_a_reset(make_client: Callable[..., SignedClient]) -> None:
    """It is the virtual time alone: calls signed at the real time are let in."""
    client = make_client(time_scale=0, start=epoch("2020-01-05T17:03:09Z"))
    assert get(client, "clock")["iso"] == "2020-01-05T17:03:09Z"
    post(client, "clock", json={"advance_s": 3600, "scale": 5})
    assert client.call("ListApp")["Code"] == 0
    assert client.calls()[0]["time"].startswith("2020-01-05T18:03:")
    post(client, "reset")
    assert get(client, "clock") == {"now": 1578243789, "iso": "2020-01-05T17:03:09Z", "scale": 0, "step_s": 0}


def test_save_points_are_gone_back_to_as_often_as_wanted(client: SignedClient) -> None:
    """World, ids and time are those of then; what was called, and what is armed, is not undone."""
    post(client, "clock", json={"scale": 0, "step_s": 5})
    client.call("CreateApp", APP)
    saved = get(client, "clock")
    assert post(client, "savepoints/one-app") == (200, {"status": "ok"})
    assert get(client, "savepoints") == [{"name": "one-app", "iso": saved["iso"]}]
    for _dummy in range(2):
        client.arm(kind="throttle", action="CreateApp", after=1)
        assert client.call("CreateApp", APP)["Result"] == {"AppId": 2}
        post(client, "clock", json={"scale": 3, "step_s": 0, "advance_s": 60})
        assert post(client, "savepoints/one-app/restore") == (200, {"status": "ok"})
        assert get(client, "clock") == saved
        assert [app["AppId"] for app in get(client, "state")["apps"]] == [1]
        assert len(get(client, "faults")) == 1
        client.http.delete("/_emulator/faults", environ_base=LOOPBACK)
    assert len(client.calls()) == 3
    assert client.emulator.world.clock is client.emulator.clock


def test_save_points_outlive_a_reset_and_are_replaced_and_deleted(client: SignedClient) -> None:
    client.call("CreateApp", APP)
    post(client, "savepoints/apps")
    post(client, "reset")
    assert get(client, "state") == {"apps": []}
    post(client, "savepoints/apps/restore")
    client.call("CreateApp", APP)
    post(client, "savepoints/apps")
    post(client, "reset")
    post(client, "savepoints/apps/restore")
    assert len(get(client, "state")["apps"]) == 2
    assert client.http.delete("/_emulator/savepoints/apps", environ_base=LOOPBACK).status_code == 200
    assert get(client, "savepoints") == []
    assert post(client, "savepoints/apps/restore") == (404, {"error": "there is no save point 'apps'"})
    assert client.http.delete("/_emulator/savepoints/apps", environ_base=LOOPBACK).status_code == 404


@pytest.mark.parametrize(
    "body", [{}, [], {"advance": 1}, {"advance_s": -1}, {"scale": "2"}, {"scale": True}, {"step_s": -5}]
)
def test_wrong_clocks(client: SignedClient, body: Any) -> None:
    status, answer = post(client, "clock", json=body)
    assert status == 400
    assert answer["error"]


def test_wrong_requests(client: SignedClient) -> None:
    assert post(client, "faults", data="{") == (400, {"error": "the body is not JSON"})
    assert post(client, "faults", json={"kind": "quake"})[0] == 400
    assert post(client, "health")[0] == 405
    assert post(client, "nothing")[0] == 404
    assert client.http.get("/_emulator/calls?since=x", environ_base=LOOPBACK).status_code == 400


def test_several_faults_at_once_or_none(client: SignedClient) -> None:
    good, bad = {"kind": "throttle"}, {"kind": "quake"}
    assert len(post(client, "faults", json=[good, good])[1]) == 2
    assert post(client, "faults", json=[good, bad])[0] == 400
    assert len(get(client, "faults")) == 2
    assert client.http.delete("/_emulator/faults", environ_base=LOOPBACK).status_code == 200
    assert get(client, "faults") == []


NUMBERS = st.one_of(
    st.integers(),
    st.integers(10**12, 10**400),
    st.floats(allow_nan=True, allow_infinity=True),
    st.sampled_from([-1, 0, 1, 2, 1.5]),
)
ANYTHING = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(), st.sampled_from([*FAULT_KINDS, *OPERATIONS])),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
OPTIONS = {name for kind in FAULT_KINDS.values() for name in kind.all_options()}
NAMES = st.sampled_from(
    [
        *("kind", "action", "only", "count", "after", "where", "callers", "hold", "rounds", "max_wait_s"),
        *("advance_s", "scale", "step_s", *sorted(OPTIONS)),
    ]
)
BODIES = st.one_of(ANYTHING, st.dictionaries(NAMES, ANYTHING, max_size=4), st.lists(st.dictionaries(NAMES, ANYTHING)))


def everything(client: SignedClient) -> Any:
    """All that can be changed over the control side, apart from the time that passes."""
    emulator = client.emulator
    clock = emulator.clock
    return (
        *(emulator.faults.show(), emulator.barriers.show(), emulator.deliveries.show(), sorted(emulator.save_points)),
        *(clock.scale, clock.step, clock._virtual, emulator.call_log.since(0)),
    )


@settings(
    derandomize=True,
    database=None,
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(path=st.sampled_from(["faults", "barriers", "clock"]), body=BODIES)
def test_whatever_is_ordered_is_done_or_refused_and_changes_nothing(client: SignedClient, path: str, body: Any) -> None:
    """NaN, infinities and numbers beyond all measure included: Python writes and reads them as JSON."""
    before = everything(client)
    status, answer = post(client, path, data=json.dumps(body))
    assert status in (200, 400)
    if status == 400:
        assert answer["error"]
        assert everything(client) == before
    for looked_at in ("faults", "barriers", "clock", "deliveries"):
        json.loads(json.dumps(get(client, looked_at), allow_nan=False))
    post(client, "reset")


DEEP = "[" * 100_000 + "]" * 100_000


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("clock", '{"advance_s": NaN}'),
        ("clock", '{"advance_s": Infinity}'),
        ("clock", '{"advance_s": 1e999}'),
        ("clock", '{"advance_s": 1e12}'),
        ("clock", '{"scale": 1e300}'),
        ("clock", '{"scale": -Infinity}'),
        ("clock", f'{{"step_s": {"9" * 5000}}}'),
        ("clock", f'{{"advance_s": 1, "scale": {DEEP}}}'),
        ("clock", '{"scale": 5, "advance_s": -1}'),
        ("faults", DEEP),
        ("faults", f'{{"kind": "rewrite", "path": [], "value": {"[" * 40}{"]" * 40}}}'),
        ("faults", '[{"kind": "throttle"}, {"kind": "throttle", "count": -1}]'),
        ("faults", '{"kind": "delay", "seconds": NaN}'),
        ("faults", '{"kind": "rewrite", "path": [], "value": [NaN]}'),
        ("faults", '{"kind": "rewrite", "path": [], "value": -Infinity}'),
        ("faults", '{"kind": "rewrite", "path": [], "value": 1e999}'),
        ("faults", '{"kind": "delay", "seconds": 1e300}'),
        ("faults", '{"kind": {"kind": "throttle"}}'),
        ("faults", "\xff\xfe"),
        ("faults", ""),
        ("barriers", '{"callers": 1e999}'),
        ("barriers", '{"callers": true}'),
        ("barriers", '[{"callers": 2}, {"callers": -2}]'),
    ],
)
def test_orders_that_make_no_sense_change_nothing(client: SignedClient, path: str, body: str) -> None:
    before = everything(client)
    status, answer = post(client, path, data=body.encode("latin-1"))
    assert (status, list(answer)) == (400, ["error"])
    assert everything(client) == before


def test_numbers_in_queries_have_an_end(client: SignedClient) -> None:
    assert client.http.get(f"/_emulator/calls?since={'9' * 5000}", environ_base=LOOPBACK).status_code == 400


def test_a_clock_stands_still_at_the_end_of_time(client: SignedClient) -> None:
    post(client, "clock", json={"step_s": 10**6})
    client.emulator.clock.advance(END_OF_TIME - client.emulator.clock.now() - 1)
    assert client.call("ListApp")["Code"] == 0
    assert get(client, "clock")["iso"] == "9999-01-01T00:00:00Z"


NASTY = "\x1b[2J\x7f\x9b\u202eshop\u2066\u2028"


def test_what_terminals_obey_is_escaped_on_the_control_side(client: SignedClient) -> None:
    """Parsed, it is what was sent."""
    client.call("CreateApp", APP | {"Title": NASTY})
    for path in ("calls", "state", "faults"):
        client.arm(kind="rewrite", path=[NASTY], value=NASTY)
        raw = client.http.get(f"/_emulator/{path}", environ_base=LOOPBACK).data.decode()
        assert "shop" in raw
        assert not set(NASTY) - set("[2Jshop") & set(raw)
    assert get(client, "state")["apps"][0]["Title"] == NASTY


@pytest.mark.parametrize("name", [NASTY, "a\nb", "x" * 101])
def test_names_of_save_points_are_plain(client: SignedClient, name: str) -> None:
    assert post(client, f"savepoints/{quote(name)}")[0] == 400
    assert get(client, "savepoints") == []


def test_what_is_logged_is_plain() -> None:
    formatter = _PrintableFormatter("%(message)s")
    try:
        raise KeyError(NASTY)
    except KeyError:
        record = logging.LogRecord("emulator", logging.ERROR, __file__, 1, f"{NASTY}\nsecond", None, sys.exc_info())
    text = formatter.format(record)
    assert "\\u001b[2J\\u007f\\u009b\\u202eshop\\u2066\\u2028\nsecond" in text
    assert "Traceback" in text
    assert not set(NASTY) - set("[2Jshop") & set(text)


@pytest.mark.parametrize(
    ("address", "status"), [("127.0.0.1", 200), ("127.9.9.9", 200), ("::1", 200), ("10.0.0.1", 403), ("", 403)]
)
def test_only_the_loopback_may(client: SignedClient, address: str, status: int) -> None:
    assert client.http.get("/_emulator/health", environ_base={"REMOTE_ADDR": address}).status_code == status


def test_a_virtual_clock() -> None:
    real = [1000.0]
    clock = VirtualClock(10, lambda: real[0])
    real[0] += 5
    assert clock.now() == 1050
    clock.advance(100)
    clock.rescale(0)
    real[0] += 5
    assert clock.now() == 1150
    assert clock.iso() == "1970-01-01T00:19:10Z"
    assert clock.format("%Y-%m-%d", 86400) == "1970-01-02"
    with pytest.raises(ValueError, match="cannot go backwards"):
        clock.advance(-1)
    with pytest.raises(ValueError, match="cannot run backwards"):
        clock.rescale(-1)


def test_a_virtual_clock_with_a_start() -> None:
    real = [1000.0]
    clock = VirtualClock(10, lambda: real[0], start=200.0)
    assert clock.now() == 200
    real[0] += 5
    assert clock.now() == 250


@pytest.mark.parametrize("text", ["2026-01-05T09:00:00Z", "2026-01-05T09:00:00", "2026-01-05T10:00:00+01:00"])
def test_moments_are_in_utc_unless_they_name_a_zone(text: str) -> None:
    assert epoch(text) == 1767603600


def test_an_operation_is_registered_once() -> None:
    def rehearse(world: Any, p: dict[str, Any]) -> None:
        """Do nothing."""

    try:
        operation("Rehearse")(rehearse)
        assert HANDLERS["Rehearse"] is rehearse
        with pytest.raises(ValueError, match="registered twice"):
            operation("Rehearse")(rehearse)
    finally:
        HANDLERS.pop("Rehearse", None)


def test_callers_see_the_virtual_time_when_told_to(make_client: Callable[..., SignedClient]) -> None:
    """``Date`` and the checks of time stamps follow it; no fault is the reason when a call is rejected."""
    client = make_client(time_scale=0)
    post(client, "clock", json={"advance_s": 7200})
    assert parsedate_to_datetime(client.acs3("ListApp").headers["Date"]).timestamp() < epoch_of(client) - 7000
    status, shown = post(client, "clock", json={"on_the_wire": True, "advance_s": 60})
    assert (status, shown["on_the_wire"]) == (200, True)
    rejected = client.acs3("ListApp")
    assert rejected.get_json()["Code"] == "InvalidTimeStamp.Expired"
    date = parsedate_to_datetime(rejected.headers["Date"]).timestamp()
    assert date == pytest.approx(epoch_of(client), abs=5)
    assert client.calls()[-1]["outcome"] == "gateway-error"
    stamped = {"x-acs-date": timestamp(date - datetime.now(UTC).timestamp())}
    assert client.acs3("ListApp", headers=stamped).get_json()["Code"] == 0
    unknown = client.acs3("ListNothing").headers["Date"]
    assert parsedate_to_datetime(unknown).timestamp() == pytest.approx(date, abs=60)
    post(client, "reset")
    assert client.call("ListApp")["Code"] == 0


def test_a_skew_comes_on_top_of_the_virtual_time(client: SignedClient) -> None:
    post(client, "clock", json={"on_the_wire": True})
    client.arm(kind="skew", seconds=3600)
    assert client.call("ListApp")["Code"] == "InvalidTimeStamp.Expired"
    assert client.calls()[-1]["outcome"] == "fault:skew"


@pytest.mark.parametrize("value", [1, "true", None, []])
def test_the_wire_is_on_or_off(client: SignedClient, value: Any) -> None:
    status, answer = post(client, "clock", json={"on_the_wire": value, "advance_s": 60})
    assert (status, answer["error"]) == (400, f"on_the_wire is {value!r}, neither true nor false")
    assert "on_the_wire" not in get(client, "clock")


def epoch_of(client: SignedClient) -> float:
    """The virtual time."""
    return float(get(client, "clock")["now"])
