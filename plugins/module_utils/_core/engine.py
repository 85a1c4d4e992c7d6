# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The way of one task: options, what is there, plan, apply, look again.

Check mode, diff and the real run follow the same plan; check mode stops before the steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Mapping, Sequence

from .._api.errors import ApiError, BusinessError, JstError, PermissionDeniedError, join_sentences
from .comparison import took_effect
from .duplicates import Duplicates
from .errors import FailedStateError
from .fields import State
from .option_checks import check_named
from .patience import READ_BACK_DELAYS
from .plan import Plan
from .references import resolve_parents, resolve_references
from .resource import Resource
from .task import Task
from .wait import wait_until
from .words import sentence

MAX_WRITE_ATTEMPTS = 4
"""How often a write that left no trace is sent."""

# How many looks in a row have to miss what was there before; one alone may be an old answer.
MISSES = 3


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


def check_steps(task: Task, resource: Resource, scope: dict[str, Any], given: State, plan: Plan) -> None:
    """Refuse a plan that could not be carried out, before its first step.

    :raises JstError: when a check of the resource fails, or a request cannot be encoded. In check mode also when the
        service is seen to reject the plan; a real run leaves that to the service.
    """
    if plan.steps:
        resource.preflight(task, scope, given, plan)
    for step in plan.steps:
        task.client.check(step.action, step.parameters)
    if plan.steps and task.check_mode and not task.may_differ(resource.unblocked_by):
        obstacle = find_obstacle(task, resource, scope, given, plan)
        if obstacle is not None:
            raise obstacle


def find_obstacle(task: Task, resource: Resource, scope: dict[str, Any], given: State, plan: Plan) -> JstError | None:
    """Return why the service rejects a plan, ``None`` when nothing shows it, or what would show it cannot be read."""
    doing = task.doing
    task.doing = f"see whether the service lets the task {plan.steps[0].purpose}"
    try:
        return resource.obstacle(task, scope, given, plan)
    except (BusinessError, PermissionDeniedError):
        return None
    finally:
        task.doing = doing


def explain(
    task: Task, resource: Resource, scope: dict[str, Any], given: State, plan: Plan, error: BusinessError
) -> None:
    """Add to the rejection of a plan what check mode says of it."""
    try:
        obstacle = find_obstacle(task, resource, scope, given, plan)
    except ApiError:
        # The error is about the write. Without these calls it says less, and is as right.
        return
    if obstacle is not None:
        error.hint = join_sentences(obstacle.message, obstacle.hint or error.hint)


def desired(resource: Resource, options: Mapping[str, Any]) -> State:
    """What the options ask for, once they are known to name one resource.

    :raises InvalidOptionError: when they do not, or when one of them cannot be right; nothing was sent then.
    """
    check_named(resource, options)
    return resource.given(options)


def reconcile(task: Task, resource: Resource) -> Outcome:
    """Bring one thing to the state that the options describe.

    :raises JstError: with what is wrong, before anything is written if it can be known before.
    """
    given = desired(resource, task.options)
    for remark in resource.remarks(given):
        task.warn(remark)
    scope, absent = resolve_parents(task, resource)
    current: State | None = None
    if absent is None:
        task.doing = f"read {resource.describe(given)}"
        current = find(task, resource, scope, given)
    elif task.state == "absent":
        return Outcome(False, Plan(None, None), None, given)
    elif task.check_mode:
        task.assume(absent)
    else:
        raise absent

    if task.state != "absent":
        given = resolve_references(task, resource, scope, given, current)
    given = resource.complete_given(given, current)
    task.doing = f"plan {resource.describe(given)}"
    plan = resource.plan(task, scope, given, current)
    resource.warn_of_kept_back(task, given, current, plan)
    check_steps(task, resource, scope, given, plan)
    if task.check_mode:
        return Outcome(bool(plan.steps), plan, plan.after, given)
    if not plan.steps:
        return Outcome(False, plan, ready(task, resource, scope, given, plan.after), given)
    duplicates = Duplicates(task, resource, scope, plan.before)
    asked = given
    changed, given, current = apply(task, resource, scope, given, plan, duplicates)
    state = ready(task, resource, scope, given, current)
    if duplicates.unsettled:
        resource.recheck_late_create(task, scope, given, state)
        if duplicates.recheck(given):
            # What stays may be the resource of another task, which need not be as these options describe it.
            current = duplicates.find(asked)
            again = resource.plan(task, scope, asked, current)
            if again.steps:
                _dummy, given, current = apply(task, resource, scope, asked, again, duplicates)
            state = ready(task, resource, scope, {**asked, **_identity(resource, current)}, current)
    changed = took_effect(task, resource, plan, given, state) and changed
    return Outcome(changed, plan, state, given)


def _identity(resource: Resource, state: State | None) -> State:
    """The id of a resource, as far as it is known."""
    name = resource.identity or ""
    return {name: state[name]} if state and state.get(name) is not None else {}


def find(task: Task, resource: Resource, scope: dict[str, Any], given: State) -> State | None:
    """The resource as the service shows it.

    :raises AmbiguousNameError: when its name still fits two after some time.
    :raises IncompleteKeyError: when what is known does not identify it.
    """
    resource.require_key(scope, given)
    return Duplicates(task, resource, scope, None).find(given)


