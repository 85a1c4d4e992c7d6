# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The HTTP server over real sockets, and the command line."""

from __future__ import annotations

import gzip
import http.client
import json
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from jst_emulator import server as server_module
from jst_emulator.request import FORM
from support.signed_client import SignedClient, signed_1_0
from support.small_world import APP

LISTENING = re.compile(r"jst-emulator listening on http://127\.0\.0\.1:(\d+)\n")


@pytest.fixture
def connection(port: int) -> Iterator[http.client.HTTPConnection]:
    """A connection to it."""
    opened = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    yield opened
    opened.close()


def send(
    connection: http.client.HTTPConnection, action: str, headers: dict[str, str] | None = None, /, **parameters: str
) -> http.client.HTTPResponse:
    """Call *action* signed with 1.0, and begin to read the answer."""
    method, query, form = signed_1_0(action, parameters)
    sent = {"Content-Type": FORM} if form else {}
    connection.request(method, f"/?{urlencode(query)}", urlencode(form) or None, sent | (headers or {}))
    return connection.getresponse()


def control(connection: http.client.HTTPConnection, method: str, path: str, body: Any = None) -> Any:
    """The JSON answer of the control side."""
    connection.request(method, f"/_emulator/{path}", None if body is None else json.dumps(body))
    return json.loads(connection.getresponse().read())


def test_a_connection_serves_many_calls(connection: http.client.HTTPConnection) -> None:
    response = send(connection, "CreateApp", None, **APP)
    assert response.version == 11
    assert response.headers["Connection"] == "keep-alive"
    assert json.loads(response.read())["Code"] == 0
    opened = connection.sock
    for _dummy in range(3):
        assert json.loads(send(connection, "ListApp", PageSize="1", PageNumber="1").read())["TotalCount"] == 41
    assert len(control(connection, "GET", "calls")) == 4
    assert connection.sock is opened


def test_idle_connections_are_closed(connection: http.client.HTTPConnection) -> None:
    send(connection, "ListApp").read()
    connection.sock.settimeout(5)
    assert connection.sock.recv(1) == b""


def test_the_real_idle_time() -> None:
    assert server_module._Handler.timeout == 25


def test_only_those_who_ask_are_asked_to_unpack(connection: http.client.HTTPConnection) -> None:
    plain = send(connection, "ListApp", {"Accept-Encoding": "identity"}, PageSize="40", PageNumber="1")
    body = plain.read()
    assert (plain.headers["Content-Encoding"], plain.headers["Vary"]) == (None, "Accept-Encoding")
    assert int(plain.headers["Content-Length"]) == len(body) > 1024
    packed = send(connection, "ListApp", {"Accept-Encoding": "gzip, deflate"}, PageSize="40", PageNumber="1")
    assert (packed.headers["Content-Encoding"], packed.headers["Transfer-Encoding"]) == ("gzip", "chunked")
    assert (packed.headers["Content-Length"], packed.headers["ETag"]) == (None, None)
    assert json.loads(gzip.decompress(packed.read()))["Data"] == json.loads(body)["Data"]
    small = send(connection, "ListApp", {"Accept-Encoding": "gzip"}, PageSize="1", PageNumber="1")
    assert small.headers["Content-Encoding"] is None
    assert json.loads(small.read())["Code"] == 0


@pytest.mark.parametrize("kind", ["drop_before", "drop_after"])
def test_a_dropped_connection_has_no_answer(connection: http.client.HTTPConnection, kind: str) -> None:
    control(connection, "POST", "faults", {"kind": kind, "action": "CreateApp"})
    with pytest.raises(http.client.RemoteDisconnected):
        send(connection, "CreateApp", None, **APP)
    connection.close()
    expected = 41 if kind == "drop_after" else 40
    assert json.loads(send(connection, "ListApp").read())["TotalCount"] == expected


def test_a_truncated_answer_ends_early(connection: http.client.HTTPConnection) -> None:
    control(connection, "POST", "faults", {"kind": "truncate"})
    response = send(connection, "ListApp")
    with pytest.raises(http.client.IncompleteRead) as caught:
        response.read()
    assert caught.value.partial.startswith(b'{"Code":0')


def test_an_empty_answer(connection: http.client.HTTPConnection) -> None:
    control(connection, "POST", "faults", {"kind": "empty"})
    response = send(connection, "ListApp")
    assert (response.status, response.headers["Content-Length"], response.read()) == (200, "0", b"")


def test_bodies_nobody_reads_do_not_disturb_the_next_call(connection: http.client.HTTPConnection) -> None:
    connection.request("POST", "/_emulator/nothing", b"x" * 100_000)
    assert connection.getresponse().read()
    assert json.loads(send(connection, "ListApp").read())["Code"] == 0


