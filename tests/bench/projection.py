# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What to expect with more apps than were measured."""

from __future__ import annotations

import os
from collections.abc import Mapping
from itertools import product
from math import ceil
from typing import Any

from tests.bench.fitting import Line
from tests.bench.tables import Table

APPS = (1000, 10000)


def project(fleet: Mapping[str, Any], page: Mapping[str, Any]) -> Table:
    """The lines of a fleet led on, with the pages that every app reads in a larger account.

    :param fleet: the figures of part ``fleet``.
    :param page: those of part ``pages``.
    """
    wall, cpu, other, memory = (Line(**line) for line in fleet["growth"].values())
    cores = os.cpu_count() or 1
    forks, latency = fleet["forks"], fleet["latency_ms"] / 1000
    table = Table(
        f"More apps, nothing to change, {forks} forks, {fleet['latency_ms']} ms, {cores} cores",
        ("apps", "found by", "calls", "wall, min", "CPU, min", "of it for the list of apps", "memory of main, GB"),
        remarks=[
            "From the lines above and the cost of a page, the emulator's CPU included; ± is twice the standard error "
            "of the line. Apps read pages side by side, so these take as long as the slower of answers and "
            "CPU. With application_app_id set, no list of apps is read."
        ],
    )
    known = ceil(fleet["apps"] / page["size"])
    for apps, by in product(APPS, ("title", "id")):
        further = apps * (ceil(apps / page["size"]) - known) if by == "title" else 0
        listed = further if by == "title" else -apps * known
        calls = apps * fleet["calls"] / fleet["apps"] + listed
        reading = further * page["cpu"]
        waiting = max(further * (latency + page["wall"]) / forks, reading / cores)
        table.rows.append(
            (
                apps,
                by,
                round(calls),
                f"{(wall.at(apps) + waiting) / 60:.1f} ± {2 * wall.error_at(apps) / 60:.1f}",
                f"{(cpu.at(apps) + other.at(apps) + reading) / 60:.1f} ± {2 * cpu.error_at(apps) / 60:.1f}",
                f"{reading / 60:.1f}",
                f"{memory.at(apps) / 1000:.1f} ± {2 * memory.error_at(apps) / 1000:.1f}",
            )
        )
    return table
