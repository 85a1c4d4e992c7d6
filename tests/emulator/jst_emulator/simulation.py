# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The simulation of everything that takes time on the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jst_emulator import cron_jobs, quantities, releases, rollout, workload

if TYPE_CHECKING:
    from jst_emulator.models.cluster_objects import Claim
    from jst_emulator.world import World


def advance(world: World, now: float) -> None:
    """Advance all objects to *now*."""
    _advance_clusters(world, now)
    _advance_nodes(world, now)
    _advance_databases(world, now)
    _advance_accounts(world, now)
    rollout.advance(world, now)
    cron_jobs.advance(world, now)
    _advance_claims(world, now)


def _advance_clusters(world: World, now: float) -> None:
    for cluster in list(world.clusters.values()):
        if cluster.due_at is None or cluster.due_at > now:
            continue
        cluster.due_at = None
        if cluster.status == "initial":
            cluster.status = "running"
        elif cluster.status == "deleting":
            for machine in world.ecs.values():
                if machine.cluster_instance_id == cluster.cluster_instance_id:
                    machine.cluster_instance_id, machine.joined_at, machine.due_at = None, None, None
            world.remove(cluster)


def _advance_nodes(world: World, now: float) -> None:
    for machine in world.ecs.values():
        if machine.due_at is not None and machine.due_at <= now:
            machine.joined_at, machine.due_at = machine.due_at, None


def _advance_databases(world: World, now: float) -> None:
    for database in list(world.databases.values()):
        if database.due_at is None or database.due_at > now:
            continue
        database.due_at = None
        if database.status == "Creating":
            database.status = "Running"
        else:
            world.remove(database)


def _advance_accounts(world: World, now: float) -> None:
    for account in world.accounts.values():
        if account.due_at is not None and account.due_at <= now:
            account.status, account.due_at = "Available", None


def _advance_claims(world: World, now: float) -> None:
    for claim in world.claims.values():
        if claim.status != "Pending" or claim.created_at + world.settings.durations.claim_bind > now:
            continue
        if world.settings.readings.claim_binding == "first_consumer" and not _is_used(world, claim):
            continue
        cluster = world.environments[claim.env_id].cluster_instance_id
        fitting = [
            volume
            for volume in world.volumes.values()
            if volume.status == "Available"
            and volume.cluster_instance_id == cluster
            and volume.storage_class == claim.storage_class
            and volume.access_modes == claim.access_modes
            and quantities.amount(volume.capacity) >= quantities.amount(claim.capacity)
        ]
        if fitting:
            volume = min(fitting, key=lambda one: quantities.amount(one.capacity))
            volume.status, volume.claim_id = "Bound", claim.claim_id
            claim.status, claim.volume_name = "Bound", volume.name


def _is_used(world: World, claim: Claim) -> bool:
    """Return whether an instance of the environment mounts a claim."""
    instances = rollout.instances(world, claim.env_id)
    return any(claim.name in workload.claim_names(releases.workload_of(world, one)) for one in instances)
