# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What runs and how it fares: pods, their logs and events, metrics, and runs of jobs."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import PLACE
from tests.conformance.playbook_runner import Recorded, control, run_tasks, some_in_interpreter, task
from tests.conformance.shop import REPORTS, RUNNING

POD = "{{ pods.pods[0].instance }}"

# The clock of the platform runs ahead of ours. Its times are UTC, these are not.
CHINA = timezone(timedelta(hours=8))


def moment(hours: float) -> str:
    """So many hours from now, as text."""
    return (datetime.now(CHINA) + timedelta(hours=hours)).isoformat(timespec="seconds")


def questions(order: int) -> list[dict[str, Any]]:
    """Tasks that ask for all there is to know of a deploy order and of the jobs."""
    span = {"start_time": moment(-1), "end_time": moment(24)}
    release = {"deploy_order_id": order}
    pod = {**PLACE, "pod_name": POD}
    return [
        task("pods", "jst_pod_info", release, register="pods"),
        task("one pod", "jst_pod_info", {**release, "instance": POD}),
        task("good pods", "jst_pod_info", {**release, "status": "finished", "result": ["succeeded", "closed"]}),
        task("bad pods", "jst_pod_info", {**release, "result": ["failed"]}),
        task(
            "pods in full",
            "jst_pod_info",
            {**release, **PLACE, "log": True, "events": True, "container_log": True, "lines": 2},
        ),
        task("no place", "jst_pod_info", {**release, "app": "shop", "container_log": True}),
        task("no lines", "jst_pod_info", {**release, "lines": 0}),
        task("events", "jst_event_info", {**pod, **span}),
        task("warnings", "jst_event_info", {**pod, **span, "level": "Warning", "type": "POD_FAILED"}),
        task("events of long ago", "jst_event_info", {**pod, "end_time": "2020-01-01T08:00:00+08:00"}),
        task("turned round", "jst_event_info", {**pod, "start_time": moment(1), "end_time": moment(0)}),
        task("no moment", "jst_event_info", {**pod, "start_time": "yesterday"}),
        task(
            "metric of a pod",
            "jst_metric_info",
            {
                **pod,
                "metric": "pod.cpu.utilization",
                "start_time": "2026-01-05T08:00:00+08:00",
                "end_time": "2026-01-05T08:02:00+08:00",
            },
        ),
        task("metric of the last hour", "jst_metric_info", {**pod, "metric": "pod.memory.utilization"}),
        task(
            "metric of an order", "jst_metric_info", {**PLACE, **release, "metric": "deployment.network.tx_errors_rate"}
        ),
        task("metric of both", "jst_metric_info", {**pod, **release, "metric": "pod.cpu.utilization"}),
        task("metric of no group", "jst_metric_info", {**pod, "metric": "pod.cpu.utilization", "type": "group"}),
        task("metric of nothing", "jst_metric_info", {**PLACE, "metric": "pod.cpu.utilization"}),
        task("runs", "jst_job_info", REPORTS, register="runs"),
        task("failed runs", "jst_job_info", {**REPORTS, "status": "failed"}),
        task("a run in full", "jst_job_info", {**REPORTS, "name": "{{ runs.jobs[0].name }}", "log": True}),
    ]


@pytest.mark.parametrize("answers", ["canonical", "sample"])
def test_what_runs(answers: str, emulators: Emulators, tmp_path: Path) -> None:
    """Everything that a release and a job left behind, asked for in both ways of running and both shapes of answer."""
    address = emulators.fresh(answers)
    prepared = run_tasks(address, tmp_path, RUNNING)
    assert all(record.result.get("changed") for record in prepared), [record.result for record in prepared]
    control(address, "clock", {"advance_s": 1200})
    order = prepared[-1].result["deploy_order"]["deploy_order_id"]
    tasks = some_in_interpreter(questions(order)) if answers == "canonical" else questions(order)
    done = {record.task: record for record in run_tasks(address, tmp_path, tasks)}
    assert [name for name, record in done.items() if record.writes] == []
    check_pods(done, order)
    check_events(done)
    check_metrics(done)
    check_jobs(done)


def found(record: Recorded, key: str) -> list[dict[str, Any]]:
    """What a task lists."""
    assert not record.result["failed"], record.result
    assert record.result["changed"] is False
    listed: list[dict[str, Any]] = record.result[key]
    return listed


