# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The execution of deploy orders: start, batches, pauses, failure and end."""

from __future__ import annotations

import heapq
from itertools import chain
from typing import TYPE_CHECKING, Any

from jst_emulator import pod_events, scheduling
from jst_emulator.models.apps import CRON_JOB, Baseline, Environment
from jst_emulator.models.release import Release
from jst_emulator.models.runtime import DEPLOYMENT_FAILURES, TIMEOUTS, Instance, Order, Pod

if TYPE_CHECKING:
    from jst_emulator.world import World

#: The status of a starting instance by the failure of its order, where it is not Starting.
_SYMPTOMS = {"crash": "Failed", "pending": "Pending"}
#: Failures before the start of the application, which Kubernetes does not answer with restarts.
_STUCK = ("image_pull", "health_check")


def instances(world: World, env_id: int) -> list[Instance]:
    """Return the instances of an environment, oldest first."""
    return [one for one in world.instances.values() if one.env_id == env_id]


def unfinished(world: World, env_id: int) -> Order | None:
    """Return the unfinished deploy order of an environment, if any."""
    for order in world.orders.values():
        if order.env_id == env_id and order.status != Order.FINISHED:
            return order
    return None


def pods(world: World, order: Order) -> list[Pod]:
    """Return the pods of an order, in the order of their start."""
    return [pod for pod in world.pods.values() if pod.deploy_order_id == order.deploy_order_id]


def pods_by_order(world: World) -> dict[int, list[Pod]]:
    """Return the pods of every order, in one pass."""
    found: dict[int, list[Pod]] = {}
    for pod in world.pods.values():
        found.setdefault(pod.deploy_order_id, []).append(pod)
    return found


def even_batches(count: int, wanted: int) -> list[int]:
    """Split *count* pods into at most *wanted* batches, smaller ones first; no pods are one empty batch."""
    parts = max(1, min(wanted, count))
    small, rest = divmod(count, parts)
    return [small] * (parts - rest) + [small + 1] * rest


def begin(world: World, order: Order) -> Order:
    """Queue a new order."""
    order.due_at = order.created_at + world.settings.durations.order_wait
    return world.add(order)


def resume(world: World, order: Order, at: float | None = None) -> None:
    """Resume a paused order with its next batch, at the virtual time *at* (default: now)."""
    _begin_batch(world, order, order.current_partition + 1, world.now() if at is None else at)


def close(world: World, order: Order, at: float | None = None) -> None:
    """Close an order, at the virtual time *at* (default: now): pods that have started stay, the others never start."""
    now = world.now() if at is None else at
    for pod in pods(world, order):
        if pod.status != Order.FINISHED:
            pod.status, pod.result, pod.updated_at = Order.FINISHED, Order.CLOSED, now
            instance = world.instances.get(pod.app_instance_id)
            if instance is not None and instance.status in ("Starting", "Offlining"):
                instance.status = "Failed" if instance.broken else "Normal"
    _end(order, Order.CLOSED, now)


def advance(world: World, now: float) -> None:
    """Advance every order and instance through the phases that end until *now*, in the order of time."""
    records: chain[Order | Instance] = chain(world.orders.values(), world.instances.values())
    due = [
        (one.due_at, place, one) for place, one in enumerate(records) if one.due_at is not None and one.due_at <= now
    ]
    heapq.heapify(due)
    while due:
        at, place, one = heapq.heappop(due)
        if isinstance(one, Order):
            _advance_order(world, one, at)
        else:
            one.status, one.due_at = "Failed" if one.broken else "Normal", None
        if one.due_at is not None and at < one.due_at <= now:
            heapq.heappush(due, (one.due_at, place, one))
        world.record_traffic(at, one.env_id)


def _advance_order(world: World, order: Order, at: float) -> None:
    """Advance an order through the phases that end at *at*; several can when durations are zero."""
    while order.due_at is not None and order.due_at <= at:
        if order.status == Order.WAITING:
            order.started_at = at
            _begin_batch(world, order, 1, at)
        else:
            _end_batch(world, order, at)


def _begin_batch(world: World, order: Order, number: int, at: float) -> None:
    environment = world.environments[order.env_id]
    order.status, order.current_partition = Order.RUNNING, number
    fault = _active_fault(world, environment, order)
    durations = world.settings.durations
    order.due_at = at + (durations.deploy_timeout if fault in TIMEOUTS else durations.batch)
    count = _batch_size(world, order)
    if _shrinks(world, order):
        for instance in reversed(instances(world, order.env_id)[-count:] if count else []):
            instance.status = "Offlining"
            _pod(world, order, instance, "DeleteAppInstance", at)
        return
    if not order.new_first:
        _retire(world, order)
    for _dummy in range(count):
        instance = start(world, environment, order, fault, at, deploy_order_id=order.deploy_order_id)
        _pod(world, order, instance, "StartAppInstance", at)