def apply(
    task: Task, resource: Resource, scope: dict[str, Any], given: State, plan: Plan, duplicates: Duplicates
) -> tuple[bool, State, State | None]:
    """Carry out a plan. A write whose outcome is unknown is never repeated before the thing was looked for.

    :returns: whether a write of this task may have had an effect, what is known of the thing besides what was asked
        for, such as its id, and the thing as it is now.
    """
    written = False
    identity = (plan.before or {}).get(resource.identity or "")
    if identity is not None:
        given = {**given, resource.identity or "": identity}
    for attempt in range(1, MAX_WRITE_ATTEMPTS + 1):
        task.ahead = list(plan.steps)
        creating = False
        try:
            for step in plan.steps:
                creating = bool(step.returns)
                result = task.write(step)
                written = True
                given = {**given, **resource.learn(step, result)}
                if resource.elder in step.returns and duplicates.remove_own(given):
                    written = False
                    given = {name: value for name, value in given.items() if name != resource.elder}
                    plan = resource.plan(task, scope, given, duplicates.find(given))
                    break
                if step.settles:
                    await_ready(task, resource, scope, given)
            else:
                current = look(duplicates, resource, task, given, patient=not resource.waits)
                if plan.before is None and current is not None:
                    await_listed(task, resource, scope, current)
                return written, given, current
        except ApiError as error:
            refused = isinstance(error, BusinessError)
            if not (error.unknown_outcome or refused):
                raise
            doing = task.doing
            duplicates.unsettled = duplicates.unsettled or (creating and error.unknown_outcome)
            # Lists may still show what was deleted, or not yet show what somebody else has just created.
            lists_decide = plan.before is None or task.state == "absent"
            patient = error.unknown_outcome or lists_decide
            current = look(duplicates, resource, task, given, patient, is_refused=not error.unknown_outcome)
            written = written or error.unknown_outcome
            if resource.reached(task, given, current) and not _is_hidden(task, resource, given, current):
                # Done by the lost call after all, or by somebody else who wanted the same.
                return written, given, current
            task.doing = doing
            if attempt == MAX_WRITE_ATTEMPTS or (refused and not resource.overtaken(task, given, current)):
                if isinstance(error, BusinessError):
                    explain(task, resource, scope, given, plan, error)
                raise
            plan = resource.plan(task, scope, given, current)
    raise FailedStateError(f"Somebody else makes {resource.describe(given)} and takes it away again and again.")


def _is_hidden(task: Task, resource: Resource, given: State, current: State | None) -> bool:
    """Whether the task sends something that no read can show, so that only a response tells that it arrived."""
    return current is not None and task.state == "present" and bool(resource.forced(task, given, current))


def look(
    duplicates: Duplicates, resource: Resource, task: Task, given: State, patient: bool, is_refused: bool = False
) -> State | None:
    """The thing after a write; a patient look is repeated while the service still shows the state before it."""
    current: State | None = None
    task.doing = f"read {resource.describe(given)}"
    for pause in READ_BACK_DELAYS if patient else READ_BACK_DELAYS[:1]:
        if pause:
            task.sleep(pause)
        current = duplicates.find(given)
        # What was refused because of something else is not waited for: the other thing may end meanwhile.
        if resource.reached(task, given, current) or (is_refused and resource.overtaken(task, given, current)):
            break
    return current


def await_listed(task: Task, resource: Resource, scope: dict[str, Any], created: State) -> None:
    """Wait a moment for a list to show what was just created, since later tasks find it there by its name.

    What is read through a list has been seen there already, and so has what is compared with its duplicates. A task
    that makes several things refers to them by their ids.
    """
    if resource.detail is None or resource.elder is not None or not resource.key or task.strict:
        return
    key = resource.natural_key(created)
    for pause in READ_BACK_DELAYS:
        if pause:
            task.sleep(pause)
        if any(resource.records(task, scope, key, keep=lambda state: resource.matches(state, key))):
            return


def ready(task: Task, resource: Resource, scope: dict[str, Any], given: State, current: State | None) -> State | None:
    """The thing once it is ready, or as it is when the task does not wait."""
    if not (task.wait and resource.waits):
        return current
    return await_ready(task, resource, scope, given, [current])


def await_ready(
    task: Task, resource: Resource, scope: dict[str, Any], given: State, known: Sequence[State | None] = ()
) -> State | None:
    """Wait until the thing is ready, or gone.

    :param known: the state that was just read, if one was.
    :raises FailedStateError: when somebody else takes it away meanwhile.
    """
    first = list(known)
    seen = False
    missed = 0

    def look_once() -> tuple[str | None, State | None]:
        nonlocal seen, missed
        state = first.pop() if first else resource.find(task, scope, given)
        if task.state == "absent":
            return (None if resource.reached(task, given, state) else "still there"), state
        missed = 0 if resource.exists(state) else missed + 1
        seen = seen or not missed
        if seen and missed >= MISSES:
            thing = sentence(resource.describe(given))
            raise FailedStateError(f"{thing} is gone: somebody else took it away while the task waited for it.")
        return ("not there" if state is None else resource.pending(task, given, state)), state

    task.doing = f"read {resource.describe(given)}"
    result: State | None = wait_until(task, resource.describe(given), look_once, resource.reports)
    return result
