# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Environments, deploy configurations and resource allocations."""

from __future__ import annotations

from typing import Any

import pytest

from support.direct_account import ONLINE, TEST, DirectAccount, workload

CONFIG_MAP = "kind: ConfigMap\nmetadata: {name: %s}\ndata: {k: '%s'}"


def creation(app_id: int, schema_id: int, **more: Any) -> dict[str, Any]:
    """Parameters of CreateEnvironment for production."""
    given = {"AppId": app_id, "AppSchemaId": schema_id, "EnvName": "e", "EnvType": 1, "Region": "r", "Replicas": 1}
    return {**given, **more}


def test_an_environment_reads_back() -> None:
    account = DirectAccount()
    app_id, schema_id, env_id = account.stack()
    expected = {
        "AppId": app_id,
        "AppSchemaId": schema_id,
        "EnvId": env_id,
        "EnvName": "production",
        "EnvType": 1,
        "EnvTypeName": "正式",
        "Region": "cn-zhangjiakou",
    }
    assert account.call("ListAppEnvironment", AppId=app_id) == [expected]
    shown = account.call("DescribeAppEnvironmentDetail", AppId=app_id, EnvId=env_id)
    assert shown == {**expected, "Replicas": 3}


def test_environments_are_filtered_by_kind_and_exact_name() -> None:
    account = DirectAccount()
    app_id, schema_id, _dummy = account.stack()
    test_schema = account.config(app_id, EnvType="test")
    test_env = account.environment(app_id, test_schema, EnvType=0, ClusterId=TEST, EnvName="rehearsal")
    account.environment(app_id, schema_id, EnvName="rehearsal-2")
    listed = account.call("ListAppEnvironment", AppId=app_id, EnvType=0)
    assert [(one["EnvId"], one["EnvTypeName"]) for one in listed] == [(test_env, "测试")]
    assert [one["EnvId"] for one in account.call("ListAppEnvironment", AppId=app_id, EnvName="rehearsal")] == [test_env]
    assert account.call("ListAppEnvironment", AppId=app_id, EnvName="rehear") == []


def test_the_cluster_has_to_fit() -> None:
    account = DirectAccount()
    app_id = account.app()
    schema_id = account.config(app_id)
    message_app = account.app("message", BizCode="MESSAGE")
    message_schema = account.config(message_app)
    refused = account.error("CreateEnvironment", **creation(app_id, schema_id, ClusterId="c-x"))
    assert refused == "Cluster c-x does not exist."
    refused = account.error("CreateEnvironment", **creation(app_id, schema_id, ClusterId=TEST))
    assert "is of kind TEST, the environment needs PRO" in refused
    refused = account.error("CreateEnvironment", **creation(message_app, message_schema, ClusterId=ONLINE))
    assert "is of business domain JST" in refused


def test_the_deploy_config_has_to_be_of_the_app_and_kind() -> None:
    account = DirectAccount()
    app_id, schema_id, env_id = account.stack()
    other = account.app("other")
    test_schema = account.config(app_id, EnvType="test")
    assert "does not exist" in account.error("CreateEnvironment", **creation(app_id, 99))
    assert "does not belong to app" in account.error("CreateEnvironment", **creation(other, schema_id))
    assert "is for test, not for online" in account.error("CreateEnvironment", **creation(app_id, test_schema))
    assert "is for online, not for test" in account.error("CreateEnvironment", **creation(app_id, schema_id, EnvType=0))
    given = {"AppId": app_id, "AppEnvId": env_id}
    other_schema = account.config(other)
    assert "is for test" in account.error("UpdateEnvironment", AppSchemaId=test_schema, Replicas=9, **given)
    assert "does not belong" in account.error("UpdateEnvironment", AppSchemaId=other_schema, Replicas=9, **given)


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"Replicas": -1}, "Replicas must not be negative."),
        ({"EnvName": " "}, "EnvName must not be empty."),
        ({"AppId": 99}, "App 99 does not exist."),
    ],
)
def test_what_an_environment_cannot_be(more: dict[str, Any], message: str) -> None:
    account = DirectAccount()
    app_id = account.app()
    assert account.error("CreateEnvironment", **creation(app_id, account.config(app_id), **more)) == message


def test_update_changes_config_and_replicas_only() -> None:
    account = DirectAccount()
    app_id, _dummy, env_id = account.stack()
    second = account.config(app_id, Name="second")
    account.call("UpdateEnvironment", AppId=app_id, AppEnvId=env_id, AppSchemaId=second)
    account.call("UpdateEnvironment", AppId=app_id, AppEnvId=env_id, Replicas=5)
    shown = account.call("DescribeAppEnvironmentDetail", AppId=app_id, EnvId=env_id)
    assert (shown["AppSchemaId"], shown["Replicas"], shown["EnvName"]) == (second, 5, "production")
    refused = account.error("UpdateEnvironment", AppId=app_id, AppEnvId=env_id, Replicas=-1)
    assert refused == "Replicas must not be negative."


