# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The default world, world files, copies and snapshots."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from jst_emulator.clock import VirtualClock
from jst_emulator.world import DEFAULT_WORLD, load
from jst_emulator.world_file import WorldFileError
from support.direct_account import MYSQL, ONLINE, SQL_SERVER, TEST, DirectAccount, workload


def test_starting_world_holds_what_documentation_names() -> None:
    account = DirectAccount()
    users = {one["UserId"]: one["UserType"] for one in account.call("ListUsers")}
    assert users == {"1001": "TAOBAO", "1002": "TAOBAO", "dt-1003": "DING_TALK"}
    clusters = {one["InstanceId"]: one for one in account.call("ListCluster")}
    assert {name: one["ClusterTitle"] for name, one in clusters.items()} == {ONLINE: "emu-online", TEST: "emu-test"}
    assert clusters[ONLINE]["EcsIds"] == ["i-emu-node-1", "i-emu-node-2", "i-emu-node-3"]
    assert clusters[TEST]["EcsIds"] == ["i-emu-node-4", "i-emu-node-5"]
    for cluster in clusters.values():
        assert (cluster["VpcId"], cluster["VswitchIds"]) == ("vpc-emu-1", ["vsw-emu-1", "vsw-emu-2"])
        assert (cluster["RegionId"], cluster["BusinessCode"], cluster["Status"]) == ("cn-zhangjiakou", "JST", "running")
    assert [one["InstanceId"] for one in account.call("ListCluster", EnvType="PRO")] == [ONLINE]
    spare = [one["InstanceId"] for one in account.call("ListAvailableClusterNode", ClusterInstanceId=ONLINE)]
    assert spare == [f"i-emu-spare-{number}" for number in range(1, 5)]
    for instance in (MYSQL, SQL_SERVER):
        assert len(account.call("GetRdsBackUp", DbInstanceId=instance)["Items"]) == 2
        assert account.call("DescribeDatabases", InstanceId=instance) == {"Databases": []}
    state = account.world.snapshot()
    assert {one["slb_id"]: one["network_mode"] for one in state["slbs"]} == {
        "lb-emu-internet-1": "internet",
        "lb-emu-intranet-1": "intranet",
    }
    assert [one["cert_id"] for one in state["certificates"]] == ["ssl-emu-1"]
    assert [one["packet_id"] for one in state["packets"]] == [2001, 2002, 2003, 2004]
    assert [one["domain"] for one in state["mount_targets"]] == ["emu-1.cn-zhangjiakou.nas.aliyuncs.com"]
    assert account.call("ListApp") == []


def test_default_credentials() -> None:
    (pair,) = DirectAccount().world.credentials
    assert (pair["access_key_id"], pair["access_key_secret"]) == ("emulator-key-id", "emulator-key-secret")
    assert (pair["active"], pair["deny"], pair["security_token"], pair["expires"]) == (True, [], None, None)


def test_same_calls_give_the_same_state() -> None:
    def state() -> dict[str, Any]:
        account = DirectAccount()
        _dummy, _dummy, env_id = account.stack()
        account.deploy(env_id)
        account.wait(30)
        return account.world.snapshot()

    assert state() == state()


def test_ids_count_up_and_are_never_given_twice() -> None:
    account = DirectAccount()
    first = account.app("a")
    account.call("DeleteAppDetail", AppId=first)
    assert (first, account.app("b")) == (10001, 10002)
    schema_id = account.config(10002)
    env_id = account.environment(10002, schema_id)
    assert (schema_id, env_id, account.deploy(env_id)) == (30001, 20001, 60001)
    assert account.call("CreateAppGroup", BizCode="JST", Name="g")["AppGroupId"] == 70001
    assert account.call("DescribeAppResourceAlloc", AppEnvId=env_id)["Id"] == 80001


