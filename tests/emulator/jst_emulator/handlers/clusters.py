# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters (reference 6.4); their nodes are in ``cluster_nodes``."""

from __future__ import annotations

import contextlib
import ipaddress
from typing import Any

from jst_emulator import rollout, scheduling
from jst_emulator.handlers import cluster_load
from jst_emulator.handlers.checks import check_new_name, check_region, require_nonblank
from jst_emulator.handlers.lookup import get_or_raise
from jst_emulator.models.account import Cluster, Vpc
from jst_emulator.models.env_types import CLUSTER_ENV_TYPES
from jst_emulator.registry import BusinessError, InvalidStateError, NotFoundError, Params, operation
from jst_emulator.world import World

#: The number of a cluster's type in responses; it is assumed to be that of the environments.
_ENV_TYPE_NUMBERS = {env_type: number for number, env_type in CLUSTER_ENV_TYPES.items()}
#: The first number of new clusters, after those that a world can start with.
_FIRST_INSTANCE, _FIRST_DATABASE_ID = 0x100, 201


@operation("CreateCluster")
def create_cluster(world: World, p: Params) -> dict[str, Any]:
    """Create a cluster without nodes; it runs after some minutes."""
    require_nonblank(p, "ClusterTitle")
    check_region(world, p["RegionId"])
    check_new_name(world, "Cluster", p["ClusterTitle"], (one.title for one in world.clusters.values()))
    if bool(p.get("KeyPair")) == bool(p.get("Password")):
        raise BusinessError("Exactly one of KeyPair and Password is needed.")
    vpc = get_or_raise(world.vpcs, p["VpcId"], "VPC")
    if vpc.region_id != p["RegionId"]:
        raise BusinessError(f"VPC {vpc.vpc_id} is in region {vpc.region_id}, not in {p['RegionId']}.")
    for vswitch in p["Vswitchids"]:
        if vswitch not in vpc.vswitch_ids:
            raise NotFoundError(f"Vswitch {vswitch} does not exist in VPC {vpc.vpc_id}.")
    _check_networks(vpc, p)
    cluster = Cluster(
        cluster_instance_id=f"c{world.next_number('cluster_instances', _FIRST_INSTANCE):032x}",
        database_id=world.next_number("cluster_database_ids", _FIRST_DATABASE_ID),
        title=p["ClusterTitle"],
        env_type=p["ClusterEnvType"],
        business_code=p["BusinessCode"],
        cluster_type=p["ClusterType"],
        region_id=p["RegionId"],
        region_name=p.get("RegionName") or p["RegionId"],
        vpc_id=vpc.vpc_id,
        vswitch_ids=list(p["Vswitchids"]),
        pod_cidr=p.get("PodCIDR", ""),
        service_cidr=p.get("ServiceCIDR", ""),
        key_pair=p.get("KeyPair", ""),
        password=p.get("Password", ""),
        logs=bool(p.get("CreateWithLogIntegration")),
        status="initial",
        due_at=world.now() + world.settings.durations.cluster_create,
    )
    return {"ClusterInstanceId": world.add(cluster).cluster_instance_id}


@operation("DeleteCluster")
def delete_cluster(world: World, p: Params) -> dict[str, Any]:
    """Delete a cluster with everything that runs on it; its environments lose their cluster."""
    cluster = get_or_raise(world.clusters, p["ClusterInstanceId"], "Cluster")
    if cluster.status == "deleting":
        raise InvalidStateError(f"Cluster {cluster.cluster_instance_id} is being deleted already.")
    _empty(world, cluster)
    cluster.status, cluster.due_at = "deleting", world.now() + world.settings.durations.cluster_delete
    return {"Nonsense": 1}


