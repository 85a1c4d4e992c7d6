# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Playbook adopt: an account that others made becomes an inventory that describes it, and nothing changes."""

from __future__ import annotations

import json
import os
import stat
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance import odd_account
from tests.conformance.emulators import Emulators
from tests.conformance.forkserver import fork_servers
from tests.conformance.odd_account import MYSQL, Account
from tests.conformance.playbook_runner import COLLECTION, Recorded, control, run_playbook
from tests.conformance.test_bring_up import recap
from tests.tools.run_in_collection import BIN, environment
from tests.tools.running_emulator import access

PLAYBOOK = f"{COLLECTION}.adopt"
RDS = {"adopt_rds_instances": [MYSQL], "adopt_databases": {"full": [f"{MYSQL}/full"]}}


def adopt(
    address: str,
    folder: Path,
    variables: dict[str, Any] | None = None,
    *options: str,
) -> tuple[dict[str, Any], str]:
    """Adopt an account. Return the result of the action, with whether the playbook failed, and the output."""
    given = json.dumps({"adopt_directory": str(folder / "inventory"), **(variables or {})})
    arguments = [PLAYBOOK, "-e", given, *options]
    records, output = run_playbook(address, folder, arguments)
    result = next((one.result for one in records if one.task.startswith("Read the account")), {})
    return {**result, "failed": any(one.result.get("failed") for one in records)}, output


def run(address: str, folder: Path, playbook: str, *options: str) -> tuple[list[Recorded], str]:
    """Run a playbook over the inventory."""
    return run_playbook(address, folder, [f"{COLLECTION}.{playbook}", "-i", str(folder / "inventory"), *options])


