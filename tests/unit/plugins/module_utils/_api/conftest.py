# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A server on the loopback that answers by a script, and a clock that only moves when somebody sleeps."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings

KEY_ID = "unit-key-id"
SECRET = "unit-secret-never-shown"


@dataclass
class Seen:
    """A request as it arrived."""

    method: str
    path: str
    query: dict[str, str]
    form: dict[str, str]
    body: bytes
    headers: dict[str, str]
    peer: tuple[str, int]


Act = Callable[["Handler"], None]


def say(
    body: dict[str, Any] | list[Any] | str | bytes = b"",
    status: int = 200,
    headers: dict[str, str] | None = None,
    date: float | None = None,
) -> Act:
    """Respond with this; a mapping or list goes as JSON. ``date`` is the time of the Date header, else it is right."""

    def act(handler: Handler) -> None:
        content = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        lines = {"Content-Type": "application/json;charset=utf-8", "Content-Length": str(len(content))}
        handler.send_response_only(status)
        handler.send_header("Date", handler.date_time_string(date))
        for name, value in {**lines, **(headers or {})}.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(content)

    return act


def good(**envelope: Any) -> Act:
    """ApiResponse with success and this in the envelope."""
    return say({"Code": 0, "RequestId": "R-GOOD", **envelope})


def refuse(code: str, status: int = 400, message: str = "no", date: float | None = None, **headers: str) -> Act:
    """ApiResponse as the gateway refuses; header names are given with underscores."""
    body = {"Code": code, "Message": message, "RequestId": "R-REFUSED", "HostId": "127.0.0.1"}
    return say(body, status, {name.replace("_", "-"): value for name, value in headers.items()}, date)


def hang_up(handler: Handler) -> None:
    """Close the connection without a word."""
    handler.close_connection = True


def reset(handler: Handler) -> None:
    """Break the connection off with a reset."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True


def stall(seconds: float) -> Act:
    """Say nothing for a while, then hang up."""

    def act(handler: Handler) -> None:
        time.sleep(seconds)
        handler.close_connection = True

    return act


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 65536  # an answer leaves in one piece, or the other side waits for the rest of it
    gateway: Gateway

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        url = urlsplit(self.path)
        seen = Seen(
            method=self.command,
            path=self.path,
            query=dict(parse_qsl(url.query, keep_blank_values=True)),
            form=dict(parse_qsl(body.decode(), keep_blank_values=True)),
            body=body,
            headers={name.lower(): value for name, value in self.headers.items()},
            peer=self.client_address,
        )
        self.gateway.next_for(seen)(self)

    do_GET = do_POST = do_CONNECT = answer

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the tests look at what was seen."""


@dataclass
class Gateway:
    """The server: what it is to say, in this order, and what it saw."""

    port: int = 0
    seen: list[Seen] = field(default_factory=list)
    acts: list[Act] = field(default_factory=list)
    by_page: Callable[[int], Act] | None = None
    lock: Any = field(default_factory=threading.Lock)

    def script(self, *acts: Act) -> None:
        self.acts += acts

    def next_for(self, seen: Seen) -> Act:
        with self.lock:
            self.seen.append(seen)
            if self.by_page:
                parameters = {**seen.query, **seen.form}
                return self.by_page(int(parameters.get("PageNumber") or parameters["PageNum"]))
            return self.acts.pop(0) if self.acts else say({"Code": "ScriptIsOver", "Message": "unit test"}, 418)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


class Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the game."""


def serve(
    gateway: Gateway,
    wrap: Callable[[socket.socket], socket.socket] = lambda plain: plain,
    address: str = "127.0.0.1",
) -> Server:
    """Start a server for a gateway; whoever starts it shuts it down."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    kind = type("BoundServer", (Server,), {"address_family": family})
    server: Server = kind((address, 0), type("BoundHandler", (Handler,), {"gateway": gateway}))
    server.socket = wrap(server.socket)
    gateway.port = server.server_port
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    return server


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A server that answers by script."""
    made = Gateway()
    server = serve(made)
    yield made
    server.shutdown()
    server.server_close()


@pytest.fixture
def unused_port() -> int:
    """A port of the loopback that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class FakeTime:
    """Time that passes by sleeping."""

    now: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def connect(gateway: Gateway, fake_time: FakeTime, tmp_path: Any) -> Iterator[Callable[..., Client]]:
    """Makes clients of the gateway with further options and closes them in the end."""
    clients: list[Client] = []

    def make(
        environ: dict[str, str] | None = None, is_abandoned: Callable[[], bool] = lambda: False, **options: Any
    ) -> Client:
        given = {"access_key_id": KEY_ID, "access_key_secret": SECRET, "endpoint": gateway.url, **options}
        settings = resolve_settings(given, {"HOME": str(tmp_path), **(environ or {})})
        clients.append(
            Client(settings, sleep=fake_time.sleep, monotonic=fake_time.monotonic, is_abandoned=is_abandoned)
        )
        return clients[-1]

    yield make
    for client in clients:
        client.close()
