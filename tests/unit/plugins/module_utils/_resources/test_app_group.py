# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups that somebody else deletes while they are looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import BusinessError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_group import AppGroup

GROUP = {"id": 70001, "biz_name": "JST", "name": "storefronts"}
KEY = {"biz_code": "JST", "name": "storefronts"}


class Groups:
    """A client to an account that refuses to list members, and in which a group is listed so many times."""

    def __init__(self, listed: int) -> None:
        self.listed = listed

    def each(self, action: str, params: Mapping[str, Any], **_dummy: Any) -> Iterator[dict[str, Any]]:
        """The records of a list."""
        if action == "ListAppGroupMapping":
            raise BusinessError("Group storefronts does not exist.", action=action, code="1")
        self.listed -= 1
        return iter([GROUP] if self.listed >= 0 else [])

    def list_all(self, action: str, params: Mapping[str, Any], **_dummy: Any) -> list[dict[str, Any]]:
        """All records of a list."""
        return list(self.each(action, params))

    def list_mapped(
        self, action: str, params: Mapping[str, Any], keep: Callable[[dict[str, Any]], Any], **_dummy: Any
    ) -> list[Any]:
        """What is kept of the records of a list."""
        return [kept for kept in map(keep, self.each(action, params)) if kept is not None]


def ctx(listed: int) -> RunContext:
    """A task of such a client."""
    client: Any = Groups(listed)
    return RunContext(client, {}, sleep=lambda seconds: None)


def test_a_group_that_is_gone_when_its_members_are_asked_for_is_not_there() -> None:
    assert AppGroup().find(ctx(listed=1), {}, KEY) is None


def test_a_group_that_a_late_list_shows_for_a_while_is_not_there() -> None:
    assert AppGroup().find(ctx(listed=3), {}, KEY) is None


def test_a_refusal_over_a_group_that_is_there_is_an_error() -> None:
    with pytest.raises(BusinessError, match="does not exist"):
        AppGroup().find(ctx(listed=100), {}, KEY)
