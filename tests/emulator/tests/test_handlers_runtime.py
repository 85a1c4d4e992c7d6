# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Instances, pods, job runs, and their monitoring."""

from __future__ import annotations

from typing import Any

import pytest

from support.direct_account import START, DirectAccount, workload

NAMES = {"AppId": 10001, "EnvId": 20001}


@pytest.fixture
def account() -> DirectAccount:
    """An account with three instances in environment 20001, by order 60001."""
    made = DirectAccount()
    made.stack()
    made.deploy(20001, DeployPacketId=2001)
    made.wait(12)
    return made


def instance(account: DirectAccount) -> dict[str, Any]:
    """The first instance."""
    return dict(account.call("ListAppInstance", **NAMES)[0])


def job_account(spec: dict[str, Any] | None = None, **parameters: Any) -> DirectAccount:
    """An account with a deployed job in environment 20001; *parameters* are those of its YAML."""
    made = DirectAccount(spec)
    app_id = made.app(StateType=5)
    made.environment(app_id, made.config(app_id, CronJob=workload("CronJob", **parameters)))
    made.deploy(20001)
    made.wait(12)
    return made


def test_an_instance_shows_where_and_how_it_runs() -> None:
    account = DirectAccount()
    resources = "resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {cpu: '1', memory: 1536Mi}}"
    account.stack(workload("Deployment", "reg:5000/shop").replace("shop'", f"shop', {resources}"))
    account.deploy(20001)
    account.wait(12)
    shown = instance(account)
    assert shown.pop("AppInstanceId").startswith("jck-deployment-shop-10001-20001-60001-")
    assert shown == {
        "CreateTime": "2026-01-05T08:00:02",
        "Health": "RUNNING",
        "HostIp": "192.168.48.1",
        "Limits": "1vcpu 1536MB",
        "PodIp": "172.20.0.10",
        "Requests": "0.5vcpu 1GB",
        "RestartCount": 0,
        "Spec": "1vcpu 1536MB",
        "Status": "Normal",
        "Version": "latest",
    }


def test_an_instance_keeps_the_size_it_was_started_with(account: DirectAccount) -> None:
    sized = "resources: {limits: {cpu: '2'}}"
    text = workload().replace("1.0'", f"1.0', {sized}")
    account.call("UpdateDeployConfig", AppId=10001, Id=30001, Deployment=text)
    assert "Limits" not in instance(account)
    account.deploy(20001, TotalPartitions=3)
    account.wait(3)
    assert [one.get("Limits") for one in account.call("ListAppInstance", **NAMES)] == [None, None, "2vcpu"]


def test_an_instance_of_a_world_file_is_sized_by_the_baseline(account: DirectAccount) -> None:
    state = account.world.snapshot()
    state["orders"], state["pods"] = [], []
    state["environments"][0]["baseline"]["workload"] = workload().replace("1.0'", "1.0', resources: {limits: {cpu: 1}}")
    assert instance(DirectAccount(state))["Limits"] == "1vcpu"


def test_instances_spread_over_the_nodes(account: DirectAccount) -> None:
    shown = account.call("ListAppInstance", **NAMES)
    assert {one["HostIp"] for one in shown} == {"192.168.48.1", "192.168.48.2", "192.168.48.3"}
    assert len({one["PodIp"] for one in shown}) == len({one["AppInstanceId"] for one in shown}) == 3


def test_rebuilding_starts_an_instance_anew(account: DirectAccount) -> None:
    before = instance(account)
    name = before["AppInstanceId"]
    account.wait(100)
    account.call("RebuildAppInstance", AppInstanceId=name, **NAMES)
    assert instance(account)["Status"] == "Starting"
    account.wait(9)
    assert instance(account)["Status"] == "Starting"
    account.wait(1)
    assert instance(account) == {**before, "CreateTime": "2026-01-05T08:01:52"}