@pytest.mark.parametrize(
    "action",
    [
        "DescribeAppEnvironmentDetail",
        "DescribeAppEnvDeployBaseline",
        "DeleteAppEnvironment",
        "OfflineAppEnvironment",
        "ListAppInstance",
        "ListPersistentVolumeClaim",
    ],
)
def test_an_environment_belongs_to_its_app(action: str) -> None:
    account = DirectAccount()
    app_id, _dummy, env_id = account.stack()
    other = account.app("other")
    expected = f"Environment {env_id} does not belong to app {other}."
    assert account.error(action, AppId=other, EnvId=env_id) == expected
    assert account.error(action, AppId=app_id, EnvId=99) == "Environment 99 does not exist."


@pytest.mark.parametrize("content", ["instances", "SLB access points", "services", "unfinished deploy orders"])
def test_an_environment_is_deleted_only_by_force_while_something_lives_in_it(content: str) -> None:
    account = DirectAccount()
    app_id, _dummy, env_id = account.stack()
    if content == "services":
        port = {"Name": "p", "Port": 80, "Protocol": "TCP", "TargetPort": "8080"}
        given = {"Name": "s", "ServiceType": "ClusterIP", "K8sServiceId": "s"}
        account.call("CreateService", EnvId=env_id, PortMappings=[port], **given)
    elif content == "SLB access points":
        given = {"Name": "s", "Protocol": "TCP", "SlbId": "lb-emu-internet-1"}
        account.call("CreateSlbAP", EnvId=env_id, ListenerPort=80, RealServerPort=8080, **given)
    else:
        account.deploy(env_id)
        account.wait(12 if content == "instances" else 0)
    text = account.error("DeleteAppEnvironment", AppId=app_id, EnvId=env_id, Force=False)
    assert content in text
    account.call("DeleteAppEnvironment", AppId=app_id, EnvId=env_id, Force=True)
    state = account.world.snapshot()
    for table in ("environments", "allocations", "instances", "services", "slb_access_points", "orders", "pods"):
        assert state[table] == [], table
    assert len(state["deploy_configs"]) == 1


def test_an_empty_environment_is_deleted_without_force() -> None:
    account = DirectAccount()
    app_id, _dummy, env_id = account.stack()
    account.call("DeleteAppEnvironment", AppId=app_id, EnvId=env_id)
    assert account.call("ListAppEnvironment", AppId=app_id) == []
    assert account.call("ListAppResourceAllocs") == []


def test_offline_removes_instances_and_baseline_and_keeps_the_record() -> None:
    account = DirectAccount()
    app_id, _dummy, env_id = account.stack()
    names = {"AppId": app_id, "EnvId": env_id}
    account.call(
        "CreatePersistentVolumeClaim", AccessModes="ReadWriteOnce", Capacity="1Gi", Name="c", StorageClass="s", **names
    )
    account.deploy(env_id)
    assert "unfinished deploy order 60001" in account.error("OfflineAppEnvironment", **names)
    account.wait(12)
    account.call("OfflineAppEnvironment", **names)
    assert account.call("ListAppInstance", **names) == []
    assert account.call("DescribeAppEnvDeployBaseline", **names) == names
    assert account.call("DescribeAppEnvironmentDetail", **names)["Replicas"] == 3
    assert account.call("DescribeAppResourceAlloc", AppEnvId=env_id)["ClusterId"] == ONLINE
    assert len(account.call("ListPersistentVolumeClaim", **names)) == 1
    account.call("OfflineAppEnvironment", DeletePvc=True, **names)
    assert account.call("ListPersistentVolumeClaim", **names) == []
    account.deploy(env_id)


def test_a_config_reads_back_as_plain_yaml() -> None:
    account = DirectAccount()
    app_id = account.app()
    secret = "kind: Secret\nmetadata: {name: s}"
    maps = [CONFIG_MAP % ("a", 1), CONFIG_MAP % ("b", 2)]
    schema_id = account.config(app_id, CodePath="/app", ConfigMapList=maps, SecretList=[secret])
    (shown,) = account.call("ListDeployConfig", AppId=app_id)
    assert shown == {
        "AppId": app_id,
        "Id": schema_id,
        "Name": "main",
        "EnvType": "online",
        "ContainerCodePath": {"CodePath": "/app"},
        "ContainerYamlConf": {"Deployment": workload(), "ConfigMapList": maps, "SecretList": [secret]},
    }


