# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The life of a run: one plan for check mode and the real run."""

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
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import Parent, State
from ansible_collections.jst.retailcloud.plugins.module_utils._core.plan import Plan
from ansible_collections.jst.retailcloud.plugins.module_utils._core.references import resolve_parents
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from tests.unit.plugins.module_utils._core.conftest import (
    DESIRED,
    ROOM,
    Fault,
    Lamp,
    Lookup,
    MakeContext,
    Platform,
    rejection,
)


def run(make_context: MakeContext, options: Mapping[str, Any], check_mode: bool = False, **more: Any) -> Outcome:
    """Run the lamp module."""
    return reconcile(make_context(options, check_mode, **more), Lamp())


# Lifecycle


def test_create_again_change_again_delete_again(platform: Platform, make_context: MakeContext) -> None:
    created = run(make_context, DESIRED)
    assert created.changed
    assert created.state is not None
    assert (created.state["lamp_id"], created.state["status"]) == (101, "on")
    assert not run(make_context, DESIRED).changed
    assert run(make_context, DESIRED, watts=60).changed
    assert not run(make_context, DESIRED, watts=60).changed
    assert run(make_context, DESIRED, state="absent").changed
    again = run(make_context, DESIRED, state="absent")
    assert (again.changed, again.state) == (False, None)
    assert [action for action, _dummy in platform.writes] == ["CreateLamp", "UpdateLamp", "DeleteLamp"]
    assert platform.lamps == {}


@pytest.mark.parametrize(
    ("there", "options"),
    [(False, {}), (True, {"watts": 60}), (True, {"state": "absent"}), (True, {}), (False, {"state": "absent"})],
    ids=["create", "change", "delete", "nothing to change", "nothing to delete"],
)
def test_check_mode_follows_the_plan_of_the_real_run_and_writes_nothing(
    platform: Platform, make_context: MakeContext, there: bool, options: Mapping[str, Any]
) -> None:
    if there:
        platform.put()
    predicted = run(make_context, {**DESIRED, **options}, check_mode=True)
    assert platform.writes == []
    real = run(make_context, {**DESIRED, **options})
    assert (predicted.changed, predicted.plan) == (real.changed, real.plan)
    assert len(platform.writes) == len(real.plan.steps) == int(real.changed)
    if real.state is None:
        assert predicted.state is None
    else:
        assert predicted.state is not None
        told = {name: value for name, value in predicted.state.items() if value is not None}
        assert told == {name: real.state[name] for name in told}


def test_a_refused_plan_writes_nothing(platform: Platform, make_context: MakeContext) -> None:
    platform.put()
    for options in ({"fitting": "E14"}, {"dimmer": 1}, {"name": "shelf", "fitting": None}):
        with pytest.raises((ImmutableDifferenceError, InvalidOptionError)):
            run(make_context, {**DESIRED, **options})
    assert platform.writes == []


# Parents and references


def test_a_parent_that_is_not_there(platform: Platform, make_context: MakeContext) -> None:
    options = {**DESIRED, "room": "attic"}
    with pytest.raises(NotFoundError, match=r"^There is no room 'attic'\.$"):
        run(make_context, options)
    ctx = make_context(options, True)
    predicted = reconcile(ctx, Lamp())
    assert predicted.changed
    assert predicted.state is not None
    assert (predicted.state["room_id"], predicted.state["name"]) == (None, "desk")
    assert ctx.warnings == ["There is no room 'attic'. A real run is assumed to create it first."]
    gone = run(make_context, options, state="absent")
    assert (gone.changed, gone.state) == (False, None)
    assert platform.calls == []


def test_names_of_other_things_become_ids(platform: Platform, make_context: MakeContext) -> None:
    assert run(make_context, DESIRED, group="hall").changed
    assert platform.lamps[101]["group_id"] == 71
    assert not run(make_context, DESIRED, group="hall").changed
    assert run(make_context, DESIRED, group="stairs").changed
    assert platform.lamps[101]["group_id"] == 72


def test_another_thing_that_is_not_there(platform: Platform, make_context: MakeContext) -> None:
    with pytest.raises(NotFoundError, match=r"^There is no group 'cellar'\.$"):
        run(make_context, DESIRED, group="cellar")
    with pytest.raises(NotFoundError, match=r"^There is no group 'cellar'\.$"):
        run(make_context, DESIRED, check_mode=True, group="cellar")
    assert platform.writes == []


class Grouping(Lamp):
    """A lamp whose group an earlier task may create."""

    fields = tuple(replace(item, may_be_planned=True) if item.refers_to else item for item in Lamp.fields)


