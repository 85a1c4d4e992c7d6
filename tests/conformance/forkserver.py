# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run ansible-playbook in forks of a process that has imported Ansible, which saves most of its start.

More than half of what a short run costs is Ansible being imported. ``test_forkserver.py`` holds these runs to those of
the command itself.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any

from tests.tools.run_in_collection import BIN

SERVER = Path(__file__).parent / "playbook_server.py"

# Variables that modules and callbacks of ours read, or nobody: they do not change what Ansible is when it is imported.
OURS = ("ALIBABA_CLOUD_", "JST_", "PYTEST_CURRENT_TEST", "RECORDER_")


def start(arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the command itself in the current folder with exactly these variables, and capture its output."""
    command = ["ansible-playbook", *arguments]
    return subprocess.run(
        command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )


class ForkServerPool:
    """The fork servers of a process, one for each set of variables and each run in parallel."""

    def __init__(self) -> None:
        self._idle: dict[tuple[tuple[str, str], ...], list[subprocess.Popen[str]]] = defaultdict(list)
        self._lock = Lock()

    def run(self, arguments: Sequence[str], environment: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        """Run the command as ``start`` does, in a fork of a server."""
        if Path("ansible.cfg").exists():  # is read while Ansible is imported
            return start(arguments, environment)
        kind = tuple(sorted(item for item in environment.items() if not item[0].startswith(OURS)))
        with self._lock:
            server = self._idle[kind].pop() if self._idle[kind] else None
        if server is None:
            server = subprocess.Popen(
                [sys.executable, str(SERVER)], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        folder = Path(tempfile.mkdtemp())
        order: dict[str, Any] = {
            "arguments": [str(BIN / "ansible-playbook"), *arguments],
            "environment": dict(environment),
            "folder": os.getcwd(),
            "stdout": str(folder / "stdout"),
            "stderr": str(folder / "stderr"),
        }
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(order) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        with self._lock:
            self._idle[kind].append(server)
        stdout, stderr = ((folder / name).read_text() for name in ("stdout", "stderr"))
        shutil.rmtree(folder)
        return subprocess.CompletedProcess(order["arguments"], code, stdout, stderr)

    def stop(self) -> None:
        """Stop all servers. Their runs have ended."""
        for server in (server for fork_servers in self._idle.values() for server in fork_servers):
            server.communicate()
        self._idle.clear()


fork_servers = ForkServerPool()
