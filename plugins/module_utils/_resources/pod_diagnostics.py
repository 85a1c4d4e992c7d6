# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Logs and events of the pods that failed in a deploy order (reference 5.2)."""

from __future__ import annotations

from typing import Any

from .._api.errors import ApiError
from .._api.redaction import redact_log
from .._core.run_context import RunContext
from .._core.wording import join_known
from .pod import RESULT, Pod, events_result, steps_result

# The pods of a bad release usually fail for the same reason.
MAX_PODS = 3
# In characters. The end of a log shows the error.
MAX_LOG_LENGTH = 4000


def failed_pods(ctx: RunContext, deploy_order_id: int) -> list[dict[str, Any]] | None:
    """Return the first failed pods of an order, each with the end of its start log and its events, as text.

    A failed read gives ``None`` and no error: the run has to report the failure of the order.
    """
    parameters = {"DeployOrderId": deploy_order_id, "ResultList": [RESULT.serialize("failed")]}
    try:
        pods = list(Pod().list_states(ctx, {}, {}, parameters))
    except ApiError:
        return None
    names = [pod["instance"] for pod in pods[:MAX_PODS]]
    return [{"instance": name, **diagnose(ctx, deploy_order_id, name)} for name in names]


def diagnose(ctx: RunContext, deploy_order_id: int, instance: str | None) -> dict[str, Any]:
    """Return the end of the log and the events of a pod."""
    log, events = (
        read_or_none(ctx, action, deploy_order_id, instance) for action in ("DescribePodLog", "DescribePodEvents")
    )
    return {
        "log": None
        if log is None
        else redact_log("\n".join(str(step["log"] or "") for step in steps_result(log)))[-MAX_LOG_LENGTH:],
        "events": None if events is None else [event_text(event) for event in events_result(events.get("pod_events"))],
    }


def read_or_none(ctx: RunContext, action: str, deploy_order_id: int, instance: str | None) -> dict[str, Any] | None:
    """Return the response about a pod, ``None`` when the call fails or no name is known (sample of reference 5.2.1)."""
    if instance is None:
        return None
    try:
        return ctx.read(action, {"DeployOrderId": deploy_order_id, "AppInstId": instance})
    except ApiError:
        return None


def event_text(event: dict[str, Any]) -> str:
    """Return an event as one line of text."""
    return redact_log(join_known(": ", join_known(" ", event["type"], event["reason"]), event["message"]))
