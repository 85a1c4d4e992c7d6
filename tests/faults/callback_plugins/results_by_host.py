# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes down what each task returned for each host."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: results_by_host
type: aggregate
short_description: Writes down what each task returned for each host
description:
  - Appends a line of JSON for each result to the file named by E(RECORDER_FILE).
"""


class CallbackModule(CallbackBase):
    """One line a result: host, task, action, whether it failed, result."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "results_by_host"
    CALLBACK_NEEDS_ENABLED = True

    def _write(self, line: dict[str, Any]) -> None:
        with open(os.environ["RECORDER_FILE"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")

    def _write_result(self, result: Any, failed: bool) -> None:
        self._write(
            {
                "host": result._host.get_name(),
                "task": result._task.get_name().strip(),
                "action": result._task.action,
                "failed": failed,
                "result": result._result,
            }
        )

    def v2_runner_on_ok(self, result: Any) -> None:
        """A task went well."""
        self._write_result(result, False)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """A task failed."""
        self._write_result(result, True)

    def v2_runner_on_unreachable(self, result: Any) -> None:
        """A host could not be reached, which no task here should ever say."""
        self._write_result(result, True)

    def v2_playbook_on_stats(self, stats: Any) -> None:
        """Which hosts have failed in the end."""
        self._write({"recap": {host: stats.summarize(host) for host in stats.processed}})
