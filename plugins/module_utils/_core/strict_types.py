# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Argument specifications for the validation of ansible-core, with types that convert nothing but what is meant.

ansible-core makes a text of everything: the list ``["shop"]`` becomes the name ``['shop']``, ``on`` becomes ``True``.
"""

from __future__ import annotations

import datetime
from typing import Any, Callable, Mapping

from .._api.number_forms import to_float, to_int

Check = Callable[[Any], Any]


def to_text(value: Any) -> str:
    """Return the text that a value stands for.

    :param value: a text, a number, such as a title of digits, or a date.
    :raises ValueError: for anything else, a boolean among it.
    """
    if isinstance(value, bool):
        raise ValueError(f"{str(value).lower()} is a boolean: put it in quotes if it is meant as a text")
    if isinstance(value, (str, int, float, datetime.date)):
        return value if isinstance(value, str) else str(value)
    raise ValueError("the value is null" if value is None else f"a value of type {type(value).__name__} is not a text")


def _check(name: str, convert: Check) -> Check:
    """Return a type for a specification.

    :param name: what messages of ansible-core call it.
    """

    def check(value: Any) -> Any:
        return convert(value)

    check.__name__ = name
    return check


def _element(name: str, convert: Check) -> Check:
    """Return a type for the elements of a list: ansible-core splits the text ``1, 2`` at the comma."""
    return _check(name, lambda value: convert(value.strip(" ") if isinstance(value, str) else value))


_NUMBERS: Mapping[str, Check] = {"int": to_int, "float": to_float}
_TYPES = {name: _check(name, convert) for name, convert in {**_NUMBERS, "str": to_text}.items()}
_ELEMENTS = {"str": _TYPES["str"], **{name: _element(name, convert) for name, convert in _NUMBERS.items()}}


def with_strict_types(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of an argument specification that rejects numbers in any other form than those of ``number_forms``,
    and what is no text where a text is wanted.

    ansible-core takes a function for the name of a type. Its message names the option, with its place among other
    options, and quotes what the function raises.
    """
    strict: dict[str, Any] = {}
    for name, option in spec.items():
        strict[name] = dict(option)
        for key, types in (("type", _TYPES), ("elements", _ELEMENTS)):
            if option.get(key) in types:
                strict[name][key] = types[option[key]]
        if option.get("options"):
            strict[name]["options"] = with_strict_types(option["options"])
    return strict
