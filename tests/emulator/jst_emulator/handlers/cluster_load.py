# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The load of a cluster, from its machines and the requests of its instances (reference 6.4.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from jst_emulator import quantities, releases, scheduling, workload
from jst_emulator.models.account import Cluster, Ecs
from jst_emulator.models.runtime import Instance
from jst_emulator.world import World

#: The requests of an instance whose YAML states none.
DEFAULT_CPU, DEFAULT_MEMORY = 0.5, 512 * 1024.0**2
#: The share of the requested resources that counts as used.
USED = 0.4
#: Pod sizes (cores, GB) for the estimate of free capacity: the two of the sample.
SIZES = ((1, 1), (2, 4))


@dataclass
class Load:
    """The machines of a cluster, and its instances with their requests (cores, bytes)."""

    nodes: list[Ecs]
    instances: list[tuple[Instance, float, float]] = field(default_factory=list)

    @property
    def cpu_total(self) -> float:
        """The cores of the machines."""
        return float(sum(one.cpu for one in self.nodes))

    @property
    def memory_total(self) -> float:
        """The memory of the machines, in bytes."""
        return sum(one.memory_mb for one in self.nodes) * 1024.0**2

    @property
    def cpu_request(self) -> float:
        """The cores that the instances request."""
        return round(sum(one[1] for one in self.instances), 2)

    @property
    def memory_request(self) -> float:
        """The memory that the instances request, in bytes."""
        return sum(one[2] for one in self.instances)

    @property
    def cpu_share(self) -> float:
        """The requested share of the cores."""
        return share(self.cpu_request, self.cpu_total)

    @property
    def memory_share(self) -> float:
        """The requested share of the memory."""
        return share(self.memory_request, self.memory_total)


def share(part: float, whole: float) -> float:
    """Return *part* as a share of *whole*, with two decimals; 0 when *whole* is 0."""
    return round(part / whole, 2) if whole else 0.0


def measure(world: World, cluster: Cluster) -> Load:
    """Return the present load of *cluster*."""
    load = Load(scheduling.nodes(world, cluster.cluster_instance_id))
    for instance in world.instances.values():
        environment = world.environments[instance.env_id]
        if environment.cluster_instance_id == cluster.cluster_instance_id:
            cpu, memory = workload.resources(releases.workload_of(world, instance), "requests")
            load.instances.append((instance, cpu or DEFAULT_CPU, memory or DEFAULT_MEMORY))
    return load


def work_load(load: Load) -> dict[str, Any]:
    """Return ``WorkLoad`` of the response."""
    return {
        "AllNodeCount": len(load.nodes),
        "AllocateAllPodCount": len(load.instances),
        "AllocateAppPodCount": len(load.instances),
        "CpuCapacityTotal": load.cpu_total,
        "CpuLevel": 0,
        "CpuRequest": load.cpu_request,
        "CpuRequestPercent": load.cpu_share,
        "CpuTotal": load.cpu_total,
        "CpuUse": round(load.cpu_request * USED, 2),
        "CpuUsePercent": round(load.cpu_share * USED, 2),
        "MemCapacityTotal": int(load.memory_total),
        "MemLevel": 0,
        "MemRequest": int(load.memory_request),
        "MemRequestPercent": load.memory_share,
        "MemTotal": int(load.memory_total),
        "MemUse": int(load.memory_request * USED),
        "MemUsePercent": round(load.memory_share * USED, 2),
    }


def instance_info(world: World, load: Load) -> dict[str, Any]:
    """Return ``InstanceInfo`` of the response; its lists have lower-camel members, and cpu is spelled cup."""
    by_environment: dict[int, list[tuple[Instance, float, float]]] = {}
    for entry in load.instances:
        by_environment.setdefault(entry[0].env_id, []).append(entry)
    allocated = []
    for env_id, entries in by_environment.items():
        environment = world.environments[env_id]
        _dummy, cpu, memory = entries[0]
        allocated.append(
            {
                "appId": environment.app_id,
                "appName": world.apps[environment.app_id].title,
                "envId": env_id,
                "envName": environment.name,
                "cupRequest": quantities.cpu_words(cpu),
                "memRequest": quantities.memory_words(memory),
                "podCount": len(entries),
            }
        )
    free_cpu = load.cpu_total - load.cpu_request
    free_memory = (load.memory_total - load.memory_request) / 1024**3
    return {
        "AllocatePodCount": len(load.instances),
        "AppCount": len({entry["appId"] for entry in allocated}),
        "AllocatedPodInfoList": allocated,
        "AvailablePodInfoList": [
            {
                "cupRequest": str(cpu),
                "memRequest": str(gigabytes),
                "availablePodCount": max(0, int(min(free_cpu // cpu, free_memory // gigabytes))),
            }
            for cpu, gigabytes in SIZES
        ],
    }


def node_work_loads(world: World, load: Load) -> list[dict[str, Any]]:
    """Return ``NodeWorkLoadList`` of the response."""
    return [_node_work_load(node, load) for node in load.nodes]


def _node_work_load(node: Ecs, load: Load) -> dict[str, Any]:
    mine = [entry for entry in load.instances if entry[0].host == node.instance_id]
    cpu, memory = sum(entry[1] for entry in mine), int(sum(entry[2] for entry in mine))
    return {
        "AppPodCount": len(mine),
        "CpuRequest": f"{cpu:g}",
        "CpuTotal": str(node.cpu),
        "CpuUse": f"{cpu * USED:g}",
        "InstanceId": node.instance_id,
        "MemRequest": str(memory),
        "MemTotal": str(node.memory_mb * 1024**2),
        "MemUse": str(int(memory * USED)),
        "NodeName": node.name,
        "PodCount": len(mine),
        "Ready": True,
        "Unschedulable": False,
    }
