# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What pods run, which the stored deploy configuration does not change."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from jst_emulator import releases
from support.direct_account import DirectAccount, workload

NAMES = {"AppId": 10001, "EnvId": 20001}


def sized(cpu: str, name: str = "shop") -> str:
    """A Deployment with requests and limits."""
    resources = f"resources: {{requests: {{cpu: '{cpu}'}}, limits: {{cpu: '{cpu}', memory: 1Gi}}}}"
    return workload("Deployment", f"r/{name}:1.0").replace("1.0'", f"1.0', {resources}")


def config_map(value: str) -> str:
    """A ConfigMap."""
    return f"kind: ConfigMap\nmetadata: {{name: shop}}\ndata: {{key: {value}}}\n"


def secret(value: str) -> str:
    """A Secret."""
    return f"kind: Secret\nmetadata: {{name: shop}}\nstringData: {{key: {value}}}\n"


OLD: dict[str, Any] = {
    "Deployment": sized("1"),
    "ConfigMapList": [config_map("old")],
    "SecretList": [secret("old-secret")],
    "CodePath": "/old",
}
NEW: dict[str, Any] = {
    "Deployment": sized("2"),
    "ConfigMapList": [config_map("new")],
    "SecretList": [secret("new-secret")],
    "CodePath": "/new",
}


@pytest.fixture
def account() -> DirectAccount:
    """An account with a release of two instances, whose deploy configuration was updated afterwards."""
    made = DirectAccount()
    app_id = made.app()
    made.environment(app_id, made.config(app_id, **OLD), Replicas=2)
    made.deploy(20001, DeployPacketId=2001, ContainerImageList=["r/shop:1.1"])
    made.wait(12)
    made.call("UpdateDeployConfig", AppId=10001, Id=30001, **NEW)
    return made


def state(account: DirectAccount) -> dict[str, Any]:
    """The state as the control side shows it."""
    shown: dict[str, Any] = json.loads(json.dumps(account.world.snapshot()))
    return shown


def running(account: DirectAccount) -> list[tuple[str, str, str, str]]:
    """By instance: limit of the workload, text of the ConfigMap, first image and package, all by the shown state."""
    shown = state(account)
    orders = {one["deploy_order_id"]: one for one in shown["orders"]}
    found = []
    for instance in shown["instances"]:
        release = instance["release"] or orders[instance["deploy_order_id"]]
        cpu = "2" if release["workload"] == NEW["Deployment"] else "1"
        text = "new" if release["config_map_list"] == NEW["ConfigMapList"] else "old"
        found.append((cpu, text, release["images"][0], release["packet_url"].rpartition("/")[2]))
    return found


def listed(account: DirectAccount) -> list[tuple[Any, ...]]:
    """Requests, limits, size and version of the instances, by the API."""
    shown = account.call("ListAppInstance", **NAMES)
    return [(one["Requests"], one["Limits"], one["Spec"], one.get("Version")) for one in shown]


def secrets_of(account: DirectAccount) -> list[list[str]]:
    """The Secrets that the instances run with."""
    found = [releases.release_of(account.world, one) for one in account.world.instances.values()]
    return [one.secret_list if one else [] for one in found]


RELEASED = ("1", "old", "r/shop:1.1", "shop-1.0.0.jar")


def test_an_update_of_the_deploy_configuration_changes_no_instance(account: DirectAccount) -> None:
    assert running(account) == [RELEASED] * 2
    assert listed(account) == [("1vcpu", "1vcpu 1GB", "1vcpu 1GB", None)] * 2
    assert secrets_of(account) == [OLD["SecretList"]] * 2
    assert state(account)["orders"][0]["code_path"] == "/old"


def test_scaling_starts_what_was_released_last(account: DirectAccount) -> None:
    """In the order that scales too, which holds all of the release."""
    account.call("ScaleApp", EnvId=20001, Replicas=4)
    account.wait(30)
    assert running(account) == [RELEASED] * 4
    assert len(set(listed(account))) == 1
    assert secrets_of(account) == [OLD["SecretList"]] * 4
    deploy, scale = state(account)["orders"]
    shared = ("schema_id", "workload", "config_map_list", "images", "init_images", "code_path", "packet_id")
    assert {name: scale[name] for name in shared} == {name: deploy[name] for name in shared}
    assert scale["packet_comment"] == "shop 1.0.0"


@pytest.mark.parametrize("reading", ["same_id", "new_id"])
def test_a_rebuilt_instance_runs_what_it_ran(account: DirectAccount, reading: str) -> None:
    account.world.settings.readings.rebuilt_instance = reading
    (first, *_others) = account.world.instances
    account.call("RebuildAppInstance", AppInstanceId=first, **NAMES)
    account.wait(10)
    assert running(account) == [RELEASED] * 2
    assert (first in account.world.instances) == (reading == "same_id")


def test_the_next_deployment_runs_what_is_stored(account: DirectAccount) -> None:
    account.deploy(20001)
    account.wait(12)
    assert running(account) == [("2", "new", "r/shop:1.0", "")] * 2
    assert listed(account) == [("2vcpu", "2vcpu 1GB", "2vcpu 1GB", "1.0")] * 2
    assert secrets_of(account) == [NEW["SecretList"]] * 2


