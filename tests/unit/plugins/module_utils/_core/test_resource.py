# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a resource derives from its declaration: validated options, states and plans."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import BusinessError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.argument_specs import module_options
from ansible_collections.jst.retailcloud.plugins.module_utils._core.connection_options import (
    ACCESS_OPTIONS,
    WAIT_OPTIONS,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import (
    AmbiguousNameError,
    ImmutableDifferenceError,
    IncompleteDataError,
    IncompleteKeyError,
    InvalidOptionError,
    NotFoundError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.eventual_consistency import READ_BACK_DELAYS
from ansible_collections.jst.retailcloud.plugins.module_utils._core.field_types import Integer
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import Field, State, computed, get_path
from ansible_collections.jst.retailcloud.plugins.module_utils._core.plan import Plan, Step
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

SCOPE = {"room_id": ROOM}
LAMP = Lamp()


class Sealed(Lamp):
    """A lamp without an update operation."""

    update_op = None


class Numberless(Lamp):
    """A lamp without an id."""

    id_field = None


class Roomy(Lamp):
    """A lamp whose responses hold its room."""

    fields = (*Lamp.fields, computed("room_id", Integer()))


class Labelled(Lamp):
    """A lamp with the key fitting and power, and its name as fallback key."""

    key = ("fitting", "watts")
    fallback_key = ("name",)


class Thin(Lamp):
    """A lamp with a partial list."""

    list_is_partial = True


class Listed(Lamp):
    """A lamp without a describe operation."""

    describe_op = None


def state(**members: Any) -> State:
    """Return the live state of a lamp."""
    record = {"lamp_id": "101", "lamp_name": "desk", "fitting": "E27", "watts": "40", "kind": 0, "status": "on"}
    return LAMP.state_from({**record, **members}, SCOPE)


def planned(make_context: MakeContext, current: State | None, **options: Any) -> Plan:
    """Return the plan for options with resolved names."""
    return LAMP.plan(make_context(options), SCOPE, LAMP.desired_state(options), current)


def sole(plan: Plan) -> Step:
    """Return the only step of a plan."""
    [step] = plan.steps
    return step


# Options


def test_a_state_that_is_not_the_usual_one_has_to_be_asked_for() -> None:
    class Switch(Lamp):
        states = ("on", "off")

    assert module_options(Switch())["state"] == {"type": "str", "choices": ["on", "off"], "required": True}


def test_the_options_of_a_module_follow_from_the_declaration() -> None:
    spec = module_options(LAMP)
    assert {name: option for name, option in spec.items() if name not in ACCESS_OPTIONS} == {
        "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
        "room": {"type": "str", "required": False},
        "room_id": {"type": "int"},
        "lamp_id": {"type": "int"},
        "name": {"type": "str"},
        "fitting": {"type": "str", "choices": ["E14", "E27"]},
        "kind": {"type": "str", "choices": ["plain", "dimmable"]},
        "watts": {"type": "int"},
        "colour": {"type": "str"},
        "dimmer": {"type": "int"},
        "owners": {
            "type": "list",
            "elements": "dict",
            "options": {"user": {"type": "str", "required": True}, "share": {"type": "int"}},
        },
        "pin": {"type": "str", "no_log": True},
        "group": {"type": "str"},
        "force": {"type": "bool", "default": False},
    }
    assert set(module_options(SlowLamp())) == {*spec, *WAIT_OPTIONS}


def test_the_only_key_of_a_thing_is_required() -> None:
    assert module_options(Numberless())["name"]["required"] is True


def test_options_that_were_not_given_are_not_part_of_what_was_asked_for() -> None:
    assert LAMP.desired_state({**DESIRED, "colour": None, "owners": None}) == {
        "name": "desk",
        "fitting": "E27",
        "watts": 40,
    }


def test_given_empty_is_given() -> None:
    assert LAMP.desired_state({"colour": "", "owners": []}) == {"colour": "", "owners": []}


def test_options_are_cleaned_and_names_stay_names() -> None:
    given = LAMP.desired_state({"owners": [{"user": "1", "share": "50"}], "group": "hall"})
    assert given == {"owners": [{"user": "1", "share": 50}], "group_id": "hall"}


def test_what_only_the_service_sets_is_no_option() -> None:
    assert LAMP.desired_state({"status": "off", "": "x"}) == {}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"watts": 101}, "Option watts is 101, but has to be between 1 and 100."),
        (
            {"owners": [{"user": "1"}, {"user": "1"}]},
            "Option owners names 1 twice.",
        ),
    ],
)
def test_an_option_that_cannot_be_right_is_named(options: Mapping[str, Any], message: str) -> None:
    with pytest.raises(InvalidOptionError) as error:
        LAMP.desired_state(options)
    assert error.value.message == message


