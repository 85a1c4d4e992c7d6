# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The comparison after a write: what was asked for, and what the service then shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plan import Plan
    from .resource import Resource, State
    from .task import Task


def took_effect(task: Task, resource: Resource, plan: Plan, given: State, state: State | None) -> bool:
    """Warn of each value that the service does not show although it was written; costs no call.

    A later run cannot know that an earlier one wrote the same. It writes once more, and warns again.

    :param plan: what was carried out.
    :param state: what was read after the last write.
    :returns: whether the task counts as changed: not when the service shows everything as it was before the write.
    """
    if task.state != "present" or state is None or not resource.exists(state):
        return True
    whose = resource.describe({**given, **state})
    for item in (resource.field(name) for name in resource.forced(task, given, state)):
        if item.path:
            task.warn(
                f"The service does not show {item.option_name} of {whose}, so every run sends what was given and "
                "counts it as a change. "
                f"Set {item.update_option}=on_create to send it only on creation and with other changes."
            )
    if resource.reached(task, given, state):
        return True
    missed = resource.differences(given, state)
    for name in missed:
        item = resource.field(name)
        told = f"Option {item.option_name} of {whose} was written, and the service still shows another value"
        task.warn(f"{told}{item.kind.difference(given[name], state.get(name))}.")
    return not missed or _shows_change(task, resource, plan, given, state)


def _shows_change(task: Task, resource: Resource, plan: Plan, given: State, state: State) -> bool:
    """Whether a write had an effect that the service shows, or may have had one that it does not show."""
    before = plan.before
    if before is None or resource.forced(task, given, before):
        return True
    options = [item for item in resource.fields if item.option_name]
    hidden = [item for item in options if item.whole and item.name in given]
    return any(before.get(item.name) != state.get(item.name) for item in options) or any(
        not resource.is_shown(item, given, state) for item in hidden
    )
