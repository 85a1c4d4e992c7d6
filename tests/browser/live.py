# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulator in this process with its server, for pages to look at and for calls that the pages then show."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Thread
from typing import Any

from jst_emulator import handlers, world
from jst_emulator.emulator import Emulator, Settings
from jst_emulator.server import serve
from support.direct_account import ONLINE, workload
from support.scenario import app, encoded, environment
from support.signed_client import SignedClient
from tests.tools.run_in_collection import ROOT
from tests.tools.run_in_collection import environment as variables
from tests.tools.running_emulator import access

KEY = ("emulator-key-id", "emulator-key-secret")
INVENTORY = ROOT / "examples" / "inventory"


class Live:
    """An emulator that listens at ``address``.

    :ivar page: the address of its page.
    """

    def __init__(self, emulator: Emulator, address: str) -> None:
        self.emulator = emulator
        self.address = address
        self.page = f"{address}/_emulator/"
        self._client = SignedClient(emulator)

    def call(self, action: str, parameters: dict[str, Any] | None = None) -> Any:
        """Make a signed call; returns the content of its answer, None when there is none."""
        try:
            return self._client.acs3(action, parameters, key=KEY).get_json(silent=True)
        except ConnectionAbortedError:
            return None

    def app(self, title: str) -> int:
        """Create an app with a deploy config and an environment of six replicas; returns the environment's id."""
        app_id = self.call("CreateApp", app(title))["Result"]["AppId"]
        config = {"AppId": app_id, "EnvType": "online", "Name": "main", "Deployment": encoded(workload())}
        schema_id = self.call("CreateDeployConfig", config)["Result"]["SchemaId"]
        described = environment(app_id, schema_id, ClusterId=ONLINE, Replicas=6)
        env_id: int = self.call("CreateEnvironment", described)["Result"]["AppEnvId"]
        return env_id

    def environment(self, title: str, name: str = "production") -> int:
        """The id of an environment by the title of its app and its name."""
        tables: world.World = self.emulator.world
        return next(
            one.env_id
            for one in tables.environments.values()
            if (tables.apps[one.app_id].title, one.name) == (title, name)
        )

    def deploy(self, env_id: int, *images: str, batches: int = 3, pause: str = "first") -> int:
        """Begin a release; returns the id of its deploy order."""
        name = images[-1].rsplit("/", maxsplit=1)[-1].replace(":", " ")
        parameters = {"EnvId": env_id, "Name": name, "TotalPartitions": batches, "PauseType": pause}
        named = {f"ContainerImageList.{number}": image for number, image in enumerate(images, 1)}
        answer = self.call("DeployApp", {**parameters, **named})
        order_id: int = answer["Result"]["DeployOrderId"]
        return order_id

    def bring_up(self) -> None:
        """Run ``playbooks/bring_up.yml`` over the example inventory."""
        command = ["ansible-playbook", "--inventory", str(INVENTORY), "jst.retailcloud.bring_up"]
        subprocess.run(command, env=variables() | access(self.address), check=True, stdout=subprocess.DEVNULL)


@contextmanager
def live(**settings: Any) -> Iterator[Live]:
    """An emulator for as long as a block runs; ``settings`` are those of ``Settings``."""
    emulator = Emulator(Settings(**settings), handlers.HANDLERS, world.load)
    server = serve(emulator, "127.0.0.1", 0)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield Live(emulator, f"http://127.0.0.1:{server.port}")
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
