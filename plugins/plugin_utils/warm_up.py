# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Run one task without a change in the main process, before it forks.

Code that runs for the first time writes to memory: Python specializes it, classes fill their caches, and trusted
certificates are loaded. A fork would do this again in every task, and copy each page that it touches. Nothing is sent:
the connection is one end of a socket pair, whose other end already holds the response. No state changes that other
threads of the main process could notice.
"""

from __future__ import annotations

import functools
import json
import os
import socket
from typing import Any

from ansible.module_utils.common.arg_spec import ModuleArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values

from ansible_collections.jst.retailcloud.plugins.module_utils._api import tls
from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.connection import Connection
from ansible_collections.jst.retailcloud.plugins.module_utils._api.env_vars import lookup
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from ansible_collections.jst.retailcloud.plugins.module_utils._core.argument_specs import module_options
from ansible_collections.jst.retailcloud.plugins.module_utils._core.engine import reconcile
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App
from ansible_collections.jst.retailcloud.plugins.plugin_utils import in_process

ENDPOINT = "http://nowhere.invalid"
OPTIONS = {
    "app_id": 1,
    "language": "Java",
    "endpoint": ENDPOINT,
    "access_key_id": "none",
    "access_key_secret": "none",
}

BODY = json.dumps(
    {"Code": 0, "RequestId": "0", "Result": {"AppId": 1, "Title": "none", "Language": "Java", "UserRoles": []}}
).encode()
ANSWER = (
    "HTTP/1.1 200 OK\r\n"
    "Date: Thu, 01 Jan 1970 00:00:00 GMT\r\n"
    "Content-Type: application/json;charset=utf-8\r\n"
    f"Content-Length: {len(BODY)}\r\n"
    "\r\n"
).encode() + BODY


class _Connection(Connection):
    """A connection over a socket that exists already."""

    near: socket.socket

    def _new_connection(self, create: Any, **options: Any) -> Any:
        connection = super()._new_connection(create, **options)
        connection.sock = self.near
        return connection


@functools.cache
def warm_up() -> dict[str, Any] | None:
    """Run the task, unless it ran before, and return the state that it found.

    :raises JstError: when the task fails.
    """
    endpoint = lookup(os.environ, "endpoint")
    if not endpoint or not endpoint.value.startswith("http:"):
        tls.tls_context()
    resource = App()
    spec = module_options(resource)
    options = ModuleArgumentSpecValidator(spec).validate(OPTIONS).validated_parameters
    near, far = socket.socketpair()
    with near, far, Client(resolve_settings(options, os.environ)) as client:
        far.sendall(ANSWER)
        connection = _Connection(client.settings, client._transport._proxies)
        connection.near = near
        client._transport._idle.append(connection)
        outcome = reconcile(RunContext(client, options, check_mode=True), resource)
    found = resource.to_result(outcome.state)
    # AnsibleModule searches each result for secrets.
    result = remove_values({"changed": False, resource.name: found}, {options["access_key_secret"]})
    in_process.round_trip(options, result)
    return found
