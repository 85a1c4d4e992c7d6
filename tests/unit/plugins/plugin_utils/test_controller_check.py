# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The controller and the way to the endpoint, as the doctor examines them."""

from __future__ import annotations

import datetime
import ipaddress
import resource
import socket
import ssl
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import Settings, resolve_settings
from ansible_collections.jst.retailcloud.plugins.plugin_utils.controller_check import (
    controller_facts,
    controller_findings,
    credential_facts,
    network_facts,
    network_findings,
    short_key_id,
)

KEYS = {"access_key_id": "LTAI5tQ1234567890abcd", "access_key_secret": "a-secret-of-thirty-characters"}


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def settings(endpoint: str, **more: Any) -> Settings:
    return resolve_settings({**KEYS, "endpoint": endpoint, **more}, {})


def test_of_a_key_the_ends_are_shown() -> None:
    facts = credential_facts(settings("https://api.example"))
    assert facts == {"source": "options", "access_key_id": "LTAI...abcd", "temporary": False}
    assert short_key_id("short") == "sh..."
    assert credential_facts(settings("https://api.example", security_token="t"))["temporary"]


def test_too_many_forks_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (1024, 4096))
    assert not list(controller_findings(controller_facts(200)))
    [finding] = controller_findings(controller_facts(500))
    assert "500 forks need about 2064 open files, and the limit of open files is 1024." in finding.text


def test_a_proxy_is_named_without_its_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://user:Canary-1@proxy.example:3128")
    facts = network_facts(settings("https://api.example"))
    assert facts["proxy"] == "http://proxy.example:3128"
    assert "Canary-1" not in str(facts)
    assert facts["addresses"] is None  # the proxy resolves the name


def test_an_endpoint_that_nobody_listens_at_is_named() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        endpoint = f"http://127.0.0.1:{free.getsockname()[1]}"
    [finding] = network_findings(network_facts(settings(endpoint)), None)
    assert finding.text == f"No connection to {endpoint}: ConnectionRefusedError: Connection refused."


@pytest.mark.parametrize(("skew", "place"), [(3600.0, "behind"), (-3600.0, "ahead of")])
def test_a_wrong_clock_is_named(skew: float, place: str) -> None:
    facts = {"endpoint": "https://api.example", "error": None, "certificate_days": 100}
    [finding] = network_findings(facts, skew)
    assert finding.text == (
        f"The clock of this machine is 3600 seconds {place} the clock of the service. Synchronize it, for example with "
        "NTP."
    )


@pytest.fixture
def server(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """Yield the endpoint of a TLS server whose certificate expires in three days, and its certificate."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "unit")])
    address = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(hours=2))
        .not_valid_after(now + datetime.timedelta(days=3, hours=1))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    pem, own = tmp_path / "ca.pem", tmp_path / "key.pem"
    pem.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    own.write_bytes(key.private_bytes(*form))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem, own)

    def serve() -> None:
        plain, _peer = listener.accept()
        try:
            with context.wrap_socket(plain, server_side=True) as secured:
                secured.recv(1)
        except OSError:  # the client does not trust the certificate
            plain.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=serve)
        thread.start()
        yield f"https://127.0.0.1:{listener.getsockname()[1]}", pem
        thread.join()


def test_a_certificate_that_expires_soon_is_named(server: tuple[str, Path]) -> None:
    endpoint, pem = server
    facts = network_facts(settings(endpoint, ca_path=str(pem)))
    assert (facts["tls"], facts["certificate_days"], facts["error"]) == ("TLSv1.3", 3, None)
    [finding] = network_findings(facts, 0.0)
    assert finding.text == f"The certificate of {endpoint} expires in 3 days."


def test_a_certificate_that_is_not_trusted_is_named(server: tuple[str, Path]) -> None:
    [finding] = network_findings(network_facts(settings(server[0])), None)
    assert "SSLCertVerificationError" in finding.text
