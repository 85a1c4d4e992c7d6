# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Argument specifications that follow from the declarations of resources."""

from __future__ import annotations

from typing import Any, Collection

from .access import ACCESS_OPTIONS, WAIT_OPTIONS
from .resource import Field, Resource


def task_options(resource: Resource) -> dict[str, Any]:
    """The options of a task that manages one thing."""
    # What is there unless told otherwise is what most tasks want; anything else has to be asked for.
    usual = {"default": "present"} if "present" in resource.states else {"required": True}
    spec: dict[str, Any] = {"state": {"type": "str", "choices": list(resource.states), **usual}}
    for reference in resource.scope:
        spec[reference.option] = {"type": "str", "required": reference.required}
    spec.update(ACCESS_OPTIONS)
    for item in resource.fields:
        if item.option_name:
            option = _option(item)
            if resource.identity is None and item.name in resource.key:
                option["required"] = True
            spec.setdefault(item.option_name, option)
    spec.update(resource.extra_options)
    if resource.waits:
        spec.update(WAIT_OPTIONS)
    return spec


def description_options(resource: Resource, without: Collection[str] = ()) -> dict[str, Any]:
    """The options that describe a thing within something greater: what its creation needs is required.

    :param without: options that the greater thing gives, or that do not fit into a description.
    """
    spec: dict[str, Any] = {reference.option: {"type": "str", "required": True} for reference in resource.scope}
    for item in resource.fields:
        if item.option_name and item.name != resource.identity:
            spec[item.option_name] = {**_option(item), **({"required": True} if item.required else {})}
    spec.update(resource.extra_options)
    return {name: option for name, option in spec.items() if name not in without}


def _option(item: Field) -> dict[str, Any]:
    option = item.kind.spec()
    if item.aliases:
        option["aliases"] = list(item.aliases)
    return option
