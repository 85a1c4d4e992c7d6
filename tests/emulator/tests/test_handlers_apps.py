# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apps, groups and users."""

from __future__ import annotations

from typing import Any

import pytest

from support.direct_account import DirectAccount

OWNER = {"RoleName": "Owner", "UserId": "1001", "UserType": "TAOBAO"}


def test_an_app_reads_back() -> None:
    account = DirectAccount()
    app_id = account.app("shop", BizTitle="Shop", Description="sells", UserRoles=[OWNER])
    shown = account.call("DescribeAppDetail", AppId=app_id)
    assert shown == {
        "AppId": app_id,
        "Title": "shop",
        "Description": "sells",
        "Language": "Java",
        "OperatingSystem": "Linux",
        "BizName": "JST",
        "BizTitle": "Shop",
        "ServiceType": "GeneralApplication",
        "DeployType": "ContainerDeployment",
        "AppStateType": "stateless",
        "UserRoles": [{"UserId": "1001", "UserType": "TAOBAO", "RealName": "张三", "RoleName": "Owner"}],
    }
    listed = account.call("ListApp")
    assert listed == [{key: value for key, value in shown.items() if key != "UserRoles"}]


@pytest.mark.parametrize(("number", "word"), [(1, "stateless"), (2, "stateful"), (3, "daemonset"), (5, "cronjob")])
def test_state_type_comes_back_as_a_word(number: int, word: str) -> None:
    account = DirectAccount()
    assert account.call("DescribeAppDetail", AppId=account.app(StateType=number))["AppStateType"] == word


def test_titles_are_unique() -> None:
    account = DirectAccount()
    account.app("shop")
    given = {"Title": "shop", "BizCode": "MESSAGE", "Language": "PHP", "OperatingSystem": "Linux"}
    text = account.error("CreateApp", ServiceType="StoreApplication", UserRoles=[OWNER], **given)
    assert "shop exists already" in text
    account.app("Shop")


@pytest.mark.parametrize(
    ("roles", "message"),
    [
        ([{**OWNER, "UserId": "9"}], "User 9 does not exist."),
        ([{**OWNER, "UserType": "DING_TALK"}], "User 1001 is of type TAOBAO, not DING_TALK."),
        ([OWNER, {**OWNER, "UserId": "dt-1003"}], "User dt-1003 is of type DING_TALK, not TAOBAO."),
        ([{"UserId": "1001", "UserType": "TAOBAO"}], "UserRoles.1.RoleName is missing."),
        ([], "At least one user role is needed."),
    ],
)
def test_user_roles_name_users_of_the_right_type(roles: list[dict[str, str]], message: str) -> None:
    account = DirectAccount()
    app_id = account.app("present")
    given = {"Title": "shop", "BizCode": "JST", "Language": "Java", "OperatingSystem": "Linux"}
    text = account.error("CreateApp", ServiceType="GeneralApplication", UserRoles=roles, **given)
    assert text == message
    if roles:
        assert account.error("UpdateApp", AppId=app_id, Description="new", UserRoles=roles) == message


def test_update_changes_what_is_sent_and_replaces_roles() -> None:
    account = DirectAccount()
    app_id = account.app(Description="old", BizTitle="keep")
    role = {"RoleName": "PE", "UserId": "dt-1003", "UserType": "DING_TALK"}
    account.call("UpdateApp", AppId=app_id, Description="", Language="PHP", UserRoles=[role, role])
    shown = account.call("DescribeAppDetail", AppId=app_id)
    assert (shown["Description"], shown["Language"], shown["BizTitle"]) == ("", "PHP", "keep")
    assert shown["UserRoles"] == [{**role, "RealName": "王五"}]
    account.call("UpdateApp", AppId=app_id, OperatingSystem="Windows", ServiceType="StoreApplication", BizTitle="b")
    shown = account.call("DescribeAppDetail", AppId=app_id)
    assert (shown["OperatingSystem"], shown["ServiceType"], shown["BizTitle"]) == ("Windows", "StoreApplication", "b")
    assert len(shown["UserRoles"]) == 1


def test_an_app_with_environments_is_deleted_only_by_force() -> None:
    account = DirectAccount()
    app_id, schema_id, env_id = account.stack()
    account.deploy(env_id)
    account.wait(12)
    account.call("CreateAppGroup", BizCode="JST", Name="g")
    account.call("BindGroup", AppId=app_id, BizCode="JST", Name="g")
    assert "still has 1 environments" in account.error("DeleteAppDetail", AppId=app_id)
    assert "still has 1 environments" in account.error("DeleteAppDetail", AppId=app_id, Force=False)
    account.call("DeleteAppDetail", AppId=app_id, Force=True)
    state = account.world.snapshot()
    for table in ("apps", "environments", "deploy_configs", "instances", "pods", "orders", "allocations", "events"):
        assert state[table] == [], table
    assert account.call("ListAppGroupMapping", BizCode="JST", Name="g") == []
    assert "does not exist" in account.error("DeleteDeployConfig", SchemaId=schema_id)


