# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The readme in Chinese says what the English one says."""

from __future__ import annotations

import re
from collections import Counter

from tests.tools.markdown_text import Page, page
from tests.tools.run_in_collection import ROOT

ENGLISH, CHINESE = page(ROOT / "README.md"), page(ROOT / "README.zh-CN.md")
# Each leads to the other.
BETWEEN = {"README.md", "README.zh-CN.md"}


def test_headings() -> None:
    """The same sections in the same order, each with a heading of its own language."""
    assert [heading.level for heading in CHINESE.headings] == [heading.level for heading in ENGLISH.headings]
    assert not [heading.text for heading in CHINESE.headings if not re.search("[\u4e00-\u9fff]", heading.text)]


def test_code() -> None:
    """The same code."""
    assert [block[:2] for block in CHINESE.blocks] == [block[:2] for block in ENGLISH.blocks]


def test_links() -> None:
    """The same links, in the same sections."""
    assert [links(part) for part in sections(CHINESE)] == [links(part) for part in sections(ENGLISH)]
    assert {*CHINESE.links} - {*ENGLISH.links} == {"README.md"}


def test_what_is_named() -> None:
    """The same modules, roles, playbooks and options, in the same sections."""
    assert [named(part) for part in sections(CHINESE)] == [named(part) for part in sections(ENGLISH)]


def sections(readme: Page) -> list[str]:
    """The text of each section, without fenced blocks."""
    return re.split(
        r"^## ", re.sub(r"^```.*?^```$", "", readme.text, flags=re.MULTILINE | re.DOTALL), flags=re.MULTILINE
    )


def links(text: str) -> Counter[str]:
    """The targets of the links of a section."""
    return Counter(
        target for target in re.findall(r"\]\(([^)\s]+)\)|<(https?:[^>]+)>", text) if not BETWEEN & {*target}
    )


def named(text: str) -> Counter[str]:
    """What stands in a section as code."""
    return Counter(re.findall(r"`([^`]+)`", text))
