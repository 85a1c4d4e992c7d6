# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Lists of the resources that match filters, whether the service or the module filters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import (
    InvalidOptionError,
    NotFoundError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import Field, ListOperation
from ansible_collections.jst.retailcloud.plugins.module_utils._core.info import Info, list_resources
from ansible_collections.jst.retailcloud.plugins.module_utils._core.resource import Resource
from tests.unit.plugins.module_utils._core.conftest import ROOM, Lamp, MakeContext, Platform


class LampInfo(Info):
    """Lists lamps."""

    resource = Lamp()
    filters = ("lamp_id", "name", "watts", "group_id")


def inquired(make_context: MakeContext, **options: Any) -> list[Any]:
    """Return the names of the listed lamps."""
    return [
        lamp["name"] for lamp in list_resources(make_context(room="kitchen", **options), LampInfo()) if lamp is not None
    ]


@pytest.fixture
def lamps(platform: Platform) -> Platform:
    """Return a platform with some lamps."""
    platform.put(lamp_name="desk", watts=40, group_id=71)
    platform.put(lamp_name="desk 2", watts="60", group_id=71)
    platform.put(lamp_name="shelf", watts=40)
    return platform


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["desk", "desk 2", "shelf"]),
        ({"name": "desk"}, ["desk"]),
        ({"watts": 60}, ["desk 2"]),
        ({"group": "hall", "watts": 40}, ["desk"]),
        ({"name": "none"}, []),
        ({"lamp_id": 103}, ["shelf"]),
        ({"lamp_id": 103, "name": "desk"}, []),
        ({"lamp_id": 999}, []),
    ],
)
def test_lists_hold_what_fits_every_filter(
    lamps: Platform, make_context: MakeContext, options: Mapping[str, Any], names: list[str]
) -> None:
    assert inquired(make_context, **options) == names


def test_the_service_is_asked_to_filter_where_it_can(lamps: Platform, make_context: MakeContext) -> None:
    inquired(make_context, name="desk", watts=40)
    assert lamps.calls == [("ListLamps", {"RoomId": ROOM, "Name": "desk"})]


def test_lists_need_their_parent_and_right_filters(make_context: MakeContext) -> None:
    with pytest.raises(NotFoundError, match="There is no room 'attic'"):
        list_resources(make_context(room="attic"), LampInfo())
    with pytest.raises(InvalidOptionError, match=r"^Option watts is 0, but has to be between 1 and 100"):
        inquired(make_context, watts=0)
    with pytest.raises(NotFoundError, match="There is no group 'cellar'"):
        inquired(make_context, group="cellar")


class CellarLampInfo(LampInfo):
    """Lists lamps, or lamps in the cellar."""

    extra_options = {"cellar": {"type": "bool", "default": False}}

    def select_resource(self, options: Mapping[str, Any]) -> Resource:
        """Return the resource by option."""
        return CellarLamp() if options["cellar"] else self.resource


class CellarLamp(Lamp):
    """A lamp in the cellar."""

    list_op = ListOperation("ListCellarLamps", {"RoomId": "room_id"})


def test_an_option_can_choose_what_is_listed(
    lamps: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    cellar = [{"lamp_id": 1, "lamp_name": "cellar"}]
    monkeypatch.setattr(lamps, "_ListCellarLamps", lambda parameters: cellar, raising=False)
    info = CellarLampInfo()
    assert info.options()["cellar"] == {"type": "bool", "default": False}
    for chosen, count in ((False, 3), (True, 1)):
        assert len(list_resources(make_context(room="kitchen", cellar=chosen), info)) == count


def test_the_options_of_a_list_follow_from_its_filters() -> None:
    options = LampInfo().options()
    types = {"room": "str", "room_id": "int", "lamp_id": "int", "name": "str", "watts": "int", "group": "str"}
    assert {name: option["type"] for name, option in options.items()} == types
    # Either names the room, so neither is required by itself.
    assert [name for name, option in options.items() if option.get("required")] == []


class SeasonalLampInfo(LampInfo):
    """Lists the lamps of a season, which records do not hold."""

    request_filters = (Field("season"),)


def test_it_is_told_what_of_what_is_listed(make_context: MakeContext) -> None:
    """The message of a failed list names the list."""
    ctx = make_context(room="kitchen", name="desk", lamp_id=None, season="winter", details=True)
    list_resources(ctx, SeasonalLampInfo())
    assert ctx.activity == "list lamps with room 'kitchen', name 'desk', season 'winter'"
