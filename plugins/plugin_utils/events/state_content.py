# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the sections of a state file hold. A file with other values is none of the source."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.deploy_orders import ORDERS
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.event_monitor import PODS
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.instances import INSTANCES
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.jobs import SCHEDULES
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.watch import MISSING, START
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.window import SEEN, SINCE

MAX_TIME = 253402300800
"""The end of the year 9999. No date is later."""

MAX_DIGITS = 20


def is_valid(section: str, key: str, value: Any) -> bool:
    """Return whether a watch can read a value. Sections of other names are read by none."""
    return all(check(key, value) for prefix, check in _CHECKS.items() if section == prefix or _is_one(section, prefix))


def _is_one(section: str, prefix: str) -> bool:
    return section.startswith(f"{prefix} ")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) <= MAX_TIME


def _is_order(key: str, value: Any) -> bool:
    is_id = key.isascii() and key.isdigit() and len(key) <= MAX_DIGITS
    return is_id and isinstance(value, list) and all(isinstance(sent, str) for sent in value)


def _is_schedule(key: str, value: Any) -> bool:
    if not isinstance(value, dict) or not _is_each_a_number(value, {"until", "read_at"} & set(value)):
        return False
    slots = value.get("slots", [])
    is_complete = "text" not in value or "until" in value
    return is_complete and isinstance(slots, list) and all(map(_is_number, slots))


def _is_instance(key: str, value: Any) -> bool:
    if not isinstance(value, dict) or not {"created", "healthy", "reported"} <= set(value):
        return False
    is_complete = not value["reported"] or isinstance(value.get("last"), dict)
    numbers = {"restarts", "resets", "episode"} | ({"misses"} & set(value))
    return is_complete and _is_each_a_number(value, numbers)


def _is_each_a_number(value: dict[str, Any], names: set[str]) -> bool:
    return all(_is_number(value.get(name)) for name in names)


_CHECKS: dict[str, Callable[[str, Any], bool]] = {
    **dict.fromkeys((START, MISSING, SINCE, PODS), lambda key, value: _is_number(value)),
    SEEN: lambda key, value: value == "" or _is_number(value),
    ORDERS: _is_order,
    SCHEDULES: _is_schedule,
    INSTANCES: _is_instance,
}
