# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Applications (reference 1.1)."""

from __future__ import annotations

from typing import Any

from jst_emulator.handlers.checks import require_nonblank
from jst_emulator.handlers.environments import remove_environment
from jst_emulator.handlers.lookup import app_of, get_or_raise, group_of
from jst_emulator.models.apps import CRON_JOB, DAEMON_SET, STATEFUL, STATELESS, App, GroupMember, UserRole
from jst_emulator.registry import AlreadyExistsError, BusinessError, InvalidStateError, Params, operation
from jst_emulator.world import World

#: The reference documents the first two words only; the others are assumed.
STATE_WORD = {STATELESS: "stateless", STATEFUL: "stateful", DAEMON_SET: "daemonset", CRON_JOB: "cronjob"}


@operation("CreateApp")
def create_app(world: World, p: Params) -> dict[str, Any]:
    """Create an app; its title must be unique."""
    require_nonblank(p, "Title")
    if any(app.title == p["Title"] for app in world.apps.values()):
        raise AlreadyExistsError(f"An app with the title {p['Title']} exists already.")
    roles = _user_roles(world, p.get("UserRoles", []))
    if not roles:
        raise BusinessError("At least one user role is needed.")
    group = group_of(world, p["BizCode"], p["GroupName"]) if p.get("GroupName") else None
    app = world.add(
        App(
            title=p["Title"],
            biz_code=p["BizCode"],
            language=p["Language"],
            operating_system=p["OperatingSystem"],
            service_type=p["ServiceType"],
            state_type=p.get("StateType", STATELESS),
            biz_title=p.get("BizTitle", ""),
            description=p.get("Description", ""),
            namespace=p.get("Namespace", ""),
            middle_ware_ids=list(p.get("MiddleWareIdList", [])),
            user_roles=roles,
        )
    )
    if group is not None:
        world.add(GroupMember(group_id=group.group_id, app_id=app.app_id))
    return {"AppId": app.app_id}


@operation("UpdateApp")
def update_app(world: World, p: Params) -> None:
    """Update an app; user roles in the request replace all present ones, unless a reading adds them."""
    app = app_of(world, p)
    readings = world.settings.readings
    roles = _user_roles(world, p.get("UserRoles", []))
    if roles and readings.user_roles_on_update == "added":
        roles = [*app.user_roles, *(one for one in roles if one not in app.user_roles)]
    if roles:
        app.user_roles = roles
    texts = {name: p[name] for name in ("BizTitle", "Description") if name in p}
    if readings.empty_texts_on_update == "kept":
        texts = {name: text for name, text in texts.items() if text}
    app.biz_title = texts.get("BizTitle", app.biz_title)
    app.description = texts.get("Description", app.description)
    app.language = p.get("Language", app.language)
    app.operating_system = p.get("OperatingSystem", app.operating_system)
    app.service_type = p.get("ServiceType", app.service_type)
    app.middle_ware_ids = list(p.get("MiddleWareIdList", app.middle_ware_ids))


@operation("DeleteAppDetail")
def delete_app(world: World, p: Params) -> None:
    """Delete an app; one with environments needs Force."""
    app = app_of(world, p)
    environments = [one for one in world.environments.values() if one.app_id == app.app_id]
    if environments and not p.get("Force"):
        raise InvalidStateError(
            f"App {app.app_id} still has {len(environments)} environments; delete them or use Force."
        )
    for environment in environments:
        remove_environment(world, environment)
    for config in [one for one in world.deploy_configs.values() if one.app_id == app.app_id]:
        world.remove(config)
    for member in [one for one in world.group_members.values() if one.app_id == app.app_id]:
        world.remove(member)
    world.remove(app)


@operation("ListApp")
def list_apps(world: World, _p: Params) -> list[dict[str, Any]]:
    """Return all apps, without their user roles."""
    return [{**_to_response(app), "MiddleWareList": _middle_ware(world, app)} for app in world.apps.values()]


@operation("DescribeAppDetail")
def describe_app(world: World, p: Params) -> dict[str, Any]:
    """Return an app with its user roles."""
    app = app_of(world, p)
    roles = [
        {
            "UserId": role.user_id,
            "UserType": role.user_type,
            "RealName": world.users[role.user_id].real_name,
            "RoleName": role.role_name,
        }
        for role in app.user_roles
    ]
    return {**_to_response(app), "UserRoles": roles, "MiddleWareInfoList": _middle_ware(world, app)}


def _middle_ware(world: World, app: App) -> list[dict[str, Any]] | None:
    """Return the middleware of an app, which only the vendor's SDK documents; the content of Name is assumed."""
    if world.settings.readings.sdk_fields == "hidden" or not app.middle_ware_ids:
        return None
    return [{"AppId": app.app_id, "Code": one, "Name": f"middleware-{one}"} for one in app.middle_ware_ids]


def _to_response(app: App) -> dict[str, Any]:
    return {
        "AppId": app.app_id,
        "Title": app.title,
        "Description": app.description,
        "Language": app.language,
        "OperatingSystem": app.operating_system,
        "BizName": app.biz_code,
        "BizTitle": app.biz_title,
        "ServiceType": app.service_type,
        "DeployType": "ContainerDeployment",
        "AppStateType": STATE_WORD[app.state_type],
    }


def _user_roles(world: World, sent: list[dict[str, Any]]) -> list[UserRole]:
    roles: list[UserRole] = []
    for number, entry in enumerate(sent, start=1):
        for member in ("UserId", "UserType", "RoleName"):
            if not entry.get(member):
                raise BusinessError(f"UserRoles.{number}.{member} is missing.")
        user = get_or_raise(world.users, entry["UserId"], "User")
        if user.user_type != entry["UserType"]:
            raise BusinessError(f"User {user.user_id} is of type {user.user_type}, not {entry['UserType']}.")
        role = UserRole(user_id=user.user_id, user_type=user.user_type, role_name=entry["RoleName"])
        if role not in roles:
            roles.append(role)
    return roles
