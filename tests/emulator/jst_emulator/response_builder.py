# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The canonical answer of an operation, built from the payload of its handler.

It has the keys and types of the reference's response table, which the vendor's SDK parses: upper-camel keys, no
wrapper, the message key of the operation on failures only.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jst_emulator.api_spec import PAGE_NUMBER_NAMES, PAGE_SIZE_NAME, Operation
from jst_emulator.record_list import RecordList

OK = 0
_DEFAULT_PAGE_SIZE = 20


class PayloadError(TypeError):
    """A handler returned something that the response table of its operation does not have."""


def split_paging(operation: Operation, typed: Mapping[str, Any]) -> tuple[dict[str, Any], tuple[int, int] | None]:
    """Return the parameters for the handler, and (page, size).

    The second part is None when the operation has no paging parameters.
    """
    number_name = next((name for name in PAGE_NUMBER_NAMES if name in operation.parameters), None)
    if number_name is None:
        return dict(typed), None
    own = {name: value for name, value in typed.items() if name not in (number_name, PAGE_SIZE_NAME)}
    number = typed.get(number_name, operation.parameters[number_name].default or 1)
    size = typed.get(PAGE_SIZE_NAME, operation.parameters[PAGE_SIZE_NAME].default or _DEFAULT_PAGE_SIZE)
    return own, (number, size)


def build_success(operation: Operation, payload: Any, page: tuple[int, int] | None, request_id: str) -> dict[str, Any]:
    """Return the canonical answer to a successful call.

    :param payload: the result of the handler.
    :param page: page number and size, for operations with pages.
    :raises PayloadError: the payload does not match the response table.
    """
    fields = operation.fields
    answer: dict[str, Any] = {"Code": OK, "RequestId": request_id}
    if "Success" in fields:
        answer["Success"] = True
    if operation.payload == "Data":
        records = payload if isinstance(payload, RecordList) else list(payload or ())
        number, size = page or (1, len(records))
        answer["Data"] = records[(number - 1) * size : number * size]
        figures = {"PageNumber": number, "PageSize": size, "TotalCount": len(records)}
        answer.update({name: value for name, value in figures.items() if name in fields})
    elif operation.payload == "Result":
        answer["Result"] = _result(operation, payload, page, request_id)
    elif payload is not None:
        raise PayloadError(f"{operation.name} has no payload")
    return {name: _conform(fields[name], value, f"{operation.name}.{name}") for name, value in answer.items()}


def build_failure(operation: Operation, code: int, message: str, request_id: str) -> dict[str, Any]:
    """Return the canonical answer to a rejected call."""
    answer: dict[str, Any] = {"Code": code, "RequestId": request_id, operation.message_key: message}
    if "Success" in operation.fields:
        answer["Success"] = False
    if has_result_flag(operation):
        answer["Result"] = {"Success": False}
    return answer


def has_result_flag(operation: Operation) -> bool:
    """Return whether the only or the second success flag is in Result."""
    result = operation.fields.get("Result")
    return isinstance(result, dict) and "Success" in result


def _result(operation: Operation, payload: Any, page: tuple[int, int] | None, request_id: str) -> Any:
    if not isinstance(operation.fields["Result"], dict):
        return list(payload or ())
    if not isinstance(payload, Mapping | None):
        raise PayloadError(f"the Result of {operation.name} is {type(payload).__name__}, not an object")
    result = dict(payload or {})
    if has_result_flag(operation):
        result.setdefault("Success", True)
    if "RequestId" in operation.fields["Result"]:
        result["RequestId"] = request_id
    if operation.paging and page:
        number, size = page
        names = operation.paging
        records = list(result.get(names["records"]) or ())
        shown = records[(number - 1) * size : number * size]
        result[names["records"]] = shown
        result[names["page_number"]] = number
        result[names["page_count"]] = len(shown)
        result[names["total_count"]] = len(records)
    return result


def _conform(tree: Any, value: Any, path: str) -> Any:
    """Return *value* in the types of the response table, without members that are None."""
    if isinstance(tree, str):
        return _scalar(tree, value, path)
    if isinstance(tree, dict):
        if not isinstance(value, Mapping):
            raise PayloadError(f"{path} is {type(value).__name__}, not an object")
        unknown = value.keys() - tree.keys()
        if unknown:
            raise PayloadError(f"{path} has no member {', '.join(sorted(map(str, unknown)))}")
        return {
            name: _conform(tree[name], member, f"{path}.{name}") for name, member in value.items() if member is not None
        }
    if isinstance(value, (str, Mapping)):
        raise PayloadError(f"{path} is {type(value).__name__}, not a list")
    return [_conform(tree[0], item, path) for item in value] if tree else list(value)


def _scalar(kind: str, value: Any, path: str) -> Any:
    if kind == "String" and isinstance(value, str):
        return value  # Unchanged, so that a FormattedTime keeps its moment.
    if kind == "String" and isinstance(value, (int, float)):
        return as_text(value)
    if kind == "Boolean" and isinstance(value, bool):
        return value
    if kind in ("Integer", "Long") and not isinstance(value, bool):
        try:
            return int(value)
        except (TypeError, ValueError):
            pass
    if kind == "Number" and isinstance(value, (int, float)):
        return value
    raise PayloadError(f"{path} is {value!r}, not {kind}")


def as_text(value: Any) -> str:
    """Return a number, boolean or text as text; booleans are in lower case."""
    return str(value).lower() if isinstance(value, bool) else str(value)
