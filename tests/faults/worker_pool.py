# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Fork many emulators from one. All of them have its state and its save points."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Thread
from typing import IO

import yaml
from werkzeug.serving import BaseWSGIServer

from jst_emulator import handlers, world
from jst_emulator.emulator import Emulator, Settings
from jst_emulator.server import serve

READY = "ready"


class WorkerPool:
    """A process with two emulators, then with copies of the first.

    :ivar parents: the addresses of the two, until there are copies.
    """

    def __init__(self, orders: IO[str], answers: IO[str], log: Path) -> None:
        self._orders = orders
        self._answers = answers
        self._log = log
        self.parents = self._addresses()

    def fork_copies(self, count: int) -> list[str]:
        """Replace the two emulators by this many copies of the first, and return their addresses."""
        print(count, file=self._orders, flush=True)
        return self._addresses()

    def _addresses(self) -> list[str]:
        addresses: list[str] = []
        for line in self._answers:
            if line.strip() == READY:
                return addresses
            addresses.append(line.strip())
        raise RuntimeError(f"the emulators did not come up, see {self._log}")


@contextmanager
def worker_pool(world_file: Path, log: Path) -> Iterator[WorkerPool]:
    """Run emulators for a block. Their output goes to *log*."""
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, __file__, str(world_file)]
    with (
        log.open("w") as sink,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=sink, text=True) as process,
    ):
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield WorkerPool(process.stdin, process.stdout, log)
        finally:
            process.communicate()  # the end of its input ends it


def main(world_file: Path) -> None:
    """Serve two emulators until a number is read, then this many copies of the first until the input ends."""
    spec = yaml.safe_load(world_file.read_text(encoding="utf-8"))
    emulators = [Emulator(Settings(), handlers.HANDLERS, world.load, spec) for _dummy in range(2)]
    servers = [serve(emulator, "127.0.0.1", 0) for emulator in emulators]
    for server in servers:
        Thread(target=server.serve_forever, daemon=True).start()
    _print_addresses(servers)
    order = sys.stdin.readline()
    for server in servers:
        server.shutdown()
    copies = [serve(emulators[0], "127.0.0.1", 0) for _dummy in range(int(order or 0))]
    children = [_fork_server(server) for server in copies]
    if copies:
        _print_addresses(copies)
        sys.stdin.read()
    for child in children:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)


def _fork_server(server: BaseWSGIServer) -> int:
    """Fork a process that serves, and return its id."""
    child = os.fork()
    if not child:
        sys.stdin.close()
        server.serve_forever()
        os._exit(0)
    return child


def _print_addresses(servers: Sequence[BaseWSGIServer]) -> None:
    print(*(f"http://127.0.0.1:{server.port}" for server in servers), READY, sep="\n", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
