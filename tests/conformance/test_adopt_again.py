# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbook adopt over an inventory that people have worked on, and over accounts that it cannot read as a whole."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import yaml

from ansible_collections.jst.retailcloud.plugins.plugin_utils import atomic_files
from tests.conformance import odd_account
from tests.conformance.emulators import Emulators
from tests.conformance.odd_account import MYSQL, Account
from tests.conformance.playbook_runner import control
from tests.conformance.test_adopt import RDS, adopt, contents, run
from tests.conformance.test_bring_up import recap
from tests.tools.run_in_collection import BIN, environment


def hosts_of(folder: Path) -> set[str]:
    """Return the names of the hosts of apps."""
    content = yaml.safe_load((folder / "inventory" / "hosts.yml").read_text())
    return set(content["jst_apps"]["hosts"] or {})


def group_vars(folder: Path, name: str) -> dict[str, Any]:
    """Return the variables of one of the lists, such as ``unassigned``."""
    content = yaml.safe_load((folder / "inventory" / f"{name}.yml").read_text())
    variables: dict[str, Any] = content[f"jst_{name}"]["vars"]
    return variables


def remove_host(folder: Path, name: str) -> None:
    """Delete a host as the output advises: its files, and its line in ``hosts.yml``."""
    shutil.rmtree(folder / "inventory" / "host_vars" / name)
    remove_line(folder, name)


def remove_line(folder: Path, name: str) -> None:
    """Delete the line of a host in ``hosts.yml``."""
    hosts = folder / "inventory" / "hosts.yml"
    text = hosts.read_text()
    assert f"    {name}:\n" in text
    hosts.write_text(text.replace(f"    {name}:\n", ""))


