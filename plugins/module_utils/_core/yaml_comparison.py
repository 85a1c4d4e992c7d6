# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Comparison of a desired manifest with a live one, with regard to the values that Kubernetes fills in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Callable

from .kubernetes_defaults import ANYTHING, QUANTITIES
from .quantities import parse_quantity
from .yaml_reader import PlainScalar, as_kubernetes, kubernetes_key


def differing_paths(desired: Any, current: Any, defaults: Any = None, path: str = "") -> list[str]:
    """Return the dotted paths at which a live manifest differs in meaning from the desired one.

    :param defaults: the part of the table for this part of the manifest.
    """
    if isinstance(desired, dict) and isinstance(current, dict):
        if defaults is QUANTITIES:
            return _differing_quantities(desired, current, path)
        table = defaults if isinstance(defaults, Mapping) else {}
        found: list[str] = []
        for name in dict.fromkeys((*desired, *current)):
            inner = f"{path}.{name}" if path else str(name)
            default = table.get(name)
            if name not in desired:
                found += [] if is_default(current[name], default, desired) else [inner]
            elif name not in current:
                # Kubernetes treats null like a missing key.
                found += [] if desired[name] is None else [inner]
            else:
                found += differing_paths(desired[name], current[name], default, inner)
        return found
    if isinstance(desired, list) and isinstance(current, list) and len(desired) == len(current):
        entry = defaults[0] if isinstance(defaults, list) else None
        found = []
        for number, (one, other) in enumerate(zip(desired, current)):
            found += differing_paths(one, other, entry, f"{path}[{number}]")
        return found
    return [] if _same_value(desired, current) else [path]


def is_default(value: Any, default: Any, around: Mapping[str, Any]) -> bool:
    """Return whether a live value is what Kubernetes fills in for a key that the desired manifest omits.

    :param around: the mapping of the desired manifest that lacks the key.
    """
    if default is ANYTHING or value == []:
        return True
    if isinstance(value, dict) and isinstance(default, Mapping):
        return all(is_default(item, default.get(kubernetes_key(name)), {}) for name, item in value.items())
    if isinstance(value, (dict, list)) and not callable(default):
        return False
    value = as_kubernetes(value)
    if value is None:
        return True
    if callable(default):
        accepted: Callable[[Mapping[str, Any]], tuple[Any, ...]] = default
        return value in accepted(around)
    return default is not None and _same_value(default, value)


def without_defaults(current: Any, desired: Any, defaults: Any) -> Any:
    """Return a live manifest without the values that Kubernetes filled in, for a diff with the desired one."""
    if isinstance(desired, Mapping) and isinstance(current, Mapping):
        table = defaults if isinstance(defaults, Mapping) else {}
        return {
            name: without_defaults(item, desired.get(name), table.get(name))
            for name, item in current.items()
            if name in desired or not is_default(item, table.get(name), desired)
        }
    if isinstance(desired, list) and isinstance(current, list):
        entry = defaults[0] if isinstance(defaults, list) else None
        described = [*desired, *[None] * (len(current) - len(desired))]
        return [without_defaults(item, one, entry) for item, one in zip(current, described)]
    return current


def canonical(value: Any, defaults: Any = None) -> Any:
    """Return a manifest in the form that all manifests of the same meaning share.

    :param value: the manifest as Kubernetes reads it, in JSON types.
    :param defaults: the part of the table for this part of the manifest. Its values are left out.
    """
    if isinstance(value, Mapping):
        if defaults is QUANTITIES:
            return {name: _canonical_quantity(item) for name, item in value.items()}
        table = defaults if isinstance(defaults, Mapping) else {}
        return {
            name: canonical(item, table.get(name))
            for name, item in value.items()
            if not is_default(item, table.get(name), value)
        }
    if isinstance(value, list):
        entry = defaults[0] if isinstance(defaults, list) else None
        return [canonical(item, entry) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _canonical_quantity(value: Any) -> str:
    try:
        return str(parse_quantity(str(value)).normalize())
    except ValueError:
        return str(value)


def _differing_quantities(desired: Mapping[str, Any], current: Mapping[str, Any], path: str) -> list[str]:
    return [
        f"{path}.{name}"
        for name in dict.fromkeys((*desired, *current))
        if name not in desired or name not in current or not _same_quantity(desired[name], current[name])
    ]


def _same_quantity(desired: Any, current: Any) -> bool:
    one, other = as_kubernetes(desired), as_kubernetes(current)
    try:
        return parse_quantity(str(one)) == parse_quantity(str(other))
    except ValueError:
        return _same_value(desired, current)


def _same_value(one: Any, other: Any) -> bool:
    """Return whether two values mean the same. Unlike in Python, 1 does not equal true."""
    if isinstance(one, PlainScalar) or isinstance(other, PlainScalar):
        return bool(one == other)
    return isinstance(one, bool) is isinstance(other, bool) and bool(one == other)
