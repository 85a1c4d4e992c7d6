# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Answers of all 82 operations in one shape, and the failures that hide in them."""

from __future__ import annotations

import codecs
import json
import math
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Iterable, Mapping, NamedTuple

from .error_codes import SIZE_HINTS, error_for
from .errors import (
    MASK,
    ApiError,
    BusinessError,
    DeploymentNotApprovedError,
    EmptyResponseError,
    ServiceFailureError,
    ThrottledError,
)
from .retry_policy import TRANSIENT_STATUS

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
    "3": "The service calls this an error of permissions: check that the account of this access key may do it.",
}
"""What helps against a Code of the service. The reference shows one (6.2.3)."""

_WORD_EDGE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SECRETS_IN_LOGS = r"""(?ix) ( (?: signature | security-token | license_?key ) ["']? \s* [=:] \s* ["']? ) [^\s&"',}]+"""
_MAX_QUOTED = 80
MAX_DEPTH = 50
"""Levels of an answer. The reference knows of no answer with more than ten."""


class ApiResponse(NamedTuple):
    """What a call brought back.

    action: the operation.
    request_id: from the body, else from the header ``x-acs-request-id``.
    data: the payload (Result or Data) with snake_case keys and values as sent, None where there is none.
    total_count: how many records there are in all by the word of the API, None where it does not say.
    page_size: how many records the API says it puts on a page, None where it does not say.
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
    """The answer to a call.

    :raises ApiError: one of its subclasses, when the answer tells of a failure or is none of this API.
    """
    body = _parse_json_object(operation, response)
    if response.status >= 400:
        raise error_for(operation, response, _lowercase_keys(body))
    envelope = _unwrap_envelope(operation, body)
    if not any(key in envelope for key in _ENVELOPE_KEYS):
        raise _not_from_api_error(operation, response, "JSON without any of the usual keys")
    request_id = str(envelope["requestid"]) if envelope.get("requestid") else response.request_id
    payload = envelope.get("result", envelope.get("data"))
    result = _lowercase_keys(payload) if isinstance(payload, dict) else {}
    _raise_for_business_error(operation, response, request_id, envelope, result)
    if operation.is_read and payload is not None and not isinstance(payload, (dict, list)):
        raise unexpected_payload_error(
            operation, request_id, f"{type(payload).__name__} {str(payload)[:_MAX_QUOTED]!r} for a payload"
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
    """``DBInstanceId``, ``DbInstanceId`` and ``dBInstanceId`` all become ``db_instance_id``."""
    return _WORD_EDGE.sub("_", key[:1].upper() + key[1:]).lower()


def _parse_json_object(operation: Operation, response: HttpResponse) -> dict[str, Any]:
    if 300 <= response.status < 400:
        target = f" to {response.location}" if response.location else ""
        raise ServiceFailureError(
            f"the answer is a redirect (HTTP {response.status}{target}), and the API never redirects",
            action=operation.name,
            code="Redirect",
            http_status=response.status,
            request_id=response.request_id,
            hint=_wrong_endpoint_hint(response),
        )
    try:
        text = _decode(response.body)
        document = json.loads(text, parse_constant=_constant_to_none, parse_float=_finite_or_text)
        _check_depth(document)
        if "\\ud" in text.lower():
            document = _without_surrogates(document)
    except (RecursionError, ValueError):
        document = None
    if isinstance(document, dict):
        return document
    raise _not_from_api_error(operation, response, _describe_body(response))


def _decode(body: bytes) -> str:
    """UTF-8, with or without a mark before it. The codec that drops the mark would be imported in every fork."""
    return (body[len(codecs.BOM_UTF8) :] if body.startswith(codecs.BOM_UTF8) else body).decode()


def _without_surrogates(part: Any) -> Any:
    """A document without halves of surrogate pairs, which are no characters: no result could hold them."""
    if isinstance(part, dict):
        return {_without_surrogates(key): _without_surrogates(value) for key, value in part.items()}
    if isinstance(part, list):
        return [_without_surrogates(item) for item in part]
    return part.encode("utf-8", "replace").decode() if isinstance(part, str) else part


def _constant_to_none(word: str) -> None:
    """What NaN and Infinity are taken for: JSON has no such numbers, though some services write them."""


def _finite_or_text(text: str) -> float | str:
    """A number, or its text where it is greater than any that results could hold."""
    number = float(text)
    return number if math.isfinite(number) else text


def _check_depth(document: Any) -> None:
    level = [document]
    for _depth in range(MAX_DEPTH):
        level = [inner for part in level if isinstance(part, (dict, list)) for inner in _children(part)]
        if not level:
            return
    raise ValueError("nested too deeply")


def _children(part: Any) -> Iterable[Any]:
    return part.values() if isinstance(part, dict) else part


def unexpected_payload_error(operation: Operation, request_id: str | None, what: str) -> ApiError:
    """An answer of this API that does not hold what the operation promises.

    :param what: what it holds, in words.
    """
    return ServiceFailureError(
        f"the answer holds {what}, other than the reference of {operation.name} says",
        action=operation.name,
        code="MalformedResponse",
        http_status=200,
        request_id=request_id,
        unknown_outcome=not operation.is_read,
    )


def incomplete_list_error(operation: Operation, flaw: str) -> ApiError:
    """A list of which something shows that records are missing.

    :param flaw: what shows it, in words.
    """
    return ServiceFailureError(
        f"the list is not complete: {flaw}",
        action=operation.name,
        code="MalformedResponse",
        http_status=200,
        hint="Nothing was concluded from it, since what is missing in it may exist. Run again; if it stays like this, "
        "report it to the support of the service.",
    )


def _not_from_api_error(operation: Operation, response: HttpResponse, what: str) -> ApiError:
    """An answer that is none of this API.

    Whether a write behind it was carried out nobody can say, unless it was refused on the way (4xx). The samples of
    OfflineAppEnvironment and DescribeAppEnvDeployBaseline (reference 1.2.6, 1.2.7) have no body at all, yet their
    tables promise one, so an empty body proves nothing there either.
    """
    throttled = response.status == 429
    later = bool(response.retry_after)
    refused = 400 <= response.status < 500 and response.status != 408 and not later
    garbled = response.status < 300 and bool(response.body) and not _is_html(response)
    error: type[ApiError] = ThrottledError if throttled else ServiceFailureError
    if response.status < 300 and not response.body:
        error = EmptyResponseError
    return error(
        f"{what} instead of an answer of the API",
        action=operation.name,
        code="UnexpectedResponse" if response.body else "EmptyResponse",
        http_status=response.status,
        request_id=response.request_id,
        unknown_outcome=not (operation.is_read or refused or throttled),
        transient=garbled or response.status in TRANSIENT_STATUS or throttled or later,
        retry_after=response.retry_after,
        hint=SIZE_HINTS.get(response.status) or _wrong_endpoint_hint(response),
    )


def _describe_body(response: HttpResponse) -> str:
    kind = response.content_type or "no content type"
    text = " ".join(response.redact(response.body.decode("utf-8", "replace")).split())
    shown = "".join(character for character in text if character.isprintable())[:_MAX_QUOTED]
    return f"HTTP {response.status} with {kind} came" + (f" ({shown})" if shown else ", empty,")


def _wrong_endpoint_hint(response: HttpResponse) -> str:
    return (
        f"Something else than the API answered for {response.host}: check the endpoint, "
        "and the proxy (HTTP_PROXY, HTTPS_PROXY, NO_PROXY) if there is one."
    )


def _is_html(response: HttpResponse) -> bool:
    return "html" in (response.content_type or "").lower() or response.body.lstrip()[:1] == b"<"


def _lowercase_keys(document: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in document.items()}


def _unwrap_envelope(operation: Operation, body: dict[str, Any]) -> dict[str, Any]:
    """The envelope with keys in lower case, out of the one or two wrappers that some samples of the reference show."""
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
    """Raise what an answer with HTTP 200 tells of failure; a message alone tells nothing, good answers have one too."""
    code = envelope.get("code")
    message = response.redact(_message(envelope))
    if code is None and not operation.is_read:  # every table of the reference promises one
        raise unexpected_payload_error(operation, request_id, "no Code")
    error: type[BusinessError] = BusinessError
    if _is_false(result.get("admitted")):
        error = DeploymentNotApprovedError
        code = str(result.get("businesscode") or "DeploymentNotApproved")
        why = _REVIEW_STATES.get(code, f"business code {code}")
        text = f"the deployment is not admitted: {why}" + (f"; {message}" if message else "")
    elif not _is_success(code):
        text = message or f"the service answered with code {code} and no message"
    elif _is_false(envelope.get("success")) or _is_false(result.get("success")):
        code = "Unsuccessful"
        text = message or "the service answered that it was not successful and did not say why"
    else:
        return
    raise error(
        text,
        action=operation.name,
        code=str(code),
        http_status=response.status,
        request_id=request_id,
        hint="Get the release approved on the platform, then deploy again."
        if error is DeploymentNotApprovedError
        else BUSINESS_CODE_HINTS.get(str(code).strip()),
    )


def _message(envelope: Mapping[str, Any]) -> str:
    return next((str(envelope[key]) for key in _MESSAGE_KEYS if envelope.get(key)), "")


def _is_success(code: Any) -> bool:
    return code is None or str(code).strip() in _SUCCESS_CODES


def _is_false(flag: Any) -> bool:
    return str(flag).lower() == "false"


def _parse_count(operation: Operation, request_id: str | None, value: Any) -> int | None:
    """How long a list is by the word of an answer, None where it does not say; writes tell of no list.

    :raises ApiError: for what is no number of records, so that nothing else of the list can be believed either.
    """
    if value in (None, ""):
        return None
    number = None if isinstance(value, bool) else _to_int_or_none(value)
    if operation.is_read and (number is None or number < 0 or (isinstance(value, float) and number != value)):
        raise unexpected_payload_error(operation, request_id, f"{str(value)[:_MAX_QUOTED]!r} for the length of a list")
    return number


def _to_int_or_none(value: Any) -> int | None:
    try:
        return int(value)
    except (OverflowError, TypeError, ValueError):
        return None


def _normalize_and_redact(value: Any, logs: bool) -> Any:
    """The value with snake_case keys and without the secrets the API gives away.

    ListCluster tells the root password of the nodes (reference 6.4.1); signed links and license keys stand in logs.
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
