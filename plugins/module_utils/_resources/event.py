# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Kubernetes events of an environment (reference 4.2)."""

from __future__ import annotations

import math
import time

from .._core.errors import InvalidOptionError
from .._core.field_types import Choice, Integer
from .._core.fields import Field, ListOperation, State, computed
from .._core.info import Info
from .._core.reading import ReadOnlyResource
from .._core.run_context import RunContext
from .._core.timestamps import Timestamp, parse
from .app import APP
from .environment import ENVIRONMENT

LEVELS = ("Normal", "Warning", "Error")
LEVEL = Choice(LEVELS)
EVENT_TYPES = ("POD_FAILED", "READINESS_FAILED", "LIVENESS_FAILED", "EVICTED_BY_NODE", "RESOURCE_INSUFFICIENT")
"""Types by which the service filters. Its records do not show them."""

HOUR = 3600
INTERVAL = (
    Field("start_time", Timestamp(milliseconds=True), "StartTime"),
    Field("end_time", Timestamp(milliseconds=True), "EndTime"),
)


def complete_interval(request_values: State) -> None:
    """Set the defaults of an interval: it ends now and is one hour long.

    :raises InvalidOptionError: when it would not start before its end.
    """
    milliseconds = INTERVAL[0].type
    request_values.setdefault("end_time", milliseconds.deserialize(math.ceil(time.time()) * 1000))
    end = milliseconds.serialize(request_values["end_time"])
    request_values.setdefault("start_time", milliseconds.deserialize(max(0, end - HOUR * 1000)))
    if parse(request_values["start_time"]) >= parse(request_values["end_time"]):
        raise InvalidOptionError(
            f"Option start_time is {request_values['start_time']}, but has to be before end_time, "
            f"{request_values['end_time']}."
        )


class Event(ReadOnlyResource):
    """An event of a pod or of its node."""

    name = "event"
    plural = "events"
    label = "event"
    scope = (APP, ENVIRONMENT)
    fields = (
        computed("pod_name"),
        computed("level", LEVEL),
        computed("reason"),
        computed("message"),
        computed("kind"),
        computed("count", Integer()),
        computed("event_time", Timestamp()),
        computed("host_name"),
        computed("namespace", response_path="name_space"),
    )
    list_op = ListOperation("DescribeEventMonitorList", {"AppId": "app_id", "EnvId": "environment_id"})


class EventInfo(Info):
    """List the events of a pod within an interval."""

    resource = Event()
    request_filters = (
        Field("pod_name", param="PodName", required=True),
        Field("level", LEVEL, "EventLevel"),
        Field("type", Choice(EVENT_TYPES), "EventType"),
        *INTERVAL,
    )

    def check(self, ctx: RunContext, request_values: State) -> None:
        """Set the default interval: the service requires one."""
        complete_interval(request_values)
