# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Runs of scheduled jobs (reference 3.3)."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any, Iterator, Mapping

from .._core.field_types import Choice, FieldType, Integer, as_list
from .._core.fields import Field, ListOperation, State, computed
from .._core.info import Info
from .._core.reading import ListQuery, ReadOnlyResource
from .._core.run_context import RunContext
from .._core.timestamps import Timestamp
from .app import APP
from .environment import ENVIRONMENT
from .pod import events_result, read_optional


class PodNames(FieldType):
    """Names of pods. One sample of the reference writes the list as text."""

    def deserialize(self, raw: Any) -> Any:
        if isinstance(raw, str):
            try:
                raw = json.loads(raw)
            except (RecursionError, ValueError):
                raw = [name.strip(" '\"") for name in raw.strip("[] ").split(",")]
        return [str(name) for name in as_list(raw) or () if name]


class Job(ReadOnlyResource):
    """A run of a scheduled job."""

    name = "job"
    plural = "jobs"
    label = "job"
    scope = (APP, ENVIRONMENT)
    key = ("name",)
    fields = (
        computed("name"),
        computed("pods", PodNames(), response_path="pod_list"),
        computed("succeeded", Integer()),
        computed("failed", Integer()),
        computed("completions", Integer()),
        computed("parallelism", Integer()),
        computed("backoff_limit", Integer()),
        computed("active_deadline_seconds", Integer()),
        computed("start_time", Timestamp()),
        computed("completion_time", Timestamp()),
        computed("message"),
    )
    list_op = ListOperation("ListJobHistories", {"AppId": "app_id", "EnvId": "environment_id"})

    def run_query(self, ctx: RunContext, query: ListQuery) -> Iterator[State]:
        """Yield the runs. The sample of the reference spreads one over two records, the second without a name."""
        run: State | None = None
        predicate = query.predicate
        for state in super().run_query(ctx, replace(query, predicate=None)):
            if run is not None and state["name"] is None:
                run = {name: value if state.get(name) in (None, []) else state[name] for name, value in run.items()}
                continue
            if run is not None and (predicate is None or predicate(run)):
                yield run
            run = state
        if run is not None and (predicate is None or predicate(run)):
            yield run


class JobInfo(Info):
    """List the runs of the jobs of an environment."""

    resource = Job()
    filters = ("name",)
    request_filters = (
        Field("status", Choice({"all": "ALL", "succeeded": "SUCCESS", "failed": "FAILED"}), "Status", default="all"),
    )
    optional_details = {"log": "logs"}

    def fetch_detail(self, ctx: RunContext, scope: Mapping[str, Any], state: State, extra: str) -> Any:
        """Return the log and the events of each pod of a run."""
        place = {"AppId": scope["app_id"], "EnvId": scope["environment_id"]}
        logs = []
        for pod in state["pods"]:
            response = read_optional(ctx, "DescribeJobLog", {**place, "PodName": pod}, f"log of pod {pod!r}")
            events = None if response is None else events_result(response.get("events"))
            logs.append({"pod_name": pod, "log": (response or {}).get("job_log"), "events": events})
        return logs
