# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What an environment runs, as a part of the description of a whole app.

A run releases an environment whose content or configuration differs, and scales one in which only the number of
instances does. What it leaves as it is, it reports.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from .._api.errors import JstError
from .._core.errors import FailedStateError
from .._core.eventual_consistency import READ_BACK_DELAYS
from .._core.fields import State
from .._core.plan import Plan
from .._core.run_context import RunContext
from .app_instance import list_running
from .deployment import Deployment
from .ordered_change import ORDER, OrderedChange, OrderMemo
from .running_state import (
    FIRST_RELEASE,
    RELEASE_REASONS,
    Comparison,
    RunningDifference,
    compare_instances,
    compare_orders,
    describe_running,
    last_decided,
)
from .scale import Scale

RELEASE, REPORT = "release", "report"
"""What to do about an environment that runs something else than what is described."""

ROLLOUT_OPTIONS: dict[str, Any] = {
    "on_change": {"type": "str", "choices": [RELEASE, REPORT], "default": RELEASE},
    "scale": {"type": "bool", "default": True},
}


@dataclass
class RolloutMemo:
    """What the run decided.

    :ivar is_scaling: whether it scales the environment instead of releasing it.
    :ivar found: what the environment ran when the run began, ``None`` when it did not exist.
    """

    is_scaling: bool = False
    found: State | None = None


