# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each fault kind: what the client gets, whether the call is executed, and its entry in the call log."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any
from unittest import mock

import pytest

from jst_emulator.api_spec import OPERATIONS
from jst_emulator.call_filter import Call, DescriptionError
from jst_emulator.faults import FAULT_KINDS, FaultRegistry
from support.signed_client import LOOPBACK, SignedClient, timestamp
from support.small_world import APP, KEY, STS

#: Options that some kinds cannot do without.
REQUIRED: dict[str, dict[str, Any]] = {"gateway": {"code": "X"}, "wrong_count": {"total": 0}, "rewrite": {"path": []}}


def outcome(client: SignedClient) -> tuple[str, bool, Any, int | None]:
    """Outcome, executed, code and status of the last call."""
    entry = client.calls()[-1]
    return entry["outcome"], entry["executed"], entry["code"], entry["http_status"]


def titles(client: SignedClient) -> list[str]:
    """Titles of the apps there are."""
    return [app["Title"] for app in client.call("ListApp")["Data"]]


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "throttle"}, 400, "Throttling.User"),
        ({"kind": "throttle", "code": "Throttling.Api"}, 400, "Throttling.Api"),
        ({"kind": "internal_error"}, 500, "InternalError"),
        ({"kind": "unavailable"}, 503, "ServiceUnavailable"),
        ({"kind": "gateway", "code": "system.error"}, 500, "system.error"),
        ({"kind": "gateway", "code": "Odd.Code", "status": 409, "message": "odd"}, 409, "Odd.Code"),
        ({"kind": "expired_token"}, 400, "InvalidSecurityToken.Expired"),
    ],
)
def test_errors_of_the_gateway(client: SignedClient, fault: dict[str, Any], status: int, code: str) -> None:
    client.arm(action="CreateApp", **fault)
    response = client.acs3("CreateApp", APP)
    assert (response.status_code, response.get_json()["Code"]) == (status, code)
    assert response.get_json()["Message"]
    assert outcome(client) == (f"fault:{fault['kind']}", False, code, status)
    assert titles(client) == []
    assert client.call("CreateApp", APP)["Code"] == 0


def test_throttling_says_how_long_when_told_to(client: SignedClient) -> None:
    client.arm(kind="throttle", retry_after_ms=1500)
    assert client.acs3("ListApp").headers["x-acs-retry-after"] == "1500"
    client.arm(kind="throttle")
    assert "x-acs-retry-after" not in client.acs3("ListApp").headers


def test_a_page_of_a_proxy(client: SignedClient) -> None:
    client.arm(kind="bad_gateway", action="CreateApp")
    response = client.acs3("CreateApp", APP)
    assert (response.status_code, response.headers["Content-Type"]) == (502, "text/html")
    assert outcome(client) == ("fault:bad_gateway", False, None, 502)


def test_a_business_failure(client: SignedClient) -> None:
    client.arm(kind="business", action="CreateApp", code=500, message="quota")
    response = client.acs3("CreateApp", APP)
    assert response.status_code == 200
    assert (response.get_json()["Code"], response.get_json()["ErrMsg"]) == (500, "quota")
    assert outcome(client) == ("fault:business", False, 500, 200)
    assert titles(client) == []


def test_dropped_before_executing(client: SignedClient) -> None:
    client.arm(kind="drop_before", action="CreateApp")
    with pytest.raises(ConnectionAbortedError):
        client.acs3("CreateApp", APP)
    assert outcome(client) == ("fault:drop_before", False, None, None)
    assert titles(client) == []


def test_dropped_after_executing(client: SignedClient) -> None:
    client.arm(kind="drop_after", action="CreateApp")
    with pytest.raises(ConnectionAbortedError):
        client.acs3("CreateApp", APP)
    assert outcome(client) == ("fault:drop_after", True, 0, None)
    assert titles(client) == ["shop"]


def test_truncated(client: SignedClient) -> None:
    client.arm(kind="truncate", action="CreateApp")
    response = client.acs3("CreateApp", APP)
    with pytest.raises(ConnectionAbortedError):
        response.get_data()
    assert int(response.headers["Content-Length"]) > 0
    assert outcome(client) == ("fault:truncate", True, 0, 200)
    assert titles(client) == ["shop"]


