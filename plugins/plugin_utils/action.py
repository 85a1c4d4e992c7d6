# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action of all modules: it runs a module inside Ansible's worker process when the result is the same.

``plugins/action/`` has a subclass for every module. Redirects in ``meta/runtime.yml`` do not work: Ansible uses the
name of the target as the name of the task, so the ``module_defaults`` of one module would apply to all. Symbolic links
do not work either: antsibull-docs documents them as redirects.
"""

from __future__ import annotations

import contextlib
import importlib
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action.normal import ActionModule as NormalAction
from ansible.plugins.loader import filter_loader, test_loader
from ansible.utils.display import Display

from ansible_collections.jst.retailcloud.plugins.module_utils._core import name_index, progress
from ansible_collections.jst.retailcloud.plugins.plugin_utils import (
    application_tasks,
    eligibility,
    predicted_changes,
    role_options,
    task_environment,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.name_files import NameFiles

PLUGIN_UTILS = __name__.rpartition(".")[0]

display = Display()

in_process: Any
try:
    in_process = importlib.import_module(f"{PLUGIN_UTILS}.in_process")
except (ImportError, AttributeError) as error:
    in_process = None
    # Shown once per playbook: the main process imports this file before it forks a worker.
    display.v(f"The modules of {eligibility.COLLECTION[:-1]} run in processes of their own: {error}.")

# The first filter or test in a process, such as `default(omit)`, loads all of Ansible's own. The main process loads
# them here, once, before it forks a worker.
with contextlib.suppress(Exception):
    filter_loader.get("mandatory")
    test_loader.get("failed")


class UnexpectedHandoffError(AnsibleActionFail):
    """ansible-core does not pass the payload to one command. Nothing was executed."""


class Action(NormalAction):
    """Runs the module of its task, in the worker or as an ordinary module.

    In the worker, this class replaces three steps of ``_execute_module``: the payload, pipelining, and the command. All
    other steps are those of ansible-core, so a task observes no difference.
    """

    _module: str | None = None
    _payload: bytes | None = None
    _host = ""

    def __init_subclass__(cls) -> None:
        """Import the module and run one task in the main process, so that forks need not do it again.

        An error here is suppressed, since it would end the whole run. The task of the module raises it again.
        """
        super().__init_subclass__()
        with contextlib.suppress(Exception):
            importlib.import_module(eligibility.MODULES + cls.__module__.rpartition(".")[2])
            if in_process:
                importlib.import_module(f"{PLUGIN_UTILS}.warm_up").warm_up()

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the module."""
        reason: str | None
        self._host = str((task_vars or {}).get("inventory_hostname", ""))
        self._module = eligibility.find_module(self._task)
        if in_process is None:
            reason = "an unknown version of ansible-core"
        elif self._module is None:
            reason = "not a module of this collection"
        else:
            reason = eligibility.why_not_in_process(self, task_vars or {})
        if reason:
            self._module = None
        decides = (task_vars or {}).get(role_options.DECIDES_VARIABLE)
        display.vvv(f"{self._task.action} runs in {f'a process of its own: {reason}' if reason else 'the worker'}")
        # A change that a single task with check_mode predicts in a real run does not happen.
        if not (self._task.check_mode and (task_vars or {}).get("ansible_check_mode")):
            return _for_decision(self._run_module(tmp, task_vars), decides)
        with predicted_changes.passed_to(self._task):
            result = _for_decision(self._run_module(tmp, task_vars), decides)
        if result.get("changed") and not decides:
            predicted_changes.record((self._task.resolved_action or "").rpartition(".")[2])
        return result

    def _run_module(self, tmp: str | None, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        """Run the module with the arguments of the task, and with those that the variables of its role stand for."""
        result: dict[str, Any]
        arguments = self._task.args
        self._task.args = role_options.with_variables(arguments, self._templar, task_vars or {})
        try:
            if (task_vars or {}).get(role_options.DECIDES_VARIABLE) and self._task.args.get("parts") == []:
                return {"changed": False}
            key_passed = task_environment.access_key_passed_to(self._task, self._templar, task_vars or {})
            with task_environment.language_passed_to(self._task), key_passed:
                try:
                    result = super().run(tmp, task_vars)
                except UnexpectedHandoffError as error:
                    display.v(f"{self._task.action} runs in a process of its own: {error}")
                    self._module = self._payload = None
                    result = super().run(tmp, task_vars)
        finally:
            # Another attempt of the task reads the variables again.
            self._task.args = arguments
        role_options.reject_variables(result, self._templar, task_vars or {})
        return result

    def _is_pipelining_enabled(self, module_style: str, wrap_async: bool = False) -> bool:
        """Return True in the worker, which needs no files."""
        return self._module is not None or super()._is_pipelining_enabled(module_style, wrap_async)

    def _configure_module(self, module_name: str, module_args: Mapping[str, Any], task_vars: Mapping[str, Any]) -> Any:
        """Return the payload. In the worker it holds only the arguments."""
        if self._module is None:
            return super()._configure_module(module_name, module_args, task_vars)
        self._payload = in_process.encode_arguments(module_args)
        return in_process.describe_payload(self._payload, self._module)

    def _low_level_execute_command(
        self, cmd: str, sudoable: bool = True, in_data: bytes | None = None, **options: Any
    ) -> dict[str, Any]:
        """Run a command. In the worker, call the module instead of the command that gets the payload.

        :raises UnexpectedHandoffError: for another command while there is a payload. The payload is no program: a
            Python that read it would execute the arguments of the task.
        """
        if self._module is None or self._payload is None:
            result: dict[str, Any] = super()._low_level_execute_command(cmd, sudoable, in_data, **options)
            return result
        if in_data != self._payload:
            raise UnexpectedHandoffError("this version of ansible-core starts modules in an unknown way.")
        self._payload = None  # commands after it, such as the removal of files, are ordinary ones
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        with progress.listening(self._tell), name_index.provided(NameFiles.of_run(display.v)):
            answer: dict[str, Any] = in_process.call(self._module, in_data, environment, self._loader.get_basedir())
        return answer

    def _transfer_data(self, remote_path: str, data: Any) -> Any:
        """Write a file.

        :raises UnexpectedHandoffError: when ansible-core would write the payload to one.
        """
        if self._module is not None and self._payload is not None:
            raise UnexpectedHandoffError("this version of ansible-core writes modules to a file before it runs them.")
        return super()._transfer_data(remote_path, data)

    def _tell(self, line: str) -> None:
        """Show a line of progress on standard error, unless the task has ``no_log``.

        Standard output belongs to the callback, which may write JSON.
        """
        if not self._task.no_log:
            display.display(progress.printable(f"[{self._host}] {line}"), stderr=True)


def _for_decision(result: dict[str, Any], decides: str | None) -> dict[str, Any]:
    """Return the result of a task that decides whether others follow, without the warnings and failures of those."""
    if not decides:
        return result
    if result.get("failed"):
        if application_tasks.is_met_by_every_task(result):
            return result
        # As ansible-core returns it for a task with `failed_when`.
        result.pop("exception", None)
        result.update(failed=False, failed_when_result=False)
    if result.get(decides) != []:
        result["warnings"] = application_tasks.warnings_left(result)
    return result
