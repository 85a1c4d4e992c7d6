# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Resources with members: additions, removals, and concurrent changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from ansible_collections.jst.retailcloud.plugins.module_utils._api.errors import BusinessError, ResponseLostError
from ansible_collections.jst.retailcloud.plugins.module_utils._core.engine import Outcome, reconcile
from ansible_collections.jst.retailcloud.plugins.module_utils._core.errors import (
    ImmutableDifferenceError,
    InvalidOptionError,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.field_types import StringSet
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import (
    Field,
    ListOperation,
    OperationRef,
    State,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._core.membership import Membership
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from tests.unit.plugins.module_utils._core.conftest import Fault, MakeContext, Platform, rejection


class Society(Platform):
    """A platform of clubs and their guests."""

    def __init__(self) -> None:
        super().__init__()
        self.clubs: dict[str, set[str]] = {}

    def _ListClubs(self, parameters: dict[str, Any]) -> Any:
        return [{"club": name, "town": "Ulm"} for name in sorted(self.clubs)]

    def _ListGuests(self, parameters: dict[str, Any]) -> Any:
        return [{"guest": guest} for guest in sorted(self.clubs[parameters["Club"]], reverse=True)]

    def _Found(self, parameters: dict[str, Any]) -> Any:
        if parameters["Club"] in self.clubs:
            raise rejection("Found", "there is such a club")
        self.clubs[parameters["Club"]] = set()
        return {}

    def _Join(self, parameters: dict[str, Any]) -> Any:
        if parameters["Guest"] in self.clubs[parameters["Club"]]:
            raise rejection("Join", "is in already")
        self.clubs[parameters["Club"]].add(parameters["Guest"])
        return {}

    def _Leave(self, parameters: dict[str, Any]) -> Any:
        self.clubs[parameters["Club"]].remove(parameters["Guest"])
        return {}

    def _Close(self, parameters: dict[str, Any]) -> Any:
        del self.clubs[parameters["Club"]]
        return {}


class Club(Membership):
    """A club and its guests."""

    name = "club"
    plural = "clubs"
    label = "club"
    key = ("club",)
    fields = (
        Field("club", param="Club", required=True, immutable=True),
        Field("town", param="Town", immutable=True),
        Field("guests", StringSet()),
    )
    list_op = ListOperation("ListClubs")
    create_op = OperationRef("Found")
    delete_op = OperationRef("Close", {"Club": "club", "Force": "force"})
    members = "guests"
    purge = "purge"
    member_parameter = "Guest"
    add_op = OperationRef("Join", {"Club": "club"})
    remove_op = OperationRef("Leave", {"Club": "club"})
    own_update_ops = (add_op, remove_op)
    extra_options = {"purge": {"type": "bool", "default": False}, "force": {"type": "bool", "default": False}}

    def with_details(self, ctx: RunContext, scope: Mapping[str, Any], listed: State) -> State:
        """Return the club with its guests."""
        guests = ctx.client.list_all("ListGuests", {"Club": listed["club"]})
        return {**listed, "guests": StringSet().deserialize([guest["guest"] for guest in guests])}


Run = Callable[..., Outcome]


@pytest.fixture
def platform() -> Society:
    """Return a platform without clubs."""
    return Society()


@pytest.fixture
def run(make_context: MakeContext) -> Run:
    """Run the club module."""

    def reconciled(check_mode: bool = False, **options: Any) -> Outcome:
        return reconcile(make_context({"club": "Jazz", "purge": False, "force": False, **options}, check_mode), Club())

    return reconciled


def actions(platform: Society) -> list[str]:
    """Return the writing operations with their member."""
    return [" ".join([action, *parameters.get("Guest", "").split()]) for action, parameters in platform.writes]


def guests(outcome: Outcome) -> Any:
    """Return the guests of the club after a run."""
    return None if outcome.state is None else outcome.state["guests"]


def test_members_join_after_the_creation(platform: Society, run: Run) -> None:
    preview = run(True, guests=["Zoe", "Ada"])
    assert platform.writes == []
    outcome = run(guests=["Zoe", "Ada"])
    assert preview.plan == outcome.plan
    assert guests(preview) == guests(outcome) == ["Ada", "Zoe"]
    assert actions(platform) == ["Found", "Join Ada", "Join Zoe"]
    assert not run(guests=["Ada", "Zoe"]).changed
    assert not run().changed


def test_a_thing_without_members(platform: Society, run: Run) -> None:
    assert guests(run(True)) == guests(run()) == []
    assert not run(guests=[]).changed
    assert actions(platform) == ["Found"]


@pytest.mark.parametrize(
    ("options", "expected", "left"),
    [
        ({"guests": ["Ada", "Eve"]}, ["Join Eve"], ["Ada", "Eve", "Zoe"]),
        ({"guests": ["Ada", "Eve"], "purge": True}, ["Join Eve", "Leave Zoe"], ["Ada", "Eve"]),
        ({"guests": ["Ada"]}, [], ["Ada", "Zoe"]),
        ({"guests": ["Ada"], "purge": True}, ["Leave Zoe"], ["Ada"]),
        ({"guests": []}, [], ["Ada", "Zoe"]),
        ({"guests": [], "purge": True}, ["Leave Ada", "Leave Zoe"], []),
        ({"purge": True}, [], ["Ada", "Zoe"]),
    ],
)
def test_who_joins_and_who_leaves(
    options: Mapping[str, Any], expected: list[str], left: list[str], platform: Society, run: Run
) -> None:
    platform.clubs["Jazz"] = {"Ada", "Zoe"}
    preview = run(True, **options)
    outcome = run(**options)
    assert preview.plan == outcome.plan
    assert (preview.changed, outcome.changed) == (bool(expected), bool(expected))
    assert guests(preview) == guests(outcome) == left
    assert actions(platform) == expected
    assert not run(**options).changed


def test_only_members_can_change(platform: Society, run: Run) -> None:
    platform.clubs["Jazz"] = set()
    with pytest.raises(ImmutableDifferenceError, match=r"^Club 'Jazz' cannot be changed as asked: town is 'Ulm'"):
        run(town="Bonn", guests=["Ada"])
    assert platform.writes == []


@pytest.mark.parametrize("check_mode", [True, False])
def test_a_thing_with_members_is_only_deleted_by_force(check_mode: bool, platform: Society, run: Run) -> None:
    platform.clubs["Jazz"] = {"Ada", "Zoe"}
    with pytest.raises(InvalidOptionError, match=r"^Club 'Jazz' still has members: Ada, Zoe\.$"):
        run(check_mode, state="absent")
    assert platform.writes == []
    assert run(check_mode, state="absent", force=True).changed
    assert platform.writes == ([] if check_mode else [("Close", {"Club": "Jazz", "Force": True})])


def test_a_thing_without_members_is_deleted_without_force(platform: Society, run: Run) -> None:
    platform.clubs["Jazz"] = set()
    assert run(state="absent").changed
    assert platform.clubs == {}


# Concurrent changes


def test_somebody_else_made_it_at_the_same_moment(platform: Society, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def found(parameters: dict[str, Any]) -> Any:
        platform.clubs["Jazz"] = {"Zoe"}
        raise rejection("Found", "there is such a club")

    monkeypatch.setattr(platform, "_Found", found)
    outcome = run(guests=["Ada"])
    assert (outcome.changed, guests(outcome)) == (True, ["Ada", "Zoe"])
    assert actions(platform) == ["Found", "Join Ada"]


def test_somebody_else_let_one_of_them_in(platform: Society, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    platform.clubs["Jazz"] = set()
    join = platform._Join

    def crowded(parameters: dict[str, Any]) -> Any:
        platform.clubs["Jazz"].add("Ada")
        return join(parameters)

    monkeypatch.setattr(platform, "_Join", crowded)
    outcome = run(guests=["Ada", "Zoe"])
    assert (outcome.changed, guests(outcome)) == (True, ["Ada", "Zoe"])
    assert actions(platform) == ["Join Ada", "Join Zoe"]


def test_somebody_else_deleted_it_before_anybody_joined(
    platform: Society, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    platform.clubs["Jazz"] = set()
    join = platform._Join

    def closed(parameters: dict[str, Any]) -> Any:
        monkeypatch.setattr(platform, "_Join", join)
        del platform.clubs["Jazz"]
        raise rejection("Join", "there is no such club")

    monkeypatch.setattr(platform, "_Join", closed)
    outcome = run(guests=["Ada", "Zoe"])
    assert (outcome.changed, guests(outcome)) == (True, ["Ada", "Zoe"])
    assert actions(platform) == ["Join Ada", "Found", "Join Ada", "Join Zoe"]


def test_a_refused_creation_is_not_repeated(platform: Society, run: Run) -> None:
    platform.faults["Found"] = [Fault(rejection("Found", "the town has enough clubs"))]
    with pytest.raises(BusinessError, match=r"^the town has enough clubs$"):
        run(guests=["Ada"])
    assert actions(platform) == ["Found"]


def test_a_refusal_is_not_repeated(platform: Society, run: Run) -> None:
    platform.clubs["Jazz"] = {"Bob"}
    platform.faults["Join"] = [Fault(rejection("Join", "not in those shoes"))]
    with pytest.raises(BusinessError, match=r"^not in those shoes$"):
        run(guests=["Ada", "Zoe"])
    platform.faults["Close"] = [Fault(rejection("Close", "the show goes on"))]
    with pytest.raises(BusinessError, match=r"^the show goes on$"):
        run(state="absent", force=True)
    assert actions(platform) == ["Join Ada", "Close"]


@pytest.mark.parametrize("executed", [True, False])
def test_a_lost_answer_is_looked_after(executed: bool, platform: Society, run: Run) -> None:
    platform.clubs["Jazz"] = set()
    lost = ResponseLostError("no answer", action="Join", code="ResponseLost.ReadTimeout", unknown_outcome=True)
    platform.faults["Join"] = [Fault(lost, executed)]
    outcome = run(guests=["Ada", "Zoe"])
    assert (outcome.changed, guests(outcome)) == (True, ["Ada", "Zoe"])
    assert actions(platform) == ["Join Ada", *([] if executed else ["Join Ada"]), "Join Zoe"]
