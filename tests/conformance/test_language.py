# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Hints in the language of the user, from the environment of the run to the result, in each way of running a module."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.emulators import Emulators
from tests.conformance.playbook_runner import run_tasks, task

MISSPELT = {"action": "ListApps", "access_key_id": "id", "access_key_secret": "secret"}
MESSAGE = "retailcloud 2018-03-13 has no documented operation 'ListApps'"
CHINESE = "是不是想写 ListApp, "

# Becomes another user as sudo does, which resets the environment.
SUDO = """\
#!/bin/sh
while [ "$1" != /bin/sh ]; do shift; done
exec env -i PATH=/usr/bin:/bin HOME="$HOME" "$@"
"""


@pytest.mark.parametrize("in_process", [True, False], ids=["worker", "interpreter"])
def test_hints_are_chinese(emulators: Emulators, tmp_path: Path, in_process: bool) -> None:
    """Messages stay English, hints have the values as before, and a task can ask for English."""
    tasks = [
        task("The service rejects the key", "jst_app_info", {"access_key_id": "nobody", "access_key_secret": "wrong"}),
        task("Misspelt", "jst_api", MISSPELT),
        task("English for this task", "jst_api", MISSPELT, environment={"JST_LANG": "en"}),
    ]
    rejected, misspelt, english = (
        record.result
        for record in run_tasks(
            emulators.fresh("canonical"), tmp_path, tasks, in_process=in_process, environment={"JST_LANG": "zh_CN"}
        )
    )
    print(rejected["msg"], misspelt["msg"], english["msg"], sep="\n")
    assert rejected["msg"].startswith("Could not list apps: ")
    assert rejected["error"]["hint"].startswith("该 AccessKey ID 不存在：请检查 access_key_id、")
    assert misspelt["error"]["message"] == english["error"]["message"] == MESSAGE
    assert misspelt["error"]["hint"].startswith(CHINESE)
    assert misspelt["msg"] == f"{MESSAGE}. {misspelt['error']['hint']}"
    assert english["msg"].startswith(f"{MESSAGE}. Did you mean ListApp")


def test_another_user_gets_the_language_of_the_controller(emulators: Emulators, tmp_path: Path) -> None:
    """The environment of a module on another machine, or of another user, is not that of the run."""
    sudo = tmp_path / "sudo"
    sudo.write_text(SUDO)
    sudo.chmod(0o755)
    become = {"become": True, "vars": {"ansible_become_exe": str(sudo), "ansible_pipelining": True}}
    [record] = run_tasks(
        emulators.fresh("canonical"),
        tmp_path,
        [task("As another user", "jst_api", MISSPELT, **become)],
        environment={"JST_LANG": "zh_CN", "ANSIBLE_BECOME_ALLOW_SAME_USER": "true"},
    )
    assert record.result["error"]["hint"].startswith(CHINESE)
