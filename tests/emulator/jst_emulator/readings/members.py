# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about members of responses: apps, groups, environments, clusters, volumes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from jst_emulator import quantities
from jst_emulator.readings.declaration import LEFT_OUT, MIXED, NOT_STATED, ChangeContext, ResponseChange, Value, reading

_TITLES = {
    "JST": "聚石塔",
    "NEW_RETAIL": "线下零售",
    "MINI_APP": "轻应用云",
    "SUPPLY": "供应链",
    "MESSAGE": "消息业务",
}
_SERVICE_TITLES = {
    "GeneralApplication": "其他云应用",
    "StoreApplication": "电商云应用",
    "TaoHuDongApplication": "小程序云应用",
}
_KINDS = {"short": ("测试", "正式"), "long": ("测试环境", "正式环境"), "word": ("test", "online")}
_CLUSTER_KINDS = {"0": "TEST", "1": "PRO"}
_ROLES = ("Owner", "PE", "Dev", "Test")
_INNER_LISTS = (
    *("PortMappings", "UserRoles", "MiddleWareList", "MiddleWareInfoList", "EcsIds", "VswitchIds", "Vswitchs"),
    *("ConfigMapList", "SecretList", "DatabasePrivileges", "Accounts"),
)
_MASK = "*********"
#: Free texts, which nothing refers to.
_FREE_TEXTS = ("Description", "BizTitle", "DBDescription")


def _two_types(value: Any, _choice: Value, _scene: ChangeContext) -> Any:
    return value if value == "stateful" else "stateless"


def _service_title(value: Any, _choice: Value, _scene: ChangeContext) -> Any:
    return _SERVICE_TITLES.get(value, value)


def _biz_title(value: Any, choice: Value, context: ChangeContext) -> Any:
    if choice == "title_of_groups" and context.operation.name != "ListAppGroup":
        return value
    return _TITLES.get(value, value)


def _kind_name(value: Any, choice: Value, _scene: ChangeContext) -> Any:
    number = next(number for number in (0, 1) if any(value == names[number] for names in _KINDS.values()))
    return _KINDS[str(choice)][number]


def _cluster_kind(value: Any, _choice: Value, _scene: ChangeContext) -> Any:
    return _CLUSTER_KINDS[value]


def _roles(value: Any, choice: Value, context: ChangeContext) -> Any:
    """Add the roles of the platform to the user roles of an app."""
    if choice == "implied":
        owners = [role for role in value if role["RoleName"] == "Owner"]
        further = [{**owner, "RoleName": name} for owner in owners for name in _ROLES]
    else:
        user = context.world.users.get(context.world.settings.operator.user_id)
        names = {"UserId": user.user_id, "UserType": user.user_type, "RealName": user.real_name} if user else {}
        further = [{**names, "RoleName": name} for name in ("Owner", "PE")] if user else []
    return [*value, *(role for role in further if role not in value)]


def _user_type(value: Any, _choice: Value, _scene: ChangeContext) -> Any:
    return "DINGDING_TALK" if value == "DING_TALK" else value


def _password(_value: Any, choice: Value, _scene: ChangeContext) -> Any:
    return _MASK if choice == "masked" else LEFT_OUT


def _capacity(value: Any, choice: Value, _scene: ChangeContext) -> Any:
    return str(int(quantities.amount(value))) if choice == "bytes" else quantities.canonical(value)


def _trimmed(value: Any, _choice: Value, _scene: ChangeContext) -> Any:
    return value.strip()


def _inner_order(value: Any, choice: Value, context: ChangeContext) -> Any:
    """Sort a list within a record; ``list_order`` sorts the records of a list themselves."""
    if context.operation.name == "DescribeRdsAccounts" and value and "AccountName" in value[0]:
        return value
    if choice == "reversed":
        return value[::-1]
    return sorted(value, key=lambda one: json.dumps(one, sort_keys=True))


def _headless(value: Any, _choice: Value, _scene: ChangeContext) -> Any:
    return value or LEFT_OUT


def _with_headless(service: Any, _choice: Value, _scene: ChangeContext) -> Any:
    return {**service, "Headless": service.get("Headless", False)}


def _node_ports(value: Any, _choice: Value, _scene: ChangeContext) -> Any:
    return [{**mapping, "NodePort": mapping.get("NodePort", 0)} for mapping in value]


def _unused_settings(access_point: Any, _choice: Value, _scene: ChangeContext) -> Any:
    return {"EstablishedTimeout": 0, "StickySession": 0, "CookieTimeout": 0, "SslCertId": "", **access_point}


def _config_map(_value: Any, _choice: Value, _scene: ChangeContext) -> Any:
    return LEFT_OUT


