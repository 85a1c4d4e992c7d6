# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A task that is stopped sends no further request, and does not wait for those on their way.

The emulator holds two requests of a task that has ten to send. The task is stopped then, so nothing depends on speed.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from tests.conformance.account import Account
from tests.conformance.emulators import Emulators
from tests.conformance.in_process_runner import run_in_process
from tests.conformance.module_cases import APP, MYSQL
from tests.conformance.playbook_runner import control, run_tasks, task
from tests.tools.running_emulator import access

WIDTH = 2
NAMES = [f"db{number}" for number in range(10)]
# Seconds after which a test fails that would hang, and between two looks.
PATIENCE, PAUSE = 120, 0.05
# A held request must not be repeated while the test waits, however slow the machine is.
MANY: dict[str, Any] = {
    **APP,
    "parallelism": WIDTH,
    "read_timeout": 10 * PATIENCE,
    "databases": [{"instance_id": MYSQL, "name": name, "character_set": "utf8mb4"} for name in NAMES],
}
MODULE = "ansible_collections.jst.retailcloud.plugins.modules.jst_application"


@contextmanager
def held(address: str) -> Iterator[Callable[[], None]]:
    """Hold creations of databases for as long as the block runs; gives what waits until two of them have come."""
    description = {"action": "CreateDb", "callers": len(NAMES), "hold": "before", "max_wait_s": 10 * PATIENCE}
    control(address, "barriers", description)

    def wait() -> None:
        end = time.monotonic() + PATIENCE
        while control(address, "barriers")[0]["waiting"] < WIDTH:
            assert time.monotonic() < end, "the task never came so far"
            time.sleep(PAUSE)

    try:
        yield wait
        assert control(address, "barriers")[0]["waiting"] <= WIDTH
    finally:
        control(address, "barriers", method="DELETE")


def creations(address: str) -> int:
    """How many databases the task asked to create."""
    return [call["action"] for call in control(address, "calls")].count("CreateDb")


class TimeIsUp(BaseException):
    """As what ansible-core raises in the worker when the ``timeout`` of a task passes."""


def test_in_the_worker(emulators: Emulators, tmp_path: Path) -> None:
    """Whatever is raised in the main thread ends the module, beside threads that wait for responses."""
    address = emulators.fresh()
    account = Account(address, tmp_path)

    def ring(number: int, frame: FrameType | None) -> None:
        raise TimeIsUp

    before = signal.signal(signal.SIGALRM, ring)
    try:
        with held(address) as wait:

            def stop() -> None:
                wait()
                os.kill(os.getpid(), signal.SIGALRM)

            ringer = threading.Thread(target=stop)
            ringer.start()
            with pytest.raises(TimeIsUp):
                run_in_process(account, "jst_application", **{**MANY, "title": "other"})
            ringer.join()
            running = [thread for thread in threading.enumerate() if "(_serve)" in thread.name]
    finally:
        signal.signal(signal.SIGALRM, before)
    for thread in running:
        thread.join(PATIENCE)
    assert creations(address) == WIDTH


@contextmanager
def alone(address: str, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The module in a process of its own, as Ansible starts it."""
    arguments = json.dumps({"ANSIBLE_MODULE_ARGS": MANY}).encode()
    with subprocess.Popen(
        [sys.executable, "-m", MODULE],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=tmp_path,
        env={**os.environ, **access(address), "PYTHONPATH": os.pathsep.join(sys.path)},
    ) as process:
        assert process.stdin
        process.stdin.write(arguments)
        process.stdin.close()
        try:
            yield process
        finally:
            process.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_process_of_its_own_ends_at_a_signal(number: signal.Signals, emulators: Emulators, tmp_path: Path) -> None:
    """While both requests are still held."""
    address = emulators.fresh()
    with alone(address, tmp_path) as process, held(address) as wait:
        wait()
        process.send_signal(number)
        assert process.wait(PATIENCE) != 0
    assert creations(address) <= WIDTH


def test_a_process_of_its_own_ends_when_nobody_reads_its_result(emulators: Emulators, tmp_path: Path) -> None:
    """As after the ``timeout`` of its task: it ends with the requests on their way, and sends no other."""
    address = emulators.fresh()
    with alone(address, tmp_path) as process:
        with held(address) as wait:
            wait()
            assert process.stdout
            process.stdout.close()
        assert process.wait(PATIENCE) != 0
    assert creations(address) == WIDTH


@pytest.mark.parametrize("in_process", [True, False])
def test_the_timeout_of_a_task(in_process: bool, emulators: Emulators, tmp_path: Path) -> None:
    """The play ends while the requests are held, if the task came so far in its time."""
    address = emulators.fresh()
    with held(address):
        [record] = run_tasks(
            address, tmp_path, [task("limited", "jst_application", MANY, timeout=4)], in_process=in_process
        )
        assert record.result["failed"]
    assert creations(address) <= WIDTH


def descendants(process: int) -> list[int]:
    """The children of a process, and theirs."""
    told = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    return [each for child in map(int, told) for each in (child, *descendants(child))]


def is_running(process: int) -> bool:
    """Whether a process does anything yet; one that has ended may wait for its parent to notice."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_run_that_is_ended(number: signal.Signals, emulators: Emulators, tmp_path: Path) -> None:
    """A worker whose main process is gone sends what is on its way, and nothing more."""
    address = emulators.fresh()
    playbook = tmp_path / "playbook.yml"
    play = {"hosts": "localhost", "gather_facts": False, "tasks": [task("many", "jst_application", MANY)]}
    playbook.write_text(json.dumps([play]))
    command = [sys.executable, "-m", "ansible", "playbook", str(playbook)]
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **access(address), "ANSIBLE_LOCALHOST_WARNING": "false"},
    ) as process:
        with held(address) as wait:
            wait()
            workers = descendants(process.pid)
            assert workers
            process.send_signal(number)
            assert process.wait(PATIENCE) != 0
        end = time.monotonic() + PATIENCE
        while any(map(is_running, workers)):
            assert time.monotonic() < end, "a worker goes on"
            time.sleep(PAUSE)
    assert creations(address) <= WIDTH
