# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The scheduling of pods: nodes, addresses, names."""

from __future__ import annotations

import hashlib
import ipaddress
import re
from typing import TYPE_CHECKING

from jst_emulator.models.account import Cluster, Ecs
from jst_emulator.models.apps import STATEFUL, Environment

if TYPE_CHECKING:
    from jst_emulator.world import World


def nodes(world: World, cluster_instance_id: str | None) -> list[Ecs]:
    """Return the machines that have joined a cluster."""
    return [
        machine
        for machine in world.ecs.values()
        if cluster_instance_id is not None
        and machine.cluster_instance_id == cluster_instance_id
        and machine.joined_at is not None
    ]


def next_node(world: World, cluster: Cluster | None) -> Ecs | None:
    """Return the node with the fewest instances; None without nodes."""
    if cluster is None:
        return None
    load = {machine.instance_id: 0 for machine in nodes(world, cluster.cluster_instance_id)}
    for instance in world.instances.values():
        if instance.host in load:
            load[instance.host] += 1
    return world.ecs[min(load, key=lambda name: load[name])] if load else None


def next_pod_ip(world: World, cluster: Cluster | None) -> str:
    """Return the next unused address of the pod network, which starts again at its end."""
    try:
        network = ipaddress.ip_network(cluster.pod_cidr if cluster else "", strict=False)
    except ValueError:
        network = ipaddress.ip_network("10.244.0.0/16")
    number = world.next_number("pod_ip", 10)
    return str(network[number % network.num_addresses])


def namespace(world: World, environment: Environment) -> str:
    """Return the Kubernetes namespace of an environment: that of its app, or one named after the app's id."""
    return world.apps[environment.app_id].namespace or f"jck-namespace-{environment.app_id}"


def pod_name(world: World, environment: Environment, deploy_order_id: int) -> str:
    """Return a name in the form of the platform; the same calls get the same names in every run."""
    app = world.apps[environment.app_id]
    slug = re.sub(r"[^a-z0-9]+", "-", app.title.lower()).strip("-") or "app"
    kind = "statefulset" if app.state_type == STATEFUL else "deployment"
    stem = f"jck-{kind}-{slug[:30]}-{environment.app_id}-{environment.env_id}-{deploy_order_id}"
    return f"{stem}-{suffix(stem + str(world.next_number('pod')))}"


def suffix(seed: str) -> str:
    """Return letters that look random and depend on *seed* only, like those of Kubernetes in pod names."""
    digest = hashlib.sha256(seed.encode()).hexdigest()
    return f"{digest[:10]}-{digest[10:15]}"