def test_options_that_exclude_each_other_fail_before_anything_is_read() -> None:
    with pytest.raises(InvalidOptionError) as error:
        LAMP.desired_state({"kind": "plain", "dimmer": 50})
    assert error.value.message == "Option dimmer only applies when kind is dimmable. Here, kind is plain."


# States


def test_a_state_is_read_through_the_kinds_and_the_wire_names() -> None:
    assert state(owners=[{"user": 2, "share": "10"}, {"user": 1}], extra="ignored") == {
        "room_id": ROOM,
        "lamp_id": 101,
        "name": "desk",
        "fitting": "E27",
        "kind": "plain",
        "watts": 40,
        "colour": None,
        "dimmer": None,
        "owners": [{"user": "1", "share": None}, {"user": "2", "share": 10}],
        "pin": None,
        "group_id": None,
        "status": "on",
    }


def test_the_parent_is_read_when_the_options_do_not_name_it() -> None:
    assert LAMP.state_from({"room_id": "9"}, {"room_id": None})["room_id"] == 9
    assert LAMP.state_from({"room": 8, "room_id": 9}, {"room_id": None})["room_id"] == 8
    assert LAMP.state_from({"room_id": 9}, {"room_id": ROOM})["room_id"] == ROOM
    assert LAMP.state_from({}, {"room_id": None})["room_id"] is None


def test_what_an_answer_tells_of_the_parent_goes_before_what_the_options_say() -> None:
    assert Roomy().state_from({"room_id": "9"}, SCOPE)["room_id"] == 9
    assert Roomy().state_from({}, SCOPE)["room_id"] == ROOM


def test_members_are_found_at_a_path() -> None:
    record = {"size": {"cpu": {"cores": 4}}, "text": "x"}
    assert get_path(record, "size.cpu.cores") == 4
    assert get_path(record, "text") == "x"
    for path in ("size.memory", "size.cpu.cores.more", "text.length", "none.at.all"):
        assert get_path(record, path) is None


def test_where_a_field_is_read_and_which_option_sets_it() -> None:
    assert (Field("a").path, Field("a").option_name) == ("a", "a")
    assert (Field("a", response_path="b").path, Field("a", option="c").option_name) == ("b", "c")
    assert (Field("a", response_path="").path, computed("a").option_name) == ("", "")


def test_a_state_is_shown_without_what_cannot_be_read_back() -> None:
    shown = LAMP.to_result({**state(), "pin": "4711"})
    assert shown is not None
    assert list(shown) == [
        "room_id",
        *("lamp_id", "name", "fitting", "kind", "watts", "colour", "dimmer", "owners", "group_id", "status"),
    ]
    assert LAMP.to_result(None) is None


def test_a_diff_has_the_names_of_options_and_masks_secrets() -> None:
    before, after = LAMP.to_diff(None, {**state(group_id=71), "pin": "4711"})
    assert before == {}
    assert after == {
        "name": "desk",
        "fitting": "E27",
        "kind": "plain",
        "watts": 40,
        "pin": "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER",
        "group": 71,
    }


