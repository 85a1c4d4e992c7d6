# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every operation has a handler, and no input breaks one."""

from __future__ import annotations

import random
from typing import Any

import pytest

from jst_emulator import errors
from jst_emulator.api_spec import OPERATIONS, PAGING_NAMES, Parameter
from jst_emulator.cron import Schedule
from jst_emulator.handlers import HANDLERS
from jst_emulator.quantities import amount
from jst_emulator.registry import BusinessError
from support.direct_account import MYSQL, ONLINE, SQL_SERVER, START, TEST, DirectAccount, workload

#: What fits a parameter of that name in the account of the test; anything else is tried as well.
FITTING: dict[str, list[Any]] = {
    "AppId": [10001, 10002],
    "EnvId": [20001, 20002],
    "AppEnvId": [20001, 20002],
    "AppSchemaId": [30001, 30002],
    "Id": [30001, 30002],
    "SchemaId": [30001, 30003],
    "SlbAPId": [40001, 40002],
    "ServiceId": [50001, 50002],
    "DeployOrderId": [60001, 60002],
    "GroupId": [70001, 70002],
    "DeployPacketId": [2001],
    "ClusterId": [ONLINE, TEST],
    "ClusterInstanceId": [ONLINE, TEST],
    "InstanceId": [MYSQL, "i-emu-node-1", "i-emu-node-4"],
    "DbInstanceId": [MYSQL, SQL_SERVER],
    "DBInstanceId": [MYSQL, SQL_SERVER],
    "DbName": ["shop"],
    "DBName": ["shop"],
    "AccountName": ["shop"],
    "Name": ["shop", "other"],
    "K8sServiceId": ["web", "db"],
    "SlbId": ["lb-emu-internet-1", "lb-emu-intranet-1"],
    "SslCertId": ["ssl-emu-1", ""],
    "UserId": ["1001", "dt-1003"],
    "EcsInstanceIdList": ["i-emu-spare-1", "i-emu-spare-2", "i-emu-node-2"],
    "GroupName": ["shop", ""],
    "LabelKey": ["label.jst.com/a"],
    "LabelValue": ["web"],
    "PersistentVolumeName": ["shop"],
    "PersistentVolumeClaimName": ["shop"],
    "VpcId": ["vpc-emu-1"],
    "Vswitchids": ["vsw-emu-1"],
    "RegionId": ["cn-zhangjiakou"],
    "PodCIDR": ["10.1.0.0/16"],
    "ServiceCIDR": ["10.2.0.0/16"],
    "Deployment": [workload()],
    "ConfigMap": ["kind: ConfigMap"],
    "ConfigMapList": ["kind: ConfigMap\nmetadata: {name: a}"],
    "SecretList": ["kind: Secret"],
    "Replicas": [0, 1, 4],
    "TotalPartitions": [1, 2],
    "ListenerPort": [80, 81],
    "RealServerPort": [8080],
    "Port": [80, 81],
    "TargetPort": ["8080"],
    "StartTime": [int(START * 1000)],
    "EndTime": [int(START * 1000) + 600_000],
    "ContainerImageList": ["r/shop:1", "r/fail:1", "r/crash:1", "r/pending:1"],
    "Line": [1, 100],
}
NUMBERS = [0, 1, -1, 80, 30000, 10001, 20001, 2**31 - 1, 2**40]
TEXTS = [
    "",
    " ",
    "x",
    "shop",
    "1001",
    "dt-1003",
    ONLINE,
    TEST,
    MYSQL,
    "lb-emu-internet-1",
    "i-emu-spare-1",
    "i-emu-node-1",
    "2020-01-01 00:00:00",
    "999999999999999999999",
    "10.0.0.0/8",
    "::/0",
    "vpc-emu-1",
    "vsw-emu-1",
    "http://x",
    "kind: ConfigMap",
    "kind: Deployment\nspec: {template: {spec: {containers: {a: 1}}}}",
    "kind: CronJob\nspec: {schedule: 5, jobTemplate: [1]}",
    "kind: Secret\nmetadata: [1]",
    "a: &a [*a]",
    "!!python/object:os.system {}",
    "\x00",
    "应用",
    workload(),
    workload("StatefulSet"),
    workload("CronJob", schedule="* * * * *"),
]


