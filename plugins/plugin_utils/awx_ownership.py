# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which objects of an AWX playbook ``awx`` has made.

The modules of ``awx.awx`` find an object by its name, and overwrite it, whoever made it. Every type of object has a
description, so the one that the playbook writes is its mark. An object whose content is already the defined one is
accepted without the mark, for types whose content the list of the API returns completely.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ObjectType:
    """A type of object.

    :ivar label: its name in messages and in the variable ``jst_awx_take_over``.
    :ivar parent: the member of a definition with the name of the object within which names are unique, unless that is
        the organization of the playbook. Source: ``unique_together`` of the models in AWX 24.6.1.
    :ivar content: the members that are the whole content of an object; empty when a list does not return all of it, as
        surveys and secrets.
    """

    label: str
    parent: str = ""
    content: tuple[str, ...] = ()


TYPES: Mapping[str, ObjectType] = {
    "controller_credential_types": ObjectType("credential type", content=("kind", "inputs", "injectors")),
    "controller_credentials": ObjectType("credential", parent="credential_type"),
    "controller_execution_environments": ObjectType("execution environment", content=("image", "pull", "credential")),
    "controller_inventories": ObjectType("inventory"),
    "controller_inventory_sources": ObjectType(
        "inventory source",
        parent="inventory",
        content=(
            *("source", "source_project", "source_path", "credential", "execution_environment", "overwrite"),
            *("overwrite_vars", "update_on_launch", "update_cache_timeout"),
        ),
    ),
    "controller_notifications": ObjectType(
        "notification",
        parent="organization",
        content=("notification_type", "notification_configuration", "messages"),
    ),
    "controller_projects": ObjectType(
        "project",
        content=(
            *("scm_type", "scm_url", "scm_branch", "credential", "default_environment", "scm_update_on_launch"),
            "scm_update_cache_timeout",
        ),
    ),
    "controller_schedules": ObjectType(
        "schedule", parent="unified_job_template", content=("rrule", "extra_data", "enabled")
    ),
    "controller_templates": ObjectType("job template"),
    "controller_workflows": ObjectType("workflow job template"),
}
"""Variable with the definitions -> type of the objects."""


def compare(
    definitions: Iterable[Mapping[str, Any]],
    variable: str,
    existing: Collection[Mapping[str, Any]],
    descriptions: Collection[str],
) -> Iterator[dict[str, Any]]:
    """Yield ``label``, ``ids`` and ``is_foreign`` for each definition.

    :param variable: the variable with the definitions.
    :param existing: the objects of this type that may have the names, as the API lists them.
    :param descriptions: those that earlier versions of the playbook wrote.
    """
    object_type = TYPES[variable]
    for definition in definitions:
        found = [one for one in existing if _is_named_by(definition, one, object_type)]
        own = {definition.get("description"), *descriptions} - {None, ""}
        foreign = [
            one
            for one in found
            if one.get("description") not in own and not _has_content(definition, one, object_type.content)
        ]
        yield {
            "label": f"{object_type.label} {definition['name']}",
            "ids": [one["id"] for one in found],
            "is_foreign": bool(foreign),
        }


def _is_named_by(definition: Mapping[str, Any], existing: Mapping[str, Any], object_type: ObjectType) -> bool:
    """Return whether an object has the name of a definition, within the same parent."""
    parent = object_type.parent
    return existing["name"] == definition["name"] and (not parent or definition[parent] in _referred(existing, parent))


def _has_content(definition: Mapping[str, Any], existing: Mapping[str, Any], content: Collection[str]) -> bool:
    """Return whether an object has all values of a definition. A member that is omitted stays as it is."""
    wanted = {name: definition[name] for name in content if definition.get(name) is not None}
    return bool(wanted) and all(
        value == existing.get(name) or str(value) in _referred(existing, name) for name, value in wanted.items()
    )


def _referred(existing: Mapping[str, Any], member: str) -> list[str]:
    """Return the name and the id of the object that a member of another object refers to."""
    summary = existing.get("summary_fields", {}).get(member) or {}
    return [str(summary[name]) for name in ("name", "id") if name in summary]
