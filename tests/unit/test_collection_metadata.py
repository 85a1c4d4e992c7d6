# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is said about the collection agrees with what is in it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from typing import Any

import yaml

from tests.tools.run_in_collection import NAME, NAMESPACE, ROOT

MODULES = sorted(file.stem for file in (ROOT / "plugins" / "modules").glob("jst_*.py"))


def load(path: str) -> dict[str, Any]:
    """The YAML mapping in the file ``path`` of the checkout."""
    loaded: dict[str, Any] = yaml.safe_load((ROOT / path).read_text())
    return loaded


def test_action_group_holds_every_module() -> None:
    assert load("meta/runtime.yml")["action_groups"][NAMESPACE] == MODULES


def test_galaxy_names_are_those_the_tools_use() -> None:
    galaxy = load("galaxy.yml")
    assert (galaxy["namespace"], galaxy["name"]) == (NAMESPACE, NAME)


def test_changelog_knows_the_version() -> None:
    assert load("galaxy.yml")["version"] in load("changelogs/changelog.yaml")["releases"]


def test_no_sanity_check_is_ignored() -> None:
    assert not list((ROOT / "tests" / "sanity").glob("ignore*"))


def test_archive_has_of_the_tests_nothing_but_the_emulator() -> None:
    listing = subprocess.run(["git", "ls-files", "tests"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    kept = {"/".join(Path(file).parts[:2]) for file in listing.splitlines()} - {*load("galaxy.yml")["build_ignore"]}
    assert kept == {"tests/emulator"}


def test_nothing_is_newer_than_the_changelog() -> None:
    documented = [*ROOT.glob("plugins/[fim]*/*.py"), *ROOT.glob("roles/*/meta/argument_specs.yml")]
    added = {version for file in documented for version in re.findall(r"\bversion_added: (\S+)", file.read_text())}
    assert added
    assert added <= load("changelogs/changelog.yaml")["releases"].keys()
