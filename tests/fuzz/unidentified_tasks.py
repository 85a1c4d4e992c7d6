# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks that do not say what they are about.

What identifies something is null, empty or blank, also by characters that show nothing, or holds control characters; or
it is half of a key.

They follow from the declarations and argument specifications, so a new module or option has them too.
"""

from __future__ import annotations

import copy
import importlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core.composition import Composition
from ansible_collections.jst.retailcloud.plugins.module_utils._core.info import Info
from ansible_collections.jst.retailcloud.plugins.module_utils._core.resource import Resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_group import AppGroup
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.description_parts import ENVIRONMENT_CHILDREN
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.environment import Environment
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_account import RdsAccount
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.rds_db import RdsDb
from tests.conformance.module_cases import Options
from tests.fuzz.argument_specs import own_options
from tests.fuzz.harness import MODULES as PACKAGE
from tests.fuzz.populated_account import BY_MODULE, absent_options, base_options
from tests.tools.module_texts import MODULES

Declaration = Resource | Info | Composition

ENTRIES = ("run_resource", "run_info", "run_composition")
# The one module that has no declaration: it takes what the API takes.
DECLARED = [module for module in MODULES if module != "jst_api"]

# What jst_application describes by dictionaries, and what it lists; the environments' own are in PARTS.
DESCRIBED: Mapping[str, type[Resource]] = {
    "group": AppGroup,
    "databases": RdsDb,
    "accounts": RdsAccount,
    "deploy_configs": DeployConfig,
    "environments": Environment,
}

BLANKS = ("", " ", "\t\u3000\n", "\u200b", " \u2060\xad\ufeff", "\u3164")
# What a terminal, a log or a list of lines shows as something else.
BROKEN = ("shop\n", "pro\x00duction", "web\x1b[2K", "one\u2028two", "a\x85")


@dataclass(frozen=True)
class Nameless:
    """A task that does not identify what it is about.

    :ivar blamed: the options of which the message has to name one.
    """

    title: str
    blamed: tuple[str, ...]
    options: Options


@cache
def declaration(module: str) -> Declaration:
    """What a module hands to its entry function."""
    imported = importlib.import_module(f"{PACKAGE}.{module}")
    named: list[Any] = []
    with pytest.MonkeyPatch.context() as patch:
        for entry in ENTRIES:
            patch.setattr(imported, entry, named.append, raising=False)
        imported.main()
    declared: Declaration = named[0]()
    return declared


def nothings(spec: Mapping[str, Any], null: bool = True) -> list[Any]:
    """Values of an option that identify nothing.

    :param null: whether null is one of them.
    """
    nulls: list[Any] = [None] if null else []
    if spec["type"] == "list":
        return [*nulls, [None], [""], [" "], ["i-emu-spare-1", "\t"], ["\u200b"], ["i-emu-spare-1\n"]]
    return [*nulls, *BLANKS, *BROKEN]


def names_of(resource: Resource) -> list[str]:
    """The options that identify a resource, its parents, or what it refers to."""
    keys = {name for key in (resource.key, resource.fallback_key, (resource.id_field,)) for name in key}
    own = [item.option_name for item in resource.fields if item.option_name and (item.name in keys or item.refers_to)]
    parents = [name for reference in resource.scope for name in (reference.option, reference.target)]
    ids = [item.name for item in resource.fields if getattr(item, "id_type", None)]
    return list(dict.fromkeys([*parents, *own, *ids]))


def states(module: str) -> Iterator[tuple[str, Options]]:
    """A task that does something for every state that a module brings about."""
    for state in own_options(module).get("state", {}).get("choices", [""]):
        options = base_options(module)
        if state == "absent":
            options = absent_options(module) or options
        elif state not in ("", options.get("state", "present")):
            options = BY_MODULE[module].key
        switches: Options = {name: True for name in ("force", "purge", "delete_pvc") if name in own_options(module)}
        yield state, {**options, **switches, **({"state": state} if state else {})}


def of_resource(module: str, resource: Resource) -> Iterator[Nameless]:
    """Tasks of a state module."""
    spec = own_options(module)
    names = [name for name in names_of(resource) if name in spec]
    for state, base in states(module):
        for name in names:
            for value in nothings(spec[name], null=name in base):
                yield Nameless(f"{state} {name}={value!r}", (name,), {**base, name: value})
        yield from without_key(state, base, resource)
        yield from by_id(state, base, resource, spec)
    if isinstance(spec.get("instance_ids"), dict) and resource.key == ("instance_ids",):
        for state, base in states(module):
            yield Nameless(f"{state} instance_ids=[]", ("instance_ids",), {**base, "instance_ids": []})


def without_key(state: str, base: Options, resource: Resource) -> Iterator[Nameless]:
    """Halves of keys, and no key at all; each by null and by leaving out."""
    for name in resource.key:
        if name not in base or (resource.fallback_key and all(other in base for other in resource.fallback_key)):
            continue
        left = {option: value for option, value in base.items() if option != name}
        yield Nameless(f"{state} without {name}", (name,), left)
        yield Nameless(f"{state} with {name} null", (name,), {**left, name: None})
    own = {*resource.key, *resource.fallback_key}
    if own & set(base):
        bare = {name: None if name in own else value for name, value in base.items()}
        yield Nameless(f"{state} with all of the key null", tuple(own), bare)


def by_id(state: str, base: Options, resource: Resource, spec: Mapping[str, Any]) -> Iterator[Nameless]:
    """Ids that are null, where the task would have given an id."""
    own = {*resource.key, *resource.fallback_key}
    identity = resource.id_field
    if identity and identity in spec and own:
        bare = {name: value for name, value in base.items() if name not in own}
        yield Nameless(f"{state} {identity} null", (identity,), {**bare, identity: None})
    for reference in resource.scope:
        if reference.target in spec and reference.target != reference.option:
            bare = {name: value for name, value in base.items() if name != reference.option}
            yield Nameless(f"{state} {reference.target} null", (reference.target,), {**bare, reference.target: None})


def of_info(module: str, info: Info) -> Iterator[Nameless]:
    """Tasks of a reading module. Null filters nothing there; what has to be named does."""
    spec, base = own_options(module), base_options(module)
    parents = [
        item.option for item in info.resource.scope if item.required and item.option not in info.optional_parents
    ]
    for name in parents:
        yield Nameless(f"{name} null", (name,), {**base, name: None})
        yield Nameless(f"without {name}", (name,), {option: base[option] for option in base if option != name})
    filters = [name for name, option in spec.items() if option["type"] == "str" and not option.get("choices")]
    for name in filters:
        for value in (*BLANKS, *BROKEN):
            yield Nameless(f"{name}={value!r}", (name,), {**base, name: value})


def of_application(module: str) -> Iterator[Nameless]:
    """Descriptions of an app, of which one thing has no name."""
    base = base_options(module)
    title: Any
    for title in (None, *BLANKS, *BROKEN):
        yield Nameless(f"title={title!r}", ("title",), {**base, "title": title})
    for path, resource in described(base):
        for option in names_of(resource):
            part = at(base, path)
            if option not in part:
                continue
            for value in (None, *BLANKS, *BROKEN):
                options = copy.deepcopy(base)
                at(options, path)[option] = value
                yield Nameless(f"{path} {option}={value!r}", (option,), options)


def described(base: Options) -> Iterator[tuple[tuple[Any, ...], Resource]]:
    """Where a description has which resource."""
    for option, kind in DESCRIBED.items():
        if option == "group":
            yield (option,), kind()
            continue
        for number, item in enumerate(base[option]):
            yield (option, number), kind()
            for inner, part in ENVIRONMENT_CHILDREN.items():
                for position, _dummy in enumerate(item.get(inner, ())):
                    yield (option, number, inner, position), part()


def at(options: Any, path: tuple[Any, ...]) -> Any:
    """What stands at a place of a description."""
    for step in path:
        options = options[step]
    return options


def nameless(module: str) -> list[Nameless]:
    """All such tasks of a module."""
    declared = declaration(module)
    if isinstance(declared, Info):
        return list(of_info(module, declared))
    if isinstance(declared, Composition):
        return list(of_application(module))
    return list(of_resource(module, declared))


def undescribed(module: str) -> set[str]:
    """Options of the application that hold descriptions, and that these tests do not know."""
    holding = {name for name, option in own_options(module).items() if option.get("options")}
    members = {item.option_name for item in App.fields}
    # This one names deploy configs that are described anyway, and its members are required.
    return holding - {*DESCRIBED, "changed_secrets"} - members
