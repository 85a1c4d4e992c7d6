# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls over a real connection: what goes out, what is tried again and what never is."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import MAX_LIST_READS, Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    ApiError,
    AuthenticationError,
    BusinessError,
    ConfigError,
    ConnectionFailedError,
    PermissionDeniedError,
    RequestRejectedError,
    ResponseLostError,
    ServiceFailureError,
    StoppedError,
    ThrottledError,
)
from tests.unit.plugins.module_utils._api.conftest import (
    KEY_ID,
    SECRET,
    FakeTime,
    Gateway,
    good,
    hang_up,
    refuse,
    reset,
    say,
    stall,
)

Connect = Callable[..., Client]

READ = ("ListApp", {"PageNumber": 1})
WRITE = ("CreateApp", {"Title": "shop"})


@pytest.fixture(autouse=True)
def longest_jitter(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every pause is as long as it may be."""
    monkeypatch.setattr(random, "uniform", lambda low, high: high)


def test_a_read_with_everything_in_the_query(gateway: Gateway, connect: Connect) -> None:
    gateway.script(good(Data=[{"AppId": 1}], TotalCount=1))
    answer = connect().call("ListApp", {"PageNumber": 1, "PageSize": 20})
    assert (answer.data, answer.total_count, answer.request_id) == ([{"app_id": 1}], 1, "R-GOOD")
    (seen,) = gateway.seen
    assert (seen.method, seen.path, seen.body) == ("GET", "/?PageNumber=1&PageSize=20", b"")
    assert seen.headers["x-acs-action"] == "ListApp"
    assert seen.headers["x-acs-version"] == "2018-03-13"
    assert seen.headers["host"] == f"127.0.0.1:{gateway.port}"
    assert seen.headers["authorization"].startswith(f"ACS3-HMAC-SHA256 Credential={KEY_ID},SignedHeaders=host;x-acs-")
    assert seen.headers["user-agent"].startswith("ansible-jst.retailcloud/")
    assert "content-type" not in seen.headers
    assert "x-acs-retry-attempts" not in seen.headers


def test_a_write_in_a_form(gateway: Gateway, connect: Connect) -> None:
    gateway.script(good(Result={"AppId": 1}))
    title = "caf\u00e9 \u5e94\u7528 100% *~+/"
    connect().call("CreateApp", {"Title": title, "UserRoles": [{"UserId": "7"}], "Description": ""})
    (seen,) = gateway.seen
    assert (seen.method, seen.path) == ("POST", "/")
    assert seen.form == {"Title": title, "UserRoles.1.UserId": "7", "Description": ""}
    assert b"+" not in seen.body
    assert b"%20" in seen.body
    assert seen.headers["content-type"] == "application/x-www-form-urlencoded"


def test_a_post_without_a_form_has_an_empty_body(gateway: Gateway, connect: Connect) -> None:
    gateway.script(good())
    connect().call("DeleteService", {"ServiceId": 3})
    (seen,) = gateway.seen
    assert (seen.method, seen.query, seen.headers["content-length"]) == ("POST", {"ServiceId": "3"}, "0")
    assert "content-type" not in seen.headers


def test_signature_version_1(gateway: Gateway, connect: Connect) -> None:
    gateway.script(good())
    client = connect(signature_version="1.0", security_token="unit-token")
    client.call("CreateService", {"EnvId": 1, "PortMappings": [{"Port": 80}]})
    (seen,) = gateway.seen
    common = {"Action", "Version", "Format", "Timestamp", "SignatureNonce", "Signature", "SecurityToken"}
    assert common <= set(seen.query)
    assert seen.query["EnvId"] == "1"
    assert seen.form == {"PortMappings.1.Port": "80"}
    assert "authorization" not in seen.headers


def test_netrc_does_not_replace_the_signature(
    gateway: Gateway, connect: Connect, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login somebody password wrong\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    gateway.script(good())
    connect().call(*READ)
    assert gateway.seen[0].headers["authorization"].startswith("ACS3-HMAC-SHA256 ")


def test_cookies_are_not_kept(gateway: Gateway, connect: Connect) -> None:
    gateway.script(say({"Code": 0}, headers={"Set-Cookie": "acw_tc=1; Path=/"}), good())
    client = connect()
    client.call(*READ)
    client.call(*READ)
    assert "cookie" not in gateway.seen[1].headers


@pytest.mark.parametrize(
    ("action", "params"), [("ListApps", {}), ("ListApp", {"Page": 1}), ("CreateApp", {"UserRoles": "x"})]
)
def test_what_is_unknown_is_not_sent(gateway: Gateway, connect: Connect, action: str, params: dict[str, Any]) -> None:
    client = connect()
    with pytest.raises(ConfigError):
        client.call(action, params)
    assert client.sent == 0
    assert gateway.seen == []


# Trying again


def test_a_read_is_tried_again_with_growing_pauses(gateway: Gateway, connect: Connect, fake_time: FakeTime) -> None:
    gateway.script(*[refuse("ServiceUnavailable", 503)] * 7, good())
    client = connect(retry_timeout=100)
    client.call(*READ)
    assert fake_time.slept == [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 20.0]
    assert client.sent == 8


def test_every_try_is_signed_anew_and_says_which_it_is(gateway: Gateway, connect: Connect) -> None:
    gateway.script(refuse("InternalError", 500), refuse("InternalError", 500), good())
    connect().call(*READ)
    first, second, third = (seen.headers for seen in gateway.seen)
    assert "x-acs-retry-attempts" not in first
    assert (second["x-acs-retry-attempts"], second["x-acs-retry-delay"]) == ("1", "500")
    assert (third["x-acs-retry-attempts"], third["x-acs-retry-delay"]) == ("2", "1000")
    assert "x-acs-retry-attempts;" in second["authorization"]
    assert len({headers["x-acs-signature-nonce"] for headers in (first, second, third)}) == 3


def truncated(handler: Any) -> None:
    """Promise more than is sent."""
    say(b'{"Code":0}', headers={"Content-Length": "99"})(handler)
    handler.close_connection = True


MAY_PASS = {
    "500": refuse("InternalError", 500),
    "502 page": say("<html>bad gateway</html>", 502, {"Content-Type": "text/html"}),
    "503": refuse("ServiceUnavailable", 503),
    "504 empty": say("", 504),
    "hang up": hang_up,
    "reset": reset,
    "garbled": say('{"Code":0,"Data":[{"App'),
    "truncated": truncated,
}


@pytest.mark.parametrize("act", [pytest.param(act, id=name) for name, act in MAY_PASS.items()])
def test_a_failure_that_may_pass_does_not_stop_a_read(gateway: Gateway, connect: Connect, act: Any) -> None:
    gateway.script(act, good(Data=[]))
    client = connect()
    assert client.call(*READ).data == []
    assert client.sent == 2


@pytest.mark.parametrize("act", [pytest.param(act, id=name) for name, act in MAY_PASS.items()])
def test_the_same_failure_leaves_the_outcome_of_a_write_unknown(gateway: Gateway, connect: Connect, act: Any) -> None:
    gateway.script(act, good())
    client = connect()
    with pytest.raises((ResponseLostError, ServiceFailureError)) as caught:
        client.call(*WRITE)
    assert caught.value.unknown_outcome is True
    assert caught.value.attempts == 1
    assert client.sent == 1


def test_a_deleting_get_is_a_write(gateway: Gateway, connect: Connect) -> None:
    gateway.script(hang_up, good())
    with pytest.raises(ResponseLostError) as caught:
        connect().call("DeleteAppDetail", {"AppId": 1})
    assert caught.value.unknown_outcome is True
    assert len(gateway.seen) == 1


def test_a_read_timeout(gateway: Gateway, connect: Connect) -> None:
    gateway.script(stall(0.25), good())
    client = connect(read_timeout=0.05)
    with pytest.raises(ResponseLostError, match=r"within 0\.05 s") as caught:
        client.call(*WRITE)
    assert caught.value.code == "ResponseLost.ReadTimeout"
    assert caught.value.unknown_outcome is True
    assert "read_timeout" in str(caught.value.hint)


@pytest.mark.parametrize("call", [READ, WRITE])
@pytest.mark.parametrize(
    "act",
    [
        pytest.param(refuse("Throttling"), id="Throttling"),
        pytest.param(refuse("Throttling.User"), id="Throttling.User"),
        pytest.param(refuse("Throttling", 503, x_acs_retry_after="5"), id="503 with the code of throttling"),
        pytest.param(refuse("TooManyRequests", 429), id="429"),
    ],
)
def test_what_was_throttled_is_tried_again(gateway: Gateway, connect: Connect, act: Any, call: Any) -> None:
    gateway.script(act, act, good())
    client = connect()
    client.call(*call)
    assert client.sent == 3


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(refuse("OperationConflict", x_acs_retry_after="5000"), id="any code"),
        pytest.param(refuse("ServiceUnavailable", 503, x_acs_retry_after="5000"), id="503"),
        pytest.param(say("<html>", 503, {"x-acs-retry-after": "5000", "Content-Type": "text/html"}), id="a page"),
    ],
)
def test_a_wish_alone_does_not_say_that_nothing_was_done(
    gateway: Gateway, connect: Connect, fake_time: FakeTime, act: Any
) -> None:
    gateway.script(act, act, good())
    client = connect()
    with pytest.raises(ApiError) as caught:
        client.call(*WRITE)
    assert (client.sent, caught.value.unknown_outcome, caught.value.retry_after) == (1, True, 5.0)
    client.call(*READ)
    assert client.sent == 3
    assert fake_time.slept == [5.5]


def test_who_was_told_the_same_time_does_not_come_back_at_once(
    gateway: Gateway, connect: Connect, fake_time: FakeTime, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = iter((0.1, 0.4))
    monkeypatch.setattr(random, "uniform", lambda low, high: next(drawn))
    gateway.script(*[refuse("Throttling", x_acs_retry_after="2000"), good()] * 2)
    client = connect()
    client.call(*WRITE)
    client.call(*WRITE)
    assert fake_time.slept == [2.1, 2.4]


@pytest.mark.parametrize(
    ("wish", "pause"), [("2500", 3.0), ("100", 0.6), ("90000", 60.5), ("soon", 0.5), ("-5", 0.5), ("0", 0.5)]
)
def test_the_gateways_wish_is_granted_up_to_a_minute(
    gateway: Gateway, connect: Connect, fake_time: FakeTime, wish: str, pause: float
) -> None:
    gateway.script(refuse("Throttling", x_acs_retry_after=wish), good())
    connect(retry_timeout=100).call(*WRITE)
    assert fake_time.slept == [pause]


def test_throttling_ends_with_the_time_for_retries(gateway: Gateway, connect: Connect, fake_time: FakeTime) -> None:
    gateway.script(*[refuse("Throttling.Api", message="Request was denied due to api flow control.")] * 9)
    with pytest.raises(ThrottledError, match=r"flow control\. \(tried 4 times in 4 s\)") as caught:
        connect(retry_timeout=5).call(*WRITE)
    assert caught.value.attempts == 4
    assert caught.value.unknown_outcome is False
    assert sum(fake_time.slept) <= 5
    assert "retry_timeout" in str(caught.value.hint)


def test_retries_never_pass_the_deadline(gateway: Gateway, connect: Connect, fake_time: FakeTime) -> None:
    gateway.script(*[refuse("InternalError", 500)] * 9)
    with pytest.raises(ServiceFailureError):
        connect().call(*READ, deadline=fake_time.now + 2)
    assert fake_time.slept == [0.5, 1.0]


def test_no_retries_at_all(gateway: Gateway, connect: Connect, fake_time: FakeTime) -> None:
    gateway.script(refuse("Throttling"))
    with pytest.raises(ThrottledError):
        connect(retry_timeout=0).call(*READ)
    assert fake_time.slept == []


def test_a_replayed_nonce_means_that_a_write_got_through_once(gateway: Gateway, connect: Connect) -> None:
    gateway.script(refuse("SignatureNonceUsed"), good(), refuse("SignatureNonceUsed"))
    client = connect()
    client.call(*READ)
    with pytest.raises(RequestRejectedError) as caught:
        client.call(*WRITE)
    assert caught.value.unknown_outcome is True
    assert client.sent == 3


@pytest.mark.parametrize("call", [READ, WRITE])
def test_what_was_never_sent_is_tried_again(connect: Connect, fake_time: FakeTime, unused_port: int, call: Any) -> None:
    client = connect(endpoint=f"http://127.0.0.1:{unused_port}", retry_timeout=5)
    with pytest.raises(ConnectionFailedError, match="connection refused") as caught:
        client.call(*call)
    assert caught.value.unknown_outcome is False
    assert caught.value.code == "ConnectionFailed.ConnectionRefused"
    assert caught.value.attempts == 4
    assert client.sent == 0
    assert len(fake_time.slept) == 3


# Refusals


@pytest.mark.parametrize(
    ("code", "status", "error"),
    [
        ("InvalidAccessKeyId.NotFound", 404, AuthenticationError),
        ("NoPermission", 403, PermissionDeniedError),
        ("MissingAppId", 400, BusinessError),
        ("SomethingNew", 404, BusinessError),
        ("Redundant", 501, ServiceFailureError),
    ],
)
def test_other_refusals_are_final(
    gateway: Gateway, connect: Connect, code: str, status: int, error: type[ApiError]
) -> None:
    gateway.script(refuse(code, status, "because"), good())
    with pytest.raises(error, match="because") as caught:
        connect().call(*READ)
    assert caught.value.as_dict() == {
        "code": code,
        "message": "because",
        "action": "ListApp",
        "http_status": status,
        "request_id": "R-REFUSED",
        "hint": None if caught.value.hint is None else str(caught.value.hint),
    }
    assert len(gateway.seen) == 1


def test_a_business_failure_is_final(gateway: Gateway, connect: Connect) -> None:
    gateway.script(say({"Code": 3, "ErrMsg": "not yours", "RequestId": "R"}), good())
    with pytest.raises(BusinessError, match="not yours") as caught:
        connect().call(*WRITE)
    assert (caught.value.code, caught.value.http_status, caught.value.unknown_outcome) == ("3", 200, False)


# Clock and token


def test_a_wrong_clock_is_corrected_once_and_for_all(gateway: Gateway, connect: Connect, fake_time: FakeTime) -> None:
    there = time.time() + 7200
    gateway.script(refuse("InvalidTimeStamp.Expired", date=there), good(), good())
    client = connect()
    client.call(*WRITE)
    client.call(*READ)
    assert client.sent == 3
    assert fake_time.slept == [0.0]
    for seen in gateway.seen[1:]:
        signed = time.mktime(time.strptime(seen.headers["x-acs-date"], "%Y-%m-%dT%H:%M:%SZ")) - time.timezone
        assert abs(signed - there) < 5


def test_a_clock_that_stays_wrong(gateway: Gateway, connect: Connect) -> None:
    expired = refuse("InvalidTimeStamp.Expired", date=time.time() + 7200)
    gateway.script(expired, expired, good())
    with pytest.raises(AuthenticationError) as caught:
        connect().call(*READ)
    assert "7200 s behind" in str(caught.value.hint) or "7199 s behind" in str(caught.value.hint)
    assert len(gateway.seen) == 2


def test_an_expired_token_that_nobody_renews(gateway: Gateway, connect: Connect) -> None:
    gateway.script(refuse("InvalidSecurityToken.Expired"), good())
    with pytest.raises(AuthenticationError) as caught:
        connect(security_token="unit-token").call(*READ)
    assert "expired" in str(caught.value.hint)
    assert len(gateway.seen) == 1


def test_an_expired_token_is_read_anew_from_the_profile(gateway: Gateway, connect: Connect, tmp_path: Any) -> None:
    def write(token: str) -> None:
        profile = {"name": "p", "mode": "StsToken", "access_key_id": "i", "access_key_secret": "s", "sts_token": token}
        config = json.dumps({"current": "p", "profiles": [profile]})
        (tmp_path / "config.json").write_text(config, encoding="utf-8")

    write("old-token")
    client = connect(access_key_id=None, access_key_secret=None, config_file=str(tmp_path / "config.json"))
    write("new-token")
    gateway.script(refuse("InvalidSecurityToken.Expired"), good())
    client.call(*WRITE)
    assert [seen.headers["x-acs-security-token"] for seen in gateway.seen] == ["old-token", "new-token"]


def test_every_page_that_a_token_was_too_old_for_is_asked_for_again(
    gateway: Gateway, connect: Connect, tmp_path: Any
) -> None:
    config = tmp_path / "config.json"

    def write(token: str) -> None:
        profile = {"name": "p", "mode": "StsToken", "access_key_id": "i", "access_key_secret": "s", "sts_token": token}
        config.write_text(json.dumps({"current": "p", "profiles": [profile]}), encoding="utf-8")

    write("old-token")
    together = threading.Barrier(7, timeout=5)

    def page(number: int) -> Any:
        if number == 1:
            write("new-token")

        def act(handler: Any) -> None:
            if number > 1 and handler.headers["x-acs-security-token"] == "old-token":
                together.wait()
                return refuse("InvalidSecurityToken.Expired")(handler)
            records = [{"AppId": index} for index in range(number * 10, number * 10 + 10)]
            return good(Data=records if number <= 8 else [], TotalCount=80)(handler)

        return act

    gateway.by_page = page
    client = connect(access_key_id=None, access_key_secret=None, config_file=str(config))
    assert len(client.list_all("ListApp", {"PageSize": 10})) == 80


# Secrets


def test_no_error_repeats_a_secret(gateway: Gateway, connect: Connect) -> None:
    password = "Unit-Passw0rd"
    told = f"bad AccountPassword={password} for {SECRET} and unit-token"
    gateway.script(refuse("InvalidParameter", message=told), say({"Code": 9, "ErrMsg": told}), say(told, 500))
    client = connect(security_token="unit-token")
    for _attempt in range(3):
        with pytest.raises(ApiError) as caught:
            client.call("CreateAccount", {"AccountName": "n", "AccountPassword": password})
        shown = f"{caught.value} {caught.value!r} {caught.value.as_dict()}"
        assert password not in shown
        assert SECRET not in shown
        assert "unit-token" not in shown
        assert "********" in shown


def test_settings_and_keys_do_not_show_secrets(connect: Connect) -> None:
    client = connect(security_token="unit-token")
    provider = client.settings.credential_provider
    shown = f"{client.settings!r} {provider!r} {provider.get_credentials()!r}"
    assert SECRET not in shown
    assert "unit-token" not in shown
    assert KEY_ID in shown


# Records


def test_records_without_pages(gateway: Gateway, connect: Connect) -> None:
    gateway.script(
        say({"code": 0, "result": {"databases": [{"dBName": "a"}]}}),
        good(Result={"Accounts": [{"AccountName": "a"}]}),
        good(Data=[{"Id": 1}], TotalCount=1, PageSize=1),
        good(Result=[{"Name": "cpu"}]),
        good(Data=None),
    )
    client = connect()
    assert client.list_all("DescribeDatabases", {"InstanceId": "rm"}) == [{"db_name": "a"}]
    assert client.list_all("DescribeRdsAccounts", {"DbInstanceId": "rm"}) == [{"account_name": "a"}]
    assert client.list_all("ListDeployConfig", {"AppId": 1}) == [{"id": 1}]
    assert client.list_all("DescribeAppMonitorMetric", {"AppId": 1}) == [{"name": "cpu"}]
    assert client.list_all("ListDeployConfig", {"AppId": 1}) == []


def test_records_inside_the_result_with_figures_as_text(gateway: Gateway, connect: Connect) -> None:
    def page(number: int) -> Any:
        items = [{"backupId": str(index)} for index in range(1, 4)][(number - 1) * 2 : number * 2]
        figures = {"pageNumber": str(number), "pageRecordCount": str(len(items)), "totalRecordCount": "3"}
        return say({"code": 0, "result": {"items": items, **figures}})

    gateway.by_page = page
    found = connect().list_all("GetRdsBackUp", {"DbInstanceId": "rm", "PageSize": 2})
    assert [record["backup_id"] for record in found] == ["1", "2", "3"]
    assert [seen.form["PageNumber"] for seen in gateway.seen] == ["1", "2"]


def test_records_ask_for_fifty_unless_told_otherwise(gateway: Gateway, connect: Connect) -> None:
    gateway.script(good(Data=[]), good(Data=[]))
    client = connect()
    client.list_all("ListCluster")
    client.list_all("ListPersistentVolume", {"ClusterInstanceId": "c", "PageSize": 100})
    assert gateway.seen[0].query == {"PageNum": "1", "PageSize": "50"}
    assert gateway.seen[1].form == {"ClusterInstanceId": "c", "PageNumber": "1", "PageSize": "100"}


@pytest.mark.parametrize(
    ("action", "params", "message"),
    [
        ("ListApp", {"PageNumber": 2}, "PageNumber of ListApp cannot be given"),
        ("ListApp", {"PageSize": 0}, "PageSize of ListApp must be"),
        ("ListApp", {"PageSize": "many"}, "PageSize of ListApp must be"),
    ],
)
def test_records_refuse(connect: Connect, action: str, params: dict[str, Any], message: str) -> None:
    with pytest.raises(ConfigError, match=message):
        connect().list_all(action, params)


def test_records_of_what_is_no_listing(gateway: Gateway, connect: Connect) -> None:
    gateway.script(good(Result={"AppId": 1}))
    with pytest.raises(ConfigError, match="DescribeAppDetail does not list records"):
        connect().list_all("DescribeAppDetail", {"AppId": 1})


@pytest.mark.parametrize("action", ["ListApp", "ListDeployConfig"])
@pytest.mark.parametrize("answer", [{"Data": [], "TotalCount": 2}, {"Data": None, "TotalCount": 2}, {"TotalCount": 2}])
def test_an_empty_list_that_counts_records_proves_nothing(
    gateway: Gateway, connect: Connect, action: str, answer: dict[str, Any]
) -> None:
    gateway.script(good(**answer))
    with pytest.raises(ServiceFailureError, match="the list is not complete: 0 of 2 records came"):
        connect().list_all(action)


def test_a_list_without_pages_that_counts_more_records_than_came(gateway: Gateway, connect: Connect) -> None:
    gateway.script(good(Data=[{"Id": 1}, {"Id": 2}], TotalCount=3, PageNumber=1, PageSize=2))
    with pytest.raises(ServiceFailureError, match="the list is not complete: 2 of 3 records came"):
        connect().list_all("ListDeployConfig", {"AppId": 1})


@pytest.mark.parametrize("data", [{"AppId": 1}, [1], [None], ["text"], [[]], "text", 1])
def test_what_is_no_list_of_records_is_not_taken_for_an_empty_one(
    gateway: Gateway, connect: Connect, data: Any
) -> None:
    gateway.by_page = lambda number: good(Data=data)
    with pytest.raises(ServiceFailureError, match="the response contains"):
        connect().list_all("ListApp")


def test_what_is_wanted_of_the_records_of_a_listing(gateway: Gateway, connect: Connect) -> None:
    def even(record: dict[str, Any]) -> Any:
        return record["id"] if record["id"] % 2 == 0 else None

    gateway.by_page = lambda number: good(Data=[{"Id": 2 * number}, {"Id": 2 * number + 1}][: 3 - number], TotalCount=3)
    assert connect().list_mapped("ListApp", {"PageSize": 2}, even) == [2, 4]
    gateway.by_page = None
    gateway.script(good(Data=[{"Id": 0}, {"Id": 1}]))
    assert connect().list_mapped("ListDeployConfig", {"AppId": 1}, even) == [0]


def test_many_pages_are_fetched_in_parallel(gateway: Gateway, connect: Connect) -> None:
    together = threading.Barrier(4, timeout=5)

    def page(number: int) -> Any:
        records = [{"AppId": index} for index in range((number - 1) * 10, min(number * 10, 45))]
        act = good(Data=records, TotalCount=45)

        def wait_for_the_others(handler: Any) -> None:
            if number > 1:
                together.wait()
            act(handler)

        return wait_for_the_others

    gateway.by_page = page
    client = connect()
    found = client.list_all("ListApp", {"PageSize": 10})
    assert [record["app_id"] for record in found] == list(range(45))
    assert client.sent == 5


def test_a_failure_on_a_later_page_fails_the_listing(gateway: Gateway, connect: Connect) -> None:
    def page(number: int) -> Any:
        if number == 3:
            return refuse("NoPermission", 403)
        return good(Data=[{"AppId": number * 100 + index} for index in range(10)], TotalCount=60)

    gateway.by_page = page
    with pytest.raises(PermissionDeniedError):
        connect().list_all("ListApp", {"PageSize": 10})


def test_a_listing_that_lost_records_meanwhile_is_read_again(gateway: Gateway, connect: Connect) -> None:
    first = [{"AppId": index} for index in range(4)]
    gateway.script(
        good(Data=first[:2], TotalCount=4),
        good(Data=first[3:], TotalCount=3),  # 0 is gone, so 2 moved up to the page before
        good(Data=first[1:3], TotalCount=3),
        good(Data=first[3:], TotalCount=3),
    )
    found = connect().list_all("ListApp", {"PageSize": 2})
    assert [record["app_id"] for record in found] == [1, 2, 3]


def test_a_listing_that_goes_on_losing_records_is_no_list(gateway: Gateway, connect: Connect) -> None:
    pages = [good(Data=[{"AppId": 0}, {"AppId": 1}], TotalCount=4), good(Data=[{"AppId": 3}], TotalCount=3)]
    gateway.script(*pages * MAX_LIST_READS)
    with pytest.raises(ServiceFailureError, match="the list is not complete: 3 of 4 records came"):
        connect().list_all("ListApp", {"PageSize": 2})
    assert len(gateway.seen) == 2 * MAX_LIST_READS


def test_a_list_whose_count_is_simply_too_large_is_read_once(gateway: Gateway, connect: Connect) -> None:
    gateway.script(good(Data=[{"AppId": 0}], TotalCount=9), good(Data=[], TotalCount=9))
    with pytest.raises(ServiceFailureError, match="the list is not complete: 1 of 9 records came"):
        connect().list_all("ListApp")
    assert len(gateway.seen) == 2


@pytest.mark.parametrize("action", ["ListApp", "ListDeployConfig", "GetRdsBackUp"])
@pytest.mark.parametrize("total", [-1, "-1", "many", 1.5, True, [1], {}], ids=str)
def test_a_count_that_is_none_is_no_list(gateway: Gateway, connect: Connect, action: str, total: Any) -> None:
    """What such an answer leaves out would be created once more."""
    backups = {"Items": [{"BackupId": "1"}], "TotalRecordCount": total}
    told = {"Result": backups} if action == "GetRdsBackUp" else {"Data": [{"Id": 1}], "TotalCount": total}
    gateway.script(good(**told))
    with pytest.raises(ServiceFailureError, match="for the length of a list") as caught:
        connect().list_all(action)
    assert caught.value.code == "MalformedResponse"


@pytest.mark.parametrize("total", [None, ""])
def test_a_list_that_is_not_counted_is_one(gateway: Gateway, connect: Connect, total: Any) -> None:
    gateway.script(good(Data=[{"AppId": 1}], TotalCount=total), good(Data=[], TotalCount=total))
    assert connect().list_all("ListApp") == [{"app_id": 1}]


def test_a_service_that_counts_lists_is_believed(gateway: Gateway, connect: Connect) -> None:
    """As long as no count was that of more than its page, a list that is wanted as a whole is read one page further."""
    short = good(Data=[{"AppId": 9}], TotalCount=1)
    long = good(Data=[{"AppId": number} for number in range(50)], TotalCount=51)
    gateway.script(short, good(Data=[], TotalCount=1), long, good(Data=[{"AppId": 50}], TotalCount=51), short)
    client = connect()
    assert [len(client.list_all("ListApp")) for _dummy in range(3)] == [1, 51, 1]
    assert client.sent == 5


def test_a_closed_client_sends_nothing(gateway: Gateway, connect: Connect) -> None:
    gateway.script(good(), good())
    with connect() as client:
        client.call(*READ)
    with pytest.raises(StoppedError, match="was not sent"):
        client.call(*READ)
    assert len(gateway.seen) == 1


def test_a_client_that_is_closed_during_a_pause_sends_nothing_after_it(
    gateway: Gateway, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.script(refuse("Throttling"), good())
    client = connect()
    monkeypatch.setattr(client, "_sleep", lambda seconds: client.close())
    with pytest.raises(StoppedError):
        client.call(*WRITE)
    assert len(gateway.seen) == 1


def test_nothing_is_sent_once_nobody_waits(gateway: Gateway, connect: Connect) -> None:
    gateway.script(good(), good())
    left: list[bool] = []
    client = connect(is_abandoned=lambda: bool(left))
    client.call(*READ)
    left.append(True)
    with pytest.raises(StoppedError):
        client.call(*READ)
    assert len(gateway.seen) == 1


def test_a_check_encodes_and_sends_nothing(gateway: Gateway, connect: Connect) -> None:
    client = connect()
    client.check("CreateApp", {"Title": "shop", "UserRoles": [{"UserId": "1"}]})
    with pytest.raises(ConfigError, match="no parameter 'Titel'"):
        client.check("CreateApp", {"Titel": "shop"})
    with pytest.raises(ConfigError, match="half a surrogate"):
        client.check("CreateApp", {"Title": chr(0xD800)})
    assert gateway.seen == []
