# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The errors of the variables of role application, in words."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.plugin_utils.application_variables import (
    IDENTIFYING,
    NAMES_NEEDED,
    faults,
    options,
)

RIGHT: dict[str, Any] = {
    "application_title": "shop",
    "application_biz_code": "JST",
    "application_language": "Java",
    "application_service_type": "StoreApplication",
    "application_user_roles": [{"role_name": "Owner", "user_id": "1001", "user_type": "TAOBAO"}],
}
PLACE = {"name": "production", "env_type": "online", "region": "cn-zhangjiakou", "deploy_config": "web"}
WRONG_PLACE = f"{NAMES_NEEDED} Wrong: environment production."
UNNAMED = {name: value for name, value in PLACE.items() if name != "deploy_config"}

# Variables, and what is wrong with them.
CASES: dict[str, tuple[dict[str, Any], str]] = {
    "nothing": ({}, ""),
    "empty answers": (dict.fromkeys(("application_environments", "application_deploy_configs"), ""), ""),
    "no name for the group": ({"application_group": {}}, f"{NAMES_NEEDED} Wrong: application_group."),
    "group that is not given": ({"application_group": None}, ""),
    "environment": ({"application_environments": [PLACE]}, ""),
    "environments that are one": (
        {"application_environments": [PLACE, PLACE]},
        "Names of environments have to differ: production, production.",
    ),
    "environments that differ in case": ({"application_environments": [PLACE, {**PLACE, "name": "Production"}]}, ""),
    "deploy configs that are one, and of two kinds": (
        {
            "application_deploy_configs": [
                {"name": "web", "env_type": env_type} for env_type in ("online", "test", "online")
            ]
        },
        "Names of deploy configs of the same kind have to differ: web/online, web/test, web/online.",
    ),
    "environment without a deploy config": ({"application_environments": [UNNAMED]}, WRONG_PLACE),
    "environment that is deleted": ({"application_environments": [{"name": "production", "state": "absent"}]}, ""),
    "environment with two deploy configs": (
        {"application_environments": [{**PLACE, "deploy_config_id": 30001}]},
        WRONG_PLACE,
    ),
    "environment with two clusters": (
        {"application_environments": [{**PLACE, "cluster": "a", "cluster_id": "b"}]},
        WRONG_PLACE,
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_faults(case: str) -> None:
    variables, expected = CASES[case]
    assert faults({**RIGHT, **variables}) == expected


def test_the_specification_comes_first() -> None:
    """A value of a wrong shape is named, and not looked into."""
    found = faults({**RIGHT, "application_environments": "production", "application_titel": "shop"})
    assert found.startswith("The role has no variable application_titel. It has: ")
    assert "application_environments" in found.partition("It has:")[2]


def test_what_identifies_is_in_the_specification() -> None:
    for path in IDENTIFYING:
        found: Any = {"options": options()}
        for name in path.split("."):
            found = found["options"][name]
        assert found["type"]
