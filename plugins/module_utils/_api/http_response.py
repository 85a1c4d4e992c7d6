# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""One HTTP response, as the layers above the transport need it."""

from __future__ import annotations

import calendar
import time
from email.utils import parsedate
from typing import TYPE_CHECKING, Iterable, Mapping, NamedTuple
from urllib.parse import urlsplit

from .redaction import redact

if TYPE_CHECKING:
    from .credential_providers import Credentials


class HttpResponse(NamedTuple):
    """A complete response.

    body: the decoded body.
    host: the endpoint.
    location: scheme and host of a redirect.
    request_id: the header ``x-acs-request-id``.
    retry_after: seconds to wait by request of the gateway (``x-acs-retry-after``), None without a request.
    skew: seconds by which the gateway's clock is ahead of this machine's, None without a date.
    secrets: values of the request that must not be shown. The response may repeat them.
    credentials: the credentials that signed the request.
    """

    status: int
    body: bytes
    host: str
    content_type: str | None = None
    location: str | None = None
    request_id: str | None = None
    retry_after: float | None = None
    skew: float | None = None
    secrets: tuple[str, ...] = ()
    credentials: Credentials | None = None

    def __repr__(self) -> str:
        return f"HttpResponse({self.status} from {self.host}, {len(self.body)} bytes)"

    def redact(self, text: str) -> str:
        """Return the text without the secrets of the request, in any escaping."""
        return redact(text, self.secrets) if text else text


def from_headers(
    status: int, headers: Mapping[str, str], body: bytes, host: str, credentials: Credentials, secrets: Iterable[str]
) -> HttpResponse:
    """Return the response with the values of its headers. A malformed header is ignored.

    :param headers: by lower-case name.
    :param credentials: the credentials that signed the request.
    :param secrets: other secret values of the request.
    """
    return HttpResponse(
        status=status,
        body=body,
        host=host,
        content_type=headers.get("content-type"),
        location=_location(headers.get("location", "")),
        request_id=headers.get("x-acs-request-id"),
        retry_after=_retry_after(headers.get("x-acs-retry-after")),
        skew=_skew(headers.get("date", "")),
        secrets=(*credentials.secrets, *secrets),
        credentials=credentials,
    )


def _location(header: str) -> str | None:
    try:
        target = urlsplit(header)
        return f"{target.scheme}://{target.hostname}" if target.hostname else None
    except ValueError:
        return None


def _retry_after(header: str | None) -> float | None:
    """Convert milliseconds to seconds. Return None for anything but a positive number."""
    try:
        milliseconds = float(header or 0)
    except ValueError:
        return None
    return milliseconds / 1000 if 0 < milliseconds < float("inf") else None


def _skew(header: str) -> float | None:
    """The date parser raises several types of errors, depending on the Python version and the text."""
    try:
        parsed = parsedate(header)
        return calendar.timegm((*parsed[:6], 0, 0, 0)) - time.time() if parsed else None
    except Exception:
        return None
