# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Persistent volumes (reference 6.1) and persistent volume claims (reference 1.5)."""

from __future__ import annotations

from typing import Any

from jst_emulator.handlers.checks import require_nonblank
from jst_emulator.handlers.lookup import environment_of, get_or_raise, running_cluster
from jst_emulator.handlers.time_formats import plain_time
from jst_emulator.models.cluster_objects import Claim, Volume
from jst_emulator.registry import AlreadyExistsError, InvalidStateError, NotFoundError, Params, operation
from jst_emulator.world import World


@operation("CreatePersistentVolume")
def create_volume(world: World, p: Params) -> dict[str, Any]:
    """Create a NAS volume, whose name and storage class are unique in the cluster.

    An unknown mount target makes the volume Failed.
    """
    cluster = running_cluster(world, p["ClusterInstanceId"])
    for volume in _volumes(world, cluster.cluster_instance_id):
        if volume.name == p["Name"]:
            raise AlreadyExistsError(f"Persistent volume {p['Name']} exists already.")
        if volume.storage_class == p["StorageClass"]:
            raise AlreadyExistsError(f"Storage class {p['StorageClass']} exists already.")
    domain = p["MountTargetDomain"]
    mounted = domain in world.mount_targets
    volume = world.add(
        Volume(
            cluster_instance_id=cluster.cluster_instance_id,
            name=p["Name"],
            capacity=p["Capacity"],
            access_modes=p["AccessModes"],
            reclaim_policy=p["ReclaimPolicy"],
            storage_class=p["StorageClass"],
            mount_target_domain=domain,
            nfs_version=p["NFSVersion"],
            mount_dir=p.get("MountDir") or "/",
            status="Available" if mounted else "Failed",
            reason="" if mounted else f"mount target {domain} does not exist",
            created_at=world.now(),
        )
    )
    return {"PersistentVolumeId": volume.volume_id}


@operation("ListPersistentVolume")
def list_volumes(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the volumes of a cluster."""
    cluster = get_or_raise(world.clusters, p["ClusterInstanceId"], "Cluster")
    return [
        {
            "Name": one.name,
            "Capacity": one.capacity,
            "AccessModes": one.access_modes,
            "ReclaimPolicy": one.reclaim_policy,
            "Status": one.status,
            "PvcName": world.claims[one.claim_id].name if one.claim_id else None,
            "MountDir": one.mount_dir,
            "StorageClass": one.storage_class,
            "Reason": one.reason or None,
            "CreateTime": plain_time(one.created_at),
        }
        for one in _volumes(world, cluster.cluster_instance_id)
    ]


@operation("DeletePersistentVolume")
def delete_volume(world: World, p: Params) -> None:
    """Delete a volume that is not bound."""
    cluster = get_or_raise(world.clusters, p["ClusterInstanceId"], "Cluster")
    for volume in _volumes(world, cluster.cluster_instance_id):
        if volume.name == p["PersistentVolumeName"]:
            if volume.status == "Bound":
                raise InvalidStateError(f"Persistent volume {volume.name} is bound and cannot be deleted.")
            world.remove(volume)
            return
    raise NotFoundError(f"Persistent volume {p['PersistentVolumeName']} does not exist.")


@operation("CreatePersistentVolumeClaim")
def create_claim(world: World, p: Params) -> dict[str, Any]:
    """Create a claim; it binds to a matching volume of the environment's cluster."""
    environment = environment_of(world, p)
    require_nonblank(p, "Name")
    if any(one.name == p["Name"] for one in _claims(world, environment.env_id)):
        raise AlreadyExistsError(f"Persistent volume claim {p['Name']} exists already.")
    claim = world.add(
        Claim(
            env_id=environment.env_id,
            name=p["Name"],
            capacity=p["Capacity"],
            access_modes=p["AccessModes"],
            storage_class=p["StorageClass"],
            created_at=world.now(),
        )
    )
    return {"PersistentVolumeClaimId": claim.claim_id}


@operation("ListPersistentVolumeClaim")
def list_claims(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the claims of an environment."""
    environment = environment_of(world, p)
    return [
        {
            "Name": one.name,
            "Capacity": _claim_capacity(world, one),
            "AccessModes": one.access_modes,
            "Status": one.status,
            "StorageClass": one.storage_class,
            "VolumeName": one.volume_name or None,
            "CreateTime": plain_time(one.created_at),
        }
        for one in _claims(world, environment.env_id)
    ]


@operation("DeletePersistentVolumeClaim")
def delete_claim(world: World, p: Params) -> None:
    """Delete a claim by name."""
    environment = environment_of(world, p)
    for claim in _claims(world, environment.env_id):
        if claim.name == p["PersistentVolumeClaimName"]:
            remove_claim(world, claim)
            return
    raise NotFoundError(f"Persistent volume claim {p['PersistentVolumeClaimName']} does not exist.")


def remove_claim(world: World, claim: Claim) -> None:
    """Remove a claim from the world; the volume's reclaim policy decides whether it is released or removed."""
    for volume in [one for one in world.volumes.values() if one.claim_id == claim.claim_id]:
        volume.status, volume.claim_id = "Released", None
        if volume.reclaim_policy == "Delete":
            world.remove(volume)
    world.remove(claim)


def _claim_capacity(world: World, claim: Claim) -> str:
    """Return the capacity that a claim shows, by the readings of the reference."""
    bound = [one.capacity for one in world.volumes.values() if one.claim_id == claim.claim_id]
    return bound[0] if bound and world.settings.readings.claim_capacity == "volume" else claim.capacity


def _volumes(world: World, cluster_instance_id: str) -> list[Volume]:
    return [one for one in world.volumes.values() if one.cluster_instance_id == cluster_instance_id]


def _claims(world: World, env_id: int) -> list[Claim]:
    return [one for one in world.claims.values() if one.env_id == env_id]
