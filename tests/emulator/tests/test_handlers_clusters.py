# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters, nodes, node labels, volumes and claims."""

from __future__ import annotations

from typing import Any

import pytest

from support.direct_account import ONLINE, TEST, DirectAccount, workload

CREATION = {
    "BusinessCode": "JST",
    "ClusterEnvType": "TEST",
    "ClusterTitle": "new",
    "ClusterType": "Standard",
    "RegionId": "cn-zhangjiakou",
    "VpcId": "vpc-emu-1",
    "Vswitchids": ["vsw-emu-1"],
    "KeyPair": "key",
    "PodCIDR": "10.1.0.0/16",
    "ServiceCIDR": "10.2.0.0/20",
}
LABEL = {"ClusterId": ONLINE, "LabelKey": "label.jst.com/kind", "LabelValue": "web"}
VOLUME = {
    "ClusterInstanceId": ONLINE,
    "Name": "data",
    "Capacity": "500Gi",
    "AccessModes": "ReadWriteMany",
    "ReclaimPolicy": "Retain",
    "StorageClass": "nas",
    "MountTargetDomain": "emu-1.cn-zhangjiakou.nas.aliyuncs.com",
    "NFSVersion": "4.0",
}


def node_ids(account: DirectAccount, cluster: str = ONLINE) -> list[str]:
    """The nodes of a cluster."""
    return [one["InstanceId"] for one in account.call("ListClusterNode", ClusterInstanceId=cluster)]


def spare_ids(account: DirectAccount, cluster: str = ONLINE) -> list[str]:
    """The machines that may join a cluster."""
    return [one["InstanceId"] for one in account.call("ListAvailableClusterNode", ClusterInstanceId=cluster)]


def test_a_node_joins_after_a_while() -> None:
    account = DirectAccount()
    given = {"ClusterInstanceId": ONLINE, "EcsInstanceIdList": ["i-emu-spare-1", "i-emu-spare-3"]}
    assert account.call("AddClusterNode", **given) == {"Nonsense": 1}
    assert node_ids(account) == ["i-emu-node-1", "i-emu-node-2", "i-emu-node-3"]
    assert spare_ids(account) == spare_ids(account, TEST) == ["i-emu-spare-2", "i-emu-spare-4"]
    assert "is not available" in account.error("AddClusterNode", **given)
    assert "is not a node" in account.error("RemoveClusterNode", **given)
    account.wait(59)
    assert len(node_ids(account)) == 3
    account.wait(1)
    assert node_ids(account)[3:] == ["i-emu-spare-1", "i-emu-spare-3"]


@pytest.mark.parametrize(
    ("ids", "message"),
    [
        (["i-x"], "ECS instance i-x does not exist."),
        (["i-emu-spare-1", "i-emu-node-4"], f"ECS instance i-emu-node-4 is not available for cluster {ONLINE}."),
        (["i-emu-spare-1", "i-emu-spare-1"], "ECS instance i-emu-spare-1 is there twice."),
        ([], "EcsInstanceIdList must not be empty."),
    ],
)
def test_only_available_machines_join_all_or_none(ids: list[str], message: str) -> None:
    text = DirectAccount().error("AddClusterNode", ClusterInstanceId=ONLINE, EcsInstanceIdList=ids)
    assert text == message


def test_machines_of_another_vpc_are_not_available() -> None:
    spec = {
        "vpcs": [
            {"vpc_id": "vpc-emu-1", "region_id": "cn-zhangjiakou", "vswitch_ids": ["vsw-emu-1"]},
            {"vpc_id": "vpc-2", "region_id": "cn-zhangjiakou"},
        ],
        "ecs": [{"instance_id": "i-far", "region_id": "r", "vpc_id": "vpc-2", "private_ip": "10.0.0.1"}],
    }
    account = DirectAccount(spec)
    assert spare_ids(account) == []
    account.error("AddClusterNode", ClusterInstanceId=ONLINE, EcsInstanceIdList=["i-far"])


def test_only_present_nodes_are_removed_all_or_none() -> None:
    account = DirectAccount()
    for ids in (["i-emu-node-1", "i-emu-node-4"], ["i-emu-spare-1"], ["i-x"], ["i-emu-node-1"] * 2, []):
        account.error("RemoveClusterNode", ClusterInstanceId=ONLINE, EcsInstanceIdList=ids)
    account.call("RemoveClusterNode", ClusterInstanceId=ONLINE, EcsInstanceIdList=["i-emu-node-1"])
    assert node_ids(account) == ["i-emu-node-2", "i-emu-node-3"]
    assert "i-emu-node-1" in spare_ids(account)


