# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The handlers, one module for each section of the reference; the import of this package fills ``HANDLERS``."""

from __future__ import annotations

from jst_emulator.handlers import (
    allocations,
    apps,
    cluster_nodes,
    clusters,
    deploy_configs,
    deployments,
    environments,
    groups,
    instances,
    job_runs,
    labels,
    monitoring,
    pods,
    rds,
    services,
    slb,
    users,
    volumes,
)
from jst_emulator.registry import HANDLERS

__all__ = [
    "HANDLERS",
    "allocations",
    "apps",
    "cluster_nodes",
    "clusters",
    "deploy_configs",
    "deployments",
    "environments",
    "groups",
    "instances",
    "job_runs",
    "labels",
    "monitoring",
    "pods",
    "rds",
    "services",
    "slb",
    "users",
    "volumes",
]
