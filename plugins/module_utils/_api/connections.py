# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Connections that know whether a request has begun to leave.

Whether a byte was sent decides whether a write may be tried again, and no exception tells it reliably: a reset during
the TLS handshake and one after the request look the same.

The straight way is http.client alone. A session of requests, and the pool of urllib3 beneath it, do things on top that
no call may have (cookies, redirects, ``~/.netrc``), take longer to import than a task takes, and in a fork, where every
function that runs for the first time copies memory, they cost more than signing. Both know all kinds of proxies, so
that is what they are loaded for, see :mod:`proxies`.
"""

from __future__ import annotations

import os
import select
import threading
import zlib
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, Iterable, Mapping, NamedTuple
from urllib.parse import urlsplit
from urllib.request import getproxies, getproxies_environment

if TYPE_CHECKING:
    import ssl

    from .proxies import ProxiedLine
    from .signer import Request

from .errors import ConfigError

# What zlib calls a gzip header around data of any window.
_GZIP = zlib.MAX_WBITS | 16

_progress = threading.local()


def begin() -> None:
    """Forget what this thread has sent."""
    _progress.sent = False


def leave() -> None:
    """Note that this thread is about to hand a byte of a request to a connected socket."""
    _progress.sent = True


def has_sent() -> bool:
    """Whether this thread has done so since :func:`begin`."""
    return bool(getattr(_progress, "sent", False))


class ProxyFailure(OSError):
    """The way through a proxy is closed."""


class Response(NamedTuple):
    """A whole answer.

    headers: by their names in lower case.
    body: decoded.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes


def response(status: int, headers: Iterable[tuple[str, str]], body: bytes) -> Response:
    """An answer whose headers have names in any case."""
    return Response(status, {name.lower(): value for name, value in headers}, body)


class Line:
    """The connections that lead straight to one endpoint. Safe to use from several threads.

    :param context: for an HTTPS endpoint, None for another. It settles what is verified.
    :param connect_timeout: seconds.
    :param read_timeout: seconds without a byte.
    """

    def __init__(
        self, endpoint: str, context: ssl.SSLContext | None, connect_timeout: float, read_timeout: float
    ) -> None:
        self._endpoint = endpoint
        self._context = context
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._idle: list[HTTPConnection] = []
        self._closed = False
        self._lock = threading.Lock()

    def ask(self, request: Request) -> Response:
        """Send a request and read the whole answer.

        :raises http.client.HTTPException: what came is no whole answer.
        :raises OSError: what stood in the way.
        :raises ConfigError: the endpoint cannot even be tried.
        """
        connection = self._take()
        try:
            if connection.sock and _was_dropped(connection):
                connection.close()
            if not connection.sock:
                self._connect(connection)
            leave()
            connection.request(request.method, request.target, request.body or None, request.headers)
            with connection.getresponse() as answer:
                whole = response(answer.status, answer.getheaders(), answer.read())
        except BaseException:
            connection.close()
            raise
        self._keep(connection)
        return _decoded(whole)

    def close(self) -> None:
        """Part with all connections; one that is in use is parted with afterwards."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    def _take(self) -> HTTPConnection:
        """The connection that was used last, which is the youngest one, or a new one."""
        with self._lock:
            if self._idle:
                return self._idle.pop()
        parts = urlsplit(self._endpoint)
        host = str(parts.hostname)
        if self._context:
            return HTTPSConnection(host, parts.port or 443, timeout=self._connect_timeout, context=self._context)
        return HTTPConnection(host, parts.port or 80, timeout=self._connect_timeout)

    def _connect(self, connection: HTTPConnection) -> None:
        try:
            connection.connect()
        except UnicodeError:  # it looked like the name of a host, and can be none
            raise no_way(self._endpoint) from None
        connection.sock.settimeout(self._read_timeout)

    def _keep(self, connection: HTTPConnection) -> None:
        with self._lock:
            if not self._closed:
                self._idle.append(connection)
                return
        connection.close()


def _was_dropped(connection: HTTPConnection) -> bool:
    """Whether there is something to read where nothing was asked for, which is the end of the connection."""
    poll = select.poll()
    poll.register(connection.sock, select.POLLIN)
    return bool(poll.poll(0))


def _decoded(whole: Response) -> Response:
    if whole.headers.get("content-encoding", "").lower() != "gzip":
        return whole
    try:
        return whole._replace(body=zlib.decompress(whole.body, _GZIP))
    except zlib.error:
        raise HTTPException("what came is not gzip, as it should be") from None


def open_line(
    endpoint: str, context: ssl.SSLContext | None, connect_timeout: float, read_timeout: float
) -> Line | ProxiedLine:
    """The connections to an endpoint, through a proxy where there is one. Parameters as for :class:`Line`.

    :raises ConfigError: when the proxy is malformed, or there is one and requests is not installed.
    """
    proxy = proxy_to(endpoint)
    if not proxy:
        return Line(endpoint, context, connect_timeout, read_timeout)
    from .proxies import ProxiedLine

    return ProxiedLine(endpoint, proxy, context, connect_timeout, read_timeout)


def may_have_proxy() -> bool:
    """Whether it is worth while to load requests in order to look for a proxy."""
    return getproxies is not getproxies_environment or any(name.lower().endswith("_proxy") for name in os.environ)


def proxy_to(endpoint: str) -> str | None:
    """The proxy that leads to the endpoint, as requests reads the environment and, where there are, settings of the
    system; None where there is none.

    :raises ConfigError: when there may be one, and requests is not installed.
    """
    if not may_have_proxy():
        return None
    from .proxies import choose

    return choose(endpoint)


def no_way(endpoint: str) -> ConfigError:
    """The error for an endpoint or a proxy that cannot even be tried."""
    return ConfigError(
        f"no request can be made to {endpoint}",
        "Check the endpoint and the proxy settings (HTTP_PROXY, HTTPS_PROXY).",
    )
