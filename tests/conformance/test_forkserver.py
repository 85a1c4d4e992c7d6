# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A run in a fork of a process that has imported Ansible is the run that a start of the command would be."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conformance import playbook_runner
from tests.conformance.emulators import Emulators
from tests.conformance.forkserver import fork_servers, start
from tests.conformance.playbook_runner import COLLECTION, Recorded, task

TOLD = {
    "environment": "{{ lookup('env', 'HOME', 'PATH', 'ANSIBLE_CALLBACKS_ENABLED', 'JST_IN_PROCESS', 'JST_MARK') }}",
    "folder": "{{ lookup('pipe', 'pwd') }}",
    "input": "{{ lookup('pipe', 'cat') }}",
    "forks": "{{ lookup('config', 'DEFAULT_FORKS') }}",
    "invocation": "{{ ansible_playbook_python }} {{ ansible_version.full }} {{ ansible_config_file | default('') }}",
    "transport": "{{ ansible_connection }} {{ lookup('config', 'DEFAULT_TRANSPORT') }}",
}
TEMPORARY = "{{ lookup('pipe', 'ls -A $ANSIBLE_LOCAL_TEMP') }}"
# A text with a backslash, which means something else in a file than in a playbook.
TAB = r"{{ 'a\tb' }}"
TASKS: list[dict[str, Any]] = [
    {"name": "told", "ansible.builtin.set_fact": TOLD},
    {"name": "shown", "ansible.builtin.debug": {"msg": TOLD}},
    {"name": "temporary", "ansible.builtin.set_fact": {"temporary": TEMPORARY}},
    {"name": "command", "ansible.builtin.command": "env", "register": "env", "changed_when": False},
    {"name": "escaped", "ansible.builtin.debug": {"msg": TAB}},
    {"name": "not escaped", "ansible.builtin.debug": {"msg": "{{ lookup('template', 'tab.j2') }}"}},
    {"name": "no filter", "ansible.builtin.debug": {"msg": "{{ 1 | unheard_of }}"}, "ignore_errors": True},
    task("clusters", "jst_cluster_info", {}),
    task("group", "jst_app_group", {"name": "shop"}, check_mode=True, diff=True),
    {"name": "unknown", f"{COLLECTION}.jst_app_info": {"nme": "shop"}},
]

# What runs in the main process of a server, and in forks of the command: the actions of ansible-core that roles use.
NAMES = ["one", "two"]
CORE_TASKS: list[dict[str, Any]] = [
    {"name": "each", "ansible.builtin.set_fact": {"last": "{{ item }}"}, "loop": NAMES, "register": "each"},
    {
        "name": "own",
        "ansible.builtin.set_fact": {"own": "{{ inventory_hostname }} {{ last }} {{ each.results | length }}"},
    },
    {"name": "none", "ansible.builtin.set_fact": {"own": "no"}, "loop": "{{ [] }}"},
    {"name": "skipped", "ansible.builtin.set_fact": {"some": "x"}, "when": "inventory_hostname == 'first'"},
    {"name": "of another", "ansible.builtin.debug": {"msg": "{{ hostvars.first.own }}"}, "run_once": True},
    {
        "name": "for another",
        "ansible.builtin.set_fact": {"given": "{{ own }}"},
        "delegate_to": "first",
        "delegate_facts": True,
    },
    {"name": "holds", "ansible.builtin.assert": {"that": ["own is defined", "last == 'two'"], "quiet": True}},
    {"name": "undefined", "ansible.builtin.set_fact": {"own": "{{ missing }}"}, "ignore_errors": True},
    {"name": "hidden", "ansible.builtin.set_fact": {"hidden": "{{ 'can' ~ 'ary' }}"}, "no_log": True},
    {
        "name": "judged",
        "ansible.builtin.debug": {"msg": "all"},
        "changed_when": True,
        "failed_when": "'all' in judged.msg",
    }
    | {"register": "judged", "ignore_errors": True},
    {"name": "until", "ansible.builtin.debug": {"msg": "once"}, "register": "tried", "until": "tried.msg == 'once'"},
    {
        "name": "included {{ own }}",
        "ansible.builtin.include_tasks": "{{ item }}.yml",
        "loop": NAMES,
        "when": "own is defined",
    }
    | {"vars": {"given_to": "{{ item }}"}},
    {
        "name": "block",
        "block": [
            {
                "name": "described",
                "ansible.builtin.validate_argument_spec": {
                    "argument_spec": {"number": {"type": "int", "required": True}},
                    "provided_arguments": {"number": "x"},
                },
            }
        ],
        "rescue": [{"name": "why", "ansible.builtin.debug": {"msg": "{{ ansible_failed_result.argument_errors }}"}}],
    },
    {"name": "end", "ansible.builtin.fail": {"msg": "The end of {{ own }}."}, "when": "inventory_hostname == 'first'"},
    {"name": "left", "ansible.builtin.assert": {"that": "own is undefined", "fail_msg": "{{ own }}"}},
]


