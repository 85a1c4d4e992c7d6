# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls of any operation: what is sent, returned and masked."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from typing import Any, cast

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import ConfigError, ResponseLostError
from ansible_collections.jst.retailcloud.plugins.module_utils._api.operations import OPERATIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._api.parameters import encode_params
from ansible_collections.jst.retailcloud.plugins.module_utils._api.responses import ApiResponse
from ansible_collections.jst.retailcloud.plugins.module_utils._core.api_call import (
    call_operation,
    redact_call,
    redact_response,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import InvalidOptionError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.option_redaction import NO_LOG_MASK
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext


class Wire:
    """Replaces the client, and records the calls."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []

    def call(self, action: str, params: Mapping[str, Any]) -> ApiResponse:
        """Return the name of the operation."""
        self.calls.append((action, dict(params)))
        return ApiResponse(action, "R-1", {"called": action}, 7)

    def list_all(self, action: str, params: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Return two records."""
        self.calls.append((action, dict(params)))
        return [{"number": 1}, {"number": 2}]


def asked(wire: Wire, action: str, check_mode: bool = False, all_pages: bool = False, **parameters: Any) -> Any:
    """Return the result of a run."""
    client: Any = wire
    return call_operation(
        RunContext(client, {"action": action, "parameters": parameters, "all_pages": all_pages}, check_mode)
    )


@pytest.mark.parametrize("check_mode", [False, True])
def test_reads_are_sent_in_check_mode_too(check_mode: bool) -> None:
    wire = Wire()
    result = asked(wire, "ListApp", check_mode, PageNumber=1)
    assert result == {"changed": False, "response": {"called": "ListApp"}, "request_id": "R-1", "total_count": 7}
    assert wire.calls == [("ListApp", {"PageNumber": 1})]


def test_writes_are_changes() -> None:
    wire = Wire()
    assert asked(wire, "DeleteAppDetail", AppId=1)["changed"] is True
    assert wire.calls == [("DeleteAppDetail", {"AppId": 1})]


@pytest.mark.parametrize(("action", "may_have_written"), [("DeleteAppDetail", True), ("DescribeAppDetail", False)])
def test_a_write_whose_response_was_lost_may_be_a_change(
    action: str, may_have_written: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    wire: Any = Wire()

    def lose(action: str, params: Mapping[str, Any]) -> ApiResponse:
        raise ResponseLostError("no response", action=action, code="ResponseLost.ReadTimeout", unknown_outcome=True)

    monkeypatch.setattr(wire, "call", lose)
    ctx = RunContext(wire, {"action": action, "parameters": {"AppId": 1}, "all_pages": False})
    with pytest.raises(ResponseLostError):
        call_operation(ctx)
    assert ctx.may_have_written is may_have_written


def test_writes_are_checked_and_not_sent_in_check_mode() -> None:
    wire = Wire()
    nothing = {"response": None, "request_id": None, "total_count": None}
    assert asked(wire, "DeleteAppDetail", check_mode=True, AppId=1) == {"changed": True, **nothing}
    with pytest.raises(ConfigError, match="no parameter 'Id'"):
        asked(wire, "DeleteAppDetail", check_mode=True, Id=1)
    assert wire.calls == []


def test_it_is_told_what_is_called_on_what() -> None:
    client: Any = Wire()
    parameters = {"AccountName": "writer", "AccountPassword": "Canary", "DbInstanceId": "rm-1", "AccountType": "Normal"}
    ctx = RunContext(client, {"action": "CreateAccount", "parameters": parameters, "all_pages": False})
    call_operation(ctx)
    assert ctx.activity == "call CreateAccount with AccountName 'writer', DbInstanceId 'rm-1'"


def test_all_pages_of_a_list() -> None:
    wire = Wire()
    result = asked(wire, "ListUsers", all_pages=True, PageSize=1)
    assert result["response"] == [{"number": 1}, {"number": 2}]
    assert (result["changed"], result["request_id"], result["total_count"]) == (False, None, None)
    with pytest.raises(InvalidOptionError, match="CreateApp changes something"):
        asked(wire, "CreateApp", all_pages=True)


def test_unknown_operations_are_refused_with_the_nearest() -> None:
    wire = Wire()
    with pytest.raises(ConfigError) as caught:
        asked(wire, "ListApps")
    assert "ListApp" in f"{caught.value.message} {caught.value.hint}"
    assert wire.calls == []


def shown(action: str, **parameters: Any) -> Any:
    """Return the parameters as results and logs show them."""
    return redact_call({"action": action, "parameters": parameters})["parameters"]


def test_secret_parameters_are_hidden_by_their_names() -> None:
    parameters = {"DbInstanceId": "rm-1", "AccountName": "shop", "AccountPassword": "shop"}
    assert shown("CreateAccount", **parameters) == {**parameters, "AccountPassword": NO_LOG_MASK}
    assert shown("CreateDeployConfig", AppId=1, SecretList=["bm8="]) == {"AppId": 1, "SecretList": NO_LOG_MASK}


@pytest.mark.parametrize("name", ["Accountpassword", "account_password", "AcountPasword", "SecretList.1", "Paswort"])
def test_what_no_operation_has_is_hidden(name: str) -> None:
    assert shown("CreateAccount", AccountName="shop", **{name: "canary"}) == {
        "AccountName": "shop",
        name: NO_LOG_MASK,
    }
    assert shown("CreateAcount", AccountName="shop", **{name: "canary"}) == {
        "AccountName": "shop",
        name: NO_LOG_MASK,
    }


def test_what_no_record_of_a_parameter_has_is_hidden() -> None:
    roles = [{"RoleName": "owner", "UserId": "1", "pasword": "canary"}, "text"]
    hidden = [{"RoleName": "owner", "UserId": "1", "pasword": NO_LOG_MASK}, "text"]
    assert shown("CreateApp", UserRoles=roles) == {"UserRoles": hidden}


@pytest.mark.parametrize("document", ["kind: Secret", '{"kind": "Secret", "data": {}}'])
def test_a_secret_under_another_name_is_hidden(document: str) -> None:
    encoded = base64.b64encode(document.encode()).decode()
    plain = base64.b64encode(b"kind: ConfigMap").decode()
    maps = {"ConfigMapList": [plain, encoded], "Deployment": encoded}
    assert shown("CreateDeployConfig", **maps) == {
        "ConfigMapList": [plain, NO_LOG_MASK],
        "Deployment": NO_LOG_MASK,
    }


@pytest.mark.parametrize("parameters", ["AccountPassword=canary", ["canary"]])
def test_parameters_that_are_none_are_hidden(parameters: Any) -> None:
    assert redact_call({"action": "CreateAccount", "parameters": parameters})["parameters"] == NO_LOG_MASK


def test_a_message_names_what_a_call_is_about_and_no_secret() -> None:
    wire = Wire()
    ctx = RunContext(
        cast(Any, wire),
        {
            "action": "DeleteAppDetail",
            "parameters": {"AppId": 1, "PasswordId": "canary", "AccountName": ["canary"]},
            "all_pages": False,
        },
    )
    call_operation(ctx)
    assert ctx.activity == "call DeleteAppDetail with AppId 1"


def test_what_a_secret_parameter_holds_is_known_to_the_wire() -> None:
    secret = base64.b64encode(b"{kind: Secret, stringData: {user: canary}}").decode()
    wire = Wire()
    asked(wire, "CreateDeployConfig", AppId=1, SecretList=[secret])
    (sent,) = wire.calls[0][1]["SecretList"]
    assert (sent, sent.parts) == (secret, ("canary",))
    packed = encode_params(OPERATIONS["CreateDeployConfig"], wire.calls[0][1])
    assert packed.secrets == (secret, "canary")


def test_secrets_in_answers_are_masked_however_deep() -> None:
    secret: list[Any] = ["kind: Secret", {"name": "token", "nothing": None}]
    answer = [{"id": 1, "yaml": {"config_map_list": ["kind: ConfigMap"], "secret_list": secret}}, {"secret_list": None}]
    masked = ["********", {"name": "********", "nothing": None}]
    assert redact_response(answer) == [
        {"id": 1, "yaml": {"config_map_list": ["kind: ConfigMap"], "secret_list": masked}},
        {"secret_list": None},
    ]


@pytest.mark.parametrize("all_pages", [False, True])
def test_answers_are_told_without_secrets(all_pages: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    wire = Wire()
    records = [{"secret_list": ["kind: Secret"]}]
    monkeypatch.setattr(wire, "call", lambda action, params: ApiResponse(action, "R-1", records, 1))
    monkeypatch.setattr(wire, "list_all", lambda action, params: records)
    assert asked(wire, "ListDeployConfig", all_pages=all_pages, AppId=1)["response"] == [{"secret_list": ["********"]}]
