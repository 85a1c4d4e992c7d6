# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every link of the documentation leads somewhere, and every guide is found."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.tools.docs import FRONT, pages
from tests.tools.markdown_text import page
from tests.tools.run_in_collection import ROOT
from tests.tools.translations import translation_of

ENGLISH = [FRONT, *pages(ROOT)]
PAGES = [*ENGLISH, *(name for name in map(translation_of, ENGLISH) if (ROOT / name).exists())]
GUIDES = sorted((ROOT / "docs" / "guides").glob("*.md"))


def broken(path: Path) -> list[str]:
    """The links of a page that lead nowhere."""
    found = []
    for target, anchor in page(path).local_links:
        if not target.exists() or not target.is_relative_to(ROOT):
            found.append(f"there is no {target}")
        elif anchor and anchor not in {heading.anchor for heading in page(target).headings}:
            found.append(f"{target} has no heading #{anchor}")
    return found


@pytest.mark.parametrize("name", PAGES, ids=str)
def test_links(name: Path) -> None:
    """Files are there, and headings in them."""
    assert broken(ROOT / name) == []


def test_links_that_are_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are found."""
    monkeypatch.setattr("tests.tools.markdown_text.ROOT", tmp_path)
    monkeypatch.setitem(globals(), "ROOT", tmp_path)
    (tmp_path / "a.md").write_text(
        "# A b, `c`\n\n[own](#a-b-c) [gone](c.md) ![gone](d.png) [part](a.md#no) [out](../x)\n"
    )
    assert [text.rpartition("/")[2] for text in broken(tmp_path / "a.md")] == [
        "c.md",
        "d.png",
        "a.md has no heading #no",
        "x",
    ]


@pytest.mark.parametrize("name", ["README.md", "docs/site/index.md"])
def test_guides_are_linked(name: str) -> None:
    """From where everybody begins."""
    linked = {target for target, _anchor in page(ROOT / name).local_links}
    assert [guide.name for guide in GUIDES if guide not in linked] == []


def test_guides_of_other_sites() -> None:
    """The page for sites that show no Markdown leads to all guides."""
    text = (ROOT / "docs" / "docsite" / "rst" / "guides.rst").read_text(encoding="utf-8")
    place = "https://github.com/jst-retailcloud/jst.retailcloud/blob/main/docs/guides/"
    assert sorted(re.findall(rf"<{re.escape(place)}(.*?)>`__$", text, re.MULTILINE)) == [guide.name for guide in GUIDES]
