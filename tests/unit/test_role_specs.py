# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Variables that roles hand on to modules follow from the options, and the tasks pass each of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
import yaml

from tests.tools.generate import role_specs
from tests.tools.generate.role_specs import FOLDER, Place, declared, specification, taken
from tests.tools.run_in_collection import ROOT

SHOP = Place(prefix="shop_")
OWN = {"description": "Own.", "type": "str"}


def sources(described: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield what names a module: a role and its lists."""
    yield from (each for each in (described, *described["options"].values()) if "module" in each)


def passed(tasks: list[Any], module: str) -> set[str]:
    """Return the options that tasks give to a module, also inside of blocks."""
    found: set[str] = set()
    for task in tasks:
        found |= set(task.get(f"jst.retailcloud.{module}", ()))
        for part in ("block", "rescue", "always"):
            found |= passed(task.get(part, []), module)
    return found


@pytest.mark.parametrize(
    ("role", "source"),
    [
        pytest.param(file.stem, source, id=f"{file.stem}-{source['module']}")
        for file in sorted(FOLDER.glob("*.yml"))
        if file.stem != "application"
        for source in sources(declared(file.stem))
    ],
)
def test_tasks_pass_every_option(role: str, source: Mapping[str, Any]) -> None:
    """A new option of a module becomes a variable of the role, which would have no effect without the task.

    The action reads the variables of role application. Its unit tests cover every one.
    """
    files = sorted((ROOT / "roles" / role / "tasks").glob("*.yml"))
    tasks = [task for file in files for task in yaml.safe_load(file.read_text(encoding="utf-8")) or []]
    assert set(taken(source)) - passed(tasks, source["module"]) == set()
    assert taken(source)


def test_a_variable_is_what_the_option_is(monkeypatch: pytest.MonkeyPatch) -> None:
    documentation = {
        "name": {
            "description": "The module finds O(shop_id) and O(list[].name=x), not O(a.b.c#module:d).",
            "type": "str",
        },
        "shop_id": {"description": ["The id."], "type": "int", "aliases": ["id"], "required": True},
        "list": {
            "description": "A list, which the module reads.",
            "type": "list",
            "elements": "dict",
            "suboptions": {"key": {"description": "See O(name).", "type": "str", "choices": ["a"], "default": "a"}},
        },
        "state": {"description": "Left out.", "type": "str"},
        "wait": {"description": "Part of a fragment."},
    }
    secret = {"name": {"no_log": False}, "shop_id": {}, "list": {"options": {"key": {"no_log": True}}}}
    monkeypatch.setattr(role_specs, "documented", lambda *_names: {"options": documentation})
    monkeypatch.setattr(role_specs, "argument_spec", lambda _module: secret)
    described = {
        "module": "jst_shop",
        "without": ["state"],
        "options": {"shop_own": OWN, "shop_id": {"required": False, "default": 1}},
    }
    assert specification(described, SHOP) == {
        "shop_name": {
            "description": ["The role finds O(shop_id) and O(shop_list[].name=x), not O(a.b.c#module:d)."],
            "type": "str",
        },
        "shop_id": {"description": ["The id."], "type": "int", "required": False, "default": 1},
        "shop_list": {
            "description": ["A list, which the role reads."],
            "type": "list",
            "elements": "dict",
            "options": {
                "key": {
                    "description": ["See O(shop_name)."],
                    "type": "str",
                    "choices": ["a"],
                    "default": "a",
                    "no_log": True,
                }
            },
        },
        "shop_own": OWN,
    }


def test_entries_of_a_list_take_the_options_of_a_module() -> None:
    members = {"size": OWN, "name": {"description": "Otherwise."}}
    entries = {
        "type": "list",
        "elements": "dict",
        "module": "jst_rds_account",
        "options": members,
        "description": "Own.",
    }
    accounts = specification({"options": {"shop_accounts": entries}}, SHOP)["shop_accounts"]
    options = accounts.pop("options")
    assert accounts == {
        "description": "Own.",
        "type": "list",
        "elements": "dict",
        "required_if": [["state", "present", ["password"]]],
    }
    assert options["name"] == {"description": "Otherwise.", "type": "str", "required": True}
    assert options["size"] == OWN
    assert options["password"]["no_log"] is True
    assert "O(shop_accounts[].password)" in str(options["update_password"]["description"])


def test_what_no_module_has_is_an_error() -> None:
    with pytest.raises(ValueError, match="jst_rds_db has no options nme to leave out"):
        specification({"module": "jst_rds_db", "without": ["nme"]}, SHOP)
    with pytest.raises(
        ValueError, match="shop_nme needs a description and a type, since jst_rds_db has no such option"
    ):
        specification({"module": "jst_rds_db", "options": {"shop_nme": {"default": "x"}}}, SHOP)