@pytest.mark.parametrize(
    ("values", "text"),
    [({"name": "desk", "lamp_id": 5}, "lamp 'desk'"), ({"lamp_id": 5}, "lamp 5"), ({}, "lamp")],
)
def test_a_thing_is_named_by_its_key_or_else_by_its_id(values: Mapping[str, Any], text: str) -> None:
    assert LAMP.describe(values) == text


# Reading


def test_a_name_finds_the_one_that_has_exactly_it(platform: Platform, make_context: MakeContext) -> None:
    platform.put(lamp_name="desk 2")
    wanted = platform.put(lamp_name="desk")
    found = LAMP.find(make_context(), SCOPE, {"name": "desk"})
    assert found is not None
    assert found["lamp_id"] == wanted
    assert platform.calls == [("ListLamps", {"RoomId": ROOM, "Name": "desk"})]


def test_a_name_that_nothing_has(platform: Platform, make_context: MakeContext) -> None:
    platform.put(lamp_name="desk 2")
    assert LAMP.find(make_context(), SCOPE, {"name": "desk"}) is None


def test_a_name_that_fits_two_is_an_error_with_their_ids(platform: Platform, make_context: MakeContext) -> None:
    ids = [platform.put(lamp_name="desk") for _dummy in range(2)]
    with pytest.raises(AmbiguousNameError) as error:
        LAMP.find(make_context(), SCOPE, {"name": "desk"})
    assert error.value.message == f"The name 'desk' fits more than one lamp: {ids[0]}, {ids[1]}."


def test_an_id_costs_one_call_and_goes_before_the_name(platform: Platform, make_context: MakeContext) -> None:
    platform.put(lamp_name="desk")
    other = platform.put(lamp_name="shelf")
    found = LAMP.find(make_context(), SCOPE, {"lamp_id": other, "name": "desk"})
    assert found is not None
    assert found["name"] == "shelf"
    assert platform.calls == [("DescribeLamp", {"LampId": other})]


def test_an_id_that_nothing_has_is_settled_by_the_list(platform: Platform, make_context: MakeContext) -> None:
    platform.put()
    assert LAMP.find(make_context(), SCOPE, {"lamp_id": 999}) is None
    assert [action for action, _dummy in platform.calls] == ["DescribeLamp", "ListLamps"]


def test_only_a_complete_key_is_a_key() -> None:
    lamp = Labelled()
    assert lamp.natural_key({"fitting": "E27", "watts": 40, "name": "desk"}) == {"fitting": "E27", "watts": 40}
    assert lamp.natural_key({"fitting": "E27", "name": "desk"}) == {"name": "desk"}
    assert lamp.natural_key({"watts": 40, "name": "desk"}) == {"name": "desk"}
    assert LAMP.natural_key({"name": "desk", "watts": 40}) == {"name": "desk"}
    for given in ({}, {"fitting": "E27"}, {"watts": 40}, {"name": ""}, {"name": " \t"}, {"name": None}):
        with pytest.raises(IncompleteKeyError, match=r"^lamp by "):
            lamp.natural_key(given)


@pytest.mark.parametrize("given", [{}, {"name": ""}, {"name": "\u3000"}, {"lamp_id": None}, {"watts": 40}])
def test_nothing_is_looked_for_by_an_incomplete_key(
    given: dict[str, Any], platform: Platform, make_context: MakeContext
) -> None:
    platform.put()
    for look in (LAMP.find, LAMP.find_matching):
        with pytest.raises(IncompleteKeyError):
            look(make_context(), SCOPE, given)
    assert platform.calls == []


def test_nothing_is_looked_for_without_its_parent(platform: Platform, make_context: MakeContext) -> None:
    for scope in ({}, {"room_id": None}):
        with pytest.raises(IncompleteKeyError, match="lamp without room_id"):
            LAMP.find(make_context(), scope, {"name": "desk"})
    assert platform.calls == []