def refused(record: Recorded, *texts: str) -> None:
    """A task was refused with these texts, before anything was sent."""
    assert record.result["failed"], record.result
    assert all(text in record.result["msg"] for text in texts), record.result["msg"]
    assert record.calls == []


def check_pods(done: dict[str, Recorded], order: int) -> None:
    """Two pods, one a batch, with their logs and events."""
    # One page, and another to see that it was the last: a count may be that of its page alone.
    pages = 2
    pods = found(done["pods"], "pods")
    assert [(pod["partition"], pod["status"], pod["result"]) for pod in pods] == [
        (1, "finished", "succeeded"),
        (2, "finished", "succeeded"),
    ]
    assert {pod["deploy_order_id"] for pod in pods} == {order}
    assert [step["code"] for step in pods[0]["steps"]] == ["StartAppInstance"]
    assert pods[0]["start_time"].endswith("Z")
    assert found(done["one pod"], "pods") == pods[:1]
    assert found(done["good pods"], "pods") == pods
    calls = done["good pods"].calls
    assert [(call["params"]["StatusList"], call["params"]["ResultList"]) for call in calls] == [([3], [1, 4])] * pages
    assert found(done["bad pods"], "pods") == []
    full = found(done["pods in full"], "pods")
    assert len(done["pods in full"].calls) == 2 + pages + 3 * len(pods)
    for pod in full:
        assert "Listening" in pod["log_steps"][0]["log"]
        assert [event["reason"] for event in pod["events"]] == ["Scheduled", "Pulled", "Started"]
        assert [log["container"] for log in pod["container_logs"]] == ["web"]
        assert len(pod["container_logs"][0]["content"].splitlines()) == 2
    refused(done["no place"], "container_log needs app and environment")
    refused(done["no lines"], "lines is 0", "at least 1")


def check_events(done: dict[str, Recorded]) -> None:
    """The events of a start, none that went wrong, and none of another time."""
    events = found(done["events"], "events")
    assert [event["reason"] for event in events] == ["Scheduled", "Pulled", "Started"]
    assert {event["kind"] for event in events} == {"Pod"}
    assert found(done["warnings"], "events") == []
    # Nothing was found, so the task has confirmed the title of the app since.
    [asked] = [call for call in done["warnings"].calls if call["action"] == "DescribeEventMonitorList"]
    assert asked["params"]["EventType"] == "POD_FAILED"
    assert found(done["events of long ago"], "events") == []
    [asked] = [call for call in done["events of long ago"].calls if call["action"] == "DescribeEventMonitorList"]
    sent = asked["params"]
    assert (sent["StartTime"], sent["EndTime"]) == (1577833200000, 1577836800000)
    refused(done["turned round"], "start_time", "before end_time")
    refused(done["no moment"], "start_time is 'yesterday'", "2026-01-31T08:00:00+08:00")


def check_metrics(done: dict[str, Recorded]) -> None:
    """A value a minute."""
    (metric,) = found(done["metric of a pod"], "metrics")
    assert [point["time"] for point in metric["points"]] == [f"2026-01-05T00:0{minute}:00Z" for minute in range(3)]
    assert all(isinstance(point["value"], float) for point in metric["points"])
    (metric,) = found(done["metric of the last hour"], "metrics")
    assert len(metric["points"]) in (60, 61)
    (metric,) = found(done["metric of an order"], "metrics")
    assert {point["value"] for point in metric["points"]} == {0}
    (metric,) = found(done["metric of both"], "metrics")
    assert len(metric["points"]) in (60, 61)
    refused(done["metric of no group"], "With type=group, give also: deploy_order_id.")
    refused(done["metric of nothing"], "one of the following is required: pod_name, deploy_order_id")


def check_jobs(done: dict[str, Recorded]) -> None:
    """A run every five minutes, each of one pod, with its log."""
    runs = found(done["runs"], "jobs")
    assert len(runs) >= 3
    assert {(run["succeeded"], run["failed"], len(run["pods"])) for run in runs[1:]} == {(1, 0, 1)}
    assert all(run["start_time"] < run["completion_time"] for run in runs[1:])
    assert found(done["failed runs"], "jobs") == []
    (run,) = found(done["a run in full"], "jobs")
    assert run["name"] == runs[0]["name"]
    (log,) = run["logs"]
    assert log["pod_name"] == run["pods"][0]
    assert "Job started" in log["log"]
    assert log["events"][0]["message"]
