# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploy orders: batches, pauses, failures, scaling, and their effects."""

from __future__ import annotations

from typing import Any

import pytest

from support.direct_account import ONLINE, TEST, DirectAccount, workload


@pytest.fixture
def account() -> DirectAccount:
    """An account with one environment, 20001 of app 10001 with deploy config 30001, three replicas."""
    made = DirectAccount()
    made.stack()
    return made


def state(account: DirectAccount, order_id: int) -> tuple[int, int, int]:
    """Status, result and current batch of an order."""
    shown = account.order(order_id)
    return shown["Status"], shown["Result"], shown["CurrentPartitionNum"]


def instances(account: DirectAccount, env_id: int = 20001) -> list[dict[str, Any]]:
    """The instances of an environment."""
    return list(account.call("ListAppInstance", AppId=10001, EnvId=env_id))


def baseline(account: DirectAccount) -> dict[str, Any]:
    """The baseline of the environment."""
    return dict(account.call("DescribeAppEnvDeployBaseline", AppId=10001, EnvId=20001))


def refused(account: DirectAccount, **more: Any) -> str:
    """How a deployment is refused."""
    return account.error("DeployApp", **{"EnvId": 20001, "Name": "n", "TotalPartitions": 1, **more})


def test_an_order_waits_runs_batch_by_batch_and_finishes(account: DirectAccount) -> None:
    order_id = account.deploy(20001, TotalPartitions=2)
    assert state(account, order_id) == (0, 0, 0)
    account.wait(2)
    assert state(account, order_id) == (1, 0, 1)
    assert [one["Status"] for one in instances(account)] == ["Starting"]
    account.wait(10)
    assert state(account, order_id) == (1, 0, 2)
    assert [one["Status"] for one in instances(account)] == ["Normal", "Starting", "Starting"]
    account.wait(9)
    assert state(account, order_id) == (1, 0, 2)
    account.wait(1)
    assert state(account, order_id) == (3, 1, 2)
    assert [one["Status"] for one in instances(account)] == ["Normal"] * 3


def test_how_a_finished_order_is_shown(account: DirectAccount) -> None:
    account.clock.advance(60)
    order_id = account.deploy(20001, Description="first", TotalPartitions=3)
    account.wait(100)
    assert account.order(order_id) == {
        "AppInstanceType": "k8s_pod",
        "CurrentPartitionNum": 3,
        "DeployOrderId": 60001,
        "DeployPauseType": "none",
        "DeployPauseTypeName": "不暂停",
        "DeployType": "partition_parallel",
        "DeployTypeName": "分批发布-批内并行",
        "Description": "first",
        "ElapsedTime": 30,
        "EndTime": "2026-01-05T08:01Z",
        "EnvId": 20001,
        "EnvType": "online",
        "FailureRate": "0",
        "FinishAppInstanceCt": 3,
        "Name": "release",
        "PartitionType": "group_even",
        "PartitionTypeName": "分组均分",
        "Result": 1,
        "ResultName": "成功",
        "SchemaId": 30001,
        "StartTime": "2026-01-05T08:01Z",
        "Status": 3,
        "StatusName": "已完成",
        "TotalAppInstanceCt": 3,
        "TotalPartitions": 3,
        "UserId": "1001",
        "UserNick": "emulator",
    }


def test_a_jump_of_the_clock_passes_through_every_batch(account: DirectAccount) -> None:
    order_id = account.deploy(20001, TotalPartitions=3)
    account.wait(5000)
    assert state(account, order_id) == (3, 1, 3)
    assert [one["CreateTime"][-8:] for one in instances(account)] == ["08:00:02", "08:00:12", "08:00:22"]
    assert account.order(order_id)["ElapsedTime"] == 30


