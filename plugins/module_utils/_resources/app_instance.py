# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Instances of an application, that is, the pods of an environment (reference 1.4)."""

from __future__ import annotations

from typing import Any, Mapping

from .._core.errors import FailedStateError, NotFoundError
from .._core.info import Info
from .._core.plan import Plan, Step
from .._core.resource import Field, Listing, Request, Resource, State, computed
from .._core.task import Task
from .._core.times import Moment
from .._core.values import Choice, Integer
from .app import APP
from .environment import ENVIRONMENT

STATUS = Choice(
    ("Normal", "Starting", "ToBeSchedule", "Pending", "Offlining", "Failed", "Unknown", "Stopped"),
)
REBUILD = Request("RebuildAppInstance", {"AppId": "app_id", "EnvId": "environment_id", "AppInstanceId": "instance"})


class AppInstance(Resource):
    """An instance. Rebuilding it is an act and not a state, so each task does it once."""

    name = "app_instance"
    plural = "app_instances"
    label = "app instance"
    scope = (APP, ENVIRONMENT)
    key = ("instance",)
    fields = (
        Field("instance", read="app_instance_id"),
        computed("status", STATUS),
        computed("health", Choice(("RUNNING", "ABNORMAL"))),
        computed("version"),
        computed("restart_count", Integer()),
        computed("pod_ip"),
        computed("host_ip"),
        computed("requests"),
        computed("limits"),
        computed("spec"),
        computed("create_time", Moment()),
    )
    listing = Listing("ListAppInstance", {"AppId": "app_id", "EnvId": "environment_id"})
    states = ("rebuilt",)
    waits = True

    def plan(self, task: Task, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """The rebuilding; it cannot be predicted what comes of it."""
        if current is None:
            absent = NotFoundError(self.label, given["instance"])
            if not task.check_mode:
                raise absent
            task.warn(f"{absent.message} It is assumed that a real run makes it first.")
        parameters = self.parameters(REBUILD.keys, {**scope, **given})
        step = Step(REBUILD.action, parameters, f"rebuild {self.describe(given)}")
        return Plan(current, current, [step])

    def find(self, task: Task, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State | None:
        """The instance; once it was rebuilt, the one in its place that is least ready."""
        states = list(self.records(task, scope, {}))
        same = [state for state in states if state["instance"] == given["instance"]]
        if same or not task.writing:
            return same[0] if same else None
        return next((state for state in states if state["status"] != "Normal"), states[0] if states else None)

    def reached(self, task: Task, given: State, current: State | None) -> bool:
        """A rebuilding whose answer was lost leaves no trace that could be told from another one."""
        return task.writing

    def pending(self, given: State, state: State) -> str | None:
        """An instance is rebuilt once it is normal.

        :raises FailedStateError: when it has failed.
        """
        if state["status"] == "Failed":
            raise FailedStateError(f"The instance {state['instance']!r} has failed.", state)
        return None if state["status"] == "Normal" else f"{state['instance']} is {state['status']}"


class AppInstanceInfo(Info):
    """Lists the instances of an environment."""

    resource = AppInstance()
    filters = ("instance", "status")
