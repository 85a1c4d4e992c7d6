# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Application groups (reference 1.6). Names may repeat; a name in a request means the oldest group of that name."""

from __future__ import annotations

from typing import Any

from jst_emulator.handlers.checks import check_new_name, require_nonblank
from jst_emulator.handlers.lookup import app_of, get_or_raise, group_of
from jst_emulator.models.apps import Group, GroupMember
from jst_emulator.registry import AlreadyExistsError, BusinessError, InvalidStateError, NotFoundError, Params, operation
from jst_emulator.world import World


@operation("CreateAppGroup")
def create_group(world: World, p: Params) -> dict[str, Any]:
    """Create a group in a business domain."""
    require_nonblank(p, "Name")
    names = (one.name for one in world.groups.values() if one.biz_code == p["BizCode"])
    check_new_name(world, "Group", p["Name"], names)
    group = world.add(Group(biz_code=p["BizCode"], name=p["Name"]))
    return {"AppGroupId": group.group_id}


@operation("ListAppGroup")
def list_groups(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the groups of a business domain."""
    return [
        {"BizName": group.biz_code, "Id": group.group_id, "Name": group.name}
        for group in world.groups.values()
        if group.biz_code == p["BizCode"]
    ]


@operation("BindGroup")
def bind_group(world: World, p: Params) -> None:
    """Add an app to a group of its business domain."""
    app, group = app_of(world, p), group_of(world, p["BizCode"], p["Name"])
    if app.biz_code != group.biz_code:
        raise BusinessError(
            f"App {app.app_id} is of business domain {app.biz_code}, group {group.name} of {group.biz_code}."
        )
    if _members(world, group, app.app_id):
        raise AlreadyExistsError(f"App {app.app_id} is in group {group.name} already.")
    world.add(GroupMember(group_id=group.group_id, app_id=app.app_id))


@operation("UnbindGroup")
def unbind_group(world: World, p: Params) -> None:
    """Remove an app from a group."""
    app, group = app_of(world, p), group_of(world, p["BizCode"], p["Name"])
    members = _members(world, group, app.app_id)
    if not members:
        raise NotFoundError(f"App {app.app_id} is not in group {group.name}.")
    for member in members:
        world.remove(member)


@operation("ListAppGroupMapping")
def list_group_members(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the apps of a group."""
    group = group_of(world, p["BizCode"], p["Name"])
    return [
        {"AppId": one.app_id, "GroupId": group.group_id, "Id": one.member_id, "Name": group.name}
        for one in _members(world, group)
    ]


@operation("DeleteAppGroup")
def delete_group(world: World, p: Params) -> None:
    """Delete a group; one with apps needs Force."""
    group = get_or_raise(world.groups, p["GroupId"], "Group")
    members = _members(world, group)
    if members and not p.get("Force"):
        raise InvalidStateError(f"Group {group.group_id} still has {len(members)} apps; unbind them or use Force.")
    for member in members:
        world.remove(member)
    world.remove(group)


def _members(world: World, group: Group, app_id: int | None = None) -> list[GroupMember]:
    return [
        one
        for one in world.group_members.values()
        if one.group_id == group.group_id and (app_id is None or one.app_id == app_id)
    ]
