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

from .errors import (
    MASK,
    ApiError,
    BusinessError,
    EmptyAnswerError,
    NotAdmittedError,
    ServiceFailureError,
    ThrottledError,
)
from .refusals import SIZE_HINTS, refusal
from .retries import TRANSIENT_STATUS

if TYPE_CHECKING:
    from .http_response import HttpResponse
    from .operations import Operation

_GOOD_CODES = ("0", "200")
_MESSAGE_KEYS = ("errmsg", "errormsg", "errmessage", "msg", "message")
_SIGNS_OF_LIFE = ("code", "requestid", "success")
_SECRET_KEYS = frozenset(["password", "account_password", "access_key_secret", "security_token"])
_NOT_ADMITTED = {
    "102000": "there is no release credential for it (102000)",
    "102001": "its release credential is still under review (102001)",
}
BUSINESS_HINTS = {
    "3": "The service calls this an error of permissions: check that the account of this access key may do it.",
}
"""What helps against a Code of the service. The reference shows one (6.2.3)."""

_WORD_EDGE = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_IN_LOGS = r"""(?ix) ( (?: signature | security-token | license_?key ) ["']? \s* [=:] \s* ["']? ) [^\s&"',}]+"""
_SHOWN = 80
DEEPEST = 50
"""Levels of an answer. The reference knows of no answer with more than ten."""


class Answer(NamedTuple):
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
        return f"Answer({self.action}, {self.request_id})"


def read(operation: Operation, reply: HttpResponse) -> Answer:
    """The answer to a call.

    :raises ApiError: one of its subclasses, when the answer tells of a failure or is none of this API.
    """
    body = _document(operation, reply)
    if reply.status >= 400:
        raise refusal(operation, reply, _lower(body))
    envelope = _unwrap(operation, body)
    if not any(key in envelope for key in _SIGNS_OF_LIFE):
        raise _strange(operation, reply, "JSON without any of the usual keys")
    request_id = str(envelope["requestid"]) if envelope.get("requestid") else reply.request_id
    payload = envelope.get("result", envelope.get("data"))
    result = _lower(payload) if isinstance(payload, dict) else {}
    _judge(operation, reply, request_id, envelope, result)
    if operation.reads and payload is not None and not isinstance(payload, (dict, list)):
        raise odd(operation, request_id, f"{type(payload).__name__} {str(payload)[:_SHOWN]!r} for a payload")
    data = _snake(payload, "Log" in operation.name) if isinstance(payload, (dict, list)) else None
    return Answer(
        action=operation.name,
        request_id=request_id,
        data=data,
        total_count=_count(operation, request_id, envelope.get("totalcount", result.get("totalrecordcount"))),
        page_size=_whole(envelope.get("pagesize")),
    )


@lru_cache(maxsize=None)
def snake_case(key: str) -> str:
    """``DBInstanceId``, ``DbInstanceId`` and ``dBInstanceId`` all become ``db_instance_id``."""
    return _WORD_EDGE.sub("_", key[:1].upper() + key[1:]).lower()


def _document(operation: Operation, reply: HttpResponse) -> dict[str, Any]:
    if 300 <= reply.status < 400:
        target = f" to {reply.location}" if reply.location else ""
        raise ServiceFailureError(
            f"the answer is a redirect (HTTP {reply.status}{target}), and the API never redirects",
            action=operation.name,
            code="Redirect",
            http_status=reply.status,
            request_id=reply.request_id,
            hint=_who_answered(reply),
        )
    try:
        text = _decode(reply.body)
        document = json.loads(text, parse_constant=_nothing, parse_float=_fraction)
        _check_depth(document)
        if "\\ud" in text.lower():
            document = _without_surrogates(document)
    except (RecursionError, ValueError):
        document = None
    if isinstance(document, dict):
        return document
    raise _strange(operation, reply, _what_came(reply))


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


def _nothing(word: str) -> None:
    """What NaN and Infinity are taken for: JSON has no such numbers, though some services write them."""


def _fraction(text: str) -> float | str:
    """A number, or its text where it is greater than any that results could hold."""
    number = float(text)
    return number if math.isfinite(number) else text


def _check_depth(document: Any) -> None:
    level = [document]
    for _depth in range(DEEPEST):
        level = [inner for part in level if isinstance(part, (dict, list)) for inner in _parts(part)]
        if not level:
            return
    raise ValueError("nested too deeply")


def _parts(part: Any) -> Iterable[Any]:
    return part.values() if isinstance(part, dict) else part


def odd(operation: Operation, request_id: str | None, what: str) -> ApiError:
    """An answer of this API that does not hold what the operation promises.

    :param what: what it holds, in words.
    """
    return ServiceFailureError(
        f"the answer holds {what}, other than the reference of {operation.name} says",
        action=operation.name,
        code="OddAnswer",
        http_status=200,
        request_id=request_id,
        unknown_outcome=not operation.reads,
    )


def incomplete(operation: Operation, flaw: str) -> ApiError:
    """A list of which something shows that records are missing.

    :param flaw: what shows it, in words.
    """
    return ServiceFailureError(
        f"the list is not complete: {flaw}",
        action=operation.name,
        code="OddAnswer",
        http_status=200,
        hint="Nothing was concluded from it, since what is missing in it may exist. Run again; if it stays like this, "
        "report it to the support of the service.",
    )


