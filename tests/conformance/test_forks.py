# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Workers that are killed, and workers that could not be started: a run ends with an error."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import COLLECTION, control
from tests.tools.running_emulator import access

# What a shell does to the process that asked for it.
KILLED = "{{ lookup('ansible.builtin.pipe', 'kill -9 $PPID') }}"
APP: dict[str, Any] = {
    "application_biz_code": "JST",
    "application_language": "Java",
    "application_service_type": "GeneralApplication",
    "application_user_roles": [{"role_name": "Owner", "user_id": "1001", "user_type": "TAOBAO"}],
}


def start(
    address: str, folder: Path, name: str, hosts: Mapping[str, Any], forks: int, files: int = 1024
) -> subprocess.CompletedProcess[str]:
    """Run a playbook over hosts; one that waits forever fails the test."""
    inventory = folder / "hosts.json"
    inventory.write_text(json.dumps({"jst_apps": {"hosts": hosts}}))
    return subprocess.run(
        [
            Path(sys.executable).parent / "ansible-playbook",
            "-i",
            inventory,
            f"{COLLECTION}.{name}",
            "--forks",
            str(forks),
        ],
        env={**os.environ, **access(address)},
        capture_output=True,
        text=True,
        timeout=240,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (files, files)),
        check=False,
    )


@pytest.mark.parametrize("name", ["fleet", "drift"])
def test_a_worker_that_is_killed_ends_the_run(name: str, emulators: Emulators, tmp_path: Path) -> None:
    """With more apps than forks, so that another worker could take its place."""
    hosts: dict[str, Any] = {f"app-{number}": APP for number in range(6)}
    hosts["app-1"] = {**APP, "application_description": KILLED}
    done = start(emulators.fresh(), tmp_path, name, hosts, forks=2)
    assert done.returncode != 0, done.stdout
    assert "A worker was found in a dead state" in done.stdout + done.stderr


def test_a_batch_that_fails_does_not_stop_the_next(emulators: Emulators, tmp_path: Path) -> None:
    hosts = {"bad-1": {}, "bad-2": {}, "good": APP}
    address = emulators.fresh()
    done = start(address, tmp_path, "fleet", hosts, forks=1)
    assert done.returncode == 2, done.stdout
    assert [app["title"] for app in control(address, "state")["apps"]] == ["good"]
    assert {line.split()[0] for line in done.stdout.splitlines() if " failed=1 " in line} == {"bad-1", "bad-2"}


def test_more_forks_than_open_files_allow(emulators: Emulators, tmp_path: Path) -> None:
    hosts = {f"app-{number}": APP for number in range(100)}
    address = emulators.fresh()
    before = len(control(address, "calls"))
    done = start(address, tmp_path, "fleet", hosts, forks=100, files=256)
    assert done.returncode != 0
    told = " ".join((done.stdout + done.stderr).split())
    assert "100 forks need about 464 open files, and the limit of open files is 256." in told
    assert "Use at most 48 forks" in told
    assert len(control(address, "calls")) == before