def test_garbage_and_empty(client: SignedClient) -> None:
    client.arm(kind="garbage", action="CreateApp")
    client.arm(kind="empty", action="CreateApp")
    garbage, empty = client.acs3("CreateApp", APP), client.acs3("CreateApp", APP)
    assert (garbage.status_code, empty.status_code, empty.data) == (200, 200, b"")
    with pytest.raises(ValueError, match="Expecting value"):
        garbage.get_json()
    assert titles(client) == ["shop", "shop"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"path": ["Data", 0, "Title"], "value": None}, [{"AppId": 1, "Title": None}, {"AppId": 2, "Title": "b"}]),
        ({"path": ["Data", 0, "Title"], "remove": True}, [{"AppId": 1}, {"AppId": 2, "Title": "b"}]),
        ({"path": ["Data", 1], "remove": True}, [{"AppId": 1, "Title": "a"}]),
        (
            {"path": ["Data", 0, "New"], "value": 1.5},
            [{"AppId": 1, "Title": "a", "New": 1.5}, {"AppId": 2, "Title": "b"}],
        ),
        ({"path": ["Data", 0], "value": [True, "\ud800"]}, [[True, "\ud800"], {"AppId": 2, "Title": "b"}]),
        ({"path": ["Data", 2], "value": 1}, [{"AppId": 1, "Title": "a"}, {"AppId": 2, "Title": "b"}]),
        ({"path": ["Data", "Title"], "value": 1}, [{"AppId": 1, "Title": "a"}, {"AppId": 2, "Title": "b"}]),
        ({"path": ["Nothing", 0], "value": 1}, [{"AppId": 1, "Title": "a"}, {"AppId": 2, "Title": "b"}]),
    ],
)
def test_rewritten(client: SignedClient, change: dict[str, Any], expected: list[Any]) -> None:
    for title in "ab":
        client.call("CreateApp", APP | {"Title": title})
    client.arm(kind="rewrite", action="ListApp", **change)
    first, second = client.call("ListApp"), client.call("ListApp")
    assert first["Data"] == expected
    assert (first["TotalCount"], len(second["Data"])) == (2, 2)
    assert client.calls()[-2]["outcome"] == "fault:rewrite"


def test_wrap_puts_the_answer_in_an_object(client: SignedClient) -> None:
    client.arm(kind="wrap", action="ListApp", name="Answer")
    wrapped = client.call("ListApp")
    assert list(wrapped) == ["Answer"]
    assert wrapped["Answer"]["Code"] == 0
    assert "Code" in client.call("ListApp")
    client.arm(kind="wrap")
    assert client.v1("ListApp", common={"Format": "XML"}).data[:1] == b"<"


def test_rewritten_as_a_whole(client: SignedClient) -> None:
    client.arm(kind="rewrite", action="CreateApp", path=[], value=["odd"])
    client.arm(kind="rewrite", action="CreateApp", path=[], remove=True)
    assert client.acs3("CreateApp", APP).get_json() == ["odd"]
    assert client.acs3("CreateApp", APP | {"Title": "second"}).data == b""
    assert titles(client) == ["shop", "second"]
    assert outcome(client)[1] is True


def test_a_page_is_not_rewritten(client: SignedClient) -> None:
    client.arm(kind="rewrite", path=["Code"], value=1)
    response = client.v1("ListApp", common={"Format": "XML"})
    assert (response.content_type, response.data[:1]) == ("text/xml;charset=utf-8", b"<")


def test_delayed(client: SignedClient) -> None:
    client.arm(kind="delay", action="CreateApp", seconds=7)
    with mock.patch("time.sleep") as sleep:
        assert client.call("CreateApp", APP)["Code"] == 0
    assert mock.call(7) in sleep.mock_calls
    assert outcome(client) == ("fault:delay", True, 0, 200)


def test_a_skewed_clock_can_be_followed(client: SignedClient) -> None:
    client.arm(kind="skew", seconds=3600)
    response = client.acs3("ListApp")
    assert response.get_json()["Code"] == "InvalidTimeStamp.Expired"
    assert client.calls()[-1]["outcome"] == "fault:skew"
    ahead = parsedate_to_datetime(response.headers["Date"]) - datetime.now(UTC)
    assert ahead.total_seconds() == pytest.approx(3600, abs=5)
    assert client.acs3("ListApp", headers={"x-acs-date": timestamp(3600)}).status_code == 200
    assert client.calls()[-1]["outcome"] == "ok"


def test_a_token_expires_once(client: SignedClient) -> None:
    client.arm(kind="expired_token")
    assert [client.acs3("ListApp", key=STS).status_code for _dummy in range(2)] == [400, 200]


