# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whoever follows a guide from its first line to its last gets what it promises."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.emulators import Emulators
from tests.conformance.guides import Follower
from tests.tools.markdown_text import page
from tests.tools.run_in_collection import ROOT

FOLLOWED = (
    "README.md",
    "docs/guides/first-app.md",
    "docs/guides/first-playbook.md",
    "docs/guides/releasing.md",
    "docs/guides/adopting.md",
    "docs/guides/migrating.md",
)


@pytest.mark.parametrize("name", FOLLOWED)
def test_guide(name: str, emulators: Emulators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A guide works as it stands there."""
    folder = tmp_path / "apps"
    folder.mkdir()
    monkeypatch.chdir(folder)
    Follower(emulators.fresh(), tmp_path).follow(page(ROOT / name))
