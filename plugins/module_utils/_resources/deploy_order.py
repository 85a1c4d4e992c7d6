# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Deploy orders, and the operations that resume or close them (reference 5.1)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Iterator, Mapping, Sequence

from .._api.hints import Hint
from .._core.errors import FailedStateError, InvalidOptionError, NotFoundError
from .._core.field_types import Choice, FieldType, Integer, MultiChoice
from .._core.fields import RESOURCE_ID, Field, ListOperation, OperationRef, Parent, State, computed
from .._core.info import Info
from .._core.option_checks import NULL_NAMES_NOTHING
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

# Modules of which a task may start an order.
STARTING_MODULES = ("jst_deployment", "jst_scale", "jst_environment")


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
            hint=Hint(
                "See failed_pods for the logs and events of {pods}.",
                "{pods} 的日志和事件见 failed_pods。",
                pods=", ".join(pods),
            )
            if pods
            else None,
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
        status = "finished, but the service has not returned its result yet"
    return join_known(", ", status, *counts)


@dataclass
class PauseMemo:
    """The pause in which the run found the order that it resumes.

    :ivar paused_after: the number of the batch, ``None`` when the run resumes no order.
    """

    paused_after: int | None = None


class ManagedDeployOrder(WatchedDeployOrder, Resource):
    """An order that a run resumes, closes, or waits for: the one with an id, or the unfinished one of an environment.

    The state of an environment without an unfinished order has no id.
    """

    scope = (replace(APP, required=False), replace(ENVIRONMENT, required=False))
    key = ("app_id", "environment_id")
    states = ("resumed", "closed", "finished")
    supports_wait = True
    reports_progress = True
    extra_options = {"deploy_order_id": {"type": "int"}}

    def desired_state(self, options: Mapping[str, Any]) -> State:
        """Return the id if it is given, and option ``state`` as ``goal``.

        :raises InvalidOptionError: when the options name no order, or name it in two ways.
        """
        places = [parent.value_in(options) for parent in self.scope]
        if options.get("deploy_order_id") is None and None in places:
            raise InvalidOptionError(
                "No deploy order is named: give deploy_order_id, or app and environment, or their ids.",
                hint=NULL_NAMES_NOTHING,
            )
        if options.get("deploy_order_id") is not None and places != [None, None]:
            words = next(parent.option_words for parent, value in zip(self.scope, places) if value is not None)
            raise InvalidOptionError(f"Options deploy_order_id and {words} exclude each other: give one of them.")
        return {**super().desired_state(options), "goal": options["state"]}

    def find(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State | None:
        """Return the order with the given id, or the unfinished order of the environment.

        :raises InvalidOptionError: when the environment has several.
        """
        if given.get("deploy_order_id") is not None:
            return super().find(ctx, scope, given)
        listed = self.list_history(ctx, scope, results=["undecided"])
        orders = [
            self.read(ctx, scope, order["deploy_order_id"]) or order if order["result"] is None else order
            for order in listed
        ]
        unfinished = [order["deploy_order_id"] for order in orders if is_undecided(order)]
        if not unfinished:
            return {**scope, **dict.fromkeys(item.name for item in self.fields)}
        if len(unfinished) > 1:
            ids = " and ".join(map(str, unfinished))
            raise InvalidOptionError(
                f"More than one deploy order is unfinished {self.place(ctx, scope)}: {ids}.",
                hint=Hint(
                    "Give deploy_order_id instead of app and environment.",
                    "请改用 deploy_order_id，不要使用 app 和 environment。",
                ),
            )
        return self.read(ctx, scope, unfinished[0])

    def complete_given(self, given: State, current: State | None) -> State:
        """Return the desired state with the id of the order, which has finished when it is read again."""
        known_id = (current or {}).get("deploy_order_id")
        return given if known_id is None else {**given, "deploy_order_id": known_id}

    def plan(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Plan to resume a paused order, or to close one that has not finished.

        :raises NotFoundError: when the order does not exist.
        :raises InvalidOptionError: when an order is to be resumed, and none is unfinished.
        """
        if current is None and given.get("deploy_order_id") is not None:
            raise NotFoundError(self.label, given["deploy_order_id"])
        if current is None or current["deploy_order_id"] is None:
            # A real run of an earlier task may start the order, or make the environment.
            if ctx.state == "resumed" and current is not None and not ctx.may_differ(STARTING_MODULES):
                raise InvalidOptionError(
                    f"No deploy order is unfinished {self.place(ctx, scope)}, so none can be resumed.",
                    hint=Hint(
                        "The release has finished, or was closed. List the orders with jst_deploy_order_info.",
                        "发布单已经完成，或已被关闭。可以用 jst_deploy_order_info 列出发布单。",
                    ),
                )
            return Plan(current, current)
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
        if current["deploy_order_id"] is None:
            return True
        if ctx.state == "closed":
            return bool(current["status"] == "finished")
        return bool(current["status"] != "paused") or self.has_advanced(ctx, current)

    def has_advanced(self, ctx: RunContext, state: State) -> bool:
        """Return whether an order that the run resumed has reached another batch."""
        paused_after = ctx.memo(PauseMemo).paused_after
        return paused_after is not None and state["current_partition"] != paused_after

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """Return the progress until the goal is reached. With goal ``closed``, any result will do."""
        if state["deploy_order_id"] is None:
            return None
        finished = state["status"] == "finished"
        if given["goal"] == "closed":
            return None if finished else progress_text(state)
        paused = state["status"] == "paused"
        resumed = ctx.memo(PauseMemo).paused_after is not None
        if paused and (given["goal"] == "finished" or (resumed and not self.has_advanced(ctx, state))):
            return progress_text(state)
        return super().wait_reason(ctx, given, state)

    def to_result(self, state: State | None) -> dict[str, Any] | None:
        """Return the order, ``None`` when the environment has no unfinished one."""
        return None if state is None or state["deploy_order_id"] is None else super().to_result(state)

    def to_diff(self, before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return both sides of the diff: status and result."""
        sides = [
            {name: state[name] for name in ("status", "result")} if state and state["deploy_order_id"] else {}
            for state in (before, after)
        ]
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
