# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account with a shop that runs in production, and with reports that run every five minutes."""

from __future__ import annotations

from typing import Any

from tests.conformance.module_cases import APP, CONFIG, ENVIRONMENT, MYSQL, PLACE, config_map, cron_job
from tests.conformance.playbook_runner import WAITING, task

REPORTS = {"app": "reports", "environment": "production"}
PORTS = [{"name": "http", "port": 80, "target_port": "8080", "node_port": 30080}]
BALANCER = {"slb_id": "lb-emu-internet-1", "real_server_port": 8080, "protocol": "TCP", "established_timeout": 900}
STORAGE = {"capacity": "1Gi", "access_mode": "ReadWriteOnce", "storage_class": "media"}
VOLUME = {
    "cluster": "emu-online",
    "mount_target_domain": "emu-1.cn-zhangjiakou.nas.aliyuncs.com",
    "nfs_version": "4.0",
    "reclaim_policy": "Retain",
}
DATABASE = {"instance_id": MYSQL, "name": "shop"}

# What runs, with which a release can be looked at.
RUNNING: list[dict[str, Any]] = [
    task("app", "jst_app", APP),
    task("config", "jst_deploy_config", {**CONFIG, "config_maps": [config_map("web", level="info")]}),
    task("environment", "jst_environment", {**ENVIRONMENT, "cluster": "emu-online"}),
    task("app of reports", "jst_app", {**APP, "title": "reports", "state_type": "cron_job"}),
    task(
        "config of reports",
        "jst_deploy_config",
        {"app": "reports", "name": "web", "env_type": "online", "cron_job": cron_job()},
    ),
    task("environment of reports", "jst_environment", {**ENVIRONMENT, "app": "reports", "cluster": "emu-online"}),
    task("reports", "jst_deployment", {**REPORTS, "partitions": 1, **WAITING}),
    task("release", "jst_deployment", {**PLACE, "images": ["registry.example.com/shop:1.0"], **WAITING}),
]

# What belongs to it besides.
SURROUNDINGS: list[dict[str, Any]] = [
    task("group", "jst_app_group", {"biz_code": "JST", "name": "storefronts", "apps": ["shop"]}),
    task(
        "service",
        "jst_service",
        {**PLACE, "k8s_service_id": "web", "name": "web", "service_type": "NodePort", "port_mappings": PORTS},
    ),
    task("access point", "jst_slb_ap", {**PLACE, **BALANCER, "name": "tcp", "listener_port": 80}),
    task(
        "label",
        "jst_node_label",
        {"cluster": "emu-online", "key": "label.jst.com/role", "value": "web", "instance_ids": ["i-emu-node-1"]},
    ),
    task("volume", "jst_persistent_volume", {**VOLUME, **STORAGE, "name": "media"}),
    task("claim", "jst_persistent_volume_claim", {**PLACE, **STORAGE, "name": "media", **WAITING}),
    task("database", "jst_rds_db", {**DATABASE, "character_set": "utf8mb4", "description": "orders", **WAITING}),
    task(
        "account",
        "jst_rds_account",
        {
            **DATABASE,
            "password": "Shop-Password-1",
            "privileges": [{"database": "shop", "privilege": "ReadOnly"}],
            **WAITING,
        },
    ),
]
