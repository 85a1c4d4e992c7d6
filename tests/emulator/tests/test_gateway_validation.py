# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parameters: types, and every rule of the reference."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from jst_emulator import errors
from jst_emulator.api_spec import OPERATIONS, PAGING_NAMES, Parameter
from jst_emulator.validation import validate
from support.signed_client import SignedClient
from support.small_world import APP

CLUSTER = {
    "BusinessCode": "JST",
    "ClusterEnvType": "TEST",
    "ClusterTitle": "emu",
    "ClusterType": "Serverless",
    "RegionId": "cn-zhangjiakou",
    "VpcId": "vpc-1",
    "Vswitchids.1": "vsw-1",
}
PORT = {
    "PortMappings.1.Name": "http",
    "PortMappings.1.Port": "80",
    "PortMappings.1.Protocol": "TCP",
    "PortMappings.1.TargetPort": "8080",
}
SERVICE = {"EnvId": "1", "Name": "web", "ServiceType": "ClusterIP", "K8sServiceId": "web", **PORT}
SLB = {
    "EnvId": "1",
    "Name": "web",
    "SlbId": "lb-1",
    "ListenerPort": "80",
    "RealServerPort": "8080",
    "Protocol": "TCP",
}
ENVIRONMENT = {
    "AppId": "1",
    "AppSchemaId": "1",
    "EnvName": "production",
    "EnvType": "1",
    "Region": "cn-zhangjiakou",
    "Replicas": "1",
}
CONFIG = {"AppId": "1", "EnvType": "test", "Name": "config"}
ACCOUNT = {"AccountName": "shop", "AccountPassword": "Sup3r-secret", "DbInstanceId": "rm-1"}
METRIC = {
    "AppId": "1",
    "EnvId": "1",
    "StartTime": "1",
    "EndTime": "2",
    "Metric": "pod.cpu.utilization",
    "Type": "group",
    "DeployOrderId": "1",
}
VOLUME = {
    "AccessModes": "ReadWriteMany",
    "Capacity": "10Gi",
    "ClusterInstanceId": "c1",
    "MountTargetDomain": "nas",
    "Name": "data",
    "NFSVersion": "4.0",
    "ReclaimPolicy": "Retain",
    "StorageClass": "nas",
}


def encoded(text: str) -> str:
    """*text* in base64."""
    return base64.b64encode(text.encode()).decode()


def refusal(action: str, texts: dict[str, str]) -> str:
    """The code the gateway refuses *texts* with."""
    with pytest.raises(errors.GatewayError) as caught:
        validate(OPERATIONS[action], texts)
    assert caught.value.status == 400
    return caught.value.code


def test_values_come_in_their_types() -> None:
    texts = {**APP, "StateType": "2", "MiddleWareIdList.2": "20", "MiddleWareIdList.10": "10", "Description": ""}
    typed = validate(OPERATIONS["CreateApp"], texts)
    assert typed["StateType"] == 2
    assert typed["MiddleWareIdList"] == [20, 10]
    assert typed["UserRoles"] == [{"RoleName": "Owner", "UserId": "1001", "UserType": "TAOBAO"}]
    assert typed["Description"] == ""
    assert "BizTitle" not in typed


def test_lists_are_in_the_order_of_their_numbers_and_may_have_gaps() -> None:
    second = {name.replace(".1.", ".12."): value for name, value in PORT.items()}
    texts = {**SERVICE, **second, "PortMappings.12.Name": "admin"}
    typed = validate(OPERATIONS["CreateService"], texts)
    assert [port["Name"] for port in typed["PortMappings"]] == ["http", "admin"]
    assert typed["PortMappings"][0] == {"Name": "http", "Port": 80, "Protocol": "TCP", "TargetPort": "8080"}


@pytest.mark.parametrize(("text", "value"), [("true", True), ("True", True), ("FALSE", False), ("False", False)])
def test_booleans_in_any_case(text: str, value: bool) -> None:
    assert validate(OPERATIONS["DeleteAppDetail"], {"AppId": "1", "Force": text})["Force"] is value


def test_base64_comes_decoded() -> None:
    yaml = "apiVersion: apps/v1\nkind: Deployment\n# 名称\n"
    texts = {
        **CONFIG,
        "Deployment": encoded(yaml),
        "ConfigMapList.1": encoded("a: 1"),
        "ConfigMapList.2": encoded("b: 2"),
    }
    typed = validate(OPERATIONS["CreateDeployConfig"], texts)
    assert typed["Deployment"] == yaml
    assert typed["ConfigMapList"] == ["a: 1", "b: 2"]


def without(texts: dict[str, str], name: str) -> dict[str, str]:
    """*texts* without one of them."""
    return {key: value for key, value in texts.items() if key != name}


