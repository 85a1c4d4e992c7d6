# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Changes that a deploy order makes: releases and scalings (reference 5.1.1, 5.1.3).

The service rejects a new order for an environment until the last one has finished.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, Mapping

from .._api.hints import Hint
from .._core.errors import FailedStateError, InvalidOptionError
from .._core.fields import Field, State
from .._core.plan import Plan, Step
from .._core.resource import Resource
from .._core.run_context import RunContext
from .._core.wait import wait_until
from .._core.wording import join_known
from .app import APP
from .deploy_order import CLOSE, DeployOrder, WatchedDeployOrder, is_decided, is_undecided, progress_text
from .environment import ENVIRONMENT
from .running_state import possibly_running

ORDER = WatchedDeployOrder()


@dataclass
class OrderMemo:
    """What a run knows of the deploy orders of its environment.

    :ivar earlier: ids of the orders that existed before the first write of the run. An order with another id may be one
        that the run created although the response was lost.
    :ivar unfinished: ids of the unfinished orders that the plan closes.
    :ivar joined: id of the unfinished order that the run waits for instead of creating one.
    """

    earlier: set[int] = field(default_factory=set)
    unfinished: set[int] = field(default_factory=set)
    joined: int | None = None


class UnfinishedOrderError(InvalidOptionError):
    """An unfinished order blocks a new one. ``unfinished_order`` in the data holds its id."""


