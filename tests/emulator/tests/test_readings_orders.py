# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about deploy orders, and about databases and accounts."""

from __future__ import annotations

from typing import Any

import pytest

from jst_emulator.models.settings import AdmissionRejection, DeployFailure
from jst_emulator.readings.declaration import Value
from jst_emulator.readings.orders import OrderReadings
from jst_emulator.readings.rds import RdsReadings
from support.direct_account import MYSQL, ONLINE, SQL_SERVER
from support.populated_account import PAGE, Effects, PopulatedAccount, cases, check, check_whole
from support.scenario import APP, ENV, EVER, PAGE_NUM, encoded, environment

MOUNTING = """\
kind: Deployment
spec:
  template:
    spec:
      containers: [{name: web, image: "web:1"}]
      volumes: [{name: v, persistentVolumeClaim: {claimName: late}}]
"""


def _detail(account: PopulatedAccount, order: int) -> Any:
    return account.result("DescribeDeployOrderDetail", {"DeployOrderId": order})


def _listed(account: PopulatedAccount, order: int, **filters: Any) -> Any:
    found = account.data("ListDeployOrders", {"EnvId": 20001, **PAGE, **filters})
    return next((one for one in found if one["DeployOrderId"] == order), None)


def _results(account: PopulatedAccount) -> Any:
    """Status and Result of an order as it ends and a second later, and whether lists find it by its result."""
    order, seen = account.deploy(), []
    for seconds in (12.5, 1.0):
        account.wait(seconds)
        shown = _detail(account, order)
        found = _listed(account, order, **{"ResultList.1": 1})
        seen.append([shown["Status"], shown["Result"], shown["ResultName"], found is not None])
    closed = account.deploy()
    account.wait(3)
    account.call("CloseDeployOrder", {"DeployOrderId": closed})
    return [*seen, _detail(account, closed)["Result"]]


def _closed(account: PopulatedAccount) -> Any:
    order = account.deploy()
    account.call("CloseDeployOrder", {"DeployOrderId": order})
    shown = [_detail(account, order), _listed(account, order)]
    found = [_listed(account, order, **{"ResultList.1": number}) is not None for number in (2, 4)]
    return [*((one["Result"], one["ResultName"]) for one in shown), found]


def _failed(account: PopulatedAccount) -> Any:
    account.emulator.world.settings.deploy_failures = [DeployFailure(app="shop")]
    order = account.deploy()
    account.wait(20)
    shown = [_detail(account, order), _listed(account, order, **{"ResultList.1": 2})]
    return [(one["Result"], one["ResultName"]) for one in shown]


def _descriptions(account: PopulatedAccount) -> Any:
    order = account.deploy(Description="why")
    return [_listed(account, order).get("Description"), _detail(account, order).get("Description")]


def _names(account: PopulatedAccount) -> Any:
    order = account.deploy(Name="a name with more than twenty letters")
    return [_listed(account, order)["Name"], _detail(account, order)["Name"], order]


def _admission(account: PopulatedAccount) -> Any:
    release = {"EnvId": 20001, "Name": "release", "TotalPartitions": 1, "DeployPacketId": 2001}
    scaled = account.result("ScaleApp", {"EnvId": 20001, "Replicas": 2})
    account.wait(60)
    deployed = account.result("DeployApp", release)
    account.wait(60)
    account.emulator.world.settings.admission_refusals = [AdmissionRejection(app="shop", code="102001")]
    refused = account.result("DeployApp", release)
    return [one.get("BusinessCode") for one in (scaled, deployed, refused)]


def _replicas(account: PopulatedAccount) -> Any:
    """Replicas of the environment and the number of instances, before, during and after a scaling."""
    account.call("ScaleApp", {"EnvId": 20001, "Replicas": 1})
    seen = []
    for seconds in (0, 100):
        account.wait(seconds)
        replicas = account.result("DescribeAppEnvironmentDetail", ENV)["Replicas"]
        seen.append((replicas, len(account.data("ListAppInstance", {**ENV, **PAGE}))))
    return seen