@pytest.mark.parametrize(
    ("replicas", "asked", "sizes"), [(3, 2, [1, 2]), (2, 5, [1, 1]), (1, 2, [1]), (7, 3, [2, 2, 3])]
)
def test_batches_are_even_and_no_more_than_replicas(replicas: int, asked: int, sizes: list[int]) -> None:
    account = DirectAccount()
    _dummy, _dummy, env_id = account.stack(Replicas=replicas)
    order_id = account.deploy(env_id, TotalPartitions=asked)
    account.wait(1000)
    pods = account.call("ListPods", DeployOrderId=order_id)
    partitions = [one["DeployPartitionNum"] for one in pods]
    assert [partitions.count(number) for number in range(1, len(sizes) + 1)] == sizes
    assert account.order(order_id)["TotalPartitions"] == len(sizes)


def test_an_environment_without_replicas_deploys_without_pods() -> None:
    account = DirectAccount()
    _dummy, _dummy, env_id = account.stack(Replicas=0)
    order_id = account.deploy(env_id, TotalPartitions=2)
    account.wait(12)
    assert state(account, order_id) == (3, 1, 1)
    assert account.call("ListPods", DeployOrderId=order_id) == []


def test_pause_after_the_first_batch(account: DirectAccount) -> None:
    order_id = account.deploy(20001, TotalPartitions=3, PauseType="first")
    assert "is not paused" in account.error("ResumeDeploy", DeployOrderId=order_id)
    account.wait(2)
    assert "is not paused" in account.error("ResumeDeploy", DeployOrderId=order_id)
    account.wait(1000)
    assert state(account, order_id) == (2, 0, 1)
    assert account.order(order_id)["DeployPauseTypeName"] == "第一批暂停"
    assert account.order(order_id)["StatusName"] == "暂停"
    account.call("ResumeDeploy", DeployOrderId=order_id)
    assert state(account, order_id) == (1, 0, 2)
    account.wait(20)
    assert state(account, order_id) == (3, 1, 3)
    assert "is not paused" in account.error("ResumeDeploy", DeployOrderId=order_id)


def test_pause_after_each_batch_but_the_last(account: DirectAccount) -> None:
    order_id = account.deploy(20001, TotalPartitions=3, PauseType="each")
    account.wait(12)
    for batch in (1, 2):
        assert state(account, order_id) == (2, 0, batch)
        account.call("ResumeDeploy", DeployOrderId=order_id)
        account.wait(10)
    assert state(account, order_id) == (3, 1, 3)


def test_a_single_batch_never_pauses(account: DirectAccount) -> None:
    order_id = account.deploy(20001, PauseType="first")
    account.wait(12)
    assert state(account, order_id) == (3, 1, 1)


@pytest.mark.parametrize("seconds", [0, 2, 12])
def test_an_unfinished_order_blocks_the_next_until_it_is_closed(account: DirectAccount, seconds: float) -> None:
    order_id = account.deploy(20001, TotalPartitions=2, PauseType="first")
    account.wait(seconds)
    assert f"has an unfinished deploy order {order_id}" in refused(account)
    assert "unfinished" in account.error("ScaleApp", EnvId=20001, Replicas=1)
    other = account.environment(10001, 30001, EnvName="b")
    account.deploy(other)
    account.call("CloseDeployOrder", DeployOrderId=order_id)
    assert state(account, order_id)[:2] == (3, 4)
    assert account.order(order_id)["ResultName"] == "人为置为失败"
    assert "is finished already" in account.error("CloseDeployOrder", DeployOrderId=order_id)
    assert "is not paused" in account.error("ResumeDeploy", DeployOrderId=order_id)
    assert "PacketUrl" not in baseline(account)
    account.wait(1000)
    assert state(account, order_id)[:2] == (3, 4)
    account.deploy(20001)


def test_closing_keeps_what_has_begun(account: DirectAccount) -> None:
    order_id = account.deploy(20001, TotalPartitions=3)
    account.wait(13)
    account.call("CloseDeployOrder", DeployOrderId=order_id)
    account.wait(100)
    assert [one["Status"] for one in instances(account)] == ["Normal", "Normal"]
    assert [one["Result"] for one in account.call("ListPods", DeployOrderId=order_id)] == [1, 4]


