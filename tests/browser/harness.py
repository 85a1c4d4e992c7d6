# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pages in the headless browser, held to what every page of the project has to keep: no errors, no other hosts."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request, expect, sync_playwright

from tests.browser.chromium import AXE, provided
from tests.tools.run_in_collection import BUILD

PICTURES = BUILD / "pictures"
WIDE, PHONE = (1440, 900), (390, 844)
# Chromium's own services are not to be reached from a test.
FLAGS = ("--disable-quic", "--disable-gpu", "--disable-background-networking", "--disable-component-update")
LOCAL = ("127.0.0.1", "localhost", "[::1]")
# A page takes its time where others keep the machine busy.
PATIENCE_MS = 60_000


@contextmanager
def started() -> Iterator[Browser]:
    """A browser for as long as a block runs.

    :raises FileNotFoundError: there is no Chromium.
    """
    chromium = provided()
    # The newer way of taking pictures, into a surface of its own, fails now and then where no GPU draws large pages.
    os.environ["PLAYWRIGHT_LEGACY_SCREENSHOT"] = "1"
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.program,
            env={**os.environ, **chromium.environment},
            args=list(FLAGS),
        )
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def opened(
    browser: Browser,
    target: str | Path,
    *,
    dark: bool = False,
    size: tuple[int, int] = WIDE,
    scale: float = 2,
    strict: bool = True,
    language: str = "en-GB",
    scripts: bool = True,
) -> Iterator[Page]:
    """A page in a profile of its own, for as long as a block runs.

    :param target: an address, or the path of a file.
    :param size: width and height of the window in CSS pixels, ``WIDE`` or ``PHONE`` for instance.
    :param scale: pixels of a picture for each of them.
    :param strict: whether errors and requests to other hosts, told at the end of the block, are failures.
    :param language: what the browser asks for.
    :param scripts: whether it runs scripts.
    :raises AssertionError: something was written to the console as an error or a warning, a script failed, or another
        host was asked for something.
    """
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]},
        color_scheme="dark" if dark else "light",
        device_scale_factor=scale,
        reduced_motion="reduce",
        locale=language,
        java_script_enabled=scripts,
        timezone_id="UTC",
    )
    context.set_default_timeout(PATIENCE_MS)
    problems: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: problems.append(said.text) if said.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: problems.extend(_elsewhere(request)))
    try:
        page.goto(target.resolve().as_uri() if isinstance(target, Path) else target)
        yield page
    finally:
        context.close()
    if strict and problems:
        raise AssertionError("\n".join(problems))


def barriers(page: Page) -> list[str]:
    """What keeps people with disabilities from using *page* as it is now, by the rules of WCAG 2.2, level AA."""
    # Not as a script of the page, which its content security policy forbids.
    page.evaluate(f"() => {{ {AXE.read_text()} }}")
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found = page.evaluate("tags => window.axe.run({runOnly: tags})", tags)
    return [
        f"{violation['id']}: {violation['help']}: {node['html']} {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def picture(page: Page, name: str, *, whole: bool = True) -> Path:
    """Take a picture of *page* into ``build/pictures/<name>.png``, of all of it or of what the window shows."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path, full_page=whole, animations="disabled")
    return path


def _elsewhere(request: Request) -> Iterator[str]:
    parts = urlsplit(request.url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    if parts.scheme not in ("file", "data", "blob") and host not in LOCAL:
        yield f"asked another host: {request.url}"
