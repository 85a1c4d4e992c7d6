# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The Chinese pages say what the English ones say, and a page that changed is translated anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.tools.docs import FRONT, pages
from tests.tools.generate.files import END
from tests.tools.markdown_text import Page, page
from tests.tools.run_in_collection import ROOT
from tests.tools.translations import changed, differences, digests, is_translation, original_of, record, translation_of

UNTRANSLATED, TRANSLATED = record()
FOLDERS = ("docs", "roles", "playbooks", "extensions")
EVERY = [
    file.relative_to(ROOT)
    for file in (*ROOT.glob("*.md"), *(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.md")))
]


def test_every_page_has_a_translation_or_is_listed() -> None:
    """In one of the two lists, and in that to which it belongs."""
    listed = sorted([*UNTRANSLATED, *TRANSLATED])
    assert listed == sorted(str(name) for name in [FRONT, *pages(ROOT)])
    assert [name for name in UNTRANSLATED if (ROOT / translation_of(Path(name))).exists()] == []


def test_every_translation_belongs_to_a_page() -> None:
    """To one that is listed."""
    found = sorted(str(original_of(name)) for name in EVERY if is_translation(name))
    assert found == sorted(TRANSLATED)


@pytest.mark.parametrize("name", TRANSLATED)
def test_translation(name: str) -> None:
    """The same headings, code, tables, links and words as code, in the same sections."""
    assert list(differences(page(ROOT / name), page(ROOT / translation_of(Path(name))))) == []


@pytest.mark.parametrize("name", TRANSLATED)
def test_every_section_is_as_it_was_translated(name: str) -> None:
    """Bring the Chinese sections up to date, then ``make translated PAGES=...``."""
    assert list(changed(name, TRANSLATED[name])) == []


ENGLISH = """\
# A guide

English | [中文](zh/a.md)

Read [the other](b.md#part), [code](x.py) and `word`.

<!-- not followed: nobody does it -->
```console
# Look first.
ls # all of it
```

## Tables

| a | b |
| --- | --- |
| 1 | 2 |

![What it shows](pictures/seen.png)
![A page](pictures/page.png)
"""
CHINESE = """\
# 指南

[English](../a.md) | 中文

参见[另一页](b.md#部分)、[代码](../x.py)和 `word`。

```console
# 先看一看。
ls # 全部
```

## 表格

| 甲 | 乙 |
| --- | --- |
| 一 | 二 |

![画面](../pictures/seen.png)
![页面](../pictures/page.zh-CN.png)
"""


@pytest.fixture
def pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """A page and its translation, with another page and its translation that they link to."""
    for module in ("markdown_text", "translations"):
        monkeypatch.setattr(f"tests.tools.{module}.ROOT", tmp_path)
    files = {
        "a.md": ENGLISH,
        "b.md": "# Other\n\n## Part\n",
        "zh/a.md": CHINESE,
        "zh/b.md": "# 另一页\n\n## 部分\n",
        "x.py": "",
        "pictures/page.zh-CN.png": "",
    }
    (tmp_path / "docs" / "zh").mkdir(parents=True)
    (tmp_path / "docs" / "pictures").mkdir()
    for name, text in files.items():
        (tmp_path / "docs" / name).write_text(text, encoding="utf-8")
    return tmp_path / "docs" / "a.md", tmp_path / "docs" / "zh" / "a.md"


def test_two_that_are_in_step(pair: tuple[Path, Path]) -> None:
    """Nothing is found."""
    english, chinese = pair
    assert list(differences(Page(english), Page(chinese))) == []


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("## 表格", "### 表格", "other headings"),
        ("## 表格", "## Tables", "is not in Chinese"),
        ("\n## 表格\n", "", "other headings"),
        ("[English](../a.md) | 中文\n\n", "", "does not lead to the other"),
        ("| 一 | 二 |\n", "", "other rows or columns"),
        (" 乙 |\n| --- | --- |", "\n| --- |", "other rows or columns"),
        ("ls # 全部", "ls -a # 全部", "other code"),
        ("ls # 全部", "ls # everything", "other code"),
        ("ls # 全部", "ls", "other code"),
        ("```console", "```bash", "other code"),
        ("`word`", "`words`", "other words as code"),
        ("[代码](../x.py)", "代码", "other links"),
        ("b.md#部分", "b.md", "other links"),
        ("b.md#部分", "b.md#不对", "other links"),
        ("b.md#部分", "../b.md#part", "other links"),
        ("b.md#部分", "c.md", "other links"),
        ("参见", "\u201c参见\u201d", "curly quotation marks"),
        ("pictures/seen.png", "pictures/other.png", "other links"),
        ("pictures/page.zh-CN.png", "pictures/other.zh-CN.png", "other links"),
    ],
)
def test_two_that_are_not_in_step(pair: tuple[Path, Path], before: str, after: str, found: str) -> None:
    """Each difference is found, and only it."""
    english, chinese = pair
    assert before in CHINESE
    chinese.write_text(CHINESE.replace(before, after), encoding="utf-8")
    assert [fault for fault in differences(Page(english), Page(chinese)) if found not in fault] == []
    assert list(differences(Page(english), Page(chinese))) != []


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Read", "Do not read", {"a-guide"}),
        ("# all of it", "# all", {"a-guide"}),
        ("| 2 |", "| 3 |", {"tables"}),
        ("## Tables", "## Lists", {"tables", "lists"}),
        ("Read [the other]", "Read\n[the other]", set()),
        ("nobody does it", "somebody does it", set()),
        ("zh/a.md", "zh/c.md", {"a-guide"}),
    ],
)
def test_what_changed(pair: tuple[Path, Path], before: str, after: str, expected: set[str]) -> None:
    """The sections are named whose words changed; not those with other line breaks or other comments for tools."""
    english, _chinese = pair
    then = digests(Page(english))
    assert set(then) == {"a-guide", "tables"}
    english.write_text(ENGLISH.replace(before, after), encoding="utf-8")
    now = digests(Page(english))
    assert {anchor for anchor in {*then, *now} if then.get(anchor) != now.get(anchor)} == expected


def test_the_generated_part_is_for_nobody_to_translate(pair: tuple[Path, Path]) -> None:
    """Its sections have no digest."""
    english, _chinese = pair
    part = f"<!-- Generated by `make generate` from x. -->\n\n## Made\n\n<!-- {END} -->\n"
    english.write_text(ENGLISH.replace("## Tables", f"{part}\n## Tables"), encoding="utf-8")
    assert set(digests(Page(english))) == {"a-guide", "tables"}
