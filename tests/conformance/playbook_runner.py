# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run tasks of the collection against an emulator, and return the result and the calls of each."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import current_thread, main_thread
from typing import Any
from urllib.request import Request, urlopen

import yaml

from tests.conformance.contract import request_problems
from tests.conformance.coverage_recorder import recorder
from tests.conformance.forkserver import fork_servers
from tests.tools.running_emulator import access

HERE = Path(__file__).parent
COLLECTION = "jst.retailcloud"
WAITING = {"wait_interval": 0.5, "wait_timeout": 60}


@dataclass(frozen=True)
class Recorded:
    """The result of a task, and the calls that it made."""

    task: str
    action: str
    host: str
    result: dict[str, Any]
    calls: list[dict[str, Any]]

    @property
    def writes(self) -> list[str]:
        """Return the names of the writing operations that the task called."""
        return [call["action"] for call in self.calls if call["kind"] == "write"]


def control(address: str, path: str, body: Any = None, method: str | None = None) -> Any:
    """Call the control API of the emulator."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{address}/_emulator/{path}", data=data, method=method or ("GET" if body is None else "POST"))
    with urlopen(request) as answer:
        return json.load(answer)


def task(name: str, module: str, options: Mapping[str, Any], **keywords: Any) -> dict[str, Any]:
    """Return a task of a module of the collection. A failure is recorded and does not end the play."""
    return {"name": name, f"{COLLECTION}.{module}": dict(options), "ignore_errors": True, **keywords}


def in_interpreter(one: Mapping[str, Any]) -> dict[str, Any]:
    """Return a task whose module runs in an interpreter of its own."""
    return {**one, "vars": {**one.get("vars", {}), "jst_in_process": False}}


def some_in_interpreter(tasks: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return tasks with the first of each module in an interpreter of its own: one takes as long as five in workers."""
    modules: set[str] = set()
    found = []
    for one in tasks:
        new = {name for name in one if name.startswith(f"{COLLECTION}.")} - modules
        found.append(in_interpreter(one) if new else dict(one))
        modules |= new
    return found


def run_tasks(
    address: str,
    folder: Path,
    tasks: Sequence[Mapping[str, Any]],
    *,
    in_process: bool | None = None,
    environment: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> list[Recorded]:
    """Run tasks on localhost.

    Unless told in which way, tasks that need nothing of Ansible run in this process, which takes a fifth of the CPU
    time. A module has the process to itself then, as it has a worker: so Ansible runs what other threads ask for.

    :param address: of the emulator.
    :param folder: for the playbook and the record.
    :param in_process: whether modules run in the worker or in an interpreter of their own.
    :raises AssertionError: when the run itself fails.
    """
    from tests.conformance.in_process_runner import is_plain, run_plain_tasks  # imports this file

    told = in_process is not None or environment or options
    if not told and all(map(is_plain, tasks)) and current_thread() is main_thread():
        return run_plain_tasks(address, tasks)
    return run_tasks_with_output(
        address, folder, tasks, in_process=in_process is not False, environment=environment, options=options
    )[0]


def run_tasks_with_output(
    address: str,
    folder: Path,
    tasks: Sequence[Mapping[str, Any]],
    *,
    in_process: bool = True,
    environment: Mapping[str, str] | None = None,
    options: Sequence[str] = (),
) -> tuple[list[Recorded], str]:
    """Run tasks on localhost, and return the records and the output of Ansible."""
    playbook = folder / "playbook.yml"
    content = {
        "hosts": "localhost",
        "gather_facts": False,
        "connection": "local",
        "vars": {"ansible_python_interpreter": sys.executable},
        "tasks": list(tasks),
    }
    playbook.write_text(yaml.safe_dump([content], sort_keys=False, allow_unicode=True))
    records, output = run_playbook(
        address, folder, [str(playbook), *options], in_process=in_process, environment=environment
    )
    assert len(records) == len(tasks), f"{len(records)} of {len(tasks)} tasks ran:\n{output}"
    return records, output


def run_playbook(
    address: str,
    folder: Path,
    arguments: Sequence[str],
    *,
    in_process: bool = True,
    environment: Mapping[str, str] | None = None,
) -> tuple[list[Recorded], str]:
    """Run ansible-playbook with these arguments.

    :returns: the records, and the output of Ansible.
    :raises AssertionError: when a request contradicts the reference, or a result the documentation.
    """
    record = folder / "record.jsonl"
    record.unlink(missing_ok=True)
    variables = {
        **os.environ,
        **access(address),
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
        "ANSIBLE_CALLBACKS_ENABLED": "recorder",
        "ANSIBLE_LOCALHOST_WARNING": "false",
        "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        "ANSIBLE_RETRY_FILES_ENABLED": "false",
        "RECORDER_FILE": str(record),
        "RECORDER_EMULATOR": address,
        "JST_IN_PROCESS": "1" if in_process else "0",
        **(environment or {}),
    }
    done = fork_servers.run(arguments, variables)
    lines = record.read_text().splitlines() if record.exists() else []
    records = [Recorded(**json.loads(line)) for line in lines]
    for one in records:
        recorder.record_task(one.action, one.result, one.calls)
        problems = [problem for call in one.calls for problem in request_problems(call)]
        assert not problems, f"{one.task}: {problems}"
    return records, done.stdout + done.stderr