def test_an_update_during_a_deployment_reaches_none_of_its_batches(account: DirectAccount) -> None:
    account.deploy(20001, TotalPartitions=2, PauseType="first", ContainerImageList=["r/shop:2"])
    account.wait(12)
    account.call("UpdateDeployConfig", AppId=10001, Id=30001, **OLD)
    account.call("ResumeDeploy", DeployOrderId=60002)
    account.wait(10)
    assert running(account) == [("2", "new", "r/shop:2", "")] * 2


def test_a_closed_order_leaves_old_and_new_instances_and_later_ones_are_old(account: DirectAccount) -> None:
    account.deploy(20001, TotalPartitions=2, PauseType="first", ContainerImageList=["r/shop:2"])
    account.wait(12)
    account.call("CloseDeployOrder", DeployOrderId=60002)
    assert running(account) == [RELEASED, ("2", "new", "r/shop:2", "")]
    account.call("ScaleApp", EnvId=20001, Replicas=3)
    account.wait(30)
    assert running(account) == [RELEASED, ("2", "new", "r/shop:2", ""), RELEASED]
    assert [one[0] for one in listed(account)] == ["1vcpu", "2vcpu", "1vcpu"]


def test_instances_of_a_world_file_without_orders_keep_the_release_of_then(account: DirectAccount) -> None:
    spec = state(account)
    spec["orders"], spec["pods"] = [], []
    again = DirectAccount(spec)
    assert running(again) == [RELEASED] * 2
    again.deploy(20001, TotalPartitions=2, PauseType="first")
    again.wait(12)
    assert running(again) == [RELEASED, ("2", "new", "r/shop:1.0", "")]
    again.call("ResumeDeploy", DeployOrderId=60002)
    again.wait(10)
    assert running(again) == [("2", "new", "r/shop:1.0", "")] * 2


def test_a_state_that_is_loaded_runs_the_same(account: DirectAccount) -> None:
    account.deploy(20001, TotalPartitions=2, PauseType="first")
    account.wait(12)
    again = DirectAccount(state(account))
    assert running(again) == running(account)
    assert listed(again) == listed(account)


def test_a_deploy_configuration_with_the_deprecated_parameter_alone_is_released_whole(account: DirectAccount) -> None:
    spec = state(account)
    spec["deploy_configs"][0] |= {"config_map": config_map("only"), "config_map_list": []}
    again = DirectAccount(spec)
    again.deploy(20001)
    assert again.world.orders[60002].config_map_list == [config_map("only")]


def test_job_runs_keep_the_release_that_started_them() -> None:
    account = DirectAccount()
    app_id = account.app(StateType=5)
    every_minute = workload("CronJob", "r/a:1", schedule="* * * * *")
    account.environment(app_id, account.config(app_id, CronJob=every_minute))
    account.deploy(20001)
    account.wait(70)
    account.call(
        "UpdateDeployConfig", AppId=10001, Id=30001, CronJob=workload("CronJob", "r/a:1", "r/b:1", schedule="* * * * *")
    )
    account.deploy(20001)
    account.wait(70)
    containers = [
        len(account.call("DescribePodContainerLogList", PodName=one.pod_name, Line=1, **NAMES)["ContainerLogList"])
        for one in account.world.job_runs.values()
    ]
    assert containers == [1, 2]
    assert [one["deploy_order_id"] for one in state(account)["job_runs"]] == [60001, 60002]


def test_job_runs_of_a_world_file_without_orders_run_its_baseline() -> None:
    account = DirectAccount()
    app_id = account.app(StateType=5)
    account.environment(app_id, account.config(app_id, CronJob=workload("CronJob", schedule="* * * * *")))
    account.deploy(20001)
    account.wait(13)
    again = DirectAccount({**state(account), "orders": []})
    again.wait(70)
    again.call("UpdateDeployConfig", AppId=10001, Id=30001, CronJob=workload("CronJob", schedule="0 * * * *"))
    again.deploy(20001)
    again.wait(30)
    (run,) = state(again)["job_runs"]
    assert run["release"]["workload"] == workload("CronJob", schedule="* * * * *")


def test_no_secret_of_a_release_is_shown(account: DirectAccount) -> None:
    """Orders, baselines and instances hold them, and say how many there are."""
    account.call("ScaleApp", EnvId=20001, Replicas=3)
    account.wait(30)
    account.deploy(20001)
    (environment,) = account.world.environments.values()
    assert environment.baseline
    for instance in account.world.instances.values():
        instance.release = releases.release_of(account.world, instance)
    shown = state(account)
    assert "old-secret" not in json.dumps(shown)
    assert "new-secret" not in json.dumps(shown)
    assert environment.baseline.secret_list == OLD["SecretList"]
    for holder in (*shown["orders"], shown["environments"][0]["baseline"], shown["instances"][0]["release"]):
        assert holder["secret_list"] == ["********"]


def test_texts_are_shared_and_not_copied(account: DirectAccount) -> None:
    """Documents can have a megabyte each, and a copy of the world is made at every save point."""
    account.call("ScaleApp", EnvId=20001, Replicas=4)
    account.wait(30)
    account.deploy(20001)
    for world in (account.world, copy.deepcopy(account.world)):
        config, (environment,) = world.deploy_configs[30001], world.environments.values()
        assert environment.baseline
        old, scaling, new = world.orders.values()
        assert old.config_map_list is scaling.config_map_list is environment.baseline.config_map_list
        assert old.secret_list is scaling.secret_list is environment.baseline.secret_list
        assert new.config_map_list is config.config_map_list
        assert new.secret_list is config.secret_list
        assert new.workload is config.deployment
