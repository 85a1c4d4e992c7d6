# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Sends one request and brings back the response. It knows signatures, connections and time, and no operation."""

from __future__ import annotations

import io
import logging
import os
import re
import ssl
import threading
import time
import warnings
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, Any, Callable
from urllib.parse import urlsplit

try:
    import requests
    from requests.adapters import HTTPAdapter
except ImportError:
    HAS_REQUESTS, HTTPAdapter = False, object  # type: ignore[assignment,misc]  # nothing of it is used then
else:
    HAS_REQUESTS = True

from . import errors
from .connection_errors import to_api_error
from .http_response import HttpResponse, from_headers
from .response_limits import limit_responses, read_body
from .signer import HttpRequest, build_request, sign_acs3, sign_v1

if TYPE_CHECKING:
    from .operations import Operation
    from .parameters import EncodedParams
    from .settings import Settings

MAX_IDLE = 20.0
"""Seconds that a connection may have been idle and still carry a write: the gateway closes it after 25."""


class Transport:
    """The connections of one client. Safe to use from several threads.

    sent: how many requests have been sent.
    clock_offset: seconds added to this machine's time in signatures.
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
        """Close all connections, those in use when they come back; a later call opens others."""
        with self._lock:
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def send(self, operation: Operation, params: EncodedParams, attempt: int = 1, waited: float = 0.0) -> HttpResponse:
        """Sign and send one attempt of a call.

        :param attempt: its number, from 1.
        :param waited: seconds slept before it.
        :raises ConnectionFailedError: when no connection was made, so no byte of the request left.
        :raises ResponseLostError: when no whole response came, whatever else did.
        :raises ConfigError: when keys, CA certificates, requests or what it needs for a proxy cannot be had, or the
            setting of a proxy is malformed.
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
        connection.used = self._monotonic(), time.time()
        with self._lock:
            self.sent += 1
            idle.append(connection)
        if idle is not self._idle:  # it was closed meanwhile
            connection.close()
        return from_headers(
            status, headers, body, urlsplit(self._settings.endpoint).netloc, credentials, params.secrets
        )

    @cached_property
    def _proxies(self) -> dict[str, str]:
        """The proxies that the environment names, for all connections."""
        if not HAS_REQUESTS:
            raise errors.missing_requests_error()
        proxies: dict[str, str] = requests.utils.get_environ_proxies(self._settings.endpoint)
        return proxies

    def _acquire(self, is_read: bool) -> Connection:
        """Return the connection that was used last, or a new one.

        While a machine sleeps its monotonic clock may stand still, while its wall clock continues.
        """
        while True:
            with self._lock:
                connection = self._idle.pop() if self._idle else Connection(self._settings, self._proxies)
            ticks, wall = connection.used
            if is_read or not ticks or max(self._monotonic() - ticks, time.time() - wall) < MAX_IDLE:
                return connection
            connection.close()


