# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbook ``notify`` announces a run on a host only where the run has a host."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.tools.run_in_collection import BIN, environment

INVENTORY = {
    "all": {
        "children": {
            "jst_apps": {"hosts": {"shop": {}}, "children": {"web": {"hosts": {"shop-web": {}}}}},
            "others": {"hosts": {"stray": {}}},
        }
    }
}


def notify(folder: Path, playbook: str, *options: str, **variables: str) -> str:
    """Run a playbook, and return its output."""
    (folder / "inventory.yml").write_text(yaml.safe_dump(INVENTORY))
    command = [str(BIN / "ansible-playbook"), "-i", str(folder / "inventory.yml"), playbook, *options]
    command += ["-e", json.dumps(variables)]
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.mark.parametrize(
    ("host", "is_announced"),
    # The title of an app may be the name of a group, and ansible-rulebook limits the run to its hosts then.
    [("shop", True), ("web", True), ("stray", False), ("missing", False), ("", True)],
)
def test_a_run_is_announced_where_it_has_a_host(tmp_path: Path, host: str, is_announced: bool) -> None:
    texts = {"notify_text": "it runs", "notify_text_without_host": "nothing runs"}
    output = notify(tmp_path, "jst.retailcloud.notify", **texts, notify_host=host)
    assert '"it runs"' in output if is_announced else '"nothing runs"' in output
    assert ('"it runs"' in output) is not ('"nothing runs"' in output)
    if not host:
        return
    (tmp_path / "run.yml").write_text(yaml.safe_dump([{"hosts": "jst_apps", "gather_facts": False}]))
    run = notify(tmp_path, str(tmp_path / "run.yml"), f"--limit={host}", "--list-hosts")
    assert ("hosts (1)" in run) is is_announced, run


def test_a_host_needs_a_text_for_its_absence(tmp_path: Path) -> None:
    output = notify(tmp_path, "jst.retailcloud.notify", notify_text="it runs", notify_host="shop")
    assert "Set notify_text, and notify_text_without_host with notify_host." in output
