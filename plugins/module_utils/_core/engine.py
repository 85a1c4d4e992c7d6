# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The way of one task: options, what is there, plan, apply, look again.

Check mode, diff and the real run follow the same plan; check mode stops before the steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping

from .._api.errors import ApiError, BusinessError
from .comparison import check_effect
from .duplicates import Duplicates
from .errors import FailedStateError
from .eventual_consistency import READ_BACK_DELAYS
from .fields import State
from .option_checks import check_named
from .plan import Plan
from .plan_checks import check_steps, explain_rejection
from .references import resolve_parents, resolve_references
from .resource import Resource
from .run_context import RunContext
from .wait import wait_if_asked, wait_until_ready

MAX_WRITE_ATTEMPTS = 4
"""How often a write that left no trace is sent."""


@dataclass(frozen=True)
class Outcome:
    """What came of a task: the plan it followed, and the thing as it is now.

    :ivar given: what was asked for, with ids in place of names.
    """

    changed: bool
    plan: Plan
    state: State | None
    given: State

    def __repr__(self) -> str:
        # States may hold secrets.
        return f"Outcome(changed={self.changed}, {self.plan!r})"


def validate_options(resource: Resource, options: Mapping[str, Any]) -> State:
    """What the options ask for, once they are known to name one resource.

    :raises InvalidOptionError: when they do not, or when one of them cannot be right; nothing was sent then.
    """
    check_named(resource, options)
    return resource.desired_state(options)


def reconcile(ctx: RunContext, resource: Resource) -> Outcome:
    """Bring one thing to the state that the options describe.

    :raises JstError: with what is wrong, before anything is written if it can be known before.
    """
    given = validate_options(resource, ctx.options)
    for remark in resource.warnings_about(given):
        ctx.warn(remark)
    scope, absent = resolve_parents(ctx, resource)
    current: State | None = None
    if absent is None:
        ctx.activity = f"read {resource.describe(given)}"
        current = find(ctx, resource, scope, given)
    elif ctx.state == "absent":
        return Outcome(False, Plan(None, None), None, given)
    elif ctx.check_mode:
        ctx.assume_created(absent)
    else:
        raise absent

    if ctx.state != "absent":
        given = resolve_references(ctx, resource, scope, given, current)
    given = resource.complete_given(given, current)
    ctx.activity = f"plan {resource.describe(given)}"
    plan = resource.plan(ctx, scope, given, current)
    resource.warn_of_unsent_fields(ctx, given, current, plan)
    check_steps(ctx, resource, scope, given, plan)
    if ctx.check_mode:
        return Outcome(bool(plan.steps), plan, plan.after, given)
    if not plan.steps:
        return Outcome(False, plan, wait_if_asked(ctx, resource, scope, given, plan.after), given)
    duplicates = Duplicates(ctx, resource, scope, plan.before)
    desired = given
    changed, given, current = apply(ctx, resource, scope, given, plan, duplicates)
    state = wait_if_asked(ctx, resource, scope, given, current)
    if duplicates.unsettled:
        resource.recheck_late_create(ctx, scope, given, state)
        if duplicates.recheck(given):
            # What stays may be the resource of another task, which need not be as these options describe it.
            current = duplicates.find(desired)
            new_plan = resource.plan(ctx, scope, desired, current)
            if new_plan.steps:
                _dummy, given, current = apply(ctx, resource, scope, desired, new_plan, duplicates)
            state = wait_if_asked(ctx, resource, scope, {**desired, **_id_of(resource, current)}, current)
    changed = check_effect(ctx, resource, plan, given, state) and changed
    return Outcome(changed, plan, state, given)


def _id_of(resource: Resource, state: State | None) -> State:
    """The id of a resource, as far as it is known."""
    name = resource.id_field or ""
    return {name: state[name]} if state and state.get(name) is not None else {}


def find(ctx: RunContext, resource: Resource, scope: dict[str, Any], given: State) -> State | None:
    """The resource as the service shows it.

    :raises AmbiguousNameError: when its name still fits two after some time.
    :raises IncompleteKeyError: when what is known does not identify it.
    """
    resource.require_key(scope, given)
    return Duplicates(ctx, resource, scope, None).find(given)


