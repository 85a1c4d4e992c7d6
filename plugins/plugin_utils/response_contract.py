# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The documented responses of the operations that read: members, types, enumerations, and the form of the samples.

The tables and samples are those of the reference of version 2018-03-13. Members that only the vendor's SDK has are
optional.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

INTEGERS = ("Integer", "Long")
NUMBERS = (*INTEGERS, "Number")

SAMPLES_WITH_WRAPPER = frozenset(["DescribeAppResourceAlloc", "ListAppResourceAllocs", "ListNodeLabels"])
"""Operations whose samples wrap the response in an object named after the operation."""

SAMPLES_WITH_SMALL_LETTERS = frozenset(["DescribeDatabases", "DescribeRdsAccounts", "GetRdsBackUp"])
"""Operations whose samples have keys that begin with a small letter."""

SAMPLES_WITH_TEXT_NUMBERS = frozenset(
    ["DescribeJobLog", "ListAppGroup", "ListAppGroupMapping", "ListAppInstance", "ListJobHistories"]
)
"""Operations whose samples show numbers and booleans as texts."""

SAMPLES_WITHOUT_BODY = frozenset(["DescribeAppEnvDeployBaseline"])
"""Operations whose samples show a status line only."""

CODE_200 = frozenset(
    ["DescribeAppEnvDeployBaseline", "DescribeAppMonitorMetric", "DescribePodContainerLogList", "ListUsers"]
)
"""Operations whose tables show 200 as the code of a success."""

TEXTS_WITH_NUMBERS: Mapping[str, tuple[str, ...]] = {
    "DescribeDeployOrderDetail": ("Result.FailureRate",),
    "ListCluster": ("Data.EnvType", "Data.WorkLoadCpu", "Data.WorkLoadMem"),
    "QueryClusterDetail": ("Result.WorkLoad.",),
}
"""Members of type String for which samples show numbers, or the beginning of their names, by operation."""

LISTS_AS_TEXTS = frozenset(["Data.PodList"])
"""Lists that a sample shows as a text."""

SPLIT_RECORDS = frozenset(["ListJobHistories"])
"""Lists in whose samples two elements hold one record."""

SAMPLES_WITH_COUNT_ZERO = frozenset(["ListPods"])
"""Lists in whose samples TotalCount is 0, though there are records."""

MESSAGE_KEYS = ("errmsg", "errormsg", "errmessage")