def test_the_other_key_finds_and_names_too(platform: Platform, make_context: MakeContext) -> None:
    identity = platform.put(lamp_name="desk", watts=60)
    platform.put(lamp_name="shelf", watts=40)
    lamp = Labelled()
    for given in ({"name": "desk"}, {"fitting": "E27", "watts": 60}):
        found = lamp.find(make_context(), SCOPE, given)
        assert found is not None
        assert found["lamp_id"] == identity
    assert lamp.describe({"fitting": "E27", "watts": 60, "name": "desk"}) == "lamp 'E27/60'"


def test_what_a_list_does_not_tell_is_read_by_id(platform: Platform, make_context: MakeContext) -> None:
    identity = platform.put()
    found = Thin().find(make_context(), SCOPE, {"name": "desk"})
    assert found is not None
    assert found["lamp_id"] == identity
    assert platform.calls[1:] == [("DescribeLamp", {"LampId": identity})]


def test_without_a_describe_operation_the_list_is_searched(platform: Platform, make_context: MakeContext) -> None:
    platform.put(lamp_name="desk")
    identity = platform.put(lamp_name="shelf")
    found = Listed().find(make_context(), SCOPE, {"lamp_id": identity})
    assert found is not None
    assert found["name"] == "shelf"
    assert Listed().find(make_context(), SCOPE, {"lamp_id": 999}) is None
    assert {action for action, _dummy in platform.calls} == {"ListLamps"}


def test_a_thing_that_is_listed_and_cannot_be_described_is_an_error(
    platform: Platform, make_context: MakeContext, clock: Clock
) -> None:
    identity = platform.put()
    platform.faults["DescribeLamp"] = [Fault(rejection("DescribeLamp", "the service is upset"))] * len(READ_BACK_DELAYS)
    with pytest.raises(BusinessError, match=r"^the service is upset$"):
        LAMP.find(make_context(), SCOPE, {"lamp_id": identity})
    assert clock.pauses == list(READ_BACK_DELAYS[1:])


@pytest.mark.parametrize("record", [{}, {"lamp_name": "", "watts": None}, {"gmt_modified": "2020-01-01 00:00:00"}])
def test_a_record_that_tells_nothing_is_no_thing(
    platform: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch, record: State
) -> None:
    monkeypatch.setattr(platform, "_DescribeLamp", lambda parameters: record)
    assert LAMP.find(make_context(), SCOPE, {"lamp_id": 999}) is None
    identity = platform.put()
    with pytest.raises(IncompleteDataError, match="does not show the details"):
        LAMP.find(make_context(), SCOPE, {"lamp_id": identity})


@pytest.mark.parametrize("told", [None, 999])
def test_what_is_described_has_the_id_that_was_asked_for(
    platform: Platform, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch, told: int | None
) -> None:
    """A response may omit the id. A response with another id is about another lamp."""
    identity = platform.put()
    describe = platform._DescribeLamp
    monkeypatch.setattr(platform, "_DescribeLamp", lambda parameters: {**describe(parameters), "lamp_id": told})
    if told:
        with pytest.raises(IncompleteDataError, match="does not show the details"):
            LAMP.find(make_context(), SCOPE, {"lamp_id": identity})
    else:
        found = LAMP.find(make_context(), SCOPE, {"lamp_id": identity})
        assert found is not None
        assert found["lamp_id"] == identity


def test_a_thing_that_comes_between_the_describe_call_and_the_list_is_found(
    platform: Platform, make_context: MakeContext
) -> None:
    identity = platform.put()
    platform.faults["DescribeLamp"] = [Fault(rejection("DescribeLamp", "there is none yet"))]
    found = LAMP.find(make_context(), SCOPE, {"lamp_id": identity})
    assert found is not None
    assert found["lamp_id"] == identity


# Creating


def test_an_id_cannot_be_asked_for(platform: Platform, make_context: MakeContext) -> None:
    with pytest.raises(NotFoundError, match=r"^There is no lamp 999 in room 'kitchen'\.$"):
        planned(make_context, None, **DESIRED, lamp_id=999)
    assert not planned(make_context, None, lamp_id=999, state="absent").steps


