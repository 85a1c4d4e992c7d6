# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A scenario that starts in the default world and calls every operation."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

from support.direct_account import MYSQL, ONLINE, START, TEST, workload

PAGE = {"PageNumber": 1, "PageSize": 10}
PAGE_NUM = {"PageNum": 1, "PageSize": 10}
APP, ENV = {"AppId": 10001}, {"AppId": 10001, "EnvId": 20001}
JOB = {"AppId": 10002, "EnvId": 20002}
GROUP = {"BizCode": "JST", "Name": "g"}
LABEL = {"ClusterId": TEST, "LabelKey": "label.jst.com/kind", "LabelValue": "web"}
ACCOUNT = {"DbInstanceId": MYSQL, "AccountName": "shop"}
PORT = {"Protocol": "TCP", "TargetPort": "8080", "Port": 80, "Name": "http"}
MAPPING = {f"PortMappings.1.{name}": value for name, value in PORT.items()}
SPAN = {"StartTime": int(START * 1000), "EndTime": int(START * 1000) + 60_000}
EVER = {"StartTime": 0, "EndTime": 4_000_000_000_000}
STORAGE = {"Name": "data", "Capacity": "1Gi", "AccessModes": "ReadWriteOnce", "StorageClass": "nas"}

Step = tuple[str, dict[str, Any]] | float


def encoded(text: str) -> str:
    """Return *text* in base64, as the API expects YAML."""
    return base64.b64encode(text.encode()).decode()


def app(title: str, **more: Any) -> dict[str, Any]:
    """Return parameters of CreateApp."""
    role = {"UserRoles.1.RoleName": "Owner", "UserRoles.1.UserId": "1001", "UserRoles.1.UserType": "TAOBAO"}
    given = {"Title": title, "BizCode": "JST", "Language": "Java", "OperatingSystem": "Linux", **role, **more}
    return {**given, "ServiceType": "GeneralApplication"}


def environment(app_id: int, schema_id: int, **more: Any) -> dict[str, Any]:
    """Return parameters of CreateEnvironment."""
    given = {"AppId": app_id, "AppSchemaId": schema_id, "EnvName": "production", "EnvType": 1, "Replicas": 2}
    return {**given, "Region": "cn-zhangjiakou", **more}


def bring_up() -> Iterator[Step]:
    """Yield calls that create objects, and seconds to wait."""
    yield "ListUsers", PAGE
    yield "CreateAppGroup", GROUP
    yield "CreateApp", app("shop", GroupName="g")
    yield "CreateApp", app("job", StateType=5)
    yield "BindGroup", {"AppId": 10002, **GROUP}
    config = {"EnvType": "online", "Name": "main"}
    maps = {"ConfigMapList.1": encoded("kind: ConfigMap"), "SecretList.1": encoded("kind: Secret")}
    yield "CreateDeployConfig", {**APP, **config, **maps, "Deployment": encoded(workload()), "CodePath": "/app"}
    job = encoded(workload("CronJob", schedule="* * * * *"))
    yield "CreateDeployConfig", {"AppId": 10002, **config, "CronJob": job}
    yield "UpdateDeployConfig", {**APP, "Id": 30001, "CodePath": "/code"}
    yield "CreateEnvironment", environment(10001, 30001, ClusterId=ONLINE)
    yield "CreateEnvironment", environment(10002, 30002)
    yield "CreateAppResourceAlloc", {"AppId": 10002, "AppEnvId": 20002, "ClusterId": ONLINE}
    yield "UpdateEnvironment", {**APP, "AppEnvId": 20001, "Replicas": 3}
    yield "UpdateApp", {"AppId": 10001, **{key: value for key, value in app("").items() if key.startswith("UserRoles")}}
    slb = {"SlbId": "lb-emu-internet-1", "ListenerPort": 80, "RealServerPort": 8080, "Protocol": "HTTP"}
    yield "CreateSlbAP", {"EnvId": 20001, "Name": "web", **slb}
    yield "ModifySlbAP", {"SlbAPId": 40001, "StickySession": 1}
    yield "CreateService", {"EnvId": 20001, "Name": "Web", "ServiceType": "ClusterIP", "K8sServiceId": "web", **MAPPING}
    yield "ModifyService", {"ServiceId": 50001, "Name": "New"}
    volume = {"ReclaimPolicy": "Retain", "NFSVersion": "4.0", **STORAGE}
    domain = "emu-1.cn-zhangjiakou.nas.aliyuncs.com"
    yield "CreatePersistentVolume", {"ClusterInstanceId": ONLINE, "MountTargetDomain": domain, **volume}
    yield "CreatePersistentVolumeClaim", {**ENV, **STORAGE}
    yield "CreateDb", {"DbInstanceId": MYSQL, "DbName": "shop", "CharacterSetName": "utf8mb4"}
    yield "CreateAccount", {**ACCOUNT, "AccountPassword": "Secret-1234"}
    yield 5
    yield "ResetAccountPassword", {**ACCOUNT, "AccountPassword": "Secret-5678"}
    yield "GrantDbToAccount", {**ACCOUNT, "DbName": "shop", "AccountPrivilege": "ReadWrite"}
    networks = {"PodCIDR": "10.1.0.0/16", "ServiceCIDR": "10.2.0.0/20", "VpcId": "vpc-emu-1", "KeyPair": "k"}
    kind = {"BusinessCode": "JST", "ClusterEnvType": "TEST", "ClusterTitle": "new", "ClusterType": "Standard"}
    yield "CreateCluster", {**kind, **networks, "RegionId": "cn-zhangjiakou", "Vswitchids.1": "vsw-emu-1"}
    yield "AddClusterNode", {"ClusterInstanceId": TEST, "EcsInstanceIdList.1": "i-emu-spare-1"}
    yield "CreateNodeLabel", LABEL
    yield "BindNodeLabel", {**LABEL, "InstanceId": "i-emu-node-4"}
    deployment = {"EnvId": 20001, "Name": "first", "TotalPartitions": 2, "PauseType": "first"}
    yield "DeployApp", {**deployment, "DeployPacketId": 2001, "ContainerImageList.1": "r/shop:1"}
    yield "DeployApp", {"EnvId": 20002, "Name": "job", "TotalPartitions": 1}
    yield 12
    yield "ResumeDeploy", {"DeployOrderId": 60001}
    yield 100


