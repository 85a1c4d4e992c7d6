# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Checks of a plan before its first step, and the explanation of a rejected plan."""

from __future__ import annotations

from typing import Any

from .._api.errors import ApiError, BusinessError, JstError, PermissionDeniedError, join_sentences
from .._api.hints import Hint
from .fields import State
from .plan import Plan
from .resource import Resource
from .run_context import RunContext


def check_steps(ctx: RunContext, resource: Resource, scope: dict[str, Any], given: State, plan: Plan) -> None:
    """Reject a plan that cannot be carried out, before its first step.

    :raises JstError: when a check of the resource fails, or a request cannot be encoded. In check mode also when reads
        show that the service rejects the plan. A real run leaves that to the service.
    """
    if plan.steps:
        resource.preflight(ctx, scope, given, plan)
    for step in plan.steps:
        ctx.client.check(step.action, step.parameters)
    if plan.steps and ctx.check_mode and not ctx.may_differ(resource.unblocked_by):
        obstacle = find_obstacle(ctx, resource, scope, given, plan)
        if obstacle is not None:
            raise obstacle


def find_obstacle(
    ctx: RunContext, resource: Resource, scope: dict[str, Any], given: State, plan: Plan
) -> JstError | None:
    """Return why the service rejects a plan; ``None`` when nothing shows it, or the reads are rejected, too."""
    activity = ctx.activity
    ctx.activity = f"check whether the service accepts the request to {plan.steps[0].purpose}"
    try:
        return resource.obstacle(ctx, scope, given, plan)
    except (BusinessError, PermissionDeniedError):
        return None
    finally:
        ctx.activity = activity


def explain_rejection(
    ctx: RunContext, resource: Resource, scope: dict[str, Any], given: State, plan: Plan, error: BusinessError
) -> None:
    """Add to a rejection the reason that check mode would report."""
    try:
        obstacle = find_obstacle(ctx, resource, scope, given, plan)
    except ApiError:
        # The error is about the write. Without these reads it is shorter, and still correct.
        return
    if obstacle is not None:
        reason, advice = join_sentences(obstacle.message), obstacle.hint or error.hint
        text = "{reason} {advice}" if advice else "{reason}"
        error.hint = Hint(text, text, reason=reason, advice=advice)
