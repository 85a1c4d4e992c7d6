# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Apps of a world file, with their users, deploy configs, access points, services and groups."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import STATE_TYPE
from ansible_collections.jst.retailcloud.plugins.plugin_utils.account_reader import AccountReader
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_deploy_configs import record_configs
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_environments import record_environment
from ansible_collections.jst.retailcloud.plugins.plugin_utils.world_tables import World

Json = dict[str, Any]


def record_user(world: World, user: Mapping[str, Any]) -> None:
    """Record a user, also one that only the roles of an app name."""
    world.add(
        "users",
        user["user_id"],
        user_id=user["user_id"],
        user_type=user["user_type"],
        real_name=user["real_name"] or "",
    )


def record_app(world: World, reader: AccountReader, app: Json, clusters: Mapping[int, str]) -> None:
    """Record an app with everything that belongs to it.

    :param clusters: the ids of clusters by the ids of the environments that they are allocated to.
    """
    number = app["app_id"]
    for role in app["user_roles"] or ():
        record_user(world, role)
    world.add(
        "apps",
        number,
        app_id=number,
        title=app["title"],
        biz_code=app["biz_code"],
        language=app["language"],
        operating_system=app["operating_system"],
        service_type=app["service_type"],
        state_type=STATE_TYPE.serialize(app["state_type"]),
        biz_title=app["biz_title"] or "",
        description=app["description"] or "",
        middle_ware_ids=[one["code"] for one in app["middleware"] or () if one["code"] is not None],
        user_roles=[
            {name: role[name] for name in ("user_id", "user_type", "role_name")} for role in app["user_roles"] or ()
        ],
    )
    configs = record_configs(world, reader, app)
    for environment in reader.environments(app):
        record_environment(world, reader, environment, configs, clusters)
    for point in reader.access_points(app):
        _record_access_point(world, point)
    for service in reader.services(app):
        _record_service(world, service)


def _record_access_point(world: World, point: Json) -> None:
    world.add(
        "slbs",
        point["slb_id"],
        slb_id=point["slb_id"],
        network_mode=point["network_mode"],
        address=point["slb_ip"] or "",
    )
    certificate = point["ssl_cert_id"]
    if certificate:
        world.add("certificates", certificate, cert_id=certificate)
    world.add(
        "slb_access_points",
        point["slb_ap_id"],
        slb_ap_id=point["slb_ap_id"],
        env_id=point["environment_id"],
        name=point["name"],
        slb_id=point["slb_id"],
        listener_port=point["listener_port"],
        real_server_port=point["real_server_port"],
        protocol=point["protocol"],
        established_timeout=point["established_timeout"],
        sticky_session=None if point["sticky_session"] is None else int(point["sticky_session"]),
        cookie_timeout=point["cookie_timeout"],
        ssl_cert_id=certificate or None,
    )


def _record_service(world: World, service: Json) -> None:
    names = ("name", "protocol", "port", "target_port", "node_port")
    world.add(
        "services",
        service["service_id"],
        service_id=service["service_id"],
        env_id=service["environment_id"],
        name=service["name"],
        service_type=service["service_type"],
        k8s_service_id=service["k8s_service_id"],
        headless=bool(service["headless"]),
        port_mappings=[{name: port[name] for name in names} for port in service["port_mappings"] or ()],
    )


def record_group(world: World, group: Json, members: Sequence[Mapping[str, Any]]) -> None:
    """Record a group with its memberships, after the apps."""
    number = group["app_group_id"]
    world.add("groups", number, group_id=number, biz_code=group["biz_code"], name=group["name"])
    for member in members:
        app = int(member["app_id"])
        if world.is_known("apps", app):
            world.add("group_members", int(member["id"]), member_id=int(member["id"]), group_id=number, app_id=app)
