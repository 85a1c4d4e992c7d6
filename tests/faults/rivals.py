# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs that want the same at the same moment, while calls go wrong.

Meetings: two runs that create one resource, and lose the answer to a create or have it executed late. Crowds: up to
twenty hosts that bring one app up, while one call in twenty goes wrong. Hosts may fail then; in the end one resource of
each kind is left, a run without faults completes what is missing, and the next one finds nothing to do.

As a script it lets both meet and prints what became of them.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import JstError
from tests.conformance.create_races import LOST, MEETINGS, meet_and_lose
from tests.conformance.parallel_runs import ONE_OF_EACH, Runs, crowd, write_world
from tests.faults.playbooks import control
from tests.tools.checkout import BUILD, environment
from tests.tools.running_emulator import emulator

#: The share of the calls that go wrong, and how many calls a host makes at most.
SHARE, CALLS = 0.05, 150
#: What goes wrong. ``drop_after`` and those after it are carried out all the same.
KINDS: tuple[dict[str, Any], ...] = (
    {"kind": "throttle"},
    {"kind": "throttle", "retry_after_ms": 300},
    {"kind": "internal_error"},
    {"kind": "bad_gateway"},
    {"kind": "unavailable", "retry_after_ms": 300},
    {"kind": "drop_before"},
    {"kind": "drop_after"},
    {"kind": "truncate"},
    {"kind": "garbage"},
    {"kind": "empty"},
    {"kind": "unavailable", "executed": True, "retry_after_ms": 300},
    {"kind": "late_delivery", "calls": 5},
)
#: Virtual seconds a second: a release takes long enough for all to meet it.
UNHURRIED = 10
BRING_UP = "jst.retailcloud.bring_up"


def faults(seed: int, calls: int) -> Iterator[dict[str, Any]]:
    """What goes wrong with so many calls, the same for every use of a seed."""
    chance = random.Random(seed)
    for position in range(calls):
        if chance.random() < SHARE:
            yield {**chance.choice(KINDS), "after": position}


def sizes_of(hosts: int) -> tuple[int, ...]:
    """So many hosts in up to six processes: two large ones, and others with one host each."""
    single = min(hosts, 4)
    first = (hosts - single + 1) // 2
    return tuple(size for size in (first, hosts - single - first, *(1,) * single) if size)


def meet(hosts: int, seed: int, folder: Path) -> list[str]:
    """Let a crowd meet.

    :returns: what is wrong in the end, a line each.
    """
    world = write_world(folder, hosts)
    sizes = sizes_of(hosts)
    processes = crowd(sizes, range(1, len(sizes), 2))
    with emulator("--world", str(world), log=folder / "emulator.log") as address:
        control(address, "clock", {"scale": UNHURRIED})
        control(address, "barriers", {"action": "ListApp", "callers": hosts, "hold": "after", "max_wait_s": 300})
        control(address, "faults", [*faults(seed, hosts * CALLS)])
        runs = Runs(address, folder, {"JST_READ_TIMEOUT": "10", "JST_RETRY_TIMEOUT": "30"})
        for each in processes:
            runs.begin(each, BRING_UP)
        runs.end(may_fail=True)
        control(address, "faults", method="DELETE")
        control(address, "deliveries", {}, method="POST")
        wrong = []
        for name in ("after the crowd", "again"):
            control(address, "calls", method="DELETE")
            runs.begin(processes[0], BRING_UP)
            if any(count["failed"] for count in runs.end(may_fail=True).values()):
                wrong.append(f"a run without faults fails {name}")
        wrong += [
            f"the last run calls {call['action']}" for call in control(address, "calls") if call["kind"] == "write"
        ]
        state = control(address, "state")
        wrong += [f"{len(state[table])} {table}" for table in ONE_OF_EACH if len(state[table]) != 1]
    return wrong


def meet_in_rounds(rounds: int) -> int:
    """Let two runs meet so many times for each resource and each fault; returns how often it did not end well."""
    ill = 0
    with (
        emulator("--time-scale", "120", log=BUILD / "meetings.log") as address,
        tempfile.TemporaryDirectory() as folder,
    ):
        for fault in LOST:
            for meeting in MEETINGS:
                problems = []
                for number in range(rounds):
                    try:
                        meet_and_lose(address, Path(folder), meeting, {**fault, "after": number % 2})
                    except (AssertionError, JstError) as error:
                        problems.append(str(error)[:200])
                ill += len(problems)
                print(f"two runs, {meeting}, {fault['kind']}: {rounds - len(problems)} of {rounds} {problems or ''}")
    return ill


def crowds_meet(crowds: int, hosts: int | None, seed: int) -> int:
    """Let crowds of growing size meet, or of the size that is given; returns how many did not end well."""
    ill = 0
    for number in range(crowds):
        size = hosts or 2 + round(18 * number / max(1, crowds - 1))
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            wrong = meet(size, seed + number, Path(folder))
        ill += bool(wrong)
        print(f"{size} hosts, seed {seed + number}: {wrong or 'well'} in {time.monotonic() - began:.0f} s", flush=True)
    return ill


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what became of all; the exit status is 0 when all is well."""
    parser = argparse.ArgumentParser(description="Runs that want the same at the same moment, while calls go wrong.")
    parser.add_argument("--rounds", type=int, default=20, help="meetings of two runs (default: %(default)s)")
    parser.add_argument("--crowds", type=int, default=14, help="how many (default: %(default)s)")
    parser.add_argument("--hosts", type=int, help="in each crowd (default: from 2 to 20)")
    parser.add_argument("--seed", type=int, default=1, help="of the first crowd (default: %(default)s)")
    options = parser.parse_args(arguments)
    os.environ.update(environment())
    lost = meet_in_rounds(options.rounds)
    ill = crowds_meet(options.crowds, options.hosts, options.seed)
    print(f"rivals: {lost} meetings and {ill} of {options.crowds} crowds did not end well")
    return 1 if lost or ill else 0


if __name__ == "__main__":
    sys.exit(main())