def test_instances_move_off_removed_nodes() -> None:
    account = DirectAccount()
    app_id, _dummy, env_id = account.stack()
    account.deploy(env_id)
    account.wait(12)
    account.call("RemoveClusterNode", ClusterInstanceId=ONLINE, EcsInstanceIdList=["i-emu-node-1", "i-emu-node-2"])
    shown = account.call("ListAppInstance", AppId=app_id, EnvId=env_id)
    assert {(one["HostIp"], one["Status"]) for one in shown} == {("192.168.48.3", "Normal")}
    account.call("RemoveClusterNode", ClusterInstanceId=ONLINE, EcsInstanceIdList=["i-emu-node-3"])
    assert {one["Status"] for one in account.call("ListAppInstance", AppId=app_id, EnvId=env_id)} == {"Pending"}


def test_a_node_shows_its_size_as_texts() -> None:
    (first, *_dummy) = DirectAccount().call("ListClusterNode", ClusterInstanceId=ONLINE)
    assert (first["EcsCpu"], first["EcsMemory"], first["EcsConfiguration"]) == ("4", "8192", "4vcpu 8G")
    assert (first["EcsPrivateIp"], first["VpcId"], first["EcsExpiredTime"]) == (
        "192.168.48.1",
        "vpc-emu-1",
        "2099-12-31",
    )


def test_a_cluster_is_created_in_the_background() -> None:
    account = DirectAccount()
    name = account.call("CreateCluster", **CREATION)["ClusterInstanceId"]

    def shown() -> dict[str, Any]:
        (found,) = [one for one in account.call("ListCluster") if one["InstanceId"] == name]
        return dict(found)

    assert (shown()["Status"], shown()["CreateStatus"], shown()["EnvType"]) == ("initial", "0", "0")
    add = {"ClusterInstanceId": name, "EcsInstanceIdList": ["i-emu-spare-1"]}
    assert "is not running but initial" in account.error("AddClusterNode", **add)
    account.wait(300)
    assert (shown()["Status"], shown()["CreateStatus"]) == ("running", "1")
    assert (shown()["ClusterTitle"], shown()["PodCIDR"], shown()["KeyPair"]) == ("new", "10.1.0.0/16", "key")
    assert "Password" not in shown()
    account.call("AddClusterNode", **add)
    account.wait(60)
    assert node_ids(account, name) == ["i-emu-spare-1"]
    detail = account.call("QueryClusterDetail", ClusterInstanceId=name)
    assert detail["BasicInfo"]["ClusterName"] == "new"
    assert detail["NetInfo"] == {"NetPlugType": "Terway", "ProdCIDR": "10.1.0.0/16", "ServiceCIDR": "10.2.0.0/20"}
    second = account.call("CreateCluster", **{**CREATION, "KeyPair": "", "Password": "Secret-word-1"})
    assert second["ClusterInstanceId"] != name
    assert account.call("ListCluster")[-1]["Password"] == "Secret-word-1"


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"KeyPair": ""}, "Exactly one of KeyPair and Password is needed."),
        ({"Password": "Secret-word-1"}, "Exactly one of KeyPair and Password is needed."),
        ({"VpcId": "vpc-x"}, "VPC vpc-x does not exist."),
        ({"RegionId": "cn-beijing"}, "VPC vpc-emu-1 is in region cn-zhangjiakou, not in cn-beijing."),
        ({"Vswitchids": ["vsw-emu-1", "vsw-x"]}, "Vswitch vsw-x does not exist in VPC vpc-emu-1."),
        ({"PodCIDR": ""}, "PodCIDR is needed for clusters of type Standard."),
        ({"ServiceCIDR": "", "ClusterType": "Windows"}, "ServiceCIDR is needed for clusters of type Windows."),
        ({"PodCIDR": "cn-zhangjiakou"}, "PodCIDR cn-zhangjiakou is not a network."),
        ({"PodCIDR": "192.168.4.0/24"}, "The networks of PodCIDR (192.168.4.0/24) and VPC (192.168.0.0/16) overlap."),
        (
            {"ServiceCIDR": "10.1.1.0/24"},
            "The networks of PodCIDR (10.1.0.0/16) and ServiceCIDR (10.1.1.0/24) overlap.",
        ),
        ({"ClusterTitle": " "}, "ClusterTitle must not be empty."),
    ],
)
def test_what_a_cluster_cannot_be(more: dict[str, Any], message: str) -> None:
    assert DirectAccount().error("CreateCluster", **{**CREATION, **more}) == message


