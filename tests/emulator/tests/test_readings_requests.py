# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about requests."""

from __future__ import annotations

from typing import Any

import pytest

from jst_emulator.models.rds import RdsInstance
from jst_emulator.readings.declaration import Value
from jst_emulator.readings.requests import RequestReadings as GROUP
from support.direct_account import MYSQL, ONLINE
from support.populated_account import PAGE, Effects, PopulatedAccount, cases, check, check_whole
from support.scenario import APP, ENV, EVER, MAPPING, PAGE_NUM, app, environment

SLB = {"EnvId": 20001, "SlbId": "lb-emu-internet-1", "RealServerPort": 8080, "Protocol": "TCP"}
SERVICE = {"EnvId": 20001, "ServiceType": "ClusterIP", **MAPPING}
CLUSTER = {
    **{"BusinessCode": "JST", "ClusterEnvType": "TEST", "ClusterTitle": "new", "ClusterType": "Standard"},
    **{"PodCIDR": "10.3.0.0/16", "ServiceCIDR": "10.4.0.0/20", "VpcId": "vpc-emu-1", "KeyPair": "k"},
    **{"RegionId": "cn-zhangjiakou", "Vswitchids.1": "vsw-emu-1"},
}


def _filters(account: PopulatedAccount) -> Any:
    events = {**ENV, "PodName": account.pod, **EVER, **PAGE_NUM}
    return [account.code("ListNodeLabelBindings", PAGE), account.code("DescribeEventMonitorList", events)]


def _slb_filter(account: PopulatedAccount) -> Any:
    return [
        bool(account.data("ListSlbAPs", {**APP, **PAGE, "SlbId": text})) for text in ("lb-emu-internet-1", "40001", "9")
    ]


def _name_filters(account: PopulatedAccount) -> Any:
    """By operation, the number of records for the exact name, a part of it in capitals, and another name."""
    lists = {
        "ListAppEnvironment": ("EnvName", "production", "PROD"),
        "ListDeployConfig": ("Name", "main", "AI"),
        "ListSlbAPs": ("Name", "web", "WE"),
        "ListServices": ("Name", "New", "NE"),
    }
    paged = {action: {} if action == "ListDeployConfig" else PAGE for action in lists}
    return {
        action: [len(account.data(action, {**APP, **paged[action], filter_: text})) for text in (*texts, "other")]
        for action, (filter_, *texts) in lists.items()
    }


def _every(counts: list[int]) -> dict[str, list[int]]:
    return dict.fromkeys(("ListAppEnvironment", "ListDeployConfig", "ListSlbAPs", "ListServices"), counts)


def _rds_names(account: PopulatedAccount) -> Any:
    bad = {"DbInstanceId": MYSQL, "AccountName": "Bad"}
    calls = {
        "DeleteDatabase": {"DBInstanceId": MYSQL, "DBName": "Bad"},
        "GrantDbToAccount": {**bad, "AccountName": "shop", "DbName": "Bad", "AccountPrivilege": "ReadOnly"},
        "DeleteRdsAccount": bad,
        "ResetAccountPassword": {**bad, "AccountPassword": "Secret-5678"},
        "DescribeRdsAccounts": bad,
    }
    good = account.code("DeleteDatabase", {"DBInstanceId": MYSQL, "DBName": "shop"})
    return [*(account.code(action, parameters) for action, parameters in calls.items()), good]


def _rds_engines(account: PopulatedAccount) -> Any:
    world = account.emulator.world
    world.add(RdsInstance(instance_id="rm-pg", engine="PostgreSQL"))
    world.add(RdsInstance(instance_id="rm-cluster", engine="SQLServer", edition="cluster"))
    codes = []
    for instance, characters in (("rm-pg", "utf8"), ("rm-cluster", "Chinese_PRC_BIN")):
        named = {"DbInstanceId": instance, "AccountName": "shop"}
        codes += [
            account.code("CreateDb", {"DbInstanceId": instance, "DbName": "shop", "CharacterSetName": characters}),
            account.code("CreateAccount", {**named, "AccountPassword": "Secret-1234"}),
            account.code("ResetAccountPassword", {**named, "AccountPassword": "Secret-5678"}),
            account.code("DescribeRdsAccounts", {"DbInstanceId": instance}),
        ]
    return codes


def _names(account: PopulatedAccount) -> Any:
    """The codes of creates under names that exist in the same place, and under one that exists in another."""
    kinds = {"ClusterId": ONLINE}
    return [
        account.code("CreateEnvironment", environment(10001, 30001, **kinds)),
        account.code("CreateDeployConfig", {**APP, "EnvType": "online", "Name": "main"}),
        account.code("CreateAppGroup", {"BizCode": "JST", "Name": "g"}),
        account.code("CreateSlbAP", {**SLB, "Name": "web", "ListenerPort": 81}),
        account.code("CreateService", {**SERVICE, "Name": "New", "K8sServiceId": "other"}),
        account.code("CreateCluster", CLUSTER),
        account.code("CreateDeployConfig", {**APP, "EnvType": "test", "Name": "main"}),
    ]