def test_callers_who_want_the_connection_closed(connection: http.client.HTTPConnection) -> None:
    response = send(connection, "ListApp", {"Connection": "close"})
    assert response.headers["Connection"] == "close"
    assert json.loads(response.read())["Code"] == 0
    assert connection.sock is None


def test_an_answer_to_head_has_no_body(connection: http.client.HTTPConnection) -> None:
    connection.request("HEAD", "/")
    response = connection.getresponse()
    assert (response.status, response.read()) == (400, b"")
    assert json.loads(send(connection, "ListApp").read())["Code"] == 0


def test_a_caller_who_leaves_half_way_disturbs_nobody(
    port: int, connection: http.client.HTTPConnection, capfd: pytest.CaptureFixture[str]
) -> None:
    with socket.create_connection(("127.0.0.1", port)) as leaving:
        leaving.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf")
    with socket.create_connection(("127.0.0.1", port)) as chatting:
        chatting.sendall(b"what is this\r\n\r\n")
        assert b"<h1>400 Bad Request</h1>" in chatting.makefile("rb").read()
    assert json.loads(send(connection, "ListApp").read())["Code"] == 0
    assert capfd.readouterr().err == ""


def rejection(port: int, *parts: bytes) -> bytes:
    """What comes back when all of a request is sent before anything is read."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        for part in parts:
            connection.sendall(part)
        answer = b""
        while piece := connection.recv(65536):
            answer += piece
    return answer


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([b"GET /?x=%b HTTP/1.1\r\nHost: x\r\n\r\n" % (b"a" * 5000)], 414),
        ([b"GET /?x=%b HTTP/1.1\r\nHost: x\r\n\r\n" % (b"a" * 500_000)], 414),
        ([b"GET / HTTP/1.1\r\nHost: x\r\n", b"Note: %b\r\n" % (b"a" * 4000) * 9, b"\r\n"], 431),
        ([b"GET / HTTP/1.1\r\nHost: x\r\n", b"Note: %b\r\n\r\n" % (b"a" * 70_000)], 431),
        ([b"GET / HTTP/1.1\r\nHost: x\r\n", b"Note: a\r\n" * 101, b"\r\n"], 431),
        ([b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 20000001\r\n\r\n", b"a" * 20_000_001], 413),
        ([b"POST /_emulator/faults HTTP/1.1\r\nHost: x\r\nContent-Length: 20000001\r\n\r\n", b"a" * 20_000_001], 413),
        ([b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %b\r\n\r\n" % (b"9" * 5000)], 413),
    ],
)
def test_what_is_too_large_is_rejected_and_told_so(
    small_limits: int, connection: http.client.HTTPConnection, parts: list[bytes], status: int
) -> None:
    """Although nothing of it was read: a connection that is closed at once would lose the answer."""
    started = time.monotonic()
    answer = rejection(small_limits, *parts)
    assert answer.startswith(b"HTTP/1.1 %d " % status)
    assert b"\r\nConnection: close\r\n" in answer
    assert answer.count(b"HTTP/1.1") == 1
    assert time.monotonic() - started < 8
    assert json.loads(send(connection, "ListApp").read())["Code"] == 0


def test_a_body_in_chunks_has_a_limit_too(small_limits: int) -> None:
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer = rejection(small_limits, head, b"200000\r\n%b\r\n0\r\n\r\n" % (b"a" * 0x200000))
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.fixture
def small_limits(port: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """The port of an emulator that takes bodies up to 1 MB."""
    monkeypatch.setattr(server_module, "MAX_BODY_BYTES", 1_000_000)
    return port


@pytest.mark.parametrize("version", ["1.0", "ACS3"])
def test_a_megabyte_in_the_form_of_either_signature(client: SignedClient, version: str) -> None:
    text = "ab+/= " * 170_000
    call = client.acs3 if version == "ACS3" else client.v1
    response = call("CreateApp", APP | {"Description": text})
    assert (response.status_code, response.get_json()["Code"]) == (200, 0)
    assert client.call("ListApp")["Data"][0]["Description"] == text


@pytest.mark.parametrize("version", ["1.0", "ACS3"])
@pytest.mark.parametrize("everything_in", ["query", "body"])
def test_query_and_form_are_one_set_of_parameters(client: SignedClient, version: str, everything_in: str) -> None:
    call = client.acs3 if version == "ACS3" else client.v1
    for action, parameters in (("CreateApp", APP), ("DeleteAppDetail", {"AppId": 1})):
        assert call(action, parameters, everything_in=everything_in).get_json()["Code"] == 0
    assert [entry["placement"] for entry in client.calls()] == [everything_in] * 2


def test_fifty_callers_at_once(port: int) -> None:
    ready = threading.Barrier(50)

    def work(number: int) -> list[int]:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        ready.wait()
        made = []
        for turn in range(4):
            answer = json.loads(send(connection, "CreateApp", None, **APP | {"Title": f"{number}-{turn}"}).read())
            made.append(answer["Result"]["AppId"])
        connection.close()
        return made

    with ThreadPoolExecutor(50) as pool:
        ids = [app_id for made in pool.map(work, range(50)) for app_id in made]
    assert Counter(ids) == Counter(range(41, 241))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    calls = control(connection, "GET", "calls")
    state = control(connection, "GET", "state")
    connection.close()
    assert [call["seq"] for call in calls] == list(range(1, 201))
    assert [app["Title"] for app in state["apps"][40:]] == [call["params"]["Title"] for call in calls]


def test_callers_one_after_the_other_need_few_threads(port: int) -> None:
    before = threading.active_count()
    for _number in range(100):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        send(connection, "ListApp").read()
        connection.close()
    assert threading.active_count() - before < 50


def test_a_slow_answer_holds_nobody_up(port: int, connection: http.client.HTTPConnection) -> None:
    control(connection, "POST", "faults", {"kind": "delay", "seconds": 1, "action": "CreateApp"})
    with ThreadPoolExecutor(1) as pool:
        other = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        slow = pool.submit(lambda: send(other, "CreateApp", None, **APP).read())
        time.sleep(0.2)
        started = time.monotonic()
        assert json.loads(send(connection, "ListApp").read())["TotalCount"] == 41
        assert time.monotonic() - started < 0.7
        assert json.loads(slow.result())["Code"] == 0
        other.close()


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start the command line on a free port."""
    return subprocess.Popen(
        [sys.executable, "-m", "jst_emulator", "--port", "0", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_starts_and_stops(number: signal.Signals) -> None:
    with start("--answers", "sample", "--latency-ms", "50", "--time-scale", "60") as process:
        assert process.stdout
        match = LISTENING.fullmatch(process.stdout.readline())
        assert match
        connection = http.client.HTTPConnection("127.0.0.1", int(match[1]), timeout=10)
        assert control(connection, "GET", "health")["answers"] == "sample"
        assert control(connection, "GET", "clock")["scale"] == 60
        started = time.monotonic()
        send(connection, "ListApp").read()
        assert time.monotonic() - started >= 0.05
        process.send_signal(number)
        output, complaints = process.communicate(timeout=10)
        connection.close()
    assert (process.returncode, output, complaints) == (0, "", "")


def test_the_command_starts_at_a_moment_and_runs_on_from_there() -> None:
    with start("--start", "2026-01-05T09:00:00Z", "--time-scale", "3600") as process:
        assert process.stdout
        match = LISTENING.fullmatch(process.stdout.readline())
        assert match
        connection = http.client.HTTPConnection("127.0.0.1", int(match[1]), timeout=10)
        moments = []
        for _dummy in range(2):
            moments.append(control(connection, "GET", "clock")["iso"])
            time.sleep(0.02)
        connection.close()
        process.terminate()
        process.communicate(timeout=10)
    assert "2026-01-05T09" <= moments[0] < moments[1] < "2026-01-06"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--port", "99999"], "99999 is not a port"),
        (["--latency-ms", "-1"], "-1 is not a number from 0"),
        (["--time-scale", "fast"], "--time-scale"),
        (["--time-scale", "nan"], "nan is not a number from 0"),
        (["--time-scale", "1e300"], "1e300 is not a number from 0 to 1000000"),
        (["--start", "9999-06-01T00:00:00Z"], "is not a moment"),
        (["--max-url-bytes", "0"], "0 is not a number from 1 to 65536"),
        (["--start", "noon"], "'noon' is not a moment such as 2026-01-05T09:00:00Z"),
        (["--answers", "both"], "invalid choice"),
        (["--world", "nowhere.yml"], "nowhere.yml"),
        (["--world", "{broken}"], "is not YAML"),
        (["--world", "{odd}"], "no_such_table"),
        (["--world", "{indented}"], "no_such_table"),
        (["--host", "203.0.113.1"], "203.0.113.1"),
    ],
)
def test_wrong_arguments_end_with_status_2(tmp_path: Path, arguments: list[str], words: str) -> None:
    files = {name: tmp_path / f"{name}.yml" for name in ("broken", "odd", "indented")}
    files["broken"].write_text("a: [")
    files["odd"].write_text("no_such_table: []\n")
    # JSON with tabs, which YAML does not allow, so it is read as JSON.
    files["indented"].write_text('{\n\t"no_such_table": []\n}\n')
    with start(*(argument.format(**files) for argument in arguments)) as process:
        output, complaints = process.communicate(timeout=20)
    assert (process.returncode, output) == (2, "")
    assert words in complaints
    assert "Traceback" not in complaints
