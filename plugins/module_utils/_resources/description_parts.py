# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The parts of the description of an app, and the resources that they describe."""

from __future__ import annotations

from .._core.resource import Resource
from .app import App
from .app_group import AppGroup
from .deploy_config import DeployConfig
from .environment import Environment
from .persistent_volume_claim import PersistentVolumeClaim
from .rds_account import RdsAccount
from .rds_db import RdsDb
from .rollout import Rollout
from .service import Service
from .slb_ap import SlbAp

PRESENT, ABSENT = "present", "absent"

PARENTS = ("app", "environment")

# The resources that a description lists in an environment.
VOLUME_CLAIMS, SERVICES, SLB_APS = "volume_claims", "services", "slb_aps"
ENVIRONMENT_CHILDREN: dict[str, type[Resource]] = {
    VOLUME_CLAIMS: PersistentVolumeClaim,
    SERVICES: Service,
    SLB_APS: SlbAp,
}

# Part of a description -> the resources that it describes.
PARTS: dict[str, type[Resource]] = {
    "app": App,
    "group": AppGroup,
    "databases": RdsDb,
    "accounts": RdsAccount,
    "deploy_configs": DeployConfig,
    "environments": Environment,
    **ENVIRONMENT_CHILDREN,
    "release": Rollout,
}
# In an order of its own: a resource is deleted after what refers to it.
DELETED_AT_THE_END = (Environment, PersistentVolumeClaim, DeployConfig, RdsDb, RdsAccount)
ALL_PARTS = (*PARTS, ABSENT)


def option_words(option: str, value: str = "") -> str:
    """Return an option of the description as messages name it: by the module's name and by the role's.

    :param value: what it is set to, such as ``=true``.
    """
    return f"{option}{value} (in role application: application_{option}{value})"


# The role has no variable for these options of the task.
TASK_SETTINGS = {
    name: f"{name} of jst_application (for a role: in module_defaults)" for name in ("wait_timeout", "wait=false")
}

PURGEABLE = ("environments", *reversed([*ENVIRONMENT_CHILDREN]), "deploy_configs")
"""The parts that option ``purge`` takes. Databases and accounts hold data, so they are deleted by name alone."""
