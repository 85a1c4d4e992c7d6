# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The base of every resource that a module manages.

A resource is a declaration. The base classes turn it into requests: :mod:`.declaration` says what it is,
:mod:`.reading` and :mod:`.lookup` find it, :mod:`.comparison` and :mod:`.planning` say what has to change. A subclass
overrides a method only where the API is odd.
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
    """A resource that a task brings to the desired state; these methods are what the engine asks it."""

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Checks that cost calls and are worth them only when something is about to be written, in check mode too."""

    def obstacle(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """Return why the service rejects a plan, as far as reads show it; ``None`` when they show nothing.

        Check mode asks for it, and so does a real run once the service has rejected the plan: what the service rejects
        it knows best. What passes by itself, such as an unfinished deploy order, is no obstacle.
        """
        return None

    def is_desired(self, ctx: RunContext, given: State, current: State | None) -> bool:
        """Whether what was read is what was asked for."""
        if ctx.state == "absent":
            return current is None
        return current is not None and not self.differences(given, current)

    def should_replan(self, ctx: RunContext, given: State, current: State | None) -> bool:
        """Whether a write was refused over something that came in between, so that a new plan is worth making."""
        return False

    def recheck_late_create(self, ctx: RunContext, scope: Mapping[str, Any], given: State, state: State | None) -> None:
        """Look, at the end of a task, for a create that was carried out after its answer had been given up.

        The engine itself looks for duplicates of resources with ``elder``.
        """

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """What a waiting task still waits for, ``None`` when the thing is ready.

        :raises FailedStateError: when it will never be.
        """
        return None

    def to_diff(self, before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Both sides of a diff, by option names, without what only the service sets."""

        sides: tuple[dict[str, Any], dict[str, Any]] = {}, {}
        for item in self.fields:
            if not item.option_name or item.name == self.id_field:
                continue
            values = [state.get(item.name) if state is not None else None for state in (before, after)]
            for side, value, written in zip(sides, values, item.type.to_diff(*values)):
                if value is not None:
                    side[item.option_name] = written
        return sides
