# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The way of a task: one plan for check mode and the real run, and no write that could be done twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    ApiError,
    BusinessError,
    JstError,
    LostAnswerError,
    NotSentError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.engine import LOOKS, TRIES, Outcome, reconcile
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import (
    FailedStateError,
    ImmutableDifferenceError,
    InvalidOptionError,
    NotFoundError,
    WaitTimeoutError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.info import Info, inquire
from ansible_collections.jst.retailcloud.plugins.module_utils._core.resource import Listing, Resource

from .conftest import ROOM, WANTED, Clock, Fault, Lamp, MakeTask, Platform, SlowLamp, refusal

WAITING = {"wait": True, "wait_timeout": 60, "wait_interval": 1}


def run(make_task: MakeTask, options: Mapping[str, Any], check_mode: bool = False, **more: Any) -> Outcome:
    """A run of the lamp module."""
    return reconcile(make_task(options, check_mode, **more), Lamp())


def lost(action: str) -> ApiError:
    """A write of which nobody knows whether it was carried out."""
    return LostAnswerError("no answer", action=action, code="LostAnswer.ReadTimeout", unknown_outcome=True)


def unsent(action: str) -> ApiError:
    """A write that never left."""
    return NotSentError("no connection", action=action, code="NotSent.Connection")


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
    assert [action for action, _ in platform.writes] == ["CreateLamp", "UpdateLamp", "DeleteLamp"]
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
    task = make_task({**WANTED, "group": "cellar"}, True)
    assert reconcile(task, Lamp()).changed
    assert task.warnings == ["There is no group 'cellar'. It is assumed that a real run makes it first."]
    assert platform.writes == []


def test_a_deletion_does_not_need_the_other_things(platform: Platform, make_task: MakeTask) -> None:
    platform.put()
    assert run(make_task, WANTED, group="cellar", state="absent").changed


# Writes of unknown outcome


@pytest.mark.parametrize("executed", [True, False])
@pytest.mark.parametrize(
    ("action", "there", "options"),
    [
        ("CreateLamp", False, {}),
        ("UpdateLamp", True, {"watts": 60}),
        ("DeleteLamp", True, {"state": "absent"}),
    ],
)
def test_a_lost_answer_leads_to_the_state_asked_for_and_is_never_repeated_blindly(
    platform: Platform, make_task: MakeTask, action: str, there: bool, options: Mapping[str, Any], executed: bool
) -> None:
    if there:
        platform.put()
    platform.faults[action] = [Fault(lost(action), executed)]
    outcome = run(make_task, {**WANTED, **options})
    assert outcome.changed
    assert len(platform.writes) == (1 if executed else 2)
    assert len(platform.lamps) == (0 if action == "DeleteLamp" else 1)
    actions = [name for name, _ in platform.calls]
    assert actions[actions.index(action) + 1] in ("ListLamps", "DescribeLamp")
    assert not run(make_task, {**WANTED, **options}).changed


def test_a_read_that_comes_too_early_does_not_create_twice(
    platform: Platform, make_task: MakeTask, clock: Clock
) -> None:
    platform.faults["CreateLamp"] = [Fault(lost("CreateLamp"), True)]
    task = make_task(WANTED)

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        platform.stale = 0

    task.sleep = sleep
    platform.stale = 2
    assert reconcile(task, Lamp()).changed
    assert len(platform.lamps) == len(platform.writes) == 1
    assert clock.pauses == [LOOKS[1]]


def test_a_write_that_leaves_no_trace_is_given_up_in_the_end(platform: Platform, make_task: MakeTask) -> None:
    platform.faults["CreateLamp"] = [Fault(lost("CreateLamp")) for _ in range(TRIES + 1)]
    task = make_task(WANTED)
    with pytest.raises(LostAnswerError):
        reconcile(task, Lamp())
    assert len(platform.writes) == TRIES
    assert task.doing == "create lamp 'desk'"


def test_a_write_that_was_never_sent_is_left_to_the_client(platform: Platform, make_task: MakeTask) -> None:
    platform.faults["CreateLamp"] = [Fault(unsent("CreateLamp"))]
    with pytest.raises(NotSentError):
        run(make_task, WANTED)
    assert [action for action, _ in platform.calls] == ["ListLamps", "CreateLamp"]


# Refusals


def test_somebody_else_made_it_first(platform: Platform, make_task: MakeTask, monkeypatch: pytest.MonkeyPatch) -> None:
    def create(parameters: dict[str, Any]) -> Any:
        platform.put()
        raise refusal("CreateLamp", "the name is taken")

    monkeypatch.setattr(platform, "_CreateLamp", create)
    outcome = run(make_task, WANTED)
    assert outcome.state is not None
    assert outcome.state["lamp_id"] == 101
    assert not outcome.changed
    assert len(platform.writes) == 1


def test_somebody_else_made_another_one(
    platform: Platform, make_task: MakeTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def create(parameters: dict[str, Any]) -> Any:
        platform.put(watts=99)
        raise refusal("CreateLamp", "the name is taken")

    monkeypatch.setattr(platform, "_CreateLamp", create)
    with pytest.raises(BusinessError, match=r"^the name is taken$"):
        run(make_task, WANTED)
    assert len(platform.writes) == 1


def test_a_refusal_is_not_repeated(platform: Platform, make_task: MakeTask, clock: Clock) -> None:
    platform.put()
    platform.faults["UpdateLamp"] = [Fault(refusal("UpdateLamp", "no"))]
    task = make_task({**WANTED, "watts": 60})
    with pytest.raises(BusinessError):
        reconcile(task, Lamp())
    assert len(platform.writes) == 1
    assert task.doing == "update lamp 'desk'"
    assert clock.pauses == []


# Looking again


def test_a_read_after_the_write_is_repeated_until_it_shows_the_write(
    platform: Platform, make_task: MakeTask, clock: Clock
) -> None:
    platform.put()
    task = make_task({**WANTED, "watts": 60})
    write = task.write

    def stale_write(step: Any) -> Any:
        result = write(step)
        platform.stale = 2
        return result

    task.write = stale_write  # type: ignore[method-assign]  # reads are stale only after the write
    outcome = reconcile(task, Lamp())
    assert outcome.state is not None
    assert outcome.state["watts"] == 60
    assert clock.pauses == list(LOOKS[1:3])


def test_what_was_created_is_looked_for_by_its_id(platform: Platform, make_task: MakeTask) -> None:
    run(make_task, WANTED)
    assert platform.calls[-1] == ("DescribeLamp", {"LampId": 101})


# Waiting


def test_what_is_new_is_waited_for(platform: Platform, make_task: MakeTask, clock: Clock) -> None:
    platform.put(status="warming up")
    task = make_task({**WANTED, **WAITING})

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        if clock.now >= 1003:
            platform.lamps[101]["status"] = "on"

    task.sleep = sleep
    outcome = reconcile(task, SlowLamp())
    assert outcome.state is not None
    assert outcome.state["status"] == "on"
    assert not outcome.changed
    assert clock.pauses == [0.25, 0.5, 1, 1, 1]


def test_without_waiting_the_task_ends_at_once(platform: Platform, make_task: MakeTask, clock: Clock) -> None:
    platform.put(status="warming up")
    outcome = reconcile(make_task({**WANTED, **WAITING, "wait": False}), SlowLamp())
    assert outcome.state is not None
    assert outcome.state["status"] == "warming up"
    assert clock.pauses == []


def test_check_mode_does_not_wait(platform: Platform, make_task: MakeTask, clock: Clock) -> None:
    platform.put(status="warming up")
    assert not reconcile(make_task({**WANTED, **WAITING}, True), SlowLamp()).changed
    assert clock.pauses == []


def test_a_wait_that_fails_shows_what_was_seen(platform: Platform, make_task: MakeTask) -> None:
    identity = platform.put(status="warming up")
    with pytest.raises(WaitTimeoutError, match="last seen: status warming up") as late:
        reconcile(make_task({**WANTED, **WAITING}), SlowLamp())
    assert late.value.last["lamp_id"] == identity
    platform.lamps[identity]["status"] = "broken"
    with pytest.raises(FailedStateError, match="lamp is broken") as broken:
        reconcile(make_task({**WANTED, **WAITING}), SlowLamp())
    assert broken.value.last["status"] == "broken"


# What is said


def test_the_task_says_what_it_was_doing_and_had_done(platform: Platform, make_task: MakeTask) -> None:
    task = make_task(WANTED)
    reconcile(task, Lamp())
    assert task.done == ["create lamp 'desk'"]
    task = make_task(WANTED)
    platform.faults["ListLamps"] = [Fault(lost("ListLamps"))]
    with pytest.raises(JstError):
        reconcile(task, Lamp())
    assert (task.doing, task.done) == ("read lamp 'desk'", [])


def test_a_warning_is_given_once(make_task: MakeTask) -> None:
    task = make_task()
    task.warn("mind the lamp")
    task.warn("mind the lamp")
    assert task.warnings == ["mind the lamp"]


# Lists


class LampInfo(Info):
    """Lists lamps."""

    resource = Lamp()
    filters = ("lamp_id", "name", "watts", "group_id")


def inquired(make_task: MakeTask, **options: Any) -> list[Any]:
    """The names of the lamps that are listed."""
    return [lamp["name"] for lamp in inquire(make_task(room="kitchen", **options), LampInfo()) if lamp is not None]


@pytest.fixture
def lamps(platform: Platform) -> Platform:
    """A platform with some lamps."""
    platform.put(lamp_name="desk", watts=40, group_id=71)
    platform.put(lamp_name="desk 2", watts="60", group_id=71)
    platform.put(lamp_name="shelf", watts=40)
    return platform


@pytest.mark.parametrize(
    ("options", "names"),
    [
        ({}, ["desk", "desk 2", "shelf"]),
        ({"name": "desk"}, ["desk"]),
        ({"watts": 60}, ["desk 2"]),
        ({"group": "hall", "watts": 40}, ["desk"]),
        ({"name": "none"}, []),
        ({"lamp_id": 103}, ["shelf"]),
        ({"lamp_id": 103, "name": "desk"}, []),
        ({"lamp_id": 999}, []),
    ],
)
def test_lists_hold_what_fits_every_filter(
    lamps: Platform, make_task: MakeTask, options: Mapping[str, Any], names: list[str]
) -> None:
    assert inquired(make_task, **options) == names


def test_the_service_is_asked_to_filter_where_it_can(lamps: Platform, make_task: MakeTask) -> None:
    inquired(make_task, name="desk", watts=40)
    assert lamps.calls == [("ListLamps", {"RoomId": ROOM, "Name": "desk"})]


def test_lists_need_their_parent_and_right_filters(make_task: MakeTask) -> None:
    with pytest.raises(NotFoundError, match="There is no room 'attic'"):
        inquire(make_task(room="attic"), LampInfo())
    with pytest.raises(InvalidOptionError, match=r"^Option watts is 0, but has to be between 1 and 100"):
        inquired(make_task, watts=0)
    with pytest.raises(NotFoundError, match="There is no group 'cellar'"):
        inquired(make_task, group="cellar")


class CellarLampInfo(LampInfo):
    """Lists lamps, or what is in the cellar."""

    extra_options = {"cellar": {"type": "bool", "default": False}}

    def choose(self, options: Mapping[str, Any]) -> Resource:
        """The lamps that were asked for."""
        return CellarLamp() if options["cellar"] else self.resource


class CellarLamp(Lamp):
    """A lamp in the cellar."""

    listing = Listing("ListCellarLamps", {"RoomId": "room_id"})


def test_an_option_can_choose_what_is_listed(
    lamps: Platform, make_task: MakeTask, monkeypatch: pytest.MonkeyPatch
) -> None:
    cellar = [{"lamp_id": 1, "lamp_name": "cellar"}]
    monkeypatch.setattr(lamps, "_ListCellarLamps", lambda parameters: cellar, raising=False)
    info = CellarLampInfo()
    assert info.options()["cellar"] == {"type": "bool", "default": False}
    for chosen, count in ((False, 3), (True, 1)):
        assert len(inquire(make_task(room="kitchen", cellar=chosen), info)) == count


def test_the_options_of_a_list_follow_from_its_filters() -> None:
    options = LampInfo().options()
    types = {"room": "str", "lamp_id": "int", "name": "str", "watts": "int", "group": "str"}
    assert {name: option["type"] for name, option in options.items()} == types
    assert [name for name, option in options.items() if option.get("required")] == ["room"]
