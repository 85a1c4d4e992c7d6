# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run a playbook over many hosts, each the same app in an emulator of its own."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import yaml

from tests.conformance.forkserver import fork_servers
from tests.faults.fault_kinds import READ_TIMEOUT
from tests.faults.phases import Phase

HERE = Path(__file__).parent
APP: dict[str, Any] = yaml.safe_load((HERE / "app.yml").read_text(encoding="utf-8"))
WORLD = HERE / "world.yml"
#: How long a call may be tried again; no fault here strikes twice.
RETRY_TIMEOUT = 20


@dataclass
class HostRecord:
    """The results of one host of a run.

    :ivar failed: whether the host has failed in the end.
    :ivar results: every result, in order: task, action, failed, result.
    :ivar text: all that was written down, for a search.
    """

    failed: bool = True
    results: list[dict[str, Any]] = field(default_factory=list)
    text: str = ""

    @property
    def failures(self) -> list[dict[str, Any]]:
        """Return the failed results, rescued ones included."""
        return [result for result in self.results if result["failed"]]

    def fact(self, name: str) -> Any:
        """Return the last value of a fact that the run set, or None."""
        facts = [result["result"].get("ansible_facts") or {} for result in self.results]
        return next((known[name] for known in reversed(facts) if name in known), None)


def control(address: str, path: str, body: Any = None, method: str | None = None) -> Any:
    """Call the control API of an emulator."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(f"{address}/_emulator/{path}", data=data, method=method or ("GET" if body is None else "POST"))
    with urlopen(request) as answer:
        return json.load(answer)


def run_phase(phase: Phase, hosts: Mapping[str, str], folder: Path) -> tuple[dict[str, HostRecord], str]:
    """Run the playbook of a phase.

    :param hosts: the address of the emulator of each host.
    :param folder: for the inventory and the record; it has to be there.
    :returns: the record of each host, and the output of Ansible.
    """
    inventory, record = folder / "hosts.yml", folder / "results.jsonl"
    listed = {name: {"jst_endpoint": address} for name, address in hosts.items()}
    inventory.write_text(yaml.safe_dump({"jst_apps": {"vars": APP, "hosts": listed}}), encoding="utf-8")
    record.unlink(missing_ok=True)
    forks = f"--forks={len(hosts)}"
    arguments = ["-vvvvv", "--inventory", str(inventory), forks, *phase.options, phase.playbook]
    done = fork_servers.run(arguments, {**os.environ, **_settings(), "RECORDER_FILE": str(record)})
    output = done.stdout + done.stderr
    if not record.exists():
        raise RuntimeError(f"{phase.name}: ansible-playbook told nothing\n{output}")
    told = {name: HostRecord() for name in hosts}
    for line in record.read_text(encoding="utf-8").splitlines():
        entry = json.loads(line)
        if "recap" in entry:
            for name, counts in entry["recap"].items():
                told[name].failed = bool(counts["failures"] or counts["unreachable"])
        else:
            told[entry["host"]].results.append(entry)
            told[entry["host"]].text += line
    return told, output


def _settings() -> dict[str, str]:
    """Return variables with which no app waits for another, and no module waits longer than the faults need."""
    key = yaml.safe_load(WORLD.read_text(encoding="utf-8"))["credentials"][0]
    return {
        "ALIBABA_CLOUD_ACCESS_KEY_ID": key["access_key_id"],
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": key["access_key_secret"],
        "ALIBABA_CLOUD_SECURITY_TOKEN": key["security_token"],
        "JST_READ_TIMEOUT": str(READ_TIMEOUT),
        "JST_RETRY_TIMEOUT": str(RETRY_TIMEOUT),
        "ANSIBLE_CALLBACK_PLUGINS": str(HERE / "callback_plugins"),
        "ANSIBLE_CALLBACKS_ENABLED": "results_by_host",
        "ANSIBLE_NOCOLOR": "1",
        "ANSIBLE_RETRY_FILES_ENABLED": "false",
        "ANSIBLE_STRATEGY": "free",
    }
