# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each module is made of: the declaration that its file hands to an entry function.

This file and those in ``generate`` are all that tools need to know of the declarations.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.argument_specs import module_options
from ansible_collections.jst.retailcloud.plugins.module_utils._core.composition import Composition
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import ListOperation, OperationRef
from ansible_collections.jst.retailcloud.plugins.module_utils._core.info import Info
from ansible_collections.jst.retailcloud.plugins.module_utils._core.reading import ReadOnlyResource
from ansible_collections.jst.retailcloud.plugins.module_utils._core.resource import Resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.application import list_option
from tests.tools.module_texts import FOLDER, MODULES

PLUGINS = "ansible_collections.jst.retailcloud.plugins"


class AnyState(dict[str, Any]):
    """A state of which nothing is known but that each of its collections holds one thing."""

    def __missing__(self, name: str) -> dict[str, Any]:
        return {"one": {}}


@cache
def declaration(module: str) -> Any:
    """Return the resource, the reading declaration or the composition of a module; None for ``jst_api``."""
    text = (FOLDER / f"{module}.py").read_text(encoding="utf-8")
    named = re.search(r"^    run_(?:resource|info|composition)\((\w+)\)$", text, re.MULTILINE)
    return named and getattr(import_module(f"{PLUGINS}.modules.{module}"), named[1])()


def managed() -> dict[str, type[Resource]]:
    """Return the resource of each module that manages one."""
    made = {module: declaration(module) for module in MODULES}
    return {module: type(each) for module, each in made.items() if isinstance(each, Resource)}


def argument_spec(module: str) -> dict[str, dict[str, Any]]:
    """Return the argument specification of a module that manages a resource or a composition."""
    declared = declaration(module)
    options: dict[str, Any] = declared.options() if isinstance(declared, Composition) else module_options(declared)
    return options


def conditions_of_entries(module: str) -> dict[str, Any]:
    """Return what the options of a module require of each other in an entry of a list of its resources."""
    spec = list_option(type(declaration(module)))
    return {key: value for key, value in spec.items() if key == "required_if"}


def shown_members(resource: ReadOnlyResource) -> list[str]:
    """Return the members that a result has for a resource, or for each of several."""
    shown: Any = resource.to_result(AnyState())
    return list(shown[0] if isinstance(shown, list) else shown)


def record_members(info: Info) -> list[str]:
    """Return the members of each record that a reading module returns."""
    return [*shown_members(info.resource), *info.optional_details.values()]


def operations(declared: Any) -> Iterator[str]:
    """Yield the operations that a declaration names; code of a resource may call others."""
    if isinstance(declared, Info):
        resource = declared.resource
        listing, detail = getattr(resource, "list_op", None), resource.describe_op
        described = declared.details or resource.id_field in declared.filters
        named = [listing, detail if described else None]
    else:
        named = [getattr(declared, name) for name in dir(type(declared))] if isinstance(declared, Resource) else []
        named += declared.own_update_ops if isinstance(declared, Resource) else ()
    yield from dict.fromkeys(each.action for each in named if isinstance(each, (ListOperation, OperationRef)))
