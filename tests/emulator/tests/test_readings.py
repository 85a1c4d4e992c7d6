# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Ambiguities of the reference: the default accepts both readings, a choice accepts one."""

from __future__ import annotations

import re
from dataclasses import fields
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from jst_emulator import handlers, world
from jst_emulator.emulator import Emulator, Settings
from jst_emulator.readings import CODE_200, STATUS_LINE_ONLY, Readings
from jst_emulator.world_file import WorldFileError
from support.direct_account import ONLINE, START
from support.populated_account import KEY, PAGE, PopulatedAccount
from support.scenario import ENV, encoded, environment
from support.signed_client import LOOPBACK

MONITORING = ("DescribePodContainerLogList", "DescribeEventMonitorList", "DescribeAppMonitorMetric")


@pytest.fixture(scope="module")
def shared() -> PopulatedAccount:
    """One account for all tests, which leave it as it was."""
    return PopulatedAccount()


@pytest.fixture
def account(shared: PopulatedAccount) -> PopulatedAccount:
    """The account as it was first."""
    shared.restore()
    return shared


def test_a_metric_takes_both_ids_and_demands_the_one_that_its_type_needs(account: PopulatedAccount) -> None:
    assert account.metric(DeployOrderId="60001") == 0
    assert account.metric() == 0
    assert account.metric(DeployOrderId="nonsense") == 0
    group = {"Type": "group", "Metric": "deployment.cpu.usage_rate"}
    assert account.metric(**group) == "MissingDeployOrderId"
    assert account.metric(**group, DeployOrderId="60001") == 0
    account.choose(metric_parameters="both")
    assert account.metric() == "MissingDeployOrderId"
    assert account.metric(DeployOrderId="60001") == 0


def test_a_code_path_is_kept_or_demanded(account: PopulatedAccount) -> None:
    update = {"AppId": 10001, "Id": 30001}
    assert account.call("UpdateDeployConfig", update)["Code"] == 0
    account.choose(code_path_on_update="required")
    assert account.call("UpdateDeployConfig", update)["Code"] == "MissingCodePath"
    assert account.call("UpdateDeployConfig", {**update, "CodePath": "/code"})["Code"] == 0


@pytest.mark.parametrize(
    ("choice", "found_by"),
    [
        ("either", ["lb-emu-internet-1", "40001"]),
        ("load_balancer", ["lb-emu-internet-1"]),
        ("access_point", ["40001"]),
    ],
)
def test_what_the_filter_of_access_points_names(account: PopulatedAccount, choice: str, found_by: list[str]) -> None:
    account.choose(slb_filter=choice)

    def finds(text: str) -> bool:
        return bool(account.call("ListSlbAPs", {"AppId": 10001, "SlbId": text, **PAGE})["Data"])

    assert [text for text in ("lb-emu-internet-1", "40001", "111") if finds(text)] == found_by


def test_a_list_without_pages_says_that_there_is_more(account: PopulatedAccount) -> None:
    for number in range(4):
        config = {"AppId": 10001, "EnvType": "online", "Name": f"config-{number}"}
        assert account.call("CreateDeployConfig", config)["Code"] == 0
    whole = account.call("ListDeployConfig", {"AppId": 10001})
    assert (len(whole["Data"]), whole["TotalCount"]) == (5, 5)
    account.choose(config_list_size=3)
    cut = account.call("ListDeployConfig", {"AppId": 10001})
    assert (cut["Data"], cut["TotalCount"], cut["PageSize"]) == (whole["Data"][:3], 5, 3)
    one = account.call("ListDeployConfig", {"AppId": 10001, "Name": "config-3"})
    assert (len(one["Data"]), one["TotalCount"]) == (1, 1)
    assert len(account.call("ListApp")["Data"]) == 2


def test_answers_that_are_a_status_line(account: PopulatedAccount) -> None:
    account.choose(empty_answers="status_line")
    for action in STATUS_LINE_ONLY:
        response = account.client.acs3(action, ENV, key=KEY)
        assert (response.status_code, response.data) == (200, b"")
        assert account.emulator.call_log.latest(1)[0].executed
    refused = account.call("OfflineAppEnvironment", {"AppId": 1, "EnvId": 1})
    assert refused["Code"] == 1


@pytest.mark.parametrize("answers", ["canonical", "sample"])
def test_codes_of_success(answers: str) -> None:
    account = PopulatedAccount(answers)
    calls: dict[str, dict[str, Any]] = {
        "ListUsers": PAGE,
        "DescribeAppEnvDeployBaseline": ENV,
        "DescribePodContainerLogList": {**ENV, "PodName": account.pod, "Line": 5},
        "ListApp": {},
        "CreateNodeLabel": {"ClusterId": ONLINE, "LabelKey": "label.jst.com/a", "LabelValue": "b"},
        "DescribeDatabases": {"InstanceId": "rm-emu0000000000001"},
    }
    for action, parameters in calls.items():
        account.choose(success_code="table")
        wanted = '"Code":200' if action in CODE_200 else '"Code":0'
        assert wanted.lower() in account.client.acs3(action, parameters, key=KEY).text.lower(), action
        account.choose(success_code="absent")
        text = account.client.acs3(
            action, {**parameters, **({"LabelValue": "c"} if "Label" in action else {})}, key=KEY
        )
        assert '"code":' not in text.text.lower(), action
        assert "requestid" in text.text.lower()
    assert account.call("DescribeAppDetail", {"AppId": 99})["Code"] == 1


