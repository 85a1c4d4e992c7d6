# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A whole app in one task: as the role has it, refused as a whole, interrupted, and brought to its end."""

from __future__ import annotations

import copy
import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import MODULE_CASES, WHOLE_ENVIRONMENT, WHOLE_SERVICE, deployment
from tests.conformance.playbook_runner import WAITING, control, run_playbook, run_tasks, task
from tests.conformance.test_bring_up import HOSTS, INVENTORY, PLAYBOOK, recap

FLEET = "jst.retailcloud.fleet"
[ROW] = [case for case in MODULE_CASES if case.module == "jst_application"]
SHOP: dict[str, Any] = {**ROW.key, **ROW.create, **WAITING}

# What the description has besides: (name of the mistake, options in place of others, words of the message).
MISTAKES: dict[str, tuple[dict[str, Any], str]] = {
    "unknown member": ({"group": {"name": "x", "nme": "x"}}, "nme"),
    "no such cluster": ({"environments": [{**WHOLE_ENVIRONMENT, "cluster": "emu-offline"}]}, "emu-offline"),
    "cluster of the other kind": ({"environments": [{**WHOLE_ENVIRONMENT, "cluster": "emu-test"}]}, "emu-test"),
    "no such deploy config": ({"environments": [{**WHOLE_ENVIRONMENT, "deploy_config": "wep"}]}, "wep"),
    "no such user": ({"user_roles": [{**SHOP["user_roles"][0], "user_id": "nobody"}]}, "no user 'nobody'"),
    "cluster of another domain": ({"biz_code": "SUPPLY", "group": None}, "of the business domain JST"),
    "strategy of another kind": (
        {
            "state_type": "stateful",
            "deploy_configs": [],
            "environments": [{**WHOLE_ENVIRONMENT, "release": {"update_strategy": "offline_old_then_online_new"}}],
        },
        "update_strategy only applies to stateless",
    ),
    "too many images": (
        {"environments": [{**WHOLE_ENVIRONMENT, "release": {"images": ["a:1", "b:1"]}}]},
        "Option images has 2 entries",
    ),
    "no cluster to release to": (
        {"environments": [{name: value for name, value in WHOLE_ENVIRONMENT.items() if name != "cluster"}]},
        "Environment 'production': Option release is set, but the environment has no cluster.",
    ),
    "port of two environments": (
        {"environments": [WHOLE_ENVIRONMENT, {**WHOLE_ENVIRONMENT, "name": "staging"}]},
        "Option slb_aps lists slb_id 'lb-emu-internet-1', listener_port 80 twice.",
    ),
    "no such database": (
        {"accounts": [{**SHOP["accounts"][0], "privileges": [{"database": "shp", "privilege": "ReadOnly"}]}]},
        "There is no database 'shp'",
    ),
    "environment twice": ({"environments": [WHOLE_ENVIRONMENT] * 2}, "lists name 'production' twice"),
    "service twice": (
        {"environments": [{**WHOLE_ENVIRONMENT, "services": [WHOLE_SERVICE] * 2}]},
        "services of environment 'production' lists k8s_service_id 'web' twice",
    ),
    "database twice": ({"databases": SHOP["databases"] * 2}, "twice"),
    "workload of another kind": ({"state_type": "cron_job"}, "does not fit an app with state_type cron_job"),
    "two workloads": (
        {"deploy_configs": [{**SHOP["deploy_configs"][0], "stateful_set": deployment()}]},
        "one of deployment, stateful_set only",
    ),
    "a document that is none": (
        {"deploy_configs": [{**SHOP["deploy_configs"][0], "deployment": "a: ["}]},
        "not valid YAML",
    ),
    "weak password": ({"accounts": [{**SHOP["accounts"][0], "password": "canary-secret"}]}, "Account 'shop' of rm-emu"),
    "no width": ({"parallelism": 0}, "application_parallelism) is 0"),
    "port out of range": (
        {"environments": [{**WHOLE_ENVIRONMENT, "slb_aps": [{**WHOLE_ENVIRONMENT["slb_aps"][0], "listener_port": 0}]}]},
        "SLB access point 'lb-emu-internet-1/0' of environment 'production': Option listener_port",
    ),
}


