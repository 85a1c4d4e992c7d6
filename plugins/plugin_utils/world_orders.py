# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploy orders of a world file, with their pods."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.order_states import (
    ORDER_STATUSES,
    POD_STATUSES,
    RESULTS,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_reader import AccountReader
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_tables import World
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_values import epoch, operator_settings, soon

Json = dict[str, Any]


def record_orders(world: World, reader: AccountReader, place: Mapping[str, Any]) -> None:
    """Record the deploy orders of an environment, and the pods of the newest."""
    for order, pods, is_scaling in reader.orders(place):
        number = order["deploy_order_id"]
        started, ended = _order_times(order)
        is_going = order["status"] in ("waiting", "running")
        world.tables["settings"] = world.tables.get("settings") or operator_settings(order)
        world.add(
            "orders",
            number,
            deploy_order_id=number,
            env_id=place["environment_id"],
            schema_id=order["deploy_config_id"] or 0,
            category="scale" if is_scaling else "deploy",
            name=order["name"],
            description=order["description"] or "",
            pause_type=order["pause_type"],
            batches=_batches(order, pods),
            replicas=order["total_instances"] or 0,
            current_partition=order["current_partition"] or 0,
            status=ORDER_STATUSES[order["status"]],
            result=RESULTS[order["result"]],
            created_at=started or time.time(),
            started_at=started,
            ended_at=ended,
            due_at=soon() if is_going else None,
        )
        for pod in pods:
            _record_pod(world, number, pod)


def _record_pod(world: World, order: int, pod: Json) -> None:
    steps = pod["steps"] or [{}]
    world.add(
        "pods",
        (order, pod["instance"]),
        deploy_order_id=order,
        app_instance_id=pod["instance"],
        partition=pod["partition"] or 1,
        step_code=steps[-1].get("code"),
        status=POD_STATUSES[pod["status"]],
        result=RESULTS[pod["result"]],
        started_at=epoch(pod["start_time"]),
        updated_at=epoch(pod["update_time"]),
        host_ip=pod["host_ip"] or "",
        host_name=pod["host_name"] or "",
        pod_ip=pod["pod_ip"] or "",
    )


def _order_times(order: Json) -> tuple[float | None, float | None]:
    """Return start and end of an order. Both are shown in minutes, and the time between them in seconds."""
    if not order["start_time"]:
        return None, None
    started = epoch(order["start_time"])
    if not order["end_time"]:
        return started, None
    elapsed = float(order["elapsed_seconds"] or 0)
    started = max(started, epoch(order["end_time"]) - elapsed)
    return started, started + elapsed


def _batches(order: Json, pods: Sequence[Json]) -> list[int]:
    """Return the number of pods of each batch: as they came, the rest evenly."""
    count, total = order["partitions"] or 1, order["total_instances"] or 0
    sizes = [sum(pod["partition"] == number + 1 for pod in pods) for number in range(count)]
    if sum(sizes) != total:
        small, rest = divmod(total, count)
        sizes = [small + (number >= count - rest) for number in range(count)]
    return sizes
