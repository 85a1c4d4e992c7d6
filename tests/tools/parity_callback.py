# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes down every result as callbacks get it, the invocation included, for the parity test."""

from __future__ import annotations

import json
import os
from typing import Any

from ansible.plugins.callback import CallbackBase


class CallbackModule(CallbackBase):
    """Appends to the file that JST_PARITY_EVENTS names: a line for each result, with the name of its task."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "parity_callback"

    def _write(self, result: Any, **_dummy: Any) -> None:
        with open(os.environ["JST_PARITY_EVENTS"], "a", encoding="utf-8") as events:
            events.write(json.dumps([result._task.get_name(), result._result], default=str, sort_keys=True) + "\n")

    v2_runner_on_ok = v2_runner_on_failed = v2_runner_on_skipped = v2_runner_on_unreachable = _write
    v2_runner_item_on_ok = v2_runner_item_on_failed = v2_runner_item_on_skipped = v2_runner_retry = _write
