# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances: rebuilt, listed, taken offline, and what they run by the word of the baseline."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.account import APP_ID, DEPLOY_CONFIG_ID, ENVIRONMENT_ID, HERE, Account
from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import deployment
from tests.conformance.playbook_runner import Recorded, control, task

OLD, NEW = "registry.example.com/shop:1.0", "registry.example.com/shop:1.1"
NAMED = {"app": "shop", "name": "production"}


def with_resources() -> dict[str, Any]:
    """A Deployment that says what its container needs."""
    document = deployment()
    document["spec"]["template"]["spec"]["containers"][0]["resources"] = {
        "requests": {"cpu": "500m", "memory": "1Gi"},
        "limits": {"cpu": "1", "memory": "2Gi"},
    }
    return document


@pytest.fixture
def account(emulators: Emulators, tmp_path: Path) -> Account:
    """An account whose environment runs two instances."""
    made = Account(emulators.fresh(), tmp_path, document=with_resources())
    made.deployed(OLD)
    return made


# Rebuilt


def rebuild(account: Account, instance: str, **options: Any) -> Recorded:
    """Rebuild an instance."""
    return account.run("jst_app_instance", **HERE, instance=instance, state="rebuilt", **options)


@pytest.mark.parametrize("keeps", [True, False], ids=["keeps its id", "gets another id"])
def test_every_run_rebuilds(keeps: bool, emulators: Emulators, tmp_path: Path) -> None:
    world = tmp_path / "world.yml"
    world.write_text(f"settings: {{rebuild_keeps_instance_id: {str(keeps).lower()}}}\n")
    account = Account(emulators.fresh("canonical", "--world", str(world)), tmp_path)
    account.deployed(OLD)
    before, other = account.instances()
    old = before["app_instance_id"]
    account.advance(60)
    preview = rebuild(account, old, check=True)
    assert (preview.result["changed"], preview.writes) == (True, [])
    assert preview.result["app_instance"]["instance"] == old
    assert yaml.safe_load(preview.result["diff"]["before"]) == {"instance": old, "rebuilt": False}
    assert yaml.safe_load(preview.result["diff"]["after"]) == {"instance": old, "rebuilt": True}
    instance = old
    for _dummy in range(2):
        done = rebuild(account, instance)
        assert (done.result["changed"], done.writes) == (True, ["RebuildAppInstance"])
        instance = done.result["app_instance"]["instance"]
        assert done.result["app_instance"]["status"] == "Normal"
    assert (instance == old) is keeps
    after = {one["app_instance_id"]: one["create_time"] for one in account.instances()}
    assert after.keys() == {instance, other["app_instance_id"]}
    assert after[instance] > before["create_time"]
    assert after[other["app_instance_id"]] == other["create_time"]


def test_an_instance_that_has_not_changed_yet_is_waited_for(account: Account) -> None:
    """The first read after the call may still show it as it was, normal."""
    control(account.address, "clock", {"scale": 10})
    old = account.instances()[0]
    account.advance(60)
    account.fault("stale_read", "ListAppInstance", after=1, count=2)
    done = rebuild(account, old["app_instance_id"])
    assert done.result["app_instance"]["create_time"] > f"{old['create_time']}Z"
    assert done.result["app_instance"]["status"] == "Normal"


def test_without_waiting_the_instance_is_told(account: Account) -> None:
    control(account.address, "clock", {"scale": 0})
    instance = account.instances()[0]["app_instance_id"]
    done = rebuild(account, instance, wait=False)
    assert done.result["changed"] is True, done.result
    assert done.result["app_instance"]["status"] == "Starting"


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
def test_a_lost_answer_rebuilds_all_the_same(kind: str, account: Account) -> None:
    old = account.instances()[0]
    account.advance(60)
    account.fault(kind, "RebuildAppInstance")
    done = rebuild(account, old["app_instance_id"])
    assert done.result["changed"] is True, done.result
    assert account.instances()[0]["create_time"] > old["create_time"]
    assert len([call for call in done.calls if call["kind"] == "write" and call["executed"]]) == 1


@pytest.mark.parametrize("check", [True, False], ids=["check", "real"])
def test_an_instance_that_is_not_there(check: bool, account: Account) -> None:
    failed = rebuild(account, "nobody", check=check)
    assert failed.result["msg"] == "There is no app instance 'nobody' in environment 'production' of app 'shop'."
    assert failed.writes == []


