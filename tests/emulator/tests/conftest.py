# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Clients of an emulator with a small world."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from jst_emulator import server as server_module
from jst_emulator.emulator import Emulator, Settings
from jst_emulator.server import serve
from support.signed_client import SignedClient
from support.small_world import APP, HANDLERS, load


@pytest.fixture
def make_client() -> Callable[..., SignedClient]:
    """Return a function that makes a client with an emulator of its own.

    Its keyword arguments are Settings; ``spec`` is for the world.
    """

    def make(spec: Any = None, handlers: Mapping[str, Any] | None = None, **settings: Any) -> SignedClient:
        return SignedClient(Emulator(Settings(**settings), HANDLERS if handlers is None else handlers, load, spec))

    return make


@pytest.fixture
def client(make_client: Callable[..., SignedClient]) -> SignedClient:
    """Return a client of a small emulator."""
    return make_client()


@pytest.fixture
def app() -> dict[str, Any]:
    """Return parameters of CreateApp."""
    return dict(APP)


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Return the port of a running emulator with 40 apps, URLs up to 4 KB and connections that close when idle."""
    monkeypatch.setattr(server_module._Handler, "timeout", 0.5)
    server = serve(Emulator(Settings(max_url_bytes=4096), HANDLERS, load, 40), "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server.port
    server.shutdown()
    thread.join()
