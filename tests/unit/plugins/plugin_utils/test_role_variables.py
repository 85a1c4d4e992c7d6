# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables of roles against an argument specification."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.jst.retailcloud.plugins.plugin_utils.role_variables import RENAMED, check
from tests.tools.run_in_collection import ROOT

ROLES = sorted(path.name for path in (ROOT / "roles").iterdir())
SPEC: dict[str, Any] = {
    "shop_title": {"type": "str"},
    "shop_region": {"type": "str", "required": True},
    "shop_batches": {"type": "int", "default": 2},
    "shop_verify": {"type": "bool", "default": True},
    "shop_mode": {"type": "str", "choices": ["fast", "safe"], "default": "safe"},
    "shop_images": {"type": "list", "elements": "str"},
    "shop_notes": {"type": "dict", "default": {}},
    "shop_places": {
        "type": "list",
        "elements": "dict",
        "options": {
            "name": {"type": "str", "required": True},
            "cluster": {"type": "str"},
            "port": {"type": "int", "required": True},
            "note": {"type": "str"},
        },
    },
}
SECRET_SPEC: dict[str, Any] = {"shop_password": {"type": "str", "required": True, "no_log": True}}
NAMED = ("shop_title", "shop_places.cluster")


def checked(**variables: Any) -> tuple[dict[str, Any], list[str]]:
    """Return what is given and what is wrong."""
    values = {"shop_region": "cn-zhangjiakou", **{f"shop_{name}": value for name, value in variables.items()}}
    found = check("shop", values, SPEC, NAMED)
    return found["given"], found["problems"]


@pytest.mark.parametrize("empty", ["", [], None])
@pytest.mark.parametrize("name", ["batches", "verify", "mode", "images", "notes", "places"])
def test_an_optional_variable_that_is_empty_counts_as_not_given(name: str, empty: Any) -> None:
    assert checked(**{name: empty}) == checked()


def test_values_come_in_their_types() -> None:
    """As extra variables and surveys give them; what is zero or false is given."""
    given, problems = checked(batches="0", verify="false", images="a:1,b:2", title=10001)
    assert problems == []
    assert given == {
        "region": "cn-zhangjiakou",
        "title": "10001",
        "batches": 0,
        "verify": False,
        "mode": "safe",
        "images": ["a:1", "b:2"],
        "notes": {},
    }


def test_members_without_a_value_are_left_out() -> None:
    given, problems = checked(places=[{"name": "one", "port": "80", "note": None}])
    assert (given["places"], problems) == ([{"name": "one", "port": 80}], [])


@pytest.mark.parametrize(
    ("value", "word"), [(None, "null"), ("", "empty"), (" \t", "blank"), (" \u200b", "blank"), ([], "empty")]
)
def test_what_identifies_needs_a_value(value: Any, word: str) -> None:
    place = {"name": "one", "cluster": "emu-online", "port": 80}
    for name in ("title", "region"):
        assert checked(**{name: value})[1] == [f"shop_{name} is {word}, and needs a value."]
    for name in ("name", "cluster", "port"):
        assert checked(places=[place, {**place, name: value}])[1] == [
            f"shop_places[1].{name} is {word}, and needs a value."
        ]
    if value != []:
        assert checked(images=["a", value])[1] == [f"shop_images[1] is {word}, and needs a value."]


def test_what_identifies_holds_no_control_character() -> None:
    fault = "holds the control character U+000A, which a name cannot contain"
    assert checked(title="shop\n")[1] == [f"shop_title {fault}."]
    assert checked(places=[{"name": "one\ntwo", "port": 80}])[1] == [f"shop_places[0].name {fault}."]
    assert checked(images=["a:1\n"])[1] == [f"shop_images[0] {fault}."]
    assert checked(mode="safe", places=[{"name": "one", "port": 80, "note": "two\nlines"}])[1] == []
    assert check("shop", {"shop_password": "a\tb"}, SECRET_SPEC)["problems"] == []


def test_an_unknown_member_is_named_in_a_sentence() -> None:
    [problem] = checked(places=[{"name": "one", "port": 80, "prt": 1}])[1]
    assert problem.startswith("There is no shop_places.prt. Supported parameters include: ")


@pytest.mark.parametrize("value", [True, "1e3", "8_0", "１２", 2.5])
def test_only_numbers_are_numbers(value: Any) -> None:
    for given in ({"batches": value}, {"places": [{"name": "one", "port": value}]}):
        [problem] = checked(**given)[1]
        assert "is not a whole number" in problem
        assert ("shop_batches" if "batches" in given else "'port'") in problem


def test_a_template_gives_a_float() -> None:
    assert checked(batches=4 / 2)[0]["batches"] == 2


def test_what_may_be_a_secret_in_a_wrong_place_is_not_quoted() -> None:
    for given in ({"mode": "Zq7Kx-Canary"}, {"batches": "Zq7Kx-Canary"}, {"verify": "Zq7Kx-Canary"}):
        [problem] = checked(**given)[1]
        assert f"shop_{next(iter(given))}" in problem
        assert "Zq7Kx" not in problem


def test_what_is_wrong_is_named() -> None:
    assert "The role has no variable shop_batch. It has: shop_batches, " in checked(batch=1)[1][0]
    assert "shop_batches" in checked(batches="two")[1][0]
    assert "value of shop_mode must be one of: fast, safe, got: slow" in checked(mode="slow")[1][0]
    assert "missing required arguments: port found in shop_places" in checked(places=[{"name": "one"}])[1][0]


@pytest.mark.parametrize("role", ROLES)
def test_defaults_stand_in_both_places(role: str) -> None:
    """What a role falls back to is what its documentation says, also for a variable that comes empty."""
    documented = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())
    defaults = yaml.safe_load((ROOT / "roles" / role / "defaults" / "main.yml").read_text())
    options = documented["argument_specs"]["main"]["options"]
    said = {name: option["default"] for name, option in options.items() if "default" in option}
    assert {name: value for name, value in defaults.items() if "{{" not in str(value)} == said


@pytest.mark.parametrize("role", ROLES)
def test_ansible_leaves_the_validation_to_the_role(role: str) -> None:
    """Ansible loads the file without an ending, and ansible-doc the other one."""
    loaded = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs").read_text())
    assert loaded == {"argument_specs": {}}


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_an_old_name_leads_to_the_new_one(old: str, new: str) -> None:
    """The role of the new name has it, and not the old one."""
    role = new.partition("_")[0]
    specs = yaml.safe_load((ROOT / "roles" / role / "meta" / "argument_specs.yml").read_text())["argument_specs"]
    known = {name for spec in specs.values() for name in spec.get("options", {})}
    assert new in known
    assert old not in known
    assert f"{old} is called {new} now." in check(role, {old: ""}, {new: {"type": "str"}})["problems"]
