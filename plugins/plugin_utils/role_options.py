# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Read the options of a task of role ``application`` from the variables of the role.

The role has a variable for each option of module ``jst_application``, and its tasks set ``ROLE_VARIABLE``. An
expression for each option in these tasks would have the same meaning, and take more time than all else that
ansible-core does in the worker.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.module_utils.parsing.convert_bool import boolean

from ansible_collections.jst.retailcloud.plugins.plugin_utils.application_tasks import RunTags
from ansible_collections.jst.retailcloud.plugins.plugin_utils.application_variables import IDENTIFYING, ROLE, faults
from ansible_collections.jst.retailcloud.plugins.plugin_utils.role_variables import (
    is_empty,
    unknown_variables,
    variables_of,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.variable_values import OMITTED, VariableValues

APPLICATION = "ansible_collections.jst.retailcloud.plugins.module_utils._resources.application"

ROLE_VARIABLE = "__jst_role"
"""The variable of a task that gets its options from the variables of a role: the name of the role."""

COMPARES_VARIABLE = "__jst_compares"
"""The variable of such a task that only compares: true. It sends nothing that the service does not show."""

CHECKS_VARIABLE = "__jst_checks"
"""The variable of such a task that validates the variables of the role as a whole: true."""

ACCESS_VARIABLE = "__jst_access"
"""The variable with the access options of such a task, which take the place of ``module_defaults``.

ansible-core evaluates those in each worker, before the action runs.
"""

DECIDES_VARIABLE = "__jst_decides"
"""The variable of a task that only decides, in check mode, whether tasks follow that do the work.

Its value names the member of the result that is an empty list when none do.
"""

OWN_OPTIONS = ("app_id", "parts")
"""Options that such a task can set itself. Its other options come from the variables alone."""

UPDATE_SWITCH = "update_"
"""What the names of options begin with that decide when to send a value that cannot be read back."""

Spec = Mapping[str, Mapping[str, Any]]


def with_variables(arguments: Mapping[str, Any], templar: Any, task_vars: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the arguments of a task with the options that the variables of its role stand for.

    :param arguments: the arguments of any task of the module.
    :param templar: the templar of the task's action.
    :raises AnsibleActionFail: for an unknown, missing, or wrong variable. The message names it.
    """
    role = task_vars.get(ROLE_VARIABLE)
    if not role:
        return arguments
    known = task_vars[f"__{role}_known"]
    prefix = f"{role}_"
    problems = " ".join(unknown_variables(variables_of(role, task_vars), known))
    if problems:
        raise AnsibleActionFail(problems)
    if task_vars.get(CHECKS_VARIABLE):
        problems = variable_faults(templar, task_vars)
        if problems:
            raise AnsibleActionFail(problems)
    values = VariableValues(templar, task_vars)
    title = values.value(f"{role}_title")
    if title is OMITTED or is_empty(title) or not str(title).strip():
        raise AnsibleActionFail(f"{role}_title is null, empty or blank, and needs a value.")
    compares = bool(task_vars.get(COMPARES_VARIABLE))
    options: dict[str, Any] = {} if compares else {"parts": _parts(role, values, task_vars)}
    for name, option in _spec().items():
        variable = prefix + name
        if variable not in known:
            continue
        if option.get("required") and variable not in task_vars:
            raise AnsibleActionFail(f"'{variable}' is undefined, and the role needs a value for it.")
        value = values.value(variable)
        if is_empty(value) and not option.get("required") and variable not in IDENTIFYING:
            value = option.get("default", OMITTED)
        options[name] = without_updates(value, option) if compares else value
    own = {name: arguments[name] for name in OWN_OPTIONS if name in arguments}
    access = values.value(ACCESS_VARIABLE)
    return {
        **({} if access is OMITTED else access),
        **arguments,
        **{name: value for name, value in options.items() if value is not OMITTED},
        **own,
    }


def reject_variables(result: Mapping[str, Any], templar: Any, task_vars: Mapping[str, Any]) -> None:
    """Reject the variables of the role of a task whose module rejected its options.

    The variables are validated only here, unless the task has ``CHECKS_VARIABLE``: that costs more than to read them.

    :param result: as the module returned it. An error of its options names no operation of the API.
    :raises AnsibleActionFail: when a variable is wrong. The message names it, and that of the module names the option.
    """
    if not task_vars.get(ROLE_VARIABLE) or not result.get("failed") or result.get("changed"):
        return
    problems = "" if (result.get("error") or {}).get("action") else variable_faults(templar, task_vars)
    if problems:
        raise AnsibleActionFail(problems)


def variable_faults(templar: Any, task_vars: Mapping[str, Any]) -> str:
    """Return what is wrong with the variables of role ``application`` in words, an empty text when nothing is."""
    values, problems = VariableValues(templar, task_vars).all(variables_of(ROLE, task_vars))
    return " ".join(problems) or faults(values)


def _parts(role: str, values: VariableValues, task_vars: Mapping[str, Any]) -> list[str]:
    """Return the parts of the description that a task manages, or compares before others manage them."""
    tags = RunTags(task_vars["ansible_run_tags"], task_vars["ansible_skip_tags"])
    if not task_vars.get(DECIDES_VARIABLE):
        return tags.parts
    in_one_task = values.value(f"{role}_in_one_task")
    is_given = in_one_task is not OMITTED and not is_empty(in_one_task)
    return tags.compared_parts(is_given and boolean(in_one_task, strict=False))


def _spec() -> Spec:
    """Return the argument specification of the module.

    It is imported here, since the actions of all modules import this file.
    """
    spec: Spec = importlib.import_module(APPLICATION).Application().options()
    return spec


def without_updates(value: Any, option: Mapping[str, Any]) -> Any:
    """Return the value of an option for a comparison, in which nothing is sent because the service does not show it."""
    switches = {name: "on_create" for name in option.get("options", ()) if name.startswith(UPDATE_SWITCH)}
    if not switches or not isinstance(value, list):
        return value
    return [{**entry, **switches} if isinstance(entry, Mapping) else entry for entry in value]