def test_a_rebuilt_instance_may_get_a_new_id() -> None:
    account = DirectAccount({"settings": {"rebuild_keeps_instance_id": False}})
    account.stack(Replicas=1)
    account.deploy(20001)
    account.wait(12)
    name = instance(account)["AppInstanceId"]
    account.call("RebuildAppInstance", AppInstanceId=name, **NAMES)
    account.wait(10)
    (shown,) = account.call("ListAppInstance", **NAMES)
    assert (shown["Status"], shown["AppInstanceId"] == name) == ("Normal", False)


def test_only_instances_of_the_environment_are_rebuilt(account: DirectAccount) -> None:
    other = account.environment(10001, 30001, EnvName="b")
    text = account.error(
        "RebuildAppInstance", AppId=10001, EnvId=other, AppInstanceId=instance(account)["AppInstanceId"]
    )
    assert f"does not exist in environment {other}" in text
    assert "does not exist" in account.error("RebuildAppInstance", AppInstanceId="x", **NAMES)


def test_an_instance_that_goes_offline_is_not_rebuilt(account: DirectAccount) -> None:
    account.call("ScaleApp", EnvId=20001, Replicas=0, TotalPartitions=1)
    account.wait(3)
    text = account.error("RebuildAppInstance", AppInstanceId=instance(account)["AppInstanceId"], **NAMES)
    assert text.endswith("is going offline.")


def test_an_instance_of_a_bad_image_stays_broken() -> None:
    account = DirectAccount()
    account.stack(Replicas=1)
    account.deploy(20001, ContainerImageList=["r/fail:1"])
    account.wait(12)
    account.call("RebuildAppInstance", AppInstanceId=instance(account)["AppInstanceId"], **NAMES)
    account.wait(10)
    assert instance(account)["Status"] == "Failed"


def test_pods_of_an_order(account: DirectAccount) -> None:
    pods = account.call("ListPods", DeployOrderId=60001)
    assert [one["AppInstanceId"] for one in pods] == [
        one["AppInstanceId"] for one in account.call("ListAppInstance", **NAMES)
    ]
    assert {key: value for key, value in pods[0].items() if key != "AppInstanceId"} == {
        "DeployOrderId": 60001,
        "DeployPartitionNum": 1,
        "GroupName": "shop-host",
        "HostIp": "192.168.48.1",
        "HostName": "emu-node-1",
        "PodIp": "172.20.0.10",
        "Region": "cn-zhangjiakou",
        "Result": 1,
        "ResultName": "成功",
        "StartTime": "2026-01-05T08:00:02",
        "Status": 3,
        "StatusName": "已完成",
        "UpdateTime": "2026-01-05T08:00:12",
        "DeploySteps": [{"Status": "SUCCESS", "StepCode": "StartAppInstance", "StepName": "启动应用"}],
    }


def test_pods_are_filtered_by_result_and_status(account: DirectAccount) -> None:
    order_id = account.deploy(20001, TotalPartitions=2)
    account.wait(13)

    def partitions(**filters: Any) -> list[int]:
        return [one["DeployPartitionNum"] for one in account.call("ListPods", DeployOrderId=order_id, **filters)]

    assert partitions() == [1, 2, 2]
    assert partitions(StatusList=[1]) == partitions(ResultList=[0, 2]) == [2, 2]
    assert partitions(StatusList=[3], ResultList=[1]) == [1]
    assert partitions(StatusList=[1], ResultList=[1]) == []


def test_pod_log_and_events(account: DirectAccount) -> None:
    name = instance(account)["AppInstanceId"]
    log = account.call("DescribePodLog", DeployOrderId=60001, AppInstId=name)
    assert (log["DeployOrderName"], log["EnvTypeName"]) == ("release", "online")
    (step,) = log["DeployStepList"]
    assert (step["StepCode"], step["Status"]) == ("StartAppInstance", "SUCCESS")
    assert step["StepLog"].startswith("Prepare Code Start\n")
    assert "Listening on port 8080" in step["StepLog"]
    events = account.call("DescribePodEvents", DeployOrderId=60001, AppInstId=name)
    assert events["DeployOrderName"] == "release"
    assert [one["Reason"] for one in events["PodEvents"]] == ["Scheduled", "Pulled", "Started"]
    assert events["PodEvents"][0] == {
        "Action": "Binding",
        "Count": 1,
        "EventTime": "2026-01-05T08:00Z",
        "FirstTimestamp": "2026-01-05T08:00Z",
        "LastTimestamp": "2026-01-05T08:00Z",
        "Message": "Successfully assigned",
        "Reason": "Scheduled",
        "Type": "Normal",
    }


