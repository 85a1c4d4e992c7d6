# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A process of ansible-rulebook."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.tools.run_in_collection import BUILD, environment
from tests.tools.running_emulator import access

VENV = BUILD / "eda" / "venv"
# How long a shared machine may take for what takes seconds alone.
PATIENCE = 300.0
ENDING = 60.0


class Rulebook:
    """A rulebook that is run, killed and run again.

    :ivar output: the file with all that the processes printed.
    """

    def __init__(
        self,
        name: str,
        folder: Path,
        address: str,
        *,
        inventory: Path,
        variables: Mapping[str, Any] | None = None,
        sources: Path | None = None,
        environ: Mapping[str, str] | None = None,
    ) -> None:
        """Prepare a rulebook.

        :param name: of a collection's rulebook, or a file.
        :param folder: holds the state of the source, the database of the engine, and the output.
        :param address: of the emulator.
        :param sources: a folder with event sources that take the place of those of collections.
        """
        self._folder = folder
        self.output = folder / "output.log"
        database = f"{folder / 'engine'};WRITE_DELAY=0"
        given = {"drools_db_file_path": database, "jst_state_dir": str(folder), **(variables or {})}
        (folder / "variables.yml").write_text(yaml.safe_dump(given))
        self._command = [str(VENV / "bin" / "ansible-rulebook"), "--rulebook", name, "--inventory", str(inventory)]
        self._command += ["--vars", str(folder / "variables.yml"), "--persistence-id", folder.name, "--id", "1"]
        if sources:
            self._command += ["--source-dir", str(sources)]
        settings = environment() | access(address)
        settings["PATH"] = os.pathsep.join([str(VENV / "bin"), settings["PATH"]])
        settings |= {"ANSIBLE_NOCOLOR": "1", "EDA_MAX_CONCURRENT_ACTIONS": "3", "EDA_SHUTDOWN_DELAY": str(ENDING)}
        self._environment = settings | {**(environ or {})}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, **environ: str) -> None:
        """Start a process, with further environment variables."""
        with self.output.open("ab") as sink:
            self._process = subprocess.Popen(
                self._command,
                cwd=self._folder,
                env={**self._environment, **environ},
                stdin=subprocess.DEVNULL,
                stdout=sink,
                stderr=subprocess.STDOUT,
            )

    @property
    def is_running(self) -> bool:
        """Whether the process has not ended."""
        return self._process is not None and self._process.poll() is None

    def kill(self) -> None:
        """End the process with SIGKILL. Playbooks that it runs lose their terminal, and end by themselves."""
        self._signal(signal.SIGKILL)

    def stop(self) -> int:
        """End the process with SIGTERM and return its exit code."""
        return self._signal(signal.SIGTERM)

    def wait(self, patience: float = PATIENCE) -> int:
        """Wait until the process ends by itself, since its sources have ended."""
        assert self._process is not None
        return self._process.wait(timeout=patience)

    def _signal(self, number: signal.Signals) -> int:
        assert self._process is not None
        self._process.send_signal(number)
        try:
            return self._process.wait(timeout=ENDING)
        finally:
            if self._process.poll() is None:
                self._process.kill()
                self._process.wait()

    def printed(self) -> str:
        """Return all that was printed so far."""
        return self.output.read_text(errors="replace") if self.output.exists() else ""

    def until(self, condition: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
        """Return what the condition returns, once that is true.

        :raises AssertionError: when that takes too long, or the process ends before.
        """
        give_up = time.monotonic() + patience
        while True:
            found = condition()
            if found:
                return found
            assert self.is_running, f"ansible-rulebook ended before {what}: {self.printed()[-3000:]}"
            assert time.monotonic() < give_up, f"{what} did not come: {self.printed()[-3000:]}"
            time.sleep(0.2)


def write_events(file: Path, events: list[dict[str, Any]]) -> None:
    """Write the events that source ``replay.py`` sends."""
    file.write_text("".join(json.dumps(event) + "\n" for event in events))
