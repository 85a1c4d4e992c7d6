# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Commands of the documentation have the options and targets that they name, and its YAML what modules take."""

from __future__ import annotations

import importlib
import re
import shlex
import subprocess
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._core.connection_options import (
    ACCESS_OPTIONS,
    WAIT_OPTIONS,
)
from jst_emulator.__main__ import _parser as emulator_parser
from tests.conformance.guides import commands
from tests.tools.docs import FRONT, pages
from tests.tools.markdown_text import page
from tests.tools.module_texts import MODULES
from tests.tools.module_texts import read as text
from tests.tools.run_in_collection import NAME, NAMESPACE, ROOT

PAGES = [FRONT, *pages(ROOT)]
COMMAND_LINES = {
    "ansible": ("adhoc", "AdHocCLI"),
    "ansible-doc": ("doc", "DocCLI"),
    "ansible-galaxy": ("galaxy", "GalaxyCLI"),
    "ansible-inventory": ("inventory", "InventoryCLI"),
    "ansible-playbook": ("playbook", "PlaybookCLI"),
    "ansible-vault": ("vault", "VaultCLI"),
}
# Programs of others.
OTHERS = {
    *(
        "aliyun",
        "ansible-builder",
        "ansible-rulebook",
        "ansible-runner",
        "apt-get",
        "docker",
        "git",
        "jq",
        "pip",
        "podman",
        "python",
        "python3",
    ),
    *(
        "cat",
        "cd",
        "chmod",
        "cp",
        "curl",
        "echo",
        "export",
        "kill",
        "ls",
        "mkdir",
        "mv",
        "rm",
        "sed",
        "source",
        "unset",
    ),
}
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
TARGETS = set(re.findall(r"^([a-z]+):", MAKEFILE, re.MULTILINE))
SETTINGS = set(re.findall(r"^([A-Z_]+) \?=", MAKEFILE, re.MULTILINE))
PLAYBOOKS = {file.stem for file in (ROOT / "playbooks").glob("*.yml")}
ROLES = {folder.name for folder in (ROOT / "roles").iterdir()}
PREFIX = f"{NAMESPACE}.{NAME}."
# The options of event sources, which rulebooks name as tasks name modules.
SOURCES = {
    file.stem: set(yaml.safe_load(file.read_text(encoding="utf-8"))["DOCUMENTATION"]["options"])
    for file in (ROOT / "extensions" / "eda" / "plugins" / "event_source").glob("*.yaml")
}


class Loader(yaml.SafeLoader):
    """YAML with tags of Ansible, which are looked through."""


Loader.add_multi_constructor("!", lambda loader, _tag, node: loader.construct_scalar(node))


def places(language: str) -> Iterator[tuple[str, str]]:
    """The blocks of code in a language: where each stands, and what it says."""
    for name in PAGES:
        for block in page(ROOT / name).blocks:
            if block.language == language:
                yield f"{name}:{block.line}", block.text


def test_commands() -> None:
    """Each command has the options, targets and playbooks that a page gives it."""
    found = [
        f"{place}: {line}: {fault}"
        for place, block in places("console")
        for line in commands(block)
        for fault in faults_of_command(line)
    ]
    assert found == []


def test_scripts() -> None:
    """Scripts can be read by the shell."""
    for place, block in places("bash"):
        read = subprocess.run(["bash", "-n"], input=block, capture_output=True, text=True, check=False)
        assert read.returncode == 0, f"{place}: {read.stderr}"


def faults_of_command(line: str) -> Iterator[str]:
    """What is wrong with a command."""
    words = shlex.split(line.partition(" | ")[0].removesuffix("&"), comments=True)
    while words and re.match(r"[A-Z_]+=", words[0]):
        words.pop(0)
    name, *arguments = words or [""]
    if name in COMMAND_LINES:
        yield from faults_of_ansible(name, arguments)
    elif name == "make":
        yield from faults_of_make(arguments)
    elif name == "jst-emulator":
        yield from refused(emulator_parser(), arguments)
    elif arguments[:2] == ["-m", "jst_emulator"]:
        yield from refused(emulator_parser(), arguments[2:])
    elif name == ".venv/bin/python":
        files = [word.partition("::")[0] for word in arguments if "/" in word]
        yield from (f"there is no {file}" for file in files if not (ROOT / file).exists())
    elif name not in OTHERS:
        yield f"no command is called {name!r}"


