# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role application compares first, and starts the tasks of the parts only where something is to be done."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.account import Account
from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import APP, MYSQL
from tests.conformance.playbook_runner import COLLECTION, WAITING, Recorded, control, run_playbook, run_tasks, task
from tests.conformance.test_application import FLEET, SHOP
from tests.conformance.test_bring_up import INVENTORY, PLAYBOOK, recap

ROLE = f"{COLLECTION}.application"
COMPARE, RESULT = f"{ROLE} : Compare the app with its description", f"{ROLE} : Keep the result"
# Ansible finds only tasks that are imported by their names, so this takes the tasks of all parts.
EVERY_TASK = ["--start-at-task", "Compare the app with its description"]
DESCRIBED = {f"application_{name}": value for name, value in SHOP.items() if name not in WAITING}
# An app that has nothing.
BARE: dict[str, Any] = {
    f"application_{name}": APP[name] for name in ("title", "biz_code", "language", "service_type", "user_roles")
}


def written(folder: Path, content: Any) -> str:
    """Write an inventory or a playbook, and return its name."""
    file = folder / ("inventory.yml" if isinstance(content, dict) else "play.yml")
    file.write_text(yaml.safe_dump(content, sort_keys=False), encoding="utf-8")
    return str(file)


def hosts(folder: Path, **described: dict[str, Any]) -> list[str]:
    """Return the arguments for an inventory of these apps."""
    return ["-i", written(folder, {"jst_apps": {"hosts": described}})]


def play(folder: Path, *tasks: dict[str, Any], **keywords: Any) -> str:
    """Write a playbook of some tasks."""
    common = {"hosts": "jst_apps", "connection": "local", "gather_facts": False, **keywords}
    return written(folder, [{**common, **({"tasks": list(tasks)} if tasks else {})}])


def result_of(records: Sequence[Recorded]) -> dict[str, Any]:
    """Return the last fact that the role leaves."""
    facts = [record.result["ansible_facts"] for record in records if "ansible_facts" in record.result]
    found: dict[str, Any] = [fact["application_result"] for fact in facts if "application_result" in fact][-1]
    return found


def managed(records: Sequence[Recorded]) -> list[str]:
    """Return the tasks of parts that ran."""
    used = [one for one in records if one.action == f"{COLLECTION}.jst_application" and not one.result.get("skipped")]
    return [one.task.removeprefix(f"{ROLE} : ") for one in used if one.task != COMPARE]


def test_an_app_as_described_costs_one_task(emulators: Emulators, tmp_path: Path) -> None:
    """In check mode too, and the role leaves what the tasks of the parts leave."""
    address = emulators.fresh()
    arguments = [*hosts(tmp_path, shop=DESCRIBED), PLAYBOOK]
    records, output = run_playbook(address, tmp_path, [*arguments, "-e", "application_parallelism=2"])
    assert recap(output)["shop"]["failed"] == 0, output
    assert "Manage the services, the access points and what runs" in managed(records)
    for further in ([], ["--check"], ["--diff"]):
        records, output = run_playbook(address, tmp_path, [*arguments, *further])
        counts = recap(output)["shop"]
        assert (counts["ok"], counts["changed"], counts["skipped"]) == (2, 0, 1), output
        assert [record.task for record in records if not record.result.get("skipped")] == [COMPARE, RESULT]
        in_parts, output = run_playbook(address, tmp_path, [*arguments, *further, *EVERY_TASK])
        assert "Manage the app" in managed(in_parts), output
        assert result_of(records) == result_of(in_parts)
        facts = [one.result["ansible_facts"] for one in (records[-1], in_parts[-1])]
        predicted = {"shop": ["production"]} if further == ["--check"] else None
        assert [one.get("__application_predicted") for one in facts] == [predicted, predicted]


def test_errors_of_variables_are_the_message(emulators: Emulators, tmp_path: Path) -> None:
    """Of the first task, whatever the tags, and before anything is read."""
    for tags in ([], ["--tags", "other"]):
        arguments = [*hosts(tmp_path, shop={**DESCRIBED, "application_misspelt": 1}), PLAYBOOK, *tags]
        [record], _output = run_playbook(emulators.fresh(), tmp_path, arguments)
        assert (record.task, record.calls) == (COMPARE, [])
        assert record.result["failed"]
        assert record.result["msg"].startswith("The role has no variable application_misspelt. It has: ")


