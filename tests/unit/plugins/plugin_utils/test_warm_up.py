# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The task that the main process carries out before it forks."""

from __future__ import annotations

import socket
import subprocess
import threading
from collections.abc import Iterator
from typing import Any, NoReturn

import pytest
from ansible.utils.unsafe_proxy import wrap_var

from ansible_collections.jst.retailcloud.plugins.module_utils._api import tls
from ansible_collections.jst.retailcloud.plugins.plugin_utils import in_process, warm_up
from tests.unit.plugins.plugin_utils.test_action import PLUGINS, modules_after


@pytest.fixture(autouse=True)
def anew() -> Iterator[None]:
    warm_up.warm_up.cache_clear()
    tls._load_context.cache_clear()
    yield
    warm_up.warm_up.cache_clear()


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*args: Any, **kwargs: Any) -> NoReturn:
        raise AssertionError("something went out")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)


@pytest.mark.parametrize("proxy", ["", "http://127.0.0.1:9"])
def test_it_goes_the_whole_way_and_nowhere(monkeypatch: pytest.MonkeyPatch, proxy: str) -> None:
    monkeypatch.setenv("HTTP_PROXY", proxy)
    threads = threading.active_count()
    state = warm_up.warm_up()
    assert state is not None
    assert (state["app_id"], state["language"], state["user_roles"]) == (1, "Java", [])
    assert threading.active_count() == threads


def test_it_does_so_once() -> None:
    assert warm_up.warm_up() is warm_up.warm_up()


@pytest.mark.parametrize(("endpoint", "contexts"), [("", 1), ("https://x.example", 1), ("http://x.example", 0)])
def test_certificates_are_read_where_they_will_be_needed(
    monkeypatch: pytest.MonkeyPatch, endpoint: str, contexts: int
) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ENDPOINT", endpoint)
    warm_up.warm_up()
    assert tls._load_context.cache_info().currsize == contexts


def test_an_action_brings_it_along() -> None:
    assert f"{PLUGINS}.plugin_utils.warm_up" in modules_after(f"import {PLUGINS}.action.jst_service")


def test_no_task_fails_for_it() -> None:
    loaded = modules_after(f"import socket; socket.socketpair = None; import {PLUGINS}.action.jst_service")
    assert {f"{PLUGINS}.modules.jst_service", f"{PLUGINS}.plugin_utils.warm_up"} <= loaded


@pytest.mark.parametrize("loaded", ["action.jst_service", "plugin_utils.in_process"])
def test_forks_look_nothing_up_to_decode_their_arguments(loaded: str) -> None:
    code = (
        f"import {PLUGINS}.{loaded}; from ansible import constants; from {PLUGINS}.plugin_utils import in_process; "
        "constants.config.get_config_value = None; in_process.round_trip({'a': ['b']}, {'changed': False})"
    )
    if in_process.TAGGED and loaded == "plugin_utils.in_process":
        with pytest.raises(subprocess.CalledProcessError):
            modules_after(code)
    else:
        modules_after(code)


def test_a_round_trip_changes_no_value() -> None:
    arguments = {"text": wrap_var("{{ a }}"), "numbers": [1, 2.5], "nothing": None, "inner": {"is": True}}
    result = {"changed": False, "app": {"title": "shop"}}
    assert in_process.round_trip(arguments, result) == (arguments, result)
    decoded, returned = in_process.round_trip(arguments, result)
    assert type(decoded["text"]) is str
    assert (returned["app"]["title"], decoded["inner"]) == ("shop", {"is": True})
