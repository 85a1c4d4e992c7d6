# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which modules predicted a change in earlier tasks of the same run.

Check mode reads an account in which the tasks before have changed nothing. A task must not be rejected over what one of
them would have changed, such as an app over the environments that the task before deletes. Workers are forks that know
nothing of each other, so the names stand in a file, in the folder that ansible-core makes for each run and removes
after it. Nothing else stands there. Only runs with ``--check`` read and write it.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ansible import constants

from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import PREDICTING_MODULES_VARIABLE


def _file() -> Path:
    """The file of this run. Its main process has started this one, and may not be the one that made the folder."""
    return Path(constants.DEFAULT_LOCAL_TMP) / f"jst-predicted-{os.getppid()}"


def modules() -> list[str]:
    """Return the names of the modules, each once."""
    try:
        return sorted(set(_file().read_text(encoding="utf-8").split()))
    except OSError:
        return []


def record(module: str) -> None:
    """Add the name of a module. A file that cannot be written leaves check mode stricter than it has to be."""
    with contextlib.suppress(OSError), _file().open("a", encoding="utf-8") as file:
        file.write(f"{module}\n")


@contextlib.contextmanager
def passed_to(task: Any) -> Iterator[None]:
    """Let the module of a task know them for as long as the block runs, as a variable of its environment."""
    before, names = task.environment, modules()
    if names:
        others = before if isinstance(before, list) else [before]
        task.environment = [*others, {PREDICTING_MODULES_VARIABLE: " ".join(names)}]
    try:
        yield
    finally:
        task.environment = before
