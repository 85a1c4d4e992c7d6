# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every event has its effect once, over kills: a storm of all kinds of events, and SIGKILL at random moments.

What counts is what the actions themselves write: each run of an action leaves its begin and its end, and each event its
effect.
"""

from __future__ import annotations

import base64
import json
import os
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.event_source_runner import ENVIRONMENT, REPORTS_ENVIRONMENT, advance, release, world
from tests.conformance.playbook_runner import control
from tests.eda.rulebook import Rulebook
from tests.tools.running_emulator import emulator

KILLS = int(os.environ.get("EDA_KILLS", "10"))
EVENTS = int(os.environ.get("EDA_EVENTS", "200"))
RATE = 20
SHOPS = 5
# Pods of the two environments whose events are read.
PODS = 4
# Without feedback, the source repeats what it sent in these seconds before a kill.
SETTLE_TIME = 20.0
# Seconds between the end of a run and the moment at which the engine has recorded that.
RECORDING = 5.0
# The source makes a round a second, and waits in it while the engine is busy.
QUIET_ROUNDS = 15
# How long a process lives at most, however few runs it begins.
LONGEST_LIFE = 60.0
# How long all actions together may take on a shared machine.
PATIENCE = 1800.0


@dataclass
class Run:
    """One run of the action."""

    boot: int
    began: float
    ended: float | None = None


class Ledger:
    """What the actions wrote."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir()

    def _lines(self, name: str) -> list[str]:
        file = self._folder / name
        return file.read_text().splitlines() if file.exists() else []

    def count(self) -> int:
        """Return the number of runs that have begun."""
        return sum(line.startswith("begin ") for line in self._lines("runs"))

    def runs(self) -> dict[str, list[Run]]:
        """Return the runs of each event by its id."""
        found: dict[str, list[Run]] = defaultdict(list)
        for line in self._lines("runs"):
            phase, boot, at, identity = line.split()
            if phase == "begin":
                found[identity].append(Run(int(boot), float(at)))
            else:
                [run] = [one for one in found[identity] if one.boot == int(boot) and one.ended is None][:1]
                run.ended = float(at)
        return found

    def effects(self) -> list[dict[str, Any]]:
        """Return the events that had an effect."""
        return [json.loads(base64.b64decode(line)) for line in self._lines("effects")]


@pytest.fixture(scope="module")
def _stormy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("storm")
    (folder / "world.yml").write_text(yaml.safe_dump(world(shops=SHOPS)))
    options = ("--world", str(folder / "world.yml"), "--time-scale", "0")
    with emulator(*options, log=folder / "emulator.log") as address:
        for number in range(SHOPS + 1):
            release(address, ENVIRONMENT + number)
        advance(address, 320)
        control(address, "savepoints/calm", method="POST")
        yield address


@pytest.fixture
def address(_stormy: str) -> str:
    """The address of an emulator in which all apps run, and time passes as it does here."""
    control(_stormy, "savepoints/calm/restore", method="POST")
    # The dates of responses follow the real time. What happens must not be older than the start of the source.
    advance(_stormy, max(0.0, time.time() - control(_stormy, "clock")["now"]))
    control(_stormy, "clock", {"scale": 1})
    return _stormy


