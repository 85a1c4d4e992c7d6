# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Options that name other resources: the parents, and the resources that fields refer to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .errors import InvalidOptionError, NotFoundError, PlannedNotFoundError
from .fields import Field, Parent, State
from .names import PlannedRef, TextId, is_id
from .reading import ReadOnlyResource

if TYPE_CHECKING:
    from .resource import Resource
    from .run_context import RunContext


def resolve_parents(ctx: RunContext, resource: ReadOnlyResource) -> tuple[dict[str, Any], NotFoundError | None]:
    """Return the parent ids by the options, and the error for the first parent that does not exist."""
    scope: dict[str, Any] = {}
    absent: NotFoundError | None = None
    for parent in resource.scope:
        wanted = ctx.options.get(parent.option)
        known_id = wanted if is_id(wanted) else None
        if parent.id_option is not None and known_id is None:
            known_id = ctx.options.get(parent.id_option)
        scope[parent.target] = None
        if (wanted is None and known_id is None) or absent is not None:
            continue
        if known_id is not None:
            scope[parent.target] = _checked_id(parent, known_id)
            continue
        ctx.activity = f"find {parent.option} {wanted!r}"
        try:
            if isinstance(wanted, PlannedRef):
                raise wanted.error
            scope[parent.target] = (
                str(wanted) if parent.refers_to is None else parent.refers_to.resolve(ctx, wanted, scope)
            )
        except NotFoundError as error:
            absent = error
    return scope, absent


def _checked_id(parent: Parent, known_id: Any) -> Any:
    """Return a given parent id in canonical form, if it is valid."""
    try:
        return parent.id_type.clean(known_id)
    except ValueError as error:
        raise InvalidOptionError(f"Option {parent.target} {error}.") from None


def resolve_references(
    ctx: RunContext, resource: Resource, scope: dict[str, Any], given: State, current: State | None
) -> State:
    """Return the desired state with ids in place of names.

    Immutable fields are checked first: with a wrong parent, a name would only seem to be missing.
    """
    resolved = dict(given)
    names = {item.name for item in resource.fields if item.refers_to is not None}
    if current is not None:
        resource.check_immutable(ctx, {name: value for name, value in given.items() if name not in names}, current)
    for item in resource.fields:
        if item.refers_to is None or item.name not in given:
            continue
        ctx.activity = f"find {item.option_name} {given[item.name]!r}"
        try:
            resolved[item.name] = resolve_reference(ctx, item, given[item.name], {**scope, **(current or {}), **given})
        except NotFoundError as error:
            if not ctx.check_mode or not (item.may_be_planned or isinstance(error, PlannedNotFoundError)):
                raise
            ctx.assume_created(error)
            resolved[item.name] = PlannedRef.of(error.kind, error.wanted)
    return resolved


def resolve_reference(ctx: RunContext, item: Field, value: Any, namespace: State) -> Any:
    """Return the id or ids that an option refers to. A planned reference has no id yet, and keeps its name.

    :raises NotFoundError: when one of the resources does not exist.
    """
    if item.refers_to is None:
        return value
    if isinstance(value, PlannedRef):
        raise value.error
    if is_id(value):
        return str(value) if isinstance(value, TextId) else value
    if isinstance(value, list):
        planned = [name for name in value if isinstance(name, PlannedRef)]
        others = [name for name in value if not isinstance(name, PlannedRef)]
        return [*item.refers_to.resolve_all(ctx, others, namespace), *planned]
    return item.refers_to.resolve(ctx, value, namespace)
