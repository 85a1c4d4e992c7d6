# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Several resources in one task: previewed together, then changed in order."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import BusinessError, ResponseLostError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.composition import Composition, compose
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import (
    FailedStateError,
    ImmutableDifferenceError,
    InvalidOptionError,
    NotFoundError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import (
    Field,
    ListOperation,
    OperationRef,
    Parent,
    State,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.graph import ResourceNode, reconcile_all
from ansible_collections.jst.retailcloud.plugins.module_utils._core.resource import Resource
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from tests.unit.plugins.module_utils._core.conftest import (
    DESIRED,
    Fault,
    Lamp,
    Lookup,
    MakeContext,
    Platform,
    SlowLamp,
    rejection,
)

PATIENCE = 10.0


def lamp_id(ctx: RunContext, wanted: Any, scope: Mapping[str, Any]) -> int:
    """Return the id of a lamp."""
    return int(wanted)


class Shade(Resource):
    """A shade of a lamp."""

    name = "shade"
    label = "shade"
    scope = (Parent("lamp", "lamp_id", Lookup(lamp_id)),)
    key = ("name",)
    fields = (
        Field("name", param="Name", required=True),
        Field("beside", param="Beside", response_path="", refers_to=Lookup(lamp_id)),
    )
    list_op = ListOperation("ListShades", {"LampId": "lamp_id"})
    create_op = OperationRef("CreateShade", {"LampId": "lamp_id"})


class Workshop(Platform):
    """A platform with lamps and shades."""

    def __init__(self) -> None:
        super().__init__()
        self.shades: list[dict[str, Any]] = []

    def _ListShades(self, parameters: dict[str, Any]) -> Any:
        return [shade for shade in self.shades if shade["lamp_id"] == parameters["LampId"]]

    def _CreateShade(self, parameters: dict[str, Any]) -> Any:
        self.shades.append({"name": parameters["Name"], "lamp_id": parameters["LampId"]})
        return {}


@pytest.fixture
def platform() -> Workshop:
    """Return a platform without lamps and shades."""
    return Workshop()


def room(**second: Any) -> list[ResourceNode]:
    """Return nodes of two lamps, and of a shade of the first that comes after both."""
    desk = ResourceNode(Lamp, DESIRED)
    floor = ResourceNode(Lamp, {**DESIRED, "name": "floor", **second})
    return [desk, floor, ResourceNode(Shade, {"name": "green", "lamp": desk, "beside": floor})]


def actions(platform: Workshop) -> list[str]:
    """Return the writing operations in order."""
    return [action for action, _dummy in platform.writes]


def test_everything_is_made_in_order_and_only_once(platform: Workshop, make_context: MakeContext) -> None:
    nodes = room()
    ctx = make_context()
    reconcile_all(ctx, nodes, 4)
    assert sorted(actions(platform)[:2]) == ["CreateLamp", "CreateLamp"]
    assert actions(platform)[2:] == ["CreateShade"]
    assert platform.shades == [{"name": "green", "lamp_id": nodes[0].id_or_planned}]
    assert all(node.changed for node in nodes)
    assert sorted(ctx.completed) == ["create lamp 'desk'", "create lamp 'floor'", "create shade 'green'"]

    again = room()
    reconcile_all(make_context(), again, 4)
    assert not any(node.changed for node in again)
    assert len(actions(platform)) == 3
    assert [node.state and node.state.get("name") for node in again] == ["desk", "floor", "green"]


def test_check_mode_foretells_what_hangs_on_what_is_not_there(platform: Workshop, make_context: MakeContext) -> None:
    nodes = room()
    ctx = make_context(check_mode=True)
    reconcile_all(ctx, nodes, 4)
    assert actions(platform) == []
    assert [node.remaining for node in nodes] == [
        ["create lamp 'desk'"],
        ["create lamp 'floor'"],
        ["create shade 'green'"],
    ]
    assert ctx.warnings == [], "what the task makes itself is no surprise to it"


@pytest.mark.parametrize("check_mode", [False, True])
def test_nothing_is_written_when_one_option_cannot_be_right(
    platform: Workshop, make_context: MakeContext, check_mode: bool
) -> None:
    with pytest.raises(InvalidOptionError, match=r"Lamp 'floor' of kitchen: Option watts .*1000"):
        reconcile_all(make_context(check_mode=check_mode), room(watts=1000), 4)
    assert platform.calls == []


def test_nothing_is_written_when_a_name_is_that_of_nothing(platform: Workshop, make_context: MakeContext) -> None:
    """A single task would assume that an earlier one creates the resource. A composition knows what it creates."""
    with pytest.raises(NotFoundError, match="no group 'attic'"):
        reconcile_all(make_context(), room(group="attic"), 4)
    with pytest.raises(NotFoundError, match="no room 'attic'"):
        reconcile_all(make_context(), room(room="attic"), 4)
    with pytest.raises(NotFoundError, match="no group 'attic'"):
        reconcile_all(make_context(check_mode=True), room(group="attic"), 4)
    assert actions(platform) == []


def test_nothing_is_written_when_something_cannot_change(platform: Workshop, make_context: MakeContext) -> None:
    platform.put(lamp_name="floor", fitting="E14")
    with pytest.raises(ImmutableDifferenceError, match="fitting") as failed:
        reconcile_all(make_context(), room(), 4)
    assert actions(platform) == []
    told = failed.value.as_dict()
    assert (told["code"], told["subject"]) == ("ImmutableDifference", "lamp 'floor' of kitchen")
    assert told["differences"] == {"fitting": {"current": "E14", "desired": "E27"}}


@pytest.mark.parametrize("width", [1, 4])
def test_after_a_failure_nothing_is_begun_and_the_next_run_goes_on(
    platform: Workshop, make_context: MakeContext, width: int
) -> None:
    platform.faults["CreateShade"] = [Fault(rejection("CreateShade", "no shades today"))]
    ctx = make_context()
    nodes = [*room(), ResourceNode(Lamp, {**DESIRED, "name": "late"})]
    nodes[3].after.append(nodes[2])
    with pytest.raises(BusinessError, match="no shades today"):
        reconcile_all(ctx, nodes, width)
    assert ctx.activity == "create shade 'green'"
    assert sorted(ctx.completed) == ["create lamp 'desk'", "create lamp 'floor'"]
    assert ctx.remaining == ["create shade 'green'", "create lamp 'late'"]

    # Several that could begin at once wait for a thread, and none of them does after the failure.
    platform.faults["CreateLamp"] = [Fault(rejection("CreateLamp", "no lamps today"))]
    with pytest.raises(BusinessError, match="no lamps today"):
        reconcile_all(make_context(), [ResourceNode(Lamp, {**DESIRED, "name": name}) for name in ("a", "b", "c")], 1)
    assert len(platform.lamps) == 2

    rest = room()
    reconcile_all(make_context(), rest, width)
    assert [node.changed for node in rest] == [False, False, True]
    assert len(platform.lamps) == 2


def test_a_warning_names_what_the_task_is_about_once(make_context: MakeContext) -> None:
    ctx = make_context()
    ctx.subject = "lamp 'desk'"
    for text in ("Nothing was compared.", "Lamp 'desk' is dim."):
        ctx.warn(text)
    assert ctx.warning_texts() == ["Lamp 'desk': Nothing was compared.", "Lamp 'desk' is dim."]


def test_every_change_that_fails_is_told_of(
    platform: Workshop, make_context: MakeContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two lamps burn out at once: neither is done, and each has its own error."""
    platform.put(lamp_name="hall")
    hall = ResourceNode(SlowLamp, {**DESIRED, "name": "hall", "watts": 60})
    lamps = [ResourceNode(SlowLamp, {**DESIRED, "name": name}, [hall]) for name in ("desk", "floor")]
    nodes = [hall, *lamps, ResourceNode(Lamp, {**DESIRED, "name": "late"}, lamps)]
    both, create = threading.Barrier(2, timeout=PATIENCE), platform._CreateLamp

    def burn_out(parameters: dict[str, Any]) -> Any:
        both.wait()
        response = create(parameters)
        platform.lamps[int(response["lamp_id"])]["status"] = "broken"
        return response

    monkeypatch.setattr(platform, "_CreateLamp", burn_out)
    ctx = make_context()
    with pytest.raises(FailedStateError) as failed:
        reconcile_all(ctx, nodes, 4)
    assert [str(node.failure) for node in nodes] == ["None", "lamp is broken", "lamp is broken", "None"]
    message = ctx.failure_message(failed.value)
    assert "Done before that: update lamp 'hall'." in message
    assert "Begun, but not completed: create lamp 'desk', create lamp 'floor'." in message
    assert "Not done: create lamp 'late'." in message
    assert ctx.may_have_written


def test_what_is_missing_is_a_fact_too(platform: Workshop, make_context: MakeContext) -> None:
    nodes = room()
    nodes[1].options = {name: value for name, value in nodes[1].options.items() if name not in ("fitting", "watts")}
    with pytest.raises(InvalidOptionError) as failed:
        reconcile_all(make_context(), nodes, 4)
    assert failed.value.data == {"missing": ["fitting", "watts"], "subject": "lamp 'floor' of kitchen"}
    assert failed.value.message.startswith("Lamp 'floor' of kitchen: To create lamp 'floor', give also")


def test_what_is_there_but_not_ready_is_waited_for(platform: Workshop, make_context: MakeContext) -> None:
    platform.put(status="warming up")
    looks = []

    def lit(seconds: float) -> None:
        looks.append(seconds)
        platform.lamps[101]["status"] = "on"

    ctx = make_context(wait_timeout=60)
    ctx.sleep = lit
    node = ResourceNode(SlowLamp, DESIRED)
    reconcile_all(ctx, [node], 1)
    assert not node.changed
    assert node.state is not None
    assert node.state["status"] == "on"
    assert looks


def test_the_deadline_is_one_for_all(platform: Workshop, make_context: MakeContext) -> None:
    ctx = make_context(wait_timeout=60)
    nodes = room()
    nodes[1].options = {**nodes[1].options, "wait_timeout": 5}
    reconcile_all(ctx, nodes, 1)
    deadlines = [node.ctx.deadline for node in nodes if node.ctx]
    assert ctx.deadline is not None
    assert deadlines == [ctx.deadline, ctx.deadline - 55, ctx.deadline]


def test_a_listing_is_read_once_for_all_that_is_previewed(platform: Workshop, make_context: MakeContext) -> None:
    desk = platform.put()
    platform.shades = [{"name": name, "lamp_id": desk} for name in ("green", "red", "blue")]
    lamp = ResourceNode(Lamp, DESIRED)
    shades = [ResourceNode(Shade, {"name": name, "lamp": lamp}) for name in ("green", "red", "blue")]
    reconcile_all(make_context(), [lamp, *shades], 1)
    assert [action for action, _dummy in platform.calls].count("ListShades") == 1


def test_independent_things_are_worked_on_side_by_side(platform: Workshop, make_context: MakeContext) -> None:
    together = threading.Barrier(2)

    class Meeting(Lamp):
        def find(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State | None:
            together.wait(PATIENCE)
            return super().find(ctx, scope, given)

    # Previewed together, made together, looked at together: alone, each would wait for the other in vain.
    reconcile_all(make_context(), [ResourceNode(Meeting, {**DESIRED, "name": name}) for name in ("desk", "floor")], 2)
    assert len(platform.lamps) == 2


def test_what_needs_each_other_is_an_error(platform: Workshop, make_context: MakeContext) -> None:
    nodes = room()
    nodes[0].after.append(nodes[2])
    with pytest.raises(ValueError, match=r"depend on each other.*: lamp 'desk' of kitchen, shade 'green'"):
        reconcile_all(make_context(), nodes, 4)
    with pytest.raises(ValueError, match="not in the description"):
        reconcile_all(make_context(), room()[1:], 4)
    assert platform.calls == []


def test_an_interrupted_task_begins_nothing_and_waits_for_nothing(
    platform: Workshop, make_context: MakeContext
) -> None:
    """A signal reaches the main thread while other threads wait for calls."""
    held, released = threading.Event(), threading.Event()
    # A process that a shell has put into the background ignores it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)

    class Held(Lamp):
        def find(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State | None:
            held.set()
            assert released.wait(PATIENCE)
            return super().find(ctx, scope, given)

    def ring() -> None:
        assert held.wait(PATIENCE)
        os.kill(os.getpid(), signal.SIGINT)

    ringer = threading.Thread(target=ring)
    ringer.start()
    nodes = [ResourceNode(Held, {**DESIRED, "name": name}) for name in ("desk", "floor", "late")]
    try:
        with pytest.raises(KeyboardInterrupt):
            reconcile_all(make_context(), nodes, 1)
    finally:
        signal.signal(signal.SIGINT, before)
    ringer.join()
    running = [thread for thread in threading.enumerate() if thread.daemon and "_serve" in thread.name]
    released.set()
    for thread in running:
        thread.join(PATIENCE)
    assert [action for action, _dummy in platform.calls] == ["ListLamps"]


class Room(Composition):
    """A composition of two lamps and a shade."""

    name = "room"

    def options(self) -> dict[str, Any]:
        return {"watts": {"type": "int"}}

    def check(self, options: Mapping[str, Any]) -> None:
        """Accept everything."""

    def check_not_null(self, given: Mapping[str, Any]) -> None:
        """Accept everything, since no option refers to a resource."""

    def nodes(self, options: Mapping[str, Any]) -> list[ResourceNode]:
        return room(watts=options["watts"])

    def surplus_nodes(self, ctx: RunContext, nodes: Sequence[ResourceNode]) -> list[ResourceNode]:
        return []

    def arrange(self, ctx: RunContext, nodes: Sequence[ResourceNode]) -> None:
        """Accept any order."""

    def to_result(self, nodes: Sequence[ResourceNode]) -> dict[str, Any]:
        return {"room": [node.resource.to_result(node.state) for node in nodes]}

    def pending(self, ctx: RunContext, nodes: Sequence[ResourceNode]) -> dict[str, Any]:
        return {"pending": [node.label for node in nodes if node.has_work()]}


def composed(ctx: RunContext) -> dict[str, Any]:
    """Return the result of a run of the room module."""
    return compose(ctx, Room(), Room().nodes(ctx.options), True)


def test_one_diff_for_everything_the_same_in_check_mode(platform: Workshop, make_context: MakeContext) -> None:
    options = {"watts": 40, "parallelism": 4}
    foretold = composed(make_context(options, True))
    done = composed(make_context(options))
    assert foretold["diff"] == done["diff"]
    assert foretold["steps"] == ["create lamp 'desk'", "create lamp 'floor'", "create shade 'green'"]
    assert sorted(done["steps"]) == sorted(foretold["steps"])
    # A lamp belongs to nothing that others are in, so its label does not stand in that of a shade.
    resources = ["lamp 'desk' of kitchen", "lamp 'floor' of kitchen", "shade 'green'"]
    assert sorted(one["resource"] for one in done["diff"]) == resources
    assert {one["before_header"] == one["after_header"] for one in done["diff"]} == {True}
    changed = composed(make_context({**options, "watts": 60}))
    assert changed["steps"] == ["update lamp 'floor'"]
    (diff,) = changed["diff"]
    assert diff["resource"] == "lamp 'floor' of kitchen"
    assert [line for line in diff["after"].splitlines() if line not in diff["before"]] == ["watts: 60"]
    repeated = composed(make_context({**options, "watts": 60}))
    assert (repeated["changed"], repeated["steps"]) == (False, [])
    assert repeated["diff"] == []


@pytest.mark.parametrize("width", [1, 4])
def test_one_error_hides_neither_another_nor_a_difference(
    platform: Workshop, make_context: MakeContext, width: int
) -> None:
    """The preview goes on without what cannot be changed, and past a node that fails."""
    platform.put(lamp_name="desk", fitting="E14", watts=5)
    platform.put(lamp_name="floor", fitting="E14")
    lost = ResourceNode(Lamp, {**DESIRED, "name": "lost", "group": "attic"})
    nodes = [lost, *room(), ResourceNode(Shade, {"name": "blue", "lamp": lost, "beside": lost})]
    ctx = make_context()
    with pytest.raises(NotFoundError) as failed:
        reconcile_all(ctx, nodes, width)
    assert actions(platform) == []
    assert [[error["code"] for error in node.errors] for node in nodes] == [
        ["NotFound"],
        ["ImmutableDifference"],
        ["ImmutableDifference"],
        [],
        [],
    ]
    assert nodes[1].differing_options == ["fitting", "watts"]
    assert [node.remaining for node in nodes[1:4]] == [["update lamp 'desk'"], [], ["create shade 'green'"]]
    assert nodes[4].preview is None
    message = ctx.failure_message(failed.value)
    assert [message.count(words) for words in ("Lamp 'desk'", "Lamp 'floor'", "no group 'attic'")] == [1, 1, 1]
    assert "Not done" not in message


def test_a_service_that_does_not_respond_fails_once(platform: Workshop, make_context: MakeContext) -> None:
    silence = ResponseLostError("no response", action="ListLamps", code="ResponseLost.ReadTimeout")
    platform.faults["ListLamps"] = [Fault(silence) for _number in range(8)]
    nodes = room()
    with pytest.raises(ResponseLostError):
        reconcile_all(make_context(), nodes, 4)
    assert sum(len(node.errors) for node in nodes) == 1
