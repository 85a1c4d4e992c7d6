# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Deploy orders, and what steers them (reference 5.1)."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from .._core.errors import FailedStateError, NotFoundError
from .._core.info import Info
from .._core.plan import Plan, Step
from .._core.resource import IDENTITY, Field, Listing, Reference, Request, Resource, State, computed
from .._core.task import Task
from .._core.times import Moment
from .._core.values import Choice, Integer
from .app import APP
from .environment import ENVIRONMENT

# 0 is told by the describe call only (reference 5.1.4).
STATUS = Choice({"waiting": 0, "running": 1, "paused": 2, "finished": 3})
RESULT = Choice({"undecided": 0, "succeeded": 1, "failed": 2, "closed": 4})
PAUSE_TYPE = Choice(("first", "each", "none"))
ENV_TYPE = Choice(("test", "online"))
UNDECIDED, SUCCEEDED = 0, 1
SCOPE = ("app_id", "environment_id")

RESUME = Request("ResumeDeploy", {"DeployOrderId": "deploy_order_id"})
CLOSE = Request("CloseDeployOrder", {"DeployOrderId": "deploy_order_id"})


class DeployOrder(Resource):
    """A deploy order. It does not show its application, nor what it deploys."""

    name = "deploy_order"
    plural = "deploy_orders"
    label = "deploy order"
    identity = "deploy_order_id"
    scope: tuple[Reference, ...] = (APP, ENVIRONMENT)
    key = ("name",)
    fields = (
        Field("deploy_order_id", IDENTITY),
        Field("name"),
        computed("description"),
        computed("status", STATUS),
        computed("result", RESULT),
        computed("current_partition", Integer(), read="current_partition_num"),
        computed("partitions", Integer(), read="total_partitions"),
        computed("finished_instances", Integer(), read="finish_app_instance_ct"),
        computed("total_instances", Integer(), read="total_app_instance_ct"),
        computed("failure_rate"),
        computed("pause_type", PAUSE_TYPE, read="deploy_pause_type"),
        computed("env_type", ENV_TYPE),
        computed("deploy_config_id", Integer(), read="schema_id"),
        computed("start_time", Moment()),
        computed("end_time", Moment()),
        computed("elapsed_seconds", Integer(), read="elapsed_time"),
        computed("user_id"),
        computed("user_nick"),
    )
    listing = Listing(
        "ListDeployOrders",
        {"AppId": "app_id", "EnvId": "environment_id"},
        {"PauseType": "pause_type", "EnvType": "env_type"},
    )
    detail = Request("DescribeDeployOrderDetail", {"DeployOrderId": "deploy_order_id"})

    def since(self, task: Task, scope: Mapping[str, Any], results: Sequence[int] = ()) -> list[State]:
        """The orders of an environment with any of the given results, the oldest first."""
        place = {name: scope[name] for name in SCOPE}
        orders = self.records(task, place, {}, {"ResultList": list(results)})
        return sorted(orders, key=lambda order: order["deploy_order_id"] or 0)

    def pending(self, given: State, state: State) -> str | None:
        """An order is done when it has finished well, or pauses.

        :raises FailedStateError: when it has finished otherwise.
        """
        if state["status"] == "paused":
            return None
        if state["status"] != "finished":
            return progress(state)
        if state["result"] != "succeeded":
            label = f"Deploy order {state['deploy_order_id']} ({state['name']!r})"
            raise FailedStateError(f"{label} ended as {state['result'] or 'failed'}: {progress(state)}.", state)
        return None


def progress(order: Mapping[str, Any]) -> str:
    """How far an order is, in words."""
    return (
        f"{order.get('status')}, batch {order.get('current_partition') or 0} of {order.get('partitions')}, "
        f"instances {order.get('finished_instances') or 0} of {order.get('total_instances')}"
    )


def pending_order(state: State) -> str | None:
    """What is still to be waited for where a state may hold an order; there is nothing when it holds none.

    :raises FailedStateError: when the order has failed.
    """
    if state["order"] is None:
        return None
    try:
        return DeployOrder().pending({}, state["order"])
    except FailedStateError as error:
        raise FailedStateError(error.message, state, error.hint) from None


class SteeredOrder(DeployOrder):
    """An order that is to go on, to end, or to be waited for."""

    scope = ()
    fields = DeployOrder.fields
    states = ("resumed", "closed", "finished")
    waits = True
    constraints: Mapping[str, Sequence[Any]] = {}

    def given(self, options: Mapping[str, Any]) -> State:
        """Only the id can be given."""
        return {"deploy_order_id": options["deploy_order_id"]}

    def plan(self, task: Task, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Resume what is paused, close what is not finished.

        :raises NotFoundError: when there is no such order.
        """
        if current is None:
            raise NotFoundError(self.label, given["deploy_order_id"])
        if self.reached(task, given, current) or task.state == "finished":
            return Plan(current, current)
        request, verb = (RESUME, "resume") if task.state == "resumed" else (CLOSE, "close")
        after = {"status": "running"} if task.state == "resumed" else {"status": "finished", "result": "closed"}
        step = Step(request.action, self.parameters(request.keys, current), f"{verb} {self.describe(current)}")
        return Plan(current, {**current, **after}, [step])

    def reached(self, task: Task, given: State, current: State | None) -> bool:
        """Whether the order is not, or no longer, in the way of what was asked for."""
        if current is None:
            return False
        if task.state == "resumed":
            return bool(current["status"] != "paused")
        return bool(current["status"] == "finished")

    def pending(self, given: State, state: State) -> str | None:
        """As for any order, but one that was to be closed is done however it ended."""
        if state["status"] == "finished" and state["result"] == "closed":
            return None
        return super().pending(given, state)

    def show_difference(self, before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Only the state of the order changes."""
        sides = [{name: state[name] for name in ("status", "result")} if state else {} for state in (before, after)]
        return sides[0], sides[1]


class DeployOrderInfo(Info):
    """Lists deploy orders."""

    resource = DeployOrder()
    filters = ("deploy_order_id", "name", "status", "result", "pause_type", "env_type")
    asked = (
        Field("category", Choice(("deploy", "scale")), "DeployCategory"),
        *(
            Field(f"{edge}ed_{word}", Moment(), f"{edge.capitalize()}Time{bound}")
            for edge in ("start", "end")
            for word, bound in (
                ("after", "GreaterThan"),
                ("from", "GreaterThanOrEqualTo"),
                ("before", "LessThan"),
                ("until", "LessThanOrEqualTo"),
            )
        ),
    )
    optional_scope = ("app", "environment")
