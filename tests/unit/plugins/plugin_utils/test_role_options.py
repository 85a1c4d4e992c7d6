# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The variables of role ``application`` become the options of its tasks."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleActionFail
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar

from ansible_collections.jst.retailcloud.plugins.plugin_utils.role_options import with_variables
from tests.tools.declarations import argument_spec
from tests.tools.run_in_collection import ROOT
from tests.unit.plugins.plugin_utils.test_variable_values import variables_of_files

ROLE = ROOT / "roles" / "application"
SPEC = argument_spec("jst_application")


def loaded(path: str) -> Any:
    """What a file of the role holds."""
    return yaml.safe_load((ROLE / path).read_text(encoding="utf-8"))


FILES = {**loaded("defaults/main.yml"), **loaded("vars/main/known.yml"), **loaded("vars/main/main.yml")}
REQUIRED = {
    "application_title": "shop",
    "application_biz_code": "JST",
    "application_language": "Java",
    "application_service_type": "StoreApplication",
    "application_user_roles": [{"role_name": "Owner", "user_id": "1001", "user_type": "TAOBAO"}],
}
ALL_PARTS = SPEC["parts"]["default"]


def options(arguments: dict[str, Any] | None = None, /, **variables: Any) -> dict[str, Any]:
    """The arguments of a task of the role with these variables; ``Ellipsis`` makes one undefined."""
    known = {
        "__jst_role": "application",
        "ansible_run_tags": ["all"],
        "ansible_skip_tags": [],
        **FILES,
        **REQUIRED,
        **variables,
    }
    known = variables_of_files(**{name: value for name, value in known.items() if value is not ...})
    return dict(with_variables(arguments or {}, Templar(loader=DataLoader(), variables=known), known))


def test_other_tasks_keep_their_arguments() -> None:
    arguments = {"title": "other"}
    assert with_variables(arguments, None, {"application_title": "shop"}) is arguments


def test_every_variable_is_an_option() -> None:
    """A value that no option rejects as empty reaches the option of its variable."""
    names = {name.removeprefix("application_") for name in FILES["__application_known"]} - {"in_one_task"}
    assert names == set(SPEC) - {"parts", "changed_secrets"}
    values = {f"application_{name}": f"value of {name}" for name in names}
    given = options(**values)
    assert given.pop("parts") == ALL_PARTS
    assert given == {name: f"value of {name}" for name in names}


def test_options_without_a_variable_have_their_defaults() -> None:
    expected = {name: option["default"] for name, option in SPEC.items() if "default" in option}
    del expected["changed_secrets"]
    required = {name.removeprefix("application_"): value for name, value in REQUIRED.items()}
    assert options() == {**expected, **required}


@pytest.mark.parametrize("empty", [None, "", []])
@pytest.mark.parametrize("name", sorted(set(SPEC) - {"parts", "changed_secrets", "title"}))
def test_empty_variables(name: str, empty: Any) -> None:
    """They count as not given where the module has a value for that. Null is no id, and no required value."""
    found = options(**{f"application_{name}": empty}).get(name, "not given")
    if SPEC[name].get("required") or name == "app_id":
        assert found == empty
    else:
        assert found == SPEC[name].get("default", "not given")


@pytest.mark.parametrize("value", [False, 0, 0.0, {}], ids=repr)
@pytest.mark.parametrize("name", sorted(set(SPEC) - {"parts", "changed_secrets", "title"}))
def test_every_other_value_reaches_the_module(name: str, value: Any) -> None:
    """The module validates its type. Option purge deletes what an empty list lacks, so ``false`` is no empty list."""
    found = options(**{f"application_{name}": value})[name]
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize("title", [None, "", [], "  ", "{{ '' }}", "{{ omit }}", ...])
def test_title_is_needed(title: Any) -> None:
    with pytest.raises(AnsibleActionFail, match="application_title is null, empty or blank, and needs a value"):
        options(application_title=title)


@pytest.mark.parametrize("name", sorted(set(REQUIRED) - {"application_title"}))
def test_missing_variables_are_named(name: str) -> None:
    with pytest.raises(AnsibleActionFail, match=f"'{name}' is undefined, and the role needs a value for it"):
        options(**{name: ...})


