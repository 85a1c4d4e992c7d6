# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server: werkzeug's threaded server with persistent connections, like the real gateway's."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from io import BufferedReader
from threading import Condition, Thread
from typing import TYPE_CHECKING, Any

from werkzeug.datastructures import Headers
from werkzeug.exceptions import ClientDisconnected, HTTPException, RequestEntityTooLarge
from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import create_environ, run_wsgi_app
from werkzeug.wrappers import Request, Response

from jst_emulator import __version__, http_responses, request_head
from jst_emulator.control import PREFIX, Control
from jst_emulator.emulator import Emulator
from jst_emulator.gateway import Gateway
from jst_emulator.http_responses import RawResponse, to_raw
from jst_emulator.request import Request as ApiRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

IDLE_SECONDS = 25
#: The largest body, and the largest size of all header lines together. The reference states no limits.
MAX_BODY_BYTES = 16 * 1024 * 1024
MAX_HEADER_BYTES = 32 * 1024
#: How long and how far a rejected request is read, so that its caller gets the response.
_LINGER_SECONDS, _LINGER_BYTES = 2, 256 * 1024 * 1024
_MOST_DIGITS = 18
_BACKLOG = 128


class Application:
    """The WSGI application: the API at ``/`` and the control side."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._gateway = Gateway(emulator)
        self._control = Control(emulator)
        self.max_url_bytes = emulator.settings.max_url_bytes

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Serve a request.

        :raises ConnectionAbortedError: the connection has to be closed without further bytes.
        """
        request = Request(environ)
        request.max_content_length = MAX_BODY_BYTES + 1  # Limits a body in chunks, which has no length.
        response: WSGIApplication
        try:
            # An unread body would count as the next request on the connection.
            if len(request.get_data()) > MAX_BODY_BYTES:
                raise RequestEntityTooLarge
            is_control = f"{request.path}/".startswith(PREFIX)
            response = self._control.answer(request) if is_control else self._call(request)
        except HTTPException as error:
            response = error
        return response(environ, start_response)

    def call(self, request: ApiRequest) -> RawResponse:
        """Serve a call to the API.

        :raises ConnectionAbortedError: the connection has to be closed without further bytes.
        """
        _hold(self._emulator.settings.latency_ms / 1000)
        response = self._gateway.answer(request)
        _hold(response.delay)
        return to_raw(response, request)

    def _call(self, request: Request) -> Response:
        status, headers, parts = self.call(ApiRequest.read(request))
        # Werkzeug adds a length to a list of parts, which a body in chunks must not have.
        return Response(iter(parts), status, headers)


def _hold(seconds: float) -> None:
    """Sleep; a sleep of 0 seconds would take 80 microseconds."""
    if seconds:
        time.sleep(seconds)