class Rollout(Deployment):
    """The release and the number of instances of an environment.

    Options in addition to a release's own, which the composition sets: ``is_described``, whether the description has a
    release; ``replicas``, the described number of instances, ``None`` for an app without instances; ``config`` and
    ``configs``, deploy configs as they will be; ``changed_secrets``, ids of those whose Secrets the run changes.
    """

    def desired_state(self, options: Mapping[str, Any]) -> State:
        """Return the desired state, with the number of instances."""
        return {**super().desired_state(options), "replicas": options["replicas"]}

    # Live state

    def find(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State:
        """Return the live state with the unfinished orders; that of the scaling once the run has decided to scale."""
        if ctx.memo(RolloutMemo).is_scaling:
            return Scale().find(ctx, scope, given)
        state = super().find(ctx, scope, given)
        if state["order"] is None and not ctx.writing:
            state["unfinished"] = ORDER.list_history(ctx, scope, results=["undecided"])
            ctx.memo(RolloutMemo).found = state
        return state

    def read_current(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State:
        """Return also the instances."""
        instances = list_running(ctx, scope, given["replicas"])
        state = super().read_current(ctx, scope, given)
        # An order that the run itself has created has the present Secrets.
        is_outdated = not ctx.writing and self.has_changed_secrets(ctx, state)
        return {**state, "instances": instances, "orders_are_outdated": is_outdated}

    def has_changed_secrets(self, ctx: RunContext, current: Mapping[str, Any]) -> bool:
        """Return whether the run changes the Secrets of the deploy config of the environment."""
        config = current["desired"]["deploy_config_id"]
        return config is not None and config in ctx.options["changed_secrets"]

    def order_matches(self, order: State, given: Mapping[str, Any], current: State) -> bool:
        """Return whether an order leads to the desired state.

        Where the service does not keep revisions, a mark does not show which Secrets it releases.
        """
        return not current["orders_are_outdated"] and super().order_matches(order, given, current)

    def has_instances(self, ctx: RunContext, current: State) -> bool:
        """Return whether the environment has instances that are not going offline."""
        return bool(current["instances"])

    def compare(self, ctx: RunContext, current: State) -> Comparison:
        """Compare the last release with the desired one. Without a description of a release, any content is right."""
        comparison = super().compare(ctx, current)
        reasons = comparison.reasons
        if not ctx.options["is_described"]:
            reasons = [each for each in reasons if each.reason != "content"]
        named = {each.reason for each in reasons}
        if self.has_changed_secrets(ctx, current) and not named & {"secrets", *FIRST_RELEASE}:
            reasons = [*reasons, RunningDifference("secrets", "runs with other Secrets than those that are described")]
        is_unknown = comparison.content_is_unknown and ctx.options["is_described"]
        return Comparison(reasons, is_unknown, comparison.config_is_unknown)

    # Plan

    def may_release(self, ctx: RunContext, comparison: Comparison) -> bool:
        """Return whether the description lets the run release the environment. The first release is no change."""
        is_first = any(each.reason in FIRST_RELEASE for each in comparison.reasons)
        return bool(ctx.options["is_described"]) and (ctx.options["on_change"] == RELEASE or is_first)

    def may_scale(self, ctx: RunContext) -> bool:
        """Return whether the description lets the run scale the environment."""
        return bool(ctx.options["is_described"] and ctx.options["scale"] and ctx.options["replicas"] is not None)

    def needs_order(self, ctx: RunContext, given: Mapping[str, Any], current: State) -> bool:
        """Return whether the environment has to be released, and the run may do it."""
        return super().needs_order(ctx, given, current) and self.may_release(ctx, current["comparison"])

    def plan(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Plan a release or a scaling. Report the differences that the run leaves as they are."""
        if current is None:
            return super().plan(ctx, scope, given, current) if ctx.options["is_described"] else Plan(None, None)
        if ctx.memo(RolloutMemo).is_scaling:
            return Scale().plan(ctx, scope, given, current)
        if current["order"] is not None:
            return super().plan(ctx, scope, given, current)
        comparison: Comparison = current["comparison"]
        plan = Plan(current, current)
        if self.may_release(ctx, comparison):
            plan = super().plan(ctx, scope, given, current)
        else:
            self.warn_of_unknown(ctx, given, current)
        if plan.steps or (plan.after or {}).get("order") is not None:
            self.warn_of_number(ctx, given, current, plan)
            return plan
        if self.needs_scaling(ctx, given, current) and not self.was_out_of_date(ctx, given, current):
            ctx.memo(RolloutMemo).is_scaling = True
            self.warn_of(ctx, given, current, current["comparison"].reasons)
            return Scale().plan(ctx, scope, given, Scale().find(ctx, scope, given))
        self.warn_of(ctx, given, current, self.differences_left(ctx, current))
        return plan

    def warn_of(self, ctx: RunContext, given: State, current: State, reasons: Sequence[RunningDifference]) -> None:
        """Warn of differences that the run leaves as they are, and of what mends them."""
        environment = self.environment_title({**current, **given})
        for reason in reasons:
            ctx.warn(f"Environment {environment!r} {reason.message}.{self.advice(ctx, reason)}")

    def advice(self, ctx: RunContext, reason: RunningDifference) -> str:
        """Return why the run does not release for a reason, and what does; empty for a reason that no release mends."""
        if reason.reason not in RELEASE_REASONS:
            return ""
        why = "release.on_change is report" if ctx.options["is_described"] else "The description has no release"
        # A restart keeps what runs, which has to be known.
        playbook = "restart" if reason.reason in ("configuration", "secrets") else "release"
        return f" {why}, so the run does not release it. Playbook {playbook} does."

    def warn_of_number(self, ctx: RunContext, given: Mapping[str, Any], current: State, plan: Plan) -> None:
        """Warn of a release that starts another number of instances than people or an autoscaler have set.

        No parameter of a release takes the number: it starts the replicas of the environment (reference 5.1.1).
        """
        runs, replicas = len(current["instances"]), given["replicas"]
        if plan.steps and not ctx.options["scale"] and runs and replicas not in (None, runs):
            ctx.warn(
                f"Environment {self.environment_title({**current, **given})!r} runs {runs} instances, and the release "
                f"starts {replicas}, its replicas. Set replicas to {runs} to keep the number."
            )

    def needs_scaling(self, ctx: RunContext, given: Mapping[str, Any], current: Mapping[str, Any]) -> bool:
        """Return whether only the number of instances differs, and the run may scale."""
        stays = {each.reason for each in current["comparison"].reasons} - {"content", "configuration", "secrets"}
        return (
            self.may_scale(ctx)
            and not stays
            and last_decided(current) is not None
            and len(current["instances"]) != given["replicas"]
        )

    def was_out_of_date(self, ctx: RunContext, given: State, current: State) -> bool:
        """Return whether a list of instances that contradicts the desired number soon agrees with it.

        Once for each run, before the first write: the list may be that of the moment before an earlier order ended.
        """
        for delay in READ_BACK_DELAYS[1:] if ctx.check_mode else ():
            ctx.sleep_and_invalidate(delay)
            current["instances"] = list_running(ctx, current)
            if len(current["instances"]) == given["replicas"]:
                return True
        return False

    def differences_left(self, ctx: RunContext, current: Mapping[str, Any]) -> list[RunningDifference]:
        """Return how what runs differs from what is described, when the run changes nothing about it.

        An environment whose description has no release may as well run nothing.
        """
        reasons: list[RunningDifference] = list(current["comparison"].reasons)
        if not ctx.options["is_described"]:
            reasons = [each for each in reasons if each.reason not in FIRST_RELEASE]
        is_compared = bool(current["instances"]) or self.needs_scaling(ctx, ctx.options, current)
        replicas = ctx.options["replicas"] if is_compared and ctx.options["scale"] else None
        return [*reasons, *compare_instances(current["instances"], replicas), *compare_orders(current["unfinished"])]

    def report(self, ctx: RunContext, state: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the environment runs, for the result."""
        comparison: Comparison = state["comparison"]
        is_known = not comparison.config_is_unknown
        return {
            **describe_running(last_decided(state), state["instances"], state["unfinished"], is_known),
            "content_is_known": not comparison.content_is_unknown,
            "differences": [reason._asdict() for reason in self.differences_left(ctx, state)],
        }

    # The methods that a scaling has of its own

    def acting(self, ctx: RunContext) -> OrderedChange | None:
        """Return the scaling that the run has decided on, if any."""
        return Scale() if ctx.memo(RolloutMemo).is_scaling else None

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Check the options of a release."""
        if self.acting(ctx) is None:
            super().preflight(ctx, scope, given, plan)

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """Return the progress of the order. An order of somebody else, which may be paused for days, is not awaited."""
        if state["order"] is None and not ctx.memo(OrderMemo).unfinished:
            return None
        try:
            return super().wait_reason(ctx, given, state)
        except FailedStateError as error:
            environment = self.environment_title({**state, **given})
            raise FailedStateError(f"Environment {environment!r}: {error.message}", state, error.hint) from None

    def obstacle(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """Return why the service rejects the release or the scaling."""
        scaling = self.acting(ctx)
        return scaling.obstacle(ctx, scope, given, plan) if scaling else super().obstacle(ctx, scope, given, plan)

    def refresh_plan(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> Plan:
        """Return a new plan when an order was created since the live state was read."""
        scaling = self.acting(ctx)
        if scaling is not None:
            return scaling.refresh_plan(ctx, scope, given, plan)
        return super().refresh_plan(ctx, scope, given, plan)

    def recheck_late_create(self, ctx: RunContext, scope: Mapping[str, Any], given: State, state: State | None) -> None:
        """Wait for a second order that the run has created."""
        scaling = self.acting(ctx)
        if scaling is not None:
            scaling.recheck_late_create(ctx, scope, given, state)
        else:
            super().recheck_late_create(ctx, scope, given, state)

    def to_diff(self, before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return both sides of the diff, of the release or of the scaling."""
        is_scaling = after is not None and "desired" not in after and "replicas" in after
        return Scale().to_diff(before, after) if is_scaling else super().to_diff(before, after)
