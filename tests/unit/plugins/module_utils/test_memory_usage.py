# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Looking for one thing takes the same memory in a long list as in a short one."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from ansible_collections.jst.retailcloud.plugins.module_utils._core.engine import reconcile
from ansible_collections.jst.retailcloud.plugins.module_utils._core.info import list_resources
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App, AppInfo
from tests.unit.plugins.module_utils._api.conftest import Act, Gateway, Seen, good, serve

SHORT, LONG = 1_000, 4_000
# The mark of a record, kept to notice those that come twice, takes a tenth of what the record takes. How many pages are
# on their way at the worst moment differs from run to run, so the bound lies between the two.
BYTES_OF_A_RECORD = 1_200


class Account(Gateway):
    """A service with so many apps, that keeps no record of what it is asked."""

    apps = 0

    def next_for(self, seen: Seen) -> Act:
        if "PageNumber" not in seen.query:
            return good(Result=app(int(seen.query["AppId"])))
        first = (int(seen.query["PageNumber"]) - 1) * 50
        return good(Data=[app(number) for number in range(first, min(first + 50, self.apps))], TotalCount=self.apps)


def app(number: int) -> dict[str, Any]:
    """An app as the service describes it."""
    return {
        "AppId": number,
        "Title": title(number),
        "BizTitle": f"{title(number)} of a shop",
        "BizName": "JST",
        "AppStateType": "stateless",
        "DeployType": "ContainerDeploy",
        "Language": "Java",
        "OperatingSystem": "Linux",
        "ServiceType": "GeneralApplication",
        "Description": f"What {title(number)} is good for.",
    }


def title(number: int) -> str:
    """The title of one of many."""
    return f"app-{number:05}"


def state_module(ctx: RunContext, wanted: str) -> Any:
    """What the state module finds."""
    return (reconcile(ctx, App()).state or {})["title"]


def info_module(ctx: RunContext, wanted: str) -> Any:
    """What the info module lists."""
    return [found["title"] for found in list_resources(ctx, AppInfo())]


SEARCHES: dict[str, tuple[Callable[[RunContext, str], Any], Callable[[int], Any]]] = {
    "state module": (state_module, title),
    "info module with a filter": (info_module, lambda number: [title(number)]),
    "option that names a parent": (lambda ctx, wanted: App().resolve(ctx, wanted, {}), lambda number: number),
    "option that names several": (lambda ctx, wanted: App().resolve_all(ctx, [wanted], {}), lambda number: [number]),
}


@pytest.fixture
def account() -> Iterator[Account]:
    made = Account()
    server = serve(made)
    yield made
    server.shutdown()
    server.server_close()


def peak(account: Account, apps: int, search: Callable[[RunContext, str], Any]) -> tuple[Any, int]:
    """What a search for the last of so many apps finds, and how many bytes were in use at most."""
    account.apps = apps
    options = {"access_key_id": "unit-key-id", "access_key_secret": "unit-secret", "endpoint": account.url}
    tracemalloc.start()
    try:
        with Client(resolve_settings(options, {"HOME": "/nowhere"})) as client:
            found = search(RunContext(client, {"title": title(apps - 1)}), title(apps - 1))
        return found, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize(("search", "expected"), SEARCHES.values(), ids=SEARCHES)
def test_a_search_takes_no_more_in_a_long_list(
    account: Account, search: Callable[[RunContext, str], Any], expected: Callable[[int], Any]
) -> None:
    peak(account, 1, search)  # what is imported and compiled on the way is there from now on
    short = peak(account, SHORT, search)
    long = peak(account, LONG, search)
    assert (short[0], long[0]) == (expected(SHORT - 1), expected(LONG - 1))
    assert long[1] - short[1] < (LONG - SHORT) * BYTES_OF_A_RECORD / 3
