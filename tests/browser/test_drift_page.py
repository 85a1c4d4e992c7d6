# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The page of playbook drift, as somebody reads it: on a screen, on a phone, in the dark and on paper."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

import pytest
import yaml
from playwright.sync_api import Browser, Page, expect

from tests.browser.drift_world import WORLD
from tests.browser.harness import PHONE, WIDE, barriers, opened, picture
from tests.tools.run_in_collection import ROOT
from tests.tools.running_emulator import access, emulator

ODD = "<img src=x onerror=\"document.title='taken'\"> & 'co'"


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page about the example inventory and an account that has little of it."""
    folder = tmp_path_factory.mktemp("drift")
    page, world = folder / "drift.html", folder / "world.yml"
    odd = {"title": ODD, "biz_code": "JST", "language": "Java", "service_type": "GeneralApplication"}
    world.write_text(yaml.safe_dump({**WORLD, "apps": [*WORLD["apps"], odd]}))
    inventory, variables = str(ROOT / "examples" / "inventory"), f"drift_html={page} drift_name=Nightly"
    with emulator("--world", str(world), log=folder / "emulator.log") as address:
        command = ["ansible-playbook", "-i", inventory, "jst.retailcloud.drift", "-e", variables]
        done = subprocess.run(
            command, env={**os.environ, **access(address)}, capture_output=True, text=True, check=False
        )
    assert page.exists(), done.stdout + done.stderr
    return page


def test_what_the_page_says(report: Path, browser: Browser) -> None:
    """The counts first; a link leads to each app; what looks like markup is text."""
    with opened(browser, report, size=WIDE) as page:
        assert page.title() == "Drift - Nightly"
        tiles = page.locator(".tile b")
        expect(tiles).to_have_text(["0", "3", "1", "0", "0", "1"])
        assert barriers(page) == []
        page.get_by_role("link", name="order-service").click()
        card = page.locator("section.card:target")
        expect(card.get_by_role("heading", name="order-service")).to_be_in_viewport()
        for text in ("- replicas: 3", "+ replicas: 4"):
            expect(card.locator("pre").get_by_text(text, exact=True)).to_be_visible()
        expect(card.get_by_role("row", name="service order-service/production/debug 50001")).to_be_visible()
        expect(page.get_by_role("cell", name=ODD)).to_be_visible()
        assert page.locator("img, link").count() == 0
        assert page.locator("script").count() == 1
        picture(page, "drift")


def test_filters(report: Path, browser: Browser) -> None:
    """By app, severity and kind of resource: apps without such findings go, in the list too, and so do empty parts."""
    with opened(browser, report) as page:
        apps, cards = page.locator(".index tbody tr:visible"), page.locator("section[data-app]:visible")
        expect(apps).to_have_count(3)
        page.get_by_label("App or host").fill("ORDER")
        expect(cards).to_have_count(1)
        expect(apps).to_have_text([re.compile("^order-service")])
        page.get_by_label("App or host").fill("")
        page.locator(".choice", has_text="notice").click()
        expect(apps).to_have_text([re.compile("^order-service")])
        expect(cards.get_by_role("heading", level=4)).to_have_text(["UNMANAGED"], use_inner_text=True)
        expect(page.get_by_role("status")).to_have_text("Matching apps: 1", use_inner_text=True)
        page.locator(".choice", has_text="notice").click()
        page.locator(".choice", has_text="deploy configs").click()
        shown = page.locator("section[data-app] [data-kind]:visible")
        assert {item.get_attribute("data-kind") for item in shown.all()} == {"deploy configs"}
        found = page.evaluate("[...document.querySelectorAll('[data-kind]')].map(item => item.dataset.kind)")
        assert {box.get_attribute("value") for box in page.locator(".choice:visible [name=kind]").all()} == {*found}
        assert barriers(page) == []


def test_languages(report: Path, browser: Browser) -> None:
    """The browser's decides, and the reader can switch; without scripts it is all there, in English."""
    with opened(browser, report, language="zh-CN") as page:
        assert page.title() == "漂移报告 - Nightly"
        expect(page.get_by_role("heading", level=1)).to_have_text("聚石塔应用的漂移报告", use_inner_text=True)
        expect(page.get_by_text("replicas: 4").first).to_be_visible()
        expect(page.get_by_text("部署配置 'order-service/online'").first).to_be_visible()
        assert barriers(page) == []
        page.get_by_role("button", name="English").click()
        assert page.title() == "Drift - Nightly"
        expect(page.get_by_role("heading", level=1)).to_have_text("Drift of apps on Jushita", use_inner_text=True)
    with opened(browser, report, language="zh-CN", scripts=False) as page:
        expect(page.get_by_text("Apps to look at").first).to_be_visible()
        expect(page.locator("section[data-app]")).to_have_count(3)
        expect(page.locator("form, .languages")).to_have_count(2)
        expect(page.locator("form:visible, .languages:visible")).to_have_count(0)


@pytest.mark.parametrize(("name", "dark", "size"), [("dark", True, WIDE), ("phone", False, PHONE)])
def test_it_fits_the_reader(name: str, dark: bool, size: tuple[int, int], report: Path, browser: Browser) -> None:
    """Nothing is wider than the screen, and the dark mode is dark."""
    with opened(browser, report, dark=dark, size=size) as page:
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == size[0]
        box, field = (page.locator(name).bounding_box() for name in (".filters", "[name=find]"))
        assert box and field and field["x"] + field["width"] < box["x"] + box["width"] - 14
        names = page.locator(".index td:first-child a").all()
        assert {len(name.evaluate("link => [...link.getClientRects()]")) for name in names} == {1}
        assert (brightness(page) < 0.3) is dark
        picture(page, f"drift-{name}")


def test_it_is_dark_on_white_paper(report: Path, browser: Browser) -> None:
    """Also for a reader in the dark mode."""
    with opened(browser, report, dark=True) as page:
        page.emulate_media(media="print")
        assert brightness(page) > 0.9
        picture(page, "drift-paper")


def brightness(page: Page) -> float:
    """Of the background, from 0 to 1."""
    colour: list[int] = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    return sum(colour[:3]) / 3 / 255
