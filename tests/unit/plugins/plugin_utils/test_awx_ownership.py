# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Objects of an AWX that playbook ``awx`` may overwrite."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.plugin_utils.awx_ownership import compare

PROJECT = {"name": "JST", "description": "The playbooks", "scm_url": "https://git.example.com/apps.git"}
HERE = {"id": 7, "name": "JST", "description": "Mine", "scm_url": PROJECT["scm_url"]}
GIT = {"credential": 3, "summary_fields": {"credential": {"id": 3, "name": "git"}}}


@pytest.mark.parametrize(
    ("definition", "existing", "is_foreign"),
    [
        ({}, {}, False),
        ({}, {"scm_url": "https://git.example.com/other.git"}, True),
        ({}, {"scm_url": "https://git.example.com/other.git", "description": "The playbooks"}, False),
        ({}, {"scm_url": "https://git.example.com/other.git", "description": "The old playbooks"}, False),
        ({"description": ""}, {"scm_url": "https://git.example.com/other.git", "description": ""}, True),
        ({}, {"scm_url": "https://git.example.com/other.git", "name": "Another"}, False),
        # A reference is shown as an id, and named by a name or an id. A definition without one leaves it as it is.
        ({"credential": "git"}, GIT, False),
        ({"credential": "3"}, GIT, False),
        ({"credential": "other"}, GIT, True),
        ({"credential": "git"}, {"credential": None, "summary_fields": {}}, True),
        ({}, GIT, False),
    ],
)
def test_projects(definition: dict[str, Any], existing: dict[str, Any], is_foreign: bool) -> None:
    """By the description, now or of an earlier version, or by the content."""
    wanted, found = {**PROJECT, **definition}, {**HERE, **existing}
    [one] = compare([wanted], "controller_projects", [found], ["The old playbooks"])
    ids = [7] if found["name"] == "JST" else []
    assert one == {"label": "project JST", "ids": ids, "is_foreign": is_foreign}


@pytest.mark.parametrize("variable", ["controller_inventories", "controller_templates", "controller_workflows"])
def test_types_whose_content_is_not_shown(variable: str) -> None:
    """Only the description tells."""
    definition = {"name": "JST", "description": "Apps", "kind": ""}
    assert [one["is_foreign"] for one in compare([definition], variable, [{**definition, "id": 1}], [])] == [False]
    mine = {**definition, "id": 1, "description": "Mine"}
    assert [one["is_foreign"] for one in compare([definition], variable, [mine], [])] == [True]


def test_names_within_another_object() -> None:
    """A credential of another type with the same name is another one, and each of two with one name counts."""
    definition = {"name": "JST", "description": "Apps", "credential_type": "JST"}
    of_type = {kind: {"summary_fields": {"credential_type": {"id": 1, "name": kind}}} for kind in ("JST", "Vault")}
    existing = [
        {"id": 5, "name": "JST", "description": "Mine", **of_type["Vault"]},
        {"id": 6, "name": "JST", "description": "Apps", **of_type["JST"]},
    ]
    [one] = compare([definition], "controller_credentials", existing, [])
    assert one == {"label": "credential JST", "ids": [6], "is_foreign": False}
    existing.append({"id": 8, "name": "JST", "description": "Mine", **of_type["JST"]})
    [one] = compare([definition], "controller_credentials", existing, [])
    assert one == {"label": "credential JST", "ids": [6, 8], "is_foreign": True}
