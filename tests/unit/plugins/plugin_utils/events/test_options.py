# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Options of the event source."""

from __future__ import annotations

import re
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import JstError
from ansible_collections.jst.retailcloud.plugins.plugin_utils.events.options import TYPES, Options, parse_options


def test_omitted_options_have_defaults() -> None:
    assert parse_options({}) == Options()
    assert parse_options({"apps": None, "state_file": "", "endpoint": ""}) == Options()
    assert {kind for kinds in TYPES.values() for kind in kinds} == Options().types


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"watch": ["jobs"]}, {"watch": ("jobs",)}),
        ({"watch": "jobs, events"}, {"watch": ("jobs", "events")}),
        ({"apps": ["shop", 10002, "shop"]}, {"apps": ("shop", "10002")}),
        ({"types": ["failed"]}, {"types": frozenset(["failed"])}),
        ({"interval": "5"}, {"interval": 5.0}),
        ({"interval": 300}, {"interval": 300.0, "max_interval": 300.0}),
        ({"calls_per_minute": 6000}, {"calls_per_minute": 6000}),
        ({"logs": "yes"}, {"logs": True}),
        ({"feedback": False}, {"feedback": False}),
        ({"start": "beginning"}, {"start": "beginning"}),
        ({"start": "2026-01-05T12:00:00Z"}, {"start": 1767614400.0}),
        ({"start": "2026-01-05 20:00:00+08:00"}, {"start": 1767614400.0}),
        ({"hosts": {10001: "web"}}, {"hosts": {"10001": "web"}}),
        ({"state_file": "/tmp/a/../state"}, {"state_file": "/tmp/state"}),
        ({"schedule_time_zone": "Asia/Shanghai"}, {"schedule_time_zone": "Asia/Shanghai"}),
        ({"secret_key": "Canary"}, {"access": {"access_key_secret": "Canary"}}),
    ],
)
def test_given_options(given: dict[str, Any], expected: dict[str, Any]) -> None:
    options = parse_options(given)
    assert {name: getattr(options, name) for name in expected} == expected


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"wacth": ["jobs"]}, r"no option 'wacth'. .*watch"),
        ({"watch": ["job"]}, "watch has to be a list of deploy_orders, events, jobs, instances"),
        ({"watch": []}, "watch has to be a list with at least one entry"),
        ({"apps": [""]}, "apps has an entry that is not a name"),
        ({"apps": [["shop"]]}, "apps has an entry that is not a name"),
        ({"apps": {"shop": 1}}, "apps has to be a list"),
        ({"interval": "often"}, "interval is wrong: 'often' is not a number"),
        ({"interval": True}, "interval is wrong: true is not a number"),
        ({"interval": 0}, "interval has to be a number of at least 1"),
        ({"interval": 60, "max_interval": 30}, "max_interval has to be at least as long as interval"),
        ({"calls_per_minute": 1.5}, "calls_per_minute is wrong"),
        ({"calls_per_minute": 10**400}, "calls_per_minute has to be a number of at least 1"),
        ({"missed_after": 59}, "missed_after has to be a number of at least 60"),
        ({"x" * 20000: 1}, r"^There is no option 'x{100}\.\.\.'"),
        ({"logs": "maybe"}, "logs has to be true or false"),
        (
            {"start": "yesterday"},
            "start is 'yesterday', which is not an ISO 8601 .* Give a timestamp, now or beginning",
        ),
        ({"hosts": ["shop"]}, "hosts has to be a dictionary"),
        ({"hosts": {"shop": ""}}, "hosts has to be a dictionary"),
        ({"state_file": "/tmp/"}, "state_file has to be the path of a file"),
        ({"schedule_time_zone": "Atlantis"}, "schedule_time_zone is 'Atlantis', which is not a time zone"),
    ],
)
def test_wrong_options_are_named(given: dict[str, Any], words: str) -> None:
    with pytest.raises(JstError) as raised:
        parse_options(given)
    error = raised.value
    assert re.search(words, f"{error.message} {error.hint or ''}"), error.message