def test_creation_sends_what_was_given_by_its_wire_names(make_context: MakeContext) -> None:
    options = {**DESIRED, "kind": "dimmable", "dimmer": 50, "pin": "4711", "owners": [{"user": "1", "share": 5}]}
    step = sole(planned(make_context, None, **options))
    assert step.action == "CreateLamp"
    assert step.purpose == "create lamp 'desk'"
    assert step.parameters == {
        "RoomId": ROOM,
        "LampName": "desk",
        "Fitting": "E27",
        "Kind": 1,
        "Watts": 40,
        "Dimmer": 50,
        "Owners": [{"User": "1", "Share": 5}],
        "Pin": "4711",
    }


def test_creation_predicts_what_was_given_and_what_the_service_assumes(make_context: MakeContext) -> None:
    plan = planned(make_context, None, **DESIRED)
    assert plan.before is None
    assert plan.after is not None
    assert (plan.after["watts"], plan.after["kind"], plan.after["status"]) == (40, "plain", None)
    assert "Kind" not in sole(plan).parameters


def test_creation_names_all_options_that_are_missing(make_context: MakeContext) -> None:
    with pytest.raises(InvalidOptionError) as error:
        planned(make_context, None, name="desk")
    assert error.value.message == "To create lamp 'desk', give also: fitting, watts."


def test_creation_refuses_what_the_thing_will_not_have(make_context: MakeContext) -> None:
    with pytest.raises(
        InvalidOptionError, match=r"^Option dimmer only applies when kind is dimmable. Here, kind is plain"
    ):
        planned(make_context, None, **DESIRED, dimmer=50)


# Updating


def test_what_is_as_asked_for_needs_no_step(make_context: MakeContext) -> None:
    current = state(colour="red")
    plan = planned(make_context, current, **DESIRED)
    assert plan == Plan(current, current)


def test_a_change_sends_what_differs_and_nothing_else(make_context: MakeContext) -> None:
    current = state(colour="red")
    plan = planned(make_context, current, **{**DESIRED, "watts": 60, "colour": "red"})
    assert sole(plan) == Step("UpdateLamp", {"LampId": 101, "Watts": 60}, "update lamp 'desk'")
    assert plan.before == current
    assert plan.after == {**current, "watts": 60}


def test_given_empty_clears(make_context: MakeContext) -> None:
    assert sole(planned(make_context, state(colour="red"), name="desk", colour="")).parameters["Colour"] == ""
    assert not planned(make_context, state(), name="desk", colour="").steps


def test_a_list_cannot_be_emptied_by_a_parameter_that_is_left_out(make_context: MakeContext) -> None:
    with pytest.raises(InvalidOptionError, match=r"^Option owners is an empty list"):
        planned(make_context, state(owners=[{"user": "1"}]), name="desk", owners=[])


def test_a_field_that_has_to_be_repeated_goes_with_every_update(make_context: MakeContext) -> None:
    current = state(owners=[{"user": "2", "share": "10"}, {"user": "1", "share": "90"}])
    step = sole(planned(make_context, current, name="desk", watts=60))
    assert step.parameters["Owners"] == [{"User": "1", "Share": 90}, {"User": "2", "Share": 10}]
    wanted = [{"user": "3", "share": 100}]
    for known in (current, {**current, "owners": None}):
        step = sole(planned(make_context, known, name="desk", watts=60, owners=wanted))
        assert step.parameters["Owners"] == [{"User": "3", "Share": 100}]


def test_all_fixed_differences_are_told_at_once(make_context: MakeContext) -> None:
    with pytest.raises(ImmutableDifferenceError) as error:
        planned(make_context, state(kind=1), lamp_id=101, name="shelf", fitting="E27", kind="plain", watts=60)
    assert error.value.message == (
        "Lamp 'desk' cannot be changed as asked: "
        "name is 'desk', asked for 'shelf'; kind is 'dimmable', asked for 'plain'."
    )
    assert set(error.value.differences) == {"name", "kind"}


