# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environment variables that an action adds to those of its task, for the module."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.hints import (
    CHINESE,
    LANGUAGE_VARIABLE,
    is_chinese,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.inventory_account import (
    ENVIRONMENT_VARIABLE,
    HOST_VARIABLE,
)


def language_passed_to(task: Any) -> contextlib.AbstractContextManager[None]:
    """Let the module of a task write hints in the language of the controller, while the block runs.

    The environment of a module is that of its machine, and become resets it. The environment of the task takes
    precedence.
    """
    if not is_chinese(os.environ):
        return contextlib.nullcontext()
    return extended(task, before={LANGUAGE_VARIABLE: CHINESE})


def access_key_passed_to(
    task: Any, templar: Any, task_vars: Mapping[str, Any]
) -> contextlib.AbstractContextManager[None]:
    """Let the module of a task reject another access key than that of the inventory file, while the block runs.

    :param templar: the templar of the task's action.
    """
    written = task_vars.get(HOST_VARIABLE)
    expected = templar.template(written) if written else None
    if not expected:
        return contextlib.nullcontext()
    return extended(task, after={ENVIRONMENT_VARIABLE: str(expected)})


@contextlib.contextmanager
def extended(
    task: Any, before: Mapping[str, str] | None = None, after: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Add variables to the environment of a task while the block runs.

    :param before: variables that the environment of the task replaces.
    :param after: variables that replace those of the task.
    """
    own = task.environment
    if before or after:
        others = own if isinstance(own, list) else [own]
        task.environment = [variables for variables in (before, *others, after) if variables]
    try:
        yield
    finally:
        task.environment = own