def faults_of_ansible(name: str, arguments: list[str]) -> Iterator[str]:
    """What a command of Ansible would refuse."""
    module, kind = COMMAND_LINES[name]
    cli = getattr(importlib.import_module(f"ansible.cli.{module}"), kind)([name, *arguments])
    cli.init_parser()
    yield from refused(cli.parser, arguments)
    if name == "ansible-playbook":
        yield from (
            f"there is no playbook {word}"
            for word in arguments
            if word.startswith(PREFIX) and word.removeprefix(PREFIX) not in PLAYBOOKS
        )


def faults_of_make(arguments: list[str]) -> Iterator[str]:
    """What make would not know."""
    for before, word in zip(["", *arguments], arguments, strict=False):
        setting, equals, _value = word.partition("=")
        if before != "-C" and word != "-C" and setting not in (SETTINGS if equals else TARGETS):
            yield f"the Makefile has no {setting}"


def refused(parser: Any, arguments: list[str]) -> list[str]:
    """Whether a parser of options does not take these arguments."""
    parser.allow_abbrev = False
    try:
        parser.parse_args(arguments)
    except SystemExit as end:
        return ["refused"] if end.code not in (None, 0) else []
    return []


@pytest.mark.parametrize(
    "line",
    [
        "ansible-playbook site.yml --chekc",
        "ansible-playbook jst.retailcloud.bring_upp",
        "ansible-galaxy collection instal x",
        "make emulater",
        'make emulator EMULATOR_ARG="--port 1"',
        "jst-emulator --prot 8480",
        "python -m jst_emulator --time 5",
        "anisble-playbook site.yml",
    ],
)
def test_commands_that_are_wrong(line: str) -> None:
    """Each has a fault."""
    assert list(faults_of_command(line)) != []


def test_yaml() -> None:
    """Tasks give modules options that they have, and roles variables that they take."""
    found = [
        f"{place}: {fault}"
        for place, block in places("yaml")
        for document in yaml.load_all(block, Loader)
        for fault in [*faults_of_data(document), *faults_of_variables(document)]
    ]
    assert found == []


def faults_of_data(data: Any) -> Iterator[str]:
    """What is wrong in tasks, however deep."""
    if isinstance(data, list):
        for item in data:
            yield from faults_of_data(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            yield from faults_of_name(str(key), value)
            yield from faults_of_data(value)
            if isinstance(value, dict) and key == "vars":
                yield from faults_of_variables(value)


def faults_of_name(key: str, value: Any) -> Iterator[str]:
    """What is wrong with a task of a module of ours, an event source of ours, or with a role of ours that is named."""
    if key.startswith(PREFIX):
        module = key.removeprefix(PREFIX)
        known = names_of_options(module) if module in MODULES else SOURCES.get(module, set())
        yield from (f"{module} has no {option}" for option in {*(value or {})} - known)
    elif key in ("name", "role"):
        role = re.fullmatch(rf"{PREFIX}(\w+)", str(value))
        if role and role[1] not in {*ROLES, *PLAYBOOKS}:
            yield f"there is no role or playbook {value}"


def names_of_options(module: str) -> set[str]:
    """What options of a module are called, aliases included."""
    options = {**text(module, "DOCUMENTATION")["options"], **ACCESS_OPTIONS, **WAIT_OPTIONS}
    return {name for option, item in options.items() for name in (option, *item.get("aliases", ()))}


def faults_of_variables(data: Any) -> Iterator[str]:
    """Variables that begin like those of a role, and that the role does not take."""
    for name in data if isinstance(data, dict) else ():
        role = str(name).partition("_")[0]
        if role in ROLES and f"{role}_" in str(name) and name not in variables_of(role):
            yield f"role {role} has no {name}"


@cache
def variables_of(role: str) -> set[str]:
    """The variables of a role, and what it leaves behind."""
    specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
    taken = {name for spec in specs["argument_specs"].values() for name in spec.get("options", {})}
    return {*taken, f"{role}_result"}


@pytest.mark.parametrize(
    "block",
    [
        "- jst.retailcloud.jst_app: {titel: x}",
        "- hosts: x\n  tasks:\n    - block:\n        - jst.retailcloud.jst_ap: {title: x}",
        "- hosts: x\n  roles:\n    - role: jst.retailcloud.aplication",
        "application_titel: x",
        "- hosts: x\n  vars:\n    release_image: x",
    ],
)
def test_yaml_that_is_wrong(block: str) -> None:
    """Each has a fault."""
    data = yaml.load(block, Loader)
    assert [*faults_of_data(data), *faults_of_variables(data)] != []
