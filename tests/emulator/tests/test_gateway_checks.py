# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of the gateway: codes, order, and the shape of its errors."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest

from support.signed_client import HOST, LOOPBACK, SignedClient, timestamp
from support.small_world import APP, KEY, LATE, STS

PAGE = {"PageNumber": 1, "PageSize": 10}
WRONG = "wrong-secret"


def code(response: Any) -> tuple[int, str]:
    """Status and code of an error answer."""
    return response.status_code, response.get_json()["Code"]


OLDER_CASES: list[tuple[str, dict[str, Any], tuple[int, str]]] = [
    ("version", {"common": {"Version": "2014-05-26"}}, (400, "InvalidVersion")),
    ("no version", {"common": {"Version": None}}, (400, "InvalidVersion")),
    ("action", {"common": {"Action": "ListApps"}}, (404, "InvalidAction.NotFound")),
    ("no action", {"common": {"Action": None}}, (404, "InvalidAction.NotFound")),
    ("no key", {"common": {"AccessKeyId": None}}, (400, "MissingAccessKeyId")),
    ("empty key", {"common": {"AccessKeyId": ""}}, (400, "MissingAccessKeyId")),
    ("no timestamp", {"common": {"Timestamp": None}}, (400, "MissingTimestamp")),
    ("other timestamp", {"common": {"Timestamp": None, "TimeStamp": timestamp()}}, (400, "MissingTimestamp")),
    ("no nonce", {"common": {"SignatureNonce": None}}, (400, "MissingSignatureNonce")),
    ("no signature", {"common": {"Signature": None}}, (400, "MissingSignature")),
    ("no method", {"common": {"SignatureMethod": None}}, (400, "MissingSignatureMethod")),
    ("method", {"common": {"SignatureMethod": "HMAC-MD5"}}, (400, "InvalidSignatureMethod")),
    ("signature version", {"common": {"SignatureVersion": "2.0"}}, (400, "InvalidSignatureVersion")),
    ("unknown key", {"key": ("nobody", "x")}, (404, "InvalidAccessKeyId.NotFound")),
    ("idle key", {"key": ("idle-id", "idle-secret")}, (400, "InvalidAccessKeyId.Inactive")),
    ("time format", {"common": {"Timestamp": "2026-01-02 03:04:05"}}, (400, "InvalidTimeStamp.Format")),
    ("late", {"common": {"Timestamp": timestamp(-24 * 3600)}}, (400, "InvalidTimeStamp.Expired")),
    ("early", {"common": {"Timestamp": timestamp(24 * 3600)}}, (400, "InvalidTimeStamp.Expired")),
    ("no token", {"key": STS[:2]}, (400, "MissingSecurityToken")),
    ("foreign token", {"key": (*KEY, STS[2])}, (400, "InvalidSecurityToken.MismatchWithAccessKey")),
    ("odd token", {"key": (*STS[:2], "odd")}, (400, "InvalidSecurityToken.Malformed")),
    ("expired token", {"key": LATE}, (400, "InvalidSecurityToken.Expired")),
    ("secret", {"key": (KEY[0], WRONG)}, (400, "SignatureDoesNotMatch")),
]


@pytest.mark.parametrize(("change", "expected"), [pytest.param(c, e, id=n) for n, c, e in OLDER_CASES])
def test_checks_of_signature_1_0(client: SignedClient, change: dict[str, Any], expected: tuple[int, str]) -> None:
    assert code(client.v1("ListApp", PAGE, **change)) == expected


NEWER_CASES: list[tuple[str, dict[str, Any], tuple[int, str]]] = [
    ("version", {"headers": {"x-acs-version": "2014-05-26"}}, (400, "InvalidVersion")),
    ("action", {"headers": {"x-acs-action": "ListApps"}}, (404, "InvalidAction.NotFound")),
    ("no key", {"key": ("", "x")}, (400, "MissingAccessKeyId")),
    ("no date", {"headers": {"x-acs-date": None}}, (400, "MissingTimestamp")),
    ("no nonce", {"headers": {"x-acs-signature-nonce": None}}, (400, "MissingSignatureNonce")),
    ("no hash", {"headers": {"x-acs-content-sha256": None}}, (400, "IncompleteSignature")),
    ("unknown key", {"key": ("nobody", "x")}, (404, "InvalidAccessKeyId.NotFound")),
    ("idle key", {"key": ("idle-id", "idle-secret")}, (400, "InvalidAccessKeyId.Inactive")),
    ("time format", {"headers": {"x-acs-date": "today"}}, (400, "InvalidTimeStamp.Format")),
    ("late", {"headers": {"x-acs-date": timestamp(-24 * 3600)}}, (400, "InvalidTimeStamp.Expired")),
    ("no token", {"key": STS[:2]}, (400, "MissingSecurityToken")),
    ("expired token", {"key": LATE}, (400, "InvalidSecurityToken.Expired")),
    ("secret", {"key": (KEY[0], WRONG)}, (400, "SignatureDoesNotMatch")),
]


