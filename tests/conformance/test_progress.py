# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lines of progress: the act, names as they were written, warnings before the first write, and output for programs."""

from __future__ import annotations

import copy
import json
import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import COLLECTION, control, run_tasks, run_tasks_with_output, task
from tests.conformance.test_application import SHOP
from tests.conformance.test_rollout import to_port
from tests.tools.running_emulator import access

NEW = "registry.example.com/shop:2.0"
SUBJECT = "App 'shop': "


def described(**more: Any) -> dict[str, Any]:
    """Return the description of a shop, with other members of its environment."""
    options = copy.deepcopy(SHOP)
    options["environments"][0].update(more)
    options["wait_interval"] = 0.1
    return options


def progress(output: str) -> list[str]:
    """Return the lines of progress, without the host."""
    return [line.partition("] ")[2] for line in output.splitlines() if line.startswith("[localhost] ")]


def test_the_act_is_named_with_the_names_that_were_written(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    steps = [task("made", "jst_application", described()), task("more", "jst_application", described(replicas=5))]
    control(address, "clock", {"scale": 20})
    made, more = (
        run_tasks_with_output(address, tmp_path, steps[:1]),
        run_tasks_with_output(address, tmp_path, steps[1:]),
    )
    control(address, "clock", {"scale": 120})
    assert [record.result["failed"] for record in (*made[0], *more[0])] == [False, False]
    subjects = [{line.rpartition(": ")[0] for line in progress(output)} for _records, output in (made, more)]
    assert subjects == [
        {"app shop, environment production: release by deploy order 60001"},
        {"app shop, environment production: scaling by deploy order 60002"},
    ]


def test_a_wait_for_a_scaling_is_named_so(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    run_tasks(address, tmp_path, [task("made", "jst_application", described())])
    control(address, "clock", {"scale": 0})
    [late] = run_tasks(
        address, tmp_path, [task("late", "jst_application", {**described(replicas=5), "wait_timeout": 1})]
    )
    control(address, "clock", {"scale": 120})
    assert "Gave up waiting for scaling of environment 'production' after 1 s" in late.result["msg"]


def test_a_warning_about_the_whole_app_comes_before_the_first_write(emulators: Emulators, tmp_path: Path) -> None:
    """Ansible shows the warnings of a task when it has ended, which is too late for an operator who wants to stop."""
    address = emulators.fresh()
    run_tasks(address, tmp_path, [task("made", "jst_application", described())])
    renamed = described(name="live", slb_aps=[], volume_claims=[])
    predicted, output = run_tasks_with_output(
        address, tmp_path, [task("predicted", "jst_application", renamed, check_mode=True)]
    )
    assert progress(output) == []
    [warning] = [text for text in predicted[0].result["warnings"] if "is new" in text]
    _records, output = run_tasks_with_output(address, tmp_path, [task("done", "jst_application", renamed)])
    first, *others = progress(output)
    assert first == f"app 'shop': before the first change: {warning.removeprefix(SUBJECT)}"
    assert all("release by deploy order" in line for line in others)
    _records, output = run_tasks_with_output(address, tmp_path, [task("again", "jst_application", renamed)])
    assert progress(output) == []


def test_equal_warnings_of_two_apps_are_both_shown_with_their_app(emulators: Emulators, tmp_path: Path) -> None:
    """Ansible shows equal warnings once, and no host in them."""
    address = emulators.fresh()
    apps = {title: {**described(slb_aps=[], volume_claims=[]), "title": title} for title in ("shop", "other")}
    run_tasks(address, tmp_path, [task(title, "jst_application", options) for title, options in apps.items()])
    for options in apps.values():
        options["environments"][0]["name"] = "live"
    tasks = [task(title, "jst_application", options, check_mode=True) for title, options in apps.items()]
    _records, output = run_tasks_with_output(address, tmp_path, tasks)
    for title in apps:
        assert f"[WARNING]: App '{title}': Environment 'live' is new," in " ".join(output.split()), output


def test_a_moved_port_is_warned_of_before_the_first_write(emulators: Emulators, tmp_path: Path) -> None:
    address = emulators.fresh()
    run_tasks(address, tmp_path, [task("made", "jst_application", {**to_port(8080), "wait_interval": 0.1})])
    _records, output = run_tasks_with_output(address, tmp_path, [task("moved", "jst_application", to_port(9090))])
    warned = [line for line in progress(output) if "before the first change" in line]
    assert progress(output)[: len(warned)] == warned
    assert any("SLB access point" in line for line in warned)
    assert all("sends requests to port 8080 until the release has ended" in line for line in warned)


@pytest.mark.parametrize("callback", ["minimal", "oneline"])
def test_machine_readable_output_stays_so_during_a_release(callback: str, emulators: Emulators, tmp_path: Path) -> None:
    """Everything on standard output belongs to a result that is JSON, although the release showed its progress."""
    address = emulators.fresh()
    run_tasks(address, tmp_path, [task("made", "jst_application", described())])
    control(address, "clock", {"scale": 20})
    options = {"app": "shop", "environment": "production", "images": [NEW], "wait_interval": 0.1}
    tasks = [{"name": "release", f"{COLLECTION}.jst_deployment": options}]
    playbook = tmp_path / "release.yml"
    playbook.write_text(yaml.safe_dump([{"hosts": "localhost", "gather_facts": False, "tasks": tasks}]))
    done = subprocess.run(
        ["ansible-playbook", str(playbook)],
        env={**os.environ, **access(address), "ANSIBLE_STDOUT_CALLBACK": callback},
        capture_output=True,
        text=True,
        check=True,
    )
    control(address, "clock", {"scale": 120})
    assert re.search(r"^\[localhost\] .*release by deploy order 60002: running", done.stderr, re.MULTILINE)
    head, found, rest = done.stdout.partition("localhost | CHANGED => ")
    assert (head.strip(), bool(found)) == ("", True)
    result, end = json.JSONDecoder().raw_decode(rest)
    assert rest[end:].strip() == ""
    assert (result["changed"], result["deploy_order"]["result"]) == (True, "succeeded")
