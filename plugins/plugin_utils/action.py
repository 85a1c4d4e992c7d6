# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The one action of the collection: it runs a module inside Ansible's worker process when that changes nothing else.

``plugins/action/`` has a subclass of it under the name of every module. Not one name and redirects to it in
``meta/runtime.yml``: Ansible takes the name of what it resolves for the name of the task, so every module would carry
the name of the target, and the ``module_defaults`` of one would reach them all. Nor links, which antsibull-docs takes
for redirects of the modules.
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

from ansible_collections.jst.retailcloud.plugins.module_utils._core import progress
from ansible_collections.jst.retailcloud.plugins.plugin_utils import eligibility, predicted_changes

PLUGIN_UTILS = __name__.rpartition(".")[0]

display = Display()

in_process: Any
try:
    in_process = importlib.import_module(f"{PLUGIN_UTILS}.in_process")
except (ImportError, AttributeError) as error:
    in_process = None
    # Once for a playbook: the main process imports this before it forks a worker.
    display.v(f"The modules of {eligibility.COLLECTION[:-1]} run in processes of their own: {error}.")

# The main process imports this before it forks a worker. The first filter or test that a fork meets, be it in
# `default(omit)`, loads all of Ansible's own, so it is met here, once for a playbook.
with contextlib.suppress(Exception):
    filter_loader.get("mandatory")
    test_loader.get("failed")


class UnexpectedHandoffError(AnsibleActionFail):
    """ansible-core does something else with the payload than to pass it to one command. Nothing was executed."""


class Action(NormalAction):
    """Runs the module of its task, in the worker or as any other module.

    In the worker, three steps of ``_execute_module`` are answered here: the payload, pipelining, and the command. What
    comes before and after them stays ansible-core's, and with it what a task can observe.
    """

    _module: str | None = None
    _payload: bytes | None = None
    _host = ""

    def __init_subclass__(cls) -> None:
        """Make ready, in the main process, what each fork would do anew: import the module, and carry out one task.

        What fails here would end the whole run, past any ``rescue``; the module meets it again, in its own task.
        """
        super().__init_subclass__()
        with contextlib.suppress(Exception):
            importlib.import_module(eligibility.MODULES + cls.__module__.rpartition(".")[2])
            if in_process:
                importlib.import_module(f"{PLUGIN_UTILS}.warm_up").warm_up()

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Returns the result of the module."""
        reason: str | None
        self._host = str((task_vars or {}).get("inventory_hostname", ""))
        self._module = eligibility.find_module(self._task)
        if in_process is None:
            reason = "an ansible-core that is not known"
        elif self._module is None:
            reason = "not a module of this collection"
        else:
            reason = eligibility.why_not_in_process(self, task_vars or {})
        if reason:
            self._module = None
        display.vvv(f"{self._task.action} runs in {f'a process of its own: {reason}' if reason else 'the worker'}")
        # What a single task predicts in a real run comes true for no other.
        if not (self._task.check_mode and (task_vars or {}).get("ansible_check_mode")):
            return self._run_module(tmp, task_vars)
        with predicted_changes.passed_to(self._task):
            result = self._run_module(tmp, task_vars)
        if result.get("changed"):
            predicted_changes.record((self._task.resolved_action or "").rpartition(".")[2])
        return result

    def _run_module(self, tmp: str | None, task_vars: dict[str, Any] | None) -> dict[str, Any]:
        result: dict[str, Any]
        try:
            result = super().run(tmp, task_vars)
        except UnexpectedHandoffError as error:
            display.v(f"{self._task.action} runs in a process of its own: {error}")
            self._module = self._payload = None
            result = super().run(tmp, task_vars)
        return result

    def _is_pipelining_enabled(self, module_style: str, wrap_async: bool = False) -> bool:
        """In the worker nothing goes through files."""
        return self._module is not None or super()._is_pipelining_enabled(module_style, wrap_async)

    def _configure_module(self, module_name: str, module_args: Mapping[str, Any], task_vars: Mapping[str, Any]) -> Any:
        """In the worker the payload is the arguments alone."""
        if self._module is None:
            return super()._configure_module(module_name, module_args, task_vars)
        self._payload = in_process.encode_arguments(module_args)
        return in_process.describe_payload(self._payload, self._module)

    def _low_level_execute_command(
        self, cmd: str, sudoable: bool = True, in_data: bytes | None = None, **options: Any
    ) -> dict[str, Any]:
        """In the worker the command which takes the payload is a call.

        :raises UnexpectedHandoffError: for any other command once there is a payload: it is no program, and a Python
            that read it would execute the arguments of the task.
        """
        if self._module is None or self._payload is None:
            result: dict[str, Any] = super()._low_level_execute_command(cmd, sudoable, in_data, **options)
            return result
        if in_data != self._payload:
            raise UnexpectedHandoffError("this ansible-core does not hand a module on in the way that is known.")
        self._payload = None  # what follows, such as tidying up, are commands like any other
        environment: dict[str, Any] = {}
        self._compute_environment_string(environment)
        with progress.listening(self._tell):
            answer: dict[str, Any] = in_process.call(self._module, in_data, environment, self._loader.get_basedir())
        return answer

    def _transfer_data(self, remote_path: str, data: Any) -> Any:
        """In the worker nothing goes through files.

        :raises UnexpectedHandoffError: when ansible-core would write the payload to one.
        """
        if self._module is not None and self._payload is not None:
            raise UnexpectedHandoffError("this ansible-core hands a module on in a file.")
        return super()._transfer_data(remote_path, data)

    def _tell(self, line: str) -> None:
        """Show a line of a module that waits, unless its task keeps quiet about everything."""
        if not self._task.no_log:
            display.display(progress.printable(f"[{self._host}] {line}"))
