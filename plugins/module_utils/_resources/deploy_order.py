# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Deploy orders, and the operations that resume or close them (reference 5.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Iterator, Mapping, Sequence

from .._core.errors import FailedStateError, NotFoundError
from .._core.field_types import Choice, FieldType, Integer, MultiChoice
from .._core.fields import RESOURCE_ID, Field, ListOperation, OperationRef, Parent, State, computed
from .._core.info import Info
from .._core.plan import Plan, Step
from .._core.reading import ListQuery, ReadOnlyResource
from .._core.resource import Resource
from .._core.run_context import RunContext
from .._core.timestamps import Timestamp
from .._core.wording import capitalize_first, join_known, status_words
from .app import APP
from .env_types import ENV_TYPE_WORD
from .environment import ENVIRONMENT
from .order_states import ORDER_STATUSES, RESULTS
from .pod_diagnostics import failed_pods

STATUS = Choice(ORDER_STATUSES)


class Result(Choice):
    """The result of an order. Every number without a word of its own means a failure (reference 5.1.4)."""

    def deserialize(self, raw: Any) -> str | None:
        word = super().deserialize(raw)
        return "failed" if word is None and Integer().deserialize(raw) is not None else word


RESULT = Result(RESULTS)
PAUSE_TYPE = Choice(("first", "each", "none"))
CATEGORY = Choice(("deploy", "scale"))

RESUME = OperationRef("ResumeDeploy", {"DeployOrderId": "deploy_order_id"})
CLOSE = OperationRef("CloseDeployOrder", {"DeployOrderId": "deploy_order_id"})


class DeployOrder(ReadOnlyResource):
    """A deploy order. Responses show neither its app nor what it deploys."""

    name = "deploy_order"
    plural = "deploy_orders"
    label = "deploy order"
    id_field = "deploy_order_id"
    scope: tuple[Parent, ...] = (APP, ENVIRONMENT)
    fields: tuple[Field, ...] = (
        Field("deploy_order_id", RESOURCE_ID),
        computed("name"),
        computed("description"),
        computed("status", MultiChoice(STATUS)),
        computed("result", MultiChoice(RESULT)),
        computed("current_partition", Integer(), response_path="current_partition_num"),
        computed("partitions", Integer(), response_path="total_partitions"),
        computed("finished_instances", Integer(), response_path="finish_app_instance_ct"),
        computed("total_instances", Integer(), response_path="total_app_instance_ct"),
        computed("failure_rate"),
        computed("pause_type", PAUSE_TYPE, response_path="deploy_pause_type"),
        computed("env_type", ENV_TYPE_WORD),
        computed("deploy_config_id", Integer(), response_path="schema_id"),
        computed("start_time", Timestamp()),
        computed("end_time", Timestamp()),
        computed("elapsed_seconds", Integer(), response_path="elapsed_time"),
        computed("user_id"),
        computed("user_nick"),
    )
    list_op = ListOperation(
        "ListDeployOrders",
        {"AppId": "app_id", "EnvId": "environment_id"},
        {"PauseType": "pause_type", "EnvType": "env_type", "StatusList": "status", "ResultList": "result"},
    )
    describe_op = OperationRef("DescribeDeployOrderDetail", {"DeployOrderId": "deploy_order_id"})

    def describe(self, values: Mapping[str, Any]) -> str:
        """Return the label with the id and the name: the name need not be unique."""
        named = f"({values['name']!r})" if values.get("name") else None
        return join_known(" ", self.label, values.get("deploy_order_id"), named)

    def run_query(self, ctx: RunContext, query: ListQuery) -> Iterator[State]:
        """Yield the orders in scope, without the filters that the service lacks.

        It has no filter for waiting orders. Its filter for failed ones knows only one of the numbers that mean a
        failure (reference 5.1.2, 5.1.4).
        """
        filters = dict(query.filters)
        for name, word in (("status", "waiting"), ("result", "failed")):
            if word in (filters.get(name) or ()):
                del filters[name]
        return super().run_query(ctx, replace(query, filters=filters))

    def list_history(
        self, ctx: RunContext, scope: Mapping[str, Any], category: str | None = None, results: Sequence[str] = ()
    ) -> list[State]:
        """Return the orders of an environment, the oldest first.

        :param category: limits the list to a category.
        :param results: limits the list to orders with one of these results.
        """
        place = {name: scope[name] for name in ("app_id", "environment_id")}
        orders = self.list_states(ctx, place, {"result": list(results) or None}, {"DeployCategory": category})
        # If the service ignored the filter, every order would look unfinished.
        matching = [order for order in orders if not results or order["result"] in (None, *results)]
        return sorted(matching, key=lambda order: order["deploy_order_id"] or 0)


class WatchedDeployOrder(DeployOrder):
    """An order that a run waits for. One that has failed shows the pods that failed."""

    fields = (*DeployOrder.fields, computed("failed_pods", FieldType()))

    def read(self, ctx: RunContext, scope: Mapping[str, Any], resource_id: Any) -> State | None:
        """Return the order. One that has failed comes with the pods that failed."""
        state = super().read(ctx, scope, resource_id)
        if state is not None and has_failed(state):
            state["failed_pods"] = failed_pods(ctx, resource_id)
        return state

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """Return ``None`` once the order has succeeded or is paused.

        :raises FailedStateError: when it has finished with another result.
        """
        if state["status"] == "paused":
            return None
        if not is_decided(state):
            return progress_text(state)
        if state["result"] == "succeeded":
            return None
        pods = [str(pod["instance"]) for pod in state.get("failed_pods") or ()]
        raise FailedStateError(
            f"{capitalize_first(self.describe(state))} ended as {state['result'] or 'failed'}: {progress_text(state)}.",
            state,
            hint=f"See failed_pods for the logs and events of {', '.join(pods)}." if pods else None,
        )