def apply(
    ctx: RunContext, resource: Resource, scope: dict[str, Any], given: State, plan: Plan, duplicates: Duplicates
) -> tuple[bool, State, State | None]:
    """Carry out a plan. A write whose outcome is unknown is never repeated before the thing was looked for.

    :returns: whether a write of this task may have had an effect, what is known of the thing besides what was asked
        for, such as its id, and the thing as it is now.
    """
    written = False
    resource_id = (plan.before or {}).get(resource.id_field or "")
    if resource_id is not None:
        given = {**given, resource.id_field or "": resource_id}
    for attempt in range(1, MAX_WRITE_ATTEMPTS + 1):
        ctx.pending_steps = list(plan.steps)
        creating = False
        try:
            for step in plan.steps:
                creating = bool(step.returns)
                result = ctx.write(step)
                written = True
                given = {**given, **resource.read_ids(step, result)}
                if resource.tiebreak_id in step.returns and duplicates.remove_own(given):
                    written = False
                    given = {name: value for name, value in given.items() if name != resource.tiebreak_id}
                    plan = resource.plan(ctx, scope, given, duplicates.find(given))
                    break
                if step.wait_after:
                    wait_until_ready(ctx, resource, scope, given)
            else:
                current = read_back(duplicates, resource, ctx, given, patient=not resource.supports_wait)
                if plan.before is None and current is not None:
                    await_listed(ctx, resource, scope, current)
                return written, given, current
        except ApiError as error:
            is_rejected = isinstance(error, BusinessError)
            if not (error.unknown_outcome or is_rejected):
                raise
            activity = ctx.activity
            duplicates.unsettled = duplicates.unsettled or (creating and error.unknown_outcome)
            # Lists may still show what was deleted, or not yet show what somebody else has just created.
            lists_decide = plan.before is None or ctx.state == "absent"
            patient = error.unknown_outcome or lists_decide
            current = read_back(duplicates, resource, ctx, given, patient, is_rejected=not error.unknown_outcome)
            written = written or error.unknown_outcome
            if resource.is_desired(ctx, given, current) and not _sends_write_only(ctx, resource, given, current):
                # Done by the lost call after all, or by somebody else who wanted the same.
                return written, given, current
            ctx.activity = activity
            if attempt == MAX_WRITE_ATTEMPTS or (is_rejected and not resource.should_replan(ctx, given, current)):
                if isinstance(error, BusinessError):
                    explain_rejection(ctx, resource, scope, given, plan, error)
                raise
            plan = resource.plan(ctx, scope, given, current)
    raise FailedStateError(f"Somebody else makes {resource.describe(given)} and takes it away again and again.")


def _sends_write_only(ctx: RunContext, resource: Resource, given: State, current: State | None) -> bool:
    """Whether the task sends something that no read can show, so that only a response tells that it arrived."""
    return current is not None and ctx.state == "present" and bool(resource.always_sent_fields(ctx, given, current))


def read_back(
    duplicates: Duplicates, resource: Resource, ctx: RunContext, given: State, patient: bool, is_rejected: bool = False
) -> State | None:
    """The thing after a write; a patient look is repeated while the service still shows the state before it."""
    current: State | None = None
    ctx.activity = f"read {resource.describe(given)}"
    for pause in READ_BACK_DELAYS if patient else READ_BACK_DELAYS[:1]:
        if pause:
            ctx.sleep(pause)
        current = duplicates.find(given)
        # What was refused because of something else is not waited for: the other thing may end meanwhile.
        if resource.is_desired(ctx, given, current) or (is_rejected and resource.should_replan(ctx, given, current)):
            break
    return current


def await_listed(ctx: RunContext, resource: Resource, scope: dict[str, Any], created: State) -> None:
    """Wait a moment for a list to show what was just created, since later tasks find it there by its name.

    What is read through a list has been seen there already, and so has what is compared with its duplicates. A task
    that makes several things refers to them by their ids.
    """
    if resource.describe_op is None or resource.tiebreak_id is not None or not resource.key or ctx.strict:
        return
    key = resource.natural_key(created)
    for pause in READ_BACK_DELAYS:
        if pause:
            ctx.sleep(pause)
        if any(resource.list_states(ctx, scope, key, predicate=lambda state: resource.matches(state, key))):
            return
