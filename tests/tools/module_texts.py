# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the files of the modules say, as it stands there: without fragments, and without importing anything."""

from __future__ import annotations

import ast
from functools import cache
from typing import Any

import yaml

from checkout import ROOT

FOLDER = ROOT / "plugins" / "modules"
MODULES = sorted(file.stem for file in FOLDER.glob("jst_*.py"))


@cache
def read(module: str, name: str) -> Any:
    """The content of ``DOCUMENTATION``, ``EXAMPLES`` or ``RETURN`` of a module.

    :raises KeyError: when the module has no such text.
    """
    for node in ast.parse((FOLDER / f"{module}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant):
            [target] = node.targets
            if isinstance(target, ast.Name) and target.id == name:
                return yaml.safe_load(str(node.value.value))
    raise KeyError(name)