def test_serverless_clusters_need_no_networks_and_no_nodes() -> None:
    account = DirectAccount()
    serverless = {**CREATION, "ClusterType": "Serverless", "ClusterEnvType": "PRO", "PodCIDR": "", "ServiceCIDR": ""}
    name = account.call("CreateCluster", **serverless)["ClusterInstanceId"]
    account.wait(300)
    app_id = account.app()
    order_id = account.deploy(account.environment(app_id, account.config(app_id), ClusterId=name))
    account.wait(12)
    assert account.order(order_id)["Result"] == 1


def test_a_deleted_cluster_takes_what_is_on_it() -> None:
    account = DirectAccount()
    app_id, schema_id, env_id = account.stack()
    account.call("BindNodeLabel", InstanceId="i-emu-node-1", **LABEL)
    account.call("CreatePersistentVolume", **VOLUME)
    account.deploy(env_id, TotalPartitions=3)
    account.wait(13)
    account.call("DeleteCluster", ClusterInstanceId=ONLINE)
    assert account.order(60001)["Result"] == 4
    assert account.call("ListAppInstance", AppId=app_id, EnvId=env_id) == []
    assert account.call("ListAppResourceAllocs") == account.call("ListNodeLabelBindings") == []
    assert account.call("ListPersistentVolume", ClusterInstanceId=ONLINE) == []
    assert "being deleted already" in account.error("DeleteCluster", ClusterInstanceId=ONLINE)
    assert "is not running but deleting" in account.error(
        "CreateAppResourceAlloc", AppId=app_id, AppEnvId=env_id, ClusterId=ONLINE
    )
    account.wait(120)
    assert [one["InstanceId"] for one in account.call("ListCluster")] == [TEST]
    assert "i-emu-node-1" in spare_ids(account, TEST)
    assert account.call("ListAppEnvironment", AppId=app_id)[0]["AppSchemaId"] == schema_id
    account.error("DeployApp", EnvId=env_id, Name="n", TotalPartitions=1)


@pytest.mark.parametrize(
    "action",
    ["DeleteCluster", "ListClusterNode", "QueryClusterDetail", "ListAvailableClusterNode", "ListPersistentVolume"],
)
def test_unknown_clusters_are_named(action: str) -> None:
    assert DirectAccount().error(action, ClusterInstanceId="c-x") == "Cluster c-x does not exist."


def test_the_load_of_a_cluster_follows_what_is_deployed() -> None:
    account = DirectAccount()
    text = workload("Deployment", "r/a:1").replace(
        "image: 'r/a:1'", "image: 'r/a:1', resources: {requests: {cpu: 500m, memory: 1Gi}}"
    )
    app_id, _dummy, env_id = account.stack(text)
    account.deploy(env_id)
    account.wait(12)
    detail = account.call("QueryClusterDetail", ClusterInstanceId=ONLINE)
    load, info = detail["WorkLoad"], detail["InstanceInfo"]
    assert (load["AllNodeCount"], load["AllocateAppPodCount"]) == (3, 3)
    assert (load["CpuRequest"], load["CpuTotal"], load["MemRequest"]) == ("1.5", "12.0", str(3 * 1024**3))
    assert (info["AppCount"], info["AllocatePodCount"]) == (1, 3)
    assert info["AllocatedPodInfoList"] == [
        {
            "appId": app_id,
            "appName": "shop",
            "envId": env_id,
            "envName": "production",
            "cupRequest": "0.5vcpu",
            "memRequest": "1GB",
            "podCount": 3,
        }
    ]
    assert info["AvailablePodInfoList"][0] == {"cupRequest": "1", "memRequest": "1", "availablePodCount": 10}
    assert [one["PodCount"] for one in detail["NodeWorkLoadList"]] == [1, 1, 1]
    (online, test) = account.call("ListCluster")
    assert (online["WorkLoadCpu"], test["WorkLoadCpu"]) == ("0.12", "0.0")


