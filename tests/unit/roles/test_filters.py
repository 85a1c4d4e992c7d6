# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Filters of Jinja that ignore the case of names by default are told not to."""

from __future__ import annotations

import re

from tests.tools.run_in_collection import ROOT

FILES = [
    path
    for folder in ("roles", "playbooks", "examples")
    for pattern in ("*.yml", "*.j2")
    for path in (ROOT / folder).rglob(pattern)
]


def test_names_that_differ_in_case_are_two() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {use}"
        for path in FILES
        for use in re.findall(
            r"\|\s*(?:unique|groupby)\b(?!\(.*?case_sensitive=true).*", path.read_text(encoding="utf-8")
        )
    ]
    assert FILES
    assert found == []
