# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulator and an inventory of many apps, and the ways to bring them up."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from tests.bench.many_apps import TEAM, team, write_grown_world, write_inventory, write_world
from tests.bench.measuring import PYTHONPATH, Cost, Target, say, target
from tests.conformance.playbook_runner import control
from tests.tools.run_in_collection import BIN

HERE = Path(__file__).parent
FLEET, BRING_UP = "jst.retailcloud.fleet", "jst.retailcloud.bring_up"
DRIFT, TEARDOWN = "jst.retailcloud.drift", "jst.retailcloud.teardown"
NOTHING = str(HERE / "nothing.yml")
PLAYBOOKS = (FLEET, BRING_UP, DRIFT, TEARDOWN, NOTHING)
PLAIN, CLIENT = "plain", "client"
THREADS = 16

TIME_SCALE = "300"
NO_END = 10**9


@dataclass(frozen=True)
class Way:
    """A way to bring apps up.

    :ivar source: the name of a playbook, or the kind of a replay.
    :ivar forks: how many apps at once, in each slice.
    :ivar slices: how many main processes share the apps.
    :ivar cores: how many cores of this machine it may use; 0 for all.
    :ivar extra_vars: of the playbook.
    """

    name: str
    source: str
    forks: int
    strategy: str = ""
    slices: int = 1
    cores: int = 0
    extra_vars: str = ""


def fleet(forks: int, slices: int = 1, cores: int = 0) -> Way:
    """One task for each app."""
    words = ["fleet", *([f"{slices} slices"] if slices > 1 else []), *([f"{cores} core"] if cores else [])]
    return Way(", ".join(words), FLEET, forks, slices=slices, cores=cores)


def bring_up(forks: int, strategy: str = "linear") -> Way:
    """Task by task."""
    return Way("bring_up" if strategy == "linear" else f"bring_up, {strategy}", BRING_UP, forks, strategy)


def drift(forks: int) -> Way:
    """A comparison with a report."""
    return Way("drift", DRIFT, forks)


def teardown(forks: int) -> Way:
    """The deletion of everything that is described."""
    return Way("teardown", TEARDOWN, forks, extra_vars="teardown_confirm={{application_title}}")


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
    :ivar list_reads: how many of the calls read a page of the list of all apps.
    :ivar account: how many apps the account has.
    """

    way: Way
    apps: int
    latency_ms: int
    cost: Cost
    calls: int
    list_reads: int
    account: int


class Rehearsal:
    """Runs over the apps of an inventory."""

    def __init__(self, emulator: Target, folder: Path, account: int) -> None:
        self._emulator = emulator
        self._folder = folder
        self._account = account
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
            calls = self.record(apps)
            commands = [[sys.executable, str(HERE / "replay.py"), way.source, str(calls), str(way.forks)]]
        else:
            commands = [self._playbook(way, some) for some in shared_out(apps, way.slices)]
        variables = {"ANSIBLE_STRATEGY": way.strategy} if way.strategy else {}
        if way.source in (PLAIN, CLIENT):
            variables["PYTHONPATH"] = PYTHONPATH
        return self.run_commands(way, commands, apps, latency_ms, **variables)

    def run_commands(
        self, way: Way, commands: Sequence[Sequence[str]], apps: int, latency_ms: int, **variables: str
    ) -> Run:
        """Run the commands that bring the first so many apps up, at the same time.

        :param variables: of their environment.
        :raises RuntimeError: something failed.
        """
        say(f"{way.name}, {apps} apps, {way.forks} at once, {latency_ms} ms")
        self.latency(latency_ms)
        self.control("calls", method="DELETE")
        cost = self._emulator.run_together(commands, self._folder / "output.txt", variables, way.cores)
        call_log = self.control("calls")
        if way.source not in PLAYBOOKS and not all(call["executed"] for call in call_log):
            raise RuntimeError(f"{way.name}: a call was refused")
        pages = sum(call["action"] == "ListApp" for call in call_log)
        return Run(way, apps, latency_ms, cost, len(call_log), pages, self._account)

    def _playbook(self, way: Way, some: range) -> list[str]:
        options = ["--limit", f"jst_apps[{some[0]}:{some[-1]}]", "--forks", str(way.forks)]
        if way.extra_vars:
            options += ["--extra-vars", way.extra_vars]
        return [str(BIN / "ansible-playbook"), "-i", str(self._folder / "inventory"), *options, way.source]

    def _calls_file(self, apps: int) -> Path:
        return self._folder / f"calls-{apps}.json"

    def record(self, apps: int) -> Path:
        """Return a file of the calls of a run with nothing to change, a list for each app.

        It is made one app at a time, so that it is clear whose calls they are.
        """
        if apps in self._replayed:
            return self._calls_file(apps)
        self.latency(0)
        self.control("calls", method="DELETE")
        self._emulator.run(self._playbook(fleet(1), range(apps)), self._folder / "output.txt")
        call_log = [{name: call[name] for name in CALL} for call in self.control("calls")]
        listed = split(call_log, apps)
        self._calls_file(apps).write_text(json.dumps(listed))
        self._replayed.add(apps)
        return self._calls_file(apps)


def shared_out(apps: int, slices: int) -> list[range]:
    """Return the places of the apps that each slice works on."""
    bounds = [apps * number // slices for number in range(slices + 1)]
    return [range(first, end) for first, end in pairwise(bounds)]


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
    with _emulator(folder, folder / "world.yml") as emulator:
        yield Rehearsal(emulator, folder, apps)


@contextmanager
def grown(folder: Path, apps: int) -> Iterator[Rehearsal]:
    """A rehearsal with so many apps that are up, and the rest of the last team."""
    world = folder / "grown.json"
    with rehearsal(folder, TEAM) as on:
        on.run(fleet(TEAM), TEAM, 0)
        write_grown_world(world, on.control("state"), apps)
    write_inventory(folder / "inventory", apps)
    with _emulator(folder, world) as emulator:
        yield Rehearsal(emulator, folder, team(apps) * TEAM)


def _emulator(folder: Path, world: Path) -> AbstractContextManager[Target]:
    return target("--world", str(world), "--time-scale", TIME_SCALE, log=folder / "emulator.log")
