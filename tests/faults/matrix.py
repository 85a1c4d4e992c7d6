# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix: every call of every phase, struck by every fault, and what came of it.

As a script it runs all of it, or the part that its options name, and prints it.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from checkout import BUILD, environment
from columns import COLUMNS, Column
from farm import farm
from judge import Attempt, Mark, Reference, Verdict, is_settled, judge, leaks
from phases import PHASES, START, Phase
from plays import WORLD, control, run
from states import differences, without_moments

T = TypeVar("T")

#: Virtual seconds that every call takes: time passes by calls alone, so every run makes the same ones.
STEP = 5


@dataclass(frozen=True)
class Cell:
    """One call of a phase, by its position in the run without faults, and the fault that strikes it.

    :ivar nth: how many calls of the same action the run makes before.
    :ivar is_read: whether the call only reads.
    """

    phase: Phase
    position: int
    action: str
    nth: int
    column: Column
    is_read: bool

    def __str__(self) -> str:
        return f"{self.phase.name}, call {self.position + 1} ({self.action} {self.nth + 1}), {self.column.label}"


@dataclass
class Matrix:
    """All that was found out.

    :ivar leaks: where secrets turned up, a line each.
    :ivar references: the phases without faults, by name.
    """

    verdicts: dict[Cell, Verdict] = field(default_factory=dict)
    leaks: list[str] = field(default_factory=list)
    references: dict[str, Reference] = field(default_factory=dict)

    @property
    def is_well(self) -> bool:
        """Whether there is nothing to mend."""
        return not self.leaks and all(verdict.is_well for verdict in self.verdicts.values())

    @property
    def summary(self) -> str:
        """All of it in one line."""
        marks = Counter(verdict.mark for verdict in self.verdicts.values())
        return (
            f"faults: {len(self.verdicts)} cells, {marks[Mark.CONVERGED] + marks[Mark.FAILED_FIRST]} converged, "
            f"{marks[Mark.DUPLICATE]} duplicates, {marks[Mark.UNCLEAR]} unclear, {len(self.leaks)} leaks"
        )


class Lane:
    """Emulators that one ansible-playbook at a time works with.

    :ivar leaks: where secrets turned up, a line each.
    """

    def __init__(self, addresses: Sequence[str], folder: Path) -> None:
        self._addresses = addresses
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.leaks: list[str] = []

    def prepare(self) -> dict[str, Reference]:
        """Live through all phases without faults, the same in every emulator, with a save point after each.

        :returns: the phases by name.
        :raises RuntimeError: when a phase fails, or does not do the same each time.
        """
        for address in self._addresses:
            control(address, "clock", {"scale": 0, "step_s": STEP})
            control(address, f"savepoints/{START}", method="POST")
        references = {}
        for phase in PHASES:
            for address in self._addresses:
                control(address, f"savepoints/{phase.after}/restore", method="POST")
            attempts = list(self._attempt(phase, {f"all-{n}": one for n, one in enumerate(self._addresses)}).values())
            for attempt in attempts:
                if attempt.told.failed:
                    raise RuntimeError(f"{phase.name} fails without any fault: {attempt.told.failures}")
                agree(phase, attempts[0], attempt)
            for address in self._addresses:
                control(address, f"savepoints/{phase.name}", method="POST")
            references[phase.name] = Reference(attempts[0].calls, attempts[0].state)
        return references

    def strike(self, cells: Sequence[Cell], reference: Reference) -> dict[Cell, Verdict]:
        """Run as many cells of one phase as there are emulators at most.

        :raises RuntimeError: when a fault did not strike the call that it was for.
        """
        phase = cells[0].phase
        hosts = {f"cell-{n:02}": address for n, address in zip(range(len(cells)), self._addresses, strict=False)}
        for cell, address in zip(cells, hosts.values(), strict=True):
            control(address, f"savepoints/{phase.after}/restore", method="POST")
            control(address, "faults", {**cell.column.fault, "action": cell.action, "after": cell.nth})
        firsts = self._attempt(phase, hosts)
        for (name, address), cell in zip(hosts.items(), cells, strict=True):
            [fault] = control(address, "faults")
            if fault["struck"] != 1:
                raise RuntimeError(f"{cell}: the fault struck {fault['struck']} times: {firsts[name].told.failures}")
            control(address, "faults", method="DELETE")
        left = {name: address for name, address in hosts.items() if not is_settled(reference, firsts[name])}
        seconds = self._attempt(phase, left) if left else {}
        return {
            cell: judge(reference, firsts[name], seconds.get(name)) for name, cell in zip(hosts, cells, strict=True)
        }

    def _attempt(self, phase: Phase, hosts: dict[str, str]) -> dict[str, Attempt]:
        """Run a phase once for each host, with a ledger that begins anew."""
        for address in hosts.values():
            control(address, "calls", method="DELETE")
        told, output = run(phase, hosts, self._folder)
        attempts = {
            name: Attempt(told[name], control(address, "calls"), control(address, "state"))
            for name, address in hosts.items()
        }
        self._search(phase, "what Ansible printed", output)
        for name, attempt in attempts.items():
            self._search(phase, f"the results of {name}", attempt.told.text)
            self._search(phase, f"the ledger of {name}", repr(attempt.calls))
            self._search(phase, f"the state of {name}", repr(attempt.state))
        return attempts

    def _search(self, phase: Phase, where: str, text: str) -> None:
        found = leaks(text)
        if found:
            lines = [line.strip()[:200] for line in text.splitlines() if leaks(line)][:3]
            self.leaks.append(f"{phase.name}: {', '.join(sorted(found))} in {where}: {lines}")


