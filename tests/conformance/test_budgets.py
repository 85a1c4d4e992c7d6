# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task may cost, as counts that are the same on every machine. ``make bench`` measures the seconds.

The calls of a task with nothing to change are counted in ``test_module_lifecycle.py``, the lines of a module file in
``tests/unit/plugins/modules/test_documentation.py``, and what the client imports in
``tests/unit/plugins/module_utils/_api/test_imports.py``.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import MODULE_CASES
from tests.conformance.playbook_runner import WAITING, run_playbook
from tests.conformance.test_application import FLEET, SHOP
from tests.conformance.test_bring_up import INVENTORY, PLAYBOOK
from tests.tools.run_in_collection import ROOT
from tests.tools.running_emulator import access

# One thing, and one task for many.
MODULES = ("jst_rds_db", "jst_application")

# As Ansible has it: the main process imports the action of a task, and forks a worker for each.
WORKERS = """
import importlib, json, os, sys
import ansible.executor.task_executor, ansible.plugins.action.normal
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template
PLUGINS = "ansible_collections.jst.retailcloud.plugins"
for module, *runs in json.load(sys.stdin):
    importlib.import_module(f"{PLUGINS}.action.{module}")
    from ansible_collections.jst.retailcloud.plugins.plugin_utils import in_process
    for options in runs:
        sys.stdout.flush()
        if os.fork():
            os.wait()
            continue
        before = set(sys.modules)
        Templar(DataLoader(), variables={}).template(trust_as_template("{{ missing | default(1) is defined }}"))
        answer = in_process.call(f"{PLUGINS}.modules.{module}", in_process.encode_arguments(options), {}, os.getcwd())
        result = json.loads(answer["stdout"])
        later = sorted(set(sys.modules) - before)
        print(json.dumps([module, result.get("changed", result), later]), flush=True)
        os._exit(0)
"""


def test_nothing_is_imported_in_a_task(emulators: Emulators, tmp_path: Path) -> None:
    """What a task imports in the worker, filters for its arguments included, every fork would import anew."""
    orders = [
        [case.module, *[{**case.key, **case.create, **WAITING}] * 2] for case in MODULE_CASES if case.module in MODULES
    ]
    environment = {**os.environ, **access(emulators.fresh()), "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", WORKERS],
        input=json.dumps(orders),
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    tasks = [json.loads(line) for line in done.stdout.splitlines()]
    assert [(module, changed) for module, changed, _dummy in tasks] == [
        (module, changed) for module, *_dummy in orders for changed in (True, False)
    ], done.stdout
    late = {module: imported for module, _dummy, imported in tasks if imported}
    assert late == {}


@pytest.mark.parametrize("app", ["shop", "order-service"])
def test_calls_of_an_app_with_nothing_to_change(app: str, emulators: Emulators, tmp_path: Path) -> None:
    """By each playbook as many as the page about performance says."""
    page = (ROOT / "docs" / "performance.md").read_text(encoding="utf-8")
    [documented] = re.findall(rf"^\| `?{app}\b.* \| \d+ \| (\d+) \| (\d+) \|$", page, re.MULTILINE)
    inventory = INVENTORY
    if app == "shop":
        inventory = tmp_path / "inventory.yml"
        variables = {f"application_{name}": value for name, value in SHOP.items() if name not in WAITING}
        inventory.write_text(yaml.safe_dump({"jst_apps": {"hosts": {app: variables}}}), encoding="utf-8")
    address = emulators.fresh()
    run_playbook(address, tmp_path, ["-i", str(inventory), "--limit", app, FLEET])
    counted = []
    for playbook in (FLEET, PLAYBOOK):
        records, output = run_playbook(address, tmp_path, ["-i", str(inventory), "--limit", app, playbook])
        assert [record.task for record in records if record.writes or record.result["failed"]] == [], output
        counted.append(str(sum(len(record.calls) for record in records)))
    assert counted == list(documented)
