# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small world with four handlers, for tests of the gateway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jst_emulator.clock import VirtualClock
from jst_emulator.models.settings import Settings
from jst_emulator.registry import BusinessError
from jst_emulator.traffic import TrafficLog

KEY = ("key-id", "key-secret")
STS = ("STS.key-id", "sts-secret", "sts-token")
LATE = ("STS.late-id", "late-secret", "late-token")


@dataclass
class SmallWorld:
    """Apps by id, and the keys of the account."""

    clock: VirtualClock
    apps: dict[int, dict[str, Any]] = field(default_factory=dict)
    credentials: list[dict[str, Any]] = field(
        default_factory=lambda: [
            {"access_key_id": KEY[0], "access_key_secret": KEY[1], "active": True},
            {"access_key_id": "idle-id", "access_key_secret": "idle-secret", "active": False},
            {"access_key_id": "weak-id", "access_key_secret": "weak-secret", "active": True, "deny": ["CreateApp"]},
            {"access_key_id": STS[0], "access_key_secret": STS[1], "security_token": STS[2], "active": True},
            {
                "access_key_id": LATE[0],
                "access_key_secret": LATE[1],
                "security_token": LATE[2],
                "expires": "2020-01-01T00:00:00Z",
            },
        ]
    )
    advanced: int = 0
    settings: Settings = field(default_factory=Settings)
    traffic: TrafficLog = field(default_factory=TrafficLog)

    def advance(self) -> None:
        """Count the calls of this method."""
        self.advanced += 1

    def record_traffic(self) -> None:
        """Do nothing: no app has instances."""

    def snapshot(self) -> dict[str, Any]:
        """Return the apps."""
        return {"apps": list(self.apps.values())}


def load(spec: Any, clock: VirtualClock) -> SmallWorld:
    """Return a new small world with *spec* apps."""
    world = SmallWorld(clock)
    for _dummy in range(spec or 0):
        create_app(world, {"Title": "given"})
    return world


def create_app(world: SmallWorld, p: dict[str, Any]) -> dict[str, Any]:
    """Create an app; the title ``taken`` is rejected, the title ``broken`` breaks the handler."""
    if p["Title"] == "taken":
        raise BusinessError("The title is taken.", 17)
    if p["Title"] == "broken":
        raise KeyError("broken")
    app_id = len(world.apps) + 1
    world.apps[app_id] = {"AppId": app_id, "Title": p["Title"], "Description": p.get("Description")}
    return {"AppId": app_id}


def list_app(world: SmallWorld, p: dict[str, Any]) -> list[dict[str, Any]]:
    """Return all apps; paging parameters must not reach a handler."""
    assert not p
    return list(world.apps.values())


HANDLERS: dict[str, Callable[[Any, dict[str, Any]], Any]] = {
    "CreateApp": create_app,
    "ListApp": list_app,
    "DeleteAppDetail": lambda world, p: world.apps.pop(p["AppId"], None) and None,
    "CreateAccount": lambda world, p: None,
}
APP = {
    "BizCode": "JST",
    "Language": "Java",
    "OperatingSystem": "Linux",
    "ServiceType": "StoreApplication",
    "Title": "shop",
    "UserRoles.1.RoleName": "Owner",
    "UserRoles.1.UserId": "1001",
    "UserRoles.1.UserType": "TAOBAO",
}