# A member is a name, followed by `?` when a response or record may lack it, `*` for a list, and its type: `:Long` and
# so on for numbers and booleans, `(...)` for an object with members, `=a|b` for an enumeration, none for a text.
_RESPONSES = {
    "ListApp": (
        "ErrorMsg TotalCount:Integer Data*(AppId:Long Title Description Language OperatingSystem BizName "
        "ServiceType=GeneralApplication|StoreApplication|TaoHuDongApplication "
        "DeployType=VMDeployment|ContainerDeployment BizTitle AppStateType=stateless|stateful "
        "MiddleWareList?*(AppId?:Long Code?:Integer Name?))"
    ),
    "DescribeAppDetail": (
        "ErrMessage Result(ServiceType=GeneralApplication|StoreApplication|TaoHuDongApplication BizTitle "
        "BizName AppId:Long Language=Java|PHP|C#|Python Title OperatingSystem=Linux|Windows "
        "DeployType=VMDeployment|ContainerDeployment Description AppStateType=stateless|stateful "
        "UserRoles?*(UserId UserType=DING_TALK|TAOBAO RealName RoleName=Owner|PE|Dev|Test) "
        "MiddleWareInfoList?*(AppId?:Long Code?:Integer Name?))"
    ),
    "ListAppEnvironment": (
        "Data*(AppId:Long AppSchemaId:Long EnvId:Long EnvName EnvType:Integer=0|1 EnvTypeName Region) "
        "ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long"
    ),
    "DescribeAppEnvironmentDetail": (
        "ErrMsg Result(AppId:Long AppSchemaId:Long EnvId:Long EnvName EnvType:Integer=0|1 EnvTypeName Region "
        "Replicas:Integer)"
    ),
    "DescribeAppEnvDeployBaseline": (
        "ErrMsg Success:Boolean Result(AppId:Long EnvId:Long CreateTime? SchemaId?:Long PacketId?:Long "
        "PacketUrl? PacketComment?)"
    ),
    "ListDeployConfig": (
        "Data*(AppId:Long ContainerCodePath?(CodePath) ContainerYamlConf(ConfigMap? ConfigMapList?* CronJob? "
        "Deployment? SecretList?* StatefulSet?) EnvType=test|online Id:Long Name ContainerResourceLimit?(Cpu? "
        "Gpu? Memory? Storage?) ContainerResourceRequest?(Cpu? Gpu? Memory? Storage?)) ErrorMsg "
        "PageNumber:Integer PageSize:Integer TotalCount:Long"
    ),
    "ListAppInstance": (
        "TotalCount:Long ErrMsg PageNumber:Integer PageSize:Integer Data*(AppInstanceId CreateTime "
        "Health=RUNNING|ABNORMAL HostIp? Limits? PodIp? Requests? RestartCount:Integer Spec? "
        "Status=Normal|Starting|ToBeSchedule|Pending|Offlining|Failed|Unknown|Stopped Version?)"
    ),
    "ListPersistentVolumeClaim": (
        "PageNumber:Integer PageSize:Integer TotalCount:Long ErrorMsg Data*(Name Capacity "
        "AccessModes=ReadWriteMany|ReadWriteOnce Status StorageClass VolumeName? CreateTime)"
    ),
    "ListAppGroup": "Data*(BizName Id:Long Name) ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long",
    "ListAppGroupMapping": (
        "Data*(AppId:Long GroupId:Long Id:Long Name) ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long"
    ),
    "ListUsers": (
        "ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long Data*(UserId UserType=DING_TALK|TAOBAO RealName)"
    ),
    "DescribeSlbAPDetail": (
        "ErrMsg Success:Boolean Result(AppId:Long CookieTimeout?:Integer EnvId:Long "
        "EstablishedTimeout?:Integer ListenerPort:Integer Name NetworkMode=internet|intranet "
        "Protocol=TCP|UDP|HTTP|HTTPS RealServerPort:Integer SlbAPId:Long SlbId SlbIp SslCertId? "
        "StickySession?:Integer=0|1)"
    ),
    "ListSlbAPs": (
        "ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long Data*(AppId:Long CookieTimeout?:Integer "
        "EnvId:Long EstablishedTimeout?:Integer ListenerPort:Integer Name NetworkMode=internet|intranet "
        "Protocol=TCP|UDP|HTTP|HTTPS RealServerPort:Integer SlbAPId:Long SlbId SlbIp SslCertId? "
        "StickySession?:Integer=0|1)"
    ),
    "ListServices": (
        "ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long Data*(AppId:Long EnvId:Long "
        "Headless?:Boolean K8sServiceId Name ServiceId:Long ServiceType=ClusterIP|NodePort PortMappings*(Name "
        "NodePort?:Integer Port:Integer Protocol=TCP|UDP TargetPort) ClusterIP?)"
    ),
    "DescribeServiceDetail": (
        "ErrMsg Success:Boolean Result(AppId:Long EnvId:Long Headless?:Boolean K8sServiceId Name "
        "ServiceId:Long ServiceType=ClusterIP|NodePort PortMappings*(Name NodePort?:Integer Port:Integer "
        "Protocol=TCP|UDP TargetPort) ClusterIP?)"
    ),
    "ListJobHistories": (
        "Data*(ActiveDeadlineSeconds?:Integer BackoffLimit?:Integer CompletionTime? Completions?:Integer "
        "Failed?:Integer Message? Name? Parallelism?:Integer PodList?* StartTime? Succeeded?:Integer) "
        "ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long"
    ),
    "DescribeJobLog": (
        "ErrMsg Result(AppId:Long EnvId:Long Events*(Action? Count:Integer EventTime FirstTimestamp "
        "LastTimestamp Mesage Reason Type) JobLog PodName)"
    ),
    "DescribePodContainerLogList": "ErrMsg Result(ContainerLogList*(ContainerName Content PodName)) Success:Boolean",
    "DescribeEventMonitorList": (
        "Data*(Count:Integer EventTime HostName? Kind=Pod|Node Level=Normal|Warning|Error Message NameSpace "
        "PodName Reason) ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long"
    ),
    "DescribeAppMonitorMetric": "ErrMsg Result*(Categories* Data*:Number Name) Success:Boolean",
    "ListDeployOrders": (
        "ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long Data*(AppInstanceType "
        "CurrentPartitionNum?:Integer DeployOrderId:Long DeployPauseType=first|each|none DeployPauseTypeName "
        "DeployType DeployTypeName Description? ElapsedTime:Integer EndTime? EnvId:Long EnvType=test|online "
        "FailureRate? FinishAppInstanceCt?:Integer Name PartitionType PartitionTypeName "
        "Result:Integer=0|1|2|4 ResultName SchemaId?:Long StartTime Status:Integer=1|2|3 StatusName "
        "TotalAppInstanceCt?:Integer TotalPartitions:Integer UserId UserNick)"
    ),
    "DescribeDeployOrderDetail": (
        "ErrMsg Result(AppInstanceType CurrentPartitionNum:Integer DeployOrderId:Long "
        "DeployPauseType=first|each|none DeployPauseTypeName DeployType DeployTypeName Description? "
        "ElapsedTime:Integer EndTime? EnvId:Long EnvType=test|online FailureRate FinishAppInstanceCt:Integer "
        "Name PartitionType PartitionTypeName Result:Integer=0|1 ResultName SchemaId:Long StartTime "
        "Status:Integer=0|1|2|3 StatusName TotalAppInstanceCt:Integer TotalPartitions:Integer UserId "
        "UserNick) Success:Boolean"
    ),
    "ListPods": (
        "ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long Data*(AppInstanceId? DeployOrderId:Long "
        "DeployPartitionNum?:Integer GroupName HostIp? HostName? PodIp? Region? Result:Integer=0|1|2|4 "
        "ResultName StartTime? Status:Integer=1|2|3 StatusName UpdateTime "
        "DeploySteps*(Status=PROCESSING|SUCCESS|FAIL "
        "StepCode=StartAppInstance|StopAppInstance|DeleteAppInstance StepName))"
    ),
    "DescribePodLog": (
        "ErrMsg Success:Boolean Result(DeployOrderName EnvTypeName DeployStepList*(StepName "
        "StepCode=StartAppInstance|StopAppInstance|DeleteAppInstance StepLog Status=PROCESSING|SUCCESS|FAIL))"
    ),
    "DescribePodEvents": (
        "ErrMsg Result(DeployOrderName PodEvents*(Action? Count:Integer EventTime FirstTimestamp "
        "LastTimestamp Message Reason Type)) Success:Boolean"
    ),
    "ListPersistentVolume": (
        "PageSize:Integer PageNumber:Integer TotalCount:Long ErrMsg Data*(Name Capacity "
        "AccessModes=ReadWriteMany|ReadWriteOnce ReclaimPolicy=Retain|Delete "
        "Status=Available|Bound|Released|Failed PvcName? MountDir? StorageClass Reason? CreateTime)"
    ),
    "ListNodeLabels": (
        "ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long Data*(ClusterId Id:Long LabelKey LabelValue)"
    ),
    "ListNodeLabelBindings": (
        "ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long Data*(Id:Long InstanceId InstanceType "
        "LabelKey LabelValue)"
    ),
    "ListAppResourceAllocs": (
        "ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long Data*(AppEnvId:Long AppId:Long "
        "ClusterId Id:Long ResourceDef?)"
    ),
    "DescribeAppResourceAlloc": (
        "ErrMsg Success:Boolean Result(AppEnvId:Long AppId:Long ClusterId Id:Long ResourceDef?)"
    ),
    "ListCluster": (
        "ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long "
        "Data*(BusinessCode=JST|NEW_RETAIL|MINI_APP|SUPPLY|MESSAGE ClusterTitle CreateStatus? EnvType Id:Long "
        "InstanceId KeyPair NetPlug Password? PodCIDR RegionId RegionName ServiceCIDR Status VpcId "
        "WorkLoadCpu WorkLoadMem EcsIds* VswitchIds*)"
    ),
    "ListClusterNode": (
        "ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long Data*(OSName? "
        "BusinessCode=JST|NEW_RETAIL|MINI_APP|SUPPLY|MESSAGE EcsConfiguration EcsCpu EcsEip? EcsExpiredTime "
        "EcsLocalStorageCapacity? EcsMemory EcsOsType EcsPrivateIp EcsPublicIp? EcsZone InstanceId "
        "InstanceName InstanceNetworkType InstanceType InternetMaxBandwidthIn InternetMaxBandwidthOut "
        "RegionId VpcId)"
    ),
    "QueryClusterDetail": (
        "ErrMsg Success:Boolean Result(NodeWorkLoadList*(AppPodCount:Integer CpuRequest CpuTotal CpuUse "
        "InstanceId MemRequest MemTotal MemUse NodeName PodCount:Integer Ready:Boolean Unschedulable:Boolean) "
        "BasicInfo(BusinessCode=JST|NEW_RETAIL|MINI_APP|SUPPLY|MESSAGE ClusterId?:Long ClusterInstanceId "
        "ClusterName EnvType? HasInstallArmsPilot:Boolean HasInstallLogController:Boolean "
        "InstallArmsInProcess:Boolean InstallLogInProcess:Boolean MainUserId? RegionId RegionName UserNick? "
        "VpcId EcsIds?* Vswitchs*) InstanceInfo(AllocatePodCount:Integer AppCount:Integer "
        "AllocatedPodInfoList*(appId:Long appName envId:Long envName cupRequest memRequest podCount:Integer) "
        "AvailablePodInfoList*(cupRequest memRequest availablePodCount:Integer)) NetInfo(NetPlugType ProdCIDR "
        "ServiceCIDR) WorkLoad(AllNodeCount:Integer AllocateAllPodCount:Integer AllocateAppPodCount:Integer "
        "CpuCapacityTotal CpuLevel CpuRequest CpuRequestPercent CpuTotal CpuUse CpuUsePercent "
        "MemCapacityTotal MemLevel MemRequest MemRequestPercent MemTotal MemUse MemUsePercent))"
    ),
    "ListAvailableClusterNode": (
        "ErrorMsg PageNumber:Integer PageSize:Integer TotalCount:Long Data*(OSName? "
        "BusinessCode=JST|NEW_RETAIL|MINI_APP|SUPPLY|MESSAGE EcsConfiguration EcsCpu EcsEip? EcsExpiredTime "
        "EcsLocalStorageCapacity? EcsMemory EcsOsType EcsPrivateIp EcsPublicIp? EcsZone InstanceId "
        "InstanceName InstanceNetworkType InstanceType InternetMaxBandwidthIn InternetMaxBandwidthOut "
        "RegionId VpcId)"
    ),
    "DescribeDatabases": (
        "ErrMsg Result(Databases*(DBName DBStatus=Creating|Running|Deleting DBDescription Engine "
        "CharacterSetName DBInstanceId Accounts*(AccountPrivilegeDetail? "
        "AccountPrivilege=ReadWrite|ReadOnly|DDLOnly|DMLOnly Account)))"
    ),
    "DescribeRdsAccounts": (
        "ErrMsg Result(Accounts*(AccountStatus=Unavailable|Available AccountDescription AccountName "
        "AccountType=Normal|Super PrivExceeded=0|1 DBInstanceId DatabasePrivileges*(DBName "
        "AccountPrivilege=ReadWrite|ReadOnly|DDLOnly|DMLOnly|Custom AccountPrivilegeDetail?)))"
    ),
    "GetRdsBackUp": (
        "ErrMsg Result(TotalRecordCount PageNumber PageRecordCount TotalBackupSize:Long Items*(BackupId "
        "DBInstanceId BackupStatus BackupStartTime BackupEndTime BackupType=FullBackup|IncrementalBackup "
        "BackupMode=Automated|Manual BackupMethod=Logical|Physical BackupLocation BackupExtractionStatus? "
        "BackupScale BackupDBNames TotalBackupSize?:Long BackupSize:Long HostInstanceID "
        "StoreStatus=Enabled|Disabled MetaStatus=OK|LARGE|EMPTY))"
    ),
}

