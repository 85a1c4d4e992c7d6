# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about rejected calls."""

from __future__ import annotations

from typing import Any

import pytest

from jst_emulator.readings.declaration import Value
from jst_emulator.readings.rejections import RejectionReadings as GROUP
from support.direct_account import MYSQL, ONLINE, TEST
from support.populated_account import PAGE, Effects, PopulatedAccount, cases, check, check_whole
from support.scenario import APP, ENV, LABEL, app
from support.scenario import GROUP as APP_GROUP

LOGS = {**ENV, "Line": 5}


def _told(account: PopulatedAccount, action: str, parameters: dict[str, Any]) -> list[Any]:
    """Status, code and flag of an answer."""
    response = account.response(action, parameters)
    answer = response.get_json()
    flag = answer.get("Success", (answer.get("Result") or {}).get("Success"))
    return [response.status_code, answer["Code"], flag]


def _refusals(code: str, plain: list[Any], statuses: dict[str, int]) -> dict[Value, Any]:
    """What a call is answered under each form: one to an operation with a flag, then one without."""
    with_flag, without = plain
    return {
        "code": [[200, with_flag, False], [200, without, None]],
        "flag": [[200, 0, False], [200, without, None]],
        **{form: [[status, code, None]] * 2 for form, status in statuses.items()},
    }


def _missing(account: PopulatedAccount) -> Any:
    return [
        _told(account, "DescribeSlbAPDetail", {"SlbAPId": 1}),
        _told(account, "DescribeAppDetail", {"AppId": 1}),
    ]


def _existing(account: PopulatedAccount) -> Any:
    database = {"DbInstanceId": MYSQL, "DbName": "shop", "CharacterSetName": "utf8mb4"}
    return [_told(account, "BindGroup", {**APP, **APP_GROUP}), _told(account, "CreateDb", database)]


def _state(account: PopulatedAccount) -> Any:
    """The code of the first refusal stands in the reference."""
    account.emulator.world.accounts[MYSQL, "shop"].status = "Unavailable"
    grant = {"DbInstanceId": MYSQL, "AccountName": "shop", "DbName": "shop", "AccountPrivilege": "ReadOnly"}
    return [_told(account, "DeleteNodeLabel", {**LABEL, "Force": "false"}), _told(account, "GrantDbToAccount", grant)]


def _value(account: PopulatedAccount) -> Any:
    ports = {"SlbAPId": 40001, "RealServerPort": 70000}
    return [_told(account, "ModifySlbAP", ports), _told(account, "CreateApp", app(" "))]


def _reads(account: PopulatedAccount) -> Any:
    """What reads of things that do not exist are answered: the code and what is in the place of the payload."""
    answers: dict[str, dict[str, Any]] = {
        "DescribeAppDetail": {"AppId": 1},
        "DescribeAppEnvDeployBaseline": {"AppId": 1, "EnvId": 1},
        "DescribeDeployOrderDetail": {"DeployOrderId": 1},
        "ListAppEnvironment": {"AppId": 1, "PageNumber": 2, "PageSize": 30},
        "DescribeDatabases": {"InstanceId": "rm-none"},
    }
    told = [account.call(action, parameters) for action, parameters in answers.items()]
    sizes = [one.get("PageSize") for one in told if "PageSize" in one]
    writes = account.code("UpdateApp", {"AppId": 1})
    return [[(one["Code"], one.get("Result", one.get("Data"))) for one in told], sizes, writes]


def _deletes(account: PopulatedAccount) -> Any:
    calls: dict[str, dict[str, Any]] = {
        "DeleteAppDetail": {"AppId": 1},
        "DeleteDeployConfig": {"SchemaId": 1},
        "DeleteSlbAP": {"SlbAPId": 1},
        "UnbindGroup": {"AppId": 10001, "BizCode": "JST", "Name": "other"},
        "UnbindNodeLabel": {**LABEL, "InstanceId": "i-emu-node-5"},
        "DeletePersistentVolume": {"ClusterInstanceId": ONLINE, "PersistentVolumeName": "other"},
        "DeleteDatabase": {"DBInstanceId": MYSQL, "DBName": "other"},
        "DeleteCluster": {"ClusterInstanceId": "other"},
    }
    bound = account.code("DeleteNodeLabel", {**LABEL, "Force": "false"})
    updated = account.code("ModifySlbAP", {"SlbAPId": 1})
    return [[account.code(action, parameters) for action, parameters in calls.items()], bound, updated]


