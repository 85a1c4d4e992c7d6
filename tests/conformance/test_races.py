# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several hands at once: runs that want the same thing, and hands that change or take away what a task works on."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._core import duplicates
from tests.conformance.account import APP_ID, DEPLOY_CONFIG_ID, ENVIRONMENT_ID, HERE, ONLINE, Account, encoded
from tests.conformance.create_races import CREATE_RACES, LOST, CreateRace, run_race_with_lost_response
from tests.conformance.emulators import Emulators
from tests.conformance.in_process_runner import interfering, run_in_process
from tests.conformance.module_cases import APP, CLAIM, CONFIG, ENVIRONMENT, MYSQL, PLACE, deployment
from tests.conformance.parallel_runs import GROUP, ONE_OF_EACH, SERVICE, Runs, split_hosts, write_world
from tests.conformance.playbook_runner import COLLECTION, Recorded, control

# The hosts of each process, together twenty, and the processes that do all in one task.
CROWD = (8, 8, 1, 1, 1, 1)
IN_ONE_TASK = (1, 3, 5)
# Virtual seconds a second: a release takes long enough for all to meet it.
UNHURRIED = 10
GROUP_NAMES = {"BizCode": "JST", "Name": "storefronts"}
PORTS = {"PortMappings": [{"Name": "http", "Protocol": "TCP", "Port": 80, "TargetPort": "8080"}]}
LABEL = {"cluster": "emu-online", "key": "label.jst.com/role", "value": "web"}


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A world file with a key for everybody in the crowd."""
    return str(write_world(tmp_path_factory.mktemp("world"), sum(CROWD)))


def test_twenty_bring_up_one_app(keys: str, emulators: Emulators, tmp_path: Path) -> None:
    """They meet over everything that there is to make; one of each is left, and another run finds nothing to do."""
    address = emulators.fresh("canonical", "--world", keys, "--latency-ms", "10")
    control(address, "clock", {"scale": UNHURRIED})
    # Nobody goes on before all of them have seen that nothing is there.
    control(address, "barriers", {"action": "ListApp", "callers": sum(CROWD), "hold": "after", "max_wait_s": 300})
    runs = Runs(address, tmp_path)
    processes = split_hosts(CROWD, IN_ONE_TASK)
    for hosts in processes:
        runs.begin(hosts, f"{COLLECTION}.bring_up")
    counts = runs.end()
    assert len(counts) == sum(CROWD)
    [barrier] = control(address, "barriers")
    assert (barrier["met"], barrier["timed_out"]) == (1, 0), barrier

    calls = control(address, "calls")
    creations = [call["action"] for call in calls if call["action"].startswith("Create")]
    assert {call["access_key_id"] for call in calls} == {f"key-{number}" for number in range(sum(CROWD))}
    assert len(creations) > len(set(creations)), "they did not meet"
    state = control(address, "state")
    assert {table: len(state[table]) for table in ONE_OF_EACH} == dict.fromkeys(ONE_OF_EACH, 1)
    done = Counter(call["action"] for call in calls if call["kind"] == "write" and call["executed"])
    kept = {
        "CreateApp": "",
        "CreateAppGroup": "DeleteAppGroup",
        "BindGroup": "",
        "CreateDeployConfig": "DeleteDeployConfig",
        "CreateEnvironment": "DeleteAppEnvironment",
        "CreateService": "DeleteService",
        "CreateSlbAP": "",
        "CreatePersistentVolumeClaim": "",
        "CreateDb": "",
        "CreateAccount": "",
        "DeployApp": "",
    }
    assert {create: done[create] - done[delete] for create, delete in kept.items()} == dict.fromkeys(kept, 1)

    control(address, "calls", method="DELETE")
    runs.begin(dict(list(processes[0].items())[:1]), f"{COLLECTION}.bring_up")
    runs.begin(processes[-1], f"{COLLECTION}.bring_up")
    assert {count["changed"] for count in runs.end().values()} == {0}
    assert [call["action"] for call in control(address, "calls") if call["kind"] == "write"] == []


def test_two_slices_share_a_group_and_a_cluster(emulators: Emulators, tmp_path: Path) -> None:
    """Two slices of one job with other apps each: what they share is there once, and holds what both brought along."""
    account = Account(emulators.fresh("canonical", "--latency-ms", "20"), tmp_path)
    apps = {"cart": "i-emu-node-1", "stock": "i-emu-node-2", "fare": "i-emu-node-3"}
    tasks: list[dict[str, Any]] = [
        {f"{COLLECTION}.jst_app": {**APP, "title": "{{ inventory_hostname }}"}},
        {f"{COLLECTION}.jst_app_group": {**GROUP, "apps": ["{{ inventory_hostname }}", "shop"]}},
        {f"{COLLECTION}.jst_node_label": {**LABEL, "instance_ids": ["{{ node }}", "i-emu-node-1"]}},
        {f"{COLLECTION}.jst_resource_alloc": {**PLACE, "cluster": "emu-online"}},
    ]
    account.call("DeleteAppResourceAlloc", AppEnvId=ENVIRONMENT_ID)
    playbook = tmp_path / "slice.yml"
    played = {
        "hosts": "jst_apps",
        "gather_facts": False,
        "connection": "local",
        "vars": {"ansible_python_interpreter": "{{ ansible_playbook_python }}"},
        "tasks": [{"name": next(iter(one)), **one} for one in tasks],
    }
    playbook.write_text(yaml.safe_dump([played]))
    runs = Runs(account.address, tmp_path)
    slices: Sequence[dict[str, dict[str, str]]] = (
        {name: {"node": apps[name]} for name in ("cart", "fare")},
        {"stock": {"node": apps["stock"]}},
    )
    for _dummy in range(2):
        for hosts in slices:
            runs.begin(hosts, playbook)
        counts = runs.end()
    assert {count["changed"] for count in counts.values()} == {0}

    state = control(account.address, "state")
    assert [group["name"] for group in state["groups"]] == ["storefronts"]
    assert sorted(member["app_id"] for member in state["group_members"]) == sorted(
        app["app_id"] for app in state["apps"] if app["title"] in {*apps, "shop"}
    )
    assert [label["label_value"] for label in state["node_labels"]] == ["web"]
    assert sorted(one["instance_id"] for one in state["node_label_bindings"]) == sorted(apps.values())
    assert [one["env_id"] for one in state["allocations"]] == [ENVIRONMENT_ID]


# Two creations at once, in an order that the service's old lists bring about


@pytest.fixture
def account(emulators: Emulators, tmp_path: Path) -> Account:
    """An account with one environment."""
    return Account(emulators.fresh(), tmp_path)


SECONDS: tuple[tuple[str, str, str, dict[str, Any], str, dict[str, Any]], ...] = (
    (
        "jst_deploy_config",
        "ListDeployConfig",
        "CreateDeployConfig",
        {"AppId": APP_ID, "Name": "second", "EnvType": "online", "Deployment": encoded(deployment())},
        "deploy_configs",
        {**CONFIG, "name": "second"},
    ),
    (
        "jst_environment",
        "ListAppEnvironment",
        "CreateEnvironment",
        {
            "AppId": APP_ID,
            "AppSchemaId": DEPLOY_CONFIG_ID,
            "EnvName": "second",
            "EnvType": 1,
            "Region": "cn-zhangjiakou",
            "Replicas": 2,
        },
        "environments",
        {**ENVIRONMENT, "name": "second"},
    ),
    (
        "jst_app_group",
        "ListAppGroup",
        "CreateAppGroup",
        {"BizCode": "JST", "Name": "storefronts"},
        "groups",
        {**GROUP, "apps": []},
    ),
)


def test_the_second_of_one_name_is_taken_back(account: Account) -> None:
    """Who reads before the other creates, and creates after it, sees the other's thing in the end and keeps that."""
    for module, listing, create, parameters, table, options in SECONDS:
        before = len(control(account.address, "state")[table])
        # The first list lacks the other's thing, and the second one its own.
        account.fault("stale_read", listing, count=2)
        account.call(create, **parameters)
        done = run_in_process(account, module, **options)
        assert not done.result["failed"], done.result
        assert done.result["changed"] is False, done.result
        assert [write[:6] for write in done.writes] == ["Create", "Delete"]
        assert len(control(account.address, "state")[table]) == before + 1
        assert run_in_process(account, module, **options).writes == []


