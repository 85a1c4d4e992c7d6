# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Builds the collection's archive and checks it as Galaxy and a user would see it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from checkout import BUILD, NAME, NAMESPACE, environment
from stage import stage

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


def main() -> None:
    """Build, install, read the documentation of every module from where it is installed, and import as Galaxy does."""
    parent = BUILD / "package"
    archive = build(parent)
    installed = install(archive, INSTALLED)
    modules = sorted(f"{NAMESPACE}.{NAME}.{file.stem}" for file in installed.glob("plugins/modules/*.py"))
    documentation = ["ansible-doc", "--type", "module", "--json", *modules]
    subprocess.run(documentation, env=environment(INSTALLED), check=True, stdout=subprocess.DEVNULL)
    print(f"ansible-doc reads {len(modules)} modules", flush=True)
    importer = [sys.executable, "-m", "galaxy_importer.main", str(archive)]
    subprocess.run(importer, cwd=parent, env=environment(INSTALLED), check=True)


if __name__ == "__main__":
    main()