def test_snapshot_is_json_without_secrets() -> None:
    account = DirectAccount()
    account.call("CreateAccount", DbInstanceId=MYSQL, AccountName="shop", AccountPassword="Hidden-word-1")
    app_id = account.app()
    account.config(app_id, SecretList=["kind: Secret\nstringData: {k: hidden-word-2}"])
    text = json.dumps(account.world.snapshot())
    for secret in ("Hidden-word-1", "hidden-word-2", "emulator-key-secret", "Emulator-node-pw"):
        assert secret not in text
    assert text.count("********") >= 5


def test_snapshot_is_a_world_file() -> None:
    account = DirectAccount()
    app_id, _dummy, env_id = account.stack()
    account.deploy(env_id, TotalPartitions=2, PauseType="first")
    account.wait(15)
    again = DirectAccount(json.loads(json.dumps(account.world.snapshot())))
    assert again.call("ListApp") == account.call("ListApp")
    assert again.order(60001)["Status"] == 2
    again.call("ResumeDeploy", DeployOrderId=60001)
    again.wait(10)
    assert len(again.call("ListAppInstance", AppId=app_id, EnvId=env_id)) == 3
    assert again.app("next") == app_id + 1


def test_a_copy_shares_only_the_clock() -> None:
    account = DirectAccount()
    twin = copy.deepcopy(account.world)
    account.app()
    assert (len(account.world.apps), len(twin.apps)) == (1, 0)
    assert twin.clock is account.world.clock


def test_a_key_of_a_world_file_takes_the_place_of_the_default() -> None:
    account = DirectAccount(
        {"users": [{"user_id": "7", "user_type": "TAOBAO"}], "settings": {"durations": {"batch": 1}}}
    )
    assert [one["UserId"] for one in account.call("ListUsers")] == ["7"]
    assert len(account.call("ListCluster")) == 2
    assert account.world.settings.durations.batch == 1
    assert account.world.settings.durations.node_join == 60


def test_credentials_of_a_world_file_are_added() -> None:
    more = [
        {"access_key_id": "sts", "access_key_secret": "s", "security_token": "t", "expires": "2026-01-01T00:00:00Z"},
        {"access_key_id": "idle", "access_key_secret": "s", "active": False, "deny": ["CreateApp"], "expires": 5},
    ]
    pairs = {one["access_key_id"]: one for one in DirectAccount({"credentials": more}).world.credentials}
    assert list(pairs) == ["emulator-key-id", "sts", "idle"]
    assert pairs["sts"]["expires"] == "2026-01-01T00:00:00Z"
    assert pairs["idle"] == {
        "access_key_id": "idle",
        "access_key_secret": "s",
        "security_token": None,
        "expires": 5.0,
        "active": False,
        "deny": ["CreateApp"],
    }
    replaced = DirectAccount({"credentials": [{"access_key_id": "emulator-key-id", "access_key_secret": "mine"}]})
    assert [one["access_key_secret"] for one in replaced.world.credentials] == ["mine"]


