# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A request, and its common parameters."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple
from urllib.parse import parse_qsl

from werkzeug.http import parse_accept_header
from werkzeug.wrappers import Request as HttpRequest

from jst_emulator.api_spec import Operation
from jst_emulator.signature import ACS3

FORM = "application/x-www-form-urlencoded"

#: Query parameters of every operation. The older SDK sends RegionId and SignatureType with every call.
COMMON_PARAMETERS = frozenset(
    (
        "Action",
        "Version",
        "Format",
        "AccessKeyId",
        "Signature",
        "SignatureMethod",
        "SignatureVersion",
        "SignatureNonce",
        "SignatureType",
        "Timestamp",
        "SecurityToken",
        "RegionId",
    )
)
_AUTHORIZATION_ITEM = re.compile(r"(Credential|SignedHeaders|Signature)=([^,\s]*)")


@dataclass(frozen=True)
class Request:
    """A decoded request; header names are in lower case."""

    method: str
    path: str
    host: str
    headers: Mapping[str, str]
    query: tuple[tuple[str, str], ...]
    form: tuple[tuple[str, str], ...]
    body: bytes

    @classmethod
    def of(cls, method: str, path: str, query: str, headers: Mapping[str, str], body: bytes) -> Request:
        """Decode a request.

        :param query: the text after the question mark.
        :param headers: by names in lower case.
        """
        is_form = headers.get("content-type", "").split(";")[0].strip().lower() == FORM
        form = _pairs(body.decode("utf-8", "replace")) if is_form else ()
        return cls(method, path, headers.get("host", ""), headers, _pairs(query), form, body)

    @classmethod
    def read(cls, http: HttpRequest) -> Request:
        """Return the request of a werkzeug request."""
        query = http.query_string.decode("utf-8", "replace")
        headers = {name.lower(): value for name, value in http.headers.items()}
        return cls.of(http.method, http.path, query, headers, http.get_data())

    @property
    def accepts_gzip(self) -> bool:
        """Whether the caller accepts compressed responses."""
        return parse_accept_header(self.headers.get("accept-encoding")).quality("gzip") > 0

    @cached_property
    def parameters(self) -> dict[str, str]:
        """All parameters by name; the form takes precedence over the query, as in the vendor's signing code."""
        return {**dict(self.query), **dict(self.form)}

    def business_parameters(self, operation: Operation | None) -> dict[str, str]:
        """Return the parameters that are not common, or that *operation* has under a common name (RegionId)."""
        own = operation.parameters if operation else ()
        return {name: value for name, value in self.parameters.items() if name in own or name not in COMMON_PARAMETERS}

    def placement(self, own: Container[str]) -> str:
        """Return where the parameters in *own* were sent: ``query``, ``body``, ``mixed`` or ``none``."""
        places = [
            name
            for name, pairs in (("query", self.query), ("body", self.form))
            if any(key in own for key, _dummy in pairs)
        ]
        return "mixed" if len(places) > 1 else "".join(places) or "none"

    def is_sent_as_by_sdk(self, operation: Operation, own: Collection[str]) -> bool:
        """Return whether method and placement of all business parameters are those of the vendor's SDK."""
        in_body = {key for key, _dummy in self.form if key in own}
        in_query = {key for key, _dummy in self.query if key in own}
        return self.method == operation.method and all(
            (name in in_body) != (name in in_query) and (name in in_body) == operation.in_body(name.split(".")[0])
            for name in own
        )


class Envelope(NamedTuple):
    """The common parameters of a request, from headers (ACS3) or from query and form (1.0); absent ones are empty."""

    signature_version: str
    action: str
    version: str
    format: str
    key_id: str
    timestamp: str
    nonce: str
    signature: str
    security_token: str
    signed_headers: tuple[str, ...] = ()

    @classmethod
    def read(cls, request: Request) -> Envelope:
        """Read the common parameters; an ACS3 Authorization header selects the newer signature."""
        if request.headers.get("authorization", "").startswith(ACS3):
            return cls._from_headers(request)
        return cls._from_parameters(request)

    @classmethod
    def _from_headers(cls, request: Request) -> Envelope:
        headers = request.headers
        items = dict(_AUTHORIZATION_ITEM.findall(headers["authorization"]))
        return cls(
            signature_version="ACS3",
            action=headers.get("x-acs-action", ""),
            version=headers.get("x-acs-version", ""),
            format=request.parameters.get("Format", "JSON"),
            key_id=items.get("Credential", ""),
            timestamp=headers.get("x-acs-date", ""),
            nonce=headers.get("x-acs-signature-nonce", ""),
            signature=items.get("Signature", ""),
            security_token=headers.get("x-acs-security-token", ""),
            signed_headers=tuple(name.lower() for name in items.get("SignedHeaders", "").split(";") if name),
        )

    @classmethod
    def _from_parameters(cls, request: Request) -> Envelope:
        values = request.parameters
        return cls(
            signature_version="1.0",
            action=values.get("Action") or request.headers.get("x-acs-action", ""),
            version=values.get("Version") or request.headers.get("x-acs-version", ""),
            format=values.get("Format", "XML"),
            key_id=values.get("AccessKeyId", ""),
            timestamp=values.get("Timestamp", ""),
            nonce=values.get("SignatureNonce", ""),
            signature=values.get("Signature", ""),
            security_token=values.get("SecurityToken", ""),
        )

    @property
    def wants_xml(self) -> bool:
        """Whether responses are XML: on request, or by default with signature 1.0."""
        return self.format.upper() == "XML"


def _pairs(encoded: str) -> tuple[tuple[str, str], ...]:
    return tuple(parse_qsl(encoded, keep_blank_values=True))