def test_an_image_alone_is_released_or_refused(account: PopulatedAccount) -> None:
    """The deploy configuration has a code path."""
    release = {"EnvId": 20001, "Name": "image", "TotalPartitions": 1}
    account.choose(image_only_release="refused")
    assert "code package is needed" in account.call("DeployApp", release)["ErrMsg"]
    account.choose(image_only_release="accepted")
    assert account.call("DeployApp", release)["Code"] == 0


def test_members_that_only_the_sdk_knows(account: PopulatedAccount) -> None:
    deployment = (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: shop}\nspec:\n  template:\n    spec:\n"
        "      containers:\n"
        "        - {name: a, image: r/a:1, resources: {limits: {cpu: 2, memory: 4Gi}, requests: {cpu: 500m}}}\n"
    )
    account.call("UpdateDeployConfig", {"AppId": 10001, "Id": 30001, "Deployment": encoded(deployment)})
    account.call("UpdateApp", {"AppId": 10001, "MiddleWareIdList.1": 1, "MiddleWareIdList.2": 7})

    def seen() -> tuple[Any, ...]:
        app = account.call("ListApp")["Data"][0]
        detail = account.call("DescribeAppDetail", {"AppId": 10001})["Result"]
        config = account.call("ListDeployConfig", {"AppId": 10001})["Data"][0]
        service = account.call("DescribeServiceDetail", {"ServiceId": 50001})["Result"]
        return (
            *(app.get("MiddleWareList"), detail.get("MiddleWareInfoList")),
            *(config.get("ContainerResourceLimit"), config.get("ContainerResourceRequest"), service.get("ClusterIP")),
        )

    ware = [{"AppId": 10001, "Code": code, "Name": f"middleware-{code}"} for code in (1, 7)]
    assert seen() == (ware, ware, {"Cpu": "2", "Memory": "4Gi"}, {"Cpu": "500m"}, "172.21.200.2")
    account.choose(sdk_fields="hidden")
    assert seen() == (None,) * 5


def test_readings_are_chosen_shown_and_reset(account: PopulatedAccount) -> None:
    def shown() -> Any:
        return account.client.http.get("/_emulator/readings", environ_base=LOOPBACK).get_json()

    first = shown()
    assert first == {field.name: field.default for field in fields(Readings)}
    assert account.choose(slb_filter="access_point", config_list_size=10) == {
        **first,
        "slb_filter": "access_point",
        "config_list_size": 10,
    }
    for wrong in ({"slb_filter": "both"}, {"none": 1}, {"config_list_size": -1}, {"success_code": None}):
        assert account.choose(**wrong) == 400
    response = account.client.http.post("/_emulator/readings", json=["slb_filter"], environ_base=LOOPBACK)
    assert response.status_code == 400
    assert shown()["slb_filter"] == "access_point"


def test_readings_of_the_start_come_back_with_a_reset() -> None:
    choices = {"slb_filter": "access_point"}
    emulator = Emulator(Settings(readings=choices), handlers.HANDLERS, world.load)
    emulator.set_readings({"slb_filter": "either"})
    emulator.reset()
    assert emulator.readings.slb_filter == "access_point"
    with pytest.raises(WorldFileError, match="'both' is not one of 'either', 'load_balancer', 'access_point'"):
        Emulator(Settings(readings={"slb_filter": "both"}), handlers.HANDLERS, world.load)


@pytest.mark.parametrize("action", MONITORING)
def test_monitoring_fails_without_a_cluster_or_when_told_to(account: PopulatedAccount, action: str) -> None:
    calls: dict[str, dict[str, Any]] = {
        "DescribePodContainerLogList": {"Line": 5},
        "DescribeEventMonitorList": {"StartTime": 0, "EndTime": 4_000_000_000_000, "PageNum": 1, "PageSize": 10},
        "DescribeAppMonitorMetric": {
            **{"StartTime": int(START * 1000), "EndTime": int(START * 1000) + 60_000},
            **{"Metric": "pod.cpu.usage_rate", "Type": "instance"},
        },
    }
    bare = account.call("CreateEnvironment", environment(10001, 30001))["Result"]["AppEnvId"]
    for env_id, status, code in ((20001, 200, 0), (bare, 500, "system.error")):
        asked = {"AppId": 10001, "EnvId": env_id, "PodName": account.pod, **calls[action]}
        response = account.client.acs3(action, asked, key=KEY)
        assert (response.status_code, response.get_json()["Code"]) == (status, code)
    account.emulator.world.settings.monitoring.broken = [action]
    response = account.client.acs3(action, {**ENV, "PodName": account.pod, **calls[action]}, key=KEY)
    assert (response.status_code, response.get_json()["Message"]) == (500, "A system error occurred.")


