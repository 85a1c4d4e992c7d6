# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Declaration of a resource: its fields, keys, operations, options and results. Nothing here sends a request."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, Sequence

from .errors import IncompleteKeyError, InvalidOptionError
from .field_types import FieldType
from .fields import RESOURCE_ID, Field, ListOperation, OperationRef, Parent, State
from .names import PlannedRef, identifies
from .option_checks import given_values


def known(value: Any) -> Any:
    """Return a value without the planned references in it, which have no id yet."""
    if isinstance(value, list):
        return [item for item in value if not isinstance(item, PlannedRef)]
    return None if isinstance(value, PlannedRef) else value


class Declaration:
    """The base of all declarations.

    :cvar scope: the parents.
    :cvar key: the fields that identify the resource within its parents without its id.
    :cvar fallback_key: a second natural key, used when ``key`` is incomplete.
    :cvar tiebreak_id: the id that orders duplicates of one key by age, where the service allows duplicates.
    :cvar list_is_partial: whether only the describe call returns all fields.
    :cvar shares_names: whether the tasks of a run share the names and ids of the list, which is that of the whole
        account; see :mod:`.name_index`.
    :cvar own_update_ops: the operations of update steps that are code, in place of ``update_op``.
    :cvar observes_pages: whether :meth:`observe_page` reads the pages of the list.
    :cvar unblocked_by: modules of which an earlier task may remove an :meth:`obstacle`.
    """

    name = ""
    plural = ""
    label = ""
    fields: tuple[Field, ...] = ()
    scope: tuple[Parent, ...] = ()
    id_field: str | None = None
    id_type: FieldType = RESOURCE_ID
    key: tuple[str, ...] = ()
    fallback_key: tuple[str, ...] = ()
    tiebreak_id: str | None = None
    list_op: ListOperation
    describe_op: OperationRef | None = None
    list_is_partial = False
    shares_names = False
    create_op: OperationRef
    update_op: OperationRef | None = None
    own_update_ops: tuple[OperationRef, ...] = ()
    delete_op: OperationRef
    states: tuple[str, ...] = ("present", "absent")
    supports_wait = False
    reports_progress = False
    observes_pages = False
    unblocked_by: tuple[str, ...] = ()
    extra_options: Mapping[str, Mapping[str, Any]] = {}
    constraints: Mapping[str, Sequence[Any]] = {}

    def __setattr__(self, name: str, value: NoReturn) -> None:
        """Reject every assignment. A declaration is a constant; a run keeps its state in :meth:`RunContext.memo`."""
        raise AttributeError(f"{type(self).__name__}.{name} cannot be set: a declaration holds no state of a run.")

    def field(self, name: str) -> Field:
        """Return the field of that name."""
        return next(item for item in self.fields if item.name == name)

    def desired_state(self, options: Mapping[str, Any]) -> State:
        """Return the canonical values of the given options. Names of other resources are not resolved yet.

        :raises InvalidOptionError: when a value is invalid.
        """
        values = given_values(self.fields, options)
        self.check_only_when(values, values)
        self.check(values)
        return values

    def check(self, given: State) -> None:
        """Reject combinations of options that are invalid whatever the live state is."""

    def warnings_about(self, given: State) -> list[str]:
        """Return the warnings about the given options."""
        return [
            f"Option {item.option_name} {remark}"
            for item in self.fields
            if item.name in given
            for remark in item.type.warnings_about(given[item.name])
        ]

    @property
    def plural_label(self) -> str:
        """The plural of the label, for messages about lists."""
        return f"{self.label}s"

    @property
    def keys(self) -> list[tuple[str, ...]]:
        """Return the sets of fields that each identify the resource within its parents."""
        own = [(self.id_field,)] if self.id_field else []
        return [key for key in [*own, self.key, self.fallback_key] if key]

    def option_of(self, name: str) -> str:
        """Return the option that sets a field, or the field's own name when no option sets it."""
        return next((item.option_name or name for item in self.fields if item.name == name), name)

    def require_key(self, scope: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        """Check that the parents and one key are complete, before anything is looked up.

        :raises IncompleteKeyError: when a parent is unknown, or no key is complete.
        """
        unknown = [item.target for item in self.scope if item.required and not identifies(scope.get(item.target))]
        if unknown:
            raise IncompleteKeyError(f"{self.label} without {', '.join(unknown)}")
        namespace = {**given, **{item.target: scope.get(item.target) for item in self.scope}}
        if self.keys and not any(all(identifies(namespace.get(name)) for name in key) for key in self.keys):
            raise IncompleteKeyError(f"{self.label} by {', '.join(sorted(given)) or 'nothing'}")

    def describe(self, values: Mapping[str, Any]) -> str:
        """Return the resource in words for messages, such as ``app 'shop'``."""
        names = [str(values[name]) for name in self.key or self.fallback_key if values.get(name) is not None]
        if names:
            return f"{self.label} {'/'.join(names)!r}"
        resource_id = values.get(self.id_field) if self.id_field else None
        return self.label if resource_id is None else f"{self.label} {resource_id}"

    def natural_key(self, given: Mapping[str, Any]) -> State:
        """Return the values that identify the resource without its id: the key, or else the fallback key.

        :raises IncompleteKeyError: when neither is complete.
        """
        for key in (self.key, self.fallback_key):
            if key and all(identifies(given.get(name)) for name in key):
                return {name: given[name] for name in key}
        raise IncompleteKeyError(f"{self.label} by {', '.join(sorted(given)) or 'nothing'}")

    def matches(self, state: State, key: Mapping[str, Any]) -> bool:
        """Return whether a state has the values of a key."""
        return all(self.field(name).type.equals(value, state.get(name)) for name, value in key.items())

    def to_result(self, state: State | None) -> dict[str, Any] | None:
        """Return the resource for the module's result, with every field that responses hold, ``None`` if unknown."""
        if state is None:
            return None
        shown = {parent.target: state.get(parent.target) for parent in self.scope}
        shown.update({item.name: item.type.to_result(known(state.get(item.name))) for item in self.fields if item.path})
        return shown

    def check_only_when(self, given: State, after: State) -> None:
        """Reject options that do not apply to the resource as it will be. Unknown fields reject nothing.

        :param after: the state after the run.
        :raises InvalidOptionError: naming the first such option.
        """
        for item in self.fields:
            if item.only_when is None or item.name not in given or (item.immutable and given[item.name] is False):
                continue
            name, values = item.only_when
            if after.get(name) is not None and after[name] not in values:
                raise InvalidOptionError(
                    f"Option {item.option_name} only applies when {name} is {' or '.join(map(str, values))}. "
                    f"Here, {name} is {after.get(name)}."
                )
