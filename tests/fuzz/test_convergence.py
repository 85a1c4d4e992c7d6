# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is described is what runs, whatever was described before and whatever people did in between.

The emulator tells what each instance runs: the instances keep the documents that they were released with.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.description_parts import ALL_PARTS
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_app import app_record
from ansible_collections.jst.retailcloud.plugins.plugin_utils.drift_types import DriftOptions
from jst_emulator import autoscaling, releases, rollout, traffic
from jst_emulator.models.apps import CRON_JOB
from jst_emulator.world import World
from tests.conformance.module_cases import config_map, secret
from tests.fuzz.application_pairs import IMAGES, Options, pairs
from tests.fuzz.harness import Harness
from tests.fuzz.populated_account import EMPTY
from tests.fuzz.test_preview import MODULE, WAITS, shown

# The service shows an app of scheduled jobs as a stateless one, so that only its rejection tells them apart.
UNTOLD = "It is unknown whether the app accepts option"

# The parts in the order of the tasks of role application.
TASKS = [[part] for part in ALL_PARTS if part not in ("services", "slb_aps", "release", "absent")]
TASKS += [["services", "slb_aps", "release"], ["absent"]]


def completed(options: Options) -> Options:
    """Return a description that says of each deploy config all that it has.

    What is left out stays as it is, and an empty list leaves a ConfigMap without content.
    """
    described = copy.deepcopy(options)
    for config in described["deploy_configs"]:
        config["config_maps"] = config.get("config_maps") or [config_map("base", level="info")]
        config.setdefault("secrets", [secret("base", "canary-secret")])
    return described


def running(world: World, title: str) -> dict[str, Any]:
    """Return what each environment of an app runs: the contents of each instance, or of the scheduled jobs."""
    [app] = [one for one in world.apps.values() if one.title == title]
    shown_of = {}
    for environment in world.environments.values():
        if environment.app_id != app.app_id:
            continue
        instances = rollout.instances(world, environment.env_id)
        found = [(one.status, contents(releases.release_of(world, one))) for one in instances]
        # The baseline of an app with instances is no more than its last release.
        jobs = contents(environment.baseline) if app.state_type == CRON_JOB else None
        shown_of[environment.name] = (sorted(found, key=str), jobs)
    return shown_of


def contents(release: Any) -> Any:
    """Return the contents of a release, without ids."""
    if release is None:
        return None
    names = ("workload", "config_map_list", "images", "init_images", "code_path", "packet_url")
    # The collection writes a random revision into the first line of a Secret that it changes.
    secrets = [re.sub(r"\A# jst\.retailcloud revision: \w+\n", "", text) for text in release.secret_list]
    return {**{name: copy.deepcopy(getattr(release, name)) for name in names}, "secret_list": secrets}


def released(options: Options) -> list[str]:
    """Return the names of the environments that a description releases."""
    return [item["name"] for item in options["environments"] if "release" in item]


def routes(options: Options) -> set[tuple[str, str]]:
    """Return the services and access points of the environments that a description releases, by name."""
    return {
        (item["name"], route["name"])
        for item in options["environments"]
        if "release" in item
        for route in (*item["services"], *item["slb_aps"])
    }


def apply(harness: Harness, options: Options) -> dict[str, Any] | None:
    """Bring a description up and return what runs, ``None`` when it is rejected as a whole."""
    run = harness.run(MODULE, {**options, **WAITS})
    run.judge()
    if run.failed:
        assert not run.writes or UNTOLD in str(run.result.get("warnings")), f"refused too late: {run.result['msg']}"
        return None
    with harness.emulator.lock:
        return running(harness.emulator.world, options["title"])


Act = Callable[[Harness, str, Mapping[str, Any]], None]


def scale(harness: Harness, title: str, environment: Mapping[str, Any]) -> None:
    """A person scales an environment."""
    place = {"app": title, "environment": environment["name"]}
    harness.run("jst_scale", {**place, "replicas": environment["replicas"] + 2})


def autoscale(harness: Harness, title: str, environment: Mapping[str, Any]) -> None:
    """An autoscaler adds an instance."""
    with harness.emulator.lock:
        world = harness.emulator.world
        apps = [app.app_id for app in world.apps.values() if app.title == title]
        for one in list(world.environments.values()):
            if one.app_id in apps and one.name == environment["name"] and rollout.instances(world, one.env_id):
                autoscaling.scale(world, one, len(rollout.instances(world, one.env_id)) + 1)


def edit(harness: Harness, title: str, environment: Mapping[str, Any]) -> None:
    """A person edits the ConfigMaps of the deploy config that an environment uses."""
    options = {"name": environment["deploy_config"], "env_type": environment["env_type"]}
    harness.run("jst_deploy_config", {"app": title, **options, "config_maps": [config_map("mine", level="trace")]})


