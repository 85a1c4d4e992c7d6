# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What each module says of itself is what it takes and returns.

The options that a module takes and the keys that it returns follow from the resource that it names;
its documentation is written by hand.
"""

from __future__ import annotations

import ast
import json
import os
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._core.api_call import OPTIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._core.argument_specs import module_options
from ansible_collections.jst.retailcloud.plugins.module_utils._core.composition import Composition
from ansible_collections.jst.retailcloud.plugins.module_utils._core.connection_options import (
    ACCESS_OPTIONS,
    WAIT_OPTIONS,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.info import Info
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from tests.tools.declarations import AnyState, declaration, record_members
from tests.tools.module_texts import MODULES
from tests.tools.run_in_collection import BIN, NAME, NAMESPACE, ROOT

COLLECTION = f"{NAMESPACE}.{NAME}"

# The one module that has no resource, and the keys of its result.
API = "jst_api"
API_RESULT = ["request_id", "response", "total_count"]

TEXTS = ("DOCUMENTATION", "EXAMPLES", "RETURN")

# Keys of a task or a play that hold further tasks.
NESTING = ("always", "block", "post_tasks", "pre_tasks", "rescue", "tasks")

# A module file holds documentation and the name of its resource; this leaves room for the frame around them.
LONGEST = 60

# Declarations are read without a service.
NO_CLIENT: Any = None

PYTHON_TYPES: Mapping[str, type] = {
    "bool": bool,
    "dict": dict,
    "float": float,
    "int": int,
    "list": list,
    "raw": object,
    "str": str,
}


@dataclass(frozen=True)
class Declared:
    """What a module is made of: its argument specification, and what it returns.

    :ivar shown: the value of ``key`` in a result, without the values inside of it.
    :ivar further: the other keys of a result.
    """

    spec: dict[str, Any]
    key: str
    shown: Any
    further: tuple[str, ...] = ()


@pytest.fixture(scope="session")
def documentation() -> dict[str, dict[str, Any]]:
    """The documentation of every module as Ansible reads it, fragments merged; module name -> doc, examples, return."""
    names = [f"{COLLECTION}.{module}" for module in MODULES]
    command = [str(BIN / "ansible-doc"), "--json", "--type", "module", *names]
    answer = subprocess.run(command, env=os.environ, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
    read = json.loads(answer.stdout)
    return {module: read[f"{COLLECTION}.{module}"] for module in MODULES}


def source(module: str) -> Path:
    """The file of a module."""
    return ROOT / "plugins" / "modules" / f"{module}.py"


def declared(module: str) -> Declared:
    """Return what the declaration of a module says."""
    found = declaration(module)
    if isinstance(found, Info):
        spec = {**found.options(), **ACCESS_OPTIONS}
        record = dict.fromkeys(record_members(found))
        return Declared(spec, found.resource.plural, [record], tuple(found.summary(RunContext(NO_CLIENT, {}))))
    if isinstance(found, Composition):
        spec = {**found.options(), **ACCESS_OPTIONS, **WAIT_OPTIONS}
        smallest = {name: item.get("default") for name, item in spec.items()}
        shown = found.to_result(found.nodes(smallest))
        own = ("steps", "differences", "not_compared", "errors", "not_previewed")
        shown_in_check_mode = found.pending(RunContext(NO_CLIENT, {}), found.nodes(smallest))
        further = (*own, *shown_in_check_mode, *(name for name in shown if name != found.name))
        return Declared(spec, found.name, shown[found.name], further)
    return Declared(module_options(found), found.name, found.to_result(AnyState()))


def option(described: Mapping[str, Any], suboptions: str) -> dict[str, Any]:
    """What matters of an option, in one form for a specification and for documentation.

    :param suboptions: the key under which it holds further options.
    """
    inner = described.get(suboptions)
    return {
        "type": described.get("type", "str"),
        "elements": described.get("elements"),
        "required": described.get("required", False),
        "default": described.get("default"),
        "choices": described.get("choices"),
        "aliases": sorted(described.get("aliases", ())),
        "options": options(inner, suboptions) if inner else None,
    }


def options(described: Mapping[str, Any], suboptions: str) -> dict[str, Any]:
    """``option`` of each."""
    return {name: option(item, suboptions) for name, item in described.items()}


def tasks(entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """All tasks of a list of tasks or plays, however deep."""
    for entry in entries:
        inner = [name for name in NESTING if name in entry]
        for name in inner:
            yield from tasks(entry[name])
        if not inner:
            yield entry


def fits(documented: Mapping[str, Any], sample: Any) -> bool:
    """Whether a sample is of the type that a return value has."""
    if documented["type"] == "list":
        elements = PYTHON_TYPES[documented["elements"]]
        return isinstance(sample, list) and bool(sample) and all(isinstance(item, elements) for item in sample)
    return isinstance(sample, PYTHON_TYPES[documented["type"]])


def misfits(documented: Mapping[str, Any]) -> Iterator[str]:
    """The return values that have no sample, or one of another type."""
    for name, item in documented.items():
        if "contains" in item:
            yield from (f"{name}.{inner}" for inner in misfits(item["contains"]))
        elif "sample" not in item or not fits(item, item["sample"]):
            yield name


@pytest.mark.parametrize("module", MODULES)
def test_documented_options_are_those_of_the_module(module: str, documentation: dict[str, dict[str, Any]]) -> None:
    documented = documentation[module]["doc"]["options"]
    spec = {**OPTIONS, **ACCESS_OPTIONS} if module == API else declared(module).spec
    assert options(documented, "suboptions") == options(spec, "options")


@pytest.mark.parametrize("module", MODULES)
def test_documented_return_values_are_those_of_the_module(
    module: str, documentation: dict[str, dict[str, Any]]
) -> None:
    documented = documentation[module]["return"]
    if module == API:
        assert sorted(documented) == API_RESULT
        return
    found = declared(module)
    assert sorted(documented) == sorted([found.key, *found.further])
    value = documented[found.key]
    if isinstance(found.shown, list):
        assert (value["type"], value["elements"]) == ("list", "dict")
        [record] = found.shown
    else:
        assert value["type"] == "dict"
        record = found.shown
    assert sorted(value["contains"]) == sorted(record)


@pytest.mark.parametrize("module", MODULES)
def test_every_return_value_has_a_sample_of_its_type(module: str, documentation: dict[str, dict[str, Any]]) -> None:
    assert not list(misfits(documentation[module]["return"]))


@pytest.mark.parametrize("module", MODULES)
def test_examples_use_documented_options_only(module: str, documentation: dict[str, dict[str, Any]]) -> None:
    prefix = f"{COLLECTION}."
    used = set()
    for ctx in tasks(yaml.safe_load(documentation[module]["examples"])):
        for action in (key.removeprefix(prefix) for key in ctx if key.startswith(prefix)):
            used.add(action)
            documented = documentation[action]["doc"]["options"]
            names = {*documented, *(alias for item in documented.values() for alias in item.get("aliases", ()))}
            assert not set(ctx[prefix + action] or ()) - names, ctx["name"]
    assert module in used


@pytest.mark.parametrize("module", MODULES)
def test_module_is_in_the_action_group(module: str, documentation: dict[str, dict[str, Any]]) -> None:
    runtime = yaml.safe_load((ROOT / "meta" / "runtime.yml").read_text())
    assert module in runtime["action_groups"][NAMESPACE]
    assert documentation[module]["doc"]["attributes"]["action_group"]["membership"] == [f"{COLLECTION}.{NAMESPACE}"]


@pytest.mark.parametrize("module", [module for module in MODULES if module.endswith("_info")])
def test_reading_modules_claim_no_diff(module: str, documentation: dict[str, dict[str, Any]]) -> None:
    assert documentation[module]["doc"]["attributes"]["diff_mode"]["support"] == "N/A"


@pytest.mark.parametrize("module", MODULES)
def test_module_file_holds_little_beside_documentation(module: str) -> None:
    text = source(module).read_text()
    documentation_lines: set[int] = set()
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in TEXTS:
            documentation_lines.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    rest = [
        line
        for number, line in enumerate(text.splitlines(), start=1)
        if line.strip() and number not in documentation_lines
    ]
    assert len(rest) <= LONGEST
