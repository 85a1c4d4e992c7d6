# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploy orders: deploying, scaling, reading, resuming and closing (reference 5.1)."""

from __future__ import annotations

from typing import Any

from jst_emulator import releases, rollout, workload
from jst_emulator.cron import Schedule
from jst_emulator.handlers import order_responses
from jst_emulator.handlers.checks import require_nonblank
from jst_emulator.handlers.lookup import environment_of, get_or_raise
from jst_emulator.models.apps import CRON_JOB, STATELESS, DeployConfig, Environment
from jst_emulator.models.runtime import Order
from jst_emulator.models.settings import Scope
from jst_emulator.record_list import RecordList
from jst_emulator.registry import BusinessError, InvalidStateError, Params, operation
from jst_emulator.world import World


@operation("DeployApp")
def deploy_app(world: World, p: Params) -> dict[str, Any]:
    """Queue a deployment of the environment's deploy configuration with a package or images."""
    environment = environment_of(world, p)
    require_nonblank(p, "Name")
    _check_ready(world, environment, p["TotalPartitions"])
    app, config = world.apps[environment.app_id], world.deploy_configs[environment.schema_id]
    text = workload.workload_yaml(config, app.state_type)
    if "UpdateStrategyType" in p and app.state_type != STATELESS:
        raise BusinessError("UpdateStrategyType only applies to stateless apps.")
    packet = _packet(world, config, p)
    images = _images(text, "containers", p.get("ContainerImageList"))
    init_images = _images(text, "initContainers", p.get("InitContainerImageList"))
    if app.state_type == CRON_JOB:
        _check_schedule(text)
    rejection_code = _admission_rejection(world, environment)
    if rejection_code is not None:
        return {"Admitted": False, "BusinessCode": rejection_code}
    fault = _planned_fault(world, environment, "deploy", [*images, *init_images])
    count, partitions = (0, 1) if app.state_type == CRON_JOB else (environment.replicas, p["TotalPartitions"])
    order = Order(
        env_id=environment.env_id,
        name=p["Name"],
        description=p.get("Description", ""),
        pause_type=p.get("PauseType") or "none",
        batches=rollout.even_batches(count, partitions),
        replicas=count,
        created_at=world.now(),
        workload=text,
        images=images,
        init_images=init_images,
        new_first=p.get("UpdateStrategyType") == "online_new_then_offline_old",
        arms=bool(p.get("ArmsFlag")),
        **fault,
        **releases.documents(config),
        **packet,
    )
    return {"Admitted": True, "DeployOrderId": rollout.begin(world, order).deploy_order_id}


@operation("ScaleApp")
def scale_app(world: World, p: Params) -> dict[str, Any]:
    """Queue a change of the number of instances; the replicas of the environment follow when it succeeds.

    New instances run the last release, whatever the deploy configuration holds now.
    """
    environment = environment_of(world, p)
    if p["Replicas"] < 0:
        raise BusinessError("Replicas must not be negative.")
    partitions = p.get("TotalPartitions", 2)
    _check_ready(world, environment, partitions)
    if world.apps[environment.app_id].state_type == CRON_JOB:
        raise BusinessError("Apps of scheduled jobs have no instances to scale.")
    baseline = environment.baseline
    if baseline is None:
        raise InvalidStateError(f"Environment {environment.env_id} has not been deployed yet.")
    rejection_code = _admission_rejection(world, environment)
    if rejection_code is not None:
        return {"Admitted": False, "BusinessCode": rejection_code}
    fault = _planned_fault(world, environment, "scale", [])
    if world.settings.readings.scaled_replicas == "at_once":
        environment.replicas = p["Replicas"]
    change = abs(p["Replicas"] - len(rollout.instances(world, environment.env_id)))
    order = Order(
        env_id=environment.env_id,
        category="scale",
        name=f"应用实例数扩缩容至{p['Replicas']}个",
        batches=rollout.even_batches(change, partitions),
        replicas=p["Replicas"],
        created_at=world.now(),
        **fault,
        **baseline.contents(),
    )
    return {"Admitted": True, "BusinessCode": "0", "DeployOrderId": rollout.begin(world, order).deploy_order_id}


@operation("DescribeDeployOrderDetail")
def describe_order(world: World, p: Params) -> dict[str, Any]:
    """Return a deploy order."""
    order = _find(world, p)
    return order_responses.to_response(world, order, rollout.pods(world, order))


