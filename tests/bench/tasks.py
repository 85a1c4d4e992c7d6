# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one task with nothing to change costs, beside tasks of Ansible's own and one written with the vendor's SDK."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

import yaml

from tests.bench.measuring import PYTHONPATH, Cost, Target, in_turns, target
from tests.bench.tables import Findings, Table
from tests.conformance.bulk_worlds import APP, apps
from tests.tools.run_in_collection import BIN, BUILD

HERE = Path(__file__).parent
FOLDER = BUILD / "bench" / "tasks"
SDK = BUILD / "bench" / "sdk"

MANY, FEW = 200, 5
ROUNDS, QUICK_ROUNDS = 3, 2
# More of them for the two that are so close to each other that noise matters.
CLOSE_ROUNDS, QUICK_CLOSE_ROUNDS = 6, 1
DEBUG, OURS = CLOSE = "debug", "jst_app in the worker"
SHAPES = ("separate", "loop")
OPTIONS = {"app_id": APP, "language": "Java"}


@dataclass(frozen=True)
class Competitor:
    """A task.

    :ivar calls: how many API calls it makes.
    :ivar variables: of the environment.
    """

    name: str
    module: str
    options: Mapping[str, Any]
    count: int = FEW
    calls: int = 0
    variables: Mapping[str, str] = field(default_factory=dict)
    interpreter: Path = Path(sys.executable)

    def playbook(self, shape: str, count: int) -> list[dict[str, Any]]:
        """The playbook that runs it so many times."""
        one: dict[str, Any] = {"name": self.name, self.module: dict(self.options)}
        looped = {**one, "loop": list(range(count))}
        return play([one] * count if shape == "separate" else [looped], self.interpreter)


def play(tasks: list[dict[str, Any]], interpreter: Path = Path(sys.executable)) -> list[dict[str, Any]]:
    """A playbook with these tasks on this machine."""
    settings = {"hosts": "localhost", "connection": "local", "gather_facts": False}
    return [{**settings, "vars": {"ansible_python_interpreter": str(interpreter)}, "tasks": tasks}]


def competitors(address: str) -> list[Competitor]:
    """All of them; the first is what the others are compared with."""
    return [
        Competitor(DEBUG, "ansible.builtin.debug", {"msg": "x"}, MANY),
        Competitor(OURS, "jst.retailcloud.jst_app", OPTIONS, MANY, 1),
        Competitor("ping", "ansible.builtin.ping", {}),
        Competitor("uri", "ansible.builtin.uri", {"url": f"{address}/_emulator/health"}),
        Competitor("jst_app by itself", "jst.retailcloud.jst_app", OPTIONS, calls=1, variables={"JST_IN_PROCESS": "0"}),
        Competitor(
            "module with the SDK",
            "sdk_app",
            {"app_id": APP},
            calls=1,
            variables={"ANSIBLE_LIBRARY": str(HERE / "library")},
            interpreter=SDK / "bin" / "python",
        ),
    ]


def install_sdk() -> None:
    """A virtual environment with the SDK, unless it is there."""
    ready = SDK / "ready"
    if ready.exists() and ready.stat().st_mtime >= (HERE / "requirements.txt").stat().st_mtime:
        return
    subprocess.run([sys.executable, "-m", "venv", str(SDK)], check=True)
    install = [str(SDK / "bin" / "python"), "-m", "pip", "install", "--quiet", "-r", str(HERE / "requirements.txt")]
    subprocess.run(install, check=True)
    ready.touch()


def runner(emulator: Target, name: str, playbook: Any, variables: Mapping[str, str]) -> Callable[[], Cost]:
    """What runs a playbook once."""
    file = FOLDER / f"{name.replace(' ', '-')}.yml"
    file.write_text(yaml.safe_dump(playbook, sort_keys=False))
    command = [str(BIN / "ansible-playbook"), str(file)]
    return partial(emulator.run, command, FOLDER / "output.txt", **variables)


def one_call(emulator: Target, count: int) -> Callable[[], Cost]:
    """So many times a session and one call, without Ansible."""
    call = {"action": "DescribeAppDetail", "method": "GET", "placement": "query", "params": {"AppId": APP}}
    file = FOLDER / f"calls-{count}.json"
    file.write_text(json.dumps([[call]] * count))
    command = [sys.executable, str(HERE / "replay.py"), "plain", str(file), "1"]
    return partial(emulator.run, command, FOLDER / "output.txt", PYTHONPATH=PYTHONPATH)