@pytest.mark.parametrize(("change", "expected"), [pytest.param(c, e, id=n) for n, c, e in NEWER_CASES])
def test_checks_of_signature_acs3(client: SignedClient, change: dict[str, Any], expected: tuple[int, str]) -> None:
    assert code(client.acs3("ListApp", PAGE, **change)) == expected


def test_the_order_of_checks(client: SignedClient) -> None:
    """Everything is wrong at once; each repair brings up the next check."""
    nonce = "used"
    assert (
        client.v1("ListApp", PAGE, common={"SignatureNonce": nonce}, key=("weak-id", "weak-secret")).status_code == 200
    )
    common: dict[str, str | None] = {
        "Version": "1",
        "Action": "Nothing",
        "Format": "YAML",
        "AccessKeyId": "",
        "Timestamp": timestamp(-3600),
        "SecurityToken": "odd",
        "Signature": "wrong",
        "SignatureNonce": nonce,
    }
    key = ("nobody", "weak-secret")
    client.arm(kind="throttle", action="CreateApp")
    seen = []

    def look() -> None:
        seen.append(code(client.v1("CreateApp", {}, key=key, common=common))[1])

    look()
    for name, value in (
        ("Version", "2018-03-13"),
        ("Action", "CreateApp"),
        ("Format", "JSON"),
        ("AccessKeyId", "nobody"),
        ("AccessKeyId", "idle-id"),
        ("AccessKeyId", "weak-id"),
        ("Timestamp", timestamp()),
    ):
        common[name] = value
        look()
    for name in ("SecurityToken", "Signature", "SignatureNonce"):
        del common[name]
        if name == "Signature":
            key = ("weak-id", "weak-secret")
        look()
    look()
    key, common["AccessKeyId"] = KEY, KEY[0]
    look()
    assert seen == [
        "InvalidVersion",
        "InvalidAction.NotFound",
        "InvalidParameter.Format",
        "MissingAccessKeyId",
        "InvalidAccessKeyId.NotFound",
        "InvalidAccessKeyId.Inactive",
        "InvalidTimeStamp.Expired",
        "InvalidSecurityToken.Malformed",
        "SignatureDoesNotMatch",
        "SignatureNonceUsed",
        "Throttling.User",
        "Forbidden.RAM",
        "MissingBizCode",
    ]


@pytest.mark.parametrize("version", ["acs3", "v1"])
@pytest.mark.parametrize("place", ["query", "body", None])
def test_parameters_may_come_in_query_and_body(
    client: SignedClient, app: dict[str, Any], version: str, place: str
) -> None:
    send: Callable[..., Any] = getattr(client, version)
    assert send("CreateApp", app, everything_in=place).get_json()["Code"] == 0
    entry = client.calls()[-1]
    assert entry["placement"] == (place or "body")
    assert entry["as_sdk"] is (place != "query")
    assert entry["signature_version"] == {"acs3": "ACS3", "v1": "1.0"}[version]


def test_session_tokens_let_in(client: SignedClient) -> None:
    assert client.acs3("ListApp", key=STS).status_code == 200
    assert client.v1("ListApp", key=STS).status_code == 200


def test_the_older_sdk_may_add_region_and_signature_type(client: SignedClient) -> None:
    response = client.v1("ListApp", PAGE, common={"RegionId": "cn-hangzhou", "SignatureType": ""})
    assert response.status_code == 200


def test_a_nonce_is_good_once_in_fifteen_minutes_and_per_key(client: SignedClient) -> None:
    def again(key: tuple[str, ...] = KEY) -> int:
        return client.acs3("ListApp", key=key, headers={"x-acs-signature-nonce": "n"}).status_code

    assert [again(), again(), again(STS)] == [200, 400, 200]
    with mock.patch("jst_emulator.authentication.WINDOW_SECONDS", -1):
        assert not client.emulator.nonces.use(KEY[0], "n", 0.0)
        assert client.emulator.nonces.use(KEY[0], "n", 4e9)


