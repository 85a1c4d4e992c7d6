# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tasks of hosts from files of the inventory plugin use the account of the file, or nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.account import APP_ID, Account
from tests.conformance.emulators import Emulators
from tests.conformance.inventory_reader import Inventories
from tests.conformance.playbook_runner import COLLECTION, control, run_playbook
from tests.conformance.test_scale import OLD

OTHER = {"access_key_id": "other-id", "access_key_secret": "other-secret"}
AS_HOST_VARIABLES = {f"jst_{name}": value for name, value in OTHER.items()}
USED = "access key emulator-key-id (the environment)"


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A world whose account has two keys: that of the environment, and another one."""
    file = tmp_path_factory.mktemp("world") / "world.yml"
    file.write_text(yaml.safe_dump({"credentials": [OTHER]}))
    return str(file)


@pytest.fixture
def account(emulators: Emulators, world: str, tmp_path: Path) -> Account:
    """An account of that world."""
    return Account(emulators.fresh("canonical", "--world", world), tmp_path)


@pytest.fixture
def inventories(account: Account, tmp_path: Path) -> Iterator[Inventories]:
    """Inventories of that account."""
    made = Inventories(account.address, tmp_path)
    yield made
    made.close()


def write(folder: Path, name: str = "apps.jst.yml", **options: Any) -> str:
    """Write a file of the plugin, and return its path."""
    file = folder / name
    file.write_text(yaml.safe_dump({"plugin": f"{COLLECTION}.jst", "hosts": "apps", **options}))
    return str(file)


def read_app(account: Account, *arguments: str, **keywords: Any) -> tuple[dict[str, Any], list[str]]:
    """Run a playbook of one task that lists the app of each host.

    :returns: the result of the task, and the operations that it called.
    """
    play = account.folder / "play.yml"
    module = {f"{COLLECTION}.jst_app_info": {"title": "{{ inventory_hostname }}"}}
    options = {name: f"{{{{ jst_{name} | default(omit, true) }}}}" for name in OTHER}
    defaults = {f"group/{COLLECTION}.jst": options}
    interpreter = {"ansible_python_interpreter": "{{ ansible_playbook_python }}"}
    task = {"gather_facts": False, "vars": interpreter, "module_defaults": defaults, "tasks": [module]}
    play.write_text(yaml.safe_dump([{"hosts": "jst_apps", **task}]))
    records, output = run_playbook(account.address, account.folder, [*arguments, str(play)], **keywords)
    [record] = records
    assert OTHER["access_key_secret"] not in output
    return record.result, [call["action"] for call in record.calls]


def key_ids(account: Account) -> set[str]:
    """Return the ids of the keys of all calls."""
    return {call["access_key_id"] for call in control(account.address, "calls")}


def test_playbooks_change_the_account_of_the_file(emulators: Emulators, tmp_path: Path) -> None:
    """Also where the environment names another one, which has an app of the same name."""
    first, second = (Account(emulators.fresh(answers), tmp_path) for answers in ("canonical", "sample"))
    for account in (first, second):
        account.deployed(OLD)
    file = write(tmp_path, endpoint=second.address)
    variables = "scale_environment=production scale_replicas=4"
    _records, output = run_playbook(first.address, tmp_path, ["-i", file, f"{COLLECTION}.scale", "-e", variables])
    assert (len(first.instances()), len(second.instances())) == (2, 4), output


def test_what_the_file_does_not_set_is_not_passed_on(inventories: Inventories) -> None:
    """The environment of the tasks decides then."""
    nothing = inventories.read("apps", endpoint="{{ nowhere | default('') }}", profile="")
    assert nothing.error is None
    assert [name for name in nothing.hosts["shop"] if name.startswith("jst_")] == ["jst_app"]
    given = inventories.read("apps", endpoint="{{ here }}", extra_vars={"here": inventories.address}, **OTHER)
    variables = given.hosts["shop"]
    del variables["jst_app"]
    assert {name: value for name, value in variables.items() if name.startswith("jst_")} == {
        "jst_endpoint": inventories.address,
        "jst_inventory_access_key_id": OTHER["access_key_id"],
    }
    assert OTHER["access_key_secret"] not in json.dumps(given.hosts)


def test_playbooks_use_the_profile_of_the_file(account: Account, tmp_path: Path) -> None:
    config = tmp_path / "config.json"
    profile = {"name": "second", "mode": "AK", **OTHER}
    config.write_text(json.dumps({"current": "first", "profiles": [profile]}))
    config.chmod(0o600)
    file = write(tmp_path, profile="second", config_file=str(config))
    control(account.address, "calls", method="DELETE")
    arguments = ["-i", file, f"{COLLECTION}.scale", "--check", "-e", "scale_environment=production scale_replicas=4"]
    records, output = run_playbook(account.address, tmp_path, arguments)
    assert any(record.calls for record in records), output
    assert key_ids(account) == {OTHER["access_key_id"]}


@pytest.mark.parametrize("in_process", [True, False])
def test_another_key_than_that_of_the_file_is_rejected(in_process: bool, account: Account, tmp_path: Path) -> None:
    """The message names both, and nothing is sent. The key of the file works, and so does one that is allowed."""
    inventory = ("-i", write(tmp_path, **OTHER))
    rejected, calls = read_app(account, *inventory, in_process=in_process)
    assert rejected["failed"]
    assert f"names access key {OTHER['access_key_id']}. The task would use {USED}" in rejected["msg"]
    assert "set jst_inventory_access_key_id to emulator-key-id." in rejected["error"]["hint"]
    assert (rejected["error"]["code"], calls) == ("InvalidConfiguration", [])
    for variables in (
        AS_HOST_VARIABLES,
        {"jst_inventory_access_key_id": "emulator-key-id"},
        {"jst_inventory_access_key_id": ""},
    ):
        result, calls = read_app(account, *inventory, "-e", json.dumps(variables), in_process=in_process)
        assert not result["failed"], result
        assert set(calls) == {"ListApp"}


def test_the_file_can_allow_another_key(account: Account, tmp_path: Path) -> None:
    """A key that can only read is used for the inventory alone."""
    file = write(tmp_path, **OTHER, compose={"jst_inventory_access_key_id": "'emulator-key-id'"})
    result, calls = read_app(account, "-i", file)
    assert (result["failed"], set(calls)) == (False, {"ListApp"})


def test_doctor_calls_nothing_with_another_key(account: Account, tmp_path: Path) -> None:
    file = write(tmp_path, **OTHER)
    control(account.address, "calls", method="DELETE")
    _records, output = run_playbook(account.address, tmp_path, ["-i", file, f"{COLLECTION}.doctor"])
    assert f"The task would use {USED}" in " ".join(output.split())
    assert key_ids(account) == {OTHER["access_key_id"]}


def test_drift_reads_the_account_of_each_host_with_its_key(account: Account, tmp_path: Path) -> None:
    """The key of one host is not compared with that of another one."""
    folder, report = tmp_path / "inventory", tmp_path / "drift.json"
    (folder / "host_vars").mkdir(parents=True)
    (folder / "host_vars" / "shop.yml").write_text(yaml.safe_dump(AS_HOST_VARIABLES))
    write(folder, "1.jst.yml", **OTHER)
    (folder / "2.yml").write_text(yaml.safe_dump({"jst_apps": {"hosts": {"unknown": {}}}}))
    arguments = ["-i", str(folder), f"{COLLECTION}.drift", "-e", f"drift_json={report}"]
    _records, output = run_playbook(account.address, tmp_path, arguments)
    assert json.loads(report.read_text())["account_wide"]["not_read"] == [], output


def test_hosts_of_two_accounts_are_not_merged(inventories: Inventories, emulators: Emulators, tmp_path: Path) -> None:
    """The message names both files and what each of them found."""
    other = Account(emulators.fresh("sample"), tmp_path)
    first = inventories.write("apps", "first.jst.yml", keyed_groups=[{"key": "jst_app.language"}])
    second = inventories.write("apps", "second.jst.yml", endpoint=other.address)
    made = inventories.read_file(second, before=[first])
    assert made.error == (
        f"AnsibleParserError: Two hosts have the name 'shop': app {APP_ID} at {inventories.address} ({first}) and "
        f"app {APP_ID} at {other.address} ({second}). Set hostnames in one file."
    )
    assert "jst_endpoint" not in made.hosts["shop"]
    named = {"hostnames": ["'other-' ~ jst_app.title"], "compose": {"application_title": "jst_app.title"}}
    second = inventories.write("apps", "second.jst.yml", endpoint=other.address, **named)
    apart = inventories.read_file(second, before=[first])
    assert (apart.error, sorted(apart.hosts)) == (None, ["other-shop", "shop"])
    assert apart.hosts["other-shop"]["application_title"] == "shop"
    # Other resources of one account are not merged either.
    environments = inventories.write("environments", "third.jst.yml", hostnames=["'other-shop'"])
    clash = inventories.read_file(environments, before=[first, second])
    assert f"Two hosts have the name 'other-shop': app {APP_ID} at {other.address} ({second}) and" in str(clash.error)


def test_ansible_stops_at_hosts_of_two_accounts(account: Account, emulators: Emulators, tmp_path: Path) -> None:
    """When it is to stop at files that cannot be read."""
    other = Account(emulators.fresh("sample"), tmp_path)
    files = ["-i", write(tmp_path, "1.jst.yml"), "-i", write(tmp_path, "2.jst.yml", endpoint=other.address)]
    arguments = [*files, f"{COLLECTION}.scale", "-e", "scale_environment=production scale_replicas=4"]
    stop = {"ANSIBLE_INVENTORY_ANY_UNPARSED_IS_FAILED": "true"}
    records, output = run_playbook(account.address, tmp_path, arguments, environment=stop)
    assert records == []
    assert "Two hosts have the name 'shop'" in " ".join(output.split())


def test_files_of_one_account_add_to_the_same_host(inventories: Inventories) -> None:
    """An app, and its only environment under the name of the app."""
    apps = inventories.write("apps", "apps.jst.yml")
    environments = inventories.write("environments", "environments.jst.yml", hostnames=["jst_app.title"])
    made = inventories.read_file(environments, before=[apps, apps])
    assert (made.error, made.warnings) == (None, [])
    assert {"jst_app", "jst_environment"} <= made.hosts["shop"].keys()
    assert made.groups["jst_apps"] == made.groups["jst_environments"] == ["shop"]