@pytest.mark.parametrize("action", ["DescribeDeployOrderDetail", "ResumeDeploy", "CloseDeployOrder"])
def test_unknown_orders_are_named(action: str) -> None:
    assert DirectAccount().error(action, DeployOrderId=9) == "Deploy order 9 does not exist."


def test_the_baseline_is_what_succeeded_last(account: DirectAccount) -> None:
    ids = {"AppId": 10001, "EnvId": 20001}
    assert baseline(account) == ids
    account.deploy(20001)
    assert baseline(account) == ids
    account.wait(12)
    image = {"PacketUrl": "registry.example/shop:1.0"}
    assert baseline(account) == {**ids, "SchemaId": 30001, "CreateTime": "2026-01-05", **image}
    account.deploy(20001, ContainerImageList=["r/shop:2"])
    account.wait(12)
    assert baseline(account)["PacketUrl"] == "r/shop:2"
    account.deploy(20001, ContainerImageList=["r/shop:fail"])
    account.wait(12)
    assert baseline(account)["PacketUrl"] == "r/shop:2"
    account.clock.advance(86400)
    account.call("UpdateEnvironment", AppId=10001, AppEnvId=20001, AppSchemaId=account.config(10001, Name="b"))
    assert baseline(account)["SchemaId"] == 30001
    account.deploy(20001, DeployPacketId=2002)
    account.wait(12)
    assert baseline(account) == {
        **ids,
        "SchemaId": 30002,
        "PacketId": 2002,
        "PacketUrl": "https://packets.emulator.example/shop-1.1.0.jar",
        "PacketComment": "shop 1.1.0",
        "CreateTime": "2026-01-06",
    }
    account.deploy(20001, DeployPacketUrl="https://mine.example/a.jar")
    account.wait(12)
    assert baseline(account)["PacketUrl"] == "https://mine.example/a.jar"
    assert not {"PacketId", "PacketComment"} & baseline(account).keys()


def test_a_code_path_needs_a_package_by_one_reading_only(account: DirectAccount) -> None:
    account.call("UpdateDeployConfig", AppId=10001, Id=30001, CodePath="/app")
    account.call("CloseDeployOrder", DeployOrderId=account.deploy(20001))
    account.world.settings.readings.image_only_release = "refused"
    assert "so a code package is needed" in refused(account)
    assert refused(account, DeployPacketId=99) == "Code package 99 does not exist."
    assert "must be an HTTP or HTTPS address" in refused(account, DeployPacketUrl="ftp://x/a.jar")
    account.deploy(20001, DeployPacketId=2001, DeployPacketUrl="https://mine.example/a.jar")
    account.wait(12)
    assert baseline(account)["PacketUrl"] == "https://packets.emulator.example/shop-1.0.0.jar"
    assert {"Version"}.isdisjoint(instances(account)[0])


@pytest.mark.parametrize("name", ["", "  "])
def test_an_order_needs_a_name_and_batches(account: DirectAccount, name: str) -> None:
    assert refused(account, Name=name) == "Name must not be empty."
    assert refused(account, TotalPartitions=0) == "TotalPartitions must be at least 1."
    assert refused(account, EnvId=99) == "Environment 99 does not exist."


