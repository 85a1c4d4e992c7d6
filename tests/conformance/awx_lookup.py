# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for the lookup ``awx.awx.controller_api``, which lists objects of AWX.

The lookup and AWX are those of 24.6.1: ``plugins/lookup/controller_api.py`` of the collection for options,
``SUMMARIZABLE_FK_FIELDS`` in ``awx/api/serializers.py`` for what an object shows of those that it refers to.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError
from ansible.plugins.lookup import LookupBase

# Options that say where AWX is. The lookup of ansible.controller gets those that are needed here.
CONNECTION = {"host", "username", "password", "oauth_token", "verify_ssl", "request_timeout"}
NEEDED: tuple[str, ...] = ()
# Some of those that `schedules/zoneinfo` returns.
ZONES = ["America/New_York", "Asia/Shanghai", "Asia/Urumqi", "Europe/Berlin", "UTC"]
# Endpoint -> kind of its objects.
KINDS = {
    "credential_types": "credential_type",
    "credentials": "credential",
    "execution_environments": "execution_environment",
    "inventories": "inventory",
    "inventory_sources": "inventory_source",
    "job_templates": "job_template",
    "notification_templates": "notification_template",
    "organizations": "organization",
    "projects": "project",
    "schedules": "schedule",
    "workflow_job_templates": "workflow_job_template",
}
# Fields with ids of other objects, and fields that only endpoints of their own return.
REFERENCES = {
    *("credential", "credential_type", "default_environment", "execution_environment", "inventory", "organization"),
    *("project", "source_project", "unified_job_template"),
}
ELSEWHERE = {"credentials", "notification_templates_approvals", "notification_templates_error", "survey_spec"}
ENCRYPTED = "$encrypted$"


class LookupModule(LookupBase):
    """The objects of an endpoint that have the asked values."""

    def run(self, terms: list[str], variables: dict[str, Any] | None = None, **kwargs: Any) -> list[dict[str, Any]]:
        """List what the file of the AWX has, under the names of the API."""
        del variables
        assert kwargs.keys() <= CONNECTION | {"query_params", "return_all"}
        assert all(kwargs.get(name) for name in NEEDED)
        [endpoint] = terms
        if endpoint == "schedules/zoneinfo":
            return [{"zones": ZONES, "links": {}}]
        objects = json.loads(Path(os.environ["AWX_STATE"]).read_text())["objects"]
        query = kwargs["query_params"]
        assert kwargs.get("return_all") or "name" in query, "AWX returns one page of several"
        return [
            shown(number, objects)
            for number, one in objects.items()
            if one["kind"] == KINDS[endpoint]
            and all(has_value(one, path.split("__"), wanted, objects) for path, wanted in query.items())
        ]


def has_value(one: Mapping[str, Any], path: list[str], wanted: Any, objects: Mapping[str, Any]) -> bool:
    """Return whether a field of an object, or of one that it refers to, has a value that is asked for."""
    name, *rest = path
    if rest == ["in"]:
        if not wanted:
            raise AnsibleError("Failed to query the API: cannot provide empty value for __in")
        return one[name] in str(wanted).split(",")
    if not rest:
        return bool(one[name] == wanted)
    value = {**one["fields"], **one["scope"]}.get(name, [])
    if rest == ["id"]:
        return int(wanted) in (value if isinstance(value, list) else [value])
    return bool(value) and has_value(objects[str(value)], rest, wanted, objects)


def shown(number: str, objects: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object as the API lists it."""
    one = objects[number]
    fields = {**one["scope"], **one["fields"]}
    referred = {name: fields[name] for name in REFERENCES if fields.get(name)}
    summary = {name: {"id": target, "name": objects[str(target)]["name"]} for name, target in referred.items()}
    if one["kind"] == "credential":
        described = objects[str(fields["credential_type"])]["fields"]["inputs"]["fields"]
        secrets = {field["id"] for field in described if field.get("secret")}
        inputs = fields.get("inputs") or {}
        fields["inputs"] = {name: ENCRYPTED if name in secrets else value for name, value in inputs.items()}
    own = {name: value for name, value in fields.items() if name not in ELSEWHERE}
    return {"description": "", **own, "id": int(number), "name": one["name"], "summary_fields": summary}