@pytest.mark.parametrize(
    ("action", "texts", "code"),
    [
        ("CreateApp", without(APP, "Title"), "MissingTitle"),
        ("CreateApp", APP | {"Title": ""}, "MissingTitle"),
        ("CreateApp", {k: v for k, v in APP.items() if "UserRoles" not in k}, "MissingUserRoles"),
        ("CreateApp", without(APP, "UserRoles.1.UserId"), "MissingUserRoles.1.UserId"),
        ("CreateApp", APP | {"Titel": "x"}, "InvalidTitel"),
        ("CreateApp", APP | {"Title.1": "x"}, "InvalidTitle.1"),
        ("CreateApp", APP | {"UserRoles.1.Name": "x"}, "InvalidUserRoles.1.Name"),
        ("CreateApp", APP | {"UserRoles.0.UserId": "x"}, "InvalidUserRoles.0.UserId"),
        ("CreateApp", APP | {"MiddleWareIdList": "1"}, "InvalidMiddleWareIdList"),
        ("CreateApp", APP | {"MiddleWareIdList.1": "x"}, "InvalidMiddleWareIdList.1"),
        ("CreateApp", APP | {"Language": "java"}, "InvalidLanguage"),
        ("CreateApp", APP | {"StateType": "4"}, "InvalidStateType"),
        ("CreateApp", APP | {"StateType": "one"}, "InvalidStateType"),
        ("CreateApp", APP | {"StateType": ""}, "InvalidStateType"),
        ("CreateApp", APP | {"UserRoles.1.RoleName": "owner"}, "InvalidUserRoles.1.RoleName"),
        ("DescribeAppDetail", {"AppId": str(2**63)}, "InvalidAppId"),
        ("ScaleApp", {"EnvId": "1", "Replicas": str(2**31)}, "InvalidReplicas"),
        ("DeleteAppDetail", {}, "MissingAppId"),
        ("DeleteAppDetail", {"AppId": "1", "Force": "yes"}, "InvalidForce"),
        ("DeleteAppEnvironment", {"AppId": "1", "EnvId": "1"}, "MissingForce"),
        ("DescribeAppEnvDeployBaseline", {"AppId": "1"}, "MissingEnvId"),
        ("UpdateApp", {"AppId": "1", "UserRoles.1.UserId": "1"}, "MissingUserRoles.1.RoleName"),
        ("CreateService", without(SERVICE, "PortMappings.1.Name"), "MissingPortMappings.1.Name"),
        ("CreateService", SERVICE | {"PortMappings.1.NodePort": "30000"}, "InvalidPortMappings.1.NodePort"),
        ("CreateService", SERVICE | {"ServiceType": "NodePort", "Headless": "true"}, "InvalidHeadless"),
        ("CreateSlbAP", SLB | {"EstablishedTimeout": "9"}, "InvalidEstablishedTimeout"),
        ("CreateSlbAP", SLB | {"EstablishedTimeout": "901"}, "InvalidEstablishedTimeout"),
        ("CreateSlbAP", SLB | {"StickySession": "1"}, "InvalidStickySession"),
        ("CreateSlbAP", SLB | {"Protocol": "HTTP", "EstablishedTimeout": "60"}, "InvalidEstablishedTimeout"),
        ("CreateSlbAP", SLB | {"Protocol": "HTTP", "CookieTimeout": "86401"}, "InvalidCookieTimeout"),
        ("CreateDeployConfig", CONFIG | {"Deployment": "kind: Deployment"}, "InvalidDeployment"),
        ("CreateDeployConfig", CONFIG | {"ConfigMapList.1": "%%%"}, "InvalidConfigMapList.1"),
        (
            "CreateDeployConfig",
            CONFIG | {"Deployment": encoded("a"), "StatefulSet": encoded("b")},
            "InvalidDeployment",
        ),
        ("CreateCluster", CLUSTER | {"ClusterType": "Standard"}, "MissingPodCIDR"),
        ("CreateCluster", CLUSTER | {"ClusterType": "Windows", "PodCIDR": "10.0.0.0/8"}, "MissingServiceCIDR"),
        ("CreateCluster", CLUSTER | {"Password": "Sup3r-secret", "KeyPair": "key"}, "InvalidKeyPair"),
        ("CreateCluster", CLUSTER | {"Password": "weak"}, "InvalidPassword"),
        ("CreateCluster", CLUSTER | {"CreateWithLogIntegration": "true"}, "InvalidCreateWithLogIntegration"),
        ("CreateCluster", without(CLUSTER, "Vswitchids.1"), "MissingVswitchids"),
        ("CreateAccount", ACCOUNT | {"AccountPassword": "lower-case"}, "InvalidAccountPassword"),
        ("CreateAccount", ACCOUNT | {"AccountName": "Shop"}, "InvalidAccountName"),
        ("CreateAccount", ACCOUNT | {"AccountName": "a" * 17}, "InvalidAccountName"),
        ("DescribeAppMonitorMetric", without(METRIC, "DeployOrderId"), "MissingDeployOrderId"),
        ("DescribeAppMonitorMetric", METRIC | {"Type": "instance"}, "MissingPodName"),
        ("CreateEnvironment", ENVIRONMENT | {"Region": "hangzhou 1"}, "InvalidRegion"),
        ("CreateCluster", CLUSTER | {"RegionId": "cn_hangzhou"}, "InvalidRegionId"),
        ("CreatePersistentVolume", VOLUME | {"Capacity": "10 GB"}, "InvalidCapacity"),
        ("CreatePersistentVolume", VOLUME | {"Name": "1data"}, "InvalidName"),
        ("CreatePersistentVolume", VOLUME | {"Name": "data\n"}, "InvalidName"),
        ("ListPersistentVolume", {"ClusterInstanceId": "c1", "PageNumber": "1", "PageSize": "101"}, "InvalidPageSize"),
        ("ListUsers", {"PageNumber": "1"}, "MissingPageSize"),
        ("ListUsers", {"PageNumber": "0", "PageSize": "10"}, "InvalidPageNumber"),
        ("GetRdsBackUp", {"DbInstanceId": "rm-1", "PageSize": "20"}, "InvalidPageSize"),
        ("BindNodeLabel", {"ClusterId": "c", "InstanceId": "i", "LabelKey": "a", "LabelValue": "b"}, "InvalidLabelKey"),
    ],
)
def test_rules(action: str, texts: dict[str, str], code: str) -> None:
    assert refusal(action, texts) == code


