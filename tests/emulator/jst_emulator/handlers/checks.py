# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks of parameters that several handlers share."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, TypeVar

from jst_emulator.registry import AlreadyExistsError, BusinessError, Params
from jst_emulator.world import World

T = TypeVar("T")


def require(p: Params, name: str) -> Any:
    """Return the value of a parameter that is required in the present state only."""
    if name not in p:
        raise BusinessError(f"{name} is missing.")
    return p[name]


def require_nonblank(p: Params, *names: str) -> None:
    """Check that the parameters that were sent are not blank."""
    for name in names:
        if name in p and not str(p[name]).strip():
            raise BusinessError(f"{name} must not be empty.")


def check_port(p: Params, *names: str) -> None:
    """Check that the parameters that were sent are port numbers."""
    for name in names:
        if name in p and not 1 <= p[name] <= 65535:
            raise BusinessError(f"{name} {p[name]} is not a port number.")


def check_new_name(world: World, what: str, name: str, others: Iterable[str]) -> None:
    """Check that no other object has the name, under the reading that names are unique."""
    if world.settings.readings.names == "unique" and name in others:
        raise AlreadyExistsError(f"{what} {name} exists already.")


def check_region(world: World, name: str) -> None:
    """Check that the account has a VPC in the region, under the reading that demands it."""
    if world.settings.readings.regions == "of_account" and name not in {one.region_id for one in world.vpcs.values()}:
        raise BusinessError(f"Region {name} is not available.")


def first_duplicate(values: Iterable[T]) -> T | None:
    """Return the first value that occurs a second time, None without one."""
    seen = set()
    for value in values:
        if value in seen:
            return value
        seen.add(value)
    return None
