# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The words that a resource is declared in: fields, operations and parents."""

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

# What becomes of a given value that responses do not show (Field.hidden).
ON_CREATE = "on_create"
BY_OPTION = "by_option"
PER_CALL = "per_call"
CALL_MODE = "manner"


class Referable(Protocol):
    """What an option can name; :class:`..lookup.NamedResource` is one."""

    def resolve(self, ctx: RunContext, wanted: Any, namespace: Mapping[str, Any]) -> Any:
        """Return the id of what a text names.

        :param around: the ids of its parents, and the values of the further fields of its key.
        :raises NotFoundError: when nothing has that name or id.
        """

    def resolve_all(self, ctx: RunContext, wanted: Sequence[Any], namespace: Mapping[str, Any]) -> list[Any]:
        """Return the ids of what a list of texts names."""


@dataclass(frozen=True)
class Field:
    """One property of a resource.

    :param name: its name in results, and of the option unless ``option`` says otherwise.
    :param type: how it is checked, sent, read back, compared and shown.
    :param param: its parameter in the creating and updating operations; ``None`` when it is never sent.
    :param response_path: where responses hold it, a dotted path; empty when the service does not tell.
    :param option: the option that sets it; empty for what only the service sets.
    :param required: whether creation needs it.
    :param immutable: whether it cannot change after creation.
    :param always_send: whether every update has to repeat it, lest the service drops it.
    :param default: what the service assumes when creation leaves it out.
    :param only_when: (another field, its values) outside of which the service has no such property.
    :param refers_to: the resource of which the option takes a name or an id; the field holds its id.
    :param forthcoming: whether check mode may assume that an earlier task of the same run makes what the name refers
        to. Otherwise a name that nothing has is an error there too.
    :param id_type: the kind of a second option, named as the field, that takes the id alone and needs no look-up;
        ``None`` when there is no such option.
    :param aliases: other names of the option.
    :param rule: what the service demands of the value where it creates the resource. Whatever exists may break it, so
        nothing else checks it.
    :param hidden: what becomes of a given value that responses do not show. ``ON_CREATE``: only creation sends it, and
        every later run warns that it was not compared. ``BY_OPTION``: option ``update_<option>`` decides whether every
        run sends it (``always``) or only creation does (``on_create``, with that warning). ``PER_CALL``: every call of
        the resource sends it, and a run without a call warns. ``MANNER``: it only says how a call is carried out.
        Empty where responses show the value; where one leaves it out, a fixed value is treated like ``ON_CREATE``.
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
        """The option that decides whether every run sends the value, empty where there is none."""
        return f"update_{self.option_name}" if self.write_only == BY_OPTION else ""

    @property
    def option_name(self) -> str:
        """The option's name, empty when the field is not an option."""
        return self.name if self.option is None else self.option

    @property
    def path(self) -> str:
        """Where answers hold the field, empty when they do not."""
        return self.name if self.response_path is None else self.response_path


def computed(name: str, type: FieldType = TEXT, response_path: str | None = None) -> Field:
    """A field that only the service sets."""
    return Field(name, type, response_path=response_path, option="")


@dataclass(frozen=True)
class OperationRef:
    """An operation and what identifies the thing it works on.

    :param action: the operation's name.
    :param keys: parameter -> name of a field, of an option or of a scope id.
    :param returns: field -> member of the answer that holds it.
    """

    action: str
    keys: Mapping[str, str] = field(default_factory=dict)
    returns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ListOperation:
    """How things of a kind are listed.

    :param action: the listing operation.
    :param keys: parameter -> scope id that it needs.
    :param filters: parameter -> field by which the service can narrow the list.
    """

    action: str
    keys: Mapping[str, str] = field(default_factory=dict)
    filters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Parent:
    """A parent: the option that takes its name or id, and the scope id it gives.

    :param refers_to: the resource, ``None`` where it is known by its id alone.
    :param target: also the option that takes the id alone and needs no look-up, unless ``option`` has that name.
    :param response_names: where records hold the id, for listings across parents.
    :param id_type: the kind of the id.
    """

    option: str
    target: str
    refers_to: Referable | None = None
    response_names: tuple[str, ...] = ()
    required: bool = True
    id_type: FieldType = RESOURCE_ID

    @property
    def id_option(self) -> str | None:
        """The option that takes the id alone, ``None`` when there is none."""
        return None if self.target == self.option else self.target

    @property
    def option_words(self) -> str:
        """The options that name the parent, in words."""
        return " or ".join(filter(None, (self.option, self.id_option)))

    def value_in(self, options: Mapping[str, Any]) -> Any:
        """The value that the options name the parent by, as the user wrote it; ``None`` when they do not."""
        value = options.get(self.option)
        return options.get(self.target) if value is None else value


def get_path(record: Mapping[str, Any], path: str) -> Any:
    """The member of a record at a dotted path, ``None`` when any part is missing."""
    value: Any = record
    for part in path.split("."):
        if not isinstance(value, Mapping):
            return None
        value = value.get(part)
    return value