def _strange(operation: Operation, reply: HttpResponse, what: str) -> ApiError:
    """An answer that is none of this API.

    Whether a write behind it was carried out nobody can say, unless it was refused on the way (4xx). The samples of
    OfflineAppEnvironment and DescribeAppEnvDeployBaseline (reference 1.2.6, 1.2.7) have no body at all, yet their
    tables promise one, so an empty body proves nothing there either.
    """
    throttled = reply.status == 429
    later = bool(reply.retry_after)
    refused = 400 <= reply.status < 500 and reply.status != 408 and not later
    garbled = reply.status < 300 and bool(reply.body) and not _is_page(reply)
    error: type[ApiError] = ThrottledError if throttled else ServiceFailureError
    if reply.status < 300 and not reply.body:
        error = EmptyAnswerError
    return error(
        f"{what} instead of an answer of the API",
        action=operation.name,
        code="StrangeAnswer" if reply.body else "EmptyAnswer",
        http_status=reply.status,
        request_id=reply.request_id,
        unknown_outcome=not (operation.reads or refused or throttled),
        transient=garbled or reply.status in TRANSIENT_STATUS or throttled or later,
        retry_after=reply.retry_after,
        hint=SIZE_HINTS.get(reply.status) or _who_answered(reply),
    )


def _what_came(reply: HttpResponse) -> str:
    kind = reply.content_type or "no content type"
    text = " ".join(reply.masked(reply.body.decode("utf-8", "replace")).split())
    shown = "".join(character for character in text if character.isprintable())[:_SHOWN]
    return f"HTTP {reply.status} with {kind} came" + (f" ({shown})" if shown else ", empty,")


def _who_answered(reply: HttpResponse) -> str:
    return (
        f"Something else than the API answered for {reply.host}: check the endpoint, "
        "and the proxy (HTTP_PROXY, HTTPS_PROXY, NO_PROXY) if there is one."
    )


def _is_page(reply: HttpResponse) -> bool:
    return "html" in (reply.content_type or "").lower() or reply.body.lstrip()[:1] == b"<"


def _lower(document: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key).lower(): value for key, value in document.items()}


def _unwrap(operation: Operation, body: dict[str, Any]) -> dict[str, Any]:
    """The envelope with keys in lower case, out of the one or two wrappers that some samples of the reference show."""
    if len(body) == 1:
        ((key, inner),) = body.items()
        if key.lower().startswith(operation.name.lower()) and isinstance(inner, dict):
            body = inner
    outer = _lower(body)
    inner = outer.get("data")
    if isinstance(inner, dict) and ("code" in outer or not any(key in outer for key in _SIGNS_OF_LIFE)):
        nested = _lower(inner)
        if any(key in nested for key in _SIGNS_OF_LIFE):
            del outer["data"]
            good = _is_good(outer.get("code"))
            return {**outer, **nested} if good else {**nested, **outer, "message": _message(nested)}
    return outer


def _judge(
    operation: Operation,
    reply: HttpResponse,
    request_id: str | None,
    envelope: Mapping[str, Any],
    result: Mapping[str, Any],
) -> None:
    """Raise what an answer with HTTP 200 tells of failure; a message alone tells nothing, good answers have one too."""
    code = envelope.get("code")
    message = reply.masked(_message(envelope))
    if code is None and not operation.reads:  # every table of the reference promises one
        raise odd(operation, request_id, "no Code")
    error: type[BusinessError] = BusinessError
    if _is_no(result.get("admitted")):
        error = NotAdmittedError
        code = str(result.get("businesscode") or "NotAdmitted")
        why = _NOT_ADMITTED.get(code, f"business code {code}")
        text = f"the deployment is not admitted: {why}" + (f"; {message}" if message else "")
    elif not _is_good(code):
        text = message or f"the service answered with code {code} and no message"
    elif _is_no(envelope.get("success")) or _is_no(result.get("success")):
        code = "Unsuccessful"
        text = message or "the service answered that it was not successful and did not say why"
    else:
        return
    raise error(
        text,
        action=operation.name,
        code=str(code),
        http_status=reply.status,
        request_id=request_id,
        hint="Get the release approved on the platform, then deploy again."
        if error is NotAdmittedError
        else BUSINESS_HINTS.get(str(code).strip()),
    )


def _message(envelope: Mapping[str, Any]) -> str:
    return next((str(envelope[key]) for key in _MESSAGE_KEYS if envelope.get(key)), "")


def _is_good(code: Any) -> bool:
    return code is None or str(code).strip() in _GOOD_CODES


def _is_no(flag: Any) -> bool:
    return str(flag).lower() == "false"


def _count(operation: Operation, request_id: str | None, figure: Any) -> int | None:
    """How long a list is by the word of an answer, None where it does not say; writes tell of no list.

    :raises ApiError: for what is no number of records, so that nothing else of the list can be believed either.
    """
    if figure in (None, ""):
        return None
    number = None if isinstance(figure, bool) else _whole(figure)
    if operation.reads and (number is None or number < 0 or (isinstance(figure, float) and number != figure)):
        raise odd(operation, request_id, f"{str(figure)[:_SHOWN]!r} for the length of a list")
    return number


def _whole(figure: Any) -> int | None:
    try:
        return int(figure)
    except (OverflowError, TypeError, ValueError):
        return None


def _snake(value: Any, logs: bool) -> Any:
    """The value with snake_case keys and without the secrets the API gives away.

    ListCluster tells the root password of the nodes (reference 6.4.1); signed links and license keys stand in logs.
    """
    if isinstance(value, dict):
        return {
            snake_case(str(key)): _snake(item, logs)
            for key, item in value.items()
            if snake_case(str(key)) not in _SECRET_KEYS
        }
    if isinstance(value, list):
        return [_snake(item, logs) for item in value]
    if logs and isinstance(value, str):
        return re.sub(_IN_LOGS, rf"\g<1>{MASK}", value)
    return value
