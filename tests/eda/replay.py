# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Event source in place of the collection's own: it sends the events of a file and ends, or ends in the middle."""

from __future__ import annotations

import json
import os
import signal
from pathlib import Path
from typing import Any


async def main(queue: Any, args: dict[str, Any]) -> None:
    """Send the events of the file in the environment variable REPLAY, each after the one before was accepted.

    With the variable KILL, the process is killed the moment the last of them is accepted.
    """
    for line in Path(os.environ["REPLAY"]).read_text(encoding="utf-8").splitlines():
        await queue.put(json.loads(line))
        await args["eda_feedback_queue"].get()
    if os.environ.get("KILL"):
        os.kill(os.getpid(), signal.SIGKILL)
