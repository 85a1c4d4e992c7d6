# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An autoscaler, which changes the number of instances without a deploy order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from jst_emulator import releases, rollout
from jst_emulator.models.apps import CRON_JOB, Environment

if TYPE_CHECKING:
    from jst_emulator.world import World


class AutoscalingError(ValueError):
    """An environment cannot be scaled; the message says why."""


def scale(world: World, environment: Environment, count: int) -> None:
    """Start or remove instances until an environment has *count* of them; its ``replicas`` stay.

    New instances run the last release, and are Normal after the time of a batch. The newest are removed, at once.

    :raises AutoscalingError: the environment has no instances of a release.
    """
    if world.apps[environment.app_id].state_type == CRON_JOB:
        raise AutoscalingError(f"environment {environment.env_id} runs scheduled jobs, which have no instances")
    baseline = environment.baseline
    if baseline is None:
        raise AutoscalingError(f"environment {environment.env_id} has not been deployed yet")
    present = rollout.instances(world, environment.env_id)
    for instance in reversed(present[count:]):
        world.remove(instance)
    origin = releases.as_last_released(world, baseline)
    pending = rollout.lacks_nodes(world, environment)
    for _dummy in range(count - len(present)):
        instance = rollout.start(world, environment, baseline, "pending" if pending else "", world.now(), **origin)
        instance.due_at = None if pending else world.now() + world.settings.durations.batch
