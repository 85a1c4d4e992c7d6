# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tags of the roles' tasks are those of the documentation, and reach the tasks of included files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatch
from typing import Any

import pytest
import yaml

from tests.tools.run_in_collection import ROOT

ROLES = ROOT / "roles"
README = (ROLES / "application" / "README.md").read_text(encoding="utf-8")
INCLUDE, IMPORT = "ansible.builtin.include_tasks", "ansible.builtin.import_tasks"


def documented() -> dict[str, set[str]]:
    """Return the tags of each role by the tables of the documentation."""
    section = README.split("## Tags")[1].split("\n## ")[0]
    own, others = section.split("The other roles")
    tags = {"application": set(re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`.*?) \|", own, re.MULTILINE))))}
    for role, listed in re.findall(r"^\| \[(\w+)\]\S+ \| (.*) \|$", others, re.MULTILINE):
        tags[role] = set(re.findall(r"`(\w+)`", listed))
    return tags


def tasks_of(block: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Yield the tasks of a list of tasks and blocks."""
    for task in block:
        inner = [one for name in ("block", "rescue", "always") for one in task.get(name, [])]
        if inner:
            yield from tasks_of(inner)
        else:
            yield task


def files(role: str) -> Mapping[str, list[dict[str, Any]]]:
    """Return the tasks of each file of a role, by its path below the folder of tasks."""
    folder = ROLES / role / "tasks"
    read = {file: yaml.safe_load(file.read_text(encoding="utf-8")) for file in sorted(folder.rglob("*.yml"))}
    return {str(file.relative_to(folder)): list(tasks_of(content)) for file, content in read.items()}


def named(content: Mapping[str, Any], name: str, included: str) -> list[str]:
    """Return the files that a task of a file includes or imports. A template stands for any name."""
    folder = name.rpartition("/")[0]
    # An expression names each of the files.
    texts = re.findall(r"'([\w/]+\.yml)'", included) or [re.sub(r"{{.*?}}", "*", included)]
    patterns = [f"{folder}/{text}".lstrip("/") for text in texts]
    found = [file for file in content for pattern in patterns if fnmatch(file, pattern)]
    assert found, f"{name}: {included}"
    return found


def has_tags(content: Mapping[str, Any], name: str, task: Mapping[str, Any]) -> bool:
    """Return whether a task has tags. Tasks of imported files have those of the import."""
    if task.get("tags") or IMPORT not in task:
        return bool(task.get("tags"))
    return all(has_tags(content, file, inner) for file in named(content, name, task[IMPORT]) for inner in content[file])


@pytest.mark.parametrize("role", sorted(one.name for one in ROLES.iterdir() if one.is_dir()))
def test_the_tags_of_a_role_are_documented(role: str) -> None:
    found = {tag for tasks in files(role).values() for task in tasks for tag in task.get("tags", [])}
    assert found - {"always"} == documented()[role]


@pytest.mark.parametrize("role", sorted(one.name for one in ROLES.iterdir() if one.is_dir()))
def test_included_files_get_the_tags_of_their_task(role: str) -> None:
    """Ansible itself hands no tag on to the tasks of an included file, which are skipped without any."""
    content = files(role)
    for name, tasks in content.items():
        for task in tasks:
            if isinstance(task.get(INCLUDE), str):
                assert task["tags"] == ["always"], task["name"]
                for file in named(content, name, task[INCLUDE]):
                    assert all(has_tags(content, file, inner) for inner in content[file]), task["name"]
            elif INCLUDE in task:
                assert task["tags"] == task[INCLUDE]["apply"]["tags"], task["name"]


@pytest.mark.parametrize("role", sorted(one.name for one in ROLES.iterdir() if one.is_dir()))
def test_every_task_of_an_entry_point_has_a_tag(role: str) -> None:
    """Its own, or those of the tasks that it imports."""
    content = files(role)
    for task in content["main.yml"]:
        assert has_tags(content, "main.yml", task), task["name"]


@pytest.mark.parametrize(
    "role", sorted(one.name for one in ROLES.iterdir() if one.is_dir() and one.name != "application")
)
def test_every_role_links_to_the_table(role: str) -> None:
    assert "(../application/README.md#tags)" in (ROLES / role / "README.md").read_text(encoding="utf-8")
