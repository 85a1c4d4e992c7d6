# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The effect of each fault kind on a call, before and after its execution."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from jst_emulator import encoding, errors, http_responses
from jst_emulator.api_spec import Operation
from jst_emulator.faults import Fault
from jst_emulator.http_responses import HttpResponse, Transmission
from jst_emulator.registry import InjectedBusinessError

_GARBAGE = b'{"Code":0,"RequestId":<unexpected end of upstream answer>'


def response_instead(fault: Fault) -> HttpResponse | None:
    """Return the response that replaces the response of the operation.

    :returns: None when the fault does not replace it.
    :raises errors.GatewayError: the fault is an error of the gateway.
    :raises InjectedBusinessError: the fault is a business error.
    """
    options = fault.options
    match fault.kind:
        case "throttle":
            raise errors.GatewayError(options["code"], errors.lookup(options["code"])[1])
        case "internal_error":
            raise errors.known_error("InternalError")
        case "unavailable":
            raise errors.known_error("ServiceUnavailable")
        case "gateway":
            status, message = errors.lookup(options["code"])
            raise errors.GatewayError(options["code"], options["message"] or message, options["status"] or status)
        case "business":
            raise InjectedBusinessError(options["message"], options["code"])
        case "bad_gateway":
            return http_responses.html_response(502, "502 Bad Gateway")
        case "drop_before" | "late_delivery":
            return http_responses.no_response()
    return None


def effective_page(fault: Fault | None, page: tuple[int, int] | None) -> tuple[int, int] | None:
    """Return number and size of the returned page: the first one under a ``repeat``."""
    return (1, page[1]) if fault and fault.kind == "repeat" and page else page


def move_records(fault: Fault | None, operation: Operation, payload: Any) -> Any:
    """Return the payload of *operation* with the records of a list moved by a ``moved_records``.

    Records that come to the front are copies of the first ones: only the new places of the others matter.
    """
    if fault is None or fault.kind != "moved_records":
        return payload

    def move(records: list[Any]) -> list[Any]:
        by = fault.options["by"]
        return [*records[:by], *records] if by > 0 else records[-by:]

    if operation.payload == "Data":
        return move(list(payload or ()))
    return _within(operation, payload, "records", move)


def override_count(fault: Fault | None, operation: Operation, answer: dict[str, Any]) -> dict[str, Any]:
    """Return the canonical *answer* with the total of a ``wrong_count`` or a ``repeat``."""
    total = fault.options["total"] if fault and fault.kind in ("wrong_count", "repeat") else None
    if total is None:
        return answer
    if "TotalCount" in answer:
        return {**answer, "TotalCount": total}
    # Figures inside a Result are texts (reference 7.7).
    return {**answer, "Result": _within(operation, answer.get("Result"), "total_count", lambda _dummy: str(total))}


def _within(operation: Operation, result: Any, name: str, change: Callable[[Any], Any]) -> Any:
    """Return a result with one of its paging members changed; without such a member it stays as it is."""
    if not operation.paging or not isinstance(result, dict):
        return result
    return {**result, operation.paging[name]: change(result.get(operation.paging[name]))}


def apply_to_response(fault: Fault, response: HttpResponse) -> HttpResponse:
    """Return the response to a struck call as the caller gets it."""
    if fault.retry_after_ms is not None:
        response.headers["x-acs-retry-after"] = str(fault.retry_after_ms)
    match fault.kind:
        case "drop_after":
            return http_responses.no_response()
        case "truncate":
            response.transmission = Transmission.TRUNCATED
        case "garbage":
            response.body = _GARBAGE
        case "empty":
            response.body = b""
        case "delay":
            response.delay = fault.options["seconds"]
        case "rewrite":
            response.body = _rewritten(response.body, **fault.options)
        case "wrap" if response.body.startswith(b"{"):
            response.body = b"{%s:%s}" % (json.dumps(fault.options["name"]).encode(), response.body)
    return response


def _rewritten(body: bytes, path: Sequence[str | int], value: Any, remove: bool) -> bytes:
    """Return a JSON body with one member changed; a body without that place stays as it is."""
    try:
        answer = json.loads(body)
    except ValueError:
        return body
    holder = answer
    for part in path[:-1]:
        if not _has(holder, part):
            return body
        holder = holder[part]
    if not path:
        return b"" if remove else encoding.to_json(value)
    if _has(holder, path[-1]) and remove:
        del holder[path[-1]]
    elif not remove and (_has(holder, path[-1]) or (isinstance(holder, dict) and isinstance(path[-1], str))):
        holder[path[-1]] = value
    return encoding.to_json(answer)


def _has(holder: Any, part: str | int) -> bool:
    if isinstance(holder, list):
        return isinstance(part, int) and 0 <= part < len(holder)
    return isinstance(holder, dict) and part in holder
