# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the guide about rehearsing has to copy: its script, its world file, its requests and its pipelines."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from jst_emulator.faults import FAULT_KINDS
from tests.browser.live import INVENTORY, live
from tests.tools.run_in_collection import ROOT
from tests.tools.running_emulator import emulator

GUIDE = (ROOT / "docs" / "guides" / "rehearsing.md").read_text()


def block(name: str) -> str:
    """The file that the guide shows under its *name*."""
    found = re.search(rf"^```\w+\n# {re.escape(name)}\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE)
    assert found, name
    return found[1]


def requests() -> Iterator[list[str]]:
    """The arguments of every curl in the guide's consoles."""
    for console in re.findall(r"^```console\n(.*?)^```", GUIDE, re.DOTALL | re.MULTILINE):
        for line in console.splitlines():
            words = shlex.split(line)
            if words[0] == "curl":
                yield words[1:]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project with the script and the example inventory, as a pipeline sees it."""
    (tmp_path / "rehearse.sh").write_text(block("rehearse.sh"))
    shutil.copytree(INVENTORY, tmp_path / "inventory")
    return tmp_path


def rehearse(folder: Path) -> subprocess.CompletedProcess[str]:
    """Run the script on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    variables = {**os.environ, "PORT": str(port)}
    return subprocess.run(
        ["bash", "rehearse.sh"], cwd=folder, env=variables, capture_output=True, text=True, check=False
    )


def test_the_script(folder: Path) -> None:
    done = rehearse(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PLAY RECAP") == 5
    assert (folder / "emulator.log").read_text().startswith("jst-emulator listening on")


def test_the_script_finds_a_playbook_that_writes_each_time(folder: Path) -> None:
    (folder / "again.yml").write_text(
        yaml.safe_dump(
            [
                {
                    "hosts": "localhost",
                    "gather_facts": False,
                    "tasks": [
                        {
                            "name": "An app whose title differs each time",
                            "jst.retailcloud.jst_app": {
                                **{"title": "shop-{{ lookup('pipe', 'date +%s%N') }}", "biz_code": "JST"},
                                **{"language": "Java", "operating_system": "Linux"},
                                "service_type": "GeneralApplication",
                                "user_roles": [{"role_name": "Owner", "user_id": "1001", "user_type": "TAOBAO"}],
                            },
                        }
                    ],
                }
            ]
        )
    )
    script = folder / "rehearse.sh"
    script.write_text(script.read_text().replace("jst.retailcloud.bring_up", "again.yml"))
    done = rehearse(folder)
    assert done.returncode != 0
    assert "writes were sent: ['CreateApp']" in done.stderr


def test_the_world(tmp_path: Path) -> None:
    path = tmp_path / "world.yml"
    path.write_text(block("world.yml"))
    with emulator("--world", str(path), log=tmp_path / "emulator.log") as address:
        curl(f"{address}/_emulator/state")


def test_the_requests() -> None:
    """In the order of the guide, on the example inventory; its ids of environments stand for a service and a job."""
    sent = list(requests())
    assert len(sent) >= 8
    with live(time_scale=600) as account:
        account.bring_up()
        ids = {"20001": account.environment("order-service"), "20002": account.environment("daily-report")}
        stands_for = {"http://127.0.0.1:8480": account.address, **{written: str(one) for written, one in ids.items()}}
        for words in sent:
            curl(*(re.sub("|".join(stands_for), lambda match: stands_for[match[0]], word) for word in words))


def curl(*words: str) -> None:
    """Send a request.

    :raises AssertionError: it is refused.
    """
    command = ["curl", "--silent", "--show-error", "--fail-with-body", *words]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{words}: {done.stdout}{done.stderr}"


def test_the_kinds_of_faults() -> None:
    rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \| ([^|]*)\|$", GUIDE, re.MULTILINE)
    told = {name: (about.strip(), re.findall(r"\w+", options)) for name, about, options in rows if name in FAULT_KINDS}
    assert told == {name: (kind.about, list(kind.options)) for name, kind in FAULT_KINDS.items()}


def test_the_pipelines() -> None:
    """Both install the same, and run the script that is tested."""
    gitlab: dict[str, Any] = yaml.safe_load(block(".gitlab-ci.yml"))["rehearsal"]
    github: dict[str, Any] = yaml.safe_load(block(".github/workflows/rehearsal.yml"))["jobs"]["rehearsal"]
    commands = [step["run"].strip() for step in github["steps"] if "run" in step]
    assert commands == ["\n".join(gitlab["before_script"]), "\n".join(gitlab["script"])]
    assert gitlab["script"] == ["bash rehearse.sh"]
    uploaded = next(step["with"]["path"].split() for step in github["steps"] if "upload" in step.get("uses", ""))
    assert uploaded == gitlab["artifacts"]["paths"]
