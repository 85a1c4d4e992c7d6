# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Resources with a set of members, which are added and removed one call at a time."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Sequence

from .._api.hints import Hint
from .errors import InvalidOptionError
from .fields import OperationRef, State
from .names import PlannedRef
from .plan import Plan, Step
from .resource import Resource
from .run_context import RunContext
from .wording import capitalize_first


def sort_members(members: Iterable[Any]) -> list[Any]:
    """Return members sorted by id. Planned references come last, because their ids will be the highest."""
    return sorted(members, key=lambda member: (isinstance(member, PlannedRef), member))


class Membership(Resource):
    """The base of resources with members. Option ``force`` deletes a resource that still has some.

    :cvar members: the field that holds the ids of the members.
    :cvar purge: the option that removes other members than the desired ones.
    :cvar member_parameter: the parameter of ``add_op`` and ``remove_op`` that holds the member.
    """

    members = ""
    purge = ""
    member_parameter = ""
    add_op: OperationRef
    remove_op: OperationRef

    def desired_state(self, options: Mapping[str, Any]) -> State:
        """Return the desired state, including the purge option."""
        return {**super().desired_state(options), self.purge: options.get(self.purge)}

    def member_changes(self, given: State, current: State | None) -> tuple[list[Any], list[Any]]:
        """Return the members to add, and those to remove."""
        present = set((current or {}).get(self.members) or ())
        desired = set(given.get(self.members, present))
        return sort_members(desired - present), sort_members(present - desired) if given.get(self.purge) else []

    def differences(self, given: State, current: State) -> list[str]:
        """Return the names of the differing fields. Additional members differ only with the purge option."""
        names = [name for name in super().differences(given, current) if name != self.members]
        return [*names, self.members] if self.member_changes(given, current) != ([], []) else names

    def plan_creation(self, ctx: RunContext, scope: Mapping[str, Any], given: State) -> Plan:
        """Return the plan of a creation, with the desired members only."""
        plan = super().plan_creation(ctx, scope, given)
        return Plan(None, {**(plan.after or {}), self.members: self.member_changes(given, None)[0]}, plan.steps)

    def plan_update(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State) -> Plan:
        """Return the plan of an update, with the remaining members on both sides."""
        plan = super().plan_update(ctx, scope, given, current)
        joining, leaving = self.member_changes(given, current)
        members = sort_members((set(current.get(self.members) or ()) | set(joining)) - set(leaving))
        return Plan(plan.before, {**current, self.members: members}, plan.steps)

    def create_steps(self, ctx: RunContext, namespace: State, given: State) -> list[Step]:
        """Return the steps that create the resource and then add its members."""
        return [*super().create_steps(ctx, namespace, given), *self.member_steps(ctx, namespace, given, None)]

    def update_steps(
        self, ctx: RunContext, namespace: State, given: State, current: State, changed: Sequence[str]
    ) -> list[Step]:
        """Return the steps that change the members. Nothing else can change."""
        return self.member_steps(ctx, namespace, given, current)

    def member_steps(self, ctx: RunContext, namespace: State, given: State, current: State | None) -> list[Step]:
        """Return one step for each member to add or remove, with the name by which the options refer to it."""
        joining, leaving = self.member_changes(given, current)
        label = self.describe(namespace)
        return [
            Step(
                operation.action,
                {**self.parameters(operation.keys, namespace), self.member_parameter: member},
                f"{verb} {ctx.names.get(member, member)} {word} {label}",
            )
            for operation, verb, word, members in (
                (self.add_op, "add", "to", joining),
                (self.remove_op, "remove", "from", leaving),
            )
            for member in members
        ]

    def member_change_of(self, step: Step | None) -> tuple[str, Any] | None:
        """Return the operation and the member of a step; ``None`` for other steps."""
        member = step.parameters.get(self.member_parameter) if step else None
        return (step.action, member) if step and member is not None else None

    def should_replan(self, ctx: RunContext, given: State, current: State | None) -> bool:
        """Return whether a rejected step is no longer needed, as when somebody else has made the same change."""
        if ctx.state == "absent":
            return False
        undone = self.member_change_of(ctx.step) in map(
            self.member_change_of, self.member_steps(ctx, given, given, current)
        )
        # A resource that was deleted meanwhile is created again before it gets members.
        return undone if current is None else not undone

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Reject a deletion of a resource with members, unless it is forced."""
        members = (plan.before or {}).get(self.members)
        if ctx.state != "absent" or ctx.options["force"] or ctx.may_differ(self.unblocked_by):
            return
        if members:
            label = capitalize_first(self.describe(plan.before or {}))
            raise InvalidOptionError(
                f"{label} still has members: {', '.join(map(str, members))}.",
                hint=Hint("Remove these members first, or set force=true.", "请先移出这些成员，或设置 force=true。"),
            )
