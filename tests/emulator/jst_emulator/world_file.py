# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The parser of world files: plain data to records, with errors that name the place.

A world file has a key for each table (a list of records), ``settings``, ``credentials`` and ``counters``. The
dataclasses declare the members.
"""

from __future__ import annotations

import contextlib
import datetime
import types
import typing
from dataclasses import MISSING, Field, fields, is_dataclass
from functools import cache
from types import NoneType
from typing import Any

from jst_emulator.clock import END_OF_TIME


class WorldFileError(ValueError):
    """A world file is wrong; the message names the place and the allowed values."""


def parse(cls: type, raw: Any, where: str) -> Any:
    """Return a *cls* (a dataclass) from the mapping *raw*.

    :param where: the place in the file, for messages.
    :raises WorldFileError: a key is unknown or missing, or a value has the wrong type or is not allowed.
    """
    if not isinstance(raw, dict):
        raise WorldFileError(f"{where}: expected a mapping, got {raw!r}")
    known = {field.name: field for field in fields(cls)}
    for name in raw:
        if name not in known:
            raise WorldFileError(f"{where}: unknown key {name!r}; known are {', '.join(known)}")
    hints = _hints(cls)
    values = {}
    for name, field in known.items():
        if name in raw:
            place = f"{where}.{name}"
            values[name] = _convert(hints[name], raw[name], place)
            _check_choices(field, values[name], place)
        elif field.default is MISSING and field.default_factory is MISSING:
            raise WorldFileError(f"{where}: {name!r} is missing")
    return cls(**values)


@cache
def _hints(cls: type) -> dict[str, Any]:
    return typing.get_type_hints(cls)


def _check_choices(field: Field[Any], value: Any, where: str) -> None:
    choices = field.metadata.get("choices")
    if not choices:
        return
    for one in value.values() if isinstance(value, dict) else [value]:
        if one is not None and one not in choices:
            raise WorldFileError(f"{where}: {one!r} is not one of {', '.join(map(repr, choices))}")


def _convert(kind: Any, value: Any, where: str) -> Any:
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _convert_to_one(typing.get_args(kind), value, where)
    if origin is list:
        if not isinstance(value, list):
            raise WorldFileError(f"{where}: expected a list, got {value!r}")
        (inner,) = typing.get_args(kind)
        return [_convert(inner, item, f"{where}[{index}]") for index, item in enumerate(value)]
    if origin is dict:
        if not isinstance(value, dict):
            raise WorldFileError(f"{where}: expected a mapping, got {value!r}")
        inner = typing.get_args(kind)[1]
        return {str(key): _convert(inner, item, f"{where}.{key}") for key, item in value.items()}
    if is_dataclass(kind):
        return parse(typing.cast(type, kind), value, where)
    return _scalar(kind, value, where)


def _convert_to_one(kinds: tuple[Any, ...], value: Any, where: str) -> Any:
    """Return *value* as the first of *kinds* that accepts it."""
    if value is None and NoneType in kinds:
        return None
    *others, last = [kind for kind in kinds if kind is not NoneType]
    for kind in others:
        with contextlib.suppress(WorldFileError):
            return _convert(kind, value, where)
    return _convert(last, value, where)


def _scalar(kind: type, value: Any, where: str) -> Any:
    if kind is bool:
        if isinstance(value, bool):
            return value
    elif not isinstance(value, bool):
        if kind is str and isinstance(value, str | int | float | datetime.date):
            return value.isoformat() if isinstance(value, datetime.date) else str(value)
        if kind is int and isinstance(value, int) and 0 <= value < 2**63:
            return value
        # Excludes NaN too; Python's calendar ends soon after the largest value.
        if kind is float and isinstance(value, int | float) and 0 <= value <= END_OF_TIME:
            return float(value)
    names = {bool: "true or false", str: "a text", int: "a whole number from 0", float: "a number from 0"}
    raise WorldFileError(f"{where}: expected {names[kind]}, got {value!r:.100}")
