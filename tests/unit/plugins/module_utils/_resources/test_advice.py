# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A message of role ``application`` advises only what a user of the role can set."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import Field
from ansible_collections.jst.retailcloud.plugins.module_utils._resources import application
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.description_parts import (
    PARTS,
    TASK_SETTINGS,
    option_words,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.surplus import FORCE_SETTING
from tests.tools.run_in_collection import ROOT

PLUGINS = ROOT / "plugins" / "module_utils"
ROLE = yaml.safe_load((ROOT / "roles" / "application" / "meta" / "argument_specs.yml").read_text(encoding="utf-8"))
VARIABLES = ROLE["argument_specs"]["main"]["options"]

# A setting with its value, or what a sentence says to set, raise or give.
ADVICE = re.compile(
    r"\b([a-z_]+)=(?:true|false|always|wait|close)\b|\b(?:[Ss]et|[Rr]aise|see option) ([a-z]+(?:_[a-z]+)*)\b"
)
WORDS = {"to", "it", "up", "a", "the", "of", "in", "or"}

# (file, setting) -> why a user of the role never reads it.
NOT_IN_A_DESCRIPTION = {
    ("app.py", "force"): "a description does not delete its app",
    ("cluster.py", "force"): "a description has no clusters",
    ("membership.py", "force"): "a description deletes neither groups nor node labels",
    ("cluster_node.py", "available"): "a description has no nodes",
    ("persistent_volume_claim.py", "wait"): "the claims of a description bind later, so nothing waits for them",
    ("description_parts.py", "wait"): "the words of the task for its own option",
    ("inventory_account.py", "jst_access_key_id"): "a variable that each playbook reads, not one of the role",
}
# Advice of jst_deployment that a description repeats. Role release has it as release_force.
OF_A_RELEASE = {("deployment.py", "force"), ("running_state.py", "force")}


def names_in(options: Mapping[str, Any]) -> Iterator[str]:
    """Yield the names of options and of all options inside them."""
    for name, option in options.items():
        yield name
        yield from names_in(option.get("options") or {})


def texts_in(tree: ast.AST) -> Iterator[str]:
    """Yield the texts of a file that can be messages: no docstrings, and no argument of ``setting_words``."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "setting_words":
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value
        yield from texts_in(node)


def advised(file: Path) -> set[str]:
    """Return the options that the messages of a file advise to set."""
    texts = texts_in(ast.parse(file.read_text(encoding="utf-8")))
    return {name for text in texts for found in ADVICE.findall(text) for name in found if name} - WORDS


FILES = [file for room in ("_core", "_resources") for file in sorted((PLUGINS / room).glob("*.py"))]


def test_the_texts_are_found() -> None:
    assert "force" in advised(PLUGINS / "_resources" / "cluster.py")
    assert "ignore_extra_privileges" in advised(PLUGINS / "_resources" / "rds_account.py")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_what_messages_advise_can_be_set_in_the_role(file: Path) -> None:
    """Otherwise the message asks its run context how the user names the setting."""
    # Options inside a list have equal names in the role and in the module; the others have a prefix in the role.
    inside = set(names_in(VARIABLES)) - set(VARIABLES)
    for name in advised(file) - inside:
        assert (file.name, name) in {*NOT_IN_A_DESCRIPTION, *OF_A_RELEASE}, f"{file.name} advises {name}"


def test_options_that_repeat_a_write_are_in_the_role() -> None:
    fields = [item for resource in PARTS.values() for item in resource.fields if isinstance(item, Field)]
    wanted = {item.update_option for item in fields if item.update_option}
    assert wanted
    assert wanted <= set(names_in(VARIABLES))


def test_the_words_for_both_name_what_exists() -> None:
    options = application.Application().options()
    for text in (*FORCE_SETTING.values(), option_words("purge"), option_words("parallelism")):
        of_module, of_role = re.findall(r"\b([a-z_]+)(?:=true)?(?= \(in role|\)$)", text)
        assert of_module in options
        assert of_role in VARIABLES
    assert not {f"application_{name.partition('=')[0]}" for name in TASK_SETTINGS} & set(VARIABLES)
