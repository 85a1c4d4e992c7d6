# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Both signatures against the vectors: values computed with the vendor's own functions, three of them published."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api import signer
from ansible_collections.jst.retailcloud.plugins.module_utils._api.credential_providers import Credentials
from ansible_collections.jst.retailcloud.plugins.module_utils._api.parameters import EncodedParams

VECTORS = json.loads((Path(__file__).parents[4] / "data" / "signature_vectors.json").read_text(encoding="utf-8"))


def vectors(version: str) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "vector", [pytest.param(case, id=case["name"]) for case in VECTORS if case["version"] == version]
    )


def test_there_are_21_vectors() -> None:
    assert len(VECTORS) == 21


@vectors("1.0")
def test_version_1(vector: dict[str, Any]) -> None:
    text = signer.string_to_sign(vector["method"], vector["params"].items())
    assert text == vector["expected_string_to_sign"]
    assert signer.sign(text, vector["access_key_secret"]) == vector["expected_signature"]


@vectors("ACS3")
def test_acs3(vector: dict[str, Any]) -> None:
    assert hashlib.sha256(vector["body"].encode()).hexdigest() == vector["expected_hashed_payload"]
    headers = {name: value for name, value in vector["headers"].items() if name.lower() != "authorization"}
    request = signer.acs3_canonical_request(vector["method"], vector["query"].items(), headers)
    assert request == vector["expected_canonical_request"]
    assert signer.acs3_string_to_sign(request) == vector["expected_string_to_sign"]
    authorization = signer.acs3_authorization(request, vector["access_key_id"], vector["access_key_secret"])
    assert authorization == vector["expected_authorization"]
    assert f"SignedHeaders={vector['expected_signed_headers']}," in authorization
    assert authorization.endswith(f"Signature={vector['expected_signature']}")


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("a b", "a%20b"),
        ("*+/~", "%2A%2B%2F~"),
        ("-_.AZaz09", "-_.AZaz09"),
        ("应用", "%E5%BA%94%E7%94%A8"),
        ("", ""),
        ("a=b&c", "a%3Db%26c"),
    ],
)
def test_encode(text: str, encoded: str) -> None:
    assert signer.encode(text) == encoded


def test_pairs_are_in_the_order_of_their_raw_names() -> None:
    pairs = [("a", "1"), ("X.2", "2"), ("X.10", "3"), ("_", "4"), ("B", "")]
    assert signer.canonical(pairs) == "B=&X.10=3&X.2=2&_=4&a=1"


def prepare(method: str, target: str, body: bytes = b"") -> signer.HttpRequest:
    headers = {"Host": "example.test", "Accept": "application/json", "User-Agent": "unit"}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return signer.HttpRequest(method, target, headers, body)


def test_acs3_signs_host_content_type_and_its_own_headers_only() -> None:
    params = EncodedParams([("A", "1")], [("B", "2")], ())
    keys = Credentials("id", "secret", "token")
    request = prepare("POST", "/?A=1", b"B=2")
    signer.sign_acs3(request, "CreateApp", params, keys, 0.0)
    assert request.headers["x-acs-date"] == "1970-01-01T00:00:00Z"
    assert request.headers["x-acs-security-token"] == "token"
    assert request.headers["x-acs-content-sha256"] == hashlib.sha256(b"B=2").hexdigest()
    assert (
        "SignedHeaders=content-type;host;x-acs-accesskey-id;x-acs-action;x-acs-content-sha256;x-acs-date;"
        in (request.headers["Authorization"])
    )
    assert "user-agent" not in request.headers["Authorization"]


def test_version_1_signs_query_and_form_and_travels_in_the_query() -> None:
    params = EncodedParams([("A", "a b")], [("B", "2")], ())
    request = prepare("POST", "/?A=a%20b", b"B=2")
    signer.sign_v1(request, "CreateApp", params, Credentials("id", "secret", "token"), 0.0)
    query = dict(pair.split("=", 1) for pair in request.target.split("?", 1)[1].split("&"))
    assert {"A", "AccessKeyId", "Action", "Format", "SecurityToken", "Signature", "Timestamp", "Version"} <= set(query)
    assert query["A"] == "a%20b"
    assert "B" not in query
    assert "Authorization" not in request.headers


@pytest.mark.parametrize("sign", [signer.sign_acs3, signer.sign_v1])
def test_every_signature_has_its_own_nonce(sign: Any) -> None:
    def signed() -> str:
        request = prepare("GET", "/")
        sign(request, "ListApp", EncodedParams([], [], ()), Credentials("id", "secret"), 0.0)
        return request.headers.get("x-acs-signature-nonce", request.target)

    assert signed() != signed()
