# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What importing the client costs, and what of it works where requests is not installed."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = "ansible_collections.jst.retailcloud.plugins.module_utils._api"
ABSENT = "sys.modules['requests'] = sys.modules['urllib3'] = sys.modules['certifi'] = None"
MODULES = sorted(path.stem for path in Path(__file__).parents[5].glob("plugins/module_utils/_api/*.py"))


def run(code: str) -> str:
    """What a fresh interpreter prints."""
    kept = {name: value for name, value in os.environ.items() if not name.lower().endswith(("_proxy", "_ca_bundle"))}
    environ = {**kept, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.parametrize("module", MODULES)
def test_every_module_can_be_imported_without_requests(module: str) -> None:
    run(f"import sys; {ABSENT}; import {PACKAGE}.{module}")


@pytest.mark.parametrize("endpoint", ["http://127.0.0.1:1", "https://127.0.0.1:1"])
def test_a_missing_requests_is_told_when_it_is_needed(endpoint: str) -> None:
    code = f"""
import sys; {ABSENT}
from {PACKAGE}.client import Client
from {PACKAGE}.settings import resolve_settings
from {PACKAGE}.errors import ConfigError
given = {{"access_key_id": "i", "access_key_secret": "s", "endpoint": {endpoint!r}}}
with Client(resolve_settings(given, {{}})) as client:
    try:
        client.call("ListApp")
    except ConfigError as error:
        print(error, error.hint)
"""
    told = run(code)
    assert f"The Python package requests is missing for {sys.executable}" in told
    assert "pip install requests" in told


def test_a_missing_pysocks_is_told_where_the_proxy_needs_it() -> None:
    code = f"""
import os, sys; sys.modules["socks"] = None
from {PACKAGE}.client import Client
from {PACKAGE}.settings import resolve_settings
from {PACKAGE}.errors import ConfigError
os.environ["ALL_PROXY"] = "socks5h://somebody:hush@127.0.0.1:1"
given = {{"access_key_id": "i", "access_key_secret": "s", "endpoint": "http://127.0.0.1:1"}}
with Client(resolve_settings(given, {{}})) as client:
    try:
        client.call("ListApp")
    except ConfigError as error:
        print(error, error.hint)
"""
    told = run(code)
    assert f"PySocks is missing for {sys.executable}" in told
    assert "pip install PySocks" in told
    assert "hush" not in told


ANSWERS = {
    "ConnectionFailed.ConnectionRefused": None,
    "ResponseLost.ConnectionLost": b"",
    "EmptyResponse": b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
    "UnexpectedResponse": b"HTTP/1.1 502 Bad\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\n<p",
    "InvalidTimeStamp.Expired": b'HTTP/1.1 400 Bad\r\n\r\n{"Code": "InvalidTimeStamp.Expired", "Message": "no"}',
    "MalformedResponse": b'HTTP/1.1 200 OK\r\nDate: never\r\n\r\n{"RequestId": "1"}',
    "3": b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + gzip.compress(b'{"Code": 3, "ErrMsg": "no"}'),
}


@pytest.mark.parametrize("expected", ANSWERS)
def test_no_failure_imports_anything(expected: str) -> None:
    """An import opens a file, which fails where a process has no descriptor left."""
    code = f"""
import json, socket, sys, threading
from {PACKAGE}.client import Client
from {PACKAGE}.settings import resolve_settings
from {PACKAGE}.errors import ApiError

def answer(said):
    while True:
        with server.accept()[0] as connection:
            connection.recv(65536)
            connection.sendall(said)
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1)

server = socket.create_server(("127.0.0.1", 0))
port = server.getsockname()[1]
said = {ANSWERS[expected]!r}
if said is None:
    server.close()
else:
    threading.Thread(target=answer, args=(said,), daemon=True).start()
given = {{"access_key_id": "i", "access_key_secret": "s", "endpoint": f"http://127.0.0.1:{{port}}", "retry_timeout": 0}}
before = set(sys.modules)
with Client(resolve_settings(given, {{}})) as client:
    try:
        client.call("CreateApp", {{"Title": "t"}})
    except ApiError as error:
        print(json.dumps([error.code, sorted(set(sys.modules) - before)]))
"""
    assert json.loads(run(code)) == [expected, []]
