# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Argument specifications for the validation of ansible-core, with number types that convert nothing but numbers."""

from __future__ import annotations

from typing import Any, Callable, Mapping

from .._api.number_forms import to_float, to_int

Check = Callable[[Any], Any]


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


_CONVERSIONS: Mapping[str, Check] = {"int": to_int, "float": to_float}
_TYPES = {name: _check(name, convert) for name, convert in _CONVERSIONS.items()}
_ELEMENTS = {name: _element(name, convert) for name, convert in _CONVERSIONS.items()}


def with_strict_numbers(spec: Mapping[str, Any]) -> dict[str, Any]:
    """Return a copy of an argument specification that rejects numbers in any other form than those of ``number_forms``.

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
            strict[name]["options"] = with_strict_numbers(option["options"])
    return strict
