# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the variables of role ``application`` may hold: templates, vault values, data, ``omit``, and undefined names."""

from __future__ import annotations

import subprocess
from pathlib import Path
from textwrap import indent

import pytest
import yaml

from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import OWNER, deployment
from tests.conformance.playbook_runner import Recorded, control, run_playbook
from tests.tools.run_in_collection import BIN, environment

FLEET, BRING_UP, DRIFT = "jst.retailcloud.fleet", "jst.retailcloud.bring_up", "jst.retailcloud.drift"
APPLICATION = "jst.retailcloud.jst_application"
VAULT_PASSWORD = "vault"
TOKEN = "hunter2-of-the-vault"

REQUIRED = f"""\
language: Java
application_biz_code: JST
application_language: "{{{{ language }}}}"
application_service_type: "{{{{ language | replace('Java', 'StoreApplication') }}}}"
application_user_roles: {OWNER}
"""
DESCRIPTION = f"""\
{REQUIRED}application_description: !unsafe "{{{{ token }}}}"
application_deploy_configs:
  - name: web
    env_type: online
    deployment: "{{{{ manifest }}}}"
    config_maps: ["{{{{ settings }}}}"]
manifest: {deployment("registry.example.com/shop:{{ version }}")}
version: "2.0"
settings:
  apiVersion: v1
  kind: ConfigMap
  metadata: {{name: settings}}
  data:
    greeting: "{{{{ ['hello', 'world'] | join(' ') }}}}"
    handlebars: !unsafe "{{{{ greeting }}}}"
    absent: "{{{{ omit }}}}"
    from_vault: "{{{{ token }}}}"
"""


def inventory_of(folder: Path, description: str, *options: str) -> list[str]:
    """Write an inventory of one app; returns the arguments that use it."""
    file = folder / "inventory.yml"
    file.write_text(f"jst_apps:\n  hosts:\n    shop:\n{indent(description, ' ' * 6)}")
    return ["-i", str(file), *options]


def with_vault(folder: Path) -> list[str]:
    """Arguments for the inventory whose variable ``token`` is a vault value."""
    password = folder / "password"
    password.write_text(VAULT_PASSWORD)
    command = [str(BIN / "ansible-vault"), "encrypt_string", "--vault-password-file", str(password), TOKEN]
    value = subprocess.run(command, env=environment(), capture_output=True, check=True, text=True).stdout
    return inventory_of(folder, f"{DESCRIPTION}token: {value}", "--vault-password-file", str(password))


def failed(records: list[Recorded]) -> list[Recorded]:
    """The tasks that failed."""
    return [record for record in records if record.result["failed"]]


@pytest.mark.parametrize(("playbook", "in_process"), [(FLEET, True), (FLEET, False), (BRING_UP, True)])
def test_values(playbook: str, in_process: bool, emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    arguments = [*with_vault(tmp_path), playbook]
    records, output = run_playbook(address, tmp_path, arguments, in_process=in_process)
    assert not failed(records), output
    for word in ("[WARNING]", "[DEPRECATION", TOKEN):
        assert word not in output
    state = control(address, "state")
    [app], [config] = state["apps"], state["deploy_configs"]
    assert (app["language"], app["service_type"], app["description"]) == ("Java", "StoreApplication", "{{ token }}")
    assert yaml.safe_load(config["deployment"]) == deployment("registry.example.com/shop:2.0")
    [settings] = map(yaml.safe_load, config["config_map_list"])
    assert settings["data"] == {"greeting": "hello world", "handlebars": "{{ greeting }}", "from_vault": TOKEN}

    records, output = run_playbook(address, tmp_path, arguments, in_process=in_process)
    assert not [record.task for record in records if record.writes or record.result["changed"]], output


def test_variables_can_be_omitted(emulators: Emulators, tmp_path: Path) -> None:
    """A fleet takes omit for a whole variable and for a member, too."""
    address = emulators.fresh()
    omitted = f"""\
application_biz_title: "{{{{ omit }}}}"
application_namespace: "{{{{ nowhere | default(omit) }}}}"
application_deploy_configs:
  - {{name: web, env_type: online, deployment: {deployment()}, code_path: "{{{{ nowhere | default(omit) }}}}"}}
"""
    records, output = run_playbook(address, tmp_path, [*inventory_of(tmp_path, REQUIRED + omitted), FLEET])
    assert not failed(records), output
    state = control(address, "state")
    [app], [config] = state["apps"], state["deploy_configs"]
    assert not app["biz_title"]
    assert not app["namespace"]
    assert not config["code_path"]


MISTAKES = {
    "undefined": ("application_description: '{{ token }}'", ["application_description", "'token' is undefined"]),
    "nested": ("application_databases: [{name: '{{ a.b }}'}]", ["application_databases", "'a' is undefined"]),
    "missing": ("application_language: '{{ omit }}'", ["language"]),
    "filter": ("application_namespace: '{{ 1 | no_such_filter }}'", ["application_namespace", "no_such_filter"]),
    "unknown": ("application_titel: shop", ["The role has no variable application_titel."]),
    "blank": ("application_title: ' '", ["application_title", "needs a value"]),
}


@pytest.mark.parametrize("playbook", [FLEET, DRIFT])
def test_mistakes_are_named(playbook: str, emulators: Emulators, tmp_path: Path) -> None:
    """Before the first write of each app, and without an effect on the others."""
    address = emulators.fresh()
    hosts = {}
    for host, (text, _words) in MISTAKES.items():
        lines = [line for line in REQUIRED.splitlines() if not line.startswith(f"{text.partition(':')[0]}:")]
        hosts[host] = yaml.safe_load("\n".join([*lines, text]))
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": hosts}}))
    records, output = run_playbook(address, tmp_path, ["-i", str(inventory), playbook])
    assert [record.task for record in records if record.writes] == []
    said = {record.host: record.result["msg"] for record in records if record.action == APPLICATION}
    assert said.keys() == hosts.keys(), output
    for host, (_text, words) in MISTAKES.items():
        for word in words:
            assert word in said[host]
