# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way to the gateway: what stands in it, and what is told about that."""

from __future__ import annotations

import base64
import datetime
import gzip
import hashlib
import ipaddress
import json
import logging
import os
import re
import select
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from urllib3 import PoolManager

from ansible_collections.jst.retailcloud.plugins.module_utils._api import signer, tls, transport
from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.connection import environment_proxies
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    ConfigError,
    ConnectionFailedError,
    ResponseLostError,
    ServiceFailureError,
)
from tests.unit.plugins.module_utils._api.conftest import SECRET, FakeTime, Gateway, Handler, good, hang_up, say, serve

Connect = Callable[..., Client]

READ = ("ListApp", {"PageNumber": 1})
WRITE = ("CreateAccount", {"AccountName": "n", "AccountPassword": "Unit-Passw0rd"})


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def test_the_version_is_that_of_the_collection() -> None:
    galaxy = yaml.safe_load((Path(__file__).parents[5] / "galaxy.yml").read_text(encoding="utf-8"))
    assert galaxy["version"] == signer.COLLECTION_VERSION


# Connections


def test_a_connection_is_kept(gateway: Gateway, connect: Connect) -> None:
    gateway.script(good(), good())
    client = connect()
    client.call(*READ)
    client.call(*WRITE)
    assert gateway.seen[0].peer == gateway.seen[1].peer


