# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Copy the collection, as git tracks it, into the layout that Ansible's tools require."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Collection
from pathlib import Path

from tests.tools.run_in_collection import NAME, NAMESPACE, ROOT


def stage(parent: Path, without: Collection[str] = ()) -> Path:
    """Copy every tracked file, as it is in the checkout now, into a collections path ``parent``.

    The copy is a git repository of its own, since ansible-test asks git for the files. An older copy is replaced.
    Returns the directory of the collection in it.

    :param without: directories that stay out.
    """
    destination = parent / "ansible_collections" / NAMESPACE / NAME
    shutil.rmtree(destination, ignore_errors=True)
    listing = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    left_out = tuple(f"{directory}/" for directory in without)
    for name in filter(None, listing.split("\0")):
        if name.startswith(left_out):
            continue
        source, target = ROOT / name, destination / name
        if source.is_symlink() or source.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(source, target, follow_symlinks=False)
    for command in (["init", "--quiet"], ["add", "--all"]):
        subprocess.run(["git", *command], cwd=destination, check=True)
    return destination
