# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Things that hold a set of others, which join and leave one call at a time."""

from __future__ import annotations

from typing import Any, Iterable, Mapping, Sequence

from .errors import InvalidOptionError
from .fields import OperationRef, State
from .names import PlannedRef
from .plan import Plan, Step
from .resource import Resource
from .run_context import RunContext
from .wording import capitalize_first


def sort_members(members: Iterable[Any]) -> list[Any]:
    """Members by their ids; the names of those that have none yet come last, as their ids will be the highest."""
    return sorted(members, key=lambda member: (isinstance(member, PlannedRef), member))


class Membership(Resource):
    """The base of resources with members. Its option ``force`` deletes one that still has some.

    :cvar members: the field that holds the ids of the members.
    :cvar purge: the option by which members that were not asked for have to leave.
    :cvar member_parameter: the parameter that names a member when it joins or leaves.
    """

    members = ""
    purge = ""
    member_parameter = ""
    add_op: OperationRef
    remove_op: OperationRef

    def desired_state(self, options: Mapping[str, Any]) -> State:
        """Whether members that were not asked for have to leave is part of what was asked for."""
        return {**super().desired_state(options), self.purge: options.get(self.purge)}

    def member_changes(self, given: State, current: State | None) -> tuple[list[Any], list[Any]]:
        """The members that have to join and to leave."""
        present = set((current or {}).get(self.members) or ())
        desired = set(given.get(self.members, present))
        return sort_members(desired - present), sort_members(present - desired) if given.get(self.purge) else []

    def differences(self, given: State, current: State) -> list[str]:
        """Further members are no difference unless they have to leave."""
        names = [name for name in super().differences(given, current) if name != self.members]
        return [*names, self.members] if self.member_changes(given, current) != ([], []) else names

    def plan_creation(self, ctx: RunContext, scope: Mapping[str, Any], given: State) -> Plan:
        """A new thing has no members but those that were asked for."""
        plan = super().plan_creation(ctx, scope, given)
        return Plan(None, {**(plan.after or {}), self.members: self.member_changes(given, None)[0]}, plan.steps)

    def plan_update(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State) -> Plan:
        """Members that stay are shown on both sides."""
        plan = super().plan_update(ctx, scope, given, current)
        joining, leaving = self.member_changes(given, current)
        members = sort_members((set(current.get(self.members) or ()) | set(joining)) - set(leaving))
        return Plan(plan.before, {**current, self.members: members}, plan.steps)

    def create_steps(self, ctx: RunContext, namespace: State, given: State) -> list[Step]:
        """The thing, then its members."""
        return [*super().create_steps(ctx, namespace, given), *self.member_steps(ctx, namespace, given, None)]

    def update_steps(
        self, ctx: RunContext, namespace: State, given: State, current: State, changed: Sequence[str]
    ) -> list[Step]:
        """Only members can change."""
        return self.member_steps(ctx, namespace, given, current)

    def member_steps(self, ctx: RunContext, namespace: State, given: State, current: State | None) -> list[Step]:
        """One call for each member that joins or leaves, which has the name that the options give it."""
        joining, leaving = self.member_changes(given, current)
        thing = self.describe(namespace)
        return [
            Step(
                request.action,
                {**self.parameters(request.keys, namespace), self.member_parameter: member},
                f"{verb} {ctx.names.get(member, member)} {word} {thing}",
            )
            for request, verb, word, members in (
                (self.add_op, "add", "to", joining),
                (self.remove_op, "remove", "from", leaving),
            )
            for member in members
        ]

    def member_change_of(self, step: Step | None) -> tuple[str, Any] | None:
        """By which operation a step moves which member, None where it moves none."""
        member = step.parameters.get(self.member_parameter) if step else None
        return (step.action, member) if step and member is not None else None

    def should_replan(self, ctx: RunContext, given: State, current: State | None) -> bool:
        """Whether what was refused has become needless, as when somebody else did the same at the same moment."""
        if ctx.state == "absent":
            return False
        undone = self.member_change_of(ctx.step) in map(
            self.member_change_of, self.member_steps(ctx, given, given, current)
        )
        # Nobody can join what is gone meanwhile, before it is made anew.
        return undone if current is None else not undone

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """The service deletes nothing that has members, unless it is told to."""
        members = (plan.before or {}).get(self.members)
        if ctx.state != "absent" or ctx.options["force"] or ctx.may_differ(self.unblocked_by):
            return
        if members:
            thing = capitalize_first(self.describe(plan.before or {}))
            raise InvalidOptionError(
                f"{thing} still has members: {', '.join(map(str, members))}.",
                hint="Take them out first, or set force=true.",
            )
