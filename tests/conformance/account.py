# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account with one environment, and a hand that does things past the modules."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from tests.conformance.module_cases import APP, PLACE, deployment
from tests.conformance.playbook_runner import WAITING, Recorded, control, run_tasks, task

APP_ID, ENVIRONMENT_ID, DEPLOY_CONFIG_ID = 10001, 20001, 30001
HERE: dict[str, Any] = PLACE
ONLINE, TEST = "c000000000000000000000000000000e1", "c000000000000000000000000000000e2"


def encoded(document: Mapping[str, Any]) -> str:
    """A document as requests hold it; JSON is YAML too."""
    return base64.b64encode(json.dumps(document).encode()).decode()


class Account:
    """App ``shop``, deploy config ``web`` and environment ``production``, in an emulator that has just begun anew.

    :param folder: for playbooks and records.
    :param replicas: of the environment.
    :param document: the Deployment of the deploy config.
    """

    def __init__(
        self, address: str, folder: Path, replicas: int = 2, document: Mapping[str, Any] | None = None
    ) -> None:
        self.address = address
        self.folder = folder
        role = {"RoleName": "Owner", "UserId": "1001", "UserType": "TAOBAO"}
        self.call(
            "CreateApp",
            Title=APP["title"],
            BizCode="JST",
            Language="Java",
            OperatingSystem="Linux",
            ServiceType="StoreApplication",
            StateType=1,
            UserRoles=[role],
        )
        self.config("web", document or deployment())
        self.call(
            "CreateEnvironment",
            AppId=APP_ID,
            AppSchemaId=DEPLOY_CONFIG_ID,
            EnvName="production",
            EnvType=1,
            Region="cn-zhangjiakou",
            Replicas=replicas,
            ClusterId=ONLINE,
        )

    def call(self, action: str, **parameters: Any) -> Any:
        """Call an operation by hand; gives what it answers."""
        keys = {"access_key_id": "emulator-key-id", "access_key_secret": "emulator-key-secret"}
        with Client(resolve_settings({**keys, "endpoint": self.address}, {})) as client:
            return client.call(action, parameters).data

    def config(self, name: str, document: Mapping[str, Any], env_type: str = "online") -> None:
        """Make a deploy config by hand."""
        self.call("CreateDeployConfig", AppId=APP_ID, Name=name, EnvType=env_type, Deployment=encoded(document))

    def deploy(self, image: str, **parameters: Any) -> int:
        """Start a deploy order by hand; gives its id."""
        usual = {"EnvId": ENVIRONMENT_ID, "Name": "by hand", "TotalPartitions": 2, "ContainerImageList": [image]}
        return int(self.call("DeployApp", **{**usual, **parameters})["deploy_order_id"])

    def deployed(self, image: str, **parameters: Any) -> int:
        """Deploy by hand and let the time pass that it takes."""
        order = self.deploy(image, **parameters)
        self.advance(600)
        return order

    def advance(self, seconds: float) -> None:
        """Let time pass on the platform."""
        control(self.address, "clock", {"advance_s": seconds})

    def fault(self, kind: str, action: str, **options: Any) -> None:
        """Let something go wrong."""
        control(self.address, "faults", {"kind": kind, "action": action, **options})

    def order(self, order_id: int) -> Any:
        """A deploy order."""
        return self.call("DescribeDeployOrderDetail", DeployOrderId=order_id)

    def orders(self) -> list[dict[str, Any]]:
        """All deploy orders, the oldest first."""
        answer: list[dict[str, Any]] = self.call("ListDeployOrders", PageNumber=1, PageSize=50)
        return sorted(answer, key=lambda order: order["deploy_order_id"])

    def instances(self) -> list[dict[str, Any]]:
        """The instances of the environment."""
        answer: list[dict[str, Any]] = self.call(
            "ListAppInstance", AppId=APP_ID, EnvId=ENVIRONMENT_ID, PageNumber=1, PageSize=50
        )
        return answer

    def run_tasks(self, *tasks: Mapping[str, Any], **keywords: Any) -> list[Recorded]:
        """Run tasks."""
        return run_tasks(self.address, self.folder, tasks, **keywords)

    def run(self, module: str, *, check: bool = False, **options: Any) -> Recorded:
        """Run one task of a module that waits, with its diff."""
        (done,) = self.run_tasks(task(module, module, {**WAITING, **options}, diff=True, check_mode=check))
        return done


def release(label: str, /, **options: Any) -> dict[str, Any]:
    """A task that deploys to the environment."""
    return task(label, "jst_deployment", {**HERE, **WAITING, **options}, diff=True)
