# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What importing the client costs, and that it works where requests is not installed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = "ansible_collections.jst.retailcloud.plugins.module_utils._api"
MODULES = sorted(path.stem for path in Path(__file__).parents[3].glob("plugins/module_utils/_api/*.py"))


def run(code: str) -> str:
    """What a fresh interpreter prints."""
    environ = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run([sys.executable, "-c", code], env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_client_brings_little_besides_requests() -> None:
    code = f"""
import json, sys, requests
before = set(sys.modules)
import {PACKAGE}.client, {PACKAGE}.credentials
print(json.dumps(sorted(set(sys.modules) - before)))
"""
    others = {name for name in json.loads(run(code)) if not name.startswith("ansible_collections")}
    assert others == set()


@pytest.mark.parametrize("module", MODULES)
def test_every_module_can_be_imported_without_requests(module: str) -> None:
    run(f"import sys; sys.modules['requests'] = sys.modules['urllib3'] = None; import {PACKAGE}.{module}")


def test_a_missing_requests_is_told_when_it_is_needed() -> None:
    code = f"""
import sys
sys.modules["requests"] = sys.modules["urllib3"] = None
from {PACKAGE}.client import Client
from {PACKAGE}.credentials import resolve
from {PACKAGE}.errors import ConfigError
with Client(resolve({{"access_key_id": "i", "access_key_secret": "s"}}, {{}})) as client:
    try:
        client.call("ListApp")
    except ConfigError as error:
        print(error, error.hint)
"""
    told = run(code)
    assert f"requests is missing for {sys.executable}" in told
    assert "pip install requests" in told
