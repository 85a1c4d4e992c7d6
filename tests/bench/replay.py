# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes the calls of a run again without Ansible: one process, some threads, each app's calls one after the other.

``replay.py KIND CALLS THREADS``: KIND is ``plain``, which is requests and a signature written here, or ``client``, the
client of the collection. CALLS is a file of JSON, a list for each app. The environment has address and keys, and
PYTHONPATH leads to this project.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests

from tests.bench.signing import Call, signed

TIMEOUT = 60


def plain() -> Callable[[Call], Any]:
    """A caller with a session of its own."""
    session = requests.Session()
    session.trust_env = False

    def make(call: Call) -> Any:
        request = signed(call)
        request["data"] = request.pop("body") or None
        answer = session.request(**request, timeout=TIMEOUT)
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
