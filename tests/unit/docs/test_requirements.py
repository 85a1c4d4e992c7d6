# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The examples of requirements.yml in both readmes: ansible-galaxy reads them, and they stand for this version."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

import yaml
from ansible.cli.galaxy import GalaxyCLI
from ansible.galaxy.dependency_resolution.versioning import meets_requirements

from tests.tools.markdown_text import page
from tests.tools.run_in_collection import BIN, NAME, NAMESPACE, ROOT, environment

GALAXY = yaml.safe_load((ROOT / "galaxy.yml").read_text(encoding="utf-8"))
VERSION = GALAXY["version"]


def examples(readme: str) -> list[str]:
    """Return the examples of a readme: first the one for Galaxy, then the one for an archive."""
    return [block.text for block in page(ROOT / readme).blocks if block.text.startswith("# requirements.yml")]


def entry(text: str) -> dict[str, Any]:
    """Return the one collection of an example."""
    [collection] = yaml.safe_load(text)["collections"]
    found: dict[str, Any] = collection
    return found


def test_both_languages_have_the_same_examples() -> None:
    assert len(examples("README.md")) == 2
    assert examples("README.md") == examples("README.zh-CN.md")


def test_galaxy(tmp_path: Path) -> None:
    """The entry has a range of versions, in which this one is."""
    text = examples("README.md")[0]
    assert entry(text).keys() == {"name", "version"}
    file = tmp_path / "requirements.yml"
    file.write_text(text, encoding="utf-8")
    cli = GalaxyCLI(["ansible-galaxy", "collection", "install", "-r", str(file)])
    cli.parse()
    [required] = cli._parse_requirements_file(str(file))["collections"]
    assert (required.fqcn, required.type) == (f"{NAMESPACE}.{NAME}", "galaxy")
    assert meets_requirements(VERSION, required.ver)
    assert not meets_requirements("99.0.0", required.ver)


def test_archive(tmp_path: Path) -> None:
    """An archive of this name and version is installed from the path that the entry has."""
    text = examples("README.md")[1]
    assert entry(text) == {"name": f"./{NAMESPACE}-{NAME}-{VERSION}.tar.gz", "type": "file"}
    source = tmp_path / "source"
    source.mkdir()
    known = {name: GALAXY[name] for name in ("namespace", "name", "version", "authors", "readme")}
    (source / "galaxy.yml").write_text(yaml.safe_dump(known), encoding="utf-8")
    (source / GALAXY["readme"]).touch()
    (tmp_path / "requirements.yml").write_text(text, encoding="utf-8")
    for command in (["build", "source"], ["install", "--offline", "-p", "installed", "-r", "requirements.yml"]):
        arguments = [str(BIN / "ansible-galaxy"), "collection", *command]
        done = subprocess.run(
            arguments, cwd=tmp_path, env=environment(tmp_path), capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "installed" / "ansible_collections" / NAMESPACE / NAME / "MANIFEST.json").exists()
