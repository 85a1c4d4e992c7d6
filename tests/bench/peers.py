# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What one would take without this collection, for the same apps with nothing to change.

The calls are those of playbook ``fleet``. The peers only make them: they compare nothing.
"""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.bench.fleet import LATENCY, runs_table
from tests.bench.many_apps import THINGS
from tests.bench.measuring import PYTHONPATH
from tests.bench.rehearsal import Rehearsal, Run, Way, fleet, grown, shared_out
from tests.bench.tables import Findings
from tests.bench.tasks import HERE, SDK, install_sdk
from tests.tools.run_in_collection import BIN, BUILD

FOLDER = BUILD / "bench" / "peers"
APPS, QUICK_APPS = 40, 4
FORKS = 20
# Each app goes on without waiting for the others, which is best for many tasks.
STRATEGY = "free"


@dataclass(frozen=True)
class Peer:
    """A playbook of one play over all apps.

    :ivar tasks: for each part of an app, or for all of it.
    :ivar variables: of the environment.
    """

    name: str
    tasks: list[dict[str, Any]]
    interpreter: Path = Path(sys.executable)

    @property
    def way(self) -> Way:
        """How it is run."""
        return Way(self.name, self.name, FORKS, STRATEGY)

    def write(self, file: Path) -> None:
        """Write the playbook."""
        settings = {"hosts": "jst_apps", "connection": "local", "gather_facts": False}
        variables = {"ansible_python_interpreter": str(self.interpreter)}
        file.write_text(yaml.safe_dump([{**settings, "vars": variables, "tasks": self.tasks}], sort_keys=False))


def peers() -> list[Peer]:
    """All of them."""
    parts = range(THINGS)
    request = {name: f"{{{{ (item | signed).{name} }}}}" for name in ("url", "method", "headers", "body")}
    sdk = SDK / "bin" / "python"
    return [
        Peer(
            "uri, a task a call",
            [{"name": "Call", "ansible.builtin.uri": request, "loop": f"{{{{ parts[{part}] }}}}"} for part in parts],
        ),
        Peer(
            "SDK, a task a thing",
            [{"name": "Manage", "sdk_calls": {"calls": f"{{{{ parts[{part}] }}}}"}} for part in parts],
            sdk,
        ),
        Peer("SDK, a task an app", [{"name": "Manage", "sdk_calls": {"calls": "{{ parts | flatten(1) }}"}}], sdk),
    ]


VARIABLES: Mapping[str, str] = {
    "ANSIBLE_FILTER_PLUGINS": str(HERE / "filter_plugins"),
    "ANSIBLE_LIBRARY": str(HERE / "library"),
    "ANSIBLE_STRATEGY": STRATEGY,
    "PYTHONPATH": PYTHONPATH,
}


def write_inventory(folder: Path, apps: list[list[dict[str, Any]]]) -> Path:
    """Write an inventory in which each app has its calls, shared out among the things that it is; returns it."""
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "host_vars").mkdir(parents=True)
    names = [f"app-{number:05}" for number in range(1, len(apps) + 1)]
    (folder / "hosts.yml").write_text(yaml.safe_dump({"jst_apps": {"hosts": dict.fromkeys(names)}}))
    for name, calls in zip(names, apps, strict=True):
        parts = [[calls[place] for place in places] for places in shared_out(len(calls), THINGS)]
        (folder / "host_vars" / f"{name}.json").write_text(json.dumps({"parts": parts}))
    return folder


def run(on: Rehearsal, peer: Peer, folder: Path, apps: int) -> Run:
    """Run a peer once, over so many apps."""
    inventory = write_inventory(folder / "calls", json.loads(on.record(apps).read_text()))
    playbook = folder / "peer.yml"
    peer.write(playbook)
    command = [str(BIN / "ansible-playbook"), "-i", str(inventory), "--forks", str(FORKS), str(playbook)]
    return on.run_commands(peer.way, [command], apps, LATENCY, **VARIABLES)


def measure(quick: bool) -> Findings:
    """Run each once."""
    apps = QUICK_APPS if quick else APPS
    install_sdk()
    with grown(FOLDER, apps) as on:
        runs = [on.run(fleet(FORKS), apps, LATENCY), *(run(on, peer, FOLDER, apps) for peer in peers())]
    table = runs_table(f"The same calls without this collection, {apps} apps with nothing to change", runs)
    table.remarks.append(
        "The peers make the calls that fleet makes, and compare nothing. With uri a call is an item of a task, and a "
        "filter signs it. With modules on the vendor's SDK one task makes the calls for each of the "
        f"{THINGS} things, or for the whole app. Strategy free lets their apps go on without waiting for each other."
    )
    return Findings([table], {"peers": {"runs": [asdict(one) for one in runs]}})
