# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What takes a deploy order to come about: releases and scalings (reference 5.1.1, 5.1.3).

The service takes no new order for an environment before the last one has finished.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import Any, Mapping

from .._core.errors import FailedStateError, InvalidOptionError
from .._core.fields import State
from .._core.plan import Plan, Step
from .._core.resource import Resource
from .._core.run_context import RunContext
from .._core.wait import wait_until
from .app import APP
from .deploy_order import CLOSE, DeployOrder, WatchedDeployOrder, decided, progress, undecided
from .environment import ENVIRONMENT

ORDER = WatchedDeployOrder()


@dataclass
class OrderMemo:
    """What a run knows of the deploy orders of its environment.

    :ivar earlier: ids of the orders that existed before the run made its own. They tell a lost response from an older
        order.
    :ivar unfinished: ids of the unfinished orders that the plan takes into account.
    :ivar joined: id of the unfinished order that the run waits for instead of making one.
    """

    earlier: set[int] = field(default_factory=set)
    unfinished: set[int] = field(default_factory=set)
    joined: int | None = None


class OrderedChange(Resource, ABC):
    """The base of what takes a deploy order. An order of a run that was cut off is joined, and not made again.

    :cvar category: what ListDeployOrders calls such orders.
    """

    name = "deploy_order"
    scope = (APP, ENVIRONMENT)
    states = ("present",)
    supports_wait = True
    reports_progress = True
    unblocked_by = ("jst_deployment", "jst_resource_alloc", "jst_environment", "jst_deploy_order")
    category = ""
    extra_options = {
        "on_unfinished": {"type": "str", "choices": ["fail", "wait", "close"], "default": "fail"},
    }

    # What each kind of order says of itself

    @abstractmethod
    def read_current(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State:
        """What runs now, and what else the other methods need to know."""

    @abstractmethod
    def needs_order(self, ctx: RunContext, given: Mapping[str, Any], current: State) -> bool:
        """Whether something else runs than was asked for."""

    @abstractmethod
    def order_matches(self, order: State, given: Mapping[str, Any], current: State) -> bool:
        """Whether an order brings about what was asked for."""

    @abstractmethod
    def plan_order(self, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """The plan of making an order."""

    def may_be_own(self, ctx: RunContext, order: State) -> bool:
        """Whether an order may be one that this task joins, or has made without knowing."""
        return undecided(order) or (ctx.writing and order["deploy_order_id"] not in ctx.memo(OrderMemo).earlier)

    def with_missing_details(self, ctx: RunContext, scope: Mapping[str, Any], order: State) -> State:
        """An order of a list, with what else has to be known of it."""
        if order["status"] == "finished" and order["result"] is None:
            return self.described(ctx, scope, order)
        return order

    def described(self, ctx: RunContext, scope: Mapping[str, Any], order: State) -> State:
        """An order with what its describe call tells, too."""
        told = DeployOrder().read(ctx, scope, order["deploy_order_id"]) or {}
        return {**order, **{name: value for name, value in told.items() if value is not None}}

    # What all of them have in common

    def desired_state(self, options: Mapping[str, Any]) -> State:
        """The options, and the environment to name it in messages."""
        return {
            **super().desired_state(options),
            "environment": options.get("environment_name", ENVIRONMENT.value_in(options)),
        }

    def describe(self, values: Mapping[str, Any]) -> str:
        """Named after its environment."""
        environment = self.place_name(values)
        return f"{self.label} of environment {environment!r}" if environment else self.label

    def place_name(self, values: Mapping[str, Any]) -> Any:
        """The name of the environment as far as it is known, else its id."""
        return values.get("environment_name") or values.get("environment") or values.get("environment_id")

    def complete_given(self, given: State, current: State | None) -> State:
        """Add the name of the environment where the service shows it: a task may name it by its id."""
        return {**given, "environment_name": (current or {}).get("environment_name")}

    def find(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State:
        """What runs and the orders so far, or the order of this task once it is known."""
        known = given.get("deploy_order_id", ctx.memo(OrderMemo).joined)
        if known is not None:
            # A read that comes too early may not know the order yet.
            order = ORDER.read(ctx, scope, known) or {"deploy_order_id": known, "status": None}
            return {**scope, "order": order}
        # The orders first: one that finishes between the two reads is joined then, and needs no second one.
        orders = ORDER.history(ctx, scope, self.category)
        # The last order tells what runs; an unfinished one, or one that has come since, may be that of this task.
        orders = [
            self.with_missing_details(ctx, scope, order)
            if order is orders[-1] or self.may_be_own(ctx, order)
            else order
            for order in orders
        ]
        state = {
            **scope,
            **self.read_current(ctx, scope, given),
            "order": None,
            "unfinished": [],
            "orders": orders,
        }
        memo = ctx.memo(OrderMemo)
        if ctx.writing:
            later = [order for order in state["orders"] if order["deploy_order_id"] not in memo.earlier]
            mine = [order for order in later if self.order_matches(order, given, state)]
            state["order"] = mine[-1] if mine else None
        if ctx.writing and state["order"] is None:
            state["unfinished"] = ORDER.history(ctx, scope, results=["undecided"])
        return state

    def plan(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """An order, when what runs is not what was asked for, or will not be.

        :raises InvalidOptionError: when another order is unfinished and was not to be waited for or closed.
        """
        memo = ctx.memo(OrderMemo)
        if not ctx.writing:
            memo.earlier = {order["deploy_order_id"] for order in (current or {}).get("orders", ())}
        if current is None:
            return self.plan_order(scope, given, current)
        unfinished = [order for order in current["orders"] if undecided(order)]
        if not unfinished and not self.needs_order(ctx, given, current):
            return Plan(current, current)
        others = unfinished or ORDER.history(ctx, scope, results=["undecided"])
        # One that is of the same kind after all has come since what runs was read.
        candidates = unfinished or (others and ORDER.history(ctx, scope, self.category, ["undecided"]))
        if not unfinished:
            candidates = [self.with_missing_details(ctx, scope, order) for order in candidates]
        for order in candidates:
            if self.order_matches(order, given, current):
                memo.joined = order["deploy_order_id"]
                return Plan(current, {**current, "order": order})
        steps: list[Step] = []
        memo.unfinished = set()
        for order in others:
            # One that has finished is in nobody's way, but what it left is not known before its result is.
            if (ctx.options["on_unfinished"] == "wait" or order["status"] == "finished") and not ctx.check_mode:
                self.wait_for_order(ctx, scope, order)
                return self.plan(ctx, scope, given, self.find(ctx, scope, given))
            steps += self.unblock_steps(ctx, order)
        plan = self.plan_order(scope, given, current)
        return Plan(plan.before, plan.after, [*steps, *plan.steps])

    def wait_for_order(self, ctx: RunContext, scope: Mapping[str, Any], order: State) -> None:
        """Wait until another order has finished and its result is decided, whatever that is."""

        def poll() -> tuple[str | None, State]:
            state = DeployOrder().read(ctx, scope, order["deploy_order_id"]) or order
            return (None if decided(state) else progress(state)), {**scope, "order": state}

        wait_until(ctx, f"{ORDER.describe(order)} to finish", poll, report=True)

    def unblock_steps(self, ctx: RunContext, order: State) -> list[Step]:
        """The way past another unfinished order. There is nothing to close of one that has finished."""
        if order["status"] == "finished":
            return []
        if ctx.options["on_unfinished"] == "fail":
            raise InvalidOptionError(
                f"The environment has an unfinished {ORDER.describe(order)}: {progress(order)}.",
                hint="Finish or close it, or set on_unfinished to wait or close.",
            )
        if ctx.options["on_unfinished"] == "wait":
            return []
        ctx.memo(OrderMemo).unfinished.add(order["deploy_order_id"])
        return [
            Step(CLOSE.action, ORDER.parameters(CLOSE.keys, order), f"close {ORDER.describe(order)}", wait_after=True)
        ]

    def step(self, scope: Mapping[str, Any], sent: State, purpose: str) -> Step:
        """The call that makes an order."""
        parameters = {**self.parameters(self.create_op.keys, scope), **self.serialize_fields(sent, sent)}
        return Step(self.create_op.action, parameters, purpose, self.create_op.returns)

    def check_immutable(self, given: State, current: State) -> None:
        """Nothing is fixed: an order changes it all."""

    def is_desired(self, ctx: RunContext, given: State, current: State | None) -> bool:
        """Whether this task's order is there, or another one that serves it."""
        return current is not None and current["order"] is not None

    def recheck_late_create(self, ctx: RunContext, scope: Mapping[str, Any], given: State, state: State | None) -> None:
        """Wait for a second order of this task. It deploys the same, and an order that is closed leaves half of it."""
        own = (state or {}).get("order")
        if not ctx.wait or own is None:
            return
        orders = ORDER.history(ctx, scope, self.category, ["undecided"])
        later = [order for order in orders if order["deploy_order_id"] > own["deploy_order_id"]]
        for order in [self.with_missing_details(ctx, scope, order) for order in later]:
            if all(order[name] == own.get(name) for name in ("name", "description")):
                ctx.warn(f"A request whose answer was lost has made {ORDER.describe(order)} too. It changes nothing.")
                self.wait_for_order(ctx, scope, order)

    def exists(self, state: State | None) -> bool:
        """Whether the service has the order of this task."""
        order = (state or {}).get("order")
        return order is not None and order["status"] is not None

    def should_replan(self, ctx: RunContext, given: State, current: State | None) -> bool:
        """Whether an order has come or gone since the plan was made."""
        unfinished = {order["deploy_order_id"] for order in (current or {}).get("unfinished", ())}
        return unfinished != ctx.memo(OrderMemo).unfinished

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """As for any order; before there is one, those that are being closed. There may be nothing to wait for.

        :raises FailedStateError: when the order has failed.
        """
        if state["order"] is None:
            return next((progress(order) for order in state["unfinished"]), None)
        try:
            return ORDER.wait_reason(ctx, {}, state["order"])
        except FailedStateError as error:
            raise FailedStateError(error.message, state, error.hint) from None

    def to_result(self, state: State | None) -> dict[str, Any] | None:
        """The deploy order, null when none was needed."""
        if state is None or state["order"] is None:
            return None
        place = {parent.target: state.get(parent.target) for parent in self.scope}
        return ORDER.to_result({**place, **state["order"]})
