# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of one call: authentication, parameter checks, faults, handler, answer, call log."""

from __future__ import annotations

import logging
import time
import uuid
from dataclasses import dataclass
from typing import Any

from jst_emulator import barriers, errors, fault_effects, http_responses
from jst_emulator.api_spec import OPERATIONS, VERSION, Operation, is_read
from jst_emulator.authentication import Claim, authenticate, is_denied, real_time
from jst_emulator.call_filter import Call
from jst_emulator.call_log import Entry
from jst_emulator.emulator import Emulator
from jst_emulator.faults import Fault
from jst_emulator.http_responses import HttpResponse
from jst_emulator.masking import mask_secrets
from jst_emulator.readings import content_changes, list_lag, lists, rejections, requests, response_format
from jst_emulator.readings.table import DEFAULTS
from jst_emulator.registry import BusinessError
from jst_emulator.request import Envelope, Request
from jst_emulator.response_builder import build_failure, build_success, split_paging
from jst_emulator.sample_format import to_sample_format
from jst_emulator.validation import validate

_METHODS = ("GET", "POST")
_log = logging.getLogger(__name__)


@dataclass
class _Call:
    """A request on its way, with what has been found out about it so far.

    :ivar texts: the business parameters as sent.
    :ivar page: number and size of the page that was asked for.
    :ivar seen: what faults and barriers look at, None until the caller is let in.
    """

    request: Request
    envelope: Envelope
    operation: Operation | None
    texts: dict[str, str]
    entry: Entry
    fault: Fault | None = None
    clock_offset: float = 0.0
    page: lists.Page | None = None
    seen: Call | None = None


