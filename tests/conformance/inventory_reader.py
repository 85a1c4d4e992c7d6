# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Inventories from files of the inventory plugin, and the calls that each of them made."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from tests.conformance.contract import request_problems
from tests.conformance.playbook_runner import COLLECTION, control
from tests.tools.running_emulator import access

SERVER = Path(__file__).parent / "inventory_server.py"


@dataclass(frozen=True)
class Inventory:
    """What came of a file.

    :ivar given: host -> what the expression of the order gave.
    :ivar calls: the entries of the call log.
    """

    error: str | None
    warnings: list[str]
    hosts: dict[str, dict[str, Any]]
    groups: dict[str, list[str]]
    given: dict[str, Any]
    calls: list[dict[str, Any]]

    @property
    def actions(self) -> list[str]:
        """The operations that were called."""
        return [call["action"] for call in self.calls]


class Inventories:
    """Makes inventories of the account that an emulator has.

    :param folder: for files.
    """

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self.folder = folder
        self._last = 0
        self._server = subprocess.Popen(
            [sys.executable, str(SERVER)],
            env={**os.environ, **access(address)},
            cwd=folder,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """Stop the process."""
        self._server.communicate()

    def write(self, hosts: str, name: str = "test.jst.yml", **options: Any) -> Path:
        """A file with these options."""
        file = self.folder / name
        file.write_text(yaml.safe_dump({"plugin": f"{COLLECTION}.jst", "hosts": hosts, **options}), encoding="utf-8")
        return file

    def calls(self) -> list[dict[str, Any]]:
        """The calls since the last look, each held to the reference; no inventory changes anything."""
        calls: list[dict[str, Any]] = control(self.address, f"calls?since={self._last}")
        if calls:
            self._last = calls[-1]["seq"]
        return calls

    def read(self, hosts: str, *, name: str = "test.jst.yml", **options: Any) -> Inventory:
        """The inventory of a file with these options, and with those of :meth:`read_file`."""
        order = {
            key: options.pop(key) for key in ("cache", "extra_vars", "environment", "expression") if key in options
        }
        kept = {"cache": True} if "cache_plugin" in options else {}
        return self.read_file(self.write(hosts, name, **kept, **options), **order)

    def read_file(
        self,
        file: Path,
        *,
        before: Sequence[Path] = (),
        cache: bool = True,
        extra_vars: Mapping[str, Any] | None = None,
        environment: Mapping[str, str] | None = None,
        expression: str | None = None,
    ) -> Inventory:
        """The inventory of a file.

        :param before: files that are read into the same inventory before.
        :param cache: whether what a cache holds may be used.
        :param environment: variables besides those of this process.
        :param expression: evaluated for each host.
        :raises AssertionError: when a request was not as the reference has it, or would have changed something.
        """
        self.calls()
        order = {
            "files": [*map(str, before), str(file)],
            "cache": cache,
            "extra_vars": dict(extra_vars or {}),
            "environment": dict(environment or {}),
            "expression": expression,
        }
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        self._server.stdin.write(json.dumps(order) + "\n")
        self._server.stdin.flush()
        answer = json.loads(self._server.stdout.readline())
        calls = self.calls()
        assert [problem for call in calls for problem in request_problems(call)] == []
        assert {call["kind"] for call in calls} <= {"read"}
        return Inventory(**answer, calls=calls)