def test_what_differs_is_shown_by_its_own_task(emulators: Emulators, tmp_path: Path) -> None:
    """The comparison counts for no change, shows no diff, and repeats no warning of the tasks that follow."""
    address = emulators.fresh()
    arguments = ["-i", str(INVENTORY), "--limit", "order-service", PLAYBOOK]
    foretold, output = run_playbook(address, tmp_path, [*arguments, "--check", "--diff"])
    [compared] = [record for record in foretold if record.task == COMPARE]
    changed = [record.task for record in foretold if record.result["changed"]]
    assert compared.result["changed"] is False
    assert "diff" not in compared.result
    assert not compared.result.get("warnings")
    assert recap(output)["order-service"]["changed"] == len(changed) > 3
    # A real run does not say what check mode assumes, though its comparison meets the same.
    records, output = run_playbook(address, tmp_path, arguments)
    assert "It is assumed" not in output
    assert [record.task for record in records if record.result["changed"]] == changed
    steps = [step for record in records if record.task != COMPARE for step in record.result.get("steps", [])]
    assert result_of(records)["steps"] == steps
    assert result_of(records)["changed"] is True


def test_a_comparison_that_fails_is_no_reason_to_leave_anything(emulators: Emulators, tmp_path: Path) -> None:
    """Nor to fail: the tasks of the parts read again. What they meet as well fails there."""
    account = Account(emulators.fresh(), tmp_path)
    [made] = account.run_tasks(task("make", "jst_application", SHOP))
    assert not made.result["failed"], made.result
    arguments = [*hosts(tmp_path, shop=DESCRIBED), PLAYBOOK]
    account.fault("business", "ListServices", message="no list today")
    records, output = run_playbook(account.address, tmp_path, arguments)
    [compared] = [record for record in records if record.task == COMPARE]
    assert "no list today" in compared.result["msg"]
    assert "Manage the services, the access points and what runs" in managed(records)
    counts = recap(output)["shop"]
    assert (counts["failed"], counts["ignored"], counts["changed"]) == (0, 0, 0), output
    assert result_of(records)["running"]["production"]["instances"]

    account.fault("business", "ListServices", message="no list today", count=99)
    records, output = run_playbook(account.address, tmp_path, arguments)
    [failed] = [record for record in records if record.result["failed"]]
    assert failed.task == f"{ROLE} : Manage the services, the access points and what runs", output
    assert "no list today" in failed.result["msg"]


def test_what_is_not_ready_is_awaited(emulators: Emulators, tmp_path: Path) -> None:
    """A database as described that is being created is something to wait for."""
    address = emulators.fresh()
    control(address, "clock", {"scale": 0})
    database = {"instance_id": MYSQL, "name": "orders", "character_set": "utf8mb4"}
    described = {**BARE, "application_databases": [database]}
    options = {name.removeprefix("application_"): value for name, value in described.items()}
    *begun, compared = run_tasks(
        address,
        tmp_path,
        [
            task("app", "jst_application", {**options, "databases": []}),
            task("begin", "jst_rds_db", {**database, "wait": False}),
            task("compare", "jst_application", options, check_mode=True),
        ],
    )
    assert not [record.result for record in begun if record.result["failed"]]
    assert (compared.result["changed"], compared.result["pending_parts"]) == (False, ["databases"])
    limited = {f"{COLLECTION}.jst_application": {"wait_timeout": 1, "wait_interval": 0.2}}
    arguments = [*hosts(tmp_path, shop=described), play(tmp_path, roles=[ROLE], module_defaults=limited)]
    records, output = run_playbook(address, tmp_path, arguments)
    [failed] = [record for record in records if record.result["failed"]]
    assert failed.task == f"{ROLE} : Manage the databases", output
    assert "Gave up waiting for database 'orders'" in failed.result["msg"]
    control(address, "clock", {"advance_s": 3600})
    records, output = run_playbook(address, tmp_path, arguments)
    assert recap(output)["shop"]["failed"] == 0, output
    assert managed(records) == []


