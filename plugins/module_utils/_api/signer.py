# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Both request signatures of the gateway, from one percent-encoder.

The signers are ``auth`` callables of requests: they take a prepared request and give it back signed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import time
from typing import TYPE_CHECKING, Iterable, Mapping
from urllib.parse import quote

from .operations import VERSION

if TYPE_CHECKING:
    import requests

    from .parameters import Parcel
    from .sources import Keys

ACS3 = "ACS3-HMAC-SHA256"
_SIGNED_HEADERS = ("host", "content-type")


def encode(text: str) -> str:
    """Percent-encode UTF-8: letters, digits and ``-_.~`` stay, everything else becomes ``%XX``, a blank ``%20``."""
    return quote(text, safe="~")


def canonical(pairs: Iterable[tuple[str, str]]) -> str:
    """Pairs encoded, in the order of their raw names, as a query string."""
    return "&".join(f"{encode(name)}={encode(value)}" for name, value in sorted(pairs))


def timestamp(now: float) -> str:
    """UTC time of the epoch seconds ``now`` as the gateway wants it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now))


def nonce() -> str:
    """A value that was never used before."""
    return os.urandom(16).hex()


def string_to_sign(method: str, pairs: Iterable[tuple[str, str]]) -> str:
    """What version 1.0 signs: the method and all pairs of query and form."""
    return f"{method}&%2F&{encode(canonical(pairs))}"


def sign(text: str, secret: str) -> str:
    """Signature version 1.0."""
    digest = hmac.new(f"{secret}&".encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def acs3_canonical_request(method: str, query: Iterable[tuple[str, str]], headers: Mapping[str, str]) -> str:
    """What ACS3-HMAC-SHA256 makes of a request.

    :param headers: the headers to sign, all of them, ``x-acs-content-sha256`` among them.
    """
    lines = sorted((name.lower(), value.strip()) for name, value in headers.items())
    block = "".join(f"{name}:{value}\n" for name, value in lines)
    names = ";".join(line[0] for line in lines)
    return "\n".join([method, "/", canonical(query), block, names, dict(lines)["x-acs-content-sha256"]])


def acs3_string_to_sign(canonical_request: str) -> str:
    """What ACS3-HMAC-SHA256 signs."""
    return f"{ACS3}\n{hashlib.sha256(canonical_request.encode()).hexdigest()}"


def acs3_authorization(canonical_request: str, key_id: str, secret: str) -> str:
    """The Authorization header for a request."""
    text = acs3_string_to_sign(canonical_request)
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    names = canonical_request.rsplit("\n", 2)[1]
    return f"{ACS3} Credential={key_id},SignedHeaders={names},Signature={signature}"


class Acs3Auth:
    """Signs one try of one call with ACS3-HMAC-SHA256.

    Signed are host, content-type and every x-acs-* header; what a proxy may touch (accept, user-agent) is not.
    """

    def __init__(self, action: str, parcel: Parcel, keys: Keys, now: float) -> None:
        self._action = action
        self._parcel = parcel
        self._keys = keys
        self._now = now

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        headers = request.headers
        body = request.body or b""
        headers["x-acs-action"] = self._action
        headers["x-acs-version"] = VERSION
        headers["x-acs-date"] = timestamp(self._now)
        headers["x-acs-signature-nonce"] = nonce()
        headers["x-acs-content-sha256"] = hashlib.sha256(body.encode() if isinstance(body, str) else body).hexdigest()
        if self._keys.security_token:
            headers["x-acs-accesskey-id"] = self._keys.access_key_id
            headers["x-acs-security-token"] = self._keys.security_token
        signed = {
            name: str(value)
            for name, value in headers.items()
            if name.lower() in _SIGNED_HEADERS or name.lower().startswith("x-acs-")
        }
        text = acs3_canonical_request(request.method or "", self._parcel.query, signed)
        keys = self._keys
        headers["Authorization"] = acs3_authorization(text, keys.access_key_id, keys.access_key_secret)
        return request


class V1Auth:
    """Signs one try of one call with signature version 1.0 (HMAC-SHA1), whose parts all travel in the query."""

    def __init__(self, action: str, parcel: Parcel, keys: Keys, now: float) -> None:
        self._parcel = parcel
        self._secret = keys.access_key_secret
        self._common = [
            ("AccessKeyId", keys.access_key_id),
            ("Action", action),
            ("Format", "JSON"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("SignatureNonce", nonce()),
            ("SignatureVersion", "1.0"),
            ("Timestamp", timestamp(now)),
            ("Version", VERSION),
        ]
        if keys.security_token:
            self._common.append(("SecurityToken", keys.security_token))

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        query = self._parcel.query + self._common
        signature = sign(string_to_sign(request.method or "", query + self._parcel.form), self._secret)
        base = (request.url or "").partition("?")[0]
        request.url = f"{base}?{canonical([*query, ('Signature', signature)])}"
        return request