def test_without_an_update_operation_every_difference_is_fixed(make_context: MakeContext) -> None:
    lamp = Sealed()
    with pytest.raises(ImmutableDifferenceError) as error:
        lamp.plan(make_context(), SCOPE, lamp.desired_state({"name": "desk", "watts": 60}), state())
    assert set(error.value.differences) == {"watts"}
    assert not lamp.plan(make_context(), SCOPE, lamp.desired_state({"name": "desk", "watts": 40}), state()).steps


def test_what_the_service_does_not_tell_of_a_fixed_field_is_not_compared(make_context: MakeContext) -> None:
    assert not planned(make_context, state(kind="a word of tomorrow"), name="desk", kind="dimmable").steps
    assert not planned(make_context, state(owners=None), name="desk", owners=[{"user": "1"}]).steps


def test_what_cannot_be_read_back_is_not_compared(make_context: MakeContext) -> None:
    assert not planned(make_context, state(pin="0000"), name="desk", pin="4711").steps


def test_what_the_service_does_not_tell_of_another_field_differs(make_context: MakeContext) -> None:
    assert sole(planned(make_context, state(watts=None), name="desk", watts=40)).parameters["Watts"] == 40


@pytest.mark.parametrize(("kind", "refused"), [(0, True), (1, False), (None, False)])
def test_an_option_has_to_fit_the_thing_that_is_there(
    make_context: MakeContext, kind: int | None, refused: bool
) -> None:
    if refused:
        with pytest.raises(InvalidOptionError, match=r"^Option dimmer only applies when kind is dimmable"):
            planned(make_context, state(kind=kind), name="desk", dimmer=50)
    else:
        assert sole(planned(make_context, state(kind=kind), name="desk", dimmer=50)).parameters["Dimmer"] == 50


# Deleting


def test_deletion_goes_by_the_id_and_takes_options_along(make_context: MakeContext) -> None:
    current = state()
    plan = planned(make_context, current, name="desk", state="absent", force=True)
    assert plan == Plan(current, None, [Step("DeleteLamp", {"LampId": 101, "Force": True}, "delete lamp 'desk'")])


def test_what_is_not_there_need_not_be_deleted(make_context: MakeContext) -> None:
    assert planned(make_context, None, name="desk", state="absent") == Plan(None, None)


def test_deletion_does_not_look_at_other_options(make_context: MakeContext) -> None:
    assert planned(make_context, state(), **{**DESIRED, "fitting": "E14", "state": "absent"}).steps


@pytest.mark.parametrize("name", ["kept", "label"])
@pytest.mark.parametrize("resource", [Lamp(), SlowLamp()])
def test_a_declaration_keeps_nothing_of_a_run(resource: Lamp, name: str) -> None:
    with pytest.raises(AttributeError, match=rf"Lamp\.{name}"):
        setattr(resource, name, 1)
    assert vars(resource) == {}


class Uncompared(Integer):
    """A number whose values must not be compared."""

    def equals(self, desired: Any, current: Any) -> bool:
        raise AssertionError("compared")


class BrightLamp(Lamp):
    """A lamp with an immutable fitting, and a brightness that an update changes."""

    fields = (*Lamp.fields, Field("brightness", Uncompared(), "Brightness"))


def test_only_immutable_fields_are_compared_for_an_immutable_difference(make_context: MakeContext) -> None:
    lamp, current = BrightLamp(), {"lamp_id": 1, "name": "desk", "fitting": "E27", "brightness": 1}
    assert lamp.immutable_error(make_context(), {"fitting": "E27", "brightness": 2}, current) is None
    error = lamp.immutable_error(make_context(), {"fitting": "E14", "brightness": 2}, current)
    assert error is not None and error.differences == {"fitting": ("E27", "E14")}
    with pytest.raises(AssertionError, match="compared"):
        lamp.differences({"brightness": 2}, current)
