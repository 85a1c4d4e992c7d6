# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page on troubleshooting has the codes and hints of the client, and the files that it sends readers to."""

from __future__ import annotations

import re

import pytest

from checkout import ROOT
from error_page import PAGE, replaced

CLIENT = ROOT / "plugins" / "module_utils" / "_api"


def test_tables_are_up_to_date(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are what tests/tools/error_page.py would write."""
    monkeypatch.setenv("NO_PROXY", "*")
    text = PAGE.read_text(encoding="utf-8")
    assert text == replaced(text)


def test_codes_of_our_own() -> None:
    """A code that the client makes up is in the tables."""
    told = PAGE.read_text(encoding="utf-8")
    made_up = {
        code
        for file in CLIENT.glob("*.py")
        for line in re.findall(r"\bcode\b(?:=| = )([^\n]*)", file.read_text(encoding="utf-8"))
        for code in re.findall(r'"([A-Z][A-Za-z]+(?:\.[A-Z][A-Za-z]+)?)"', line)
    }
    assert {"OddAnswer", "LostAnswer.ReadTimeout", "NotAdmitted", "Unsuccessful"} <= made_up
    assert {code for code in made_up if f"`{code}`" not in told} == set()
