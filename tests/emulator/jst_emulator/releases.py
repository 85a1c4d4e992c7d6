# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The releases that pods run, which the stored deploy configurations do not change."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from jst_emulator import workload
from jst_emulator.models.apps import Baseline, DeployConfig
from jst_emulator.models.release import Release, RunningPod
from jst_emulator.models.runtime import Instance

if TYPE_CHECKING:
    from jst_emulator.world import World


def documents(config: DeployConfig) -> dict[str, Any]:
    """Return the contents of a release that come from a deploy configuration, without the workload."""
    return {
        "schema_id": config.schema_id,
        "config_map_list": config.config_map_list or [config.config_map] * bool(config.config_map),
        "secret_list": config.secret_list,
        "code_path": config.code_path,
    }


def differences(world: World, pod: RunningPod) -> list[str] | None:
    """Return the contents of a pod's release that differ from the deploy configuration that is stored now.

    Images and packages are no part of it. None when the release is not known.
    """
    release, environment = release_of(world, pod), world.environments[pod.env_id]
    if release is None:
        return None
    config = world.deploy_configs[environment.schema_id]
    stored = {**documents(config), "workload": workload.stored_yaml(config, world.apps[environment.app_id].state_type)}
    return [name for name, value in stored.items() if getattr(release, name) != value]


def show(world: World, instance: Instance) -> dict[str, Any]:
    """Return an instance for the control side with what it runs, without documents."""
    release = release_of(world, instance)
    return {
        "app_instance_id": instance.app_instance_id,
        "env_id": instance.env_id,
        "status": instance.status,
        "deploy_order_id": instance.deploy_order_id,
        "schema_id": release.schema_id if release else None,
        "images": release.images if release else None,
        "packet_url": release.packet_url if release else None,
        "differs_from_stored": differences(world, instance),
    }


def release_of(world: World, pod: RunningPod) -> Release | None:
    """Return the release that a pod runs; None when it is not known."""
    order = world.orders.get(pod.deploy_order_id or 0)
    return order if order is not None and order.workload else pod.release


def workload_of(world: World, pod: RunningPod) -> str:
    """Return the workload YAML that a pod runs; empty when it is not known."""
    release = release_of(world, pod)
    return release.workload if release else ""


def as_last_released(world: World, baseline: Baseline) -> Mapping[str, Any]:
    """Return the fields of a new pod that runs what the last successful deployment released."""
    if baseline.deploy_order_id in world.orders:
        return {"deploy_order_id": baseline.deploy_order_id}
    return {"release": Release(**baseline.contents())}


def complete(world: World) -> None:
    """Let the pods of a world file run the last release of their environment where the file does not say what they run.

    A later deployment changes the last release, not these pods.
    """
    for pod in (*world.instances.values(), *world.job_runs.values()):
        baseline = world.environments[pod.env_id].baseline
        if baseline is not None and release_of(world, pod) is None:
            pod.release = Release(**baseline.contents())
