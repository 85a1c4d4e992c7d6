# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lists of modules in README.md and README.zh-CN.md.

``readme_modules.yml`` has the texts, in the order of the lists. The reading module of a resource needs no entry.
"""

from __future__ import annotations

from pathlib import Path

import yaml

from tests.tools.generate.files import Files, code, file_with_part, table
from tests.tools.module_texts import MODULES
from tests.tools.run_in_collection import ROOT

TEXTS = Path(__file__).with_name("readme_modules.yml")
SOURCE = f"tests/tools/generate/{TEXTS.name}"
PAGES = {"en": (ROOT / "README.md", ("module", "what it does")), "zh": (ROOT / "README.zh-CN.md", ("模块", "用途"))}


def entries() -> dict[tuple[str, ...], dict[str, str]]:
    """Return the modules of each line, and the texts of the line by language.

    :raises ValueError: when a module is in no line or in two, or a line names what is no module.
    """
    lines = {}
    for entry in yaml.safe_load(TEXTS.read_text(encoding="utf-8")):
        named = entry.pop("modules").split()
        infos = [f"{module}_info" for module in named if f"{module}_info" in MODULES]
        lines[tuple([*named, *infos])] = entry
    listed = sorted(module for modules in lines for module in modules)
    if listed != MODULES:
        raise ValueError(f"{SOURCE} has to name each module once: {sorted({*listed} ^ {*MODULES}) or listed}")
    return lines


def render() -> Files:
    """Return both pages."""
    lines = entries().items()
    tables = {
        language: table(head, [(code(modules), texts[language]) for modules, texts in lines])
        for language, (_page, head) in PAGES.items()
    }
    return {page: file_with_part(page, SOURCE, f"\n{tables[language]}\n") for language, (page, _head) in PAGES.items()}
