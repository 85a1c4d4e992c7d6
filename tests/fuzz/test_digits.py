# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Names of digits: a task acts on what was named or fails, whatever id the same digits are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from tests.conformance.module_cases import APP, CONFIG, ENVIRONMENT, PLACE
from tests.fuzz.harness import Harness, Run
from tests.fuzz.populated_account import EMPTY, FULL, base_options

ONLINE = "c000000000000000000000000000000e1"

SCALED = {"replicas": 3}
# What fits nothing as an id.
FREE = "7"


@pytest.fixture
def account(populated: Harness) -> Harness:
    """An account in which something of every kind exists."""
    populated.restore(FULL)
    return populated


def done(account: Harness, module: str, **options: Any) -> dict[str, Any]:
    """What a task returns that has to go well."""
    run = account.run(module, options)
    assert not run.failed, run.result
    return run.result


def refused(account: Harness, module: str, options: Mapping[str, Any], *texts: str) -> Run:
    """A task that has to fail before it writes, with these texts in its message."""
    run = account.run(module, options)
    assert run.failed, run.result
    assert run.writes == []
    assert not [text for text in texts if text not in run.result["msg"]], run.result["msg"]
    return run


def ids_of(account: Harness) -> dict[str, Any]:
    """The ids of the app that all tests use, its environment, and its deploy config."""
    environment = done(account, "jst_environment_info", app="shop", name="production")["environments"][0]
    config = done(account, "jst_deploy_config_info", app="shop", name="web", env_type="online")["deploy_configs"][0]
    return {
        "app_id": environment["app_id"],
        "environment_id": environment["environment_id"],
        "deploy_config_id": config["deploy_config_id"],
    }


def test_an_app_whose_title_is_the_id_of_another(account: Harness) -> None:
    ids = ids_of(account)
    digits = str(ids["app_id"])
    other = done(account, "jst_app", **{**APP, "title": digits})["app"]
    options = {"app": digits, "environment": "production", **SCALED}
    run = refused(account, "jst_scale", options, f"'{digits}' is both the name of app", str(other["app_id"]))
    assert run.result["error"]["code"] == "AmbiguousName"
    assert run.result["error"]["candidates"] == [other["app_id"], ids["app_id"]]
    # What the message advises: each by its id.
    by_id = done(account, "jst_environment_info", app_id=ids["app_id"])["environments"]
    assert [item["name"] for item in by_id] == ["production"]
    assert done(account, "jst_environment_info", app_id=other["app_id"])["environments"] == []
    # Its own title names it, and never the other.
    assert done(account, "jst_app", title=digits)["app"]["app_id"] == other["app_id"]


def test_members_of_a_group_follow_the_rule(account: Harness) -> None:
    ids = ids_of(account)
    digits = str(ids["app_id"])
    other = done(account, "jst_app", **{**APP, "title": digits})["app"]
    free = done(account, "jst_app", **{**APP, "title": FREE})["app"]
    group = {"biz_code": "JST", "name": "digits"}
    refused(account, "jst_app_group", {**group, "apps": [FREE, digits]}, f"'{digits}'", "app_id=")
    members = [str(free["app_id"]), FREE]
    assert done(account, "jst_app_group", **group, apps=members)["app_group"]["app_ids"] == [free["app_id"]]
    wanted = sorted([free["app_id"], other["app_id"]])
    run = account.run("jst_app_group", {**group, "app_ids": wanted})
    assert run.result["app_group"]["app_ids"] == wanted
    assert "ListApp" not in [call["action"] for call in run.calls]


def test_an_environment_whose_name_is_digits(account: Harness) -> None:
    ids = ids_of(account)
    for name in ("618", "007", str(ids["environment_id"])):
        made = done(account, "jst_environment", **{**ENVIRONMENT, "name": name})["environment"]
        assert made["name"] == name
    scaling = {"app": "shop", "replicas": 1}
    # Nothing runs in it, so a scaling is refused for that, and not for the name.
    for name in ("618", "007"):
        run = account.run("jst_scale", {**scaling, "environment": name})
        assert "There is no environment" not in run.result.get("msg", "")
    digits = str(ids["environment_id"])
    refused(account, "jst_scale", {**scaling, "environment": digits}, f"'{digits}' is both the name of environment")
    place = {"app": "shop", "environment_id": ids["environment_id"]}
    assert done(account, "jst_service_info", **place)["services"]


def test_an_id_that_is_no_name_is_found(account: Harness) -> None:
    ids = ids_of(account)
    place = {"app": str(ids["app_id"]), "environment": str(ids["environment_id"])}
    assert done(account, "jst_service_info", **place)["services"]
    moved = {**place, "deploy_config": str(ids["deploy_config_id"])}
    same = {"app": moved["app"], "environment_id": ids["environment_id"], "deploy_config": moved["deploy_config"]}
    assert done(account, "jst_environment", **same)["changed"] is False
    assert done(account, "jst_resource_alloc", **place, cluster=ONLINE)["changed"] is False


def test_a_deploy_config_whose_name_is_the_id_of_another(account: Harness) -> None:
    ids = ids_of(account)
    digits = str(ids["deploy_config_id"])
    other = done(account, "jst_deploy_config", **{**CONFIG, "name": digits})["deploy_config"]["deploy_config_id"]
    environment = {"app": "shop", "name": "production"}
    refused(account, "jst_environment", {**environment, "deploy_config": digits}, digits, str(other))
    moved = done(account, "jst_environment", **environment, deploy_config_id=other)
    assert moved["environment"]["deploy_config_id"] == other


