# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The restarts of instances, which RestartCount counts."""

from __future__ import annotations

from jst_emulator.models.runtime import Instance

#: Seconds between two restarts of an instance that never starts.
RESTART_EVERY = 30


def count(instance: Instance, now: float) -> int:
    """Return how often an instance has restarted since its creation."""
    counted = instance.restart_count or 0
    if not instance.broken or instance.stuck:
        return counted
    if instance.broken_at is not None:
        return counted + _in_a_loop(instance.broken_at, now)
    return _in_a_loop(instance.created_at, now) if instance.restart_count is None else counted


def _in_a_loop(since: float, now: float) -> int:
    return max(0, int((now - since) // RESTART_EVERY))


def add(instance: Instance, times: int, at: float) -> None:
    """Restart an instance at the virtual time *at*; a broken one goes on to restart from then."""
    instance.restart_count = count(instance, at) + times
    instance.broken_at = at if instance.broken else None


def begin_anew(instance: Instance, at: float) -> None:
    """Let a rebuilt instance begin with its first start, at the virtual time *at*."""
    instance.created_at, instance.broken_at, instance.restart_count = at, None, None
    if instance.healed_by_rebuild:
        instance.broken = instance.stuck = instance.healed_by_rebuild = False


def mend(instance: Instance, at: float) -> None:
    """Let an instance run again, at the virtual time *at*; its restarts still count."""
    instance.restart_count = count(instance, at)
    instance.broken = instance.stuck = instance.healed_by_rebuild = False
    instance.broken_at, instance.due_at, instance.status = None, None, "Normal"
