# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account whose handlers are called without the gateway, under a clock that only tests advance."""

from __future__ import annotations

from typing import Any

from jst_emulator import world
from jst_emulator.api_spec import OPERATIONS
from jst_emulator.clock import VirtualClock
from jst_emulator.handlers import HANDLERS
from jst_emulator.registry import BusinessError
from jst_emulator.response_builder import build_success

#: The first moment of the clock: 2026-01-05T08:00:00Z.
START = 1767600000.0
ONLINE, TEST = "c000000000000000000000000000000e1", "c000000000000000000000000000000e2"
MYSQL, SQL_SERVER = "rm-emu0000000000001", "rm-emu0000000000002"


def workload(kind: str = "Deployment", *images: str, init: tuple[str, ...] = (), schedule: str = "0 * * * *") -> str:
    """Return a small workload YAML with a container for each of *images* (default: one)."""
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
    """An account that is called without signatures and parameter checks.

    :param spec: the content of a world file.
    """

    def __init__(self, spec: dict[str, Any] | None = None) -> None:
        self._moment = START
        self.clock = VirtualClock(source=lambda: self._moment)
        self.world = world.load(spec, self.clock)

    def wait(self, seconds: float) -> None:
        """Advance virtual time."""
        self.clock.advance(seconds)
        self.world.advance()

    def call(self, action: str, **parameters: Any) -> Any:
        """Return the payload of an operation, checked against its response table.

        :raises BusinessError: the operation is rejected.
        """
        self.world.advance()
        payload = HANDLERS[action](self.world, parameters)
        operation = OPERATIONS[action]
        answer = build_success(operation, payload, None, "R")
        return answer.get(operation.payload) if operation.payload else None

    def error(self, action: str, **parameters: Any) -> str:
        """Return the message of a rejected operation, which must not change the state.

        :raises AssertionError: the operation succeeds, or changes the state.
        """
        before = self.world.snapshot()
        try:
            self.call(action, **parameters)
        except BusinessError as error:
            if self.world.snapshot() != before:
                raise AssertionError(f"{action} was rejected but changed the world") from error
            return error.message
        raise AssertionError(f"{action} was not rejected")

    def app(self, title: str = "shop", **parameters: Any) -> int:
        """Create an app and return its id."""
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
        """Create a deploy configuration for production and return its id.

        Its default document is a Deployment of one container.
        """
        given = {"AppId": app_id, "EnvType": "online", "Name": "main"}
        if not {"StatefulSet", "CronJob", "Deployment"} & parameters.keys():
            given["Deployment"] = text or workload()
        return int(self.call("CreateDeployConfig", **{**given, **parameters})["SchemaId"])

    def environment(self, app_id: int, schema_id: int, **parameters: Any) -> int:
        """Create a production environment with three replicas on the production cluster and return its id."""
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
        """Create an app, a deploy configuration and an environment and return their ids.

        :param parameters: parameters of the environment.
        """
        app_id = self.app()
        schema_id = self.config(app_id, text)
        return app_id, schema_id, self.environment(app_id, schema_id, **parameters)

    def deploy(self, env_id: int, **parameters: Any) -> int:
        """Create a deploy order with one batch and return its id."""
        given = {"EnvId": env_id, "Name": "release", "TotalPartitions": 1}
        return int(self.call("DeployApp", **{**given, **parameters})["DeployOrderId"])

    def order(self, order_id: int) -> dict[str, Any]:
        """Return a deploy order."""
        shown: dict[str, Any] = self.call("DescribeDeployOrderDetail", DeployOrderId=order_id)
        return shown
