# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An emulator with the apps of the example inventory, released twice, and ansible-rulebook to watch it."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from tests.conformance.playbook_runner import control
from tests.eda.rulebook import VENV, Rulebook
from tests.tools.run_in_collection import BIN, ROOT, environment
from tests.tools.running_emulator import access, emulator

INVENTORY = ROOT / "examples" / "inventory"
TIME_SCALE = "30"
REGISTRY = "registry-vpc.cn-zhangjiakou.aliyuncs.com/shop"
FIRST, SECOND = f"{REGISTRY}/order-service:1.4.2", f"{REGISTRY}/order-service:1.5.0"
JAVA = (
    "ansible-rulebook needs Java 17 or newer, and there is none. Install it: apt-get install openjdk-17-jre-headless, "
    "or dnf install java-17-openjdk-headless. JAVA_HOME names another installation."
)


@pytest.fixture(scope="session", autouse=True)
def _has_java() -> None:
    """Java is there, or the tests end with a word on how to get it."""
    version = subprocess.run(
        [VENV / "bin" / "ansible-rulebook", "--version"], capture_output=True, text=True, check=False
    )
    if version.returncode or "Java version = 1" not in version.stdout.replace("Java version = 2", "Java version = 1"):
        pytest.exit(f"{JAVA}\n{version.stdout}{version.stderr}", returncode=1)


class Account:
    """The account of an emulator.

    :ivar ids: of the environments, by title of the app and name.
    """

    def __init__(self, address: str) -> None:
        self.address = address
        state = self.state()
        titles = {app["app_id"]: app["title"] for app in state["apps"]}
        self.ids = {(titles[one["app_id"]], one["name"]): one["env_id"] for one in state["environments"]}

    def state(self) -> dict[str, Any]:
        """Return the whole account."""
        found: dict[str, Any] = control(self.address, "state")
        return found

    def play(self, playbook: str, *options: str, variables: Mapping[str, Any] | None = None) -> str:
        """Run a playbook as somebody else does, and return what it prints, whatever comes of it."""
        command = [str(BIN / "ansible-playbook"), "-i", str(INVENTORY), *options, playbook]
        command += ["-e", json.dumps(variables or {})]
        settings = environment() | access(self.address)
        done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    def writes(self) -> list[tuple[str, dict[str, Any]]]:
        """Return the writes in the call log: the operation and its parameters."""
        return [(call["action"], call["params"]) for call in control(self.address, "calls") if call["kind"] == "write"]

    def images(self, app: str, name: str = "production") -> set[str]:
        """Return the images that the instances of an environment run."""
        return {one["image"] for one in self.state()["instances"] if one["env_id"] == self.ids[app, name]}


@pytest.fixture(scope="session")
def _prepared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Account]:
    """The account with all apps, and order-service released twice."""
    folder = tmp_path_factory.mktemp("emulator")
    with emulator("--time-scale", TIME_SCALE, log=folder / "emulator.log") as address:
        settings = environment() | access(address)
        command = [str(BIN / "ansible-playbook"), "-i", str(INVENTORY), "jst.retailcloud.fleet"]
        subprocess.run(command, env=settings, check=True, capture_output=True)
        account = Account(address)
        told = account.play(
            "jst.retailcloud.release",
            "--limit=order-service",
            variables={
                "release_environment": "production",
                "release_images": [SECOND],
                "release_verify": False,
                "release_wait_interval": 0.5,
            },
        )
        assert account.images("order-service") == {SECOND}, told
        control(address, "savepoints/settled", method="POST")
        yield account


@pytest.fixture
def account(_prepared: Account) -> Account:
    """The account as it was prepared, with an empty call log."""
    control(_prepared.address, "savepoints/settled/restore", method="POST")
    control(_prepared.address, "clock", {"scale": float(TIME_SCALE)})
    control(_prepared.address, "calls", method="DELETE")
    return _prepared


class Receiver:
    """Takes the texts of notices at ``url``."""

    def __init__(self, stack: ExitStack) -> None:
        self.texts: list[str] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.texts.append(body["text"])
                self.send_response(204)
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        server = stack.enter_context(ThreadingHTTPServer(("127.0.0.1", 0), Handler))
        thread = Thread(target=server.serve_forever)
        thread.start()
        stack.callback(thread.join)
        stack.callback(server.shutdown)
        self.url = f"http://127.0.0.1:{server.server_port}/hook?token=secret-of-the-hook"


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A receiver of notices."""
    with ExitStack() as stack:
        yield Receiver(stack)


Start = Callable[..., Rulebook]


@pytest.fixture
def start(account: Account, receiver: Receiver, tmp_path: Path) -> Iterator[Start]:
    """A function that starts a rulebook of the collection, which is ended with the test."""
    started = []

    def start_rulebook(name: str, **options: Any) -> Rulebook:
        environ = {"JST_NOTIFY_URL": receiver.url, **options.pop("environ", {})}
        variables = {"jst_interval": 1, **options.pop("variables", {})}
        rulebook = Rulebook(
            f"jst.retailcloud.{name}",
            tmp_path,
            account.address,
            inventory=INVENTORY,
            variables=variables,
            environ=environ,
            **options,
        )
        rulebook.start()
        started.append(rulebook)
        return rulebook

    yield start_rulebook
    for rulebook in started:
        if rulebook.is_running:
            rulebook.stop()


@pytest.fixture
def replay(tmp_path: Path) -> Path:
    """A folder whose source sends the events of the file in REPLAY in place of the collection's source."""
    folder = tmp_path / "sources"
    folder.mkdir()
    shutil.copy(Path(__file__).with_name("replay.py"), folder / "jst.retailcloud.jst.py")
    return folder
