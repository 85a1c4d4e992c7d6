# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What only the describe call tells of a cluster: load, nodes, and what runs on it (reference 6.4.4)."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from .._core.field_types import Boolean, Integer, Kind, records
from .._core.fields import Field, computed, get_path
from .._core.quantities import Number
from .._core.run_context import RunContext


class Listed(Kind):
    """Records that are only shown, in the order of the service.

    :param members: the fields of each.
    """

    def __init__(self, *members: Field) -> None:
        self._members = members

    def receive(self, raw: Any) -> list[dict[str, Any]] | None:
        listed = records(raw)
        return None if listed is None else [told(record, self._members) for record in listed]


def told(record: Mapping[str, Any], fields: Sequence[Field]) -> dict[str, Any]:
    """What a record tells of fields that only the service sets."""
    return {item.name: item.kind.show(item.kind.receive(get_path(record, item.path))) for item in fields}


# What is told of each node.
NODE_LOAD = (
    computed("instance_id"),
    computed("name", read="node_name"),
    computed("ready", Boolean()),
    computed("unschedulable", Boolean()),
    computed("pod_count", Integer()),
    computed("app_pod_count", Integer()),
    computed("cpu_total"),
    computed("cpu_request"),
    computed("cpu_use"),
    computed("memory_total", read="mem_total"),
    computed("memory_request", read="mem_request"),
    computed("memory_use", read="mem_use"),
)

# The names in answers are the service's: cup_request is no slip of ours.
FIELDS = (
    computed("main_user_id", read="basic_info.main_user_id"),
    computed("user_nick", read="basic_info.user_nick"),
    computed("arms_installed", Boolean(), read="basic_info.has_install_arms_pilot"),
    computed("arms_in_process", Boolean(), read="basic_info.install_arms_in_process"),
    computed("log_installed", Boolean(), read="basic_info.has_install_log_controller"),
    computed("log_in_process", Boolean(), read="basic_info.install_log_in_process"),
    computed("node_count", Integer(), read="work_load.all_node_count"),
    computed("pod_count", Integer(), read="work_load.allocate_all_pod_count"),
    computed("app_pod_count", Integer(), read="work_load.allocate_app_pod_count"),
    computed("app_count", Integer(), read="instance_info.app_count"),
    computed("allocated_pod_count", Integer(), read="instance_info.allocate_pod_count"),
    computed("cpu_capacity", Number(), read="work_load.cpu_capacity_total"),
    computed("cpu_total", Number(), read="work_load.cpu_total"),
    computed("cpu_request", Number(), read="work_load.cpu_request"),
    computed("cpu_request_share", Number(), read="work_load.cpu_request_percent"),
    computed("cpu_use", Number(), read="work_load.cpu_use"),
    computed("cpu_use_share", Number(), read="work_load.cpu_use_percent"),
    computed("cpu_level", read="work_load.cpu_level"),
    computed("memory_capacity_bytes", Integer(), read="work_load.mem_capacity_total"),
    computed("memory_total_bytes", Integer(), read="work_load.mem_total"),
    computed("memory_request_bytes", Integer(), read="work_load.mem_request"),
    computed("memory_request_share", Number(), read="work_load.mem_request_percent"),
    computed("memory_use_bytes", Integer(), read="work_load.mem_use"),
    computed("memory_use_share", Number(), read="work_load.mem_use_percent"),
    computed("memory_level", read="work_load.mem_level"),
    computed(
        "allocated_pods",
        Listed(
            computed("app_id", Integer()),
            computed("app", read="app_name"),
            computed("environment_id", Integer(), read="env_id"),
            computed("environment", read="env_name"),
            computed("cpu", read="cup_request"),
            computed("memory", read="mem_request"),
            computed("count", Integer(), read="pod_count"),
        ),
        read="instance_info.allocated_pod_info_list",
    ),
    computed(
        "available_pods",
        Listed(
            computed("cpu", Number(), read="cup_request"),
            computed("memory_gb", Number(), read="mem_request"),
            computed("count", Integer(), read="available_pod_count"),
        ),
        read="instance_info.available_pod_info_list",
    ),
    computed(
        "nodes",
        Listed(*NODE_LOAD),
        read="node_work_load_list",
    ),
)


def detail(ctx: RunContext, cluster_id: str) -> dict[str, Any]:
    """The details of the cluster with that instance id."""
    return told(ctx.read("QueryClusterDetail", {"ClusterInstanceId": cluster_id}), FIELDS)
