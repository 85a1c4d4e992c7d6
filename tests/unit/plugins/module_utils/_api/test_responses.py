# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""One shape out of all that the reference shows, and every way an answer can say no."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    ApiError,
    AuthenticationError,
    BusinessError,
    DeploymentNotApprovedError,
    EmptyResponseError,
    PermissionDeniedError,
    RequestRejectedError,
    ServiceFailureError,
    ThrottledError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._api.http_response import HttpResponse
from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import get_operation
from ansible_collections.jst.retailcloud.plugins.module_utils._api.responses import ApiResponse, parse, snake_case


def reply(body: Any, status: int = 200, **more: Any) -> HttpResponse:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HttpResponse(status=status, body=content, host="example.test", **more)


def answer(action: str, body: Any, **more: Any) -> ApiResponse:
    return parse(get_operation(action), reply(body, **more))


def failure(action: str, body: Any, status: int = 200, **more: Any) -> ApiError:
    with pytest.raises(ApiError) as caught:
        parse(get_operation(action), reply(body, status, **more))
    assert caught.value.action == action
    return caught.value


# Good answers


@pytest.mark.parametrize(
    ("action", "body", "data", "total"),
    [
        ("CreateApp", {"Code": 0, "Result": {"AppId": 7}}, {"app_id": 7}, None),
        ("ListApp", {"Code": 0, "TotalCount": 2, "Data": [{"AppId": 7}]}, [{"app_id": 7}], 2),
        (
            "ListAppInstance",
            {"Code": "0", "TotalCount": "5", "Data": [{"RestartCount": "0"}]},
            [{"restart_count": "0"}],
            5,
        ),
        ("ListUsers", {"Code": 200, "Data": []}, [], None),
        (
            "OfflineAppEnvironment",
            {"Code": "200", "Success": True, "Result": {"Success": "true"}},
            {"success": "true"},
            None,
        ),
        ("CreateDb", {"Code": 0}, None, None),
        ("ModifyService", {"Code": 0, "Success": True, "RequestId": "R"}, None, None),
        ("DescribeAppMonitorMetric", {"Code": 0, "Result": [{"Name": "cpu"}]}, [{"name": "cpu"}], None),
        (
            "ListNodeLabels",
            {"ListNodeLabelsResponse": {"Code": 0, "TotalCount": 2, "Data": [{"LabelKey": "k"}]}},
            [{"label_key": "k"}],
            2,
        ),
        ("CreateAppResourceAlloc", {"CreateAppResourceAlloc": {"Code": 0, "Result": {"Id": 1}}}, {"id": 1}, None),
        (
            "CreateNodeLabel",
            {
                "CreateNodeLabelResponse": {
                    "code": 0,
                    "data": {"Code": 0, "Success": True, "RequestId": "R", "Result": {"Id": 1}},
                    "name": "",
                    "message": "",
                }
            },
            {"id": 1},
            None,
        ),
        (
            "DescribeDatabases",
            {"code": 0, "result": {"databases": [{"dBName": "a", "accounts": [{"account": "x"}]}]}},
            {"databases": [{"db_name": "a", "accounts": [{"account": "x"}]}]},
            None,
        ),
        (
            "GetRdsBackUp",
            {"code": 0, "result": {"items": [], "totalRecordCount": "0", "pageNumber": "1"}},
            {"items": [], "total_record_count": "0", "page_number": "1"},
            0,
        ),
    ],
)
def test_one_shape(action: str, body: Any, data: Any, total: int | None) -> None:
    got = answer(action, body)
    assert (got.action, got.data, got.total_count) == (action, data, total)


def test_a_message_on_success_means_nothing() -> None:
    body = {
        "Code": 0,
        "ErrMsg": "t his is a t ip message",
        "Success": True,
        "Result": {"BusinessCode": "0", "Admitted": True},
    }
    assert answer("ScaleApp", body).data == {"business_code": "0", "admitted": True}


def test_the_request_id_comes_from_the_body_or_else_from_the_header() -> None:
    assert answer("CreateDb", {"code": 0, "requestId": "B"}, request_id="H").request_id == "B"
    assert answer("CreateDb", {"Code": 0}, request_id="H").request_id == "H"


