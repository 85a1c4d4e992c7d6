# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about members of responses."""

from __future__ import annotations

from typing import Any

import pytest

from jst_emulator.readings.declaration import Value
from jst_emulator.readings.members import MemberReadings as GROUP
from support.direct_account import MYSQL, ONLINE
from support.populated_account import PAGE, Effects, PopulatedAccount, cases, check, check_whole
from support.scenario import APP, ENV, app, encoded

DOMAIN = "emu-1.cn-zhangjiakou.nas.aliyuncs.com"
ONLINE_CLUSTER = {"ClusterInstanceId": ONLINE}


def _types(account: PopulatedAccount) -> Any:
    for title, kind in (("daemon", 3), ("stateful", 2)):
        account.call("CreateApp", app(title, StateType=kind))
    detail = account.result("DescribeAppDetail", {"AppId": 10002})["AppStateType"]
    return [*(one["AppStateType"] for one in account.data("ListApp")), detail]


def _service_types(account: PopulatedAccount) -> Any:
    return [
        account.data("ListApp")[0]["ServiceType"],
        account.result("DescribeAppDetail", APP)["ServiceType"],
        account.data("ListServices", {**APP, **PAGE})[0]["ServiceType"],
    ]


def _biz_names(account: PopulatedAccount) -> Any:
    groups, apps = account.data("ListAppGroup", {"BizCode": "JST", **PAGE}), account.data("ListApp")
    return [groups[0]["BizName"], apps[0]["BizName"], account.result("DescribeAppDetail", APP)["BizName"]]


def _kind_names(account: PopulatedAccount) -> Any:
    log = account.result("DescribePodLog", {"DeployOrderId": 60001, "AppInstId": account.pod})
    environments = account.data("ListAppEnvironment", {**APP, **PAGE})
    return [environments[0]["EnvTypeName"], log["EnvTypeName"]]


def _cluster_kinds(account: PopulatedAccount) -> Any:
    detail = account.result("QueryClusterDetail", ONLINE_CLUSTER)["BasicInfo"]["EnvType"]
    environment = account.data("ListAppEnvironment", {**APP, **PAGE})[0]["EnvType"]
    return [*(one["EnvType"] for one in account.data("ListCluster")), detail, environment]


def _roles(account: PopulatedAccount) -> Any:
    created = account.result("CreateApp", app("other", **{"UserRoles.1.UserId": "1002"}))["AppId"]
    shown = account.result("DescribeAppDetail", {"AppId": created})["UserRoles"]
    return [(one["UserId"], one["UserType"], one["RealName"], one["RoleName"]) for one in shown]


def _role(user_id: str, real_name: str, *roles: str) -> list[Any]:
    return [(user_id, "TAOBAO", real_name, role) for role in roles]


def _user_types(account: PopulatedAccount) -> Any:
    user = {"UserRoles.1.UserId": "dt-1003", "UserRoles.1.UserType": "DING_TALK"}
    created = account.result("CreateApp", app("other", **user))["AppId"]
    roles = account.result("DescribeAppDetail", {"AppId": created})["UserRoles"]
    return [*(one["UserType"] for one in account.data("ListUsers", PAGE)), roles[0]["UserType"]]


def _service(account: PopulatedAccount, name: str, kind: str, *ports: str, **more: Any) -> Any:
    """A new service as it is shown."""
    mappings = {
        f"PortMappings.{number}.{member}": value
        for number, port in enumerate(ports, start=1)
        for member, value in {"Name": port, "Protocol": "TCP", "Port": number, "TargetPort": "8080"}.items()
    }
    made = {"EnvId": 20001, "Name": name, "ServiceType": kind, "K8sServiceId": name, **mappings, **more}
    service_id = account.result("CreateService", made)["ServiceId"]
    return account.result("DescribeServiceDetail", {"ServiceId": service_id})


def _node_ports(account: PopulatedAccount) -> Any:
    services = [_service(account, "a", "ClusterIP", "http"), _service(account, "b", "NodePort", "http")]
    listed = account.data("ListServices", {**APP, **PAGE})[0]
    return [one["PortMappings"][0].get("NodePort") for one in (*services, listed)]


def _headless(account: PopulatedAccount) -> Any:
    services = [
        _service(account, "a", "ClusterIP", "http"),
        _service(account, "b", "ClusterIP", "http", Headless="true"),
        _service(account, "c", "NodePort", "http"),
        account.data("ListServices", {**APP, **PAGE, "ServiceType": "NodePort"})[0],
    ]
    return [one.get("Headless") for one in services]