def test_an_instance_of_an_environment_to_come(account: Account) -> None:
    options = {"app": "shop", "environment": "nowhere", "instance": "somebody", "state": "rebuilt"}
    preview, failed = account.run_tasks(
        task("check", "jst_app_instance", options, check_mode=True), task("real", "jst_app_instance", options)
    )
    assert preview.result["changed"] is True, preview.result
    assert preview.result["app_instance"]["instance"] == "somebody"
    assert failed.result["msg"] == "There is no environment 'nowhere' in app 'shop', only 'production'."


# Listed


@pytest.mark.parametrize("answers", ["canonical", "sample"])
def test_instances_are_listed(answers: str, emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(answers), tmp_path, document=with_resources())
    account.deployed(OLD)
    first, second = (instance["app_instance_id"] for instance in account.instances())
    control(account.address, "clock", {"scale": 0})
    account.call("RebuildAppInstance", AppId=APP_ID, EnvId=ENVIRONMENT_ID, AppInstanceId=first)
    cases: list[tuple[dict[str, Any], list[str]]] = [
        ({}, [first, second]),
        ({"instance": second}, [second]),
        ({"instance": "nobody"}, []),
        ({"status": "Starting"}, [first]),
        ({"status": ["Normal", "Starting"]}, [first, second]),
        ({"status": ["Failed"]}, []),
        ({"status": "Normal", "instance": first}, []),
    ]
    records = account.run_tasks(
        *(task(str(options), "jst_app_instance_info", {**HERE, **options}) for options, _dummy in cases)
    )
    for record, (options, expected) in zip(records, cases, strict=True):
        assert [instance["instance"] for instance in record.result["app_instances"]] == expected, options
        assert record.result["changed"] is False
    shown = records[1].result["app_instances"][0]
    create_time = shown.pop("create_time")
    assert create_time.endswith("Z")
    assert shown == {
        "app_id": APP_ID,
        "environment_id": ENVIRONMENT_ID,
        "instance": second,
        "status": "Normal",
        "health": "RUNNING",
        "version": "1.0",
        "restart_count": 0,
        "pod_ip": "172.20.0.11",
        "host_ip": "192.168.48.2",
        "requests": "0.5vcpu 1GB",
        "limits": "1vcpu 2GB",
        "spec": "1vcpu 2GB",
    }


@pytest.mark.parametrize("answers", ["canonical", "sample"])
def test_logs_of_instances(answers: str, emulators: Emulators, tmp_path: Path) -> None:
    """The last lines of each container, and null with the reason where the service rejects the call."""
    account = Account(emulators.fresh(answers), tmp_path, document=with_resources())
    account.deployed(OLD)
    first, second = (instance["app_instance_id"] for instance in account.instances())
    usual, ids = account.run_tasks(
        task("usual", "jst_app_instance_info", {**HERE, "log": True}),
        task(
            "ids",
            "jst_app_instance_info",
            {"app_id": APP_ID, "environment_id": ENVIRONMENT_ID, "instance": second, "log": True, "lines": 1},
        ),
    )
    calls = [call["params"] for call in usual.calls if call["action"] == "DescribePodContainerLogList"]
    assert [(call["PodName"], call["Line"]) for call in calls] == [(first, 200), (second, 200)]
    for instance in usual.result["app_instances"]:
        ((container, content),) = (tuple(log.values()) for log in instance["log"])
        assert container == "web"
        assert len(content.splitlines()) > 1
    (last,) = ids.result["app_instances"][0]["log"]
    assert last == {
        "container": "web",
        "content": usual.result["app_instances"][1]["log"][0]["content"].splitlines()[-1],
    }
    assert ids.writes == []

    account.fault("business", "DescribePodContainerLogList", message="the node is gone", count=1)
    gone, alone, none, plain = account.run_tasks(
        task("gone", "jst_app_instance_info", {**HERE, "log": True}),
        task("alone", "jst_app_instance_info", {**HERE, "lines": 5}),
        task("none", "jst_app_instance_info", {**HERE, "log": True, "lines": 0}),
        task("plain", "jst_app_instance_info", HERE),
    )
    assert [instance["log"] is None for instance in gone.result["app_instances"]] == [True, False]
    (warning,) = gone.result["warnings"]
    assert f"There is no log of the containers of pod {first!r}: the node is gone" in warning
    assert "Option lines needs log: true." in alone.result["msg"]
    assert "Option lines is 0, but has to be at least 1." in none.result["msg"]
    assert "log" not in plain.result["app_instances"][0]


# Taken offline