def test_config_filters() -> None:
    account = DirectAccount()
    app_id = account.app()
    first, second = account.config(app_id), account.config(app_id, Name="b", EnvType="test")
    for filters, expected in (({"Id": first}, [first]), ({"Name": "b"}, [second]), ({"EnvType": "test"}, [second])):
        assert [one["Id"] for one in account.call("ListDeployConfig", AppId=app_id, **filters)] == expected
    assert account.call("ListDeployConfig", AppId=account.app("other")) == []


@pytest.mark.parametrize(
    ("state_type", "fitting"), [(1, "Deployment"), (2, "StatefulSet"), (5, "CronJob"), (3, "none of them")]
)
@pytest.mark.parametrize("kind", ["Deployment", "StatefulSet", "CronJob"])
def test_the_workload_fits_the_state_type(state_type: int, fitting: str, kind: str) -> None:
    account = DirectAccount()
    app_id = account.app(StateType=state_type)
    given = {"AppId": app_id, "EnvType": "online", "Name": "n", kind: workload(kind)}
    bare = account.call("CreateDeployConfig", AppId=app_id, EnvType="online", Name="bare")["SchemaId"]
    if kind == fitting:
        schema_id = account.call("CreateDeployConfig", **given)["SchemaId"]
        account.call("UpdateDeployConfig", AppId=app_id, Id=schema_id, **{kind: workload(kind, "r/new:2")})
        (shown,) = account.call("ListDeployConfig", AppId=app_id, Id=schema_id)
        assert shown["ContainerYamlConf"][kind] == workload(kind, "r/new:2")
    else:
        assert f"{kind} does not fit the state type {state_type}" in account.error("CreateDeployConfig", **given)
        assert "does not fit" in account.error("UpdateDeployConfig", AppId=app_id, Id=bare, **{kind: workload(kind)})


def test_workloads_exclude_each_other() -> None:
    account = DirectAccount()
    given = {"AppId": account.app(), "EnvType": "online", "Name": "n"}
    both = {"Deployment": workload(), "StatefulSet": workload("StatefulSet")}
    assert account.error("CreateDeployConfig", **given, **both) == "Deployment and StatefulSet exclude each other."


@pytest.mark.parametrize(
    ("documents", "message"),
    [
        ({"Deployment": "kind: [Deployment"}, "Deployment is not valid YAML"),
        ({"Deployment": "just text"}, "Deployment must hold exactly one YAML mapping."),
        ({"Deployment": "kind: Deployment\n---\nkind: Deployment"}, "Deployment must hold exactly one YAML mapping."),
        ({"Deployment": "kind: Service"}, "Deployment must be of kind Deployment, not Service."),
        ({"Deployment": "when: 2020-13-45"}, "Deployment must be of kind Deployment, not None."),
        ({"Deployment": "a: &a [*a]"}, "Deployment is not valid YAML: anchor 'a' value contains itself."),
        ({"Deployment": "[" * 500 + "]" * 500}, "Deployment must hold exactly one YAML mapping."),
        ({"Deployment": "kind: Deployment"}, "Deployment is not valid: spec is required."),
        ({"ConfigMap": "kind: ConfigMap\ndata: {a: yes}"}, "ConfigMap is not valid: data.a is not a string."),
        ({"ConfigMap": "kind: Secret"}, "ConfigMap must be of kind ConfigMap, not Secret."),
        (
            {"ConfigMapList": [CONFIG_MAP % ("a", 1), "kind: Pod"]},
            "ConfigMapList.2 must be of kind ConfigMap, not Pod.",
        ),
        ({"ConfigMapList": [""]}, "ConfigMapList.1 must hold exactly one YAML mapping."),
        ({"SecretList": ["kind: ConfigMap"]}, "SecretList.1 must be of kind Secret, not ConfigMap."),
    ],
)
def test_documents_have_to_parse_and_be_of_the_right_kind(documents: dict[str, Any], message: str) -> None:
    account = DirectAccount()
    app_id = account.app()
    schema_id = account.config(app_id)
    assert account.error("CreateDeployConfig", AppId=app_id, EnvType="online", Name="n", **documents).startswith(
        message
    )
    assert account.error("UpdateDeployConfig", AppId=app_id, Id=schema_id, CodePath="/x", **documents).startswith(
        message
    )