def agree(phase: Phase, one: Attempt, other: Attempt) -> None:
    """Make sure that two runs without faults did the same.

    :raises RuntimeError: they did not.
    """
    wrong = list(differences(_done(one), _done(other)))
    if wrong:
        raise RuntimeError(f"{phase.name} is not the same each time: {wrong}")


def _done(attempt: Attempt) -> dict[str, Any]:
    return {"calls": [call["action"] for call in attempt.calls], **without_moments(attempt.state)}


def cells_of(references: dict[str, Reference]) -> Iterator[Cell]:
    """All cells, those of a phase and column together."""
    for phase in PHASES:
        calls = references[phase.name].calls
        for column in COLUMNS:
            seen: Counter[str] = Counter()
            for position, call in enumerate(calls):
                if column.can_strike(calls, position):
                    yield Cell(phase, position, call["action"], seen[call["action"]], column, call["kind"] == "read")
                seen[call["action"]] += 1


def portions(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in portions."""
    return (items[start : start + size] for start in range(0, len(items), size))


def examine(
    pick: Callable[[list[Cell]], list[Cell]],
    folder: Path,
    lanes: int,
    width: int,
    progress: Callable[[str], None] = lambda _dummy: None,
) -> Matrix:
    """Run the cells that *pick* takes out of all.

    :param lanes: how many ansible-playbooks run at a time.
    :param width: how many cells each of them runs at a time.
    """
    matrix = Matrix()
    log = folder / "emulators.log"
    with farm(WORLD, log) as emulators, ThreadPoolExecutor(lanes) as pool:
        first = Lane(emulators.parents, folder / "parents")
        matrix.references = first.prepare()
        progress(f"{len(PHASES)} phases, {sum(len(each.calls) for each in matrix.references.values())} calls")
        addresses = emulators.multiply(lanes * width)
        several = [Lane(part, folder / f"lane-{n}") for n, part in enumerate(portions(addresses, width))]
        cells = pick(list(cells_of(matrix.references)))
        waves = [wave for phase in PHASES for wave in portions([cell for cell in cells if cell.phase is phase], width)]
        queue = iter(waves)

        def work(lane: Lane) -> None:
            for wave in queue:
                began = time.monotonic()
                found = lane.strike(wave, matrix.references[wave[0].phase.name])
                matrix.verdicts.update(found)
                ill = [f"\n  {cell}: {one.mark} {one.problems}" for cell, one in found.items() if not one.is_well]
                progress(f"{wave[0]} and on: {len(wave)} cells in {time.monotonic() - began:.0f} s{''.join(ill)}")

        list(pool.map(work, several))
        matrix.leaks = [line for lane in (first, *several) for line in lane.leaks]
    said = log.read_text(encoding="utf-8")
    matrix.leaks += [f"{canary} in {log}" for canary in leaks(said)]
    if said:
        progress(f"The emulators said: {said}")
    return matrix


def table(matrix: Matrix) -> Iterator[str]:
    """The matrix: a row for the calls of each operation in a phase, a column for each fault."""
    labels = [column.label for column in COLUMNS]
    yield "  ".join([f"{'':42}", *(f"{label:>9}" for label in labels)])
    for phase in PHASES:
        yield phase.name
        for action, calls in Counter(call["action"] for call in matrix.references[phase.name].calls).items():
            shown = []
            for column in COLUMNS:
                marks = Counter(
                    verdict.mark
                    for cell, verdict in matrix.verdicts.items()
                    if (cell.phase, cell.action, cell.column) == (phase, action, column)
                )
                shown.append(f"{' '.join(f'{count}{mark}' for mark, count in sorted(marks.items())):>9}")
            yield "  ".join([f"  {action + f' ({calls})':40}", *shown]).rstrip()
    yield ". converged   f failed clearly, then converged   N not converged   D duplicate   U unclear"


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the matrix; the exit status is 0 when all is well."""
    parser = argparse.ArgumentParser(description="Every call of the life of an app, struck by every fault.")
    parser.add_argument("--phase", action="append", choices=[phase.name for phase in PHASES], default=[])
    parser.add_argument("--fault", action="append", choices=[column.label for column in COLUMNS], default=[])
    parser.add_argument("--action", action="append", default=[], help="operation that is struck")
    parser.add_argument("--lanes", type=int, default=os.cpu_count() or 1, help="ansible-playbooks at a time")
    parser.add_argument("--width", type=int, default=24, help="cells in each of them (default: %(default)s)")
    options = parser.parse_args(arguments)

    def picked(cells: list[Cell]) -> list[Cell]:
        tests: list[tuple[list[str], Callable[[Cell], Any]]] = [
            (options.phase, lambda cell: cell.phase.name),
            (options.fault, lambda cell: cell.column.label),
            (options.action, lambda cell: cell.action),
        ]
        return [cell for cell in cells if all(not words or of(cell) in words for words, of in tests)]

    os.environ.update(environment())
    began = time.monotonic()
    matrix = examine(picked, BUILD / "faults", options.lanes, options.width, lambda line: print(line, flush=True))
    print(*table(matrix), sep="\n")
    for cell, verdict in matrix.verdicts.items():
        for problem in verdict.problems:
            print(f"{cell}: {problem}")
    print(*matrix.leaks, sep="\n")
    print(f"{time.monotonic() - began:.0f} s")
    print(matrix.summary)
    return 0 if matrix.is_well else 1


if __name__ == "__main__":
    sys.exit(main())
