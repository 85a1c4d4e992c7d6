# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of one call: authentication, parameter checks, faults, handler, answer, ledger."""

from __future__ import annotations

import logging
import time
import uuid
from dataclasses import dataclass
from typing import Any

from jst_emulator import errors, replies, troubles
from jst_emulator.answers import failure, split_paging, success
from jst_emulator.authentication import Claim, authenticate, is_denied, real_time
from jst_emulator.emulator import Emulator
from jst_emulator.facts import OPERATIONS, VERSION, Operation, is_read
from jst_emulator.faults import Fault
from jst_emulator.ledger import Entry
from jst_emulator.masking import hide_secrets
from jst_emulator.registry import Refusal
from jst_emulator.replies import Reply
from jst_emulator.request import Envelope, Request
from jst_emulator.samples import reshape
from jst_emulator.validation import validate

_METHODS = ("GET", "POST")
_log = logging.getLogger(__name__)


@dataclass
class _Call:
    """A request on its way, with what has been found out about it so far.

    :ivar texts: the business parameters as sent.
    """

    request: Request
    envelope: Envelope
    operation: Operation | None
    texts: dict[str, str]
    entry: Entry
    fault: Fault | None = None
    clock_offset: float = 0.0


class Gateway:
    """Answers requests to the API out of one emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def answer(self, request: Request) -> Reply:
        """Serve one request from its first check to its entry in the ledger."""
        begun = time.perf_counter()
        with self._emulator.lock:
            self._emulator.clock.tick()
            call = self._receive(request)
            try:
                reply = self._serve(call)
            except errors.GatewayError as error:
                call.entry.code = error.code
                if call.clock_offset and error.code == "InvalidTimeStamp.Expired":
                    call.entry.outcome = "fault:skew"
                reply = replies.error(error, request.host, call.entry.request_id, call.envelope.wants_xml)
            if call.fault:
                call.entry.outcome = f"fault:{call.fault.kind}"
                reply = troubles.after(call.fault, reply)
            reply.clock_offset = call.clock_offset
            call.entry.http_status = reply.status if reply.is_sent else None
            waited = time.perf_counter() - begun + reply.delay
            call.entry.ms = round(waited * 1000 + self._emulator.settings.latency_ms, 1)
            self._emulator.ledger.add(call.entry)
        return reply

    def _receive(self, request: Request) -> _Call:
        envelope = Envelope.read(request)
        operation = OPERATIONS.get(envelope.action)
        texts = request.business_parameters(operation)
        entry = Entry(
            action=envelope.action,
            kind="read" if is_read(envelope.action) else "write",
            params=hide_secrets(operation, texts),
            placement=request.placement(texts),
            as_sdk=operation is not None and request.as_the_sdk(operation, texts),
            method=request.method,
            signature_version=envelope.signature_version,
            access_key_id=envelope.key_id,
            nonce=envelope.nonce,
            request_id=str(uuid.uuid4()).upper(),
            attempt=request.headers.get("x-acs-retry-attempts"),
            time=self._emulator.clock.iso(),
        )
        return _Call(request, envelope, operation, texts, entry)

    def _serve(self, call: _Call) -> Reply:
        emulator = self._emulator
        operation = _identify(call)
        skew = emulator.faults.take(operation, "clock")
        if skew:
            call.clock_offset = skew.options["seconds"]
        credential = authenticate(
            Claim(call.request, call.envelope, operation),
            emulator.world.credentials,
            emulator.nonces,
            real_time() + call.clock_offset,
            lambda: self._token_expired(call, operation),
        )
        call.fault = emulator.faults.take(operation, "call")
        try:
            replacement = troubles.before(call.fault) if call.fault else None
            if replacement:
                return replacement
            if is_denied(credential, operation.name):
                raise errors.denied(operation.name, call.envelope.key_id)
            answer = self._execute(call, operation)
        except Refusal as refusal:
            call.entry.outcome = "refused"
            answer = failure(operation, refusal.code, refusal.message, call.entry.request_id)
        call.entry.code = answer["Code"]
        return self._shape(call, operation, answer)

    def _token_expired(self, call: _Call, operation: Operation) -> bool:
        call.fault = self._emulator.faults.take(operation, "token")
        return call.fault is not None

    def _execute(self, call: _Call, operation: Operation) -> dict[str, Any]:
        """Check the parameters, run the handler and build the canonical answer.

        :raises Refusal: the platform refuses.
        """
        emulator = self._emulator
        typed = validate(operation, call.texts)
        call.entry.params = hide_secrets(operation, typed)
        handler = emulator.handlers.get(operation.name)
        if handler is None:
            raise errors.not_implemented(operation.name)
        own, page = split_paging(operation, typed)
        emulator.world.advance()
        if not operation.reads and emulator.faults.is_armed("stale_read"):
            emulator.remember_world()
        try:
            payload = troubles.shifted(call.fault, operation, handler(self._world_for(call), own))
            answer = success(operation, payload, page, call.entry.request_id)
        except Refusal:
            raise
        except Exception as error:
            _log.exception("the handler of %s failed", operation.name)
            raise errors.known("InternalError") from error
        call.entry.outcome = "ok"
        call.entry.executed = True
        return troubles.counted(call.fault, operation, answer)

    def _world_for(self, call: _Call) -> Any:
        if call.fault and call.fault.kind == "stale_read" and self._emulator.world_before_last_write is not None:
            return self._emulator.world_before_last_write
        return self._emulator.world

    def _shape(self, call: _Call, operation: Operation, answer: dict[str, Any]) -> Reply:
        request_id = call.entry.request_id
        if call.envelope.wants_xml:
            return replies.success_xml(operation.xml_root, answer, request_id)
        shaped = reshape(operation, answer) if self._emulator.settings.answers == "sample" else answer
        return replies.success(shaped, request_id)


def _identify(call: _Call) -> Operation:
    """The checks that need no key: path, method, version and action."""
    if call.request.path != "/":
        raise errors.known("InvalidAction.NotFound")
    if call.request.method not in _METHODS:
        raise errors.known("UnsupportedHTTPMethod")
    if call.envelope.version != VERSION:
        raise errors.known("InvalidVersion")
    if call.operation is None:
        raise errors.known("InvalidAction.NotFound")
    return call.operation
