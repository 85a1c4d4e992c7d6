# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The environments, instances and users that entries of the timeline name."""

from __future__ import annotations

from typing import Any

from jst_emulator import rollout
from jst_emulator.call_filter import Option, integer_option
from jst_emulator.models.apps import CRON_JOB, Baseline, Environment
from jst_emulator.models.runtime import Instance
from jst_emulator.timeline.schedule import TimelineError
from jst_emulator.world import World

ENVIRONMENT = {"env_id": integer_option(required=True)}
#: An instance: by its id, or by its position among the instances of an environment, 0 for the oldest.
INSTANCE = {"app_instance_id": Option(str), "env_id": integer_option(), "position": integer_option()}


def environment_of(world: World, given: dict[str, Any]) -> Environment:
    """Return the environment that an entry names.

    :raises TimelineError: it does not exist.
    """
    found = world.environments.get(given["env_id"])
    if found is None:
        raise TimelineError(f"there is no environment {given['env_id']}")
    return found


def jobs_of(world: World, given: dict[str, Any]) -> Environment:
    """Return the environment of scheduled jobs that an entry names.

    :raises TimelineError: it does not exist, or its app has another type.
    """
    environment = environment_of(world, given)
    if world.apps[environment.app_id].state_type != CRON_JOB:
        raise TimelineError(f"environment {environment.env_id} does not run scheduled jobs")
    return environment


def baseline_of(environment: Environment) -> Baseline:
    """Return the last release of an environment.

    :raises TimelineError: there is none.
    """
    if environment.baseline is None:
        raise TimelineError(f"environment {environment.env_id} has not been deployed yet")
    return environment.baseline


def check_instance(world: World, given: dict[str, Any]) -> None:
    """Check that an entry names an instance in one way only, and that its environment exists.

    :raises TimelineError: it does not.
    """
    by_id, by_position = given["app_instance_id"] is not None, given["env_id"] is not None
    if by_id == by_position:
        raise TimelineError("an instance is named by app_instance_id, or by env_id with position")
    if by_position:
        environment_of(world, given)
    elif given["position"] is not None:
        raise TimelineError("position needs env_id")


def instance_of(world: World, given: dict[str, Any]) -> Instance:
    """Return the instance that an entry names.

    :raises TimelineError: it does not exist.
    """
    check_instance(world, given)
    if given["app_instance_id"] is not None:
        found = world.instances.get(given["app_instance_id"])
        if found is None:
            raise TimelineError(f"there is no instance {given['app_instance_id']}")
        return found
    present, position = rollout.instances(world, given["env_id"]), given["position"] or 0
    if position >= len(present):
        raise TimelineError(f"environment {given['env_id']} has {len(present)} instances, none at position {position}")
    return present[position]
