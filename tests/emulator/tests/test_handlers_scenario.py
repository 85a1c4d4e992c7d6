# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scenario through the gateway that calls every operation, in both shapes of responses."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from jst_emulator.api_spec import OPERATIONS
from jst_emulator.emulator import ANSWERS, Emulator, Settings
from jst_emulator.handlers import HANDLERS
from jst_emulator.world import load
from support.scenario import Step, bring_up, read_all, tear_down
from support.signed_client import SignedClient

KEY = ("emulator-key-id", "emulator-key-secret")


@pytest.mark.parametrize("answers", ANSWERS)
def test_every_operation_in_one_life(answers: str) -> None:
    emulator = Emulator(Settings(answers=answers, time_scale=0), HANDLERS, load)
    client = SignedClient(emulator)
    called = set()

    def walk(steps: Iterator[Step]) -> None:
        for step in steps:
            if not isinstance(step, tuple):
                emulator.clock.advance(step)
                emulator.world.advance()
                continue
            action, parameters = step
            response = client.acs3(action, parameters, key=KEY)
            entry = emulator.call_log.since()[-1]
            assert (response.status_code, entry["outcome"]) == (200, "ok"), (action, response.text)
            called.add(action)

    walk(bring_up())
    pod = next(iter(emulator.world.instances))
    job_pod = next(iter(emulator.world.job_runs.values())).pod_name
    walk(read_all(pod, job_pod))
    walk(tear_down(pod))
    assert called == OPERATIONS.keys()
    state = emulator.world.snapshot()
    for table in ("apps", "environments", "instances", "orders", "services", "databases", "accounts", "group_members"):
        assert state[table] == [], table
    assert [one["title"] for one in state["clusters"]] == ["emu-online", "new"]