def world(address: str) -> dict[str, Any]:
    """What the emulator holds, without ids and moments: those depend on which of two calls came first."""

    def plain(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: plain(item) for name, item in value.items() if not name.endswith(("_id", "_at", "_ids"))}
        return sorted(map(plain, value), key=str) if isinstance(value, list) else value

    kept = ("apps", "groups", "databases", "accounts", "deploy_configs", "environments", "claims", "services")
    state = control(address, "state")
    result: dict[str, Any] = plain({name: state[name] for name in (*kept, "slb_access_points")})
    return result


def test_as_the_role_does(emulators: Emulators, tmp_path: Path) -> None:
    """What many tasks bring up and what one brings up are the same, and neither finds work after the other."""
    address = emulators.fresh()
    arguments = ["-i", str(INVENTORY)]
    records, output = run_playbook(address, tmp_path, [*arguments, PLAYBOOK])
    by_tasks = world(address)
    records, output = run_playbook(address, tmp_path, [*arguments, FLEET])
    assert {host: count["changed"] for host, count in recap(output).items()} == dict.fromkeys(HOSTS, 0), output
    assert [record.writes for record in records if record.writes] == []

    control(address, "reset", method="POST")
    records, output = run_playbook(address, tmp_path, [*arguments, FLEET, "--check"])
    assert all(count["changed"] and not count["failed"] for count in recap(output).values()), output
    assert [record.writes for record in records if record.writes] == []
    foretold = {record.host: record.result["steps"] for record in records if "steps" in record.result}
    records, output = run_playbook(address, tmp_path, [*arguments, FLEET])
    assert recap(output).keys() == HOSTS
    assert not any(count["failed"] for count in recap(output).values()), output
    assert not [line for line in output.splitlines() if line.startswith("skipping:")]
    done = {record.host: record.result["steps"] for record in records if "steps" in record.result}
    assert alone(done) == alone(foretold)
    assert world(address) == by_tasks

    switched = yaml.safe_dump({"application_in_one_task": True})
    (tmp_path / "switch.yml").write_text(switched)
    records, output = run_playbook(address, tmp_path, [*arguments, PLAYBOOK, "-e", f"@{tmp_path / 'switch.yml'}"])
    assert not any(count["changed"] or count["failed"] for count in recap(output).values()), output
    assert {record.action for record in records if record.calls} == {"jst.retailcloud.jst_application"}

    records, output = run_playbook(address, tmp_path, [*arguments, FLEET, "-e", "application_enviroments=[]"])
    assert "no variable application_enviroments" in output
    assert [record.task for record in records if record.calls] == []


def alone(steps: dict[str, list[str]]) -> dict[str, set[str]]:
    """What each host does for itself: who makes the group that they share is not to be foretold."""
    return {host: {step for step in listed if "app group" not in step} for host, listed in steps.items()}


def test_refused_as_a_whole(emulators: Emulators, tmp_path: Path) -> None:
    """Whatever is wrong is told before anything is written, in check mode too."""
    address = emulators.fresh()
    tasks = [
        task(f"{name}, check" if check_mode else name, "jst_application", {**SHOP, **options}, check_mode=check_mode)
        for name, (options, _dummy) in MISTAKES.items()
        for check_mode in (True, False)
    ]
    for record in run_tasks(address, tmp_path, tasks):
        assert record.result["failed"], record.task
        assert MISTAKES[record.task.partition(",")[0]][1] in record.result["msg"]
        if record.task == "no such cluster":
            assert "service 'web' of environment 'production'" in record.result["not_previewed"]
        assert "canary-secret" not in str(record.result)
        assert record.writes == [], record.task


def test_an_app_with_an_id_is_not_looked_for(emulators: Emulators, tmp_path: Path) -> None:
    """With many apps their list costs more than the rest. An id that is wrong is no reason to make another app."""
    address = emulators.fresh()
    (made,) = run_tasks(address, tmp_path, [task("make", "jst_application", SHOP)])
    known = {**SHOP, "app_id": made.result["application"]["app"]["app_id"]}
    same, other, none = run_tasks(
        address,
        tmp_path,
        [
            task("same", "jst_application", known),
            task("title of another", "jst_application", {**known, "title": "other"}),
            task("no such app", "jst_application", {**known, "app_id": 99999}),
        ],
    )
    assert same.result["changed"] is False
    assert same.result["application"]["app"] == made.result["application"]["app"]
    assert "ListApp" not in [call["action"] for call in same.calls]
    for record, words in ((other, "title"), (none, "99999")):
        assert record.result["failed"], record.result
        assert words in record.result["msg"]
        assert record.writes == []
    assert "application_app_id" in none.result["error"]["hint"]


