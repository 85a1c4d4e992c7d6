# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Connections that know whether a request has begun to leave, with one TLS context for all of them.

Whether a byte was sent decides whether a write may be tried again, and no exception of requests or urllib3 tells it
reliably: a reset during the TLS handshake and one after the request look the same.
"""

from __future__ import annotations

import os
import ssl
import threading
from typing import TYPE_CHECKING, Any

try:
    import urllib3
    from requests.adapters import HTTPAdapter
    from urllib3.exceptions import InsecureRequestWarning
    from urllib3.util.ssl_ import create_urllib3_context
except ImportError:
    HTTPAdapter = object  # type: ignore[assignment,misc]  # the transport says so when it is asked to send

if TYPE_CHECKING:
    import requests
    from urllib3.connection import HTTPConnection
else:
    HTTPConnection = object

from .errors import ConfigError
from .gate import WIDTH

_progress = threading.local()


def begin() -> None:
    """Forget what this thread has sent."""
    _progress.sent = False


def has_sent() -> bool:
    """Whether this thread has handed a byte of a request to a connected socket since :func:`begin`."""
    return bool(getattr(_progress, "sent", False))


class _Watched(HTTPConnection):
    """Goes before any kind of connection, be it plain, with TLS or through SOCKS."""

    connecting = False

    def connect(self) -> None:
        self.connecting = True  # what is said to a proxy to get through is not the request yet
        try:
            super().connect()
        finally:
            self.connecting = False

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        if not self.connecting:
            _progress.sent = True
        super().send(data)


def _watch(manager: Any) -> None:
    """Let a pool manager make connections that are watched."""
    manager.pool_classes_by_scheme = {
        scheme: type(pool.__name__, (pool,), {"ConnectionCls": type("Watched", (_Watched, pool.ConnectionCls), {})})
        for scheme, pool in manager.pool_classes_by_scheme.items()
    }


def tls_context(verify: bool | str) -> ssl.SSLContext:
    """A context that trusts the certificates at the path ``verify``, a file or a directory; False trusts everything.

    :raises ConfigError: when no certificates can be read there.
    """
    context: ssl.SSLContext = create_urllib3_context()
    if verify is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        urllib3.disable_warnings(InsecureRequestWarning)  # it was asked for, and is not news at every request
        return context
    try:
        if os.path.isdir(str(verify)):
            context.load_verify_locations(capath=str(verify))
        else:
            context.load_verify_locations(cafile=str(verify))
    except (OSError, ValueError) as error:
        raise ConfigError(
            f"no CA certificates can be read from {verify}: {getattr(error, 'strerror', None) or 'not in PEM form'}",
            "Check ca_path, or REQUESTS_CA_BUNDLE and CURL_CA_BUNDLE where ca_path is not given.",
        ) from None
    return context


class Adapter(HTTPAdapter):
    """Adapter of a requests session for one endpoint.

    :param context: for connections to the endpoint; None where it is not HTTPS. It settles what is verified, so the
        ``verify`` of a request, which the environment can change, is not looked at.
    """

    def __init__(self, context: ssl.SSLContext | None) -> None:
        self._tls: dict[str, Any] = {"ssl_context": context} if context else {}
        super().__init__(pool_maxsize=WIDTH)

    def init_poolmanager(self, connections: int, maxsize: int, block: bool = False, **kwargs: Any) -> None:
        super().init_poolmanager(connections, maxsize, block, **self._tls, **kwargs)
        _watch(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        known = proxy in self.proxy_manager
        manager = super().proxy_manager_for(proxy, **{**self._tls, **kwargs})
        if not known:
            _watch(manager)
        return manager

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> Any:
        return super().build_connection_pool_key_attributes(request, verify, cert)[0], {}

    def cert_verify(self, *args: Any, **kwargs: Any) -> None:
        """Nothing is left to set."""
