# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The example inventory from an empty account to three apps that run, and what an edit of it would do."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
import yaml

from tests.conformance.account import Account
from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import OWNER, WHOLE_ENVIRONMENT, deployment
from tests.conformance.playbook_runner import control, run_playbook

INVENTORY = Path(__file__).parents[2] / "examples" / "inventory"
PLAYBOOK = "jst.retailcloud.bring_up"
HOSTS = {"daily-report", "order-service", "storefront"}
EDITED = Path("host_vars/order-service/kubernetes.yml")


def recap(output: str) -> dict[str, dict[str, int]]:
    """What Ansible counted for each host."""
    lines = re.findall(r"^(\S+) +: (ok=.*)$", output, re.MULTILINE)
    return {host: {name: int(count) for name, count in re.findall(r"(\w+)=(\d+)", counts)} for host, counts in lines}


def hunks(output: str) -> list[str]:
    """The lines that the diffs add or take away."""
    return [line for line in output.splitlines() if re.match(r"[+-](?![+-])", line)]


def test_bring_up(emulators: Emulators, tmp_path: Path) -> None:
    """Previewed on an empty account, brought up, brought up again, and previewed after an edit of one ConfigMap."""
    address = emulators.fresh()
    inventory = tmp_path / "inventory"
    shutil.copytree(INVENTORY, inventory)
    arguments = ["-i", str(inventory), PLAYBOOK]

    records, output = run_playbook(address, tmp_path, [*arguments, "--check"])
    counts = recap(output)
    assert counts.keys() == HOSTS, output
    assert all(host["changed"] and not host["failed"] and not host["unreachable"] for host in counts.values()), output
    assert [record.task for record in records if record.writes] == []
    assert [app["title"] for app in control(address, "state")["apps"]] == []

    records, output = run_playbook(address, tmp_path, arguments)
    assert {host: count["changed"] for host, count in recap(output).items()} == {
        host: count["changed"] for host, count in counts.items()
    }, output
    assert all(not host["failed"] for host in recap(output).values()), output
    state = control(address, "state")
    titles = {app["app_id"]: app["title"] for app in state["apps"]}
    assert set(titles.values()) == HOSTS
    # Both apps of the group come up at the same moment, and the claim is bound before anything that mounts it runs.
    assert [group["name"] for group in state["groups"]] == ["shop"]
    assert {titles[member["app_id"]] for member in state["group_members"]} == {"order-service", "storefront"}
    assert [(claim["name"], claim["status"]) for claim in state["claims"]] == [("storefront-media", "Bound")]
    writes = [write for record in records for write in record.writes]
    assert writes.index("CreatePersistentVolumeClaim") < writes.index("DeployApp") < writes.index("CreateService")

    # A switch that comes as a text, as -e and surveys give it.
    records, output = run_playbook(address, tmp_path, [*arguments, "-e", "application_in_one_task=false"])
    assert all(not host["changed"] and not host["failed"] for host in recap(output).values()), output
    assert [record.task for record in records if record.writes] == []
    assert {record.task.rpartition(" : ")[2] for record in records if record.calls} == {
        "Compare the app with its description"
    }

    file = inventory / EDITED
    file.write_text(file.read_text().replace("root: INFO", "root: DEBUG", 1))
    records, output = run_playbook(address, tmp_path, [*arguments, "--check", "--diff"])
    lines = hunks(output)
    # The ConfigMap, and the releases of both environments that use it.
    assert [line.strip("+- ") for line in lines if "root" in line] == ["root: INFO", "root: DEBUG"]
    assert {line.strip("+- ") for line in lines if "configuration" in line} == {
        "configuration: as at the last release",
        "configuration: as stored now",
    }
    assert {host: count["changed"] for host, count in recap(output).items()} == {
        host: 2 * int(host == "order-service") for host in HOSTS
    }
    assert [record.task for record in records if record.writes] == []


DIGITS = {
    "application_biz_code": "JST",
    "application_language": "Java",
    "application_service_type": "StoreApplication",
    "application_user_roles": OWNER,
    "application_group": {"name": "50001"},
    "application_deploy_configs": [{"name": "30001", "env_type": "online", "deployment": deployment()}],
    "application_environments": [{**WHOLE_ENVIRONMENT, "name": "20001", "deploy_config": "30001"}],
}


