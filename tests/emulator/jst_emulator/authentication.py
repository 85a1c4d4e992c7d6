# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The checks of the gateway before a call: common parameters, key, time, token, signature and nonce, in its order.

The order and the codes follow from the vendor's error tables and from published responses. The time window and the
lifetime of nonces are 15 minutes of real time, whatever the virtual clock shows.
"""

from __future__ import annotations

import hmac
import time
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from jst_emulator import errors
from jst_emulator.api_spec import Operation
from jst_emulator.clock import epoch
from jst_emulator.masking import mask_secrets
from jst_emulator.request import Envelope, Request
from jst_emulator.signature import (
    canonical_request,
    hash_payload,
    sign_1_0,
    sign_acs3,
    string_to_sign_1_0,
    string_to_sign_acs3,
)

WINDOW_SECONDS = 15 * 60
_MANDATORY_HEADERS = frozenset(
    ("host", "x-acs-action", "x-acs-version", "x-acs-date", "x-acs-signature-nonce", "x-acs-content-sha256")
)

Credential = Mapping[str, Any]


@dataclass
class NonceCache:
    """The nonces of the last 15 minutes by access key."""

    _seen: set[tuple[str, str]] = field(default_factory=set)
    _order: deque[tuple[float, tuple[str, str]]] = field(default_factory=deque)

    def use(self, key_id: str, nonce: str, now: float) -> bool:
        """Store a nonce; return False when it was used before."""
        while self._order and self._order[0][0] < now - WINDOW_SECONDS:
            self._seen.discard(self._order.popleft()[1])
        if (key_id, nonce) in self._seen:
            return False
        self._seen.add((key_id, nonce))
        self._order.append((now, (key_id, nonce)))
        return True

    def clear(self) -> None:
        """Delete all nonces."""
        self._seen.clear()
        self._order.clear()


@dataclass(frozen=True)
class SignedRequest:
    """A request with its common parameters and its operation."""

    request: Request
    envelope: Envelope
    operation: Operation


def authenticate(
    signed_request: SignedRequest,
    credentials: Iterable[Credential],
    nonces: NonceCache,
    now: float,
    token_expired: Callable[[], bool],
) -> Credential:
    """Authenticate a request.

    :param credentials: the key pairs of the account.
    :param now: the real time of the server in epoch seconds.
    :param token_expired: called at the check of the session token; True makes it count as expired.
    :returns: the key pair that signed the request.
    :raises errors.GatewayError: the first check that fails.
    """
    envelope = signed_request.envelope
    _check_common(signed_request.request, envelope)
    pairs = list(credentials)
    credential = next((pair for pair in pairs if pair["access_key_id"] == envelope.key_id), None)
    if credential is None:
        raise errors.known_error("InvalidAccessKeyId.NotFound")
    if not credential.get("active", True):
        raise errors.known_error("InvalidAccessKeyId.Inactive")
    _check_time(envelope.timestamp, now)
    _check_token(envelope.security_token, credential, pairs, now)
    if token_expired():
        raise errors.known_error("InvalidSecurityToken.Expired")
    _check_signature(signed_request, credential["access_key_secret"])
    if not nonces.use(envelope.key_id, envelope.nonce, now):
        raise errors.known_error("SignatureNonceUsed")
    return credential


def is_denied(credential: Credential, action: str) -> bool:
    """Return whether the deny list of the key names *action*; ``*`` names all actions."""
    return any(entry in ("*", action) for entry in credential.get("deny") or ())


def _check_common(request: Request, envelope: Envelope) -> None:
    if envelope.format.upper() not in ("JSON", "XML"):
        raise errors.known_error("InvalidParameter.Format")
    values = {
        "AccessKeyId": envelope.key_id,
        "Timestamp": envelope.timestamp,
        "SignatureNonce": envelope.nonce,
        "Signature": envelope.signature,
    }
    if envelope.signature_version == "1.0":
        for name in ("SignatureMethod", "SignatureVersion"):
            values[name] = request.parameters.get(name, "")
    for name, value in values.items():
        if not value:
            raise errors.missing_parameter(name)
    if envelope.signature_version == "ACS3":
        if not _MANDATORY_HEADERS.issubset(envelope.signed_headers):
            raise errors.known_error("IncompleteSignature")
    elif values["SignatureMethod"].upper() != "HMAC-SHA1":
        raise errors.known_error("InvalidSignatureMethod")
    elif values["SignatureVersion"] != "1.0":
        raise errors.invalid_parameter("SignatureVersion")


@lru_cache
def _read_timestamp(timestamp: str) -> float:
    return datetime.strptime(timestamp, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()


def _check_time(timestamp: str, now: float) -> None:
    try:
        moment = _read_timestamp(timestamp)
    except ValueError:
        raise errors.known_error("InvalidTimeStamp.Format") from None
    if abs(now - moment) > WINDOW_SECONDS:
        raise errors.known_error("InvalidTimeStamp.Expired")


def _check_token(token: str, credential: Credential, pairs: Iterable[Credential], now: float) -> None:
    expected = credential.get("security_token")
    if not token and not expected:
        return
    if not token:
        raise errors.missing_parameter("SecurityToken")
    if token != expected:
        belongs_to_another = any(pair.get("security_token") == token for pair in pairs)
        raise errors.known_error(
            "InvalidSecurityToken.MismatchWithAccessKey" if belongs_to_another else "InvalidSecurityToken.Malformed"
        )
    expires = credential.get("expires")
    if expires is not None and now >= epoch(expires):
        raise errors.known_error("InvalidSecurityToken.Expired")


def _check_signature(signed_request: SignedRequest, secret: str) -> None:
    request, envelope = signed_request.request, signed_request.envelope
    if envelope.signature_version == "1.0":
        expected = sign_1_0(secret, string_to_sign_1_0(request.method, request.parameters))
    else:
        expected = sign_acs3(secret, string_to_sign_acs3(_canonical(signed_request, request.query)))
    if not hmac.compare_digest(expected.encode(), envelope.signature.encode()):
        raise errors.signature_mismatch(envelope.signature_version, _explain(signed_request))


def _canonical(signed_request: SignedRequest, query: Iterable[tuple[str, str]]) -> str:
    request = signed_request.request
    signed = {name: request.headers.get(name, "") for name in signed_request.envelope.signed_headers}
    return canonical_request(request.method, request.path, query, signed, hash_payload(request.body))


def _explain(signed_request: SignedRequest) -> str:
    """Return the text that the server signed, with the values of secret parameters masked."""
    request, operation = signed_request.request, signed_request.operation
    if signed_request.envelope.signature_version == "1.0":
        return string_to_sign_1_0(request.method, mask_secrets(operation, request.parameters))
    shown = _canonical(signed_request, mask_secrets(operation, dict(request.query)).items())
    string_to_sign = string_to_sign_acs3(_canonical(signed_request, request.query))
    return f"server StringToSign is [{string_to_sign}], server CanonicalRequest is [{shown}]"


def real_time() -> float:
    """Return the real time of the server in epoch seconds."""
    return time.time()