def _instances(account: PopulatedAccount) -> Any:
    """How many old and new instances are listed with which status, as a release goes on."""
    old = {one["AppInstanceId"] for one in account.data("ListAppInstance", {**ENV, **PAGE})}
    account.deploy()
    seen = []
    for seconds in (4.0, 6.0, 2.5, 3.0):
        account.wait(seconds)
        listed = account.data("ListAppInstance", {**ENV, **PAGE})
        states = [("old" if one["AppInstanceId"] in old else "new", one["Status"]) for one in listed]
        seen.append({f"{age} {status}": states.count((age, status)) for age, status in states})
    return seen


def _rebuilt(account: PopulatedAccount) -> Any:
    account.call("RebuildAppInstance", {**ENV, "AppInstanceId": account.pod})
    return account.pod in [one["AppInstanceId"] for one in account.data("ListAppInstance", {**ENV, **PAGE})]


def _allocation(account: PopulatedAccount) -> Any:
    made = {**environment(10001, 30001, ClusterId=ONLINE), "EnvName": "other"}
    created = account.result("CreateEnvironment", made)["AppEnvId"]
    order = {"EnvId": created, "Name": "release", "TotalPartitions": 1, "DeployPacketId": 2001}
    return [account.code("DescribeAppResourceAlloc", {"AppEnvId": created}), account.code("DeployApp", order)]


def _binding(account: PopulatedAccount) -> Any:
    """The status of a claim that a volume fits, after a while and after a release that mounts it."""
    storage = {"Name": "late", "Capacity": "1Gi", "AccessModes": "ReadWriteOnce", "StorageClass": "late"}
    domain = "emu-1.cn-zhangjiakou.nas.aliyuncs.com"
    volume = {"ClusterInstanceId": ONLINE, "MountTargetDomain": domain, "ReclaimPolicy": "Retain", "NFSVersion": "4.0"}
    account.call("CreatePersistentVolume", {**storage, **volume})
    account.call("CreatePersistentVolumeClaim", {**ENV, **storage})
    account.wait(60)
    seen = [_claim(account)]
    account.call("UpdateDeployConfig", {**APP, "Id": 30001, "Deployment": encoded(MOUNTING)})
    account.deploy()
    account.wait(20)
    return [*seen, _claim(account)]


def _claim(account: PopulatedAccount) -> Any:
    claims = account.data("ListPersistentVolumeClaim", {**ENV, **PAGE})
    return next((one["Status"], one.get("VolumeName")) for one in claims if one["Name"] == "late")


def _pod_events(account: PopulatedAccount) -> Any:
    order = account.deploy()
    account.wait(20)
    pod = account.data("ListPods", {"DeployOrderId": order, **PAGE})[0]["AppInstanceId"]
    seen = []
    for seconds in (0, 3600):
        account.wait(seconds)
        events = account.result("DescribePodEvents", {"DeployOrderId": order, "AppInstId": pod})["PodEvents"]
        seen.append(bool(events))
    return seen


def _event_monitor(account: PopulatedAccount) -> Any:
    asked = {**ENV, "PodName": account.pod, **EVER, **PAGE_NUM}
    return bool(account.data("DescribeEventMonitorList", asked))


def _grants(account: PopulatedAccount) -> Any:
    databases = account.result("DescribeDatabases", {"InstanceId": MYSQL})["Databases"]
    accounts = account.result("DescribeRdsAccounts", {"DbInstanceId": MYSQL})["Accounts"]
    return [
        [one["Account"] for one in databases[0]["Accounts"]],
        [one["DBName"] for one in accounts[0]["DatabasePrivileges"]],
        [one["AccountName"] for one in accounts],
    ]


def _owner(account: PopulatedAccount) -> Any:
    server = {"DbInstanceId": SQL_SERVER}
    account.call("CreateDb", {**server, "DbName": "shop", "CharacterSetName": "Chinese_PRC_BIN"})
    account.call("CreateAccount", {**server, "AccountName": "shop", "AccountPassword": "Secret-1234"})
    account.wait(6)
    account.call("GrantDbToAccount", {**server, "AccountName": "shop", "DbName": "shop", "AccountPrivilege": "DBOwner"})
    databases = account.result("DescribeDatabases", {"InstanceId": SQL_SERVER})["Databases"]
    accounts = account.result("DescribeRdsAccounts", server)["Accounts"]
    grants = [databases[0]["Accounts"][0], accounts[0]["DatabasePrivileges"][0]]
    return [one["AccountPrivilege"] for one in grants]


