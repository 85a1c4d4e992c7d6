# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lifecycle of an app under each reading of the reference, and under combinations of readings.

As a script this module runs all lifecycles, or those that its options name, and prints the result of each. Each way has
lifecycles of its own: the default and the combinations run in full, single values run by ``bring_up`` without the steps
that ``fleet`` has too.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from fnmatch import fnmatchcase
from pathlib import Path
from queue import SimpleQueue
from threading import Lock
from typing import Any, NamedTuple

from jst_emulator.readings import RANDOM
from jst_emulator.readings.table import TABLE
from tests.conformance.forkserver import fork_servers
from tests.readings.lifecycle import Lifecycle, run_lifecycle
from tests.readings.steps import STEPS, WORLD, Step, Way
from tests.tools.run_in_collection import BUILD, environment
from tests.tools.running_emulator import emulator

RESULTS = Path(__file__).parent / "results.json"
#: The seeds of the combinations.
SEEDS = range(1, 41)
DEFAULT = "default"
_LONGEST = 500


class Case(NamedTuple):
    """A lifecycle to live through.

    :ivar name: of the service that the reference allows.
    :ivar readings: as the control side of the emulator takes them.
    """

    name: str
    readings: Mapping[str, Any]
    way: Way
    steps: Sequence[Step] = STEPS


def single(reading: str, value: object) -> str:
    """The name of the service that differs in one reading."""
    return f"{reading}={value}"


def combination(seed: int) -> str:
    """The name of the service that a seed chooses."""
    return f"{RANDOM}:{seed}"


def cases() -> Iterator[Case]:
    """All lifecycles: under the default, under each value of each reading, and under combinations."""
    some = [step for step in STEPS if not step.once]
    yield from (Case(DEFAULT, {}, way) for way in Way)
    for reading in TABLE:
        for value in reading.values:
            if value != reading.default:
                name, readings = single(reading.name, value), {reading.name: value}
                yield Case(name, readings, Way.FLEET)
                yield Case(name, readings, Way.BRING_UP, some)
    yield from (Case(combination(seed), {RANDOM: seed}, way) for seed in SEEDS for way in Way)


def survey(
    chosen: Sequence[Case], folder: Path, lanes: int, progress: Callable[[Lifecycle], None] = lambda _life: None
) -> list[Lifecycle]:
    """Live through cases.

    :param lanes: how many at a time, each against an emulator of its own.
    """
    free: SimpleQueue[tuple[str, Path]] = SimpleQueue()
    with ExitStack() as stack:
        for number in range(lanes):
            place = folder / f"lane-{number}"
            place.mkdir(parents=True, exist_ok=True)
            running = emulator("--time-scale", "0", "--world", str(WORLD), log=place / "emulator.log")
            free.put((stack.enter_context(running), place))

        def work(case: Case) -> Lifecycle:
            address, place = free.get()
            began = time.monotonic()
            lifecycle = Lifecycle(case.name, case.way)
            try:
                run_lifecycle(address, place, lifecycle, case.readings, case.steps)
            except Exception as error:
                # One that breaks down, such as over a request that no reference has, leaves the others alone.
                step = case.steps[len(lifecycle.problems)].name
                lifecycle.problems[step] = [f"{type(error).__name__}: {error}"[:_LONGEST]]
                lifecycle.left = ["what was there when the lifecycle broke down"]
            finally:
                free.put((address, place))
            lifecycle.seconds = time.monotonic() - began
            progress(lifecycle)
            return lifecycle

        with ThreadPoolExecutor(lanes) as pool:
            return list(pool.map(work, chosen))


def line(lifecycle: Lifecycle) -> str:
    """What became of a lifecycle in one line."""
    ill = ", ".join(step for step, found in lifecycle.problems.items() if found)
    left = f", left: {', '.join(lifecycle.left)}" if lifecycle.left else ""
    became = f"not well in {ill}" if ill else "well"
    return f"{lifecycle.way} under {lifecycle.name}: {became}{left} in {lifecycle.seconds:.0f} s"


