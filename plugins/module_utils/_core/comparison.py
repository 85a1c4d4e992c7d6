# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What is compared: the desired state with the live one before a write, and with what the service shows after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .errors import ImmutableDifferenceError
from .fields import CALL_MODE, ON_CREATE, PER_CALL, Field, State
from .lookup import NamedResource
from .wording import capitalize_first

if TYPE_CHECKING:
    from .plan import Plan
    from .resource import Resource
    from .run_context import RunContext


class ComparedResource(NamedResource):
    """A resource of which the desired state is compared with the live state."""

    def differences(self, given: State, current: State) -> list[str]:
        """Return the names of the fields in which the live state is seen to differ from the desired state."""
        return [
            item.name
            for item in self.fields
            if item.name in given
            and self.is_shown(item, given, current)
            and not item.type.equals(given[item.name], current.get(item.name))
        ]

    def is_immutable(self, item: Field) -> bool:
        """Return whether no operation changes a field."""
        return item.immutable or not (self.update_op or self.own_update_ops)

    def immutable_error(self, ctx: RunContext, given: State, current: State) -> ImmutableDifferenceError | None:
        """Return the error for all differences in immutable fields, ``None`` without any."""
        mutable = {item.name for item in self.fields if not self.is_immutable(item)}
        # The others are large documents, which are compared where a plan changes them.
        changed = self.differences({name: value for name, value in given.items() if name not in mutable}, current)
        immutable_changes = {
            item.option_name: (item.type.to_option(current.get(item.name)), item.type.to_option(given[item.name]))
            for item in self.fields
            if item.name in changed and item.name not in mutable
        }
        if not immutable_changes:
            return None
        return ImmutableDifferenceError(capitalize_first(self.describe(current)), immutable_changes)

    def check_immutable(self, ctx: RunContext, given: State, current: State) -> None:
        """Reject all differences that no operation mends."""
        error = self.immutable_error(ctx, given, current)
        if error is not None:
            ctx.reject(error)

    def is_shown(self, item: Field, given: State, current: State) -> bool:
        """Return whether the live state shows enough of a field to compare it with the given value.

        An immutable field that a response omits is not compared, because nothing could change it.
        """
        value = current.get(item.name)
        if not item.path or (item.immutable and value is None):
            return False
        return item.type.is_comparable(given[item.name], value)

    def always_sent_fields(self, ctx: RunContext, given: State, current: State) -> list[str]:
        """Return the names of the fields that an option sends in every run without a comparison."""
        return [
            item.name
            for item in self.fields
            if item.update_option
            and ctx.options.get(item.update_option) == "always"
            and given.get(item.name)
            and not self.is_shown(item, given, current)
        ]

    def unsent_fields(self, ctx: RunContext, given: State, current: State, plan: Plan) -> list[Field]:
        """Return the given fields that this run neither compares nor sends."""
        sent = {name for name in given if plan.steps and (plan.after or {}).get(name) is given[name]}
        if self.update_op is not None and any(step.action == self.update_op.action for step in plan.steps):
            sent |= {item.name for item in self.fields if item.always_send}
        return [
            item
            for item in self.fields
            if item.name in given
            and item.name not in sent
            and item.write_only != CALL_MODE
            and (not plan.steps if item.write_only == PER_CALL else not self.is_shown(item, given, current))
            and (item.only_when is None or current.get(item.only_when[0]) in (None, *item.only_when[1]))
        ]

    def warn_of_unsent_fields(self, ctx: RunContext, given: State, current: State | None, plan: Plan) -> None:
        """Warn of every given field that this run neither compares nor sends.

        There is no warning about a value that no response ever shows when its option says to send it on creation only:
        nothing is left to decide, and each run would repeat it.
        """
        if current is None or ctx.state != "present":
            return
        by_advice: dict[str, list[str]] = {}
        for item in self.unsent_fields(ctx, given, current, plan):
            if not item.path and item.update_option and ctx.options.get(item.update_option) == ON_CREATE:
                continue
            advice = f"Set {item.update_option}=always to send it in every run." if item.update_option else item.advice
            by_advice.setdefault(advice, []).append(item.option_name)
        for advice, names in by_advice.items():
            label = self.describe({**given, **current})
            text = f"The service does not show {', '.join(names)} of {label}, so what was given was neither compared"
            ctx.warn(f"{text} nor sent. {advice}".strip())


def check_effect(ctx: RunContext, resource: Resource, plan: Plan, given: State, state: State | None) -> bool:
    """Warn of each written value that the live state does not show. It costs no call.

    A later run cannot know that an earlier run wrote the same value. It writes again, and warns again.

    :param plan: the plan that was carried out.
    :param state: the state read after the last write.
    :returns: whether the task counts as changed: not when the live state is as it was before the write.
    """
    if ctx.state != "present" or state is None or not resource.exists(state):
        return True
    label = resource.describe({**given, **state})
    for item in (resource.field(name) for name in resource.always_sent_fields(ctx, given, state)):
        if item.path:
            ctx.warn(
                f"The service does not show {item.option_name} of {label}, so every run sends what was given and "
                "counts it as a change. "
                f"Set {item.update_option}=on_create to send it only on creation and with other changes."
            )
    if resource.is_desired(ctx, given, state):
        return True
    unapplied = resource.differences(given, state)
    for name in unapplied:
        item = resource.field(name)
        text = f"Option {item.option_name} of {label} was written, and the service still shows another value"
        ctx.warn(f"{text}{item.type.describe_difference(given[name], state.get(name))}.")
    return not unapplied or _shows_change(ctx, resource, plan, given, state)


def _shows_change(ctx: RunContext, resource: Resource, plan: Plan, given: State, state: State) -> bool:
    """Return whether a write changed the live state, or may have changed something that responses do not show."""
    before = plan.before
    if before is None or resource.always_sent_fields(ctx, given, before):
        return True
    options = [item for item in resource.fields if item.option_name]
    unconfirmed = [item for item in options if item.always_send and item.name in given]
    return any(before.get(item.name) != state.get(item.name) for item in options) or any(
        not resource.is_shown(item, given, state) for item in unconfirmed
    )