def write_rulebook(folder: Path, feedback: bool) -> Path:
    """Write a rulebook with one action for each event, and return its file."""
    common = {
        "interval": 1,
        "max_interval": 1,
        "calls_per_minute": 1000,
        **({"feedback": True} if feedback else {"settle_time": SETTLE_TIME}),
    }
    # Instances of failed orders restart without end, so the second source watches apps without orders.
    watches: dict[str, dict[str, Any]] = {
        "orders": {"watch": ["deploy_orders", "jobs"]},
        "instances": {
            "watch": ["instances", "events"],
            "environments": [ENVIRONMENT, ENVIRONMENT + 2],
            "levels": ["Normal", "Warning", "Error"],
        },
    }
    sources = [
        {"name": name, "jst.retailcloud.jst": {**common, **options, "state_file": str(folder / f"{name}.json")}}
        for name, options in watches.items()
    ]
    act = {
        "name": str(Path(__file__).with_name("act.yml")),
        "copy_files": False,
        "extra_vars": {"uuid": "{{ event.meta.uuid }}", "content": "{{ event.jst }}", "ledger": "{{ ledger }}"},
    }
    rule = {"name": "Act", "condition": "event.jst is defined", "action": {"run_playbook": act}}
    ruleset = {
        "name": "Storm",
        "hosts": "all",
        "execution_strategy": "parallel",
        "sources": sources,
        "rules": [rule],
    }
    (folder / "storm.yml").write_text(yaml.safe_dump([ruleset]))
    return folder / "storm.yml"