def _details(account: PopulatedAccount) -> Any:
    databases = account.result("DescribeDatabases", {"InstanceId": MYSQL})["Databases"]
    accounts = account.result("DescribeRdsAccounts", {"DbInstanceId": MYSQL})["Accounts"]
    grants = [databases[0]["Accounts"][0], accounts[0]["DatabasePrivileges"][0]]
    return ["AccountPrivilegeDetail" in one for one in grants]


DONE, OPEN = [3, 1, "成功", True], [3, 0, "待确认", False]
EFFECTS: Effects = {
    "order_result": (_results, {"at_once": [DONE, DONE, 4], "later": [OPEN, DONE, 4]}),
    "closed_order_result": (
        _closed,
        {
            "four": [(4, "人为置为失败"), (4, "人为置为失败"), [False, True]],
            "two": [(2, "失败"), (2, "失败"), [True, False]],
        },
    ),
    "failed_order_result": (
        _failed,
        {"two": [(2, "失败"), (2, "失败")], "other": [(5, "失败"), (2, "失败")]},
    ),
    "order_description": (_descriptions, {"shown": ["why", "why"], "missing_in_lists": [None, "why"]}),
    "order_names": (
        _names,
        {
            "as_given": [*["a name with more than twenty letters"] * 2, 60003],
            "numbered": [*["a name with more than twenty letters-60003"] * 2, 60003],
            "cut": [*["a name with more tha"] * 2, 60003],
        },
    ),
    "admission_code": (
        _admission,
        {
            "as_samples": ["0", None, "102001"],
            "both": ["0", "0", "102001"],
            "neither": [None, None, "102001"],
        },
    ),
    "scaled_replicas": (
        _replicas,
        {
            "when_finished": [(3, 3), (1, 1)],
            "at_once": [(1, 3), (1, 1)],
            "unchanged": [(3, 3), (3, 1)],
        },
    ),
    "instances": (
        _instances,
        {
            "at_once": [{"new Starting": 3}, {"new Starting": 3}, {"new Normal": 3}, {"new Normal": 3}],
            "late": [{}, {}, {}, {"new Normal": 3}],
            "starting": [{"new Starting": 3}, {"new Starting": 3}, {"new Starting": 3}, {"new Normal": 3}],
            "lingering": [
                {"old Offlining": 3, "new Starting": 3},
                *({"new Starting": 3}, {"new Normal": 3}, {"new Normal": 3}),
            ],
        },
    ),
    "rebuilt_instance": (_rebuilt, {"same_id": True, "new_id": False}),
    "environment_allocation": (_allocation, {"made": [0, 0], "none": [1, 0]}),
    "claim_binding": (
        _binding,
        {
            "at_once": [("Bound", "late"), ("Bound", "late")],
            "first_consumer": [("Pending", None), ("Bound", "late")],
        },
    ),
    "pod_events": (_pod_events, {"kept": [True, True], "an_hour": [True, False]}),
    "event_monitor": (_event_monitor, {"active": True, "inactive": False}),
    "grants": (
        _grants,
        {
            "both": [["shop"], ["shop"], ["shop"]],
            "accounts": [[], ["shop"], ["shop"]],
            "databases": [["shop"], [], ["shop"]],
        },
    ),
    "db_owner": (
        _owner,
        {"shown": ["DBOwner"] * 2, "custom": ["Custom"] * 2, "read_write": ["ReadWrite"] * 2},
    ),
    "privilege_detail": (_details, {"shown": [True, True], "missing": [False, False]}),
}


@pytest.fixture(scope="module")
def account() -> PopulatedAccount:
    """One account for all tests, which is restored for each."""
    return PopulatedAccount()


def test_every_value_is_looked_at() -> None:
    check_whole(EFFECTS, OrderReadings, RdsReadings)


@pytest.mark.parametrize(("name", "value"), cases(EFFECTS))
def test_effect(account: PopulatedAccount, name: str, value: Value) -> None:
    check(account, EFFECTS, name, value)


def test_a_rebuilt_instance_is_listed_while_it_starts(account: PopulatedAccount) -> None:
    account.restore()
    account.choose(instances="late")
    account.call("RebuildAppInstance", {**ENV, "AppInstanceId": account.pod})
    states = {one["AppInstanceId"]: one["Status"] for one in account.data("ListAppInstance", {**ENV, **PAGE})}
    assert states[account.pod] == "Starting"
