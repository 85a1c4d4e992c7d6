# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""HTTP responses of the gateway: status, body and headers, and how much of them reaches the caller."""

from __future__ import annotations

import base64
import enum
import gzip
import hashlib
import time
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Any, NamedTuple

from werkzeug.http import HTTP_STATUS_CODES

from jst_emulator import encoding
from jst_emulator.errors import GatewayError
from jst_emulator.request import Request

#: The least size of a compressed body; that of the real gateway is not known.
GZIP_FROM_BYTES = 1024
_TROUBLESHOOT = "https://api.aliyun.com/troubleshoot?q={code}&product=retailcloud&requestId={request_id}"


class Transmission(enum.Enum):
    """How much of a response is sent, and what happens to the connection."""

    COMPLETE = "sent in full, the connection stays"
    TRUNCATED = "closed half way through the body"
    NONE = "closed without a byte"


@dataclass
class HttpResponse:
    """A response.

    :ivar clock_offset: seconds by which the Date header is ahead of the real time.
    :ivar delay: seconds to hold the response back.
    """

    status: int
    body: bytes
    content_type: str = encoding.JSON_TYPE
    request_id: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    clock_offset: float = 0.0
    delay: float = 0.0
    transmission: Transmission = Transmission.COMPLETE

    @property
    def is_sent(self) -> bool:
        """Whether the caller gets a status."""
        return self.transmission is not Transmission.NONE

    def all_headers(self) -> dict[str, str]:
        """Return the headers that the gateway is known to send; only a success has an ETag."""
        headers = {
            "Content-Type": self.content_type,
            "Connection": "keep-alive",
            "Keep-Alive": "timeout=25",
            "Access-Control-Allow-Origin": "*",
            "Access-Control-Expose-Headers": "*",
            "x-acs-request-id": self.request_id,
            "x-acs-trace-id": uuid.uuid4().hex,
            **self.headers,
        }
        if self.status < 400:
            headers["ETag"] = base64.urlsafe_b64encode(hashlib.sha256(self.body).digest()[:18]).decode()
        return headers


class RawResponse(NamedTuple):
    """A response as it is sent.

    status: number and phrase.
    headers: all headers; without a length among them the body is sent in chunks.
    parts: the body; a ConnectionAbortedError from it closes the connection.
    """

    status: str
    headers: Mapping[str, str]
    parts: Iterable[bytes]


def to_raw(response: HttpResponse, request: Request) -> RawResponse:
    """Return a response as the gateway sends it to the caller.

    :raises ConnectionAbortedError: nothing of it is sent.
    """
    if not response.is_sent:
        raise ConnectionAbortedError
    status = f"{response.status} {HTTP_STATUS_CODES.get(response.status, 'Unknown').upper()}"
    headers = response.all_headers()
    headers["Date"] = formatdate(time.time() + response.clock_offset, usegmt=True)
    if len(response.body) >= GZIP_FROM_BYTES:
        headers["Vary"] = "Accept-Encoding"
        if response.transmission is Transmission.COMPLETE and request.accepts_gzip:
            # The gateway sends compressed bodies in chunks, without a length and an ETag.
            headers["Content-Encoding"] = "gzip"
            headers.pop("ETag", None)
            return RawResponse(status, headers, [gzip.compress(response.body)])
    headers["Content-Length"] = str(len(response.body))
    return RawResponse(
        status,
        headers,
        _first_half(response.body) if response.transmission is Transmission.TRUNCATED else [response.body],
    )


def _first_half(body: bytes) -> Iterator[bytes]:
    yield body[: len(body) // 2]
    raise ConnectionAbortedError


def json_response(answer: Mapping[str, Any], request_id: str) -> HttpResponse:
    """Return a JSON answer with HTTP 200."""
    return HttpResponse(200, encoding.to_json(answer), request_id=request_id)


def empty_response(request_id: str) -> HttpResponse:
    """Return HTTP 200 without a body."""
    return HttpResponse(200, b"", request_id=request_id)


def xml_response(root: str, answer: Mapping[str, Any], request_id: str) -> HttpResponse:
    """Return an XML answer with HTTP 200."""
    return HttpResponse(200, encoding.to_xml(root, answer), encoding.XML_TYPE, request_id)


def gateway_error_response(problem: GatewayError, host: str, request_id: str, as_xml: bool) -> HttpResponse:
    """Return an error of the gateway: five members, and the details of the error."""
    body = {
        "RequestId": request_id,
        "HostId": host,
        "Code": problem.code,
        "Message": problem.message,
        "Recommend": _TROUBLESHOOT.format(code=problem.code, request_id=request_id),
        **problem.details,
    }
    if as_xml:
        text, content_type = encoding.to_xml("Error", body, cdata=frozenset(("Recommend",))), encoding.XML_TYPE
    else:
        text, content_type = encoding.to_json(body), encoding.JSON_TYPE
    return HttpResponse(problem.status, text, content_type, request_id, dict(problem.headers))


def html_response(status: int, title: str) -> HttpResponse:
    """Return an HTML page, as a proxy in between would send it."""
    text = f"<html>\r\n<head><title>{title}</title></head>\r\n<body><h1>{title}</h1></body>\r\n</html>\r\n"
    return HttpResponse(status, text.encode(), "text/html")


def no_response() -> HttpResponse:
    """Return a response of which nothing is sent."""
    return HttpResponse(0, b"", transmission=Transmission.NONE)
