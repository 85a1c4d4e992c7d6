# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A recording as a part of a page of the site.

The whole output stands in the page, so it can be read, searched and copied without a script.
``docs/site/static/player.js`` plays it.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

from tests.tools.terminal import as_html, read_cast

#: The words of the controls, by the language as Sphinx names it.
WORDS = {
    "en": {"play": "Play", "pause": "Pause", "position": "Position", "chapters": "Chapters"},
    "zh_CN": {"play": "播放", "pause": "暂停", "position": "位置", "chapters": "章节"},
}


def as_part(cast: Path, title: str, titles: Mapping[str, str], language: str) -> str:
    """Return the part of a page, as a directive of MyST.

    :param title: what the recording shows, in the language of the page.
    :param titles: the titles of its chapters in the language of the page, by the English ones.
    """
    words = WORDS[language]
    events = read_cast(cast)
    pieces = "".join(
        f'<span data-at="{event.at:g}">{as_html(event.text)}</span>' for event in events if event.code == "o"
    )
    chapters = "".join(
        f'<li><button type="button" data-at="{event.at:g}">{escape(titles[event.text])}</button></li>'
        for event in events
        if event.code == "m"
    )
    end = f"{events[-1].at + 1:.0f}"
    return f"""\
``````{{raw}} html
<figure class="recording">
<figcaption>{escape(title)}</figcaption>
<p class="caption"></p>
<div class="terminal" tabindex="0" role="region" aria-label="{escape(title)}"><pre>{pieces}</pre></div>
<div class="controls">
<button type="button" class="play" data-play="&#9654; {words["play"]}" data-pause="&#10073;&#10073; {words["pause"]}"\
>&#9654; {words["play"]}</button>
<input type="range" min="0" max="{end}" step="0.1" value="0" aria-label="{words["position"]}">
<span class="time"></span>
</div>
<ol class="chapters" aria-label="{words["chapters"]}">{chapters}</ol>
</figure>
``````
"""