def _end_batch(world: World, order: Order, at: float) -> None:
    environment = world.environments[order.env_id]
    fault = _active_fault(world, environment, order)
    failed = fault in DEPLOYMENT_FAILURES
    for pod in pods(world, order):
        if pod.partition != order.current_partition:
            continue
        pod.status, pod.updated_at = Order.FINISHED, at
        pod.result = Order.FAILURE if failed else Order.SUCCESS
        instance = world.instances.get(pod.app_instance_id)
        if instance is None:
            continue
        if failed:
            instance.status = "Failed" if fault in ("fail", *_STUCK) else instance.status
        elif pod.step_code == "DeleteAppInstance":
            world.remove(instance)
        else:
            instance.status = "Normal"
        pod_events.record_end(world, instance, fault, at)
    if failed:
        _end(order, order.failure_result, at)
        return
    if order.new_first:
        _retire(world, order)
    if order.current_partition == len(order.batches):
        _succeed(world, environment, order, at)
    elif order.pause_type == "each" or (order.pause_type == "first" and order.current_partition == 1):
        order.status, order.due_at = Order.PAUSED, None
    else:
        _begin_batch(world, order, order.current_partition + 1, at)


def _active_fault(world: World, environment: Environment, order: Order) -> str:
    """Return how the present batch fails; without nodes its pods stay pending."""
    if order.failure_kind in DEPLOYMENT_FAILURES and order.current_partition == order.failure_batch:
        return order.failure_kind
    if order.batches[order.current_partition - 1] == 0 or _shrinks(world, order):
        return ""
    return "pending" if lacks_nodes(world, environment) else ""


def lacks_nodes(world: World, environment: Environment) -> bool:
    """Return whether new pods of an environment would stay pending."""
    cluster = world.clusters.get(environment.cluster_instance_id or "")
    if cluster is not None and cluster.cluster_type == "Serverless":
        return False
    return scheduling.next_node(world, cluster) is None


def _batch_size(world: World, order: Order) -> int:
    """Return how many pods the present batch starts or removes.

    An autoscaler can act while an order scales; the last batch makes up for it.
    """
    planned = order.batches[order.current_partition - 1]
    if order.category != "scale":
        return planned
    left = abs(order.replicas - len(instances(world, order.env_id)))
    return left if order.current_partition == len(order.batches) else min(planned, left)


def _shrinks(world: World, order: Order) -> bool:
    return order.category == "scale" and order.replicas < len(instances(world, order.env_id))


def _retire(world: World, order: Order) -> None:
    """Remove the share of the old instances that the present batch replaces."""
    if order.category != "deploy":
        return
    old = [one for one in instances(world, order.env_id) if one.deploy_order_id != order.deploy_order_id]
    size, *later = order.batches[order.current_partition - 1 :]
    share = -(-len(old) * size // (size + sum(later))) if later else len(old)
    for instance in old[:share]:
        world.remove(instance)


def start(world: World, environment: Environment, contents: Release, fault: str, at: float, **origin: Any) -> Instance:
    """Start an instance.

    :param contents: the release that it runs.
    :param fault: how it fails, see :class:`Order`.
    :param origin: ``deploy_order_id``, or ``release`` where no deploy order of the world holds it.
    """
    cluster = world.clusters.get(environment.cluster_instance_id or "")
    pending = fault == "pending"
    host = None if pending else scheduling.next_node(world, cluster)
    instance = world.add(
        Instance(
            app_instance_id=scheduling.pod_name(world, environment, origin.get("deploy_order_id", 0)),
            env_id=environment.env_id,
            status=_SYMPTOMS.get(fault, "Starting"),
            created_at=at,
            host=host.instance_id if host else None,
            pod_ip="" if pending else scheduling.next_pod_ip(world, cluster),
            image=contents.images[0] if contents.images else "",
            packaged=bool(contents.packet_url),
            broken=fault in ("fail", "crash", *_STUCK),
            stuck=fault in _STUCK,
            **origin,
        )
    )
    pod_events.record_start(world, instance, fault, at)
    return instance


def _pod(world: World, order: Order, instance: Instance, step: str, at: float) -> None:
    host = world.ecs.get(instance.host or "")
    world.add(
        Pod(
            deploy_order_id=order.deploy_order_id,
            app_instance_id=instance.app_instance_id,
            partition=order.current_partition,
            step_code=step,
            started_at=at,
            updated_at=at,
            host_ip=host.private_ip if host else "",
            host_name=host.name if host else "",
            pod_ip=instance.pod_ip,
        )
    )


def _succeed(world: World, environment: Environment, order: Order, at: float) -> None:
    if order.category == "scale":
        if world.settings.readings.scaled_replicas == "when_finished":
            environment.replicas = order.replicas
    else:
        environment.baseline = Baseline(
            **order.contents(),
            deploy_order_id=order.deploy_order_id,
            created_at=at,
            jobs_checked_at=at if world.apps[environment.app_id].state_type == CRON_JOB else None,
            jobs_fail=order.failure_kind == "job",
        )
    _end(order, Order.SUCCESS, at)


def _end(order: Order, result: int, at: float) -> None:
    order.status, order.result, order.ended_at, order.due_at = Order.FINISHED, result, at, None
