# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What importing the client costs, and what of it works where requests is not installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = "ansible_collections.jst.retailcloud.plugins.module_utils._api"
ABSENT = "sys.modules['requests'] = sys.modules['urllib3'] = sys.modules['certifi'] = None"
MODULES = sorted(path.stem for path in Path(__file__).parents[3].glob("plugins/module_utils/_api/*.py"))


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
from {PACKAGE}.credentials import resolve
from {PACKAGE}.errors import ConfigError
given = {{"access_key_id": "i", "access_key_secret": "s", "endpoint": {endpoint!r}}}
with Client(resolve(given, {{}})) as client:
    try:
        client.call("ListApp")
    except ConfigError as error:
        print(error, error.hint)
"""
    told = run(code)
    assert f"the Python package requests is missing for {sys.executable}" in told
    assert "pip install requests" in told


def test_a_missing_pysocks_is_told_where_the_proxy_needs_it() -> None:
    code = f"""
import os, sys; sys.modules["socks"] = None
from {PACKAGE}.client import Client
from {PACKAGE}.credentials import resolve
from {PACKAGE}.errors import ConfigError
os.environ["ALL_PROXY"] = "socks5h://somebody:hush@127.0.0.1:1"
given = {{"access_key_id": "i", "access_key_secret": "s", "endpoint": "http://127.0.0.1:1"}}
with Client(resolve(given, {{}})) as client:
    try:
        client.call("ListApp")
    except ConfigError as error:
        print(error, error.hint)
"""
    told = run(code)
    assert f"PySocks is missing for {sys.executable}" in told
    assert "pip install PySocks" in told
    assert "hush" not in told


def test_no_failure_imports_anything() -> None:
    """An import opens a file, which fails where a process has no descriptor left."""
    code = f"""
import json, sys
from {PACKAGE}.client import Client
from {PACKAGE}.credentials import resolve
from {PACKAGE}.errors import ApiError
given = {{"access_key_id": "i", "access_key_secret": "s", "endpoint": "http://127.0.0.1:1", "retry_timeout": 0}}
before = set(sys.modules)
with Client(resolve(given, {{}})) as client:
    try:
        client.call("CreateApp", {{"Title": "t"}})
    except ApiError as error:
        print(json.dumps([error.code, sorted(set(sys.modules) - before)]))
"""
    assert json.loads(run(code)) == ["NotSent.ConnectionRefused", []]
