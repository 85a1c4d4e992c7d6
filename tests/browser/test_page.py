# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The emulator's page, as somebody uses it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from jst_emulator.faults import FAULT_KINDS
from jst_emulator.web.files import FOLDER
from tests.browser.harness import PHONE, WIDE, barriers, opened
from tests.browser.live import Live, live

IMAGE = "registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/shop:2.0.0"
HAN = re.compile("[\u4e00-\u9fff]")
SCRIPT = "<script>document.title='taken'</script><img src=x onerror=\"document.title='taken'\">"


@pytest.fixture
def account() -> Iterator[Live]:
    """An emulator whose time is let pass by the test alone."""
    with live(time_scale=0) as running:
        yield running


def card(page: Page, title: str, within: str = "#release-list") -> Locator:
    """The card of an app's release, or of the app."""
    return page.locator(f"{within} article").filter(has=page.get_by_role("heading", name=title))


def arm(page: Page, kind: str, **fields: str) -> None:
    """Fill in the form and arm a fault."""
    if not page.get_by_label("Kind").is_visible():
        page.get_by_text("Arm a fault", exact=True).click()
    page.get_by_label("Kind").select_option(kind)
    for label, value in fields.items():
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Arm the fault").click()


def test_time_makes_a_release_go_on(account: Live, browser: Browser) -> None:
    env_id = account.app("shop")
    with opened(browser, account.page) as page:
        expect(card(page, "shop", "#app-list")).to_contain_text("0 of 6 ready")
        expect(page.get_by_text("No deploy order yet.")).to_be_visible()
        order_id = account.deploy(env_id, IMAGE)
        release = card(page, "shop")
        expect(release).to_contain_text("next step in 2\u00a0s")
        for _dummy in range(3):
            page.get_by_role("button", name="+1 s", exact=True).click()
            expect(page.get_by_role("status")).to_have_text("The clock went on by 1\u00a0s.")
        expect(release.locator(".batch").first).to_contain_text("running")
        page.get_by_role("button", name="+1 min").click()
        expect(release).to_contain_text("waits for ResumeDeploy")
        batches = release.locator(".batch")
        expect(batches).to_have_text([re.compile("1.*done"), re.compile("2.*waiting"), re.compile("3.*waiting")])
        expect(batches.first.get_by_role("img")).to_have_accessible_name("2 done")
        account.call("ResumeDeploy", {"DeployOrderId": order_id})
        page.get_by_role("button", name="+10 min").click()
        expect(release.locator(".chip")).to_have_text("done")
        expect(card(page, "shop", "#app-list")).to_contain_text("6 of 6 ready")
        expect(card(page, "shop", "#app-list")).to_contain_text("shop:2.0.0")


def test_the_clock_runs_as_fast_as_chosen(account: Live, browser: Browser) -> None:
    with opened(browser, account.page, strict=False) as page:
        shown = page.locator("#time")
        expect(shown).to_have_text(re.compile(r"\d\d:\d\d:\d\d"))
        expect(page.get_by_label("Speed")).to_have_value("0")
        before = account.emulator.clock.now()
        page.get_by_label("Speed").select_option("× 600")
        expect(page.get_by_role("status")).to_have_text("The clock has another speed.")
        assert account.emulator.clock.scale == 600
        standing = shown.text_content()
        expect(shown).not_to_have_text(standing or "")
        assert account.emulator.clock.now() > before
        account.emulator.clock.rescale(7)
        page.locator("#find").focus()
        expect(page.get_by_label("Speed")).to_have_value("7")
        account.emulator.clock.rescale(3600)
        expect(page.get_by_label("Speed")).to_have_value("3600")
        # Without a word from the emulator the clock on the page goes on by itself.
        page.route("**/overview*", lambda route: route.abort())
        hour = (shown.text_content() or "")[:2]
        expect(shown).not_to_have_text(re.compile(f"^{hour}"), timeout=2500)


