# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about lists: order, pages, counts, and lists that lag behind."""

from __future__ import annotations

from typing import Any

import pytest

from jst_emulator.readings.declaration import Value
from jst_emulator.readings.lists import ListReadings as GROUP
from support.direct_account import MYSQL, ONLINE, TEST
from support.populated_account import PAGE, Effects, PopulatedAccount, cases, check, check_whole
from support.scenario import APP, ENV
from support.scenario import GROUP as APP_GROUP

DOMAIN = {"BizCode": "JST"}
MANY = {"PageNumber": 1, "PageSize": 100}
#: How to list the records of a table, and what the furnished account has in it.
LISTS: dict[str, tuple[str, dict[str, Any]]] = {
    "ListApp": ("apps", {}),
    "ListAppEnvironment": ("environments", {**APP, **MANY}),
    "ListDeployConfig": ("deploy_configs", APP),
    "ListPersistentVolumeClaim": ("claims", {**ENV, **MANY}),
    "ListAppGroup": ("groups", {**DOMAIN, **MANY}),
    "ListAppGroupMapping": ("group_members", {**APP_GROUP, **MANY}),
    "ListSlbAPs": ("slb_access_points", {**APP, **MANY}),
    "ListServices": ("services", {**APP, **MANY}),
    "ListDeployOrders": ("orders", {"EnvId": 20001, **MANY}),
    "ListPersistentVolume": ("volumes", {"ClusterInstanceId": ONLINE, **MANY}),
    "ListNodeLabels": ("node_labels", {"ClusterId": TEST, **MANY}),
    "ListNodeLabelBindings": ("node_label_bindings", MANY),
    "ListAppResourceAllocs": ("allocations", MANY),
    "ListCluster": ("clusters", {}),
    "DescribeDatabases": ("databases", {"InstanceId": MYSQL}),
    "DescribeRdsAccounts": ("accounts", {"DbInstanceId": MYSQL}),
}


def _groups(account: PopulatedAccount, *names: str) -> None:
    for name in names:
        assert account.code("CreateAppGroup", {**DOMAIN, "Name": name}) == 0


def _order(account: PopulatedAccount) -> Any:
    _groups(account, "b", "a", "c")
    account.call("CreateDb", {"DbInstanceId": MYSQL, "DbName": "alpha", "CharacterSetName": "utf8"})
    databases = account.result("DescribeDatabases", {"InstanceId": MYSQL})["Databases"]
    backups = account.result("GetRdsBackUp", {"DbInstanceId": MYSQL})["Items"]
    return [
        "".join(one["Name"] for one in account.data("ListAppGroup", {**DOMAIN, **PAGE})),
        [one["DeployOrderId"] for one in account.data("ListDeployOrders", PAGE)],
        [one["DBName"] for one in databases],
        [one["BackupId"] for one in backups],
    ]


def _page_size(account: PopulatedAccount) -> Any:
    """The number of records on a page of 100, and the place of the first record of the second page."""
    _groups(account, *(f"group-{number:02}" for number in range(60)))
    pages = [account.data("ListAppGroup", {**DOMAIN, "PageNumber": number, "PageSize": 100}) for number in (1, 2)]
    return [len(pages[0]), pages[1][0]["Id"] - pages[0][0]["Id"] if pages[1] else None]


def _page_size_shown(account: PopulatedAccount) -> Any:
    account.choose(max_page_size=2)
    return account.call("ListAppGroup", {**DOMAIN, **PAGE}).get("PageSize")


def _beyond(account: PopulatedAccount) -> Any:
    _groups(account, "b", "c")
    pages = [account.call("ListAppGroup", {**DOMAIN, "PageNumber": page, "PageSize": 2}) for page in (1, 2, 9)]
    backups = account.result("GetRdsBackUp", {"DbInstanceId": MYSQL, "PageNumber": 5})["Items"]
    return [*("".join(record["Name"] for record in one["Data"]) for one in pages), len(backups)]


def _total(account: PopulatedAccount) -> Any:
    page = account.call("ListApp", {"PageNumber": 1, "PageSize": 1})
    backups = account.result("GetRdsBackUp", {"DbInstanceId": "rm-emu0000000000002"})
    return [len(page["Data"]), page.get("TotalCount"), backups.get("TotalRecordCount")]


def _configs(account: PopulatedAccount) -> Any:
    for number in range(5):
        account.call("CreateDeployConfig", {**APP, "EnvType": "online", "Name": f"config-{number}"})
    listed = account.call("ListDeployConfig", APP)
    return [len(listed["Data"]), listed["TotalCount"], len(account.data("ListApp"))]


def _waiting(account: PopulatedAccount) -> Any:
    order = account.deploy()
    asked = {"EnvId": 20001, **PAGE}
    found: list[Any] = []
    for filters in ({}, {"Status": 1}, {"StatusList.1": 1}):
        listed = account.data("ListDeployOrders", {**asked, **filters})
        found.append([(one["Status"], one["StatusName"]) for one in listed if one["DeployOrderId"] == order])
    detail = account.result("DescribeDeployOrderDetail", {"DeployOrderId": order})["Status"]
    return [*found, detail]


