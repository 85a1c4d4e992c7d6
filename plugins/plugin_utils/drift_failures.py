# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Why role ``drift`` could not read something, from the results of failed tasks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import (
    FailedStateError,
    IncompleteDataError,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import Json

# How Ansible begins a message about the options of a task.
PREAMBLE = re.compile(r"^(Task failed: )?(Finalization of task args for \S+ failed: )?")

NO_MESSAGE = "The task has no message."
"""The message about a failure without one. The page has it in Chinese."""

# Codes of failures that the service has caused although no call failed.
OF_THE_SERVICE = (FailedStateError.code, IncompleteDataError.code)


def read_failure(what: str, result: Mapping[str, Any]) -> Json:
    """Return why something could not be read, from the result of a failed task.

    :param what: what could not be read, in words.
    :returns: ``reason`` is one of host, description, permission and service.
    """
    # Without one, Ansible itself has failed the task.
    error = result.get("error") or {}
    code, status, action = error.get("code"), error.get("http_status"), error.get("action")
    reason = "description"
    if result.get("unreachable"):
        reason = "host"
    elif status == 403 or str(code).startswith(("Forbidden", "NoPermission")):
        reason = "permission"
    elif action is not None or code in OF_THE_SERVICE:
        reason = "service"
    message = " ".join(str(error.get("message") or result.get("msg") or NO_MESSAGE).split())
    message = PREAMBLE.sub("", message)
    return {
        "what": what,
        "reason": reason,
        # Older versions of Ansible append the file and its lines.
        "message": message.partition(" The error appears to be in ")[0],
        "action": action,
        "code": code,
        "http_status": status,
        "hint": error.get("hint"),
    }