def test_a_stale_read(client: SignedClient) -> None:
    client.call("CreateApp", APP)
    client.arm(kind="stale_read", action="ListApp", after=1)
    client.call("CreateApp", APP | {"Title": "second"})
    client.call("DeleteAppDetail", {"AppId": 1})
    assert titles(client) == ["second"]
    assert titles(client) == ["shop", "second"]
    assert client.calls()[-1]["outcome"] == "fault:stale_read"
    assert titles(client) == ["second"]


def test_a_stale_read_leaves_writes_alone(client: SignedClient) -> None:
    client.arm(kind="stale_read")
    client.call("CreateApp", APP)
    assert client.calls()[-1]["outcome"] == "ok"
    assert titles(client) == []
    assert titles(client) == ["shop"]


@pytest.mark.parametrize(("by", "second_page", "total"), [(1, ["b", "c"], 5), (2, ["a", "b"], 6), (-1, ["d"], 3)])
def test_a_list_that_shifts(client: SignedClient, by: int, second_page: list[str], total: int) -> None:
    for title in "abcd":
        client.call("CreateApp", APP | {"Title": title})
    client.arm(kind="moved_records", by=by, after=1)
    pages = [client.call("ListApp", {"PageNumber": number, "PageSize": 2}) for number in (1, 2, 2)]
    assert [[app["Title"] for app in page["Data"]] for page in pages] == [["a", "b"], second_page, ["c", "d"]]
    assert [page["TotalCount"] for page in pages] == [4, total, 4]


def test_a_list_that_takes_no_page_numbers(client: SignedClient) -> None:
    for title in "abc":
        client.call("CreateApp", APP | {"Title": title})
    client.arm(kind="repeat", count=2)
    pages = [client.call("ListApp", {"PageNumber": number, "PageSize": 2}) for number in (1, 2, 2)]
    assert [[app["Title"] for app in page["Data"]] for page in pages] == [["a", "b"], ["a", "b"], ["c"]]
    assert [page["TotalCount"] for page in pages] == [3, 3, 3]


@pytest.mark.parametrize("total", [-1, 0, 1, 99])
def test_a_total_that_lies(client: SignedClient, total: int) -> None:
    client.call("CreateApp", APP)
    client.call("CreateApp", APP | {"Title": "second"})
    client.arm(kind="wrong_count", total=total)
    answer = client.call("ListApp")
    assert (len(answer["Data"]), answer["TotalCount"]) == (2, total)
    assert client.calls()[-1]["outcome"] == "fault:wrong_count"
    assert client.call("ListApp")["TotalCount"] == 2


def test_pages_inside_a_result_shift_and_lie(make_client: Callable[..., SignedClient]) -> None:
    backups = [{"BackupId": str(number)} for number in range(2)]
    client = make_client(handlers={"GetRdsBackUp": lambda world, p: {"Items": list(backups)}})
    client.arm(kind="moved_records", by=-1)
    client.arm(kind="wrong_count", total=7)
    shifted, lied = (client.call("GetRdsBackUp", {"DbInstanceId": "rm-1"})["Result"] for _dummy in range(2))
    assert ([item["BackupId"] for item in shifted["Items"]], shifted["TotalRecordCount"]) == (["1"], "1")
    assert ([item["BackupId"] for item in lied["Items"]], lied["TotalRecordCount"]) == (["0", "1"], "7")


def test_counting() -> None:
    box = FaultRegistry()
    box.arm({"kind": "throttle", "action": "ListApp", "after": 1, "count": 2})
    box.arm({"kind": "drop_before", "after": 2, "count": None})
    box.arm({"kind": "empty", "only": "write"})

    def take(action: str) -> str | None:
        fault = box.take(Call(OPERATIONS[action]), "call")
        return fault.kind if fault else None

    reads = [take("ListApp") for _dummy in range(5)]
    assert reads == [None, "throttle", "throttle", "drop_before", "drop_before"]
    assert take("CreateApp") == "drop_before"
    shown = box.show()
    assert [fault["seen"] for fault in shown] == [5, 6, 1]
    assert [fault["struck"] for fault in shown] == [2, 3, 0]
    assert [fault["count"] for fault in shown] == [0, None, 1]
    box.clear()
    assert take("CreateApp") is None