def test_what_was_done_and_what_was_not(emulators: Emulators, tmp_path: Path) -> None:
    """A failure names both, and the next run makes the rest and nothing twice."""
    address = emulators.fresh()
    control(address, "faults", {"kind": "business", "action": "CreateService", "message": "no services today"})
    first, second, third = run_tasks(
        address, tmp_path, [task(name, "jst_application", SHOP) for name in ("first", "second", "third")]
    )
    assert (first.result["failed"], first.result["changed"]) == (True, True)
    done, left = first.result["msg"].split("Not done: ")
    assert "Could not create service 'web'" in done
    assert "no services today" in done
    assert "create environment 'production'" in done.split("Done before that: ")[1]
    assert "create service 'web'" in left
    assert "deploy to environment" in done.split("Done before that: ")[1]
    assert second.result["changed"], second.result
    assert not set(second.writes) & {"CreateApp", "CreateDeployConfig", "CreateEnvironment", "CreateDb"}
    assert second.writes[0] == "CreateService"
    assert third.result["changed"] is False
    assert third.writes == []


def test_every_failed_release_is_told_of_with_its_pods(emulators: Emulators, tmp_path: Path) -> None:
    """Two environments release at once. The task fails with both orders, each as the module of one release has it."""
    address = emulators.fresh()
    bad = copy.deepcopy(SHOP)
    bad["deploy_configs"][0]["deployment"] = deployment(image="registry.example.com/shop:2-crash")
    bad["environments"].append({**bad["environments"][0], "name": "staging", "slb_aps": []})
    [record] = run_tasks(address, tmp_path, [task("bad", "jst_application", bad)])
    assert (record.result["failed"], record.result["changed"]) == (True, True)
    assert record.writes.count("DeployApp") == 2
    message = record.result["msg"]
    done, begun = message.split("Begun, but not completed: ")
    assert "deploy to environment" not in done
    assert "create deploy config 'web/online'" in done.split("Done before that: ")[1]
    for error in record.result["errors"]:
        order = error["last_state"]
        [environment] = [name for name in ("production", "staging") if repr(name) in error["resource"]]
        failed = (
            f"Environment '{environment}': Deploy order {order['deploy_order_id']} ({order['name']!r}) ended as failed"
        )
        assert failed in message
        assert error["error"]["message"].startswith(failed)
        assert error["error"]["hint"] in message
        assert f"deploy to environment '{environment}'" in begun
        assert "Fatal: could not start" in order["failed_pods"][0]["log"]
        assert order["failed_pods"][0]["events"]
    assert len(record.result["errors"]) == 2


def test_an_edited_document_is_released(emulators: Emulators, tmp_path: Path) -> None:
    """Any other document is released, as another image and another config are; without a release it is due."""
    address = emulators.fresh()
    labelled = copy.deepcopy(SHOP)
    labelled["deploy_configs"][0]["deployment"]["metadata"]["labels"] = {"team": "shop"}
    imaged = copy.deepcopy(labelled)
    imaged["deploy_configs"][0]["deployment"] = deployment(image="registry.example.com/shop:1.1")
    moved = copy.deepcopy(imaged)
    moved["deploy_configs"].append({**moved["deploy_configs"][0], "name": "next"})
    moved["environments"][0]["deploy_config"] = "next"
    back = copy.deepcopy(moved)
    back["deploy_configs"] = back["deploy_configs"][1:]
    back["environments"][0]["deploy_config"] = "web"
    steps = {"shop": SHOP, "labelled": labelled, "imaged": imaged, "moved": moved, "moved back": back}
    tasks = [
        task(f"{name}{suffix}", "jst_application", options, check_mode=bool(suffix), diff=True)
        for name, options in steps.items()
        for suffix in (", check", "")
    ]
    records = {record.task: record for record in run_tasks(address, tmp_path, tasks)}
    assert not [name for name, record in records.items() if record.result["failed"]]
    due = {name: record.result["release_due"] for name, record in records.items()}
    assert not any(due.values())
    releases = {name for name, record in records.items() if "DeployApp" in record.writes}
    assert releases == {"shop", "labelled", "imaged", "moved", "moved back"}
    for name in steps:
        foretold, done = records[f"{name}, check"].result, records[name].result
        assert sorted(foretold["steps"]) == sorted(done["steps"]), name
        assert foretold["diff"] == done["diff"], name
    assert "update environment 'production'" in records["moved, check"].result["steps"]
    shown = {one["after_header"]: one["after"] for one in records["moved, check"].result["diff"]}
    assert "deploy_config: next" in shown["environment 'production' (app 'shop')"]


