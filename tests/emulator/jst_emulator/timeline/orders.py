# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploy orders of somebody else: they begin, are resumed, and are closed without a call in the call log."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from jst_emulator import rollout, workload
from jst_emulator.handlers.deployments import deploy_app, scale_app
from jst_emulator.models.runtime import Order
from jst_emulator.registry import BusinessError
from jst_emulator.timeline.schedule import TimelineError
from jst_emulator.timeline.targets import environment_of
from jst_emulator.world import World


def deploy(world: World, at: float, given: dict[str, Any], _step: int = 0) -> dict[str, Any]:
    """Begin a deployment, of the images of the workload YAML unless others are given."""
    environment = environment_of(world, given)
    config, app = world.deploy_configs[environment.schema_id], world.apps[environment.app_id]
    images = workload.containers(workload.stored_yaml(config, app.state_type))
    sent = {
        "EnvId": environment.env_id,
        "Name": given["name"],
        "Description": given["description"],
        "TotalPartitions": given["batches"],
        "PauseType": given["pause"],
        "DeployPacketId": given["packet_id"],
        "ContainerImageList": None if given["image"] is None else [given["image"]] * len(images),
    }
    order = _ordered(world, at, given, deploy_app, sent)
    if given["failure"] is not None:
        order.failure_kind, order.failure_batch = given["failure"], given["failure_batch"]
    return _shown(order)


def scale(world: World, at: float, given: dict[str, Any], _step: int = 0) -> dict[str, Any]:
    """Begin a change of the number of instances."""
    environment = environment_of(world, given)
    sent = {"EnvId": environment.env_id, "Replicas": given["replicas"], "TotalPartitions": given["batches"]}
    return _shown(_ordered(world, at, given, scale_app, sent))


def resume(world: World, at: float, given: dict[str, Any], _step: int = 0) -> dict[str, Any]:
    """Resume the paused order of an environment."""
    order = _unfinished(world, given)
    if order.status != Order.PAUSED:
        raise TimelineError(f"deploy order {order.deploy_order_id} is not paused")
    rollout.resume(world, order, at)
    world.record_traffic(at, order.env_id)
    return _shown(order)


def close(world: World, at: float, given: dict[str, Any], _step: int = 0) -> dict[str, Any]:
    """Close the unfinished order of an environment."""
    order = _unfinished(world, given)
    rollout.close(world, order, at)
    world.record_traffic(at, order.env_id)
    return _shown(order)


def check_user(world: World, given: dict[str, Any]) -> None:
    """Check that environment and user exist.

    :raises TimelineError: they do not.
    """
    environment_of(world, given)
    if given["user_id"] is not None and given["user_id"] not in world.users:
        raise TimelineError(f"there is no user {given['user_id']!r}; there are {', '.join(world.users) or 'none'}")


def _ordered(
    world: World,
    at: float,
    given: dict[str, Any],
    handler: Callable[[World, dict[str, Any]], dict[str, Any]],
    sent: dict[str, Any],
) -> Order:
    """Make an order as its operation does, at a moment that can lie before now.

    :raises TimelineError: the operation rejects it.
    """
    check_user(world, given)
    try:
        answer = handler(world, {name: value for name, value in sent.items() if value is not None})
    except BusinessError as error:
        raise TimelineError(error.message) from error
    if not answer["Admitted"]:
        raise TimelineError(f"the platform does not admit it, with BusinessCode {answer['BusinessCode']}")
    order = world.orders[answer["DeployOrderId"]]
    order.created_at, order.due_at = at, at + world.settings.durations.order_wait
    if given["user_id"] is not None:
        order.user_id, order.user_nick = given["user_id"], world.users[given["user_id"]].real_name
    return order


def _unfinished(world: World, given: dict[str, Any]) -> Order:
    environment = environment_of(world, given)
    order = rollout.unfinished(world, environment.env_id)
    if order is None:
        raise TimelineError(f"environment {environment.env_id} has no unfinished deploy order")
    return order


def _shown(order: Order) -> dict[str, Any]:
    return {"env_id": order.env_id, "deploy_order_id": order.deploy_order_id}