def test_images_match_the_containers_of_the_yaml() -> None:
    account = DirectAccount()
    account.stack(workload("Deployment", "r/a:1", "r/b:1", init=("r/i:1",)))
    assert "has 2 containers, but 1 images were given" in refused(account, ContainerImageList=["r/a:2"])
    assert "has 2 containers, but 3 images" in refused(account, ContainerImageList=["r/a:2"] * 3)
    assert "has 1 initContainers, but 2 images" in refused(account, InitContainerImageList=["r/i:2"] * 2)
    assert "An image of the containers is missing." in refused(account, ContainerImageList=["r/a:2", " "])
    account.deploy(20001, ContainerImageList=["r/a:2", "r/b:2"], InitContainerImageList=["r/i:2"])
    account.wait(12)
    assert baseline(account)["PacketUrl"] == "r/a:2"
    assert [one["Version"] for one in instances(account)] == ["2"] * 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind: Deployment", "The workload YAML has no containers."),
        (workload().replace("registry.example/shop:1.0", ""), "An image of the containers is missing."),
        ("kind: Deployment\nspec: {template: {spec: {containers: [1]}}}", "The workload YAML has no containers."),
        ("kind: Deployment\nspec: [1]", "The workload YAML has no containers."),
    ],
)
def test_yaml_that_cannot_be_deployed(text: str, message: str) -> None:
    account = DirectAccount()
    account.stack()
    account.world.deploy_configs[30001].deployment = text  # as a world file may have it
    assert refused(account) == message


def test_a_config_without_workload_cannot_be_deployed(account: DirectAccount) -> None:
    schema_id = account.call("CreateDeployConfig", AppId=10001, EnvType="online", Name="bare")["SchemaId"]
    account.call("UpdateEnvironment", AppId=10001, AppEnvId=20001, AppSchemaId=schema_id)
    assert "has no workload YAML" in refused(account)


def test_the_update_strategy_is_for_stateless_apps() -> None:
    account = DirectAccount()
    app_id = account.app(StateType=2)
    env_id = account.environment(app_id, account.config(app_id, StatefulSet=workload("StatefulSet")))
    text = refused(account, EnvId=env_id, UpdateStrategyType="online_new_then_offline_old")
    assert text == "UpdateStrategyType only applies to stateless apps."
    order_id = account.deploy(env_id)
    account.wait(12)
    assert account.order(order_id)["Result"] == 1


@pytest.mark.parametrize(
    ("strategy", "counts"),
    [("offline_old_then_online_new", [3, 3, 3]), ("online_new_then_offline_old", [4, 5, 3])],
)
def test_old_instances_go_batch_by_batch(account: DirectAccount, strategy: str, counts: list[int]) -> None:
    account.deploy(20001)
    account.wait(12)
    old = {one["AppInstanceId"] for one in instances(account)}
    account.deploy(20001, TotalPartitions=2, UpdateStrategyType=strategy, ContainerImageList=["r/shop:2"])
    seen = []
    for seconds in (2, 10, 10):
        account.wait(seconds)
        seen.append(len(instances(account)))
    assert seen == counts
    assert old.isdisjoint(one["AppInstanceId"] for one in instances(account))
    assert [one["Version"] for one in instances(account)] == ["2"] * 3


def test_during_a_deployment_old_and_new_stand_side_by_side(account: DirectAccount) -> None:
    account.deploy(20001)
    account.wait(12)
    account.deploy(20001, TotalPartitions=3, PauseType="first", ContainerImageList=["r/shop:2"])
    account.wait(12)
    assert sorted(one["Version"] for one in instances(account)) == ["1.0", "1.0", "2"]


@pytest.mark.parametrize("image", ["r/shop:fail", "r/fail-shop:1", "r/shop:1-fail-2"])
def test_an_image_named_fail_fails_in_the_first_batch(account: DirectAccount, image: str) -> None:
    order_id = account.deploy(20001, TotalPartitions=3, ContainerImageList=[image])
    account.wait(12)
    assert state(account, order_id) == (3, 2, 1)
    shown = account.order(order_id)
    assert (shown["ResultName"], shown["FinishAppInstanceCt"], shown["FailureRate"]) == ("失败", 0, "0.333333")
    (pod,) = account.call("ListPods", DeployOrderId=order_id)
    assert (pod["Result"], pod["DeploySteps"][0]["Status"]) == (2, "FAIL")
    assert [(one["Status"], one["Health"]) for one in instances(account)] == [("Failed", "ABNORMAL")]
    account.deploy(20001)
    account.wait(12)
    assert [one["Status"] for one in instances(account)] == ["Normal"] * 3


