# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The number of instances of an environment (reference 5.1.3)."""

from __future__ import annotations

from typing import Any, Mapping

from .._core.plan import Plan
from .._core.resource import Field, Request, Resource, State
from .._core.task import Task
from .._core.values import Integer
from .app import APP
from .deploy_order import DeployOrder, pending_order
from .environment import ENVIRONMENT


class Scale(Resource):
    """How many instances run. Whether scaling also changes the replicas of the environment is not documented."""

    name = "deploy_order"
    label = "scaling"
    scope = (APP, ENVIRONMENT)
    fields = (
        Field("replicas", Integer(0), "Replicas", required=True),
        Field("partitions", Integer(1), "TotalPartitions", read=""),
    )
    creating = Request("ScaleApp", {"EnvId": "environment_id"}, {"deploy_order_id": "deploy_order_id"})
    states = ("present",)
    waits = True

    def describe(self, values: Mapping[str, Any]) -> str:
        """Named after its environment."""
        environment = values.get("environment") or values.get("environment_id")
        return f"{self.label} of environment {environment!r}" if environment else self.label

    def find(self, task: Task, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State:
        """The number of instances, and the order of this task once there is one."""
        state = {**scope, "order": None}
        if given.get("deploy_order_id") is not None:
            return {**state, "order": DeployOrder().read(task, scope, given["deploy_order_id"])}
        place = {"AppId": scope["app_id"], "EnvId": scope["environment_id"]}
        return {**state, "replicas": len(task.client.records("ListAppInstance", place, deadline=task.deadline))}

    def plan(self, task: Task, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """A deploy order, when another number of instances runs."""
        if current is not None and current["replicas"] == given["replicas"]:
            return Plan(current, current)
        after = {**scope, **given, "order": {"partitions": given.get("partitions")}}
        return Plan(current, after, self.creation({**scope, **given}, given))

    def reached(self, task: Task, given: State, current: State | None) -> bool:
        """Whether this task's order is there, or the number is right all the same."""
        return current is not None and (current["order"] is not None or current.get("replicas") == given["replicas"])

    def pending(self, given: State, state: State) -> str | None:
        """As for any order."""
        return pending_order(state)

    def show(self, state: State | None) -> dict[str, Any] | None:
        """The deploy order, null when none was needed."""
        if state is None or state["order"] is None:
            return None
        return DeployOrder().show({**state, **state["order"]})
