# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The fault matrix: every call of every phase, struck by every fault, and what came of it.

As a script it runs all of it, or the part that its options name, and prints it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from queue import SimpleQueue
from typing import Any, TypeVar

from jst_emulator.readings import RANDOM
from tests.conformance.forkserver import fork_servers
from tests.faults.fault_kinds import CREATES, FAULT_KINDS, FaultKind
from tests.faults.phases import PHASES, START, Phase
from tests.faults.playbooks import WORLD, control, run_phase
from tests.faults.states import differences, without_moments
from tests.faults.verdicts import Attempt, Mark, Reference, Verdict, is_settled, judge, judge_race, leaks
from tests.faults.worker_pool import worker_pool
from tests.tools.run_in_collection import BUILD, environment

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
    fault_kind: FaultKind
    is_read: bool

    def __str__(self) -> str:
        return f"{self.phase.name}, call {self.position + 1} ({self.action} {self.nth + 1}), {self.fault_kind.label}"


#: Cells that are run in one, each of which strikes a call of its own.
Pack = Sequence[Cell]
Known = dict[tuple[str, str], Attempt]


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

    :param known: runs without faults by the phase and the state they began with, shared by lanes.
    :param readings: the readings of the reference that hold, as the control side of the emulator takes them.
    :ivar leaks: where secrets turned up, a line each.
    """

    def __init__(
        self,
        addresses: Sequence[str],
        folder: Path,
        known: Known | None = None,
        readings: Mapping[str, Any] | None = None,
    ) -> None:
        self._addresses = addresses
        self._readings = dict(readings or {})
        self._folder = folder
        self._known: Known = {} if known is None else known
        folder.mkdir(parents=True, exist_ok=True)
        self.leaks: list[str] = []

    def prepare(self) -> dict[str, Reference]:
        """Live through all phases without faults, the same in every emulator, with a save point after each.

        :returns: the phases by name.
        :raises RuntimeError: when a phase fails, or does not do the same each time.
        """
        for address in self._addresses:
            control(address, "clock", {"scale": 0, "step_s": STEP})
            control(address, "readings", self._readings)
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

    def strike(self, packs: Sequence[Pack], reference: Reference) -> tuple[dict[Cell, Verdict], list[Cell]]:
        """Run as many packs of one phase as there are emulators at most.

        :returns: verdicts, and the cells to run alone, since the pack they were in did not converge at once.
        :raises RuntimeError: when the fault of a cell that was alone did not strike.
        """
        phase = packs[0][0].phase
        hosts = {f"host-{n:02}": address for n, address in zip(range(len(packs)), self._addresses, strict=False)}
        by_host = dict(zip(hosts, packs, strict=True))
        for name, address in hosts.items():
            control(address, f"savepoints/{phase.after}/restore", method="POST")
            control(address, "faults", list(armed(by_host[name])))
        firsts = self._attempt(phase, hosts)
        unsettled = set()
        for name, address in hosts.items():
            missed = [fault for fault in control(address, "faults") if fault["struck"] != 1]
            control(address, "faults", method="DELETE")
            if missed and len(by_host[name]) == 1:
                raise RuntimeError(f"{by_host[name][0]}: did not strike once: {missed}, {firsts[name].told.failures}")
            if missed or not is_settled(reference, firsts[name]):
                unsettled.add(name)
        alone = [name for name in unsettled if len(by_host[name]) == 1]
        seconds = self._go_on(phase, {name: hosts[name] for name in alone}, firsts)
        verdicts: dict[Cell, Verdict] = {}
        left: list[Cell] = []
        for name, pack in by_host.items():
            verdict = judge(reference, firsts[name], seconds.get(name))
            if len(pack) > 1 and (name in unsettled or verdict.mark is not Mark.CONVERGED):
                left += pack
            else:
                verdicts.update(dict.fromkeys(pack, verdict))
        return verdicts, left

    def meet(self, packs: Sequence[Pack], reference: Reference) -> tuple[dict[Cell, Verdict], list[Cell]]:
        """Run the cells of one phase, each by two runs at once in one emulator: as many as there are emulators at most.

        :returns: verdicts, and no cells to run alone.
        :raises RuntimeError: when the fault of a cell did not strike, or the runs did not meet.
        """
        cells = [cell for pack in packs for cell in pack]
        phase = cells[0].phase
        places = dict(zip(cells, self._addresses, strict=False))
        for cell, address in places.items():
            control(address, f"savepoints/{phase.after}/restore", method="POST")
            calls = {"action": cell.action, "where": named(cell, reference)}
            control(address, "barriers", {**calls, "callers": 2, "hold": "before"})
            control(address, "faults", {**calls, **cell.fault_kind.fault})
        sides = ("one", "other")
        hosts = {f"{side}-{n:02}": address for n, address in enumerate(places.values()) for side in sides}
        firsts = self._attempt(phase, hosts)
        for cell, address in places.items():
            [barrier], [fault] = control(address, "barriers"), control(address, "faults")
            control(address, "barriers", method="DELETE")
            control(address, "faults", method="DELETE")
            control(address, "deliveries", method="POST")
            if not (barrier["met"] and fault["struck"]):
                raise RuntimeError(f"{cell}: did not meet or strike: {barrier}, {fault}")
        seconds = self._attempt(phase, {f"later-{n:02}": address for n, address in enumerate(places.values())})
        verdicts = {
            cell: judge_race(reference, [firsts[f"{side}-{n:02}"] for side in sides], seconds[f"later-{n:02}"])
            for n, cell in enumerate(places)
        }
        return verdicts, []

    def _go_on(self, phase: Phase, hosts: Mapping[str, str], firsts: Mapping[str, Attempt]) -> dict[str, Attempt]:
        """Run a phase again without faults: once for all that begin with the same state, since they go the same way."""
        begins = {name: (phase.name, json.dumps(without_moments(firsts[name].state), sort_keys=True)) for name in hosts}
        new = {begin: name for name, begin in begins.items() if begin not in self._known}
        if new:
            attempts = self._attempt(phase, {name: hosts[name] for name in new.values()})
            self._known.update({begin: attempts[name] for begin, name in new.items()})
        return {name: self._known[begin] for name, begin in begins.items()}

    def _attempt(self, phase: Phase, hosts: dict[str, str]) -> dict[str, Attempt]:
        """Run a phase once for each host, with a call log that begins anew."""
        for address in hosts.values():
            control(address, "calls", method="DELETE")
        told, output = run_phase(phase, hosts, self._folder)
        attempts = {
            name: Attempt(told[name], control(address, "calls"), control(address, "state"))
            for name, address in hosts.items()
        }
        self._search(phase, "what Ansible printed", output)
        for name, attempt in attempts.items():
            self._search(phase, f"the results of {name}", attempt.told.text)
            self._search(phase, f"the call log of {name}", repr(attempt.calls))
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


def named(cell: Cell, reference: Reference) -> dict[str, Any]:
    """The parameters by which the call of a cell names what it makes."""
    params = reference.calls[cell.position]["params"]
    return {name: params[name] for name in CREATES[cell.action]}


def cells_of(references: dict[str, Reference]) -> Iterator[Cell]:
    """All cells, those of a phase and column together."""
    for phase in PHASES:
        calls = references[phase.name].calls
        for fault_kind in FAULT_KINDS:
            seen: Counter[str] = Counter()
            for position, call in enumerate(calls):
                if fault_kind.can_strike(calls, position):
                    yield Cell(
                        phase, position, call["action"], seen[call["action"]], fault_kind, call["kind"] == "read"
                    )
                seen[call["action"]] += 1


def packs_of(cells: Sequence[Cell], size: int) -> Iterator[Pack]:
    """Put together what a run should survive without noticing: reads that are simply tried again.

    Only what the pack survives to the letter counts; otherwise each of its cells is run alone.
    """
    for fault_kind in FAULT_KINDS:
        several = [cell for cell in cells if cell.fault_kind is fault_kind and cell.is_read and fault_kind.passes]
        yield from ([cell] for cell in cells if cell.fault_kind is fault_kind and cell not in several)
        count = -(-len(several) // size)
        yield from (several[start::count] for start in range(count))


def waves_of(cells: Sequence[Cell], pack: int, width: int) -> Iterator[Sequence[Pack]]:
    """What is run at once: packs of one phase, those in which two runs meet apart from the others."""
    for phase in PHASES:
        packs = list(packs_of([cell for cell in cells if cell.phase is phase], pack))
        yield from portions([one for one in packs if not one[0].fault_kind.meets], width)
        yield from portions([one for one in packs if one[0].fault_kind.meets], max(1, width // 2))


def armed(pack: Pack) -> Iterator[dict[str, Any]]:
    """The faults of a pack. Those that have struck before have made a call of the same action more."""
    before: Counter[str] = Counter()
    for cell in pack:
        yield {**cell.fault_kind.fault, "action": cell.action, "after": cell.nth + before[cell.action]}
        before[cell.action] += 1


def portions(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    """The items in portions."""
    return (items[start : start + size] for start in range(0, len(items), size))


def examine(
    pick: Callable[[list[Cell]], list[Cell]],
    folder: Path,
    lanes: int,
    width: int,
    pack: int = 1,
    progress: Callable[[str], None] = lambda _dummy: None,
    readings: Mapping[str, Any] | None = None,
) -> Matrix:
    """Run the cells that *pick* takes out of all.

    :param lanes: how many ansible-playbooks run at a time.
    :param width: how many packs each of them runs at a time.
    :param pack: how many cells a pack holds at most.
    :param readings: the readings of the reference that hold, none for the defaults.
    """
    matrix = Matrix()
    log = folder / "emulators.log"
    with worker_pool(WORLD, log) as emulators, ThreadPoolExecutor(lanes) as pool:
        first = Lane(emulators.parents, folder / "parents", readings=readings)
        matrix.references = first.prepare()
        progress(f"{len(PHASES)} phases, {sum(len(each.calls) for each in matrix.references.values())} calls")
        addresses = emulators.fork_copies(lanes * width)
        known: Known = {}
        several = [Lane(part, folder / f"lane-{n}", known) for n, part in enumerate(portions(addresses, width))]
        free: SimpleQueue[Lane] = SimpleQueue()
        for lane in several:
            free.put(lane)
        cells = pick(list(cells_of(matrix.references)))

        def work(packs: Sequence[Pack]) -> list[Cell]:
            lane = free.get()
            began = time.monotonic()
            try:
                cell = packs[0][0]
                reference = matrix.references[cell.phase.name]
                found, left = (lane.meet if cell.fault_kind.meets else lane.strike)(packs, reference)
            finally:
                free.put(lane)
            matrix.verdicts.update(found)
            ill = [f"\n  {cell}: {one.mark} {one.problems}" for cell, one in found.items() if not one.is_well]
            alone = f", {len(left)} more to run alone" if left else ""
            progress(f"{packs[0][0]}: {len(found)} cells{alone} in {time.monotonic() - began:.0f} s{''.join(ill)}")
            return left

        while cells:
            left = list(pool.map(work, waves_of(cells, pack, width)))
            cells, pack = [cell for several in left for cell in several], 1
        matrix.leaks = [line for lane in (first, *several) for line in lane.leaks]
    said = log.read_text(encoding="utf-8")
    matrix.leaks += [f"{canary} in {log}" for canary in leaks(said)]
    if said:
        progress(f"The emulators said: {said}")
    return matrix


def table(matrix: Matrix) -> Iterator[str]:
    """The matrix: a row for the calls of each operation in a phase, a column for each fault."""
    labels = [fault_kind.label for fault_kind in FAULT_KINDS]
    yield "  ".join([f"{'':42}", *(f"{label:>9}" for label in labels)])
    for phase in PHASES:
        found = {cell: verdict for cell, verdict in matrix.verdicts.items() if cell.phase is phase}
        if found:
            yield phase.name
        for action, calls in Counter(call["action"] for call in matrix.references[phase.name].calls).items():
            marks = [
                Counter(
                    one.mark for cell, one in found.items() if (cell.action, cell.fault_kind) == (action, fault_kind)
                )
                for fault_kind in FAULT_KINDS
            ]
            shown = [f"{' '.join(f'{count}{mark}' for mark, count in sorted(each.items())):>9}" for each in marks]
            if any(marks):
                yield "  ".join([f"  {action + f' ({calls})':40}", *shown]).rstrip()
    yield ". converged   f failed clearly, then converged   N not converged   D duplicate   U unclear"


def seed(text: str) -> dict[str, str]:
    """Return the readings that ``random:SEED`` names, as the control side of the emulator takes them.

    :raises ValueError: the text is something else.
    """
    word, _colon, value = text.partition(":")
    if word != RANDOM or not value:
        raise ValueError(f"{text!r} is not {RANDOM}:SEED")
    return {RANDOM: value}


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the matrix; the exit status is 0 when all is well."""
    parser = argparse.ArgumentParser(description="Every call of the life of an app, struck by every fault.")
    parser.add_argument("--phase", action="append", choices=[phase.name for phase in PHASES], default=[])
    parser.add_argument(
        "--fault", action="append", choices=[fault_kind.label for fault_kind in FAULT_KINDS], default=[]
    )
    parser.add_argument("--action", action="append", default=[], help="operation that is struck")
    parser.add_argument("--lanes", type=int, default=os.cpu_count() or 1, help="ansible-playbooks at a time")
    parser.add_argument("--width", type=int, default=24, help="runs in each of them (default: %(default)s)")
    parser.add_argument(
        "--pack", type=int, default=5, help="reads that a run strikes where it should not notice (default: %(default)s)"
    )
    parser.add_argument(
        "--readings", type=seed, default={}, metavar="random:SEED", help="the combination of readings that holds"
    )
    parser.add_argument(
        "--every", type=int, default=1, metavar="N", help="one of so many cells of each fault (default: all)"
    )
    options = parser.parse_args(arguments)

    def picked(cells: list[Cell]) -> list[Cell]:
        tests: list[tuple[list[str], Callable[[Cell], Any]]] = [
            (options.phase, lambda cell: cell.phase.name),
            (options.fault, lambda cell: cell.fault_kind.label),
            (options.action, lambda cell: cell.action),
        ]
        named = [cell for cell in cells if all(not words or of(cell) in words for words, of in tests)]
        # Those of one fault in all phases: each fault has its share.
        return [
            cell
            for fault_kind in FAULT_KINDS
            for cell in [one for one in named if one.fault_kind is fault_kind][:: options.every]
        ]

    os.environ.update(environment())
    began = time.monotonic()
    matrix = examine(
        picked,
        BUILD / "faults",
        options.lanes,
        options.width,
        options.pack,
        lambda line: print(line, flush=True),
        options.readings,
    )
    fork_servers.stop()
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