def test_labels_are_created_bound_and_deleted() -> None:
    account = DirectAccount()
    made = account.call("CreateNodeLabel", **LABEL)
    assert made == {"Id": 92001, **LABEL}
    assert "exists already" in account.error("CreateNodeLabel", **LABEL)
    account.call("CreateNodeLabel", **{**LABEL, "LabelValue": "db"})
    account.call("CreateNodeLabel", **{**LABEL, "LabelKey": "label.jst.com/b"})
    account.call("CreateNodeLabel", **{**LABEL, "ClusterId": TEST})
    assert len(account.call("ListNodeLabels", ClusterId=ONLINE)) == 3
    assert len(account.call("ListNodeLabels", ClusterId=ONLINE, LabelKey=LABEL["LabelKey"])) == 2
    account.call("DeleteNodeLabel", Force=False, **LABEL)
    assert "does not exist" in account.error("DeleteNodeLabel", Force=True, **LABEL)


def test_binding_creates_the_label_and_needs_a_node() -> None:
    account = DirectAccount()
    for instance in ("i-emu-node-4", "i-emu-spare-1", "i-x"):
        assert "is not a node" in account.error("BindNodeLabel", InstanceId=instance, **LABEL)
    account.call("BindNodeLabel", InstanceId="i-emu-node-1", **LABEL)
    assert len(account.call("ListNodeLabels", ClusterId=ONLINE)) == 1
    assert "already" in account.error("BindNodeLabel", InstanceId="i-emu-node-1", **LABEL)
    account.call("BindNodeLabel", InstanceId="i-emu-node-2", **LABEL)
    assert account.call("ListNodeLabelBindings")[0] == {
        "Id": 93001,
        "InstanceId": "i-emu-node-1",
        "InstanceType": "ecs",
        "LabelKey": LABEL["LabelKey"],
        "LabelValue": "web",
    }
    for filters, count in (
        ({"ClusterId": TEST}, 0),
        ({"ClusterId": ONLINE, "InstanceId": ""}, 2),
        ({"InstanceId": "i-emu-node-2"}, 1),
        ({"LabelKey": "k"}, 0),
        ({"LabelValue": "web"}, 2),
    ):
        assert len(account.call("ListNodeLabelBindings", **filters)) == count
    assert "is bound to 2 nodes" in account.error("DeleteNodeLabel", Force=False, **LABEL)
    account.call("UnbindNodeLabel", InstanceId="i-emu-node-2", **LABEL)
    assert "is not bound" in account.error("UnbindNodeLabel", InstanceId="i-emu-node-2", **LABEL)
    account.call("DeleteNodeLabel", Force=True, **LABEL)
    assert account.call("ListNodeLabelBindings") == account.call("ListNodeLabels", ClusterId=ONLINE) == []


def test_a_removed_node_loses_its_labels() -> None:
    account = DirectAccount()
    account.call("BindNodeLabel", InstanceId="i-emu-node-1", **LABEL)
    account.call("RemoveClusterNode", ClusterInstanceId=ONLINE, EcsInstanceIdList=["i-emu-node-1"])
    assert account.call("ListNodeLabelBindings") == []


def own_volumes(account: DirectAccount) -> list[dict[str, Any]]:
    """The volumes of the cluster besides the one that the world starts with."""
    shown = account.call("ListPersistentVolume", ClusterInstanceId=ONLINE)
    assert shown[0]["Name"] == "emu-media"
    return list(shown[1:])


def test_a_volume_reads_back_without_its_mount_target() -> None:
    account = DirectAccount()
    assert account.call("CreatePersistentVolume", **VOLUME) == {"PersistentVolumeId": 90001}
    assert own_volumes(account) == [
        {
            "Name": "data",
            "Capacity": "500Gi",
            "AccessModes": "ReadWriteMany",
            "ReclaimPolicy": "Retain",
            "Status": "Available",
            "MountDir": "/",
            "StorageClass": "nas",
            "CreateTime": "2026-01-05 08:00:00",
        }
    ]


