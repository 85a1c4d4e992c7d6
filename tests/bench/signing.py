# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Signs a call as a script written by hand would: signature version 3, with the keys of the environment."""

from __future__ import annotations

import hashlib
import hmac
import os
import time
import uuid
from typing import Any
from urllib.parse import quote, urlsplit

Call = dict[str, Any]
Pairs = list[tuple[str, str]]

VERSION = "2018-03-13"


def _pairs(call: Call) -> tuple[Pairs, Pairs]:
    """Return what goes into the query and into the body: in calls that use both, the lists go into the body."""
    query: Pairs = []
    body: Pairs = []
    for name, value in call["params"].items():
        is_list = isinstance(value, list)
        into = body if call["placement"] == "body" or (call["placement"] == "mixed" and is_list) else query
        into += (
            [(f"{name}.{number}", str(item)) for number, item in enumerate(value, 1)]
            if is_list
            else [(name, str(value))]
        )
    return sorted(query), sorted(body)


def _encoded(pairs: Pairs) -> str:
    return "&".join(f"{quote(name, safe='~')}={quote(value, safe='~')}" for name, value in pairs)


def signed(call: Call) -> dict[str, Any]:
    """Return method, url, headers and body of the request that makes a call."""
    address = os.environ["ALIBABA_CLOUD_ENDPOINT"]
    key, secret = os.environ["ALIBABA_CLOUD_ACCESS_KEY_ID"], os.environ["ALIBABA_CLOUD_ACCESS_KEY_SECRET"]
    query, body = map(_encoded, _pairs(call))
    headers = {
        "host": urlsplit(address).netloc,
        "x-acs-action": call["action"],
        "x-acs-content-sha256": hashlib.sha256(body.encode()).hexdigest(),
        "x-acs-date": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "x-acs-signature-nonce": uuid.uuid4().hex,
        "x-acs-version": VERSION,
    }
    names = ";".join(headers)
    lines = "".join(f"{name}:{value}\n" for name, value in headers.items())
    request = "\n".join([call["method"], "/", query, lines, names, headers["x-acs-content-sha256"]])
    text = f"ACS3-HMAC-SHA256\n{hashlib.sha256(request.encode()).hexdigest()}"
    signature = hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()
    headers["Authorization"] = f"ACS3-HMAC-SHA256 Credential={key},SignedHeaders={names},Signature={signature}"
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return {"method": call["method"], "url": f"{address}/?{query}", "headers": headers, "body": body}
