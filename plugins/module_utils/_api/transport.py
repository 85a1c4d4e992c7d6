# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Sends one request and brings back what was answered. It knows signatures, sockets and time, and no operation."""

from __future__ import annotations

import calendar
import sys
import threading
import time
from email.utils import parsedate
from http.client import HTTPException
from typing import TYPE_CHECKING, Callable, NamedTuple
from urllib.parse import urlsplit

from . import connections, tls
from .errors import MASK
from .signer import Request, canonical, encode, sign_acs3, sign_v1

if TYPE_CHECKING:
    from .credentials import Settings
    from .operations import Operation
    from .parameters import Parcel
    from .proxies import ProxiedLine
    from .sources import Keys

COLLECTION_VERSION = "1.0.0"

_FORM = "application/x-www-form-urlencoded"
_IDLE_LIMIT = 20.0  # the gateway closes connections that were idle for 25 s


class Reply(NamedTuple):
    """What came back for one request.

    host: the endpoint that was asked.
    location: scheme and host of a redirect.
    request_id: the header ``x-acs-request-id``.
    retry_after: seconds the gateway asked to wait (``x-acs-retry-after``), None where it did not ask.
    skew: seconds by which the gateway's clock is ahead of this machine's, None where the answer carries no time.
    secrets: what was sent and must not be repeated, though the answer may do so.
    keys: what the request was signed with.
    """

    status: int
    body: bytes
    host: str
    content_type: str | None = None
    location: str | None = None
    request_id: str | None = None
    retry_after: float | None = None
    skew: float | None = None
    secrets: tuple[str, ...] = ()
    keys: Keys | None = None

    def __repr__(self) -> str:
        return f"Reply({self.status} from {self.host}, {len(self.body)} bytes)"

    def masked(self, text: str) -> str:
        """The text without the secrets, plain or encoded once or twice as in a text to sign."""
        for secret in filter(None, self.secrets):
            for form in (encode(encode(secret)), encode(secret), secret):
                text = text.replace(form, MASK)
        return text


class Transport:
    """The connections of one client. Safe to use from several threads.

    sent: how many requests have begun to leave.
    clock_offset: seconds added to this machine's time in signatures.
    """

    def __init__(self, settings: Settings, monotonic: Callable[[], float] = time.monotonic) -> None:
        self.sent = 0
        self.clock_offset = 0.0
        self._settings = settings
        self._host = urlsplit(settings.endpoint).netloc
        self._monotonic = monotonic
        self._last_used = monotonic(), time.time()
        self._lock = threading.Lock()
        self._sign = sign_acs3 if settings.signature_version == "acs3" else sign_v1
        self._opened: connections.Line | ProxiedLine | None = None
        self._headers = {
            "Host": self._host,
            "Accept": "application/json",
            "Accept-Encoding": "gzip",
            "Connection": "keep-alive",
            "User-Agent": _user_agent(),
        }

    def close(self) -> None:
        """Close all pooled connections; who sends afterwards opens others."""
        with self._lock:
            line, self._opened = self._opened, None
        if line:
            line.close()

    def send(self, operation: Operation, parcel: Parcel, attempt: int = 1, waited: float = 0.0) -> Reply:
        """Sign and send one try of a call.

        :param attempt: which try it is, from 1.
        :param waited: seconds slept before it.
        :raises NotSentError: when no byte of the request left.
        :raises LostAnswerError: when something left and no whole answer came.
        :raises ConfigError: when keys or CA certificates cannot be had, the setting of a proxy is malformed, or
            requests is not installed and needed.
        """
        keys = self._settings.source.keys()
        request = self._request(operation.method, parcel)
        if attempt > 1:
            request.headers["x-acs-retry-attempts"] = str(attempt - 1)
            request.headers["x-acs-retry-delay"] = str(round(waited * 1000))
        self._sign(request, operation.name, parcel, keys, time.time() + self.clock_offset)
        self._drop_stale(operation)
        line = self._line()
        connections.begin()
        try:
            response = line.ask(request)
        except (HTTPException, OSError) as error:
            from . import breakdowns

            raise breakdowns.explain(error, operation, self._settings, connections.has_sent()) from None
        finally:
            with self._lock:
                self.sent += connections.has_sent()
                self._last_used = self._monotonic(), time.time()
        return self._reply(response, keys, parcel)

    def _request(self, method: str, parcel: Parcel) -> Request:
        """A request with nothing left to prepare: what is sent is, byte for byte, what is signed."""
        query = canonical(parcel.query)
        request = Request(method, f"/?{query}" if query else "/", dict(self._headers))
        if parcel.form:
            request.headers["Content-Type"] = _FORM
            request.body = canonical(parcel.form).encode()
        if method != "GET":
            request.headers["Content-Length"] = str(len(request.body))
        return request

    def _line(self) -> connections.Line | ProxiedLine:
        with self._lock:
            if self._opened is None:
                self._opened = self._open()
            return self._opened

    def _open(self) -> connections.Line | ProxiedLine:
        settings = self._settings
        context = None
        if settings.endpoint.startswith("https:"):
            context = tls.tls_context(settings.validate_certs and (settings.ca_path or tls.ca_path()))
        return connections.open_line(settings.endpoint, context, settings.connect_timeout, settings.read_timeout)

    def _drop_stale(self, operation: Operation) -> None:
        """Before a write, part with connections that the gateway may be about to close.

        A pool hands out the connection that was used last, so the youngest of them is the one that counts. While a
        machine sleeps its monotonic clock may stand still, and the clock on the wall goes on.
        """
        ticks, wall = self._last_used
        if not operation.reads and max(self._monotonic() - ticks, time.time() - wall) >= _IDLE_LIMIT:
            self.close()

    def _reply(self, response: connections.Response, keys: Keys, parcel: Parcel) -> Reply:
        told = response.headers.get
        location = urlsplit(told("location", ""))
        return Reply(
            status=response.status,
            body=response.body,
            host=self._host,
            content_type=told("content-type"),
            location=f"{location.scheme}://{location.hostname}" if location.hostname else None,
            request_id=told("x-acs-request-id"),
            retry_after=_retry_after(told("x-acs-retry-after")),
            skew=_skew(told("date")),
            secrets=(*keys.secrets, *parcel.secrets),
            keys=keys,
        )


def _retry_after(header: str | None) -> float | None:
    """Milliseconds to seconds; what is not a positive number asks for nothing."""
    try:
        milliseconds = float(header or 0)
    except ValueError:
        return None
    return milliseconds / 1000 if 0 < milliseconds < float("inf") else None


def _skew(date: str | None) -> float | None:
    parsed = parsedate(date or "")
    return calendar.timegm((*parsed[:6], 0, 0, 0)) - time.time() if parsed else None


def _user_agent() -> str:
    python = ".".join(map(str, sys.version_info[:3]))
    return f"ansible-jst.retailcloud/{COLLECTION_VERSION} Python/{python}"