def test_given_ids_are_not_looked_up(account: Harness) -> None:
    ids = ids_of(account)
    place = {"app_id": ids["app_id"], "environment_id": ids["environment_id"]}
    run = account.run("jst_resource_alloc", {**place, "cluster_id": ONLINE})
    assert [call["action"] for call in run.calls] == ["DescribeAppResourceAlloc"]
    run = account.run("jst_persistent_volume_claim_info", place)
    assert {call["action"] for call in run.calls} == {"ListPersistentVolumeClaim"}


@pytest.mark.parametrize(
    ("options", "pair"),
    [
        ({**PLACE, "app_id": 10001}, "app and app_id"),
        ({**PLACE, "environment_id": 20001}, "environment and environment_id"),
        ({**PLACE, "cluster": "emu-online", "cluster_id": ONLINE}, "cluster and cluster_id"),
    ],
)
def test_a_name_and_an_id_exclude_each_other(account: Harness, options: Mapping[str, Any], pair: str) -> None:
    run = refused(account, "jst_resource_alloc", {"cluster": "emu-online", **options}, pair, "exclude each other")
    assert run.calls == []


@pytest.mark.parametrize(
    ("options", "near"),
    [
        ({**PLACE, "app": "shpo", "cluster": "emu-online"}, "There is no app 'shpo', did you mean 'shop'?"),
        (
            {**PLACE, "environment": "producton", "cluster": "emu-online"},
            "There is no environment 'producton' in app 'shop', did you mean 'production'?",
        ),
        ({**PLACE, "cluster": "emu-onlin"}, "There is no cluster 'emu-onlin', did you mean 'emu-online'"),
    ],
)
def test_names_that_nothing_has_suggest_one(account: Harness, options: Mapping[str, Any], near: str) -> None:
    refused(account, "jst_resource_alloc", options, near)


def test_a_deploy_config_that_does_not_exist_suggests_one(account: Harness) -> None:
    options = {"app": "shop", "name": "production", "deploy_config": "wbe"}
    near = "There is no deploy config 'wbe' for online in app 'shop', did you mean 'web'?"
    refused(account, "jst_environment", options, near)


def test_an_environment_without_its_app_is_given_by_its_id(account: Harness) -> None:
    ids = ids_of(account)
    digits = str(ids["environment_id"])
    run = refused(account, "jst_deploy_order_info", {"environment": digits}, "environment_id", "app")
    assert run.calls == []
    assert done(account, "jst_deploy_order_info", environment_id=ids["environment_id"])["deploy_orders"]


def test_groups_of_one_name_are_told_apart_by_their_id(account: Harness) -> None:
    """What the message about two groups advises works: the one that is not needed is deleted by its id."""
    name = {"biz_code": "JST", "name": "twins"}
    first = done(account, "jst_app_group", **name)["app_group"]["app_group_id"]
    made = account.run("jst_api", {"action": "CreateAppGroup", "parameters": {"BizCode": "JST", "Name": "twins"}})
    second = made.result["response"]["app_group_id"]
    refused(account, "jst_app_group", name, "more than one app group", str(first), str(second))
    by_id = {"app_group_id": first, "biz_code": "JST"}
    assert done(account, "jst_app_group", **by_id)["changed"] is False
    refused(account, "jst_app_group", {**by_id, "apps": ["shop"]}, str(first), str(second), "state=absent")
    assert done(account, "jst_app_group", group_id=second, state="absent")["changed"] is True
    assert done(account, "jst_app_group", **by_id, apps=["shop"])["changed"] is True
    groups = done(account, "jst_app_group_info", **name)["app_groups"]
    assert [group["app_group_id"] for group in groups] == [first]
    by_alias = done(account, "jst_app_group_info", biz_code="JST", group_id=first)["app_groups"]
    assert by_alias == done(account, "jst_app_group_info", **name, details=True)["app_groups"]
    refused(account, "jst_app_group", {"app_group_id": second}, f"There is no app group {second}")


def test_an_application_whose_names_are_digits(populated: Harness) -> None:
    """Titles go as titles and ids as ids, in the preview on an empty account and in the real run."""
    usually = base_options("jst_application")
    [config] = usually["deploy_configs"]
    [environment] = usually["environments"]
    described = {
        **usually,
        "title": "10002",
        "group": {"name": "7"},
        "deploy_configs": [{**config, "name": "618"}],
        "environments": [{**environment, "name": "20002", "deploy_config": "618", "volume_claims": [], "slb_aps": []}],
    }
    populated.restore(EMPTY)
    preview = populated.run("jst_application", described, check=True)
    assert not preview.failed, preview.result
    assert not preview.writes
    real = populated.run("jst_application", described)
    assert not real.failed, real.result
    again = populated.run("jst_application", described)
    assert not again.failed, again.result
    assert again.result["changed"] is False
    # Another app takes the id that is this one's title, and nothing is mixed up.
    title = str(real.result["application"]["app"]["app_id"])
    other = populated.run("jst_application", {**described, "title": title})
    assert not other.failed, other.result
    assert other.result["application"]["app"]["title"] == title
    assert other.result["application"]["app"]["app_id"] != int(title)
    [place] = other.result["application"]["environments"]
    assert place["app_id"] == other.result["application"]["app"]["app_id"]
