# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the gateway does differently where the reference can be read in two ways.

The choices themselves are :class:`jst_emulator.records.settings.Readings`. Those that concern the behaviour of one
operation are looked at by its handler.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from jst_emulator.facts import Operation
from jst_emulator.records.settings import Readings
from jst_emulator.world_file import WorldFileError, parse

#: The operations whose sample is a status line alone (reference 1.2.6, 1.2.7).
STATUS_LINE_ONLY = ("OfflineAppEnvironment", "DescribeAppEnvDeployBaseline")
#: The operations whose table has 200 as the code of success (reference 1.2.6, 1.2.7, 2.1, 4.1, 4.3).
CODE_200 = (*STATUS_LINE_ONLY, "ListUsers", "DescribePodContainerLogList", "DescribeAppMonitorMetric")
_CODE_NAMES = ("Code", "code")


def changed(readings: Readings, given: Mapping[str, Any]) -> Readings:
    """*readings* with other choices for some of them.

    :raises WorldFileError: there is no such reading, or no such choice.
    """
    if not isinstance(given, Mapping):
        raise WorldFileError("readings: expected a mapping")
    new: Readings = parse(Readings, {**asdict(readings), **given}, "readings")
    return new


def required(operation: Operation, readings: Readings) -> tuple[str, ...]:
    """Parameters that a reading demands although they are optional under the default one."""
    if operation.name == "DescribeAppMonitorMetric" and readings.metric_parameters == "both":
        return ("DeployOrderId", "PodName")
    if operation.name == "UpdateDeployConfig" and readings.code_path_on_update == "required":
        return ("CodePath",)
    return ()


def cut(operation: Operation, answer: dict[str, Any], readings: Readings) -> dict[str, Any]:
    """The canonical answer to a call that worked, with as much of a list as a reading lets through."""
    size = readings.config_list_size
    if operation.name != "ListDeployConfig" or not size:
        return answer
    return {**answer, "Data": answer["Data"][:size], "PageSize": size}


def with_code(operation: Operation, shaped: dict[str, Any], readings: Readings) -> dict[str, Any]:
    """An answer to a call that worked, as it goes out, with the code of success that a reading has."""
    if readings.success_code == "absent":
        return _without_code(shaped)
    if readings.success_code == "table" and operation.name in CODE_200:
        return {name: 200 if name in _CODE_NAMES else value for name, value in shaped.items()}
    return shaped


def is_status_line_only(operation: Operation, readings: Readings) -> bool:
    """Whether an answer to a call that worked has no body."""
    return readings.empty_answers == "status_line" and operation.name in STATUS_LINE_ONLY


def _without_code(shaped: dict[str, Any]) -> dict[str, Any]:
    """Wrappers are gone through: they have one member, or a layer with the answer in ``data``."""
    inner = next(iter(shaped.values())) if len(shaped) == 1 else None
    if isinstance(inner, dict):
        return {name: _without_code(inner) for name in shaped}
    rest = {name: value for name, value in shaped.items() if name not in _CODE_NAMES}
    data = rest.get("data")
    return {**rest, "data": _without_code(data)} if isinstance(data, dict) else rest
