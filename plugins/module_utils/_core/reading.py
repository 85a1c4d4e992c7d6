# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Reading a resource: list it, find it by key or id, and describe it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Iterator, Sequence

from .._api.errors import ApiError
from .declaration import Declaration
from .errors import AmbiguousNameError, IncompleteDataError
from .eventual_consistency import read_or_absent
from .fields import Predicate, State, get_path
from .names import identifies

if TYPE_CHECKING:
    from .._api.client import ApiResponse
    from .run_context import RunContext


@dataclass(frozen=True)
class ListQuery:
    """The parameters of one list.

    :ivar scope: the ids of the parents.
    :ivar filters: field -> value. The service applies those for which the list operation has a filter.
    :ivar extra_params: further parameters of the request.
    :ivar predicate: decides which states are kept. The others of a long list take no memory.
    """

    scope: Mapping[str, Any]
    filters: Mapping[str, Any]
    extra_params: Mapping[str, Any] = field(default_factory=dict)
    predicate: Predicate | None = None


class ReadOnlyResource(Declaration):
    """A resource that can be listed and read."""

    def state_from(self, record: Mapping[str, Any], scope: Mapping[str, Any]) -> State:
        """Return the state that a record of a response describes."""
        state: State = dict(scope)
        for parent in self.scope:
            if state.get(parent.target) is None:
                ids = (self.id_type.deserialize(record.get(name)) for name in parent.response_names)
                state[parent.target] = next((value for value in ids if value is not None), None)
        for item in self.fields:
            value = item.type.deserialize(get_path(record, item.path)) if item.path else None
            if value is not None or item.name not in state:
                state[item.name] = value
        return state

    def has_other_parent(self, record: Mapping[str, Any], scope: Mapping[str, Any]) -> bool:
        """Return whether a record belongs to another parent than the one in scope. Ids are unique across parents."""
        for parent in self.scope:
            ids = [self.id_type.deserialize(record.get(name)) for name in parent.response_names]
            known = scope.get(parent.target)
            if known is not None and any(value not in (None, known) for value in ids):
                return True
        return False

    def parameters(self, keys: Mapping[str, str], namespace: Mapping[str, Any]) -> dict[str, Any]:
        """Return request parameters with values from a namespace of fields, options and parent ids."""
        return {parameter: namespace.get(name) for parameter, name in keys.items()}

    def list_states(
        self,
        ctx: RunContext,
        scope: Mapping[str, Any],
        filters: Mapping[str, Any],
        extra_params: Mapping[str, Any] | None = None,
        predicate: Predicate | None = None,
    ) -> Iterator[State]:
        """Yield the state of every resource that matches; see :class:`ListQuery`."""
        return self.run_query(ctx, ListQuery(scope, filters, extra_params or {}, predicate))

    def run_query(self, ctx: RunContext, query: ListQuery) -> Iterator[State]:
        """Yield the state of every resource that a query matches. Resources with an unusual list override this."""

        def to_state(record: dict[str, Any]) -> State | None:
            state = self.state_from(record, query.scope)
            return state if query.predicate is None or query.predicate(state) else None

        parameters = {**self.parameters(self.list_op.keys, query.scope), **query.extra_params}
        for parameter, name in self.list_op.filters.items():
            if query.filters.get(name) is not None:
                parameters[parameter] = self.field(name).type.serialize(query.filters[name])
        how: dict[str, Any] = {"observe": lambda page: self.observe_page(ctx, page)} if self.observes_pages else {}
        if query.predicate is None or ctx.whole_lists:
            how["thorough"] = True
        states = ctx.client.list_mapped(self.list_op.action, parameters, to_state, deadline=ctx.deadline, **how)
        # A record that changes while it moves to another page is listed twice. The last one counts.
        id_field = self.id_field or ""
        latest = {state[id_field]: state for state in states if state.get(id_field) is not None}
        yield from (state for state in states if latest.get(state.get(id_field), state) is state)

    def observe_page(self, ctx: RunContext, response: ApiResponse) -> None:
        """Process the other members of a page of the list, for resources that set ``observes_pages``."""

    def find(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State | None:
        """Return the live state; ``None`` when the resource does not exist.

        :raises AmbiguousNameError: when the natural key matches several resources.
        :raises IncompleteKeyError: when neither an id nor a natural key is complete.
        """
        self.require_key(scope, given)
        if self.id_field and given.get(self.id_field) is not None:
            return self.read(ctx, scope, given[self.id_field])
        key = self.natural_key(given)
        with ctx.shared_names.reading(ctx, self, key):
            known = self.find_known(ctx, scope, key)
            if known is not None:
                return known
            matches = self.find_matching(ctx, scope, key)
        if not matches:
            return None
        if len(matches) > 1:
            ids = [state.get(self.id_field) if self.id_field else self.describe(state) for state in matches]
            wanted = "/".join(str(value) for value in key.values())
            raise AmbiguousNameError(self.label, wanted, ids, self.id_field)
        return self.with_details(ctx, scope, matches[0])

    def find_known(self, ctx: RunContext, scope: Mapping[str, Any], key: Mapping[str, Any]) -> State | None:
        """Return the live state of the resource that an earlier list of the run showed under a key.

        Where the list is partial, the describe call is needed anyway, and shows whether the name is still right.

        :returns: ``None`` when the index has no such resource, or an outdated one.
        """
        resource_id = ctx.shared_names.id_of(ctx, self, key) if self.list_is_partial else None
        if resource_id is None:
            return None
        try:
            state = self.with_details(ctx, scope, {**key, self.id_field or "": resource_id})
        except (ApiError, IncompleteDataError) as error:
            if isinstance(error, ApiError) and not error.is_rejection:
                raise
            return None
        return state if state is not None and self.matches(state, key) else None

    def has_key(self, ctx: RunContext, key: Mapping[str, Any], resource_id: Any) -> bool:
        """Return whether the resource with an id exists and has a key, by the cheapest read. It has no parents."""
        if self.describe_op is not None:
            state = self.read(ctx, {}, resource_id)
            return state is not None and self.matches(state, key)
        return [state.get(self.id_field or "") for state in self.find_matching(ctx, {}, key)] == [resource_id]

    def find_matching(self, ctx: RunContext, scope: Mapping[str, Any], key: Mapping[str, Any]) -> list[State]:
        """Return the states that match a key.

        :raises IncompleteDataError: when none matches, and one might match but lacks a field of the key.
        :raises IncompleteKeyError: when the key is incomplete.
        """
        self.require_key(scope, key)

        def may_fit(state: State) -> bool:
            return all(
                state.get(name) in (None, "") or self.field(name).type.equals(value, state[name])
                for name, value in key.items()
            )

        def read(predicate: Predicate) -> Iterator[State]:
            return self.list_states(ctx, scope, key, predicate=predicate)

        # A list that is not partial is read for its states, and not for a name.
        shares = self.list_is_partial and all(name in key for name in self.key)
        states = ctx.shared_names.read_list(ctx, self, [key], may_fit, read) if shares else list(read(may_fit))
        matches = [state for state in states if self.matches(state, key)]
        needed = [self.id_field] if matches and self.id_field else list(key)
        missing = [name for name in needed if any(state.get(name) in (None, "") for state in matches or states)]
        if missing:
            raise IncompleteDataError(self.label, "/".join(str(value) for value in key.values()), missing)
        return matches

    def lookup_candidates(
        self, ctx: RunContext, scope: Mapping[str, Any], key: Mapping[str, Any], predicate: Predicate | None = None
    ) -> Iterator[State]:
        """Yield the states among which a name or id is looked up: all of them, since errors suggest similar names."""
        return self.list_states(ctx, scope, {}, predicate=predicate)

    def read(self, ctx: RunContext, scope: Mapping[str, Any], resource_id: Any) -> State | None:
        """Return the live state of the resource with that id; ``None`` when it does not exist.

        :raises IncompleteDataError: when the list shows the resource, and the describe call returns nothing or another
            one.
        """
        name = self.id_field or ""
        if self.describe_op is None:
            return next(iter(self.find_matching(ctx, scope, {name: resource_id})), None)
        action, place = self.describe_op.action, self.parameters(self.describe_op.keys, {**scope, name: resource_id})
        record = read_or_absent(
            ctx,
            lambda: self._unless_empty(ctx.read(action, place)),
            lambda: any(self.list_states(ctx, scope, {}, predicate=lambda state: bool(state.get(name) == resource_id))),
            IncompleteDataError(self.label, resource_id, ["details"]),
        )
        if record is None or self.has_other_parent(record, scope):
            return None
        state = self.state_from(record, scope)
        if state.get(name) not in (None, resource_id):
            raise IncompleteDataError(self.label, resource_id, ["details"])
        return {**state, name: resource_id}

    def _unless_empty(self, record: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """Return a record; ``None`` when it has no value of any field."""
        state = self.state_from(record, {})
        return record if any(identifies(state.get(item.name)) for item in self.fields if item.path) else None

    def with_details(self, ctx: RunContext, scope: Mapping[str, Any], listed: State) -> State | None:
        """Return a listed state completed by the describe call, where the list is partial."""
        name = self.id_field
        if name is None or not self.list_is_partial:
            return listed
        return self.read(ctx, scope, listed[name])

    def uses(self, ctx: RunContext, scope: Mapping[str, Any], resource_id: Any) -> Sequence[str] | None:
        """Return what refers to one of several resources of one name, in words; ``None`` when that is unknown.

        It costs calls, and is called only when a task is about to fail.
        """
        return None

    def exists(self, state: State | None) -> bool:
        """Return whether a state is that of an existing resource."""
        return state is not None

    def place(self, ctx: RunContext, scope: Mapping[str, Any]) -> str:
        """Return the parents in words for messages, such as ``in app 'shop'``; empty when none is known."""
        parents = []
        for parent in reversed(self.scope):
            resource_id = scope.get(parent.target)
            if resource_id is not None:
                given = parent.value_in(ctx.options)
                name = ctx.parent_names.get(parent.option, resource_id if given is None else given)
                parents.append(f"{parent.option.replace('_', ' ')} {name!r}")
        return f"in {' of '.join(parents)}" if parents else ""

    def location(self, ctx: RunContext, scope: Mapping[str, Any], known: Mapping[str, Any]) -> str:
        """Return the parents for progress lines, such as ``app shop, environment production``; empty without any.

        A parent whose name is unknown is shown by its id, since a name is not worth a call.

        :param known: what is known of the resource. ``environment_name`` would hold the name of parent ``environment``.
        """
        parents = self.parents_by_word(ctx, {**known, **{name: value for name, value in scope.items() if value}})
        return ", ".join(f"{word} {name}" for word, name in parents)

    def parents_by_word(self, ctx: RunContext, known: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """Return what each parent is called in words, and its name, or its id where its name is unknown.

        :param known: what is known of the resource; see :meth:`location`.
        """
        parents = []
        for parent in self.scope:
            names = (
                ctx.parent_names.get(parent.option),
                known.get(f"{parent.option}_name"),
                parent.value_in(ctx.options),
                known.get(parent.target),
            )
            name = next((name for name in names if name is not None), None)
            if name is not None:
                parents.append((parent.option.replace("_", " "), name))
        return parents
