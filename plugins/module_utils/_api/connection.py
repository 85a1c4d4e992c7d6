# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""One connection to the endpoint, made by requests."""

from __future__ import annotations

import io
import logging
import os
import re
import sys
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any, Callable

try:
    import requests
    from requests.adapters import HTTPAdapter
except ImportError:
    HAS_REQUESTS, HTTPAdapter = False, object  # type: ignore[assignment,misc]  # nothing of it is used then
else:
    HAS_REQUESTS = True

from . import errors
from .response_limits import limit_responses, read_body
from .tls import tls_context

if TYPE_CHECKING:
    from .settings import Settings
    from .signer import HttpRequest


def environment_proxies(endpoint: str) -> dict[str, str]:
    """Return the proxies that the environment names for an endpoint, by scheme.

    :raises ConfigError: when requests is not installed.
    """
    if not HAS_REQUESTS:
        raise errors.missing_requests_error()
    # Other systems have settings of their own. Reading all variables twice, as requests does, takes ten times longer.
    if sys.platform == "linux" and not any(name.lower().endswith("_proxy") for name in os.environ):
        return {}
    proxies: dict[str, str] = requests.utils.get_environ_proxies(endpoint)
    return proxies


class Connection(HTTPAdapter):
    """One connection to the endpoint, with the proxy that the environment names.

    proxies: URLs by scheme, as requests takes them.
    proxy: URL of the proxy for the endpoint, None without one.
    last_used: times of the last response by the monotonic and the wall clock, zeros for a new connection.

    :raises ConfigError: without CA certificates, or without what requests needs for the proxy.
    """

    def __init__(self, settings: Settings, proxies: dict[str, str]) -> None:
        self.last_used = 0.0, 0.0
        self._readers: list[Any] = []
        self._pool: Any = None
        self._settings = settings
        # Every version of the library checks addresses in certificates, only some check names.
        scheme, _colon, host = settings.endpoint.partition("://")
        is_name = not re.match(r"\[|[\d.]+(:|$)", host)
        self._context = tls_context(settings.ca_path, settings.validate_certs, is_name) if scheme == "https" else None
        self._proxies = proxies
        self.proxy = requests.utils.select_proxy(settings.endpoint, self._proxies)
        super().__init__(pool_connections=1, pool_maxsize=1)

    def exchange(self, request: HttpRequest) -> tuple[int, dict[str, str], bytes]:
        """Send a request. Return status, headers by lower-case name, and body of the response.

        :raises NotConnectedError: without a connection.
        :raises ConfigError: for a malformed endpoint or proxy.
        :raises Exception: without a complete response.
        """
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url = request.method, self._settings.endpoint + request.target
        prepared.headers = request.headers  # type: ignore[assignment]  # no name comes twice, in whatever case
        if request.body:
            prepared.body = io.BytesIO(request.body)  # type: ignore[assignment]  # in blocks with a timeout each
        timeout = self._settings.connect_timeout, self._settings.read_timeout
        response: Any = None
        try:
            response = self.send(prepared, True, timeout, self._settings.validate_certs, None, self._proxies)
            body = read_body(response, self._settings.max_response_bytes)
            response.release_conn()
        except BaseException as error:
            for part in (response, *self._readers, self):
                if part is not None:
                    part.close()
            if isinstance(error, requests.exceptions.InvalidURL):
                raise errors.invalid_endpoint_error(self._settings.endpoint) from None
            raise
        return response.status, {name.lower(): value for name, value in response.headers.items()}, body

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make connections without a proxy."""
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self._instrument(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Return the manager of connections through a proxy, which may itself use TLS."""
        if proxy in self.proxy_manager:
            return self.proxy_manager[proxy]
        if not proxy.lower().startswith("socks"):
            kwargs["proxy_ssl_context"] = self._context
        try:
            return self._instrument(super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs))
        except requests.exceptions.InvalidSchema:
            raise errors.missing_pysocks_error() from None
        except ValueError:
            raise errors.invalid_endpoint_error(self._settings.endpoint) from None

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> Any:
        """Return the pool of the endpoint, which requests would look up for each request."""
        if self._pool is None:
            self._pool = super().get_connection_with_tls_context(*args, **kwargs)
        return self._pool

    def close(self) -> None:
        """Close the pool. A later request has another one."""
        self._pool = None
        super().close()

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave trust to the TLS context, which has loaded the certificates once for all connections."""
        conn.cert_reqs = "CERT_REQUIRED" if verify else "CERT_NONE"

    def build_response(self, req: Any, resp: Any) -> Any:
        """Return the response unchanged: without cookies, and with an unread body."""
        return resp

    def _instrument(self, manager: Any) -> Any:
        """Make the connections of a manager report failed connects and limit responses."""
        pools = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {scheme: partial(self._new_pool, pool) for scheme, pool in pools.items()}
        return manager

    def _new_pool(self, create: Any, *args: Any, **kwargs: Any) -> Any:
        _filter_log(create)
        pool = create(*args, **kwargs)
        pool.ConnectionCls = partial(self._new_connection, pool.ConnectionCls)
        return pool

    def _new_connection(self, create: Any, **kwargs: Any) -> Any:
        connection = create(**kwargs)
        connection.connect = partial(_connect_or_raise, connection.connect)
        limit_responses(connection, self._settings.read_timeout, self._settings.max_response_bytes, self._readers)
        return connection


@lru_cache(maxsize=None)
def _filter_log(pool: type) -> None:
    for kind in pool.__mro__:
        logging.getLogger(kind.__module__).addFilter(_hide_queries)


def _hide_queries(record: logging.LogRecord) -> bool:
    """Keep queries, which may hold secrets, out of the debug log of the library."""
    if isinstance(record.args, tuple):
        record.args = tuple(arg.partition("?")[0] if isinstance(arg, str) else arg for arg in record.args)
    return True


def _connect_or_raise(connect: Callable[[], None]) -> None:
    try:
        connect()
    except Exception as error:
        raise errors.NotConnectedError from error
