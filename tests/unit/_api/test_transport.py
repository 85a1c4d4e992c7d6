# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to the gateway: what stands in it, and what is told about that."""

from __future__ import annotations

import base64
import datetime
import gzip
import ipaddress
import json
import os
import re
import select
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ansible_collections.jst.retailcloud.plugins.module_utils._api import signer, transport
from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    ConfigError,
    LostAnswerError,
    NotSentError,
    ServiceFailureError,
)

from .conftest import FakeTime, Gateway, Handler, good, say, serve

Connect = Callable[..., Client]

READ = ("ListApp", {"PageNumber": 1})
WRITE = ("CreateAccount", {"AccountName": "n", "AccountPassword": "Unit-Passw0rd"})


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def test_the_version_is_that_of_the_collection() -> None:
    galaxy = yaml.safe_load((Path(__file__).parents[3] / "galaxy.yml").read_text(encoding="utf-8"))
    assert galaxy["version"] == signer.COLLECTION_VERSION


# Connections


def test_a_connection_is_kept(gateway: Gateway, connect: Connect) -> None:
    gateway.script(good(), good())
    client = connect()
    client.call(*READ)
    client.call(*WRITE)
    assert gateway.seen[0].peer == gateway.seen[1].peer


def test_threads_share_connections_and_never_one_at_a_time(gateway: Gateway, connect: Connect) -> None:
    together = threading.Barrier(3, timeout=10)

    def meet(handler: Handler) -> None:
        together.wait()
        good()(handler)

    gateway.script(*[meet] * 6)
    client = connect()
    for _turn in range(2):
        threads = [threading.Thread(target=client.call, args=READ) for _number in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    first, second = ({seen.peer for seen in gateway.seen[turn : turn + 3]} for turn in (0, 3))
    assert first == second
    assert len(first) == 3


@pytest.mark.parametrize("call", [READ, WRITE])
def test_a_connection_that_the_gateway_has_closed_is_not_used(gateway: Gateway, connect: Connect, call: Any) -> None:
    closed = threading.Event()

    def answer_and_close(handler: Handler) -> None:
        good()(handler)  # and no word of what follows
        handler.wfile.flush()
        handler.connection.shutdown(socket.SHUT_RDWR)
        handler.close_connection = True
        closed.set()

    gateway.script(answer_and_close, good())
    client = connect(retry_timeout=0)
    client.call(*READ)
    assert closed.wait(10)
    client.call(*call)
    assert gateway.seen[0].peer != gateway.seen[1].peer


@pytest.mark.parametrize(("idle", "call", "kept"), [(19, WRITE, True), (20, WRITE, False), (20, READ, True)])
def test_a_write_does_not_use_a_connection_that_was_idle_for_long(
    gateway: Gateway, connect: Connect, fake_time: FakeTime, idle: float, call: Any, kept: bool
) -> None:
    gateway.script(good(), good())
    client = connect()
    client.call(*READ)
    fake_time.now += idle
    client.call(*call)
    assert (gateway.seen[0].peer == gateway.seen[1].peer) is kept


def test_a_machine_that_slept_does_not_use_the_connection_it_had(
    gateway: Gateway, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    gateway.script(good(), good())
    client = connect()
    client.call(*READ)
    real = time.time
    monkeypatch.setattr(time, "time", lambda: real() + 20)  # and no tick of the monotonic clock
    client.call(*WRITE)
    assert gateway.seen[0].peer != gateway.seen[1].peer


def test_a_redirect_is_not_followed(gateway: Gateway, connect: Connect) -> None:
    target = "https://somebody:pw@login.example.test/start?token=x"
    gateway.script(say("", 302, {"Location": target}), good())
    with pytest.raises(ServiceFailureError, match="redirect") as caught:
        connect().call(*WRITE)
    assert "(HTTP 302 to https://login.example.test)" in caught.value.message
    assert len(gateway.seen) == 1


def test_a_name_that_does_not_resolve(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(NotSentError, match=r"retailclod\.example cannot be reached: its name") as caught:
        connect(endpoint="http://retailclod.example", retry_timeout=0).call(*WRITE)
    assert caught.value.code == "NotSent.NameResolution"
    assert "typing error" in str(caught.value.hint)


def test_a_name_that_can_be_none(connect: Connect) -> None:
    client = connect(endpoint=f"http://{'x' * 64}.example")
    with pytest.raises(ConfigError, match="no request can be made to http://x"):
        client.call(*WRITE)
    assert client.sent == 0


@pytest.mark.parametrize(
    ("endpoint", "host", "port"),
    [
        ("http://[::1]", "::1", 80),
        ("https://[fe80::1]", "fe80::1", 443),
        ("https://x.example", "x.example", 443),
        ("http://x.example:8080", "x.example", 8080),
    ],
)
def test_where_a_connection_leads(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, endpoint: str, host: str, port: int
) -> None:
    asked: list[Any] = []

    def resolve(host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        asked.append((host, port))
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(NotSentError):
        connect(endpoint=endpoint, retry_timeout=0).call(*READ)
    assert asked == [(host, port)]


def test_a_host_that_does_not_answer(connect: Connect) -> None:
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        fillers = [socket.socket() for number in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
        client = connect(endpoint=f"http://127.0.0.1:{deaf.getsockname()[1]}", connect_timeout=0.1, retry_timeout=0)
        with pytest.raises(NotSentError, match=r"no connection within 0\.1 s") as caught:
            client.call(*WRITE)
        for filler in fillers:
            filler.close()
    assert caught.value.code == "NotSent.ConnectTimeout"
    assert "connect_timeout" in str(caught.value.hint)


def test_nothing_of_a_request_is_in_an_error(gateway: Gateway, connect: Connect) -> None:
    gateway.script(lambda handler: setattr(handler, "close_connection", True))
    with pytest.raises(LostAnswerError) as caught:
        connect().call("CreateCluster", {"ClusterTitle": "t", "Password": "Unit-Passw0rd"})
    assert "Unit-Passw0rd" not in f"{caught.value!r} {caught.value.as_dict()}"
    assert caught.value.code == "LostAnswer.ConnectionLost"


# Bodies


def in_chunks(body: bytes, encoding: str = "identity", end: bytes = b"0\r\n\r\n") -> Callable[[Handler], None]:
    """Answer in two chunks."""

    def act(handler: Handler) -> None:
        handler.send_response_only(200)
        for name, value in (("Content-Encoding", encoding), ("Transfer-Encoding", "chunked")):
            handler.send_header(name, value)
        handler.end_headers()
        middle = len(body) // 2
        for part in (body[:middle], body[middle:]):
            handler.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
        handler.wfile.write(end)
        handler.close_connection = not end

    return act


PACKED = gzip.compress(json.dumps({"Code": 0, "RequestId": "R-PACKED"}).encode())


def test_an_answer_in_gzip(gateway: Gateway, connect: Connect) -> None:
    gateway.script(in_chunks(PACKED, "gzip"), good())
    client = connect()
    assert client.call(*READ).request_id == "R-PACKED"
    client.call(*READ)
    assert gateway.seen[0].headers["accept-encoding"] == "gzip"
    assert gateway.seen[0].peer == gateway.seen[1].peer


@pytest.mark.parametrize(
    "act",
    [
        in_chunks(b"no gzip", "gzip"),
        in_chunks(json.dumps({"Code": 0}).encode(), end=b""),
        say({"Code": 0}, headers={"Content-Length": "99", "Connection": "close"}),
    ],
    ids=["no gzip", "no last chunk", "too short"],
)
def test_an_answer_that_is_not_whole(gateway: Gateway, connect: Connect, act: Any) -> None:
    gateway.script(act)
    with pytest.raises(LostAnswerError, match="broke before the answer was complete") as caught:
        connect().call(*WRITE)
    assert caught.value.unknown_outcome


def test_a_part_of_a_gzip(gateway: Gateway, connect: Connect) -> None:
    gateway.script(in_chunks(PACKED[:-20], "gzip"))
    with pytest.raises(ServiceFailureError) as caught:
        connect().call(*WRITE)
    assert caught.value.unknown_outcome


# TLS


class Authority:
    """A certificate authority of this test run, and a certificate of it for 127.0.0.1."""

    def __init__(self, folder: Path, ends: datetime.timedelta = datetime.timedelta(hours=1)) -> None:
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "unit")])
        now = datetime.datetime.now(datetime.UTC)
        certificate = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=2))
            .not_valid_after(now + ends)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False
            )
            .sign(key, hashes.SHA256())
        )
        self.path = folder / "ca.pem"
        self.path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        self.key = folder / "key.pem"
        self.key.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def wrap(self, plain: socket.socket) -> socket.socket:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path, self.key)
        return context.wrap_socket(plain, server_side=True)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def secure(authority: Authority) -> Iterator[Gateway]:
    """A gateway behind TLS."""
    made = Gateway()
    server = serve(made, authority.wrap)
    yield made
    server.shutdown()
    server.server_close()


