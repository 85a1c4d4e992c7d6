# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Worlds that hold as many resources of each kind as a test asks for: those of ``module_cases.py``, and others.

Their names start with the name of the resource in ``plugins/module_utils/_resources``.
"""

from __future__ import annotations

from typing import Any

from tests.conformance.module_cases import MODULE_CASES, ModuleCase

CLUSTER = "c000000000000000000000000000000e1"
RDS = "rm-emu0000000000001"
APP, CONFIG, ENVIRONMENT, ORDER, GROUP, LABEL = 10001, 30001, 20001, 60001, 70001, 1
NOON = 1767614400.0
POD = "pod"

World = dict[str, list[dict[str, Any]]]


def bulk_world(number: int) -> World:
    """Return a world with this many resources of each kind, and at least one of each parent."""
    some, most = range(number), range(max(number, 1))
    place = {"cluster_instance_id": CLUSTER}
    sizes = {"capacity": "1Gi", "access_modes": "ReadWriteOnce"}
    return {
        **{
            case.many.table: [{**case.many.others, case.many.member: name(kind(case), i)} for i in some]
            for case in MODULE_CASES
            if case.many is not None
        },
        "users": [{"user_id": name("user", i), "user_type": "TAOBAO"} for i in some],
        "apps": apps(len(most)),
        "deploy_configs": [{"app_id": APP, "env_type": "online", "name": name("deploy-config", i)} for i in most],
        "environments": [
            {
                "app_id": APP,
                "name": name("environment", i),
                "env_type": 1,
                "region": "cn-zhangjiakou",
                "schema_id": CONFIG,
                # Without a cluster the service has no events to show, and says so with an error.
                "cluster_instance_id": CLUSTER,
            }
            for i in most
        ],
        "allocations": [{"env_id": ENVIRONMENT + i, **place} for i in some],
        "clusters": [
            {
                "cluster_instance_id": CLUSTER if i == 0 else name("cluster", i),
                "database_id": 101 + i,
                "title": name("cluster", i),
                "env_type": "PRO",
                "region_id": "cn-zhangjiakou",
                "vpc_id": "vpc-emu-1",
            }
            for i in most
        ],
        "ecs": [
            {
                "instance_id": name(kind, i),
                "region_id": "cn-zhangjiakou",
                "vpc_id": "vpc-emu-1",
                "private_ip": f"192.168.{third}.{i % 250}",
                **where,
            }
            for kind, third, where in (("cluster-node", 48, place), ("spare", 49, {}))
            for i in some
        ],
        "claims": [
            {
                **sizes,
                "env_id": ENVIRONMENT,
                "name": name("persistent-volume-claim", i),
                "storage_class": "none",
                "created_at": NOON,
            }
            for i in some
        ],
        "slb_access_points": [
            {
                "env_id": ENVIRONMENT,
                "name": name("slb-ap", i),
                "slb_id": "lb-emu-internet-1",
                "listener_port": 1000 + i,
                "real_server_port": 8080,
                "protocol": "TCP",
            }
            for i in some
        ],
        "orders": [
            {
                "env_id": ENVIRONMENT,
                "name": name("deploy-order", i),
                "schema_id": CONFIG,
                "batches": [1],
                "replicas": 1,
                "current_partition": 1,
                "status": 3,
                "result": 1,
                "created_at": NOON,
            }
            for i in most
        ],
        "pods": [
            {
                "deploy_order_id": ORDER,
                "app_instance_id": name(POD, i),
                "partition": 1,
                "status": 3,
                "result": 1,
                "started_at": NOON,
                "updated_at": NOON,
            }
            for i in some
        ],
        "instances": [{"app_instance_id": name(POD, i), "env_id": ENVIRONMENT, "created_at": NOON} for i in some],
        "events": [
            {
                "env_id": ENVIRONMENT,
                "pod_name": POD,
                "happened_at": NOON,
                "reason": "Started",
                "message": name("event", i),
            }
            for i in some
        ],
        "job_runs": [
            {
                "env_id": ENVIRONMENT,
                "name": name("job", i),
                "pod_name": name(POD, i),
                "started_at": NOON,
                "ended_at": NOON + 30,
            }
            for i in some
        ],
        "backups": [
            {
                "instance_id": RDS,
                "backup_id": name("rds-backup", i),
                "started": "2026-01-02 04:40:55",
                "ended": "2026-01-02 04:42:30",
            }
            for i in some
        ],
    }


def apps(number: int) -> list[dict[str, Any]]:
    """Return this many apps."""
    return [
        {"title": name("app", i), "biz_code": "JST", "language": "Java", "service_type": "GeneralApplication"}
        for i in range(number)
    ]


def name(kind: str, index: int) -> str:
    """Return the name of one of many, counted from 1."""
    return f"{kind}-{index + 1:04}"


def kind(case: ModuleCase) -> str:
    """Return the start of the names of many resources of a module."""
    return case.result.replace("_", "-")