def test_the_answer_to_the_younger_of_two_creates_is_lost(client: SignedClient) -> None:
    """Calls of others, with other parameters or another key, neither count nor are struck."""
    client.arm(kind="drop_after", action="CreateApp", where={"Title": "shop"}, access_key_id="key-id", after=1)
    with pytest.raises(ConnectionAbortedError):
        for title, key in [("other", KEY), ("shop", KEY), ("other", KEY), ("shop", STS), ("shop", KEY)]:
            client.acs3("CreateApp", APP | {"Title": title}, key=key)
    assert outcome(client) == ("fault:drop_after", True, 0, None)
    assert [entry["outcome"] for entry in client.calls()[:-1]] == ["ok"] * 4
    assert len(titles(client)) == 5


@pytest.mark.parametrize(
    ("where", "strikes"),
    [
        ({"AppId": 7}, True),
        ({"AppId": "7"}, True),
        ({"AppId": 8}, False),
        ({"EnvId": 7}, False),
        ({"Force": True}, True),
        ({"Force": False}, False),
        ({"AppId": 7, "Force": False}, False),
        ({}, True),
    ],
)
def test_where_compares_parameters_as_they_were_sent(where: dict[str, Any], strikes: bool) -> None:
    box = FaultRegistry()
    box.arm({"kind": "throttle", "where": where})
    call = Call(OPERATIONS["DeleteAppDetail"], {"AppId": "7", "Force": "True"})
    assert (box.take(call, "call") is not None) is strikes


@pytest.mark.parametrize(
    ("fault", "status", "code"),
    [
        ({"kind": "internal_error"}, 500, "InternalError"),
        ({"kind": "unavailable"}, 503, "ServiceUnavailable"),
        ({"kind": "bad_gateway"}, 502, None),
        ({"kind": "gateway", "code": "Odd.Code", "status": 404}, 404, "Odd.Code"),
        ({"kind": "business", "code": 7}, 200, 7),
    ],
)
@pytest.mark.parametrize("executed", [False, True])
def test_errors_with_a_time_to_wait_whether_executed_or_not(
    client: SignedClient, fault: dict[str, Any], status: int, code: Any, executed: bool
) -> None:
    client.arm(action="CreateApp", executed=executed, retry_after_ms=700, **fault)
    response = client.acs3("CreateApp", APP)
    assert (response.status_code, response.headers["x-acs-retry-after"]) == (status, "700")
    if code is not None:
        assert response.get_json()["Code"] == code
    struck = client.calls()[-1]
    assert (struck["outcome"], struck["executed"], struck["http_status"]) == (
        f"fault:{fault['kind']}",
        executed,
        status,
    )
    assert titles(client) == (["shop"] if executed else [])


@pytest.mark.parametrize("kind", [name for name, kind in FAULT_KINDS.items() if kind.answers])
def test_every_answer_can_say_when_to_come_back(client: SignedClient, kind: str) -> None:
    client.arm(kind=kind, action="ListApp", retry_after_ms=1, **REQUIRED.get(kind, {}))
    response = client.acs3("ListApp", key=STS)
    assert response.headers.get("x-acs-retry-after") == (None if kind == "skew" else "1")


def deliveries(client: SignedClient, method: str = "GET") -> Any:
    """What is on its way; with POST it arrives."""
    return client.http.open("/_emulator/deliveries", method=method, environ_base=LOOPBACK).get_json()


def create_late(client: SignedClient, **options: Any) -> None:
    """Send a create whose connection is lost before it arrives."""
    client.arm(kind="late_delivery", action="CreateApp", **options)
    with pytest.raises(ConnectionAbortedError):
        client.acs3("CreateApp", APP)
    assert outcome(client) == ("fault:late_delivery", False, None, None)


def test_a_request_that_is_delivered_after_its_caller_gave_up(client: SignedClient) -> None:
    create_late(client)
    (waiting,) = deliveries(client)
    assert waiting == {"seq": 1, "action": "CreateApp", "calls": 1, "calls_of": None, "due_at": None}
    assert [titles(client) for _dummy in range(2)] == [[], ["shop"]]
    entry = client.calls()[0]
    assert (entry["outcome"], entry["executed"], entry["code"], entry["http_status"]) == (
        "fault:late_delivery",
        True,
        0,
        None,
    )
    assert deliveries(client) == []


def test_a_late_delivery_counts_the_calls_that_it_is_told_to(client: SignedClient) -> None:
    create_late(client, calls=2, calls_of="ListApp")
    for _dummy in range(3):
        client.call("DeleteAppDetail", {"AppId": 9})
    assert [titles(client) for _dummy in range(3)] == [[], [], ["shop"]]


