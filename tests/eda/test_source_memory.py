# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The memory of the event source does not grow with the number of events that it has sent."""

from __future__ import annotations

import asyncio
import gc
import os
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.jst.retailcloud.plugins.plugin_utils.events import runner
from tests.conformance.event_source_runner import (
    ENVIRONMENT,
    VirtualClock,
    access_options,
    advance,
    release,
    told,
    watch,
    world,
)
from tests.conformance.playbook_runner import control
from tests.tools.running_emulator import emulator

EVENTS, SPAN = 100_000, 50_000
SAMPLE = 10_000
# Python returns memory to the system in pieces, and the allocator keeps some.
MOST_GROWTH = 12 * 2**20
MOST_STATE = 2 * 2**20


def resident() -> int:
    """Return the bytes of memory that this process holds."""
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


class CountingQueue:
    """Counts events, and measures the memory after each ten thousand."""

    def __init__(self) -> None:
        self.number = 0
        self.sizes: list[int] = []
        self.feedback: asyncio.Queue[Any] = asyncio.Queue(1)

    async def put(self, event: dict[str, Any]) -> None:
        """Accept an event."""
        self.number += 1
        if self.number % SAMPLE == 0:
            self.sizes.append(resident())
        await self.feedback.put(event)


def test_memory_is_flat_over_many_events(tmp_path: Path) -> None:
    (tmp_path / "world.yml").write_text(yaml.safe_dump(world()))
    options = ("--world", str(tmp_path / "world.yml"), "--time-scale", "0")
    state = tmp_path / "state"
    with emulator(*options, log=tmp_path / "emulator.log") as address:
        release(address)
        advance(address, 300)
        settings: dict[str, Any] = {"watch": ["events"], "window": 60, "calls_per_minute": 10**6, "feedback": True}
        settings.update(levels=["Normal", "Warning", "Error"], state_file=str(state), interval=120)
        assert told(watch(address, 100, **{**settings, "feedback": False, "settle_time": 0})) == []
        storm = {"kind": "storm", "steps": EVENTS, "over_s": SPAN, "kinds": ["event"], "env_ids": [ENVIRONMENT]}
        control(address, "timeline", storm)
        queue = CountingQueue()
        arguments = {**access_options(address), **settings, "eda_feedback_queue": queue.feedback}
        asyncio.run(runner.run(queue, arguments, VirtualClock(address, SPAN + 300)))
    sizes = [round(size / 2**20, 1) for size in queue.sizes]
    print(f"{queue.number} events; MiB after each {SAMPLE}: {sizes}; state file {state.stat().st_size // 1024} KiB")
    assert queue.number == EVENTS
    assert max(queue.sizes[1:]) - queue.sizes[0] < MOST_GROWTH
    assert state.stat().st_size < MOST_STATE
