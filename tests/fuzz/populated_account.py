# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""An account with a resource of every kind, and a task for every module."""

from __future__ import annotations

from collections.abc import Mapping

from tests.conformance.module_cases import (
    APP,
    CLUSTER,
    ENVIRONMENT,
    MODULE_CASES,
    MYSQL,
    PLACE,
    RELEASE,
    ModuleCase,
    Options,
    cron_job,
)
from tests.fuzz.argument_specs import own_options
from tests.fuzz.harness import Harness

# Names of save points: as at the start, and with something of every kind.
EMPTY, FULL = "empty", "full"

BY_MODULE: Mapping[str, ModuleCase] = {case.module: case for case in MODULE_CASES}
POD = "jck-deployment-shop-10001-20001-60001-7ee127fd3e-9d642"
NIGHT: Options = {"app": "night", "name": "jobs", "env_type": "online", "cron_job": cron_job()}

# What describes much of the same again.
WHOLE = ("jst_application",)

# What row tables of the conformance tests do not have: options of info modules that need some, and of the others.
FURTHER: Mapping[str, Options] = {
    "jst_api": {"action": "DescribeAppDetail", "parameters": {"AppId": 10001}},
    "jst_app_instance_info": PLACE,
    "jst_deploy_order_info": PLACE,
    "jst_event_info": {**PLACE, "pod_name": POD},
    "jst_app_instance": {**PLACE, "instance": POD, "state": "rebuilt"},
    "jst_job_info": {"app": "night", "environment": "production"},
    "jst_metric_info": {**PLACE, "metric": "pod.cpu.usage_rate", "pod_name": POD},
    "jst_node_label_info": {"cluster": "emu-online"},
    "jst_pod_info": {**PLACE, "deploy_order_id": 60001, "log": True, "events": True, "container_log": True},
    "jst_rds_backup_info": {"instance_id": MYSQL},
    "jst_user_info": {},
}


def base_options(module: str) -> Options:
    """Return options with which a module acts in the full account. Info modules read all their details."""
    case = BY_MODULE.get(module.removesuffix("_info"))
    if module in FURTHER:
        options = FURTHER[module]
    elif case is None or (module not in BY_MODULE and case.info is None):
        raise KeyError(f"say in {__name__}.FURTHER what {module} usually does")
    else:
        options = {**case.key, **case.create} if module in BY_MODULE else case.info or {}
    switches = [name for name, option in own_options(module).items() if option["type"] == "bool"]
    further = dict.fromkeys(switches, True) if module.endswith("_info") else {}
    # What is done at once differs from run to run.
    alone = {"parallelism": 1} if "parallelism" in own_options(module) else {}
    return {**further, **alone, **options, **({"available": False} if "available" in further else {})}


def absent_options(module: str) -> Options | None:
    """Return options with which a module deletes something, or None when it deletes nothing."""
    case = BY_MODULE.get(module)
    if case is None or case.absent is None or "absent" not in own_options(module).get("state", {}).get("choices", ()):
        return None
    return {**case.key, **case.absent, "state": "absent"}


def populate(harness: Harness) -> None:
    """Create a resource of every kind in an empty account.

    :raises AssertionError: when that did not go well.
    """
    harness.save(EMPTY)
    tasks: list[tuple[str, Options]] = []
    for case in MODULE_CASES:
        tasks += case.prepare
        if not (case.act or case.module in WHOLE):
            tasks.append((case.module, {**case.key, **case.create}))
    tasks += [
        ("jst_app", {**APP, "title": "night", "state_type": "cron_job"}),
        ("jst_deploy_config", NIGHT),
        ("jst_environment", {**ENVIRONMENT, "app": "night", "deploy_config": "jobs", "cluster": "emu-online"}),
        ("jst_deployment", {"app": "night", "environment": "production"}),
        ("jst_cluster", {**CLUSTER, "title": "supply"}),
        ("jst_deployment", {**RELEASE, "images": ["registry.example.com/shop:1.2"]}),
    ]
    done: list[tuple[str, Options]] = []
    for module, options in tasks:
        if (module, options) in done:
            continue
        done.append((module, options))
        run = harness.run(module, options)
        assert not run.failed, run
    with harness.emulator.lock:
        harness.emulator.clock.advance(7200)
        harness.emulator.world.advance()
    harness.save(FULL)