@pytest.mark.parametrize(("word", "status"), [("crash", "Failed"), ("pending", "Pending")])
def test_images_that_never_start_hold_the_order_until_the_timeout(
    account: DirectAccount, word: str, status: str
) -> None:
    order_id = account.deploy(20001, TotalPartitions=2, InitContainerImageList=[], ContainerImageList=[f"r/{word}:1"])
    account.wait(500)
    assert state(account, order_id) == (1, 0, 1)
    (shown,) = instances(account)
    assert (shown["Status"], shown["Health"]) == (status, "ABNORMAL")
    assert shown["RestartCount"] == (16 if word == "crash" else 0)
    assert ("HostIp" in shown) == (word == "crash")
    account.wait(102)
    assert state(account, order_id) == (3, 2, 1)


def test_a_hanging_order_can_be_closed(account: DirectAccount) -> None:
    order_id = account.deploy(20001, ContainerImageList=["r/crash:1"])
    account.wait(30)
    account.call("CloseDeployOrder", DeployOrderId=order_id)
    assert [one["Status"] for one in instances(account)] == ["Failed"] * 3
    account.deploy(20001)


def test_a_cluster_without_nodes_leaves_pods_pending(account: DirectAccount) -> None:
    nodes = ["i-emu-node-4", "i-emu-node-5"]
    account.call("RemoveClusterNode", ClusterInstanceId=TEST, EcsInstanceIdList=nodes)
    schema_id = account.config(10001, EnvType="test")
    env_id = account.environment(10001, schema_id, EnvType=0, ClusterId=TEST)
    order_id = account.deploy(env_id)
    account.wait(100)
    assert {one["Status"] for one in instances(account, env_id)} == {"Pending"}
    account.wait(502)
    assert state(account, order_id) == (3, 2, 1)


def test_removing_instances_needs_no_nodes(account: DirectAccount) -> None:
    account.deploy(20001)
    account.wait(12)
    nodes = ["i-emu-node-1", "i-emu-node-2", "i-emu-node-3"]
    account.call("RemoveClusterNode", ClusterInstanceId=ONLINE, EcsInstanceIdList=nodes)
    scaled = account.call("ScaleApp", EnvId=20001, Replicas=1)["DeployOrderId"]
    account.wait(22)
    assert (account.order(scaled)["Result"], len(instances(account))) == (1, 1)
    account.call("UpdateEnvironment", AppId=10001, AppEnvId=20001, Replicas=0)
    emptied = account.deploy(20001)
    account.wait(12)
    assert (account.order(emptied)["Result"], instances(account)) == (1, [])


def test_failures_by_setting_hit_their_batch_and_number_of_orders() -> None:
    failure = {"app": "shop", "environment": "production", "kind": "fail", "batch": 2, "times": 1}
    account = DirectAccount({"settings": {"deploy_failures": [failure]}})
    app_id, schema_id, env_id = account.stack()
    other = account.environment(app_id, schema_id, EnvName="b")
    spared = account.deploy(other, TotalPartitions=3)
    hit = account.deploy(env_id, TotalPartitions=3)
    account.wait(32)
    assert account.order(spared)["Result"] == 1
    assert state(account, hit) == (3, 2, 2)
    assert [one["Result"] for one in account.call("ListPods", DeployOrderId=hit)] == [1, 2]
    again = account.deploy(env_id, TotalPartitions=3)
    account.wait(32)
    assert account.order(again)["Result"] == 1