def over_tls(secure: Gateway) -> str:
    return f"https://127.0.0.1:{secure.port}"


def test_an_unknown_authority_is_not_trusted(secure: Gateway, connect: Connect, fake_time: FakeTime) -> None:
    with pytest.raises(NotSentError, match="certificate is not trusted") as caught:
        connect(endpoint=over_tls(secure)).call(*WRITE)
    assert caught.value.code == "NotSent.CertificateNotTrusted"
    assert "ca_path" in str(caught.value.hint)
    assert fake_time.slept == []
    assert secure.seen == []


def test_ca_path(secure: Gateway, connect: Connect, authority: Authority) -> None:
    secure.script(good())
    connect(endpoint=over_tls(secure), ca_path=str(authority.path)).call(*READ)


def test_ca_path_beats_the_environment(
    secure: Gateway, connect: Connect, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", "/nowhere.pem")
    secure.script(good())
    connect(endpoint=over_tls(secure), ca_path=str(authority.path)).call(*READ)


@pytest.mark.parametrize("variable", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"])
def test_the_environment_names_an_authority(
    secure: Gateway, connect: Connect, authority: Authority, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    monkeypatch.setenv(variable, str(authority.path))
    secure.script(good())
    connect(endpoint=over_tls(secure)).call(*READ)


@pytest.mark.parametrize("bundle", [None, "/nowhere.pem"])
def test_certificates_are_not_looked_at_if_so_wished(
    secure: Gateway, connect: Connect, monkeypatch: pytest.MonkeyPatch, bundle: str | None
) -> None:
    if bundle:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
    secure.script(good())
    connect(endpoint=over_tls(secure), validate_certs=False).call(*READ)


def test_a_certificate_is_for_a_host(secure: Gateway, connect: Connect, authority: Authority) -> None:
    client = connect(endpoint=f"https://localhost:{secure.port}", ca_path=str(authority.path), retry_timeout=0)
    with pytest.raises(NotSentError, match="certificate is not trusted") as caught:
        client.call(*READ)
    assert "ostname mismatch" in caught.value.message


def test_a_certificate_that_has_expired(connect: Connect, tmp_path: Path) -> None:
    expired = Authority(tmp_path, ends=datetime.timedelta(hours=-1))
    made = Gateway()
    server = serve(made, expired.wrap)
    client = connect(endpoint=over_tls(made), ca_path=str(expired.path))
    with pytest.raises(NotSentError, match=r"certificate is not trusted \(certificate has expired\)"):
        client.call(*WRITE)
    server.shutdown()
    server.server_close()
    assert made.seen == []


def test_plain_http_to_a_port_that_wants_tls(secure: Gateway, connect: Connect) -> None:
    with pytest.raises(LostAnswerError) as caught:
        connect(endpoint=f"http://127.0.0.1:{secure.port}").call(*WRITE)
    assert "whether the endpoint wants https://" in str(caught.value.hint)


@pytest.mark.parametrize("content", [None, "no certificate\n"])
def test_certificates_that_cannot_be_read(connect: Connect, tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "bundle.pem"
    if content:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(f"no CA certificates can be read from {path}")):
        connect(endpoint="https://127.0.0.1:1", ca_path=str(path)).call(*READ)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Where certificates are read from, each time."""
    loads: list[Any] = []
    load = ssl.SSLContext.load_verify_locations

    def count(self: ssl.SSLContext, cafile: Any = None, capath: Any = None, cadata: Any = None) -> None:
        loads.append(cafile)
        load(self, cafile, capath, cadata)

    transport._tls_context.cache_clear()
    monkeypatch.setattr(ssl.SSLContext, "load_verify_locations", count)
    return loads


def test_one_tls_context_serves_all_connections_and_clients(
    secure: Gateway, connect: Connect, authority: Authority, loads: list[Any]
) -> None:
    secure.script(*[say({"Code": 0}, headers={"Connection": "close"})] * 4)
    for client in (connect(endpoint=over_tls(secure), ca_path=str(authority.path)) for _number in range(2)):
        client.call(*READ)
        client.call(*READ)
    assert len({seen.peer for seen in secure.seen}) == 4
    assert loads == [str(authority.path)]


def test_certificates_that_were_replaced_are_read_anew(
    secure: Gateway, connect: Connect, authority: Authority, loads: list[Any], tmp_path: Path
) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(Authority(tmp_path).path.read_bytes())
    with pytest.raises(NotSentError, match="certificate is not trusted"):
        connect(endpoint=over_tls(secure), ca_path=str(bundle)).call(*READ)
    bundle.write_bytes(authority.path.read_bytes())
    os.utime(bundle, ns=(1, 1))
    secure.script(good())
    connect(endpoint=over_tls(secure), ca_path=str(bundle)).call(*READ)
    assert loads == [str(bundle)] * 2


def test_a_handshake_that_fails_sends_nothing(gateway: Gateway, connect: Connect) -> None:
    client = connect(endpoint=f"https://127.0.0.1:{gateway.port}", retry_timeout=0)
    with pytest.raises(NotSentError, match="TLS handshake failed") as caught:
        client.call(*WRITE)
    assert caught.value.code == "NotSent.TlsHandshake"
    assert (client.sent, caught.value.unknown_outcome) == (0, False)


def test_a_connection_that_breaks_in_the_handshake_sends_nothing(connect: Connect) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def greet_and_leave() -> None:
            accepted = server.accept()[0]
            accepted.recv(64)
            accepted.close()

        thread = threading.Thread(target=greet_and_leave)
        thread.start()
        client = connect(endpoint=f"https://127.0.0.1:{server.getsockname()[1]}", retry_timeout=0)
        with pytest.raises(NotSentError) as caught:
            client.call(*WRITE)
        thread.join()
    assert (client.sent, caught.value.unknown_outcome) == (0, False)


# Proxies


@pytest.fixture
def proxy() -> Iterator[Gateway]:
    made = Gateway()
    server = serve(made)
    yield made
    server.shutdown()
    server.server_close()


def test_a_proxy_of_the_environment_is_used(
    gateway: Gateway, proxy: Gateway, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    proxy.script(good())
    connect().call(*READ)
    assert gateway.seen == []
    assert proxy.seen[0].path == f"{gateway.url}/?PageNumber=1"
    assert proxy.seen[0].headers["host"] == f"127.0.0.1:{gateway.port}"


def test_no_proxy_is_honoured(
    gateway: Gateway, proxy: Gateway, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    gateway.script(good())
    connect().call(*READ)
    assert proxy.seen == []


def test_a_proxy_that_is_not_there(connect: Connect, unused_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://user:hush@127.0.0.1:{unused_port}")
    client = connect(retry_timeout=0)
    with pytest.raises(NotSentError, match=f"through the proxy 127.0.0.1:{unused_port} is closed") as caught:
        client.call(*WRITE)
    assert caught.value.code == "NotSent.Proxy"
    assert "NO_PROXY" in str(caught.value.hint)
    assert "hush" not in f"{caught.value!r} {caught.value.as_dict()}"
    assert client.sent == 0


def test_only_the_proxy_learns_what_it_wants_to_know(
    gateway: Gateway, proxy: Gateway, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://user:hush@127.0.0.1:{proxy.port}")
    proxy.script(good(), say("<html>authentication required</html>", 407, {"Content-Type": "text/html"}))
    client = connect()
    client.call(*READ)
    assert proxy.seen[0].headers["proxy-authorization"] == f"Basic {base64.b64encode(b'user:hush').decode()}"
    assert "hush" not in proxy.seen[0].path
    with pytest.raises(ServiceFailureError, match="HTTP 407") as caught:
        client.call(*WRITE)
    assert (caught.value.unknown_outcome, "proxy" in str(caught.value.hint)) == (False, True)
    assert "hush" not in f"{caught.value!r} {caught.value.as_dict()}"


def test_a_proxy_that_refuses_the_tunnel(proxy: Gateway, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    proxy.script(say("", 403))
    client = connect(endpoint="https://retailcloud.example", retry_timeout=0)
    with pytest.raises(NotSentError) as caught:
        client.call(*WRITE)
    assert (caught.value.code, caught.value.unknown_outcome, client.sent) == ("NotSent.Proxy", False, 0)
    assert proxy.seen[0].method == "CONNECT"


def test_a_tunnel_through_a_proxy(
    secure: Gateway, proxy: Gateway, connect: Connect, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    def tunnel(handler: Handler) -> None:
        handler.send_response_only(200)
        handler.end_headers()
        handler.wfile.flush()
        near = handler.connection
        with socket.create_connection(("127.0.0.1", secure.port)) as far:
            data = b"anything"
            while data:
                for source in select.select([near, far], [], [])[0]:
                    data = source.recv(65536)
                    (far if source is near else near).sendall(data)
        handler.close_connection = True

    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    proxy.script(tunnel)
    secure.script(good())
    client = connect(endpoint=over_tls(secure), ca_path=str(authority.path))
    client.call(*WRITE)
    assert client.sent == 1
    assert secure.seen[0].form["AccountName"] == "n"


@pytest.mark.parametrize("value", ["socks9://127.0.0.1:1", "http://"])
def test_a_malformed_proxy(connect: Connect, monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", value)
    client = connect(retry_timeout=0)
    with pytest.raises(ConfigError, match="no request can be made"):
        client.call(*WRITE)
    assert client.sent == 0