def test_a_world_file_may_hold_a_running_application() -> None:
    account = DirectAccount(
        {
            "apps": [
                {
                    "app_id": 10050,
                    "title": "seeded",
                    "biz_code": "JST",
                    "language": "Java",
                    "service_type": "GeneralApplication",
                    "user_roles": [{"user_id": "1001", "user_type": "TAOBAO", "role_name": "Owner"}],
                }
            ],
            "deploy_configs": [
                {"schema_id": 30050, "app_id": 10050, "env_type": "online", "name": "c", "deployment": workload()}
            ],
            "environments": [
                {
                    "env_id": 20050,
                    "app_id": 10050,
                    "name": "production",
                    "env_type": 1,
                    "region": "cn-zhangjiakou",
                    "schema_id": 30050,
                    "cluster_instance_id": ONLINE,
                }
            ],
            "databases": [{"instance_id": MYSQL, "name": "db", "character_set": "utf8"}],
        }
    )
    assert account.call("DescribeAppDetail", AppId=10050)["UserRoles"][0]["RealName"] == "张三"
    account.deploy(20050)
    account.wait(12)
    assert len(account.call("ListAppInstance", AppId=10050, EnvId=20050)) == 1
    assert account.app("next") == 10051
    assert account.call("DescribeDatabases", InstanceId=MYSQL)["Databases"][0]["DBStatus"] == "Running"


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ({"usres": []}, "unknown key 'usres'"),
        ({"users": [{"user_id": "1", "user_type": "TAOBAO", "nick": "x"}]}, "users[0]: unknown key 'nick'"),
        ({"users": [{"user_type": "TAOBAO"}]}, "users[0]: 'user_id' is missing"),
        ({"users": [{"user_id": "1", "user_type": "PHONE"}]}, "users[0].user_type: 'PHONE' is not one of"),
        ({"users": [{"user_id": ["1"], "user_type": "TAOBAO"}]}, "users[0].user_id: expected a text"),
        ({"users": {"user_id": "1"}}, "users: expected a list"),
        ({"users": ["1001"]}, "users[0]: expected a mapping"),
        ({"users": [{"user_id": "1", "user_type": "TAOBAO"}] * 2}, "users: '1' is there twice"),
        ({"packets": [{"packet_id": "two", "url": "u"}]}, "packets[0].packet_id: expected a whole number"),
        ({"packets": [{"packet_id": True, "url": "u"}]}, "packets[0].packet_id: expected a whole number"),
        ({"settings": {"speed": 1}}, "settings: unknown key 'speed'"),
        ({"settings": {"durations": {"batch": float("nan")}}}, "settings.durations.batch: expected a number from 0"),
        ({"settings": {"durations": {"batch": float("inf")}}}, "settings.durations.batch: expected a number from 0"),
        ({"settings": {"durations": {"batch": -1}}}, "settings.durations.batch: expected a number from 0"),
        ({"settings": {"deploy_failures": [{"batch": -1}]}}, "batch: expected a whole number from 0"),
        ({"packets": [{"packet_id": 10**40, "url": "u"}]}, "packets[0].packet_id: expected a whole number from 0"),
        ({"settings": {"durations": {"batch": "soon"}}}, "settings.durations.batch: expected a number"),
        ({"settings": {"deploy_failures": [{"kind": "bang"}]}}, "settings.deploy_failures[0].kind: 'bang'"),
        ({"settings": {"create_environment_allocates": "no"}}, "expected true or false"),
        ({"settings": 3}, "settings: expected a mapping"),
        ({"counters": [1]}, "world.counters: expected a mapping"),
        ({"counters": {"apps": "x"}}, "counters.apps: expected a whole number"),
        ({"vpcs": [{"vpc_id": "v", "region_id": "r", "vswitch_ids": "w"}]}, "vpcs[0].vswitch_ids: expected a list"),
        ({"vpcs": []}, "vpc_id 'vpc-emu-1' is not among the vpcs"),
        (
            {"accounts": [{"instance_id": MYSQL, "name": "a", "privileges": {"db": "All"}}]},
            "accounts[0].privileges: 'All' is not one of",
        ),
        ({"accounts": [{"instance_id": "rm-x", "name": "a"}]}, "instance_id 'rm-x' is not among the rds_instances"),
        ([1], "a world file holds a mapping"),
    ],
)
def test_wrong_world_files_say_where(spec: Any, message: str) -> None:
    with pytest.raises(WorldFileError) as caught:
        load(spec, VirtualClock())
    assert message in str(caught.value)


def test_default_world_file_names_every_setting() -> None:
    """The file is the place where users look up what can be set."""
    told = yaml.safe_load(Path(DEFAULT_WORLD).read_text(encoding="utf-8"))["settings"]
    settings = DirectAccount().world.snapshot()["settings"]
    assert told.keys() == settings.keys()
    assert told["durations"].keys() == settings["durations"].keys()
    assert told["monitoring"].keys() == settings["monitoring"].keys()