def test_update_replaces_lists_and_merges_the_single_config_map() -> None:
    account = DirectAccount()
    app_id = account.app()
    old_a, new_a, b, c = (CONFIG_MAP % pair for pair in (("a", 1), ("a", 2), ("b", 3), ("c", 4)))
    secrets = ["kind: Secret\nmetadata: {name: s}"]
    schema_id = account.config(app_id, ConfigMapList=[old_a, b], SecretList=secrets, CodePath="/app")

    def conf() -> dict[str, Any]:
        (shown,) = account.call("ListDeployConfig", AppId=app_id, Id=schema_id)
        yaml_conf: dict[str, Any] = shown["ContainerYamlConf"]
        return yaml_conf

    account.call("UpdateDeployConfig", AppId=app_id, Id=schema_id, ConfigMap=new_a)
    assert (conf()["ConfigMapList"], conf()["ConfigMap"]) == ([new_a, b], new_a)
    account.call("UpdateDeployConfig", AppId=app_id, Id=schema_id, ConfigMap=c)
    assert conf()["ConfigMapList"] == [new_a, b, c]
    account.call("UpdateDeployConfig", AppId=app_id, Id=schema_id, ConfigMapList=[b])
    assert (conf()["ConfigMapList"], "ConfigMap" in conf()) == ([b], False)
    assert (conf()["SecretList"], conf()["Deployment"]) == (secrets, workload())


def test_code_path_is_left_alone_unless_sent_and_cleared_by_nothing() -> None:
    account = DirectAccount()
    app_id = account.app()
    schema_id = account.config(app_id, CodePath="/app")
    account.call("UpdateDeployConfig", AppId=app_id, Id=schema_id, Deployment=workload())
    assert account.call("ListDeployConfig", AppId=app_id)[0]["ContainerCodePath"] == {"CodePath": "/app"}
    account.call("UpdateDeployConfig", AppId=app_id, Id=schema_id, CodePath="")
    assert "ContainerCodePath" not in account.call("ListDeployConfig", AppId=app_id)[0]


def test_a_config_in_use_cannot_be_deleted() -> None:
    account = DirectAccount()
    app_id, schema_id, env_id = account.stack()
    assert f"is used by environment {env_id}" in account.error("DeleteDeployConfig", SchemaId=schema_id)
    account.call("DeleteAppEnvironment", AppId=app_id, EnvId=env_id)
    account.call("DeleteDeployConfig", SchemaId=schema_id)
    assert account.call("ListDeployConfig", AppId=app_id) == []
    assert account.error("DeleteDeployConfig", SchemaId=schema_id) == f"Deploy config {schema_id} does not exist."


def test_a_config_belongs_to_its_app() -> None:
    account = DirectAccount()
    app_id = account.app()
    schema_id = account.config(app_id)
    text = account.error("UpdateDeployConfig", AppId=account.app("other"), Id=schema_id, CodePath="/x")
    assert "does not belong to app" in text


def test_creating_with_a_cluster_allocates_unless_set_otherwise() -> None:
    account = DirectAccount()
    app_id, _dummy, env_id = account.stack()
    expected = {"Id": 80001, "AppId": app_id, "AppEnvId": env_id, "ClusterId": ONLINE}
    assert account.call("DescribeAppResourceAlloc", AppEnvId=env_id) == expected
    other = DirectAccount({"settings": {"create_environment_allocates": False}})
    _dummy, _dummy, env_id = other.stack()
    assert "has no resource allocation" in other.error("DescribeAppResourceAlloc", AppEnvId=env_id)
    other.deploy(env_id)


def test_one_allocation_per_environment() -> None:
    account = DirectAccount()
    app_id, schema_id, placed = account.stack()
    bare = account.environment(app_id, schema_id, ClusterId="", EnvName="bare")
    given = {"AppId": app_id, "AppEnvId": bare}
    assert "is of kind TEST" in account.error("CreateAppResourceAlloc", ClusterId=TEST, **given)
    assert "does not exist" in account.error("CreateAppResourceAlloc", ClusterId="c-x", **given)
    made = account.call("CreateAppResourceAlloc", ClusterId=ONLINE, **given)
    assert made == {"Id": 80002, "AppId": app_id, "AppEnvId": bare, "ClusterId": ONLINE}
    assert "has a resource allocation already" in account.error("CreateAppResourceAlloc", ClusterId=ONLINE, **given)
    assert [one["AppEnvId"] for one in account.call("ListAppResourceAllocs")] == [placed, bare]
    assert [one["AppEnvId"] for one in account.call("ListAppResourceAllocs", AppEnvId=bare)] == [bare]
    assert len(account.call("ListAppResourceAllocs", AppId=app_id, ClusterId=ONLINE)) == 2
    assert account.call("ListAppResourceAllocs", ClusterId=TEST) == []


def test_without_allocation_nothing_can_be_deployed() -> None:
    account = DirectAccount()
    app_id, _dummy, env_id = account.stack()
    account.call("DeleteAppResourceAlloc", AppEnvId=env_id)
    assert "has no resource allocation" in account.error("DeleteAppResourceAlloc", AppEnvId=env_id)
    assert "has no cluster" in account.error("DeployApp", EnvId=env_id, Name="n", TotalPartitions=1)
    account.call("CreateAppResourceAlloc", AppId=app_id, AppEnvId=env_id, ClusterId=ONLINE)
    account.deploy(env_id)
