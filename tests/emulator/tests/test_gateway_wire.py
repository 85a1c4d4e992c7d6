# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Requests byte by byte: the usual form, other forms, and interrupted ones."""

from __future__ import annotations

import http.client
import io
import json
import socket
import threading
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from jst_emulator import server as server_module
from jst_emulator.emulator import Emulator, Settings
from jst_emulator.request import FORM
from jst_emulator.request_head import parse_head
from jst_emulator.server import serve
from support.signed_client import signed_1_0
from support.small_world import APP, HANDLERS, load

CLOSE = b"Connection: close\r\n"
LIST = {"PageNumber": "1", "PageSize": "1"}


def written(action: str, parameters: dict[str, str], headers: bytes = CLOSE) -> bytes:
    """A signed call as HTTP libraries write it."""
    method, query, form = signed_1_0(action, parameters)
    body = urlencode(form).encode()
    about_body = f"Content-Type: {FORM}\r\nContent-Length: {len(body)}\r\n" if body else ""
    line = f"{method} /?{urlencode(query)} HTTP/1.1\r\nHost: emulator.test\r\n{about_body}"
    return line.encode() + headers + b"\r\n" + body


def exchange(port: int, *parts: bytes, ends: bool = False) -> bytes:
    """All that comes back until the connection is closed.

    :param parts: are sent one after the other.
    :param ends: nothing more is sent, and the emulator gets to know.
    """
    received = b""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
            time.sleep(0.02)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        while piece := connection.recv(65536):
            received += piece
    return received


def shape(answer: bytes) -> tuple[bytes, list[bytes], Any]:
    """Status line, names of headers and content of an answer, without the id of the request."""
    head, body = answer.split(b"\r\n\r\n", 1)
    status, *lines = head.split(b"\r\n")
    return status, [line.split(b":")[0] for line in lines], json.loads(body) | {"RequestId": ""}


def in_chunks(call: bytes) -> bytes:
    """A call with its body in two chunks."""
    head, body = call.split(b"\r\n\r\n", 1)
    lines = [line for line in head.split(b"\r\n") if not line.startswith(b"Content-Length")]
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(part), part) for part in (body[:9], body[9:], b""))
    return b"\r\n".join([*lines, b"Transfer-Encoding: chunked", b"", chunks])


WAYS: dict[str, Callable[[bytes], bytes]] = {
    "an older version": lambda call: call.replace(b"HTTP/1.1", b"HTTP/1.0"),
    "lines that end early": lambda call: call.replace(b"\r\n", b"\n"),
    "a whole address": lambda call: call.replace(b" /?", b" http://emulator.test/?"),
    "a fragment": lambda call: call.replace(b" HTTP/", b"#there HTTP/"),
    "blanks around a value": lambda call: call.replace(b"Host: ", b"Host: \t ").replace(b".test\r\n", b".test \r\n"),
    "a folded header": lambda call: call.replace(b"\r\n\r\n", b"\r\nX-Note: one\r\n two\r\n\r\n", 1),
    "a header twice": lambda call: call.replace(b"\r\n\r\n", b"\r\nAccept: a\r\nAccept: b\r\n\r\n", 1),
    "letters of another language": lambda call: call.replace(b"\r\n\r\n", b"\r\nX-Note: \xc3\xa9\r\n\r\n", 1),
    "more than a buffer": lambda call: call.replace(b"\r\n\r\n", b"\r\nX-Note: %b\r\n\r\n" % (b"x" * 9000), 1),
}


@pytest.mark.parametrize("way", WAYS)
def test_other_ways_to_write_a_call_are_answered_alike(port: int, way: str) -> None:
    usual = exchange(port, written("ListApp", LIST))
    assert shape(usual)[2]["TotalCount"] == 40
    assert shape(exchange(port, WAYS[way](written("ListApp", LIST)))) == shape(usual)


@pytest.mark.parametrize(("action", "parameters"), [("ListApp", LIST), ("CreateApp", APP)])
def test_what_http_libraries_write_takes_no_detour(
    port: int, monkeypatch: pytest.MonkeyPatch, action: str, parameters: dict[str, str]
) -> None:
    monkeypatch.setattr(server_module, "run_wsgi_app", None)
    assert shape(exchange(port, written(action, parameters)))[2]["Code"] == 0


def test_calls_sent_at_once_are_answered_in_their_order(port: int) -> None:
    calls = written("ListApp", LIST, b"") + written("CreateApp", APP, b"") + written("ListApp", LIST)
    answers = [json.loads(answer.split(b"\r\n\r\n")[1]) for answer in exchange(port, calls).split(b"HTTP/1.1 ")[1:]]
    assert [answer.get("TotalCount") or answer["Result"]["AppId"] for answer in answers] == [40, 41, 41]


