# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Planning: the steps that create, update or delete a resource."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Sequence

from .._api.hints import Hint
from .comparison import ComparedResource
from .errors import InvalidOptionError, NotFoundError
from .fields import State
from .option_checks import clean_option
from .plan import Plan, Step

if TYPE_CHECKING:
    from .run_context import RunContext


class PlannedResource(ComparedResource):
    """A resource that a plan creates, updates and deletes. Check mode, diff and the real run share the plan.

    :cvar unknown_id_hint: what to do when an id is given that does not exist.
    """

    unknown_id_hint: Hint | None = None

    def plan(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Return the plan from the live state to the desired state."""
        if ctx.state == "absent":
            return self.plan_absent(ctx, scope, given, current)
        if current is None:
            return self.plan_creation(ctx, scope, given)
        return self.plan_update(ctx, scope, given, current)

    def plan_absent(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Return the plan that deletes the resource."""
        if current is None:
            return Plan(None, None)
        return Plan(current, None, self.delete_steps({**ctx.options, **scope, **current}))

    def plan_creation(self, ctx: RunContext, scope: Mapping[str, Any], given: State) -> Plan:
        """Return the plan that creates the resource.

        :raises InvalidOptionError: when a required option is missing, or a value is invalid for a new resource.
        :raises NotFoundError: when an id is given: only the service assigns ids.
        """
        if self.id_field and given.get(self.id_field) is not None:
            place = self.place(ctx, scope)
            raise NotFoundError(self.label, given[self.id_field], hint=self.unknown_id_hint, place=place)
        self.check_create_types(given)
        missing = [item.option_name for item in self.fields if item.required and given.get(item.name) in (None, [])]
        if missing:
            raise InvalidOptionError(
                f"To create {self.describe(given)}, give also: {', '.join(missing)}.", missing=missing
            )
        after: State = dict(scope)
        after.update({item.name: given.get(item.name, item.default) for item in self.fields if item.name not in after})
        self.check_only_when(given, after)
        return Plan(None, after, self.create_steps(ctx, {**ctx.options, **scope, **given}, given))

    def check_create_types(self, given: State) -> None:
        """Reject the first value that the service rejects on creation."""
        for item in self.fields:
            if item.create_type is not None and item.name in given:
                clean_option(item.option_name, item.create_type, given[item.name])

    def plan_update(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State) -> Plan:
        """Return the plan that updates the resource.

        :raises ImmutableDifferenceError: when an immutable field differs. A run that collects errors plans the rest.
        """
        changed = [*self.differences(given, current), *self.always_sent_fields(ctx, given, current)]
        self.check_immutable(ctx, given, current)
        changed = [name for name in changed if not self.is_immutable(self.field(name))]
        self.check_only_when(given, {**current, **{name: given[name] for name in changed}})
        given = self.with_empty_forms(ctx, self.with_live_values(given, current), current, changed)
        after = {**current, **{name: given[name] for name in changed}}
        if not changed:
            return Plan(current, current)
        return Plan(current, after, self.update_steps(ctx, {**scope, **after}, given, current, changed))

    def complete_given(self, given: State, current: State | None) -> State:
        """Return the desired state, completed by fields that only the live state holds, such as a name for messages."""
        return given

    def with_live_values(self, given: State, current: State) -> State:
        """Return the values to send in an update: the given ones, and fields that only the service sets.

        Such a field is not an option, so the checks of options do not see it.
        """
        return given

    def with_empty_forms(self, ctx: RunContext, given: State, current: State, changed: Sequence[str]) -> State:
        """Return the values to send, with a replacement for each list that becomes empty.

        A list without entries adds no parameter to the request, so the service would keep the list.

        :raises InvalidOptionError: when the type of the field has no replacement.
        """
        replaced = dict(given)
        for item in self.fields:
            if item.name not in changed or not item.param or item.type.serialize(given[item.name]) != []:
                continue
            replaced[item.name] = item.type.empty_form(current.get(item.name))
            if replaced[item.name] is None:
                raise InvalidOptionError(
                    f"Option {item.option_name} is an empty list, but the API cannot store an empty list."
                )
            ctx.warn(
                f"The API cannot set {item.option_name} of {self.describe(current)} to an empty list. "
                f"{item.type.describe_remainder(replaced[item.name])} remains, without data."
            )
        return replaced

    def create_steps(self, ctx: RunContext, namespace: State, given: State) -> list[Step]:
        """Return the steps of a creation."""
        parameters = self.parameters(self.create_op.keys, namespace)
        parameters.update(self.serialize_fields(given, given))
        purpose = f"create {self.describe(given)}"
        return [Step(self.create_op.action, parameters, purpose, self.create_op.returns)]

    def update_steps(
        self, ctx: RunContext, namespace: State, given: State, current: State, changed: Sequence[str]
    ) -> list[Step]:
        """Return the steps of an update.

        :param namespace: the state after the run, and the parent ids.
        :param current: the live state.
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
        """Return the steps of a deletion."""
        parameters = self.parameters(self.delete_op.keys, namespace)
        return [Step(self.delete_op.action, parameters, f"delete {self.describe(namespace)}")]

    def read_ids(self, step: Step, result: Mapping[str, Any]) -> State:
        """Return the fields that the response to a step holds, such as the new id."""
        ids = {name: self.id_type.deserialize(result.get(member)) for name, member in step.returns.items()}
        return {name: value for name, value in ids.items() if value is not None}

    def serialize_fields(self, values: Mapping[str, Any], names: Any) -> dict[str, Any]:
        """Return the request parameters of the named fields that have a value."""
        return {
            item.param: item.type.serialize(values[item.name])
            for item in self.fields
            if item.param and item.name in names and values.get(item.name) is not None
        }