def test_a_refused_request_does_not_use_up_its_nonce(client: SignedClient) -> None:
    headers = {"x-acs-signature-nonce": "n"}
    assert client.acs3("ListApp", key=(KEY[0], WRONG), headers=headers).status_code == 400
    assert client.acs3("ListApp", headers=headers).status_code == 200


def test_denied_actions_carry_details(client: SignedClient, app: dict[str, Any]) -> None:
    response = client.acs3("CreateApp", app, key=("weak-id", "weak-secret"))
    assert response.status_code == 403
    assert response.get_json()["AccessDeniedDetail"]["AuthAction"] == "retailcloud:CreateApp"


def test_an_error_has_five_members_and_the_headers(client: SignedClient) -> None:
    response = client.acs3("ListApp", key=(KEY[0], WRONG))
    body = response.get_json()
    assert body.keys() == {"RequestId", "HostId", "Code", "Message", "Recommend"}
    assert body["HostId"] == HOST
    assert re.fullmatch(r"[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}", body["RequestId"])
    assert body["RequestId"] in body["Recommend"]
    assert response.headers["x-acs-request-id"] == body["RequestId"]
    assert response.headers["Content-Type"] == "application/json;charset=utf-8"
    assert re.fullmatch("[0-9a-f]{32}", response.headers["x-acs-trace-id"])
    assert response.headers["Keep-Alive"] == "timeout=25"
    assert "ETag" not in response.headers


def test_success_has_an_etag(client: SignedClient) -> None:
    response = client.acs3("ListApp")
    assert len(response.headers["ETag"]) == 24
    assert response.headers["x-acs-request-id"] == response.get_json()["RequestId"]


@pytest.mark.parametrize("wanted", ["XML", None])
def test_errors_are_xml_when_json_is_not_asked_for(client: SignedClient, wanted: str | None) -> None:
    response = client.v1("ListApp", common={"Format": wanted}, key=(KEY[0], WRONG))
    assert response.headers["Content-Type"] == "text/xml;charset=utf-8"
    assert response.text.startswith("<?xml version='1.0' encoding='UTF-8'?><Error><RequestId>")
    assert [child.tag for child in ET.fromstring(response.data)] == [
        "RequestId",
        "HostId",
        "Code",
        "Message",
        "Recommend",
    ]


def test_answers_are_xml_too(make_client: Callable[..., SignedClient]) -> None:
    root = ET.fromstring(make_client(spec=2).v1("ListApp", common={"Format": "XML"}).data)
    assert root.tag == "ListAppResponse"
    assert [app.findtext("AppId") for app in root.findall("Data")] == ["1", "2"]


def test_the_server_says_what_it_signed_but_no_secret(client: SignedClient) -> None:
    account = {"AccountName": "shop", "AccountPassword": "Canary-1234", "DbInstanceId": "rm-1"}
    older = client.v1("CreateAccount", account, key=(KEY[0], WRONG)).get_json()["Message"]
    newer = client.acs3("CreateAccount", account, key=(KEY[0], WRONG), everything_in="query").get_json()["Message"]
    assert "server string to sign is:POST&%2F&AccessKeyId%3Dkey-id" in older
    assert "server CanonicalRequest is [POST\n/\nAccountName=shop&" in newer
    assert "Canary" not in older + newer


def test_other_paths_and_methods(client: SignedClient) -> None:
    assert client.http.get("/api").status_code == 404
    assert client.acs3("ListApp", method="PUT").get_json()["Code"] == "UnsupportedHTTPMethod"


def test_a_catalogued_action_without_a_handler(client: SignedClient) -> None:
    response = client.acs3("DescribeAppDetail", {"AppId": 1})
    assert code(response) == (501, "EmulatorNotImplemented")
    assert "DescribeAppDetail" in response.get_json()["Message"]


def test_a_handler_that_breaks_down(
    client: SignedClient, app: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    assert code(client.acs3("CreateApp", app | {"Title": "broken"})) == (500, "InternalError")
    assert "CreateApp" in caplog.text
    assert client.calls()[-1]["executed"] is False


def test_nothing_is_served_without_a_signature(client: SignedClient) -> None:
    response = client.http.get("/?Action=ListApp&Version=2018-03-13&Format=JSON", environ_base=LOOPBACK)
    assert code(response) == (400, "MissingAccessKeyId")


def test_the_small_app_is_complete(client: SignedClient) -> None:
    assert client.call("CreateApp", APP)["Result"] == {"AppId": 1}
