# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Race runs for the same resources while calls fail.

Pairs: two runs create one resource, and the response to a create is lost or the create is executed late. Groups: up to
twenty hosts bring up one app while one call in twenty fails. Hosts may fail. In the end one resource of each type
exists, a run without faults completes what is missing, and the next run changes nothing.

As a script this module runs both and prints the results.
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
from tests.conformance.create_races import CREATE_RACES, LOST, run_race_with_lost_response
from tests.conformance.parallel_runs import ONE_OF_EACH, Runs, split_hosts, write_world
from tests.faults.playbooks import control
from tests.tools.run_in_collection import BUILD, environment
from tests.tools.running_emulator import emulator

#: The share of the calls that fail, and the maximum number of calls per host.
SHARE, CALLS = 0.05, 150
#: The faults. The service executes the call in ``drop_after`` and all later ones.
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
#: Virtual seconds per second: a release takes long enough for all runs to find it in progress.
TIME_SCALE = 10
BRING_UP = "jst.retailcloud.bring_up"


def faults(seed: int, calls: int) -> Iterator[dict[str, Any]]:
    """Yield the faults for this number of calls, the same for every use of a seed."""
    chance = random.Random(seed)
    for position in range(calls):
        if chance.random() < SHARE:
            yield {**chance.choice(KINDS), "after": position}


def sizes_of(hosts: int) -> tuple[int, ...]:
    """Split the hosts into up to six processes: two large ones, and others with one host each."""
    single = min(hosts, 4)
    first = (hosts - single + 1) // 2
    return tuple(size for size in (first, hosts - single - first, *(1,) * single) if size)


def race_group(hosts: int, seed: int, folder: Path) -> list[str]:
    """Run one group of hosts at the same time.

    :returns: the problems found in the end.
    """
    world = write_world(folder, hosts)
    sizes = sizes_of(hosts)
    processes = split_hosts(sizes, range(1, len(sizes), 2))
    with emulator("--world", str(world), log=folder / "emulator.log") as address:
        control(address, "clock", {"scale": TIME_SCALE})
        control(address, "barriers", {"action": "ListApp", "callers": hosts, "hold": "after", "max_wait_s": 300})
        control(address, "faults", [*faults(seed, hosts * CALLS)])
        runs = Runs(address, folder, {"JST_READ_TIMEOUT": "10", "JST_RETRY_TIMEOUT": "30"})
        for each in processes:
            runs.begin(each, BRING_UP)
        runs.end(may_fail=True)
        control(address, "faults", method="DELETE")
        control(address, "deliveries", {}, method="POST")
        wrong = []
        for name in ("after the race", "again"):
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


def race_pairs(rounds: int) -> int:
    """Run each pair this many times with each fault; return the number of failures."""
    ill = 0
    with (
        emulator("--time-scale", "120", log=BUILD / "races.log") as address,
        tempfile.TemporaryDirectory() as folder,
    ):
        for fault in LOST:
            for race in CREATE_RACES:
                problems = []
                for number in range(rounds):
                    try:
                        run_race_with_lost_response(address, Path(folder), race, {**fault, "after": number % 2})
                    except (AssertionError, JstError) as error:
                        problems.append(str(error)[:200])
                ill += len(problems)
                print(f"two runs, {race}, {fault['kind']}: {rounds - len(problems)} of {rounds} {problems or ''}")
    return ill


def race_groups(groups: int, hosts: int | None, seed: int) -> int:
    """Run groups of growing size, or of the given size; return the number of failures."""
    ill = 0
    for number in range(groups):
        size = hosts or 2 + round(18 * number / max(1, groups - 1))
        began = time.monotonic()
        with tempfile.TemporaryDirectory() as folder:
            wrong = race_group(size, seed + number, Path(folder))
        ill += bool(wrong)
        print(f"{size} hosts, seed {seed + number}: {wrong or 'well'} in {time.monotonic() - began:.0f} s", flush=True)
    return ill


def main(arguments: Sequence[str] | None = None) -> int:
    """Run both and print the results; return 0 when all races end well."""
    parser = argparse.ArgumentParser(description="Race runs for the same resources while calls fail.")
    parser.add_argument("--rounds", type=int, default=20, help="races of each pair (default: %(default)s)")
    parser.add_argument("--groups", type=int, default=14, help="number of groups (default: %(default)s)")
    parser.add_argument("--hosts", type=int, help="in each group (default: from 2 to 20)")
    parser.add_argument("--seed", type=int, default=1, help="of the first group (default: %(default)s)")
    options = parser.parse_args(arguments)
    os.environ.update(environment())
    lost = race_pairs(options.rounds)
    ill = race_groups(options.groups, options.hosts, options.seed)
    print(f"races: {lost} pairs and {ill} of {options.groups} groups did not end well")
    return 1 if lost or ill else 0


if __name__ == "__main__":
    sys.exit(main())
