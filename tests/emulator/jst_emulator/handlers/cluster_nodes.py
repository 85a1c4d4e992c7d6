# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The nodes of clusters (reference 6.4)."""

from __future__ import annotations

from typing import Any

from jst_emulator import scheduling
from jst_emulator.handlers.checks import first_duplicate
from jst_emulator.handlers.lookup import get_or_raise, running_cluster
from jst_emulator.models.account import Cluster, Ecs
from jst_emulator.registry import BusinessError, InvalidStateError, Params, operation
from jst_emulator.world import World


@operation("ListClusterNode")
def list_nodes(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the machines that have joined a cluster."""
    cluster = get_or_raise(world.clusters, p["ClusterInstanceId"], "Cluster")
    return [_to_response(one, cluster) for one in scheduling.nodes(world, cluster.cluster_instance_id)]


@operation("ListAvailableClusterNode")
def list_available_nodes(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the machines that can join a cluster: the free ones in its VPC."""
    cluster = get_or_raise(world.clusters, p["ClusterInstanceId"], "Cluster")
    return [_to_response(one, cluster) for one in _available(world, cluster).values()]


@operation("AddClusterNode")
def add_nodes(world: World, p: Params) -> dict[str, Any]:
    """Add free machines to a cluster, all or none; lists show them after a delay."""
    cluster = running_cluster(world, p["ClusterInstanceId"])
    available = _available(world, cluster)
    for instance_id in _requested_ids(p):
        get_or_raise(world.ecs, instance_id, "ECS instance")
        if instance_id not in available:
            raise InvalidStateError(
                f"ECS instance {instance_id} is not available for cluster {cluster.cluster_instance_id}."
            )
    for instance_id in p["EcsInstanceIdList"]:
        machine = available[instance_id]
        machine.cluster_instance_id, machine.joined_at = cluster.cluster_instance_id, None
        machine.due_at = world.now() + world.settings.durations.node_join
    return {"Nonsense": 1}


@operation("RemoveClusterNode")
def remove_nodes(world: World, p: Params) -> dict[str, Any]:
    """Remove machines from a cluster, all or none; their instances move to the remaining machines."""
    cluster = running_cluster(world, p["ClusterInstanceId"])
    present = {one.instance_id: one for one in scheduling.nodes(world, cluster.cluster_instance_id)}
    for instance_id in _requested_ids(p):
        if instance_id not in present:
            raise InvalidStateError(
                f"ECS instance {instance_id} is not a node of cluster {cluster.cluster_instance_id}."
            )
    for instance_id in p["EcsInstanceIdList"]:
        present[instance_id].cluster_instance_id = present[instance_id].joined_at = None
    for binding in list(world.node_label_bindings.values()):
        if binding.instance_id in p["EcsInstanceIdList"]:
            world.remove(binding)
    for instance in world.instances.values():
        if instance.host in p["EcsInstanceIdList"]:
            host = scheduling.next_node(world, cluster)
            instance.host = host.instance_id if host else None
            instance.status = instance.status if host else "Pending"
    return {"Nonsense": 1}


def _requested_ids(p: Params) -> list[str]:
    asked: list[str] = p["EcsInstanceIdList"]
    if not asked:
        raise BusinessError("EcsInstanceIdList must not be empty.")
    twice = first_duplicate(asked)
    if twice is not None:
        raise BusinessError(f"ECS instance {twice} is there twice.")
    return asked


def _available(world: World, cluster: Cluster) -> dict[str, Ecs]:
    return {
        one.instance_id: one
        for one in world.ecs.values()
        if one.cluster_instance_id is None and one.vpc_id == cluster.vpc_id
    }


def _to_response(machine: Ecs, cluster: Cluster) -> dict[str, Any]:
    return {
        "OSName": machine.os_name,
        "BusinessCode": cluster.business_code,
        "EcsConfiguration": f"{machine.cpu}vcpu {machine.memory_mb // 1024}G",
        "EcsCpu": machine.cpu,
        "EcsExpiredTime": machine.expires_on,
        "EcsLocalStorageCapacity": machine.disk_gb,
        "EcsMemory": machine.memory_mb,
        "EcsOsType": machine.os_type,
        "EcsPrivateIp": machine.private_ip,
        "EcsEip": machine.eip or None,
        "EcsPublicIp": machine.public_ip or None,
        "EcsZone": machine.region_id,
        "InstanceId": machine.instance_id,
        "InstanceName": machine.name,
        "InstanceNetworkType": "vpc",
        "InstanceType": machine.instance_type,
        "InternetMaxBandwidthIn": machine.bandwidth_in,
        "InternetMaxBandwidthOut": machine.bandwidth_out,
        "RegionId": machine.region_id,
        "VpcId": machine.vpc_id,
    }
