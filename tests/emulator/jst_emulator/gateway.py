# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The path of a call: authentication, faults, parameter checks, handler, response, call log."""

from __future__ import annotations

import logging
import time
import uuid
from dataclasses import dataclass
from typing import Any

from jst_emulator import barriers, errors, fault_effects, http_responses
from jst_emulator.api_spec import OPERATIONS, VERSION, Operation, is_read
from jst_emulator.authentication import SignedRequest, authenticate, is_denied, real_time
from jst_emulator.call_filter import Call
from jst_emulator.call_log import Entry
from jst_emulator.emulator import Emulator
from jst_emulator.faults import Fault
from jst_emulator.http_responses import HttpResponse
from jst_emulator.masking import mask_secrets
from jst_emulator.readings import content_changes, format_changes, list_lag, lists, rejections, requests
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
    """A request in progress.

    :ivar texts: the business parameters as sent.
    :ivar clock_offset: the seconds by which the clock of the service differs from the real time.
    :ivar is_skewed: whether a fault is a reason for that.
    :ivar page: number and size of the requested page.
    :ivar seen: the call as faults and barriers see it; None before authentication.
    """

    request: Request
    envelope: Envelope
    operation: Operation | None
    texts: dict[str, str]
    entry: Entry
    fault: Fault | None = None
    clock_offset: float = 0.0
    is_skewed: bool = False
    page: lists.Page | None = None
    seen: Call | None = None


