# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Resolution of names to ids.

A text is looked up as a name and as an id. A number is an id by its type.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Sequence

from .._api.hints import Hint
from .duplicates import reread_while_ambiguous
from .errors import AmbiguousNameError, IncompleteDataError, InvalidOptionError, NameOrIdError, NotFoundError
from .field_types import Integer
from .fields import State
from .names import PlannedRef, is_id, parse_id
from .reading import ReadOnlyResource

if TYPE_CHECKING:
    from .run_context import RunContext

MAX_SUGGESTION_CANDIDATES = 10_000
"""The number of names of a list that are kept for suggestions, since a list may be as long as the account is large."""


class NamedResource(ReadOnlyResource):
    """A resource that options refer to by name or id."""

    def resolve(self, ctx: RunContext, wanted: Any, namespace: Mapping[str, Any]) -> Any:
        """Return the id of the resource that a text names.

        :param namespace: the ids of its parents, and the values of the other fields of its key.
        :raises NotFoundError: when no resource has that name or id, or its parent does not exist.
        :raises AmbiguousNameError: when several resources have the name.
        :raises NameOrIdError: when the text is the name of one resource and the id of another.
        :raises InvalidOptionError: when the options lack its parent, or another field of its key.
        """
        scope = {parent.target: namespace.get(parent.target) for parent in self.scope}
        key_fields = {name: namespace.get(name) for name in self.key[1:]}
        for parent in self.scope:
            if scope[parent.target] is None and parent.value_in(ctx.options) is not None:
                raise NotFoundError(self.label, wanted, place=self.place(ctx, namespace))
        known = {parent.option_words: scope[parent.target] for parent in self.scope}
        missing = next((option for option, value in {**known, **key_fields}.items() if value is None), None)
        if missing is not None:
            raise InvalidOptionError(
                f"Option {self.name} takes a name only together with option {missing.partition(' ')[0]}.",
                hint=Hint(
                    "Give {missing} too, or {id_field} instead.",
                    "请同时设置 {missing}，或改用 {id_field}。",
                    missing=missing,
                    id_field=self.id_field,
                ),
            )
        return self.identify(ctx, scope, wanted, key_fields)

    def resolve_all(self, ctx: RunContext, wanted: Sequence[Any], namespace: Mapping[str, Any]) -> list[Any]:
        """Return the ids of the resources that a list names; see :meth:`resolve`. It reads the service's list once.

        In check mode, names of missing resources come last, for resources that a real run creates first.

        :raises NotFoundError: for the first name of no resource.
        """
        texts = [str(item) for item in wanted if not is_id(item)]
        ids = {self.id_type.clean(item) for item in wanted if is_id(item)}
        planned: list[PlannedRef] = []
        look_up = partial(self.look_up, ctx, {}, texts)
        for text, found in reread_while_ambiguous(ctx, self, {}, look_up).items() if texts else ():
            if not isinstance(found, NotFoundError):
                ids.add(found)
                if text != str(found):
                    ctx.names[found] = text
            elif ctx.check_mode:
                ctx.assume_created(found)
                planned.append(PlannedRef.of(self.label, text))
            else:
                raise found
        return [*sorted(ids), *planned]

    def identify(self, ctx: RunContext, scope: Mapping[str, Any], wanted: str, key_fields: State | None = None) -> Any:
        """Return the id of the resource that a text names, by name or by id; see :meth:`look_up`.

        :raises NotFoundError: when no resource has that name or id.
        """
        text = str(wanted)
        look_up = partial(self.look_up, ctx, scope, [text], key_fields)
        found = reread_while_ambiguous(ctx, self, scope, look_up)[text]
        if isinstance(found, NotFoundError):
            raise found
        return found

    def look_up(
        self, ctx: RunContext, scope: Mapping[str, Any], texts: Sequence[str], key_fields: State | None = None
    ) -> dict[str, Any]:
        """Return for each text the id of the resource that it names, or a :class:`NotFoundError`.

        The list is read for those texts alone that no earlier list of the run showed.
        """
        if not self.shares_names:
            return self.look_up_listed(ctx, scope, texts, key_fields)
        with ctx.shared_names.reading(ctx, self, {}):
            known = {text: ctx.shared_names.id_named(ctx, self, text, self.id_of(text)) for text in texts}
            unknown = [text for text, resource_id in known.items() if resource_id is None]
            listed = self.look_up_listed(ctx, scope, unknown, key_fields) if unknown else {}
        return {**known, **listed}

    def look_up_listed(
        self, ctx: RunContext, scope: Mapping[str, Any], texts: Sequence[str], key_fields: State | None = None
    ) -> dict[str, Any]:
        """Return for each text the id of the resource that it names in the list, or a :class:`NotFoundError`.

        :param key_fields: values of the other fields of the key.
        :raises NameOrIdError: when a text is the name of one resource and the id of another.
        :raises AmbiguousNameError: when several resources have a name.
        :raises IncompleteDataError: when responses lack a field that decides.
        """
        name, id_field = self.key[0], self.id_field or ""
        other_fields = key_fields or {}
        numbers = {text: self.id_of(text) for text in texts}
        ids = {number for number in numbers.values() if number is not None}
        suggestions: list[str] = []

        def fits(state: State) -> bool:
            return all(
                self.field(field_name).type.equals(other_fields[field_name], state[field_name])
                for field_name in other_fields
            )

        def predicate(state: State) -> bool:
            state_name = state.get(name)
            if state_name and len(suggestions) < MAX_SUGGESTION_CANDIDATES:
                suggestions.append(state_name)
            values = [state_name, state.get(id_field), *(state.get(field_name) for field_name in other_fields)]
            return state_name in numbers or state.get(id_field) in ids or any(value in (None, "") for value in values)

        filters = {name: list(texts), id_field: ids, **other_fields}
        states = ctx.shared_names.read_list(
            ctx,
            self,
            [{name: text} for text in texts],
            predicate,
            lambda predicate: self.lookup_candidates(ctx, scope, filters, predicate),
        )
        found: dict[str, Any] = {}
        for text in texts:
            named = [state for state in states if state.get(name) == text and fits(state)]
            numbered = [state for state in states if numbers[text] is not None and state[id_field] == numbers[text]]
            self._check_complete(states, named, numbered, text, (name, *other_fields), numbers[text] is not None)
            by_name = list(dict.fromkeys(state[id_field] for state in named))
            if len(by_name) > 1:
                raise AmbiguousNameError(self.label, text, by_name, id_field)
            if by_name and numbered and by_name != [numbers[text]]:
                raise NameOrIdError(self.label, text, by_name[0], id_field)
            if by_name or numbered:
                found[text] = by_name[0] if by_name else numbers[text]
            else:
                found[text] = NotFoundError(self.label, text, names=suggestions, place=self.place(ctx, scope))
        return found

    def _check_complete(
        self,
        states: Sequence[State],
        named: Sequence[State],
        numbered: Sequence[State],
        text: str,
        key: Sequence[str],
        is_number: bool,
    ) -> None:
        """Raise :class:`IncompleteDataError` when states lack a field that decides what a text names."""
        id_field = self.id_field or ""
        missing = [field_name for field_name in key if any(state.get(field_name) in (None, "") for state in states)]
        if named or (numbered and not missing):
            missing = [id_field] if any(state.get(id_field) is None for state in named or numbered) else []
        elif is_number and any(state.get(id_field) is None for state in states):
            missing.append(id_field)
        if missing:
            raise IncompleteDataError(self.label, text, missing)

    def id_of(self, text: str) -> Any:
        """Return the id that a text can be; ``None`` when it can be none."""
        return parse_id(text) if isinstance(self.id_type, Integer) else text
