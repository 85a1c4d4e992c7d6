# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources that exist and that no host describes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import IncompleteDataError
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_failures import read_failure
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import (
    DEPLOY_CONFIGS,
    ENVIRONMENT_CHILD_TYPES,
    ENVIRONMENTS,
    DriftOptions,
    Json,
    Name,
    ResourceType,
)

NAMELESS = "The service does not show the names of {n} of them."
"""The message about resources without a name. The page has it in Chinese."""


def find_unmanaged(record: Json, described: Mapping[str, Any], found: Mapping[str, Any], options: DriftOptions) -> None:
    """Add the unmanaged resources of an app to its record."""
    title = record["title"]
    seen = read_listed(record, found, "environments", ENVIRONMENTS)
    environments = {item["environment_id"]: str(item["name"]) for item in seen}
    listed = {str(item["name"]): item for item in described.get("environments") or []}
    add_unmanaged(
        record,
        ENVIRONMENTS,
        [((title, name), identity) for identity, name in environments.items()],
        [(title, name) for name in listed],
        options,
    )
    resources = [
        ((title, *DEPLOY_CONFIGS.name_of(item)), DEPLOY_CONFIGS.id_of(item))
        for item in read_listed(record, found, "deploy_configs", DEPLOY_CONFIGS)
    ]
    known = [(title, *DEPLOY_CONFIGS.name_of(item)) for item in described.get("deploy_configs") or []]
    add_unmanaged(record, DEPLOY_CONFIGS, resources, known, options)
    for plural, kind in ENVIRONMENT_CHILD_TYPES.items():
        # The resources of an unmanaged environment are not listed again.
        resources = [
            ((title, environments[item["environment_id"]], *kind.name_of(item)), kind.id_of(item))
            for item in read_listed(record, found, plural, kind)
            if environments.get(item["environment_id"]) in listed
        ]
        known = [
            (title, name, *kind.name_of(part)) for name, item in listed.items() for part in item.get(kind.option) or []
        ]
        add_unmanaged(record, kind, resources, known, options)


def add_unmanaged(
    record: Json,
    kind: ResourceType,
    resources: Iterable[tuple[Name, Any]],
    known: Iterable[Name],
    options: DriftOptions,
) -> None:
    """Add unmanaged resources of one type to a record, also several of one name.

    :param resources: the full name and the id of each resource.
    :param known: the full names of described resources.
    """
    if kind.option not in options.kinds:
        return
    names = set(known)
    patterns = options.ignore.get(kind.option) or []
    unknown = dict.fromkeys(("/".join(name), identity) for name, identity in resources if name not in names)
    for name, identity in sorted(unknown, key=lambda item: (item[0], str(item[1]))):
        if any(fnmatchcase(name, str(pattern)) for pattern in patterns):
            record["ignored"] += 1
        else:
            record["unmanaged"].append({"kind": kind.type_name, "name": name, "id": identity})


def read_listed(record: Json, found: Mapping[str, Any], plural: str, kind: ResourceType) -> list[dict[str, Any]]:
    """Return the resources that a task, or each iteration of its loop, has listed.

    Add a failure to the record for what could not be listed, and for resources without a name: they cannot be compared
    with a description.
    """
    result = found.get(plural) or {"skipped": True}
    what = plural.replace("_", " ")
    resources: list[dict[str, Any]] = []
    for one in result.get("results", [result]):
        if plural in one:
            resources += one[plural]
        elif not one.get("skipped"):
            record["not_read"].append(read_failure(what, one))
    named = [resource for resource in resources if kind.is_named(resource)]
    if len(named) < len(resources):
        failure = IncompleteDataError(kind.type_name, "described", kind.name)
        failure.message = NAMELESS.format(n=len(resources) - len(named))
        record["not_read"].append(read_failure(what, {"error": failure.as_dict()}))
    return named
