# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An autoscaler, and the instances of the control side with what they run."""

from __future__ import annotations

from typing import Any

import pytest

from support.controlled_account import ControlledAccount, with_ports
from support.direct_account import workload
from support.scenario import app, encoded, environment


@pytest.fixture
def account() -> ControlledAccount:
    """An account with a release of two instances, whose deploy configuration was updated afterwards."""
    made = ControlledAccount()
    made.environment(with_ports("8080"), **{"SecretList.1": encoded("kind: Secret\nstringData: {key: old}")})
    made.deploy(image="r/shop:1.1")
    made.wait(12)
    made.update(with_ports("9090"))
    return made


def scale(account: ControlledAccount, count: int, env_id: int = 20001) -> list[tuple[str, list[str]]]:
    """Statuses and images of the instances that an autoscaler leaves."""
    response = account.post("instances", {"env_id": env_id, "count": count})
    assert response.status_code == 200, response.text
    return [(one["status"], one["images"]) for one in response.get_json()]


def ids(account: ControlledAccount) -> list[str]:
    """The ids of the instances, oldest first."""
    return [one["app_instance_id"] for one in account.get("instances")]


def test_more_instances_run_the_last_release_and_nothing_else_changes(account: ControlledAccount) -> None:
    before = account.get("state")
    image = ["r/shop:1.1"]
    assert scale(account, 4) == [("Normal", image)] * 2 + [("Starting", image)] * 2
    account.wait(9)
    assert [one["status"] for one in account.get("instances")] == ["Normal"] * 2 + ["Starting"] * 2
    account.wait(1)
    assert [one["status"] for one in account.get("instances")] == ["Normal"] * 4
    after = account.get("state")
    for table in ("orders", "pods", "environments", "deploy_configs"):
        assert after[table] == before[table]
    assert {one["deploy_order_id"] for one in after["instances"]} == {60001}
    assert account.call("DescribeAppEnvironmentDetail", AppId=10001, EnvId=20001)["Replicas"] == 2


def test_fewer_instances_are_the_older_ones(account: ControlledAccount) -> None:
    scale(account, 4)
    account.wait(10)
    all_of_them = ids(account)
    assert len(scale(account, 3)) == 3
    assert ids(account) == all_of_them[:3]
    assert scale(account, 0) == []
    assert len(scale(account, 1)) == 1


def test_the_traffic_follows(account: ControlledAccount) -> None:
    account.access_point()
    scale(account, 3)
    scale(account, 1)
    scale(account, 2)
    account.wait(10)
    found = [(one["time"][-6:], one["answering"], one["state"]) for one in account.get("traffic/changes")]
    assert found == [("00:12Z", 2, "open"), ("00:12Z", 1, "open"), ("00:22Z", 2, "open")]


def test_after_a_closed_order_an_autoscaler_starts_old_instances(account: ControlledAccount) -> None:
    account.deploy(TotalPartitions=2, PauseType="first")
    account.wait(12)
    account.call("CloseDeployOrder", DeployOrderId=60002)
    scale(account, 3)
    found = [(one["deploy_order_id"], one["images"], one["differs_from_stored"]) for one in account.get("instances")]
    old = (60001, ["r/shop:1.1"], ["workload"])
    assert found == [old, (60002, ["r/shop:1.0"], []), old]


def test_the_next_deployment_replaces_all_of_them(account: ControlledAccount) -> None:
    scale(account, 5)
    account.deploy(TotalPartitions=2)
    account.wait(30)
    assert [(one["deploy_order_id"], one["status"]) for one in account.get("instances")] == [(60002, "Normal")] * 2


@pytest.mark.parametrize(("wanted", "meanwhile"), [(1, 1), (1, 5), (6, 8), (6, 3), (4, 4)])
def test_an_order_that_scales_makes_up_for_what_happens_before_its_last_batch(
    account: ControlledAccount, wanted: int, meanwhile: int
) -> None:
    scale(account, 4)
    account.wait(10)
    account.call("ScaleApp", EnvId=20001, Replicas=wanted, TotalPartitions=2)
    account.wait(5)
    scale(account, meanwhile)
    account.wait(30)
    assert [one["status"] for one in account.get("instances")] == ["Normal"] * wanted


