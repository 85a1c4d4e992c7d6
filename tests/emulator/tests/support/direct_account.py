# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Calls to handlers without a gateway: a world with a clock that only moves when told to."""

from __future__ import annotations

from typing import Any

from jst_emulator import world
from jst_emulator.api_spec import OPERATIONS
from jst_emulator.clock import VirtualClock
from jst_emulator.handlers import HANDLERS
from jst_emulator.registry import BusinessError
from jst_emulator.response_builder import build_success

#: The moment at which the clock of a direct account stands at first: 2026-01-05T08:00:00Z.
START = 1767600000.0
ONLINE, TEST = "c000000000000000000000000000000e1", "c000000000000000000000000000000e2"
MYSQL, SQL_SERVER = "rm-emu0000000000001", "rm-emu0000000000002"


def workload(kind: str = "Deployment", *images: str, init: tuple[str, ...] = (), schedule: str = "0 * * * *") -> str:
    """A small workload YAML with one container for each of *images* (default: one)."""
    names = images or ("registry.example/shop:1.0",)
    pod = "\n".join(
        [
            "spec:",
            "  containers:",
            *(f"    - {{name: c{number}, image: '{image}'}}" for number, image in enumerate(names)),
            *(["  initContainers:"] if init else []),
            *(f"    - {{name: i{number}, image: '{image}'}}" for number, image in enumerate(init)),
        ]
    )
    indent = "      " if kind != "CronJob" else "          "
    inner = "\n".join(indent + line for line in pod.splitlines())
    head = f"apiVersion: v1\nkind: {kind}\nmetadata: {{name: shop}}\nspec:\n"
    if kind == "CronJob":
        return f"{head}  schedule: '{schedule}'\n  jobTemplate:\n    spec:\n      template:\n{inner}\n"
    return f"{head}  template:\n{inner}\n"


class DirectAccount:
    """One account, called without signatures and parameter checks.

    :param spec: the content of a world file.
    """

    def __init__(self, spec: dict[str, Any] | None = None) -> None:
        self._moment = START
        self.clock = VirtualClock(source=lambda: self._moment)
        self.world = world.load(spec, self.clock)

    def wait(self, seconds: float) -> None:
        """Let virtual time pass."""
        self.clock.advance(seconds)
        self.world.advance()

    def call(self, action: str, **parameters: Any) -> Any:
        """The payload of an operation, checked against its answer table.

        :raises BusinessError: the operation is refused.
        """
        self.world.advance()
        payload = HANDLERS[action](self.world, parameters)
        operation = OPERATIONS[action]
        answer = build_success(operation, payload, None, "R")
        return answer.get(operation.payload) if operation.payload else None

    def error(self, action: str, **parameters: Any) -> str:
        """The text with which an operation is refused; state must not change by it.

        :raises AssertionError: it was not refused, or left a trace.
        """
        before = self.world.snapshot()
        try:
            self.call(action, **parameters)
        except BusinessError as refusal:
            if self.world.snapshot() != before:
                raise AssertionError(f"{action} was refused but changed the world") from refusal
            return refusal.message
        raise AssertionError(f"{action} was not refused")

    def app(self, title: str = "shop", **parameters: Any) -> int:
        """The id of a new app."""
        given = {
            "Title": title,
            "BizCode": "JST",
            "Language": "Java",
            "OperatingSystem": "Linux",
            "ServiceType": "GeneralApplication",
            "UserRoles": [{"RoleName": "Owner", "UserId": "1001", "UserType": "TAOBAO"}],
        }
        return int(self.call("CreateApp", **{**given, **parameters})["AppId"])

    def config(self, app_id: int, text: str | None = None, **parameters: Any) -> int:
        """The id of a new deploy configuration for production, by default of a one-container Deployment."""
        given = {"AppId": app_id, "EnvType": "online", "Name": "main"}
        if not {"StatefulSet", "CronJob", "Deployment"} & parameters.keys():
            given["Deployment"] = text or workload()
        return int(self.call("CreateDeployConfig", **{**given, **parameters})["SchemaId"])

    def environment(self, app_id: int, schema_id: int, **parameters: Any) -> int:
        """The id of a new production environment with three replicas on the production cluster."""
        given = {
            "AppId": app_id,
            "AppSchemaId": schema_id,
            "EnvName": "production",
            "EnvType": 1,
            "Region": "cn-zhangjiakou",
            "Replicas": 3,
            "ClusterId": ONLINE,
        }
        return int(self.call("CreateEnvironment", **{**given, **parameters})["AppEnvId"])

    def stack(self, text: str | None = None, **parameters: Any) -> tuple[int, int, int]:
        """Ids of a new app, deploy configuration and environment (*parameters* are the environment's)."""
        app_id = self.app()
        schema_id = self.config(app_id, text)
        return app_id, schema_id, self.environment(app_id, schema_id, **parameters)

    def deploy(self, env_id: int, **parameters: Any) -> int:
        """The id of a new deploy order in one batch."""
        given = {"EnvId": env_id, "Name": "release", "TotalPartitions": 1}
        return int(self.call("DeployApp", **{**given, **parameters})["DeployOrderId"])

    def order(self, order_id: int) -> dict[str, Any]:
        """A deploy order as the platform shows it."""
        shown: dict[str, Any] = self.call("DescribeDeployOrderDetail", DeployOrderId=order_id)
        return shown
