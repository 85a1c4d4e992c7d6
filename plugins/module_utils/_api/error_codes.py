# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""The gateway's error codes: the exception for each, and the hint for the user."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from .errors import (
    HTTP_CODE_PREFIX,
    ApiError,
    AuthenticationError,
    BusinessError,
    PermissionDeniedError,
    RequestRejectedError,
    ServiceFailureError,
    ThrottledError,
)
from .retry_policy import CLOCK_CODES, EXPIRED_TOKEN, TRANSIENT_STATUS

if TYPE_CHECKING:
    from .http_response import HttpResponse
    from .operations import Operation

_STRING_TO_SIGN = re.compile(r"[\s(,;]*server\s+(string\s?to\s?sign|canonical\s?request)\b.*", re.I | re.S)


class _CodeRule(NamedTuple):
    """The exception and the hint for codes with a prefix."""

    prefix: str
    error: type[ApiError]
    hint: str | None = None


# The first match counts, so a longer prefix stands before a shorter one.
_CODE_RULES = (
    _CodeRule(
        "Throttling",
        ThrottledError,
        "Too many requests at once: lower forks or throttle, or raise retry_timeout.",
    ),
    _CodeRule(
        "InvalidAccessKeyId.Inactive",
        AuthenticationError,
        "This access key is disabled: enable it in the RAM console or use another one.",
    ),
    _CodeRule(
        "InvalidAccessKeyId",
        AuthenticationError,
        "Nobody has this access key id: check access_key_id, the profile and the environment for a typing error, "
        "a deleted key, or an STS key without its security_token.",
    ),
    _CodeRule(
        "SignatureDoesNotMatch",
        AuthenticationError,
        "The access key id is known and the secret does not belong to it: check access_key_secret, "
        "and that key id and secret come from the same pair.",
    ),
    _CodeRule(
        "IncompleteSignature",
        AuthenticationError,
        "The gateway could not read the signature: check access_key_secret, and that no proxy changes requests.",
    ),
    _CodeRule("InvalidTimeStamp", AuthenticationError, "Set the clock of this machine (NTP)."),
    _CodeRule("IllegalTimestamp", AuthenticationError, "Set the clock of this machine (NTP)."),
    _CodeRule(
        EXPIRED_TOKEN,
        AuthenticationError,
        "The security token has expired and its source has no newer one: log in or assume the role again.",
    ),
    _CodeRule(
        "InvalidSecurityToken",
        AuthenticationError,
        "Check security_token: it must be complete, and from the same response of STS as the key id and the secret.",
    ),
    _CodeRule(
        "MissingSecurityToken",
        AuthenticationError,
        "This is a temporary access key: give the security_token that came with it.",
    ),
    _CodeRule("MissingAccessKeyId", AuthenticationError, "Check access_key_id."),
    _CodeRule(
        "SignatureNonceUsed",
        RequestRejectedError,
        "The gateway has seen this very request before: something on the way, a proxy perhaps, sends requests twice.",
    ),
    _CodeRule("NoPermission", PermissionDeniedError),
    _CodeRule("Forbidden", PermissionDeniedError),
    _CodeRule(
        "InvalidAction.NotFound",
        RequestRejectedError,
        "The endpoint does not offer this operation: check that it is one of retailcloud.",
    ),
    _CodeRule("InvalidApi.NotFound", RequestRejectedError, "Check that the endpoint is one of retailcloud."),
    _CodeRule("InvalidProduct.NotFound", RequestRejectedError, "Check that the endpoint is one of retailcloud."),
    _CodeRule("InvalidVersion", RequestRejectedError, "Check that the endpoint is one of retailcloud."),
    _CodeRule("InvalidProtocol.NeedSsl", RequestRejectedError, "Give the endpoint with https://."),
    _CodeRule(
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
"""Hints for HTTP statuses about sizes."""


def error_for(operation: Operation, response: HttpResponse, body: Mapping[str, Any]) -> ApiError:
    """Return the error for a response with HTTP status 4xx or 5xx.

    :param body: the response with lower-case keys.
    """
    code = str(body.get("code") or f"{HTTP_CODE_PREFIX}{response.status}")
    text = response.redact(_STRING_TO_SIGN.sub("", str(body.get("message") or "")).strip())
    rule = _rule_for(code, response)
    hint = rule.hint
    if code in CLOCK_CODES and response.skew is not None:
        hint = f"The clock of this machine is {_skew_in_words(response.skew)} the gateway's. Set it (NTP)."
    elif rule.error is PermissionDeniedError:
        hint = _permission_hint(operation, body)
    elif response.status in SIZE_HINTS:
        hint = SIZE_HINTS[response.status]
    elif response.status == 501:
        hint = "The endpoint does not offer this: check that it is one of retailcloud."
    # Only HTTP 429 and throttling codes are certain to come before execution, whatever the headers say.
    throttled = rule.error is ThrottledError
    server_side = rule.error is ServiceFailureError
    replayed = code.startswith("SignatureNonceUsed")
    retry_later = bool(response.retry_after) and not throttled
    return rule.error(
        text or f"the gateway returned HTTP {response.status} without a message",
        action=operation.name,
        code=code,
        http_status=response.status,
        request_id=str(body["requestid"]) if body.get("requestid") else response.request_id,
        # The nonce was new, so the gateway has received a first copy of the request.
        unknown_outcome=(server_side or replayed or retry_later) and not operation.is_read,
        transient=throttled or replayed or retry_later or (server_side and response.status in TRANSIENT_STATUS),
        retry_after=response.retry_after,
        hint=hint,
    )


def _rule_for(code: str, response: HttpResponse) -> _CodeRule:
    if response.status == 429:
        return _CODE_RULES[0]
    for rule in _CODE_RULES:
        if code.startswith(rule.prefix):
            return rule
    if response.status >= 500:
        return _CodeRule("", ServiceFailureError, "The service failed; its support can look the request id up.")
    if response.status == 401:
        return _CodeRule("", AuthenticationError)
    if response.status == 403:
        return _CodeRule("", PermissionDeniedError)
    # The gateway's own codes are above. Any other code is the service's, whatever its HTTP status: the reference
    # documents a single error code (4.2, 4.3).
    is_own = code.startswith(HTTP_CODE_PREFIX) or response.status in SIZE_HINTS
    return _CodeRule("", RequestRejectedError if is_own else BusinessError)


def _permission_hint(operation: Operation, body: Mapping[str, Any]) -> str:
    hint = f"The account or RAM user of this access key may not call {operation.name}: grant it"
    detail = body.get("accessdenieddetail")
    if isinstance(detail, Mapping):
        details = [
            f"{word} {detail[key]}"
            for key, word in (
                ("AuthAction", "action"),
                ("AuthPrincipalDisplayName", "principal"),
                ("NoPermissionType", "denial"),
                ("PolicyType", "policy"),
            )
            if detail.get(key)
        ]
        if details:
            hint += f" ({', '.join(details)})"
    return hint + "."


def _skew_in_words(skew: float) -> str:
    return f"{abs(skew):.0f} s {'behind' if skew > 0 else 'ahead of'}"