class _Handler(WSGIRequestHandler):
    """Keeps connections open, unlike werkzeug's own handler, and closes idle ones after 25 seconds.

    A ConnectionAbortedError from the application closes the connection without further bytes. Requests that are too
    large are rejected with an HTML page before the API sees them, as a web server in front of it would do: a URL with
    414, a body with 413, headers with 431.
    """

    server: _Server
    rfile: BufferedReader
    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True

    def parse_request(self) -> bool:
        """Read the head of the next request."""
        self._head = request_head.parse_head(self.raw_requestline, self.rfile)
        if self._head is None:
            return super().parse_request() and self._is_small_enough(self.path, self.headers.items())
        self.command, self.request_version = self._head.method, self.protocol_version
        self.close_connection = self._head.is_last
        return self._is_small_enough(self._head.query, self._head.headers.items())

    def _is_small_enough(self, target: str, headers: Iterable[tuple[str, str]]) -> bool:
        """Return whether the request is within all limits, and reject it when it is not."""
        lines = list(headers)
        length = next((value for name, value in lines if name.lower() == "content-length"), "")
        if len(target) > self.server.app.max_url_bytes:
            self.send_error(HTTPStatus.REQUEST_URI_TOO_LONG)
        elif sum(len(name) + len(value) + 4 for name, value in lines) > MAX_HEADER_BYTES:
            self.send_error(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        elif length.isdecimal() and (len(length) > _MOST_DIGITS or int(length) > MAX_BODY_BYTES):
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        else:
            return True
        return False

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        """Reject a request with a page, without reading its rest, and close the connection."""
        self.close_connection = True
        self.request_version, self.command = self.protocol_version, ""
        phrase = HTTPStatus(code).phrase
        page = http_responses.html_response(code, f"{code} {phrase}")
        headers = {"Content-Type": page.content_type, "Content-Length": str(len(page.body)), "Connection": "close"}
        self._send(f"{code} {phrase.upper()}", headers, [page.body])
        self._linger()

    def _linger(self) -> None:
        """Read until the caller leaves: closing a connection with unread data would lose the response."""
        with contextlib.suppress(OSError):
            self.connection.shutdown(socket.SHUT_WR)
            self.connection.settimeout(_LINGER_SECONDS)
            left = _LINGER_BYTES
            while left > 0 and (read := len(self.rfile.read1(65536))):
                left -= read

    def run_wsgi(self) -> None:
        """Serve a request of the connection."""
        if self._head is None:
            self._run(self.server.app, self.make_environ())
            return
        try:
            request = self._head.request(self.rfile)
        except ClientDisconnected as gone:
            self.close_connection = True
            self._run(gone, create_environ())
        else:
            self._send(*self.server.app.call(request))

    def _run(self, application: WSGIApplication, environ: WSGIEnvironment) -> None:
        parts, status, headers = run_wsgi_app(application, environ)
        if status.startswith(f"{RequestEntityTooLarge.code:d} "):
            self.send_error(RequestEntityTooLarge.code)  # The rest of the body is unread.
        else:
            self._send(status, headers, parts)

    def _send(self, status: str, headers: Headers | Mapping[str, str], parts: Iterable[bytes]) -> None:
        lines = dict(headers)
        in_chunks = "Content-Length" not in lines
        if in_chunks:
            lines["Transfer-Encoding"] = "chunked"
        if self.close_connection and "Connection" in lines:
            # The caller asked to close the connection.
            lines["Connection"] = "close"
        written = []
        if self.request_version != "HTTP/0.9":
            head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
            written.append(f"{self.protocol_version} {status}\r\n{head}\r\n".encode("latin-1"))
        try:
            if self.command != "HEAD":
                written.extend(_chunks(parts) if in_chunks else parts)
        finally:
            self.wfile.write(b"".join(written))

    def send_response(self, code: int, message: str | None = None) -> None:
        """Send the status line only: the application sets all headers."""
        self.send_response_only(code, message)

    def log(self, type: str, message: str, *args: Any) -> None:
        """Log nothing: request lines contain signatures and parameters, and the call log has the calls."""


def _chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    for part in parts:
        yield b"%x\r\n%b\r\n" % (len(part), part)
    yield b"0\r\n\r\n"


class _Server(ThreadedWSGIServer):
    """A server with a thread for each connection, and at least one thread that accepts the next.

    Threads accept connections themselves: handing a connection over takes half as long as a response.
    """

    app: Application

    def __init__(self, host: str, port: int, application: Application, descriptor: int) -> None:
        super().__init__(host, port, application, _Handler, fd=descriptor)
        self._changed = Condition()
        self._accepting = 0
        self._stopped = False

    def serve_forever(self, poll_interval: float = 0.5) -> None:
        """Serve until :meth:`shutdown` or an interrupt, without polling."""
        try:
            Thread(target=self._work, daemon=True).start()
            self._wait_for_the_end()
        except KeyboardInterrupt:
            pass
        finally:
            self._stop()
            self.server_close()

    def shutdown(self) -> None:
        """Stop accepting connections."""
        waiting = self._stop()
        for _dummy in range(waiting):
            # On some systems only a connection wakes an accepting thread.
            with contextlib.suppress(OSError):
                socket.create_connection((self.host, self.port), timeout=1).close()
        self._wait_for_the_end()

    def _stop(self) -> int:
        """Let no thread accept further connections, and return the number of threads that still wait for one."""
        with self._changed:
            self._stopped = True
            self._changed.notify_all()
            return self._accepting

    def _wait_for_the_end(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._stopped and not self._accepting)

    def _work(self) -> None:
        while self._may_accept():
            accepted = None
            with contextlib.suppress(OSError):  # The caller has left.
                accepted = self.get_request()
            self._has_accepted()
            if accepted:
                self.process_request_thread(*accepted)

    def _may_accept(self) -> bool:
        with self._changed:
            if not self._stopped:
                self._accepting += 1
            return not self._stopped

    def _has_accepted(self) -> None:
        with self._changed:
            self._accepting -= 1
            if self._stopped:
                self._changed.notify_all()
            elif not self._accepting:
                Thread(target=self._work, daemon=True).start()


def serve(emulator: Emulator, host: str, port: int) -> BaseWSGIServer:
    """Bind the server; ``serve_forever`` runs it. Port 0 selects a free one, see ``port``.

    :raises OSError: the address cannot be bound.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Werkzeug would end the process when it cannot bind.
    with socket.create_server((host, port), family=family, backlog=_BACKLOG) as listener:
        server = _Server(host, port, Application(emulator), listener.fileno())
    server._server_version = f"jst-emulator/{__version__}"
    return server
