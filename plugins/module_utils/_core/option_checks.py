# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Checks of options before the first call: invalid names and ids, missing parents, incomplete keys.

ansible-core takes an option with the value null for a given one, so its own checks do not suffice.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Callable, Sequence

from .._api.hints import Hint
from .errors import InvalidOptionError
from .field_types import FieldType
from .fields import Field, State
from .names import TextId, is_blank, name_fault

if TYPE_CHECKING:
    from .declaration import Declaration

OptionOf = Callable[["Field"], str]


NULL_NAMES_NOTHING = Hint(
    "A null option, such as an empty variable, names nothing. Give it a value.",
    "值为 null 的选项（例如变量为空）不指定任何对象。请为它设置一个值。",
)
"""The hint of errors about options that identify a resource."""


def clean_option(option: str, field_type: FieldType, value: Any) -> Any:
    """Return the canonical value of an option.

    :raises InvalidOptionError: when the value is invalid.
    """
    try:
        return field_type.clean(value)
    except ValueError as error:
        raise InvalidOptionError(f"Option {option} {error}.") from None


def check_not_blank(option: str, value: Any) -> None:
    """Reject an empty or blank text, also as an item of a list. Null counts as not given.

    :raises InvalidOptionError: naming the option.
    """
    if is_blank(value):
        word = "blank" if value else "empty"
        raise InvalidOptionError(f"Option {option} is {word}, so it names nothing.")
    if isinstance(value, list) and any(item is None or is_blank(item) for item in value):
        raise InvalidOptionError(f"Option {option} holds an empty entry, which names nothing.")


def check_name(option: str, value: Any) -> None:
    """Reject a value that can be neither a name nor an id, also as an item of a list. Null counts as not given.

    :raises InvalidOptionError: naming the option.
    """
    check_not_blank(option, value)
    fault = next(filter(None, map(name_fault, value if isinstance(value, list) else [value])), "")
    if fault:
        raise InvalidOptionError(f"Option {option} {fault}, which a name cannot contain.")


def check_one_of(options: Mapping[str, Any], option: str, id_option: str) -> None:
    """Reject a name and an id for the same resource.

    :raises InvalidOptionError: naming both options.
    """
    if options.get(option) is not None and options.get(id_option) is not None:
        raise InvalidOptionError(f"Options {option} and {id_option} exclude each other: give one of them.")


def check_parents(resource: Declaration, options: Mapping[str, Any], optional: Sequence[str] = ()) -> None:
    """Check that the options name each parent of a resource.

    :param optional: options of parents that are not required.
    :raises InvalidOptionError: naming the option that is missing, null, empty or blank.
    """
    for parent in resource.scope:
        check_name(parent.option, options.get(parent.option))
        if parent.id_option is not None:
            check_name(parent.target, options.get(parent.target))
            check_one_of(options, parent.option, parent.target)
        if parent.required and parent.option not in optional and parent.value_in(options) is None:
            raise InvalidOptionError(
                f"Option {parent.option_words} is missing or null: it has to name the "
                f"{parent.option.replace('_', ' ')}.",
                hint=NULL_NAMES_NOTHING,
            )


def given_values(fields: Sequence[Field], options: Mapping[str, Any], option_of: OptionOf | None = None) -> State:
    """Return the canonical values of the given options. Names of other resources are not resolved yet.

    :param option_of: returns the option of a field; by default the option that sets it.
    :raises InvalidOptionError: when a value is invalid.
    """
    values: State = {}
    for item in fields:
        option = option_of(item) if option_of else item.option_name
        field_type: FieldType | None = None if item.refers_to else item.type
        if item.id_type is not None and options.get(item.name) is not None:
            option, field_type = item.name, item.id_type
        value = options.get(option) if option else None
        if value is None:
            continue
        values[item.name] = value if field_type is None else clean_option(option, field_type, value)
        if item.id_type is not None and field_type is item.id_type and isinstance(values[item.name], str):
            values[item.name] = TextId(values[item.name])
    return values


def check_own_key(resource: Declaration, options: Mapping[str, Any]) -> None:
    """Check that the options hold a complete key of the resource, unless its parents alone identify it.

    :raises InvalidOptionError: naming the missing options.
    """
    parent_ids = {parent.target for parent in resource.scope}
    keys = [[resource.option_of(name) for name in key if name not in parent_ids] for key in resource.keys]
    if any(all(options.get(name) is not None for name in key) for key in keys):
        return
    partial_key = next((key for key in keys if any(options.get(name) is not None for name in key)), None)
    forms = " or ".join(" and ".join(key) for key in keys)
    if partial_key is not None:
        missing = " and ".join(name for name in partial_key if options.get(name) is None)
        raise InvalidOptionError(
            f"Option {missing} is missing or null, and without it the {resource.label} is not identified: give {forms}."
        )
    if keys:
        raise InvalidOptionError(
            f"No {resource.label} is named: give {forms}.",
            hint=NULL_NAMES_NOTHING,
        )


def check_named(resource: Declaration, options: Mapping[str, Any]) -> None:
    """Check that the options identify one resource. A null, empty or blank value would match any resource.

    :raises InvalidOptionError: naming the option, before anything is sent.
    """
    check_parents(resource, options)
    names = {name for key in resource.keys for name in key}
    for item in resource.fields:
        if item.option_name and (item.name in names or item.refers_to):
            check_name(item.option_name, options.get(item.option_name))
        elif item.option_name and item.required:
            check_not_blank(item.option_name, options.get(item.option_name))
        if item.name in names and options.get(item.option_name) == []:
            raise InvalidOptionError(f"Option {item.option_name} is empty, so it names no {resource.label}.")
        if item.id_type is not None:
            check_name(item.name, options.get(item.name))
            check_one_of(options, item.option_name, item.name)
    check_own_key(resource, options)


def check_not_null(resource: Declaration, given: Mapping[str, Any]) -> None:
    """Reject a name or id that was given as null, such as an empty variable. It does not count as omitted.

    :param given: the options before validation, without those that were not given.
    :raises InvalidOptionError: naming the option, before anything is sent.
    """
    known = resource.id_field is not None and given.get(resource.id_field) is not None
    keys = set() if known else {name for key in resource.keys for name in key} - {resource.id_field}
    for item in resource.fields:
        names = [item.option_name, *([item.name] if item.id_type is not None else [])]
        refers = item.refers_to is not None or item.name in keys
        nulls = [name for name in names if name in given]
        if refers and item.option_name and nulls and all(given.get(name) is None for name in names):
            raise _null_error(nulls)
    # A parent that is required has a check of its own.
    for parent in resource.scope:
        names = [name for name in (parent.option, parent.id_option) if name is not None]
        nulls = [name for name in names if name in given]
        if not parent.required and nulls and all(given.get(name) is None for name in names):
            raise _null_error(nulls)


def _null_error(names: Sequence[str]) -> InvalidOptionError:
    return InvalidOptionError(
        f"Option {' and '.join(names)} is null, so it names nothing.",
        hint=Hint(
            "Omit the option where no value is meant, for example with default(omit).",
            "不需要该选项时，请不要写它，例如使用 default(omit)。",
        ),
    )
