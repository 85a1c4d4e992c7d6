# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulator and an inventory of many apps, and the ways to bring them up."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.many_apps import write_inventory, write_world
from tests.bench.measuring import Cost, Target, say, target
from tests.conformance.playbook_runner import control
from tests.tools.run_in_collection import BIN

HERE = Path(__file__).parent
FLEET, BRING_UP = "jst.retailcloud.fleet", "jst.retailcloud.bring_up"
NOTHING = str(HERE / "nothing.yml")
PLAIN, CLIENT = "plain", "client"
THREADS = 16

TIME_SCALE = "300"
NO_END = 10**9


@dataclass(frozen=True)
class Way:
    """A way to bring apps up.

    :ivar source: the name of a playbook, or the kind of a replay.
    :ivar forks: how many apps at once.
    """

    name: str
    source: str
    forks: int
    strategy: str = ""


def fleet(forks: int) -> Way:
    """One task for each app."""
    return Way("fleet", FLEET, forks)


def bring_up(forks: int, strategy: str = "linear") -> Way:
    """Task by task."""
    return Way("bring_up" if strategy == "linear" else f"bring_up, {strategy}", BRING_UP, forks, strategy)


def nothing(forks: int) -> Way:
    """One task for each app that says a word: what Ansible takes by itself."""
    return Way("debug", NOTHING, forks)


def threads(kind: str) -> Way:
    """The calls of a fleet without Ansible."""
    return Way(f"threads, {'requests' if kind == PLAIN else '_api.client'}", kind, THREADS)


@dataclass(frozen=True)
class Run:
    """What came of one run.

    :ivar calls: what the emulator has in its call log.
    """

    way: Way
    apps: int
    latency_ms: int
    cost: Cost
    calls: int


class Rehearsal:
    """Runs over the apps of an inventory."""

    def __init__(self, emulator: Target, folder: Path) -> None:
        self._emulator = emulator
        self._folder = folder
        self._replayed: set[int] = set()

    def control(self, path: str, body: Any = None, method: str | None = None) -> Any:
        """Talk to the control side of the emulator."""
        return control(self._emulator.address, path, body, method)

    def latency(self, milliseconds: int) -> None:
        """Have each call take so long from now on, at least."""
        self.control("faults", method="DELETE")
        if milliseconds:
            self.control("faults", {"kind": "delay", "seconds": milliseconds / 1000, "count": NO_END})

    def run(self, way: Way, apps: int, latency_ms: int) -> Run:
        """Bring the first so many apps up.

        :raises RuntimeError: something failed.
        """
        if way.source in (PLAIN, CLIENT):
            self._record(apps)
            calls = self._calls_file(apps)
            command = [sys.executable, str(HERE / "replay.py"), way.source, str(calls), str(way.forks)]
        else:
            command = self._playbook(way, apps)
        say(f"{way.name}, {apps} apps, {way.forks} at once, {latency_ms} ms")
        self.latency(latency_ms)
        self.control("calls", method="DELETE")
        variables = {"ANSIBLE_STRATEGY": way.strategy} if way.strategy else {}
        if way.source == CLIENT:
            variables["PYTHONPATH"] = str(BIN.parent / "collections")
        cost = self._emulator.run(command, self._folder / "output.txt", **variables)
        call_log = self.control("calls")
        if way.source in (PLAIN, CLIENT) and not all(call["executed"] for call in call_log):
            raise RuntimeError(f"{way.name}: a call was refused")
        return Run(way, apps, latency_ms, cost, len(call_log))

    def _playbook(self, way: Way, apps: int) -> list[str]:
        some = ["--limit", f"jst_apps[0:{apps - 1}]", "--forks", str(way.forks)]
        return [str(BIN / "ansible-playbook"), "-i", str(self._folder / "inventory"), *some, way.source]

    def _calls_file(self, apps: int) -> Path:
        return self._folder / f"calls-{apps}.json"

    def _record(self, apps: int) -> None:
        """Write down the calls of a run with nothing to change, one app at a time: so it is clear whose they are."""
        if apps in self._replayed:
            return
        self.latency(0)
        self.control("calls", method="DELETE")
        self._emulator.run(self._playbook(fleet(1), apps), self._folder / "output.txt")
        call_log = [{name: call[name] for name in CALL} for call in self.control("calls")]
        listed = split(call_log, apps)
        self._calls_file(apps).write_text(json.dumps(listed))
        self._replayed.add(apps)


CALL = ("action", "method", "placement", "params")


def split(call_log: list[dict[str, Any]], apps: int) -> list[list[dict[str, Any]]]:
    """The calls of each app, which come one app after the other.

    A call that names no app counts for the app that is named next. The first app has those of the lists that all share.

    :raises RuntimeError: the apps cannot be told apart.
    """
    owners: list[Any] = []
    parts: list[list[dict[str, Any]]] = []
    unnamed: list[dict[str, Any]] = []
    for call in call_log:
        unnamed.append(call)
        owner = call["params"].get("AppId")
        if owner is None:
            continue
        if owners[-1:] != [owner]:
            owners.append(owner)
            parts.append([])
        parts[-1] += unnamed
        unnamed = []
    if len(owners) != apps or len(set(owners)) != apps:
        raise RuntimeError(f"the calls of {apps} apps cannot be told apart")
    parts[-1] += unnamed
    return parts


@contextmanager
def rehearsal(folder: Path, apps: int) -> Iterator[Rehearsal]:
    """A rehearsal with so many apps, of which none is there."""
    folder.mkdir(parents=True, exist_ok=True)
    write_world(folder / "world.yml", apps)
    write_inventory(folder / "inventory", apps)
    options = ("--world", str(folder / "world.yml"), "--time-scale", TIME_SCALE)
    with target(*options, log=folder / "emulator.log") as emulator:
        yield Rehearsal(emulator, folder)