def _seen_creation(account: PopulatedAccount) -> Any:
    """Whether a new group is listed at once, after 1.4 seconds, and after 3."""
    _groups(account, "new")
    return _listed_after(account, "new", 1.4, 1.6)


def _seen_deletion(account: PopulatedAccount) -> Any:
    """Whether a deleted group is listed at once, after 1.9 seconds, and after 4."""
    account.call("DeleteAppGroup", {"GroupId": 70001, "Force": "true"})
    return _listed_after(account, "g", 1.9, 2.1)


def _listed_after(account: PopulatedAccount, name: str, *seconds: float) -> list[bool]:
    found = []
    for pause in (0.0, *seconds):
        account.wait(pause)
        found.append(name in [one["Name"] for one in account.data("ListAppGroup", {**DOMAIN, **PAGE})])
    return found


EFFECTS: Effects = {
    "list_order": (
        _order,
        {
            "documented": ["gbac", [60002, 60001], ["shop", "alpha"], ["900001", "900002"]],
            "newest_first": ["cabg", [60002, 60001], ["alpha", "shop"], ["900002", "900001"]],
            "oldest_first": ["gbac", [60001, 60002], ["shop", "alpha"], ["900001", "900002"]],
            "by_name": ["abcg", [60001, 60002], ["alpha", "shop"], ["900001", "900002"]],
        },
    ),
    "list_creates": (_seen_creation, {"at_once": [True, True, True], "late": [False, False, True]}),
    "list_deletes": (_seen_deletion, {"at_once": [False, False, False], "late": [True, True, False]}),
    "max_page_size": (_page_size, {0: [61, None], 2: [2, 2], 10: [10, 10], 50: [50, 50]}),
    "page_size_shown": (_page_size_shown, {"asked": 10, "used": 2, "missing": None}),
    "page_beyond_end": (_beyond, {"empty": ["gb", "c", "", 0], "last": ["gb", "c", "c", 2]}),
    "total_count": (
        _total,
        {"all": [1, 2, "2"], "missing": [1, None, None], "zero": [1, 0, "0"], "page": [1, 1, "2"]},
    ),
    "config_list_size": (_configs, {0: [6, 6, 2], 1: [1, 6, 2], 5: [5, 6, 2]}),
    "waiting_orders": (
        _waiting,
        {
            "listed": [[(0, "等待部署")], [], [], 0],
            "as_running": [[(1, "部署中")]] * 3 + [0],
            "hidden": [[], [], [], 0],
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


def _keys(account: PopulatedAccount, action: str) -> int:
    """The number of records that a list has."""
    answer = account.call(action, LISTS[action][1])
    records = answer["Data"] if "Data" in answer else next(iter(answer["Result"].values()))
    return len(records)


@pytest.mark.parametrize("action", LISTS)
def test_every_list_lags_behind(account: PopulatedAccount, action: str) -> None:
    """A record that was created or deleted just now is not, or still, listed; nothing else is touched."""
    account.restore()
    table, _dummy = LISTS[action]
    world = account.emulator.world
    records = [one for one in getattr(world, table).values() if getattr(one, "env_id", 20001) == 20001]
    record = next(one for one in records if getattr(one, "app_id", 10001) == 10001)
    count = _keys(account, action)
    account.choose(list_creates="late", list_deletes="late")
    world.remove(record)
    assert _keys(account, action) == count
    account.wait(4)
    assert _keys(account, action) == count - 1
    world.add(record)
    assert _keys(account, action) == count - 1
    account.wait(3)
    assert _keys(account, action) == count


def test_a_list_that_lags_behind_shows_nothing_of_what_is_gone(account: PopulatedAccount) -> None:
    """A service of a deleted environment refers to something that does not exist any more."""
    account.restore()
    account.choose(list_deletes="late")
    account.call("DeleteAppEnvironment", {**ENV, "Force": "true"})
    assert account.data("ListServices", {**APP, **PAGE}) == []
    assert len(account.data("ListAppEnvironment", {**APP, **PAGE})) == 1
    assert account.code("DescribeAppEnvironmentDetail", ENV) == 1


def test_what_was_deleted_and_created_again_is_listed_once(account: PopulatedAccount) -> None:
    account.restore()
    account.choose(list_deletes="late")
    database = {"DbInstanceId": MYSQL, "DbName": "shop", "CharacterSetName": "utf8"}
    account.call("DeleteDatabase", {"DBInstanceId": MYSQL, "DBName": "shop"})
    account.wait(5)
    assert account.code("CreateDb", database) == 0
    assert _keys(account, "DescribeDatabases") == 1


def test_a_world_does_not_remember_for_long(account: PopulatedAccount) -> None:
    account.restore()
    world = account.emulator.world
    for number in range(20):
        account.wait(3)
        _groups(account, f"group-{number}")
        account.call("DeleteAppGroup", {"GroupId": 70002 + number, "Force": "false"})
    assert len(world.created) < 8
    assert len(world.deleted) < 8
