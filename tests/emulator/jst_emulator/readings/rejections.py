# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about rejected calls.

The reference shows one business error in a sample, and one HTTP error for three operations. All other errors are in the
Alibaba Cloud error center, which is not part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from jst_emulator import errors
from jst_emulator.api_spec import Operation
from jst_emulator.readings.declaration import NOT_STATED, reading
from jst_emulator.registry import BusinessError, ErrorKind
from jst_emulator.response_builder import OK, build_failure, has_result_flag

_CENTRE = "5239-5243, 7757-7769"
_REMOVING = ("Delete", "Unbind")
_MONITORING = ("DescribePodContainerLogList", "DescribeEventMonitorList", "DescribeAppMonitorMetric")
_NO_FLAG: dict[str, tuple[str, ...]] = {"success_flag": ("missing",)}


def _forms(what: str, *statuses: int) -> dict[str, str]:
    """Return the values of a reading about one kind of error; *what* is the request that gets it."""
    return {
        "code": f"{what} gets HTTP 200 and a Code other than 0.",
        "flag": f"{what} gets Code 0 and Success false, where the operation has such a flag.",
        **{
            f"http_{status}": f"{what} gets HTTP {status} and a code in the format of the Alibaba Cloud error center."
            for status in statuses
        },
    }


@dataclass(kw_only=True)
class RejectionReadings:
    """Errors."""

    rejected_missing: str = reading(
        _CENTRE, _forms("A request for an object that does not exist", 404, 400), excludes={"flag": _NO_FLAG}
    )
    rejected_existing: str = reading(
        _CENTRE, _forms("A request to create an object that exists", 400, 409), excludes={"flag": _NO_FLAG}
    )
    rejected_state: str = reading(
        _CENTRE, _forms("A request that the current state does not allow", 400, 409), excludes={"flag": _NO_FLAG}
    )
    rejected_value: str = reading(_CENTRE, _forms("A request with an invalid value", 400), excludes={"flag": _NO_FLAG})
    rejected_parameters: str = reading(
        _CENTRE,
        {
            "http_400": "A request without a required parameter, or with a malformed one, gets HTTP 400.",
            "code": "A request without a required parameter, or with a malformed one, gets HTTP 200 and a Code other"
            " than 0.",
        },
    )
    missing_on_read: str = reading(
        NOT_STATED,
        {
            "rejected": "A request to read an object that does not exist is rejected.",
            "empty": "A request to read an object that does not exist succeeds with an empty Result or no records.",
        },
    )
    missing_on_delete: str = reading(
        NOT_STATED,
        {
            "rejected": "A request to delete an object that does not exist is rejected.",
            "accepted": "A request to delete an object that does not exist succeeds.",
        },
    )
    monitoring_errors: str = reading(
        "5241, 5415, 5638",
        {
            "by_kind": "The three monitoring operations reject requests as all others do.",
            "system_error": "The three monitoring operations return HTTP 500 system.error for every rejected request.",
        },
    )
    rejection_numbers: str = reading(
        NOT_STATED,
        {
            "one": "The Code of an error is 1 unless the reference shows another.",
            "by_kind": "The Code of an error is 400, 403, 404 or 409.",
        },
    )
    rejection_language: str = reading(
        "7761",
        {
            "english": "Error messages are in English.",
            "chinese": "Error messages are in Chinese and contain no names.",
        },
    )
    message_key: str = reading(
        "1395, 6256",
        {
            "table": "Messages are in ErrMsg, ErrorMsg or ErrMessage, as the table of the operation documents.",
            "ErrMsg": "Messages of all operations are in  ErrMsg.",
            "ErrorMsg": "Messages of all operations are in  ErrorMsg.",
            "ErrMessage": "Messages of all operations are in  ErrMessage.",
        },
    )


class _Way(NamedTuple):
    """An error kind: its reading, its code in the format of the error center, its number, its Chinese message."""

    reading: str
    code: str
    number: int
    text: str


_WAYS = {
    ErrorKind.NOT_FOUND: _Way("rejected_missing", "InvalidResource.NotFound", 404, "资源不存在"),
    ErrorKind.ALREADY_EXISTS: _Way("rejected_existing", "EntityAlreadyExists", 409, "资源已存在"),
    ErrorKind.INVALID_STATE: _Way("rejected_state", "IncorrectStatus", 403, "当前状态不允许该操作"),
    ErrorKind.INVALID_VALUE: _Way("rejected_value", "InvalidParameter", 400, "参数错误"),
}


def succeeds(operation: Operation, error: BusinessError, readings: RejectionReadings) -> bool:
    """Return whether a rejected call gets the response of a success, without a payload."""
    if error.kind is not ErrorKind.NOT_FOUND:
        return False
    if operation.is_read:
        return readings.missing_on_read == "empty"
    return operation.name.startswith(_REMOVING) and readings.missing_on_delete == "accepted"


def build_response(
    operation: Operation, error: BusinessError, request_id: str, readings: RejectionReadings
) -> dict[str, Any]:
    """Return the canonical answer to a rejected call.

    :raises errors.GatewayError: the call is rejected with an HTTP error.
    """
    if error.kind is None:
        return build_failure(operation, error.code, error.message, request_id)
    if operation.name in _MONITORING and readings.monitoring_errors == "system_error":
        raise errors.known_error("system.error")
    way = _WAYS[error.kind]
    message = way.text if readings.rejection_language == "chinese" else error.message
    form = getattr(readings, way.reading)
    if form.startswith("http_"):
        raise errors.GatewayError(way.code, message, int(form.removeprefix("http_")))
    number = way.number if readings.rejection_numbers == "by_kind" and error.code == 1 else error.code
    if form == "flag" and ("Success" in operation.fields or has_result_flag(operation)):
        number = OK
    return build_failure(operation, number, message, request_id)