@pytest.mark.parametrize("in_one_task", [False, True])
def test_names_of_digits(in_one_task: bool, emulators: Emulators, tmp_path: Path) -> None:
    """They are those of ids that do not exist yet, or belong to something else: only names count."""
    address = emulators.fresh()
    inventory = tmp_path / "inventory.yml"
    hosts = {"10002": DIGITS, "10001": {**DIGITS, "application_environments": []}}
    content = {"jst_apps": {"hosts": hosts, "vars": {"application_in_one_task": in_one_task}}}
    inventory.write_text(yaml.safe_dump(content))
    arguments = ["-i", str(inventory), PLAYBOOK]
    changed = []
    for further in (["--check"], [], []):
        _records, output = run_playbook(address, tmp_path, [*arguments, *further])
        counts = recap(output)
        assert counts.keys() == hosts.keys(), output
        assert all(not host["failed"] for host in counts.values()), output
        changed.append({host: count["changed"] for host, count in counts.items()})
    assert all(changed[0].values()), output
    # Which of the two hosts makes the group that they share is not to be foretold.
    assert sum(changed[0].values()) - sum(changed[1].values()) in (0, 1), changed
    assert not any(changed[2].values()), output
    assert sorted(app["title"] for app in control(address, "state")["apps"]) == sorted(hosts)


def test_deploy_configs_that_are_not_described(emulators: Emulators, tmp_path: Path) -> None:
    """Nothing makes them, so that check mode refuses those that do not exist, as a real run does."""
    account = Account(emulators.fresh(), tmp_path)
    account.config("daily", deployment(), env_type="test")
    common = {**DIGITS, "application_group": None, "application_deploy_configs": []}
    described = {"application_deploy_configs": DIGITS["application_deploy_configs"]}
    hosts = {
        name: {
            **common,
            **more,
            "application_title": title,
            "application_environments": [{**WHOLE_ENVIRONMENT, "name": name, "deploy_config": config}],
        }
        for name, title, config, more in (
            ("new", "new", "web", {}),
            ("misspelt", "shop", "webb", {}),
            ("other-kind", "shop", "daily", {}),
            ("there", "shop", "web", {}),
            ("there-by-id", "shop", "30001", {}),
            ("described", "shop", "30001", described),
        )
    }
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": hosts}}))
    for further in (["--check"], ["--limit", "new:misspelt:other-kind"]):
        records, output = run_playbook(account.address, tmp_path, ["-i", str(inventory), PLAYBOOK, *further])
        failed = {record.host: str(record.result) for record in records if record.result["failed"]}
        assert failed.keys() == {"new", "misspelt", "other-kind"}, output
        assert "There is no deploy config 'web' for online" in failed["new"]
        assert "There is no deploy config 'webb' for online" in failed["misspelt"]
        assert "Deploy config 'daily' exists for test in app 'shop', but not for online." in output
    assert [one["name"] for one in control(account.address, "state")["environments"]] == ["production"]


def test_a_release_without_a_cluster(emulators: Emulators, tmp_path: Path) -> None:
    """Nothing would give a new environment one before it is released, so that nothing is made of it."""
    account = Account(emulators.fresh(), tmp_path)
    bare = {
        name: value for name, value in WHOLE_ENVIRONMENT.items() if name not in ("cluster", "volume_claims", "slb_aps")
    }
    places = {
        "new": [{**bare, "name": "new"}],
        "there": [{**bare, "release": {"images": ["registry.example.com/shop:1.1"]}}],
        "not-released": [{name: value for name, value in bare.items() if name != "release"} | {"name": "idle"}],
    }
    common = {**DIGITS, "application_title": "shop", "application_group": None}
    hosts = {name: {**common, "application_environments": environments} for name, environments in places.items()}
    inventory = tmp_path / "inventory.yml"
    inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": hosts}}))
    for further in (["--check"], []):
        records, output = run_playbook(account.address, tmp_path, ["-i", str(inventory), PLAYBOOK, *further])
        failed = {record.host: str(record.result) for record in records if record.result["failed"]}
        assert failed.keys() == {"new"}, output
        message = failed["new"].replace("\\'", "'")
        assert "Environment 'new': Option release is set, but the environment has no cluster." in message
    assert [one["name"] for one in control(account.address, "state")["environments"]] == ["production", "idle"]