@pytest.mark.parametrize("code", ["102000", "102001"])
def test_admission_refusals_make_no_order(code: str) -> None:
    account = DirectAccount({"settings": {"admission_refusals": [{"app": "10001", "code": code, "times": 2}]}})
    account.stack()
    answer = account.call("DeployApp", EnvId=20001, Name="n", TotalPartitions=1)
    assert answer == {"Admitted": False, "BusinessCode": code}
    assert account.call("ListDeployOrders") == []
    assert account.call("DeployApp", EnvId=20001, Name="n", TotalPartitions=1)["Admitted"] is False
    account.deploy(20001)
    account.wait(12)
    account.world.settings.admission_refusals[0].times = None
    assert account.call("ScaleApp", EnvId=20001, Replicas=5) == answer
    other = account.app("other")
    account.deploy(account.environment(other, account.config(other)))


def test_scaling_up_and_down(account: DirectAccount) -> None:
    assert "has not been deployed yet" in account.error("ScaleApp", EnvId=20001, Replicas=5)
    account.deploy(20001)
    account.wait(12)
    old = [one["AppInstanceId"] for one in instances(account)]
    answer = account.call("ScaleApp", EnvId=20001, Replicas=6)
    assert (answer["Admitted"], answer["BusinessCode"], answer["DeployOrderId"]) == (True, "0", 60002)
    shown = account.order(60002)
    assert (shown["Name"], shown["TotalPartitions"], shown["TotalAppInstanceCt"]) == ("应用实例数扩缩容至6个", 2, 3)
    account.wait(12)
    assert (len(instances(account)), account.order(60002)["Status"]) == (6, 1)
    detail = {"AppId": 10001, "EnvId": 20001}
    assert account.call("DescribeAppEnvironmentDetail", **detail)["Replicas"] == 3
    account.wait(10)
    assert (len(instances(account)), account.order(60002)["Result"]) == (6, 1)
    assert account.call("DescribeAppEnvironmentDetail", **detail)["Replicas"] == 6
    assert [one["Version"] for one in instances(account)] == ["1.0"] * 6
    account.call("ScaleApp", EnvId=20001, Replicas=2, TotalPartitions=1)
    account.wait(3)
    assert [one["Status"] for one in instances(account)] == ["Normal"] * 2 + ["Offlining"] * 4
    pods = account.call("ListPods", DeployOrderId=60003)
    assert {(one["DeploySteps"][0]["StepCode"], one["DeploySteps"][0]["StepName"]) for one in pods} == {
        ("DeleteAppInstance", "删除应用")
    }
    account.wait(9)
    assert [one["AppInstanceId"] for one in instances(account)] == old[:2]
    assert baseline(account)["PacketUrl"] == "registry.example/shop:1.0"


def test_scaling_to_the_present_number_and_to_nothing(account: DirectAccount) -> None:
    account.deploy(20001)
    account.wait(12)
    for replicas in (3, 0, 1):
        order_id = account.call("ScaleApp", EnvId=20001, Replicas=replicas)["DeployOrderId"]
        account.wait(100)
        assert account.order(order_id)["Result"] == 1
        assert len(instances(account)) == replicas
    assert account.error("ScaleApp", EnvId=20001, Replicas=-1) == "Replicas must not be negative."


def test_a_failed_scaling_leaves_the_replicas() -> None:
    account = DirectAccount({"settings": {"deploy_failures": [{"category": "scale"}]}})
    account.stack()
    account.deploy(20001)
    account.wait(12)
    order_id = account.call("ScaleApp", EnvId=20001, Replicas=5)["DeployOrderId"]
    account.wait(30)
    assert account.order(order_id)["Result"] == 2
    assert account.call("DescribeAppEnvironmentDetail", AppId=10001, EnvId=20001)["Replicas"] == 3


def test_a_replica_change_takes_effect_with_the_next_deployment(account: DirectAccount) -> None:
    account.deploy(20001)
    account.wait(12)
    account.call("UpdateEnvironment", AppId=10001, AppEnvId=20001, Replicas=1)
    assert len(instances(account)) == 3
    account.deploy(20001)
    account.wait(12)
    assert len(instances(account)) == 1


