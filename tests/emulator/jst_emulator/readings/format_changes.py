# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applies readings to the format of a response, after its content is final."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from jst_emulator.api_spec import Operation
from jst_emulator.readings.declaration import chosen
from jst_emulator.readings.response_format import CODE_200, STATUS_LINE_ONLY, ResponseFormatReadings
from jst_emulator.response_builder import as_text

_PLACEHOLDERS = {"empty": "", "tip": "this is a tip message"}
#: Members of type String that samples show as numbers, or that always hold one.
_NUMERIC = frozenset(
    name.lower()
    for name in (
        *("TargetPort", "UserId", "MainUserId", "EnvType", "CreateStatus", "FailureRate", "PrivExceeded", "BackupId"),
        *("HostInstanceID", "TotalRecordCount", "PageNumber", "PageRecordCount", "EcsCpu", "EcsMemory", "Capacity"),
        *("EcsLocalStorageCapacity", "InternetMaxBandwidthIn", "InternetMaxBandwidthOut", "WorkLoadCpu", "WorkLoadMem"),
        *("CpuCapacityTotal", "CpuLevel", "CpuRequest", "CpuRequestPercent", "CpuTotal", "CpuUse", "CpuUsePercent"),
        *("MemCapacityTotal", "MemLevel", "MemRequest", "MemRequestPercent", "MemTotal", "MemUse", "MemUsePercent"),
    )
)
_FURTHER = {"HttpStatusCode": 200, "TraceId": "0a1b2c3d4e5f", "DynamicMessage": None}
_FURTHER_OF_RECORDS = {"GmtModified": "2020-01-01 00:00:00", "Creator": "1001", "ExtraInfo": {}}


def is_status_line_only(operation: Operation, readings: ResponseFormatReadings) -> bool:
    """Return whether the response to a successful call has no body."""
    return readings.empty_answers == "status_line" and operation.name in STATUS_LINE_ONLY


def is_sampled(operation: Operation, readings: ResponseFormatReadings, setting: str) -> bool:
    """Return whether a response has the shape of the sample; *setting* is the option of the emulator."""
    shape = chosen(readings, "shape", operation.name)
    return (setting if shape == "as_set" else shape) == "sample"


def apply(operation: Operation, shaped: Mapping[str, Any], worked: bool, readings: Any) -> dict[str, Any]:
    """Return an answer in its final form.

    :param shaped: a canonical answer, or one in the shape of the sample.
    :param worked: whether the call was successful.
    """
    made = within(shaped, lambda answer: _members(operation, answer, worked, readings))
    made = _without_layer_codes(made) if worked and readings.success_code == "absent" else made
    kinds = _kinds(operation, readings)
    if kinds:
        made = _converted(made, kinds, "")
    return _wrapped(operation, _cased(operation, made, readings), readings)


def is_wrapped(shaped: Mapping[str, Any]) -> bool:
    """Return whether an answer is in an object with one member."""
    return len(shaped) == 1 and isinstance(next(iter(shaped.values())), Mapping)


