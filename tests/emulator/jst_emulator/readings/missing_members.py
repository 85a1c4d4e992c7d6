# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Readings about members without a value, and members that samples lack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jst_emulator.api_spec import Operation
from jst_emulator.readings.declaration import chosen
from jst_emulator.readings.table import Readings

#: Members that only some records have: that a sample of another record lacks them says nothing.
_OF_SOME_RECORDS = frozenset(
    (
        *("NodePort", "EstablishedTimeout", "CookieTimeout", "StickySession", "SslCertId", "Description", "BizTitle"),
        *("VolumeName", "Deployment", "StatefulSet", "CronJob", "ConfigMap", "BusinessCode"),
    )
)
#: Members that the reference does not have.
_SDK_ONLY = frozenset(
    ("MiddleWareList", "MiddleWareInfoList", "ContainerResourceLimit", "ContainerResourceRequest", "ClusterIP")
)


def apply(operation: Operation, answer: dict[str, Any], readings: Readings) -> dict[str, Any]:
    """Apply the readings about members without a value to a canonical answer."""
    name = operation.payload
    if name is None or name not in answer:
        return answer
    payload = answer[name]
    if readings.absent_members != "left_out":
        payload = _with_absent(operation.fields[name], payload, readings)
    if chosen(readings, "sample_gaps", operation.name) == "missing":
        payload = _as_sampled(payload, _sampled(operation))
    if readings.empty_texts != "shown":
        payload = _without_empty_texts(payload, as_null=readings.empty_texts == "nulls")
    if readings.empty_lists != "shown":
        payload = _without_empty_lists(payload, as_null=readings.empty_lists == "nulls")
        if payload == []:
            rest = {key: value for key, value in answer.items() if key != name}
            return {**rest, name: None} if readings.empty_lists == "nulls" else rest
    return {**answer, name: payload}


def _with_absent(tree: Any, value: Any, readings: Readings) -> Any:
    """Add the members of its table that a value lacks, as null or empty."""
    if isinstance(tree, list) and isinstance(value, list):
        return [_with_absent(tree[0], item, readings) for item in value] if tree else value
    if not isinstance(tree, dict) or not isinstance(value, Mapping):
        return value
    made = {name: _with_absent(tree.get(name), member, readings) for name, member in value.items()}
    for name, kind in tree.items():
        if name not in made and not (name in _SDK_ONLY and readings.sdk_fields == "hidden"):
            if readings.absent_members == "nulls":
                made[name] = None
            elif kind == "String":
                made[name] = ""
            elif isinstance(kind, list):
                made[name] = []
    return made


def _sampled(operation: Operation) -> Any:
    """Return the payload of the sample of an operation, without wrappers; None when it has none."""
    sample: Any = operation.sample
    while isinstance(sample, Mapping) and (len(sample) == 1 or "data" in sample):
        sample = sample["data"] if "data" in sample else next(iter(sample.values()))
    members = {name.lower(): member for name, member in sample.items()} if isinstance(sample, Mapping) else {}
    return members.get((operation.payload or "").lower())


def _as_sampled(value: Any, example: Any) -> Any:
    """Remove the members that the example of a value lacks."""
    if isinstance(value, list):
        shown = example if isinstance(example, list) else []
        merged: Any = {}
        for part in shown:
            merged = {**merged, **part} if isinstance(part, Mapping) else {}
        return [_as_sampled(item, merged or None) for item in value]
    if not isinstance(value, Mapping) or not isinstance(example, Mapping) or not example:
        return value
    members = {name.lower(): member for name, member in example.items()}
    return {
        name: _as_sampled(member, members.get(name.lower()))
        for name, member in value.items()
        if name.lower() in members or name in _OF_SOME_RECORDS
    }


def _without_empty_texts(value: Any, *, as_null: bool) -> Any:
    if isinstance(value, list):
        return [_without_empty_texts(item, as_null=as_null) for item in value]
    if not isinstance(value, Mapping):
        return value
    made = {name: _without_empty_texts(member, as_null=as_null) for name, member in value.items()}
    if as_null:
        return {name: None if member == "" else member for name, member in made.items()}
    return {name: member for name, member in made.items() if member != ""}


def _without_empty_lists(value: Any, *, as_null: bool) -> Any:
    if isinstance(value, list):
        return [_without_empty_lists(item, as_null=as_null) for item in value]
    if not isinstance(value, Mapping):
        return value
    made = {name: _without_empty_lists(member, as_null=as_null) for name, member in value.items()}
    if as_null:
        return {name: None if member == [] else member for name, member in made.items()}
    return {name: member for name, member in made.items() if member != []}