@pytest.mark.parametrize("name", ["application_biz_titel", "Application_language", "application_parts"])
def test_unknown_variables_are_rejected(name: str) -> None:
    with pytest.raises(AnsibleActionFail, match=f"The role has no variable {name}. It has: application_accounts, "):
        options(**{name: 1})


def test_the_result_of_the_role_is_no_unknown_variable() -> None:
    assert "result" not in options(application_result={})


def test_a_task_chooses_its_parts_and_the_id() -> None:
    given = options({"parts": ["app"], "app_id": 7, "wait": True}, application_app_id=8, application_description="new")
    assert (given["parts"], given["app_id"], given["wait"], given["description"]) == (["app"], 7, True, "new")


def test_defaults_of_the_module_do_not_hide_variables() -> None:
    given = options({"description": "default", "parallelism": 1}, application_description="variable")
    assert (given["description"], given["parallelism"]) == ("variable", 8)


@pytest.mark.parametrize(
    ("run", "skip", "parts"),
    [
        (["all"], [], ALL_PARTS),
        (["mine"], [], ALL_PARTS),
        (["release", "database", "mine"], [], ["databases", "release"]),
        (["all"], ["release", "absent"], [part for part in ALL_PARTS if part not in ("release", "absent")]),
        (["release"], ["release"], []),
    ],
)
def test_tags_choose_parts(run: list[str], skip: list[str], parts: list[str]) -> None:
    assert options(ansible_run_tags=run, ansible_skip_tags=skip)["parts"] == parts


def test_a_comparison_sends_no_passwords_and_secrets() -> None:
    """Everything else is the same, and all parts are compared."""
    described = {
        "application_accounts": [{"name": "shop", "update_password": "always"}],
        "application_deploy_configs": [{"name": "web"}],
        "application_description": "new",
    }
    compared = options(__jst_compares=True, ansible_run_tags=["app"], **described)
    brought_up = options(**described)
    assert compared.pop("accounts") == [{"name": "shop", "update_password": "on_create"}]
    assert compared.pop("deploy_configs") == [{"name": "web", "update_secrets": "on_create"}]
    for name in ("accounts", "deploy_configs", "parts"):
        del brought_up[name]
    assert compared == brought_up


def test_tasks_that_compare_and_that_manage_name_no_options() -> None:
    """So the above holds for both."""
    [compare], [one_task] = loaded("tasks/compare.yml"), loaded("tasks/one_task.yml")
    assert compare["jst.retailcloud.jst_application"] is one_task["jst.retailcloud.jst_application"] is None
    assert compare["vars"] == {**one_task["vars"], "__jst_compares": True}


def test_a_task_that_checks_validates_all_variables() -> None:
    """Others leave the values to the module, which names its options and not the variables."""
    wrong = {"application_environments": [{"name": "production", "deploy_config": None}]}
    assert options(**wrong)["environments"] == wrong["application_environments"]
    with pytest.raises(AnsibleActionFail, match=r"application_environments\[0\]\.deploy_config is null"):
        options(__jst_checks=True, **wrong)
    assert options(__jst_checks=True) == options()


def first_play(name: str) -> dict[str, Any]:
    """The first play of a playbook."""
    play: dict[str, Any] = yaml.safe_load((ROOT / "playbooks" / f"{name}.yml").read_text(encoding="utf-8"))[0]
    return play


def test_access_options_of_a_fleet() -> None:
    access = first_play("fleet")["vars"]["__jst_access"]
    assert access == first_play("bring_up")["module_defaults"]["group/jst.retailcloud.jst"]
    without = options()
    assert options(__jst_access=access) == without
    assert options(__jst_access=access, jst_profile="", jst_security_token=None) == without
    known = {"jst_endpoint": "{{ host }}", "host": "https://service.example", "jst_access_key_secret": "hunter2"}
    given = {"endpoint": "https://service.example", "access_key_secret": "hunter2"}
    assert options(__jst_access=access, **known) == {**without, **given}
    with pytest.raises(AnsibleActionFail, match="'jst_profile': "):
        options(__jst_access=access, jst_profile="{{ 1 // 0 }}")
    # As with defaults of a module, options of the task take precedence.
    own = {"endpoint": "https://other.example"}
    assert options(own, __jst_access=access, **known) == {**without, **given, **own}
