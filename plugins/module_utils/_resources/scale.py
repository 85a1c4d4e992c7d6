# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The number of instances of an environment (reference 5.1.3)."""

from __future__ import annotations

import re
from typing import Any, Mapping

from .._api.errors import JstError
from .._api.hints import Hint
from .._core.errors import InvalidOptionError
from .._core.eventual_consistency import READ_BACK_DELAYS
from .._core.field_types import Integer
from .._core.fields import CALL_MODE, Field, OperationRef, State
from .._core.plan import Plan
from .._core.run_context import RunContext
from .._core.wording import count_words
from .app import App
from .app_instance import list_running
from .deployment import Deployment
from .ordered_change import ORDER, OrderedChange


class Scale(OrderedChange):
    """The number of instances. The reference does not say whether scaling changes the replicas of the environment."""

    label = "scaling"
    category = "scale"
    fields = (
        Field("replicas", Integer(0), "Replicas"),
        Field("partitions", Integer(1), "TotalPartitions", response_path="", write_only=CALL_MODE),
    )
    create_op = OperationRef("ScaleApp", {"EnvId": "environment_id"}, {"deploy_order_id": "deploy_order_id"})
    extra_options = {**OrderedChange.extra_options, "replicas": {"type": "int", "required": True}}

    def read_current(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State:
        """Return the number of instances, without those that are going offline."""
        return {"replicas": len(list_running(ctx, scope, given.get("replicas")))}

    def needs_order(self, ctx: RunContext, given: Mapping[str, Any], current: State) -> bool:
        """Return whether another number of instances runs. After a scaling, the list may be outdated for a while."""
        last = current["orders"][-1] if current["orders"] else None
        scaled = last is not None and last["result"] == "succeeded" and self.order_matches(last, given, current)
        for pause in READ_BACK_DELAYS if scaled else READ_BACK_DELAYS[:1]:
            if pause:
                ctx.sleep_and_invalidate(pause)
                current = {**current, **self.read_current(ctx, current, given)}
            if current["replicas"] == given["replicas"]:
                return False
        return True

    def order_matches(self, order: State, given: Mapping[str, Any], current: State) -> bool:
        """Return whether the name of an order holds the number of instances, as in the sample of reference 5.1.2."""
        numbers = re.findall(r"\d+", order["name"] or "")
        return str(given["replicas"]) in numbers and {*numbers} <= {
            str(given["replicas"]),
            str(order["deploy_order_id"]),
        }

    def plan_order(self, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Plan a scaling. The service chooses the name of the order."""
        order = {"partitions": given.get("partitions")}
        after = {**(current or scope), "replicas": given["replicas"], "order": order}
        purpose = f"scale environment {self.environment_title(given)!r} to {count_words(given['replicas'], 'instance')}"
        return Plan(current, after, [self.order_step(scope, given, purpose)])

    def obstacle(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """Return an error when nothing was released to the environment. Running instances show that something was."""
        before = plan.before
        if before is None or before.get("replicas") != 0 or before.get("unfinished"):
            return None
        environment = f"Environment {self.environment_title(given)!r}"
        if (App().read(ctx, {}, scope["app_id"]) or {}).get("state_type") == "cron_job":
            return InvalidOptionError(f"{environment} belongs to an app of scheduled jobs, which has no instances.")
        deployed = Deployment().read_deployed(ctx, scope)
        releases = ORDER.list_history(ctx, scope, Deployment.category)
        if any(deployed.values()) if deployed is not None else releases:
            return None
        if any(order["status"] != "finished" for order in releases):
            return None
        return InvalidOptionError(
            f"{environment} runs nothing that could be scaled: it was never released, or it was taken offline.",
            hint=Hint(
                "Release it first, with jst_deployment or role release.",
                "请先用 jst_deployment 或角色 release 发布该环境。",
            ),
        )

    def to_diff(self, before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return both sides of the diff: the number of instances."""
        sides = [{"replicas": state["replicas"]} if state else {} for state in (before, after)]
        return sides[0], sides[1]

    def to_result(self, state: State | None) -> dict[str, Any] | None:
        """Return the deploy order without its description: no parameter sets it."""
        shown = super().to_result(state)
        return shown and {name: value for name, value in shown.items() if name != "description"}
