# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Race two runs that both find no resource and both create it, while the response to one of them is lost.

A barrier of the emulator makes them meet, so that nothing here depends on how fast a machine is. The runs are those of
the engine, in threads of this process; what a module puts around it takes no part in a race.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from ansible_collections.jst.retailcloud.plugins.module_utils._core.argument_specs import module_options
from ansible_collections.jst.retailcloud.plugins.module_utils._core.engine import Outcome, reconcile
from ansible_collections.jst.retailcloud.plugins.module_utils._core.resource import Resource
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_group import AppGroup
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deployment import Deployment
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.environment import Environment
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.service import Service
from tests.conformance.account import Account
from tests.conformance.module_cases import APP, CONFIG, ENVIRONMENT, PLACE
from tests.conformance.parallel_runs import GROUP, SERVICE
from tests.conformance.playbook_runner import control
from tests.tools.running_emulator import access

#: The part of every pause that is waited for. The emulator loses answers at once, so nothing takes its full time.
SLEEP_FACTOR = 0.1


@dataclass(frozen=True)
class CreateRace:
    """A resource that two runs create at the same moment.

    :ivar barrier: the calls in which both runs are held until the other has come: the read by which a run finds that
        the resource does not exist, or the create itself.
    :ivar creates: the operation that creates it.
    :ivar table: where the emulator keeps it.
    """

    resource: type[Resource]
    options: Mapping[str, Any]
    barrier: Mapping[str, Any]
    creates: str
    table: str

    def __str__(self) -> str:
        return self.resource.label


#: What becomes of the first or the second create of two: its answer is lost, or it is executed some calls later.
LOST: tuple[dict[str, Any], ...] = ({"kind": "drop_after"}, {"kind": "late_delivery", "calls": 3})


def after(action: str) -> dict[str, Any]:
    """Return a barrier that holds the responses of an operation."""
    return {"action": action, "hold": "after"}


CREATE_RACES = (
    CreateRace(App, {**APP, "title": "cart"}, after("ListApp"), "CreateApp", "apps"),
    CreateRace(AppGroup, {**GROUP, "apps": ["shop"]}, after("ListAppGroup"), "CreateAppGroup", "groups"),
    CreateRace(
        DeployConfig, {**CONFIG, "name": "second"}, after("ListDeployConfig"), "CreateDeployConfig", "deploy_configs"
    ),
    CreateRace(
        Environment, {**ENVIRONMENT, "name": "second"}, after("ListAppEnvironment"), "CreateEnvironment", "environments"
    ),
    CreateRace(Service, {**PLACE, **SERVICE}, after("ListServices"), "CreateService", "services"),
    CreateRace(
        Deployment,
        {**PLACE, "images": ["registry.example.com/shop:1.0"]},
        {"action": "DeployApp", "hold": "before"},
        "DeployApp",
        "orders",
    ),
)


def run_engine(address: str, race: CreateRace) -> Outcome:
    """Run the engine once."""
    resource = race.resource()
    defaults = {name: option.get("default") for name, option in module_options(resource).items()}
    options = {**defaults, **race.options, "wait_timeout": 120, "wait_interval": 0.1}
    with Client(resolve_settings({}, access(address)), sleep=sleep_shorter) as client:
        return reconcile(RunContext(client, options, sleep=sleep_shorter), resource)


def sleep_shorter(seconds: float) -> None:
    """Sleep for a part of the time."""
    time.sleep(seconds * SLEEP_FACTOR)


def run_race(address: str, race: CreateRace, faults: Sequence[Mapping[str, Any]] = ()) -> list[Outcome]:
    """Run the two sides of a race.

    :param faults: what goes wrong with their calls.
    :raises AssertionError: when they did not meet.
    """
    control(address, "barriers", method="DELETE")
    control(address, "faults", method="DELETE")
    control(address, "barriers", {**race.barrier, "callers": 2})
    if faults:
        control(address, "faults", list(faults))
    with ThreadPoolExecutor(2) as pool:
        outcomes = list(pool.map(lambda _dummy: run_engine(address, race), range(2)))
    [barrier] = control(address, "barriers")
    assert (barrier["met"], barrier["timed_out"]) == (1, 0), barrier
    return outcomes


def run_race_with_lost_response(address: str, folder: Path, race: CreateRace, fault: Mapping[str, Any]) -> None:
    """Run a race in a new account, and lose the response to a create.

    :param fault: its kind, and how many creates it lets pass.
    :raises AssertionError: when not one of each is left, or a later run finds something to do.
    """
    control(address, "reset", method="POST")
    Account(address, folder)
    before = len(control(address, "state")[race.table])
    run_race(address, race, [{"action": race.creates, **fault}])
    [armed] = control(address, "faults")
    assert armed["struck"] == 1, armed
    left = control(address, "state")[race.table]
    assert len(left) == before + 1, left
    control(address, "calls", method="DELETE")
    outcome = run_engine(address, race)
    writes = [call["action"] for call in control(address, "calls") if call["kind"] == "write"]
    assert (outcome.changed, writes) == (False, []), writes
