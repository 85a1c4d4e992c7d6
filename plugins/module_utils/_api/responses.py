# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Parse the responses of all operations into one shape. Raise the failures that they report."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Mapping, NamedTuple

from .error_codes import error_for
from .errors import (
    MASK,
    BusinessError,
    DeploymentNotApprovedError,
)
from .hints import Hint
from .json_body import parse_json
from .response_errors import (
    MAX_QUOTED,
    describe_body,
    not_from_api_error,
    redirect_error,
    unexpected_payload_error,
)

if TYPE_CHECKING:
    from .http_response import HttpResponse
    from .operations import Operation

_SUCCESS_CODES = ("0", "200")
_MESSAGE_KEYS = ("errmsg", "errormsg", "errmessage", "msg", "message")
_ENVELOPE_KEYS = ("code", "requestid", "success")
_SECRET_KEYS = frozenset(["password", "account_password", "access_key_secret", "security_token"])
_REVIEW_STATES = {
    "102000": "there is no release credential for it (102000)",
    "102001": "its release credential is still under review (102001)",
}
BUSINESS_CODE_HINTS = {
    "3": Hint(
        "The service reports a permission error: check that the account of this access key may call the operation.",
        "服务端返回的是权限错误：请确认该访问密钥所属的账号有权执行此操作。",
    ),
}
"""Hints for business codes. The reference documents one code (6.2.3)."""

_NOT_APPROVED_HINT = Hint(
    "Get the release approved on the platform, then deploy again.", "请先在平台上通过发布准入，再重新发布。"
)

_TYPE_WORDS: dict[type, str] = {
    bool: "a boolean",
    dict: "an object",
    float: "a number",
    int: "a number",
    list: "a list",
    str: "a text",
}

_WORD_EDGE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SECRETS_IN_LOGS = r"""(?ix) ( (?: signature | security-token | license_?key ) ["']? \s* [=:] \s* ["']? ) [^\s&"',}]+"""


class ApiResponse(NamedTuple):
    """A parsed response.

    action: the operation.
    request_id: from the body, else from the header ``x-acs-request-id``.
    data: the payload (Result or Data) with snake_case keys and unchanged values, None without a payload.
    total_count: the number of records in all, None when the service does not send it.
    page_size: the records per page, None when the service does not send it.
    """

    action: str
    request_id: str | None
    data: dict[str, Any] | list[Any] | None
    total_count: int | None
    page_size: int | None = None

    def __repr__(self) -> str:
        # The data may hold Secrets.
        return f"ApiResponse({self.action}, {self.request_id})"


def parse(operation: Operation, response: HttpResponse) -> ApiResponse:
    """Parse the response to a call.

    :raises ApiError: when the response reports a failure, or does not come from this API.
    """
    body = _parse_json_object(operation, response)
    if response.status >= 400:
        raise error_for(operation, response, _lowercase_keys(body))
    envelope = _unwrap_envelope(operation, body)
    if not any(key in envelope for key in _ENVELOPE_KEYS):
        raise not_from_api_error(operation, response, "JSON without any of the usual keys")
    request_id = str(envelope["requestid"]) if envelope.get("requestid") else response.request_id
    payload = envelope.get("result", envelope.get("data"))
    result = _lowercase_keys(payload) if isinstance(payload, dict) else {}
    _raise_for_business_error(operation, response, request_id, envelope, result)
    if operation.is_read and payload is not None and not isinstance(payload, (dict, list)):
        raise unexpected_payload_error(
            operation, request_id, f"{_TYPE_WORDS[type(payload)]} ({str(payload)[:MAX_QUOTED]!r}) in place of its data"
        )
    data = _normalize_and_redact(payload, "Log" in operation.name) if isinstance(payload, (dict, list)) else None
    return ApiResponse(
        action=operation.name,
        request_id=request_id,
        data=data,
        total_count=_parse_count(operation, request_id, envelope.get("totalcount", result.get("totalrecordcount"))),
        page_size=_to_int_or_none(envelope.get("pagesize")),
    )


@lru_cache(maxsize=None)
def snake_case(key: str) -> str:
    """Convert a key: ``DBInstanceId``, ``DbInstanceId`` and ``dBInstanceId`` all become ``db_instance_id``."""
    return _WORD_EDGE.sub("_", key[:1].upper() + key[1:]).lower()


