# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The transport: signs and sends one request and returns the response. It pools the connections of a client."""

from __future__ import annotations

import threading
import time
from functools import cached_property
from typing import TYPE_CHECKING, Callable
from urllib.parse import urlsplit

from . import errors
from .connection import Connection, environment_proxies
from .connection_errors import to_api_error
from .http_response import HttpResponse, from_headers
from .signer import build_request, sign_acs3, sign_v1

if TYPE_CHECKING:
    from .operations import Operation
    from .parameters import EncodedParams
    from .settings import Settings

MAX_IDLE = 20.0
"""Seconds of idle time after which a connection carries no write: the gateway closes it after 25."""


class Transport:
    """The connections of one client. Safe to use from several threads.

    sent: the number of requests sent.
    clock_offset: seconds added to the time of this machine in signatures.
    """

    def __init__(self, settings: Settings, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.sent = 0
        self.clock_offset = 0.0
        self._settings = settings
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._sign = sign_acs3 if settings.signature_version == "acs3" else sign_v1
        self._idle: list[Connection] = []

    def close(self) -> None:
        """Close all connections, busy ones after their response. A later call opens new ones."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def send(self, operation: Operation, params: EncodedParams, attempt: int = 1, waited: float = 0.0) -> HttpResponse:
        """Sign and send one attempt of a call.

        :param attempt: its number, from 1.
        :param waited: seconds of delay before it.
        :raises ConnectionFailedError: without a connection, so that no byte of the request was sent.
        :raises ResponseLostError: without a complete response.
        :raises ConfigError: without credentials, CA certificates, requests or its SOCKS support, or for a malformed
            proxy.
        """
        credentials = self._settings.credential_provider.get_credentials()
        request = build_request(operation.method, self._settings.endpoint, params, attempt, waited)
        self._sign(request, operation.name, params, credentials, time.time() + self.clock_offset)
        idle, connection = self._idle, self._acquire(operation.is_read)
        try:
            status, headers, body = connection.exchange(request)
        except errors.ConfigError:
            raise
        except Exception as cause:
            error = to_api_error(cause, operation, self._settings, connection.proxy)
            with self._lock:
                self.sent += isinstance(error, errors.ResponseLostError)
            raise error from None
        connection.last_used = self._monotonic(), time.time()
        with self._lock:
            self.sent += 1
            idle.append(connection)
        if idle is not self._idle:  # close() was called meanwhile
            connection.close()
        return from_headers(
            status, headers, body, urlsplit(self._settings.endpoint).netloc, credentials, params.secrets
        )

    @cached_property
    def _proxies(self) -> dict[str, str]:
        """The proxies that the environment names, for all connections."""
        return environment_proxies(self._settings.endpoint)

    def _acquire(self, is_read: bool) -> Connection:
        """Return the connection that was used last, or a new one.

        The monotonic clock may stop while a machine sleeps, the wall clock does not.
        """
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else Connection(self._settings, self._proxies)
            ticks, wall = connection.last_used
            if is_read or not ticks or max(self._monotonic() - ticks, time.time() - wall) < MAX_IDLE:
                return connection
            connection.close()