def details(lifecycle: Lifecycle) -> Iterator[str]:
    """What was wrong with a lifecycle, a line each."""
    for step, found in lifecycle.problems.items():
        yield from (f"  {step}: {problem}" for problem in found)
        if step in lifecycle.calls:
            yield f"    last calls: {lifecycle.calls[step]}"


def is_well(lifecycle: Lifecycle) -> bool:
    """Whether all was as it should be."""
    return lifecycle.ended_well and lifecycle.second_run_clean and lifecycle.nothing_left


def summary(lifecycles: Sequence[Lifecycle]) -> str:
    """All of it in one line."""
    well, clean, gone = (
        sum(getattr(lifecycle, name) for lifecycle in lifecycles)
        for name in ("ended_well", "second_run_clean", "nothing_left")
    )
    return f"readings: {len(lifecycles)}, ended well: {well}, second run clean: {clean}, nothing left: {gone}"


class Results:
    """What became of lifecycles, in a file for the page about it; written after each lifecycle.

    :param is_whole: whether all lifecycles follow; results of others stay as they are otherwise.
    """

    def __init__(self, file: Path, is_whole: bool) -> None:
        self._file = file
        self._lock = Lock()
        self._steps = {(case.name, case.way): case.steps for case in cases()}
        self._known: dict[str, dict[str, Any]] = {}
        if file.exists() and not is_whole:
            self._known = json.loads(file.read_text(encoding="utf-8"))

    def add(self, lifecycle: Lifecycle) -> None:
        """Write down what became of one."""
        lived = {
            "problems": {step: found for step, found in lifecycle.problems.items() if found},
            "left": lifecycle.left,
            "differences": lifecycle.differences,
            "warnings": lifecycle.warnings,
            "left_out": [
                step.name
                for step in self._steps[lifecycle.name, Way(lifecycle.way)]
                if step.name not in lifecycle.problems
            ],
        }
        with self._lock:
            self._known.setdefault(lifecycle.name, {})[lifecycle.way] = lived
            text = json.dumps(self._known, ensure_ascii=False, indent=1, sort_keys=True)
            self._file.write_text(f"{text}\n", encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """Print what became of all; the exit status is 0 when all is well."""
    parser = argparse.ArgumentParser(description="The lifecycle of an app under each reading of the reference.")
    parser.add_argument(
        "--only", action="append", default=[], metavar="PATTERN", help="such as 'list_*' or 'random:7'; can be repeated"
    )
    parser.add_argument("--way", action="append", choices=[*Way], default=[], help="the playbook (default: both)")
    parser.add_argument("--step", action="append", choices=[step.name for step in STEPS], default=[])
    parser.add_argument("--lanes", type=int, default=os.cpu_count() or 1, help="in parallel (default: %(default)s)")
    parser.add_argument("--stop", action="store_true", help="end at the first lifecycle that is not well")
    parser.add_argument("--results", type=Path, metavar="FILE", help="write results for the page of assumptions there")
    options = parser.parse_args(arguments)
    os.environ.update(environment())
    chosen = [
        case._replace(steps=[step for step in case.steps if not options.step or step.name in options.step])
        for case in cases()
        if not options.way or case.way in options.way
        if not options.only or any(fnmatchcase(case.name, pattern) for pattern in options.only)
    ]

    is_whole = not (options.only or options.way or options.step)
    results = Results(options.results, is_whole) if options.results else None

    def report(lifecycle: Lifecycle) -> None:
        if results:
            results.add(lifecycle)
        print(line(lifecycle), *details(lifecycle), sep="\n", flush=True)

    began = time.monotonic()
    lifecycles: list[Lifecycle] = []
    try:
        for some in [[case] for case in chosen] if options.stop else [chosen]:
            lifecycles += survey(some, BUILD / "readings", options.lanes, report)
            if options.stop and not all(map(is_well, lifecycles)):
                break
    finally:
        fork_servers.stop()
    ill = [lifecycle for lifecycle in lifecycles if not is_well(lifecycle)]
    if ill:
        print("\nNot well:")
    for lifecycle in ill:
        print(line(lifecycle), *details(lifecycle), sep="\n")
    print(f"{time.monotonic() - began:.0f} s")
    print(summary(lifecycles))
    return 1 if ill else 0


if __name__ == "__main__":
    sys.exit(main())
