# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Two resources of one name, where the service does not keep names unique: which of them a task removes.

Two tasks that both saw nothing both create. Ids rise, so the lowest id was there first and stays. Every task removes
what it created itself, without force. A task whose create was never answered does not know its own, so it removes every
younger one that came since it first looked: each of those belongs to a task that follows the same rule. What was there
before the task began is never removed.
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
"""Seconds before each further read of a name that fits two: the task that created the younger may be removing it."""

UNSETTLED_RECHECKS = 2
"""How many of these reads a task makes that may remove duplicates itself: others wait longer than it does."""

MAX_REMOVAL_ATTEMPTS = 3
"""How often a removal that left the duplicate in place is sent."""


def reread_while_ambiguous(
    ctx: RunContext,
    resource: ReadOnlyResource,
    scope: Mapping[str, Any],
    read: Callable[[], T],
    rechecks: int | None = None,
) -> T:
    """Return what ``read`` returns, reading again while a name fits two resources.

    :param rechecks: how often at most, ``None`` for as often as there are delays.
    :raises AmbiguousNameError: when the name still fits two after the last delay. It says what uses each of them.
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
    """Let an error say what uses each of the resources that a name fits, as far as the service shows it."""
    uses: dict[Any, Sequence[str] | None] = {}
    for resource_id in error.candidates:
        try:
            uses[resource_id] = resource.uses(ctx, scope, resource_id)
        except ApiError:
            # The error is about the name. Without these calls it says less, and is as right.
            uses[resource_id] = None
    error.explain(f"jst_{resource.name}", uses)


class Duplicates:
    """What one run of a task knows about resources with the name of its own.

    :param before: the state that the task first read, ``None`` when the resource did not exist.
    :ivar unsettled: whether this task may have created a resource that it has not yet compared with others of its
        name: the answer to the create was lost, or the list could not be read after it.
    """

    def __init__(self, ctx: RunContext, resource: Resource, scope: Mapping[str, Any], before: State | None) -> None:
        self._ctx = ctx
        self._resource = resource
        self._scope = scope
        self._known_ids = {(before or {}).get(resource.tiebreak_id or "")}
        self.unsettled = False

    def find(self, given: State) -> State | None:
        """Return the resource as the service shows it, ``None`` when it does not exist.

        :raises AmbiguousNameError: when the name fits two, of which this task may remove none.
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
        """Remove what this task just created if another one of its name was there first.

        :param given: holds the id that the service returned.
        :returns: whether it was removed.
        """
        own = given.get(self._resource.tiebreak_id or "")
        before, self.unsettled = self.unsettled, True
        for delay in READ_BACK_DELAYS:
            if delay:
                self._ctx.sleep(delay)
            by_id = self._list(given)
            # A list without it is an old one, and does not show what came before it either.
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
        """Remove the younger duplicates that came since the task first looked.

        :returns: whether one was removed.
        """
        by_id = self._list(given)
        younger = [resource_id for resource_id in sorted(by_id)[1:] if resource_id not in self._known_ids]
        for resource_id in younger:
            self._remove(given, by_id[resource_id])
        return bool(younger)

    def recheck(self, given: State) -> bool:
        """Read again for a create that is executed after its answer was given up.

        What exists meanwhile proves nothing: another task may have created it.

        :returns: whether a duplicate was removed, which may have been the resource of this task.
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
        """All resources of the name, by id."""
        resource, key = self._resource, self._resource.natural_key(given)
        self._ctx.activity = f"look for duplicates of {resource.describe(given)}"
        states = [state for state in resource.list_states(self._ctx, self._scope, key) if resource.matches(state, key)]
        return {state[resource.tiebreak_id or ""]: state for state in states}

    def _remove(self, given: State, duplicate: State) -> None:
        """Delete one duplicate; what somebody has put into it already keeps it from being deleted.

        :raises ApiError: when the service rejects the deletion and the duplicate still exists.
        """
        resource_id = duplicate[self._resource.tiebreak_id or ""]
        purpose = (
            f"remove the duplicate {self._resource.describe(given)} ({resource_id}), "
            "which was created at the same moment as another one"
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
                        break
                    self._ctx.activity = purpose
                    if rejected or attempt == MAX_REMOVAL_ATTEMPTS:
                        raise

    def _is_gone(self, given: State, resource_id: Any) -> bool:
        """Whether a duplicate no longer exists: its own task may have removed it, or a lost deletion did."""
        for delay in READ_BACK_DELAYS:
            if delay:
                self._ctx.sleep(delay)
            if resource_id not in self._list(given):
                return True
        return False
