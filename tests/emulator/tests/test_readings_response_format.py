# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about the format of responses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from jst_emulator.api_spec import OPERATIONS
from jst_emulator.readings import TABLE, Readings, with_choices
from jst_emulator.readings.declaration import MIXED, Value, chosen
from jst_emulator.readings.response_format import ResponseFormatReadings as GROUP
from support.direct_account import MYSQL, ONLINE, SQL_SERVER
from support.populated_account import KEY, PAGE, Effects, PopulatedAccount, cases, check, check_whole
from support.scenario import APP, ENV, read_all

DATABASES = {"InstanceId": MYSQL}
JOB_PAGE = {"EnvId": 20001, **PAGE}


def _shapes(account: PopulatedAccount) -> Any:
    """The first key of an answer whose sample has small letters, as the emulator may be started."""
    keys = []
    settings = account.emulator.settings
    for answers in ("canonical", "sample"):
        account.emulator.settings = replace(settings, answers=answers)
        keys.append(sorted(account.call("DescribeDatabases", DATABASES))[0])
    account.emulator.settings = settings
    return keys


def _codes(account: PopulatedAccount) -> Any:
    calls: dict[str, dict[str, Any]] = {"ListUsers": PAGE, "ListApp": {}, "DescribeAppDetail": {"AppId": 1}}
    return [account.call(action, parameters).get("Code") for action, parameters in calls.items()]


def _flags(account: PopulatedAccount) -> Any:
    return [
        account.call("DescribeSlbAPDetail", {"SlbAPId": 40001}).get("Success"),
        account.result("UpdateApp", {"AppId": 10001}).get("Success"),
        account.call("DescribeSlbAPDetail", {"SlbAPId": 1}).get("Success"),
        account.result("UpdateApp", {"AppId": 1}).get("Success"),
    ]


def _messages(account: PopulatedAccount) -> Any:
    return [
        account.call("ListApp").get("ErrorMsg"),
        account.call("DescribeAppDetail", APP).get("ErrMessage"),
        account.call("DescribeAppDetail", {"AppId": 1}).get("ErrMessage"),
    ]


def _bodies(account: PopulatedAccount) -> Any:
    calls: dict[str, dict[str, Any]] = {"DescribeAppEnvDeployBaseline": ENV, "ListApp": {}}
    return [bool(account.response(action, parameters).data) for action, parameters in calls.items()]


def _request_ids(account: PopulatedAccount) -> Any:
    responses = [account.response("ListApp"), account.response("DescribeAppDetail", {"AppId": 1})]
    return [("RequestId" in one.get_json(), bool(one.headers["x-acs-request-id"])) for one in responses]


def _numbers(account: PopulatedAccount) -> Any:
    listed, app = account.call("ListApp"), account.data("ListApp")[0]
    refused = account.call("DescribeAppDetail", {"AppId": 1})
    return [listed["Code"], listed["TotalCount"], app["AppId"], app["Title"], refused["Code"]]


def _texts(account: PopulatedAccount) -> Any:
    port = account.result("DescribeServiceDetail", {"ServiceId": 50001})["PortMappings"][0]
    role = account.result("DescribeAppDetail", APP)["UserRoles"][0]
    order = account.data("ListDeployOrders", JOB_PAGE)[0]
    users = account.data("ListUsers", PAGE)
    return [port["TargetPort"], role["UserId"], order["FailureRate"], order["Name"], users[-1]["UserId"]]


def _booleans(account: PopulatedAccount) -> Any:
    service = account.call("DescribeServiceDetail", {"ServiceId": 50001})
    refused = account.call("DescribeServiceDetail", {"ServiceId": 1})
    return [service["Success"], service["Result"]["Headless"], refused["Success"], service["Result"]["EnvId"]]


def _absent(account: PopulatedAccount) -> Any:
    """A text, a number and a list that a record has no value for; what stands for none of them."""
    access_point = account.result("DescribeSlbAPDetail", {"SlbAPId": 40001})
    app = account.data("ListApp")[0]
    yaml = account.data("ListDeployConfig", APP)[0]["ContainerYamlConf"]
    none = "none"
    return [
        access_point.get("SslCertId", none),
        access_point.get("EstablishedTimeout", none),
        app.get("MiddleWareList", none),
        yaml.get("StatefulSet", none),
        "ErrorMsg" in account.call("ListApp"),
    ]


def _empty_texts(account: PopulatedAccount) -> Any:
    database = account.result("DescribeDatabases", DATABASES)["Databases"][0]
    return [database.get("DBDescription", "none"), database["DBName"]]


def _empty_lists(account: PopulatedAccount) -> Any:
    none = "none"
    databases = account.result("DescribeDatabases", {"InstanceId": SQL_SERVER}).get("Databases", none)
    job = account.call("ListSlbAPs", {"AppId": 10002, **PAGE})
    return [databases, job.get("Data", none), job["TotalCount"], len(account.data("ListSlbAPs", {**APP, **PAGE}))]