def test_the_pool_of_a_connection_is_looked_up_once(
    gateway: Gateway, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    found: list[str] = []
    look_up = PoolManager.connection_from_host

    def listen(manager: PoolManager, host: str, *args: Any, **kwargs: Any) -> Any:
        found.append(host)
        return look_up(manager, host, *args, **kwargs)

    monkeypatch.setattr(PoolManager, "connection_from_host", listen)
    gateway.script(good(), good(), good())
    client = connect()
    client.call(*READ)
    client.call(*READ)
    assert found == ["127.0.0.1"]
    # After it was closed, the adapter has another pool, and the pool another connection.
    [connection] = client._transport._idle
    connection.close()
    client.call(*READ)
    assert found == ["127.0.0.1", "127.0.0.1"]
    assert gateway.seen[0].peer == gateway.seen[1].peer != gateway.seen[2].peer


@pytest.mark.parametrize(
    ("variables", "is_proxied"),
    [
        ({}, False),
        ({"PROXY": "http://127.0.0.1:1", "MYPROXY": "x", "proxy_": "x"}, False),
        ({"HTTP_PROXY": "http://127.0.0.1:1"}, True),
        ({"Http_Proxy": "http://127.0.0.1:1"}, True),
        ({"all_proxy": "socks5://127.0.0.1:1", "no_proxy": "other.example"}, True),
        ({"http_proxy": "http://127.0.0.1:1", "NO_PROXY": "service.example"}, False),
    ],
)
def test_proxies_are_those_of_requests(
    variables: dict[str, str], is_proxied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    endpoint = "http://service.example"
    assert environment_proxies(endpoint) == requests.utils.get_environ_proxies(endpoint)
    assert bool(environment_proxies(endpoint)) == is_proxied


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


def test_the_age_of_each_connection_counts_by_itself(gateway: Gateway, connect: Connect, fake_time: FakeTime) -> None:
    together = threading.Barrier(3, timeout=10)

    def meet(handler: Handler) -> None:
        together.wait()
        good()(handler)

    def at_once(call: Any, number: int) -> set[Any]:
        before = len(gateway.seen)
        threads = [threading.Thread(target=client.call, args=call) for _number in range(number)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return {seen.peer for seen in gateway.seen[before:]}

    client = connect()
    gateway.script(*[meet] * 3, good(), *[meet] * 3)
    old = at_once(READ, 3)
    fake_time.now += 15
    young = at_once(READ, 1)
    fake_time.now += 15  # one of them was idle for 15 seconds, the others for 30
    used = at_once(WRITE, 3)
    assert (len(old), len(young), len(used)) == (3, 1, 3)
    assert used & old == young


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


def test_nothing_of_a_netrc_is_sent(
    gateway: Gateway, connect: Connect, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("default login somebody password hush\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    gateway.script(say({"Code": 0, "RequestId": "R"}, headers={"Set-Cookie": "a=b"}), good())
    client = connect()
    client.call(*READ)
    client.call(*READ)
    assert all(seen.headers["authorization"].startswith("ACS3-HMAC-SHA256 ") for seen in gateway.seen)
    assert "cookie" not in gateway.seen[1].headers


ODD = "".join(map(chr, range(1, 256))) + "%41 %zz /?#[]@!$&'()*+,;=~ \u4f60\u597d \U0001f600"


@pytest.mark.parametrize("version", ["acs3", "1.0"])
@pytest.mark.parametrize("action", ["CreateAppGroup", "BindGroup", "ListNodeLabelBindings"])
def test_what_is_sent_is_what_is_signed(
    gateway: Gateway, connect: Connect, monkeypatch: pytest.MonkeyPatch, version: str, action: str
) -> None:
    name = "ClusterId" if action.startswith("List") else "BizCode"
    signed: list[Any] = []
    sign = signer.sign_acs3 if version == "acs3" else signer.sign_v1

    def listen(request: signer.HttpRequest, *args: Any) -> None:
        sign(request, *args)
        signed.append(request)

    monkeypatch.setattr(transport, sign.__name__, listen)
    gateway.script(good())
    connect(signature_version=version).call(action, {name: ODD})
    [request], [seen] = signed, gateway.seen
    assert (seen.path, seen.body) == (request.target, request.body)
    assert {**seen.query, **seen.form}[name] == ODD
    assert {header.lower(): value for header, value in request.headers.items()} == seen.headers


@pytest.mark.parametrize("version", ["acs3", "1.0"])
def test_a_document_of_a_megabyte(gateway: Gateway, connect: Connect, version: str) -> None:
    document = base64.b64encode(os.urandom(2**20)).decode()
    gateway.script(good())
    connect(signature_version=version).call("CreateDeployConfig", {"AppId": 1, "Name": "n", "Deployment": document})
    [seen] = gateway.seen
    assert len(seen.path) < 8000
    assert seen.form == {"Deployment": document}
    if version == "acs3":
        assert seen.headers["x-acs-content-sha256"] == hashlib.sha256(seen.body).hexdigest()


def test_the_debug_log_of_the_library_has_no_parameters(
    gateway: Gateway, connect: Connect, caplog: pytest.LogCaptureFixture
) -> None:
    gateway.script(good())
    with caplog.at_level(logging.DEBUG):
        connect(signature_version="1.0").call("CreateCluster", {"ClusterTitle": "t", "Password": "Unit-Passw0rd"})
    assert "POST /" in caplog.text
    assert "Passw0rd" not in caplog.text
    assert "Signature" not in caplog.text


def test_a_literal_address_of_ipv6(connect: Connect) -> None:
    made = Gateway()
    server = serve(made, address="::1")
    made.script(good(), good())
    client = connect(endpoint=f"http://[::1]:{made.port}")
    client.call(*READ)
    client.call(*WRITE)
    server.shutdown()
    server.server_close()
    assert made.seen[0].headers["host"] == f"[::1]:{made.port}"
    assert made.seen[0].peer == made.seen[1].peer


def test_a_name_that_does_not_resolve(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*args: Any, **kwargs: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with pytest.raises(ConnectionFailedError, match=r"retailclod\.example cannot be reached: its name") as caught:
        connect(endpoint="http://retailclod.example", retry_timeout=0).call(*WRITE)
    assert caught.value.code == "ConnectionFailed.NameResolution"
    assert "typing error" in str(caught.value.hint)


def test_a_name_that_can_be_none(connect: Connect) -> None:
    client = connect(endpoint=f"http://{'x' * 64}.example")
    with pytest.raises(ConfigError, match="No request can be made to http://x"):
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
    with pytest.raises(ConnectionFailedError):
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
        with pytest.raises(ConnectionFailedError, match=r"no connection within 0\.1 s") as caught:
            client.call(*WRITE)
        for filler in fillers:
            filler.close()
    assert caught.value.code == "ConnectionFailed.ConnectTimeout"
    assert "connect_timeout" in str(caught.value.hint)


def test_nothing_of_a_request_is_in_an_error(gateway: Gateway, connect: Connect) -> None:
    gateway.script(lambda handler: setattr(handler, "close_connection", True))
    with pytest.raises(ResponseLostError) as caught:
        connect().call("CreateCluster", {"ClusterTitle": "t", "Password": "Unit-Passw0rd"})
    assert "Unit-Passw0rd" not in f"{caught.value!r} {caught.value.as_dict()}"
    assert caught.value.code == "ResponseLost.ConnectionLost"


def test_no_representation_has_a_secret(gateway: Gateway, connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    sign = signer.sign_v1

    def listen(request: signer.HttpRequest, action: str, params: Any, keys: Any, now: float) -> None:
        sign(request, action, params, keys, now)
        shown.extend(map(repr, (request, params, keys)))

    monkeypatch.setattr(transport, "sign_v1", listen)
    gateway.script(good())
    client = connect(signature_version="1.0", security_token="token-hush")
    answer = client.call("CreateCluster", {"ClusterTitle": "t", "Password": "Unit-Passw0rd"})
    shown += map(repr, (client, client.settings, client.settings.credential_provider, client._transport, answer))
    assert [secret for secret in ("Unit-Passw0rd", SECRET, "token-hush", "Signature") if secret in "".join(shown)] == []


# Bodies


def in_chunks(body: bytes, encoding: str = "identity", end: bytes = b"0\r\n\r\n") -> Callable[[Handler], None]:
    """ApiResponse in two chunks."""

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
    with pytest.raises(ResponseLostError, match="broke before the response was complete") as caught:
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

    def __init__(
        self, folder: Path, ends: datetime.timedelta = datetime.timedelta(hours=1), critical: bool = True
    ) -> None:
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


class LaxAuthority:
    """One whose certificate does not say what its key is for, and a certificate for 127.0.0.1 that it has signed."""

    def __init__(self, folder: Path) -> None:
        names = [x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)]) for name in ("lax", "unit")]
        keys = [ec.generate_private_key(ec.SECP256R1()) for _name in names]
        now = datetime.datetime.now(datetime.UTC)
        address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
        built = [
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(names[0])
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(hours=1))
            .not_valid_after(now + datetime.timedelta(hours=1))
            .add_extension(x509.BasicConstraints(ca=name is names[0], path_length=None), critical=True)
            .add_extension(address, critical=False)
            .sign(keys[0], hashes.SHA256())
            .public_bytes(serialization.Encoding.PEM)
            for name, key in zip(names, keys, strict=True)
        ]
        self.path, self.chain = folder / "lax.pem", folder / "chain.pem"
        self.path.write_bytes(built[0])
        self.chain.write_bytes(
            built[1]
            + keys[1].private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )

    def wrap(self, plain: socket.socket) -> socket.socket:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain)
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
    with pytest.raises(ConnectionFailedError, match="certificate is not trusted") as caught:
        connect(endpoint=over_tls(secure)).call(*WRITE)
    assert caught.value.code == "ConnectionFailed.CertificateNotTrusted"
    assert "ca_path" in str(caught.value.hint)
    assert fake_time.slept == []
    assert secure.seen == []


def test_ca_path(secure: Gateway, connect: Connect, authority: Authority) -> None:
    secure.script(good())
    connect(endpoint=over_tls(secure), ca_path=str(authority.path)).call(*READ)


def test_ca_path_may_be_a_folder(secure: Gateway, connect: Connect, authority: Authority, tmp_path: Path) -> None:
    folder = tmp_path / "trusted"
    folder.mkdir()
    command = ["openssl", "x509", "-hash", "-noout", "-in", str(authority.path)]
    name = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    (folder / f"{name}.0").write_bytes(authority.path.read_bytes())
    secure.script(good())
    connect(endpoint=over_tls(secure), ca_path=str(folder)).call(*READ)


def test_a_certificate_that_breaks_the_rules_of_newer_pythons(
    connect: Connect, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Python 3.13 checks strictly by default; here it is told to."""
    lax = LaxAuthority(tmp_path)
    made = Gateway()
    server = serve(made, lax.wrap)
    made.script(good())
    create = ssl.create_default_context

    def lenient(*args: Any, **kwargs: Any) -> ssl.SSLContext:
        context = create(*args, **kwargs)
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        return context

    def strict(*args: Any, **kwargs: Any) -> ssl.SSLContext:
        context = create(*args, **kwargs)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        return context

    monkeypatch.setattr(ssl, "create_default_context", lenient)
    connect(endpoint=over_tls(made), ca_path=str(lax.path)).call(*READ)
    monkeypatch.setattr(ssl, "create_default_context", strict)
    tls._load_context.cache_clear()
    with pytest.raises(ConnectionFailedError, match="certificate is not trusted") as caught:
        connect(endpoint=over_tls(made), ca_path=str(lax.path)).call(*WRITE)
    server.shutdown()
    server.server_close()
    assert "RFC 5280" in str(caught.value.hint)
    assert "3.13" in str(caught.value.hint)
    assert (caught.value.unknown_outcome, len(made.seen)) == (False, 1)


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
    with pytest.raises(ConnectionFailedError, match="certificate is not trusted") as caught:
        client.call(*READ)
    assert "ostname mismatch" in caught.value.message


def test_a_certificate_that_has_expired(connect: Connect, tmp_path: Path) -> None:
    expired = Authority(tmp_path, ends=datetime.timedelta(hours=-1))
    made = Gateway()
    server = serve(made, expired.wrap)
    client = connect(endpoint=over_tls(made), ca_path=str(expired.path))
    with pytest.raises(ConnectionFailedError, match=r"certificate is not trusted \(certificate has expired\)"):
        client.call(*WRITE)
    server.shutdown()
    server.server_close()
    assert made.seen == []


def test_plain_http_to_a_port_that_wants_tls(secure: Gateway, connect: Connect) -> None:
    with pytest.raises(ResponseLostError) as caught:
        connect(endpoint=f"http://127.0.0.1:{secure.port}").call(*WRITE)
    assert "whether the endpoint wants https://" in str(caught.value.hint)


@pytest.mark.parametrize("content", [None, "no certificate\n"])
def test_certificates_that_cannot_be_read(connect: Connect, tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "bundle.pem"
    if content:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigError, match=re.escape(f"No CA certificates can be read from {path}")):
        connect(endpoint="https://127.0.0.1:1", ca_path=str(path)).call(*READ)


@pytest.fixture
def loads(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Where certificates are read from, each time."""
    loads: list[Any] = []
    load = ssl.SSLContext.load_verify_locations

    def count(self: ssl.SSLContext, cafile: Any = None, capath: Any = None, cadata: Any = None) -> None:
        loads.append(cafile)
        load(self, cafile, capath, cadata)

    tls._load_context.cache_clear()
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
    with pytest.raises(ConnectionFailedError, match="certificate is not trusted"):
        connect(endpoint=over_tls(secure), ca_path=str(bundle)).call(*READ)
    bundle.write_bytes(authority.path.read_bytes())
    os.utime(bundle, ns=(1, 1))
    secure.script(good())
    connect(endpoint=over_tls(secure), ca_path=str(bundle)).call(*READ)
    assert loads == [str(bundle)] * 2


def test_a_handshake_that_fails_sends_nothing(gateway: Gateway, connect: Connect) -> None:
    client = connect(endpoint=f"https://127.0.0.1:{gateway.port}", retry_timeout=0)
    with pytest.raises(ConnectionFailedError, match="TLS handshake failed") as caught:
        client.call(*WRITE)
    assert caught.value.code == "ConnectionFailed.TlsHandshake"
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
        with pytest.raises(ConnectionFailedError) as caught:
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


@pytest.mark.parametrize(
    ("listed", "past"),
    [
        ("internal.example, 127.0.0.1", True),
        ("127.0.0.0/8", True),
        ("10.0.0.0/8,127.0.0.1/32", True),
        ("*", True),
        ("10.0.0.0/8,example.com", False),
    ],
)
@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
def test_lists_of_who_needs_no_proxy(
    gateway: Gateway,
    proxy: Gateway,
    connect: Connect,
    monkeypatch: pytest.MonkeyPatch,
    listed: str,
    past: bool,
    name: str,
) -> None:
    monkeypatch.setenv("ALL_PROXY", proxy.url)
    monkeypatch.setenv(name, listed)
    gateway.script(good())
    proxy.script(good())
    connect().call(*READ)
    assert (len(gateway.seen), len(proxy.seen)) == ((1, 0) if past else (0, 1))


def test_an_answer_that_a_proxy_loses_leaves_the_outcome_open(
    proxy: Gateway, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The library takes it for a proxy that cannot be reached."""
    monkeypatch.setenv("HTTP_PROXY", proxy.url)
    proxy.script(hang_up, good())
    client = connect()
    with pytest.raises(ResponseLostError) as caught:
        client.call(*WRITE)
    assert (caught.value.unknown_outcome, client.sent, len(proxy.seen)) == (True, 1, 1)


class Socks:
    """A SOCKS server of version 5 that wants a name and a password. It leads to one gateway, whoever is asked for."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.asked: list[bytes] = []
        self.server = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self) -> None:
        while True:
            try:
                near = self.server.accept()[0]
            except OSError:
                return
            threading.Thread(target=self.lead, args=(near,), daemon=True).start()

    def lead(self, near: socket.socket) -> None:
        with near, socket.create_connection(("127.0.0.1", self.port)) as far:
            near.recv(2 + 2)
            near.sendall(b"\x05\x02")
            self.asked.append(near.recv(512))
            near.sendall(b"\x01\x00")
            self.asked.append(near.recv(512))
            near.sendall(b"\x05\x00\x00\x01\x7f\x00\x00\x01\x00\x01")
            data = b"anything"
            while data:
                for source in select.select([near, far], [], [])[0]:
                    data = source.recv(65536)
                    (far if source is near else near).sendall(data)


@pytest.mark.parametrize("tls", [False, True])
def test_a_socks_proxy(
    gateway: Gateway,
    secure: Gateway,
    connect: Connect,
    authority: Authority,
    monkeypatch: pytest.MonkeyPatch,
    tls: bool,
) -> None:
    target = secure if tls else gateway
    socks = Socks(target.port)
    monkeypatch.setenv("ALL_PROXY", f"socks5h://somebody:hush@127.0.0.1:{socks.server.getsockname()[1]}")
    target.script(good(), hang_up)
    endpoint = over_tls(secure) if tls else f"http://retailcloud.example:{gateway.port}"
    client = connect(endpoint=endpoint, ca_path=str(authority.path))
    client.call(*WRITE)
    assert target.seen[0].form["AccountName"] == "n"
    assert socks.asked[0] == b"\x01\x08somebody\x04hush"
    if not tls:
        assert b"retailcloud.example" in socks.asked[1]
        assert target.seen[0].path == "/"
    with pytest.raises(ResponseLostError) as caught:
        client.call(*WRITE)
    socks.server.close()
    assert caught.value.unknown_outcome


def test_a_socks_proxy_that_is_not_there(connect: Connect, unused_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", f"socks5://somebody:hush@127.0.0.1:{unused_port}")
    client = connect(retry_timeout=0)
    with pytest.raises(ConnectionFailedError, match=f"through the proxy 127.0.0.1:{unused_port} failed") as caught:
        client.call(*WRITE)
    assert (caught.value.code, client.sent) == ("ConnectionFailed.Proxy", 0)


def test_a_proxy_that_is_not_there(connect: Connect, unused_port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://user:hush@127.0.0.1:{unused_port}")
    client = connect(retry_timeout=0)
    with pytest.raises(ConnectionFailedError, match=f"through the proxy 127.0.0.1:{unused_port} failed") as caught:
        client.call(*WRITE)
    assert caught.value.code == "ConnectionFailed.Proxy"
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
    with pytest.raises(ConnectionFailedError) as caught:
        client.call(*WRITE)
    assert (caught.value.code, caught.value.unknown_outcome, client.sent) == ("ConnectionFailed.Proxy", False, 0)
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
    with pytest.raises(ConfigError, match="No request can be made"):
        client.call(*WRITE)
    assert client.sent == 0
