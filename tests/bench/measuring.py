# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a process costs: wall time, CPU and memory, beside what the emulator costs meanwhile."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from threading import Event, Thread
from typing import TypeVar

from tests.tools.run_in_collection import ROOT, environment
from tests.tools.running_emulator import access, emulator

K = TypeVar("K")
T = TypeVar("T")

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")

# Where what runs in a process of its own finds the collection and this project.
PYTHONPATH = os.pathsep.join([str(ROOT / ".venv" / "collections"), str(ROOT)])

# Seconds between two looks at the memory of a tree of processes.
LOOK = 0.25


@dataclass(frozen=True)
class Cost:
    """What one run took.

    :ivar wall: seconds from start to end.
    :ivar cpu: seconds of CPU of the process and all its children.
    :ivar emulator_cpu: seconds of CPU that the emulator took meanwhile.
    :ivar main_cpu: seconds of CPU of the process itself, without its children.
    :ivar main_mb: the highest resident memory of the process itself, in MB; of the largest one where there are several.
    :ivar tree_mb: the highest sum over the process and its children, which count what they share once each.
    """

    wall: float
    cpu: float
    emulator_cpu: float = 0.0
    main_cpu: float = 0.0
    main_mb: float = 0.0
    tree_mb: float = 0.0


def middle(costs: Sequence[Cost]) -> Cost:
    """The median of each figure."""
    return Cost(**{item.name: median(getattr(cost, item.name) for cost in costs) for item in fields(Cost)})


def say(text: str) -> None:
    """Tell whoever waits what is going on."""
    print(f"... {text}", file=sys.stderr, flush=True)


def in_turns(competitors: Mapping[K, Callable[[], T]], rounds: int) -> dict[K, list[T]]:
    """What each of them gives in so many rounds: A B C A B C, so that a change of the machine's load meets all."""
    given: dict[K, list[T]] = {name: [] for name in competitors}
    for number in range(1, rounds + 1):
        say(f"round {number} of {rounds}: {', '.join(map(str, competitors))}")
        for name, compete in competitors.items():
            given[name].append(compete())
    return given


@dataclass(frozen=True)
class Target:
    """An emulator to run against.

    :ivar process: its id; 0 where its CPU does not matter.
    """

    address: str
    process: int

    def run(self, command: Sequence[str], log: Path, **variables: str) -> Cost:
        """Run a command to its end; see :meth:`run_together`."""
        return self.run_together([command], log, variables)

    def run_together(
        self, commands: Sequence[Sequence[str]], log: Path, variables: Mapping[str, str], cores: int = 0
    ) -> Cost:
        """Run commands at the same time, all to their end, with the access to the emulator in their environment.

        :param log: takes the output of the first one; those of the others stand beside it.
        :param variables: further variables of their environment.
        :param cores: how many cores of this machine they share; 0 for all.
        :raises RuntimeError: one failed.
        """
        before = cpu_of(self.process)
        allowed = sorted(os.sched_getaffinity(0))[: cores or None]
        logs = [
            log if not number else log.with_name(f"{log.stem}-{number}{log.suffix}") for number in range(len(commands))
        ]
        start = time.monotonic()
        processes = []
        for command, file in zip(commands, logs, strict=True):
            with file.open("w") as sink:
                process = subprocess.Popen(
                    command,
                    env={**environment(), **access(self.address), **variables},
                    stdin=subprocess.DEVNULL,
                    stdout=sink,
                    stderr=subprocess.STDOUT,
                )
            os.sched_setaffinity(process.pid, allowed)
            processes.append(process)
        with watched([process.pid for process in processes]) as seen:
            ends = [ended(process) for process in processes]
        wall = time.monotonic() - start
        for command, process, file in zip(commands, processes, logs, strict=True):
            if process.returncode:
                raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}, see {file}")
        return Cost(
            wall=wall,
            cpu=sum(cpu for cpu, _own in ends),
            emulator_cpu=cpu_of(self.process) - before,
            main_cpu=sum(own for _cpu, own in ends),
            main_mb=seen.main / 2**20,
            tree_mb=seen.tree / 2**20,
        )


def ended(process: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Wait for the end of a process. Return the seconds of CPU that it and its children took, and those of itself."""
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    own = cpu_of(process.pid)
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return usage.ru_utime + usage.ru_stime, own


@contextmanager
def target(*options: str, log: Path) -> Iterator[Target]:
    """An emulator with these options, for as long as a block runs."""
    before = set(children(os.getpid()))
    with emulator(*options, log=log) as address:
        (process,) = set(children(os.getpid())) - before
        yield Target(address, process)


def children(process: int) -> list[int]:
    """The processes that a process has started."""
    found: list[int] = []
    for folder in (PROC / str(process) / "task").glob("*/children"):
        found += map(int, folder.read_text().split())
    return found


def cpu_of(process: int) -> float:
    """The seconds of CPU that a process has taken, 0 for none."""
    if not process:
        return 0.0
    figures = (PROC / str(process) / "stat").read_text().rpartition(")")[2].split()
    return (int(figures[11]) + int(figures[12])) / TICKS


@dataclass
class Seen:
    """What was seen of processes so far.

    :ivar main: the highest resident memory of one of them, in bytes.
    :ivar tree: the highest sum over all of them and their children, in bytes.
    """

    main: int = 0
    tree: int = 0

    def look(self, processes: Sequence[int]) -> None:
        """Look at them as they are now."""
        tree = 0
        for process in processes:
            own = resident(process)
            self.main = max(self.main, own)
            tree += own + sum(resident(child) for child in living(process))
        self.tree = max(self.tree, tree)


def living(process: int) -> list[int]:
    """The processes that a process has started; none when it is gone."""
    try:
        return children(process)
    except OSError:
        return []


def resident(process: int) -> int:
    """The resident memory of a process, in bytes; 0 when it is gone."""
    try:
        return int((PROC / str(process) / "statm").read_text().split()[1]) * PAGE
    except OSError:
        return 0


@contextmanager
def watched(processes: Sequence[int]) -> Iterator[Seen]:
    """Look at processes every now and then, for as long as a block runs."""
    seen = Seen()
    over = Event()

    def look() -> None:
        while not over.wait(LOOK):
            seen.look(processes)

    thread = Thread(target=look)
    thread.start()
    try:
        yield seen
    finally:
        over.set()
        thread.join()
