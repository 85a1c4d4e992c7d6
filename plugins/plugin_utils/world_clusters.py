# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clusters of a world file, with their nodes, labels and volumes."""

from __future__ import annotations

from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.env_types import CLUSTER_ENV_TYPE
from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_reader import AccountReader
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_tables import World
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_values import epoch, operator_settings, soon

Json = dict[str, Any]

MOUNT_TARGET = "recorded.nas.example"
"""The mount target of recorded volumes: the service does not show theirs."""

UNSHOWN_VPC = "vpc-recorded"
"""The VPC of clusters and machines whose own the service does not show."""


def record_cluster(world: World, reader: AccountReader, cluster: Json) -> None:
    """Record a cluster with its network, nodes, labels and volumes, and the machines that could become nodes."""
    detail = cluster.get("detail") or {}
    vpc = cluster["vpc_id"] or UNSHOWN_VPC
    world.add("vpcs", vpc, vpc_id=vpc, region_id=cluster["region"], vswitch_ids=list(cluster["vswitch_ids"] or ()))
    world.tables["settings"] = world.tables.get("settings") or operator_settings(detail)
    name = cluster["cluster_id"]
    is_new = cluster["status"] == "initial"
    world.add(
        "clusters",
        name,
        cluster_instance_id=name,
        database_id=cluster["database_id"],
        title=cluster["title"],
        env_type=CLUSTER_ENV_TYPE.serialize(cluster["env_type"]),
        business_code=cluster["biz_code"],
        region_id=cluster["region"],
        region_name=cluster["region_name"] or "",
        vpc_id=vpc,
        vswitch_ids=list(cluster["vswitch_ids"] or ()),
        pod_cidr=cluster["pod_cidr"] or "",
        service_cidr=cluster["service_cidr"] or "",
        net_plug=cluster["network_plugin"],
        key_pair=cluster["key_pair"] or "",
        arms=bool(detail.get("arms_installed")),
        logs=bool(detail.get("log_installed") or detail.get("log_in_process")),
        status=cluster["status"] if cluster["status"] in ("initial", "running", "deleting") else "running",
        due_at=soon() if is_new else None,
    )
    for available in (False, True):
        for node in reader.nodes(cluster, available):
            _record_node(world, node, None if available else name)
    labels, bindings = reader.labels(cluster)
    by_text = {}
    for label in labels:
        number = label["node_label_id"]
        by_text[label["key"], label["value"]] = number
        world.add(
            "node_labels",
            number,
            label_id=number,
            cluster_instance_id=name,
            label_key=label["key"],
            label_value=label["value"],
        )
    for binding in bindings:
        found = by_text.get((binding.get("label_key"), binding.get("label_value")))
        if found is not None and world.is_known("ecs", binding.get("instance_id")):
            number = int(binding["id"])
            world.add(
                "node_label_bindings",
                number,
                binding_id=number,
                label_id=found,
                instance_id=binding["instance_id"],
            )
    for volume in reader.volumes(cluster):
        _record_volume(world, name, volume)


def _record_node(world: World, node: Json, cluster: str | None) -> None:
    vpc = node["vpc_id"] or UNSHOWN_VPC
    world.add("vpcs", vpc, vpc_id=vpc, region_id=node["region_id"])
    storage = str(node["local_storage"] or "")
    world.add(
        "ecs",
        node["instance_id"],
        instance_id=node["instance_id"],
        name=node["instance_name"] or "",
        cluster_instance_id=cluster,
        region_id=node["region_id"],
        vpc_id=vpc,
        private_ip=node["private_ip"] or "",
        public_ip=node["public_ip"] or "",
        eip=node["eip"] or "",
        cpu=node["cpu"],
        memory_mb=node["memory_mb"],
        disk_gb=int(storage) if storage.isdigit() else None,
        instance_type=node["instance_type"],
        os_type=node["os_type"] if node["os_type"] in ("linux", "windows") else None,
        os_name=node["os_name"],
        expires_on=node["expires"],
        bandwidth_in=node["bandwidth_in_mbps"],
        bandwidth_out=node["bandwidth_out_mbps"],
    )


def _record_volume(world: World, cluster: str, volume: Json) -> None:
    world.add("mount_targets", MOUNT_TARGET, domain=MOUNT_TARGET)
    number = len(world.tables["volumes"]) + 90001
    world.add(
        "volumes",
        number,
        volume_id=number,
        cluster_instance_id=cluster,
        name=volume["name"],
        capacity=volume["capacity"],
        access_modes=volume["access_mode"],
        reclaim_policy=volume["reclaim_policy"],
        storage_class=volume["storage_class"],
        mount_target_domain=MOUNT_TARGET,
        mount_dir=volume["mount_dir"] or "/",
        status=volume["status"],
        reason=volume["reason"] or "",
        created_at=epoch(volume["create_time"]),
    )


def bind_volumes(world: World) -> None:
    """Set the claims of volumes. Claims and volumes show only each other's names."""
    clusters = {one["env_id"]: one.get("cluster_instance_id") for one in world.tables["environments"]}
    claims = {(clusters[one["env_id"]], one["volume_name"]): one["claim_id"] for one in world.tables["claims"]}
    for volume in world.tables["volumes"]:
        if volume["status"] == "Bound":
            volume["claim_id"] = claims.get((volume["cluster_instance_id"], volume["name"]))
