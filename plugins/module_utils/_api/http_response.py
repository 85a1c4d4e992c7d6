# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause

"""What one HTTP request brought back, as far as the layers above need to know."""

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
    """A whole response.

    body: decoded.
    host: the endpoint that was asked.
    location: scheme and host of a redirect.
    request_id: the header ``x-acs-request-id``.
    retry_after: seconds the gateway asked to wait (``x-acs-retry-after``), None where it did not ask.
    skew: seconds by which the gateway's clock is ahead of this machine's, None where the response carries no time.
    secrets: what was sent and must not be repeated, though the response may do so.
    keys: what the request was signed with.
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
        """Return the text without the secrets that were sent, in whatever escaping they stand there."""
        return redact(text, self.secrets) if text else text


def from_headers(
    status: int, headers: Mapping[str, str], body: bytes, host: str, credentials: Credentials, secrets: Iterable[str]
) -> HttpResponse:
    """Return the response with what its headers say. A header that makes no sense says nothing.

    :param headers: by their names in lower case.
    :param keys: what the request was signed with.
    :param secrets: other secrets among what was sent.
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
    """Milliseconds to seconds; what is not a positive number asks for nothing."""
    try:
        milliseconds = float(header or 0)
    except ValueError:
        return None
    return milliseconds / 1000 if 0 < milliseconds < float("inf") else None


def _skew(header: str) -> float | None:
    """The parser of dates raises errors of several types, depending on the version of Python and on what it meets."""
    try:
        parsed = parsedate(header)
        return calendar.timegm((*parsed[:6], 0, 0, 0)) - time.time() if parsed else None
    except Exception:
        return None
