# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP side: werkzeug's threaded server with connections that stay open, as the real gateway's do."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterable, Iterator
from email.utils import formatdate
from queue import SimpleQueue
from threading import Semaphore, Thread
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException
from werkzeug.serving import BaseWSGIServer, ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Request, Response

from jst_emulator import __version__
from jst_emulator.control import PREFIX, Control
from jst_emulator.emulator import Emulator
from jst_emulator.gateway import Gateway
from jst_emulator.replies import Ending, Reply
from jst_emulator.request import Request as ApiRequest

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

IDLE_SECONDS = 25
_BACKLOG = 128
#: Bodies from this size on are compressed for those who accept it; the real gateway's limit is not known.
GZIP_FROM_BYTES = 1024


class Application:
    """The WSGI application: the API at ``/`` and the control side."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator
        self._gateway = Gateway(emulator)
        self._control = Control(emulator)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Any:
        """Serve one request; raises ConnectionAbortedError to have the connection closed as it is."""
        request = Request(environ)
        response: WSGIApplication
        try:
            request.get_data()  # An unread body would be taken for the next request on the connection.
            is_control = f"{request.path}/".startswith(PREFIX)
            response = self._control.answer(request) if is_control else self._call(request)
        except HTTPException as error:
            response = error
        return response(environ, start_response)

    def _call(self, request: Request) -> Response:
        _hold(self._emulator.settings.latency_ms / 1000)
        reply = self._gateway.answer(ApiRequest.read(request))
        _hold(reply.delay)
        if reply.ending is Ending.NONE:
            raise ConnectionAbortedError
        return _respond(reply, accepts_gzip=request.accept_encodings.quality("gzip") > 0)


def _hold(seconds: float) -> None:
    """Let the time pass; a sleep of no time at all would take 80 microseconds."""
    if seconds:
        time.sleep(seconds)


def _respond(reply: Reply, accepts_gzip: bool) -> Response:
    headers = reply.all_headers()
    headers["Date"] = formatdate(time.time() + reply.clock_offset, usegmt=True)
    is_large = len(reply.body) >= GZIP_FROM_BYTES
    if is_large:
        headers["Vary"] = "Accept-Encoding"
    if reply.ending is Ending.HALF:
        headers["Content-Length"] = str(len(reply.body))
        return Response(_first_half(reply.body), reply.status, headers)
    if is_large and accepts_gzip:
        # Without a length the body goes out in chunks, and without an ETag, as the gateway sends it.
        headers["Content-Encoding"] = "gzip"
        headers.pop("ETag", None)
        return Response(iter([gzip.compress(reply.body)]), reply.status, headers)
    return Response(reply.body, reply.status, headers)


def _first_half(body: bytes) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    raise ConnectionAbortedError


class _Handler(WSGIRequestHandler):
    """Keeps connections open, which werkzeug's own handler never does, and closes idle ones after 25 seconds.

    A ConnectionAbortedError out of the application closes the connection without another byte.
    """

    protocol_version = "HTTP/1.1"
    timeout = IDLE_SECONDS
    disable_nagle_algorithm = True
    wbufsize = -1

    def run_wsgi(self) -> None:
        """Serve one request of the connection."""
        body, status, headers = run_wsgi_app(self.server.app, self.make_environ())
        code, reason = status.split(" ", 1)
        self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        in_chunks = "Content-Length" not in headers
        if in_chunks:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        try:
            if self.command != "HEAD":
                self._send_body(body, in_chunks)
        finally:
            self.wfile.flush()

    def _send_body(self, body: Iterable[bytes], in_chunks: bool) -> None:
        for part in body:
            self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part) if in_chunks else part)
        if in_chunks:
            self.wfile.write(b"0\r\n\r\n")

    def send_header(self, keyword: str, value: str) -> None:
        """A caller who asked for the connection to be closed is not told that it stays open."""
        if keyword == "Connection" and self.close_connection:
            value = "close"
        super().send_header(keyword, value)

    def send_response(self, code: int, message: str | None = None) -> None:
        """Status line only: the application has set all headers."""
        self.send_response_only(code, message)

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: request lines hold signatures and parameters; the ledger has the calls."""


class _Server(ThreadedWSGIServer):
    """A thread for each connection, which then waits for another: to start one takes as long as to answer."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._waiting = Semaphore(0)
        self._accepted: SimpleQueue[tuple[Any, Any]] = SimpleQueue()

    def process_request(self, request: Any, client_address: Any) -> None:
        """Hand a connection to a thread."""
        if not self._waiting.acquire(blocking=False):
            Thread(target=self._work, daemon=True).start()
        self._accepted.put((request, client_address))

    def _work(self) -> None:
        while True:
            self.process_request_thread(*self._accepted.get())
            self._waiting.release()


def serve(emulator: Emulator, host: str, port: int) -> BaseWSGIServer:
    """Bind the server; ``serve_forever`` runs it, port 0 picks a free one (see ``port``).

    :raises OSError: the address cannot be bound.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Bound here because werkzeug ends the process when it cannot bind.
    with socket.create_server((host, port), family=family, backlog=_BACKLOG) as listener:
        server = _Server(host, port, Application(emulator), _Handler, fd=listener.fileno())
    server._server_version = f"jst-emulator/{__version__}"
    return server