def test_scheduled_jobs_deploy_in_one_batch_without_instances() -> None:
    account = DirectAccount()
    app_id = account.app(StateType=5)
    env_id = account.environment(app_id, account.config(app_id, CronJob=workload("CronJob", "r/job:1")))
    order_id = account.deploy(env_id, TotalPartitions=3, PauseType="each")
    account.wait(12)
    assert state(account, order_id) == (3, 1, 1)
    assert account.order(order_id)["TotalPartitions"] == 1
    assert instances(account, env_id) == []
    assert baseline(account)["PacketUrl"] == "r/job:1"
    text = account.error("ScaleApp", EnvId=env_id, Replicas=2)
    assert text == "Apps of scheduled jobs have no instances to scale."


def test_a_job_needs_a_valid_schedule() -> None:
    account = DirectAccount()
    app_id = account.app(StateType=5)
    account.environment(app_id, account.config(app_id, CronJob=workload("CronJob", schedule="61 * * * *")))
    assert "The schedule 61 * * * * of the CronJob is not valid." in refused(account)


def test_daemon_sets_cannot_be_deployed() -> None:
    account = DirectAccount()
    app_id = account.app(StateType=3)
    schema_id = account.call("CreateDeployConfig", AppId=app_id, EnvType="online", Name="n")["SchemaId"]
    account.environment(app_id, schema_id)
    assert "has no workload YAML that fits" in refused(account)


def test_orders_are_filtered_newest_first(account: DirectAccount) -> None:
    first = account.deploy(20001, Name="a", PauseType="each")
    account.wait(120)
    second = account.call("ScaleApp", EnvId=20001, Replicas=2)["DeployOrderId"]
    account.wait(120)
    schema_id = account.config(10001, EnvType="test")
    test_env = account.environment(10001, schema_id, EnvType=0, ClusterId=TEST)
    third = account.deploy(test_env, TotalPartitions=2, PauseType="first")
    other = account.app("other")
    account.wait(15)

    def found(**filters: Any) -> list[int]:
        return [one["DeployOrderId"] for one in account.call("ListDeployOrders", **filters)]

    assert found() == found(AppId=10001) == found(DeployType="partition_parallel") == [third, second, first]
    assert found(PartitionType="group_even", EnvType="") == [third, second, first]
    assert found(AppId=other) == found(PartitionType="odd") == found(DeployType="odd") == []
    assert found(EnvId=20001) == found(EnvType="online") == [second, first]
    assert found(EnvType="test") == found(Status=2) == found(StatusList=[1, 2]) == found(ResultList=[0]) == [third]
    assert found(DeployCategory="scale") == [second]
    assert found(DeployCategory="deploy", EnvId=20001) == found(PauseType="each") == [first]
    assert found(ResultList=[1, 4], StatusList=[3]) == [second, first]
    assert found(StartTimeGreaterThan="2026-01-05 08:00:02") == [third, second]
    assert found(StartTimeGreaterThanOrEqualTo="2026-01-05 08:00:02") == [third, second, first]
    assert found(StartTimeLessThan="2026-01-05 08:00:02") == []
    assert found(StartTimeLessThanOrEqualTo="2026-01-05 08:00:02") == [first]
    assert found(EndTimeLessThan="2026-01-05 08:01:00") == [first]
    assert found(EndTimeGreaterThan="2026-01-05 08:00:12") == [second]
    assert found(EndTimeGreaterThanOrEqualTo="2026-01-05 08:00:12") == [second, first]
    assert found(EndTimeLessThanOrEqualTo="2026-01-05 08:00:12", StartTimeLessThan="2027-01-01 00:00:00") == [first]
    text = account.error("ListDeployOrders", EndTimeLessThan="2026-01-05T08:00Z")
    assert text == "EndTimeLessThan must look like 2020-01-01 00:00:00."