def test_a_described_deploy_config_that_an_environment_names_by_its_id(emulators: Emulators, tmp_path: Path) -> None:
    """What is released is what the description makes of it, and not what it is before."""
    address = emulators.fresh()
    by_id = copy.deepcopy(SHOP)
    by_id["environments"][0]["deploy_config"] = "30001"
    imaged = copy.deepcopy(by_id)
    imaged["deploy_configs"][0]["deployment"] = deployment(image="registry.example.com/shop:1.1")
    wrong = copy.deepcopy(imaged)
    containers = wrong["deploy_configs"][0]["deployment"]["spec"]["template"]["spec"]["containers"]
    containers.append({"name": "side", "image": "registry.example.com/side:1"})
    wrong["environments"][0]["release"] = {"images": ["registry.example.com/shop:1.1"]}
    made, foretold, refused, done = run_tasks(
        address,
        tmp_path,
        [
            task("made", "jst_application", SHOP),
            task("foretold", "jst_application", imaged, check_mode=True),
            task("refused", "jst_application", wrong),
            task("done", "jst_application", imaged),
        ],
    )
    assert not made.result["failed"], made.result
    assert foretold.result["steps"] == done.result["steps"]
    assert [step for step in done.result["steps"] if "deploy to environment" in step]
    assert "Option images has 1 entries, but the workload has 2 containers." in refused.result["msg"]
    assert refused.writes == []


@pytest.mark.parametrize("wait", [True, False])
def test_waits_share_a_deadline(wait: bool, emulators: Emulators, tmp_path: Path) -> None:
    """Whatever takes long, the task ends at its deadline; without waiting it leaves the release to itself."""
    address = emulators.fresh()
    control(address, "clock", {"scale": 0 if wait else 120})
    limited = {**SHOP, "wait": wait, "wait_timeout": 2 if wait else 60, "wait_interval": 0.2}
    [record] = run_tasks(address, tmp_path, [task("limited", "jst_application", limited)])
    control(address, "clock", {"scale": 120})
    if wait:
        assert record.result["failed"]
        assert re.search(r"Gave up waiting for .* after 2 s \(wait_timeout\)", record.result["msg"])
        assert "Raise wait_timeout of jst_application (for a role: in module_defaults)" in record.result["msg"]
        done, begun = record.result["msg"].split("Begun, but not completed: ")
        assert "Not done:" in begun
        assert "create database 'shop'" in begun.split("Not done:")[0]
        assert "create database 'shop'" not in done
        assert record.result["changed"] is True
        assert "create app 'shop'" in done.split("Done before that: ")[1]
    else:
        assert record.result["application"]["environments"][0]["deploy_order"]["status"] != "finished"


def test_fewer_calls_at_once_when_throttled(emulators: Emulators, tmp_path: Path) -> None:
    """A service that throttles every other call is not run against, and in the end has everything."""
    address = emulators.fresh()
    control(address, "faults", [{"kind": "throttle", "after": number * 3} for number in range(12)])
    first, second = run_tasks(address, tmp_path, [task(name, "jst_application", SHOP) for name in ("first", "second")])
    assert not first.result["failed"], first.result["msg"]
    assert [call["outcome"] for call in first.calls].count("fault:throttle") == 12
    assert second.result["changed"] is False