def test_deleting_a_bound_label_gives_code_3(account: PopulatedAccount) -> None:
    node = "i-emu-node-4"
    cluster = account.emulator.world.ecs[node].cluster_instance_id
    label = {"ClusterId": cluster, "LabelKey": "label.jst.com/kind", "LabelValue": "web"}
    answer = account.call("DeleteNodeLabel", {**label, "Force": "false"})
    assert (answer["Code"], answer["Success"]) == (3, False)
    assert account.call("DeleteNodeLabel", {**label, "Force": "true"})["Code"] == 0


@pytest.mark.parametrize(("number", "name"), [(2, "失败"), (3, "失败"), (5, "失败")])
def test_any_other_result_is_a_failure(account: PopulatedAccount, number: int, name: str) -> None:
    failure = {"app": "shop", "result": number}
    spec = {"settings": {"deploy_failures": [failure]}}
    account.emulator.world.settings.deploy_failures = world.load(spec, account.emulator.clock).settings.deploy_failures
    order = account.call("DeployApp", {"EnvId": 20001, "Name": "bad", "TotalPartitions": 1})["Result"]["DeployOrderId"]
    account.emulator.clock.advance(30)
    shown = account.call("DescribeDeployOrderDetail", {"DeployOrderId": order})["Result"]
    assert (shown["Status"], shown["Result"], shown["ResultName"]) == (3, number, name)
    listed = account.call("ListDeployOrders", {"EnvId": 20001, **PAGE})["Data"]
    assert [one["Result"] for one in listed if one["DeployOrderId"] == order] == [number]


@pytest.mark.parametrize("number", [0, 1, 4, 10])
def test_results_that_mean_something_else_are_no_failure(account: PopulatedAccount, number: int) -> None:
    with pytest.raises(WorldFileError, match="result"):
        world.load({"settings": {"deploy_failures": [{"result": number}]}}, account.emulator.clock)


def test_a_modified_port_without_a_name_keeps_the_one_it_has(account: PopulatedAccount) -> None:
    port = {"PortMappings.1.Protocol": "TCP", "PortMappings.1.TargetPort": "9090", "PortMappings.1.Port": 8080}

    def mappings() -> Any:
        return account.call("DescribeServiceDetail", {"ServiceId": 50001})["Result"]["PortMappings"]

    assert account.call("ModifyService", {"ServiceId": 50001, **port})["Code"] == 0
    assert mappings() == [{"Name": "http", "Port": 8080, "Protocol": "TCP", "TargetPort": "9090"}]
    two = {name.replace(".1.", ".2."): value for name, value in port.items()} | {"PortMappings.2.Port": 9000}
    assert account.call("ModifyService", {"ServiceId": 50001, **port, **two})["ErrMsg"].startswith(
        "PortMappings.2.Name"
    )


TIMES = {"canonical": "2026-01-02T04:40:55Z", "sample": "2026-01-02 04:40:55"}


@pytest.mark.parametrize(("answers", "kind"), [("canonical", "online"), ("sample", "正式")])
def test_times_and_kinds_are_those_of_the_table_or_of_the_sample(answers: str, kind: str) -> None:
    account = PopulatedAccount(answers)
    backups = account.client.acs3("GetRdsBackUp", {"DbInstanceId": "rm-emu0000000000001"}, key=KEY).text
    assert re.findall(r'"backupStartTime":"([^"]+)"', backups, re.IGNORECASE)[0] == TIMES[answers]
    log = account.call("DescribePodLog", {"DeployOrderId": 60001, "AppInstId": account.pod})
    assert log["Result"]["EnvTypeName"] == kind


def test_xml_of_wrapped_operations_is_that_of_the_sample() -> None:
    """The wrapper of the JSON sample is the root of the XML sample (reference 6.2.1)."""
    account = PopulatedAccount("sample")
    label = {"ClusterId": ONLINE, "LabelKey": "label.jst.com/a", "LabelValue": "b"}

    def xml(action: str, parameters: dict[str, Any]) -> ET.Element:
        return ET.fromstring(account.client.v1(action, parameters, key=KEY, common={"Format": "XML"}).data)

    created = xml("CreateNodeLabel", label)
    assert (created.tag, [one.tag for one in created]) == (
        "CreateNodeLabelResponse",
        ["code", "data", "name", "message"],
    )
    assert created.findtext("data/Result/LabelKey") == "label.jst.com/a"
    failed = xml("CreateNodeLabel", label)
    assert (failed.findtext("code"), failed.findtext("data/Code"), failed.findtext("name")) == ("1", "1", "1Error")
    listed = xml("ListNodeLabels", {"ClusterId": ONLINE, **PAGE})
    assert (listed.tag, listed.findtext("Code"), listed.findtext("Data/LabelValue")) == (
        "ListNodeLabelsResponse",
        "0",
        "b",
    )
    databases = xml("DescribeDatabases", {"InstanceId": "rm-emu0000000000001"})
    assert (databases.tag, databases.findtext("code")) == ("DescribeDatabasesResponse", "0")
