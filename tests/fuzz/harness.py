# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Call modules in this process against an emulator in this process, and judge the outcome.

Time does not pass: whoever sleeps moves the clocks of the modules and of the platform.
"""

from __future__ import annotations

import json
import re
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._core import entry_points as module_side
from ansible_collections.jst.retailcloud.plugins.module_utils._core import run_context as run_context_side
from ansible_collections.jst.retailcloud.plugins.module_utils._core import wait as wait_side
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.plugin_utils.in_process import call, encode_arguments
from jst_emulator import handlers, world
from jst_emulator.emulator import Emulator, Settings
from jst_emulator.server import serve
from tests.tools.running_emulator import access

MODULES = "ansible_collections.jst.retailcloud.plugins.modules"
# Python's word for nothing, where a message has a name.
NOTHING = re.compile(r"\bNone\b")
# A run that takes longer than this, in real seconds or in looks at the platform, hangs.
PATIENCE = 60
MOST_PAUSES = 2000
# How ansible-core itself breaks down before a module sees its options: over half a surrogate pair (2.19 and newer,
# which refuse such texts), over a number where a mapping with options belongs, and when it echoes a number of more
# digits than Python writes.
CORE_BREAKS = ("surrogates not allowed", "' is not iterable", "Exceeds the limit (4300 digits)")


class Hang(BaseException):
    """A module does not end. This is no Exception, so the module cannot catch it."""


class Clock:
    """Replaces the module ``time``: sleeping moves it, and the platform with it."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._now = 1000.0
        self.pauses = 0

    def monotonic(self) -> float:
        """Seconds."""
        return self._now

    def sleep(self, seconds: float) -> None:
        """As the real one: nothing but a number of seconds from 0 will do."""
        if not 0 <= seconds < threading.TIMEOUT_MAX:
            raise ValueError(f"sleep for {seconds} seconds")
        self.pauses += 1
        if self.pauses > MOST_PAUSES:
            raise Hang(f"{MOST_PAUSES} pauses")
        self._now += seconds
        with self._emulator.lock:
            self._emulator.clock.advance(min(seconds, 3600.0))


@dataclass(frozen=True)
class Run:
    """The output of a module, and its calls."""

    module: str
    options: Mapping[str, Any]
    code: int
    printed: str
    calls: list[dict[str, Any]] = field(repr=False)

    @property
    def result(self) -> dict[str, Any]:
        """The answer of the module.

        :raises AssertionError: when it printed anything else than one object of strict JSON.
        """
        try:
            answer = json.loads(self.printed)
            # What was given is echoed by ansible-core, which calls NaN a number.
            json.dumps({name: value for name, value in answer.items() if name != "invocation"}, allow_nan=False)
        except ValueError as error:
            raise AssertionError(f"{self} printed no JSON: {error}") from None
        assert isinstance(answer, dict), self
        return answer

    @property
    def failed(self) -> bool:
        """Return whether the module failed."""
        return bool(self.result.get("failed"))

    @property
    def writes(self) -> list[dict[str, Any]]:
        """Return the calls that change something."""
        return [entry for entry in self.calls if entry["kind"] == "write"]

    def judge(self) -> None:
        """A success or a failure with a message, no defect of ours, and no write before a refusal of our own.

        :raises AssertionError: when it was otherwise.
        """
        result = self.result
        assert self.code == int(self.failed), self
        self.judge_words()
        if not self.failed:
            return
        if "msg" not in result:
            assert any(words in self.printed for words in CORE_BREAKS), self
            assert not self.calls, self
            return
        assert isinstance(result["msg"], str), self
        assert result["msg"], self
        assert not result["msg"].startswith("Unexpected "), f"{self}\n{result.get('exception')}"
        assert "Traceback" not in self.printed, self
        error = result.get("error") or {}
        if error.get("action") is None:
            # What ends a wait comes after the writes. So may an answer that does not name what was written.
            untold = error.get("code") == "IncompleteData" and result.get("changed")
            waited = untold or error.get("code") in ("FailedState", "WaitTimeout")
            assert waited or not self.writes, f"{self} wrote {self.writes}"

    def judge_words(self) -> None:
        """Nothing is said that nobody said: no None of ours, no answer where none came.

        :raises AssertionError: when it was otherwise.
        """
        error = self.result.get("error") or {}
        texts = [self.result.get("msg"), error.get("message"), error.get("hint"), *self.result.get("warnings", [])]
        for text in filter(None, texts):
            # ansible-core and the user may have words of their own.
            assert "None" in str(self.options) or not NOTHING.search(str(text)), f"{self}: {text}"
        if error.get("action") and error.get("http_status") is None:
            message = self.result["msg"]
            assert "answered" not in message and "returned code" not in message, f"{self}: {message}"


class Harness:
    """An emulator, with the resources that were prepared in it.

    :ivar address: of the emulator.
    """

    def __init__(self, emulator: Emulator, address: str, folder: Path) -> None:
        self.emulator = emulator
        self.address = address
        self._folder = folder
        self._clock = Clock(emulator)
        self._client = partial(Client, sleep=self._clock.sleep, monotonic=self._clock.monotonic)
        self._task = partial(RunContext, sleep=self._clock.sleep)

    def run(
        self,
        module: str,
        options: Mapping[str, Any],
        *,
        check: bool = False,
        environment: Mapping[str, str] | None = None,
    ) -> Run:
        """Run a module once.

        :param environment: further variables.
        :raises Hang: when it does not come to an end.
        """
        arguments = {**options, "_ansible_check_mode": check, "_ansible_diff": True}
        variables = {**access(self.address), "HOME": str(self._folder), **(environment or {})}
        self._clock.pauses = 0
        with self.emulator.lock:
            self.emulator.call_log.clear()
        with pytest.MonkeyPatch.context() as patch, _alarm(f"{module} {options}"):
            patch.setattr(module_side, "Client", self._client)
            patch.setattr(module_side, "RunContext", self._task)
            for owner in (run_context_side, wait_side):
                patch.setattr(owner, "time", self._clock)
            done = call(f"{MODULES}.{module}", encode_arguments(arguments), variables, str(self._folder))
        with self.emulator.lock:
            calls = self.emulator.call_log.since()
        return Run(module, options, done["rc"], done["stdout"], calls)

    def save(self, name: str) -> None:
        """Save the current state under a name."""
        with self.emulator.lock:
            self.emulator.save(name)

    def restore(self, name: str) -> None:
        """Restore a saved state, without faults."""
        with self.emulator.lock:
            self.emulator.faults.clear()
            self.emulator.nonces.clear()
            self.emulator.restore(name)

    def arm(self, *faults: Mapping[str, Any]) -> None:
        """Arm faults."""
        with self.emulator.lock:
            self.emulator.faults.arm([dict(fault) for fault in faults])


@contextmanager
def _alarm(what: str) -> Iterator[None]:
    def ring(number: int, frame: FrameType | None) -> None:
        raise Hang(f"{what} after {PATIENCE} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def harness(folder: Path, answers: str = "canonical") -> Iterator[Harness]:
    """Run a harness for a block.

    :param folder: where modules start, and find nothing of the user's.
    """
    emulator = Emulator(Settings(answers=answers, time_scale=0), handlers.HANDLERS, world.load)
    server = serve(emulator, "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield Harness(emulator, f"http://127.0.0.1:{server.port}", folder)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