def test_a_byte_order_mark_is_no_garbage() -> None:
    assert answer("CreateDb", b'\xef\xbb\xbf{"Code": 0}').data is None


@pytest.mark.parametrize(
    ("key", "snake"),
    [
        ("DBInstanceId", "db_instance_id"),
        ("DbInstanceId", "db_instance_id"),
        ("dBInstanceId", "db_instance_id"),
        ("hostInstanceID", "host_instance_id"),
        ("backupDBNames", "backup_db_names"),
        ("SlbAPId", "slb_ap_id"),
        ("K8sServiceId", "k8s_service_id"),
        ("PodCIDR", "pod_cidr"),
        ("OSName", "os_name"),
        ("appName", "app_name"),
        ("Vswitchs", "vswitchs"),
        ("AppId", "app_id"),
        ("", ""),
    ],
)
def test_snake_case(key: str, snake: str) -> None:
    assert snake_case(key) == snake


def test_root_passwords_stay_here() -> None:
    got = answer(
        "ListCluster",
        {"Code": 0, "Data": [{"Id": 1, "Password": "root-pw", "Deep": {"password": "x", "AccountPassword": "y"}}]},
    )
    assert got.data == [{"id": 1, "deep": {}}]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (
            "Get http://b/a.war?Expires=1&Signature=a%2Fb%3D&x=1 now",
            "Get http://b/a.war?Expires=1&Signature=********&x=1 now",
        ),
        ("x-oss-signature=abc&x-oss-security-token=def", "x-oss-signature=********&x-oss-security-token=********"),
        ('{"LicenseKey":"abc@1","a":1}', '{"LicenseKey":"********","a":1}'),
        ("ARMS_LICENSE_KEY: abc", "ARMS_LICENSE_KEY: ********"),
        ("the signature is fine", "the signature is fine"),
    ],
)
def test_signed_links_and_license_keys_in_logs_are_masked(text: str, shown: str) -> None:
    result = {"ContainerLogList": [{"Content": text}]}
    got = answer("DescribePodContainerLogList", {"Code": 0, "Result": result}).data
    assert got == {"container_log_list": [{"content": shown}]}


def test_signed_links_elsewhere_are_left_to_be_compared() -> None:
    link = "http://b/a.war?Signature=abc"
    assert answer("DescribeAppEnvDeployBaseline", {"Code": 0, "Result": {"PacketUrl": link}}).data == {
        "packet_url": link
    }


# Failures inside good answers


@pytest.mark.parametrize("key", ["ErrMsg", "ErrorMsg", "ErrMessage", "Msg", "errMsg"])
def test_the_message_has_many_names(key: str) -> None:
    error = failure("CreateApp", {"Code": 500, key: "why", "RequestId": "R"})
    assert error.__class__ is BusinessError
    assert (error.message, error.code, error.http_status, error.request_id) == ("why", "500", 200, "R")
    assert error.unknown_outcome is False


def test_a_failure_without_a_message() -> None:
    assert failure("CreateApp", {"Code": "3"}).message == "the service returned code 3 and no message"


@pytest.mark.parametrize(
    "body",
    [
        {"Code": 0, "Success": False},
        {"Code": 0, "Success": "false"},
        {"Code": 0, "Result": {"Success": False}},
        {"Code": "0", "Result": {"Success": "false"}},
        {"code": 200, "success": True, "result": {"success": False}},
    ],
)
def test_a_success_flag_that_says_no(body: Any) -> None:
    error = failure("OfflineAppEnvironment", body)
    assert error.__class__ is BusinessError
    assert error.code == "Unsuccessful"


@pytest.mark.parametrize(
    "inner",
    [{"ErrMsg": "denied", "RequestId": "R", "Success": False, "Code": 3}, {"ErrMsg": "denied", "RequestId": "R"}],
)
def test_a_failure_in_two_wrappers(inner: Any) -> None:
    error = failure(
        "DeleteNodeLabel", {"DeleteNodeLabelResponse": {"code": 3, "data": inner, "name": "3Error", "message": ""}}
    )
    assert (error.code, error.message, error.request_id) == ("3", "denied", "R")