@pytest.mark.parametrize("answers", ["canonical", "sample"])
def test_an_environment_is_taken_offline_once(answers: str, emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(answers), tmp_path)
    account.deployed(OLD)
    options = {**NAMED, "state": "offline"}
    tasks = [
        task("check", "jst_environment", options, check_mode=True, diff=True),
        task("real", "jst_environment", options, diff=True),
        task("again", "jst_environment", options, diff=True),
        task("again, check", "jst_environment", options, check_mode=True, diff=True),
    ]
    records = account.run_tasks(*tasks)
    assert [record.result["changed"] for record in records] == [True, True, False, False]
    assert [record.writes for record in records] == [[], ["OfflineAppEnvironment"], [], []]
    preview, done, *repeated = records
    assert preview.result["diff"] == done.result["diff"]
    assert yaml.safe_load(done.result["diff"]["before"])["instances"] == 2
    assert yaml.safe_load(done.result["diff"]["after"])["instances"] == 0
    for record in repeated:
        assert record.result["diff"]["before"] == record.result["diff"]["after"]
    for record in records:
        assert record.result["environment"]["environment_id"] == ENVIRONMENT_ID
        assert record.result["environment"]["replicas"] == 2
    assert account.instances() == []


@pytest.mark.parametrize("delete_pvc", [True, False])
def test_claims_go_only_if_wanted(delete_pvc: bool, account: Account) -> None:
    options = {**NAMED, "state": "offline", "delete_pvc": delete_pvc}
    (done,) = account.run_tasks(task("offline", "jst_environment", options))
    [call] = [call for call in done.calls if call["action"] == "OfflineAppEnvironment"]
    assert call["params"] == {"AppId": APP_ID, "EnvId": ENVIRONMENT_ID, "DeletePvc": delete_pvc}


@pytest.mark.parametrize("kind", ["drop_after", "drop_before"])
def test_a_lost_answer_takes_offline_all_the_same(kind: str, account: Account) -> None:
    account.fault(kind, "OfflineAppEnvironment")
    (done,) = account.run_tasks(task("offline", "jst_environment", {**NAMED, "state": "offline"}))
    assert done.result["changed"] is True, done.result
    assert account.instances() == []


def test_an_environment_that_is_not_there_cannot_be_taken_offline(account: Account) -> None:
    tasks = []
    for name, key in (("name", {"name": "nowhere"}), ("id", {"environment_id": 20099})):
        options = {"app": "shop", "state": "offline", **key}
        tasks.append(task(name, "jst_environment", options))
        tasks.append(task(f"{name}, check", "jst_environment", options, check_mode=True))
    by_name, preview, by_id, preview_by_id = account.run_tasks(*tasks)
    assert by_name.result["msg"] == "There is no environment 'nowhere' in app 'shop'."
    assert by_id.result["msg"] == "There is no environment 20099 in app 'shop'."
    for record in (preview, preview_by_id):
        assert not record.result["failed"], record.result
        assert record.result["environment"] is None
        assert "A real run is assumed to create it first" in record.result["warnings"][0]


# The baseline


@pytest.mark.parametrize("answers", ["canonical", "sample"])
def test_the_baseline_is_shown_on_request(answers: str, emulators: Emulators, tmp_path: Path) -> None:
    account = Account(emulators.fresh(answers), tmp_path)
    ask = task("ask", "jst_environment_info", {"app": "shop", "baseline": True})
    look = task("look", "jst_environment_info", {"app": "shop"})
    both = task("both", "jst_environment_info", {**NAMED, "baseline": True, "details": True})
    shown = []
    for deployed in ({}, {"ContainerImageList": [NEW]}, {"DeployPacketId": 2001}):
        if deployed:
            account.deployed(OLD, **{"ContainerImageList": None, **deployed})
        asked, looked, detailed = account.run_tasks(ask, look, both)
        [environment] = asked.result["environments"]
        assert "baseline" not in looked.result["environments"][0]
        assert detailed.result["environments"][0]["baseline"] == environment["baseline"]
        assert detailed.result["environments"][0]["replicas"] == 2
        if environment["baseline"] is not None:
            assert environment["baseline"].pop("create_time").endswith("T00:00:00Z")
        shown.append(environment["baseline"])
    empty = dict.fromkeys(("packet_id", "packet_url", "packet_comment", "image"))
    package = {"packet_id": 2001, "packet_comment": "shop 1.0.0"}
    url = "https://packets.emulator.example/shop-1.0.0.jar"
    assert shown == [
        None,
        {**empty, "deploy_config_id": DEPLOY_CONFIG_ID, "image": NEW},
        {**empty, "deploy_config_id": DEPLOY_CONFIG_ID, **package, "packet_url": url},
    ]