@pytest.mark.parametrize(
    ("action", "texts"),
    [
        ("UpdateApp", {"AppId": "1"}),
        ("UpdateApp", {"AppId": "1", "MiddleWareIdList.1": "7"}),
        ("ListDeployOrders", {"PageNumber": "1", "PageSize": "10"}),
        ("ListNodeLabelBindings", {"PageNumber": "1", "PageSize": "10"}),
        ("ListApp", {}),
        ("UpdateDeployConfig", {"AppId": "1", "Id": "2"}),
        ("DescribeAppEnvDeployBaseline", {"EnvId": "1"}),
        ("DeployApp", {"EnvId": "1", "Name": "n", "TotalPartitions": "1", "DefaultPacketOfAppGroup": "x"}),
        ("CreatePersistentVolume", VOLUME | {"NasType": "nas"}),
        (
            "CreateService",
            SERVICE | {"ServiceType": "NodePort", "PortMappings.1.NodePort": "30000", "Headless": "false"},
        ),
        ("ModifyService", {"ServiceId": "1", "PortMappings.1.NodePort": "30000"}),
        ("CreateSlbAP", SLB | {"EstablishedTimeout": "900", "StickySession": "0"}),
        ("ModifySlbAP", {"SlbAPId": "1", "EstablishedTimeout": "900", "StickySession": "1"}),
        ("DescribeAppMonitorMetric", METRIC),
        ("DescribeAppMonitorMetric", METRIC | {"PodName": "pod"}),
        ("CreateEnvironment", ENVIRONMENT | {"Region": "cn-nowhere-9"}),
        ("CreateAccount", ACCOUNT),
        ("CreateCluster", CLUSTER | {"ClusterId": "5", "NetPlug": "Terway", "PrivateZone": "true"}),
    ],
)
def test_what_must_pass(action: str, texts: dict[str, str]) -> None:
    assert validate(OPERATIONS[action], texts).keys() == {name.split(".")[0] for name in texts}


def test_the_reference_does_not_contradict_itself_in_the_facts() -> None:
    """Every parameter a rule refers to is one of the operation, and every paging pair is whole."""
    for operation in OPERATIONS.values():
        parameters = operation.parameters

        def referred(parameter: Parameter) -> set[str]:
            return {*parameter.conflicts_with, *parameter.required_when}

        for parameter in parameters.values():
            assert referred(parameter) <= parameters.keys()
        assert len([name for name in PAGING_NAMES if name in parameters]) in (0, 2)


def test_common_parameters_are_no_business_of_an_operation(client: SignedClient) -> None:
    response = client.v1("CreateApp", APP, common={"RegionId": "cn-hangzhou"})
    assert response.get_json()["Code"] == 0
    assert "RegionId" not in client.calls()[-1]["params"]


def test_a_region_that_is_a_parameter_is_one(client: SignedClient) -> None:
    response = client.acs3("CreateCluster", CLUSTER)
    assert response.get_json()["Code"] == "EmulatorNotImplemented"
    assert client.calls()[-1]["params"]["RegionId"] == "cn-zhangjiakou"


def test_the_message_names_the_parameter_and_never_a_value(client: SignedClient) -> None:
    answer = client.call("CreateAccount", ACCOUNT | {"AccountPassword": "canary"})
    assert answer["Message"] == "Specified parameter AccountPassword is not valid."
    answer = client.call("CreateApp", {})
    assert answer["Message"] == "BizCode is mandatory for this action."


def test_secrets_are_masked_in_the_call_log(client: SignedClient) -> None:
    calls: list[dict[str, Any]] = [
        ACCOUNT | {"AccountPassword": "Canary-1234"},
        ACCOUNT | {"AccountPassword": "canary"},
        ACCOUNT | {"AccountPasword": "x", "accountPassword": "canary"},
    ]
    for parameters in calls:
        client.call("CreateAccount", parameters)
    client.call("CreateDeployConfig", CONFIG | {"SecretList.1": encoded("canary")})
    text = str(client.calls())
    assert len(client.calls()) == 4
    assert "anary" not in text
    assert encoded("canary") not in text