def test_a_late_delivery_by_the_virtual_clock(client: SignedClient) -> None:
    create_late(client, seconds=60)
    assert [titles(client) for _dummy in range(3)] == [[], [], []]
    client.http.post("/_emulator/clock", json={"advance_s": 60}, environ_base=LOOPBACK)
    assert titles(client) == ["shop"]


def test_late_deliveries_on_demand_and_of_what_is_refused(client: SignedClient) -> None:
    create_late(client, calls=99)
    client.call("CreateApp", APP)
    assert [one["calls"] for one in deliveries(client, "POST")] == [98]
    assert (titles(client), deliveries(client)) == (["shop", "shop"], [])
    client.arm(kind="late_delivery", action="CreateApp", calls=99)
    with pytest.raises(ConnectionAbortedError):
        client.acs3("CreateApp", APP | {"Title": "taken"})
    deliveries(client, "POST")
    late = next(one for one in client.calls() if one["params"].get("Title") == "taken")
    assert (late["executed"], late["code"], late["outcome"]) == (False, 17, "fault:late_delivery")


def test_a_reset_loses_what_is_on_its_way(client: SignedClient) -> None:
    create_late(client)
    client.http.post("/_emulator/reset", environ_base=LOOPBACK)
    assert (deliveries(client), titles(client), titles(client)) == ([], [], [])


def test_faults_strike_only_who_is_let_in(client: SignedClient) -> None:
    client.arm(kind="throttle")
    assert client.acs3("ListApp", key=("key-id", "wrong")).get_json()["Code"] == "SignatureDoesNotMatch"
    assert client.acs3("ListApp").get_json()["Code"] == "Throttling.User"


def test_an_executing_fault_strikes_refusals_too(client: SignedClient) -> None:
    client.arm(kind="empty", action="CreateApp")
    assert client.acs3("CreateApp", APP | {"Title": "taken"}).data == b""
    assert outcome(client) == ("fault:empty", False, 17, 200)


@pytest.mark.parametrize(
    ("description", "words"),
    [
        ([[]], "object"),
        ({}, "unknown kind None"),
        ({"kind": "quake"}, "unknown kind 'quake'; known: throttle"),
        ({"kind": "throttle", "seconds": 1}, "no option seconds"),
        ({"kind": "throttle", "action": "Nothing"}, "unknown action 'Nothing'"),
        ({"kind": "throttle", "count": "2"}, "count is '2'"),
        ({"kind": "throttle", "count": True}, "count is True"),
        ({"kind": "throttle", "after": -1}, "after is negative"),
        ({"kind": "throttle", "only": "reads"}, "only is one of read, write"),
        ({"kind": []}, "unknown kind"),
        ({"kind": "throttle", "where": []}, "where is"),
        ({"kind": "throttle", "where": {"Title": None}}, "where holds something else"),
        ({"kind": "throttle", "access_key_id": 1}, "access_key_id is 1"),
        ({"kind": "throttle", "count": 10**13}, "count is 10000000000000"),
        ({"kind": "delay", "seconds": float("nan")}, "seconds is nan"),
        ({"kind": "delay", "seconds": -1}, "seconds is -1, not from 0"),
        ({"kind": "delay", "seconds": 3601}, "seconds is 3601, not from 0 to 3600"),
        ({"kind": "skew", "seconds": float("inf")}, "seconds is inf"),
        ({"kind": "drop_after", "retry_after_ms": 1}, "no option retry_after_ms"),
        ({"kind": "late_delivery", "calls": 0}, "calls is 0, less than 1"),
        ({"kind": "late_delivery", "calls_of": "ListNothing"}, "calls_of is ListNothing, no action"),
        ({"kind": "gateway"}, "needs code"),
        ({"kind": "gateway", "code": "X", "status": 399}, "status is 399, no HTTP error"),
        ({"kind": "gateway", "code": "X", "status": 600}, "status is 600, no HTTP error"),
        ({"kind": "business", "code": "x"}, "code is 'x'"),
        ({"kind": "rewrite"}, "needs path"),
        ({"kind": "rewrite", "path": "Data"}, "path is 'Data'"),
        ({"kind": "rewrite", "path": ["Data", None]}, "path holds something else"),
        ({"kind": "rewrite", "path": [], "remove": 1}, "remove is 1"),
    ],
)
def test_wrong_descriptions(description: Any, words: str) -> None:
    with pytest.raises(DescriptionError, match=words):
        FaultRegistry().arm(description)


