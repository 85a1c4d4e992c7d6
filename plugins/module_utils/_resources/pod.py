# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Pods of a deploy order (reference 5.2), with their logs and events (reference 4.1)."""

from __future__ import annotations

from typing import Any, Mapping

from .._api.errors import BusinessError
from .._core.errors import InvalidOptionError
from .._core.field_types import Choice, FieldType, Integer, MultiChoice, as_records
from .._core.fields import RESOURCE_ID, Field, ListOperation, State, computed
from .._core.info import Info
from .._core.reading import ReadOnlyResource
from .._core.run_context import RunContext
from .._core.timestamps import Timestamp
from .app import APP
from .environment import ENVIRONMENT
from .order_states import POD_STATUSES, RESULTS

STATUS = Choice(POD_STATUSES)
RESULT = Choice(RESULTS)

# The service requires a number of lines. This is the one of its example (reference 4.1).
DEFAULT_LINES = 200


class Steps(FieldType):
    """The steps of the start or stop of a pod."""

    def deserialize(self, raw: Any) -> list[dict[str, Any]]:
        return [
            {"name": step.get("step_name"), "code": step.get("step_code"), "status": step.get("status")}
            for step in as_records(raw) or ()
        ]


class Pod(ReadOnlyResource):
    """A pod of a deploy order."""

    name = "pod"
    plural = "pods"
    label = "pod"
    scope = (APP, ENVIRONMENT)
    fields = (
        computed("instance", response_path="app_instance_id"),
        computed("deploy_order_id", Integer()),
        computed("status", STATUS),
        computed("result", RESULT),
        computed("partition", Integer(), response_path="deploy_partition_num"),
        computed("steps", Steps(), response_path="deploy_steps"),
        computed("pod_ip"),
        computed("host_ip"),
        computed("host_name"),
        computed("group_name"),
        computed("region"),
        computed("start_time", Timestamp()),
        computed("update_time", Timestamp()),
    )
    list_op = ListOperation("ListPods")


class PodInfo(Info):
    """List the pods of a deploy order, optionally with logs and events."""

    resource = Pod()
    filters = ("instance",)
    request_filters = (
        Field("deploy_order_id", RESOURCE_ID, "DeployOrderId", required=True),
        Field("status", MultiChoice(STATUS), "StatusList"),
        Field("result", MultiChoice(RESULT), "ResultList"),
    )
    optional_details = {"log": "log_steps", "events": "events", "container_log": "container_logs"}
    optional_parents = ("app", "environment")
    extra_options = {"lines": {"type": "int", "default": DEFAULT_LINES}}

    def check(self, ctx: RunContext, request_values: State) -> None:
        """Check the options: the logs of containers need the app and the environment."""
        if ctx.options["container_log"] and None in (APP.value_in(ctx.options), ENVIRONMENT.value_in(ctx.options)):
            raise InvalidOptionError(
                "Option container_log needs app and environment, or app_id and environment_id, and none of them null."
            )
        check_lines(ctx.options["lines"])

    def fetch_detail(self, ctx: RunContext, scope: Mapping[str, Any], state: State, extra: str) -> Any:
        """Return the steps of the start with their logs, the events, or the last lines of each container.

        Return ``None`` when the service does not name the pod: the sample of reference 5.2.1 lacks the name.
        """
        name = state["instance"]
        if name is None:
            ctx.warn("The service does not show the names of the pods, so their logs and events cannot be read.")
            return None
        if extra == "container_log":
            return read_container_logs(ctx, scope, name, ctx.options["lines"])
        action, purpose = ("DescribePodEvents", "list of events") if extra == "events" else ("DescribePodLog", "log")
        pod = {"DeployOrderId": ctx.options["deploy_order_id"], "AppInstId": name}
        response = read_optional(ctx, action, pod, f"{purpose} of pod {name!r}")
        if response is None:
            return None
        return events_result(response.get("pod_events")) if extra == "events" else steps_result(response)


def check_lines(lines: int) -> None:
    """Reject a number of lines that the service rejects."""
    if lines < 1:
        raise InvalidOptionError(f"Option lines is {lines}, but has to be at least 1.")


def read_container_logs(ctx: RunContext, scope: Mapping[str, Any], pod: str, lines: int) -> list[dict[str, Any]] | None:
    """Return the last lines of each container of a pod. Return ``None`` and warn when the service rejects the call.

    :param scope: holds ``app_id`` and ``environment_id``.
    """
    parameters = {"AppId": scope["app_id"], "EnvId": scope["environment_id"], "PodName": pod, "Line": lines}
    response = read_optional(ctx, "DescribePodContainerLogList", parameters, f"log of the containers of pod {pod!r}")
    return None if response is None else logs_result(response)


def logs_result(response: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the logs of the containers of a pod."""
    logs = as_records(response.get("container_log_list")) or ()
    return [{"container": item.get("container_name"), "content": item.get("content")} for item in logs]


def steps_result(response: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the steps of a pod with their logs."""
    records = as_records(response.get("deploy_step_list")) or []
    return [{**step, "log": record.get("step_log")} for step, record in zip(Steps().deserialize(records), records)]


EVENT_TIMES = ("event_time", "first_timestamp", "last_timestamp")


def read_optional(ctx: RunContext, action: str, parameters: Mapping[str, Any], purpose: str) -> dict[str, Any] | None:
    """Return the response about a pod. Return ``None`` and warn when the service rejects the call.

    It may reject calls for pods that no longer exist.

    :param purpose: what is read, in words that complete "There is no ...".
    """
    try:
        return ctx.read(action, parameters)
    except BusinessError as error:
        ctx.warn(f"There is no {purpose}: {error.message} ({error.source})")
        return None


def events_result(raw: Any) -> list[dict[str, Any]]:
    """Return the events of a pod."""
    return [event_result(record) for record in as_records(raw) or ()]


def event_result(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return an event of a pod. One operation misspells the key of the message (reference 3.3.2)."""
    times = {name: Timestamp().deserialize(record.get(name)) for name in EVENT_TIMES}
    texts = {name: record.get(name) for name in ("type", "reason", "action")}
    message = record.get("message", record.get("mesage"))
    return {**texts, "message": message, "count": Integer().deserialize(record.get("count")), **times}
