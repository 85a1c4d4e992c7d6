# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Imports every file of ``plugins``, loads event sources as ansible-rulebook does, and has ansible-doc read everything
that is documented, with this interpreter.

This alone of the tests runs on every Python that a controller may have.
"""

from __future__ import annotations

import importlib
import runpy
import subprocess
import sys

from tests.tools.run_in_collection import BIN, NAME, NAMESPACE, ROOT, environment

# Folders of plugins whose files document themselves.
DOCUMENTED = {"modules": "module", "inventory": "inventory", "filter": "filter"}


def main() -> None:
    """Import and read.

    :raises ImportError: when a file cannot be imported.
    :raises subprocess.CalledProcessError: when documentation cannot be read.
    """
    sys.path.append(str(ROOT / ".venv" / "collections"))
    plugins = ROOT / "plugins"
    package = f"ansible_collections.{NAMESPACE}.{NAME}.plugins"
    files = [file.relative_to(plugins).with_suffix("") for file in sorted(plugins.rglob("*.py"))]
    for file in files:
        importlib.import_module(".".join([package, *file.parts]).removesuffix(".__init__"))
    print(f"{len(files)} files imported")
    for file in sorted((ROOT / "extensions" / "eda" / "plugins" / "event_source").glob("*.py")):
        assert callable(runpy.run_path(str(file))["main"])
        print(f"event source {file.stem} loads")
    for folder, kind in DOCUMENTED.items():
        names = [f"{NAMESPACE}.{NAME}.{file.stem}" for file in sorted((plugins / folder).glob("*.py"))]
        if names:
            command = [str(BIN / "ansible-doc"), "--type", kind, "--json", *names]
            subprocess.run(command, env=environment(), check=True, stdout=subprocess.DEVNULL)
            print(f"ansible-doc reads {kind}: {len(names)}")


if __name__ == "__main__":
    main()
