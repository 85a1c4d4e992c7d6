# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the calls of a run again without Ansible: one process, some threads, each app's calls one after the other.

``replay.py KIND CALLS THREADS``: KIND is ``plain``, which is requests and a signature written here, or ``client``, the
client of the collection. CALLS is a file of JSON, a list for each app. The environment has address and keys.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import sys
import threading
import time
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import requests

Call = dict[str, Any]
Pairs = list[tuple[str, str]]

VERSION = "2018-03-13"
TIMEOUT = 60


def _pairs(call: Call) -> tuple[Pairs, Pairs]:
    """Return what goes into the query and into the body: in calls that use both, the lists go into the body."""
    query: Pairs = []
    body: Pairs = []
    for name, value in call["params"].items():
        is_list = isinstance(value, list)
        into = body if call["placement"] == "body" or (call["placement"] == "mixed" and is_list) else query
        into += (
            [(f"{name}.{number}", str(item)) for number, item in enumerate(value, 1)]
            if is_list
            else [(name, str(value))]
        )
    return sorted(query), sorted(body)


def _encoded(pairs: Pairs) -> str:
    return "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in pairs)


def plain() -> Callable[[Call], Any]:
    """A caller with a session of its own."""
    session = requests.Session()
    session.trust_env = False
    address = os.environ["ALIBABA_CLOUD_ENDPOINT"]
    key, secret = os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"], os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
    host = urlsplit(address).netloc

    def make(call: Call) -> Any:
        query, body = map(_encoded, _pairs(call))
        headers = {
            "host": host,
            "x-acs-action": call["action"],
            "x-acs-content-sha256": hashlib.sha256(body.encode()).hexdigest(),
            "x-acs-date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "x-acs-signature-nonce": uuid.uuid4().hex,
            "x-acs-version": VERSION,
        }
        names = ";".join(headers)
        lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
        request = "\n".join([call["method"], "/", query, lines, names, headers["x-acs-content-sha256"]])
        text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
        signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
        headers["Authorization"] = f"ACS3-HMAC-SHA256 Credential={key},SignedHeaders={names},Signature={signature}"
        if body:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        url = f"{address}/?{query}"
        answer = session.request(call["method"], url, data=body or None, headers=headers, timeout=TIMEOUT)
        answer.raise_for_status()
        return answer.json()

    return make


def client() -> Callable[[Call], Any]:
    """A caller with a client of its own."""
    from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
    from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings

    opened = Client(resolve_settings({}, os.environ))
    return lambda call: opened.call(call["action"], call["params"])


KINDS = {"plain": plain, "client": client}


def main(kind: str, file: str, threads: str) -> None:
    """Make all calls."""
    apps: list[list[Call]] = json.loads(Path(file).read_text())
    own = threading.local()

    def work(calls: list[Call]) -> None:
        if not hasattr(own, "make"):
            own.make = KINDS[kind]()
        for call in calls:
            own.make(call)

    with ThreadPoolExecutor(int(threads)) as pool:
        list(pool.map(work, apps))


if __name__ == "__main__":
    main(*sys.argv[1:])
