# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Connections that know whether a request has begun to leave, with one TLS context for all of them.

Whether a byte was sent decides whether a write may be tried again, and no exception of urllib3 tells it reliably: a
reset during the TLS handshake and one after the request look the same.

Of requests this takes what it knows about proxies and CA certificates. A request goes straight to the pool of urllib3
that lies beneath: what a session of requests does on top (cookies, redirects, hooks, ``~/.netrc``) no call may have,
and in a fork, where every function that runs for the first time copies memory, it costs more than signing.
"""

from __future__ import annotations

import functools
import os
import ssl
import threading
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from urllib.request import getproxies, getproxies_environment

try:
    import requests
    import urllib3
    from requests.adapters import HTTPAdapter
    from urllib3.exceptions import InsecureRequestWarning, LocationValueError
    from urllib3.util.ssl_ import create_urllib3_context
except ImportError:
    requests = None  # type: ignore[assignment]  # the transport says so when it is asked to send

if TYPE_CHECKING:
    from urllib3.connection import HTTPConnection

    from .signer import Request
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


@functools.lru_cache(maxsize=None)
def _watched(pool: type[urllib3.HTTPConnectionPool]) -> type[urllib3.HTTPConnectionPool]:
    """The same kind of pool, whose connections are watched."""
    connection = type("Watched", (_Watched, pool.ConnectionCls), {})
    return type(pool.__name__, (pool,), {"ConnectionCls": connection})


def ca_path() -> str:
    """The certificates that are trusted where no option names others, as requests finds them."""
    named = (os.environ.get(name) for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"))
    return next(filter(None, named), requests.utils.DEFAULT_CA_BUNDLE_PATH)


def tls_context(verify: bool | str) -> ssl.SSLContext:
    """A context that trusts the certificates at the path ``verify``, a file or a directory; False trusts everything.

    It takes some 20 ms to read certificates, so a context is made once for all clients of this process and of those
    that are forked from it, and anew when the file has changed.

    :raises ConfigError: when no certificates can be read there.
    """
    if verify is False:
        urllib3.disable_warnings(InsecureRequestWarning)  # it was asked for, and is not news at every request
        return _tls_context(False, 0)
    try:
        changed = os.stat(str(verify)).st_mtime_ns
    except (OSError, ValueError):
        changed = 0
    return _tls_context(verify, changed)


@functools.lru_cache(maxsize=8)
def _tls_context(verify: bool | str, changed: int) -> ssl.SSLContext:
    context: ssl.SSLContext = create_urllib3_context()
    if verify is False:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
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


def proxy_to(endpoint: str) -> str | None:
    """The proxy that leads to the endpoint, as requests reads the environment and, where there are, settings of the
    system; None where there is none.
    """
    if getproxies is getproxies_environment and not any(name.lower().endswith("_proxy") for name in os.environ):
        return None  # requests would go through the whole environment four times to find that out
    proxies = requests.utils.get_environ_proxies(endpoint)
    proxy = requests.utils.select_proxy(endpoint, proxies)
    return proxy if not proxy or "://" in proxy else f"http://{proxy}"


def no_way(endpoint: str) -> ConfigError:
    """The error for an endpoint or a proxy that cannot even be tried."""
    return ConfigError(
        f"no request can be made to {endpoint}",
        "Check the endpoint and the proxy settings (HTTP_PROXY, HTTPS_PROXY).",
    )


class Line:
    """The connections to one endpoint, through a proxy where there is one.

    :param context: for connections to the endpoint; None where it is not HTTPS. It settles what is verified.
    :param connect_timeout: seconds.
    :param read_timeout: seconds without a byte.
    :raises ConfigError: when the endpoint or the proxy is malformed.
    """

    def __init__(
        self, endpoint: str, context: ssl.SSLContext | None, connect_timeout: float, read_timeout: float
    ) -> None:
        self._endpoint = endpoint
        self._options: dict[str, Any] = {"ssl_context": context} if context else {}
        self._timeout = urllib3.Timeout(connect=connect_timeout, read=read_timeout)
        self._before_target = ""
        try:
            self._pool = self._open()
        except (requests.RequestException, LocationValueError, ValueError):
            raise no_way(endpoint) from None

    def ask(self, request: Request) -> urllib3.BaseHTTPResponse:
        """Send a request and read the whole answer.

        :raises urllib3.exceptions.HTTPError: what stood in the way.
        :raises OSError: likewise.
        """
        return self._pool.request(
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

    def close(self) -> None:
        """Part with all connections."""
        self._pool.close()

    def _open(self) -> urllib3.HTTPConnectionPool:
        proxy = proxy_to(self._endpoint)
        parts = urlsplit(self._endpoint)
        if not proxy:
            kind = urllib3.HTTPSConnectionPool if self._options else urllib3.HTTPConnectionPool
            return _watched(kind)(str(parts.hostname), parts.port, maxsize=WIDTH, **self._options)
        if parts.scheme == "http" and not proxy.lower().startswith("socks"):
            self._before_target = self._endpoint
        manager = HTTPAdapter(pool_maxsize=WIDTH).proxy_manager_for(proxy, **self._options)
        manager.pool_classes_by_scheme = {
            scheme: _watched(pool) for scheme, pool in manager.pool_classes_by_scheme.items()
        }
        pool: urllib3.HTTPConnectionPool = manager.connection_from_url(self._endpoint)
        return pool
