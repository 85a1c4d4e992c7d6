# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The vocabulary of declarations: fields, operations and parents."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Callable, Dict, Protocol, Sequence

from .field_types import TEXT, FieldType, Integer

if TYPE_CHECKING:
    from .run_context import RunContext

State = Dict[str, Any]
Predicate = Callable[[State], bool]

RESOURCE_ID = Integer(1)

# The values of Field.write_only.
ON_CREATE = "on_create"
BY_OPTION = "by_option"
PER_CALL = "per_call"
CALL_MODE = "call_mode"


class Referable(Protocol):
    """What an option can refer to; implemented by :class:`..lookup.NamedResource`."""

    def resolve(self, ctx: RunContext, wanted: Any, namespace: Mapping[str, Any]) -> Any:
        """Return the id of the resource that a text names.

        :param namespace: the ids of its parents, and the values of the other fields of its key.
        :raises NotFoundError: when no resource has that name or id.
        """

    def resolve_all(self, ctx: RunContext, wanted: Sequence[Any], namespace: Mapping[str, Any]) -> list[Any]:
        """Return the ids of the resources that a list of texts names."""


@dataclass(frozen=True)
class Field:
    """One property of a resource.

    :param name: the name in results, and of the option unless ``option`` differs.
    :param type: validates, sends, reads, compares and shows the value.
    :param param: the parameter in the create and update operations; ``None`` when it is never sent.
    :param response_path: the dotted path in responses; empty when responses do not hold the field.
    :param option: the option that sets it; empty for fields that only the service sets.
    :param required: whether creation needs it.
    :param immutable: whether it cannot change after creation.
    :param always_send: whether every update sends it, because the service resets a field that an update omits.
    :param default: the service's default on creation.
    :param only_when: (another field, its values): the service has the property only with one of these values.
    :param refers_to: the resource whose name or id the option takes; the field holds the id.
    :param may_be_planned: whether check mode may assume that an earlier task of the same run creates the referred
        resource. Otherwise a missing resource is an error in check mode, too.
    :param id_type: the type of a second option, named like the field, that takes the id alone and needs no look-up;
        ``None`` when there is no such option.
    :param aliases: other names of the option.
    :param create_type: the type that validates the value before a creation only, because existing resources may violate
        it.
    :param write_only: what happens to a given value that responses do not show. ``ON_CREATE``: only creation sends it,
        and every later run warns that it was not compared. ``BY_OPTION``: option ``update_<option>`` decides whether
        every run sends it (``always``) or only creation does (``on_create``, with that warning). ``PER_CALL``: every
        call of the resource sends it, and a run without a call warns. ``CALL_MODE``: it only controls how a call is
        executed. Empty where responses show the value; where one omits it, an immutable value is treated like
        ``ON_CREATE``.
    :param update_default: the default of option ``update_<option>``.
    :param advice: what to do about a value that was not compared, for the warning.
    """

    name: str
    type: FieldType = TEXT
    param: str | None = None
    response_path: str | None = None
    option: str | None = None
    required: bool = False
    immutable: bool = False
    always_send: bool = False
    default: Any = None
    only_when: tuple[str, tuple[Any, ...]] | None = None
    refers_to: Referable | None = None
    may_be_planned: bool = False
    id_type: FieldType | None = None
    aliases: tuple[str, ...] = ()
    create_type: FieldType | None = None
    write_only: str = ""
    update_default: str = ""
    advice: str = ""

    @property
    def update_option(self) -> str:
        """Return the option that decides whether every run sends the value; empty when there is none."""
        return f"update_{self.option_name}" if self.write_only == BY_OPTION else ""

    @property
    def option_name(self) -> str:
        """Return the option's name; empty when the field is not an option."""
        return self.name if self.option is None else self.option

    @property
    def path(self) -> str:
        """Return the dotted path of the field in responses; empty when they do not hold it."""
        return self.name if self.response_path is None else self.response_path


def computed(name: str, type: FieldType = TEXT, response_path: str | None = None) -> Field:
    """Return a field that only the service sets."""
    return Field(name, type, response_path=response_path, option="")


@dataclass(frozen=True)
class OperationRef:
    """A writing or describing operation, with the parameters that identify the resource.

    :param action: the operation's name.
    :param keys: parameter -> name of a field, an option or a parent id.
    :param returns: field -> member of the response that holds it.
    """

    action: str
    keys: Mapping[str, str] = field(default_factory=dict)
    returns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ListOperation:
    """The operation that lists resources.

    :param action: the operation's name.
    :param keys: parameter -> parent id that it needs.
    :param filters: parameter -> field that the service can filter by.
    """

    action: str
    keys: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Parent:
    """A parent of a resource.

    :param option: takes the parent's name or id.
    :param target: the name of the parent's id in scope. It is also the option that takes the id alone and needs no
        look-up, unless ``option`` has that name.
    :param refers_to: the parent's resource; ``None`` when it is identified by its id alone.
    :param response_names: the members of records that hold the id, in lists across parents.
    :param id_type: the type of the id.
    """

    option: str
    target: str
    refers_to: Referable | None = None
    response_names: tuple[str, ...] = ()
    required: bool = True
    id_type: FieldType = RESOURCE_ID

    @property
    def id_option(self) -> str | None:
        """Return the option that takes the id alone; ``None`` when there is none."""
        return None if self.target == self.option else self.target

    @property
    def option_words(self) -> str:
        """Return the options that name the parent, in words for messages."""
        return " or ".join(filter(None, (self.option, self.id_option)))

    def value_in(self, options: Mapping[str, Any]) -> Any:
        """Return the given name or id of the parent as the user wrote it; ``None`` when it was not given."""
        value = options.get(self.option)
        return options.get(self.target) if value is None else value


def get_path(record: Mapping[str, Any], path: str) -> Any:
    """Return the member of a record at a dotted path; ``None`` when any part is missing."""
    value: Any = record
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value
