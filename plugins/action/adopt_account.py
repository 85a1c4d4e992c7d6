# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The action that reads an account and writes the inventory that describes it. It runs on the controller."""

from __future__ import annotations

import os
from typing import Any

from ansible.plugins.action import ActionBase
from ansible.utils.display import Display

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import JstError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.progress import printable
from ansible_collections.jst.retailcloud.plugins.plugin_utils.adopt import Run, adopt, failure_of

display = Display()


class ActionModule(ActionBase):
    """Reads an account and writes an inventory."""

    _supports_check_mode = True
    _requires_connection = False
    TRANSFERS_FILES = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        """Return the result of the task."""
        result: dict[str, Any] = super().run(tmp, task_vars)
        environment: dict[str, str] = {}
        self._compute_environment_string(environment)
        run = Run(
            check_mode=bool(self._task.check_mode),
            diff=bool(self._task.diff) and not self._task.no_log,
            environ={**os.environ, **environment},
            loader=self._loader,
            notify=self._notify,
            warn=lambda warning: display.warning(printable(warning)),
        )
        try:
            result.update(adopt(self._task.args, run))
        except JstError as error:
            result.update(failure_of(error))
        return result

    def _notify(self, line: str) -> None:
        """Show a line of progress on standard error: standard output belongs to the callback, which may write JSON."""
        if not self._task.no_log:
            display.display(printable(f"[adopt] {line}"), stderr=True)