def test_a_fault_strikes_the_next_call(account: Live, browser: Browser) -> None:
    with opened(browser, account.page) as page:
        arm(page, "throttle", Action="ListUsers", retry_after_ms="1500")
        expect(page.locator("#fault-list")).to_contain_text("1 to come")
        assert account.call("ListUsers", {"PageNumber": 1, "PageSize": 10})["Code"] == "Throttling.User"
        expect(page.locator("#fault-list")).to_contain_text("spent")
        expect(page.locator("#fault-count")).to_have_text("none armed")
        row = page.get_by_role("row").filter(has_text="ListUsers")
        expect(row).to_contain_text("throttle")
        expect(row).to_contain_text("400")
        arm(page, "drop_after", Action="CreateApp")
        expect(page.locator("#fault-list li")).to_have_count(2)
        assert account.call("CreateApp", {"Title": "lost"}) is None
        expect(page.get_by_role("row").filter(has_text="drop_after")).to_contain_text("cut")
        page.get_by_role("button", name="Clear all").click()
        expect(page.locator("#fault-list li")).to_have_count(0)
        assert account.emulator.faults.show() == []


def test_a_fault_of_many_options_and_one_that_is_wrong(account: Live, browser: Browser) -> None:
    with opened(browser, account.page, strict=False) as page:
        arm(page, "rewrite", Action="ListUsers", Count="", path='["Data", 0, "RealName"]', value='{"a": [1]}')
        expect(page.locator("#fault-list")).to_contain_text("until cleared")
        page.get_by_label("Only").select_option("writes")
        arm(page, "gateway", Action="", code="Throttling", status="429", Count="3")
        expect(page.locator("#fault-list li")).to_have_count(2)
        assert [(one["action"], one["only"], one["count"]) for one in account.emulator.faults.show()] == [
            ("ListUsers", None, None),
            ("*", "write", 3),
        ]
        assert account.emulator.faults.show()[0]["path"] == ["Data", 0, "RealName"]
        arm(page, "delay", Action="ListNothing")
        expect(page.locator("#fault-error")).to_have_text("unknown action 'ListNothing'")
        arm(page, "rewrite", Action="ListUsers", path="[")
        expect(page.locator("#fault-error")).to_contain_text("JSON")
        assert len(account.emulator.faults.show()) == 2


def test_save_points_are_kept_gone_back_to_and_deleted(account: Live, browser: Browser) -> None:
    with opened(browser, account.page) as page:
        page.get_by_label("Name").fill("empty & <b>fresh")
        page.get_by_role("button", name="Keep this moment").click()
        expect(page.locator("#save-point-list")).to_contain_text("empty & <b>fresh")
        account.app("shop")
        expect(page.locator("#app-list article")).to_have_count(1)
        page.get_by_role("button", name="Go back to empty").click()
        expect(page.locator("#app-list article")).to_have_count(0)
        page.get_by_role("button", name="Delete empty").click()
        expect(page.locator("#save-point-list li")).to_have_count(0)
        assert account.emulator.save_points == {}


def test_starting_over_is_asked_about(account: Live, browser: Browser) -> None:
    account.app("shop")
    with opened(browser, account.page) as page:
        apps = page.locator("#app-list article")
        expect(apps).to_have_count(1)
        page.get_by_role("button", name="Start over…").click()
        page.get_by_role("button", name="Cancel").click()
        expect(page.get_by_role("dialog")).to_be_hidden()
        page.get_by_role("button", name="Start over…").click()
        page.keyboard.press("Escape")
        assert len(account.emulator.world.apps) == 1
        page.get_by_role("button", name="Start over…").click()
        page.get_by_role("dialog").get_by_role("button", name="Start over").click()
        expect(page.get_by_role("status")).to_have_text("Everything is as in the first moment.")
        expect(apps).to_have_count(0)
        expect(page.get_by_text("Nobody has called yet.")).to_be_visible()


def test_what_others_wrote_is_shown_as_text(account: Live, browser: Browser) -> None:
    env_id = account.app(SCRIPT)
    account.deploy(env_id, f"r/{SCRIPT}:1")
    account.call(SCRIPT)
    with opened(browser, account.page) as page:
        expect(card(page, SCRIPT, "#app-list").get_by_role("heading")).to_have_text(SCRIPT)
        expect(card(page, SCRIPT).get_by_role("heading")).to_contain_text(SCRIPT)
        expect(page.locator("#call-list tr").first).to_contain_text("<script>document")
        assert page.title() == "JST emulator"
        assert page.locator("main script, main img").count() == 0


