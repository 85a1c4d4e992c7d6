# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures of the documentation, below docs/pictures: small enough to be part of every clone.

It is no test, but it needs what the tests have: ``make pictures`` runs it by pytest.

A picture whose name ends in ``.zh-CN`` shows a page in Chinese, one in ``-dark`` shows it in the dark mode.
"""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import yaml
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.drift_world import WORLD
from tests.browser.harness import opened
from tests.browser.live import INVENTORY, live
from tests.tools.run_in_collection import PICTURES, environment
from tests.tools.running_emulator import access, emulator

#: The window, and the pixels of a picture for each of its pixels.
SIZE, SCALE = (1280, 860), 1.5
COLOURS = 128
MOST_BYTES = 150 * 1024


def take(page: Page, name: str) -> None:
    """Take a picture of what the window shows.

    :raises ValueError: it is larger than a picture of a clone should be.
    """
    path = PICTURES / f"{name}.png"
    page.screenshot(path=path, animations="disabled")
    with Image.open(path) as image:
        image.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise ValueError(f"{path} has {size} bytes, more than {MOST_BYTES}")


def looks() -> Iterator[tuple[str, str, bool]]:
    """The ending of a picture's name, the language of the reader, and whether it is the dark mode."""
    for ending, language in (("", "en-GB"), (".zh-CN", "zh-CN")):
        for dark in (False, True):
            yield f"{ending}{'-dark' if dark else ''}", language, dark


def test_emulator(browser: Browser) -> None:
    """The example inventory is brought up, two of its apps are being released, and a fault struck a call."""
    with live(time_scale=60) as account:
        account.bring_up()
        account.emulator.clock.rescale(0)
        account.emulator.save("before-release")
        account.deploy(account.environment("order-service"), "r/order-service:1.5.0", batches=4)
        account.emulator.clock.advance(13)
        account.deploy(account.environment("storefront"), "r/nginx:1.27", "r/storefront:3.2", pause="none")
        account.emulator.clock.advance(19)
        account.emulator.faults.arm({"kind": "drop_after", "only": "write", "count": 2})
        parameters = {"DbInstanceId": "rm-emu0000000000001", "DbName": "reports", "CharacterSetName": "utf8mb4"}
        account.call("CreateDb", parameters)
        account.call("DescribeDatabases", {"InstanceId": "rm-emu0000000000001"})
        for ending, language, dark in looks():
            with opened(browser, account.page, dark=dark, size=SIZE, scale=SCALE, language=language) as page:
                expect(page.locator("#call-list tr").first).to_contain_text("DescribeDatabases")
                take(page, f"emulator{ending}")


def test_drift(browser: Browser, tmp_path: Path) -> None:
    """The report about the example inventory and an account that has little of it."""
    report, world = tmp_path / "drift.html", tmp_path / "world.yml"
    world.write_text(yaml.safe_dump(WORLD))
    command = ["ansible-playbook", "-i", str(INVENTORY), "jst.retailcloud.drift", "-e", f"drift_html={report}"]
    with emulator("--world", str(world)) as address:
        subprocess.run(command, env=environment() | access(address), check=True, stdout=subprocess.DEVNULL)
    for ending, language, dark in looks():
        with opened(browser, report, dark=dark, size=SIZE, scale=SCALE, language=language) as page:
            take(page, f"drift{ending}")
