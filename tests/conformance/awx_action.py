# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stands in for a module of the collection awx.awx: takes the same options, and keeps what it was given in a file.

Like the module, it changes nothing when everything is as it was, and fails when something that it is given by name is
not there, in check mode too.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.plugins.action import ActionBase

# Option -> the kind of thing that it names.
NAMES = {
    "credential": "credential",
    "credential_type": "credential_type",
    "credentials": "credential",
    "default_environment": "execution_environment",
    "execution_environment": "execution_environment",
    "inventory": "inventory",
    "project": "project",
    "source_project": "project",
    "success_nodes": "workflow_job_template_node",
    "unified_job_template": "job_template",
    "workflow_job_template": "workflow_job_template",
}
BUILT_IN = {"credential_type": ("Vault",)}


class ActionModule(ActionBase):
    """One thing in the file, by its kind and name. What is not given stays as it is."""

    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Compare the options with the file, and write them there."""
        del tmp
        result: dict[str, Any] = super().run(task_vars=task_vars)
        action = self._task.action
        kind = action.rpartition(".")[2]
        spec = json.loads(Path(os.environ["AWX_OPTIONS"]).read_text())["modules"][action]
        checked = ArgumentSpecValidator(spec).validate(dict(self._task.args))
        given = {name: value for name, value in checked.validated_parameters.items() if value is not None}
        file = Path(os.environ["AWX_STATE"])
        state = json.loads(file.read_text()) if file.exists() else {}
        problems = [*checked.error_messages, *self._missing(state, given)]
        if problems:
            return {**result, "failed": True, "msg": "; ".join(problems)}
        key = f"{kind} {given.get('name') or given['identifier']}"
        wanted = {**state.get(key, {}), **given}
        if state.get(key) == wanted or (key in state and given.get("state") == "exists"):
            return {**result, "changed": False}
        if not self._task.check_mode:
            file.write_text(json.dumps({**state, key: wanted}))
        return {**result, "changed": True}

    @staticmethod
    def _missing(state: dict[str, Any], given: dict[str, Any]) -> list[str]:
        """What the options name and is not there."""
        names = [(NAMES[option], value) for option, value in given.items() if option in NAMES]
        wanted = [(kind, name) for kind, value in names for name in (value if isinstance(value, list) else [value])]
        return [f"no {k} {n}" for k, n in wanted if f"{k} {n}" not in state and n not in BUILT_IN.get(k, ())]
