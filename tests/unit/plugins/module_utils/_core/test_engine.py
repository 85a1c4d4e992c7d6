# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of a task: one plan for check mode and the real run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    JstError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.engine import (
    Outcome,
    reconcile,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import (
    ImmutableDifferenceError,
    InvalidOptionError,
    NotFoundError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import Reference, State
from ansible_collections.jst.retailcloud.plugins.module_utils._core.plan import Plan
from ansible_collections.jst.retailcloud.plugins.module_utils._core.references import resolve_parents
from ansible_collections.jst.retailcloud.plugins.module_utils._core.task import Task

from .conftest import ROOM, WANTED, Fault, Lamp, Lookup, MakeTask, Platform, refusal


def run(make_task: MakeTask, options: Mapping[str, Any], check_mode: bool = False, **more: Any) -> Outcome:
    """A run of the lamp module."""
    return reconcile(make_task(options, check_mode, **more), Lamp())


# A life


def test_create_again_change_again_delete_again(platform: Platform, make_task: MakeTask) -> None:
    created = run(make_task, WANTED)
    assert created.changed
    assert created.state is not None
    assert (created.state["lamp_id"], created.state["status"]) == (101, "on")
    assert not run(make_task, WANTED).changed
    assert run(make_task, WANTED, watts=60).changed
    assert not run(make_task, WANTED, watts=60).changed
    assert run(make_task, WANTED, state="absent").changed
    again = run(make_task, WANTED, state="absent")
    assert (again.changed, again.state) == (False, None)
    assert [action for action, _dummy in platform.writes] == ["CreateLamp", "UpdateLamp", "DeleteLamp"]
    assert platform.lamps == {}


@pytest.mark.parametrize(
    ("there", "options"),
    [(False, {}), (True, {"watts": 60}), (True, {"state": "absent"}), (True, {}), (False, {"state": "absent"})],
    ids=["create", "change", "delete", "nothing to change", "nothing to delete"],
)
def test_check_mode_follows_the_plan_of_the_real_run_and_writes_nothing(
    platform: Platform, make_task: MakeTask, there: bool, options: Mapping[str, Any]
) -> None:
    if there:
        platform.put()
    predicted = run(make_task, {**WANTED, **options}, check_mode=True)
    assert platform.writes == []
    real = run(make_task, {**WANTED, **options})
    assert (predicted.changed, predicted.plan) == (real.changed, real.plan)
    assert len(platform.writes) == len(real.plan.steps) == int(real.changed)
    if real.state is None:
        assert predicted.state is None
    else:
        assert predicted.state is not None
        told = {name: value for name, value in predicted.state.items() if value is not None}
        assert told == {name: real.state[name] for name in told}


def test_a_refused_plan_writes_nothing(platform: Platform, make_task: MakeTask) -> None:
    platform.put()
    for options in ({"fitting": "E14"}, {"dimmer": 1}, {"name": "shelf", "fitting": None}):
        with pytest.raises((ImmutableDifferenceError, InvalidOptionError)):
            run(make_task, {**WANTED, **options})
    assert platform.writes == []


# Parents and other things


def test_a_parent_that_is_not_there(platform: Platform, make_task: MakeTask) -> None:
    options = {**WANTED, "room": "attic"}
    with pytest.raises(NotFoundError, match=r"^There is no room 'attic'\.$"):
        run(make_task, options)
    task = make_task(options, True)
    predicted = reconcile(task, Lamp())
    assert predicted.changed
    assert predicted.state is not None
    assert (predicted.state["room_id"], predicted.state["name"]) == (None, "desk")
    assert task.warnings == ["There is no room 'attic'. It is assumed that a real run makes it first."]
    gone = run(make_task, options, state="absent")
    assert (gone.changed, gone.state) == (False, None)
    assert platform.calls == []


def test_names_of_other_things_become_ids(platform: Platform, make_task: MakeTask) -> None:
    assert run(make_task, WANTED, group="hall").changed
    assert platform.lamps[101]["group_id"] == 71
    assert not run(make_task, WANTED, group="hall").changed
    assert run(make_task, WANTED, group="stairs").changed
    assert platform.lamps[101]["group_id"] == 72


def test_another_thing_that_is_not_there(platform: Platform, make_task: MakeTask) -> None:
    with pytest.raises(NotFoundError, match=r"^There is no group 'cellar'\.$"):
        run(make_task, WANTED, group="cellar")
    with pytest.raises(NotFoundError, match=r"^There is no group 'cellar'\.$"):
        run(make_task, WANTED, check_mode=True, group="cellar")
    assert platform.writes == []


class Grouping(Lamp):
    """A lamp whose group an earlier task may make."""

    fields = tuple(replace(item, forthcoming=True) if item.refers_to else item for item in Lamp.fields)


def test_another_thing_that_an_earlier_task_makes(platform: Platform, make_task: MakeTask) -> None:
    with pytest.raises(NotFoundError, match=r"^There is no group 'cellar'\.$"):
        reconcile(make_task(WANTED, group="cellar"), Grouping())
    task = make_task(WANTED, True, group="cellar")
    created = reconcile(task, Grouping())
    assert task.warnings == ["There is no group 'cellar'. It is assumed that a real run makes it first."]
    assert created.plan.steps[0].parameters["GroupId"] == "cellar"
    assert (Grouping().show(created.state) or {})["group_id"] is None
    platform.put(group_id=71)
    moved = reconcile(make_task(WANTED, True, group="cellar"), Grouping())
    assert [step.purpose for step in moved.plan.steps] == ["update lamp 'desk'"]
    sides = Grouping().show_difference(moved.plan.before, moved.plan.after)
    assert [side["group"] for side in sides] == [71, "cellar"]
    assert platform.writes == []


def test_a_deletion_does_not_need_the_other_things(platform: Platform, make_task: MakeTask) -> None:
    platform.put()
    assert run(make_task, WANTED, group="cellar", state="absent").changed


# What a resource may add


class Strict(Lamp):
    """A lamp with checks of its own."""

    def check(self, given: State) -> None:
        """Refuse one colour."""
        if given.get("colour") == "brown":
            raise InvalidOptionError("No brown lamps.")

    def preflight(self, task: Task, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Refuse to write on a day of rest."""
        raise InvalidOptionError("Not today.")


def test_options_are_checked_before_anything_is_read(platform: Platform, make_task: MakeTask) -> None:
    with pytest.raises(InvalidOptionError, match=r"^No brown lamps\.$"):
        reconcile(make_task(WANTED, colour="brown"), Strict())
    assert platform.calls == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_checks_that_cost_calls_are_made_when_something_is_about_to_be_written(
    platform: Platform, make_task: MakeTask, check_mode: bool
) -> None:
    with pytest.raises(InvalidOptionError, match=r"^Not today\.$"):
        reconcile(make_task(WANTED, check_mode), Strict())
    assert platform.writes == []
    platform.put()
    assert not reconcile(make_task(WANTED, check_mode), Strict()).changed


class Grouped(Lamp):
    """A lamp that has to be in a group."""

    fields = tuple(
        replace(item, required=True, forthcoming=True) if item.name == "group_id" else item for item in Lamp.fields
    )


def test_a_required_thing_that_is_not_there_is_not_missing(make_task: MakeTask) -> None:
    predicted = reconcile(make_task(WANTED, True, group="cellar"), Grouped())
    assert predicted.plan.steps
    with pytest.raises(InvalidOptionError, match="give also: group"):
        reconcile(make_task(WANTED, True), Grouped())


def test_what_cannot_change_is_told_before_names_are_looked_up(platform: Platform, make_task: MakeTask) -> None:
    platform.put()
    with pytest.raises(ImmutableDifferenceError):
        run(make_task, WANTED, fitting="E14", group="cellar")
    with pytest.raises(NotFoundError):
        run(make_task, WANTED, group="cellar")


def test_a_parent_is_looked_for_in_the_parents_before_it(make_task: MakeTask) -> None:
    asked: list[tuple[Any, Any]] = []

    def shelf_id(task: Task, wanted: Any, scope: Mapping[str, Any]) -> int:
        asked.append((wanted, scope["room_id"]))
        return 5

    class Shelved(Lamp):
        """A lamp on a shelf."""

        scope = (*Lamp.scope, Reference("shelf", "shelf_id", Lookup(shelf_id)))

    scope, absent = resolve_parents(make_task(room="kitchen", shelf="upper"), Shelved())
    assert (scope, absent) == ({"room_id": ROOM, "shelf_id": 5}, None)
    scope, absent = resolve_parents(make_task(shelf="upper"), Shelved())
    assert (scope, absent) == ({"room_id": None, "shelf_id": 5}, None)
    assert asked == [("upper", ROOM), ("upper", None)]
    scope, absent = resolve_parents(make_task(room="attic", shelf="upper"), Shelved())
    assert scope == {"room_id": None, "shelf_id": None}
    assert absent is not None
    assert (absent.kind, absent.wanted, len(asked)) == ("room", "attic", 2)


# What is said


def test_the_task_says_what_it_was_doing_and_had_done(platform: Platform, make_task: MakeTask) -> None:
    task = make_task(WANTED)
    reconcile(task, Lamp())
    assert task.done == ["create lamp 'desk'"]
    task = make_task(WANTED)
    platform.faults["ListLamps"] = [Fault(refusal("ListLamps", "no"))]
    with pytest.raises(JstError):
        reconcile(task, Lamp())
    assert (task.doing, task.done) == ("read lamp 'desk'", [])


def test_a_warning_is_given_once(make_task: MakeTask) -> None:
    task = make_task()
    task.warn("mind the lamp")
    task.warn("mind the lamp")
    assert task.warnings == ["mind the lamp"]
