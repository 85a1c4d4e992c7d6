# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run one module in the process of the test, as a worker of Ansible does, so that a test can act between its calls."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any, Protocol

from ansible_collections.jst.retailcloud.plugins.plugin_utils import eligibility, in_process
from tests.conformance.account import Account
from tests.conformance.contract import request_problems
from tests.conformance.coverage_recorder import recorder
from tests.conformance.playbook_runner import COLLECTION, Recorded, control
from tests.tools.running_emulator import access

# How often the call log is looked into, in seconds, and how many looks are enough.
PAUSE, LOOKS = 0.02, 1000


class HasAddress(Protocol):
    """An object with the address of an emulator."""

    @property
    def address(self) -> str:
        """Return the address."""


def run_in_process(account: HasAddress, module: str, **options: Any) -> Recorded:
    """Run a module with these options.

    :raises AssertionError: when a request was not as the reference has it, or a result not as the documentation has it.
    """
    before = last_call(account)
    payload = in_process.encode_arguments({**options, "_ansible_diff": True})
    environment = access(account.address)
    answer = in_process.call(eligibility.MODULES + module, payload, environment, str(Path.cwd()))
    result = json.loads(answer["stdout"])
    action = f"{COLLECTION}.{module}"
    calls = control(account.address, f"calls?since={before}")
    done = Recorded(module, action, "localhost", {"failed": False, **result}, calls)
    recorder.record_task(action, done.result, done.calls)
    problems = [problem for call in calls for problem in request_problems(call)]
    assert not problems, problems
    return done


def last_call(account: HasAddress) -> int:
    """Return the number of the last call in the call log, 0 when it is empty."""
    calls = control(account.address, "calls")
    return int(calls[-1]["seq"]) if calls else 0


@contextmanager
def interfering(account: Account, action: str, then: str, *, seen: int = 2, **parameters: Any) -> Iterator[None]:
    """Call operation ``then`` by hand as soon as ``action`` was called ``seen`` times within the block.

    :raises AssertionError: when it was not.
    """
    before = last_call(account)
    acted, over = Event(), Event()

    def act() -> None:
        for _dummy in range(LOOKS):
            calls = control(account.address, f"calls?since={before}")
            if [call["action"] for call in calls].count(action) >= seen:
                account.hand(then, **parameters)
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
