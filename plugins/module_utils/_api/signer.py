# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The two request signatures of the gateway."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import sys
import time
from typing import TYPE_CHECKING, Iterable, Mapping
from urllib.parse import quote

from .operations import VERSION

if TYPE_CHECKING:
    from .credential_providers import Credentials
    from .parameters import EncodedParams

COLLECTION_VERSION = "1.0.0"
USER_AGENT = f"ansible-jst.retailcloud/{COLLECTION_VERSION} Python/{'.'.join(map(str, sys.version_info[:3]))}"
ACS3 = "ACS3-HMAC-SHA256"
_SIGNED_HEADERS = ("host", "content-type")


class HttpRequest:
    """One attempt of a call, complete with its signature. It is sent byte for byte as signed.

    :ivar target: path and query.
    :ivar headers: in any case, each once.
    """

    def __init__(self, method: str, target: str, headers: dict[str, str], body: bytes = b"") -> None:
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body

    def __repr__(self) -> str:
        return f"HttpRequest({self.method}, {len(self.target)} characters and {len(self.body)} bytes)"


def build_request(method: str, endpoint: str, params: EncodedParams, attempt: int, waited: float) -> HttpRequest:
    """Return the unsigned request for the parameters of a call.

    :param attempt: its number, from 1.
    :param waited: seconds of delay before it.
    """
    query = canonical(params.query)
    headers = {
        "Host": endpoint.partition("://")[2],
        "Accept": "application/json",
        "Accept-Encoding": "gzip",
        "Connection": "keep-alive",
        "User-Agent": USER_AGENT,
    }
    request = HttpRequest(method, f"/?{query}" if query else "/", headers)
    if params.form:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
        request.body = canonical(params.form).encode()
    if method != "GET":
        headers["Content-Length"] = str(len(request.body))
    if attempt > 1:
        headers["x-acs-retry-attempts"] = str(attempt - 1)
        headers["x-acs-retry-delay"] = str(round(waited * 1000))
    return request


def encode(text: str) -> str:
    """Percent-encode UTF-8. Letters, digits and ``-_.~`` stay, a blank becomes ``%20``."""
    return quote(text, safe="~")


def canonical(pairs: Iterable[tuple[str, str]]) -> str:
    """Return the pairs as a query string, in the order of their raw names."""
    return "&".join(f"{encode(name)}={encode(value)}" for name, value in sorted(pairs))


def timestamp(now: float) -> str:
    """Format epoch seconds as the UTC time of the gateway."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))


def nonce() -> str:
    """Return a unique value."""
    return os.urandom(16).hex()


def string_to_sign(method: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return the text that version 1.0 signs: the method and all pairs of query and form."""
    return f"{method}&%2F&{encode(canonical(pairs))}"


def sign(text: str, secret: str) -> str:
    """Return the signature of version 1.0."""
    return base64.b64encode(hmac.digest(f"{secret}&".encode(), text.encode(), "sha1")).decode()


def acs3_canonical_request(method: str, query: Iterable[tuple[str, str]], headers: Mapping[str, str]) -> str:
    """Return the canonical request of ACS3-HMAC-SHA256.

    :param headers: all headers to sign, including ``x-acs-content-sha256``.
    """
    lines = sorted((name.lower(), value.strip()) for name, value in headers.items())
    block = "".join(f"{name}:{value}\n" for name, value in lines)
    names = ";".join(line[0] for line in lines)
    return "\n".join([method, "/", canonical(query), block, names, dict(lines)["x-acs-content-sha256"]])


def acs3_string_to_sign(canonical_request: str) -> str:
    """Return the text that ACS3-HMAC-SHA256 signs."""
    return f"{ACS3}\n{hashlib.sha256(canonical_request.encode()).hexdigest()}"


def acs3_authorization(canonical_request: str, key_id: str, secret: str) -> str:
    """Return the Authorization header of a request."""
    text = acs3_string_to_sign(canonical_request)
    signature = hmac.digest(secret.encode(), text.encode(), "sha256").hex()
    names = canonical_request.rsplit("\n", 2)[1]
    return f"{ACS3} Credential={key_id},SignedHeaders={names},Signature={signature}"


def sign_acs3(request: HttpRequest, action: str, params: EncodedParams, credentials: Credentials, now: float) -> None:
    """Sign a request with ACS3-HMAC-SHA256.

    The signature covers host, content-type and every x-acs-* header. Proxies may change the others (accept,
    user-agent).

    :param now: epoch seconds.
    """
    headers = request.headers
    headers["x-acs-action"] = action
    headers["x-acs-version"] = VERSION
    headers["x-acs-date"] = timestamp(now)
    headers["x-acs-signature-nonce"] = nonce()
    headers["x-acs-content-sha256"] = hashlib.sha256(request.body).hexdigest()
    if credentials.security_token:
        headers["x-acs-accesskey-id"] = credentials.access_key_id
        headers["x-acs-security-token"] = credentials.security_token
    signed = {
        name: value
        for name, value in headers.items()
        if name.lower() in _SIGNED_HEADERS or name.lower().startswith("x-acs-")
    }
    text = acs3_canonical_request(request.method, params.query, signed)
    headers["Authorization"] = acs3_authorization(text, credentials.access_key_id, credentials.access_key_secret)


def sign_v1(request: HttpRequest, action: str, params: EncodedParams, credentials: Credentials, now: float) -> None:
    """Sign a request with signature version 1.0 (HMAC-SHA1), which is all in the query.

    :param now: epoch seconds.
    """
    query = [
        *params.query,
        ("AccessKeyId", credentials.access_key_id),
        ("Action", action),
        ("Format", "JSON"),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureNonce", nonce()),
        ("SignatureVersion", "1.0"),
        ("Timestamp", timestamp(now)),
        ("Version", VERSION),
    ]
    if credentials.security_token:
        query.append(("SecurityToken", credentials.security_token))
    signature = sign(string_to_sign(request.method, query + params.form), credentials.access_key_secret)
    request.target = f"/?{canonical([*query, ('Signature', signature)])}"
