# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applies readings to the content of a response, before it gets its final format."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, NamedTuple

from jst_emulator.api_spec import Operation
from jst_emulator.readings import missing_members
from jst_emulator.readings.declaration import LEFT_OUT, ChangeContext, ResponseChange, Value, chosen
from jst_emulator.readings.table import DEFAULTS, TABLE, Readings
from jst_emulator.timestamps import FormattedTime

_CHANGES = [(one.name, one.default, one.change) for one in TABLE if one.change is not None]


class _Active(NamedTuple):
    """A change with the value of its reading."""

    change: ResponseChange
    choice: Value


def apply(operation: Operation, answer: Mapping[str, Any], world: Any) -> dict[str, Any]:
    """Return the canonical answer to a successful call with the content that the readings of the world give it."""
    readings: Readings = world.settings.readings
    if readings == DEFAULTS:
        return dict(answer)
    made = dict(answer)
    if operation.payload in made:
        payload = _rewritten_times(operation, made[operation.payload], readings)
        made[operation.payload] = _changed(operation, payload, ChangeContext(operation, world))
    return missing_members.apply(operation, made, readings)


def _changed(operation: Operation, payload: Any, context: ChangeContext) -> Any:
    readings = context.world.settings.readings
    active = [
        _Active(change, getattr(readings, name))
        for name, default, change in _CHANGES
        if getattr(readings, name) != default and change.is_about(operation.name)
    ]
    for one in active:
        if not one.change.members:
            remade = partial(_remade, one=one, context=context)
            payload = [remade(record) for record in payload] if isinstance(payload, list) else remade(payload)
    by_member: dict[str, list[_Active]] = {}
    for one in active:
        for member in one.change.members:
            by_member.setdefault(member, []).append(one)
    return _walked(payload, by_member, context) if by_member else payload


def _remade(record: Any, one: _Active, context: ChangeContext) -> dict[str, Any]:
    return _present(one.change.transform(record, one.choice, context)) if record else record


def _present(record: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in record.items() if value is not LEFT_OUT}


def _walked(value: Any, by_member: Mapping[str, list[_Active]], context: ChangeContext) -> Any:
    if isinstance(value, list):
        return [_walked(item, by_member, context) for item in value]
    if not isinstance(value, Mapping):
        return value
    made = {}
    for name, member in value.items():
        new = member
        for change, choice in by_member.get(name, ()):
            new = new if new is LEFT_OUT else change.transform(new, choice, context)
        made[name] = _walked(new, by_member, context)
    return _present(made)


def _rewritten_times(operation: Operation, value: Any, readings: Readings) -> Any:
    if readings.times == "documented" and readings.time_zone == "utc":
        return value
    form, zone = str(chosen(readings, "times", operation.name)), readings.time_zone

    def rewritten(part: Any) -> Any:
        if isinstance(part, FormattedTime):
            return FormattedTime(part.at, part.form if form == "documented" else form, zone)
        if isinstance(part, Mapping):
            return {name: rewritten(member) for name, member in part.items()}
        return [rewritten(item) for item in part] if isinstance(part, list) else part

    return rewritten(value)