def test_apps_are_found_by_a_part_of_their_titles(account: Live, browser: Browser) -> None:
    for title in ("shop", "workshop", "report"):
        account.app(title)
    with opened(browser, account.page) as page:
        expect(page.locator("#app-list article")).to_have_count(3)
        page.get_by_label("Find").fill("SHOP")
        expect(page.locator("#app-list h3")).to_have_text(["shop", "workshop"])
        expect(page.locator("#app-count")).to_have_text("2 of 2 found, 3 in all")


def test_all_of_it_without_a_mouse(account: Live, browser: Browser) -> None:
    """The buttons come in the order in which they are seen, and focus stays where it is while the page goes on."""
    account.app("shop")
    with opened(browser, account.page) as page:
        expect(page.locator("#app-list article")).to_have_count(1)

        def focused() -> str:
            return str(page.evaluate("document.activeElement.innerText || document.activeElement.id"))

        def press_until(text: str, key: str = "Tab") -> None:
            for _dummy in range(40):
                page.keyboard.press(key)
                if text in focused():
                    return
            raise AssertionError(f"{text} is not reached")

        page.keyboard.press("Tab")
        assert focused() == "Skip to the releases"
        press_until("+1 min")
        before = account.emulator.clock.now()
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("went on")
        assert account.emulator.clock.now() - before == 60
        assert focused() == "+1 min"
        press_until("Arm a fault")
        page.keyboard.press("Enter")
        press_until("Arm the fault")
        page.keyboard.press("Enter")
        expect(page.locator("#fault-list li")).to_have_count(1)
        press_until("Clear all", "Shift+Tab")
        page.keyboard.press("Space")
        expect(page.locator("#fault-list li")).to_have_count(0)
        press_until("Keep this moment")
        press_until("Start over…", "Shift+Tab")
        page.keyboard.press("Enter")
        expect(page.get_by_role("dialog")).to_be_visible()
        press_until("Start over")
        page.keyboard.press("Enter")
        expect(page.locator("#app-list article")).to_have_count(0)


def test_focus_stays_while_the_list_around_it_changes(account: Live, browser: Browser) -> None:
    account.emulator.save("first")
    account.emulator.save("second")
    with opened(browser, account.page) as page:
        button = page.get_by_role("button", name="Go back to second")
        button.focus()
        account.emulator.save("between")
        expect(page.get_by_role("button", name="Go back to between")).to_be_visible()
        expect(button).to_be_focused()


def test_an_emulator_that_goes_and_comes_back(browser: Browser) -> None:
    with live(time_scale=0) as account, opened(browser, account.page, strict=False) as page:
        expect(page.locator("#cluster-list article")).to_have_count(2)
        page.route("**/overview*", lambda route: route.abort())
        expect(page.get_by_role("alert").filter(has_text="does not answer")).to_be_visible()
        page.unroute("**/overview*")
        expect(page.get_by_role("alert").filter(has_text="does not answer")).to_be_hidden()


def test_a_foreign_page_gives_no_orders(account: Live, browser: Browser) -> None:
    """A page of another origin posts, by a form and by a script, with what the browser says about it."""
    account.app("shop")
    before = account.emulator.clock.now()
    with live() as foreign, opened(browser, account.page, strict=False) as page:
        page.route(
            f"{foreign.address}/", lambda route: route.fulfill(content_type="text/html", body="<title>foreign</title>")
        )
        page.goto(f"{foreign.address}/")
        read = page.evaluate(
            """async (control) => {
                const order = {method: 'POST', mode: 'no-cors', body: '{"advance_s": 9}'};
                await fetch(control + 'reset', order).catch(() => {});
                await fetch(control + 'clock', order).catch(() => {});
                return fetch(control + 'state').then(() => 'read', () => 'refused');
            }""",
            account.page,
        )
        assert read == "refused"
        with page.expect_navigation():
            page.evaluate(
                """control => {
                    const form = document.createElement('form');
                    form.method = 'post';
                    form.action = control + 'reset';
                    document.body.append(form);
                    form.submit();
                }""",
                account.page,
            )
        assert "takes no orders" in page.content()
    assert len(account.emulator.world.apps) == 1
    assert account.emulator.clock.now() == before