def is_decided(order: Mapping[str, Any]) -> bool:
    """Return whether an order has finished and its result is known.

    Result 0 means "to be confirmed" (reference 5.1.2, 5.1.4). A finished order may still have it.
    """
    return order["status"] == "finished" and not is_undecided(order)


def is_undecided(order: Mapping[str, Any]) -> bool:
    """Return whether the service has not decided the result of an order."""
    return order.get("result") in (None, "undecided")


def has_failed(order: Mapping[str, Any]) -> bool:
    """Return whether an order has failed. A closed one has not. Unknown results are failures (reference 5.1.4)."""
    return is_decided(order) and order["result"] not in ("succeeded", "closed")


def progress_text(order: Mapping[str, Any]) -> str:
    """Return the progress of an order in words."""
    counts = [
        f"{word} {order.get(done) or 0} of {order[total]}"
        for word, done, total in (
            ("batch", "current_partition", "partitions"),
            ("instances", "finished_instances", "total_instances"),
        )
        if order.get(total) is not None
    ]
    status = order.get("status") or status_words(None)
    if status == "finished" and is_undecided(order):
        status = "finished, but the service has not decided its result yet"
    return join_known(", ", status, *counts)


@dataclass
class PauseMemo:
    """The pause in which the run found the order that it resumes.

    :ivar paused_after: the number of the batch, ``None`` when the run resumes no order.
    """

    paused_after: int | None = None


class ManagedDeployOrder(WatchedDeployOrder, Resource):
    """An order that a run resumes, closes, or waits for."""

    scope = ()
    fields = (computed("environment_id", RESOURCE_ID, response_path="env_id"), *WatchedDeployOrder.fields)
    states = ("resumed", "closed", "finished")
    supports_wait = True
    reports_progress = True
    extra_options = {"deploy_order_id": {"type": "int", "required": True}}

    def desired_state(self, options: Mapping[str, Any]) -> State:
        """Return the id, and option ``state`` as ``goal``."""
        return {**super().desired_state(options), "goal": options["state"]}

    def plan(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Plan to resume a paused order, or to close one that has not finished.

        :raises NotFoundError: when the order does not exist.
        """
        if current is None:
            raise NotFoundError(self.label, given["deploy_order_id"])
        if ctx.state == "finished" or self.is_desired(ctx, given, current):
            return Plan(current, current)
        if ctx.state == "resumed":
            request, verb, after = RESUME, "resume", {"status": "running"}
            ctx.memo(PauseMemo).paused_after = current["current_partition"]
        else:
            request, verb, after = CLOSE, "close", {"status": "finished", "result": "closed"}
        step = Step(request.action, self.parameters(request.keys, current), f"{verb} {self.describe(current)}")
        return Plan(current, {**current, **after}, [step])

    def is_desired(self, ctx: RunContext, given: State, current: State | None) -> bool:
        """Return whether the order has finished, or with state ``resumed`` has left its pause."""
        if current is None:
            return False
        if ctx.state == "closed":
            return bool(current["status"] == "finished")
        return bool(current["status"] != "paused") or self.has_advanced(ctx, current)

    def has_advanced(self, ctx: RunContext, state: State) -> bool:
        """Return whether an order that the run resumed has reached another batch."""
        paused_after = ctx.memo(PauseMemo).paused_after
        return paused_after is not None and state["current_partition"] != paused_after

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """Return the progress until the goal is reached. With goal ``closed``, any result will do."""
        finished = state["status"] == "finished"
        if given["goal"] == "closed":
            return None if finished else progress_text(state)
        paused = state["status"] == "paused"
        resumed = ctx.memo(PauseMemo).paused_after is not None
        if paused and (given["goal"] == "finished" or (resumed and not self.has_advanced(ctx, state))):
            return progress_text(state)
        return super().wait_reason(ctx, given, state)

    def to_diff(self, before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return both sides of the diff: status and result."""
        sides = [{name: state[name] for name in ("status", "result")} if state else {} for state in (before, after)]
        return sides[0], sides[1]


TIME_FILTERS = tuple(
    Field(f"{edge}ed_{word}", Timestamp(), f"{edge.capitalize()}Time{bound}")
    for edge in ("start", "end")
    for word, bound in (
        ("after", "GreaterThan"),
        ("from", "GreaterThanOrEqualTo"),
        ("before", "LessThan"),
        ("until", "LessThanOrEqualTo"),
    )
)


class DeployOrderInfo(Info):
    """List deploy orders. There is only one deploy type and one partition type, so neither is a filter."""

    resource = DeployOrder()
    filters = ("deploy_order_id", "name", "status", "result", "pause_type", "env_type")
    request_filters = (Field("category", CATEGORY, "DeployCategory"), *TIME_FILTERS)
    optional_parents = ("app", "environment")
    # Orders do not show these values, so they cannot be compared with an order that is read by its id.
    constraints = {"mutually_exclusive": [["deploy_order_id", item.name] for item in request_filters]}
