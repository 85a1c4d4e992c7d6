# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A fictional platform of lamps in rooms, a resource for the lamps, and a clock that advances on sleep."""

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

# The options of a lamp, with all that creation needs.
DESIRED: Mapping[str, Any] = {"room": "kitchen", "name": "desk", "fitting": "E27", "watts": 40}


@dataclass
class Clock:
    """Replaces the module ``time``."""

    now: float = 1000.0
    pauses: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.pauses.append(seconds)
        self.now += seconds


@dataclass
class Fault:
    """The failure of a call, before or after its execution."""

    error: Exception
    executed: bool = False


class Platform:
    """Holds lamps as responses show them, and replaces the client.

    :ivar hidden: members that responses omit.
    :ivar stale: how many more reads show the lamps as they were before the last write.
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
        """Return the writing calls in order."""
        return [
            (action, parameters) for action, parameters in self.calls if not action.startswith(("List", "Describe"))
        ]

    def put(self, **members: Any) -> int:
        """Add a lamp of somebody else, and return its id."""
        lamp_id = max(self.lamps, default=100) + 1
        usual = {"room_id": ROOM, "lamp_name": "desk", "fitting": "E27", "watts": 40, "kind": 0, "status": "on"}
        self.lamps[lamp_id] = {"lamp_id": lamp_id, **usual, **members}
        return lamp_id

    def call(
        self, action: str, params: Mapping[str, Any] | None = None, *, deadline: float | None = None
    ) -> ApiResponse:
        """Execute one operation."""
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
        """Check that an operation exists. It may have any parameters."""
        getattr(self, f"_{action}")

    def list_all(
        self,
        action: str,
        params: Mapping[str, Any] | None = None,
        *,
        deadline: float | None = None,
        thorough: bool = True,
    ) -> list[dict[str, Any]]:
        """Return all records of a list."""
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
        """Return the mapped records of a list, without those that map to ``None``."""
        return [made for made in map(make, self.list_all(action, params)) if made is not None]

    def _shown(self) -> dict[int, dict[str, Any]]:
        lamps = self._before if self.stale else self.lamps
        self.stale = max(0, self.stale - 1)
        return {
            lamp_id: {name: value for name, value in lamp.items() if name not in self.hidden}
            for lamp_id, lamp in lamps.items()
        }

    def _ListLamps(self, parameters: dict[str, Any]) -> Any:
        # The filter is a prefix, as some services have it: the caller has to filter again.
        return [lamp for lamp in self._shown().values() if lamp["lamp_name"].startswith(parameters.get("Name", ""))]

    def _DescribeLamp(self, parameters: dict[str, Any]) -> Any:
        lamps = self._shown()
        if parameters["LampId"] not in lamps:
            raise rejection("DescribeLamp", "no such lamp")
        return lamps[parameters["LampId"]]

    def _CreateLamp(self, parameters: dict[str, Any]) -> Any:
        if parameters["LampName"] in [lamp["lamp_name"] for lamp in self.lamps.values()]:
            raise rejection("CreateLamp", "the name is taken")
        self._before = {lamp_id: dict(lamp) for lamp_id, lamp in self.lamps.items()}
        return {"lamp_id": str(self.put(**_members(parameters)))}

    def _UpdateLamp(self, parameters: dict[str, Any]) -> Any:
        self._before = {lamp_id: dict(lamp) for lamp_id, lamp in self.lamps.items()}
        self.lamps[parameters["LampId"]].update(_members(parameters))
        return {}

    def _DeleteLamp(self, parameters: dict[str, Any]) -> Any:
        self._before = {lamp_id: dict(lamp) for lamp_id, lamp in self.lamps.items()}
        del self.lamps[parameters["LampId"]]
        return {}


def _members(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """Return the members of a lamp that the parameters of a writing call set."""
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
        # Responses hold numbers as text, and omit members without a value.
        members["owners"] = [{name.lower(): str(value) for name, value in owner.items()} for owner in members["owners"]]
    return members


def rejection(action: str, message: str) -> BusinessError:
    """Return the error of a rejected call."""
    return BusinessError(message, action=action, code="3", http_status=200)


class Lookup:
    """What an option can refer to, without a list of the service.

    :param identify: returns the id of the resource that a text names.
    """

    def __init__(self, identify: Callable[[RunContext, Any, Mapping[str, Any]], int]) -> None:
        self.resolve = identify

    def resolve_all(self, ctx: RunContext, wanted: Sequence[Any], namespace: Mapping[str, Any]) -> list[int]:
        """Resolve one name after another."""
        return [self.resolve(ctx, one, namespace) for one in wanted]


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
    """A lamp that takes some time to light, or burns out."""

    supports_wait = True

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """Return the status until the lamp is on."""
        if state["status"] == "broken":
            raise FailedStateError("lamp is broken", state)
        return None if state["status"] == "on" else f"status {state['status']}"


MakeContext = Callable[..., RunContext]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """Return the clock of run contexts and waits."""
    made = Clock()
    monkeypatch.setattr(run_context_module, "time", made)
    monkeypatch.setattr(wait_module, "time", made)
    return made


@pytest.fixture
def platform() -> Platform:
    """Return a platform without lamps."""
    return Platform()


@pytest.fixture
def make_context(platform: Any, clock: Clock) -> MakeContext:
    """Return a function that makes a run context with the given options."""

    def make(options: Mapping[str, Any] | None = None, check_mode: bool = False, **more: Any) -> RunContext:
        return RunContext(platform, {**(options or {}), **more}, check_mode, clock.sleep)

    return make
