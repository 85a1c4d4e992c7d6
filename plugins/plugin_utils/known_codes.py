# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The codes of responses that are known, and so are no values of an account."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.connection_errors import CONNECT_FAILURES
from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import CLIENT_CODES, HTTP_CODE_PREFIX

# Of the reference, as numbers and as texts. Services of the vendor also use the statuses of HTTP.
_NUMBERS = frozenset(map(str, (0, 3, 102000, 102001, *(status.value for status in HTTPStatus))))

# Of the gateway (the vendor's list of common error codes), of the reference, and of the client.
_WORDS = frozenset(
    [
        "Forbidden",
        "Forbidden.RAM",
        "IllegalTimestamp",
        "IncompleteSignature",
        "InternalError",
        "InvalidAccessKeyId",
        "InvalidAccessKeyId.Inactive",
        "InvalidAccessKeyId.NotFound",
        "InvalidAction.NotFound",
        "InvalidApi.NotFound",
        "InvalidParameter",
        "InvalidProduct.NotFound",
        "InvalidProtocol.NeedSsl",
        "InvalidSecurityToken",
        "InvalidSecurityToken.Expired",
        "InvalidSecurityToken.Malformed",
        "InvalidSecurityToken.MismatchWithAccessKey",
        "InvalidTimeStamp.Expired",
        "InvalidTimeStamp.Format",
        "InvalidVersion",
        "MissingAccessKeyId",
        "MissingParameter",
        "MissingSecurityToken",
        "NoPermission",
        "ServiceUnavailable",
        "SignatureDoesNotMatch",
        "SignatureNonceUsed",
        "Throttling",
        "Throttling.Api",
        "Throttling.User",
        "UnsupportedHTTPMethod",
        "system.error",
        *CLIENT_CODES,
        *(f"ConnectionFailed.{name}" for name in CONNECT_FAILURES),
        "ResponseLost.ConnectionLost",
        "ResponseLost.ReadTimeout",
        "ResponseLost.TooLarge",
        "InvalidConfiguration",
        "Unsuccessful",
        *(f"{HTTP_CODE_PREFIX}{status.value}" for status in HTTPStatus),
    ]
)


def is_known_code(code: Any) -> bool:
    """Return whether a code is known. Any other can be a value of the account, whatever its member is called."""
    return str(code) in _NUMBERS or str(code) in _WORDS
