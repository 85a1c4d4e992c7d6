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


def test_requests_is_not_loaded_before_it_is_needed() -> None:
    code = f"""
import json, sys, {PACKAGE}.client, {PACKAGE}.credentials
print(json.dumps(sorted(sys.modules)))
"""
    assert not {"requests", "urllib3", "certifi"} & set(json.loads(run(code)))


@pytest.mark.parametrize("module", MODULES)
def test_every_module_can_be_imported_without_requests(module: str) -> None:
    run(f"import sys; {ABSENT}; import {PACKAGE}.{module}")


@pytest.mark.parametrize(
    ("endpoint", "environ", "expected"),
    [
        ("http://127.0.0.1:1", {}, "nothing listens there"),
        ("https://127.0.0.1:1", {"REQUESTS_CA_BUNDLE": __file__}, "no CA certificates can be read"),
        ("https://127.0.0.1:1", {}, "requests is missing"),
        ("http://127.0.0.1:1", {"HTTP_PROXY": "http://127.0.0.1:1"}, "requests is missing"),
    ],
)
def test_a_missing_requests_is_told_when_it_is_needed(endpoint: str, environ: dict[str, str], expected: str) -> None:
    code = f"""
import os, sys; {ABSENT}
from {PACKAGE}.client import Client
from {PACKAGE}.credentials import resolve
from {PACKAGE}.errors import JstError
os.environ.update({environ!r})
given = {{"access_key_id": "i", "access_key_secret": "s", "endpoint": {endpoint!r}, "retry_timeout": 0}}
with Client(resolve(given, {{}})) as client:
    try:
        client.call("ListApp")
    except JstError as error:
        print(error, error.hint)
"""
    told = run(code)
    assert expected in told
    assert (f"is missing for {sys.executable}" in told and "pip install requests" in told) == ("requests" in expected)