def _slb_settings(account: PopulatedAccount) -> Any:
    tcp = {"EnvId": 20001, "Name": "tcp", "SlbId": "lb-emu-internet-1", "ListenerPort": 81, "RealServerPort": 81}
    made = account.result("CreateSlbAP", {**tcp, "Protocol": "TCP"})["SlbAPId"]
    shown = [
        account.result("DescribeSlbAPDetail", {"SlbAPId": made}),
        account.data("ListSlbAPs", {**APP, **PAGE, "ProtocolList.1": "HTTP"})[0],
    ]
    names = ("EstablishedTimeout", "StickySession", "CookieTimeout", "SslCertId")
    return [[one.get(name) for name in names] for one in shown]


def _capacities(account: PopulatedAccount) -> Any:
    claim = {**ENV, "AccessModes": "ReadWriteOnce", "StorageClass": "other"}
    for name, capacity in (("a", "1024Mi"), ("b", "1500M"), ("c", "2000")):
        assert account.code("CreatePersistentVolumeClaim", {**claim, "Name": name, "Capacity": capacity}) == 0
    claims = {one["Name"]: one["Capacity"] for one in account.data("ListPersistentVolumeClaim", {**ENV, **PAGE})}
    volumes = {one["Name"]: one["Capacity"] for one in account.data("ListPersistentVolume", {**ONLINE_CLUSTER, **PAGE})}
    return [*(claims[name] for name in "abc"), volumes["emu-media"]]


def _claim_capacity(account: PopulatedAccount) -> Any:
    storage = {"Name": "big", "AccessModes": "ReadWriteOnce", "StorageClass": "big"}
    volume = {"ReclaimPolicy": "Retain", "NFSVersion": "4.0", "MountTargetDomain": DOMAIN, "Capacity": "5Gi"}
    account.call("CreatePersistentVolume", {**ONLINE_CLUSTER, **storage, **volume})
    account.call("CreatePersistentVolumeClaim", {**ENV, **storage, "Capacity": "2Gi"})
    seen = []
    for seconds in (0, 5):
        account.wait(seconds)
        claims = account.data("ListPersistentVolumeClaim", {**ENV, **PAGE})
        seen += [one["Capacity"] for one in claims if one["Name"] == "big"]
    return seen


def _config_maps(account: PopulatedAccount) -> Any:
    text = "kind: ConfigMap\nmetadata: {name: a}\n"
    account.call("UpdateDeployConfig", {**APP, "Id": 30001, "ConfigMap": encoded(text)})
    yaml = account.data("ListDeployConfig", APP)[0]["ContainerYamlConf"]
    return [yaml.get("ConfigMap") == text, text in yaml["ConfigMapList"]]


def _texts(account: PopulatedAccount) -> Any:
    created = account.result("CreateApp", app("other", Description=" about \n", BizTitle=" a title "))["AppId"]
    shown = account.result("DescribeAppDetail", {"AppId": created})
    return [shown["Description"], shown["BizTitle"], shown["Title"]]


def _inner_lists(account: PopulatedAccount) -> Any:
    ports = _service(account, "a", "ClusterIP", "http", "admin", "web")["PortMappings"]
    machines = account.data("ListCluster")[0]["EcsIds"]
    accounts = account.result("DescribeRdsAccounts", {"DbInstanceId": MYSQL})["Accounts"]
    return [[one["Name"] for one in ports], [one[-1] for one in machines], [one["AccountName"] for one in accounts]]


def _sdk_fields(account: PopulatedAccount) -> Any:
    account.call("UpdateApp", {**APP, "MiddleWareIdList.1": 1})
    service = account.result("DescribeServiceDetail", {"ServiceId": 50001})
    return [account.data("ListApp")[0].get("MiddleWareList"), service.get("ClusterIP")]


def _gaps(account: PopulatedAccount) -> Any:
    """Members that samples lack, and two that only some records have."""
    port = _service(account, "b", "NodePort", "http")["PortMappings"][0]
    order = account.data("ListDeployOrders", {"EnvId": 20001, **PAGE})[0]
    pod = account.data("ListPods", {"DeployOrderId": 60001, **PAGE})[0]
    volume = account.data("ListPersistentVolume", {**ONLINE_CLUSTER, **PAGE})[0]
    return [
        *("UserRoles" in account.result("DescribeAppDetail", APP), "SchemaId" in order, "AppInstanceId" in pod),
        *("MountDir" in volume, "EcsIds" in account.result("QueryClusterDetail", ONLINE_CLUSTER)["BasicInfo"]),
        *("NodePort" in port, "Name" in order),
    ]