@operation("ListCluster")
def list_clusters(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the clusters that match the filters, with their root passwords, as the platform does."""
    return [
        _to_response(world, one)
        for one in world.clusters.values()
        if one.business_code == p.get("BusinessCode", one.business_code)
        and one.env_type == p.get("EnvType", one.env_type)
    ]


@operation("QueryClusterDetail")
def query_cluster(world: World, p: Params) -> dict[str, Any]:
    """Return a cluster with its network, its load and its contents."""
    cluster = get_or_raise(world.clusters, p["ClusterInstanceId"], "Cluster")
    load = cluster_load.measure(world, cluster)
    return {
        "BasicInfo": {
            "BusinessCode": cluster.business_code,
            "ClusterId": cluster.database_id,
            "ClusterInstanceId": cluster.cluster_instance_id,
            "ClusterName": cluster.title,
            "EnvType": _ENV_TYPE_NUMBERS[cluster.env_type],
            "HasInstallArmsPilot": cluster.arms,
            "HasInstallLogController": cluster.logs and cluster.status == "running",
            "InstallArmsInProcess": False,
            "InstallLogInProcess": cluster.logs and cluster.status == "initial",
            "MainUserId": world.settings.operator.user_id,
            "RegionId": cluster.region_id,
            "RegionName": cluster.region_name,
            "UserNick": world.settings.operator.user_nick,
            "VpcId": cluster.vpc_id,
            "EcsIds": [one.instance_id for one in scheduling.nodes(world, cluster.cluster_instance_id)],
            "Vswitchs": cluster.vswitch_ids,
        },
        "NetInfo": {
            "NetPlugType": cluster.net_plug,
            "ProdCIDR": cluster.pod_cidr,
            "ServiceCIDR": cluster.service_cidr,
        },
        "WorkLoad": cluster_load.work_load(load),
        "InstanceInfo": cluster_load.instance_info(world, load),
        "NodeWorkLoadList": cluster_load.node_work_loads(world, load),
    }


def _empty(world: World, cluster: Cluster) -> None:
    """Remove everything that runs on a cluster."""
    name = cluster.cluster_instance_id
    for allocation in [one for one in world.allocations.values() if one.cluster_instance_id == name]:
        world.remove(allocation)
    for environment in [one for one in world.environments.values() if one.cluster_instance_id == name]:
        environment.cluster_instance_id = environment.baseline = None
        order = rollout.unfinished(world, environment.env_id)
        if order is not None:
            rollout.close(world, order)
        for instance in rollout.instances(world, environment.env_id):
            world.remove(instance)
    for volume in [one for one in world.volumes.values() if one.cluster_instance_id == name]:
        for claim in [one for one in world.claims.values() if one.claim_id == volume.claim_id]:
            claim.status = "Lost"
        world.remove(volume)
    for label in [one for one in world.node_labels.values() if one.cluster_instance_id == name]:
        for binding in [one for one in world.node_label_bindings.values() if one.label_id == label.label_id]:
            world.remove(binding)
        world.remove(label)


def _check_networks(vpc: Vpc, p: Params) -> None:
    needed = p["ClusterType"] in ("Windows", "Standard")
    networks = {}
    for name in ("PodCIDR", "ServiceCIDR"):
        if p.get(name):
            try:
                networks[name] = ipaddress.ip_network(p[name])
            except ValueError:
                raise BusinessError(f"{name} {p[name]} is not a network.") from None
        elif needed:
            raise BusinessError(f"{name} is needed for clusters of type {p['ClusterType']}.")
    with contextlib.suppress(ValueError):
        networks["VPC"] = ipaddress.ip_network(vpc.cidr)
    names = list(networks)
    for index, name in enumerate(names):
        for other in names[index + 1 :]:
            if networks[name].overlaps(networks[other]):
                raise BusinessError(
                    f"The networks of {name} ({networks[name]}) and {other} ({networks[other]}) overlap."
                )


def _to_response(world: World, cluster: Cluster) -> dict[str, Any]:
    load = cluster_load.measure(world, cluster)
    return {
        "BusinessCode": cluster.business_code,
        "ClusterTitle": cluster.title,
        "CreateStatus": "0" if cluster.status == "initial" else "1",
        "EnvType": _ENV_TYPE_NUMBERS[cluster.env_type],
        "Id": cluster.database_id,
        "InstanceId": cluster.cluster_instance_id,
        "KeyPair": cluster.key_pair,
        "NetPlug": cluster.net_plug,
        "Password": cluster.password or None,
        "PodCIDR": cluster.pod_cidr,
        "RegionId": cluster.region_id,
        "RegionName": cluster.region_name,
        "ServiceCIDR": cluster.service_cidr,
        "Status": cluster.status,
        "VpcId": cluster.vpc_id,
        "WorkLoadCpu": load.cpu_share,
        "WorkLoadMem": load.memory_share,
        "EcsIds": [one.instance_id for one in scheduling.nodes(world, cluster.cluster_instance_id)],
        "VswitchIds": cluster.vswitch_ids,
    }
