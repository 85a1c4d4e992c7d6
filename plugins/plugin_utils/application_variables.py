# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Validate the variables of role ``application`` before anything is read or written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.jst.retailcloud.plugins.plugin_utils.role_variables import Spec, check, is_empty

ROLE = "application"
_SPECIFICATION = Path(__file__).resolve().parents[2] / "roles" / ROLE / "meta" / "argument_specs.yml"
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

IDENTIFYING = (
    "application_title",
    "application_app_id",
    "application_group.name",
    "application_group.app_group_id",
    "application_environments.cluster",
    "application_environments.cluster_id",
    "application_environments.deploy_config",
    "application_environments.deploy_config_id",
    "application_environments.services.name",
    "application_environments.slb_aps.name",
)
"""The optional variables and members that identify something."""

NAMES_NEEDED = (
    "An environment needs either deploy_config or deploy_config_id, and takes cluster or cluster_id; the group needs "
    "name or app_group_id."
)


@cache
def options() -> Spec:
    """Return the argument specification of the role."""
    found: Spec = yaml.load(_SPECIFICATION.read_bytes(), Loader=_LOADER)["argument_specs"]["main"]["options"]
    return found


def faults(values: Mapping[str, Any]) -> str:
    """Return what is wrong with the variables in words, an empty text when nothing is.

    :param values: variable -> value, for every variable whose name begins with that of the role.
    """
    problems = check(ROLE, values, options(), IDENTIFYING)["problems"]
    if problems:
        return " ".join(problems)
    return _duplicates(values) or _name_faults(values)


def _entries(values: Mapping[str, Any], option: str) -> Sequence[Mapping[str, Any]]:
    return values.get(f"{ROLE}_{option}") or []


def _duplicates(values: Mapping[str, Any]) -> str:
    """Return the error of names that have to differ."""
    described = {
        "environments": [str(item["name"]) for item in _entries(values, "environments")],
        "deploy configs of the same kind": [
            f"{item['name']}/{item['env_type']}" for item in _entries(values, "deploy_configs")
        ],
    }
    return " ".join(
        f"Names of {kind} have to differ: {', '.join(names)}."
        for kind, names in described.items()
        if len(set(names)) < len(names)
    )


def _name_faults(values: Mapping[str, Any]) -> str:
    """Return the error of environments and groups that lack a name or an id, or have both of two options."""
    environments = _entries(values, "environments")
    unnamed = [
        item["name"] for item in environments if not {"state", "deploy_config", "deploy_config_id"}.intersection(item)
    ]
    named_twice = [
        item["name"]
        for exclusive in ({"deploy_config", "deploy_config_id"}, {"cluster", "cluster_id"})
        for item in environments
        if exclusive.issubset(item)
    ]
    if unnamed or named_twice:
        return f"{NAMES_NEEDED} Wrong: environment {', '.join(map(str, dict.fromkeys(unnamed + named_twice)))}."
    group = values.get(f"{ROLE}_group")
    if not is_empty(group) and not {"name", "app_group_id"}.intersection(group or ()):
        return f"{NAMES_NEEDED} Wrong: {ROLE}_group."
    return ""
