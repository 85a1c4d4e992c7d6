# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lifecycle of the app: playbooks, each from where another has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
#: Where nothing has happened yet.
START = "start"


@dataclass(frozen=True)
class Phase:
    """One playbook over the app.

    :ivar after: the phase that it goes on from, or the start.
    :ivar playbook: its name, or the path of its file.
    :ivar options: of ansible-playbook.
    """

    name: str
    after: str
    playbook: str
    options: Sequence[str] = ()


#: Calls that are made at the same moment have no order to count by.
ONE_AT_A_TIME = ("--extra-vars", "application_parallelism=1")

PHASES = (
    Phase("bring-up", START, "jst.retailcloud.bring_up", ONE_AT_A_TIME),
    Phase("again", "bring-up", "jst.retailcloud.bring_up", ONE_AT_A_TIME),
    Phase("change", "again", "jst.retailcloud.bring_up", (*ONE_AT_A_TIME, f"--extra-vars=@{HERE / 'changed.yml'}")),
    Phase("scale", "again", "jst.retailcloud.fleet", (*ONE_AT_A_TIME, f"--extra-vars=@{HERE / 'scaled.yml'}")),
    Phase("release", "again", "jst.retailcloud.release"),
    Phase("teardown", "release", "jst.retailcloud.teardown"),
    Phase("one-task", START, "jst.retailcloud.fleet", ONE_AT_A_TIME),
    Phase("one-task-again", "one-task", "jst.retailcloud.fleet", ONE_AT_A_TIME),
)
