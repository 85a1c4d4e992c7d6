# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Findings about one app follow from codes, facts and the parts of names, not from sentences."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.running_state import REASONS
from ansible_collections.jst.retailcloud.plugins.plugin_utils import (
    drift_app,
    drift_failures,
    drift_report,
    drift_types,
    drift_unmanaged,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_account import account_findings
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_app import app_record
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_failures import read_failure
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import DriftOptions
from tests.tools.run_in_collection import ROOT

PAGE_TEXTS = yaml.safe_load((ROOT / "roles" / "drift" / "templates" / "report_texts.yml").read_text(encoding="utf-8"))
COMPARED: dict[str, Any] = {"application": {}, "diff": []}
ALL = ("environments", "deploy_configs", "services", "slb_aps", "volume_claims", "apps", "app_groups")
OPTIONS = DriftOptions(ALL, {}, 40)
ENVIRONMENTS = {"environments": [{"environment_id": 1, "name": "a"}]}


def service(name: str, identity: int, environment: int = 1) -> dict[str, Any]:
    """A service as the info module lists it."""
    return {"service_id": identity, "environment_id": environment, "k8s_service_id": name, "name": name}


def record(described: dict[str, Any], **found: Any) -> dict[str, Any]:
    """The record of app shop."""
    return app_record("shop", COMPARED, described, found, OPTIONS)


def test_what_cannot_be_changed_is_found_by_code_whatever_the_words_are() -> None:
    error = {
        "code": "ImmutableDifference",
        "message": "In other words.",
        "differences": {"region": {"current": "cn-hangzhou", "desired": "cn-beijing"}},
    }
    compared: dict[str, Any] = {"failed": True, "msg": "In other words.", "error": error, "not_previewed": []}
    compared["errors"] = [{"resource": "environment 'production'", "error": error}]
    found = app_record("shop", compared, {}, {}, OPTIONS)
    assert found["differences"] == [
        {
            "resource": "environment 'production'",
            "finding": "fixed",
            "options": ["region"],
            "values": [{"option": "region", "current": "'cn-hangzhou'", "desired": "'cn-beijing'"}],
            "diff": ["region is 'cn-hangzhou', asked for 'cn-beijing'"],
            "more_lines": 0,
        }
    ]
    assert found["status"] == ["differ"]


def test_what_the_task_found_counts_also_where_the_diff_hides_it() -> None:
    compared = {
        "application": {},
        "diff": [{"resource": "app 'shop'", "before": "description: a\n", "after": "description: b\n"}],
        "differences": [
            {"resource": "app 'shop'", "options": ["description"]},
            {"resource": "deploy config 'web/online'", "options": ["secrets"]},
        ],
        "not_compared": [{"resource": "deploy config 'other/online'", "options": ["secrets"]}],
    }
    found = app_record("shop", compared, {}, {}, OPTIONS)
    assert [(item["resource"], item["finding"], item["options"]) for item in found["differences"]] == [
        ("app 'shop'", "differs", ["description"]),
        ("deploy config 'web/online'", "differs", ["secrets"]),
    ]
    assert found["not_compared"] == compared["not_compared"]
    unknown = app_record("shop", {**COMPARED, "not_compared": compared["not_compared"]}, {}, {}, OPTIONS)
    assert unknown["status"] == ["as_described"]


def test_the_words_alone_do_not_make_it_something_that_cannot_be_changed() -> None:
    error = {"code": "InvalidOption", "message": "App 'x' cannot be changed as asked: nothing."}
    found = app_record("shop", {"failed": True, "error": error}, {}, {}, OPTIONS)
    assert found["differences"] == []
    assert [item["reason"] for item in found["not_read"]] == ["description"]


@pytest.mark.parametrize(
    ("result", "reason"),
    [
        ({"unreachable": True}, "host"),
        ({"error": {"code": "Forbidden.RAM", "action": "ListApp", "http_status": 403}}, "permission"),
        ({"error": {"code": "InternalError", "action": "ListApp", "http_status": 500}}, "service"),
        ({"error": {"code": "IncompleteData", "action": None}}, "service"),
        ({"error": {"code": "FailedState", "action": None}}, "service"),
        ({"error": {"code": "NotFound", "action": None}}, "description"),
        ({"msg": "the description is no good"}, "description"),
    ],
)
def test_the_reason_of_a_failure(result: dict[str, Any], reason: str) -> None:
    assert read_failure("app", result)["reason"] == reason


def test_names_that_hold_the_separator_are_not_taken_for_others() -> None:
    described = {"environments": [{"name": "a", "services": [{"k8s_service_id": "b/c"}]}, {"name": "a/b"}]}
    found = record(
        described,
        environments={"environments": [{"environment_id": 1, "name": "a"}, {"environment_id": 2, "name": "a/b"}]},
        services={"services": [service("b/c", 10), service("c", 11, 2)]},
    )
    assert found["unmanaged"] == [{"kind": "service", "name": "shop/a/b/c", "id": 11}]


def test_several_of_one_name_are_all_found() -> None:
    found = record(
        {"environments": [{"name": "a"}]},
        environments=ENVIRONMENTS,
        services={"services": [service("web", 11), service("web", 10)]},
    )
    assert [(item["name"], item["id"]) for item in found["unmanaged"]] == [("shop/a/web", 10), ("shop/a/web", 11)]


def test_what_has_no_name_is_neither_described_nor_undescribed() -> None:
    nameless = {**service("", 12), "k8s_service_id": None}
    found = record(
        {"environments": [{"name": "a"}]},
        environments=ENVIRONMENTS,
        services={"services": [nameless]},
    )
    assert found["unmanaged"] == []
    [unread] = found["not_read"]
    assert (unread["what"], unread["reason"], unread["code"]) == ("services", "service", "IncompleteData")
    assert "None" not in unread["message"]


def test_the_account_is_compared_by_the_parts_of_names_too() -> None:
    groups = [
        {"app_group_id": 1, "biz_code": "JST", "name": "a/b"},
        {"app_group_id": 2, "biz_code": "JST", "name": "a"},
    ]
    names = {"apps": [], "app_groups": ["JST/a/b"], "databases": [], "accounts": []}
    found = account_findings(names, [{"app_groups": {"app_groups": groups}}] * 2, OPTIONS)
    assert found["unmanaged"] == [{"kind": "app group", "name": "JST/a", "id": 2}]


def test_the_page_has_chinese_for_all_words_of_the_report() -> None:
    """Its own messages, the reasons why something else runs, and the types of resources."""
    own = {drift_report.NOT_FINISHED, drift_app.NOT_COMPARED, drift_failures.NO_MESSAGE, drift_unmanaged.NAMELESS}
    assert PAGE_TEXTS["messages"].keys() == own
    assert PAGE_TEXTS["reasons"].keys() == {*REASONS, "closed_port"}
    types = [*drift_types.ACCOUNT_TYPES.values(), *drift_types.ENVIRONMENT_CHILD_TYPES.values()]
    types += [drift_types.ENVIRONMENTS, drift_types.DEPLOY_CONFIGS]
    assert {kind.type_name for kind in types} <= PAGE_TEXTS["kinds"].keys()
    for texts in PAGE_TEXTS["texts"].values():
        assert texts.keys() == {"en", "zh-CN"}
