# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What a resource is, without any call: its fields, its keys, its options and what is shown of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn, Sequence

from .errors import IncompleteKeyError, InvalidOptionError
from .field_types import FieldType
from .fields import RESOURCE_ID, Field, ListOperation, OperationRef, Parent, State
from .names import PlannedRef, identifies
from .option_checks import given_values


def known(value: Any) -> Any:
    """A value without the names of what has no id yet."""
    if isinstance(value, list):
        return [item for item in value if not isinstance(item, PlannedRef)]
    return None if isinstance(value, PlannedRef) else value


class Declaration:
    """The base of all declarations."""

    name = ""
    plural = ""
    label = ""
    fields: tuple[Field, ...] = ()
    scope: tuple[Parent, ...] = ()
    id_field: str | None = None
    id_type: FieldType = RESOURCE_ID
    key: tuple[str, ...] = ()
    fallback_key: tuple[str, ...] = ()
    # The id that tells which of two things of one key was there first, where the service lets both be.
    tiebreak_id: str | None = None
    list_op: ListOperation
    describe_op: OperationRef | None = None
    list_is_partial = False
    create_op: OperationRef
    update_op: OperationRef | None = None
    # The operations of update steps that are code, instead of update_op.
    own_update_ops: tuple[OperationRef, ...] = ()
    delete_op: OperationRef
    states: tuple[str, ...] = ("present", "absent")
    supports_wait = False
    reports_progress = False
    observes_pages = False
    # Modules of which an earlier task may change what `obstacle` sees, besides those that manage anything.
    unblocked_by: tuple[str, ...] = ()
    extra_options: Mapping[str, Mapping[str, Any]] = {}
    constraints: Mapping[str, Sequence[Any]] = {}

    def __setattr__(self, name: str, value: NoReturn) -> None:
        """Refuse every assignment: declarations are constants, and a run keeps its state in :meth:`RunContext.memo`."""
        raise AttributeError(f"{type(self).__name__}.{name} cannot be set: a declaration holds no state of a run.")

    def field(self, name: str) -> Field:
        """The field of that name."""
        return next(item for item in self.fields if item.name == name)

    def desired_state(self, options: Mapping[str, Any]) -> State:
        """The canonical values of all options that were given; names of other things are still names.

        :raises InvalidOptionError: when one of them cannot be right.
        """
        values = given_values(self.fields, options)
        self.check_only_when(values, values)
        self.check(values)
        return values

    def check(self, given: State) -> None:
        """Refuse combinations of options that cannot be right whatever the service holds."""

    def warnings_about(self, given: State) -> list[str]:
        """Return what to warn of in the options that were given."""
        return [
            f"Option {item.option_name} {remark}"
            for item in self.fields
            if item.name in given
            for remark in item.type.warnings_about(given[item.name])
        ]

    @property
    def keys(self) -> list[tuple[str, ...]]:
        """Every set of fields of which each identifies the resource within its parents."""
        own = [(self.id_field,)] if self.id_field else []
        return [key for key in [*own, self.key, self.fallback_key] if key]

    def option_of(self, name: str) -> str:
        """The option that sets a field; fields that only the service sets are named like the option."""
        return next((item.option_name or name for item in self.fields if item.name == name), name)

    def require_key(self, scope: Mapping[str, Any], given: Mapping[str, Any]) -> None:
        """Refuse to look for anything by less than identifies it.

        :raises IncompleteKeyError: when a parent is unknown, or no key is complete.
        """
        unknown = [item.target for item in self.scope if item.required and not identifies(scope.get(item.target))]
        if unknown:
            raise IncompleteKeyError(f"{self.label} without {', '.join(unknown)}")
        namespace = {**given, **{item.target: scope.get(item.target) for item in self.scope}}
        if self.keys and not any(all(identifies(namespace.get(name)) for name in key) for key in self.keys):
            raise IncompleteKeyError(f"{self.label} by {', '.join(sorted(given)) or 'nothing'}")

    def describe(self, values: Mapping[str, Any]) -> str:
        """The thing in words for messages, such as ``app 'shop'``."""
        names = [str(values[name]) for name in self.key or self.fallback_key if values.get(name) is not None]
        if names:
            return f"{self.label} {'/'.join(names)!r}"
        resource_id = values.get(self.id_field) if self.id_field else None
        return self.label if resource_id is None else f"{self.label} {resource_id}"

    def natural_key(self, given: Mapping[str, Any]) -> State:
        """What finds the thing without its id: the key, or else the other key.

        :raises IncompleteKeyError: when neither is complete.
        """
        for key in (self.key, self.fallback_key):
            if key and all(identifies(given.get(name)) for name in key):
                return {name: given[name] for name in key}
        raise IncompleteKeyError(f"{self.label} by {', '.join(sorted(given)) or 'nothing'}")

    def matches(self, state: State, key: Mapping[str, Any]) -> bool:
        """Whether a state is the one that the natural key names."""
        return all(self.field(name).type.equals(value, state.get(name)) for name, value in key.items())

    def to_result(self, state: State | None) -> dict[str, Any] | None:
        """The resource as the module returns it: every field that the service tells, whether known or not."""
        if state is None:
            return None
        shown = {parent.target: state.get(parent.target) for parent in self.scope}
        shown.update({item.name: item.type.to_result(known(state.get(item.name))) for item in self.fields if item.path})
        return shown

    def check_only_when(self, given: State, after: State) -> None:
        """Refuse options that the thing, as it will be, does not have; what is not told is not held against them."""
        for item in self.fields:
            if item.only_when is None or item.name not in given or (item.immutable and given[item.name] is False):
                continue
            name, values = item.only_when
            if after.get(name) is not None and after[name] not in values:
                raise InvalidOptionError(
                    f"Option {item.option_name} only applies when {name} is {' or '.join(map(str, values))}, "
                    f"and it is {after.get(name)}."
                )
