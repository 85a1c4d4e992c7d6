# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Emulators by the shape of their answers, started when they are first asked for."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.conformance.playbook_runner import control
from tests.tools.running_emulator import emulator

# Databases and releases take minutes of the platform's time.
TIME_SCALE = "120"


class Emulators:
    """Starts emulators when they are first asked for, and stops them at the end."""

    def __init__(self, stack: ExitStack, folder: pytest.TempPathFactory) -> None:
        self._stack = stack
        self._folder = folder
        self._addresses: dict[tuple[str, ...], str] = {}

    def fresh(self, answers: str = "canonical", *options: str) -> str:
        """The address of an emulator with that shape of answers, in the world it starts with.

        :param options: further options of its command line.
        """
        started = (answers, *options)
        if started not in self._addresses:
            log = self._folder.mktemp("emulator") / f"{answers}.log"
            running = emulator("--time-scale", TIME_SCALE, "--answers", *started, log=log)
            self._addresses[started] = self._stack.enter_context(running)
        control(self._addresses[started], "reset", method="POST")
        return self._addresses[started]
