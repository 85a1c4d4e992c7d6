# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbook ``awx`` applies the whole configuration, once, by modules that take the options of those of awx.awx."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.awx import configuration
from tests.conformance.canaries import Canaries
from tests.conformance.forkserver import fork_servers
from tests.tools.awx_options import COLLECTION, FILE, used

ACTION = Path(__file__).parent / "awx_action.py"
SETTINGS = {"jst_awx_project_url": "https://git.example.com/apps.git", "jst_awx_image": "registry.example.com/jst:1"}
# The module of every kind of thing in the configuration.
KINDS = {
    "controller_credential_types": "credential_type",
    "controller_credentials": "credential",
    "controller_execution_environments": "execution_environment",
    "controller_inventories": "inventory",
    "controller_inventory_sources": "inventory_source",
    "controller_projects": "project",
    "controller_schedules": "schedule",
    "controller_templates": "job_template",
    "controller_workflows": "workflow_job_template",
}


class Controller:
    """What stands in for AWX and for the collection that talks to it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "state.json"
        collection = folder / "ansible_collections" / "awx" / "awx"
        actions = collection / "plugins" / "action"
        actions.mkdir(parents=True)
        about = {"namespace": "awx", "name": "awx", "version": "24.6.1"}
        (collection / "MANIFEST.json").write_text(json.dumps({"collection_info": about}))
        for module in set(used()):
            (actions / f"{module.removeprefix(f'{COLLECTION}.')}.py").symlink_to(ACTION)

    def run(
        self, settings: Mapping[str, str], *options: str, environment: Mapping[str, str] | None = None
    ) -> tuple[str, dict[str, int]]:
        """Run the playbook.

        :returns: what Ansible printed, and what it counted.
        """
        variables = {
            **os.environ,
            "ANSIBLE_COLLECTIONS_PATH": f"{self.folder}:{os.environ['ANSIBLE_COLLECTIONS_PATH']}",
            "ANSIBLE_LOCALHOST_WARNING": "false",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
            "AWX_OPTIONS": str(FILE),
            "AWX_STATE": str(self.file),
            **(environment or {}),
        }
        done = fork_servers.run(["jst.retailcloud.awx", "-e", json.dumps(dict(settings)), *options], variables)
        output = done.stdout + done.stderr
        return output, {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", output.rpartition("RECAP")[2])}

    @property
    def state(self) -> dict[str, Any]:
        """Kind and name -> what is there."""
        return dict(json.loads(self.file.read_text())) if self.file.exists() else {}


def test_applied(tmp_path: Path) -> None:
    """Foretold, applied, and applied again with secrets: the credentials change and who has them, and nothing else."""
    controller = Controller(tmp_path)
    output, counts = controller.run(SETTINGS, "--check")
    assert (counts["failed"], controller.state) == (0, {}), output
    assert counts["ignored"], "what needs something that is not there yet is passed over"

    output, counts = controller.run(SETTINGS)
    assert (counts["failed"], counts["changed"]) == (0, len(used())), output
    assert "WARNING" not in output
    there = controller.state
    written = {f"{KINDS[kind]} {one['name']}": one for kind, listed in items() for one in listed}
    nodes = {
        node["identifier"]: node
        for node in written["workflow_job_template JST: release in waves"].pop("workflow_nodes")
    }
    assert there.keys() == written.keys() | {f"workflow_job_template_node {name}" for name in nodes}
    for name, node in nodes.items():
        made = there[f"workflow_job_template_node {name}"]
        approval = made.get("approval_node", {}).get("name")
        assert node["unified_job_template"]["name"] == (approval or made["unified_job_template"])
        assert [after["identifier"] for after in node.get("related", {}).get("success_nodes", [])] == made.get(
            "success_nodes", []
        )
        assert {key: node.get(key) for key in ("limit", "extra_data")} == {
            key: made.get(key) for key in ("limit", "extra_data")
        }
    for name, one in written.items():
        # The credential of a project and that of an image are there when somebody names one.
        left_out = {key for key in one.keys() - there[name].keys() if "_credential }}" not in str(one[key])}
        assert not left_out, f"{name} is applied without {left_out}"
        plain = {key: value for key, value in one.items() if "{{ __" not in str(value) and "{{ jst_" not in str(value)}
        assert plain.items() <= there[name].items(), (
            "what is not a setting arrives as it stands, templates for jobs too"
        )
    assert {one["inputs"] == {} for key, one in there.items() if key.startswith("credential ")} == {True}
    assert "{{ __" not in json.dumps(there)

    canaries = Canaries()
    secrets = {
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET": canaries.text("access key"),
        "JST_AWX_VAULT_PASSWORD": canaries.text("vault password"),
    }
    output, counts = controller.run({**SETTINGS, "jst_awx_update_secrets": "true"}, "-vvv", environment=secrets)
    assert (counts["failed"], counts["changed"]) == (0, 2), output
    assert {key for key, one in controller.state.items() if one != there[key]} == {
        *(key for key in there if key.startswith(("credential ", "job_template "))),
    }
    assert canaries.found(output) == []
    assert controller.state["credential JST"]["inputs"] == {
        "access_key_secret": secrets["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
    }
    assert controller.state["credential JST vault"]["inputs"] == {"vault_password": secrets["JST_AWX_VAULT_PASSWORD"]}
    assert controller.state["job_template JST: release"]["credentials"] == ["JST", "JST vault"]


def items() -> list[tuple[str, list[dict[str, Any]]]]:
    """The lists of the configuration."""
    found = {kind: listed for kind, listed in configuration().items() if kind.startswith("controller_")}
    assert found.keys() == KINDS.keys()
    return list(found.items())


@pytest.mark.parametrize(
    ("missing", "said"),
    [("jst_awx_image", "Set jst_awx_project_url"), ("awx.awx", "ansible-galaxy collection install awx.awx")],
)
def test_what_is_missing_is_said(missing: str, said: str, tmp_path: Path) -> None:
    """Before anything is done."""
    controller = Controller(tmp_path)
    if missing == COLLECTION:
        (tmp_path / "ansible_collections" / "awx").rename(tmp_path / "elsewhere")
    output, counts = controller.run({name: value for name, value in SETTINGS.items() if name != missing})
    assert said in output
    assert (counts["failed"], controller.state) == (1, {}), output