def test_an_entry_moves_from_the_list_to_an_app(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    odd_account.create_app(account, "full")
    odd_account.create_databases(account)
    adopt(address, tmp_path, {"adopt_rds_instances": [MYSQL]})
    unassigned = tmp_path / "inventory" / "unassigned.yml"
    found = group_vars(tmp_path, "unassigned")
    assert [one["password"] for one in found["unassigned_accounts"]] == ["{{ unknown_password }}"] * 3
    moved = {
        "application_databases": [one for one in found["unassigned_databases"] if one["name"] == "spare"],
        "application_accounts": [one for one in found["unassigned_accounts"] if one["name"] == "idle"],
    }
    described = tmp_path / "inventory" / "host_vars" / "full" / "databases.yml"
    described.write_text(yaml.safe_dump(moved))
    unassigned.write_text("")
    _records, output = run(address, tmp_path, "bring_up", "--check")
    assert [(one["changed"], one["failed"]) for one in recap(output).values()] == [(0, 0)], output
    # What belongs to no app comes back; what moved does not.
    result, output = adopt(address, tmp_path)
    assert sorted(result["written"]) == [
        "group_vars/jst_apps/unmanaged.yml",
        "unassigned.yml",
        "unreadable.yml",
    ], output
    assert result["kept"] == []
    found = group_vars(tmp_path, "unassigned")
    assert [one["name"] for one in found["unassigned_accounts"]] == ["both", "full"]
    assert "idle" in described.read_text()
    result, _output = adopt(address, tmp_path)
    assert (result["written"], result["kept"]) == ([], [])
    # A password of somebody is no difference.
    described.write_text(described.read_text().replace("{{ unknown_password }}", "{{ mine }}"))
    result, _output = adopt(address, tmp_path)
    assert (result["written"], result["kept"]) == ([], [])


def test_a_deleted_app_is_forgotten(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    apps = {title: odd_account.create_app(account, title) for title in ("one", "two", "three")}
    given = {"adopt_rds_instances": [MYSQL], "adopt_databases": {"one": [], "two": []}}
    adopt(address, tmp_path, given)
    account.call("DeleteAppDetail", AppId=apps["one"], Force="true")
    result, output = adopt(address, tmp_path, given)
    assert result["vanished"] == ["one"], output
    assert result["remarks"] == [
        "Variable adopt_databases names the app 'one', which no longer exists. Remove the entry."
    ]
    remove_host(tmp_path, "one")
    for variables in ({}, {"adopt_overwrite": True}):
        result, output = adopt(address, tmp_path, variables)
        assert (result["vanished"], result["kept"], result["written"]) == ([], [], []), output
        assert hosts_of(tmp_path) == {"two", "three"}
    # A host that was removed from the list only: it does not come back, and its files are named.
    account.call("DeleteAppDetail", AppId=apps["two"], Force="true")
    remove_line(tmp_path, "two")
    result, output = adopt(address, tmp_path)
    assert (result["vanished"], result["kept"], result["written"]) == (["two"], [], []), output
    shutil.rmtree(tmp_path / "inventory" / "host_vars" / "two")
    odd_account.create_app(account, "four")
    result, output = adopt(address, tmp_path)
    assert (result["vanished"], result["kept"]) == ([], []), output
    assert hosts_of(tmp_path) == {"three", "four"}
    assert "two" not in (tmp_path / "inventory" / ".adopted.json").read_text().partition('"databases"')[0]


def test_an_instance_that_cannot_be_read_hides_nothing_else(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    odd_account.create_app(account, "full")
    odd_account.create_databases(account)
    given = {"adopt_rds_instances": [MYSQL, "rm-typo"], "adopt_databases": RDS["adopt_databases"]}
    result, output = adopt(address, tmp_path, given)
    assert [one["what"] for one in result["not_read"]] == ["RDS instance rm-typo"], output
    assert result["failed"] is True
    assert result["report"][-1].startswith("1 app, 0 differences")
    assert (tmp_path / "inventory" / "host_vars" / "full" / "databases.yml").exists()
    adopt(address, tmp_path, RDS)
    written = contents(tmp_path)
    refused = {"kind": "business", "action": "DescribeDatabases", "code": 1, "message": "denied", "count": None}
    control(address, "faults", refused)
    odd_account.create_app(account, "other")
    result, output = adopt(address, tmp_path)
    assert [one["what"] for one in result["not_read"]] == [f"RDS instance {MYSQL}"], output
    assert f"Could not list the databases of {MYSQL}: " in result["not_read"][0]["why"]
    assert (result["unused"], result["kept"]) == ([], []), output
    assert "host_vars/other/app.yml" in result["written"]
    after = contents(tmp_path)
    # The files keep what the run could not read.
    for path in ("host_vars/full/databases.yml", "unassigned.yml", "group_vars/jst_apps/unmanaged.yml"):
        assert after[f"inventory/{path}"] == written[f"inventory/{path}"], path


def test_portions_keep_what_others_found(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    odd_account.create_full_apps(account)
    odd_account.create_databases(account)
    odd_account.create_app(account, "broken")
    odd_account.create_app(account, "elsewhere", BizCode="NEW_RETAIL")
    adopt(address, tmp_path, {"adopt_apps": ["full"], **RDS})
    assert group_vars(tmp_path, "unassigned")["unassigned_groups"] == [{"biz_code": "JST", "name": "empty"}]
    before = group_vars(tmp_path, "unreadable")
    control(address, "faults", {"kind": "business", "action": "ListDeployConfig", "code": 1, "message": "no"})
    adopt(address, tmp_path, {"adopt_apps": ["broken"]})
    # The run over another app reads another domain and other instances.
    result, output = adopt(address, tmp_path, {"adopt_apps": ["elsewhere"], "adopt_rds_instances": [MYSQL]})
    after = group_vars(tmp_path, "unreadable")
    assert [one["what"].split(" (")[0] for one in after["not_read"]] == ["app 'broken'"], output
    assert {one["what"] for one in before["unreadable"]} == {one["what"] for one in after["unreadable"]}
    assert [one["of"] for one in after["unreadable"] if "secrets" in one["what"]] == [["full"]]
    assert group_vars(tmp_path, "unassigned")["unassigned_groups"] == [{"biz_code": "JST", "name": "empty"}]
    assert result["kept"] == []
    adopt(address, tmp_path, {"adopt_apps": ["broken"]})
    assert "not_read" not in group_vars(tmp_path, "unreadable")


def test_a_renamed_host_is_known_by_the_id_of_its_app(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    for title in ("one", "two"):
        app = odd_account.create_app(account, title)
        odd_account.create_config(account, app, "main")
    adopt(address, tmp_path)
    folder = tmp_path / "inventory"
    (folder / "host_vars" / "one").rename(folder / "host_vars" / "first")
    hosts = folder / "hosts.yml"
    hosts.write_text(hosts.read_text().replace("    one:\n", "    first:\n"))
    result, output = adopt(address, tmp_path)
    # The documents have another place.
    assert (result["written"], result["kept"], result["vanished"]) == (["host_vars/first/app.yml"], [], []), output
    assert hosts_of(tmp_path) == {"first", "two"}
    assert not (folder / "host_vars" / "one").exists()
    assert result["compared"] == {"apps": 2, "differences": [], "not_compared": []}
    result, _output = adopt(address, tmp_path)
    assert (result["written"], result["kept"]) == ([], [])


def test_an_app_that_is_not_to_be_described(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    for title in ("one", "two"):
        odd_account.create_app(account, title)
    adopt(address, tmp_path)
    remove_host(tmp_path, "one")
    hosts = tmp_path / "inventory" / "hosts.yml"
    text = hosts.read_text()
    result, output = adopt(address, tmp_path)
    assert result["kept"] == ["hosts.yml"]
    assert "hosts.yml lacks the host one. Add it, or name its app in adopt_exclude." in output
    remove_host_files = tmp_path / "inventory" / "host_vars" / "one"
    shutil.rmtree(remove_host_files)
    result, output = adopt(address, tmp_path, {"adopt_exclude": ["one", "nothing"]})
    assert (result["kept"], remove_host_files.exists(), hosts.read_text()) == ([], False, text)
    assert result["remarks"] == ["Variable adopt_exclude names 'nothing', and no app has that title or id."]
    ignored = yaml.safe_load((tmp_path / "inventory" / "group_vars" / "jst_apps" / "unmanaged.yml").read_text())
    assert ignored["drift_ignore"]["apps"] == ["one"]
    # What is not given is what the last run was given.
    result, _output = adopt(address, tmp_path)
    assert (result["written"], result["kept"]) == ([], [])
    result, _output = adopt(address, tmp_path, {"adopt_exclude": []})
    assert "host_vars/one/app.yml" in result["written"]


def test_the_diff_of_a_kept_file_shows_what_the_account_has(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    odd_account.create_app(Account(address), "one", BizTitle="old")
    adopt(address, tmp_path)
    edited = tmp_path / "inventory" / "host_vars" / "one" / "app.yml"
    text = edited.read_text().replace("old", "mine") + "my_password: hunter2\n"
    edited.write_text(text)
    result, output = adopt(address, tmp_path, {}, "--diff")
    assert (result["kept"], edited.read_text()) == (["host_vars/one/app.yml"], text)
    assert "host_vars/one/app.yml (changed by somebody, not written)" in output
    assert "-application_biz_title: mine" in output
    assert "+application_biz_title: old" in output
    assert "-my_password: ********" in output
    assert "hunter2" not in output


def test_documents_that_may_hold_a_password_are_named(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    app = odd_account.create_app(account, "one")
    text = odd_account.config_map("settings", "spring.datasource.password=hunter2")
    odd_account.create_config(account, app, "main", ConfigMapList=[odd_account.encoded(text)])
    result, output = adopt(address, tmp_path, {}, "--diff")
    path = "host_vars/one/main.online.config_map.settings.k8s"
    assert list(result["documents_with_passwords"]) == [path], output
    assert f"May hold a password: {path}: " in output
    assert "hunter2" not in output
    assert "in plain text" in (tmp_path / "inventory" / "README.md").read_text()


def encrypt(path: Path, password: Path) -> None:
    """Encrypt a file with a vault password that has a label."""
    command = [str(BIN / "ansible-vault"), "encrypt", "--vault-id", f"prod@{password}", str(path)]
    subprocess.run(command, env=environment(), capture_output=True, check=True)


def test_an_encrypted_list_of_hosts(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    for title in ("one", "two"):
        odd_account.create_app(account, title)
    adopt(address, tmp_path)
    password = tmp_path / "password"
    password.write_text("vault")
    encrypt(tmp_path / "inventory" / "hosts.yml", password)
    result, output = adopt(address, tmp_path)
    assert (result["remarks"], result["kept"], result["compared"]["differences"]) == ([], [], []), output
    assert [line for line in result["report"] if line.startswith("Not compared: one, two: hosts.yml is encrypted")]
    assert result["report"][-1] == "0 apps, 0 differences, 2 not compared", output
    result, output = adopt(address, tmp_path, {}, "--vault-id", f"prod@{password}")
    assert (result["remarks"], result["locked"], result["compared"]["not_compared"]) == ([], [], []), output
    assert result["report"][-1] == "2 apps, 0 differences", output


def test_what_can_be_read_is_compared_as_the_role_checks_it(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    odd_account.create_app(Account(address), "one", BizTitle="old")
    adopt(address, tmp_path)
    path = tmp_path / "inventory" / "host_vars" / "one" / "app.yml"
    text = path.read_text()
    path.write_text(f"{text}application_biz_titel: mine\n")
    result, output = adopt(address, tmp_path)
    [one] = result["compared"]["differences"]
    assert one["what"][0].startswith("The role has no variable application_biz_titel."), output
    password = tmp_path / "password"
    password.write_text("vault")
    secret = path.with_name("secret.yml")
    secret.write_text("application_databases: []\n")
    encrypt(secret, password)
    path.write_text(text.replace("old", "mine"))
    result, output = adopt(address, tmp_path)
    assert result["failed"] is True
    assert result["compared"]["differences"] == [{"host": "one", "what": ["app 'one': biz_title"]}], output
    assert [one["host"] for one in result["compared"]["not_compared"]] == ["one"]
    assert result["report"][-1] == "1 app, 1 difference", output


def test_encrypted_variables_are_no_difference(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    for title in ("one", "two"):
        odd_account.create_app(account, title)
    adopt(address, tmp_path)
    password = tmp_path / "password"
    password.write_text("vault")
    path = tmp_path / "inventory" / "host_vars" / "one" / "app.yml"
    encrypt(path, password)
    result, output = adopt(address, tmp_path)
    assert result["compared"]["differences"] == []
    [locked] = result["compared"]["not_compared"]
    assert "Run again with --vault-id prod@prompt." in locked["what"][0]
    assert result["report"][-1] == "1 app, 0 differences, 1 not compared", output
    assert (result["locked"], result["kept"]) == (["host_vars/one/app.yml"], []), output
    stored = path.read_bytes()
    result, output = adopt(address, tmp_path, {"adopt_overwrite": True}, "--vault-id", f"prod@{password}")
    assert result["report"][-1] == "2 apps, 0 differences", output
    assert (result["locked"], result["kept"], result["written"]) == ([], [], []), output
    assert path.read_bytes() == stored


def test_a_warning_of_the_comparison_names_the_host(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    odd_account.create_full_apps(account)
    adopt(address, tmp_path, {"adopt_apps": ["full"]})
    path = tmp_path / "inventory" / "host_vars" / "full" / "app.yml"
    lines = path.read_text().splitlines(keepends=True)
    start = next(number for number, line in enumerate(lines) if line.startswith("application_environments:"))
    lines.insert(start + 2, "    release: {}\n")
    path.write_text("".join(lines))
    _result, output = adopt(address, tmp_path, {"adopt_apps": ["full"]})
    assert "[WARNING]: full: " in output


def test_a_killed_run_leaves_nothing_for_long(emulators: Emulators, tmp_path: Path) -> None:
    """Ansible does not read what it leaves, and the next run removes it."""
    address = emulators.fresh()
    odd_account.create_app(Account(address), "one")
    adopt(address, tmp_path)
    folders = [tmp_path / "inventory" / place for place in (".", "group_vars/jst_apps", "host_vars/one")]
    left, kept = [], []
    for folder in folders:
        handle, name = tempfile.mkstemp(prefix=atomic_files.PREFIX, suffix=atomic_files.SUFFIX, dir=folder)
        os.write(handle, b"application_biz_title: left by a killed run\n")
        os.close(handle)
        left.append(Path(name))
        kept.append(folder / ".jst-notes.tmp")
        kept[-1].write_text("application_biz_title: of somebody\n")
    shown = subprocess.run(
        [str(BIN / "ansible-inventory"), "-i", str(tmp_path / "inventory"), "--list"],
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert "application_title" in shown.stdout
    assert "application_biz_title" not in shown.stdout
    adopt(address, tmp_path, {}, "--check")
    assert all(path.exists() for path in left)
    result, _output = adopt(address, tmp_path)
    assert (result["changed"], result["kept"]) == (False, [])
    assert not any(path.exists() for path in left)
    assert all(path.exists() for path in kept)


def test_one_run_at_a_time_writes_to_a_directory(emulators: Emulators, tmp_path: Path) -> None:
    """The later run reads nothing. The lock of a killed run, which its file outlives, holds nobody up."""
    address = emulators.fresh()
    odd_account.create_app(Account(address), "one")
    folder = tmp_path / "inventory"
    lock = folder / ".adopt.lock"
    folder.mkdir()
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        calls = len(control(address, "calls"))
        result, output = adopt(address, tmp_path)
        assert result["failed"], output
        assert f"Another run is writing to {folder}." in result["msg"]
        assert len(control(address, "calls")) == calls
        assert [path.name for path in folder.iterdir()] == [lock.name]
        result, output = adopt(address, tmp_path, {}, "--check")
        assert not result["failed"], output
    assert lock.exists()
    result, output = adopt(address, tmp_path)
    assert not result["failed"], output
    assert hosts_of(tmp_path) == {"one"}
    assert not lock.exists()


def test_control_characters_of_titles_are_shown_as_escapes(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    app = odd_account.create_app(account, "one")
    config = odd_account.create_config(account, app, "main")
    odd_account.create_environment(account, app, config, "a\x9b2J\u202eb")
    result, output = adopt(address, tmp_path)
    assert "Not described: one: environment 'a\\x9b2J\\u202eb'" in " ".join(result["report"]), result["report"]
    _records, told = run(address, tmp_path, "drift", "-e", '{"drift_ignore": {}}')
    account.call("UpdateApp", AppId=app, BizTitle="c\u202ed", UserRoles=odd_account.OWNERS)
    refused = {"kind": "business", "action": "ListServices", "code": 1, "message": "\x9b2J refused", "count": None}
    _result, difference = adopt(address, tmp_path, {}, "--check", "--diff")
    assert '+application_biz_title: "c\\u202ed"' in difference
    control(address, "faults", refused)
    result, failed = adopt(address, tmp_path)
    assert "\\x9b2J refused" in result["report"][-2], result["report"]
    assert "environment one/a\\\\x9b2J\\\\u202eb is unmanaged" in told
    for text in (output, told, difference, failed):
        assert not {"\x9b", "\u202e"} & set(text)
