# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A thing that changes while it moves to another page of its list is one thing."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from ansible_collections.jst.retailcloud.plugins.module_utils._core.info import list_resources
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App, AppInfo
from tests.unit.plugins.module_utils._api.conftest import Gateway, good, serve

PAGE = 50


@pytest.fixture
def gateway() -> Iterator[Gateway]:
    """A service on which app 50 moves to the second page, with another language than on the first."""
    made = Gateway()

    def page(number: int) -> Any:
        apps = [{"AppId": index, "Title": f"app-{index}", "Language": "Java"} for index in range(1, PAGE + 1)]
        if number > 1:
            apps = [{**apps[-1], "Language": "PHP"}, {**apps[0], "AppId": PAGE + 1, "Title": f"app-{PAGE + 1}"}]
        return good(Data=apps, TotalCount=PAGE + min(number, 2))

    made.by_page = page
    server = serve(made)
    yield made
    server.shutdown()
    server.server_close()


def test_it_is_shown_once_and_as_it_was_read_last(gateway: Gateway) -> None:
    options = {"access_key_id": "unit-key-id", "access_key_secret": "unit-secret", "endpoint": gateway.url}
    with Client(resolve_settings(options, {"HOME": "/nowhere"})) as client:
        listed = list_resources(RunContext(client, {}), AppInfo())
        found = App().identify(RunContext(client, {}), {}, f"app-{PAGE}")
    assert [app["app_id"] for app in listed] == [*range(1, PAGE), PAGE, PAGE + 1]
    assert [app["language"] for app in listed if app["app_id"] == PAGE] == ["PHP"]
    assert found == PAGE
