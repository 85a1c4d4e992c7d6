# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Responses of every operation in both shapes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from jst_emulator.api_spec import OPERATIONS, Operation
from jst_emulator.response_builder import PayloadError, build_failure, build_success, split_paging
from jst_emulator.sample_format import to_sample_format
from support.signed_client import SignedClient
from support.small_world import APP

ALL = list(OPERATIONS)


def canonical(tree: Any, shown: Any) -> Any:
    """What a handler would return for an answer shown in the sample: keys and types of the table."""
    if isinstance(tree, dict):
        spelling = {name.lower(): name for name in tree}
        return {spelling[name.lower()]: canonical(tree[spelling[name.lower()]], value) for name, value in shown.items()}
    if isinstance(tree, list):
        return [canonical(tree[0], item) if tree else item for item in shown]
    if tree in ("Integer", "Long"):
        return int(shown)
    if tree == "Boolean":
        return str(shown).lower() == "true"
    return shown


def inner(operation: Operation) -> Mapping[str, Any]:
    """The sample without its wrappers."""
    sample = operation.sample
    if len(sample) == 1:
        (sample,) = sample.values()
    unwrapped: Mapping[str, Any] = sample.get("data", sample)
    return unwrapped


def payload(operation: Operation) -> Any:
    """A payload like that of the sample, with the records it spreads put together again."""
    shown = {name.lower(): value for name, value in inner(operation).items()}
    if operation.payload is None:
        return None
    part = shown[operation.payload.lower()]
    if operation.name == "ListJobHistories":
        part = [{**part[0], "PodList": ["xxx", "xxx"]}]
    return canonical(operation.fields[operation.payload], part)


def shape(value: Any) -> Any:
    """Keys and types of *value*."""
    if isinstance(value, dict):
        return {name: shape(member) for name, member in value.items()}
    if isinstance(value, list):
        return [shape(item) for item in value]
    return float if isinstance(value, int) and not isinstance(value, bool) else type(value)


def build(operation: Operation) -> dict[str, Any]:
    """The canonical answer with the sample's payload."""
    _dummy, page = split_paging(operation, {})
    return build_success(operation, payload(operation), page, "request-id")


@pytest.mark.parametrize("name", ALL)
def test_a_canonical_answer_is_that_of_the_table(name: str) -> None:
    operation = OPERATIONS[name]
    answer = build(operation)
    expected = {key for key in operation.fields if key != operation.message_key}
    assert answer.keys() == expected
    assert answer["Code"] == 0
    assert answer.get("Success", True) is True


@pytest.mark.parametrize("name", [name for name in ALL if name != "DeleteNodeLabel"])
def test_a_sample_answer_is_that_of_the_sample(name: str) -> None:
    operation = OPERATIONS[name]
    assert shape(to_sample_format(operation, build(operation))) == shape(operation.sample)


def test_the_failure_the_reference_shows() -> None:
    operation = OPERATIONS["DeleteNodeLabel"]
    (sample,) = operation.sample.values()
    answer = to_sample_format(
        operation, build_failure(operation, 3, sample["data"]["ErrMsg"], sample["data"]["RequestId"])
    )
    assert answer == operation.sample


def test_two_layers() -> None:
    operation = OPERATIONS["DeleteNodeLabel"]
    assert to_sample_format(operation, build(operation)) == {
        "DeleteNodeLabelResponse": {
            "code": 0,
            "data": {"Code": 0, "RequestId": "request-id", "Success": True},
            "name": "",
            "message": "",
        }
    }


def test_lower_camel() -> None:
    operation = OPERATIONS["DescribeDatabases"]
    accounts = [{"Account": "a", "AccountPrivilege": "ReadOnly"}]
    result = {"Databases": [{"DBName": "shop", "DBInstanceId": "rm-1", "Accounts": accounts}]}
    answer = to_sample_format(operation, build_success(operation, result, None, "id"))
    assert answer == {
        "code": 0,
        "requestId": "id",
        "result": {
            "databases": [
                {
                    "dBName": "shop",
                    "dBInstanceId": "rm-1",
                    "accounts": [{"account": "a", "accountPrivilege": "ReadOnly"}],
                }
            ]
        },
    }


def test_members_the_sample_does_not_show_follow_its_style() -> None:
    shown = to_sample_format(
        OPERATIONS["DescribeRdsAccounts"], build_failure(OPERATIONS["DescribeRdsAccounts"], 5, "no", "id")
    )
    assert shown == {"code": 5, "requestId": "id", "errMsg": "no"}
    operation = OPERATIONS["ListAppInstance"]
    texts = to_sample_format(operation, build_failure(operation, 5, "no", "id"))
    assert texts == {"Code": "5", "RequestId": "id", "ErrMsg": "no"}


def test_a_record_spread_over_two_elements() -> None:
    operation = OPERATIONS["ListJobHistories"]
    runs = [{"Name": "job", "Succeeded": 1, "PodList": ["a", "b"]}, {"Name": "next", "Failed": 2, "PodList": []}]
    answer = to_sample_format(operation, build_success(operation, runs, (1, 10), "id"))
    assert answer["Data"] == [
        {"Name": "job", "Succeeded": "1"},
        {"PodList": "[a, b]"},
        {"Name": "next", "Failed": "2"},
        {"PodList": "[]"},
    ]
    assert (answer["TotalCount"], answer["PageSize"], answer["ErrorMsg"]) == ("2", "10", "xx")