def test_another_thing_that_an_earlier_task_makes(platform: Platform, make_context: MakeContext) -> None:
    with pytest.raises(NotFoundError, match=r"^There is no group 'cellar'\.$"):
        reconcile(make_context(DESIRED, group="cellar"), Grouping())
    ctx = make_context(DESIRED, True, group="cellar")
    created = reconcile(ctx, Grouping())
    assert ctx.warnings == ["There is no group 'cellar'. A real run is assumed to create it first."]
    assert created.plan.steps[0].parameters["GroupId"] == "cellar"
    assert (Grouping().to_result(created.state) or {})["group_id"] is None
    platform.put(group_id=71)
    moved = reconcile(make_context(DESIRED, True, group="cellar"), Grouping())
    assert [step.purpose for step in moved.plan.steps] == ["update lamp 'desk'"]
    sides = Grouping().to_diff(moved.plan.before, moved.plan.after)
    assert [side["group"] for side in sides] == [71, "cellar"]
    assert platform.writes == []


def test_a_deletion_does_not_need_the_other_things(platform: Platform, make_context: MakeContext) -> None:
    platform.put()
    assert run(make_context, DESIRED, group="cellar", state="absent").changed


# Overridden checks


class Strict(Lamp):
    """A lamp with checks of its own."""

    def check(self, given: State) -> None:
        """Reject one colour."""
        if given.get("colour") == "brown":
            raise InvalidOptionError("No brown lamps.")

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Reject writes on a day of rest."""
        raise InvalidOptionError("Not today.")


def test_options_are_checked_before_anything_is_read(platform: Platform, make_context: MakeContext) -> None:
    with pytest.raises(InvalidOptionError, match=r"^No brown lamps\.$"):
        reconcile(make_context(DESIRED, colour="brown"), Strict())
    assert platform.calls == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_checks_that_cost_calls_are_made_when_something_is_about_to_be_written(
    platform: Platform, make_context: MakeContext, check_mode: bool
) -> None:
    with pytest.raises(InvalidOptionError, match=r"^Not today\.$"):
        reconcile(make_context(DESIRED, check_mode), Strict())
    assert platform.writes == []
    platform.put()
    assert not reconcile(make_context(DESIRED, check_mode), Strict()).changed


class Grouped(Lamp):
    """A lamp that needs a group."""

    fields = tuple(
        replace(item, required=True, may_be_planned=True) if item.name == "group_id" else item for item in Lamp.fields
    )


def test_a_required_thing_that_is_not_there_is_not_missing(make_context: MakeContext) -> None:
    predicted = reconcile(make_context(DESIRED, True, group="cellar"), Grouped())
    assert predicted.plan.steps
    with pytest.raises(InvalidOptionError, match="give also: group"):
        reconcile(make_context(DESIRED, True), Grouped())


def test_what_cannot_change_is_told_before_names_are_looked_up(platform: Platform, make_context: MakeContext) -> None:
    platform.put()
    with pytest.raises(ImmutableDifferenceError):
        run(make_context, DESIRED, fitting="E14", group="cellar")
    with pytest.raises(NotFoundError):
        run(make_context, DESIRED, group="cellar")


def test_a_parent_is_looked_for_in_the_parents_before_it(make_context: MakeContext) -> None:
    asked: list[tuple[Any, Any]] = []

    def shelf_id(ctx: RunContext, wanted: Any, scope: Mapping[str, Any]) -> int:
        asked.append((wanted, scope["room_id"]))
        return 5

    class Shelved(Lamp):
        """A lamp on a shelf."""

        scope = (*Lamp.scope, Parent("shelf", "shelf_id", Lookup(shelf_id)))

    scope, absent = resolve_parents(make_context(room="kitchen", shelf="upper"), Shelved())
    assert (scope, absent) == ({"room_id": ROOM, "shelf_id": 5}, None)
    scope, absent = resolve_parents(make_context(shelf="upper"), Shelved())
    assert (scope, absent) == ({"room_id": None, "shelf_id": 5}, None)
    assert asked == [("upper", ROOM), ("upper", None)]
    scope, absent = resolve_parents(make_context(room="attic", shelf="upper"), Shelved())
    assert scope == {"room_id": None, "shelf_id": None}
    assert absent is not None
    assert (absent.kind, absent.wanted, len(asked)) == ("room", "attic", 2)


# Messages


def test_the_task_says_what_it_was_doing_and_had_done(platform: Platform, make_context: MakeContext) -> None:
    ctx = make_context(DESIRED)
    reconcile(ctx, Lamp())
    assert ctx.completed == ["create lamp 'desk'"]
    ctx = make_context(DESIRED)
    platform.faults["ListLamps"] = [Fault(rejection("ListLamps", "no"))]
    with pytest.raises(JstError):
        reconcile(ctx, Lamp())
    assert (ctx.activity, ctx.completed) == ("read lamp 'desk'", [])


def test_a_warning_is_given_once(make_context: MakeContext) -> None:
    ctx = make_context()
    ctx.warn("mind the lamp")
    ctx.warn("mind the lamp")
    assert ctx.warnings == ["mind the lamp"]
