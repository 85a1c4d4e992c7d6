# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Paths of the checkout, and the environment in which a tool writes nothing outside it.

As a script, run a command in that environment: ``python tests/tools/run_in_collection.py ansible-lint``.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"
PICTURES = ROOT / "docs" / "pictures"
HOME = BUILD / "home"
# The commands of the environment whose Python this is: .venv, unless another ansible-core is tried.
BIN = Path(sys.executable).parent
NAMESPACE, NAME = "jst", "retailcloud"

# A developer's own settings must not decide what a check says or costs (without byte code kept, every process compiles
# all it imports), and no check may reach a real account.
AMBIENT = ("ALIBABA", "ALICLOUD", "ALIYUN", "ANSIBLE", "JST_", "XDG_", "PYTHONDONTWRITEBYTECODE")


def environment(collections: Path = ROOT / ".venv" / "collections") -> dict[str, str]:
    """Return the environment variables for a process that runs Ansible or another tool.

    ``collections`` is the collections path; unless told, the one with the link to the checkout itself.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(AMBIENT)}
    return {
        **kept,
        "PATH": os.pathsep.join([str(BIN), os.environ.get("PATH", os.defpath)]),
        "HOME": str(HOME),
        "ANSIBLE_COLLECTIONS_PATH": str(collections),
        # Whatever the locale is: a test that reads hints expects English ones.
        "JST_LANG": "en",
    }


if __name__ == "__main__":
    os.execvpe(sys.argv[1], sys.argv[1:], environment())
