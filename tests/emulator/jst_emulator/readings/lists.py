# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about lists: order, pages and totals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from jst_emulator.api_spec import Operation
from jst_emulator.readings.declaration import NOT_STATED, number, reading
from jst_emulator.record_list import RecordList

Page = tuple[int, int]

#: The member of Result that holds the records, by operation without pages.
_UNPAGED = {"DescribeDatabases": "Databases", "DescribeRdsAccounts": "Accounts"}
#: Lists with the newest record first, by default.
_NEWEST_FIRST = ("ListDeployOrders", "ListJobHistories")
#: The members to sort by; the first that a record has is used.
_NAMES = (
    *("Title", "EnvName", "ClusterTitle", "RealName", "Name", "LabelKey", "DBName", "AccountName", "InstanceName"),
    *("AppInstanceId", "BackupId", "PodName", "ClusterId"),
)
_CUT_EXCLUDES: Mapping[str, tuple[str, ...]] = {"total_count": ("missing", "zero", "page")}


@dataclass(kw_only=True)
class ListReadings:
    """Lists and their pages."""

    list_order: str = reading(
        NOT_STATED,
        {
            "documented": "Lists of orders and job runs begin with the newest record, all other lists with the oldest.",
            "newest_first": "Lists begin with the newest record.",
            "oldest_first": "Lists begin with the oldest record.",
            "by_name": "Lists are sorted by name.",
        },
    )
    list_creates: str = reading(
        NOT_STATED,
        {
            "at_once": "Lists show created objects at once.",
            "late": "Lists show created objects only after 1.5 to 3 seconds of virtual time.",
        },
    )
    list_deletes: str = reading(
        NOT_STATED,
        {
            "at_once": "Lists omit deleted objects at once.",
            "late": "Lists show deleted objects for another 2 to 4 seconds of virtual time.",
        },
    )
    max_page_size: int = number(
        "7267",
        {
            0: "A page has as many records as PageSize requests. Any other value is the maximum number of records.",
            2: "A page has at most 2 records, even if PageSize is larger.",
            10: "A page has at most 10 records, even if PageSize is larger.",
            50: "A page has at most 50 records, even if PageSize is larger.",
        },
    )
    page_size_shown: str = reading(
        "926, 2240, 3571",
        {
            "asked": "PageSize of a response is the one of the request.",
            "used": "PageSize of a response is the one that the service applied.",
            "missing": "Responses have no PageSize.",
        },
    )
    page_beyond_end: str = reading(
        NOT_STATED,
        {
            "empty": "A page beyond the end is empty.",
            "last": "A page beyond the end repeats the last page.",
        },
    )
    total_count: str = reading(
        "384, 483, 1597-1599, 6862, 8246",
        {
            "all": "TotalCount counts all records.",
            "missing": "Lists have no TotalCount.",
            "zero": "TotalCount is 0.",
            "page": "TotalCount counts the records of the page.",
        },
    )
    config_list_size: int = number(
        "1466-1474, 1522-1528",
        {
            0: "ListDeployConfig returns all records. Any other value is the maximum, while TotalCount counts all.",
            1: "ListDeployConfig returns at most 1 record, while TotalCount counts all.",
            5: "ListDeployConfig returns at most 5 records, while TotalCount counts all.",
        },
        excludes={1: _CUT_EXCLUDES, 5: _CUT_EXCLUDES},
    )
    waiting_orders: str = reading(
        "5979-5987, 6451",
        {
            "listed": "ListDeployOrders shows waiting orders with Status 0.",
            "as_running": "ListDeployOrders shows waiting orders with Status 1.",
            "hidden": "ListDeployOrders does not show waiting orders.",
        },
    )


def sort_records(operation: Operation, payload: Any, readings: ListReadings) -> Any:
    """Sort the records of a list in a payload by the reading."""
    if readings.list_order == "documented":
        return payload
    if operation.payload == "Data":
        records = payload if isinstance(payload, RecordList) else list(payload or ())
        return _sorted(operation, records, str(readings.list_order))
    name = _record_name(operation)
    if name is None or not isinstance(payload, Mapping) or name not in payload:
        return payload
    return {**payload, name: _sorted(operation, list(payload[name]), str(readings.list_order))}


def _sorted(operation: Operation, records: Sequence[Any], order: str) -> Sequence[Any]:
    if order == "by_name":
        return sorted(records, key=_name_of)
    is_newest_first = operation.name in _NEWEST_FIRST
    return records[::-1] if is_newest_first != (order == "newest_first") else records


def _name_of(record: Mapping[str, Any]) -> str:
    return str(next((record[name] for name in _NAMES if record.get(name) is not None), ""))


def _record_name(operation: Operation) -> str | None:
    """Return the member of Result that holds the records of a list, if any."""
    return operation.paging["records"] if operation.paging else _UNPAGED.get(operation.name)


def page(operation: Operation, payload: Any, asked: Page | None, readings: ListReadings) -> Page | None:
    """Return number and size of the page that the service returns for a requested one."""
    if asked is None:
        return None
    wanted, size = asked
    if readings.max_page_size:
        size = min(size, readings.max_page_size)
    if readings.page_beyond_end == "last":
        wanted = min(wanted, max(1, math.ceil(_count(operation, payload) / max(1, size))))
    return wanted, size


def _count(operation: Operation, payload: Any) -> int:
    if operation.payload == "Data":
        return len(payload or ())
    records = (payload or {}).get(_record_name(operation)) if isinstance(payload, Mapping) else ()
    return len(records or ())


def apply_figures(
    operation: Operation, answer: dict[str, Any], asked: Page | None, readings: ListReadings
) -> dict[str, Any]:
    """Apply the readings about page figures and counts to the canonical answer of a successful call."""
    answer = _cut(operation, answer, readings)
    if asked is not None and "PageSize" in answer and readings.page_size_shown == "asked":
        answer["PageSize"] = asked[1]
    if readings.page_size_shown == "missing":
        answer.pop("PageSize", None)
    if readings.total_count == "all":
        return answer
    if operation.payload == "Data":
        return _counted(answer, "TotalCount", len(answer["Data"]), str(readings.total_count))
    if operation.paging:
        name, shown = operation.paging["total_count"], answer["Result"][operation.paging["records"]]
        return {**answer, "Result": _counted(answer["Result"], name, len(shown), str(readings.total_count))}
    return answer


def _counted(holder: dict[str, Any], name: str, on_page: int, total: str) -> dict[str, Any]:
    if total == "missing":
        return {key: value for key, value in holder.items() if key != name}
    count = on_page if total == "page" else 0
    return {**holder, name: str(count) if isinstance(holder.get(name), str) else count}


def _cut(operation: Operation, answer: dict[str, Any], readings: ListReadings) -> dict[str, Any]:
    """Cut a list without pages to the size of the reading."""
    size = readings.config_list_size
    if operation.name != "ListDeployConfig" or not size:
        return dict(answer)
    return {**answer, "Data": answer["Data"][:size], "PageSize": size}