@pytest.mark.parametrize("race", CREATE_RACES, ids=str)
def test_two_runs_meet_and_an_answer_is_lost(race: CreateRace, emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    for fault in LOST:
        for after in (0, 1):
            run_race_with_lost_response(address, tmp_path, race, {**fault, "after": after})


def test_a_release_that_finishes_between_two_reads(account: Account) -> None:
    """An order of another run that is done by the time that this one has learnt what runs calls for no second one."""
    options = {**PLACE, "images": ["registry.example.com/shop:1.0"]}
    control(account.address, "clock", {"scale": 0})
    first = run_in_process(account, "jst_deployment", **options, wait=False)
    assert first.writes == ["DeployApp"]
    # While the answer is on its way, more time passes than the release takes.
    account.fault("delay", "DescribeAppEnvDeployBaseline", seconds=2)
    control(account.address, "clock", {"scale": 300})
    second = run_in_process(account, "jst_deployment", **options, wait_interval=0.2)
    assert not second.result["failed"], second.result
    assert (second.result["changed"], second.writes) == (False, [])
    assert len(account.orders()) == 1


def test_a_second_creation_that_is_refused(account: Account) -> None:
    """The service knows an app that the list does not show yet: it is the one that was wanted."""
    account.fault("stale_read", "ListApp")
    role = {"RoleName": "Owner", "UserId": "1001", "UserType": "TAOBAO"}
    account.call(
        "CreateApp",
        Title="cart",
        BizCode="JST",
        Language="Java",
        OperatingSystem="Linux",
        ServiceType="StoreApplication",
        UserRoles=[role],
    )
    options = {**APP, "title": "cart"}
    done = run_in_process(account, "jst_app", **options)
    assert (done.result["failed"], done.result["changed"], done.writes) == (False, False, ["CreateApp"]), done.result
    assert done.result["app"]["app_id"] == APP_ID + 1
    titles = [app["title"] for app in control(account.address, "state")["apps"]]
    assert titles == ["shop", "cart"]


# Taken away while a task waits for it

PATIENT = {"wait_timeout": 15, "wait_interval": 0.05}


def test_gone_while_a_task_waits_for_it(account: Account) -> None:
    """The task ends long before its time is up, and says what happened."""
    control(account.address, "clock", {"scale": 0})
    login = {"instance_id": MYSQL, "name": "shop", "password": "Canary-Password-1"}
    with interfering(
        account, "DescribeRdsAccounts", "DeleteRdsAccount", seen=4, DbInstanceId=MYSQL, AccountName="shop"
    ):
        done = run_in_process(account, "jst_rds_account", **login, **PATIENT)
    assert_gone(done, "account 'shop'")

    claim = {"AppId": APP_ID, "EnvId": ENVIRONMENT_ID, "PersistentVolumeClaimName": "media"}
    with interfering(account, "ListPersistentVolumeClaim", "DeletePersistentVolumeClaim", seen=4, **claim):
        done = run_in_process(account, "jst_persistent_volume_claim", **PLACE, **CLAIM, name="media", **PATIENT)
    assert_gone(done, "claim 'media'")

    deleted: dict[str, Any] = {"AppId": APP_ID, "EnvId": ENVIRONMENT_ID, "Force": True}
    with interfering(account, "DescribeDeployOrderDetail", "DeleteAppEnvironment", **deleted):
        done = run_in_process(account, "jst_deployment", **HERE, **PATIENT)
    assert_gone(done, "environment")


def test_an_app_that_goes_while_its_release_is_waited_for(account: Account) -> None:
    control(account.address, "clock", {"scale": 0})
    with interfering(account, "DescribeDeployOrderDetail", "DeleteAppDetail", AppId=APP_ID, Force=True):
        done = run_in_process(account, "jst_deployment", **HERE, **PATIENT)
    assert_gone(done, "environment")


def test_a_database_that_goes_while_it_is_waited_for(account: Account) -> None:
    """It is being deleted: it will not run by waiting."""
    place = {"DBInstanceId": MYSQL, "DBName": "shop"}
    database = {"instance_id": MYSQL, "name": "shop"}
    assert run_in_process(account, "jst_rds_db", **database, character_set="utf8mb4", **PATIENT).result["changed"]
    account.call("CreateAccount", DbInstanceId=MYSQL, AccountName="shop", AccountPassword="Canary-Password-1")
    account.advance(60)
    control(account.address, "clock", {"scale": 0})
    grant = {"privileges": [{"database": "shop", "privilege": "ReadOnly"}]}
    account.fault("stale_read", "DescribeRdsAccounts")
    account.call("DeleteDatabase", **place)
    done = run_in_process(account, "jst_rds_account", **database, password="Canary-Password-1", **grant, **PATIENT)
    assert done.result["failed"], done.result
    assert "Database shop is not Running but Deleting" in done.result["msg"]


def assert_gone(done: Recorded, *texts: str) -> None:
    """A task failed because of what somebody else took away, and knew it."""
    assert done.result["failed"], done.result
    assert "Gave up" not in done.result["msg"], done.result["msg"]
    assert all(text in done.result["msg"] for text in texts), done.result["msg"]
    assert re.search(r"no longer exists|not exist", done.result["msg"]), done.result["msg"]


# Changed by hand between the look and the write


def test_changed_between_the_look_and_the_write(account: Account) -> None:
    """What somebody else changed meanwhile stays, unless the task asks for it; the result shows what is there."""
    app = {name: value for name, value in APP.items() if name not in ("language", "user_roles")}
    account.fault("stale_read", "DescribeAppDetail")
    account.call("UpdateApp", AppId=APP_ID, Language="Python", Description="by hand")
    done = run_in_process(account, "jst_app", **app, description="by task")
    assert done.result["changed"] is True, done.result
    shown = done.result["app"]
    assert (shown["language"], shown["description"]) == ("Python", "by task")
    [kept] = control(account.address, "state")["apps"]
    assert (kept["language"], kept["description"]) == ("Python", "by task")

    account.fault("stale_read", "DescribeAppEnvironmentDetail")
    account.config("other", deployment())
    account.call("UpdateEnvironment", AppId=APP_ID, AppEnvId=ENVIRONMENT_ID, AppSchemaId=DEPLOY_CONFIG_ID + 1)
    done = run_in_process(account, "jst_environment", app="shop", name="production", replicas=3)
    assert done.result["environment"]["deploy_config_id"] == DEPLOY_CONFIG_ID + 1
    assert done.result["environment"]["replicas"] == 3

    service = {**PLACE, **SERVICE}
    made = run_in_process(account, "jst_service", **service).result["service"]
    account.fault("stale_read", "DescribeServiceDetail")
    ports = [{"Name": "http", "Protocol": "TCP", "Port": 80, "TargetPort": "8088"}]
    account.call("ModifyService", ServiceId=made["service_id"], Name="by hand", PortMappings=ports)
    done = run_in_process(account, "jst_service", **{**service, "name": "by task"})
    assert done.result["changed"] is True, done.result
    assert [port["target_port"] for port in done.result["service"]["port_mappings"]] == ["8080"]


def test_done_by_hand_between_the_look_and_the_write(account: Account) -> None:
    """Who comes too late to do something has not changed it, and does not fail over it either."""
    member = {"BizCode": "JST", "Name": "storefronts"}
    account.call("CreateAppGroup", **member)
    account.fault("stale_read", "ListAppGroupMapping")
    account.call("BindGroup", AppId=APP_ID, **member)
    joined = run_in_process(account, "jst_app_group", **GROUP, apps=["shop"])
    assert (joined.result["failed"], joined.result["changed"]) == (False, False), joined.result
    assert joined.writes == ["BindGroup"]
    assert joined.result["app_group"]["app_ids"] == [APP_ID]

    made = run_in_process(account, "jst_service", **PLACE, **SERVICE).result["service"]
    account.fault("stale_read", "ListServices")
    account.call("DeleteService", ServiceId=made["service_id"])
    gone = run_in_process(account, "jst_service", **PLACE, k8s_service_id="web", state="absent")
    assert (gone.result["failed"], gone.result["changed"]) == (False, False), gone.result
    assert gone.writes == ["DeleteService"]


def test_taken_away_by_hand_between_the_look_and_the_write(account: Account) -> None:
    """What is not there any more is not changed, and nothing is made in its place."""
    made = run_in_process(account, "jst_service", **PLACE, **SERVICE).result["service"]
    account.fault("stale_read", "ListServices")
    account.fault("stale_read", "DescribeServiceDetail")
    account.call("DeleteService", ServiceId=made["service_id"])
    done = run_in_process(account, "jst_service", **PLACE, **{**SERVICE, "name": "by task"})
    assert done.result["failed"], done.result
    assert "update service 'web'" in done.result["msg"]
    assert "does not exist" in done.result["msg"]
    assert done.writes == ["ModifyService"]
    assert control(account.address, "state")["services"] == []


def test_allocated_by_hand_between_the_look_and_the_write(account: Account) -> None:
    """An environment that another hand put on another cluster stays there, and the task says why it could not."""
    account.call("DeleteAppResourceAlloc", AppEnvId=ENVIRONMENT_ID)
    account.fault("stale_read", "DescribeAppResourceAlloc")
    account.fault("stale_read", "ListAppResourceAllocs")
    account.call("CreateAppResourceAlloc", AppId=APP_ID, AppEnvId=ENVIRONMENT_ID, ClusterId=ONLINE)
    done = run_in_process(account, "jst_resource_alloc", **PLACE, cluster="emu-online")
    assert (done.result["failed"], done.result["changed"]) == (False, False), done.result
    assert done.writes == ["CreateAppResourceAlloc"]
    assert done.result["resource_alloc"]["cluster_id"] == ONLINE


# Twins that are there for good


def test_a_later_run_that_meets_twins_says_what_to_do(account: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    """It names both ids and what uses each, removes none, and what it advises works."""
    monkeypatch.setattr(duplicates, "DUPLICATE_RECHECK_DELAYS", (0.01, 0.01))
    account.call("CreateAppGroup", **GROUP_NAMES)
    account.call("CreateAppGroup", **GROUP_NAMES)
    account.config("web", deployment())
    place = {"AppId": APP_ID, "AppSchemaId": DEPLOY_CONFIG_ID, "EnvType": 1, "Region": "cn-zhangjiakou"}
    account.call("CreateEnvironment", **place, EnvName="production", Replicas=1)
    account.call(
        "CreateService", EnvId=ENVIRONMENT_ID, K8sServiceId="web", Name="web", ServiceType="ClusterIP", **PORTS
    )
    first, second = DEPLOY_CONFIG_ID, DEPLOY_CONFIG_ID + 1
    for module, options, ids, told, absent in (
        (
            "jst_deploy_config",
            {"app": "shop", "name": "web", "env_type": "online"},
            [first, second],
            f"{first} (environment 'production', environment 'production'), {second} (nothing found that uses it)",
            {"app": "shop", "deploy_config_id": second},
        ),
        (
            "jst_service",
            {**PLACE, **SERVICE},
            [ENVIRONMENT_ID, ENVIRONMENT_ID + 1],
            f"{ENVIRONMENT_ID} (service 'web'), {ENVIRONMENT_ID + 1} (nothing found that uses it)",
            None,
        ),
        (
            "jst_environment",
            {"app": "shop", "name": "production", "replicas": 1},
            [ENVIRONMENT_ID, ENVIRONMENT_ID + 1],
            f"{ENVIRONMENT_ID} (service 'web'), {ENVIRONMENT_ID + 1} (nothing found that uses it)",
            {"app": "shop", "environment_id": ENVIRONMENT_ID + 1},
        ),
        ("jst_app_group", {**GROUP, "apps": ["shop"]}, [70001, 70002], "70001, 70002", {"app_group_id": 70002}),
    ):
        done = run_in_process(account, module, **options)
        assert done.result["failed"], done.result
        assert (done.result["error"]["code"], done.result["error"]["candidates"]) == ("AmbiguousName", ids)
        assert told in done.result["msg"]
        assert done.writes == []
        if absent:
            assert run_in_process(account, module, **absent, state="absent").result["changed"]
            assert not run_in_process(account, module, **options).result["failed"]
