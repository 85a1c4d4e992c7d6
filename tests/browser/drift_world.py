# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account that has little of what the example inventory describes, and something else."""

from __future__ import annotations

from typing import Any

PRODUCTION = {"env_type": 1, "region": "cn-zhangjiakou", "cluster_instance_id": "c000000000000000000000000000000e1"}
WORLD: dict[str, Any] = {
    "apps": [
        {"title": "order-service", "biz_code": "JST", "language": "Java", "service_type": "GeneralApplication"},
        {"title": "daily-report", "biz_code": "JST", "language": "PHP", "service_type": "GeneralApplication"},
    ],
    "deploy_configs": [{"app_id": 10001, "env_type": "online", "name": name} for name in ("order-service", "draft")],
    "environments": [
        {"app_id": 10001, "name": name, "schema_id": 30001, "replicas": 3, **PRODUCTION}
        for name in ("production", "scratch")
    ],
    "services": [
        {
            "env_id": 20001,
            "name": "Debug",
            "service_type": "ClusterIP",
            "k8s_service_id": "debug",
            "port_mappings": [{"name": "http", "protocol": "TCP", "port": 80, "target_port": "80"}],
        }
    ],
}
