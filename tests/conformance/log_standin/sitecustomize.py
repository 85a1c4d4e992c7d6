# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every Python that finds this file first sends what it logs to another socket than ``/dev/log``.

``syslog`` of the C library has the path compiled in. Python imports this file at its start, before anything that logs.
Modules of Ansible try the journal first. The one here takes the message with all its fields and then says that it
failed, so that what goes to syslog is seen as well.
"""

from __future__ import annotations

import os
import socket
import sys
import syslog
from types import ModuleType
from typing import Any, NoReturn

import compile_once  # noqa: F401  # acts when it is imported, and Python imports one sitecustomize only

ADDRESS = os.environ["STANDIN_LOG"]
# A datagram on a Unix socket cannot be as long as one likes.
PART = 60_000


def send(*texts: object) -> None:
    """Send a message."""
    whole = " ".join(map(str, texts)).encode("utf-8", "surrogateescape")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        for start in range(0, len(whole), PART):
            line.sendto(whole[start : start + PART], ADDRESS)


class Syslog(ModuleType):
    """The module ``syslog`` but for where it writes."""

    ident = ""

    def __getattr__(self, name: str) -> Any:
        return getattr(syslog, name)

    def openlog(self, ident: str = "", *_further: Any) -> None:
        """Set the name that stands before each message."""
        self.ident = ident

    def syslog(self, *arguments: Any) -> None:
        """Log a message, which comes last, with or without a priority before it."""
        send(f"{self.ident}:", arguments[-1])


class Journal(ModuleType):
    """``systemd.journal`` as far as Ansible uses it."""

    def sendv(self, *_fields: str) -> None:
        """Ansible looks for it, and calls ``send``."""

    def send(self, MESSAGE: str, **fields: Any) -> NoReturn:
        """Log a message and its fields.

        :raises OSError: always.
        """
        send("journal:", MESSAGE, *(f"{name}={value}" for name, value in fields.items()))
        raise OSError("the journal takes nothing")


class Daemon(ModuleType):
    """``systemd.daemon`` as far as Ansible uses it."""

    def booted(self) -> bool:
        """Whether systemd runs."""
        return True


systemd = ModuleType("systemd")
vars(systemd).update(journal=Journal("systemd.journal"), daemon=Daemon("systemd.daemon"), __path__=[])
sys.modules.update(
    {
        "syslog": Syslog("syslog"),
        "systemd": systemd,
        "systemd.journal": vars(systemd)["journal"],
        "systemd.daemon": vars(systemd)["daemon"],
    }
)
