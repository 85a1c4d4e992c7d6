# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The lifecycle of an app in services that reject in other ways, or whose lists are late or on other pages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.conformance.emulators import Emulators
from tests.conformance.module_cases import APP, CONFIG, ENVIRONMENT
from tests.conformance.playbook_runner import COLLECTION, control, run_tasks, task
from tests.conformance.role_examples import CANARY, Example, example
from tests.conformance.test_teardown import difference

PASSWORD: dict[str, Any] = {"hello_password": f"{CANARY}-1"}
CONFIRMED: dict[str, Any] = {**PASSWORD, "teardown_confirm": "hello", "teardown_keep": []}

REJECTIONS = ("rejected_missing", "rejected_existing", "rejected_state", "rejected_value")
NAMED_CONFIG = {name: CONFIG[name] for name in ("app", "name", "env_type")}
LATE = {"list_creates": "late", "list_deletes": "late"}
CAPPED = {"max_page_size": 2}

SERVICES: dict[str, dict[str, Any]] = {
    "flags": dict.fromkeys(REJECTIONS, "flag"),
    "HTTP 400": dict.fromkeys(REJECTIONS, "http_400"),
    "HTTP 404 and 409, late lists": {
        "rejected_missing": "http_404",
        "rejected_existing": "http_409",
        "rejected_state": "http_409",
        **LATE,
    },
    "nothing instead of a rejection, late lists": {"missing_on_read": "empty", "missing_on_delete": "accepted", **LATE},
    "pages that are not counted": {**CAPPED, "total_count": "missing", "page_size_shown": "missing"},
    "pages that count themselves": {**CAPPED, "total_count": "page", "list_order": "newest_first"},
    "last pages again": {**CAPPED, "total_count": "zero", "page_beyond_end": "last", "list_order": "by_name"},
}


# Where the end of a list is seen from its pages alone.
UNCOUNTED = ("pages that are not counted", "last pages again")


@pytest.fixture(name="shop")
def _shop(emulators: Emulators, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Example:
    return example("teardown", emulators, tmp_path, monkeypatch)


def of(shop: Example, playbook: str) -> Example:
    """The inventory of the example with a playbook of the collection."""
    return Example(shop.address, shop.folder, f"{COLLECTION}.{playbook}")


@pytest.mark.parametrize("name", [name for name in SERVICES if name not in UNCOUNTED])
def test_the_life_of_an_app(name: str, shop: Example) -> None:
    control(shop.address, "readings", SERVICES[name])
    before = control(shop.address, "state")
    of(shop, "fleet").run(**PASSWORD)
    of(shop, "bring_up").settled(**PASSWORD)
    of(shop, "fleet").settled(**PASSWORD)
    shop.run(**CONFIRMED)
    shop.settled(**CONFIRMED)
    assert difference(before, control(shop.address, "state")).keys() == {"volumes"}


# Whoever makes and removes things at the speed of the platform sees lists that are seconds late.
LIVES = [
    task("app", "jst_app", APP),
    task("group", "jst_app_group", {"biz_code": "JST", "name": "storefronts", "apps": ["shop"]}),
    task("config", "jst_deploy_config", CONFIG),
    task("environment", "jst_environment", ENVIRONMENT),
]
ABSENT = [
    task("environment", "jst_environment", {"app": "shop", "name": ENVIRONMENT["name"], "state": "absent"}),
    task("config", "jst_deploy_config", {**NAMED_CONFIG, "state": "absent"}),
    task("group", "jst_app_group", {"biz_code": "JST", "name": "storefronts", "state": "absent", "force": True}),
    task("app", "jst_app", {"title": "shop", "state": "absent"}),
]


@pytest.mark.parametrize("readings", [{}, {"rejected_missing": "http_404", "missing_on_read": "empty"}], ids=str)
def test_lists_that_are_late(readings: dict[str, Any], emulators: Emulators, tmp_path: Path) -> None:
    """Nothing is made twice, and what is gone is not deleted once more in vain."""
    address = emulators.fresh()
    control(address, "readings", {**LATE, **readings})
    before = control(address, "state")
    control(address, "clock", {"scale": 2})
    done = run_tasks(address, tmp_path, [*LIVES, *LIVES, *ABSENT, *ABSENT])
    assert [record.result for record in done if record.result["failed"]] == []
    assert [record.result["changed"] for record in done] == [*[True] * 4, *[False] * 4, *[True] * 4, *[False] * 4]
    assert difference(before, control(address, "state")) == {}


@pytest.mark.parametrize("name", [*UNCOUNTED, "pages that count themselves"])
def test_a_list_is_whole(name: str, emulators: Emulators, tmp_path: Path) -> None:
    """What is missing in a list of instances would be taken for gone, and a good release be rolled back."""
    address = emulators.fresh()
    control(address, "readings", SERVICES[name])
    titles = [f"shop-{number}" for number in range(5)]
    apps = [task(title, "jst_app", {**APP, "title": title}) for title in titles]
    done = run_tasks(address, tmp_path, [*apps, task("all", "jst_app_info", {})])
    assert {app["title"] for app in done[-1].result["apps"]} == set(titles)