@dataclass(kw_only=True)
class MemberReadings:
    """Members of responses."""

    app_type: str = reading(
        "410, 631",
        {
            "each": "AppStateType has a value for each type of app.",
            "two": "AppStateType is stateless or stateful. It is stateless for daemon sets and scheduled jobs.",
        },
        change=ResponseChange(("AppStateType",), _two_types),
    )
    service_type: str = reading(
        "601-606",
        {
            "code": "ServiceType of apps is a code such as StoreApplication.",
            "title": "ServiceType of apps is a Chinese title.",
        },
        change=ResponseChange(("ServiceType",), _service_title, ("ListApp", "DescribeAppDetail")),
    )
    biz_name: str = reading(
        "402, 610, 2462",
        {
            "code": "BizName is a code such as JST.",
            "title_of_groups": "BizName of groups is a Chinese title.",
            "title": "BizName of apps and groups is a Chinese title.",
        },
        change=ResponseChange(("BizName",), _biz_title),
    )
    env_type_name: str = reading(
        "917, 978, 6936, 6987",
        {
            "documented": "EnvTypeName is 测试 or 正式. In DescribePodLog, it is test or online.",
            "short": "EnvTypeName is 测试 or 正式.",
            "long": "EnvTypeName is 测试环境 or 正式环境.",
            "word": "EnvTypeName is test or online.",
        },
        change=ResponseChange(("EnvTypeName",), _kind_name),
    )
    cluster_kind: str = reading(
        "8441, 8470, 9108",
        {
            "number": "EnvType of clusters is 0 or 1.",
            "word": "EnvType of clusters is TEST or PRO.",
        },
        change=ResponseChange(("EnvType",), _cluster_kind, ("ListCluster", "QueryClusterDetail")),
    )
    user_roles: str = reading(
        "633",
        {
            "as_given": "UserRoles of an app are returned as they were sent.",
            "implied": "UserRoles of an app also show every owner in all other roles.",
            "operator": "UserRoles of an app also show the user of the account as Owner and PE.",
        },
        change=ResponseChange(("UserRoles",), _roles),
    )
    user_type: str = reading(
        "2887-2889, 2945",
        {
            "table": "UserType of users of DingTalk is DING_TALK.",
            "sample": "UserType of users of DingTalk is DINGDING_TALK.",
        },
        change=ResponseChange(("UserType",), _user_type),
    )
    cluster_password: str = reading(
        "8480, 8582",
        {
            "clear": "ListCluster shows the root passwords of nodes.",
            "masked": "ListCluster shows root passwords as asterisks.",
            "missing": "ListCluster does not show root passwords.",
        },
        change=ResponseChange(("Password",), _password, ("ListCluster",)),
    )
    cluster_ip_node_port: str = reading(
        "3843-3845, 3910-3923",
        {
            "missing": "Ports of services of type ClusterIP have no NodePort.",
            "zero": "NodePort of services of type ClusterIP is 0.",
        },
        change=ResponseChange(("PortMappings",), _node_ports),
    )
    headless: str = reading(
        "3819-3821",
        {
            "cluster_ip": "Services of type ClusterIP show Headless.",
            "when_true": "Only services that are headless show Headless.",
        },
        change=ResponseChange(("Headless",), _headless),
    )
    headless_of_node_port: str = reading(
        "3819-3821",
        {
            "missing": "Services of type NodePort do not show Headless.",
            "shown": "Services of type NodePort show Headless as false.",
        },
        excludes={"shown": {"headless": ("when_true",)}},
        change=ResponseChange((), _with_headless, ("ListServices", "DescribeServiceDetail")),
    )
    slb_unused_settings: str = reading(
        "3284-3296, 3338-3345",
        {
            "missing": "Access points do not show the settings that their protocol does not have.",
            "zero": "Access points show settings that their protocol does not have as 0 or as an empty string.",
        },
        change=ResponseChange((), _unused_settings, ("ListSlbAPs", "DescribeSlbAPDetail")),
    )
    capacities: str = reading(
        "7290-7296",
        {
            "as_sent": "Capacity of volumes and claims is returned as it was sent.",
            "bytes": "Capacity of volumes and claims is a number of bytes.",
            "canonical": "Capacity of volumes and claims has the largest unit that fits: 1Gi for 1024Mi.",
        },
        change=ResponseChange(("Capacity",), _capacity),
    )
    claim_capacity: str = reading(
        "2250",
        {
            "asked": "Capacity of a claim is the capacity that it requests.",
            "volume": "Capacity of a bound claim is the capacity of its volume.",
        },
    )
    config_map: str = reading(
        "1498-1505",
        {
            "both": "ListDeployConfig shows the document of the parameter ConfigMap in ConfigMap and in ConfigMapList.",
            "list": "ListDeployConfig shows the document of the parameter ConfigMap in ConfigMapList only.",
        },
        change=ResponseChange(("ConfigMap",), _config_map, ("ListDeployConfig",)),
    )
    texts: str = reading(
        NOT_STATED,
        {
            "as_sent": "Descriptions are returned as they were sent.",
            "trimmed": "Descriptions come without leading and trailing white space.",
        },
        change=ResponseChange(_FREE_TEXTS, _trimmed),
    )
    inner_lists: str = reading(
        NOT_STATED,
        {
            "as_sent": "Lists within records are in the order in which they were sent.",
            "sorted": "Lists within records are sorted.",
            "reversed": "Lists within records are in the reverse order.",
        },
        change=ResponseChange(_INNER_LISTS, _inner_order),
    )
    sdk_fields: str = reading(
        NOT_STATED,
        {
            "shown": "Responses have members that only the vendor's SDK documents: middleware of apps, container"
            " resources of deploy configurations, ClusterIP of services.",
            "hidden": "Responses have no members that only the vendor's SDK documents.",
        },
    )
    sample_gaps: str = reading(
        "674-689, 1575-1602, 6197-6217, 6526-6553, 6867-6884, 7377-7386, 9466-9482",
        {
            "filled": "Responses have all members that their tables have.",
            "missing": "Responses lack the members that their samples lack, such as UserRoles of apps.",
            MIXED: "Responses of some operations lack the members that their samples lack.",
        },
    )
    further_members: str = reading(
        NOT_STATED,
        {
            "none": "Responses have no members that their tables do not have.",
            "some": "Responses and their records have members that no table has.",
        },
    )