@pytest.mark.parametrize(
    ("word", "reason", "line"),
    [
        ("fail", "Failed", "Fatal: could not start, giving up"),
        ("crash", "BackOff", "Fatal: could not start, giving up"),
        ("pending", "FailedScheduling", "waits for a node"),
    ],
)
def test_what_troubled_pods_tell(word: str, reason: str, line: str) -> None:
    account = DirectAccount()
    account.stack(Replicas=1)
    order_id = account.deploy(20001, ContainerImageList=[f"r/{word}:1"])
    account.wait(12)
    (pod,) = account.call("ListPods", DeployOrderId=order_id)
    given = {"DeployOrderId": order_id, "AppInstId": pod["AppInstanceId"]}
    warnings = [one for one in account.call("DescribePodEvents", **given)["PodEvents"] if one["Type"] == "Warning"]
    assert [one["Reason"] for one in warnings] == [reason]
    assert line in account.call("DescribePodLog", **given)["DeployStepList"][0]["StepLog"]


@pytest.mark.parametrize("action", ["DescribePodLog", "DescribePodEvents"])
def test_pods_belong_to_their_order(account: DirectAccount, action: str) -> None:
    name = instance(account)["AppInstanceId"]
    order_id = account.deploy(20001)
    assert "is not in deploy order" in account.error(action, DeployOrderId=order_id, AppInstId=name)
    assert account.error(action, DeployOrderId=9, AppInstId=name) == "Deploy order 9 does not exist."


def test_jobs_run_by_their_schedule() -> None:
    account = job_account(schedule="*/30 * * * *")
    assert account.call("ListJobHistories", Status="ALL", **NAMES) == []
    account.wait(1800)
    (run,) = account.call("ListJobHistories", Status="ALL", **NAMES)
    assert (run["StartTime"], "CompletionTime" in run, run["Succeeded"]) == ("2026-01-05 08:30:00", False, 0)
    assert account.call("ListJobHistories", Status="SUCCESS", **NAMES) == []
    account.wait(3600)
    runs = account.call("ListJobHistories", Status="SUCCESS", **NAMES)
    assert [one["StartTime"] for one in runs] == ["2026-01-05 09:00:00", "2026-01-05 08:30:00"]
    assert runs[1] == {
        "BackoffLimit": 6,
        "CompletionTime": "2026-01-05 08:30:30",
        "Completions": 1,
        "Failed": 0,
        "Name": runs[1]["Name"],
        "Parallelism": 1,
        "PodList": runs[1]["PodList"],
        "StartTime": "2026-01-05 08:30:00",
        "Succeeded": 1,
    }
    assert len(account.call("ListJobHistories", Status="ALL", **NAMES)) == 3
    assert account.call("ListJobHistories", Status="FAILED", **NAMES) == []


def test_failing_job_runs() -> None:
    account = job_account({"settings": {"deploy_failures": [{"kind": "job"}]}})
    account.wait(3700)
    (run,) = account.call("ListJobHistories", Status="FAILED", **NAMES)
    assert (run["Failed"], run["Succeeded"], run["Message"]) == (1, 0, "Job has reached the specified backoff limit")
    assert account.call("ListJobHistories", Status="SUCCESS", **NAMES) == []
    log = account.call("DescribeJobLog", PodName=run["PodList"][0], **NAMES)
    assert "Fatal" in log["JobLog"]
    assert [(one["Reason"], one["Type"]) for one in log["Events"]] == [
        ("Scheduled", "Normal"),
        ("BackoffLimitExceeded", "Warning"),
    ]


