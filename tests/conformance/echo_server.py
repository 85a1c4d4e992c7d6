# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A service that rejects every request in one way, and repeats the request in its error."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

READING = ("List", "Describe", "Query", "Get")


def _error(code: str) -> Callable[[str], bytes]:
    return lambda text: json.dumps({"Code": code, "Message": text, "RequestId": "R-1"}).encode()


def _mismatch(text: str) -> bytes:
    told = f"{text} does not match our calculation. server string to sign is:POST&%2F&{quote(quote(text))}"
    return _error("SignatureDoesNotMatch")(told)


def decoded(value: str) -> str:
    """Return the decoded text, empty when the value is not base64."""
    try:
        return base64.b64decode(value, validate=True).decode()
    except ValueError:
        return ""


def forms(value: str) -> Iterator[str]:
    """Yield a value as it is, escaped as on its way, and truncated."""
    yield value
    yield value[: max(len(value) * 3 // 4, 24)]
    yield json.dumps(value)[1:-1]
    yield html.escape(value)
    once = quote(value, safe="~")
    yield from (once, quote(once, safe="~"), re.sub("%..", lambda found: found[0].lower(), once))


def in_base64(value: str) -> str:
    """Return a value within a longer text in base64."""
    return base64.b64encode(f"x{value}".encode()).decode()


# Way -> HTTP status, type, what the body is for a text, and whether reads go on to a service that answers.
WAYS: Mapping[str, tuple[int, str, Callable[[str], bytes], bool]] = {
    "business": (200, "application/json", lambda text: json.dumps({"Code": 5, "ErrMsg": text}).encode(), True),
    "mismatch": (400, "application/json", _mismatch, True),
    "throttle": (400, "application/json", _error("Throttling.User"), True),
    "failure": (500, "application/json", _error("InternalError"), False),
    "page": (502, "text/html", lambda text: f"<html>{text}</html>".encode(), False),
}


@contextmanager
def echo(way: str, service: str, *further: str) -> Iterator[str]:
    """Run the service for a block, and yield its address.

    :param service: the address that answers reads, where the way has them answered.
    :param further: what to repeat besides.
    """
    status, kind, body, reads = WAYS[way]

    class Echo(BaseHTTPRequestHandler):
        """Rejects every request in the given way."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Reject the request, or forward it."""
            sent = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            query = urlsplit(self.path).query
            pairs = dict(parse_qsl(f"{query}&{sent.decode()}", keep_blank_values=True))
            action = self.headers.get("x-acs-action") or pairs.get("Action", "")
            if reads and action.startswith(READING):
                self._hand_on(sent)
                return
            values = [*further, *pairs.values(), *map(str, self.headers.values())]
            repeated = [form for value in values for form in (*forms(value), in_base64(value), *forms(decoded(value)))]
            self._answer(status, {"Content-Type": kind}, body(" ".join(repeated)))

        do_POST = do_GET

        def _hand_on(self, sent: bytes) -> None:
            connection = HTTPConnection(urlsplit(service).netloc)
            # Signed for this host, whoever serves it.
            connection.request(self.command, self.path, sent, dict(self.headers.items()))
            answer = connection.getresponse()
            told = {name: value for name, value in answer.getheaders() if name.startswith("Content-")}
            self._answer(answer.status, told, answer.read())
            connection.close()

        def _answer(self, code: int, headers: Mapping[str, Any], content: bytes) -> None:
            self.send_response(code)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Log nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Echo) as server:
        server.daemon_threads = True
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