def value(account: DirectAccount, parameter: Parameter, rng: random.Random) -> Any:
    """A value that the checks of types and enumerations would let through."""
    if parameter.members:
        return [
            {one.name: value(account, one, rng) for one in parameter.members if one.required or rng.random() < 0.7}
            for _dummy in range(rng.randint(1, 2))
        ]
    kind = parameter.item or parameter.type
    fitting = FITTING.get(parameter.name, [])
    if parameter.name in ("PodName", "AppInstId", "AppInstanceId"):
        fitting = [*account.world.instances, *(run.pod_name for run in account.world.job_runs.values())]
    number = kind in ("Integer", "Long")
    if kind == "Boolean":
        one: Any = rng.random() < 0.5
    elif parameter.enum:
        one = int(rng.choice(parameter.enum)) if number else rng.choice(parameter.enum)
    elif fitting and rng.random() < 0.85:
        one = rng.choice(fitting) if number else str(rng.choice(fitting))
    else:
        one = rng.choice(NUMBERS if number else TEXTS)
    return [one] * rng.randint(1, 2) if parameter.item else one


@pytest.mark.parametrize("seed", range(6))
def test_random_calls_are_answered_or_refused(seed: int) -> None:
    rng = random.Random(seed)
    account = DirectAccount()
    account.stack()
    job_app = account.app("job", StateType=5)
    account.environment(job_app, account.config(job_app, CronJob=workload("CronJob", schedule="* * * * *")))
    account.deploy(20002)
    answered = set()
    for _dummy in range(3000):
        name = rng.choice(sorted(OPERATIONS))
        if name.startswith("Delete") and rng.random() < 0.7:
            continue
        parameters = {
            one.name: value(account, one, rng)
            for one in OPERATIONS[name].parameters.values()
            if one.name not in PAGING_NAMES and (one.required or rng.random() < 0.4)
        }
        if name in ("DeleteAppDetail", "DeleteAppEnvironment", "DeleteCluster"):
            parameters = {**parameters, "AppId": 7, "ClusterInstanceId": "c-x"} if rng.random() < 0.98 else parameters
        try:
            account.call(name, **parameters)
        except BusinessError as error:
            assert error.message.endswith(".")
            assert error.code not in (0, 200)
        except errors.GatewayError as error:
            assert error.code == "system.error"
            assert name in ("DescribePodContainerLogList", "DescribeEventMonitorList", "DescribeAppMonitorMetric")
        else:
            answered.add(name)
        account.wait(rng.choice([0, 0, 1, 30]))
    assert len(answered) > 50, sorted(OPERATIONS.keys() - answered)
    account.world.snapshot()


def test_every_operation_has_a_handler() -> None:
    assert HANDLERS.keys() == OPERATIONS.keys()


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("500Gi", 500 * 1024**3),
        ("1G", 1e9),
        ("100m", 0.1),
        ("2", 2),
        ("1Ki", 1024),
        ("3k", 3000),
        ("x", 0),
        ("1.5M", 1.5e6),
    ],
)
def test_quantities(text: str, number: float) -> None:
    assert amount(text) == pytest.approx(number)


@pytest.mark.parametrize(
    ("text", "fits", "misses"),
    [
        ("0 8 * * *", [0], [1, 60]),
        ("*/15 * * * *", [0, 15], [1, 16]),
        ("@hourly", [0, 60], [30]),
        ("5-6,30/10 8-9 * jan mon", [5, 6, 30, 50, 65], [0, 7, 31, 125]),
        ("0 8 13 * 1", [0], [60]),
        ("0 8 5 * 0", [0], [24 * 60]),
        ("0 8 6 * *", [24 * 60], [0]),
        ("0 8 * * 7", [6 * 24 * 60], [0]),
        ("0 8 1 * *", [], [0]),
    ],
)
def test_schedules(text: str, fits: list[int], misses: list[int]) -> None:
    """Minutes are counted from 2026-01-05 08:00, a Monday."""
    schedule, first = Schedule(text), int(START // 60)
    assert all(schedule.fits(first + minute) for minute in fits)
    assert not any(schedule.fits(first + minute) for minute in misses)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has not five fields"),
        ("* * * *", "has not five fields"),
        ("60 * * * *", "is out of range"),
        ("* 24 * * *", "is out of range"),
        ("* * 0 * *", "is out of range"),
        ("9-5 * * * *", "is out of range"),
        ("*/0 * * * *", "is out of range"),
        ("x * * * *", "invalid literal"),
    ],
)
def test_what_is_no_schedule(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Schedule(text)
