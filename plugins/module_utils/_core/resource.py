# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The base of every resource that a module manages.

A resource is a declaration. The base classes turn it into requests: :mod:`.declaration` states its fields,
:mod:`.reading` and :mod:`.lookup` find it, :mod:`.comparison` and :mod:`.planning` find the steps to the desired state.
A subclass overrides a method only where the API deviates.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .fields import State
from .planning import PlannedResource

if TYPE_CHECKING:
    from .._api.errors import JstError
    from .plan import Plan
    from .run_context import RunContext


class Resource(PlannedResource):
    """A resource that a task brings to the desired state. The engine calls these methods."""

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Check, with calls, what only matters before a write. Check mode calls it, too."""

    def obstacle(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """Return why the service rejects a plan, as far as reads show it; ``None`` when they show nothing.

        Check mode calls it, and so does a real run after the service has rejected the plan. A temporary state, such as
        an unfinished deploy order, is no obstacle.
        """
        return None

    def refresh_plan(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> Plan:
        """Return the plan to carry out: the given one, or a new one when the live state has changed since.

        The last moment before the first write, for resources of which another run can make a second one unnoticed.
        """
        return plan

    def is_desired(self, ctx: RunContext, given: State, current: State | None) -> bool:
        """Return whether the live state is the desired state."""
        if ctx.state == "absent":
            return current is None
        return current is not None and not self.differences(given, current)

    def should_replan(self, ctx: RunContext, given: State, current: State | None) -> bool:
        """Return whether a rejected write collided with a change by somebody else, so that a new plan is useful."""
        return False

    def recheck_late_create(self, ctx: RunContext, scope: Mapping[str, Any], given: State, state: State | None) -> None:
        """Look, at the end of a run, for a create that was executed after its response was lost.

        The engine itself looks for duplicates of resources with ``tiebreak_id``.
        """

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """Return what a run still waits for; ``None`` when the resource is ready.

        :raises FailedStateError: when it will never be ready.
        """
        return None

    def has_ended(self, state: State | None) -> bool:
        """Return whether what the run has begun has ended, once it need not wait any more."""
        return True

    def acting(self, ctx: RunContext) -> Resource | None:
        """Return the resource that the run changes in place of this one, ``None`` unless there is another."""
        return None

    def describe_awaited(self, given: State, state: State | None) -> str:
        """Return the resource in words for progress lines, which begin with its parents."""
        return self.describe(given)

    def to_diff(self, before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return both sides of a diff by option name, without fields that only the service sets."""
        sides: tuple[dict[str, Any], dict[str, Any]] = {}, {}
        for item in self.fields:
            if not item.option_name or item.name == self.id_field:
                continue
            values = [state.get(item.name) if state is not None else None for state in (before, after)]
            shown = item.type.to_diff(*values)
            if before is not None and values[0] is None and values[1] is not None:
                shown = (None, item.type.sent_to_diff(values[1]))
            for side, value, written in zip(sides, values, shown):
                if value is not None:
                    side[item.option_name] = written
        return sides

    def diff_label(self, ctx: RunContext, values: Mapping[str, Any]) -> str:
        """Return the header of a diff: the resource and its parents in words.

        :param values: the state after the run or before it, or else the options.
        """
        parents = [f"{word} {name!r}" for word, name in reversed(self.parents_by_word(ctx, values))]
        return " of ".join([self.describe_awaited(dict(values), None), *parents])