class Gateway:
    """Answers requests to the API out of one emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def answer(self, request: Request) -> HttpResponse:
        """Serve one request from its first check to its entry in the call log."""
        begun = time.perf_counter()
        emulator = self._emulator
        with emulator.lock:
            emulator.clock.tick()
            emulator.deliveries.catch_up(emulator.clock.now())
            call = self._receive(request)
            try:
                response = self._serve(call)
            except errors.GatewayError as error:
                call.entry.code = error.code
                if call.clock_offset and error.code == "InvalidTimeStamp.Expired":
                    call.entry.outcome = "fault:skew"
                response = self._refusal(call, error)
            if call.fault:
                call.entry.outcome = f"fault:{call.fault.kind}"
                response = fault_effects.apply_to_response(call.fault, self._replaced(call, call.fault, response))
            response.clock_offset = call.clock_offset
            call.entry.http_status = response.status if response.is_sent else None
            emulator.call_log.add(call.entry)
            emulator.deliveries.count(call.entry)
            if call.seen:
                emulator.barriers.hold(call.seen, barriers.AFTER)
            waited = time.perf_counter() - begun + response.delay
            call.entry.ms = round(waited * 1000 + emulator.settings.latency_ms, 1)
        return response

    def _receive(self, request: Request) -> _Call:
        envelope = Envelope.read(request)
        operation = OPERATIONS.get(envelope.action)
        texts = request.business_parameters(operation)
        entry = Entry(
            action=envelope.action,
            kind="read" if is_read(envelope.action) else "write",
            params=mask_secrets(operation, texts),
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

    def _serve(self, call: _Call) -> HttpResponse:
        emulator = self._emulator
        operation = _identify(call)
        seen = Call(operation, call.texts, call.envelope.key_id)
        skew = emulator.faults.take(seen, "clock")
        if skew:
            call.clock_offset = skew.options["seconds"]
        credential = authenticate(
            Claim(call.request, call.envelope, operation),
            emulator.world.credentials,
            emulator.nonces,
            real_time() + call.clock_offset,
            lambda: self._token_expired(call, seen),
        )
        call.seen = seen
        emulator.barriers.hold(seen, barriers.BEFORE)
        # Counted in the order of execution: callers that were held have come in another order.
        call.fault = emulator.faults.take(seen, "call")
        try:
            replacement = fault_effects.response_instead(call.fault) if call.fault and not call.fault.executes else None
            if replacement:
                self._keep_back(call, operation)
                return replacement
            if is_denied(credential, operation.name):
                raise errors.denied(operation.name, call.envelope.key_id)
            answer = self._execute(call, operation)
        except BusinessError as refusal:
            return self._refused(call, operation, refusal)
        call.entry.code = answer["Code"]
        return self._shape(call, operation, answer, worked=True)

    def _refused(self, call: _Call, operation: Operation, refusal: BusinessError) -> HttpResponse:
        """What the caller gets when the platform refuses."""
        choices, request_id = self._emulator.readings, call.entry.request_id
        call.entry.outcome = "refused"
        worked = rejections.succeeds(operation, refusal, choices)
        if worked:
            answer = build_success(operation, None, call.page, request_id)
            answer = self._content(operation, answer, call.page, self._emulator.world)
        else:
            answer = rejections.build_response(operation, refusal, request_id, choices)
        call.entry.code = answer["Code"]
        return self._shape(call, operation, answer, worked=worked)

    def _replaced(self, call: _Call, fault: Fault, response: HttpResponse) -> HttpResponse:
        """The response, or what a fault that executes first puts in its place."""
        if not fault.executes or call.operation is None:
            return response
        try:
            return fault_effects.response_instead(fault) or response
        except BusinessError as refusal:
            call.entry.code = refusal.code
            answer = build_failure(call.operation, refusal.code, refusal.message, call.entry.request_id)
            return self._shape(call, call.operation, answer, worked=False)
        except errors.GatewayError as error:
            call.entry.code = error.code
            return self._refusal(call, error)

    def _refusal(self, call: _Call, error: errors.GatewayError) -> HttpResponse:
        return http_responses.gateway_error_response(
            error, call.request.host, call.entry.request_id, call.envelope.wants_xml
        )

    def _keep_back(self, call: _Call, operation: Operation) -> None:
        """Have a request executed later whose connection is cut by a ``late_delivery``."""
        fault, emulator = call.fault, self._emulator
        if fault is None or fault.kind != "late_delivery":
            return

        def execute() -> None:
            try:
                call.entry.code = self._execute(call, operation)["Code"]
            except BusinessError as refusal:
                call.entry.code = refusal.code
            except errors.GatewayError as error:
                call.entry.code = error.code
            call.entry.outcome = f"fault:{fault.kind}"

        emulator.deliveries.add(call.entry, fault, emulator.clock.now(), execute)

    def _token_expired(self, call: _Call, seen: Call) -> bool:
        call.fault = self._emulator.faults.take(seen, "token")
        return call.fault is not None

    def _execute(self, call: _Call, operation: Operation) -> dict[str, Any]:
        """Check the parameters, run the handler and build the canonical answer.

        :raises BusinessError: the platform refuses.
        """
        emulator, choices = self._emulator, self._emulator.readings
        try:
            typed = validate(operation, call.texts, requests.required(operation, choices))
            requests.check(operation, typed, choices)
        except errors.GatewayError as error:
            if choices.rejected_parameters == "code":
                raise BusinessError(error.message) from error
            raise
        call.entry.params = mask_secrets(operation, typed)
        handler = emulator.handlers.get(operation.name)
        if handler is None:
            raise errors.not_implemented(operation.name)
        own, call.page = split_paging(operation, typed)
        emulator.world.advance()
        if not operation.reads and emulator.faults.is_armed("stale_read"):
            emulator.remember_world()
        world = self._world_for(call)
        try:
            payload = lists.sort_records(
                operation, handler(list_lag.world_seen_by(operation, world, choices), own), choices
            )
            payload = fault_effects.move_records(call.fault, operation, payload)
            page = lists.page(operation, payload, fault_effects.effective_page(call.fault, call.page), choices)
            answer = build_success(operation, payload, page, call.entry.request_id)
            answer = self._content(operation, answer, call.page, world)
        except (BusinessError, errors.GatewayError):
            raise
        except Exception as error:
            _log.exception("the handler of %s failed", operation.name)
            raise errors.known_error("InternalError") from error
        call.entry.outcome = "ok"
        call.entry.executed = True
        return fault_effects.override_count(call.fault, operation, answer)

    def _content(
        self, operation: Operation, answer: dict[str, Any], asked: lists.Page | None, world: Any
    ) -> dict[str, Any]:
        """The canonical answer to a call that worked, with the content that the readings have."""
        return content_changes.apply(
            operation, lists.apply_figures(operation, answer, asked, self._emulator.readings), world
        )

    def _world_for(self, call: _Call) -> Any:
        if call.fault and call.fault.kind == "stale_read" and self._emulator.world_before_last_write is not None:
            return self._emulator.world_before_last_write
        return self._emulator.world

    def _shape(self, call: _Call, operation: Operation, answer: dict[str, Any], *, worked: bool) -> HttpResponse:
        request_id, choices = call.entry.request_id, self._emulator.readings
        if worked and response_format.is_status_line_only(operation, choices):
            return http_responses.empty_response(request_id)
        is_sampled = response_format.is_sampled(operation, choices, self._emulator.settings.answers)
        shaped = to_sample_format(operation, answer, refused=not worked) if is_sampled else answer
        if choices != DEFAULTS:
            shaped = response_format.apply(operation, shaped, worked, choices)
        if not call.envelope.wants_xml:
            return http_responses.json_response(shaped, request_id)
        if response_format.is_wrapped(shaped):  # A wrapper in JSON is the root in XML.
            ((root, shaped),) = shaped.items()
            return http_responses.xml_response(root, shaped, request_id)
        return http_responses.xml_response(operation.xml_root, shaped, request_id)


def _identify(call: _Call) -> Operation:
    """The checks that need no key: path, method, version and action."""
    if call.request.path != "/":
        raise errors.known_error("InvalidAction.NotFound")
    if call.request.method not in _METHODS:
        raise errors.known_error("UnsupportedHTTPMethod")
    if call.envelope.version != VERSION:
        raise errors.known_error("InvalidVersion")
    if call.operation is None:
        raise errors.known_error("InvalidAction.NotFound")
    return call.operation
