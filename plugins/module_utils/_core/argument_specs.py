# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Argument specifications, derived from the declarations of resources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Collection

from .connection_options import ACCESS_OPTIONS, WAIT_OPTIONS
from .declaration import Declaration
from .fields import Field
from .resource import Resource


def module_options(resource: Resource) -> dict[str, Any]:
    """Return the options of a state module."""
    # Most tasks want state=present. Where it is no choice, the state is required.
    usual = {"default": "present"} if "present" in resource.states else {"required": True}
    spec: dict[str, Any] = {"state": {"type": "str", "choices": list(resource.states), **usual}}
    spec.update(parent_options(resource))
    spec.update(ACCESS_OPTIONS)
    for item in resource.fields:
        if item.option_name:
            option = field_option(item)
            if resource.id_field is None and item.name in resource.key:
                option["required"] = True
            spec.setdefault(item.option_name, option)
            spec.update(id_options(item))
            spec.update(_update_option(item))
    spec.update(resource.extra_options)
    if resource.supports_wait:
        spec.update(WAIT_OPTIONS)
    copied: dict[str, Any] = _copied(spec)
    return copied


def parent_options(resource: Declaration, optional: Collection[str] = ()) -> dict[str, Any]:
    """Return the options that name the parents, by name or id, or by id alone.

    :param optional: options of parents that are not required.
    """
    spec: dict[str, Any] = {}
    for parent in resource.scope:
        # Of a name and an id option neither is required. check_parents demands one of them.
        required = parent.required and parent.option not in optional and parent.id_option is None
        spec[parent.option] = {"type": "str", "required": required}
        if parent.id_option is not None:
            spec[parent.id_option] = parent.id_type.spec()
    return spec


def id_options(item: Field) -> dict[str, Any]:
    """Return the option that takes the id of the resource that a field refers to, if there is one."""
    return {} if item.id_type is None else {item.name: item.id_type.spec()}


def nested_options(resource: Resource, without: Collection[str] = ()) -> dict[str, Any]:
    """Return the suboptions that describe a resource inside a larger one. Options that creation needs are required.

    :param without: options that the larger resource provides, or that make no sense inside it.
    """
    spec: dict[str, Any] = {}
    for parent in resource.scope:
        if parent.option not in without:
            spec.update(parent_options(resource))
    for item in resource.fields:
        if item.option_name and item.name != resource.id_field:
            required = item.required and item.id_type is None
            spec[item.option_name] = {**field_option(item), **({"required": True} if required else {})}
            spec.update(id_options(item))
            spec.update(_update_option(item))
    spec.update(resource.extra_options)
    copied: dict[str, Any] = _copied({name: option for name, option in spec.items() if name not in without})
    return copied


def _update_option(item: Field) -> dict[str, Any]:
    """Return the option that decides when to send a value that cannot be read back."""
    if not item.update_option:
        return {}
    choices = ["on_create", "always"]
    return {item.update_option: {"type": "str", "choices": choices, "default": item.update_default, "no_log": False}}


def field_option(item: Field) -> dict[str, Any]:
    """Return the option that sets a field."""
    option = item.type.spec()
    if item.aliases:
        option["aliases"] = list(item.aliases)
    return option


def _copied(part: Any) -> Any:
    """Return options as objects of their own: whoever gets them may change them, and no declaration changes.

    They are mappings and lists of constants, which `copy.deepcopy` would look up one by one.
    """
    if isinstance(part, Mapping):
        return {name: _copied(value) for name, value in part.items()}
    return [_copied(item) for item in part] if isinstance(part, list) else part
