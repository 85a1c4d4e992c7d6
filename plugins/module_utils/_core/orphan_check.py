# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Whether anybody still waits for the result of a module.

Ansible does not end a module that runs in a process of its own when the ``timeout`` of its task passes: it closes the
pipe that the result would come through. Nor do its workers learn, up to ansible-core 2.18, that a signal has ended the
main process. A module that went on would change the account for nobody.
"""

from __future__ import annotations

import os
import select
import stat
import sys
from contextlib import suppress


class OrphanCheck:
    """The process that started this one, and the reader of the standard output, as both were when this was made."""

    def __init__(self) -> None:
        self._parent = os.getppid()
        self._output: int | None = None
        # In the worker the output is kept in memory, and has no descriptor.
        with suppress(AttributeError, OSError, ValueError):
            output = sys.stdout.fileno()
            mode = os.fstat(output).st_mode
            if hasattr(select, "poll") and (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
                self._output = output

    def is_orphaned(self) -> bool:
        """Whether the parent has ended or the reader has closed its end. Safe to call from several threads."""
        if os.getppid() != self._parent:
            return True
        if self._output is None:
            return False
        poll = select.poll()
        poll.register(self._output, 0)
        return any(event & (select.POLLERR | select.POLLHUP) for _dummy, event in poll.poll(0))
