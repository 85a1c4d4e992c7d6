# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every task of a module has options that the module accepts: in examples, guides, roles and playbooks.

Rule ``args`` of ansible-lint does not see them: it skips modules that have an action plugin, as all of these have.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.module_utils.common.arg_spec import ArgumentSpecValidator

from ansible_collections.jst.retailcloud.plugins.module_utils._core.api_call import OPTIONS
from ansible_collections.jst.retailcloud.plugins.module_utils._core.connection_options import (
    ACCESS_OPTIONS,
    WAIT_OPTIONS,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.info import Info
from ansible_collections.jst.retailcloud.plugins.module_utils._core.strict_types import shape_faults, with_strict_types
from ansible_collections.jst.retailcloud.plugins.plugin_utils.role_options import ROLE_VARIABLE
from tests.tools.declarations import argument_spec, declaration
from tests.tools.module_texts import MODULES
from tests.tools.module_texts import read as text
from tests.tools.run_in_collection import ROOT
from tests.unit.docs.test_code import PREFIX, Loader, places

FOLDERS = ("examples", "playbooks", "roles")
SAMPLES: dict[str, Any] = {"bool": True, "dict": {}, "float": 1.0, "int": 1, "list": []}


@cache
def validator(module: str) -> tuple[dict[str, Any], list[list[str]], ArgumentSpecValidator]:
    """Return the specification of a module, the options that exclude each other, and what checks all others."""
    declared = declaration(module)
    if declared is None:
        options = OPTIONS
    elif isinstance(declared, Info):
        options = declared.options()
    else:
        options = {**argument_spec(module), **WAIT_OPTIONS}
    spec = {**options, **ACCESS_OPTIONS}
    constraints = {**getattr(declared, "constraints", {})}
    exclusive: list[list[str]] = constraints.pop("mutually_exclusive", [])
    return spec, exclusive, ArgumentSpecValidator(with_strict_types(spec), **constraints)


def is_template(value: Any) -> bool:
    """Return whether a value is only known when the task runs."""
    return isinstance(value, str) and ("{{" in value or "{%" in value)


def sample(option: Mapping[str, Any], value: Any) -> Any:
    """Return a value with one that fits in place of each template."""
    if is_template(value):
        return (option.get("choices") or [SAMPLES.get(str(option.get("type")), value)])[0]
    if isinstance(value, dict) and option.get("options"):
        return samples(option["options"], value)
    if isinstance(value, list) and option.get("type") == "list":
        item = {**option, "type": option.get("elements")}
        # A template of a mapping has nothing to be checked.
        return [sample(item, each) for each in value if not (is_template(each) and item["type"] == "dict")]
    return value


def samples(spec: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    """Return options with values that fit in place of templates."""
    options = {alias: option for name, option in spec.items() for alias in (name, *option.get("aliases", ()))}
    return {name: sample(options.get(name, {}), value) for name, value in values.items()}


def faults_of_task(module: str, given: Any) -> list[str]:
    """Return why a module rejects options; empty when they are not known yet, or fit."""
    if is_template(given):
        return []
    if not isinstance(given, Mapping | None):
        return ["the options are no mapping"]
    spec, exclusive, check = validator(module)
    options = samples(spec, given or {})
    # A template can leave an option out.
    certain = {name for name, value in (given or {}).items() if not (is_template(value) and "omit" in value)}
    both = [f"exclude each other: {', '.join(group)}" for group in exclusive if len(certain.intersection(group)) > 1]
    return [*shape_faults(spec, options), *both, *check.validate(options).error_messages]


def faults_of(data: Any, is_completed: bool = False) -> Iterator[str]:
    """Yield what is wrong in tasks, however deep they stand.

    :param is_completed: whether the action completes the options with the variables of a role.
    """
    if isinstance(data, list):
        for item in data:
            yield from faults_of(item, is_completed)
    elif isinstance(data, dict):
        is_completed = is_completed or ROLE_VARIABLE in (data.get("vars") or {})
        for key, value in data.items():
            module = str(key).removeprefix(PREFIX)
            if str(key).startswith(PREFIX) and module in MODULES:
                for fault in faults_of_task(module, value):
                    if not (is_completed and fault.startswith("missing required arguments")):
                        yield f"{module}: {fault}"
            yield from faults_of(value, is_completed)


def documents() -> Iterator[tuple[str, str]]:
    """Yield each YAML text with tasks: where it stands, and the text."""
    yield from places("yaml")
    for module in MODULES:
        yield f"{module} EXAMPLES", yaml.safe_dump(text(module, "EXAMPLES"))
    for folder in FOLDERS:
        for file in sorted(Path(ROOT / folder).rglob("*.yml")):
            yield str(file.relative_to(ROOT)), file.read_text(encoding="utf-8")


def test_tasks() -> None:
    """Names, types, choices, required options and combinations are those of the modules."""
    found, tasks = [], 0
    for place, content in documents():
        tasks += content.count(f"{PREFIX}jst_")
        found += [f"{place}: {fault}" for data in yaml.load_all(content, Loader) for fault in faults_of(data)]
    assert found == []
    assert tasks > 200


@pytest.mark.parametrize(
    ("task", "fault"),
    [
        ("jst.retailcloud.jst_app: {titel: x}", "titel"),
        ("jst.retailcloud.jst_app: {title: shop, state: gone}", "state"),
        ("block: [{jst.retailcloud.jst_environment: {app: shop, name: a, replicas: many}}]", "replicas"),
        ("jst.retailcloud.jst_service: {app: a, environment: b, name: c, port_mappings: [{prot: 1}]}", "prot"),
        ("jst.retailcloud.jst_deploy_config: {app: a, name: b, config_maps: 'kind: ConfigMap'}", "config_maps"),
        ("jst.retailcloud.jst_api: {parameters: {AppId: 1}}", "action"),
        ("jst.retailcloud.jst_deployment: {app: a, environment: b, packet_id: 1, packet_url: 'https://c'}", "packet"),
    ],
)
def test_tasks_that_are_wrong(task: str, fault: str) -> None:
    """Each has a fault, also where another option is a template."""
    assert fault in " ".join(faults_of(yaml.safe_load(task)))


def test_templates_are_not_checked() -> None:
    """A value that is not known yet can be anything."""
    task = "jst.retailcloud.jst_environment: {app: '{{ a }}', name: b, replicas: '{{ c }}', state: '{{ d }}'}"
    assert [*faults_of(yaml.safe_load(task))] == []