def _times(account: PopulatedAccount) -> Any:
    order = account.result("DescribeDeployOrderDetail", {"DeployOrderId": 60001})
    claim = account.data("ListPersistentVolumeClaim", {**ENV, **PAGE})[0]
    instance = account.data("ListAppInstance", {**ENV, **PAGE})[0]
    backup = account.result("GetRdsBackUp", {"DbInstanceId": MYSQL})["Items"][0]
    baseline = account.result("DescribeAppEnvDeployBaseline", ENV)
    return [
        *(order["EndTime"], claim["CreateTime"], instance["CreateTime"], backup["BackupStartTime"]),
        baseline["CreateTime"],
    ]


def _zone(account: PopulatedAccount) -> Any:
    """A time without a zone and one with, and which of two hours finds an order that ended at 8:00 in UTC."""
    claim = account.data("ListPersistentVolumeClaim", {**ENV, **PAGE})[0]["CreateTime"]
    order = account.data("ListDeployOrders", JOB_PAGE)[0]["EndTime"]
    hours = (("07:00:00", "09:00:00"), ("15:00:00", "17:00:00"))
    found = []
    for first, last in hours:
        span = {"EndTimeGreaterThan": f"2026-01-05 {first}", "EndTimeLessThan": f"2026-01-05 {last}"}
        found.append(len(account.data("ListDeployOrders", {**JOB_PAGE, **span})))
    return [claim, order, found]


def _cases(account: PopulatedAccount) -> Any:
    answer, refused = account.call("ListApp"), account.call("DescribeAppDetail", {"AppId": 1})
    data = answer.get("Data") or answer["data"]
    return [sorted(answer)[0], sorted(data[0])[0], sorted(refused)[0]]


def _wrapped(account: PopulatedAccount) -> Any:
    answers = [account.call("ListApp"), account.call("DescribeAppDetail", {"AppId": 1})]
    inner = [next(iter(one.values())) for one in answers]
    return [
        [sorted(one) if len(one) == 1 else None for one in answers],
        [sorted(one) if isinstance(one, dict) else None for one in inner],
        [one.get("name") if isinstance(one, dict) else None for one in inner],
    ]


