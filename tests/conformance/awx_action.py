# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for a module of the collection awx.awx and for the AWX behind it, which is a file.

Modules and AWX are those of 24.6.1: ``plugins/modules`` and ``plugins/module_utils/controller_api.py`` of the
collection for what a module looks up, sends and reports, ``awx/api/serializers.py`` for what AWX rejects and returns.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

Object = dict[str, Any]

# Option -> the kind of object that it names, and the option with the organization in which a name is looked up. Without
# one, the name has to be the only one of its kind in the whole AWX.
REFERENCES = {
    "credential": ("credential", ""),
    "credential_type": ("credential_type", ""),
    "credentials": ("credential", ""),
    "default_environment": ("execution_environment", ""),
    "execution_environment": ("execution_environment", ""),
    "inventory": ("inventory", ""),
    "inventory of inventory_source": ("inventory", "organization"),
    "notification_templates_approvals": ("notification_template", ""),
    "lookup_organization": ("organization", ""),
    "notification_templates_error": ("notification_template", ""),
    "organization": ("organization", ""),
    "project": ("project", "organization"),
    "source_project": ("project", "organization"),
    "success_nodes": ("workflow_job_template_node", "workflow_job_template"),
    "unified_job_template": ("job_template", "organization"),
    "unified_job_template of workflow_job_template_node": ("job_template", "lookup_organization"),
    "workflow_job_template": ("workflow_job_template", "organization"),
}
# Kind -> the options that, with the name, tell an object from others of its kind.
SCOPES: Mapping[str, tuple[str, ...]] = {
    "credential": ("organization", "credential_type"),
    "inventory": ("organization",),
    "inventory_source": ("inventory",),
    "job_template": ("organization",),
    "notification_template": ("organization",),
    "project": ("organization",),
    "schedule": ("unified_job_template",),
    "workflow_job_template": ("organization",),
    "workflow_job_template_node": ("workflow_job_template",),
}
# Options that the modules use for looking up, and do not send.
LOOKUPS = ("lookup_organization", "state", "update_project", "wait")
# What AWX adds to a notification that does not have it: events, and the configuration of a webhook.
EVENTS = ("started", "success", "error", "workflow_approval")
WEBHOOK = {"http_method": "POST", "disable_ssl_verification": False, "username": "", "password": ""}
# Kind -> fields that the module sends as null when they are not given, and what AWX makes of null.
NULLS: Mapping[str, Mapping[str, Any]] = {"inventory": {"kind": "", "host_filter": None}}


class _ModuleError(Exception):
    """A module fails."""


class Awx:
    """The objects of an AWX, by their ids."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.content: dict[str, Any] = json.loads(file.read_text())
        self.objects: dict[str, Object] = self.content["objects"]

    def find(self, kind: str, name: str, scope: Mapping[str, int], *, or_id: bool = True) -> list[int]:
        """Return the ids of the objects with a name, or of the one with this id."""
        return [
            int(number)
            for number, one in self.objects.items()
            if one["kind"] == kind
            and (one["name"] == name or (or_id and number == name))
            and all(one["scope"].get(key) == value for key, value in scope.items())
        ]

    def resolve(self, kind: str, name: str, scope: Mapping[str, int], *, or_id: bool = True) -> int:
        """Return the id of the only object with a name, or of the one with this id."""
        found = self.find(kind, name, scope, or_id=or_id)
        if len(found) != 1 and name not in map(str, found):
            raise _ModuleError(f"Request to {kind} {name} returned {len(found)} items, expected 1")
        return int(name) if len(found) > 1 else found[0]

    def references(self, kind: str, given: Mapping[str, Any]) -> dict[str, Any]:
        """Return the ids of what the options name."""
        ids: dict[str, Any] = {}
        # What others are looked up in comes first.
        for option in sorted(given, key=lambda name: ("organization" not in name, name == "success_nodes")):
            target, within = REFERENCES.get(f"{option} of {kind}") or REFERENCES.get(option, ("", ""))
            if target:
                scope = {within.removeprefix("lookup_"): ids[within]} if within in ids else {}
                names = given[option] if isinstance(given[option], list) else [given[option]]
                # The module of schedules searches by name alone.
                found = [self.resolve(target, name, scope, or_id=kind != "schedule") for name in names]
                ids[option] = found if isinstance(given[option], list) else found[0]
        return ids

    def put(self, number: int, one: Object) -> None:
        """Keep an object."""
        self.objects[str(number)] = one
        self.file.write_text(json.dumps(self.content))

    def synchronize(self, number: int) -> bool:
        """Update a project: AWX then knows the playbooks of the repository.

        :returns: whether it has another revision than before.
        """
        repository, project = self.content["repository"], self.objects[str(number)]
        self.content["updates"] += 1
        before = project.get("revision")
        project["synchronized"] = repository["reachable"]
        if repository["reachable"]:
            project.update(revision=repository["revision"], playbooks=repository["playbooks"])
        self.put(number, project)
        if not repository["reachable"]:
            raise _ModuleError("Project update failed")
        return bool(before != project["revision"])

    def rejection(self, kind: str, before: Object | None, sent: Mapping[str, Any]) -> str | None:
        """Return why AWX rejects what a module sends."""
        if kind in ("schedule", "workflow_job_template_node") and "unified_job_template" in sent:
            return self._prompts_rejection(kind, self.objects[str(sent["unified_job_template"])]["fields"], sent)
        known = self.objects[str(sent["project"])].get("playbooks", []) if kind == "job_template" else []
        if kind == "job_template" and sent["playbook"] not in known:
            return "{'playbook': ['Playbook not found for project.']}"
        inputs = sent.get("inputs", {}) if kind == "credential" else {}
        if before and "vault_id" in inputs and inputs["vault_id"] != before["fields"].get("inputs", {}).get("vault_id"):
            return "{'inputs': ['Vault IDs cannot be changed once they have been created.']}"
        return None

    @staticmethod
    def _prompts_rejection(kind: str, template: Mapping[str, Any], sent: Mapping[str, Any]) -> str | None:
        """Return why a template does not take what a schedule or a node would launch it with."""
        if "limit" in sent and not template["ask_limit_on_launch"]:
            return "{'limit': ['Field is not configured to prompt on launch.']}"
        questions = {question["variable"]: question["required"] for question in template["survey_spec"]["spec"]}
        answers = sent.get("extra_data", {})
        if not answers.keys() <= questions.keys():
            return "{'extra_data': ['Variables are not allowed on launch.']}"
        missing = [name for name, required in questions.items() if required and name not in answers]
        # The answers of a node may come from its workflow.
        return f"{{'variables_needed_to_start': {missing}}}" if missing and kind == "schedule" else None


def has_secret(awx: Awx, sent: Mapping[str, Any]) -> bool:
    """Return whether inputs of a credential hold what AWX never returns, so that they always seem to differ."""
    fields = awx.objects[str(sent["credential_type"])]["fields"]["inputs"]["fields"]
    return any(field.get("secret") and field["id"] in sent.get("inputs", {}) for field in fields)


def wanted_fields(kind: str, given: Mapping[str, Any], ids: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the module of a kind sends."""
    nulls = dict.fromkeys(NULLS.get(kind, ()))
    sent = {**nulls, **given, **ids}
    own = {name: value for name, value in sent.items() if name not in LOOKUPS}
    if kind == "credential" and not own.get("inputs"):
        own.pop("inputs", None)
    return own