_TOKEN = re.compile(
    r"(?P<name>\w+)(?P<optional>\??)(?P<many>\*?)(?::(?P<type>\w+))?(?:=(?P<enum>[^ ()]+))?(?P<open>\(?)|\)"
)


class Member(NamedTuple):
    """A documented member of a response.

    type: ``String``, ``Boolean``, one of ``NUMBERS``, or ``Object``; of a list, the type of its elements.
    is_list: whether the member is a list.
    is_optional: whether a response or a record may lack the member.
    choices: the documented values of an enumeration, as texts.
    members: the members of an object, by their names in lower case.
    """

    name: str
    type: str
    is_list: bool
    is_optional: bool
    choices: tuple[str, ...]
    members: Mapping[str, Member]


@cache
def contract(action: str) -> Member:
    """Return the documented response of an operation that reads, without its code and request id."""
    return Member(action, "Object", False, False, (), _parse(_TOKEN.finditer(_RESPONSES[action])))


def operations() -> tuple[str, ...]:
    """Return the names of the operations that read."""
    return tuple(_RESPONSES)


def _parse(tokens: Iterator[re.Match[str]]) -> dict[str, Member]:
    members: dict[str, Member] = {}
    for token in tokens:
        if token.group() == ")":
            break
        inner = _parse(tokens) if token["open"] else {}
        members[token["name"].lower()] = Member(
            name=token["name"],
            type="Object" if token["open"] else token["type"] or "String",
            is_list=bool(token["many"]),
            is_optional=bool(token["optional"]),
            choices=tuple(token["enum"].split("|")) if token["enum"] else (),
            members=inner,
        )
    return members
