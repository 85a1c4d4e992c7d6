# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The responses about deploy orders, and the filters of their list (reference 5.1.2, 5.1.4)."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from jst_emulator.handlers.time_formats import minute_time, read_plain_time
from jst_emulator.models.env_types import ENV_TYPE_WORDS
from jst_emulator.models.runtime import Order, Pod
from jst_emulator.readings.orders import CONFIRMED_AFTER
from jst_emulator.registry import Params
from jst_emulator.world import World

STATUS_NAME = {0: "等待部署", 1: "部署中", 2: "暂停", 3: "已完成"}
RESULT_NAME = {0: "部署中", 1: "成功", 2: "失败", 4: "人为置为失败"}
PAUSE_NAME = {"first": "第一批暂停", "each": "每批暂停", "none": "不暂停"}
_BOUNDS = {
    "LessThan": operator.lt,
    "LessThanOrEqualTo": operator.le,
    "GreaterThan": operator.gt,
    "GreaterThanOrEqualTo": operator.ge,
}


def to_response(world: World, order: Order, pods: list[Pod]) -> dict[str, Any]:
    """Return the members about *order* and its *pods* that both read operations have."""
    environment = world.environments[order.env_id]
    total, failed = sum(order.batches), sum(pod.result == Order.FAILURE for pod in pods)
    until = order.ended_at if order.ended_at is not None else world.now()
    result = result_of(world, order)
    return {
        "AppInstanceType": "k8s_pod",
        "CurrentPartitionNum": order.current_partition,
        "DeployOrderId": order.deploy_order_id,
        "DeployPauseType": order.pause_type,
        "DeployPauseTypeName": PAUSE_NAME[order.pause_type],
        "DeployType": "partition_parallel",
        "DeployTypeName": "分批发布-批内并行",
        "Description": order.description or None,
        "ElapsedTime": int(until - order.started_at) if order.started_at is not None else 0,
        "EndTime": minute_time(order.ended_at),
        "EnvId": order.env_id,
        "EnvType": ENV_TYPE_WORDS[environment.env_type],
        "FailureRate": f"{failed / total:g}" if total else "0",
        "FinishAppInstanceCt": sum(pod.result == Order.SUCCESS for pod in pods),
        "Name": order.name,
        "PartitionType": "group_even",
        "PartitionTypeName": "分组均分",
        "Result": result,
        "ResultName": _result_name(order, result),
        "SchemaId": order.schema_id,
        "StartTime": minute_time(order.started_at),
        "Status": order.status,
        "StatusName": STATUS_NAME[order.status],
        "TotalAppInstanceCt": total,
        "TotalPartitions": len(order.batches),
        "UserId": order.user_id or world.settings.operator.user_id,
        "UserNick": order.user_nick or world.settings.operator.user_nick,
    }


def to_list_item(world: World, order: Order, pods: list[Pod]) -> dict[str, Any]:
    """Return the members about *order* in a list."""
    status = listed_status(world, order)
    return {**to_response(world, order, pods), "Status": status, "StatusName": STATUS_NAME[status]}


def result_of(world: World, order: Order) -> int:
    """Return the result that an order shows, by the readings of the reference."""
    readings = world.settings.readings
    if order.result == Order.CLOSED:
        return Order.CLOSED if readings.closed_order_result == "four" else Order.FAILURE
    is_fresh = order.ended_at is not None and world.now() < order.ended_at + CONFIRMED_AFTER
    return Order.UNDECIDED if is_fresh and readings.order_result == "later" else order.result


def _result_name(order: Order, result: int) -> str:
    if result == Order.UNDECIDED and order.status == Order.FINISHED:
        return "待确认"
    return RESULT_NAME.get(result, RESULT_NAME[Order.FAILURE])


def listed_status(world: World, order: Order) -> int:
    """Return the status that an order shows in lists, which have none for waiting orders (reference 5.1.2)."""
    is_waiting = order.status == Order.WAITING and world.settings.readings.waiting_orders == "as_running"
    return Order.RUNNING if is_waiting else order.status


def order_filter(world: World, p: Params) -> Callable[[Order], bool]:
    """Return a function that decides whether a list includes an order.

    :raises BusinessError: a time in the request has another format.
    """
    zone = world.settings.readings.time_zone
    bounds = [
        (attribute, compare, read_plain_time(p[name], name, zone))
        for prefix, attribute in (("StartTime", "started_at"), ("EndTime", "ended_at"))
        for suffix, compare in _BOUNDS.items()
        if p.get(name := prefix + suffix)
    ]

    def matches(order: Order) -> bool:
        # Most lists are of one environment, and an account has the orders of thousands.
        if p.get("EnvId", "") not in ("", order.env_id):
            return False
        environment = world.environments[order.env_id]
        values = {
            "AppId": environment.app_id,
            "EnvType": ENV_TYPE_WORDS[environment.env_type],
            "DeployType": "partition_parallel",
            "PauseType": order.pause_type,
            "DeployCategory": order.category,
            "PartitionType": "group_even",
            "Status": listed_status(world, order),
        }
        if order.status == Order.WAITING and world.settings.readings.waiting_orders == "hidden":
            return False
        if any(p[name] != value for name, value in values.items() if name in p and p[name] != ""):
            return False
        if p.get("ResultList") and result_of(world, order) not in p["ResultList"]:
            return False
        if p.get("StatusList") and listed_status(world, order) not in p["StatusList"]:
            return False
        times = ((getattr(order, attribute), compare, bound) for attribute, compare, bound in bounds)
        return all(at is not None and compare(at, bound) for at, compare, bound in times)

    return matches
