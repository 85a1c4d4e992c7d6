# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files of the modules say, without importing anything.

Of the fragments, only those of parents are merged: their options belong to the module as its own do.
"""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from tests.tools.run_in_collection import ROOT

FOLDER = ROOT / "plugins" / "modules"
MODULES = sorted(file.stem for file in FOLDER.glob("jst_*.py"))


FRAGMENTS = ROOT / "plugins" / "doc_fragments" / "parents.py"
PARENTS = "jst.retailcloud.parents."


@cache
def read(module: str, name: str) -> Any:
    """The content of ``DOCUMENTATION``, ``EXAMPLES`` or ``RETURN`` of a module.

    :raises KeyError: when the module has no such text.
    """
    content = yaml.safe_load(text(FOLDER / f"{module}.py", name))
    if name == "DOCUMENTATION":
        content["options"] = {**parents(content), **content.get("options", {})}
    return content


def parents(documentation: dict[str, Any]) -> dict[str, Any]:
    """The options that name what something belongs to, as the module describes them."""
    options: dict[str, Any] = {}
    for fragment in documentation.get("extends_documentation_fragment", ()):
        if fragment.startswith(PARENTS):
            options.update(yaml.safe_load(text(FRAGMENTS, fragment[len(PARENTS) :].upper()))["options"])
    own = documentation.get("options", {})
    for name in [name for name in options if name in own]:
        own[name] = {**options[name], **own[name]}
    return options


def text(file: Path, name: str) -> str:
    """The text that a file gives a name to, at its top or in a class.

    :raises KeyError: when it gives none.
    """
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            [target] = node.targets
            if isinstance(target, ast.Name) and target.id == name:
                return str(node.value.value)
    raise KeyError(name)
