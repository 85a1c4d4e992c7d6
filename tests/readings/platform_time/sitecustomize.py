# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every Python that finds this file first sleeps in the time of the platform: a sleep moves the clock of the emulator.

The time of the platform stands still but for that, so waiting costs nothing, and what a client that waits for so many
seconds sees does not depend on how fast the machine is. The controller process of Ansible, whose sleeps wait for other
processes, sleeps as ever.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import threading  # noqa: F401  # takes the clock as it is here: what waits for threads waits in real time
import time
from pathlib import Path
from typing import SupportsIndex
from urllib.request import Request, urlopen

#: The variable with the address of the emulator.
EMULATOR = "RECORDER_EMULATOR"
CONTROLLERS = ("ansible-playbook", "playbook_server.py")

_sleep, _monotonic = time.sleep, time.monotonic
#: How many seconds this process has slept in the time of the platform, once by once.
_naps: list[float] = []


def _waits_for_processes() -> bool:
    return multiprocessing.parent_process() is None and Path(sys.argv[0]).name in CONTROLLERS


def sleep(seconds: SupportsIndex | float, /) -> None:
    """Let so many seconds pass on the platform."""
    if EMULATOR not in os.environ or _waits_for_processes():
        _sleep(seconds)
        return
    body = json.dumps({"advance_s": float(seconds)}).encode()
    with urlopen(Request(f"{os.environ[EMULATOR]}/_emulator/clock", data=body, method="POST")):
        _naps.append(float(seconds))


def monotonic() -> float:
    """The seconds of the real clock and those that were slept."""
    return _monotonic() + sum(_naps)


time.sleep, time.monotonic = sleep, monotonic
