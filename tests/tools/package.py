# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the collection's archive and checks it as Galaxy and a user would see it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from tests.tools.run_in_collection import BUILD, NAME, NAMESPACE, environment
from tests.tools.stage import stage

INSTALLED = BUILD / "package" / "collections"


def build(parent: Path) -> Path:
    """Build the archive from the tracked files into the directory ``parent``; returns the archive's path."""
    shutil.rmtree(parent, ignore_errors=True)
    tree = stage(parent / "source")
    command = ["ansible-galaxy", "collection", "build", "--output-path", str(parent)]
    subprocess.run(command, cwd=tree, env=environment(), check=True)
    (archive,) = parent.glob(f"{NAMESPACE}-{NAME}-*.tar.gz")
    return archive


def install(archive: Path, collections: Path) -> Path:
    """Install ``archive`` into the collections path ``collections``; returns the collection's directory."""
    command = ["ansible-galaxy", "collection", "install", "--offline", "--collections-path", str(collections)]
    subprocess.run([*command, str(archive)], env=environment(collections), check=True)
    return collections / "ansible_collections" / NAMESPACE / NAME


def read_documentation(installed: Path) -> None:
    """Have ansible-doc read every module of the collection installed at ``installed``."""
    modules = sorted(f"{NAMESPACE}.{NAME}.{file.stem}" for file in installed.glob("plugins/modules/*.py"))
    command = ["ansible-doc", "--type", "module", "--json", *modules]
    subprocess.run(command, env=environment(INSTALLED), check=True, stdout=subprocess.DEVNULL)
    print(f"ansible-doc reads {len(modules)} modules", flush=True)


def import_as_galaxy(archive: Path) -> None:
    """Run Galaxy's importer; it goes on after most of what it finds, so anything it complains of exits here."""
    command = [sys.executable, "-m", "galaxy_importer.main", archive.name]
    importer = subprocess.run(
        command,
        cwd=archive.parent,
        # Content is linted by itself, with a stricter profile.
        env={**environment(), "GALAXY_IMPORTER_RUN_ANSIBLE_LINT": "false"},
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    print(importer.stdout)
    if re.search("^(ERROR|WARNING)", importer.stdout, re.MULTILINE):
        sys.exit("galaxy-importer complains, see above")


def main() -> None:
    """Build, install, read the documentation from where it is installed, and import."""
    archive = build(BUILD / "package")
    read_documentation(install(archive, INSTALLED))
    import_as_galaxy(archive)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(str(error))
