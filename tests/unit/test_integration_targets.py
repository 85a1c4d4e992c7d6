# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Check the integration targets: one for each module that manages something and one for each role."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.tools.live import DEFAULTS, NEEDS, REQUIRED
from tests.tools.module_texts import MODULES
from tests.tools.run_in_collection import ROOT

TARGETS = ROOT / "tests" / "integration" / "targets"
TEMPLATE = TARGETS.parent / "integration_config.yml.template"
WORLD = TARGETS / "setup_emulator" / "vars" / "world.yml"
STATE_MODULES = {module for module in MODULES if not module.endswith("_info")}
ROLES = {f"role_{folder.name}" for folder in (ROOT / "roles").iterdir()}
TESTED = sorted(STATE_MODULES | ROLES)


def read(file: Path) -> Any:
    """Return the content of a YAML file."""
    return yaml.safe_load(file.read_text(encoding="utf-8"))


def test_every_module_and_role_has_a_target() -> None:
    """A new module or role comes with a target, and a target that is left over names nothing."""
    assert sorted(folder.name for folder in TARGETS.iterdir() if not folder.name.startswith("setup_")) == TESTED


@pytest.mark.parametrize("target", TESTED)
def test_target_cleans_up(target: str) -> None:
    """A target starts the emulator, connects to nothing else, and cleans up when a task fails."""
    assert read(TARGETS / target / "meta" / "main.yml") == {"dependencies": ["setup_emulator"]}
    [block] = read(TARGETS / target / "tasks" / "main.yml")
    assert block["module_defaults"] == {"group/jst.retailcloud.jst": "{{ jst_connection }}"}
    assert block["always"]


@pytest.mark.parametrize("target", TESTED)
def test_target_names_the_targets_that_it_uses(target: str) -> None:
    """ansible-test copies those targets only that the aliases name."""
    used = set(re.findall(r"name: (setup_\w+)$", (TARGETS / target / "tasks" / "main.yml").read_text(), re.MULTILINE))
    aliases = (TARGETS / target / "aliases").read_text().splitlines()
    assert {line.rpartition("/")[2] for line in aliases if line.startswith("needs/target/")} == used


@pytest.mark.parametrize("module", sorted(STATE_MODULES))
def test_target_calls_its_module(module: str) -> None:
    """A target previews the module in check mode and runs it for real."""
    text = (TARGETS / module / "tasks" / "main.yml").read_text(encoding="utf-8")
    assert text.count(f"jst.retailcloud.{module}:") > 1
    assert "check_mode: true" in text


@pytest.mark.parametrize("target", TESTED)
def test_live_runs_know_what_a_target_needs(target: str) -> None:
    """A run against a real account skips the targets that lack a variable."""
    text = (TARGETS / target / "tasks" / "main.yml").read_text(encoding="utf-8")
    used = set(re.findall(r"\bjst_\w+", text)) & set(read(TEMPLATE))
    for part in re.findall(r"tasks_from: (\w+)", text):
        used |= {"jst_image"} if part in ("environment", "release", "application") else set()
        used |= {"jst_rds_instance_id"} if part == "application" else set()
    assert used - set(REQUIRED) - set(DEFAULTS) <= set(NEEDS.get(target, ()))


def test_live_runs_know_only_variables_of_the_template() -> None:
    """Each has an environment variable."""
    assert {name for names in NEEDS.values() for name in names} | set(REQUIRED) <= read(TEMPLATE).keys()
    assert set(NEEDS) <= set(TESTED)


def test_the_template_has_every_variable_of_the_emulator() -> None:
    """What stands for the emulator's world can be set for a real account."""
    assert read(WORLD).keys() <= read(TEMPLATE).keys()