@pytest.mark.parametrize(
    ("name", "text", "shown"),
    [("DescribeDeployOrderDetail", "0", 0), ("DescribeDeployOrderDetail", "12.5", 12.5)],
)
def test_texts_the_sample_shows_as_numbers(name: str, text: str, shown: float) -> None:
    operation = OPERATIONS[name]
    answer = build_success(operation, {"FailureRate": text}, None, "id")
    assert answer["Result"] == {"FailureRate": text}
    assert to_sample_format(operation, answer)["Result"] == {"FailureRate": shown}


def test_oddities_of_single_samples() -> None:
    offline = OPERATIONS["OfflineAppEnvironment"]
    assert to_sample_format(offline, build_success(offline, None, None, "id"))["Code"] == 200
    scale = OPERATIONS["ScaleApp"]
    assert "RequestId" not in to_sample_format(scale, build_success(scale, {"Admitted": True}, None, "id"))
    pods = OPERATIONS["ListPods"]
    assert to_sample_format(pods, build_success(pods, [{"Status": 3}], (1, 10), "id"))["TotalCount"] == 0


def test_failures_carry_every_flag_the_shape_has() -> None:
    assert build_failure(OPERATIONS["DescribeAppDetail"], 1, "no", "id") == {
        "Code": 1,
        "RequestId": "id",
        "ErrMessage": "no",
    }
    assert build_failure(OPERATIONS["ModifySlbAP"], 1, "no", "id")["Success"] is False
    assert build_failure(OPERATIONS["UpdateApp"], 1, "no", "id")["Result"] == {"Success": False}
    assert build_failure(OPERATIONS["ListApp"], 1, "no", "id")["ErrorMsg"] == "no"


def test_members_that_are_none_are_left_out() -> None:
    operation = OPERATIONS["DescribeAppDetail"]
    assert build_success(operation, {"AppId": "7", "Title": None}, None, "id")["Result"] == {"AppId": 7}


@pytest.mark.parametrize(
    "wrong",
    [
        {"Appid": 7},
        {"AppId": "seven"},
        {"AppId": True},
        {"UserRoles": {}},
        {"UserRoles": ["Owner"]},
        [7],
        {"Title": []},
    ],
)
def test_payloads_that_do_not_fit_are_noticed(wrong: Any) -> None:
    with pytest.raises(PayloadError):
        build_success(OPERATIONS["DescribeAppDetail"], wrong, None, "id")


def test_a_payload_where_there_is_none() -> None:
    with pytest.raises(PayloadError):
        build_success(OPERATIONS["CreateDb"], {"DbName": "x"}, None, "id")


def test_pages(make_client: Callable[..., SignedClient]) -> None:
    client = make_client(spec=25)
    first, last, beyond = (client.call("ListApp", {"PageNumber": n, "PageSize": 10}) for n in (1, 3, 4))
    assert [app["AppId"] for app in first["Data"]] == list(range(1, 11))
    assert [app["AppId"] for app in last["Data"]] == list(range(21, 26))
    assert beyond["Data"] == []
    assert {first["TotalCount"], beyond["TotalCount"]} == {25}
    assert "PageNumber" not in first
    assert len(client.call("ListApp")["Data"]) == 20


def test_page_figures() -> None:
    users = [{"UserId": str(n)} for n in range(7)]
    answer = build_success(OPERATIONS["ListUsers"], users, (2, 5), "id")
    assert (answer["PageNumber"], answer["PageSize"], answer["TotalCount"], len(answer["Data"])) == (2, 5, 7, 2)


def test_backups_count_inside_the_result_and_as_text() -> None:
    operation = OPERATIONS["GetRdsBackUp"]
    own, page = split_paging(operation, {"DbInstanceId": "rm-1", "PageNumber": 2})
    assert (own, page) == ({"DbInstanceId": "rm-1"}, (2, 30))
    items = [{"BackupId": str(n)} for n in range(33)]
    result = build_success(operation, {"Items": items, "TotalBackupSize": 1}, page, "id")["Result"]
    figures = (result["PageNumber"], result["PageRecordCount"], result["TotalRecordCount"])
    assert figures == ("2", "3", "33")


def test_unpaged_configs_come_whole() -> None:
    operation = OPERATIONS["ListDeployConfig"]
    own, page = split_paging(operation, {"AppId": 1})
    answer = build_success(operation, [{"Id": n} for n in range(30)], page, "id")
    assert (own, len(answer["Data"]), answer["TotalCount"], answer["PageSize"]) == ({"AppId": 1}, 30, 30, 30)


def test_both_shapes_over_the_wire(make_client: Callable[..., SignedClient]) -> None:
    plain, like_samples = make_client(), make_client(answers="sample")
    assert plain.call("CreateApp", APP)["Result"] == {"AppId": 1}
    assert like_samples.call("CreateApp", APP)["Result"] == {"AppId": 1}
    assert plain.call("DeleteAppDetail", {"AppId": 1})["Result"] == {"Success": True}
    refused = like_samples.call("CreateApp", APP | {"Title": "taken"})
    assert (refused["Code"], refused["ErrMsg"]) == (17, "The title is taken.")
    entry = like_samples.calls()[-1]
    assert (entry["outcome"], entry["executed"], entry["code"], entry["http_status"]) == ("refused", False, 17, 200)
