# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stand-in for ``/dev/log`` and the journal: what modules log is kept in a file."""

from __future__ import annotations

import os
import socket
import tempfile
from pathlib import Path
from threading import Thread

STANDIN = Path(__file__).parent / "log_standin"


class SystemLog:
    """Takes what processes log that have `environment`, for as long as a block runs.

    :param file: for the messages, one a line.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        # The path of a socket may have 107 characters, which folders of tests exceed.
        self._folder = tempfile.TemporaryDirectory()
        self._address = os.path.join(self._folder.name, "log")
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._thread = Thread(target=self._receive)

    @property
    def environment(self) -> dict[str, str]:
        """The variables of a process that is to log here."""
        path = [str(STANDIN), *filter(None, [os.environ.get("PYTHONPATH")])]
        return {"PYTHONPATH": os.pathsep.join(path), "STANDIN_LOG": self._address}

    def __enter__(self) -> SystemLog:
        self._socket.bind(self._address)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(b"", self._address)
        self._thread.join()
        self._socket.close()
        self._folder.cleanup()

    def _receive(self) -> None:
        """Keep messages until an empty one comes."""
        with self._file.open("ab") as file:
            while message := self._socket.recv(1 << 20):
                file.write(message + b"\n")