def within(shaped: Mapping[str, Any], change: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """Apply *change* to the inner answer of a wrapper (an only member) and of a layer with ``data``."""
    if is_wrapped(shaped):
        return {name: within(inner, change) for name, inner in shaped.items()}
    data = shaped.get("data")
    if isinstance(data, Mapping) and "code" in shaped and "message" in shaped:
        return {**shaped, "data": within(data, change)}
    return change(dict(shaped))


def _members(operation: Operation, answer: dict[str, Any], worked: bool, readings: Any) -> dict[str, Any]:
    """Apply the readings about top-level members, whose names can begin with a letter in either case."""
    names = {name.lower(): name for name in answer}
    lower = "code" in answer and "Code" not in answer
    made = dict(answer)
    if worked:
        if readings.success_code == "absent":
            made.pop(names.get("code", ""), None)
        elif readings.success_code == "two_hundred" or (
            readings.success_code == "table" and operation.name in CODE_200
        ):
            made[names["code"]] = 200
        if readings.success_flag == "missing":
            made = _without_flag(made, names)
        if readings.success_message in _PLACEHOLDERS:
            made[names.get(operation.message_key.lower(), operation.message_key)] = _PLACEHOLDERS[
                readings.success_message
            ]
    if readings.message_key != "table":
        key = names.get(operation.message_key.lower(), operation.message_key)
        made = {(readings.message_key if name == key else name): value for name, value in made.items()}
    if readings.request_id == "header":
        made.pop(names.get("requestid", ""), None)
    if worked and readings.further_members == "some":
        made = _with_further(made)
    return {name[0].lower() + name[1:]: value for name, value in made.items()} if lower else made


def _without_flag(answer: dict[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    made = {name: value for name, value in answer.items() if name != names.get("success")}
    result = names.get("result")
    if result and isinstance(made.get(result), Mapping):
        made[result] = {name: value for name, value in made[result].items() if name.lower() != "success"}
    return made


def _with_further(answer: dict[str, Any]) -> dict[str, Any]:
    def more(record: Any) -> Any:
        return {**record, **_FURTHER_OF_RECORDS} if isinstance(record, Mapping) else record

    made = {
        name: [more(one) for one in value] if isinstance(value, list) else more(value) for name, value in answer.items()
    }
    return {**made, **_FURTHER}


def _without_layer_codes(shaped: Mapping[str, Any]) -> dict[str, Any]:
    """Remove the code that a second layer repeats."""
    made = {}
    for name, value in shaped.items():
        if name != "code" or not isinstance(shaped.get("data"), Mapping):
            made[name] = _without_layer_codes(value) if is_wrapped(shaped) else value
    return made


def _kinds(operation: Operation, readings: ResponseFormatReadings) -> dict[str, str]:
    """Return the readings about types of values that concern an operation, with their values."""
    usual = {"numbers": "numbers", "numeric_texts": "texts", "booleans": "booleans"}
    values = {name: str(chosen(readings, name, operation.name)) for name in usual}
    return {name: value for name, value in values.items() if value != usual[name]}


def _converted(value: Any, kinds: Mapping[str, str], name: str) -> Any:
    if isinstance(value, Mapping):
        return {key: _converted(member, kinds, key) for key, member in value.items()}
    if isinstance(value, list):
        return [_converted(item, kinds, name) for item in value]
    if isinstance(value, bool):
        written: dict[str, Any] = {"texts": as_text(value), "numbers": int(value)}
        return written.get(kinds.get("booleans", ""), value)
    if isinstance(value, (int, float)) and "numbers" in kinds:
        return as_text(value)
    if isinstance(value, str) and "numeric_texts" in kinds and name.lower() in _NUMERIC:
        return _number(value)
    return value


def _number(text: str) -> Any:
    for kind in (int, float):
        try:
            number = kind(text)
        except ValueError:
            continue
        if str(number) == text:
            return number
    return text


def _cased(operation: Operation, answer: dict[str, Any], readings: ResponseFormatReadings) -> dict[str, Any]:
    if chosen(readings, "key_case", operation.name) != "lower":
        return answer

    def cased(value: Any) -> Any:
        if isinstance(value, Mapping):
            return {name[:1].lower() + name[1:]: cased(member) for name, member in value.items()}
        return [cased(item) for item in value] if isinstance(value, list) else value

    # The name of a wrapper stays, since it names a type.
    if is_wrapped(answer):
        return {name: cased(value) for name, value in answer.items()}
    made: dict[str, Any] = cased(answer)
    return made


def _wrapped(operation: Operation, answer: dict[str, Any], readings: ResponseFormatReadings) -> dict[str, Any]:
    wrapper = chosen(readings, "wrappers", operation.name)
    if wrapper == "none" or is_wrapped(answer):
        return answer
    if wrapper == "layered":
        code = answer.get("Code", answer.get("code"))
        layer = {"code": code} if code is not None else {}
        is_good = code is None or str(code) in ("0", "200")
        answer = {**layer, "data": answer, "name": "" if is_good else f"{code}Error", "message": ""}
    return {f"{operation.name}Response": answer}