def test_an_app_without_environments_is_deleted_with_its_configs() -> None:
    account = DirectAccount()
    app_id = account.app()
    account.config(app_id)
    account.call("DeleteAppDetail", AppId=app_id)
    assert account.world.snapshot()["deploy_configs"] == []
    assert account.app("shop") == app_id + 1


@pytest.mark.parametrize("action", ["UpdateApp", "DeleteAppDetail", "DescribeAppDetail", "ListAppEnvironment"])
def test_unknown_apps_are_named(action: str) -> None:
    assert DirectAccount().error(action, AppId=99) == "App 99 does not exist."


def test_a_missing_app_id_is_refused() -> None:
    assert DirectAccount().error("DeleteAppDetail") == "AppId is missing."


def test_create_app_binds_to_a_group_of_its_domain() -> None:
    account = DirectAccount()
    group_id = account.call("CreateAppGroup", BizCode="JST", Name="g")["AppGroupId"]
    account.call("CreateAppGroup", BizCode="MESSAGE", Name="other")
    app_id = account.app(GroupName="g")
    (member,) = account.call("ListAppGroupMapping", BizCode="JST", Name="g")
    assert (member["AppId"], member["GroupId"], member["Name"]) == (app_id, group_id, "g")
    given = {"BizCode": "JST", "Language": "Java", "OperatingSystem": "Linux", "ServiceType": "GeneralApplication"}
    text = account.error("CreateApp", Title="b", GroupName="other", UserRoles=[OWNER], **given)
    assert text == "Group other does not exist in business domain JST."


def group(account: DirectAccount) -> dict[str, Any]:
    """Parameters that name a new group."""
    account.call("CreateAppGroup", BizCode="JST", Name="g")
    return {"BizCode": "JST", "Name": "g"}


def test_binding_and_unbinding() -> None:
    account = DirectAccount()
    app_id, names = account.app(), group(account)
    assert "is not in group g" in account.error("UnbindGroup", AppId=app_id, **names)
    account.call("BindGroup", AppId=app_id, **names)
    assert "is in group g already" in account.error("BindGroup", AppId=app_id, **names)
    account.call("UnbindGroup", AppId=app_id, **names)
    assert account.call("ListAppGroupMapping", **names) == []
    for action in ("BindGroup", "UnbindGroup"):
        assert account.error(action, AppId=99, **names) == "App 99 does not exist."
        assert "Group h does not exist" in account.error(action, AppId=app_id, BizCode="JST", Name="h")
    assert "Group h does not exist" in account.error("ListAppGroupMapping", BizCode="JST", Name="h")


def test_apps_join_groups_of_their_own_domain_only() -> None:
    account = DirectAccount()
    app_id = account.app()
    account.call("CreateAppGroup", BizCode="MESSAGE", Name="m")
    assert "is of business domain JST" in account.error("BindGroup", AppId=app_id, BizCode="MESSAGE", Name="m")


def test_groups_are_listed_by_domain_and_names_may_repeat() -> None:
    account = DirectAccount()
    group(account)
    group(account)
    account.call("CreateAppGroup", BizCode="MESSAGE", Name="m")
    assert [one["Id"] for one in account.call("ListAppGroup", BizCode="JST")] == [70001, 70002]
    assert account.call("ListAppGroup", BizCode="MESSAGE") == [{"BizName": "MESSAGE", "Id": 70003, "Name": "m"}]


def test_a_group_with_apps_is_deleted_only_by_force() -> None:
    account = DirectAccount()
    app_id, names = account.app(), group(account)
    account.call("BindGroup", AppId=app_id, **names)
    assert "still has 1 apps" in account.error("DeleteAppGroup", GroupId=70001, Force=False)
    account.call("DeleteAppGroup", GroupId=70001, Force=True)
    assert account.call("ListAppGroup", BizCode="JST") == []
    assert account.world.snapshot()["group_members"] == []
    assert account.error("DeleteAppGroup", GroupId=70001, Force=True) == "Group 70001 does not exist."


def test_an_empty_group_is_deleted_without_force() -> None:
    account = DirectAccount()
    group(account)
    account.call("DeleteAppGroup", GroupId=70001, Force=False)
    assert account.call("ListAppGroup", BizCode="JST") == []