def _monitoring(account: PopulatedAccount) -> Any:
    elsewhere = _told(account, "DescribeAppDetail", {"AppId": 1})
    return [_told(account, "DescribePodContainerLogList", {**LOGS, "PodName": "other"}), elsewhere]


def _numbers(account: PopulatedAccount) -> Any:
    grant = {"DbInstanceId": MYSQL, "AccountName": "shop", "DbName": "shop", "AccountPrivilege": "DBOwner"}
    return [
        account.code("DescribeAppDetail", {"AppId": 1}),
        account.code("BindGroup", {**APP, **APP_GROUP}),
        account.code("DeleteAppDetail", APP),
        account.code("GrantDbToAccount", grant),
        account.code("DeleteNodeLabel", {**LABEL, "Force": "false"}),
    ]


def _messages(account: PopulatedAccount) -> Any:
    return [
        account.call("DescribeAppDetail", {"AppId": 1})["ErrMessage"],
        account.call("BindGroup", {**APP, **APP_GROUP})["ErrMsg"],
    ]


def _keys(account: PopulatedAccount) -> Any:
    """Under which key each of three operations has its message."""
    calls: dict[str, dict[str, Any]] = {
        "DescribeAppDetail": {"AppId": 1},
        "ListAppEnvironment": {"AppId": 1, **PAGE},
        "UpdateApp": {"AppId": 1},
    }
    return [
        sorted(account.call(action, sent).keys() - {"Code", "RequestId", "Result"}) for action, sent in calls.items()
    ]


EFFECTS: Effects = {
    "rejected_missing": (
        _missing,
        _refusals("InvalidResource.NotFound", [1, 1], {"http_404": 404, "http_400": 400}),
    ),
    "rejected_existing": (
        _existing,
        _refusals("EntityAlreadyExists", [1, 1], {"http_400": 400, "http_409": 409}),
    ),
    "rejected_state": (_state, _refusals("IncorrectStatus", [3, 1], {"http_400": 400, "http_409": 409})),
    "rejected_value": (_value, _refusals("InvalidParameter", [1, 1], {"http_400": 400})),
    "rejected_parameters": (
        lambda account: [_told(account, "DescribeAppDetail", {}), _told(account, "ListApp", {"PageSize": "x"})],
        {
            "http_400": [[400, "MissingAppId", None], [400, "InvalidPageSize", None]],
            "code": [[200, 1, None], [200, 1, None]],
        },
    ),
    "missing_on_read": (
        _reads,
        {
            "rejected": [[(1, None)] * 5, [], 1],
            "empty": [[(0, {}), (0, {}), (0, {}), (0, []), (0, {})], [30], 1],
        },
    ),
    "missing_on_delete": (_deletes, {"rejected": [[1] * 8, 3, 1], "accepted": [[0] * 8, 3, 1]}),
    "monitoring_errors": (
        _monitoring,
        {
            "by_kind": [[200, 1, False], [200, 1, None]],
            "system_error": [[500, "system.error", None], [200, 1, None]],
        },
    ),
    "rejection_numbers": (_numbers, {"one": [1, 1, 1, 1, 3], "by_kind": [404, 409, 403, 400, 3]}),
    "rejection_language": (
        _messages,
        {
            "english": ["App 1 does not exist.", "App 10001 is in group g already."],
            "chinese": ["资源不存在", "资源已存在"],
        },
    ),
    "message_key": (
        _keys,
        {
            "table": [["ErrMessage"], ["ErrorMsg"], ["ErrMsg"]],
            "ErrMsg": [["ErrMsg"]] * 3,
            "ErrorMsg": [["ErrorMsg"]] * 3,
            "ErrMessage": [["ErrMessage"]] * 3,
        },
    ),
}


@pytest.fixture(scope="module")
def account() -> PopulatedAccount:
    """One account for all tests, which is restored for each."""
    return PopulatedAccount()


def test_every_value_is_looked_at() -> None:
    check_whole(EFFECTS, GROUP)


@pytest.mark.parametrize(("name", "value"), cases(EFFECTS))
def test_effect(account: PopulatedAccount, name: str, value: Value) -> None:
    check(account, EFFECTS, name, value)


def test_a_refusal_that_a_fault_asks_for_stays_as_it_is(account: PopulatedAccount) -> None:
    account.restore()
    account.choose(rejected_value="http_400", rejection_numbers="by_kind", rejection_language="chinese")
    account.client.arm(kind="business", code=7, message="No.")
    response = account.response("ListNodeLabels", {"ClusterId": TEST, **PAGE})
    assert (response.status_code, response.get_json()["Code"], response.get_json()["ErrorMsg"]) == (200, 7, "No.")
