# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The module that calls any operation: what it returns, what it sends in check mode, and what it refuses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import MYSQL
from tests.conformance.playbook_runner import Recorded, run_tasks, task

MODULE = "jst_api"
CANARY = "Canary-Password-1"
ROLE = {"RoleName": "Owner", "UserId": "1001", "UserType": "TAOBAO"}
CREATE = {
    "action": "CreateApp",
    "parameters": {
        "Title": "made-by-call",
        "BizCode": "JST",
        "Language": "Java",
        "OperatingSystem": "Linux",
        "ServiceType": "GeneralApplication",
        "UserRoles": [ROLE],
    },
}
ACCOUNT = {"DbInstanceId": MYSQL, "AccountName": "shop", "AccountPassword": CANARY}


def api(name: str, options: dict[str, Any], **keywords: Any) -> dict[str, Any]:
    """A task of the module."""
    return task(name, MODULE, options, **keywords)


TASKS = [
    api("create, check", CREATE, check_mode=True),
    api("nothing yet", {"action": "ListApp", "parameters": {"PageNumber": 1, "PageSize": 10}}, check_mode=True),
    api("create", CREATE, register="made"),
    api("one page", {"action": "ListApp", "parameters": {"PageNumber": 1, "PageSize": 10}}),
    api("one record", {"action": "DescribeAppDetail", "parameters": {"AppId": "{{ made.response.app_id }}"}}),
    api("all pages", {"action": "ListUsers", "all_pages": True, "parameters": {"PageSize": 2}}),
    api("nodes", {"action": "ListCluster", "all_pages": True}),
    api("secret", {"action": "CreateAccount", "parameters": ACCOUNT}),
    api("no answer", {"action": "DeleteAppDetail", "parameters": {"AppId": "{{ made.response.app_id }}"}}),
    api("refused", {"action": "DescribeAppDetail", "parameters": {"AppId": 1}}),
    api("no such operation", {"action": "ListApps"}),
    api("no such parameter", {"action": "DescribeAppDetail", "parameters": {"AppID": 1}}),
    api("no such parameter, check", {"action": "CreateApp", "parameters": {"Tilte": "x"}}, check_mode=True),
    api("pages of a write", {**CREATE, "all_pages": True}),
    api("page number", {"action": "ListUsers", "all_pages": True, "parameters": {"PageNumber": 2}}),
]


@pytest.mark.parametrize(("answers", "in_process"), [("canonical", False), ("sample", True)], ids=str)
def test_any_operation(answers: str, in_process: bool, emulators: Emulators, tmp_path: Path) -> None:
    """Reads and writes, in both ways of running and both shapes of answer."""
    records = run_tasks(emulators.fresh(answers), tmp_path, TASKS, in_process=in_process, options=["-vvv"])
    done = {record.task: record for record in records}
    assert CANARY not in str([record.result for record in records])
    check_writes(done)
    check_reads(done)
    check_refusals(done)


def check_writes(done: dict[str, Recorded]) -> None:
    """A write is a change. In check mode it is one too, but is not sent."""
    preview = done["create, check"]
    assert preview.result["changed"] is True
    assert preview.result["response"] is None
    assert preview.calls == []
    made = done["create"]
    assert made.result["changed"] is True
    assert made.result["request_id"]
    assert made.writes == ["CreateApp"]
    assert done["secret"].writes == ["CreateAccount"]
    assert done["no answer"].result["changed"] is True


def check_reads(done: dict[str, Recorded]) -> None:
    """A read changes nothing and is sent in check mode too."""
    nothing, page, record = (done[name].result for name in ("nothing yet", "one page", "one record"))
    assert (nothing["changed"], nothing["response"], nothing["total_count"]) == (False, [], 0)
    assert [app["title"] for app in page["response"]] == ["made-by-call"]
    assert page["total_count"] == 1
    assert record["changed"] is False
    assert record["response"]["title"] == "made-by-call"
    everything = done["all pages"]
    assert [user["user_id"] for user in everything.result["response"]] == ["1001", "1002", "dt-1003"]
    assert everything.result["request_id"] is None
    assert len(everything.calls) > 1
    assert [cluster.get("password") for cluster in done["nodes"].result["response"]] == [None, None]


def check_refusals(done: dict[str, Recorded]) -> None:
    """What cannot be right is refused before anything is sent."""
    refused = done["refused"].result
    assert refused["failed"]
    assert refused["error"]["action"] == "DescribeAppDetail"
    for name, text in (
        ("no such operation", "ListApp"),
        ("no such parameter", "AppId"),
        ("no such parameter, check", "Title"),
        ("pages of a write", "all_pages"),
        ("page number", "PageNumber"),
    ):
        assert done[name].result["failed"], name
        assert text in done[name].result["msg"], done[name].result["msg"]
        assert done[name].calls == [], name