def test_two_wrappers_of_which_none_has_a_code() -> None:
    inner = {"requestId": "R", "data": [{"appId": 1}], "totalCount": 1}
    found = answer("ListApp", {"ListAppResponse": {"data": inner, "name": "", "message": ""}})
    assert (found.request_id, found.data, found.total_count) == ("R", [{"app_id": 1}], 1)


def test_the_outer_code_counts_too() -> None:
    body = {"CreateNodeLabelResponse": {"code": 7, "data": {"Code": 0, "Success": True}, "message": "outer"}}
    assert failure("CreateNodeLabel", body).code == "7"


@pytest.mark.parametrize(
    ("code", "words"), [("102000", "no release credential"), (102001, "under review"), ("9", "business code 9")]
)
@pytest.mark.parametrize("no", [False, "false"])
def test_a_deployment_that_is_not_admitted(code: Any, words: str, no: Any) -> None:
    error = failure("DeployApp", {"Code": 0, "Success": True, "Result": {"Admitted": no, "BusinessCode": code}})
    assert error.__class__ is DeploymentNotApprovedError
    assert (error.code, error.unknown_outcome) == (str(code), False)
    assert words in error.message
    assert error.hint


# Answers that are none


@pytest.mark.parametrize(
    ("body", "kind", "shown"),
    [
        (
            b"<html><body>Welcome\n\n to nginx</body></html>",
            "text/html",
            "HTTP 200 with text/html came (<html><body>Welcome to nginx",
        ),
        (b"\x00\x01binary\xff", None, "HTTP 200 with no content type came (binary"),
        (b"", "text/plain", "HTTP 200 with text/plain came, empty, instead of a response of the API"),
        (b"[1, 2]", "application/json", "came ([1, 2])"),
        (b'{"status": "UP"}', "application/json", "JSON without any of the usual keys"),
    ],
)
@pytest.mark.parametrize("action", ["ListApp", "CreateApp"])
def test_garbage(action: str, body: bytes, kind: str | None, shown: str) -> None:
    error = failure(action, body, content_type=kind)
    assert error.__class__ is (ServiceFailureError if body else EmptyResponseError)
    assert shown in error.message
    assert error.unknown_outcome is (action == "CreateApp")
    assert "example.test" in str(error.hint)
    assert "proxy" in str(error.hint)


def test_no_more_than_eighty_characters_are_shown() -> None:
    error = failure("ListApp", b"x" * 500)
    assert "x" * 80 in error.message
    assert "x" * 81 not in error.message


def test_a_secret_on_the_edge_of_what_is_shown() -> None:
    error = failure("ListApp", b"x" * 75 + b" unit-secret", secrets=("unit-secret",))
    assert "unit" not in error.message


@pytest.mark.parametrize("action", ["OfflineAppEnvironment", "DescribeAppEnvDeployBaseline"])
def test_an_empty_body_proves_nothing_where_the_sample_has_none_either(action: str) -> None:
    error = failure(action, b"")
    assert error.__class__ is EmptyResponseError
    assert error.code == "EmptyResponse"
    assert error.unknown_outcome is (action == "OfflineAppEnvironment")


@pytest.mark.parametrize(
    ("status", "unknown", "transient"),
    [
        (403, False, False),
        (407, False, False),
        (408, True, False),
        (500, True, True),
        (502, True, True),
        (505, True, False),
    ],
)
def test_pages_with_an_error_status(status: int, unknown: bool, transient: bool) -> None:
    error = failure("CreateApp", b"<html>no</html>", status, content_type="text/html")
    assert error.__class__ is ServiceFailureError
    assert (error.http_status, error.unknown_outcome, error.transient) == (status, unknown, transient)