def _parse_json_object(operation: Operation, response: HttpResponse) -> dict[str, Any]:
    if 300 <= response.status < 400:
        raise redirect_error(operation, response)
    try:
        document = parse_json(response.body)
    except ValueError:
        document = None
    if isinstance(document, dict):
        return document
    raise not_from_api_error(operation, response, describe_body(response))


def _lowercase_keys(document: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in document.items()}


def _unwrap_envelope(operation: Operation, body: dict[str, Any]) -> dict[str, Any]:
    """Return the envelope with lower-case keys, without the one or two wrappers in some samples of the reference."""
    if len(body) == 1:
        ((key, inner),) = body.items()
        if key.lower().startswith(operation.name.lower()) and isinstance(inner, dict):
            body = inner
    outer = _lowercase_keys(body)
    inner = outer.get("data")
    if isinstance(inner, dict) and ("code" in outer or not any(key in outer for key in _ENVELOPE_KEYS)):
        nested = _lowercase_keys(inner)
        if any(key in nested for key in _ENVELOPE_KEYS):
            del outer["data"]
            good = _is_success(outer.get("code"))
            return {**outer, **nested} if good else {**nested, **outer, "message": _message(nested)}
    return outer


def _raise_for_business_error(
    operation: Operation,
    response: HttpResponse,
    request_id: str | None,
    envelope: Mapping[str, Any],
    result: Mapping[str, Any],
) -> None:
    """Raise the failure that a response with HTTP 200 reports.

    A message alone is no failure: successful responses have one too.
    """
    code = envelope.get("code")
    message = response.redact(_message(envelope))
    if code is None and not operation.is_read:  # every table of the reference promises one
        raise unexpected_payload_error(operation, request_id, "no Code")
    if isinstance(code, (dict, list)):
        raise unexpected_payload_error(operation, request_id, f"{_TYPE_WORDS[type(code)]} as its Code")
    error: type[BusinessError] = BusinessError
    if _is_false(result.get("admitted")):
        error = DeploymentNotApprovedError
        code = str(result.get("businesscode") or "DeploymentNotApproved")
        why = _REVIEW_STATES.get(code, f"business code {code}")
        text = f"the deployment is not admitted: {why}" + (f"; {message}" if message else "")
    elif not _is_success(code):
        text = message or f"the service returned code {code} and no message"
    elif _is_false(envelope.get("success")) or _is_false(result.get("success")):
        code = "Unsuccessful"
        text = message or "the service reported a failure and no reason"
    else:
        return
    raise error(
        text,
        action=operation.name,
        code=str(code),
        http_status=response.status,
        request_id=request_id,
        hint=_NOT_APPROVED_HINT if error is DeploymentNotApprovedError else BUSINESS_CODE_HINTS.get(str(code).strip()),
    )


def _message(envelope: Mapping[str, Any]) -> str:
    return next((str(envelope[key]) for key in _MESSAGE_KEYS if envelope.get(key)), "")


def _is_success(code: Any) -> bool:
    return code is None or str(code).strip() in _SUCCESS_CODES


def _is_false(flag: Any) -> bool:
    return str(flag).lower() == "false"


def _parse_count(operation: Operation, request_id: str | None, value: Any) -> int | None:
    """Return the length of a list, None when the service does not send it or the operation is a write.

    :raises ApiError: for a value that is no number of records. Nothing else in the list is reliable then.
    """
    if value in (None, ""):
        return None
    number = None if isinstance(value, bool) else _to_int_or_none(value)
    if operation.is_read and (number is None or number < 0 or (isinstance(value, float) and number != value)):
        text = value if isinstance(value, str) else json.dumps(value)
        raise unexpected_payload_error(operation, request_id, f"{text[:MAX_QUOTED]!r} for the length of a list")
    return number


def _to_int_or_none(value: Any) -> int | None:
    try:
        return int(value)
    except (OverflowError, TypeError, ValueError):
        return None


def _normalize_and_redact(value: Any, logs: bool) -> Any:
    """Return the value with snake_case keys and without secrets.

    ListCluster returns the root password of the nodes (reference 6.4.1). Logs contain signed links and license keys.
    """
    if isinstance(value, dict):
        return {
            snake_case(str(key)): _normalize_and_redact(item, logs)
            for key, item in value.items()
            if snake_case(str(key)) not in _SECRET_KEYS
        }
    if isinstance(value, list):
        return [_normalize_and_redact(item, logs) for item in value]
    if logs and isinstance(value, str):
        return re.sub(_SECRETS_IN_LOGS, rf"\g<1>{MASK}", value)
    return value