def contents(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return path -> content and time of change of every file of the inventory."""
    return {
        str(path.relative_to(folder)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted((folder / "inventory").rglob("*"))
        if path.is_file()
    }


def writes(address: str) -> int:
    """Return how many writing calls the emulator has had."""
    return sum(call["kind"] == "write" for call in control(address, "calls"))


def drift_counts(address: str, folder: Path) -> dict[str, int]:
    """Return the counts of a drift report over the inventory, without those that are zero."""
    report = folder / "drift.json"
    run(address, folder, "drift", "-e", f"drift_json={report}", "--forks", "2")
    counts: dict[str, int] = json.loads(report.read_text())["counts"]
    return {name: number for name, number in counts.items() if number}


@pytest.mark.parametrize("answers", ["canonical", "sample"])
def test_an_odd_account_is_described_and_nothing_differs(emulators: Emulators, tmp_path: Path, answers: str) -> None:
    address = emulators.fresh(answers)
    account = Account(address)
    odd_account.create_odd_apps(account)
    odd_account.create_full_apps(account)
    odd_account.create_databases(account)
    before = writes(address)
    result, output = adopt(address, tmp_path, RDS)
    assert result["report"][-1] == "17 apps, 0 differences", output
    assert result["compared"] == {"apps": 17, "differences": [], "not_compared": []}
    assert "[adopt] Read 17 of 17 apps" in output
    everything = b"".join(content for content, _time in contents(tmp_path).values())
    assert odd_account.SECRET_VALUE.encode() not in everything
    assert odd_account.PASSWORD.encode() not in everything
    hosts = yaml.safe_load((tmp_path / "inventory" / "hosts.yml").read_text())["jst_apps"]["hosts"]
    assert {"Shop", "shop-10002", "订单服务", "10007-10009", "all-10007"} <= set(hosts)
    assert len({name.casefold() for name in hosts}) == 17
    checked = ("fleet", "--check"), ("bring_up", "--check", "--limit", "full,twice,7_7_raw_x-10010,订单服务")
    for playbook, *options in checked if answers == "canonical" else checked[:1]:
        _records, output = run(address, tmp_path, playbook, *options, "--forks", "2")
        counts = [(one["changed"], one["failed"]) for one in recap(output).values()]
        assert counts == [(0, 0)] * (4 if playbook == "bring_up" else 17), output
    # A release by others does not tell which configuration it released.
    assert drift_counts(address, tmp_path) == {"apps": 17, "as_described": 16, "not_known": 1, "ignored": 9}
    run(address, tmp_path, "fleet", "--forks", "2")
    assert writes(address) == before
    written = contents(tmp_path)
    result, _output = adopt(address, tmp_path, RDS)
    assert (result["changed"], result["written"], result["kept"]) == (False, [], [])
    assert contents(tmp_path) == written


def test_documents_stay_as_they_are_stored(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    odd_account.create_full_apps(Account(address))
    adopt(address, tmp_path)
    folder = tmp_path / "inventory" / "host_vars" / "full"
    assert (folder / "main.online.deployment.k8s").read_text() == odd_account.workload("main")
    assert len((folder / "main.online.config_map.large.k8s").read_text()) > 1_000_000
    description = (folder / "app.yml").read_text()
    assert (
        "lookup('ansible.builtin.file', adopted_files ~ '/full/main.online.deployment.k8s', rstrip=false)"
        in description
    )


def test_what_a_description_cannot_hold_is_listed(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    odd_account.create_full_apps(account)
    odd_account.create_databases(account)
    result, output = adopt(address, tmp_path, RDS)
    lacking = [entry["what"] for entry in result["not_described"]["twice"]]
    assert [what.split(" (")[0] for what in lacking] == [
        *["deploy config 'other' for online"] * 2,
        *["environment 'production'"] * 2,
    ]
    assert "Not described: twice: environment 'production'" in output
    assert {"full"} == {host for note in result["unreadable"] if "secrets" in note["what"] for host in note["of"]}
    unassigned = yaml.safe_load((tmp_path / "inventory" / "unassigned.yml").read_text())["jst_unassigned"]["vars"]
    assert [entry["name"] for entry in unassigned["unassigned_databases"]] == ["shared", "spare"]
    assert [entry["name"] for entry in unassigned["unassigned_accounts"]] == ["both", "idle"]
    assert unassigned["unassigned_groups"] == [{"biz_code": "JST", "name": "empty"}]
    databases = yaml.safe_load((tmp_path / "inventory" / "host_vars" / "full" / "databases.yml").read_text())
    assert databases["application_accounts"] == [
        {
            "instance_id": MYSQL,
            "name": "full",
            "type": "Normal",
            "privileges": [{"database": "full", "privilege": "ReadWrite"}],
            "password": "{{ unknown_password }}",
        }
    ]


def test_a_run_that_can_describe_no_app_fails(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    odd_account.create_app(Account(address), "a\x9bb")
    result, output = adopt(address, tmp_path)
    assert result["failed"], output
    assert result["msg"].startswith("No app was adopted: 1 app could not be described; see the lines Not described ")
    assert any(line.startswith("Not described: app 'a\\x9bb'") for line in result["report"]), output
    unreadable = yaml.safe_load((tmp_path / "inventory" / "unreadable.yml").read_text())["jst_unreadable"]["vars"]
    assert [one["what"][:5] for one in unreadable["not_described"]["(account)"]] == ["app '"]
    # Other apps are adopted without it.
    odd_account.create_app(Account(address), "shop")
    result, output = adopt(address, tmp_path)
    assert not result["failed"], output


def test_a_file_that_somebody_changed_is_kept(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    apps = {title: odd_account.create_app(account, title, BizTitle="old") for title in ("one", "two")}
    adopt(address, tmp_path)
    edited = tmp_path / "inventory" / "host_vars" / "one" / "app.yml"
    edited.write_text(edited.read_text().replace("old", "mine"))
    account.call("UpdateApp", AppId=apps["two"], BizTitle="new", UserRoles=odd_account.OWNERS)
    result, output = adopt(address, tmp_path)
    assert result["written"] == ["host_vars/two/app.yml"]
    assert result["kept"] == ["host_vars/one/app.yml"]
    assert "mine" in edited.read_text()
    assert result["compared"]["differences"] == [{"host": "one", "what": ["app 'one': biz_title"]}]
    assert "kept (adopt_overwrite=true replaces it): host_vars/one/app.yml" in output
    assert result["report"][-1] == "2 apps, 1 difference"
    result, _output = adopt(address, tmp_path, {"adopt_overwrite": True})
    assert (result["written"], result["failed"]) == (["host_vars/one/app.yml"], False)
    assert result["compared"]["differences"] == []


def test_a_difference_fails_the_run_after_everything_is_written(emulators: Emulators, tmp_path: Path) -> None:
    """A pipeline sees by the exit status that the inventory is not what the account has."""
    address = emulators.fresh()
    account = Account(address)
    odd_account.create_app(account, "one", BizTitle="old")
    arguments = [PLAYBOOK, "-e", f"adopt_directory={tmp_path / 'inventory'}"]
    assert status_of(address, arguments)[0] == 0
    edited = tmp_path / "inventory" / "host_vars" / "one" / "app.yml"
    edited.write_text(edited.read_text().replace("old", "mine"))
    odd_account.create_app(account, "two")
    status, output = status_of(address, arguments)
    assert status == 2
    assert (
        "1 of 2 apps differs from its description; see the lines Differs of the report, and compared.differences. "
        "Correct the files or the account, or set adopt_overwrite=true to replace changed files. "
        "Then adopt again."
    ) in output
    assert '"Differs: one: app \'one\': biz_title", "2 apps, 1 difference" ]' in output
    assert "documents_with_passwords" not in output, "the whole result, which may be long"
    assert (tmp_path / "inventory" / "host_vars" / "two" / "app.yml").exists()
    assert status_of(address, [*arguments, "--check"])[0] == 2
    # What belongs to no app is no difference.
    edited.write_text(edited.read_text().replace("mine", "old"))
    odd_account.create_full_apps(account)
    odd_account.create_databases(account)
    given = ["-e", json.dumps({"adopt_rds_instances": [MYSQL]})]
    assert status_of(address, [*arguments, *given])[0] == 0
    assert "unassigned_databases" in (tmp_path / "inventory" / "unassigned.yml").read_text()


def status_of(address: str, arguments: list[str]) -> tuple[int, str]:
    """Return the exit status of a playbook, and its output in one line."""
    done = fork_servers.run(arguments, {**environment(), **access(address)})
    return done.returncode, " ".join((done.stdout + done.stderr).split())


def test_files_of_a_vanished_app_are_named_and_stay(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    apps = {title: odd_account.create_app(account, title) for title in ("one", "two")}
    adopt(address, tmp_path)
    account.call("DeleteAppDetail", AppId=apps["one"], Force="true")
    result, output = adopt(address, tmp_path)
    assert (result["vanished"], result["written"]) == (["one"], [])
    assert "no longer exists, and its files stay" in output
    assert (tmp_path / "inventory" / "host_vars" / "one" / "app.yml").exists()


def test_apps_are_adopted_in_portions(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    odd_account.create_full_apps(account)
    for chosen in (["full", "job"], ["twice"], ["bare"]):
        result, output = adopt(address, tmp_path, {"adopt_apps": chosen})
        assert result["compared"] == {"apps": len(chosen), "differences": [], "not_compared": []}, output
    hosts = yaml.safe_load((tmp_path / "inventory" / "hosts.yml").read_text())
    assert set(hosts["jst_apps"]["hosts"]) == {"full", "job", "twice", "bare"}
    # What one portion found is still listed after another.
    ignored = yaml.safe_load((tmp_path / "inventory" / "group_vars" / "jst_apps" / "unmanaged.yml").read_text())
    assert ignored["drift_ignore"]["environments"] == ["twice/production"]
    lists = yaml.safe_load((tmp_path / "inventory" / "unreadable.yml").read_text())["jst_unreadable"]["vars"]
    assert set(lists["not_described"]) == {"twice"}


def test_check_mode_writes_nothing_and_shows_what_it_would(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    odd_account.create_app(Account(address), "one")
    result, output = adopt(address, tmp_path, {}, "--check", "--diff")
    assert result["changed"] is True
    assert "host_vars/one/app.yml" in result["written"]
    assert "+application_title: one" in output
    assert "files would be written" in output
    assert not (tmp_path / "inventory").exists()
    adopt(address, tmp_path)
    result, _output = adopt(address, tmp_path, {}, "--check")
    assert (result["changed"], result["report"][-1]) == (False, "1 app, 0 differences")


def test_a_list_that_cannot_be_read_has_its_words(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    app = odd_account.create_app(account, "full")
    odd_account.create_environment(account, app, odd_account.create_config(account, app, "web"), "production")
    control(address, "faults", {"kind": "business", "action": "ListSlbAPs", "code": 1, "count": None})
    result, output = adopt(address, tmp_path)
    assert "Could not list the SLB access points of environment " in result["not_read"][0]["why"], output


def test_what_cannot_be_read_hides_nothing_else(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    for title in ("one", "two", "three"):
        odd_account.create_app(account, title)
    refused = {"kind": "business", "action": "ListDeployConfig", "code": 1, "message": "{{ 7 * 7 }} refused"}
    control(address, "faults", refused)
    result, output = adopt(address, tmp_path)
    assert result["failed"] is True
    [failure] = result["not_read"]
    assert "list the deploy configs of app" in failure["why"]
    assert "{{ 7 * 7 }} refused" in failure["why"]
    assert result["report"][-1] == "2 apps, 0 differences (1 other app of the account not compared)"
    assert "Not read: app" in output
    hosts = [path.name for path in (tmp_path / "inventory" / "host_vars").glob("[ot]*")]
    result, _output = adopt(address, tmp_path)
    assert result["report"][-1] == "3 apps, 0 differences"
    assert not [path for path in result["written"] for host in hosts if path.startswith(f"host_vars/{host}/")]


def test_groups_that_cannot_be_read_are_an_error(emulators: Emulators, tmp_path: Path) -> None:
    """The descriptions of apps would lack their groups."""
    address = emulators.fresh()
    odd_account.create_full_apps(Account(address))
    control(address, "faults", {"kind": "business", "action": "ListAppGroupMapping", "count": 99})
    result, _output = adopt(address, tmp_path)
    assert (result["failed"], "app group" in result["msg"]) == (True, True)
    assert not (tmp_path / "inventory").exists()


def test_a_cluster_is_named_where_its_title_is_unambiguous(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    account = Account(address)
    app = odd_account.create_app(account, "one")
    odd_account.create_environment(account, app, odd_account.create_config(account, app, "main"), "production")
    description = tmp_path / "inventory" / "host_vars" / "one" / "app.yml"
    result, output = adopt(address, tmp_path)
    assert result["report"][-1] == "1 app, 0 differences", output
    titles = {one["cluster_instance_id"]: one["title"] for one in control(address, "state")["clusters"]}
    assert f"    cluster: {titles[odd_account.ONLINE]}\n" in description.read_text()
    _records, output = run(address, tmp_path, "bring_up", "--check", "--limit", "one")
    assert [(one["changed"], one["failed"]) for one in recap(output).values()] == [(0, 0)], output
    # Another cluster with that title.
    name = {"kind": "rewrite", "action": "ListCluster", "value": titles[odd_account.ONLINE], "count": None}
    control(address, "faults", {**name, "path": ["Data", 1, "ClusterTitle"]})
    result, output = adopt(address, tmp_path)
    assert "host_vars/one/app.yml" in result["written"]
    assert f"cluster_id: {odd_account.ONLINE}" in description.read_text()
    assert result["report"][-1] == "1 app, 0 differences", output


def test_a_deploy_config_of_the_console(emulators: Emulators, tmp_path: Path) -> None:
    """The service does not list it, so its environment names it by its id."""
    address = emulators.fresh()
    account = Account(address)
    app = odd_account.create_app(account, "one")
    config = odd_account.create_config(account, app, "console")
    odd_account.create_environment(account, app, config, "production")
    other = {"kind": "rewrite", "action": "ListDeployConfig", "path": ["Data", 0, "Id"], "value": 39999, "count": None}
    control(address, "faults", other)
    result, output = adopt(address, tmp_path)
    assert result["report"][-1] == "1 app, 0 differences", output
    description = (tmp_path / "inventory" / "host_vars" / "one" / "app.yml").read_text()
    assert f"deploy_config_id: {config}" in description
    _records, output = run(address, tmp_path, "bring_up", "--check")
    assert [(one["changed"], one["failed"]) for one in recap(output).values()] == [(0, 0)]


def test_progress_stands_on_standard_error(emulators: Emulators, tmp_path: Path) -> None:
    """Standard output belongs to the callback, which may write JSON."""
    address = emulators.fresh()
    odd_account.create_app(Account(address), "one")
    command = [str(BIN / "ansible-playbook"), PLAYBOOK, "-e", f"adopt_directory={tmp_path / 'inventory'}"]
    variables = {**environment(), **access(address)}
    done = subprocess.run(command, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "[adopt] Read 1 of 1 apps" in done.stderr
    assert "[adopt]" not in done.stdout


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no directory is given": ({"adopt_directory": None}, "adopt_directory is null"),
    "an empty directory": ({"adopt_directory": ""}, "adopt_directory is empty"),
    "inside the collection": ({"adopt_directory": "COLLECTION"}, "inside the collection"),
    "not writable": ({"adopt_directory": "LOCKED"}, "Cannot write"),
    "a file": ({"adopt_directory": "FILE"}, "is not a directory"),
    "an unknown app": ({"adopt_apps": ["shpo"]}, "There is no app 'shpo'. Did you mean shop?"),
    "a database of an unknown app": ({"adopt_databases": {"shpo": [f"{MYSQL}/a"]}}, "no apps have that title or id"),
    "an unknown database": ({"adopt_databases": {"shop": [f"{MYSQL}/nothing"]}}, "neither a database nor an account"),
    "a list of directories": ({"adopt_directory": ["a", "b"]}, "a value of type list is not a string"),
    "a directory that is true": ({"adopt_directory": True}, "true is a boolean"),
    "an unknown variable": ({"adopt_app": ["shop"]}, "no variable adopt_app"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_an_error_before_anything_is_written(emulators: Emulators, tmp_path: Path, case: str) -> None:
    address = emulators.fresh()
    odd_account.create_app(Account(address), "shop")
    places = {
        "COLLECTION": str(Path(__file__).resolve().parents[2] / "playbooks" / "inventory"),
        "LOCKED": str(tmp_path / "locked" / "inventory"),
        "FILE": str(tmp_path / "file" / "inventory"),
    }
    (tmp_path / "locked").mkdir()
    (tmp_path / "locked").chmod(stat.S_IRUSR | stat.S_IXUSR)
    (tmp_path / "file").write_text("")
    if case == "not writable" and os.access(tmp_path / "locked", os.W_OK):
        places["LOCKED"] = "/proc/inventory"
    variables, message = BAD[case]
    given = {name: places.get(value, value) if isinstance(value, str) else value for name, value in variables.items()}
    _result, output = adopt(address, tmp_path, given)
    assert message in " ".join(output.split()), output
    assert not (tmp_path / "inventory").exists()
