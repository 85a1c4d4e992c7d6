# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of the documentation: all are shown, all are small, and the recording is that of the guide."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from tests.tools.docs import pages
from tests.tools.markdown_text import page
from tests.tools.recording import BEFORE, CAST, FILE, GUIDE, RUN, excerpt, steps
from tests.tools.run_in_collection import PICTURES, ROOT
from tests.tools.site_recording import as_part
from tests.tools.terminal import COLUMNS, PROMPT, Event, Span, as_html, as_svg, read_cast, spans, write_cast
from tests.tools.translations import translation_of

MOST_BYTES = 150 * 1024


def test_every_picture_is_small_and_shown() -> None:
    """By a page in one of the languages; one for the dark mode by the page that shows the other."""
    names = [name for english in pages(ROOT) for name in (english, translation_of(english)) if (ROOT / name).exists()]
    shown = {target for name in names for target, _anchor in page(ROOT / name).local_links}
    for picture in PICTURES.iterdir():
        assert picture.stat().st_size < MOST_BYTES, picture
        assert picture.with_stem(picture.stem.removesuffix("-dark")) in shown, picture


def test_the_recording_follows_the_guide() -> None:
    """The same chapters, files and commands, in the same order."""
    expected: list[str] = []
    for title, blocks in steps(page(GUIDE)):
        expected.append(title)
        for block in blocks:
            named = FILE.match(block.text)
            if named:
                expected.append(f"cat {named['path']}")
            elif block.language == "console" and not block.comment.startswith("not followed"):
                expected += block.text.splitlines()
    recorded = [
        event.text.removeprefix(PROMPT).strip()
        for event in read_cast(CAST)
        if event.code == "m" or event.text.startswith(PROMPT)
    ]
    assert recorded == expected


def test_the_picture_of_a_run_is_of_the_recording() -> None:
    """Drawn from what was recorded."""
    drawn = as_svg(excerpt(read_cast(CAST)), "A run of ansible-playbook that releases a new version")
    assert RUN.read_text(encoding="utf-8") == drawn


def test_styles() -> None:
    """Colours and bold text are kept, and markup is text."""
    text = "\x1b[0;32mok\x1b[0m: <a>\r\n\x1b[1;91mred\x1b[0m"
    assert list(spans(text)) == [Span("ok", 32, False), Span(": <a>\n", 0, False), Span("red", 31, True)]
    assert as_html(text) == '<span class="sgr32">ok</span>: &lt;a&gt;\n<span class="sgr31 sgr1">red</span>'


@pytest.mark.parametrize("text", ["\x1b[2Jgone", "\x07", "a\rb", "\x1b[38;5;9mx"])
def test_what_is_more_than_a_line_with_colours(text: str) -> None:
    """It is an error, since the picture would show something else than a terminal."""
    with pytest.raises(ValueError, match=r"a terminal would act|no style"):
        list(spans(text))


def test_a_long_line_is_broken_where_a_terminal_breaks_it() -> None:
    """No character is lost at the side."""
    drawn = as_svg(["x" * (COLUMNS + 1)], "Long")
    assert f">{'x' * COLUMNS}<" in drawn
    assert ">x<" in drawn


def test_pauses_are_cut(tmp_path: Path) -> None:
    """To the limit that the recording names; nothing else changes."""
    write_cast(tmp_path / "a.cast", [Event(BEFORE, "o", "a"), Event(60, "m", "b"), Event(61, "o", "ü")], "Title")
    assert read_cast(tmp_path / "a.cast") == [Event(1, "o", "a"), Event(2.5, "m", "b"), Event(3.5, "o", "ü")]


def test_the_recording_in_a_page() -> None:
    """All of its output is there as text, with the titles of the chapters in the language of the page."""
    chinese = page(ROOT / translation_of(GUIDE.relative_to(ROOT)))
    titles = {ours.text: theirs.text for ours, theirs in zip(page(GUIDE).headings, chinese.headings, strict=True)}
    part = as_part(CAST, "Title", titles, "zh_CN")
    assert re.findall(r"<li><button[^>]*>(.*?)</button>", part) == [
        titles[title] for title, _blocks in steps(page(GUIDE))
    ]
    shown = unescape(re.sub(r"<[^>]*>", "", part.partition("<pre>")[2].partition("</pre>")[0]))
    output = "".join(event.text for event in read_cast(CAST) if event.code == "o")
    assert shown == "".join(span.text for span in spans(output))
