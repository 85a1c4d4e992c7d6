# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""From the live state to the desired one: the steps of a creation, an update and a deletion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Sequence

from .comparison import ComparedResource
from .errors import InvalidOptionError, NotFoundError
from .fields import State
from .option_checks import clean_option
from .plan import Plan, Step

if TYPE_CHECKING:
    from .run_context import RunContext


class PlannedResource(ComparedResource):
    """A resource that a plan creates, updates and deletes; the same for check mode, diff and the real run."""

    def plan(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """The steps from what is to what was asked for; the same for check mode, diff and the real run."""
        if ctx.state == "absent":
            return self.plan_absent(ctx, scope, given, current)
        if current is None:
            return self.plan_creation(ctx, scope, given)
        return self.plan_update(ctx, scope, given, current)

    def plan_absent(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """The steps that take the thing away."""
        if current is None:
            return Plan(None, None)
        return Plan(current, None, self.delete_steps({**ctx.options, **scope, **current}))

    def plan_creation(self, ctx: RunContext, scope: Mapping[str, Any], given: State) -> Plan:
        """The steps that make the thing.

        :raises InvalidOptionError: when something that creation needs was not given, or breaks a rule for what is new.
        :raises NotFoundError: when the options name an id: the service gives ids, nobody can ask for one.
        """
        if self.id_field and given.get(self.id_field) is not None:
            raise NotFoundError(self.label, given[self.id_field], place=self.place(ctx, scope))
        self.check_rules(given)
        missing = [item.option_name for item in self.fields if item.required and given.get(item.name) in (None, [])]
        if missing:
            raise InvalidOptionError(
                f"To create {self.describe(given)}, give also: {', '.join(missing)}.", missing=missing
            )
        after: State = dict(scope)
        after.update({item.name: given.get(item.name, item.default) for item in self.fields if item.name not in after})
        self.check_only_when(given, after)
        return Plan(None, after, self.create_steps(ctx, {**ctx.options, **scope, **given}, given))

    def check_rules(self, given: State) -> None:
        """Refuse values that the service takes for nothing new.

        :raises InvalidOptionError: naming the first.
        """
        for item in self.fields:
            if item.create_type is not None and item.name in given:
                clean_option(item.option_name, item.create_type, given[item.name])

    def plan_update(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State) -> Plan:
        """The steps that change the thing.

        :raises ImmutableDifferenceError: when it differs in something that cannot change.
        """
        changed = [*self.differences(given, current), *self.always_sent_fields(ctx, given, current)]
        self.check_immutable(given, current)
        self.check_only_when(given, {**current, **{name: given[name] for name in changed}})
        given = self.with_empty_forms(ctx, self.with_live_values(given, current), current, changed)
        after = {**current, **{name: given[name] for name in changed}}
        if not changed:
            return Plan(current, current)
        return Plan(current, after, self.update_steps(ctx, {**scope, **after}, given, current, changed))

    def complete_given(self, given: State, current: State | None) -> State:
        """Return what was asked for, with what only the live state tells about it, such as a name for messages."""
        return given

    def with_live_values(self, given: State, current: State) -> State:
        """Return what to send in an update: what was given, and what only the service has set.

        What the service has set is no option, so no check of options sees it.
        """
        return given

    def with_empty_forms(self, ctx: RunContext, given: State, current: State, changed: Sequence[str]) -> State:
        """Return what to send for lists that are to become empty.

        A list without entries is no parameter, so the service would keep the list.

        :raises InvalidOptionError: when nothing else can stand for an empty list.
        """
        replaced = dict(given)
        for item in self.fields:
            if item.name not in changed or not item.param or item.type.serialize(given[item.name]) != []:
                continue
            replaced[item.name] = item.type.empty_form(current.get(item.name))
            if replaced[item.name] is None:
                raise InvalidOptionError(
                    f"Option {item.option_name} is an empty list, but the service has no way to empty it."
                )
            ctx.warn(
                f"The service has no way to empty {item.option_name} of {self.describe(current)}. "
                f"{item.type.describe_remainder(replaced[item.name])} stays, without content."
            )
        return replaced

    def create_steps(self, ctx: RunContext, namespace: State, given: State) -> list[Step]:
        """The steps of a creation."""
        parameters = self.parameters(self.create_op.keys, namespace)
        parameters.update(self.serialize_fields(given, given))
        purpose = f"create {self.describe(given)}"
        return [Step(self.create_op.action, parameters, purpose, self.create_op.returns)]

    def update_steps(
        self, ctx: RunContext, namespace: State, given: State, current: State, changed: Sequence[str]
    ) -> list[Step]:
        """The steps of an update.

        :param namespace: the state as it will be, and the scope.
        :param current: the state as it is.
        :param changed: the names of the fields that differ.
        """
        if self.update_op is None:
            return []
        parameters = self.parameters(self.update_op.keys, namespace)
        along = [item.name for item in self.fields if item.always_send and not item.immutable]
        values = {**namespace, **{name: given[name] for name in along if name in given}}
        parameters.update(self.serialize_fields(values, [*changed, *along]))
        return [Step(self.update_op.action, parameters, f"update {self.describe(namespace)}")]

    def delete_steps(self, namespace: State) -> list[Step]:
        """The steps of a deletion."""
        parameters = self.parameters(self.delete_op.keys, namespace)
        return [Step(self.delete_op.action, parameters, f"delete {self.describe(namespace)}")]

    def read_ids(self, step: Step, result: Mapping[str, Any]) -> State:
        """What the answer to a step tells of the thing, such as its id."""
        told = {name: self.id_type.deserialize(result.get(member)) for name, member in step.returns.items()}
        return {name: value for name, value in told.items() if value is not None}

    def serialize_fields(self, values: Mapping[str, Any], names: Any) -> dict[str, Any]:
        """Request parameters for the named fields that have a value."""
        return {
            item.param: item.type.serialize(values[item.name])
            for item in self.fields
            if item.param and item.name in names and values.get(item.name) is not None
        }
