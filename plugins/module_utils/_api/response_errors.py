# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""Errors for responses that do not follow the reference, or that do not come from the API."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .error_codes import SIZE_HINTS
from .errors import ApiError, EmptyResponseError, ServiceFailureError, ThrottledError
from .hints import Hint
from .retry_policy import TRANSIENT_STATUS

if TYPE_CHECKING:
    from .http_response import HttpResponse
    from .operations import Operation

MAX_QUOTED = 80
"""Characters of a response that a message quotes."""


def unexpected_payload_error(operation: Operation, request_id: str | None, what: str) -> ApiError:
    """Return the error for a response of this API whose content contradicts the reference.

    :param what: the content, in words.
    """
    return ServiceFailureError(
        f"the response contains {what}, which contradicts the reference of {operation.name}",
        action=operation.name,
        code="MalformedResponse",
        http_status=200,
        request_id=request_id,
        unknown_outcome=not operation.is_read,
    )


def incomplete_list_error(operation: Operation, reason: str) -> ApiError:
    """Return the error for a list with missing records.

    :param reason: the sign of missing records, in words.
    """
    return ServiceFailureError(
        f"the list is not complete: {reason}",
        action=operation.name,
        code="MalformedResponse",
        http_status=200,
        hint=Hint(
            "The task did not use the list, since the missing records may exist. Run again. If the error stays, report "
            "it to Alibaba Cloud support.",
            "缺少的记录可能仍然存在，因此任务没有使用该列表。请重新运行；如果一直如此，请向阿里云技术支持反馈。",
        ),
    )


def redirect_error(operation: Operation, response: HttpResponse) -> ApiError:
    """Return the error for a redirect."""
    target = f" to {response.location}" if response.location else ""
    return ServiceFailureError(
        f"the response is a redirect (HTTP {response.status}{target}), and the API never redirects",
        action=operation.name,
        code="Redirect",
        http_status=response.status,
        request_id=response.request_id,
        hint=_wrong_endpoint_hint(response),
    )


def not_from_api_error(operation: Operation, response: HttpResponse, what: str) -> ApiError:
    """Return the error for a response that does not come from this API.

    The outcome of a write is unknown, unless the request was rejected on the way (4xx). An empty body proves nothing:
    the samples of OfflineAppEnvironment and DescribeAppEnvDeployBaseline (reference 1.2.6, 1.2.7) have no body, and the
    tables of both promise one.
    """
    throttled = response.status == 429
    retry_later = bool(response.retry_after)
    rejected = 400 <= response.status < 500 and response.status != 408 and not retry_later
    garbled = response.status < 300 and bool(response.body) and not _is_html(response)
    error: type[ApiError] = ThrottledError if throttled else ServiceFailureError
    if response.status < 300 and not response.body:
        error = EmptyResponseError
    return error(
        f"{what} instead of a response of the API",
        action=operation.name,
        code="UnexpectedResponse" if response.body else "EmptyResponse",
        http_status=response.status,
        request_id=response.request_id,
        unknown_outcome=not (operation.is_read or rejected or throttled),
        transient=garbled or response.status in TRANSIENT_STATUS or throttled or retry_later,
        retry_after=response.retry_after,
        hint=SIZE_HINTS.get(response.status) or _wrong_endpoint_hint(response),
    )


def describe_body(response: HttpResponse) -> str:
    """Return the status, content type and beginning of a response, for a message."""
    kind = response.content_type or "no content type"
    text = " ".join(response.redact(response.body.decode("utf-8", "replace")).split())
    shown = "".join(character for character in text if character.isprintable())[:MAX_QUOTED]
    return f"HTTP {response.status} with {kind} came" + (f" ({shown})" if shown else ", empty,")


def _wrong_endpoint_hint(response: HttpResponse) -> Hint:
    return Hint(
        "Something other than the API responded for {host}: check the endpoint, and the proxy (HTTP_PROXY, "
        "HTTPS_PROXY, NO_PROXY) if there is one.",
        "{host} 返回的不是该 API 的响应：请检查 endpoint；如果使用代理，请检查代理设置"
        "（HTTP_PROXY、HTTPS_PROXY、NO_PROXY）。",
        host=response.host,
    )


def _is_html(response: HttpResponse) -> bool:
    return "html" in (response.content_type or "").lower() or response.body.lstrip()[:1] == b"<"
