# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Container logs, events and metrics (reference 4)."""

from __future__ import annotations

import math
from typing import Any

from jst_emulator import errors, releases, scheduling, workload
from jst_emulator.event_index import EventFilter
from jst_emulator.handlers.checks import require
from jst_emulator.handlers.lookup import environment_of, get_or_raise
from jst_emulator.handlers.time_formats import minute_time, plain_time
from jst_emulator.models.apps import Environment
from jst_emulator.models.runtime import Event, Instance, JobRun
from jst_emulator.models.settings import Metric
from jst_emulator.record_list import RecordList
from jst_emulator.registry import BusinessError, NotFoundError, Params, operation
from jst_emulator.world import World

#: Seconds between two values of a series, and the largest number of values.
STEP_SECONDS = 60
LONGEST_SERIES = 1440


@operation("DescribePodContainerLogList")
def describe_container_logs(world: World, p: Params) -> dict[str, Any]:
    """Return the last lines of every container of an instance or job run, sidecars and init containers included."""
    environment = _monitored(world, p, "DescribePodContainerLogList")
    if p["Line"] < 1:
        raise BusinessError("Line must be at least 1.")
    pod = _pod(world, environment, p["PodName"])
    logs = _logs(world, pod)
    return {
        "ContainerLogList": [
            {"ContainerName": name, "Content": "\n".join(lines[-p["Line"] :]), "PodName": p["PodName"]}
            for name, lines in logs.items()
        ]
    }


@operation("DescribeEventMonitorList")
def list_events(world: World, p: Params) -> RecordList:
    """Return the events of a pod in a span of time, oldest first unless the settings have them in order of arrival."""
    environment = _monitored(world, p, "DescribeEventMonitorList")
    start, end = _span(p)
    if world.settings.readings.event_monitor == "inactive":
        return RecordList([], dict)
    wanted = EventFilter(environment.env_id, p["PodName"], p.get("EventLevel") or "", p.get("EventType") or "")
    events = world.event_index.between(wanted, start, end)
    if world.settings.monitoring.event_order == "arrival":
        events.sort(key=lambda one: one.event_id)
    name_space = scheduling.namespace(world, environment)
    return RecordList(events, lambda one: {**_event_to_response(one), "NameSpace": name_space})


def _event_to_response(event: Event) -> dict[str, Any]:
    return {
        "Count": event.count,
        "EventTime": minute_time(event.happened_at),
        "HostName": event.host_name or None,
        "Kind": event.kind,
        "Level": event.level,
        "Message": event.message,
        "PodName": event.pod_name,
        "Reason": event.reason,
    }


@operation("DescribeAppMonitorMetric")
def describe_metric(world: World, p: Params) -> list[dict[str, Any]]:
    """Return a generated series of a pod, or of the pods of a deploy order; the same span gets the same values."""
    environment = _monitored(world, p, "DescribeAppMonitorMetric")
    prefix = {"instance": "pod.", "group": "deployment."}[p["Type"]]
    if not p["Metric"].startswith(prefix):
        raise BusinessError(f"Metric {p['Metric']} does not fit type {p['Type']}.")
    if p["Type"] == "instance":
        _pod(world, environment, require(p, "PodName"))
    else:
        _check_order(world, environment, require(p, "DeployOrderId"))
    start, end = _span(p)
    first = math.ceil(start / STEP_SECONDS) * STEP_SECONDS
    moments = range(first, int(end) + 1, STEP_SECONDS)
    if len(moments) > LONGEST_SERIES:
        raise BusinessError(f"The span holds more than {LONGEST_SERIES} values.")
    metric = get_or_raise(world.settings.monitoring.metrics, p["Metric"], "Metric")
    return [
        {
            "Name": metric.title,
            "Categories": [plain_time(moment) for moment in moments],
            "Data": [_value(metric, moment) for moment in moments],
        }
    ]


def _monitored(world: World, p: Params, operation_name: str) -> Environment:
    """Return the environment of a call; logs, events and metrics come from its cluster.

    :raises errors.GatewayError: there is no cluster, or monitoring is broken. The reference has one error for all of
        these cases (4.1 to 4.3).
    """
    environment = environment_of(world, p)
    if environment.cluster_instance_id is None or operation_name in world.settings.monitoring.broken:
        raise errors.known_error("system.error")
    return environment


def _check_order(world: World, environment: Environment, text: str) -> None:
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 19 else text
    order = get_or_raise(world.orders, number, "Deploy order")
    if order.env_id != environment.env_id:
        raise BusinessError(
            f"Deploy order {order.deploy_order_id} does not belong to environment {environment.env_id}."
        )


def _span(p: Params) -> tuple[float, float]:
    """Return StartTime and EndTime (epoch milliseconds) as epoch seconds."""
    start, end = p["StartTime"] / 1000, p["EndTime"] / 1000
    if not 0 <= start <= end <= 32503680000:
        raise BusinessError("StartTime and EndTime must be epoch milliseconds, StartTime first.")
    return start, end


def _value(metric: Metric, moment: float) -> float:
    return round(metric.base + metric.swing * math.sin(moment / 600), 3)


def _pod(world: World, environment: Environment, name: str) -> Instance | JobRun:
    instance = world.instances.get(name)
    if instance is not None and instance.env_id == environment.env_id:
        return instance
    for run in world.job_runs.values():
        if run.env_id == environment.env_id and run.pod_name == name:
            return run
    raise NotFoundError(f"Pod {name} does not exist in environment {environment.env_id}.")


def _logs(world: World, pod: Instance | JobRun) -> dict[str, list[str]]:
    """Return the log lines by container."""
    monitoring, text = world.settings.monitoring, releases.workload_of(world, pod)
    if isinstance(pod, JobRun):
        broken, lines, packaged = pod.failing, monitoring.job_log, False
    else:
        broken, lines, packaged = pod.broken, monitoring.app_log, pod.packaged
    logs: dict[str, list[str]] = {}
    for section in ("containers", "initContainers"):
        for number, container in enumerate(workload.containers(text, section), start=1):
            name = str(container.get("name") or f"{section}-{number}")
            logs[name] = monitoring.failing_log if broken else lines
    if packaged:
        logs["jck-sidecar-deploytool"] = monitoring.package_log
    return logs