def read_all(pod: str, job_pod: str) -> Iterator[Step]:
    """Yield calls that read all objects."""
    yield "ListApp", {}
    yield "DescribeAppDetail", APP
    yield "ListAppGroup", {"BizCode": "JST", **PAGE}
    yield "ListAppGroupMapping", {**GROUP, **PAGE}
    yield "ListDeployConfig", APP
    yield "ListAppEnvironment", {**APP, **PAGE}
    yield "DescribeAppEnvironmentDetail", ENV
    yield "DescribeAppEnvDeployBaseline", ENV
    yield "ListAppResourceAllocs", PAGE
    yield "DescribeAppResourceAlloc", {"AppEnvId": 20002}
    yield "DescribeSlbAPDetail", {"SlbAPId": 40001}
    yield "ListSlbAPs", {**APP, **PAGE}
    yield "DescribeServiceDetail", {"ServiceId": 50001}
    yield "ListServices", {**APP, **PAGE}
    yield "ListPersistentVolume", {"ClusterInstanceId": ONLINE, **PAGE}
    yield "ListPersistentVolumeClaim", {**ENV, **PAGE}
    yield "DescribeDatabases", {"InstanceId": MYSQL}
    yield "DescribeRdsAccounts", {"DbInstanceId": MYSQL}
    yield "GetRdsBackUp", {"DbInstanceId": MYSQL}
    yield "ListCluster", {}
    yield "QueryClusterDetail", {"ClusterInstanceId": ONLINE}
    yield "ListClusterNode", {"ClusterInstanceId": TEST}
    yield "ListAvailableClusterNode", {"ClusterInstanceId": TEST}
    yield "ListNodeLabels", {"ClusterId": TEST, **PAGE}
    yield "ListNodeLabelBindings", {"ClusterId": TEST, **PAGE}
    yield "ListDeployOrders", {"EnvId": 20001, **PAGE}
    yield "DescribeDeployOrderDetail", {"DeployOrderId": 60001}
    yield "ListPods", {"DeployOrderId": 60001, **PAGE}
    yield "DescribePodLog", {"DeployOrderId": 60001, "AppInstId": pod}
    yield "DescribePodEvents", {"DeployOrderId": 60001, "AppInstId": pod}
    yield "ListAppInstance", {**ENV, **PAGE}
    yield "DescribePodContainerLogList", {**ENV, "PodName": pod, "Line": 10}
    yield "DescribeEventMonitorList", {**ENV, "PodName": pod, **EVER, **PAGE_NUM}
    metric = {"Metric": "pod.cpu.usage_rate", "Type": "instance", "PodName": pod, "DeployOrderId": "60001"}
    yield "DescribeAppMonitorMetric", {**ENV, **metric, **SPAN}
    yield "ListJobHistories", {**JOB, "Status": "ALL", **PAGE}
    yield "DescribeJobLog", {**JOB, "PodName": job_pod}


def tear_down(pod: str) -> Iterator[Step]:
    """Yield calls that change and delete the objects in reverse order, and seconds to wait."""
    yield "RebuildAppInstance", {**ENV, "AppInstanceId": pod}
    yield "ScaleApp", {"EnvId": 20001, "Replicas": 1}
    yield 3
    yield "CloseDeployOrder", {"DeployOrderId": 60003}
    yield "UnbindNodeLabel", {**LABEL, "InstanceId": "i-emu-node-4"}
    yield "DeleteNodeLabel", {**LABEL, "Force": "false"}
    yield "RemoveClusterNode", {"ClusterInstanceId": TEST, "EcsInstanceIdList.1": "i-emu-node-5"}
    yield "DeleteDatabase", {"DBInstanceId": MYSQL, "DBName": "shop"}
    yield "DeleteRdsAccount", ACCOUNT
    yield "DeletePersistentVolumeClaim", {**ENV, "PersistentVolumeClaimName": "data"}
    yield "DeletePersistentVolume", {"ClusterInstanceId": ONLINE, "PersistentVolumeName": "data"}
    yield "DeleteSlbAP", {"SlbAPId": 40001}
    yield "DeleteService", {"ServiceId": 50001}
    yield "OfflineAppEnvironment", ENV
    yield "DeleteAppEnvironment", {**ENV, "Force": "false"}
    yield "DeleteAppResourceAlloc", {"AppEnvId": 20002}
    yield "DeleteDeployConfig", {"SchemaId": 30001}
    yield "UnbindGroup", {"AppId": 10001, **GROUP}
    yield "DeleteAppDetail", {"AppId": 10001}
    yield "DeleteAppDetail", {"AppId": 10002, "Force": "true"}
    yield "DeleteAppGroup", {"GroupId": 70001, "Force": "false"}
    yield "DeleteCluster", {"ClusterInstanceId": TEST}
    yield 300
