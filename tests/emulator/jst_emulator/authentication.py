# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who calls: the gateway's checks of common parameters, key, time, token, signature and nonce, in its order.

The order and the codes are those the vendor's error tables and public answers let one conclude; the time window and
the memory of nonces are 15 minutes of real time, whatever the emulated clock says.
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
    """The nonces of the last 15 minutes, per key."""

    _seen: set[tuple[str, str]] = field(default_factory=set)
    _order: deque[tuple[float, tuple[str, str]]] = field(default_factory=deque)

    def use(self, key_id: str, nonce: str, now: float) -> bool:
        """Remember the nonce; False when it was used already."""
        while self._order and self._order[0][0] < now - WINDOW_SECONDS:
            self._seen.discard(self._order.popleft()[1])
        if (key_id, nonce) in self._seen:
            return False
        self._seen.add((key_id, nonce))
        self._order.append((now, (key_id, nonce)))
        return True

    def clear(self) -> None:
        """Forget all nonces."""
        self._seen.clear()
        self._order.clear()


@dataclass(frozen=True)
class Claim:
    """A request and what it claims to be."""

    request: Request
    envelope: Envelope
    operation: Operation


def authenticate(
    claim: Claim,
    credentials: Iterable[Credential],
    nonces: NonceCache,
    now: float,
    token_expired: Callable[[], bool],
) -> Credential:
    """Let a request in, or not.

    :param credentials: the key pairs of the account.
    :param now: the server's real time in epoch seconds.
    :param token_expired: asked where a session token is checked; True makes it count as expired.
    :returns: the key pair that signed.
    :raises errors.GatewayError: the first check that failed.
    """
    envelope = claim.envelope
    _check_common(claim.request, envelope)
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
    _check_signature(claim, credential["access_key_secret"])
    if not nonces.use(envelope.key_id, envelope.nonce, now):
        raise errors.known_error("SignatureNonceUsed")
    return credential


def is_denied(credential: Credential, action: str) -> bool:
    """Whether the key's deny list names *action* (``*`` names all)."""
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


def _check_signature(claim: Claim, secret: str) -> None:
    request, envelope = claim.request, claim.envelope
    if envelope.signature_version == "1.0":
        expected = sign_1_0(secret, string_to_sign_1_0(request.method, request.parameters))
    else:
        expected = sign_acs3(secret, string_to_sign_acs3(_canonical(claim, request.query)))
    if not hmac.compare_digest(expected.encode(), envelope.signature.encode()):
        raise errors.signature_mismatch(envelope.signature_version, _explain(claim))


def _canonical(claim: Claim, query: Iterable[tuple[str, str]]) -> str:
    request = claim.request
    signed = {name: request.headers.get(name, "") for name in claim.envelope.signed_headers}
    return canonical_request(request.method, request.path, query, signed, hash_payload(request.body))


def _explain(claim: Claim) -> str:
    """What the server signed, without the values of secret parameters."""
    request, operation = claim.request, claim.operation
    if claim.envelope.signature_version == "1.0":
        return string_to_sign_1_0(request.method, mask_secrets(operation, request.parameters))
    shown = _canonical(claim, mask_secrets(operation, dict(request.query)).items())
    string_to_sign = string_to_sign_acs3(_canonical(claim, request.query))
    return f"server StringToSign is [{string_to_sign}], server CanonicalRequest is [{shown}]"


def real_time() -> float:
    """The server's real time in epoch seconds."""
    return time.time()