class Connection(HTTPAdapter):
    """At most one connection to the endpoint, which requests makes in the way that the environment says.

    proxies: URLs by scheme, as requests takes them.
    proxy: URL of the one that leads to the endpoint, None where there is none.
    used: when it last brought a response, by both clocks; zeros for one that is new.

    :raises ConfigError: when CA certificates, or what requests needs for the proxy, cannot be had.
    """

    def __init__(self, settings: Settings, proxies: dict[str, str]) -> None:
        self.used = 0.0, 0.0
        self._reading: list[Any] = []
        self._settings = settings
        # The library checks addresses by itself, whatever its version, and names only in some.
        scheme, _colon, host = settings.endpoint.partition("://")
        is_name = not re.match(r"\[|[\d.]+(:|$)", host)
        self._context = tls_context(settings.ca_path, settings.validate_certs, is_name) if scheme == "https" else None
        self._proxies = proxies
        self.proxy = requests.utils.select_proxy(settings.endpoint, self._proxies)
        super().__init__(pool_connections=1, pool_maxsize=1)

    def exchange(self, request: HttpRequest) -> tuple[int, dict[str, str], bytes]:
        """Send a request; return status, headers with names in lower case, and body of the response.

        :raises NotConnectedError: when no connection was made.
        :raises ConfigError: when the endpoint or the proxy cannot even be tried.
        :raises Exception: any other, when no whole response came.
        """
        prepared = requests.PreparedRequest()
        prepared.method, prepared.url = request.method, self._settings.endpoint + request.target
        prepared.headers = request.headers  # type: ignore[assignment]  # no name comes twice, in whatever case
        if request.body:
            prepared.body = io.BytesIO(request.body)  # type: ignore[assignment]  # in blocks: each has its time
        timeout = self._settings.connect_timeout, self._settings.read_timeout
        response: Any = None
        try:
            response = self.send(prepared, True, timeout, self._settings.validate_certs, None, self._proxies)
            body = read_body(response, self._settings.max_response_bytes)
            response.release_conn()
        except BaseException as error:
            for part in (response, *self._reading, self):
                if part is not None:
                    part.close()
            if isinstance(error, requests.exceptions.InvalidURL):
                raise errors.invalid_endpoint_error(self._settings.endpoint) from None
            raise
        return response.status, {name.lower(): value for name, value in response.headers.items()}, body

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make connections without a proxy."""
        super().init_poolmanager(*args, ssl_context=self._context, **kwargs)
        self._watch(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        """Return what makes connections through a proxy, which itself may want TLS."""
        if proxy in self.proxy_manager:
            return self.proxy_manager[proxy]
        if not proxy.lower().startswith("socks"):
            kwargs["proxy_ssl_context"] = self._context
        try:
            return self._watch(super().proxy_manager_for(proxy, ssl_context=self._context, **kwargs))
        except requests.exceptions.InvalidSchema:
            raise errors.missing_pysocks_error() from None
        except ValueError:
            raise errors.invalid_endpoint_error(self._settings.endpoint) from None

    def cert_verify(self, conn: Any, url: str, verify: Any, cert: Any) -> None:
        """Leave it to the context, which has read the certificates once for all connections, what is trusted."""
        conn.cert_reqs = "CERT_REQUIRED" if verify else "CERT_NONE"

    def build_response(self, req: Any, resp: Any) -> Any:
        """Return the response as it is: without cookies, and with its body still to come."""
        return resp

    def _watch(self, manager: Any) -> Any:
        """Let a manager make pools, and these connections, that are watched."""
        pools = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {scheme: partial(self._new_pool, pool) for scheme, pool in pools.items()}
        return manager

    def _new_pool(self, create: Any, *args: Any, **kwargs: Any) -> Any:
        _watch_log(create)
        pool = create(*args, **kwargs)
        pool.ConnectionCls = partial(self._new_connection, pool.ConnectionCls)
        return pool

    def _new_connection(self, create: Any, **kwargs: Any) -> Any:
        connection = create(**kwargs)
        connection.connect = partial(_connect, connection.connect)
        limit_responses(connection, self._settings.read_timeout, self._settings.max_response_bytes, self._reading)
        return connection


@lru_cache(maxsize=None)
def _watch_log(pool: type) -> None:
    for kind in pool.__mro__:
        logging.getLogger(kind.__module__).addFilter(_hide_queries)


def _hide_queries(record: logging.LogRecord) -> bool:
    """Keep what is in a query, secrets among it, out of the debug log of the library."""
    if isinstance(record.args, tuple):
        record.args = tuple(arg.partition("?")[0] if isinstance(arg, str) else arg for arg in record.args)
    return True


def _connect(connect: Callable[[], None]) -> None:
    try:
        connect()
    except Exception as error:
        raise errors.NotConnectedError from error


def tls_context(ca_path: str | None = None, validate: bool = True, checks_names: bool = True) -> ssl.SSLContext:
    """Return a context that trusts a file or a folder of certificates, else those that requests finds.

    It takes some 20 ms to read them, so a context is made once for this process and those that are forked from it.
    """
    if not validate:
        warnings.filterwarnings("ignore", "Unverified HTTPS request")  # it was asked for, and is no news each time
        return _load(None, 0, False)
    named = ca_path or os.environ.get("REQUESTS_CA_BUNDLE") or os.environ.get("CURL_CA_BUNDLE")
    path: str = named or requests.utils.DEFAULT_CA_BUNDLE_PATH
    try:
        return _load(path, os.stat(path).st_mtime_ns, checks_names)
    except (OSError, ValueError) as error:
        raise errors.unreadable_ca_error(path, error) from None


@lru_cache(maxsize=8)
def _load(path: str | None, _changed: int, checks_names: bool) -> ssl.SSLContext:
    if path is None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    elif os.path.isdir(path):
        context = ssl.create_default_context(capath=path)
    else:
        context = ssl.create_default_context(cafile=path)
    context.check_hostname = checks_names
    context.verify_mode = ssl.CERT_REQUIRED if path else ssl.CERT_NONE
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context