class OrderedChange(Resource, ABC):
    """The base of changes that a deploy order makes. A run joins the unfinished order of an earlier, interrupted run.

    :cvar category: the category of the orders in ListDeployOrders.
    """

    name = "deploy_order"
    scope = (APP, ENVIRONMENT)
    states = ("present",)
    supports_wait = True
    reports_progress = True
    unblocked_by = ("jst_deployment", "jst_resource_alloc", "jst_environment", "jst_deploy_order")
    category = ""
    extra_options = {"on_unfinished": {"type": "str", "choices": ["fail", "wait", "close"], "default": "fail"}}

    # To be implemented for each category

    @abstractmethod
    def read_current(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State:
        """Return the live state, with all that the other methods need."""

    @abstractmethod
    def needs_order(self, ctx: RunContext, given: Mapping[str, Any], current: State) -> bool:
        """Return whether the live state differs from the desired one."""

    @abstractmethod
    def order_matches(self, order: State, given: Mapping[str, Any], current: State) -> bool:
        """Return whether an order leads to the desired state."""

    @abstractmethod
    def plan_order(self, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Return the plan that creates an order."""

    def may_be_own(self, ctx: RunContext, order: State) -> bool:
        """Return whether the run may join an order, or may have created it although the response was lost."""
        return is_undecided(order) or (ctx.writing and order["deploy_order_id"] not in ctx.memo(OrderMemo).earlier)

    def with_missing_details(self, ctx: RunContext, scope: Mapping[str, Any], order: State) -> State:
        """Return an order of a list with the details that the plan needs."""
        if order["status"] == "finished" and order["result"] is None:
            return self.with_described_values(ctx, scope, order)
        return order

    def with_described_values(self, ctx: RunContext, scope: Mapping[str, Any], order: State) -> State:
        """Return an order with the values of its describe call."""
        details = DeployOrder().read(ctx, scope, order["deploy_order_id"]) or {}
        return {**order, **{name: value for name, value in details.items() if value is not None}}

    # Shared by all categories

    def desired_state(self, options: Mapping[str, Any]) -> State:
        """Return the options, and the environment for messages."""
        return {
            **super().desired_state(options),
            "environment": options.get("environment_name", ENVIRONMENT.value_in(options)),
        }

    def describe(self, values: Mapping[str, Any]) -> str:
        """Return the label with the environment."""
        environment = self.environment_title(values)
        return f"{self.label} of environment {environment!r}" if environment else self.label

    def environment_title(self, values: Mapping[str, Any]) -> Any:
        """Return the name of the environment, or its id when the name is unknown."""
        return values.get("environment_name") or values.get("environment") or values.get("environment_id")

    def describe_awaited(self, given: State, state: State | None) -> str:
        """Return the label with the id of the order, once there is one. The environment is among the parents."""
        order_id = ((state or {}).get("order") or {}).get("deploy_order_id")
        return self.label if order_id is None else f"{self.label} by {ORDER.label} {order_id}"

    def complete_given(self, given: State, current: State | None) -> State:
        """Return the desired state with the name of the environment, which the options may give by its id."""
        return {**given, "environment_name": (current or {}).get("environment_name")}

    def find(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State:
        """Return the order of this run once its id is known, otherwise the live state and all orders."""
        resource_id = given.get("deploy_order_id", ctx.memo(OrderMemo).joined)
        if resource_id is not None:
            # An early read may not find the order yet.
            order = ORDER.read(ctx, scope, resource_id) or {"deploy_order_id": resource_id, "status": None}
            return {**scope, "order": order}
        # The orders are read first: one that finishes between the two reads is joined and not created again.
        orders = ORDER.list_history(ctx, scope, self.category)
        # The last orders show what runs. An unfinished order, or one created since the plan, may be that of this run.
        deciding = [order["deploy_order_id"] for order in possibly_running(orders)]
        orders = [
            self.with_missing_details(ctx, scope, order)
            if order["deploy_order_id"] in deciding or self.may_be_own(ctx, order)
            else order
            for order in orders
        ]
        state = {**scope, **self.read_current(ctx, scope, given), "order": None, "unfinished": [], "orders": orders}
        memo = ctx.memo(OrderMemo)
        if ctx.writing:
            later = [order for order in state["orders"] if order["deploy_order_id"] not in memo.earlier]
            matching = [order for order in later if self.order_matches(order, given, state)]
            state["order"] = matching[-1] if matching else None
        if ctx.writing and state["order"] is None:
            state["unfinished"] = ORDER.list_history(ctx, scope, results=["undecided"])
        return state

    def plan(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Plan an order unless the live state is the desired one, or an unfinished order leads to it.

        :raises InvalidOptionError: when another order is unfinished and ``on_unfinished`` is ``fail``.
        """
        memo = ctx.memo(OrderMemo)
        if not ctx.writing:
            memo.earlier = {order["deploy_order_id"] for order in (current or {}).get("orders", ())}
        if current is None:
            return self.plan_order(scope, given, current)
        unfinished = [order for order in current["orders"] if is_undecided(order)]
        if not unfinished and not self.needs_order(ctx, given, current):
            return Plan(current, current)
        others = unfinished or ORDER.list_history(ctx, scope, results=["undecided"])
        # Others of this category were created after the live state was read.
        candidates = unfinished or (others and ORDER.list_history(ctx, scope, self.category, ["undecided"]))
        if not unfinished:
            candidates = [self.with_missing_details(ctx, scope, order) for order in candidates]
        for order in candidates:
            if self.order_matches(order, given, current):
                memo.joined = order["deploy_order_id"]
                return Plan(current, {**current, "order": order})
        steps: list[Step] = []
        memo.unfinished = set()
        for order in others:
            # A finished order blocks nothing, but the live state is unknown until its result is decided.
            if (ctx.options["on_unfinished"] == "wait" or order["status"] == "finished") and not ctx.check_mode:
                self.wait_for_order(ctx, scope, order)
                return self.plan(ctx, scope, given, self.find(ctx, scope, given))
            steps += self.unblock_steps(ctx, order)
        plan = self.plan_order(scope, given, current)
        return Plan(plan.before, plan.after, [*steps, *plan.steps])

    def refresh_plan(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> Plan:
        """Return a new plan when an order was created since the live state was read.

        The order of another run can begin and end while this run reads what its plan needs. Nothing would reject a
        second one.
        """
        orders = ORDER.list_history(ctx, scope, self.category)
        if {order["deploy_order_id"] for order in orders} <= ctx.memo(OrderMemo).earlier:
            return plan
        return self.plan(ctx, scope, given, self.find(ctx, scope, given))

    def wait_for_order(self, ctx: RunContext, scope: Mapping[str, Any], order: State) -> None:
        """Wait until another order has finished and its result is decided. Any result counts."""

        def poll() -> tuple[str | None, State]:
            state = DeployOrder().read(ctx, scope, order["deploy_order_id"]) or order
            return (None if is_decided(state) else progress_text(state)), {**scope, "order": state}

        subject = join_known(": ", self.location(ctx, scope, order), ORDER.describe(order))
        wait_until(ctx, f"{ORDER.describe(order)} to finish", poll, lambda _state: subject)

    def unblock_steps(self, ctx: RunContext, order: State) -> list[Step]:
        """Return the step that closes an unfinished order, if any. Reject it with ``on_unfinished=fail``."""
        if order["status"] == "finished":
            return []
        if ctx.options["on_unfinished"] == "fail":
            ctx.reject(
                UnfinishedOrderError(
                    f"The environment has an unfinished {ORDER.describe(order)}: {progress_text(order)}.",
                    hint=Hint(
                        "Finish or close the order, or set on_unfinished to wait or close.",
                        "请等该发布单完成或将其关闭，或把 on_unfinished 设为 wait 或 close。",
                    ),
                    unfinished_order=order["deploy_order_id"],
                )
            )
            return []
        if ctx.options["on_unfinished"] == "wait":
            return []
        ctx.memo(OrderMemo).unfinished.add(order["deploy_order_id"])
        return [
            Step(CLOSE.action, ORDER.parameters(CLOSE.keys, order), f"close {ORDER.describe(order)}", wait_after=True)
        ]

    def order_step(self, scope: Mapping[str, Any], values: State, purpose: str) -> Step:
        """Return the step that creates an order."""
        parameters = {**self.parameters(self.create_op.keys, scope), **self.serialize_fields(values, values)}
        return Step(self.create_op.action, parameters, purpose, self.create_op.returns)

    def is_immutable(self, item: Field) -> bool:
        """Return false: an order can change every field."""
        return False

    def is_desired(self, ctx: RunContext, given: State, current: State | None) -> bool:
        """Return whether the run has an order: its own, or the one that it joins."""
        return current is not None and current["order"] is not None

    def recheck_late_create(self, ctx: RunContext, scope: Mapping[str, Any], given: State, state: State | None) -> None:
        """Wait for a second order that the run has created.

        Both orders deploy the same content. Closing the second could leave the environment half deployed.
        """
        first = (state or {}).get("order")
        if not ctx.wait or first is None:
            return
        orders = ORDER.list_history(ctx, scope, self.category, ["undecided"])
        later = [order for order in orders if order["deploy_order_id"] > first["deploy_order_id"]]
        for order in [self.with_missing_details(ctx, scope, order) for order in later]:
            if all(order[name] == first.get(name) for name in ("name", "description")):
                ctx.warn(
                    f"A request with a lost response has created {ORDER.describe(order)} too. "
                    "That order changes nothing."
                )
                self.wait_for_order(ctx, scope, order)

    def exists(self, state: State | None) -> bool:
        """Return whether the service shows the order of this run."""
        order = (state or {}).get("order")
        return order is not None and order["status"] is not None

    def should_replan(self, ctx: RunContext, given: State, current: State | None) -> bool:
        """Return whether an order was created or has finished since the plan was made."""
        unfinished = {order["deploy_order_id"] for order in (current or {}).get("unfinished", ())}
        return unfinished != ctx.memo(OrderMemo).unfinished

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """Return the progress of the order. Before it exists, return that of the orders that are being closed.

        :raises FailedStateError: when the order has failed.
        """
        if state["order"] is None:
            return next((progress_text(order) for order in state["unfinished"]), None)
        try:
            return ORDER.wait_reason(ctx, {}, state["order"])
        except FailedStateError as error:
            raise FailedStateError(error.message, state, error.hint) from None

    def has_ended(self, state: State | None) -> bool:
        """Return whether the order has finished. A run does not wait for a paused one."""
        order = (state or {}).get("order")
        return order is None or order["status"] == "finished"

    def to_result(self, state: State | None) -> dict[str, Any] | None:
        """Return the deploy order, ``None`` when none was needed."""
        if state is None or state["order"] is None:
            return None
        place = {parent.target: state.get(parent.target) for parent in self.scope}
        return ORDER.to_result({**place, **state["order"]})