@pytest.mark.parametrize(
    ("status", "kind", "unknown"),
    [(503, ServiceFailureError, True), (400, ServiceFailureError, True), (429, ThrottledError, False)],
)
def test_a_page_with_a_wish(status: int, kind: type[ApiError], unknown: bool) -> None:
    error = failure("CreateApp", b"<html>busy</html>", status, content_type="text/html", retry_after=2.0)
    assert error.__class__ is kind
    assert (error.retry_after, error.unknown_outcome, error.transient) == (2.0, unknown, True)


@pytest.mark.parametrize(("status", "word"), [(413, "body"), (414, "URL"), (431, "headers")])
@pytest.mark.parametrize("body", [b"<html>no</html>", b'{"Code": "TooLarge", "Message": "no"}'])
def test_what_is_too_large(status: int, word: str, body: bytes) -> None:
    hint = str(failure("CreateApp", body, status).hint)
    assert f"The {word} of the request" in hint
    assert "NO_PROXY" not in hint


@pytest.mark.parametrize("action", ["CreateApp", "ScaleApp", "DeleteService", "ListApp"])
@pytest.mark.parametrize("body", [{"RequestId": "R", "Success": True}, {"RequestId": "R", "Code": None}])
def test_an_answer_without_a_code(action: str, body: dict[str, Any]) -> None:
    if action == "ListApp":
        assert answer(action, body).request_id == "R"
        return
    error = failure(action, body)
    assert (error.code, error.unknown_outcome) == ("MalformedResponse", True)
    assert "no Code" in error.message


@pytest.mark.parametrize("code", [[None], [], {"Code": None}])
@pytest.mark.parametrize("action", ["CreateApp", "ListApp"])
def test_a_code_that_is_a_list_or_a_mapping(action: str, code: Any) -> None:
    error = failure(action, {"RequestId": "R", "Code": code})
    assert (error.code, error.unknown_outcome) == ("MalformedResponse", action == "CreateApp")
    assert "None" not in str(error)


def test_a_count_that_is_a_list_is_quoted_as_it_came() -> None:
    assert "'[null]' for the length of a list" in str(failure("ListApp", {"Code": 0, "Data": [], "TotalCount": [None]}))


def test_what_the_reference_has_for_failures() -> None:
    broken = {"Code": "system.error", "Message": "A system error occurred."}
    failed = failure("DescribeEventMonitorList", broken, 500)
    assert failed.__class__ is ServiceFailureError
    assert "monitoring" in str(failed.hint)
    refused = {"code": 3, "data": {"Code": 3, "ErrMsg": "e", "Success": False}, "name": "3Error", "message": ""}
    denied = failure("DeleteNodeLabel", {"DeleteNodeLabelResponse": refused})
    assert (denied.code, denied.message) == ("3", "e")
    assert "permission error" in str(denied.hint)


def test_a_redirect() -> None:
    error = failure("CreateApp", b"", 302, location="https://login.example.test")
    assert error.__class__ is ServiceFailureError
    assert error.message == (
        "the response is a redirect (HTTP 302 to https://login.example.test), and the API never redirects"
    )
    assert (error.unknown_outcome, error.transient) == (False, False)


# Refusals by the gateway


