# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Runs of scheduled jobs (reference 3.3)."""

from __future__ import annotations

from typing import Any

from jst_emulator.handlers.lookup import environment_of
from jst_emulator.handlers.time_formats import minute_time, plain_time
from jst_emulator.models.runtime import Event, JobRun
from jst_emulator.registry import NotFoundError, Params, operation
from jst_emulator.world import World


@operation("ListJobHistories")
def list_job_runs(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the runs of an environment, newest first; only ALL includes those that still run."""
    environment = environment_of(world, p)
    return [
        _to_response(one)
        for one in reversed(world.job_runs.values())
        if one.env_id == environment.env_id and p["Status"] in ("ALL", _outcome(one))
    ]


@operation("DescribeJobLog")
def describe_job_log(world: World, p: Params) -> dict[str, Any]:
    """Return log and events of the pod of a run."""
    environment = environment_of(world, p)
    for run in world.job_runs.values():
        if run.env_id == environment.env_id and run.pod_name == p["PodName"]:
            break
    else:
        raise NotFoundError(f"Pod {p['PodName']} is not of a job run of environment {environment.env_id}.")
    monitoring = world.settings.monitoring
    return {
        "AppId": environment.app_id,
        "EnvId": environment.env_id,
        "PodName": run.pod_name,
        "JobLog": "\n".join(monitoring.failing_log if run.failing else monitoring.job_log),
        "Events": [_event_to_response(one) for one in world.event_index.of_pod(run.env_id, run.pod_name)],
    }


def _outcome(run: JobRun) -> str:
    if run.ended_at is None:
        return "RUNNING"
    return "FAILED" if run.failing else "SUCCESS"


def _to_response(run: JobRun) -> dict[str, Any]:
    outcome = _outcome(run)
    return {
        "ActiveDeadlineSeconds": run.active_deadline_seconds,
        "BackoffLimit": run.backoff_limit,
        "CompletionTime": plain_time(run.ended_at),
        "Completions": run.completions,
        "Failed": int(outcome == "FAILED"),
        "Message": "Job has reached the specified backoff limit" if outcome == "FAILED" else None,
        "Name": run.name,
        "Parallelism": run.parallelism,
        "PodList": [run.pod_name],
        "StartTime": plain_time(run.started_at),
        "Succeeded": run.completions if outcome == "SUCCESS" else 0,
    }


def _event_to_response(event: Event) -> dict[str, Any]:
    at = minute_time(event.happened_at)
    return {
        "Action": event.action or None,
        "Count": event.count,
        "EventTime": at,
        "FirstTimestamp": at,
        "LastTimestamp": at,
        "Mesage": event.message,
        "Reason": event.reason,
        "Type": "Normal" if event.level == "Normal" else "Warning",
    }