def test_without_nodes_new_instances_stay_pending(account: ControlledAccount) -> None:
    for node in ("i-emu-node-1", "i-emu-node-2", "i-emu-node-3"):
        account.emulator.world.ecs[node].cluster_instance_id = None
    scale(account, 3)
    account.wait(100)
    assert [one["status"] for one in account.get("instances")] == ["Normal", "Normal", "Pending"]


def test_a_world_file_without_orders_is_scaled_by_its_baseline(account: ControlledAccount) -> None:
    again = ControlledAccount({**account.get("state"), "orders": [], "pods": [], "credentials": []})
    scale(again, 3)
    found = [(one["deploy_order_id"], one["images"]) for one in again.get("instances")]
    assert found == [(60001, ["r/shop:1.1"])] * 2 + [(None, ["r/shop:1.1"])]


def test_instances_show_what_differs_from_the_stored_documents(account: ControlledAccount) -> None:
    """Of Secrets too, which nothing shows."""
    (first, _second) = account.get("instances")
    assert first | {"app_instance_id": ""} == {
        "app_instance_id": "",
        "env_id": 20001,
        "status": "Normal",
        "deploy_order_id": 60001,
        "schema_id": 30001,
        "images": ["r/shop:1.1"],
        "packet_url": "",
        "differs_from_stored": ["workload"],
    }
    other = encoded("kind: Secret\nstringData: {key: new}")
    account.call("UpdateDeployConfig", AppId=10001, Id=30001, CodePath="/x", **{"SecretList.1": other})
    found = account.get("instances")[0]["differs_from_stored"]
    assert sorted(found) == ["code_path", "secret_list", "workload"]
    config = {"AppId": 10001, "EnvType": "online", "Name": "other", "Deployment": encoded(workload())}
    schema_id = account.call("CreateDeployConfig", **config)["SchemaId"]
    account.call("UpdateEnvironment", AppId=10001, AppEnvId=20001, AppSchemaId=schema_id)
    assert "schema_id" in account.get("instances")[0]["differs_from_stored"]
    account.deploy()
    account.wait(12)
    assert [one["differs_from_stored"] for one in account.get("instances")] == [[], []]


def test_an_instance_of_an_unknown_release_says_so(account: ControlledAccount) -> None:
    spec = {**account.get("state"), "orders": [], "pods": [], "credentials": []}
    spec["environments"][0]["baseline"] = None
    shown = ControlledAccount(spec).get("instances")[0]
    assert (shown["schema_id"], shown["images"], shown["differs_from_stored"]) == (None, None, None)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (None, 400),
        ([], 400),
        ({"env_id": 20001}, 400),
        ({"env_id": 20001, "count": 1, "replicas": 1}, 400),
        ({"env_id": 20001, "count": -1}, 400),
        ({"env_id": 20001, "count": 1001}, 400),
        ({"env_id": 20001, "count": True}, 400),
        ({"env_id": 20001, "count": 1.5}, 400),
        ({"env_id": "20001", "count": 1}, 400),
        ({"env_id": 29999, "count": 1}, 404),
        ({"env_id": 20002, "count": 1}, 400),
        ({"env_id": 20003, "count": 1}, 400),
    ],
)
def test_what_cannot_be_scaled_changes_nothing(account: ControlledAccount, body: Any, status: int) -> None:
    """Environment 20002 was never deployed, and 20003 runs scheduled jobs."""
    account.call("CreateEnvironment", **environment(10001, 30001, EnvName="b"))
    job = account.call("CreateApp", **app("job", StateType=5))["AppId"]
    config = {"AppId": job, "EnvType": "online", "Name": "main", "CronJob": encoded(workload("CronJob"))}
    schema_id = account.call("CreateDeployConfig", **config)["SchemaId"]
    account.call("CreateEnvironment", **environment(job, schema_id))
    before = account.get("state")
    response = account.post("instances", body)
    assert (response.status_code, list(response.get_json())) == (status, ["error"])
    assert account.get("state") == before
