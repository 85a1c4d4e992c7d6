# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Pods of a deploy order (reference 5.2), and their logs (reference 4.1)."""

from __future__ import annotations

from typing import Any, Mapping

from .._core.errors import InvalidOptionError
from .._core.info import Info
from .._core.resource import IDENTITY, Field, Listing, Resource, State, computed
from .._core.task import Task
from .._core.times import Moment
from .._core.values import Integer, Kind
from .app import APP
from .deploy_order import RESULT, STATUS
from .environment import ENVIRONMENT
from .job import show_event


class Pod(Resource):
    """A pod, as a deploy order made it."""

    name = "pod"
    plural = "pods"
    label = "pod"
    scope = (APP, ENVIRONMENT)
    fields = (
        computed("instance", read="app_instance_id"),
        computed("deploy_order_id", Integer()),
        computed("status", STATUS),
        computed("result", RESULT),
        computed("partition", Integer(), read="deploy_partition_num"),
        computed("steps", Kind(), read="deploy_steps"),
        computed("pod_ip"),
        computed("host_ip"),
        computed("host_name"),
        computed("group_name"),
        computed("region"),
        computed("start_time", Moment()),
        computed("update_time", Moment()),
    )
    listing = Listing("ListPods")


class PodInfo(Info):
    """Lists the pods of a deploy order, with what there is to know of each."""

    resource = Pod()
    filters = ("instance", "status", "result")
    asked = (Field("deploy_order_id", IDENTITY, "DeployOrderId", required=True),)
    extras = {"log": "log_steps", "events": "events", "container_log": "container_logs"}
    optional_scope = ("app", "environment")
    extra_options = {"lines": {"type": "int", "default": 200}}

    def check(self, task: Task, asked: State) -> None:
        """The logs of containers are found by application and environment."""
        if task.options["container_log"] and not (task.options["app"] and task.options["environment"]):
            raise InvalidOptionError("Option container_log needs the options app and environment.")

    def add(self, task: Task, scope: Mapping[str, Any], state: State, extra: str) -> Any:
        """The steps of the start with their logs, the events, or the last lines of each container."""
        if extra == "container_log":
            place = {"AppId": scope["app_id"], "EnvId": scope["environment_id"]}
            parameters = {**place, "PodName": state["instance"], "Line": task.options["lines"]}
            logs = task.read("DescribePodContainerLogList", parameters).get("container_log_list") or []
            return [{"container": item.get("container_name"), "content": item.get("content")} for item in logs]
        pod = {"DeployOrderId": state["deploy_order_id"], "AppInstId": state["instance"]}
        if extra == "events":
            return [show_event(item) for item in task.read("DescribePodEvents", pod).get("pod_events") or []]
        steps = task.read("DescribePodLog", pod).get("deploy_step_list") or []
        return [
            {"name": item.get("step_name"), "status": item.get("status"), "log": item.get("step_log")} for item in steps
        ]
