# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run one module in the process of the test, as a worker of Ansible does, so that a test can act between its calls."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any, Protocol

from ansible_collections.jst.retailcloud.plugins.plugin_utils import eligibility, in_process
from tests.conformance.contract import request_problems
from tests.conformance.coverage_recorder import recorder
from tests.conformance.playbook_runner import COLLECTION, Recorded, control
from tests.tools.running_emulator import access

# How often the call log is looked into, in seconds, and how many looks are enough.
PAUSE, LOOKS = 0.02, 1000
# What a task may have besides its module to be run without Ansible.
PLAIN = {"name", "ignore_errors", "check_mode", "diff"}
TEMPLATES = ("{{", "{%", "{#")


class HasAddress(Protocol):
    """An object with the address of an emulator."""

    @property
    def address(self) -> str:
        """Return the address."""


class ActsByHand(HasAddress, Protocol):
    """An object that calls operations of an emulator past the modules."""

    def call(self, action: str, **parameters: Any) -> Any:
        """Call an operation."""


def run_in_process(account: HasAddress, module: str, **options: Any) -> Recorded:
    """Run a module with these options.

    :raises AssertionError: when a request was not as the reference has it, or a result not as the documentation has it.
    """
    return _run(account.address, module, module, {**options, "_ansible_diff": True}, _last_call(account.address))


def is_plain(task: Mapping[str, Any]) -> bool:
    """Return whether a task is a call of a module and nothing that Ansible has to work out before."""
    text = json.dumps(task, default=str)
    calls_module = task.keys() - PLAIN == {action_of(task)} and task.get("ignore_errors", False)
    return bool(calls_module and not any(template in text for template in TEMPLATES))


def action_of(task: Mapping[str, Any]) -> str:
    """Return the name of the module of the collection that a task calls, an empty text for another task."""
    return next((name for name in task if name.startswith(f"{COLLECTION}.")), "")


def run_plain_tasks(address: str, tasks: Sequence[Mapping[str, Any]]) -> list[Recorded]:
    """Run plain tasks, one after the other.

    :raises AssertionError: as ``run_in_process``.
    """
    seen = _last_call(address)
    done: list[Recorded] = []
    for task in tasks:
        action = action_of(task)
        keywords = {"_ansible_check_mode": task.get("check_mode", False), "_ansible_diff": task.get("diff", False)}
        module = action.rpartition(".")[2]
        done.append(_run(address, module, task["name"], {**task[action], **keywords}, seen))
        seen = done[-1].calls[-1]["seq"] if done[-1].calls else seen
    return done


def _run(address: str, module: str, name: str, arguments: Mapping[str, Any], seen: int) -> Recorded:
    """Run a module, and record the calls after the call with number ``seen``."""
    payload = in_process.encode_arguments(arguments)
    answer = in_process.call(eligibility.MODULES + module, payload, access(address), str(Path.cwd()))
    result = {"failed": False, "changed": False, **json.loads(answer["stdout"])}  # as Ansible completes it
    if "warnings" in result:  # from ansible-core 2.19 on, the text is inside an object
        result["warnings"] = [item["event"]["msg"] if isinstance(item, dict) else item for item in result["warnings"]]
    action = f"{COLLECTION}.{module}"
    calls = control(address, f"calls?since={seen}")
    done = Recorded(name, action, "localhost", result, calls)
    recorder.record_task(action, done.result, done.calls)
    problems = [problem for call in calls for problem in request_problems(call)]
    assert not problems, problems
    return done


def _last_call(address: str) -> int:
    """Return the number of the last call in the call log, 0 when it is empty."""
    calls = control(address, "calls")
    return int(calls[-1]["seq"]) if calls else 0


@contextmanager
def interfering(account: ActsByHand, action: str, then: str, *, seen: int = 2, **parameters: Any) -> Iterator[None]:
    """Call operation ``then`` by hand as soon as ``action`` was called ``seen`` times within the block.

    :raises AssertionError: when it was not.
    """
    before = _last_call(account.address)
    acted, over = Event(), Event()

    def act() -> None:
        for _dummy in range(LOOKS):
            calls = control(account.address, f"calls?since={before}")
            if [call["action"] for call in calls].count(action) >= seen:
                account.call(then, **parameters)
                acted.set()
                return
            if over.wait(PAUSE):
                return

    thread = Thread(target=act)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()
    assert acted.is_set(), f"{action} was not called {seen} times"
