# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Duplicates: resources of one name that parallel tasks created at the same moment.

Two tasks that both find nothing both create. Ids rise, so the lowest id is the oldest and stays. Every task deletes its
own duplicate, without force. A task whose create response was lost does not know its own id. It deletes every younger
duplicate that appeared since its first read: each belongs to a task that follows the same rule. A resource that existed
before the task is never deleted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Callable, Mapping, Sequence, TypeVar

from .._api.errors import ApiError, BusinessError
from .errors import AmbiguousNameError
from .eventual_consistency import READ_BACK_DELAYS
from .plan import Step

if TYPE_CHECKING:
    from .fields import State
    from .reading import ReadOnlyResource
    from .resource import Resource
    from .run_context import RunContext

T = TypeVar("T")

DUPLICATE_RECHECK_DELAYS = (0.5, 1.0, 2.0, 4.0)
"""Seconds before each further read of an ambiguous name: the task that created the younger may be deleting it."""

UNSETTLED_RECHECKS = 2
"""How many of these reads a task makes that may itself delete duplicates. Other tasks wait longer."""

MAX_REMOVAL_ATTEMPTS = 3
"""How often a deletion is sent after which the duplicate still exists."""


def reread_while_ambiguous(
    ctx: RunContext,
    resource: ReadOnlyResource,
    scope: Mapping[str, Any],
    read: Callable[[], T],
    rechecks: int | None = None,
) -> T:
    """Return what ``read`` returns, and read again while several resources have the name.

    :param rechecks: the maximum number of further reads; ``None`` for one after each delay.
    :raises AmbiguousNameError: when several still have the name after the last delay, with what uses each of them.
    """
    for delay in DUPLICATE_RECHECK_DELAYS[:rechecks] if resource.tiebreak_id else ():
        try:
            return read()
        except AmbiguousNameError:
            ctx.sleep_and_invalidate(delay)
    try:
        return read()
    except AmbiguousNameError as error:
        if resource.tiebreak_id:
            explain_duplicates(ctx, resource, scope, error)
        raise


def explain_duplicates(
    ctx: RunContext, resource: ReadOnlyResource, scope: Mapping[str, Any], error: AmbiguousNameError
) -> None:
    """Add to an error what uses each resource of the name, as far as the service shows it."""
    uses: dict[Any, Sequence[str] | None] = {}
    for resource_id in error.candidates:
        try:
            uses[resource_id] = resource.uses(ctx, scope, resource_id)
        except ApiError:
            # The error is about the name. Without these reads it is shorter, and still correct.
            uses[resource_id] = None
    error.explain(f"jst_{resource.name}", uses)


class Duplicates:
    """The duplicates of one resource during a run.

    :param before: the state of the first read; ``None`` when the resource did not exist.
    :ivar unsettled: whether this run may have created a resource that was not compared with its duplicates: the
        response to the create was lost, or the list could not be read after it.
    """

    def __init__(self, ctx: RunContext, resource: Resource, scope: Mapping[str, Any], before: State | None) -> None:
        self._ctx = ctx
        self._resource = resource
        self._scope = scope
        self._known_ids = {(before or {}).get(resource.tiebreak_id or "")}
        self.unsettled = False

    def find(self, given: State) -> State | None:
        """Return the live state; ``None`` when the resource does not exist.

        :raises AmbiguousNameError: when several resources have the name, and this run may delete none of them.
        """

        def read() -> State | None:
            return self._resource.find(self._ctx, self._scope, given)

        try:
            rechecks = UNSETTLED_RECHECKS if self.unsettled else None
            return reread_while_ambiguous(self._ctx, self._resource, self._scope, read, rechecks)
        except AmbiguousNameError:
            if not (self.unsettled and self.remove_younger(given)):
                raise
        return read()

    def remove_own(self, given: State) -> bool:
        """Delete the resource that this run just created, if an older one has its name.

        :param given: holds the id that the service returned.
        :returns: whether it was deleted.
        """
        own = given.get(self._resource.tiebreak_id or "")
        before, self.unsettled = self.unsettled, True
        for delay in READ_BACK_DELAYS:
            if delay:
                self._ctx.sleep(delay)
            by_id = self._list(given)
            # A list without it is stale, and may lack an older one, too.
            if own in by_id:
                break
        else:
            return False
        first = min(by_id) == own
        if not first:
            self._remove(given, by_id[own])
        self.unsettled = before
        return not first

    def remove_younger(self, given: State) -> bool:
        """Delete the younger duplicates that appeared since the first read.

        :returns: whether one was deleted.
        """
        by_id = self._list(given)
        younger = [resource_id for resource_id in sorted(by_id)[1:] if resource_id not in self._known_ids]
        for resource_id in younger:
            self._remove(given, by_id[resource_id])
        return bool(younger)

    def recheck(self, given: State) -> bool:
        """Read again for a create that is executed after its response was lost.

        A resource that exists meanwhile proves nothing: another task may have created it.

        :returns: whether a duplicate was deleted, which may have been the resource of this run.
        """
        if not self._resource.tiebreak_id:
            return False
        for delay in READ_BACK_DELAYS:
            if delay:
                self._ctx.sleep(delay)
            if self.remove_younger(given):
                return True
        return False

    def _list(self, given: State) -> dict[Any, State]:
        """Return all resources of the name by id."""
        resource, key = self._resource, self._resource.natural_key(given)
        self._ctx.activity = f"look for duplicates of {resource.describe(given)}"
        states = [state for state in resource.list_states(self._ctx, self._scope, key) if resource.matches(state, key)]
        return {state[resource.tiebreak_id or ""]: state for state in states}

    def _remove(self, given: State, duplicate: State) -> None:
        """Delete one duplicate. The service rejects the deletion of one that is in use.

        :raises ApiError: when the service rejects the deletion and the duplicate still exists.
        """
        resource_id = duplicate[self._resource.tiebreak_id or ""]
        purpose = (
            f"remove the duplicate {self._resource.describe(given)} ({resource_id}), "
            "which was created at the same time as another one"
        )
        for step in self._resource.delete_steps({**self._ctx.options, **self._scope, **duplicate, "force": False}):
            for attempt in range(1, MAX_REMOVAL_ATTEMPTS + 1):
                try:
                    self._ctx.write(Step(step.action, step.parameters, purpose))
                    break
                except ApiError as error:
                    rejected = isinstance(error, BusinessError)
                    if not (error.unknown_outcome or rejected):
                        raise
                    if self._is_gone(given, resource_id):
                        self._ctx.complete_lost()
                        break
                    self._ctx.activity, self._ctx.lost_step = purpose, None
                    if rejected or attempt == MAX_REMOVAL_ATTEMPTS:
                        raise

    def _is_gone(self, given: State, resource_id: Any) -> bool:
        """Return whether a duplicate no longer exists. Its own task, or a lost deletion, may have deleted it."""
        for delay in READ_BACK_DELAYS:
            if delay:
                self._ctx.sleep(delay)
            if resource_id not in self._list(given):
                return True
        return False