class Gateway:
    """Serves requests to the API of an emulator."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    def answer(self, request: Request) -> HttpResponse:
        """Serve a request, from its first check to its entry in the call log."""
        begun = time.perf_counter()
        emulator = self._emulator
        with emulator.lock:
            emulator.clock.tick()
            emulator.deliveries.catch_up(emulator.clock.now())
            call = self._start_call(request)
            try:
                response = self._serve(call)
            except errors.GatewayError as error:
                call.entry.code = error.code
                if call.is_skewed and error.code == "InvalidTimeStamp.Expired":
                    call.entry.outcome = "fault:skew"
                response = self._gateway_error_response(call, error)
            if call.fault:
                call.entry.outcome = f"fault:{call.fault.kind}"
                response = fault_effects.apply_to_response(
                    call.fault, self._apply_late_fault(call, call.fault, response)
                )
            response.clock_offset = call.clock_offset
            call.entry.http_status = response.status if response.is_sent else None
            emulator.call_log.add(call.entry)
            emulator.deliveries.count(call.entry)
            if call.seen:
                emulator.barriers.hold(call.seen, barriers.AFTER)
            waited = time.perf_counter() - begun + response.delay
            call.entry.ms = round(waited * 1000 + emulator.settings.latency_ms, 1)
        return response

    def _start_call(self, request: Request) -> _Call:
        envelope = Envelope.read(request)
        operation = OPERATIONS.get(envelope.action)
        texts = request.business_parameters(operation)
        entry = Entry(
            action=envelope.action,
            kind="read" if is_read(envelope.action) else "write",
            params=mask_secrets(operation, texts),
            placement=request.placement(texts),
            as_sdk=operation is not None and request.is_sent_as_by_sdk(operation, texts),
            method=request.method,
            signature_version=envelope.signature_version,
            access_key_id=envelope.key_id,
            nonce=envelope.nonce,
            request_id=str(uuid.uuid4()).upper(),
            attempt=request.headers.get("x-acs-retry-attempts"),
            time=self._emulator.clock.iso(),
        )
        clock = self._emulator.clock
        offset = clock.now() - real_time() if clock.on_the_wire else 0.0
        return _Call(request, envelope, operation, texts, entry, clock_offset=offset)

    def _serve(self, call: _Call) -> HttpResponse:
        emulator = self._emulator
        operation = _identify_operation(call)
        seen = Call(operation, call.texts, call.envelope.key_id)
        skew = emulator.faults.take(seen, "clock", emulator.clock.now())
        if skew:
            call.clock_offset += skew.options["seconds"]
            call.is_skewed = True
        credential = authenticate(
            SignedRequest(call.request, call.envelope, operation),
            emulator.world.credentials,
            emulator.nonces,
            real_time() + call.clock_offset,
            lambda: self._token_expired(call, seen),
        )
        call.seen = seen
        emulator.barriers.hold(seen, barriers.BEFORE)
        # Faults count calls in the order of execution, which a barrier can change.
        call.fault = emulator.faults.take(seen, "call", emulator.clock.now())
        try:
            replacement = fault_effects.response_instead(call.fault) if call.fault and not call.fault.executes else None
            if replacement:
                self._queue_late_delivery(call, operation)
                return replacement
            if is_denied(credential, operation.name):
                raise errors.denied(operation.name, call.envelope.key_id)
            answer = self._execute(call, operation)
        except BusinessError as error:
            return self._business_error_response(call, operation, error)
        call.entry.code = answer["Code"]
        return self._to_http_response(call, operation, answer, worked=True)

    def _business_error_response(self, call: _Call, operation: Operation, error: BusinessError) -> HttpResponse:
        """Return the response to a call that ends with a business error."""
        choices, request_id = self._emulator.readings, call.entry.request_id
        call.entry.outcome = "refused"
        worked = rejections.succeeds(operation, error, choices)
        if worked:
            answer = build_success(operation, None, call.page, request_id)
            answer = self._apply_readings(operation, answer, call.page, self._emulator.world)
        else:
            answer = rejections.build_response(operation, error, request_id, choices)
        call.entry.code = answer["Code"]
        return self._to_http_response(call, operation, answer, worked=worked)

    def _apply_late_fault(self, call: _Call, fault: Fault, response: HttpResponse) -> HttpResponse:
        """Return the response, or the one of a fault that strikes after the execution."""
        if not fault.executes or call.operation is None:
            return response
        try:
            return fault_effects.response_instead(fault) or response
        except BusinessError as error:
            call.entry.code = error.code
            answer = build_failure(call.operation, error.code, error.message, call.entry.request_id)
            return self._to_http_response(call, call.operation, answer, worked=False)
        except errors.GatewayError as error:
            call.entry.code = error.code
            return self._gateway_error_response(call, error)

    def _gateway_error_response(self, call: _Call, error: errors.GatewayError) -> HttpResponse:
        return http_responses.gateway_error_response(
            error, call.request.host, call.entry.request_id, call.envelope.wants_xml
        )

    def _queue_late_delivery(self, call: _Call, operation: Operation) -> None:
        """Queue the request of a ``late_delivery`` for later execution."""
        fault, emulator = call.fault, self._emulator
        if fault is None or fault.kind != "late_delivery":
            return

        def execute() -> None:
            try:
                call.entry.code = self._execute(call, operation)["Code"]
            except BusinessError as error:
                call.entry.code = error.code
            except errors.GatewayError as error:
                call.entry.code = error.code
            call.entry.outcome = f"fault:{fault.kind}"

        emulator.deliveries.add(call.entry, fault, emulator.clock.now(), execute)

    def _token_expired(self, call: _Call, seen: Call) -> bool:
        call.fault = self._emulator.faults.take(seen, "token", self._emulator.clock.now())
        return call.fault is not None

    def _execute(self, call: _Call, operation: Operation) -> dict[str, Any]:
        """Check the parameters, run the handler and build the canonical answer.

        :raises BusinessError: the platform rejects the call.
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
        if not operation.is_read and emulator.faults.is_armed("stale_read", emulator.clock.now()):
            emulator.remember_world()
        world = self._world_for(call)
        try:
            payload = handler(list_lag.world_seen_by(operation, world, choices), own)
            payload = lists.sort_records(operation, payload, choices)
            payload = fault_effects.move_records(call.fault, operation, payload)
            page = lists.page(operation, payload, fault_effects.effective_page(call.fault, call.page), choices)
            answer = build_success(operation, payload, page, call.entry.request_id)
            answer = self._apply_readings(operation, answer, call.page, world)
        except (BusinessError, errors.GatewayError):
            raise
        except Exception as error:
            _log.exception("the handler of %s failed", operation.name)
            raise errors.known_error("InternalError") from error
        if not operation.is_read:
            emulator.world.record_traffic()
        call.entry.outcome = "ok"
        call.entry.executed = True
        return fault_effects.override_count(call.fault, operation, answer)

    def _apply_readings(
        self, operation: Operation, answer: dict[str, Any], asked: lists.Page | None, world: Any
    ) -> dict[str, Any]:
        """Return the canonical answer to a successful call, changed by the readings."""
        answer = lists.apply_figures(operation, answer, asked, self._emulator.readings)
        return content_changes.apply(operation, answer, world)

    def _world_for(self, call: _Call) -> Any:
        if call.fault and call.fault.kind == "stale_read" and self._emulator.world_before_last_write is not None:
            return self._emulator.world_before_last_write
        return self._emulator.world

    def _to_http_response(
        self, call: _Call, operation: Operation, answer: dict[str, Any], *, worked: bool
    ) -> HttpResponse:
        request_id, choices = call.entry.request_id, self._emulator.readings
        if worked and format_changes.is_status_line_only(operation, choices):
            return http_responses.empty_response(request_id)
        is_sampled = format_changes.is_sampled(operation, choices, self._emulator.settings.answers)
        shaped = to_sample_format(operation, answer, refused=not worked) if is_sampled else answer
        if choices != DEFAULTS:
            shaped = format_changes.apply(operation, shaped, worked, choices)
        if not call.envelope.wants_xml:
            return http_responses.json_response(shaped, request_id)
        if format_changes.is_wrapped(shaped):  # The wrapper of JSON is the root of XML.
            ((root, shaped),) = shaped.items()
            return http_responses.xml_response(root, shaped, request_id)
        return http_responses.xml_response(operation.xml_root, shaped, request_id)


def _identify_operation(call: _Call) -> Operation:
    """Check path, method, version and action, which need no key, and return the operation."""
    if call.request.path != "/":
        raise errors.known_error("InvalidAction.NotFound")
    if call.request.method not in _METHODS:
        raise errors.known_error("UnsupportedHTTPMethod")
    if call.envelope.version != VERSION:
        raise errors.known_error("InvalidVersion")
    if call.operation is None:
        raise errors.known_error("InvalidAction.NotFound")
    return call.operation
