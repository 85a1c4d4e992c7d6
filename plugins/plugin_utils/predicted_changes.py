# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The modules that predicted a change in earlier tasks of the same run.

In check mode, earlier tasks have changed nothing in the account. A task must not be rejected because of a state that an
earlier task would have changed, such as the deletion of an app because of environments that the task before deletes.
Workers are forks that share no memory, so the names of the modules are in a file, in the temporary directory of the
run. Only runs with ``--check`` read and write it.
"""

from __future__ import annotations

import contextlib
import os
from pathlib import Path
from typing import Any

from ansible import constants

from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import PREDICTING_MODULES_VARIABLE
from ansible_collections.jst.retailcloud.plugins.plugin_utils import task_environment


def _file() -> Path:
    """Return the file of this run. The parent process is the main process, which may not have made the directory."""
    return Path(constants.DEFAULT_LOCAL_TMP) / f"jst-predicted-{os.getppid()}"


def modules() -> list[str]:
    """Return the sorted names of the modules."""
    try:
        return sorted(set(_file().read_text(encoding="utf-8").split()))
    except OSError:
        return []


def record(module: str) -> None:
    """Add the name of a module. Without a writable file, check mode is stricter than necessary."""
    with contextlib.suppress(OSError), _file().open("a", encoding="utf-8") as file:
        file.write(f"{module}\n")


def passed_to(task: Any) -> contextlib.AbstractContextManager[None]:
    """Pass the names to the module of a task in an environment variable, while the block runs."""
    names = modules()
    return task_environment.extended(task, after={PREDICTING_MODULES_VARIABLE: " ".join(names)} if names else {})
