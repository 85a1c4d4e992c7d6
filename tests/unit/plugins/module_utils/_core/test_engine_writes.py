# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Writes with an unknown outcome, rejected writes, plans of several steps, and waits: nothing is written twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import (
    ApiError,
    BusinessError,
    ConnectionFailedError,
    ResponseLostError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.cache import CachingClient
from ansible_collections.jst.retailcloud.plugins.module_utils._core.duplicates import (
    DUPLICATE_RECHECK_DELAYS,
    Duplicates,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.engine import (
    MAX_WRITE_ATTEMPTS,
    Outcome,
    reconcile,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import (
    AmbiguousNameError,
    FailedStateError,
    WaitTimeoutError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.eventual_consistency import READ_BACK_DELAYS
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import State
from ansible_collections.jst.retailcloud.plugins.module_utils._core.plan import Step
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._core.wait import MAX_MISSES
from tests.unit.plugins.module_utils._core.conftest import (
    DESIRED,
    ROOM,
    Clock,
    Fault,
    Lamp,
    MakeContext,
    Platform,
    SlowLamp,
    rejection,
)

WAITING = {"wait": True, "wait_timeout": 60, "wait_interval": 1}


def run(make_context: MakeContext, options: Mapping[str, Any], check_mode: bool = False, **more: Any) -> Outcome:
    """Run the lamp module."""
    return reconcile(make_context(options, check_mode, **more), Lamp())


def response_lost(action: str) -> ApiError:
    """Return the error of a write with an unknown outcome."""
    return ResponseLostError("no answer", action=action, code="ResponseLost.ReadTimeout", unknown_outcome=True)


def connection_failed(action: str) -> ApiError:
    """Return the error of a write that was not sent."""
    return ConnectionFailedError("no connection", action=action, code="ConnectionFailed.Connection")


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
    platform: Platform, make_context: MakeContext, action: str, there: bool, options: Mapping[str, Any], executed: bool
) -> None:
    if there:
        platform.put()
    platform.faults[action] = [Fault(response_lost(action), executed)]
    ctx = make_context({**DESIRED, **options})
    outcome = reconcile(ctx, Lamp())
    assert outcome.changed
    # A step that was carried out is listed once, also when only a read shows it.
    assert ctx.completed == [f"{action[:6].lower()} lamp 'desk'"]
    assert len(platform.writes) == (1 if executed else 2)
    assert len(platform.lamps) == (0 if action == "DeleteLamp" else 1)
    actions = [name for name, _dummy in platform.calls]
    assert actions[actions.index(action) + 1] in ("ListLamps", "DescribeLamp")
    assert not run(make_context, {**DESIRED, **options}).changed


def test_a_read_that_comes_too_early_does_not_create_twice(
    platform: Platform, make_context: MakeContext, clock: Clock
) -> None:
    platform.faults["CreateLamp"] = [Fault(response_lost("CreateLamp"), True)]
    ctx = make_context(DESIRED)

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        platform.stale = 0

    ctx.sleep = sleep
    platform.stale = 2
    assert reconcile(ctx, Lamp()).changed
    assert len(platform.lamps) == len(platform.writes) == 1
    assert clock.pauses == [READ_BACK_DELAYS[1]]


def test_a_write_that_leaves_no_trace_is_given_up_in_the_end(platform: Platform, make_context: MakeContext) -> None:
    platform.faults["CreateLamp"] = [Fault(response_lost("CreateLamp")) for _dummy in range(MAX_WRITE_ATTEMPTS + 1)]
    ctx = make_context(DESIRED)
    with pytest.raises(ResponseLostError):
        reconcile(ctx, Lamp())
    assert len(platform.writes) == MAX_WRITE_ATTEMPTS
    assert ctx.activity == "create lamp 'desk'"
    assert ctx.may_have_written


def test_a_write_that_was_never_sent_is_left_to_the_client(platform: Platform, make_context: MakeContext) -> None:
    platform.faults["CreateLamp"] = [Fault(connection_failed("CreateLamp"))]
    ctx = make_context(DESIRED)
    with pytest.raises(ConnectionFailedError):
        reconcile(ctx, Lamp())
    assert not ctx.may_have_written
    assert [action for action, _dummy in platform.calls] == ["ListLamps", "CreateLamp"]


def test_a_failed_read_after_a_write_is_no_failed_write(
    platform: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.put()
    ctx = make_context({**DESIRED, "watts": 60})
    update = platform._UpdateLamp

    def then_break(parameters: dict[str, Any]) -> Any:
        platform.faults["DescribeLamp"] = [Fault(connection_failed("DescribeLamp"))]
        return update(parameters)

    monkeypatch.setattr(platform, "_UpdateLamp", then_break)
    with pytest.raises(ConnectionFailedError) as failed:
        reconcile(ctx, Lamp())
    message = ctx.failure_message(failed.value)
    assert message.startswith("Could not read lamp 'desk': ")
    assert "Done before that: update lamp 'desk'." in message


def test_only_who_responded_has_answered(platform: Platform, make_context: MakeContext) -> None:
    ctx = make_context(DESIRED)
    ctx.activity = "create lamp 'desk'"
    assert f"(CreateLamp: {connection_failed('CreateLamp').code})" in ctx.failure_message(
        connection_failed("CreateLamp")
    )
    assert f"(CreateLamp: {response_lost('CreateLamp').code})" in ctx.failure_message(response_lost("CreateLamp"))
    assert "(CreateLamp returned code 3)" in ctx.failure_message(rejection("CreateLamp", "the name is taken"))


# Rejections


def test_somebody_else_made_it_first(
    platform: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def create(parameters: dict[str, Any]) -> Any:
        platform.put()
        raise rejection("CreateLamp", "the name is taken")

    monkeypatch.setattr(platform, "_CreateLamp", create)
    outcome = run(make_context, DESIRED)
    assert outcome.state is not None
    assert outcome.state["lamp_id"] == 101
    assert not outcome.changed
    assert len(platform.writes) == 1


def test_somebody_else_made_another_one(
    platform: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    def create(parameters: dict[str, Any]) -> Any:
        platform.put(watts=99)
        raise rejection("CreateLamp", "the name is taken")

    monkeypatch.setattr(platform, "_CreateLamp", create)
    with pytest.raises(BusinessError, match=r"^the name is taken$"):
        run(make_context, DESIRED)
    assert len(platform.writes) == 1


def test_a_refusal_over_what_came_in_between_leads_to_a_new_plan(
    platform: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Replanned(Lamp):
        def should_replan(self, ctx: RunContext, given: State, current: State | None) -> bool:
            return current is not None

    def create(parameters: dict[str, Any]) -> Any:
        platform.put(watts=99)
        raise rejection("CreateLamp", "the name is taken")

    monkeypatch.setattr(platform, "_CreateLamp", create)
    outcome = reconcile(make_context(DESIRED), Replanned())
    assert outcome.changed
    assert [action for action, _dummy in platform.writes] == ["CreateLamp", "UpdateLamp"]
    assert platform.lamps[101]["watts"] == DESIRED["watts"]


# Names that the service does not keep unique


class DuplicateLamp(Lamp):
    """A lamp whose name may not be unique."""

    tiebreak_id = "lamp_id"


def create_concurrently(platform: Platform, monkeypatch: pytest.MonkeyPatch, first: bool, **members: Any) -> None:
    """Let somebody else create a lamp during the next creation."""

    def create(parameters: dict[str, Any]) -> Any:
        before = {lamp_id: dict(lamp) for lamp_id, lamp in platform.lamps.items()}
        if first:
            platform.put(**members)
        own = platform.put()
        if not first:
            platform.put(**members)
        platform._before = before
        return {"lamp_id": own}

    monkeypatch.setattr(platform, "_CreateLamp", create)


def test_the_later_of_two_of_one_name_is_taken_back(
    platform: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_concurrently(platform, monkeypatch, first=True)
    outcome = reconcile(make_context({**DESIRED, "force": True}), DuplicateLamp())
    assert outcome.state is not None
    assert (outcome.changed, outcome.state["lamp_id"]) == (False, 101)
    assert [action for action, _dummy in platform.writes] == ["CreateLamp", "DeleteLamp"]
    assert platform.writes[1][1] == {"LampId": 102, "Force": False}
    assert list(platform.lamps) == [101]


def test_the_first_of_two_of_one_name_stays(
    platform: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_concurrently(platform, monkeypatch, first=False)
    outcome = reconcile(make_context(DESIRED), DuplicateLamp())
    assert outcome.state is not None
    assert (outcome.changed, outcome.state["lamp_id"]) == (True, 101)
    assert [action for action, _dummy in platform.writes] == ["CreateLamp"]


def create_among_others(
    platform: Platform, monkeypatch: pytest.MonkeyPatch, *lamps: str, answered: bool = False
) -> None:
    """Let the next creation create a lamp for each of these tasks in order. Its response is lost unless answered."""
    create = platform._CreateLamp

    def create_all(parameters: dict[str, Any]) -> Any:
        monkeypatch.setattr(platform, "_CreateLamp", create)
        ids = {hand: platform.put() for hand in lamps}
        if not answered:
            raise response_lost("CreateLamp")
        return {"lamp_id": ids["own"]}

    monkeypatch.setattr(platform, "_CreateLamp", create_all)


@pytest.mark.parametrize("hands", [("own", "other"), ("other", "own"), ("other", "own", "third")])
def test_twins_and_a_lost_answer(
    platform: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch, hands: Sequence[str]
) -> None:
    """A run that does not know its own lamp keeps the oldest and deletes the younger ones, without force."""
    create_among_others(platform, monkeypatch, *hands)
    outcome = reconcile(make_context({**DESIRED, "force": True}), DuplicateLamp())
    assert outcome.state is not None
    assert outcome.state["lamp_id"] == 101
    assert list(platform.lamps) == [101]
    assert [action for action, _dummy in platform.writes] == ["CreateLamp"] + ["DeleteLamp"] * (len(hands) - 1)
    assert all(parameters["Force"] is False for action, parameters in platform.writes if action == "DeleteLamp")
    assert not reconcile(make_context(DESIRED), DuplicateLamp()).changed


def test_others_remove_their_own_before_a_task_with_a_lost_answer_does(
    platform: Platform, make_context: MakeContext, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_among_others(platform, monkeypatch, "own", "other")
    ctx = make_context(DESIRED)

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        platform.lamps.pop(102, None)

    ctx.sleep = sleep
    assert reconcile(ctx, DuplicateLamp()).changed
    assert [action for action, _dummy in platform.writes] == ["CreateLamp"]
    assert clock.pauses == [DUPLICATE_RECHECK_DELAYS[0], *READ_BACK_DELAYS[1:]]


@pytest.mark.parametrize("executed", [True, False])
def test_a_removal_of_a_duplicate_whose_answer_is_lost(
    platform: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch, executed: bool
) -> None:
    create_among_others(platform, monkeypatch, "other", "own", answered=True)
    platform.faults["DeleteLamp"] = [Fault(response_lost("DeleteLamp"), executed)]
    assert not reconcile(make_context(DESIRED), DuplicateLamp()).changed
    assert list(platform.lamps) == [101]
    assert len(platform.writes) == (2 if executed else 3)


def test_a_duplicate_that_its_own_task_removed_first(
    platform: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_among_others(platform, monkeypatch, "other", "own")

    def delete(parameters: dict[str, Any]) -> Any:
        platform.lamps.pop(parameters["LampId"])
        raise rejection("DeleteLamp", "no such lamp")

    monkeypatch.setattr(platform, "_DeleteLamp", delete)
    assert reconcile(make_context(DESIRED), DuplicateLamp()).changed
    assert list(platform.lamps) == [101]


def test_a_list_that_cannot_be_read_after_a_creation_leaves_no_twin(
    platform: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_among_others(platform, monkeypatch, "other", "own", answered=True)
    platform.faults["ListLamps"] = [None, Fault(rejection("ListLamps", "busy"))]
    assert reconcile(make_context(DESIRED), DuplicateLamp()).state is not None
    assert list(platform.lamps) == [101]


@pytest.mark.parametrize("after", [1, 2])
def test_a_creation_that_is_carried_out_after_it_was_given_up(
    platform: Platform, make_context: MakeContext, clock: Clock, monkeypatch: pytest.MonkeyPatch, after: int
) -> None:
    """The late lamp appears after a second creation. The younger one is deleted before the run ends."""
    platform.faults["CreateLamp"] = [Fault(response_lost("CreateLamp"))]
    ctx = make_context({**DESIRED, **WAITING})
    create, reads = platform._CreateLamp, iter(range(100))

    def create_again(parameters: dict[str, Any]) -> Any:
        made = create(parameters)
        listing = platform._ListLamps

        def listed(parameters: dict[str, Any]) -> Any:
            if next(reads) == after:
                platform.put()
            return listing(parameters)

        monkeypatch.setattr(platform, "_ListLamps", listed)
        return made

    monkeypatch.setattr(platform, "_CreateLamp", create_again)
    assert reconcile(ctx, DuplicateLamp()).changed
    assert list(platform.lamps) == [101]
    assert [action for action, _dummy in platform.writes] == ["CreateLamp", "CreateLamp", "DeleteLamp"]


def test_what_was_there_before_the_task_is_never_removed(platform: Platform, make_context: MakeContext) -> None:
    """Neither after a lost response to an update, nor when there are duplicates."""
    platform.put(watts=60)
    platform.faults["UpdateLamp"] = [Fault(response_lost("UpdateLamp"), executed=True)]
    assert reconcile(make_context(DESIRED), DuplicateLamp()).changed
    platform.put()
    with pytest.raises(AmbiguousNameError):
        reconcile(make_context(DESIRED), DuplicateLamp())
    assert list(platform.lamps) == [101, 102]


def test_what_the_task_first_saw_is_never_a_duplicate(platform: Platform, make_context: MakeContext) -> None:
    first, second = platform.put(), platform.put()
    platform.put()
    duplicates = Duplicates(make_context(DESIRED), DuplicateLamp(), {"room_id": ROOM}, {"lamp_id": second})
    assert duplicates.remove_younger({"name": "desk"})
    assert list(platform.lamps) == [first, second]


def test_what_was_there_first_is_changed_to_what_was_asked_for(
    platform: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_concurrently(platform, monkeypatch, first=True, watts=99)
    assert reconcile(make_context(DESIRED), DuplicateLamp()).changed
    assert [action for action, _dummy in platform.writes] == ["CreateLamp", "DeleteLamp", "UpdateLamp"]
    assert {lamp_id: lamp["watts"] for lamp_id, lamp in platform.lamps.items()} == {101: DESIRED["watts"]}


def test_an_old_list_does_not_tell_who_was_first(
    platform: Platform, make_context: MakeContext, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_concurrently(platform, monkeypatch, first=True)
    platform.stale = 3
    assert not reconcile(make_context(DESIRED), DuplicateLamp()).changed
    assert list(platform.lamps) == [101]
    assert clock.pauses == list(READ_BACK_DELAYS[1:3])


def test_what_is_made_and_taken_away_for_ever_is_given_up(
    platform: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    create_concurrently(platform, monkeypatch, first=True)
    monkeypatch.setattr(platform, "_DeleteLamp", lambda parameters: platform.lamps.clear())
    with pytest.raises(FailedStateError, match="lamp 'desk'"):
        reconcile(make_context(DESIRED), DuplicateLamp())
    assert len(platform.writes) == 2 * MAX_WRITE_ATTEMPTS


@pytest.mark.parametrize("remembering", [False, True])
def test_a_name_that_fits_two_for_a_moment(
    platform: Platform, make_context: MakeContext, clock: Clock, remembering: bool
) -> None:
    platform.put()
    platform.put()
    ctx = make_context(DESIRED)
    if remembering:
        ctx.client = CachingClient(CachingClient(ctx.client))

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        platform.lamps.pop(102, None)

    ctx.sleep = sleep
    assert not reconcile(ctx, DuplicateLamp()).changed
    assert clock.pauses == [DUPLICATE_RECHECK_DELAYS[0]]


def test_a_name_that_fits_two_for_good(platform: Platform, make_context: MakeContext, clock: Clock) -> None:
    platform.put()
    platform.put()
    with pytest.raises(AmbiguousNameError):
        reconcile(make_context(DESIRED), DuplicateLamp())
    assert clock.pauses == list(DUPLICATE_RECHECK_DELAYS)
    with pytest.raises(AmbiguousNameError):
        run(make_context, DESIRED)
    assert clock.pauses == list(DUPLICATE_RECHECK_DELAYS)


def test_a_refusal_is_not_repeated(platform: Platform, make_context: MakeContext, clock: Clock) -> None:
    platform.put()
    platform.faults["UpdateLamp"] = [Fault(rejection("UpdateLamp", "no"))]
    ctx = make_context({**DESIRED, "watts": 60})
    with pytest.raises(BusinessError):
        reconcile(ctx, Lamp())
    assert len(platform.writes) == 1
    assert ctx.activity == "update lamp 'desk'"
    assert clock.pauses == []


# Reading back


def test_a_read_after_the_write_is_repeated_until_it_shows_the_write(
    platform: Platform, make_context: MakeContext, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.put()
    ctx = make_context({**DESIRED, "watts": 60})
    write = ctx.write

    def stale_write(step: Any) -> Any:
        result = write(step)
        platform.stale = 2
        return result

    monkeypatch.setattr(ctx, "write", stale_write)
    outcome = reconcile(ctx, Lamp())
    assert outcome.state is not None
    assert outcome.state["watts"] == 60
    assert clock.pauses == list(READ_BACK_DELAYS[1:3])


def test_what_was_created_is_looked_for_by_its_id(platform: Platform, make_context: MakeContext) -> None:
    """Then the list is read, in which later tasks find the lamp by name."""
    run(make_context, DESIRED)
    assert platform.calls[-2] == ("DescribeLamp", {"LampId": 101})
    assert platform.calls[-1][0] == "ListLamps"


def test_what_was_changed_is_looked_at_by_its_id(platform: Platform, make_context: MakeContext) -> None:
    lamp_id = platform.put()
    run(make_context, DESIRED, watts=60)
    assert platform.calls[-1] == ("DescribeLamp", {"LampId": lamp_id})


# More than one step


class Painted(SlowLamp):
    """A lamp that is painted in a second step, once it is on."""

    fields = tuple(replace(item, param=None) if item.name == "colour" else item for item in Lamp.fields)

    def paint(self, given: State) -> list[Step]:
        """Return the second step."""
        parameters = {"LampName": given["name"], "Colour": given["colour"]}
        return [Step("PaintLamp", parameters, f"paint {self.describe(given)}")]

    def create_steps(self, ctx: RunContext, namespace: State, given: State) -> list[Step]:
        """Return the steps that create and paint the lamp."""
        [create] = super().create_steps(ctx, namespace, given)
        return [replace(create, wait_after=True), *self.paint(given)]

    def update_steps(
        self, ctx: RunContext, namespace: State, given: State, current: State, changed: Sequence[str]
    ) -> list[Step]:
        """Return the step that paints the lamp."""
        return self.paint(given)


@pytest.fixture
def workshop(platform: Platform, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Platform:
    """Return a platform whose lamps light after a second, and can be painted then."""

    def create(parameters: dict[str, Any]) -> Any:
        return {"lamp_id": platform.put(status="warming up")}

    def paint(parameters: dict[str, Any]) -> Any:
        for lamp in platform.lamps.values():
            if lamp["status"] != "on":
                raise rejection("PaintLamp", "too dark to paint")
            lamp["colour"] = parameters["Colour"]
        return {}

    sleep = clock.sleep

    def warm_up(seconds: float) -> None:
        sleep(seconds)
        for lamp in platform.lamps.values():
            lamp["status"] = "on" if clock.now >= 1001 else "warming up"

    monkeypatch.setattr(platform, "_CreateLamp", create)
    monkeypatch.setattr(platform, "_PaintLamp", paint, raising=False)
    monkeypatch.setattr(clock, "sleep", warm_up)
    return platform


def test_a_step_waits_for_the_one_before_even_when_the_task_does_not(
    workshop: Platform, make_context: MakeContext
) -> None:
    ctx = make_context({**DESIRED, **WAITING, "colour": "red", "wait": False})
    outcome = reconcile(ctx, Painted())
    assert outcome.state is not None
    assert (outcome.state["status"], outcome.state["colour"]) == ("on", "red")
    assert ctx.completed == ["create lamp 'desk'", "paint lamp 'desk'"]


def test_a_lost_step_does_not_repeat_the_steps_before_it(workshop: Platform, make_context: MakeContext) -> None:
    workshop.faults["PaintLamp"] = [Fault(response_lost("PaintLamp"))]
    ctx = make_context({**DESIRED, **WAITING, "colour": "red"})
    assert reconcile(ctx, Painted()).changed
    assert ctx.completed == ["create lamp 'desk'", "paint lamp 'desk'"]
    assert [action for action, _dummy in workshop.writes] == ["CreateLamp", "PaintLamp", "PaintLamp"]
    assert len(workshop.lamps) == 1


def test_a_step_that_fails_tells_what_was_done_before(workshop: Platform, make_context: MakeContext) -> None:
    workshop.faults["PaintLamp"] = [Fault(rejection("PaintLamp", "out of paint"))]
    ctx = make_context({**DESIRED, **WAITING, "colour": "red"})
    with pytest.raises(BusinessError):
        reconcile(ctx, Painted())
    assert (ctx.activity, ctx.completed) == ("paint lamp 'desk'", ["create lamp 'desk'"])
    assert [step.purpose for step in ctx.pending_steps or ()] == ["paint lamp 'desk'"]


# Waiting


def test_what_is_new_is_waited_for(platform: Platform, make_context: MakeContext, clock: Clock) -> None:
    platform.put(status="warming up")
    ctx = make_context({**DESIRED, **WAITING})

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        if clock.now >= 1003:
            platform.lamps[101]["status"] = "on"

    ctx.sleep = sleep
    outcome = reconcile(ctx, SlowLamp())
    assert outcome.state is not None
    assert outcome.state["status"] == "on"
    assert not outcome.changed
    assert clock.pauses == [0.25, 0.5, 1, 1, 1]


def test_what_vanishes_while_it_is_waited_for(platform: Platform, make_context: MakeContext, clock: Clock) -> None:
    platform.put(status="warming up")
    ctx = make_context({**DESIRED, **WAITING})

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        platform.lamps.clear()

    ctx.sleep = sleep
    with pytest.raises(FailedStateError, match=r"^Lamp 'desk' no longer exists"):
        reconcile(ctx, SlowLamp())
    assert len(clock.pauses) == MAX_MISSES


def test_an_old_answer_while_waiting_takes_nothing_away(
    platform: Platform, make_context: MakeContext, clock: Clock
) -> None:
    platform.put(status="warming up")
    lamps = dict(platform.lamps)
    ctx = make_context({**DESIRED, **WAITING})

    def sleep(seconds: float) -> None:
        clock.sleep(seconds)
        platform.lamps = {} if len(clock.pauses) % MAX_MISSES else lamps
        lamps[101]["status"] = "on" if len(clock.pauses) > 2 * MAX_MISSES else "warming up"

    ctx.sleep = sleep
    assert not reconcile(ctx, SlowLamp()).changed
    assert len(clock.pauses) == 3 * MAX_MISSES


def test_without_waiting_the_task_ends_at_once(platform: Platform, make_context: MakeContext, clock: Clock) -> None:
    platform.put(status="warming up")
    outcome = reconcile(make_context({**DESIRED, **WAITING, "wait": False}), SlowLamp())
    assert outcome.state is not None
    assert outcome.state["status"] == "warming up"
    assert clock.pauses == []


def test_check_mode_does_not_wait(platform: Platform, make_context: MakeContext, clock: Clock) -> None:
    platform.put(status="warming up")
    assert not reconcile(make_context({**DESIRED, **WAITING}, True), SlowLamp()).changed
    assert clock.pauses == []


def test_a_wait_that_fails_shows_what_was_seen(platform: Platform, make_context: MakeContext) -> None:
    lamp_id = platform.put(status="warming up")
    with pytest.raises(WaitTimeoutError, match="last seen: status warming up") as late:
        reconcile(make_context({**DESIRED, **WAITING}), SlowLamp())
    assert late.value.last["lamp_id"] == lamp_id
    platform.lamps[lamp_id]["status"] = "broken"
    with pytest.raises(FailedStateError, match="lamp is broken") as broken:
        reconcile(make_context({**DESIRED, **WAITING}), SlowLamp())
    assert broken.value.last["status"] == "broken"


def test_what_is_deleted_is_waited_for(
    platform: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    lamp_id = platform.put()
    monkeypatch.setattr(platform, "_DeleteLamp", lambda parameters: {})
    ctx = make_context({**DESIRED, **WAITING, "state": "absent"})
    with pytest.raises(WaitTimeoutError, match="last seen: it still exists"):
        reconcile(ctx, SlowLamp())

    def sleep(seconds: float) -> None:
        platform.lamps.pop(lamp_id, None)

    ctx = make_context({**DESIRED, **WAITING, "state": "absent"})
    ctx.sleep = sleep
    outcome = reconcile(ctx, SlowLamp())
    assert (outcome.changed, outcome.state) == (True, None)
