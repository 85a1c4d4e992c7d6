# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pods of deploy orders, with their logs and events (reference 5.2)."""

from __future__ import annotations

from typing import Any

from jst_emulator import rollout
from jst_emulator.handlers.lookup import get_or_raise
from jst_emulator.handlers.order_responses import RESULT_NAME, STATUS_NAME
from jst_emulator.handlers.time_formats import minute_time, second_time
from jst_emulator.models.env_types import ENV_TYPE_WORDS
from jst_emulator.models.runtime import DEPLOYMENT_FAILURES, Order, Pod
from jst_emulator.readings.orders import EVENTS_KEPT
from jst_emulator.registry import NotFoundError, Params, operation
from jst_emulator.world import World

STEP_NAME = {"StartAppInstance": "启动应用", "StopAppInstance": "停止应用", "DeleteAppInstance": "删除应用"}


@operation("ListPods")
def list_pods(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the pods that a deploy order has started or removed so far."""
    order = get_or_raise(world.orders, p["DeployOrderId"], "Deploy order")
    return [
        _to_response(world, order, pod)
        for pod in rollout.pods(world, order)
        if (not p.get("ResultList") or pod.result in p["ResultList"])
        and (not p.get("StatusList") or pod.status in p["StatusList"])
    ]


@operation("DescribePodLog")
def describe_pod_log(world: World, p: Params) -> dict[str, Any]:
    """Return the log of a pod while the deploy order started it."""
    order, pod = _find(world, p)
    return {
        "DeployOrderName": order.name,
        "EnvTypeName": ENV_TYPE_WORDS[world.environments[order.env_id].env_type],
        "DeployStepList": [{**_step(pod), "StepLog": _log(world, order, pod)}],
    }


@operation("DescribePodEvents")
def describe_pod_events(world: World, p: Params) -> dict[str, Any]:
    """Return the Kubernetes events of a pod."""
    order, pod = _find(world, p)
    since = world.now() - EVENTS_KEPT if world.settings.readings.pod_events == "an_hour" else 0.0
    events = [
        {
            "Action": one.action or None,
            "Count": one.count,
            "EventTime": minute_time(one.happened_at),
            "FirstTimestamp": minute_time(one.happened_at),
            "LastTimestamp": minute_time(one.happened_at),
            "Message": one.message,
            "Reason": one.reason,
            "Type": "Normal" if one.level == "Normal" else "Warning",
        }
        for one in world.event_index.of_pod(order.env_id, pod.app_instance_id)
        if one.happened_at >= since
    ]
    return {"DeployOrderName": order.name, "PodEvents": events}


def _find(world: World, p: Params) -> tuple[Order, Pod]:
    order = get_or_raise(world.orders, p["DeployOrderId"], "Deploy order")
    pod = world.pods.get((order.deploy_order_id, p["AppInstId"]))
    if pod is None:
        raise NotFoundError(f"Pod {p['AppInstId']} is not in deploy order {order.deploy_order_id}.")
    return order, pod


def _step(pod: Pod) -> dict[str, Any]:
    status = {Order.UNDECIDED: "PROCESSING", Order.SUCCESS: "SUCCESS"}.get(pod.result, "FAIL")
    return {"Status": status, "StepCode": pod.step_code, "StepName": STEP_NAME[pod.step_code]}


def _log(world: World, order: Order, pod: Pod) -> str:
    monitoring = world.settings.monitoring
    if pod.step_code != "StartAppInstance":
        return f"Removing {pod.app_instance_id}"
    if not pod.host_ip and order.failure_kind == "pending":
        return f"{pod.app_instance_id} waits for a node"
    if order.failure_kind == "image_pull" and pod.partition == order.failure_batch:
        return f"{pod.app_instance_id} waits for its image"
    bad = order.failure_kind in DEPLOYMENT_FAILURES and pod.partition == order.failure_batch
    lines = [
        *(monitoring.package_log if order.packet_url else []),
        *(monitoring.failing_log if bad else monitoring.app_log),
    ]
    return "\n".join(lines)


def _to_response(world: World, order: Order, pod: Pod) -> dict[str, Any]:
    environment = world.environments[order.env_id]
    return {
        "AppInstanceId": pod.app_instance_id,
        "DeployOrderId": order.deploy_order_id,
        "DeployPartitionNum": pod.partition,
        "GroupName": f"{world.apps[environment.app_id].title}-host",
        "HostIp": pod.host_ip or None,
        "HostName": pod.host_name or None,
        "PodIp": pod.pod_ip or None,
        "Region": environment.region,
        "Result": pod.result,
        "ResultName": RESULT_NAME[pod.result],
        "StartTime": second_time(pod.started_at),
        "Status": pod.status,
        "StatusName": STATUS_NAME[pod.status],
        "UpdateTime": second_time(pod.updated_at),
        "DeploySteps": [_step(pod)],
    }
