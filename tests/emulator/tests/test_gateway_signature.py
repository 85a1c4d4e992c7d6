# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both signatures against results of the vendor's code."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any, cast
from urllib.parse import urlencode

import pytest
from werkzeug.datastructures import Headers
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request as HttpRequest

from jst_emulator import errors
from jst_emulator.api_spec import OPERATIONS
from jst_emulator.authentication import NonceCache, SignedRequest, authenticate
from jst_emulator.clock import epoch
from jst_emulator.request import FORM, Envelope, Request
from jst_emulator.signature import (
    canonical_request,
    hash_payload,
    sign_1_0,
    sign_acs3,
    string_to_sign_1_0,
    string_to_sign_acs3,
)

VECTORS = json.loads((Path(__file__).parent / "data" / "signature_vectors.json").read_text(encoding="utf-8"))
OLDER = [pytest.param(vector, id=vector["name"]) for vector in VECTORS if vector["version"] == "1.0"]
NEWER = [pytest.param(vector, id=vector["name"]) for vector in VECTORS if vector["version"] == "ACS3"]
#: The spelling TimeStamp is not taken for a Timestamp any more.
ALLOWED = [case for case in OLDER if "old-timestamp" not in str(case.id)]


def test_all_vectors_are_here() -> None:
    assert (len(OLDER), len(NEWER)) == (12, 9)


@pytest.mark.parametrize("vector", OLDER)
def test_signature_1_0(vector: dict[str, Any]) -> None:
    text = string_to_sign_1_0(vector["method"], vector["params"])
    assert text == vector["expected_string_to_sign"]
    assert sign_1_0(vector["access_key_secret"], text) == vector["expected_signature"]


@pytest.mark.parametrize("vector", NEWER)
def test_signature_acs3(vector: dict[str, Any]) -> None:
    headers = {name.lower(): value for name, value in vector["headers"].items()}
    signed = {name: headers[name] for name in vector["expected_signed_headers"].split(";")}
    payload_hash = hash_payload(vector["body"].encode())
    assert payload_hash == vector["expected_hashed_payload"]
    request = canonical_request(vector["method"], vector["path"], vector["query"].items(), signed, payload_hash)
    assert request == vector["expected_canonical_request"]
    text = string_to_sign_acs3(request)
    assert text == vector["expected_string_to_sign"]
    assert sign_acs3(vector["access_key_secret"], text) == vector["expected_signature"]


def _admit(vector: dict[str, Any], request: Request, at: str) -> None:
    credential = {name: vector[name] for name in ("access_key_id", "access_key_secret", "security_token")}
    signed_request = SignedRequest(request, Envelope.read(request), OPERATIONS["ListApp"])
    assert authenticate(signed_request, [credential], NonceCache(), epoch(at), lambda: False) == credential


def _wire(method: str, query: str, body: str, headers: dict[str, str]) -> Request:
    builder = EnvironBuilder(path="/", method=method, query_string=query, headers=Headers(headers), data=body.encode())
    return Request.read(HttpRequest(builder.get_environ()))


@pytest.mark.parametrize("vector", ALLOWED)
@pytest.mark.parametrize("blank", ["+", "%20"])
def test_requests_signed_with_1_0_are_let_in(vector: dict[str, Any], blank: str) -> None:
    form = {name: vector["params"][name] for name in vector["form_keys"]}
    query = {name: value for name, value in vector["params"].items() if name not in form}
    query["Signature"] = vector["expected_signature"]
    encoded, body = (urlencode(part).replace("+", blank) for part in (query, form))
    request = _wire(vector["method"], encoded, body, {"Content-Type": FORM} if form else {})
    _admit(vector, request, vector["params"]["Timestamp"])


@pytest.mark.parametrize("vector", [case for case in OLDER if "sdk_wire" in cast(dict[str, Any], case.values[0])])
def test_what_the_sdk_sent_with_1_0_is_let_in(vector: dict[str, Any]) -> None:
    wire = vector["sdk_wire"]
    headers = {"Content-Type": wire["content_type"]} if wire.get("content_type") else {}
    _admit(
        vector, _wire(vector["method"], wire["query"], wire.get("body") or "", headers), vector["params"]["Timestamp"]
    )


@pytest.mark.parametrize("vector", NEWER)
def test_requests_signed_with_acs3_are_let_in(vector: dict[str, Any]) -> None:
    query = vector.get("sdk_wire", {}).get("query") or urlencode(vector["query"])
    headers = {**vector["headers"], "Authorization": vector["expected_authorization"]}
    dates = {name.lower(): value for name, value in vector["headers"].items()}
    _admit(vector, _wire(vector["method"], query, vector["body"], headers), dates["x-acs-date"])


@pytest.mark.parametrize("vector", NEWER)
def test_a_changed_body_is_noticed(vector: dict[str, Any]) -> None:
    headers = {**vector["headers"], "Authorization": vector["expected_authorization"]}
    dates = {name.lower(): value for name, value in vector["headers"].items()}
    request = _wire(vector["method"], urlencode(vector["query"]), vector["body"] + "&x=1", headers)
    with pytest.raises(errors.GatewayError, match="SignatureDoesNotMatch"):
        _admit(vector, request, dates["x-acs-date"])


def test_lengths() -> None:
    assert len(base64.b64decode(sign_1_0("secret", "text"))) == 20
    assert len(sign_acs3("secret", "text")) == 64
