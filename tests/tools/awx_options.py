# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes which options the modules of the collection awx.awx take that playbook ``awx`` uses.

``python tests/tools/run_in_collection.py python -m tests.tools.awx_options COLLECTIONS``, with a folder that has
``awx.awx`` in its ``ansible_collections``.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from tests.tools.run_in_collection import ROOT, environment

COLLECTION = "awx.awx"
TASKS = ROOT / "playbooks" / "tasks" / "awx.yml"
FILE = ROOT / "tests" / "data" / "awx_options.json"
KEPT = ("aliases", "choices", "elements", "required", "type")


def used() -> list[str]:
    """The modules, by their full names."""
    return [key for task in yaml.safe_load(TASKS.read_text()) for key in task if key.startswith(f"{COLLECTION}.")]


def argument_spec(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the documentation says of options, as an argument specification."""
    spec: dict[str, Any] = {}
    for name, option in options.items():
        spec[name] = {key: option[key] for key in KEPT if option.get(key)}
        if "suboptions" in option:
            spec[name]["options"] = argument_spec(option["suboptions"])
    return spec


def main(collections: Path) -> None:
    """Read the documentation below a collections path and write the file."""
    manifest = json.loads((collections / "ansible_collections" / "awx" / "awx" / "MANIFEST.json").read_text())
    command = ["ansible-doc", "--type", "module", "--json", *used()]
    done = subprocess.run(command, env=environment(collections), check=True, stdout=subprocess.PIPE)
    modules = {name: argument_spec(told["doc"]["options"]) for name, told in json.loads(done.stdout).items()}
    origin = f"{COLLECTION} {manifest['collection_info']['version']}, GPL-3.0-or-later, by tests/tools/awx_options.py"
    FILE.write_text(json.dumps({"origin": origin, "modules": modules}, indent=1, sort_keys=True) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