def test_volume_names_and_storage_classes_are_unique_in_their_cluster() -> None:
    account = DirectAccount()
    account.call("CreatePersistentVolume", **VOLUME)
    text = account.error("CreatePersistentVolume", **{**VOLUME, "StorageClass": "b"})
    assert text == "Persistent volume data exists already."
    assert account.error("CreatePersistentVolume", **{**VOLUME, "Name": "b"}) == "Storage class nas exists already."
    account.call("CreatePersistentVolume", **{**VOLUME, "ClusterInstanceId": TEST})


def test_an_unknown_mount_target_makes_the_volume_fail() -> None:
    account = DirectAccount()
    account.call("CreatePersistentVolume", **{**VOLUME, "MountTargetDomain": "x.nas", "MountDir": "/data"})
    (shown,) = own_volumes(account)
    assert (shown["Status"], shown["Reason"]) == ("Failed", "mount target x.nas does not exist")
    assert shown["MountDir"] == "/data"


def claim(account: DirectAccount, app_id: int, env_id: int, **more: Any) -> None:
    """Make a claim that the volume of these tests fits."""
    given = {"AppId": app_id, "EnvId": env_id, "Name": "c", "Capacity": "500Gi", "StorageClass": "nas"}
    account.call("CreatePersistentVolumeClaim", **{**given, "AccessModes": "ReadWriteMany", **more})


def test_a_claim_binds_to_a_volume_that_fits() -> None:
    account = DirectAccount()
    app_id, _dummy, env_id = account.stack()
    names = {"AppId": app_id, "EnvId": env_id}
    account.call("CreatePersistentVolume", **VOLUME)
    claim(account, **{"app_id": app_id, "env_id": env_id})
    (shown,) = account.call("ListPersistentVolumeClaim", **names)
    assert (shown["Status"], "VolumeName" in shown) == ("Pending", False)
    account.wait(5)
    (shown,) = account.call("ListPersistentVolumeClaim", **names)
    assert (shown["Status"], shown["VolumeName"], shown["Capacity"]) == ("Bound", "data", "500Gi")
    (volume,) = own_volumes(account)
    assert (volume["Status"], volume["PvcName"]) == ("Bound", "c")
    given = {"ClusterInstanceId": ONLINE, "PersistentVolumeName": "data"}
    assert "is bound and cannot be deleted" in account.error("DeletePersistentVolume", **given)
    account.call("DeletePersistentVolumeClaim", PersistentVolumeClaimName="c", **names)
    (volume,) = own_volumes(account)
    assert (volume["Status"], "PvcName" in volume) == ("Released", False)
    account.call("DeletePersistentVolume", **given)
    assert own_volumes(account) == []
    assert "does not exist" in account.error("DeletePersistentVolume", **given)
    assert "does not exist" in account.error("DeletePersistentVolumeClaim", PersistentVolumeClaimName="c", **names)


@pytest.mark.parametrize(
    "more", [{"StorageClass": "other"}, {"AccessModes": "ReadWriteOnce"}, {"Capacity": "501Gi"}, {"Capacity": "1Ti"}]
)
def test_a_claim_that_nothing_fits_stays_pending(more: dict[str, Any]) -> None:
    account = DirectAccount()
    app_id, _dummy, env_id = account.stack()
    account.call("CreatePersistentVolume", **VOLUME)
    claim(account, app_id, env_id, **more)
    account.wait(60)
    assert account.call("ListPersistentVolumeClaim", AppId=app_id, EnvId=env_id)[0]["Status"] == "Pending"


def test_the_storage_goes_with_the_claim_when_the_policy_is_delete() -> None:
    account = DirectAccount()
    app_id, _dummy, env_id = account.stack()
    account.call("CreatePersistentVolume", **{**VOLUME, "ReclaimPolicy": "Delete"})
    claim(account, app_id, env_id)
    account.wait(5)
    account.call("DeleteAppEnvironment", AppId=app_id, EnvId=env_id, Force=True)
    assert own_volumes(account) == []


def test_claim_names_are_unique_in_their_environment() -> None:
    account = DirectAccount()
    app_id, schema_id, env_id = account.stack()
    claim(account, app_id, env_id)
    given = {"AppId": app_id, "Capacity": "1Gi", "StorageClass": "nas", "AccessModes": "ReadWriteMany", "Name": "c"}
    assert "exists already" in account.error("CreatePersistentVolumeClaim", EnvId=env_id, **given)
    account.call("CreatePersistentVolumeClaim", EnvId=account.environment(app_id, schema_id, EnvName="b"), **given)
