# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes down what each task returned and which calls it made."""

from __future__ import annotations

import json
import os
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

from ansible.plugins.callback import CallbackBase

DOCUMENTATION = r"""
name: recorder
type: aggregate
short_description: Writes down what each task returned and which calls it made
description:
  - Appends a line of JSON for each result to the file named by E(RECORDER_FILE).
  - The calls are those that the emulator at E(RECORDER_EMULATOR) has in its call log since the result before.
"""


class CallbackModule(CallbackBase):
    """One line a result: task, host, result, calls."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "recorder"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._last = 0
        # One for all tasks: a new one for each, by urllib, takes as long as a short task of ansible-core itself.
        self._connection = HTTPConnection(urlsplit(os.environ["RECORDER_EMULATOR"]).netloc)

    def v2_playbook_on_start(self, playbook: Any) -> None:
        """What was called before does not count."""
        self._calls()

    def _calls(self) -> list[dict[str, Any]]:
        try:
            calls = self._read_calls()
        except ConnectionError:  # the emulator closes a connection that is idle, as during a long task
            self._connection.close()
            calls = self._read_calls()
        if calls:
            self._last = calls[-1]["seq"]
        return calls

    def _read_calls(self) -> list[dict[str, Any]]:
        self._connection.request("GET", f"/_emulator/calls?since={self._last}")
        calls: list[dict[str, Any]] = json.loads(self._connection.getresponse().read())
        return calls

    def _write(self, result: Any, failed: bool) -> None:
        line = {
            "task": result._task.get_name().strip(),
            "action": result._task.action,
            "host": result._host.get_name(),
            "result": {**result._result, "failed": failed},
            "calls": self._calls(),
        }
        with open(os.environ["RECORDER_FILE"], "a", encoding="utf-8") as file:
            file.write(json.dumps(line, default=str) + "\n")

    def v2_runner_on_ok(self, result: Any) -> None:
        """A task went well."""
        self._write(result, False)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:
        """A task failed."""
        self._write(result, True)
