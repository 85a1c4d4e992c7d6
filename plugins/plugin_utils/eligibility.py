# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Decide which tasks may run inside the worker: those for which an ordinary module gives the same result."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.request import getproxies_environment

from ansible import constants
from ansible.errors import AnsibleActionFail
from ansible.module_utils.parsing.convert_bool import BOOLEANS, BOOLEANS_TRUE

COLLECTION = "jst.retailcloud."
MODULES = f"ansible_collections.{COLLECTION}plugins.modules."
SWITCH_VARIABLE = "jst_in_process"
SWITCH_ENVIRONMENT = "JST_IN_PROCESS"

# Values of the interpreter setting that let Ansible choose. ansible-core 2.21 removed the longer ones.
DISCOVERED = ("", "auto", "auto_silent", "auto_legacy", "auto_legacy_silent")


def find_module(task: Any) -> str | None:
    """Return the import name of the module of ``task``, ``None`` when it is no module of this collection."""
    name = task.resolved_action or ""
    return MODULES + name[len(COLLECTION) :] if name.startswith(COLLECTION) else None


def why_not_in_process(action: Any, task_vars: Mapping[str, Any]) -> str | None:
    """Return why the task of ``action`` needs a process of its own, in a few words, ``None`` when it does not.

    :raises AnsibleActionFail: when the value of the switch is no boolean.
    """
    return next(_reasons(action, task_vars), None)


def _reasons(action: Any, task_vars: Mapping[str, Any]) -> Iterator[str]:
    task, connection, templar = action._task, action._connection, action._templar
    if connection.transport != "local":
        yield f"connection {connection.transport}"
    if connection.become:
        yield "become"
    if task.async_val:
        yield "async"
    if constants.DEFAULT_KEEP_REMOTE_FILES:
        yield "option keep_remote_files of Ansible is true"
    if sys.platform == "darwin" and not getproxies_environment():
        # Reading the proxies of macOS, as `requests` does, kills a forked process.
        yield "macOS without proxy variables"
    variables = task_vars
    if task.delegate_to:
        variables = task_vars.get("ansible_delegated_vars", {}).get(task.delegate_to, task_vars)
    switch = templar.template(variables.get(SWITCH_VARIABLE, True))
    # AWX sends an empty text for a question without an answer.
    if not _is_on(f"variable {SWITCH_VARIABLE}", True if switch in (None, "", []) else switch):
        yield f"variable {SWITCH_VARIABLE}"
    if not _is_on(f"environment variable {SWITCH_ENVIRONMENT}", os.environ.get(SWITCH_ENVIRONMENT) or True):
        yield f"environment variable {SWITCH_ENVIRONMENT}"
    setting = constants.config.get_config_value("INTERPRETER_PYTHON", variables=variables)
    interpreter = str(templar.template(setting)).strip()
    if interpreter not in DISCOVERED and not is_this_python(interpreter):
        yield f"interpreter {interpreter}"


def is_this_python(path: str) -> bool:
    """Return whether ``path`` is the Python that runs Ansible, under any of its names.

    Two virtual environments can link to the same Python and have different packages, so the directory counts, too.
    """

    def identity(name: str) -> tuple[str, str]:
        return os.path.realpath(name), os.path.realpath(os.path.dirname(name))

    return path == sys.executable or identity(path) == identity(sys.executable)


def _is_on(source: str, value: Any) -> bool:
    word = str(value).strip().lower()
    if word not in BOOLEANS:
        raise AnsibleActionFail(f"The {source} must be true or false, not {value!r}.")
    return word in BOOLEANS_TRUE
