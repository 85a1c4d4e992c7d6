# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whatever comes back instead of an answer, it comes to an end, and a write that got it has an unknown outcome."""

from __future__ import annotations

import gzip
import json
import resource
import socket
import threading
import time
from collections.abc import Callable, Iterator
from itertools import repeat
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    ApiError,
    ConnectionFailedError,
    ResponseLostError,
)
from tests.unit.plugins.module_utils._api.conftest import Gateway, good, say

Connect = Callable[..., Client]

READ = ("ListApp", {"PageNumber": 1})
WRITE = ("CreateAppGroup", {"BizCode": "JST", "Name": "n"})
OK = b"HTTP/1.1 200 OK\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
BODY = json.dumps({"Code": 0, "RequestId": "R"}).encode()
MIB = 2**20


def chunk(size: bytes, content: bytes = b"") -> bytes:
    return CHUNKED + size + b"\r\n" + content


def packed(layers: int, encoding: bytes) -> bytes:
    """Many megabytes of nothing, in few bytes."""
    content = bytes(80 * MIB)
    for _layer in range(layers):
        content = gzip.compress(content, 1)
    return OK + b"Content-Encoding: %b\r\nContent-Length: %d\r\n\r\n" % (encoding, len(content)) + content


class Speaker:
    """A server that says the same to everybody, whatever it is asked, and notices who hangs up."""

    def __init__(self, parts: Callable[[], Iterator[bytes]], pause: float = 0.0) -> None:
        self.parts = parts
        self.pause = pause
        self.said = 0
        self.left = threading.Event()
        self.server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.serve, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.getsockname()[1]}"

    def serve(self) -> None:
        while True:
            try:
                connection = self.server.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.speak, args=(connection,), daemon=True).start()

    def speak(self, connection: socket.socket) -> None:
        with connection:
            connection.recv(65536)
            try:
                for part in self.parts():
                    connection.sendall(part)
                    self.said += len(part)
                    if self.pause:
                        time.sleep(self.pause)
                if not self.pause:
                    connection.shutdown(socket.SHUT_WR)
                    connection.recv(1)
            except OSError:
                self.left.set()


@pytest.fixture
def speak() -> Iterator[Callable[..., Speaker]]:
    speakers: list[Speaker] = []

    def begin(parts: Callable[[], Iterator[bytes]], pause: float = 0.0) -> Speaker:
        speakers.append(Speaker(parts, pause))
        return speakers[-1]

    yield begin
    for speaker in speakers:
        speaker.server.close()


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(OK + b"Content-Length: " + b"9" * 30 + b"\r\n\r\n" + BODY, id="a length beyond all memory"),
        pytest.param(OK + b"Content-Length: -5\r\n\r\n{", id="a negative length"),
        pytest.param(OK + b"Content-Length: 5, 6\r\n\r\n" + BODY, id="two lengths"),
        pytest.param(OK + b"Content-Length: many\r\n\r\n{", id="a length in words"),
        pytest.param(chunk(b"f" * 30, BODY), id="a chunk beyond all memory"),
        pytest.param(chunk(b"-5", BODY), id="a negative chunk"),
        pytest.param(chunk(b"some", BODY), id="a chunk in words"),
        pytest.param(OK + b"Content-Encoding: br\r\n\r\n" + BODY, id="an encoding nobody asked for"),
        pytest.param(OK + b"Content-Encoding: gzip, gzip\r\n\r\n" + BODY, id="two encodings"),
        pytest.param(OK + b"X: y\r\n" * 200 + b"\r\n" + BODY, id="too many headers"),
        pytest.param(OK + b"X: " + b"y" * 70000 + b"\r\n\r\n" + BODY, id="too long a header"),
        pytest.param(b"HTTP/1.1 200" + b"0" * 70000, id="too long a status line"),
        pytest.param(b"HTTP/1.1 abc OK\r\n\r\n", id="a status in words"),
        pytest.param(b"HTTP/9.9 200 OK\r\n\r\n" + BODY, id="a version that is none"),
        pytest.param(b"SSH-2.0-OpenSSH\r\n", id="another protocol"),
        pytest.param(b"\x15\x03\x01\x00\x02\x02\x16", id="a TLS alert"),
        pytest.param(b"\r\n" * 100, id="empty lines"),
        pytest.param(b"", id="nothing"),
        pytest.param(OK + b"Location: http://[bad\r\nContent-Length: 0\r\n\r\n", id="no target of a redirect"),
        pytest.param(b"HTTP/1.1 302 Found\r\nLocation: //[\r\nContent-Length: 2\r\n\r\n{", id="half a redirect"),
        pytest.param(OK + b"\xff\xfe: \x00\r\n\r\n" + BODY[:-3], id="headers of no encoding"),
    ],
)
def test_what_makes_no_sense_is_a_lost_answer(speak: Callable[..., Speaker], connect: Connect, answer: bytes) -> None:
    speaker = speak(lambda: iter([answer]))
    client = connect(endpoint=speaker.url, retry_timeout=0)
    with pytest.raises(ApiError) as caught:
        client.call(*WRITE)
    assert caught.value.unknown_outcome
    assert client.sent == 1
    with pytest.raises(ApiError) as caught:
        client.call(*READ)
    assert not caught.value.unknown_outcome