def test_programs_may(account: Live) -> None:
    """What curl sends, and what is asked under a name that leads here only by its owner's doing."""
    address, order = f"{account.page}clock", b'{"advance_s": 5}'
    with urlopen(Request(address, order)) as answer:
        assert json.load(answer)["scale"] == 0
    with pytest.raises(HTTPError, match="403"):
        urlopen(Request(address, order, headers={"Host": "rebound.example:8480"}))


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [WIDE, PHONE])
def test_everybody_can_use_it(account: Live, browser: Browser, dark: bool, size: tuple[int, int]) -> None:
    """WCAG, contrast included, with every colour on the page; and nothing is wider than the window."""
    for number, image in enumerate(("r/shop:1", "r/shop:fail", "r/shop:2")):
        account.deploy(account.app(f"shop-{number}"), image, pause="none" if number else "first")
        account.emulator.clock.advance(13)
    account.emulator.clock.advance(4)
    account.call("ListNothing")
    account.call("CreateDb", {"DbInstanceId": "rm-emu0000000000001", "DbName": "x", "CharacterSetName": "utf8mb4"})
    with opened(browser, account.page, dark=dark, size=size) as page:
        arm(page, "throttle")
        expect(page.locator("#fault-list li")).to_have_count(1)
        states = page.locator(".release .chip")
        expect(states).to_have_text(["running", "paused", "failed"])
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]
        page.get_by_role("button", name="Start over…").click()
        assert barriers(page) == []


def test_in_chinese(account: Live, browser: Browser) -> None:
    """As the browser asks for it; a text without Chinese would be a warning on the console, which fails here."""
    env_id = account.app("shop")
    account.deploy(env_id, "r/shop:1", pause="none")
    account.emulator.clock.advance(600)
    account.deploy(env_id, "r/shop:2")
    account.emulator.clock.advance(13)
    account.call("ListNothing")
    with opened(browser, account.page, language="zh-CN") as page:
        assert page.title() == "聚石塔模拟器"
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        expect(card(page, "shop").first).to_contain_text("等待 ResumeDeploy")
        expect(card(page, "shop", "#app-list")).to_contain_text("6/6 就绪")
        page.get_by_text("注入故障", exact=True).click()
        kinds = page.get_by_label("种类")
        for kind in FAULT_KINDS:
            kinds.select_option(kind)
            expect(page.locator("#fault-about")).to_have_text(HAN)
        kinds.select_option("throttle")
        page.get_by_label("仅限").select_option("读")
        page.get_by_role("button", name="注入", exact=True).click()
        expect(page.locator("#fault-list")).to_contain_text("任意读调用 · code Throttling.User · 已命中 0 次")
        page.get_by_label("名称").fill("kept")
        page.get_by_role("button", name="保存此刻").click()
        expect(page.get_by_role("status")).to_have_text("已保存为 kept。")
        page.get_by_role("button", name="+1 分钟").click()
        expect(page.get_by_role("status")).to_have_text("时钟前进了1\u00a0分\u00a00\u00a0秒。")
        assert barriers(page) == []
        page.get_by_role("link", name="English").click()
        expect(page.get_by_role("heading", name="Releases")).to_be_visible()
    with opened(browser, account.page) as page:
        page.get_by_role("link", name="中文").click()
        expect(page.get_by_role("heading", name="发布")).to_be_visible()


def test_every_text_is_in_chinese() -> None:
    """Every text that the script translates."""
    script, chinese = ((FOLDER / name).read_text(encoding="utf-8") for name in ("page.js", "zh.js"))
    texts = set(re.findall(r'\bt\("([^"]+)"', script))
    listed = set(re.findall(r'^  "([^"]+)":', chinese, re.MULTILINE))
    assert texts - listed == set()
