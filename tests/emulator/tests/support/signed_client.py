# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A client that signs requests and sends them to an emulator in this process."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from werkzeug.test import Client, TestResponse

from jst_emulator.api_spec import OPERATIONS, VERSION
from jst_emulator.emulator import Emulator
from jst_emulator.request import FORM
from jst_emulator.server import Application
from jst_emulator.signature import (
    ACS3,
    canonical_request,
    hash_payload,
    sign_1_0,
    sign_acs3,
    string_to_sign_1_0,
    string_to_sign_acs3,
)
from support.small_world import KEY

HOST = "retailcloud.aliyuncs.com"
LOOPBACK = {"REMOTE_ADDR": "127.0.0.1"}


def timestamp(offset: float = 0) -> str:
    """Return the time *offset* seconds from now, in the format of requests."""
    return (datetime.now(UTC) + timedelta(seconds=offset)).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass
class SignedClient:
    """Signs calls and sends them to an emulator; arguments change single parts of a request."""

    emulator: Emulator

    def __post_init__(self) -> None:
        self.http = Client(Application(self.emulator))

    def acs3(
        self,
        action: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        key: tuple[str, ...] = KEY,
        headers: Mapping[str, str | None] | None = None,
        everything_in: str | None = None,
        method: str | None = None,
    ) -> TestResponse:
        """Send a call with the signature ACS3.

        :param headers: headers to add to the signed ones; None removes one.
        :param everything_in: ``query`` or ``body`` for all parameters, instead of the placement of the vendor's SDK.
        """
        query, form = _place(action, parameters or {}, everything_in)
        body = urlencode(form).encode()
        signed: dict[str, str | None] = {
            "host": HOST,
            "x-acs-action": action,
            "x-acs-version": VERSION,
            "x-acs-date": timestamp(),
            "x-acs-signature-nonce": uuid.uuid4().hex,
            "x-acs-content-sha256": hash_payload(body),
            "content-type": FORM if body else None,
            "x-acs-security-token": key[2] if len(key) > 2 else None,
        }
        signed.update(headers or {})
        sent = {name: value for name, value in signed.items() if value is not None}
        verb = method or _method(action)
        request = canonical_request(verb, "/", query.items(), sent, hash_payload(body))
        names = ";".join(sorted(sent))
        signature = sign_acs3(key[1], string_to_sign_acs3(request))
        sent["authorization"] = f"{ACS3} Credential={key[0]},SignedHeaders={names},Signature={signature}"
        return self.http.open("/", method=verb, query_string=urlencode(query), data=body, headers=sent)

    def v1(
        self,
        action: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        key: tuple[str, ...] = KEY,
        common: Mapping[str, str | None] | None = None,
        everything_in: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> TestResponse:
        """Send a call with the signature 1.0.

        :param common: common parameters to change; None removes one.
        :param everything_in: see :meth:`acs3`.
        """
        verb, query, form = signed_1_0(action, parameters, key=key, common=common, everything_in=everything_in)
        sent = {"Host": HOST, **(headers or {}), **({"Content-Type": FORM} if form else {})}
        return self.http.open(
            "/", method=verb, query_string=urlencode(query), data=urlencode(form).encode(), headers=sent
        )

    def call(self, action: str, parameters: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return the JSON response to a call."""
        answer: dict[str, Any] = self.acs3(action, parameters).get_json()
        return answer

    def arm(self, **fault: Any) -> None:
        """Arm a fault over the control side."""
        response = self.http.post("/_emulator/faults", json=fault, environ_base=LOOPBACK)
        assert response.status_code == 200, response.text

    def calls(self) -> list[dict[str, Any]]:
        """Return all entries of the call log."""
        entries: list[dict[str, Any]] = self.http.get("/_emulator/calls", environ_base=LOOPBACK).get_json()
        return entries


def signed_1_0(
    action: str,
    parameters: Mapping[str, Any] | None = None,
    *,
    key: tuple[str, ...] = KEY,
    common: Mapping[str, str | None] | None = None,
    everything_in: str | None = None,
) -> tuple[str, dict[str, str], dict[str, str]]:
    """Return method, query and form of a call with the signature 1.0; see :meth:`SignedClient.v1`."""
    query, form = _place(action, parameters or {}, everything_in)
    shared: dict[str, str | None] = {
        "Action": action,
        "Version": VERSION,
        "Format": "JSON",
        "AccessKeyId": key[0],
        "SignatureMethod": "HMAC-SHA1",
        "SignatureVersion": "1.0",
        "SignatureNonce": uuid.uuid4().hex,
        "Timestamp": timestamp(),
        "SecurityToken": key[2] if len(key) > 2 else None,
    }
    shared.update(common or {})
    query.update({name: value for name, value in shared.items() if value is not None})
    verb = _method(action)
    if "Signature" not in shared:
        query["Signature"] = sign_1_0(key[1], string_to_sign_1_0(verb, {**query, **form}))
    return verb, query, form


def _method(action: str) -> str:
    return OPERATIONS[action].method if action in OPERATIONS else "POST"


def _place(action: str, parameters: Mapping[str, Any], where: str | None) -> tuple[dict[str, str], dict[str, str]]:
    query: dict[str, str] = {}
    form: dict[str, str] = {}
    for name, value in parameters.items():
        operation = OPERATIONS.get(action)
        in_body = where == "body" if where else operation is not None and operation.in_body(name.split(".")[0])
        (form if in_body else query)[name] = str(value)
    return query, form