@pytest.mark.parametrize("tag", ["mine", "service"])
def test_tags_of_the_role_itself(tag: str, emulators: Emulators, tmp_path: Path) -> None:
    """Every task has them, those of the parts too, also where a part has the same tag. Other tags start nothing."""
    address = emulators.fresh()
    arguments = hosts(tmp_path, shop=DESCRIBED)
    playbook = play(tmp_path, roles=[{"role": ROLE, "tags": [tag]}], vars={"application_parallelism": 2})
    records, _output = run_playbook(address, tmp_path, [*arguments, playbook, "--tags", "other"])
    assert [record.calls for record in records if record.calls] == []
    records, output = run_playbook(address, tmp_path, [*arguments, playbook, "--tags", tag])
    assert [record.result for record in records if record.result["failed"]] == []
    assert [config["name"] for config in control(address, "state")["deploy_configs"]] == ["web"], output
    run_playbook(address, tmp_path, [*arguments, playbook])
    records, _output = run_playbook(address, tmp_path, [*arguments, playbook, "--skip-tags", "deploy_config"])
    assert managed(records) == []
    assert [record.task for record in records if record.calls] == [COMPARE]


def test_tasks_can_be_named_and_listed(emulators: Emulators, tmp_path: Path) -> None:
    """A run that failed can begin again at the task of a part."""
    address = emulators.fresh()
    arguments = [*hosts(tmp_path, shop=DESCRIBED), PLAYBOOK]
    run_playbook(address, tmp_path, [*arguments, "--skip-tags", "service,slb_ap,release"])
    begin = ["--start-at-task", "Manage the services, the access points and what runs"]
    records, output = run_playbook(address, tmp_path, [*arguments, *begin])
    assert recap(output)["shop"]["failed"] == 0, output
    assert managed(records) == ["Manage the services, the access points and what runs"]
    assert result_of(records)["changed"] is True
    _records, output = run_playbook(address, tmp_path, [*arguments, "--list-tasks"])
    assert "Manage the volume claims\tTAGS: [volume]" in output
    _records, output = run_playbook(address, tmp_path, [*arguments, "--list-tags"])
    assert "slb_ap" in output


def test_one_host_for_several_apps(emulators: Emulators, tmp_path: Path) -> None:
    """What the role leaves is of its last app, whichever of them differed."""
    account = Account(emulators.fresh(), tmp_path)
    include = {"ansible.builtin.include_role": {"name": ROLE}, "vars": {"application_title": "{{ item }}"}}
    shown = {"ansible.builtin.debug": {"var": "application_result"}}
    playbook = play(tmp_path, {**include, "loop": ["new", "shop"]}, shown)
    described = {name: value for name, value in BARE.items() if name != "application_title"}
    arguments = [*hosts(tmp_path, one=described), playbook]
    records, output = run_playbook(account.address, tmp_path, arguments)
    assert recap(output)["one"]["changed"] == 1, output
    assert [app["title"] for app in control(account.address, "state")["apps"]] == ["shop", "new"]
    assert result_of(records)["changed"] is False
    assert result_of(records)["steps"] == []
    assert records[-1].result["application_result"] == result_of(records)


def test_a_comparison_predicts_nothing(emulators: Emulators, tmp_path: Path) -> None:
    """What a task would change counts for later ones, and what a task compares does not."""
    account = Account(emulators.fresh(), tmp_path)
    options = {name.removeprefix("application_"): value for name, value in BARE.items()}
    differing = task("compare", "jst_application", {**options, "description": "changed"})
    refused = task("delete", "jst_app", {"title": "shop", "state": "absent"})
    for comparing in (True, False):
        compared, deleted = account.run_tasks(
            {**differing, "vars": {"__jst_decides": "pending_parts"} if comparing else {}}, refused, options=["--check"]
        )
        assert compared.result["pending_parts"] == ["app"], compared.result
        assert deleted.result["failed"] is comparing, deleted.result


def test_fleet_and_bring_up_make_the_same_calls(emulators: Emulators, tmp_path: Path) -> None:
    """With nothing to change, for apps that share lists too."""
    address = emulators.fresh()
    run_playbook(address, tmp_path, ["-i", str(INVENTORY), FLEET])
    called = []
    for playbook in (FLEET, PLAYBOOK):
        records, _output = run_playbook(address, tmp_path, ["-i", str(INVENTORY), playbook])
        called.append(sorted(call["action"] for record in records for call in record.calls))
    assert called[0] == called[1]
