# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account of the starting world behind a gateway, with its control side, under a clock that only tests advance."""

from __future__ import annotations

from typing import Any

from werkzeug.test import TestResponse

from jst_emulator import handlers, world
from jst_emulator.api_spec import OPERATIONS
from jst_emulator.emulator import Emulator, Settings
from support.direct_account import ONLINE, START, workload
from support.scenario import app, encoded, environment
from support.signed_client import LOOPBACK, SignedClient

KEY = ("emulator-key-id", "emulator-key-secret")


def with_ports(*ports: str, image: str = "r/shop:1.0") -> str:
    """Return a Deployment whose container declares ports, such as ``8080`` and ``{name: web, containerPort: 80}``."""
    declared = ", ".join(one if one.startswith("{") else f"{{containerPort: {one}}}" for one in ports)
    return workload("Deployment", image).replace(f"{image}'", f"{image}', ports: [{declared}]")


class ControlledAccount:
    """An emulator of the starting world.

    :param spec: the content of a world file.
    """

    def __init__(self, spec: Any = None) -> None:
        self.emulator = Emulator(Settings(time_scale=0, start=START), handlers.HANDLERS, world.load, spec)
        self._client = SignedClient(self.emulator)

    def call(self, action: str, **parameters: Any) -> Any:
        """Return the result of a call that succeeds."""
        answer = self._client.acs3(action, parameters, key=KEY).get_json()
        assert answer["Code"] == 0, answer
        return answer.get("Result")

    def page(self, action: str, number: int = 1, size: int = 100, **parameters: Any) -> Any:
        """Return the response to a list call that succeeds."""
        name = "PageNum" if "PageNum" in OPERATIONS[action].parameters else "PageNumber"
        answer = self._client.acs3(action, {**parameters, name: number, "PageSize": size}, key=KEY).get_json()
        assert answer["Code"] == 0, answer
        return answer

    def happen(self, kind: str, **options: Any) -> Any:
        """Add an entry to the timeline, and return what the control side responds about it."""
        response = self.post("timeline", {"kind": kind, **options})
        assert response.status_code == 200, response.text
        return response.get_json()[0]

    def error(self, path: str, body: Any) -> str:
        """Return the message of a POST that is rejected, which must not change the state.

        :raises AssertionError: it is accepted, or it changes the state.
        """
        before = self.get("state"), self.get("timeline"), self.get("timeline/log")
        response = self.post(path, body)
        assert response.status_code == 400, response.text
        assert (self.get("state"), self.get("timeline"), self.get("timeline/log")) == before
        return str(response.get_json()["error"])

    def get(self, path: str) -> Any:
        """Return the JSON under *path* of the control side."""
        response = self._client.http.get(f"/_emulator/{path}", environ_base=LOOPBACK)
        assert response.status_code == 200, response.text
        return response.get_json()

    def post(self, path: str, body: Any = None) -> TestResponse:
        """Return the response to a POST to *path* of the control side."""
        return self._client.http.post(f"/_emulator/{path}", json=body, environ_base=LOOPBACK)

    def delete(self, path: str) -> None:
        """Send a DELETE to *path* of the control side."""
        response = self._client.http.delete(f"/_emulator/{path}", environ_base=LOOPBACK)
        assert response.status_code == 200, response.text

    def arm(self, **fault: Any) -> None:
        """Arm a fault."""
        self._client.arm(**fault)

    def wait(self, seconds: float) -> None:
        """Advance virtual time over the control side."""
        assert self.post("clock", {"advance_s": seconds}).status_code == 200

    def environment(self, text: str, **parameters: Any) -> int:
        """Create an app with a Deployment and an environment of two replicas, and return the id of the environment."""
        app_id = self.call("CreateApp", **app("shop"))["AppId"]
        config = {"AppId": app_id, "EnvType": "online", "Name": "main", "Deployment": encoded(text)}
        schema_id = self.call("CreateDeployConfig", **config, **parameters)["SchemaId"]
        described = environment(app_id, schema_id, ClusterId=ONLINE)
        return int(self.call("CreateEnvironment", **described)["AppEnvId"])

    def access_point(self, env_id: int = 20001, port: int = 8080, **parameters: Any) -> int:
        """Create an access point that leads to a port of the instances, and return its id."""
        given = {"Name": f"ap-{port}", "SlbId": "lb-emu-internet-1", "ListenerPort": port, "Protocol": "HTTP"}
        created = self.call("CreateSlbAP", EnvId=env_id, RealServerPort=port, **{**given, **parameters})
        return int(created["SlbAPId"])

    def service(self, target: str, env_id: int = 20001, **port: Any) -> int:
        """Create a service with a port that leads to a target port, and return its id."""
        mapping = {"Name": "http", "Protocol": "TCP", "Port": 80, "TargetPort": target, **port}
        given = {"Name": target, "K8sServiceId": f"s-{target}".lower(), "ServiceType": "ClusterIP"}
        sent = {f"PortMappings.1.{name}": value for name, value in mapping.items()}
        return int(self.call("CreateService", EnvId=env_id, **given, **sent)["ServiceId"])

    def update(self, text: str) -> None:
        """Update the Deployment of the deploy configuration."""
        self.call("UpdateDeployConfig", AppId=10001, Id=30001, Deployment=encoded(text))

    def deploy(self, env_id: int = 20001, image: str = "", **parameters: Any) -> int:
        """Create a deploy order with one batch, by default of the image of the YAML, and return its id."""
        images = {"ContainerImageList.1": image} if image else {}
        given = {"EnvId": env_id, "Name": "release", "TotalPartitions": 1, **images, **parameters}
        return int(self.call("DeployApp", **given)["DeployOrderId"])
