# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The recording as a part of a page of the site, as somebody watches it."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.harness import PHONE, barriers, opened
from tests.tools.run_in_collection import ROOT
from tests.tools.site_recording import as_part
from tests.tools.terminal import PROMPT, Event, write_cast

STATIC = ROOT / "docs" / "site" / "static"
EVENTS = [
    Event(0, "m", "First"),
    Event(1, "o", f"{PROMPT}one\r\n"),
    Event(2, "o", "\x1b[0;32mok: <one>\x1b[0m\r\n"),
    Event(2, "m", "Second"),
    Event(3, "o", f"{PROMPT}two\r\n"),
    Event(4, "o", "\x1b[0;33mchanged\x1b[0m\r\n"),
]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """A page with a recording of five seconds."""
    write_cast(tmp_path / "short.cast", EVENTS, "Short")
    part = as_part(tmp_path / "short.cast", "Two commands", {"First": "甲", "Second": "乙"}, "zh_CN")
    html = part.split("\n", 1)[1].rsplit("``````", 1)[0]
    style, script = ((STATIC / name).read_text(encoding="utf-8") for name in ("site.css", "player.js"))
    page = tmp_path / "page.html"
    page.write_text(
        '<!doctype html><html lang="zh-CN"><meta charset="utf-8"><title>Short</title>'
        f"<style>{style}</style><script>{script}</script>"
        f"<main><h1>Short</h1>{html}</main></html>",
        encoding="utf-8",
    )
    return page


def test_it_plays(recording: Path, browser: Browser) -> None:
    """From a chapter to the end, and again from the beginning; the time of the page is that of the test."""
    with opened(browser, recording) as page:
        page.clock.install(time="2026-01-05T08:00:00")
        page.reload()
        page.clock.pause_at("2026-01-05T09:00:00")
        screen, play = page.locator(".terminal"), page.locator(".play")
        expect(screen).to_have_text("$ one ok: <one>", use_inner_text=True)
        expect(page.locator(".caption")).to_have_text("乙")
        expect(play).to_have_text("▶ 播放")
        play.click()
        page.clock.run_for(1500)
        expect(screen).to_contain_text("$ two", use_inner_text=True)
        expect(screen).not_to_contain_text("changed", use_inner_text=True)
        expect(play).to_contain_text("暂停")
        play.click()
        page.clock.run_for(5000)
        expect(screen).not_to_contain_text("changed", use_inner_text=True)
        play.click()
        page.clock.run_for(5000)
        expect(screen).to_contain_text("changed", use_inner_text=True)
        expect(page.locator(".time")).to_have_text("0:05 / 0:05")
        expect(play).to_contain_text("播放")
        page.get_by_role("button", name="甲").click()
        expect(screen).to_have_text("", use_inner_text=True)
        page.get_by_label("位置").fill("1.5")
        expect(screen).to_have_text("$ one", use_inner_text=True)


def test_everybody_can_watch_it(recording: Path, browser: Browser) -> None:
    """On a phone too; without scripts all of it is there to read."""
    with opened(browser, recording, size=PHONE) as page:
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE[0]
    with opened(browser, recording, scripts=False) as page:
        expect(page.locator(".terminal")).to_contain_text("changed", use_inner_text=True)
        expect(page.locator(".controls")).to_be_hidden()