def edit_and_release(harness: Harness, title: str, environment: Mapping[str, Any]) -> None:
    """A person edits the ConfigMaps, and releases them."""
    edit(harness, title, environment)
    harness.run("jst_deployment", {"app": title, "environment": environment["name"], "force": True})


def close(harness: Harness, title: str, environment: Mapping[str, Any]) -> None:
    """A person begins a release of other images, and closes it half way."""
    place = {"app": title, "environment": environment["name"]}
    begun = harness.run("jst_deployment", {**place, "images": [f"{IMAGES[0]}-mine"], "pause_type": "first"})
    order = begun.result.get("deploy_order")
    if order:
        harness.run("jst_deploy_order", {"deploy_order_id": order["deploy_order_id"], "state": "closed"})


def nothing(harness: Harness, title: str, environment: Mapping[str, Any]) -> None:
    """Nobody does anything."""


ACTS: list[Act] = [nothing, scale, autoscale, edit, edit_and_release, close]


def compare_with_alone(populated: Harness, pair: tuple[Options, Options], act: Act) -> bool:
    """Bring up a description after another one and what people did, and compare it with that description alone.

    :returns: whether environments were compared that the description releases.
    """
    earlier, described = map(completed, pair)
    populated.restore(EMPTY)
    alone = apply(populated, described)
    if alone is None:
        return False
    populated.restore(EMPTY)
    apply(populated, earlier)
    for environment in earlier["environments"]:
        act(populated, earlier["title"], environment)
    foretold = populated.run(MODULE, {**described, **WAITS}, check=True)
    assert not foretold.writes
    run = populated.run(MODULE, {**described, **WAITS})
    run.judge()
    if run.failed:
        if UNTOLD not in str(run.result.get("warnings")):
            assert foretold.failed, run.result["msg"]
            assert not run.writes, f"refused too late: {run.result['msg']}"
        return False
    assert not foretold.failed, foretold.result["msg"]
    assert shown(foretold) == shown(run)
    with populated.emulator.lock:
        now = running(populated.emulator.world, described["title"])
        dead = [one for one in traffic.endpoints(populated.emulator.world) if one.state == "closed"]
    assert {name: now[name] for name in released(described)} == {name: alone[name] for name in released(described)}
    again = populated.run(MODULE, {**described, **WAITS})
    assert not again.failed, again.result["msg"]
    assert (again.result["changed"], again.writes) == (False, [])
    due = {each["environment"] for each in again.result["release_due"]}
    assert not due & set(released(described))
    told = [remark["message"] for remark in again.result["closed_ports"]]
    # What an earlier description made is unmanaged now.
    dead = [one for one in dead if (one.environment, one.name) in routes(described)]
    assert [one for one in dead if not any(str(one.target_port) in text for text in told)] == []
    compared = populated.run(MODULE, {**described, **WAITS}, check=True).result
    record = app_record(described["title"], compared, {}, {}, DriftOptions((), {}, 9))
    assert record["status"] == ["as_described"] or due or told, record
    return bool(released(described))


def test_what_is_described_runs(populated: Harness) -> None:
    compared: list[bool] = []

    # One in four descriptions is accepted and releases something.
    @settings(max_examples=settings().max_examples * 14)
    @given(pairs(min_environments=1), st.sampled_from(ACTS))
    def holds(pair: tuple[Options, Options], act: Act) -> None:
        compared.append(compare_with_alone(populated, pair, act))

    holds()
    assert any(compared), "no example released anything"


def compare_with_parts(populated: Harness, pair: tuple[Options, Options]) -> bool:
    """Bring up two descriptions in one task each, and part by part, and compare what runs.

    :returns: whether environments were compared that the descriptions release.
    """
    pair = completed(pair[0]), completed(pair[1])
    populated.restore(EMPTY)
    states = [apply(populated, options) for options in pair]
    if None in states:
        return False
    populated.restore(EMPTY)
    for options, state in zip(pair, states, strict=True):
        changed_secrets: list[Any] = []
        for parts in TASKS:
            by_part = populated.run(
                MODULE, {**options, **WAITS, "parts": parts, "changed_secrets": changed_secrets}
            ).result
            assert not by_part.get("failed"), by_part["msg"]
            changed_secrets += by_part["changed_secrets"]
        with populated.emulator.lock:
            assert running(populated.emulator.world, options["title"]) == state
        whole = populated.run(MODULE, {**options, **WAITS})
        assert (whole.result["changed"], whole.writes) == (False, [])
    return any(map(released, pair))


def test_one_task_and_many_end_in_the_same_state(populated: Harness) -> None:
    """The role has a task for each part of the description."""
    compared: list[bool] = []

    @settings(max_examples=settings().max_examples * 4)
    @given(pairs(min_environments=1))
    def holds(pair: tuple[Options, Options]) -> None:
        compared.append(compare_with_parts(populated, pair))

    holds()
    assert any(compared), "no example released anything"