LAYERS = ["code", "data", "message", "name"]
LIST_KEYS, REFUSAL_KEYS = ["Code", "Data", "RequestId", "TotalCount"], ["Code", "ErrMessage", "RequestId"]
WRAPPERS = [["ListAppResponse"], ["DescribeAppDetailResponse"]]
EFFECTS: Effects = {
    "shape": (_shapes, {"as_set": ["Code", "code"], "table": ["Code", "Code"], "sample": ["code", "code"]}),
    "success_code": (
        _codes,
        {"zero": [0, 0, 1], "table": [200, 0, 1], "two_hundred": [200, 200, 1], "absent": [None, None, 1]},
    ),
    "success_flag": (_flags, {"shown": [True, True, False, False], "missing": [None, None, False, False]}),
    "success_message": (
        _messages,
        {
            "none": [None, None, "App 1 does not exist."],
            "empty": ["", "", "App 1 does not exist."],
            "tip": [*["this is a tip message"] * 2, "App 1 does not exist."],
        },
    ),
    "empty_answers": (_bodies, {"never": [True, True], "status_line": [False, True]}),
    "request_id": (_request_ids, {"both": [(True, True)] * 2, "header": [(False, True)] * 2}),
    "numbers": (_numbers, {"numbers": [0, 2, 10001, "shop", 1], "texts": ["0", "2", "10001", "shop", "1"]}),
    "numeric_texts": (
        _texts,
        {"texts": ["8080", "1001", "0", "first", "dt-1003"], "numbers": [8080, 1001, 0, "first", "dt-1003"]},
    ),
    "booleans": (
        _booleans,
        {
            "booleans": [True, False, False, 20001],
            "texts": ["true", "false", "false", 20001],
            "numbers": [1, 0, 0, 20001],
        },
    ),
    "absent_members": (
        _absent,
        {
            "left_out": [*["none"] * 4, False],
            "nulls": [*[None] * 4, False],
            "empty": ["", "none", [], "", False],
        },
    ),
    "empty_texts": (_empty_texts, {"shown": ["", "shop"], "left_out": ["none", "shop"], "nulls": [None, "shop"]}),
    "empty_lists": (
        _empty_lists,
        {"shown": [[], [], 0, 1], "missing": ["none", "none", 0, 1], "nulls": [None, None, 0, 1]},
    ),
    "times": (
        _times,
        {
            "documented": [
                *("2026-01-05T08:00Z", "2026-01-05 08:00:00", "2026-01-05T08:00:07", "2026-01-02T04:40:55Z"),
                "2026-01-05",
            ],
            "plain": [
                *("2026-01-05 08:00:27", "2026-01-05 08:00:00", "2026-01-05 08:00:07", "2026-01-02 04:40:55"),
                "2026-01-05 08:00:27",
            ],
            "minute": [
                *("2026-01-05T08:00Z", "2026-01-05T08:00Z", "2026-01-05T08:00Z", "2026-01-02T04:40Z"),
                "2026-01-05T08:00Z",
            ],
            "second": [
                *("2026-01-05T08:00:27", "2026-01-05T08:00:00", "2026-01-05T08:00:07", "2026-01-02T04:40:55"),
                "2026-01-05T08:00:27",
            ],
            "zulu": [
                *("2026-01-05T08:00:27Z", "2026-01-05T08:00:00Z", "2026-01-05T08:00:07Z", "2026-01-02T04:40:55Z"),
                "2026-01-05T08:00:27Z",
            ],
        },
    ),
    "time_zone": (
        _zone,
        {
            "utc": ["2026-01-05 08:00:00", "2026-01-05T08:00Z", [1, 0]],
            "beijing": ["2026-01-05 16:00:00", "2026-01-05T08:00Z", [0, 1]],
        },
    ),
    "key_case": (_cases, {"upper": ["Code", "AppId", "Code"], "lower": ["code", "appId", "code"]}),
    "wrappers": (
        _wrapped,
        {
            "none": [[None, None], [None, None], [None, None]],
            "outer": [WRAPPERS, [LIST_KEYS, REFUSAL_KEYS], [None, None]],
            "layered": [WRAPPERS, [LAYERS, LAYERS], ["", "1Error"]],
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


def _reads(account: PopulatedAccount) -> Iterator[tuple[str, dict[str, Any]]]:
    job = next(iter(account.emulator.world.job_runs.values())).pod_name
    return (step for step in read_all(account.pod, job) if isinstance(step, tuple))


def _text(account: PopulatedAccount, action: str, parameters: dict[str, Any]) -> str:
    response = account.response(action, parameters)
    return response.text.replace(response.headers["x-acs-request-id"], "ID")


@pytest.mark.parametrize("name", [one.name for one in TABLE if MIXED in one.values])
def test_mixed_takes_one_of_the_other_values_for_each_operation(account: PopulatedAccount, name: str) -> None:
    mixed = with_choices(Readings(), {name: MIXED})
    by_operation = {action: chosen(mixed, name, action) for action in OPERATIONS}
    (values,) = (set(one.values) - {MIXED} for one in TABLE if one.name == name)
    assert set(by_operation.values()) == values
    account.restore()
    for action, parameters in _reads(account):
        account.choose(**{name: by_operation[action]})
        expected = _text(account, action, parameters)
        account.choose(**{name: MIXED})
        assert _text(account, action, parameters) == expected, action


@pytest.mark.parametrize("answers", ["canonical", "sample"])
@pytest.mark.parametrize(("name", "value"), cases(EFFECTS))
def test_every_form_goes_out_as_xml(account: PopulatedAccount, answers: str, name: str, value: Value) -> None:
    account.restore()
    settings = account.emulator.settings
    account.emulator.settings = replace(settings, answers=answers)
    account.choose(**{name: value})
    calls: dict[str, dict[str, Any]] = {"ListApp": {}, "ListNodeLabels": {"ClusterId": ONLINE, **PAGE}}
    for action, parameters in calls.items():
        response = account.client.v1(action, parameters, key=KEY, common={"Format": "XML"})
        assert ET.fromstring(response.data).tag == f"{action}Response"
        assert "None" not in response.text
    account.emulator.settings = settings


def test_two_layers_of_a_sample_stay_two(account: PopulatedAccount) -> None:
    """Wrappers of readings are not put around those of samples."""
    account.restore()
    account.choose(shape="sample", wrappers="layered", key_case="lower")
    label = {"ClusterId": ONLINE, "LabelKey": "label.jst.com/a", "LabelValue": "b"}
    answer = account.call("CreateNodeLabel", label)
    assert list(answer) == ["CreateNodeLabelResponse"]
    assert sorted(answer["CreateNodeLabelResponse"]) == LAYERS
    assert answer["CreateNodeLabelResponse"]["data"]["result"]["labelKey"] == "label.jst.com/a"


def test_a_success_without_a_code_has_none_in_any_layer(account: PopulatedAccount) -> None:
    account.restore()
    account.choose(success_code="absent", wrappers="layered")
    answer = account.call("ListApp")["ListAppResponse"]
    assert ("code" in answer, "Code" in answer["data"], answer["name"]) == (False, False, "")
