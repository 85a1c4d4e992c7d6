# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What playbooks make of variables that are null or digits: nothing is touched that was not named.

``tests/fuzz/test_identity.py`` tries every identifying option of every module. These runs show that null and digits
come through templates and both ways of running a module as they were meant.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import APP, CONFIG, ENVIRONMENT, OWNER
from tests.conformance.playbook_runner import Recorded, control, in_interpreter, run_tasks, task

PRECIOUS = {**APP, "title": "precious"}
PRODUCTION = {**ENVIRONMENT, "app": "precious", "cluster": "emu-online"}
PRODUCTION_HERE = {name: value for name, value in PRODUCTION.items() if name != "app"}
NOTHING: dict[str, Any] = {"vars": {"nothing": None, "spaces": "  "}}
PREPARED = [
    task("app", "jst_app", PRECIOUS),
    task("config", "jst_deploy_config", {**CONFIG, "app": "precious"}),
    task("environment", "jst_environment", PRODUCTION),
]

# Each would fit the only app, or the only environment, of the account. Options, and which of them the message names.
NULLS: list[tuple[str, dict[str, Any], str]] = [
    ("jst_app", {"title": None, "state": "absent", "force": True}, "title"),
    ("jst_app", {"title": "{{ nothing }}", "description": "written to the wrong app"}, "title"),
    ("jst_app", {"title": "", "biz_code": "JST"}, "title"),
    ("jst_environment", {"app": "precious", "name": "{{ nothing }}", "replicas": 9}, "name"),
    ("jst_environment", {"app": "precious", "name": "{{ nothing }}", "state": "absent", "force": True}, "name"),
    ("jst_environment", {"app": "{{ nothing }}", "name": "production", "state": "absent", "force": True}, "app"),
    ("jst_scale", {"app": "{{ spaces }}", "environment": "production", "replicas": 9}, "app"),
    ("jst_deploy_config", {"app": "precious", "name": "web", "state": "absent"}, "env_type"),
    ("jst_environment_info", {"app": "{{ nothing }}"}, "app"),
    # Characters that show nothing, control characters, and what Ansible would make a number of.
    ("jst_app", {"title": "\u200b", "state": "absent", "force": True}, "title"),
    ("jst_app", {"title": "precious\n", "state": "absent", "force": True}, "title"),
    ("jst_scale", {"app": "precious", "environment": "production", "replicas": True}, "replicas"),
    ("jst_scale", {"app": "precious", "environment": "production", "replicas": "1e3"}, "replicas"),
    ("jst_environment", {"app_id": "1_0001", "name": "production", "state": "absent", "force": True}, "app_id"),
    ("jst_application", {**PRECIOUS, "environments": [{**PRODUCTION_HERE, "replicas": "3e0"}]}, "replicas"),
    (
        "jst_application",
        {**PRECIOUS, "deploy_configs": [{"name": "{{ spaces }}", "env_type": "online"}]},
        "name",
    ),
]


@pytest.mark.parametrize("in_process", [True, False], ids=["worker", "process"])
def test_null_names_nothing(in_process: bool, emulators: Emulators, tmp_path: Path) -> None:
    """For real, with force, in check mode: an error that names the option, no call, and nothing has changed."""
    address = emulators.fresh()
    for record in run_tasks(address, tmp_path, PREPARED):
        assert record.result["changed"], record.result
    before = control(address, "state")
    tasks = [
        task(f"{number} {check}", module, options, check_mode=check, **NOTHING)
        for number, (module, options, _blamed) in enumerate(NULLS)
        for check in (True, False)
    ]
    if not in_process:  # check mode is a matter of the module, which is the same one
        tasks = [one if one["check_mode"] else in_interpreter(one) for one in tasks]
    records = run_tasks(address, tmp_path, tasks, in_process=True)
    for record, blamed in zip(records, [blamed for *_dummy, blamed in NULLS for _twice in range(2)], strict=True):
        assert record.result["failed"], f"{record.task}: {record.result}"
        assert blamed in record.result["msg"], f"{record.task}: {record.result['msg']}"
        assert record.calls == [], record.task
    assert control(address, "state") == before


@pytest.mark.parametrize("in_process", [True, False], ids=["worker", "process"])
def test_digits_name_what_has_them_as_its_name(in_process: bool, emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    digits = "{{ found.apps[0].app_id | string }}"
    scaling = {"environment": "production", "replicas": 5}
    found = task("found", "jst_app_info", {"title": "precious"}, register="found")
    tasks = [
        *PREPARED,
        found,
        task("titled as the id", "jst_app", {**APP, "title": digits, "user_roles": OWNER}),
        task("618", "jst_environment", {**PRODUCTION, "name": "618", "replicas": 1}),
    ]
    checked = [
        found,
        task("both", "jst_scale", {"app": digits, **scaling}),
        task("own title", "jst_app", {"title": digits, "biz_title": "digits"}),
        task("by id", "jst_environment_info", {"app_id": digits}),
        task("in 618", "jst_scale", {"app": "precious", "environment": "618", "replicas": 1}, check_mode=True),
    ]
    made = run_tasks(address, tmp_path, tasks)
    assert not [record.result for record in made if record.result["failed"]]
    precious, other = (made[number].result["app"]["app_id"] for number in (0, 4))
    done = {record.task: record for record in run_tasks(address, tmp_path, checked, in_process=in_process)}
    check_digits(done, precious, other)


def check_digits(done: dict[str, Recorded], precious: int, other: int) -> None:
    """The app with the title was found by its title, the one with the id by its id, and neither by both."""
    both = done["both"].result
    assert both["failed"]
    assert f"{str(precious)!r} is both the name of app {other} and the id of another app" in both["msg"]
    assert done["both"].writes == []
    assert done["own title"].result["app"]["app_id"] == other
    assert {item["name"] for item in done["by id"].result["environments"]} == {"production", "618"}
    assert "Environment '618' runs nothing" in done["in 618"].result["msg"], done["in 618"].result
