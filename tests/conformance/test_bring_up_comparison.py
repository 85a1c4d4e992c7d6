# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Role application compares first, and starts the tasks of the parts only where something is to be done."""

from __future__ import annotations

import copy
import re
import socket
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.account import Account
from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import APP, MYSQL, deployment
from tests.conformance.playbook_runner import COLLECTION, WAITING, Recorded, control, run_playbook, run_tasks, task
from tests.conformance.test_application import FLEET, SHOP
from tests.conformance.test_bring_up import INVENTORY, PLAYBOOK, hunks, recap

ROLE = f"{COLLECTION}.application"
COMPARE, RESULT = f"{ROLE} : Compare the app with its description", f"{ROLE} : Keep the result"
# Ansible finds only tasks that are imported by their names, so this takes the tasks of all parts.
EVERY_TASK = ["--start-at-task", "Compare the app with its description"]
DESCRIBED = {f"application_{name}": value for name, value in SHOP.items() if name not in WAITING}
CONFIGS = "application_deploy_configs"
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
    return [name for _host, name in managed_of_hosts(records)]


def managed_of_hosts(records: Sequence[Recorded]) -> list[tuple[str, str]]:
    """Return the tasks of parts that ran, each with its host."""
    used = [one for one in records if one.action == f"{COLLECTION}.jst_application" and not one.result.get("skipped")]
    return [(one.host, one.task.removeprefix(f"{ROLE} : ")) for one in used if one.task != COMPARE]


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


def edited(**members: Any) -> dict[str, Any]:
    """Return the description with other members of its environment and deploy config."""
    described = copy.deepcopy(DESCRIBED)
    described["application_environments"][0].update(members.pop("environment", {}))
    described["application_deploy_configs"][0].update(members.pop("config", {}))
    return {**described, **members}


def secret(content: str) -> dict[str, Any]:
    """Return the options of a deploy config with one Secret."""
    return {
        "secrets": [
            {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "web"}, "stringData": {"token": content}}
        ]
    }


TRAFFIC = "Manage the services, the access points and what runs"
EDITS: dict[str, tuple[dict[str, Any], list[str]]] = {
    "app": (edited(application_description="changed"), ["Manage the app"]),
    "instances": (edited(environment={"replicas": 3}), ["Manage the environments", TRAFFIC]),
    "database": (
        edited(application_databases=[{"instance_id": MYSQL, "name": "orders", "character_set": "utf8mb4"}]),
        ["Manage the databases"],
    ),
    "secret": (edited(config=secret("second")), ["Manage the deploy configs", TRAFFIC]),
}


