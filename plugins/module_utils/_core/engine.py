# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The engine: resolve the options, read the live state, plan, apply the plan, read back.

Check mode, diff and the real run follow the same plan. Check mode stops before the first step.
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
from .name_index import retry_without_index
from .option_checks import check_named
from .plan import Plan
from .plan_checks import check_steps, explain_rejection
from .references import resolve_parents, resolve_references
from .resource import Resource
from .run_context import RunContext
from .wait import wait_if_asked, wait_until_ready

MAX_WRITE_ATTEMPTS = 4
"""How often a write is sent whose effect does not show."""


@dataclass(frozen=True)
class Outcome:
    """The result of a run: the plan, and the resource afterwards.

    :ivar given: the desired state, with ids in place of names.
    """

    changed: bool
    plan: Plan
    state: State | None
    given: State

    def __repr__(self) -> str:
        # States may hold secrets.
        return f"Outcome(changed={self.changed}, {self.plan!r})"


def validate_options(resource: Resource, options: Mapping[str, Any]) -> State:
    """Return the desired state, after checking that the options identify one resource.

    :raises InvalidOptionError: when they do not, or when a value is invalid. Nothing was sent then.
    """
    check_named(resource, options)
    return resource.desired_state(options)


def reconcile(ctx: RunContext, resource: Resource) -> Outcome:
    """Bring one resource to the state that the options describe.

    :raises JstError: before any write if the cause can be known before.
    """

    ctx.awaits_effects = resource.supports_wait

    def act() -> Outcome:
        outcome = _reconcile(ctx, resource)
        if ctx.errors:
            ctx.shared_names.confirm(ctx)
        return outcome

    outcome = retry_without_index(ctx, act)
    if ctx.writing and (outcome.plan.before is None or ctx.state == "absent"):
        ctx.shared_names.record(ctx, resource, outcome.plan.before, outcome.state)
    return outcome


def _reconcile(ctx: RunContext, resource: Resource) -> Outcome:
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
    ctx.shared_names.confirm_for(ctx, plan)
    resource.warn_of_unsent_fields(ctx, given, current, plan)
    check_steps(ctx, resource, scope, given, plan)
    if ctx.check_mode:
        return Outcome(bool(plan.steps), plan, plan.after, given)
    if plan.steps:
        plan = resource.refresh_plan(ctx, scope, given, plan)
    if not plan.steps:
        return Outcome(False, plan, wait_if_asked(ctx, resource, scope, given, plan.after), given)
    duplicates = Duplicates(ctx, resource, scope, plan.before)
    desired = given
    changed, given, current = apply(ctx, resource, scope, given, plan, duplicates)
    state = wait_if_asked(ctx, resource, scope, given, current)
    if duplicates.unsettled:
        resource.recheck_late_create(ctx, scope, given, state)
        if duplicates.recheck(given):
            # The remaining one may belong to another task, with other options.
            current = duplicates.find(desired)
            new_plan = resource.plan(ctx, scope, desired, current)
            if new_plan.steps:
                _dummy, given, current = apply(ctx, resource, scope, desired, new_plan, duplicates)
            state = wait_if_asked(ctx, resource, scope, {**desired, **_id_of(resource, current)}, current)
    changed = check_effect(ctx, resource, plan, given, state) and changed
    return Outcome(changed, plan, state, given)


def locate(ctx: RunContext, resource: Resource) -> Outcome:
    """Look one resource up, without comparing it. Its state is ``None`` when it does not exist."""
    given = validate_options(resource, ctx.options)
    scope, absent = resolve_parents(ctx, resource)
    current: State | None = None
    if absent is None:
        ctx.activity = f"read {resource.describe(given)}"
        current = find(ctx, resource, scope, given)
    return Outcome(False, Plan(current, current), current, given)


def _id_of(resource: Resource, state: State | None) -> State:
    """Return the id of a resource, as far as it is known."""
    name = resource.id_field or ""
    return {name: state[name]} if state and state.get(name) is not None else {}


def find(ctx: RunContext, resource: Resource, scope: dict[str, Any], given: State) -> State | None:
    """Return the live state of the resource; ``None`` when it does not exist.

    :raises AmbiguousNameError: when several resources still have its name after some time.
    :raises IncompleteKeyError: when the options do not identify it.
    """
    resource.require_key(scope, given)
    return Duplicates(ctx, resource, scope, None).find(given)


def apply(
    ctx: RunContext, resource: Resource, scope: dict[str, Any], given: State, plan: Plan, duplicates: Duplicates
) -> tuple[bool, State, State | None]:
    """Carry out a plan. A write with an unknown outcome is never repeated before the resource was read.

    :returns: whether a write of this run may have had an effect, the desired state with the ids of the response, and
        the live state.
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
                # The lost call was executed, or somebody else made the same change.
                ctx.complete_lost()
                return written, given, current
            ctx.activity = activity
            if attempt == MAX_WRITE_ATTEMPTS or (is_rejected and not resource.should_replan(ctx, given, current)):
                if isinstance(error, BusinessError):
                    explain_rejection(ctx, resource, scope, given, plan, error)
                raise
            plan = resource.plan(ctx, scope, given, current)
            ctx.complete_lost(plan.steps)
    raise FailedStateError(f"Somebody else creates and deletes {resource.describe(given)} again and again.")


def _sends_write_only(ctx: RunContext, resource: Resource, given: State, current: State | None) -> bool:
    """Return whether the run sends a value that no read can confirm, so that only a response does."""
    return current is not None and ctx.state == "present" and bool(resource.always_sent_fields(ctx, given, current))


def read_back(
    duplicates: Duplicates, resource: Resource, ctx: RunContext, given: State, patient: bool, is_rejected: bool = False
) -> State | None:
    """Return the live state after a write.

    :param patient: whether to read again while the service still shows the state before the write.
    """
    current: State | None = None
    ctx.activity = f"read {resource.describe(given)}"
    for pause in READ_BACK_DELAYS if patient else READ_BACK_DELAYS[:1]:
        if pause:
            ctx.sleep(pause)
        current = duplicates.find(given)
        # A rejection with another cause does not wait: the cause may pass meanwhile.
        if resource.is_desired(ctx, given, current) or (is_rejected and resource.should_replan(ctx, given, current)):
            break
    return current


def await_listed(ctx: RunContext, resource: Resource, scope: dict[str, Any], created: State) -> None:
    """Wait a moment until a list shows a new resource, because later tasks look it up by name.

    Resources that are read from a list, or compared with their duplicates, were seen there already. A task that creates
    several resources refers to them by their ids.
    """
    if resource.describe_op is None or resource.tiebreak_id is not None or not resource.key or ctx.strict:
        return
    key = resource.natural_key(created)
    for pause in READ_BACK_DELAYS:
        if pause:
            ctx.sleep(pause)
        if any(resource.list_states(ctx, scope, key, predicate=lambda state: resource.matches(state, key))):
            return