@pytest.mark.parametrize("cut", [3, -200, -20])
def test_calls_that_come_in_pieces(port: int, cut: int) -> None:
    """Within the first line, within the head, within the body."""
    call = written("CreateApp", APP)
    assert shape(exchange(port, call[:cut], call[cut:]))[2]["Result"] == {"AppId": 41}


def test_a_body_in_chunks(port: int) -> None:
    assert shape(exchange(port, in_chunks(written("CreateApp", APP))))[2]["Result"] == {"AppId": 41}


def test_who_asks_whether_to_go_on_is_told_to_before_going_on(port: int) -> None:
    call = written("CreateApp", APP, b"Expect: 100-continue\r\n" + CLOSE)
    head, body = call.split(b"\r\n\r\n")
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head + b"\r\n\r\n")
        assert connection.recv(100) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(body)
        assert connection.makefile("rb").readline() == b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize("length", ["", "0", "-1", "12x"])
def test_without_a_length_there_is_no_body(port: int, length: str) -> None:
    call = written("CreateApp", APP).split(b"\r\n\r\n")[0].split(b"Content-Length")[0]
    call += f"Content-Length: {length}\r\n".encode() + CLOSE + b"\r\n"
    assert shape(exchange(port, call))[2]["Code"] == "SignatureDoesNotMatch"


@pytest.mark.parametrize("ends", [True, False])
def test_a_body_that_breaks_off_is_a_bad_request(port: int, capfd: pytest.CaptureFixture[str], ends: bool) -> None:
    """Whether the client says so or falls silent."""
    answer = exchange(port, written("CreateApp", APP, b"")[:-20], ends=ends)
    assert answer.startswith(b"HTTP/1.1 400 BAD REQUEST\r\nContent-Type: text/html; charset=utf-8\r\n")
    assert answer.count(b"HTTP/1.1") == 1
    assert capfd.readouterr().err == ""


@pytest.mark.parametrize(
    "text",
    [
        "GET /_emulator/health HTTP/1.1\r\nHost: x\r\n\r\n",
        "PUT / HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /?a=\xe9 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\n",
        "GET / HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nx_acs_action: ListApp\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nNote: a\rb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nHOST: y\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\nabc",
        "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
        f"GET / HTTP/1.1\r\n{''.join(f'h{number}: x{chr(13)}{chr(10)}' for number in range(100))}\r\n",
    ],
)
def test_heads_that_are_left_to_the_parser_of_the_library(text: str) -> None:
    stream: io.BufferedReader = io.BufferedReader(io.BytesIO(text.encode("latin-1")))
    line = stream.readline()
    assert parse_head(line, stream) is None
    assert line + stream.read() == text.encode("latin-1")


def test_a_usual_head() -> None:
    """Its body, and what comes after it, stay where they are."""
    text = b"POST /?a=b HTTP/1.1\r\nHost: x\r\nX-Empty:\r\nCONNECTION: Close\r\nContent-Length: 3\r\n\r\nabcGET /"
    stream: io.BufferedReader = io.BufferedReader(io.BytesIO(text))
    head = parse_head(stream.readline(), stream)
    assert head
    assert (head.method, head.query, head.is_last) == ("POST", "a=b", True)
    assert head.headers == {"host": "x", "x-empty": "", "connection": "Close", "content-length": "3"}
    assert head.request(stream).body == b"abc"
    assert stream.read() == b"GET /"


def test_after_its_end_nobody_is_served_and_no_thread_is_left() -> None:
    before = set(threading.enumerate())
    server = serve(Emulator(Settings(), HANDLERS, load), "127.0.0.1", 0)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    for _number in range(3):
        assert exchange(server.port, written("ListApp", LIST))
    server.shutdown()
    thread.join()
    with pytest.raises(ConnectionRefusedError):
        http.client.HTTPConnection("127.0.0.1", server.port).connect()
    patience = time.monotonic() + 5
    while (left := set(threading.enumerate()) - before) and time.monotonic() < patience:
        time.sleep(0.01)
    assert left == set()


def test_it_ends_also_between_two_threads_that_accept() -> None:
    """Whoever has just been accepted leaves nobody waiting for the next, for a moment."""
    for _round in range(60):
        server = serve(Emulator(Settings(), HANDLERS, load, 1), "127.0.0.1", 0)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        socket.create_connection(("127.0.0.1", server.port), timeout=10).close()
        server.shutdown()
        thread.join(10)
        assert not thread.is_alive()