def test_job_log_spells_the_message_as_the_platform_does() -> None:
    account = job_account()
    account.wait(3700)
    (run,) = account.call("ListJobHistories", Status="ALL", **NAMES)
    log = account.call("DescribeJobLog", PodName=run["PodList"][0], **NAMES)
    assert (log["PodName"], log["JobLog"]) == (run["PodList"][0], "Job started\nJob finished")
    assert log["Events"][0]["Mesage"] == "Successfully assigned"
    text = account.error("DescribeJobLog", PodName="x", **NAMES)
    assert text == "Pod x is not of a job run of environment 20001."


def test_suspended_and_undeployed_jobs_do_not_run() -> None:
    account = job_account()
    account.call("OfflineAppEnvironment", **NAMES)
    account.wait(7200)
    assert account.call("ListJobHistories", Status="ALL", **NAMES) == []
    yaml = workload("CronJob").replace("  schedule:", "  suspend: true\n  schedule:")
    account.call("UpdateDeployConfig", AppId=10001, Id=30001, CronJob=yaml)
    account.deploy(20001)
    account.wait(7200)
    assert account.call("ListJobHistories", Status="ALL", **NAMES) == []


def test_a_changed_schedule_counts_from_the_next_deployment() -> None:
    account = job_account(schedule="0 12 * * *")
    yaml = workload("CronJob", schedule="@hourly").replace(
        "jobTemplate:\n    spec:", "jobTemplate:\n    spec:\n      backoffLimit: 2"
    )
    account.call("UpdateDeployConfig", AppId=10001, Id=30001, CronJob=yaml)
    account.wait(3600)
    assert account.call("ListJobHistories", Status="ALL", **NAMES) == []
    account.deploy(20001)
    account.wait(3700)
    (run,) = account.call("ListJobHistories", Status="ALL", **NAMES)
    assert run["BackoffLimit"] == 2


def test_container_logs_of_every_container() -> None:
    account = DirectAccount()
    account.stack(workload("Deployment", "r/a:1", "r/b:1", init=("r/i:1",)))
    account.deploy(20001, DeployPacketId=2001)
    account.wait(12)
    name = instance(account)["AppInstanceId"]
    logs = account.call("DescribePodContainerLogList", Line=2, PodName=name, **NAMES)["ContainerLogList"]
    assert [one["ContainerName"] for one in logs] == ["c0", "c1", "i0", "jck-sidecar-deploytool"]
    assert {one["PodName"] for one in logs} == {name}
    assert logs[0]["Content"] == "Health check passed\nGET /health 200 1ms"
    text = account.error("DescribePodContainerLogList", Line=0, PodName=name, **NAMES)
    assert text == "Line must be at least 1."
    text = account.error("DescribePodContainerLogList", Line=1, PodName="x", **NAMES)
    assert text == "Pod x does not exist in environment 20001."


def test_container_logs_of_a_job_run() -> None:
    account = job_account()
    account.wait(3700)
    (run,) = account.call("ListJobHistories", Status="ALL", **NAMES)
    (log,) = account.call("DescribePodContainerLogList", Line=9, PodName=run["PodList"][0], **NAMES)["ContainerLogList"]
    assert (log["ContainerName"], log["Content"]) == ("c0", "Job started\nJob finished")


