# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Conditions on what is told of a host, before all of it is told and after."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import InvalidOptionError
from ansible_collections.jst.retailcloud.plugins.plugin_utils.host_filters import Filters
from ansible_collections.jst.retailcloud.plugins.plugin_utils.hosts import HOST_TYPES

FIELDS = HOST_TYPES["environments"].fields()
THIN: dict[str, dict[str, Any]] = {"app": {"title": "shop", "biz_title": None}}
WHOLE: dict[str, dict[str, Any]] = {**THIN, "environment": {"name": "production", "replicas": 2, "env_type": "online"}}


def filters(wanted: dict[str, Any] | None = None, *excluded: dict[str, Any]) -> Filters:
    return Filters(wanted or {}, list(excluded), FIELDS)


@pytest.mark.parametrize(
    ("wanted", "admitted"),
    [
        ({"app.title": "shop"}, True),
        ({"app.title": ["blog", "sh?p"]}, True),
        ({"app.title": "Shop"}, False),
        ({"app.title": "sho"}, False),
        ({"app.title": "shop", "environment.name": "trial"}, False),
        ({"environment.replicas": 2}, True),
        ({"environment.replicas": "2"}, True),
        ({"environment.replicas": [1, 3]}, False),
        ({"environment.cluster_id": None}, True),
        ({"environment.cluster_id": "*"}, True),
        ({"environment.cluster_id": "c*"}, False),
    ],
)
def test_wanted(wanted: dict[str, Any], admitted: bool) -> None:
    assert filters(wanted).matches(WHOLE) is admitted
    assert filters(None, wanted).matches(WHOLE) is not admitted


def test_what_is_not_told_yet_is_not_held_against_a_host() -> None:
    assert filters({"environment.name": "production", "app.biz_title": "x"}).matches(THIN, partial=True)
    assert not filters({"environment.name": "production", "app.title": "x"}).matches(THIN, partial=True)
    assert filters(None, {"app.title": "shop", "environment.name": "x"}).matches(THIN, partial=True)
    assert not filters(None, {"app.title": "shop"}).matches(THIN, partial=True)


def test_one_plain_value_is_for_the_service_to_look_for() -> None:
    wanted = {"app.title": ["a", "b"], "app.language": "J*", "app.biz_code": "JST", "environment.env_type": "test"}
    assert filters(wanted).server_side("app") == {"biz_code": "JST"}
    assert filters(wanted).server_side("environment") == {"env_type": "test"}


@pytest.mark.parametrize("option", ["filters", "exclude"])
@pytest.mark.parametrize("name", ["app.title", "app.app_id", "environment.name", "environment.environment_id"])
@pytest.mark.parametrize("value", [None, "", " ", [], [None], ["shop", ""]])
def test_what_identifies_needs_a_value(option: str, name: str, value: Any) -> None:
    with pytest.raises(InvalidOptionError, match=f"Option {option} has no value for {name}"):
        filters(*[{name: value}] if option == "filters" else [None, {name: value}])


def test_an_empty_value_is_not_for_the_service_to_look_for() -> None:
    wanted = filters({"environment.cluster_id": None, "app.biz_title": ""})
    assert (wanted.server_side("app"), wanted.server_side("environment")) == ({}, {})


@pytest.mark.parametrize(
    "wanted", [{"app.title": {}}, {"app.title": [[]]}, {"app.nothing": 1}, {"app.language": "java"}]
)
def test_what_no_host_could_have_is_refused(wanted: dict[str, Any]) -> None:
    with pytest.raises(InvalidOptionError):
        filters(wanted)