@pytest.fixture(scope="module")
def settled(emulators: Emulators, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of an account that has the app as described, with a Secret."""
    address, folder = emulators.fresh(), tmp_path_factory.mktemp("settled")
    _records, output = run_playbook(
        address, folder, [*hosts(folder, shop=edited(config=secret("first"))), FLEET, "-e", "application_parallelism=2"]
    )
    assert recap(output)["shop"]["failed"] == 0, output
    return address


@pytest.mark.parametrize("edit", EDITS)
def test_only_the_tasks_of_what_differs_start(edit: str, settled: str, tmp_path: Path) -> None:
    """They say and return what they do among the tasks of all parts. No task is shown as skipped."""
    described, expected = EDITS[edit]
    if edit != "secret":
        described = {**described, "application_deploy_configs": edited(config=secret("first"))[CONFIGS]}
    arguments = [*hosts(tmp_path, shop=described), PLAYBOOK, "--check", "--diff"]
    records, output = run_playbook(settled, tmp_path, arguments)
    assert managed(records) == expected, output
    counts = recap(output)["shop"]
    # Ansible counts each file that it includes.
    includes = 3 if len(expected) > 1 else 1
    assert (counts["ok"], counts["skipped"], counts["failed"]) == (2 + includes + len(expected), 0, 0), output
    assert "skipping" not in output
    in_parts, everything = run_playbook(settled, tmp_path, [*arguments, *EVERY_TASK])
    members = ("changed", "diff", "steps", "release_due", "closed_ports", "warnings", "changed_secrets")
    shown, among_all = (
        [(one.task, [one.result.get(name) for name in members]) for one in run if one.result["changed"]]
        for run in (records, in_parts)
    )
    assert shown == among_all
    assert {*managed(records)} < {*managed(in_parts)}
    assert hunks(output) == hunks(everything)
    # A task for what runs shows it as predicted, and the comparison as it is.
    results = [result_of(run) for run in (records, in_parts)]
    if TRAFFIC not in expected:
        assert results[0] == results[1]
    assert results[0]["steps"] == results[1]["steps"] != []


def test_a_changed_secret_is_released(emulators: Emulators, tmp_path: Path) -> None:
    """By the run that changes it, or named by it where releases are only reported, though nothing is pending there."""
    address = emulators.fresh()
    for content, on_change, writes in (
        ("first", "release", ["DeployApp"]),
        ("second", "release", ["DeployApp"]),
        ("third", "report", []),
    ):
        described = edited(config=secret(content), environment={"release": {"on_change": on_change}})
        records, output = run_playbook(address, tmp_path, [*hosts(tmp_path, shop=described), PLAYBOOK])
        assert recap(output)["shop"]["failed"] == 0, output
        done = [write for record in records for write in record.writes]
        assert [write for write in done if write == "DeployApp"] == writes, output
        assert managed(records)[-1] == TRAFFIC
    assert managed(records) == ["Manage the deploy configs", TRAFFIC]
    [due] = result_of(records)["release_due"]
    assert [reason["reason"] for reason in due["reasons"]] == ["secrets"]
    [warning] = records[-2].result["warnings"]
    assert "production" in warning
    # Nothing is pending, so that the comparison itself names what is due.
    same = {**described, "application_deploy_configs": [{**described[CONFIGS][0], "update_secrets": "on_create"}]}
    records, output = run_playbook(address, tmp_path, [*hosts(tmp_path, shop=same), PLAYBOOK])
    assert managed(records) == []
    assert result_of(records)["release_due"]
    assert records[0].result["warnings"]


def test_apps_that_differ_in_other_parts(emulators: Emulators, tmp_path: Path) -> None:
    """Each has its own tasks in the usual order, and apps that differ in the same parts share them."""
    address = emulators.fresh()
    config = {"name": "web", "env_type": "online", "deployment": deployment()}
    account = {"instance_id": MYSQL, "name": "shop", "password": "Shop-Password-1"}
    database = {"instance_id": MYSQL, "character_set": "utf8mb4"}
    bare = {name: {**BARE, "application_title": name} for name in ("one", "two", "three", "four", "five")}
    run_playbook(address, tmp_path, [*hosts(tmp_path, **bare), FLEET])
    further: dict[str, dict[str, Any]] = {
        "one": {"application_description": "changed", CONFIGS: [config]},
        "two": {"application_databases": [{**database, "name": "two"}], "application_accounts": [account]},
        "three": {CONFIGS: [config]},
        "four": {CONFIGS: [config]},
        "five": {"application_databases": [{**database, "name": "five"}], CONFIGS: [config]},
    }
    described = {name: {**values, **further[name]} for name, values in bare.items()}
    records, output = run_playbook(address, tmp_path, [*hosts(tmp_path, **described), PLAYBOOK])
    assert all(not counts["failed"] and not counts["skipped"] for counts in recap(output).values()), output
    done = managed_of_hosts(records)
    assert {name: [task for host, task in done if host == name] for name in bare} == {
        "one": ["Manage the app", "Manage the deploy configs"],
        "two": ["Manage the databases", "Manage the database accounts"],
        "three": ["Manage the deploy configs"],
        "four": ["Manage the deploy configs"],
        "five": ["Manage the databases", "Manage the deploy configs"],
    }
    assert output.count(" : Manage the deploy configs]") == 3, output
    assert output.count(" : Manage the databases]") == 1, output
    records, output = run_playbook(address, tmp_path, [*hosts(tmp_path, **described), PLAYBOOK])
    assert managed(records) == [], output


def test_results_are_those_of_one_app(emulators: Emulators, tmp_path: Path) -> None:
    """A task that ran for an app before on the same host counts for that app only."""
    account = Account(emulators.fresh(), tmp_path)
    include = {
        "ansible.builtin.include_role": {"name": ROLE},
        "vars": {
            "application_title": "{{ item.title }}",
            "application_databases": "{{ item.databases }}",
            "application_description": "{{ item.description }}",
        },
    }
    database = {"instance_id": MYSQL, "name": "orders", "character_set": "utf8mb4"}
    loop = [
        {"title": "shop", "databases": [database], "description": "one"},
        {"title": "new", "databases": [], "description": "two"},
    ]
    playbook = play(tmp_path, {**include, "loop": loop})
    described = {name: value for name, value in BARE.items() if name != "application_title"}
    records, output = run_playbook(account.address, tmp_path, [*hosts(tmp_path, one=described), playbook])
    assert recap(output)["one"]["failed"] == 0, output
    assert managed(records) == ["Manage the app", "Manage the databases", "Manage the app"]
    assert result_of(records)["steps"] == ["create app 'new'"]


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


@pytest.fixture(scope="module")
def silent() -> Iterator[str]:
    """Return the address of a server that accepts connections and responds to nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


SHOWN = ("failed", "unreachable", "changed", "msg", "warnings")
LIMITS = {"retry_timeout": 1, "connect_timeout": 1, "read_timeout": 0.5}
# How a service is that nothing can be done with: settings of the run, a fault, and words of the message.
UNREACHABLE: dict[str, tuple[dict[str, str], dict[str, Any], str]] = {
    "refused": ({"ALIBABA_CLOUD_ENDPOINT": "http://127.0.0.1:1"}, {}, "connection refused"),
    "silent": ({"ALIBABA_CLOUD_ENDPOINT": "silent"}, {}, "no response from"),
    "wrong secret": ({"ALIBABA_CLOUD_ACCESS_KEY_SECRET": "wrong"}, {}, "SignatureDoesNotMatch"),
    "no secret": ({"ALIBABA_CLOUD_ACCESS_KEY_SECRET": ""}, {}, "access_key_secret"),
    "throttled": ({}, {"kind": "throttle"}, "Throttling"),
    "overloaded": ({}, {"kind": "unavailable"}, "ServiceUnavailable"),
}


@pytest.mark.parametrize("purge", [False, True])
@pytest.mark.parametrize("case", UNREACHABLE)
def test_a_service_that_does_not_respond_is_tried_once(
    case: str, purge: bool, settled: str, silent: str, tmp_path: Path
) -> None:
    """The comparison fails with the message that the first task of a part would have, and no other task starts."""
    settings, fault, words = UNREACHABLE[case]
    environment = {name: silent if value == "silent" else value for name, value in settings.items()}
    limited = {f"{COLLECTION}.jst_application": LIMITS}
    described = {**DESCRIBED, "application_purge": ["services"] if purge else []}
    arguments = [*hosts(tmp_path, shop=described), play(tmp_path, roles=[ROLE], module_defaults=limited)]
    if fault:
        control(settled, "faults", {**fault, "action": "*", "count": None})
    try:
        records, output = run_playbook(settled, tmp_path, arguments, environment=environment)
        first = ["--start-at-task", "Manage the app"]
        by_part, _output = run_playbook(settled, tmp_path, [*arguments, *first], environment=environment)
    finally:
        control(settled, "faults", method="DELETE")
    [record], [expected] = records, by_part
    assert record.task == COMPARE
    assert words in record.result["msg"]
    counts = recap(output)["shop"]
    assert (counts["ok"], counts["failed"], counts["unreachable"], counts["skipped"]) == (0, 1, 0, 0), output
    shown = [
        [re.sub(r"tried \d+ times in \d+ s", "", str(one.result.get(name))) for name in SHOWN]
        for one in (record, expected)
    ]
    assert shown[0] == shown[1]
    assert record.result["error"]["code"] == expected.result["error"]["code"]


def test_an_operation_that_does_not_respond_prevents_nothing_else(emulators: Emulators, tmp_path: Path) -> None:
    """Though the service has responded to others, the comparison ends. The tasks of other parts still do their work."""
    account = Account(emulators.fresh(), tmp_path)
    limited = {f"{COLLECTION}.jst_application": LIMITS}
    arguments = [*hosts(tmp_path, shop=DESCRIBED), play(tmp_path, roles=[ROLE], module_defaults=limited)]
    account.fault("unavailable", "ListServices", count=None)
    records, output = run_playbook(account.address, tmp_path, arguments)
    [failed] = [record for record in records if record.result["failed"]]
    assert failed.task == f"{ROLE} : {TRAFFIC}", output
    assert managed(records)[0] == "Manage the app"
    assert "CreateDb" in [write for record in records for write in record.writes]


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


def test_an_id_is_known_for_one_use_of_the_role(emulators: Emulators, tmp_path: Path) -> None:
    """The app of the same title may be another one by the next use: here it was deleted meanwhile."""
    account = Account(emulators.fresh(), tmp_path)
    include = {"ansible.builtin.include_role": {"name": ROLE}}
    deleted = task("delete", "jst_app", {"title": "new", "state": "absent"})
    arguments = [*hosts(tmp_path, one={**BARE, "application_title": "new"}), play(tmp_path, include, deleted, include)]
    records, output = run_playbook(account.address, tmp_path, arguments)
    assert recap(output)["one"]["failed"] == 0, output
    assert [app["title"] for app in control(account.address, "state")["apps"]] == ["shop", "new"]
    assert result_of(records)["changed"] is True


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
