# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The details of a cluster: load, nodes and apps, which the list does not show (reference 6.4.4)."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from .._core.field_types import Boolean, FieldType, Integer, Number, as_records
from .._core.fields import Field, computed, get_path
from .._core.run_context import RunContext


class ShownRecords(FieldType):
    """Records that are returned in the order of the service, and never compared or sent.

    :param members: the fields of each record.
    """

    def __init__(self, *members: Field) -> None:
        self._members = members

    def deserialize(self, raw: Any) -> list[dict[str, Any]] | None:
        records = as_records(raw)
        return None if records is None else [render_fields(record, self._members) for record in records]


def render_fields(record: Mapping[str, Any], fields: Sequence[Field]) -> dict[str, Any]:
    """Return a record as result: the value of each field, ``None`` when the record lacks it."""
    return {item.name: item.type.to_result(item.type.deserialize(get_path(record, item.path))) for item in fields}


NODE_LOAD = (
    computed("instance_id"),
    computed("name", response_path="node_name"),
    computed("ready", Boolean()),
    computed("unschedulable", Boolean()),
    computed("pod_count", Integer()),
    computed("app_pod_count", Integer()),
    computed("cpu_total"),
    computed("cpu_request"),
    computed("cpu_use"),
    computed("memory_total", response_path="mem_total"),
    computed("memory_request", response_path="mem_request"),
    computed("memory_use", response_path="mem_use"),
)

# "cup_request" is spelled as in the reference.
FIELDS = (
    computed("main_user_id", response_path="basic_info.main_user_id"),
    computed("user_nick", response_path="basic_info.user_nick"),
    computed("arms_installed", Boolean(), response_path="basic_info.has_install_arms_pilot"),
    computed("arms_in_process", Boolean(), response_path="basic_info.install_arms_in_process"),
    computed("log_installed", Boolean(), response_path="basic_info.has_install_log_controller"),
    computed("log_in_process", Boolean(), response_path="basic_info.install_log_in_process"),
    computed("node_count", Integer(), response_path="work_load.all_node_count"),
    computed("pod_count", Integer(), response_path="work_load.allocate_all_pod_count"),
    computed("app_pod_count", Integer(), response_path="work_load.allocate_app_pod_count"),
    computed("app_count", Integer(), response_path="instance_info.app_count"),
    computed("allocated_pod_count", Integer(), response_path="instance_info.allocate_pod_count"),
    computed("cpu_capacity", Number(), response_path="work_load.cpu_capacity_total"),
    computed("cpu_total", Number(), response_path="work_load.cpu_total"),
    computed("cpu_request", Number(), response_path="work_load.cpu_request"),
    computed("cpu_request_share", Number(), response_path="work_load.cpu_request_percent"),
    computed("cpu_use", Number(), response_path="work_load.cpu_use"),
    computed("cpu_use_share", Number(), response_path="work_load.cpu_use_percent"),
    computed("cpu_level", response_path="work_load.cpu_level"),
    computed("memory_capacity_bytes", Integer(), response_path="work_load.mem_capacity_total"),
    computed("memory_total_bytes", Integer(), response_path="work_load.mem_total"),
    computed("memory_request_bytes", Integer(), response_path="work_load.mem_request"),
    computed("memory_request_share", Number(), response_path="work_load.mem_request_percent"),
    computed("memory_use_bytes", Integer(), response_path="work_load.mem_use"),
    computed("memory_use_share", Number(), response_path="work_load.mem_use_percent"),
    computed("memory_level", response_path="work_load.mem_level"),
    computed(
        "allocated_pods",
        ShownRecords(
            computed("app_id", Integer()),
            computed("app", response_path="app_name"),
            computed("environment_id", Integer(), response_path="env_id"),
            computed("environment", response_path="env_name"),
            computed("cpu", response_path="cup_request"),
            computed("memory", response_path="mem_request"),
            computed("count", Integer(), response_path="pod_count"),
        ),
        response_path="instance_info.allocated_pod_info_list",
    ),
    computed(
        "available_pods",
        ShownRecords(
            computed("cpu", Number(), response_path="cup_request"),
            computed("memory_gb", Number(), response_path="mem_request"),
            computed("count", Integer(), response_path="available_pod_count"),
        ),
        response_path="instance_info.available_pod_info_list",
    ),
    computed("nodes", ShownRecords(*NODE_LOAD), response_path="node_work_load_list"),
)


def read_detail(ctx: RunContext, cluster_id: str) -> dict[str, Any]:
    """Return the details of a cluster, by its instance id."""
    return render_fields(ctx.read("QueryClusterDetail", {"ClusterInstanceId": cluster_id}), FIELDS)