@pytest.mark.parametrize("kind", list(FAULT_KINDS))
def test_every_kind_can_be_armed_and_is_shown(make_client: Callable[..., SignedClient], kind: str) -> None:
    client = make_client()
    client.arm(kind=kind, **REQUIRED.get(kind, {}))
    (shown,) = client.http.get("/_emulator/faults", environ_base=LOOPBACK).get_json()
    assert (shown["kind"], shown["action"], shown["struck"]) == (kind, "*", 0)


@pytest.mark.parametrize(
    ("kind", "outcome_"),
    [
        ("unavailable", "ServiceUnavailable"),
        ("throttle", "Throttling.User"),
        ("drop_before", None),
        ("expired_token", "InvalidSecurityToken.Expired"),
    ],
)
def test_a_fault_strikes_every_call_of_a_span_of_virtual_time(
    make_client: Callable[..., SignedClient], kind: str, outcome_: str | None
) -> None:
    client = make_client(time_scale=0)

    def codes(seconds: float) -> list[Any]:
        client.emulator.clock.advance(seconds)
        before = len(client.calls())
        for _dummy in range(2):
            with contextlib.suppress(ConnectionAbortedError):
                client.acs3("ListApp")
        return [call["code"] for call in client.calls()[before:]]

    client.arm(kind=kind, in_s=60, for_s=3600)
    assert codes(0) == codes(59) == [0, 0]
    assert codes(1) == codes(3599.5) == [outcome_, outcome_]
    assert codes(0.5) == [0, 0]
    (shown,) = client.http.get("/_emulator/faults", environ_base=LOOPBACK).get_json()
    assert (shown["seen"], shown["struck"], shown["count"]) == (4, 4, None)
    assert shown["ends_at"] - shown["starts_at"] == 3600


def test_a_span_may_have_a_count_and_no_end() -> None:
    box, call = FaultRegistry(), Call(OPERATIONS["ListApp"])
    box.arm([{"kind": "throttle", "for_s": 10, "count": 1}, {"kind": "unavailable", "in_s": 20, "count": None}], 100)
    struck = [getattr(box.take(call, "call", now), "kind", None) for now in (100, 109, 119, 120, 10_000)]
    assert struck == ["throttle", None, None, "unavailable", "unavailable"]
    assert not box.is_armed("throttle", 100)
    assert [fault["ends_at"] for fault in box.show()] == [110, None]


def test_a_stale_read_is_armed_until_its_end() -> None:
    box = FaultRegistry()
    box.arm({"kind": "stale_read", "in_s": 5, "for_s": 5}, 100)
    assert [box.is_armed("stale_read", now) for now in (100, 109.9, 110)] == [True, True, False]


@pytest.mark.parametrize("span", [{"for_s": 0}, {"for_s": -1}, {"for_s": "60"}, {"in_s": -1}, {"in_s": True}])
def test_spans_that_make_no_sense(span: dict[str, Any]) -> None:
    (name,) = span
    with pytest.raises(DescriptionError, match=f"^{name} is "):
        FaultRegistry().arm({"kind": "throttle", **span})


def test_calls_above_a_rate_are_struck() -> None:
    """In each span of a second, whatever the calls before were struck by."""
    box, call = FaultRegistry(), Call(OPERATIONS["ListApp"])
    box.arm({"kind": "throttle", "rate": 2, "for_s": 10}, 100)
    moments = (100, 100, 100.5, 100.9, 101, 101, 101.9, 102, 109.9, 109.9, 109.9, 110, 110, 110)
    struck = [box.take(call, "call", now) is not None for now in moments]
    assert struck == [False, False, True, True, False, False, True, False] + [False, False, True] + [False] * 3
    assert [fault["struck"] for fault in box.show()] == [4]


def test_a_rate_may_have_a_count_and_is_at_least_one() -> None:
    box, call = FaultRegistry(), Call(OPERATIONS["ListApp"])
    box.arm({"kind": "throttle", "rate": 1, "count": 1})
    assert [box.take(call, "call", 5) is not None for _dummy in range(4)] == [False, True, False, False]
    with pytest.raises(DescriptionError, match=r"^rate is 0, less than 1$"):
        box.arm({"kind": "throttle", "rate": 0})
