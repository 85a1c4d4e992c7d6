# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The tables of docs/readings.md and its Chinese page: the emulator's readings.

``readings_page.yml`` has the Chinese for the texts of the table of readings.
"""

from __future__ import annotations

from pathlib import Path

from jst_emulator.readings.export import as_markdown
from tests.tools.generate.files import Files, file_with_part
from tests.tools.generate.translator import Translator
from tests.tools.run_in_collection import ROOT

PAGE = ROOT / "docs" / "readings.md"
CHINESE_PAGE = ROOT / "docs" / "zh" / "readings.md"
CHINESE = Path(__file__).with_suffix(".yml")
SOURCE = "the table of readings"


def render() -> Files:
    """Return the pages."""
    translate = Translator(CHINESE)
    pages = {PAGE: as_markdown(), CHINESE_PAGE: as_markdown(translate)}
    translate.finish()
    return {page: file_with_part(page, SOURCE, f"\n{tables}\n\n") for page, tables in pages.items()}