def per_task(costs: list[Cost], less: list[Cost], count: int) -> Cost:
    """The median of what runs took above others of their rounds, for each of the so many tasks that they have more."""

    def share(figure: Callable[[Cost], float]) -> float:
        pairs = zip(costs, less, strict=True)
        return median((figure(cost) - figure(lesser)) / count for cost, lesser in pairs)

    return Cost(*(share(figure) for figure in (lambda c: c.wall, lambda c: c.cpu, lambda c: c.emulator_cpu)))


def measure(quick: bool) -> Findings:
    """Run them all in turns."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    install_sdk()
    world = FOLDER / "world.yml"
    world.write_text(yaml.safe_dump({"apps": apps(1)}))
    with target("--world", str(world), log=FOLDER / "emulator.log") as emulator:
        runs = {"empty": runner(emulator, "empty", play([]), {}), "no call": one_call(emulator, 0)}
        runs["call"] = one_call(emulator, MANY)
        listed = [(one, shape) for one in competitors(emulator.address) for shape in SHAPES]
        for one, shape in listed:
            for label, count in (("first", 1), ("all", 1 + one.count)):
                name = f"{one.name} {shape} {label}"
                runs[name] = runner(emulator, name, one.playbook(shape, count), one.variables)
        costs = in_turns(runs, QUICK_ROUNDS if quick else ROUNDS)
        close = {name: run for name, run in runs.items() if name.startswith(("empty", *CLOSE))}
        for name, more in in_turns(close, QUICK_CLOSE_ROUNDS if quick else CLOSE_ROUNDS).items():
            costs[name] += more
    call = per_task(costs["call"], costs["no call"], MANY)
    firsts, shares = {}, {}
    for one, shape in listed:
        name = f"{one.name} {shape}"
        first = costs[f"{name} first"]
        firsts[one.name, shape] = per_task(first, costs["empty"][: len(first)], 1)
        shares[one.name, shape] = per_task(costs[f"{name} all"], costs[f"{name} first"], one.count)
    return report(listed, firsts, shares, call)


Costs = Mapping[tuple[str, str], Cost]


def report(listed: list[tuple[Competitor, str]], firsts: Costs, shares: Costs, call: Cost) -> Findings:
    """The table and the ratios.

    :param firsts: what the first task of a playbook took, with what the playbook loads for it.
    :param shares: what each further task took.
    """
    table = Table(
        "One task with nothing to change",
        ("task", "as", "first, ms", "wall, ms", "CPU, ms", "emulator's CPU, ms", "wall of debug", "without its call"),
        remarks=[
            "The first of a playbook brings what is loaded once; the other columns are of each further task, of "
            f"{MANY} tasks or items for debug and the worker and {FEW} for the others. A call by requests with a "
            f"session of its own takes {call.wall * 1000:.1f} ms, which the last column leaves out of what is compared "
            "with debug."
        ],
    )
    for one, shape in listed:
        share, least = shares[one.name, shape], shares[DEBUG, shape]
        beyond = (share.wall - one.calls * call.wall) / least.wall
        seconds = (firsts[one.name, shape].wall, share.wall, share.cpu, share.emulator_cpu)
        table.rows.append((one.name, shape, *(1000 * figure for figure in seconds), share.wall / least.wall, beyond))
    ours, debug, sdk = (shares[name, "separate"] for name in (OURS, DEBUG, "module with the SDK"))
    looped, debug_looped = shares[OURS, "loop"], shares[DEBUG, "loop"]
    figures = {
        "task_vs_debug": ours.wall / debug.wall,
        "task_vs_sdk": ours.wall / sdk.wall,
        "tasks": {
            "call_ms": call.wall * 1000,
            "calls": {one.name: one.calls for one, _shape in listed},
            "beyond_its_call_vs_debug": (ours.wall - call.wall) / debug.wall,
            "loop_vs_debug": looped.wall / debug_looped.wall,
            "loop_beyond_its_call_vs_debug": (looped.wall - call.wall) / debug_looped.wall,
            "per_task": {
                f"{name}, {shape}": {"wall_ms": cost.wall * 1000, "cpu_ms": cost.cpu * 1000}
                for (name, shape), cost in shares.items()
            },
        },
    }
    return Findings([table], figures)
