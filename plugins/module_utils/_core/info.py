# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The engine of ``*_info`` modules: lists of the resources that match filters."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Sequence

from .argument_specs import field_option, id_options, parent_options
from .errors import InvalidOptionError
from .fields import Field, Predicate, State
from .name_index import retry_without_index
from .option_checks import check_name, check_one_of, check_parents, given_values
from .reading import ReadOnlyResource
from .references import resolve_parents, resolve_reference
from .run_context import RunContext


class Info:
    """The declaration of an ``*_info`` module.

    :cvar resource: the listed resource.
    :cvar filters: names of fields that are options. Those that the service cannot filter by are filtered here.
    :cvar request_filters: options that only the request holds, because records do not.
    :cvar details: whether option ``details`` adds fields of the describe call.
    :cvar optional_details: boolean option -> member that it adds to every resource; see :meth:`fetch_detail`.
    :cvar optional_parents: options of parents that narrow the list but are not required.
    :cvar extra_options: further options, for overridden methods.
    """

    resource: ReadOnlyResource
    filters: tuple[str, ...] = ()
    request_filters: tuple[Field, ...] = ()
    details = False
    optional_details: Mapping[str, str] = {}
    optional_parents: tuple[str, ...] = ()
    extra_options: Mapping[str, Mapping[str, Any]] = {}
    constraints: Mapping[str, Sequence[Any]] = {}

    def options(self) -> dict[str, Any]:
        """Return the argument specification of the module's own options."""
        spec = parent_options(self.resource, self.optional_parents)
        for item in self.fields():
            spec[option_of(item)] = field_option(item)
            spec.update(id_options(item))
        for item in self.request_filters:
            spec[option_of(item)] = {**item.type.spec(), "required": item.required}
            if item.default is not None:
                spec[option_of(item)]["default"] = item.default
        switches = [*(["details"] if self.details else []), *self.optional_details]
        spec.update({name: {"type": "bool", "default": False} for name in switches})
        return {**spec, **self.extra_options}

    def fields(self) -> list[Field]:
        """Return the fields that can be filtered by."""
        return [self.resource.field(name) for name in self.filters]

    def select_resource(self, options: Mapping[str, Any]) -> ReadOnlyResource:
        """Return the resource to list by the options."""
        return self.resource

    def check(self, ctx: RunContext, request_values: State) -> None:
        """Reject invalid combinations of options, and add values that the service requires."""

    def request(self, request_values: State) -> dict[str, Any]:
        """Return the parameters of the list request for the request filters."""
        return {
            item.param: item.type.serialize(request_values[item.name])
            for item in self.request_filters
            if item.param and item.name in request_values
        }

    def fetch_detail(self, ctx: RunContext, scope: Mapping[str, Any], state: State, extra: str) -> Any:
        """Return the member that an option adds to a resource."""
        raise KeyError(extra)

    def summary(self, ctx: RunContext) -> dict[str, Any]:
        """Return the members of the result other than the list, after the list was read."""
        return {}

    def to_result(self, resource: ReadOnlyResource, state: State) -> dict[str, Any]:
        """Return a resource for the module's result."""
        shown = resource.to_result(state) or {}
        return {**shown, **{member: state[member] for member in self.optional_details.values() if member in state}}


def option_of(item: Field) -> str:
    """Return the option that filters by a field. Fields that no option sets have one, too."""
    return item.option_name or item.name


def _filter_values(ctx: RunContext, fields: Sequence[Field]) -> State:
    """Return the values to filter by. Null filters nothing, and an empty or invalid value is rejected."""
    for item in fields:
        check_name(option_of(item), ctx.options.get(option_of(item)))
        if item.id_type is not None:
            check_name(item.name, ctx.options.get(item.name))
            check_one_of(ctx.options, option_of(item), item.name)
    return given_values(fields, ctx.options, option_of)


def _purpose(ctx: RunContext, info: Info, resource: ReadOnlyResource) -> str:
    """Return the activity in words, with the given parents and filters."""
    parents = [name for parent in resource.scope for name in (parent.option, parent.target)]
    filters = [option_of(item) for item in (*info.fields(), *info.request_filters)]
    names = dict.fromkeys([*parents, *filters, *(item.name for item in info.fields() if item.id_type)])
    described = [f"{name} {ctx.options[name]!r}" for name in names if isinstance(ctx.options.get(name), (str, int))]
    return " ".join(["list", resource.plural_label, *(["with", ", ".join(described)] if described else [])])


def list_resources(ctx: RunContext, info: Info) -> list[dict[str, Any]]:
    """Return all matching resources, in the order of the service.

    :raises JstError: when an option is invalid, a parent does not exist, or a call fails.
    """

    def act() -> list[dict[str, Any]]:
        results = _list_resources(ctx, info)
        if not results:
            ctx.shared_names.confirm(ctx)
        return results

    return retry_without_index(ctx, act)


def _list_resources(ctx: RunContext, info: Info) -> list[dict[str, Any]]:
    resource = info.select_resource(ctx.options)
    check_parents(resource, ctx.options, info.optional_parents)
    filters, request_values = _filter_values(ctx, info.fields()), _filter_values(ctx, info.request_filters)
    missing = [option_of(item) for item in info.request_filters if item.required and item.name not in request_values]
    if missing:
        raise InvalidOptionError(f"Option {missing[0]} is missing or null.")
    info.check(ctx, request_values)
    scope, absent = resolve_parents(ctx, resource)
    if absent is not None:
        raise absent
    for item in info.fields():
        if item.refers_to and item.name in filters:
            filters[item.name] = resolve_reference(ctx, item, filters[item.name], {**scope, **filters})
    ctx.activity = _purpose(ctx, info, resource)
    ctx.whole_lists = True
    # Request filters may be parents of an id.
    search_scope = {**request_values, **scope} if resource.id_field in filters else scope
    states = _states(ctx, info, resource, search_scope, filters, info.request(request_values))
    return [info.to_result(resource, state) for state in states]


def _search(
    ctx: RunContext, resource: ReadOnlyResource, scope: dict[str, Any], filters: State, request: dict[str, Any]
) -> list[State]:
    """Return the states of the matching resources, with all fields where option ``details`` asks for them."""

    def is_match(state: State) -> bool:
        return resource.matches(state, filters)

    def read(predicate: Predicate) -> Iterator[State]:
        return resource.list_states(ctx, scope, filters, request, predicate)

    details = bool(ctx.options.get("details"))
    if details and resource.shares_names and filters.keys() == set(resource.key):
        with ctx.shared_names.reading(ctx, resource, filters):
            known = resource.find_known(ctx, scope, filters)
            if known is not None:
                return [known]
            states = ctx.shared_names.read_list(ctx, resource, [filters], is_match, read)
    else:
        states = list(read(is_match))
    if not details:
        return states
    completed = [resource.with_details(ctx, scope, state) for state in states]
    return [state for state in completed if state is not None]


def _states(
    ctx: RunContext,
    info: Info,
    resource: ReadOnlyResource,
    scope: dict[str, Any],
    filters: State,
    request: dict[str, Any],
) -> list[State]:
    """Return the states of the matching resources, with the requested details."""
    resource_id = filters.get(resource.id_field or "")
    if resource_id is not None:
        found = resource.read(ctx, scope, resource_id)
        states = [found] if found is not None and resource.matches(found, filters) else []
    else:
        states = _search(ctx, resource, scope, filters, request)
    for extra, member in info.optional_details.items():
        if ctx.options.get(extra):
            states = [{**state, member: info.fetch_detail(ctx, scope, state, extra)} for state in states]
    return states
