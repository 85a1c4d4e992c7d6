# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a task takes from the names that the tasks of a run share, and what it leaves for the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.client import Client
from ansible_collections.jst.retailcloud.plugins.module_utils._api.settings import resolve_settings
from ansible_collections.jst.retailcloud.plugins.module_utils._core import name_index
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import Predicate, State
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App
from ansible_collections.jst.retailcloud.plugins.plugin_utils.name_files import NameFiles

ACCESS = {
    "endpoint": "http://localhost:1",
    "access_key_id": "key-id",
    "access_key_secret": "canary-secret",
    "security_token": "canary-token",
}


@pytest.fixture
def ctx(tmp_path: Path) -> Iterator[RunContext]:
    """Return the context of a task that shares names."""
    with name_index.provided(NameFiles(tmp_path, 1, pytest.fail)), Client(resolve_settings(ACCESS, {})) as client:
        yield RunContext(client, {})


def read(ctx: RunContext, title: str, *listed: dict[str, Any]) -> list[State]:
    """Look a title up in a list of apps."""

    def states(predicate: Predicate) -> list[State]:
        return [state for state in listed if predicate(state)]

    return ctx.shared_names.read_list(ctx, App(), [{"title": title}], lambda state: state["title"] == title, states)


def id_of(ctx: RunContext, title: str) -> Any:
    return ctx.shared_names.id_of(ctx, App(), {"title": title})


def app(resource_id: Any, title: Any) -> dict[str, Any]:
    return {"app_id": resource_id, "title": title, "description": "canary-secret"}


def test_names_and_ids_are_all_that_is_stored(ctx: RunContext, tmp_path: Path) -> None:
    assert read(ctx, "a", app(1, "a"), app(2, "b")) == [app(1, "a")]
    contents = {file.name: file.read_bytes() for file in tmp_path.iterdir()}
    assert sorted(contents.values()) == [b"", b'"a"\t1\n"b"\t2\n']
    assert not [file for file in contents if "key-id" in file]


def test_the_first_list_is_published_and_later_ones_correct_it(ctx: RunContext) -> None:
    read(ctx, "a", app(1, "a"), app(2, "b"))
    read(ctx, "b", app(3, "b"), app(4, "c"))
    assert [id_of(ctx, title) for title in "abc"] == [1, 3, None]
    read(ctx, "a")
    assert id_of(ctx, "a") is None


@pytest.mark.parametrize("odd", [app(None, "b"), app(2, None), app(2, "")])
def test_a_list_with_records_that_lack_a_name_is_not_published(odd: dict[str, Any], ctx: RunContext) -> None:
    read(ctx, "a", app(1, "a"), odd)
    assert id_of(ctx, "a") is None


def test_a_name_of_two_is_looked_up_in_the_list(ctx: RunContext) -> None:
    read(ctx, "a", app(1, "a"), app(2, "a"), app(3, "A"), app(4, "1"))
    assert [id_of(ctx, title) for title in ("a", "A")] == [None, 3]
    assert ctx.shared_names.id_named(ctx, App(), "1", 1) is None
    assert ctx.shared_names.id_named(ctx, App(), "2", 2) == 2
    assert [key for _resource, key, _id in ctx.shared_names.assumed.values()] == [{"app_id": 2}]


def test_after_a_write_the_service_is_read(ctx: RunContext) -> None:
    read(ctx, "a", app(1, "a"))
    ctx.writing = True
    assert id_of(ctx, "a") is None
    ctx.shared_names.record(ctx, App(), app(1, "a"), None)
    ctx.shared_names.record(ctx, App(), None, app(2, "b"))
    ctx.writing = False
    assert [id_of(ctx, title) for title in "ab"] == [None, 2]


def test_a_task_that_starts_again_takes_nothing_from_the_index(ctx: RunContext) -> None:
    read(ctx, "a", app(1, "a"))
    ctx.start_again()
    assert id_of(ctx, "a") is None
