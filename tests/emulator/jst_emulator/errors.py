# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Errors of the gateway: HTTP 4xx or 5xx with a textual code.

Codes, statuses and messages are those of the vendor's error tables and of published responses.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

_CODES: dict[str, tuple[int, str]] = {
    "InvalidVersion": (400, "Specified parameter Version is not valid."),
    "InvalidAction.NotFound": (404, "Specified api is not found, please check your url and method."),
    "UnsupportedHTTPMethod": (400, "This http method is not supported."),
    "InvalidParameter.Format": (400, "Specified parameter format is not valid."),
    "InvalidSignatureMethod": (400, "Specified signature method is not valid."),
    "InvalidAccessKeyId.NotFound": (404, "Specified access key is not found."),
    "InvalidAccessKeyId.Inactive": (400, "Specified access key is disabled."),
    "InvalidTimeStamp.Format": (400, "Specified time stamp or date value is not well formatted."),
    "InvalidTimeStamp.Expired": (400, "Specified time stamp or date value is expired."),
    "IncompleteSignature": (400, "The request signature does not conform to Aliyun standards."),
    "SignatureNonceUsed": (400, "Specified signature nonce was used already."),
    "InvalidSecurityToken.Expired": (400, "Specified SecurityToken is expired."),
    "InvalidSecurityToken.Malformed": (400, "Specified SecurityToken is malformed."),
    "InvalidSecurityToken.MismatchWithAccessKey": (400, "Specified SecurityToken mismatch with the AccessKey."),
    "Forbidden.RAM": (
        403,
        "User not authorized to operate on the specified resource, or this API doesn't support RAM.",
    ),
    "Throttling": (400, "Request was denied due to request throttling."),
    "Throttling.User": (400, "Request was denied due to user flow control."),
    "Throttling.Api": (400, "Request was denied due to api flow control."),
    "InternalError": (500, "The request processing has failed due to some unknown error, exception or failure."),
    "ServiceUnavailable": (503, "The request has failed due to a temporary failure of the server."),
    "system.error": (500, "A system error occurred."),
}


@dataclass
class GatewayError(Exception):
    """An error that the gateway returns.

    :ivar headers: further response headers.
    :ivar details: further members of the response body.
    """

    code: str
    message: str
    status: int = 400
    headers: dict[str, str] = field(default_factory=dict)
    details: dict[str, Any] = field(default_factory=dict)


def known_error(code: str, **extra: Any) -> GatewayError:
    """Return the error with a *code* of the table, in its usual status and message.

    :raises KeyError: the table does not have the code.
    """
    status, message = _CODES[code]
    return GatewayError(code, message, status, **extra)


def lookup(code: str) -> tuple[int, str]:
    """Return status and message of *code*: 400 and an empty text when the table does not have it."""
    return _CODES.get(code, (400, ""))


def missing_parameter(parameter: str) -> GatewayError:
    """Return the error about a mandatory *parameter* that was not sent."""
    return GatewayError(f"Missing{parameter}", f"{parameter} is mandatory for this action.")


def invalid_parameter(parameter: str) -> GatewayError:
    """Return the error about a *parameter* that is unknown or has an invalid value."""
    return GatewayError(f"Invalid{parameter}", f"Specified parameter {parameter} is not valid.")


def not_implemented(action: str) -> GatewayError:
    """Return the error about an operation that this emulator does not have."""
    return GatewayError("EmulatorNotImplemented", f"The emulator does not implement {action}.", 501)


def signature_mismatch(version: str, text: str) -> GatewayError:
    """Return the error about a wrong signature.

    :param text: the text that the server signed, which callers compare with their own.
    """
    if version == "1.0":
        explained = f"Specified signature is not matched with our calculation. server string to sign is:{text}"
    else:
        explained = f"Specified signature does not match our calculation. {text}"
    return GatewayError("SignatureDoesNotMatch", explained)


def denied(action: str, key_id: str) -> GatewayError:
    """Return the error about a key that may not call *action*."""
    return known_error(
        "Forbidden.RAM",
        details={
            "AccessDeniedDetail": {
                "AuthAction": f"retailcloud:{action}",
                "AuthPrincipalType": "SubUser",
                "AuthPrincipalDisplayName": key_id,
                "NoPermissionType": "ExplicitDeny",
                "PolicyType": "AccountLevelIdentityBasedPolicy",
            }
        },
    )
