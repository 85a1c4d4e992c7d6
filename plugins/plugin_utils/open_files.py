# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""How many open files the workers of Ansible need, and how many a process may have."""

from __future__ import annotations

import resource

# What the main process of ansible-core 2.16 to 2.21 opens for each worker: two pipes.
FILES_PER_WORKER = 4

# Other open files: those of the main process, and those of the task in a worker, which inherits all others.
FILES_BESIDES = 64


def files_needed(workers: int) -> int:
    """Return how many open files a run with so many workers needs."""
    return FILES_PER_WORKER * workers + FILES_BESIDES


def open_files_limit() -> int | None:
    """Return how many open files this process may have, None without a limit."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return None if limit == resource.RLIM_INFINITY else limit