def _regions(account: PopulatedAccount) -> Any:
    there, elsewhere = environment(10001, 30001), {**environment(10001, 30001), "Region": "cn-nowhere"}
    refused = account.call("CreateCluster", {**CLUSTER, "ClusterTitle": "n", "RegionId": "cn-nowhere"})["ErrMsg"]
    codes = [account.code("CreateEnvironment", there), account.code("CreateEnvironment", elsewhere)]
    return [*codes, refused.startswith("Region")]


def _ports(account: PopulatedAccount) -> Any:
    port = {"Protocol": "TCP", "TargetPort": "9090", "Port": 9090, "Name": "admin"}
    again = {**port, "Name": "http", "TargetPort": "8181"}
    for sent in ([port], [port, again]):
        mappings = {
            f"PortMappings.{number}.{name}": value
            for number, one in enumerate(sent, start=1)
            for name, value in one.items()
            if not (one is again and name == "Port")
        }
        if len(sent) == 2:
            mappings["PortMappings.2.Port"] = 80
        account.call("ModifyService", {"ServiceId": 50001, **mappings})
        if len(sent) == 1:
            first = [
                one["Name"] for one in account.result("DescribeServiceDetail", {"ServiceId": 50001})["PortMappings"]
            ]
    shown = account.result("DescribeServiceDetail", {"ServiceId": 50001})["PortMappings"]
    return [first, sorted((one["Name"], one["TargetPort"]) for one in shown)]


def _roles(account: PopulatedAccount) -> Any:
    role = {"UserRoles.1.RoleName": "Dev", "UserRoles.1.UserId": "1002", "UserRoles.1.UserType": "TAOBAO"}
    account.call("UpdateApp", {"AppId": 10001, **role})
    shown = account.result("DescribeAppDetail", {"AppId": 10001})["UserRoles"]
    return [(one["UserId"], one["RoleName"]) for one in shown]


def _empty_texts(account: PopulatedAccount) -> Any:
    created = account.result("CreateApp", app("other", Description="about", BizTitle="title"))["AppId"]
    account.call("UpdateApp", {"AppId": created, "Description": "", "BizTitle": ""})
    shown = account.result("DescribeAppDetail", {"AppId": created})
    return [shown["Description"], shown["BizTitle"]]


def _closing(account: PopulatedAccount) -> Any:
    """The codes of closing an order that waits, one that is paused and one that runs."""
    codes = []
    for seconds, pause in ((0, "none"), (15, "each"), (5, "none")):
        account.emulator.save("before")
        order = {"DeployOrderId": account.deploy(TotalPartitions=2, PauseType=pause)}
        account.wait(seconds)
        codes.append(account.code("CloseDeployOrder", order))
        account.emulator.restore("before")
    return codes


def _image_only(account: PopulatedAccount) -> Any:
    return account.code("DeployApp", {"EnvId": 20001, "Name": "image", "TotalPartitions": 1})


EFFECTS: Effects = {
    "metric_parameters": (PopulatedAccount.metric, {"needed": 0, "both": "MissingDeployOrderId"}),
    "code_path_on_update": (
        lambda account: account.code("UpdateDeployConfig", {**APP, "Id": 30001}),
        {"optional": 0, "required": "MissingCodePath"},
    ),
    "required_filters": (_filters, {"optional": [0, 0], "demanded": ["MissingClusterId", "MissingEventLevel"]}),
    "slb_filter": (
        _slb_filter,
        {
            "either": [True, True, False],
            "load_balancer": [True, False, False],
            "access_point": [False, True, False],
        },
    ),
    "name_filters": (
        _name_filters,
        {"exact": _every([1, 0, 0]), "contains": _every([1, 1, 0]), "ignored": _every([1, 1, 1])},
    ),
    "image_only_release": (_image_only, {"accepted": 0, "refused": 1}),
    "regions": (_regions, {"any": [0, 0, False], "of_account": [0, 1, True]}),
    "rds_names": (
        _rds_names,
        {
            "on_creation": [1, 1, 1, 1, 0, 0],
            "everywhere": [
                *("InvalidDBName", "InvalidDbName", "InvalidAccountName", "InvalidAccountName", "InvalidAccountName"),
                0,
            ],
        },
    ),
    "rds_engines": (_rds_engines, {"listed": [0, 0, 0, 1] * 2, "everywhere": [1, 1, 1, 1] * 2}),
    "names": (_names, {"repeat": [0] * 7, "unique": [1] * 6 + [0]}),
    "port_mappings_on_update": (
        _ports,
        {
            "replaced": [["admin"], [("admin", "9090"), ("http", "8181")]],
            "added": [["http", "admin"], [("admin", "9090"), ("http", "8181")]],
        },
    ),
    "user_roles_on_update": (
        _roles,
        {"replaced": [("1002", "Dev")], "added": [("1001", "Owner"), ("1002", "Dev")]},
    ),
    "empty_texts_on_update": (_empty_texts, {"cleared": ["", ""], "kept": ["about", "title"]}),
    "closable_orders": (_closing, {"unfinished": [0, 0, 0], "running": [1, 1, 0]}),
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
