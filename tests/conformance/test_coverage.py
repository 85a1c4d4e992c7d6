# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The table of coverage is whole, and a gap in what was seen does not go unnoticed."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from jst_emulator.api_spec import OPERATIONS
from tests.conformance.coverage_recorder import API, Observed, Recorder, documented_values, read_observed, returned
from tests.conformance.coverage_requirements import (
    coverage,
    documented_parameters,
    is_whole,
    modules,
    operations,
    parameters,
    requirements,
    table_faults,
    unsent_parameters,
    values,
)
from tests.tools.generate.coverage_page import drivers
from tests.tools.module_texts import MODULES


def unsent() -> set[tuple[str, str]]:
    """(operation, parameter) of what is left out for a reason."""
    return {(operation, name) for operation, names in unsent_parameters().items() for name in names}


@pytest.fixture
def everything() -> Observed:
    """What a run has seen that leaves nothing out."""
    return Observed(
        calls={(module, operation) for operation, named in coverage().items() for module in named} | {(API, "ListApp")},
        parameters=set(documented_parameters()) - unsent(),
        values={(module, path) for module in MODULES for path in documented_values(module)},
    )


def test_the_table_holds_every_operation_and_every_module() -> None:
    table = coverage()
    assert table.keys() == OPERATIONS.keys()
    assert all(table.values())
    assert {module for named in table.values() for module in named} | {API} == set(MODULES)
    assert table_faults() == []


@pytest.mark.parametrize("module", MODULES)
def test_something_drives_every_module(module: str) -> None:
    assert list(drivers(module))


def test_a_run_that_leaves_nothing_out(everything: Observed) -> None:
    shown = requirements(everything)
    assert [requirement.line for requirement in shown] == [
        f"operations covered: {len(OPERATIONS)}/{len(OPERATIONS)}",
        f"parameters sent: all, {len(unsent())} left out for a reason",
        "modules with a conformance case: all",
        "documented return values seen: all",
    ]
    assert [gap for requirement in shown for gap in requirement.missing] == []


def test_a_call_that_was_never_made(everything: Observed) -> None:
    everything.calls -= {("jst_app", "ListApp")}
    requirement = operations(everything)
    assert requirement.line == f"operations covered: {len(OPERATIONS) - 1}/{len(OPERATIONS)}"
    assert requirement.missing == ["ListApp was never called by jst_app"]


def test_a_parameter_that_was_never_sent(everything: Observed) -> None:
    everything.parameters -= {("CreateApp", "UserRoles.UserId")}
    assert parameters(everything).missing == ["CreateApp.UserRoles.UserId was never sent"]


def test_a_parameter_that_was_sent_although_it_is_left_out(everything: Observed) -> None:
    everything.parameters |= unsent()
    assert len(parameters(everything).missing) == len(unsent())


def test_every_parameter_that_is_left_out_is_one_of_the_reference() -> None:
    assert unsent() <= set(documented_parameters())


def test_a_module_that_never_ran(everything: Observed) -> None:
    everything.calls = {call for call in everything.calls if call[0] != "jst_user_info"}
    requirement = modules(everything)
    assert requirement.line == f"modules with a conformance case: {len(MODULES) - 1}/{len(MODULES)}"
    assert requirement.missing == ["jst_user_info has no conformance case"]


def test_a_value_that_was_never_returned(everything: Observed) -> None:
    everything.values -= {("jst_user_info", "users.real_name")}
    assert values(everything).missing == ["jst_user_info never returned users.real_name"]


@pytest.mark.parametrize(
    ("arguments", "options", "whole"),
    [
        (["tests/conformance"], {}, True),
        (["tests"], {}, True),
        (["tests/unit", "tests/conformance/"], {}, True),
        (["tests/unit"], {}, False),
        (["tests/conformance/test_module_lifecycle.py"], {}, False),
        (["tests/conformance"], {"keyword": "lifecycle"}, False),
        (["tests/conformance"], {"lf": True}, False),
        (["tests/conformance"], {"deselect": ["a test"]}, False),
    ],
)
def test_only_a_whole_run_is_judged(arguments: list[str], options: dict[str, Any], whole: bool) -> None:
    config: Any = SimpleNamespace(
        args=arguments, getoption=options.get, invocation_params=SimpleNamespace(dir=Path(__file__).parents[2])
    )
    assert is_whole(config) is whole


@pytest.mark.parametrize("user", [{"user_id": 1001}, {"user_id": True}, {"user_id": ["1001"]}])
def test_a_value_of_another_type_is_an_error(user: dict[str, Any]) -> None:
    with pytest.raises(AssertionError, match="which is no str"):
        list(returned("jst_user_info", {"users": [user]}))


@pytest.mark.parametrize("moment", ["2026-01-05T17:03Z", "2026-01-05 17:03:00", "2026-01-05T17:03:00"])
def test_a_moment_in_another_form_is_an_error(moment: str) -> None:
    with pytest.raises(AssertionError, match="moment"):
        list(returned("jst_event_info", {"events": [{"event_time": moment}]}))


def test_what_processes_write_down_is_read_together(tmp_path: Path) -> None:
    book = Recorder()
    book.open(tmp_path)
    calls = [
        {"action": "ListUsers", "executed": True, "params": {"PageSize": 50, "Of": [{"Name": "x"}, {"Name": "y"}]}},
        {"action": "ListApp", "executed": False, "params": {}},
    ]
    result = {"changed": False, "users": [{"user_id": "1001", "user_type": None}]}
    book.record_task("jst.retailcloud.jst_user_info", result, calls)
    book.record_task("ansible.builtin.debug", {"msg": "hello"}, [])
    book.note("a figure")
    assert read_observed(tmp_path) == Observed(
        {("jst_user_info", "ListUsers")},
        {("ListUsers", "PageSize"), ("ListUsers", "Of"), ("ListUsers", "Of.Name")},
        {("jst_user_info", "users"), ("jst_user_info", "users.user_id")},
        {"a figure"},
    )


@pytest.mark.parametrize("result", [{"user": []}, {"users": [{"nick": "x"}]}, {"results": [{"users": [{"id": 1}]}]}])
def test_a_value_without_documentation_is_an_error(result: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="without a word in its documentation"):
        Recorder().record_task("jst.retailcloud.jst_user_info", result, [])


def test_failures_return_what_they_like() -> None:
    assert list(returned("jst_user_info", {"failed": True, "module_stderr": "x", "users": None})) == []