def test_events_are_filtered_by_pod_time_level_and_kind(account: DirectAccount) -> None:
    name = instance(account)["AppInstanceId"]
    start = int(START * 1000)
    span = {"StartTime": start, "EndTime": start + 3600_000}
    events = account.call("DescribeEventMonitorList", PodName=name, **span, **NAMES)
    assert [one["Reason"] for one in events] == ["Scheduled", "Pulled", "Started"]
    assert events[2] == {
        "Count": 1,
        "EventTime": "2026-01-05T08:00Z",
        "HostName": "i-emu-node-1",
        "Kind": "Pod",
        "Level": "Normal",
        "Message": "Started container",
        "NameSpace": "jck-namespace-10001",
        "PodName": name,
        "Reason": "Started",
    }
    early = {"StartTime": start, "EndTime": start + 2_000}
    assert len(account.call("DescribeEventMonitorList", PodName=name, **early, **NAMES)) == 2
    assert account.call("DescribeEventMonitorList", PodName="x", **span, **NAMES) == []
    assert account.call("DescribeEventMonitorList", PodName=name, EventLevel="Warning", **span, **NAMES) == []
    account.deploy(20001, ContainerImageList=["r/fail:1"])
    account.wait(12)
    name = account.call("ListPods", DeployOrderId=60002)[0]["AppInstanceId"]
    (event,) = account.call("DescribeEventMonitorList", PodName=name, EventType="POD_FAILED", **span, **NAMES)
    assert (event["Level"], event["Reason"]) == ("Error", "Failed")
    backwards = {"StartTime": start, "EndTime": start - 1}
    assert "epoch milliseconds" in account.error("DescribeEventMonitorList", PodName=name, **backwards, **NAMES)


def test_the_chosen_namespace_shows_in_events() -> None:
    account = DirectAccount()
    app_id = account.app(Namespace="mine")
    account.deploy(account.environment(app_id, account.config(app_id)))
    account.wait(12)
    given = {"PodName": instance(account)["AppInstanceId"], "StartTime": 0, "EndTime": int(START * 2000)}
    assert {one["NameSpace"] for one in account.call("DescribeEventMonitorList", **given, **NAMES)} == {"mine"}


SPAN = {"StartTime": int(START * 1000), "EndTime": int(START * 1000) + 540_000}


def test_a_metric_of_an_instance(account: DirectAccount) -> None:
    given = {"Metric": "pod.cpu.usage_rate", "Type": "instance", "PodName": instance(account)["AppInstanceId"]}
    (series,) = account.call("DescribeAppMonitorMetric", **given, **SPAN, **NAMES)
    assert series["Name"] == "实例CPU使用量"
    assert series["Categories"][:2] == ["2026-01-05 08:00:00", "2026-01-05 08:01:00"]
    assert len(series["Categories"]) == len(series["Data"]) == 10
    assert all(0.03 <= value <= 0.07 for value in series["Data"])
    assert account.call("DescribeAppMonitorMetric", **given, **SPAN, **NAMES) == [series]


def test_a_metric_of_a_deploy_order(account: DirectAccount) -> None:
    given = {"Metric": "deployment.memory.working_set", "Type": "group"}
    (series,) = account.call("DescribeAppMonitorMetric", DeployOrderId="60001", **given, **SPAN, **NAMES)
    assert len(series["Data"]) == 10
    for wrong in ("9", "x", "²", "1" * 30):
        text = account.error("DescribeAppMonitorMetric", DeployOrderId=wrong, **given, **SPAN, **NAMES)
        assert text == f"Deploy order {wrong} does not exist."
    other = account.environment(10001, 30001, EnvName="b")
    account.deploy(other)
    text = account.error("DescribeAppMonitorMetric", DeployOrderId="60002", **given, **SPAN, **NAMES)
    assert "does not belong to environment" in text


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"Type": "instance"}, "PodName is missing."),
        ({"Type": "instance", "PodName": "x"}, "Pod x does not exist"),
        ({"Type": "group", "DeployOrderId": "60001"}, "Metric pod.cpu.usage_rate does not fit type group."),
        ({"Type": "group", "Metric": "deployment.cpu.usage_rate"}, "DeployOrderId is missing."),
        (
            {"Type": "group", "Metric": "deployment.cpu.usage_rate", "DeployOrderId": "60001", "StartTime": 0},
            "The span holds more than 1440 values.",
        ),
    ],
)
def test_what_a_metric_needs(account: DirectAccount, more: dict[str, Any], message: str) -> None:
    given = {"Metric": "pod.cpu.usage_rate", **SPAN, **NAMES, **more}
    assert account.error("DescribeAppMonitorMetric", **given).startswith(message)
