# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Metrics of an instance, or of all instances of a deploy order (reference 4.3)."""

from __future__ import annotations

from typing import Any

from .._core.errors import InvalidOptionError
from .._core.field_types import Choice, FieldType, as_list
from .._core.fields import RESOURCE_ID, Field, ListOperation, State, computed
from .._core.info import Info
from .._core.reading import ReadOnlyResource
from .._core.run_context import RunContext
from .._core.timestamps import Timestamp
from .app import APP
from .environment import ENVIRONMENT
from .event import INTERVAL, complete_interval

METRIC = Choice(
    (
        "pod.memory.working_set",
        "pod.cpu.usage_rate",
        "pod.network.rx_rate",
        "pod.network.rx_errors_rate",
        "pod.cpu.utilization",
        "pod.memory.utilization",
        "pod.network.tx_rate",
        "pod.network.tx_errors_rate",
        "deployment.cpu.usage_rate",
        "deployment.memory.working_set",
        "deployment.network.rx_rate",
        "deployment.network.rx_errors_rate",
        "deployment.network.tx_rate",
        "deployment.network.tx_errors_rate",
    )
)

# Type -> the option that it needs. The reference requires both in its table, only this one in its text, and sends both
# with ``instance`` in its sample. Every given option is sent.
OPTION_OF_TYPE = {"instance": "pod_name", "group": "deploy_order_id"}


class Timestamps(FieldType):
    """A list of timestamps."""

    def deserialize(self, raw: Any) -> Any:
        return [Timestamp().deserialize(item) for item in as_list(raw) or ()]


class Values(FieldType):
    """A list of values, as the service sends them."""

    def deserialize(self, raw: Any) -> Any:
        return as_list(raw)


class Metric(ReadOnlyResource):
    """A series of values. Responses hold times and values in two parallel lists."""

    name = "metric"
    plural = "metrics"
    label = "metric"
    scope = (APP, ENVIRONMENT)
    fields = (computed("name"), computed("times", Timestamps(), response_path="categories"), computed("data", Values()))
    list_op = ListOperation("DescribeAppMonitorMetric", {"AppId": "app_id", "EnvId": "environment_id"})

    def to_result(self, state: State | None) -> dict[str, Any] | None:
        """Return the series as a list of points with time and value."""
        shown = super().to_result(state)
        if shown is None:
            return None
        times, data = shown.pop("times") or (), shown.pop("data") or ()
        return {**shown, "points": [{"time": timestamp, "value": value} for timestamp, value in zip(times, data)]}


class MetricInfo(Info):
    """Read one metric within an interval."""

    resource = Metric()
    request_filters = (
        Field("metric", METRIC, "Metric", required=True),
        Field("type", Choice(tuple(OPTION_OF_TYPE)), "Type"),
        Field("pod_name", param="PodName"),
        Field("deploy_order_id", RESOURCE_ID, "DeployOrderId"),
        *INTERVAL,
    )
    constraints = {"required_one_of": [list(OPTION_OF_TYPE.values())]}

    def check(self, ctx: RunContext, request_values: State) -> None:
        """Check the option that the type needs, and set the default type and interval.

        :raises InvalidOptionError: when the option is missing.
        """
        types = [name for name, option in OPTION_OF_TYPE.items() if option in request_values]
        if not types:
            ways = " or ".join(OPTION_OF_TYPE.values())
            raise InvalidOptionError(f"Give {ways}. Null counts as omitted.", missing=list(OPTION_OF_TYPE.values()))
        request_values.setdefault("type", types[0])
        needed = OPTION_OF_TYPE[request_values["type"]]
        if needed not in request_values:
            raise InvalidOptionError(f"With type={request_values['type']}, give also: {needed}.", missing=[needed])
        complete_interval(request_values)
