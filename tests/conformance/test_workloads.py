# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Each kind of app has its kind of workload."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import APP, cron_job, deployment
from tests.conformance.playbook_runner import run_tasks, task

SHOP, REPORT = deployment(), cron_job()
SCALED = {**SHOP, "spec": {**SHOP["spec"], "replicas": 3}}

# By the kind of app: the option of its workload, a document, and another one.
KINDS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "stateless": ("deployment", SHOP, SCALED),
    "stateful": ("stateful_set", {**SHOP, "kind": "StatefulSet"}, {**SCALED, "kind": "StatefulSet"}),
    "cron_job": ("cron_job", REPORT, cron_job("0 4 * * *")),
}


@pytest.mark.parametrize("answers", ["canonical", "sample"])
def test_workloads(answers: str, emulators: Emulators, tmp_path: Path) -> None:
    """A deploy config takes the workload of its app, shows it, changes it and lists it."""
    tasks = []
    for kind, (option, document, other) in KINDS.items():
        config = {"app": kind, "name": "main", "env_type": "online", "code_path": "/app"}
        tasks += [
            task(f"{kind} app", "jst_app", {**APP, "title": kind, "state_type": kind}),
            task(f"{kind} config", "jst_deploy_config", {**config, option: document}),
            task(f"{kind} changed", "jst_deploy_config", {**config, option: other}),
            task(f"{kind} changed again", "jst_deploy_config", {**config, option: other}),
            task(f"{kind} list", "jst_deploy_config_info", {"app": kind}),
        ]
    done = {record.task: record.result for record in run_tasks(emulators.fresh(answers), tmp_path, tasks)}
    for kind, (option, document, other) in KINDS.items():
        assert done[f"{kind} app"]["app"]["state_type"] == kind, done[f"{kind} app"]
        assert done[f"{kind} config"]["deploy_config"][option] == document
        assert done[f"{kind} changed"]["deploy_config"][option] == other
        assert done[f"{kind} changed again"]["changed"] is False
        (listed,) = done[f"{kind} list"]["deploy_configs"]
        assert {name for name, *_dummy in KINDS.values() if listed[name] is not None} == {option}
        assert (listed[option], listed["code_path"]) == (other, "/app")