@dataclass(frozen=True)
class Outcome:
    """What came of a run.

    :ivar records: without what two runs cannot have in common.
    :ivar temporary: the folders for temporary files that were there in the run, and those that were there after it.
    """

    records: list[Recorded]
    done: subprocess.CompletedProcess[str]
    temporary: tuple[set[str], set[str]]


def outcome(address: str, folder: Path, **environment: str) -> Outcome:
    """Run the tasks, the last of which fails."""
    kept: list[subprocess.CompletedProcess[str]] = []
    run = fork_servers.run

    def keep(arguments: Sequence[str], variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
        kept.append(run(arguments, variables))
        return kept[-1]

    playbook = folder / "playbook.yml"
    content = {"hosts": "all", "gather_facts": False, "vars": {"ansible_python_interpreter": sys.executable}}
    playbook.write_text(yaml.safe_dump([{**content, "tasks": TASKS}], sort_keys=False))
    (folder / "tab.j2").write_text(TAB)
    variables = {**environment, "ANSIBLE_LOCAL_TEMP": str(folder / "temporary")}
    arguments = ["-i", "localhost,", "-c", "local", "--diff", os.path.relpath(playbook)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fork_servers, "run", keep)
        records, _output = playbook_runner.run_playbook(address, folder, arguments, environment=variables)
    temporary = next(record for record in records if record.task == "temporary").result.pop("ansible_facts")
    left = {file.name for file in (folder / "temporary").iterdir()}
    return Outcome([lasting(record) for record in records], kept[0], (set(temporary["temporary"].split()), left))


def lasting(record: Recorded) -> Recorded:
    """A record without what two runs cannot have in common."""
    result = {name: value for name, value in record.result.items() if name not in ("start", "end", "delta")}
    calls = [{name: call[name] for name in ("action", "params", "kind")} for call in record.calls]
    return replace(record, result=result, calls=calls)


def test_both_are_the_same(emulators: Emulators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Results, calls, what is printed, the exit code; and each run has a temporary folder of its own and removes it."""
    address = emulators.fresh()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    monkeypatch.chdir(elsewhere)
    outcome(address, tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("JST_MARK", "seen")
    first, second = (outcome(address, tmp_path) for _dummy in range(2))
    with monkeypatch.context() as patch:
        patch.setattr(fork_servers, "run", start)
        command = outcome(address, tmp_path)
    for forked in (first, second):
        assert forked.records == command.records
        assert forked.done.stdout == command.done.stdout
        assert (forked.done.stderr, forked.done.returncode) == (command.done.stderr, command.done.returncode)
    assert len(command.records) == len(TASKS)
    assert command.done.returncode == 2
    told = command.records[0].result["ansible_facts"]
    assert (told["folder"], told["input"]) == (str(tmp_path), "")
    assert "seen" in str(told["environment"])
    (of_server,) = first.temporary[1]
    own = [forked.temporary[0] - {of_server} for forked in (first, second)]
    assert [len(folders) for folders in own] == [1, 1]
    assert own[0] != own[1]
    assert second.temporary[1] == command.temporary[1] == {of_server}


def test_actions_of_the_core_are_the_same(
    emulators: Emulators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Facts, loops, conditions, errors and what is printed, for two hosts."""
    address = emulators.fresh()
    playbook = tmp_path / "playbook.yml"
    playbook.write_text(yaml.safe_dump([{"hosts": "all", "gather_facts": False, "tasks": CORE_TASKS}], sort_keys=False))
    for name in NAMES:
        seen = [{"name": "seen", "ansible.builtin.debug": {"msg": "{{ given_to }} {{ own }}"}}]
        (tmp_path / f"{name}.yml").write_text(yaml.safe_dump(seen))
    arguments = ["-i", "first,second", "-c", "local", "--forks=1", "-v", str(playbook)]
    forked = playbook_runner.run_playbook(address, tmp_path, arguments)
    monkeypatch.setattr(fork_servers, "run", start)
    assert playbook_runner.run_playbook(address, tmp_path, arguments) == forked
    records, output = forked
    assert {record.task for record in records} >= {"each", "judged", "until", "seen", "why", "end"}, output
    assert "The end of first two 2." in output
    assert "canary" not in output


def test_configuration_counts(emulators: Emulators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From the environment, and from a file in the folder."""
    monkeypatch.chdir(tmp_path)
    address = emulators.fresh()

    def forks(**environment: str) -> Any:
        return outcome(address, tmp_path, **environment).records[0].result["ansible_facts"]["forks"]

    assert [forks(), forks(ANSIBLE_FORKS="3")] == [5, 3]
    Path("ansible.cfg").write_text("[defaults]\nforks = 4\n")
    assert forks() == 4
