# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example of a role's README, run against an emulator."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import COLLECTION, Recorded, run_playbook

ROLES = Path(__file__).parents[2] / "roles"
FILE = re.compile(r"^```yaml\n# (?P<path>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
CANARY = "Canary-Password"


@dataclass(frozen=True)
class Example:
    """The files of a README, and the emulator that its playbook runs against."""

    address: str
    folder: Path
    playbook: str

    def run(self, *arguments: str, fails: bool = False, **variables: Any) -> tuple[list[Recorded], str]:
        """Run the playbook.

        :param variables: that take precedence over those of the example.
        :returns: the tasks of the collection's modules, and what Ansible printed.
        """
        extra = self.folder / "extra.yml"
        extra.write_text(yaml.safe_dump(variables))
        options = ["-i", "inventory", "-e", f"@{extra}", self.playbook, *arguments]
        records, output = run_playbook(self.address, self.folder, options)
        assert any(record.result["failed"] for record in records) is fails, output
        assert CANARY not in output
        return [record for record in records if record.action.startswith(f"{COLLECTION}.")], output

    def check_then_run(self, **variables: Any) -> list[Recorded]:
        """What a run does, after check mode has foretold all of it and written nothing."""
        foretold, output = self.run("--check", "-vvvvv", **variables)
        assert [record.task for record in foretold if record.writes] == [], output
        done, output = self.run("-vvvvv", **variables)
        assert changes(done) == changes(foretold), output
        return done

    def settled(self, **variables: Any) -> None:
        """A run with the same variables changes nothing."""
        done, output = self.run(**variables)
        assert changes(done) == [], output
        assert [record.task for record in done if record.writes] == []

    def refused(self, mistakes: Mapping[str, tuple[dict[str, Any], str]]) -> None:
        """Each of these mistakes is told before anything is called.

        :param mistakes: name -> variables, and a text of the message.
        """
        hosts = self.folder / "mistakes.yml"
        group = yaml.safe_load((self.folder / "inventory" / "hosts.yml").read_text()).popitem()[0]
        listed = {name: variables for name, (variables, _dummy) in mistakes.items()}
        hosts.write_text(yaml.safe_dump({group: {"hosts": listed}}))
        records, output = run_playbook(self.address, self.folder, ["-i", str(hosts), self.playbook])
        failed = {record.host: str(record.result) for record in records if record.result["failed"]}
        assert failed.keys() == mistakes.keys(), output
        for name, (_dummy, message) in mistakes.items():
            assert message in failed[name]
        assert [record.task for record in records if record.calls] == []
        assert CANARY not in output


def changes(records: list[Recorded]) -> list[tuple[str, str]]:
    """The task and its item for all that changed."""
    return [
        (record.task, str(item.get("item")))
        for record in records
        for item in record.result.get("results", [record.result])
        if item["changed"]
    ]


def example(role: str, emulators: Emulators, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Example:
    """The example of a role's README in a folder, from which ansible-playbook will be started."""
    files = {found["path"]: found["text"] for found in FILE.finditer((ROLES / role / "README.md").read_text())}
    for path, text in files.items():
        file = folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    monkeypatch.chdir(folder)
    [playbook] = [path for path in files if "/" not in path]
    return Example(emulators.fresh(), folder, playbook)
