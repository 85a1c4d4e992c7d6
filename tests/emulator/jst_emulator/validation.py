# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Parsing and checks of request parameters by the rules of the reference.

The checks are strict: an unknown parameter, a value outside its list and a forbidden combination are rejected as the
gateway does it, with ``Missing<Parameter>`` or ``Invalid<Parameter>``.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Container, Iterable, Mapping
from typing import Any

from jst_emulator import errors
from jst_emulator.api_spec import Operation, Parameter

_NUMBER = re.compile(r"[+-]?[0-9]+")
_BITS = {"Integer": 31, "Long": 63}
_BOOLEANS = {"true": True, "false": False}


def validate(operation: Operation, texts: Mapping[str, str], required: Container[str] = ()) -> dict[str, Any]:
    """Parse the business parameters of a call.

    :param texts: texts as sent, by flat names (``X``, ``X.1``, ``X.1.Y``).
    :param required: parameters that are required in addition to the required ones of the operation.
    :returns: API names to int, bool, str, list or list of dicts; base64 texts are decoded, absent parameters are
        absent.
    :raises errors.GatewayError: the first parameter that breaks a rule.
    """
    grouped = _group(operation, texts)
    typed: dict[str, Any] = {}
    for name, parameter in operation.parameters.items():
        if name not in grouped:
            if parameter.required or name in required:
                raise errors.missing_parameter(name)
            continue
        value = grouped[name]
        typed[name] = _read_list(parameter, value) if isinstance(value, dict) else _read_one(parameter, name, value)
    _check_together(operation.parameters.values(), typed)
    return typed


def _group(operation: Operation, texts: Mapping[str, str]) -> dict[str, Any]:
    """Return texts by parameter: a text, or by index the texts of that element."""
    grouped: dict[str, Any] = {}
    for name, text in texts.items():
        base, *rest = name.split(".")
        parameter = operation.parameters.get(base)
        if parameter is None or len(rest) != _depth(parameter):
            raise errors.invalid_parameter(name)
        if not rest:
            grouped[base] = text
            continue
        if not rest[0].isascii() or not rest[0].isdigit() or int(rest[0]) < 1:
            raise errors.invalid_parameter(name)
        elements = grouped.setdefault(base, {})
        if parameter.members:
            if all(member.name != rest[1] for member in parameter.members):
                raise errors.invalid_parameter(name)
            elements.setdefault(int(rest[0]), {})[rest[1]] = text
        else:
            elements[int(rest[0])] = text
    return grouped


def _depth(parameter: Parameter) -> int:
    if parameter.members:
        return 2
    return 1 if parameter.item else 0


def _read_list(parameter: Parameter, elements: Mapping[int, Any]) -> list[Any]:
    values: list[Any] = []
    for index in sorted(elements):
        name = f"{parameter.name}.{index}"
        if not parameter.members:
            values.append(_read_one(parameter, name, elements[index]))
            continue
        record: dict[str, Any] = {}
        for member in parameter.members:
            full_name = f"{name}.{member.name}"
            if member.name in elements[index]:
                record[member.name] = _read_one(member, full_name, elements[index][member.name])
            elif member.required:
                raise errors.missing_parameter(full_name)
        values.append(record)
    return values


def _read_one(parameter: Parameter, name: str, text: str) -> Any:
    if not text and parameter.required:
        raise errors.missing_parameter(name)
    value = _convert(parameter.item or parameter.type, name, text)
    if parameter.encoding == "base64":
        value = _decode(name, text)
    if not _allowed(parameter, value):
        raise errors.invalid_parameter(name)
    return value


def _convert(kind: str, name: str, text: str) -> Any:
    if kind == "String":
        return text
    if kind == "Boolean" and text.lower() in _BOOLEANS:
        return _BOOLEANS[text.lower()]
    if kind in _BITS and _NUMBER.fullmatch(text):
        number = int(text)
        if -(2 ** _BITS[kind]) <= number < 2 ** _BITS[kind]:
            return number
    raise errors.invalid_parameter(name)


def _decode(name: str, text: str) -> str:
    try:
        return base64.b64decode(text, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        raise errors.invalid_parameter(name) from None


def _allowed(parameter: Parameter, value: Any) -> bool:
    if parameter.enum and str(value) not in parameter.enum:
        return False
    if parameter.min is not None and value < parameter.min:
        return False
    if parameter.max is not None and value > parameter.max:
        return False
    if parameter.length:
        least, most = parameter.length.get("min", 0), parameter.length.get("max", len(value))
        if not least <= len(value) <= most:
            return False
    return parameter.pattern is None or parameter.pattern.fullmatch(value) is not None


def _check_together(parameters: Iterable[Parameter], typed: Mapping[str, Any]) -> None:
    """Check the rules between parameters; a switch that is off conflicts with nothing."""
    for parameter in parameters:
        given = typed.get(parameter.name)
        if parameter.name not in typed and _holds(parameter.required_when, typed):
            raise errors.missing_parameter(parameter.name)
        if isinstance(given, list):
            _check_members(parameter, given, typed)
        if not given:
            continue
        if any(typed.get(other) for other in parameter.conflicts_with) or _excluded(parameter, typed):
            raise errors.invalid_parameter(parameter.name)


def _check_members(parameter: Parameter, records: Iterable[Any], typed: Mapping[str, Any]) -> None:
    for index, record in enumerate(records, 1):
        for member in parameter.members:
            if record.get(member.name) and _excluded(member, typed):
                raise errors.invalid_parameter(f"{parameter.name}.{index}.{member.name}")


def _holds(conditions: Mapping[str, list[str]], typed: Mapping[str, Any]) -> bool:
    return bool(conditions) and all(str(typed.get(name)) in values for name, values in conditions.items())


def _excluded(parameter: Parameter, typed: Mapping[str, Any]) -> bool:
    """Return whether a condition of the parameter is not met; a condition on an absent parameter counts as met."""
    return any(name in typed and str(typed[name]) not in values for name, values in parameter.applies_when.items())
