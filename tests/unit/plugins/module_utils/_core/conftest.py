# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A made-up platform of lamps in rooms, a resource for the lamps, and a clock that moves when somebody sleeps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import BusinessError
from ansible_collections.jst.retailcloud.plugins.module_utils._api.responses import ApiResponse
from ansible_collections.jst.retailcloud.plugins.module_utils._core import run_context as run_context_module
from ansible_collections.jst.retailcloud.plugins.module_utils._core import wait as wait_module
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import FailedStateError, NotFoundError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.field_types import TEXT, Choice, Integer, Secret
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import (
    RESOURCE_ID,
    Field,
    ListOperation,
    OperationRef,
    Parent,
    State,
    computed,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.record_list import RecordList
from ansible_collections.jst.retailcloud.plugins.module_utils._core.resource import Resource
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext

ROOM = 7
GROUPS = {"hall": 71, "stairs": 72}

# A lamp as the options describe it, with all that creation needs.
WANTED: Mapping[str, Any] = {"room": "kitchen", "name": "desk", "fitting": "E27", "watts": 40}


@dataclass
class Clock:
    """Stands in for the module ``time``."""

    now: float = 1000.0
    pauses: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@dataclass
class Fault:
    """What goes wrong with a call, before it is carried out or after."""

    error: Exception
    executed: bool = False


class Platform:
    """Holds lamps as answers describe them, and takes the place of the client.

    :ivar hidden: members that answers leave out.
    :ivar stale: how many more reads still show the lamps as they were before the last write.
    """

    def __init__(self) -> None:
        self.lamps: dict[int, dict[str, Any]] = {}
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self.faults: dict[str, list[Fault | None]] = {}
        self.hidden: set[str] = set()
        self.stale = 0
        self._before: dict[int, dict[str, Any]] = {}

    @property
    def writes(self) -> list[tuple[str, dict[str, Any]]]:
        """The calls that change something, in their order."""
        return [
            (action, parameters) for action, parameters in self.calls if not action.startswith(("List", "Describe"))
        ]

    def put(self, **members: Any) -> int:
        """A lamp that somebody else made; gives its id."""
        identity = max(self.lamps, default=100) + 1
        usual = {"room_id": ROOM, "lamp_name": "desk", "fitting": "E27", "watts": 40, "kind": 0, "status": "on"}
        self.lamps[identity] = {"lamp_id": identity, **usual, **members}
        return identity

    def call(
        self, action: str, params: Mapping[str, Any] | None = None, *, deadline: float | None = None
    ) -> ApiResponse:
        """Carry out one operation."""
        parameters = {name: value for name, value in (params or {}).items() if value not in (None, [], {})}
        self.calls.append((action, parameters))
        fault = self.faults[action].pop(0) if self.faults.get(action) else None
        if fault is not None and not fault.executed:
            raise fault.error
        operation: Callable[[dict[str, Any]], Any] = getattr(self, f"_{action}")
        data = operation(parameters)
        if fault is not None:
            raise fault.error
        return ApiResponse(action, "R-1", data, None)

    def check(self, action: str, params: Mapping[str, Any] | None = None) -> None:
        """See that an operation exists; its parameters may be any."""
        getattr(self, f"_{action}")

    def list_all(
        self,
        action: str,
        params: Mapping[str, Any] | None = None,
        *,
        deadline: float | None = None,
        thorough: bool = True,
    ) -> list[dict[str, Any]]:
        """All records of a listing."""
        data = self.call(action, params).data
        assert isinstance(data, list)
        return data

    def list_mapped(
        self,
        action: str,
        params: Mapping[str, Any] | None,
        make: Callable[[dict[str, Any]], Any],
        *,
        deadline: float | None = None,
        thorough: bool = False,
    ) -> list[Any]:
        """What is wanted of the records of a listing."""
        return [made for made in map(make, self.list_all(action, params)) if made is not None]

    def _shown(self) -> dict[int, dict[str, Any]]:
        lamps = self._before if self.stale else self.lamps
        self.stale = max(0, self.stale - 1)
        return {
            identity: {name: value for name, value in lamp.items() if name not in self.hidden}
            for identity, lamp in lamps.items()
        }

    def _ListLamps(self, parameters: dict[str, Any]) -> Any:
        # The filter is a prefix, as a service may have it: whoever asks has to look again.
        return [lamp for lamp in self._shown().values() if lamp["lamp_name"].startswith(parameters.get("Name", ""))]

    def _DescribeLamp(self, parameters: dict[str, Any]) -> Any:
        lamps = self._shown()
        if parameters["LampId"] not in lamps:
            raise refusal("DescribeLamp", "no such lamp")
        return lamps[parameters["LampId"]]

    def _CreateLamp(self, parameters: dict[str, Any]) -> Any:
        if parameters["LampName"] in [lamp["lamp_name"] for lamp in self.lamps.values()]:
            raise refusal("CreateLamp", "the name is taken")
        self._before = {identity: dict(lamp) for identity, lamp in self.lamps.items()}
        return {"lamp_id": str(self.put(**_members(parameters)))}

    def _UpdateLamp(self, parameters: dict[str, Any]) -> Any:
        self._before = {identity: dict(lamp) for identity, lamp in self.lamps.items()}
        self.lamps[parameters["LampId"]].update(_members(parameters))
        return {}

    def _DeleteLamp(self, parameters: dict[str, Any]) -> Any:
        self._before = {identity: dict(lamp) for identity, lamp in self.lamps.items()}
        del self.lamps[parameters["LampId"]]
        return {}


def _members(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The members of a lamp that the parameters of a writing call set."""
    names = {
        "LampName": "lamp_name",
        "Fitting": "fitting",
        "Watts": "watts",
        "Colour": "colour",
        "Kind": "kind",
        "Dimmer": "dimmer",
        "GroupId": "group_id",
        "Owners": "owners",
    }
    members = {names[name]: value for name, value in parameters.items() if name in names}
    if "owners" in members:
        # Numbers come back as text, and members without a value not at all.
        members["owners"] = [{name.lower(): str(value) for name, value in owner.items()} for owner in members["owners"]]
    return members


def refusal(action: str, message: str) -> BusinessError:
    """The service's refusal of a call."""
    return BusinessError(message, action=action, code="3", http_status=200)


class Lookup:
    """What options can name, without a list of the service.

    :param identify: the id of what a text names.
    """

    def __init__(self, identify: Callable[[RunContext, Any, Mapping[str, Any]], int]) -> None:
        self.resolve = identify

    def resolve_all(self, ctx: RunContext, wanted: Sequence[Any], around: Mapping[str, Any]) -> list[int]:
        """One after the other."""
        return [self.resolve(ctx, one, around) for one in wanted]


def _room_id(ctx: RunContext, wanted: Any, scope: Mapping[str, Any]) -> int:
    if wanted != "kitchen":
        raise NotFoundError("room", wanted)
    return ROOM


def _group_id(ctx: RunContext, wanted: Any, scope: Mapping[str, Any]) -> int:
    if wanted not in GROUPS:
        raise NotFoundError("group", wanted)
    return GROUPS[wanted]


class NameOrId(Integer):
    """An id that the user may give as a name."""

    option_type = "str"


class Lamp(Resource):
    """One lamp."""

    name = "lamp"
    plural = "lamps"
    label = "lamp"
    id_field: str | None = "lamp_id"
    scope: tuple[Parent, ...] = (Parent("room", "room_id", Lookup(_room_id), response_names=("room", "room_id")),)
    key: tuple[str, ...] = ("name",)
    fields: tuple[Field, ...] = (
        Field("lamp_id", RESOURCE_ID),
        Field("name", param="LampName", response_path="lamp_name", required=True, immutable=True),
        Field("fitting", Choice(("E14", "E27")), "Fitting", required=True, immutable=True),
        Field("kind", Choice({"plain": 0, "dimmable": 1}), "Kind", immutable=True, default="plain"),
        Field("watts", Integer(1, 100), "Watts", required=True),
        Field("colour", param="Colour"),
        Field("dimmer", Integer(0, 100), "Dimmer", only_when=("kind", ("dimmable",))),
        Field(
            "owners",
            RecordList((("user", "User", TEXT), ("share", "Share", Integer())), ("user",), ("user",)),
            "Owners",
            always_send=True,
        ),
        Field("pin", Secret(), "Pin", response_path=""),
        Field("group_id", NameOrId(), "GroupId", option="group", refers_to=Lookup(_group_id)),
        computed("status"),
    )
    list_op = ListOperation("ListLamps", {"RoomId": "room_id"}, {"Name": "name"})
    describe_op: OperationRef | None = OperationRef("DescribeLamp", {"LampId": "lamp_id"})
    create_op = OperationRef("CreateLamp", {"RoomId": "room_id"}, {"lamp_id": "lamp_id"})
    update_op: OperationRef | None = OperationRef("UpdateLamp", {"LampId": "lamp_id"})
    delete_op = OperationRef("DeleteLamp", {"LampId": "lamp_id", "Force": "force"})
    extra_options = {"force": {"type": "bool", "default": False}}


class SlowLamp(Lamp):
    """A lamp that takes a while to come on, or burns out."""

    supports_wait = True

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """Ready when it is on."""
        if state["status"] == "broken":
            raise FailedStateError("lamp is broken", state)
        return None if state["status"] == "on" else f"status {state['status']}"


MakeContext = Callable[..., RunContext]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of tasks and waits."""
    made = Clock()
    monkeypatch.setattr(run_context_module, "time", made)
    monkeypatch.setattr(wait_module, "time", made)
    return made


@pytest.fixture
def platform() -> Platform:
    """A platform without lamps."""
    return Platform()


@pytest.fixture
def make_context(platform: Any, clock: Clock) -> MakeContext:
    """Makes tasks with the given options on the platform."""

    def make(options: Mapping[str, Any] | None = None, check_mode: bool = False, **more: Any) -> RunContext:
        return RunContext(platform, {**(options or {}), **more}, check_mode, clock.sleep)

    return make
