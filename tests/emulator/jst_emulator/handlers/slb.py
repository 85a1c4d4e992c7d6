# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""SLB access points (reference 3.1)."""

from __future__ import annotations

from typing import Any

from jst_emulator.handlers.checks import check_new_name, check_port, require_nonblank
from jst_emulator.handlers.lookup import app_of, environment_of, get_or_raise, matches_name
from jst_emulator.models.apps import SlbAccessPoint
from jst_emulator.registry import AlreadyExistsError, BusinessError, Params, operation
from jst_emulator.world import World

#: Settings by parameter: the attribute, the protocols that have it, and its default.
_SETTINGS: dict[str, tuple[str, tuple[str, ...], int | None]] = {
    "EstablishedTimeout": ("established_timeout", ("TCP",), 900),
    "StickySession": ("sticky_session", ("HTTP", "HTTPS"), 0),
    "CookieTimeout": ("cookie_timeout", ("HTTP", "HTTPS"), None),
    "SslCertId": ("ssl_cert_id", ("HTTPS",), None),
}

#: The ids that the filter SlbId compares, by the readings of the reference.
_ID_NAMES = {"either": ("SlbId", "SlbAPId"), "load_balancer": ("SlbId",), "access_point": ("SlbAPId",)}


@operation("CreateSlbAP")
def create_slb_ap(world: World, p: Params) -> dict[str, Any]:
    """Expose an environment on a free port of a load balancer."""
    environment = environment_of(world, p)
    slb = get_or_raise(world.slbs, p["SlbId"], "SLB")
    require_nonblank(p, "Name")
    check_port(p, "ListenerPort", "RealServerPort")
    for other in world.slb_access_points.values():
        if other.slb_id == slb.slb_id and other.listener_port == p["ListenerPort"]:
            raise AlreadyExistsError(f"SLB {slb.slb_id} has a listener on port {other.listener_port} already.")
    names = (one.name for one in world.slb_access_points.values() if one.env_id == environment.env_id)
    check_new_name(world, "SLB access point", p["Name"], names)
    settings = _settings(world, p["Protocol"], p)
    access_point = SlbAccessPoint(
        env_id=environment.env_id,
        name=p["Name"],
        slb_id=slb.slb_id,
        listener_port=p["ListenerPort"],
        real_server_port=p["RealServerPort"],
        protocol=p["Protocol"],
    )
    for attribute, protocols, default in _SETTINGS.values():
        if p["Protocol"] in protocols:
            setattr(access_point, attribute, settings.get(attribute, default))
    return {"SlbAPId": world.add(access_point).slb_ap_id}


@operation("ModifySlbAP")
def modify_slb_ap(world: World, p: Params) -> None:
    """Update the settings that were sent; the protocol has to have them."""
    access_point = _find(world, p)
    require_nonblank(p, "Name")
    check_port(p, "RealServerPort")
    settings = _settings(world, access_point.protocol, p)
    access_point.name = p.get("Name", access_point.name)
    access_point.real_server_port = p.get("RealServerPort", access_point.real_server_port)
    for attribute, value in settings.items():
        setattr(access_point, attribute, value)


@operation("DeleteSlbAP")
def delete_slb_ap(world: World, p: Params) -> None:
    """Delete an access point."""
    world.remove(_find(world, p))


@operation("DescribeSlbAPDetail")
def describe_slb_ap(world: World, p: Params) -> dict[str, Any]:
    """Return an access point."""
    return _to_response(world, _find(world, p))


@operation("ListSlbAPs")
def list_slb_aps(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the access points of an app that match the filters."""
    app = app_of(world, p)
    if "EnvId" in p:
        environment_of(world, p)
    shown = [_to_response(world, one) for one in world.slb_access_points.values()]
    filters = {name: p[name] for name in ("EnvId", "NetworkMode") if p.get(name)}
    ids = _ID_NAMES[world.settings.readings.slb_filter]
    protocols = p.get("ProtocolList")
    return [
        one
        for one in shown
        if one["AppId"] == app.app_id
        and matches_name(world, p, "Name", one["Name"])
        and all(one[name] == value for name, value in filters.items())
        and (not p.get("SlbId") or p["SlbId"] in [str(one[name]) for name in ids])
        and (not protocols or one["Protocol"] in protocols)
    ]


def _find(world: World, p: Params) -> SlbAccessPoint:
    return get_or_raise(world.slb_access_points, p["SlbAPId"], "SLB access point")


def _settings(world: World, protocol: str, p: Params) -> dict[str, Any]:
    """Return the sent settings by attribute; a switch that is off suits every protocol and counts as not sent."""
    settings = {}
    for name, (attribute, protocols, _dummy) in _SETTINGS.items():
        if protocol in protocols and name in p:
            settings[attribute] = p[name]
        elif p.get(name):
            raise BusinessError(f"{name} does not apply to protocol {protocol}.")
    if settings.get("ssl_cert_id"):
        get_or_raise(world.certificates, settings["ssl_cert_id"], "Certificate")
    return settings


def _to_response(world: World, access_point: SlbAccessPoint) -> dict[str, Any]:
    slb = world.slbs[access_point.slb_id]
    return {
        "AppId": world.environments[access_point.env_id].app_id,
        "CookieTimeout": access_point.cookie_timeout,
        "EnvId": access_point.env_id,
        "EstablishedTimeout": access_point.established_timeout,
        "ListenerPort": access_point.listener_port,
        "Name": access_point.name,
        "NetworkMode": slb.network_mode,
        "Protocol": access_point.protocol,
        "RealServerPort": access_point.real_server_port,
        "SlbAPId": access_point.slb_ap_id,
        "SlbId": access_point.slb_id,
        "SlbIp": slb.address,
        "SslCertId": access_point.ssl_cert_id or None,
        "StickySession": access_point.sticky_session,
    }
