# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Detection of a module whose result nobody waits for.

Ansible does not end the process of a module when the ``timeout`` of its task passes: it closes the pipe for the result.
Up to ansible-core 2.18, its workers do not notice that a signal has ended the main process. Such a module must not
change the account further.
"""

from __future__ import annotations

import os
import select
import stat
import sys
from contextlib import suppress


class OrphanCheck:
    """The parent process and the reader of standard output, as of the creation of this object."""

    def __init__(self) -> None:
        self._parent = os.getppid()
        self._output: int | None = None
        # In Ansible's worker process the output is in memory, and has no descriptor.
        with suppress(AttributeError, OSError, ValueError):
            output = sys.stdout.fileno()
            mode = os.fstat(output).st_mode
            if hasattr(select, "poll") and (stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)):
                self._output = output

    def is_orphaned(self) -> bool:
        """Return whether the parent has ended or the reader has closed its end. Thread-safe."""
        if os.getppid() != self._parent:
            return True
        if self._output is None:
            return False
        poll = select.poll()
        poll.register(self._output, 0)
        return any(event & (select.POLLERR | select.POLLHUP) for _dummy, event in poll.poll(0))