@pytest.mark.parametrize(
    ("code", "status", "kind", "hint"),
    [
        ("InvalidAccessKeyId.NotFound", 404, AuthenticationError, "access_key_id"),
        ("InvalidAccessKeyId", 400, AuthenticationError, "access_key_id"),
        ("InvalidAccessKeyId.Inactive", 400, AuthenticationError, "disabled"),
        ("MissingAccessKeyId", 400, AuthenticationError, "access_key_id"),
        ("SignatureDoesNotMatch", 400, AuthenticationError, "access_key_secret"),
        ("IncompleteSignature", 400, AuthenticationError, "access_key_secret"),
        ("InvalidTimeStamp.Format", 400, AuthenticationError, "clock"),
        ("IllegalTimestamp", 400, AuthenticationError, "clock"),
        ("MissingSecurityToken", 400, AuthenticationError, "security_token"),
        ("InvalidSecurityToken.Expired", 403, AuthenticationError, "expired"),
        ("InvalidSecurityToken.Malformed", 400, AuthenticationError, "security_token"),
        ("Unauthenticated", 401, AuthenticationError, None),
        ("NoPermission", 403, PermissionDeniedError, "may not call CreateApp"),
        ("Forbidden.RAM", 403, PermissionDeniedError, "may not call CreateApp"),
        ("SomethingElse", 403, PermissionDeniedError, "may not call CreateApp"),
        ("Throttling", 400, ThrottledError, "forks"),
        ("Throttling.Api", 400, ThrottledError, "retry_timeout"),
        ("SignatureNonceUsed", 400, RequestRejectedError, "twice"),
        ("InvalidAction.NotFound", 404, RequestRejectedError, "endpoint"),
        ("InvalidApi.NotFound", 404, RequestRejectedError, "endpoint"),
        ("InvalidVersion", 400, RequestRejectedError, "endpoint"),
        ("InvalidProduct.NotFound", 404, RequestRejectedError, "endpoint"),
        ("InvalidProtocol.NeedSsl", 404, RequestRejectedError, "https://"),
        ("MissingTitle", 400, BusinessError, None),
        ("InvalidAppId.NotFound", 404, BusinessError, None),
        ("OperationConflict", 409, BusinessError, None),
        ("RequestTooLarge", 413, RequestRejectedError, "smaller documents"),
        ("InternalError", 500, ServiceFailureError, "request id"),
        ("system.error", 500, ServiceFailureError, "request id"),
        ("NotImplemented", 501, ServiceFailureError, "retailcloud"),
    ],
)
def test_refusals(code: str, status: int, kind: type[ApiError], hint: str | None) -> None:
    error = failure("CreateApp", {"Code": code, "Message": "m", "RequestId": "R"}, status)
    assert error.__class__ is kind
    assert (error.code, error.message, error.http_status, error.request_id) == (code, "m", status, "R")
    assert error.hint is None if hint is None else hint in str(error.hint)
    assert error.unknown_outcome is (kind is ServiceFailureError or code == "SignatureNonceUsed")


def test_lower_camel_refusals_and_the_request_id_of_the_header() -> None:
    error = failure("ListApp", {"code": "NoPermission", "message": "m"}, 403, request_id="H")
    assert (error.code, error.message, error.request_id) == ("NoPermission", "m", "H")


def test_a_refusal_without_code_and_message() -> None:
    error = failure("ListApp", {"detail": "?"}, 404)
    assert (error.code, error.message) == ("HTTP.404", "the gateway returned HTTP 404 without a message")


def test_a_denial_names_what_ram_told() -> None:
    detail = {
        "AuthAction": "retailcloud:CreateApp",
        "AuthPrincipalDisplayName": "ops",
        "NoPermissionType": "ImplicitDeny",
    }
    error = failure("CreateApp", {"Code": "NoPermission", "Message": "m", "AccessDeniedDetail": detail}, 403)
    assert "action retailcloud:CreateApp, principal ops, denial ImplicitDeny" in str(error.hint)


@pytest.mark.parametrize(("skew", "words"), [(7200.4, "7200 s behind"), (-60.0, "60 s ahead of")])
def test_a_wrong_clock_says_by_how_much(skew: float, words: str) -> None:
    error = failure("ListApp", {"Code": "InvalidTimeStamp.Expired", "Message": "m"}, 400, skew=skew)
    assert words in str(error.hint)


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        (
            "Specified signature is not matched with our calculation. server string to sign is:POST&%2F&Password%3Dpw",
            "Specified signature is not matched with our calculation.",
        ),
        (
            "Specified signature does not match our calculation. "
            "(server StringToSign is [A], server CanonicalRequest is [pw])",
            "Specified signature does not match our calculation.",
        ),
        (
            "Specified signature does not match our calculation. server CanonicalRequest is [POST\n/\npw]",
            "Specified signature does not match our calculation.",
        ),
    ],
)
def test_the_text_to_sign_is_cut_off(message: str, kept: str) -> None:
    assert failure("CreateAccount", {"Code": "SignatureDoesNotMatch", "Message": message}, 400).message == kept
