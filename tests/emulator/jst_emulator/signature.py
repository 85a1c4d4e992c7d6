# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The computation of both request signatures, without HTTP.

Version 1.0 (HMAC-SHA1) and ACS3-HMAC-SHA256 follow the vendor's documentation. The test vectors of the tests are
results of the vendor's own code.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Mapping
from urllib.parse import quote

ACS3 = "ACS3-HMAC-SHA256"


def encode(text: str) -> str:
    """Percent-encode *text* for both signatures: UTF-8, all except letters, digits and ``-_.~``."""
    return quote(text, safe="-_.~")


def canonical_query(parameters: Iterable[tuple[str, str]]) -> str:
    """Return *parameters* as a query, sorted by the bytes of their raw names."""
    ordered = sorted(parameters, key=lambda pair: (pair[0].encode(), pair[1].encode()))
    return "&".join(f"{encode(name)}={encode(value)}" for name, value in ordered)


def string_to_sign_1_0(method: str, parameters: Mapping[str, str]) -> str:
    """Return the text that signature 1.0 signs.

    :param parameters: query and form together; ``Signature`` is left out.
    """
    signed = ((name, value) for name, value in parameters.items() if name != "Signature")
    return f"{method}&{encode('/')}&{encode(canonical_query(signed))}"


def sign_1_0(secret: str, string_to_sign: str) -> str:
    """Return signature 1.0 of *string_to_sign*: base64, 28 characters."""
    return base64.b64encode(hmac.digest(f"{secret}&".encode(), string_to_sign.encode(), hashlib.sha1)).decode()


def canonical_request(
    method: str, path: str, query: Iterable[tuple[str, str]], signed_headers: Mapping[str, str], payload_hash: str
) -> str:
    """Return the canonical request of ACS3.

    :param signed_headers: only the signed headers, by names in lower case.
    """
    names = sorted(signed_headers)
    lines = [method, path, canonical_query(query)]
    lines += [f"{name}:{signed_headers[name].strip()}" for name in names]
    lines += ["", ";".join(names), payload_hash]
    return "\n".join(lines)


def string_to_sign_acs3(request: str) -> str:
    """Return the text that ACS3 signs, from the canonical *request*."""
    return f"{ACS3}\n{hash_payload(request.encode())}"


def sign_acs3(secret: str, string_to_sign: str) -> str:
    """Return signature ACS3 of *string_to_sign*: lower-case hex, 64 characters."""
    return hmac.digest(secret.encode(), string_to_sign.encode(), hashlib.sha256).hex()


def hash_payload(body: bytes) -> str:
    """Return SHA-256 of *body* in lower-case hex, as in ``x-acs-content-sha256``."""
    return hashlib.sha256(body).hexdigest()