def _further(account: PopulatedAccount) -> Any:
    answers = [account.call("ListApp"), account.call("DescribeAppDetail", APP)]
    records = [answers[0]["Data"][0], answers[1]["Result"]]
    return [*("TraceId" in one for one in answers), *("ExtraInfo" in one for one in records)]


ADMIN, OWNER = _role("1001", "张三", "Owner", "PE"), _role("1002", "李四", "Owner")
EFFECTS: Effects = {
    "app_type": (
        _types,
        {
            "each": ["stateless", "cronjob", "daemonset", "stateful", "cronjob"],
            "two": ["stateless", "stateless", "stateless", "stateful", "stateless"],
        },
    ),
    "service_type": (
        _service_types,
        {
            "code": ["GeneralApplication", "GeneralApplication", "ClusterIP"],
            "title": ["其他云应用", "其他云应用", "ClusterIP"],
        },
    ),
    "biz_name": (
        _biz_names,
        {"code": ["JST"] * 3, "title_of_groups": ["聚石塔", "JST", "JST"], "title": ["聚石塔"] * 3},
    ),
    "env_type_name": (
        _kind_names,
        {
            "documented": ["正式", "online"],
            "short": ["正式", "正式"],
            "long": ["正式环境", "正式环境"],
            "word": ["online", "online"],
        },
    ),
    "cluster_kind": (
        _cluster_kinds,
        {"number": ["1", "0", "0", "1", 1], "word": ["PRO", "TEST", "TEST", "PRO", 1]},
    ),
    "user_roles": (
        _roles,
        {
            "as_given": OWNER,
            "implied": _role("1002", "李四", "Owner", "PE", "Dev", "Test"),
            "operator": [*OWNER, *ADMIN],
        },
    ),
    "user_type": (
        _user_types,
        {
            "table": ["TAOBAO", "TAOBAO", "DING_TALK", "DING_TALK"],
            "sample": ["TAOBAO", "TAOBAO", "DINGDING_TALK", "DINGDING_TALK"],
        },
    ),
    "cluster_password": (
        lambda account: [one.get("Password") for one in account.data("ListCluster")],
        {
            "clear": ["Emulator-node-pw-1", "Emulator-node-pw-2", None],
            "masked": ["*********", "*********", None],
            "missing": [None, None, None],
        },
    ),
    "cluster_ip_node_port": (_node_ports, {"missing": [None, 30000, None], "zero": [0, 30000, 0]}),
    "headless": (
        _headless,
        {"cluster_ip": [False, True, None, None], "when_true": [None, True, None, None]},
    ),
    "headless_of_node_port": (
        _headless,
        {"missing": [False, True, None, None], "shown": [False, True, False, False]},
    ),
    "slb_unused_settings": (
        _slb_settings,
        {
            "missing": [[900, None, None, None], [None, 1, None, None]],
            "zero": [[900, 0, 0, ""], [0, 1, 0, ""]],
        },
    ),
    "capacities": (
        _capacities,
        {
            "as_sent": ["1024Mi", "1500M", "2000", "100Gi"],
            "bytes": ["1073741824", "1500000000", "2000", "107374182400"],
            "canonical": ["1Gi", "1500M", "2K", "100Gi"],
        },
    ),
    "claim_capacity": (_claim_capacity, {"asked": ["2Gi", "2Gi"], "volume": ["2Gi", "5Gi"]}),
    "config_map": (_config_maps, {"both": [True, True], "list": [False, True]}),
    "texts": (
        _texts,
        {"as_sent": [" about \n", " a title ", "other"], "trimmed": ["about", "a title", "other"]},
    ),
    "inner_lists": (
        _inner_lists,
        {
            "as_sent": [["http", "admin", "web"], ["1", "2", "3"], ["shop"]],
            "sorted": [["admin", "http", "web"], ["1", "2", "3"], ["shop"]],
            "reversed": [["web", "admin", "http"], ["3", "2", "1"], ["shop"]],
        },
    ),
    "sdk_fields": (
        _sdk_fields,
        {
            "shown": [[{"AppId": 10001, "Code": 1, "Name": "middleware-1"}], "172.21.200.2"],
            "hidden": [None, None],
        },
    ),
    "sample_gaps": (_gaps, {"filled": [True] * 7, "missing": [False] * 5 + [True] * 2}),
    "further_members": (_further, {"none": [False] * 4, "some": [True] * 4}),
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