def kill_at_random(rulebook: Rulebook, ledger: Ledger, chance: random.Random) -> list[float]:
    """Start the rulebook and kill it, again and again, and return the times of the kills.

    A process is killed some moments after it has begun a random number of runs, zero included: while the engine starts,
    while the source reads, between events, and in the middle of actions.
    """
    kills = []
    for boot in range(KILLS):
        begun = ledger.count()
        rulebook.start(BOOT=str(boot))
        runs, moment = chance.choice((0, *range(EVENTS // KILLS))), chance.uniform(0, 4)
        give_up = time.monotonic() + LONGEST_LIFE
        while ledger.count() < begun + runs and time.monotonic() < give_up:
            time.sleep(0.1)
        time.sleep(moment)
        assert rulebook.is_running, rulebook.printed()[-3000:]
        kills.append(time.time())
        rulebook.kill()
    return kills


class Rounds:
    """Counts the rounds of the source by its calls."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._seen = max((call["seq"] for call in control(address, "calls")), default=0)
        self._count = 0.0

    def count(self) -> float:
        """Return the number of rounds so far."""
        calls = control(self._address, f"calls?since={self._seen}")
        self._seen = max((call["seq"] for call in calls), default=self._seen)
        # The second source makes a call for each pod, in the end of its round.
        self._count += sum(call["action"] == "DescribeEventMonitorList" for call in calls) / PODS
        return self._count


def wait_until_quiet(rulebook: Rulebook, ledger: Ledger, rounds: Rounds) -> None:
    """Wait until some rounds of the source brought nothing, and all runs of this process have ended."""
    give_up = time.monotonic() + PATIENCE
    last, since = -1, 0.0
    while rounds.count() - since < QUIET_ROUNDS:
        assert rulebook.is_running, rulebook.printed()[-3000:]
        assert time.monotonic() < give_up, rulebook.printed()[-3000:]
        count = sum(1 + (run.ended is not None) for runs in ledger.runs().values() for run in runs)
        if count != last:
            last, since = count, rounds.count()
        time.sleep(0.5)


def blow(address: str, seed: int) -> None:
    """Let a storm begin: of two instances that stay, of others, and of orders and jobs."""
    groups: list[dict[str, Any]] = [
        {"steps": EVENTS // 2, "kinds": ["event", "instance_restart"], "env_ids": [ENVIRONMENT]},
        {
            "steps": EVENTS // 4,
            "kinds": ["instance_abnormal", "instance_recover", "instance_replace", "event"],
            "env_ids": [ENVIRONMENT + 2],
        },
        {
            "steps": EVENTS // 4,
            "kinds": ["deploy", "job_run"],
            "env_ids": [REPORTS_ENVIRONMENT, *range(ENVIRONMENT + 3, ENVIRONMENT + SHOPS + 1)],
        },
    ]
    for group in groups:
        control(address, "timeline", {"kind": "storm", "over_s": EVENTS / RATE, "seed": seed, **group})


def check_effects(address: str, effects: list[dict[str, Any]], feedback: bool) -> None:
    """Compare the effects with what happened by the log of the emulator."""
    log = control(address, "timeline/log?since=0")["entries"]
    happened = [entry for entry in log if entry["kind"] != "storm"]
    print(f"{len(happened)} things happened: {dict(Counter(entry['kind'] for entry in happened))}")
    print(f"{len(effects)} effects: {dict(Counter(effect['kind'] + ' ' + effect['type'] for effect in effects))}")
    assert len(happened) == EVENTS
    messages = [effect["event"]["message"] for effect in effects if effect["kind"] == "event"]
    assert sorted(text for text in messages if text.startswith("storm")) == sorted(
        entry["message"] for entry in happened if entry["kind"] == "event"
    )
    restarts = [
        (effect["instance"]["instance"], number)
        for effect in effects
        if effect["kind"] == "instance" and effect["environment"]["environment_id"] == ENVIRONMENT
        for number in range(
            effect["instance"]["restart_count"] - effect["instance"]["new_restarts"] + 1,
            effect["instance"]["restart_count"] + 1,
        )
    ]
    assert len(set(restarts)) == sum(entry["kind"] == "instance_restart" for entry in happened)
    # Without feedback, an instance that restarts again after a kill is reported with the restarts from before the kill.
    assert not feedback or len(set(restarts)) == len(restarts)
    orders = Counter(
        effect["deploy_order"]["deploy_order_id"]
        for effect in effects
        if effect["kind"] == "deploy_order" and effect["type"] in ("finished", "failed")
    )
    assert orders == {entry["deploy_order_id"]: 1 for entry in happened if entry["kind"] == "deploy"}


@pytest.mark.parametrize("feedback", [True, False], ids=["feedback", "settle_time"])
def test_a_storm_over_kills(feedback: bool, address: str, tmp_path: Path) -> None:
    """With feedback no event is accepted twice; without, only what was sent right before a kill comes again."""
    seed = int(os.environ.get("EDA_SEED", random.randrange(10**6)))
    print(f"\nEDA_SEED={seed}")
    ledger = Ledger(tmp_path / "ledger")
    inventory = tmp_path / "inventory.yml"
    titles = [app["title"] for app in control(address, "state")["apps"]]
    inventory.write_text(yaml.safe_dump({"all": {"hosts": {title: {} for title in titles}}}))
    rulebook = Rulebook(
        str(write_rulebook(tmp_path, feedback)),
        tmp_path,
        address,
        inventory=inventory,
        variables={"ledger": str(tmp_path / "ledger")},
    )
    # The first round decides where the source begins.
    rounds = Rounds(address)
    rulebook.start(BOOT="first")
    rulebook.until(lambda: rounds.count() > 2, "two rounds of the source")
    rulebook.kill()
    # Records have times in minutes: those of the minute in which the source began are older.
    advance(address, 120)
    blow(address, seed)
    kills = kill_at_random(rulebook, ledger, random.Random(seed))
    rulebook.start(BOOT=str(KILLS))
    rounds = Rounds(address)
    # Orders and jobs end sooner.
    control(address, "clock", {"scale": 10})
    try:
        wait_until_quiet(rulebook, ledger, rounds)
    finally:
        rulebook.stop()

    runs = ledger.runs()
    check_effects(address, ledger.effects(), feedback)
    assert len(ledger.effects()) == len(runs), "an event without its effect, or with two"
    repeated = {identity: found for identity, found in runs.items() if len(found) > 1}
    print(f"{len(runs)} events, {sum(map(len, runs.values()))} runs, {len(repeated)} events with several runs")
    window = 0.0 if feedback else SETTLE_TIME
    for identity, found in repeated.items():
        for earlier, later in pairwise(found):
            if earlier.boot == later.boot:
                # The engine has kept the action over the kill, and the source has repeated the event.
                assert not feedback, f"event {identity} was accepted twice by one process"
                assert sum(run.boot == later.boot for run in found) == 2, f"event {identity} came more than once again"
                continue
            ended = earlier.ended or kills[earlier.boot]
            assert ended > kills[earlier.boot] - RECORDING - window, f"event {identity} came again though it was over"
