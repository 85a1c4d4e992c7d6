# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The way through a proxy, which requests finds in the environment and urllib3 goes, whatever kind it is of."""

from __future__ import annotations

import functools
import ssl
from typing import TYPE_CHECKING, Any

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
    from urllib3.exceptions import HTTPError, InsecureRequestWarning, ProxyError
except ImportError:
    HAS_REQUESTS = False
else:
    HAS_REQUESTS = True

from . import connections
from .errors import missing_requests
from .gate import WIDTH

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection

    from .signer import Request
else:
    HTTPConnection = object


def choose(endpoint: str) -> str | None:
    """The proxy that leads to the endpoint; None where there is none.

    :raises ConfigError: when requests is not installed.
    """
    if not HAS_REQUESTS:
        raise missing_requests()
    proxies = requests.utils.get_environ_proxies(endpoint)
    proxy = requests.utils.select_proxy(endpoint, proxies)
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


class ProxiedLine:
    """The connections to one endpoint through a proxy. Safe to use from several threads.

    :param proxy: as :func:`choose` gives it.
    :param context: for an HTTPS endpoint, None for another. It settles what is verified.
    :param connect_timeout: seconds.
    :param read_timeout: seconds without a byte.
    :raises ConfigError: when the endpoint or the proxy is malformed.
    """

    def __init__(
        self,
        endpoint: str,
        proxy: str,
        context: ssl.SSLContext | None,
        connect_timeout: float,
        read_timeout: float,
    ) -> None:
        self._endpoint = endpoint
        self._timeout = urllib3.Timeout(connect=connect_timeout, read=read_timeout)
        # To a proxy that forwards plain requests a target is a whole address.
        forwards = endpoint.startswith("http:") and not proxy.lower().startswith("socks")
        self._before_target = endpoint if forwards else ""
        try:
            self._pool = _pool(endpoint, proxy, {"ssl_context": context} if context else {})
        except (requests.RequestException, ValueError):
            raise connections.no_way(endpoint) from None
        if context and context.verify_mode == ssl.CERT_NONE:
            urllib3.disable_warnings(InsecureRequestWarning)  # it was asked for, and is not news at every request

    def ask(self, request: Request) -> connections.Response:
        """Send a request and read the whole answer.

        :raises OSError: what stood in the way, or what came is no whole answer.
        :raises ConfigError: the endpoint or the proxy cannot even be tried.
        """
        try:
            answer = self._pool.request(
                request.method,
                self._before_target + request.target,
                body=request.body or None,
                headers=request.headers,
                retries=False,
                redirect=False,
                assert_same_host=False,
                timeout=self._timeout,
                enforce_content_length=True,
            )
        except ValueError:  # what looks like a name can be none; an address has no name to check before urllib3 2
            raise connections.no_way(self._endpoint) from None
        except ProxyError as error:
            raise connections.ProxyFailure from error
        except HTTPError as error:
            raise OSError from error
        return connections.response(answer.status, answer.headers.items(), answer.data)

    def close(self) -> None:
        """Part with all connections."""
        self._pool.close()


def _pool(endpoint: str, proxy: str, options: dict[str, Any]) -> urllib3.HTTPConnectionPool:
    manager = HTTPAdapter(pool_maxsize=WIDTH).proxy_manager_for(proxy, **options)
    manager.pool_classes_by_scheme = {scheme: _watched(pool) for scheme, pool in manager.pool_classes_by_scheme.items()}
    pool: urllib3.HTTPConnectionPool = manager.connection_from_url(endpoint)
    return pool


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
            connections.leave()
        super().send(data)


@functools.lru_cache(maxsize=None)
def _watched(pool: type[urllib3.HTTPConnectionPool]) -> type[urllib3.HTTPConnectionPool]:
    """The same kind of pool, whose connections are watched."""
    connection = type("Watched", (_Watched, pool.ConnectionCls), {})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})
