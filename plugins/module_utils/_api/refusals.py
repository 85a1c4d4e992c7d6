# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What the gateway's error codes mean for a caller, and what a person can do about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import (
    STATUS_CODE,
    ApiError,
    AuthenticationError,
    BusinessError,
    PermissionDeniedError,
    RequestRefusedError,
    ServiceFailureError,
    ThrottledError,
)
from .retries import CLOCK_CODES, EXPIRED_TOKEN, TRANSIENT_STATUS

if TYPE_CHECKING:
    from .http_response import HttpResponse
    from .operations import Operation

_STRING_TO_SIGN = re.compile(r"[\s(,;]*server\s+(string\s?to\s?sign|canonical\s?request)\b.*", re.I | re.S)


class _Kind(NamedTuple):
    """What codes that start so have in common."""

    start: str
    error: type[ApiError]
    hint: str | None = None


# The first that fits counts, so the longer of two beginnings comes first.
_KINDS = (
    _Kind(
        "Throttling",
        ThrottledError,
        "Too many requests at once: lower forks or throttle, or raise retry_timeout.",
    ),
    _Kind(
        "InvalidAccessKeyId.Inactive",
        AuthenticationError,
        "This access key is disabled: enable it in the RAM console or use another one.",
    ),
    _Kind(
        "InvalidAccessKeyId",
        AuthenticationError,
        "Nobody has this access key id: check access_key_id, the profile and the environment for a typing error, "
        "a deleted key, or an STS key without its security_token.",
    ),
    _Kind(
        "SignatureDoesNotMatch",
        AuthenticationError,
        "The access key id is known and the secret does not belong to it: check access_key_secret, "
        "and that key id and secret come from the same pair.",
    ),
    _Kind(
        "IncompleteSignature",
        AuthenticationError,
        "The gateway could not read the signature: check access_key_secret, and that no proxy changes requests.",
    ),
    _Kind("InvalidTimeStamp", AuthenticationError, "Set the clock of this machine (NTP)."),
    _Kind("IllegalTimestamp", AuthenticationError, "Set the clock of this machine (NTP)."),
    _Kind(
        EXPIRED_TOKEN,
        AuthenticationError,
        "The security token has expired and its source has no newer one: log in or assume the role again.",
    ),
    _Kind(
        "InvalidSecurityToken",
        AuthenticationError,
        "Check security_token: it must be whole, and from the same answer of STS as the key id and the secret.",
    ),
    _Kind(
        "MissingSecurityToken",
        AuthenticationError,
        "This is a temporary access key: give the security_token that came with it.",
    ),
    _Kind("MissingAccessKeyId", AuthenticationError, "Check access_key_id."),
    _Kind(
        "SignatureNonceUsed",
        RequestRefusedError,
        "The gateway has seen this very request before: something on the way, a proxy perhaps, sends requests twice.",
    ),
    _Kind("NoPermission", PermissionDeniedError),
    _Kind("Forbidden", PermissionDeniedError),
    _Kind(
        "InvalidAction.NotFound",
        RequestRefusedError,
        "The endpoint does not offer this operation: check that it is one of retailcloud.",
    ),
    _Kind("InvalidApi.NotFound", RequestRefusedError, "Check that the endpoint is one of retailcloud."),
    _Kind("InvalidProduct.NotFound", RequestRefusedError, "Check that the endpoint is one of retailcloud."),
    _Kind("InvalidVersion", RequestRefusedError, "Check that the endpoint is one of retailcloud."),
    _Kind("InvalidProtocol.NeedSsl", RequestRefusedError, "Give the endpoint with https://."),
    _Kind(
        "system.error",
        ServiceFailureError,
        "The service failed (the reference documents this code for monitoring). Try again later; its support can look "
        "the request id up.",
    ),
)

SIZE_HINTS = {
    413: "The body of the request is larger than the gateway or a proxy on the way takes: send smaller documents.",
    414: "The URL of the request is longer than the gateway or a proxy on the way takes: send shorter values.",
    431: "The headers of the request are larger than the gateway or a proxy on the way takes: check security_token.",
}
"""What helps against an HTTP status that is about size."""


def refusal(operation: Operation, reply: HttpResponse, body: Mapping[str, Any]) -> ApiError:
    """The error for an answer with HTTP status 4xx or 5xx.

    :param body: the answer with keys in lower case.
    """
    code = str(body.get("code") or f"{STATUS_CODE}{reply.status}")
    text = reply.masked(_STRING_TO_SIGN.sub("", str(body.get("message") or "")).strip())
    kind = _kind(code, reply)
    hint = kind.hint
    if code in CLOCK_CODES and reply.skew is not None:
        hint = f"The clock of this machine is {_skew_in_words(reply.skew)} the gateway's. Set it (NTP)."
    elif kind.error is PermissionDeniedError:
        hint = _permission_hint(operation, body)
    elif reply.status in SIZE_HINTS:
        hint = SIZE_HINTS[reply.status]
    elif reply.status == 501:
        hint = "The endpoint does not offer this: check that it is one of retailcloud."
    # Only HTTP 429 and the codes of throttling are certain to come before execution, whatever header comes along.
    throttled = kind.error is ThrottledError
    server_side = kind.error is ServiceFailureError
    replayed = code.startswith("SignatureNonceUsed")
    later = bool(reply.retry_after) and not throttled
    return kind.error(
        text or f"the gateway answered HTTP {reply.status} without a message",
        action=operation.name,
        code=code,
        http_status=reply.status,
        request_id=str(body["requestid"]) if body.get("requestid") else reply.request_id,
        # A replay of a fresh nonce means that the first copy got through.
        unknown_outcome=(server_side or replayed or later) and not operation.reads,
        transient=throttled or replayed or later or (server_side and reply.status in TRANSIENT_STATUS),
        retry_after=reply.retry_after,
        hint=hint,
    )


def _kind(code: str, reply: HttpResponse) -> _Kind:
    if reply.status == 429:
        return _KINDS[0]
    for kind in _KINDS:
        if code.startswith(kind.start):
            return kind
    if reply.status >= 500:
        return _Kind("", ServiceFailureError, "The service failed; its support can look the request id up.")
    if reply.status == 401:
        return _Kind("", AuthenticationError)
    if reply.status == 403:
        return _Kind("", PermissionDeniedError)
    # The gateway's own codes are above. Every other one is the service's, by whatever status it comes: the reference
    # has one code of an error in all (4.2, 4.3).
    is_own = code.startswith(STATUS_CODE) or reply.status in SIZE_HINTS
    return _Kind("", RequestRefusedError if is_own else BusinessError)


def _permission_hint(operation: Operation, body: Mapping[str, Any]) -> str:
    hint = f"The account or RAM user of this access key may not call {operation.name}: grant it"
    detail = body.get("accessdenieddetail")
    if isinstance(detail, Mapping):
        told = [
            f"{word} {detail[key]}"
            for key, word in (
                ("AuthAction", "action"),
                ("AuthPrincipalDisplayName", "principal"),
                ("NoPermissionType", "denial"),
                ("PolicyType", "policy"),
            )
            if detail.get(key)
        ]
        if told:
            hint += f" ({', '.join(told)})"
    return hint + "."


def _skew_in_words(skew: float) -> str:
    return f"{abs(skew):.0f} s {'behind' if skew > 0 else 'ahead of'}"
