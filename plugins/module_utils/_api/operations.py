# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The catalogue of the 82 documented operations of retailcloud 2018-03-13: parameters, HTTP method and transport.

Names, order and members of parameters are those of the reference, followed by a few that only the vendor's SDK has.
The reference documents neither HTTP methods nor the place of parameters. Both are taken from the SDK
(alibabacloud_retailcloud20180313 2.0.24).
"""

from __future__ import annotations

from typing import Iterable, Iterator, Mapping, NamedTuple, Optional, Tuple

from .errors import ConfigError
from .hints import did_you_mean

VERSION = "2018-03-13"

_READ_PREFIXES = ("Describe", "Get", "List", "Query")
_PAGE_PARAMETERS = ("PageNumber", "PageNum")

SECRET_PARAMETERS = frozenset(["AccountPassword", "Password", "SecretList"])
"""Parameters whose values must not be in any message."""


class Operation(NamedTuple):
    """One operation of the API.

    name: the action.
    method: ``GET`` or ``POST``. It does not distinguish reads from writes: DeleteAppDetail is a GET.
    is_read: whether the operation changes nothing, by its name.
    parameters: names of the top-level parameters.
    lists: the list parameters, each with the names of its members (none for a list of plain values).
    body: the parameters in the form body. All others are in the query.
    page_parameter: the name of the page number, None without pages.
    records_at: snake_case key of the records in the payload, None when the payload is the list itself.
    """

    name: str
    method: str
    is_read: bool
    parameters: tuple[str, ...]
    lists: Mapping[str, tuple[str, ...]]
    body: frozenset[str]
    page_parameter: str | None
    records_at: str | None


_Entry = Tuple[str, str, str, Optional[str], Optional[str]]


def _op_get(name: str, spec: str, records_at: str | None = None) -> _Entry:
    """GET, all parameters in the query."""
    return name, spec, "GET", "", records_at


def _op_query(name: str, spec: str) -> _Entry:
    """POST, all parameters in the query."""
    return name, spec, "POST", "", None


def _op_form(name: str, spec: str, records_at: str | None = None) -> _Entry:
    """POST, all parameters in the form body."""
    return name, spec, "POST", None, records_at


def _op_mixed(name: str, spec: str, body: str) -> _Entry:
    """POST, the parameters in ``body`` in the form body, all others in the query."""
    return name, spec, "POST", body, None


# In a spec ``A`` is a single value, ``A[]`` a list and ``A[B,C]`` a list of objects.
_CATALOGUE = (
    # apps: reference 1.1
    _op_form(
        "CreateApp",
        "BizCode Language OperatingSystem ServiceType Title UserRoles[RoleName,UserId,UserType] BizTitle "
        "Description StateType Namespace GroupName MiddleWareIdList[]",
    ),
    _op_form(
        "UpdateApp",
        "AppId UserRoles[RoleName,UserId,UserType] BizTitle Description Language OperatingSystem ServiceType "
        "MiddleWareIdList[]",
    ),
    _op_get("ListApp", "PageNumber PageSize"),
    _op_get("DeleteAppDetail", "AppId Force"),
    _op_query("DescribeAppDetail", "AppId"),
    # environments: reference 1.2
    _op_query("CreateEnvironment", "AppId AppSchemaId EnvName EnvType Region Replicas ClusterId"),
    _op_query("UpdateEnvironment", "AppEnvId AppId AppSchemaId Replicas"),
    _op_get("ListAppEnvironment", "AppId PageNumber PageSize EnvType EnvName"),
    _op_get("DescribeAppEnvironmentDetail", "AppId EnvId"),
    _op_query("DeleteAppEnvironment", "AppId EnvId Force"),
    _op_query("OfflineAppEnvironment", "AppId EnvId DeletePvc"),
    _op_query("DescribeAppEnvDeployBaseline", "AppId EnvId"),
    # deploy configurations: reference 1.3
    _op_query(
        "CreateDeployConfig",
        "AppId EnvType Name CodePath ConfigMap Deployment StatefulSet ConfigMapList[] CronJob SecretList[]",
    ),
    _op_query("ListDeployConfig", "AppId EnvType Id Name"),
    _op_query("DeleteDeployConfig", "SchemaId"),
    _op_query(
        "UpdateDeployConfig",
        "AppId CodePath Id ConfigMap StatefulSet Deployment ConfigMapList[] SecretList[] CronJob",
    ),
    # app instances: reference 1.4
    _op_form("ListAppInstance", "AppId EnvId PageNumber PageSize"),
    _op_query("RebuildAppInstance", "AppId AppInstanceId EnvId"),
    # persistent volume claims: reference 1.5
    _op_query("CreatePersistentVolumeClaim", "AccessModes AppId Capacity EnvId Name StorageClass"),
    _op_query("DeletePersistentVolumeClaim", "AppId EnvId PersistentVolumeClaimName"),
    _op_query("ListPersistentVolumeClaim", "AppId EnvId PageNumber PageSize"),
    # app groups: reference 1.6
    _op_form("CreateAppGroup", "BizCode Name"),
    _op_query("ListAppGroup", "BizCode PageNumber PageSize"),
    _op_query("BindGroup", "AppId BizCode Name"),
    _op_query("UnbindGroup", "AppId BizCode Name"),
    _op_query("ListAppGroupMapping", "BizCode Name PageNumber PageSize"),
    _op_query("DeleteAppGroup", "Force GroupId"),
    # users: reference 2
    _op_get("ListUsers", "PageNumber PageSize"),
    # SLB access points: reference 3.1
    _op_query(
        "CreateSlbAP",
        "EnvId Name SlbId ListenerPort RealServerPort Protocol EstablishedTimeout StickySession SslCertId "
        "CookieTimeout",
    ),
    _op_query("ModifySlbAP", "SlbAPId Name RealServerPort EstablishedTimeout StickySession SslCertId CookieTimeout"),
    _op_query("DeleteSlbAP", "SlbAPId"),
    _op_query("DescribeSlbAPDetail", "SlbAPId"),
    _op_mixed(
        "ListSlbAPs", "AppId PageNumber PageSize EnvId Name NetworkMode ProtocolList[] SlbId", body="ProtocolList"
    ),
    # services: reference 3.2
    _op_mixed(
        "ModifyService", "ServiceId Name PortMappings[Protocol,TargetPort,Port,Name,NodePort]", body="PortMappings"
    ),
    _op_query("DeleteService", "ServiceId"),
    _op_query("ListServices", "AppId PageNumber PageSize EnvId Name ServiceType"),
    _op_query("DescribeServiceDetail", "ServiceId"),
    _op_mixed(
        "CreateService",
        "EnvId Name ServiceType K8sServiceId PortMappings[Protocol,TargetPort,Port,Name,NodePort] Headless",
        body="PortMappings",
    ),
    # jobs: reference 3.3
    _op_get("ListJobHistories", "AppId EnvId PageNumber PageSize Status"),
    _op_get("DescribeJobLog", "AppId EnvId PodName"),
    # monitoring: reference 4
    _op_query("DescribePodContainerLogList", "AppId EnvId Line PodName"),
    _op_query(
        "DescribeEventMonitorList", "AppId EndTime EnvId EventLevel EventType PageNum PageSize PodName StartTime"
    ),
    _op_query("DescribeAppMonitorMetric", "AppId DeployOrderId EndTime EnvId Metric PodName StartTime Type"),
    # deploy orders: reference 5.1
    _op_query(
        "DeployApp",
        "EnvId Name TotalPartitions DeployPacketUrl DeployPacketId Description PauseType ArmsFlag "
        "UpdateStrategyType ContainerImageList[] InitContainerImageList[] DefaultPacketOfAppGroup",
    ),
    _op_mixed(
        "ListDeployOrders",
        "PageNumber PageSize AppId EnvId EnvType DeployType PauseType DeployCategory PartitionType "
        "EndTimeLessThan EndTimeLessThanOrEqualTo EndTimeGreaterThan EndTimeGreaterThanOrEqualTo "
        "StartTimeGreaterThan StartTimeGreaterThanOrEqualTo StartTimeLessThan StartTimeLessThanOrEqualTo Status "
        "ResultList[] StatusList[]",
        body="ResultList StatusList",
    ),
    _op_query("ScaleApp", "EnvId Replicas TotalPartitions"),
    _op_query("DescribeDeployOrderDetail", "DeployOrderId"),
    _op_query("ResumeDeploy", "DeployOrderId"),
    _op_query("CloseDeployOrder", "DeployOrderId"),
    # pods: reference 5.2
    _op_mixed("ListPods", "DeployOrderId PageNumber PageSize ResultList[] StatusList[]", body="ResultList StatusList"),
    _op_form("DescribePodLog", "AppInstId DeployOrderId"),
    _op_query("DescribePodEvents", "AppInstId DeployOrderId"),
    # persistent volumes: reference 6.1
    _op_form(
        "CreatePersistentVolume",
        "AccessModes Capacity ClusterInstanceId MountTargetDomain Name NFSVersion ReclaimPolicy StorageClass "
        "MountDir NasType",
    ),
    _op_form("ListPersistentVolume", "ClusterInstanceId PageNumber PageSize"),
    _op_form("DeletePersistentVolume", "ClusterInstanceId PersistentVolumeName"),
    # node labels: reference 6.2
    _op_query("CreateNodeLabel", "ClusterId LabelKey LabelValue"),
    _op_query("ListNodeLabels", "ClusterId PageNumber PageSize LabelKey"),
    _op_query("DeleteNodeLabel", "ClusterId Force LabelKey LabelValue"),
    _op_query("BindNodeLabel", "ClusterId InstanceId LabelKey LabelValue"),
    _op_query("UnbindNodeLabel", "ClusterId InstanceId LabelKey LabelValue"),
    _op_get("ListNodeLabelBindings", "ClusterId InstanceId LabelKey LabelValue PageNumber PageSize"),
    # resource allocations: reference 6.3
    _op_query("CreateAppResourceAlloc", "AppEnvId AppId ClusterId"),
    _op_get("ListAppResourceAllocs", "PageNumber PageSize AppEnvId AppId ClusterId"),
    _op_query("DeleteAppResourceAlloc", "AppEnvId"),
    _op_get("DescribeAppResourceAlloc", "AppEnvId"),
    # clusters: reference 6.4
    _op_get("ListCluster", "BusinessCode EnvType PageNum PageSize"),
    _op_query("DeleteCluster", "ClusterInstanceId"),
    _op_get("ListClusterNode", "ClusterInstanceId PageNum PageSize"),
    _op_get("QueryClusterDetail", "ClusterInstanceId"),
    _op_query("AddClusterNode", "ClusterInstanceId EcsInstanceIdList[]"),
    _op_query("RemoveClusterNode", "ClusterInstanceId EcsInstanceIdList[]"),
    _op_query(
        "CreateCluster",
        "BusinessCode ClusterEnvType ClusterTitle ClusterType RegionId VpcId Vswitchids[] CloudMonitorFlags "
        "ClusterId CreateWithArmsIntegration CreateWithLogIntegration KeyPair NetPlug Password PodCIDR "
        "PrivateZone PublicSlb RegionName ServiceCIDR SnatEntry",
    ),
    _op_get("ListAvailableClusterNode", "ClusterInstanceId PageNum PageSize"),
    # RDS: reference 7
    _op_get("DescribeDatabases", "InstanceId", records_at="databases"),
    _op_form("DeleteRdsAccount", "AccountName DbInstanceId"),
    _op_get("DescribeRdsAccounts", "DbInstanceId AccountName", records_at="accounts"),
    _op_form("GrantDbToAccount", "AccountName AccountPrivilege DbInstanceId DbName"),
    _op_form("CreateDb", "CharacterSetName DbInstanceId DbName DbDescription"),
    _op_form("DeleteDatabase", "DBInstanceId DBName"),
    _op_form("GetRdsBackUp", "DbInstanceId BackupId BackupType PageNumber PageSize", records_at="items"),
    _op_form("CreateAccount", "AccountName AccountPassword DbInstanceId AccountType"),
    _op_form("ResetAccountPassword", "AccountName AccountPassword DbInstanceId"),
)


class _Catalogue(Mapping[str, Operation]):
    """Operations by name. Each is parsed on first use, since a task uses only a few."""

    def __init__(self, entries: Iterable[_Entry]) -> None:
        self._entries = {entry[0]: entry for entry in entries}
        self._parsed: dict[str, Operation] = {}

    def __getitem__(self, name: str) -> Operation:
        if name not in self._parsed:
            self._parsed[name] = _parse_spec(*self._entries[name])
        return self._parsed[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)


def _parse_spec(name: str, spec: str, method: str, body: str | None, records_at: str | None) -> Operation:
    names: list[str] = []
    lists: dict[str, tuple[str, ...]] = {}
    for parameter in spec.split():
        top, bracket, members = parameter.rstrip("]").partition("[")
        names.append(top)
        if bracket:
            lists[top] = tuple(members.split(",")) if members else ()
    return Operation(
        name=name,
        method=method,
        is_read=name.startswith(_READ_PREFIXES),
        parameters=tuple(names),
        lists=lists,
        body=frozenset(names if body is None else body.split()),
        page_parameter=next((page for page in _PAGE_PARAMETERS if page in names), None),
        records_at=records_at,
    )


OPERATIONS: Mapping[str, Operation] = _Catalogue(_CATALOGUE)


def get_operation(name: str) -> Operation:
    """Return the operation of a name.

    :raises ConfigError: for an unknown name, with similar names.
    """
    try:
        return OPERATIONS[name]
    except KeyError:
        message = f"retailcloud {VERSION} has no documented operation {name!r}"
        raise ConfigError(message, did_you_mean(name, OPERATIONS)) from None