def kept_fields(kind: str, sent: Mapping[str, Any]) -> dict[str, Any]:
    """Return what AWX makes of what is sent."""
    nulls = NULLS.get(kind, {})
    kept: dict[str, Any] = {key: nulls.get(key) if value is None else value for key, value in sent.items()}
    if kind == "notification_template":
        kept["messages"] = {**dict.fromkeys(EVENTS), **kept["messages"]}
        kept["notification_configuration"] = {**WEBHOOK, **kept["notification_configuration"]}
    return kept


class ActionModule(ActionBase):
    """One object, by its kind, its name and where it belongs. What is not given stays as it is."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Do what the module of the same name does."""
        del tmp
        result: dict[str, Any] = super().run(task_vars=task_vars)
        action = self._task.action
        spec = json.loads(Path(os.environ["AWX_OPTIONS"]).read_text())["modules"][action]
        checked = ArgumentSpecValidator(spec).validate(dict(self._task.args))
        given = {name: value for name, value in checked.validated_parameters.items() if value is not None}
        if checked.error_messages:
            return {**result, "failed": True, "msg": "; ".join(checked.error_messages)}
        try:
            return {**result, **self._manage(Awx(Path(os.environ["AWX_STATE"])), action.rpartition(".")[2], given)}
        except _ModuleError as error:
            return {**result, "failed": True, "msg": str(error)}

    def _manage(self, awx: Awx, kind: str, given: dict[str, Any]) -> dict[str, Any]:
        """Create an object, or update what differs.

        :returns: what the module reports.
        """
        ids = awx.references(kind, given)
        scope = {option: ids[option] for option in SCOPES.get(kind, ()) if option in ids}
        name = given.get("name") or given["identifier"]
        found = awx.find(kind, name, scope)
        number = found[0] if found else max(map(int, awx.objects)) + 1
        before = awx.objects.get(str(number))
        if before and given.get("state") == "exists":
            return {"changed": False, "id": number}
        sent = wanted_fields(kind, given, ids)
        stored: Object = before["fields"] if before else {}
        unlike = not before or any(stored.get(key) != value for key, value in sent.items())
        secret = kind == "credential" and has_secret(awx, sent)
        update = given.get("update_project", False)
        if self._task.check_mode:
            # What would be sent ends the module, and counts as a change. So does the request to update a project.
            changed = unlike or secret or update
            return {"changed": changed, **({"id": number} if before else {})}
        if unlike and (why := awx.rejection(kind, before, {**stored, **sent})):
            raise _ModuleError(f"Unable to {'update' if before else 'create'} {kind} {name}: {why}")
        after = {**stored, **kept_fields(kind, sent)}
        changed = before is None or stored != after or secret
        awx.put(number, self._object(awx, kind, name, given, {"before": before, "ids": ids, "fields": after}))
        if kind == "project" and (before is None or stored.get("scm_url") != after.get("scm_url")):
            # AWX updates such a project by itself, and the module waits for it.
            awx.synchronize(number)
        elif update:
            # The module reports the update in place of the project, its id too.
            return {"changed": awx.synchronize(number), "id": 1000 + awx.content["updates"]}
        return {"changed": changed, "id": number}

    @staticmethod
    def _object(awx: Awx, kind: str, name: str, given: Mapping[str, Any], parts: Mapping[str, Any]) -> Object:
        """Return an object with its fields, and with the options that made it, which have names in place of ids."""
        before, ids = parts["before"], parts["ids"]
        options = dict(given)
        for option, number in ids.items():
            names = [awx.objects[str(one)]["name"] for one in (number if isinstance(number, list) else [number])]
            options[option] = names if isinstance(number, list) else names[0]
        scope = {option: ids[option] for option in SCOPES.get(kind, ()) if option in ids}
        return {
            **(before or {"kind": kind, "name": name, "scope": scope}),
            "fields": parts["fields"],
            "options": {**(before or {}).get("options", {}), **options},
        }