@operation("ListDeployOrders")
def list_orders(world: World, p: Params) -> RecordList:
    """Return the deploy orders that match the filters, newest first."""
    matches, pods = order_responses.order_filter(world, p), rollout.pods_by_order(world)
    orders = [one for one in reversed(world.orders.values()) if matches(one)]
    return RecordList(orders, lambda one: order_responses.to_list_item(world, one, pods.get(one.deploy_order_id, [])))


@operation("ResumeDeploy")
def resume_order(world: World, p: Params) -> None:
    """Resume a paused order."""
    order = _find(world, p)
    if order.status != Order.PAUSED:
        raise InvalidStateError(f"Deploy order {order.deploy_order_id} is not paused.")
    rollout.resume(world, order)


@operation("CloseDeployOrder")
def close_order(world: World, p: Params) -> None:
    """Close an order that has not finished."""
    order = _find(world, p)
    if order.status == Order.FINISHED:
        raise InvalidStateError(f"Deploy order {order.deploy_order_id} is finished already.")
    if order.status != Order.RUNNING and world.settings.readings.closable_orders == "running":
        raise InvalidStateError(f"Deploy order {order.deploy_order_id} is not running.")
    rollout.close(world, order)


def _find(world: World, p: Params) -> Order:
    return get_or_raise(world.orders, p["DeployOrderId"], "Deploy order")


def _check_ready(world: World, environment: Environment, partitions: int) -> None:
    if partitions < 1:
        raise BusinessError("TotalPartitions must be at least 1.")
    if environment.cluster_instance_id is None:
        raise InvalidStateError(f"Environment {environment.env_id} has no cluster; allocate one first.")
    order = rollout.unfinished(world, environment.env_id)
    if order is not None:
        raise InvalidStateError(
            f"Environment {environment.env_id} has an unfinished deploy order {order.deploy_order_id};"
            " finish or close it first."
        )


def _packet(world: World, config: DeployConfig, p: Params) -> dict[str, Any]:
    """Return the package of a deployment as fields of the order; the id takes precedence over the URL."""
    if "DeployPacketId" in p:
        packet = get_or_raise(world.packets, p["DeployPacketId"], "Code package")
        return {"packet_id": packet.packet_id, "packet_url": packet.url, "packet_comment": packet.comment}
    url = p.get("DeployPacketUrl")
    if url:
        if not url.startswith(("http://", "https://")):
            raise BusinessError("DeployPacketUrl must be an HTTP or HTTPS address.")
        return {"packet_url": url}
    if config.code_path and world.settings.readings.image_only_release == "refused":
        raise BusinessError(f"Deploy config {config.schema_id} has a CodePath, so a code package is needed.")
    return {}


def _images(text: str, section: str, sent: list[str] | None) -> list[str]:
    """Return the images of a deployment: one for each container from the request, or those of the YAML."""
    containers = workload.containers(text, section)
    if section == "containers" and not containers:
        raise BusinessError("The workload YAML has no containers.")
    if sent is None:
        images = [str(one.get("image") or "") for one in containers]
    elif len(sent) != len(containers):
        raise BusinessError(f"The workload YAML has {len(containers)} {section}, but {len(sent)} images were given.")
    else:
        images = sent
    if not all(image.strip() for image in images):
        raise BusinessError(f"An image of the {section} is missing.")
    return list(images)


def _check_schedule(text: str) -> None:
    schedule = str(workload.job_spec(text).get("schedule", ""))
    try:
        Schedule(schedule)
    except ValueError:
        raise BusinessError(f"The schedule {schedule} of the CronJob is not valid.") from None


def _fits(world: World, environment: Environment, scope: Scope) -> bool:
    app = world.apps[environment.app_id]
    return scope.app in (None, app.title, str(app.app_id)) and scope.environment in (
        None,
        environment.name,
        str(environment.env_id),
    )


def _admission_rejection(world: World, environment: Environment) -> str | None:
    for rule in world.settings.admission_refusals:
        if rule.times != 0 and _fits(world, environment, rule):
            if rule.times is not None:
                rule.times -= 1
            return rule.code
    return None


def _planned_fault(world: World, environment: Environment, category: str, images: list[str]) -> dict[str, Any]:
    """Return how an order fails, as fields of it: by the settings, or by a word in an image."""
    for failure in world.settings.deploy_failures:
        if failure.times != 0 and failure.category == category and _fits(world, environment, failure):
            if failure.times is not None:
                failure.times -= 1
            return {"failure_kind": failure.kind, "failure_batch": failure.batch, "failure_result": failure.result}
    for kind in ("fail", "crash", "pending"):
        if any(kind in image for image in images):
            return {"failure_kind": kind}
    return {}
