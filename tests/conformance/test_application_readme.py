# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples in the README of role ``application`` bring an app up, and a second run changes nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import control, run_playbook
from tests.conformance.role_examples import FILE, ROLES
from tests.conformance.test_bring_up import PLAYBOOK, recap

TOKEN = "Canary-Token-0123456789"
FILES = {found["path"]: found["text"] for found in FILE.finditer((ROLES / "application" / "README.md").read_text())}
DESCRIPTIONS = sorted(path for path in FILES if "/host_vars/" in path)


@pytest.mark.parametrize("path", DESCRIPTIONS)
def test_a_description_of_the_readme(path: str, emulators: Emulators, tmp_path: Path) -> None:
    """The secret comes from a variable, and stands in no output."""
    address = emulators.fresh()
    host = Path(path).stem
    (tmp_path / "inventory" / "host_vars").mkdir(parents=True)
    (tmp_path / "inventory" / "hosts.yml").write_text(yaml.safe_dump({"jst_apps": {"hosts": {host: None}}}))
    (tmp_path / path).write_text(FILES[path])
    arguments = ["-i", str(tmp_path / "inventory"), PLAYBOOK, "-e", f"vault_hello_token={TOKEN}", "--diff"]
    _records, output = run_playbook(address, tmp_path, arguments)
    assert recap(output)[host]["changed"], output
    assert not recap(output)[host]["failed"], output
    _records, again = run_playbook(address, tmp_path, arguments)
    assert recap(again)[host]["changed"] == 0, again
    assert TOKEN not in output + again
    assert [app["title"] for app in control(address, "state")["apps"]] == [host]


def test_an_example_has_documents_for_configuration() -> None:
    described = [yaml.safe_load(FILES[path])["application_deploy_configs"] for path in DESCRIPTIONS]
    assert any(config.get("config_maps") and config.get("secrets") for configs in described for config in configs)