@pytest.mark.parametrize(
    "headers",
    [
        {"Date": "Fri, 01 Jan 99999 00:00:00 GMT"},
        {"Date": "Fri, 99 Foo 2020 77:88:99 +9999"},
        {"Date": ","},
        {"Location": "http://[bad"},
        {"x-acs-retry-after": "1e999"},
        {"x-acs-retry-after": "nan"},
        {"Set-Cookie": "=;=;expires=99999999999999999999;Domain=\x01"},
    ],
    ids=str,
)
@pytest.mark.parametrize("status", [200, 302, 400])
def test_a_header_that_makes_no_sense_says_nothing(
    gateway: Gateway, connect: Connect, status: int, headers: dict[str, str]
) -> None:
    def answer(handler: Any) -> None:
        handler.date_time_string = lambda _date=None: "nothing"
        say({"Code": 0, "RequestId": "R"}, status, headers)(handler)

    gateway.script(answer)
    client = connect(retry_timeout=0)
    if status == 200:
        assert client.call(*WRITE).request_id == "R"
    else:
        with pytest.raises(ApiError):
            client.call(*WRITE)


def drip(before: bytes, byte: bytes) -> Callable[[], Iterator[bytes]]:
    def parts() -> Iterator[bytes]:
        yield before
        yield from repeat(byte, 600)

    return parts


@pytest.mark.parametrize(
    ("before", "byte"),
    [
        pytest.param(b"HTTP/1.1 2", b"0", id="status line"),
        pytest.param(OK + b"X: ", b"y", id="header"),
        pytest.param(OK + b"Content-Length: 900\r\n\r\n", b" ", id="body"),
        pytest.param(OK + b"\r\n", b" ", id="body without an end"),
        pytest.param(CHUNKED, b"0", id="size of a chunk"),
        pytest.param(chunk(b"900"), b" ", id="chunk"),
        pytest.param(chunk(b"0"), b"y", id="trailer"),
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n", id="100 Continue"),
    ],
)
def test_what_drips_comes_to_an_end(
    speak: Callable[..., Speaker], connect: Connect, before: bytes, byte: bytes
) -> None:
    speaker = speak(drip(before, byte), pause=0.02)
    client = connect(endpoint=speaker.url, read_timeout=0.1, retry_timeout=0)
    with pytest.raises(ResponseLostError) as caught:
        client.call(*WRITE)
    assert caught.value.unknown_outcome
    assert caught.value.code == "ResponseLost.ReadTimeout"
    assert speaker.left.wait(10)


@pytest.mark.parametrize(
    ("before", "part"),
    [
        pytest.param(OK + b"\r\n", b" " * MIB, id="without a length"),
        pytest.param(OK + b"Content-Length: 524288000\r\n\r\n", b" " * MIB, id="500 MB"),
        pytest.param(CHUNKED, b"100000\r\n" + b" " * MIB + b"\r\n", id="chunks"),
        pytest.param(CHUNKED, b"0" * MIB, id="size of a chunk"),
        pytest.param(chunk(b"0"), b"y" * MIB, id="trailer"),
        pytest.param(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 40000, id="100 Continue"),
    ],
)
def test_what_is_too_large_is_not_read(
    speak: Callable[..., Speaker], connect: Connect, before: bytes, part: bytes
) -> None:

    def parts() -> Iterator[bytes]:
        yield before
        yield from repeat(part, 500)

    speaker = speak(parts)
    client = connect({"JST_MAX_RESPONSE_BYTES": str(3 * MIB)}, endpoint=speaker.url)
    with pytest.raises(ResponseLostError) as caught:
        client.call(*WRITE)
    assert caught.value.unknown_outcome
    # Newer versions of the library have a limit of their own for the lines between chunks.
    assert caught.value.code in ("ResponseLost.TooLarge", "ResponseLost.ConnectionLost")
    assert speaker.left.wait(10)
    assert speaker.said < 20 * MIB


@pytest.mark.parametrize(("layers", "encoding"), [(1, b"gzip"), (2, b"gzip, gzip"), (3, b"gzip")])
def test_a_bomb_of_gzip_does_not_go_off(
    speak: Callable[..., Speaker], connect: Connect, layers: int, encoding: bytes
) -> None:
    answer = packed(layers, encoding)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    client = connect(endpoint=speak(lambda: iter([answer])).url, retry_timeout=0)
    with pytest.raises(ApiError) as caught:
        client.call(*WRITE)
    assert caught.value.unknown_outcome
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_without_a_free_descriptor_nothing_is_sent_and_the_error_is_told(gateway: Gateway, connect: Connect) -> None:
    client = connect(retry_timeout=0)
    held: list[socket.socket] = []
    limits = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        with socket.socket() as probe:
            resource.setrlimit(resource.RLIMIT_NOFILE, (probe.fileno() + 8, limits[1]))
        while True:
            try:
                held.append(socket.socket())
            except OSError:
                break
        with pytest.raises(ConnectionFailedError) as caught:
            client.call(*WRITE)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, limits)
        for one in held:
            one.close()
    assert (caught.value.code, gateway.seen) == ("ConnectionFailed.NoConnection", [])
    assert "Too many open files" in caught.value.message


def test_the_next_call_is_well_after_an_answer_that_was_not_read(gateway: Gateway, connect: Connect) -> None:
    gateway.script(say(b" " * 5000), good())
    client = connect({"JST_MAX_RESPONSE_BYTES": "1000"})
    with pytest.raises(ResponseLostError):
        client.call(*WRITE)
    client.call(*WRITE)
    assert gateway.seen[0].peer != gateway.seen[1].peer
