# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Final states, compared: what has to be equal, and what cannot be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

State = Mapping[str, Any]
#: Writes by action and parameters.
Writes = Counter[tuple[str, str]]

_MOMENT = re.compile(r"_at$")
# The fingerprint of revisions, which are random.
_RANDOM = re.compile(" secrets:[0-9a-f]{12}")


def without_moments(value: Any) -> Any:
    """The value without what tells a moment, or is random: no two runs agree on those."""
    if isinstance(value, dict):
        return {name: without_moments(item) for name, item in value.items() if not _MOMENT.search(name)}
    if isinstance(value, list):
        return [without_moments(item) for item in value]
    return _RANDOM.sub("", value) if isinstance(value, str) else value


def differences(wanted: Any, found: Any, path: str = "") -> Iterator[str]:
    """Where two values differ, a line each."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name in sorted(wanted.keys() | found.keys()):
            yield from differences(wanted.get(name), found.get(name), f"{path}.{name}".lstrip("."))
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for index, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from differences(one, other, f"{path}[{index}]")
    elif wanted != found:
        yield f"{path}: {_short(found)} instead of {_short(wanted)}"


def _short(value: Any) -> str:
    return f"{len(value)} records" if isinstance(value, list) else repr(value)[:120]


def surplus(wanted: State, found: State) -> list[str]:
    """The tables with more records than there should be."""
    return [
        f"{len(records)} {table} instead of {len(wanted[table])}"
        for table, records in found.items()
        if isinstance(records, list) and len(records) > len(wanted[table])
    ]


def executed(calls: list[dict[str, Any]]) -> Writes:
    """Return the writes of a call log that were executed, with or without a response."""
    return Counter(
        (call["action"], _RANDOM.sub("", repr(sorted(call["params"].items()))))
        for call in calls
        if call["kind"] == "write" and call["executed"]
    )


def excess(wanted: Writes, found: Writes) -> list[str]:
    """The writes that were carried out more often than in the run without faults."""
    return [
        f"{action} executed {times} times too often: {params}" for (action, params), times in (found - wanted).items()
    ]


def taken_back(state: State) -> set[int]:
    """The deploy orders that were taken back, and those that took them back, by their names."""
    undone: set[int] = set()
    for order in state["orders"]:
        told = re.match(r"rollback-(\d+)$", order["name"])
        if told:
            undone |= {int(told[1]), order["deploy_order_id"]}
    return undone


def running(state: State) -> dict[str, Any]:
    """A state without the traces of releases that were taken back: ids, pods and events count on from them."""

    def without_order(record: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in record.items() if name != "deploy_order_id"}

    undone = taken_back(state)
    kept = [order for order in state["orders"] if order["deploy_order_id"] not in undone]
    orders = [{**order, "deploy_order_id": number} for number, order in enumerate(kept)]
    traces = ("orders", "instances", "pods", "events", "counters")
    instances = [{name: one[name] for name in ("env_id", "status", "image", "broken")} for one in state["instances"]]
    rest = {name: value for name, value in state.items() if name not in traces}
    rest["environments"] = [
        {**one, "baseline": without_order(one["baseline"]) if one["baseline"] else None} for one in rest["environments"]
    ]
    rest["job_runs"] = [without_order(one) for one in rest["job_runs"]]
    return {**rest, "orders": orders, "instances": instances}
