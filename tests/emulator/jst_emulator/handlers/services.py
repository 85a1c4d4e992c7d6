# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Kubernetes services (reference 3.2)."""

from __future__ import annotations

from typing import Any

from jst_emulator.handlers.checks import check_new_name, check_port, first_duplicate, require_nonblank
from jst_emulator.handlers.lookup import app_of, environment_of, get_or_raise, matches_name
from jst_emulator.models.apps import PortMapping, Service
from jst_emulator.registry import AlreadyExistsError, BusinessError, InvalidStateError, Params, operation
from jst_emulator.world import World

#: The range of node ports in Kubernetes.
NODE_PORTS = range(30000, 32768)


@operation("CreateService")
def create_service(world: World, p: Params) -> dict[str, Any]:
    """Create a service; its Kubernetes name is unique in the environment."""
    environment = environment_of(world, p)
    require_nonblank(p, "Name", "K8sServiceId")
    for other in world.services.values():
        if other.env_id == environment.env_id and other.k8s_service_id == p["K8sServiceId"]:
            raise AlreadyExistsError(f"Environment {environment.env_id} has a service {p['K8sServiceId']} already.")
    names = (one.name for one in world.services.values() if one.env_id == environment.env_id)
    check_new_name(world, "Service", p["Name"], names)
    if p.get("Headless") and p["ServiceType"] != "ClusterIP":
        raise BusinessError("Headless only applies to services of type ClusterIP.")
    service = Service(
        env_id=environment.env_id,
        name=p["Name"],
        service_type=p["ServiceType"],
        k8s_service_id=p["K8sServiceId"],
        headless=bool(p.get("Headless")),
    )
    service.port_mappings = _port_mappings(world, service, p.get("PortMappings", []))
    return {"ServiceId": world.add(service).service_id}


@operation("ModifyService")
def modify_service(world: World, p: Params) -> None:
    """Update the name or the port mappings; mappings in the request replace all present ones."""
    service = _find(world, p)
    require_nonblank(p, "Name")
    if p.get("PortMappings"):
        mappings = _named(service, p["PortMappings"])
        if world.settings.readings.port_mappings_on_update == "added":
            mappings = _added(service, mappings)
        service.port_mappings = _port_mappings(world, service, mappings)
    service.name = p.get("Name", service.name)


@operation("DeleteService")
def delete_service(world: World, p: Params) -> None:
    """Delete a service."""
    world.remove(_find(world, p))


@operation("ListServices")
def list_services(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the services of an app that match the filters."""
    app = app_of(world, p)
    if "EnvId" in p:
        environment_of(world, p)
    shown = [_to_response(world, one) for one in world.services.values() if _app_id(world, one) == app.app_id]
    filters = {name: p[name] for name in ("EnvId", "ServiceType") if p.get(name)}
    named = [one for one in shown if matches_name(world, p, "Name", one["Name"])]
    return [one for one in named if all(one[name] == value for name, value in filters.items())]


@operation("DescribeServiceDetail")
def describe_service(world: World, p: Params) -> dict[str, Any]:
    """Return a service."""
    return _to_response(world, _find(world, p))


def _find(world: World, p: Params) -> Service:
    return get_or_raise(world.services, p["ServiceId"], "Service")


def _named(service: Service, sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the sent mappings; a mapping without a name gets the name of the present one with its port.

    Only CreateService requires names (reference 3.2.1, 3.2.5).
    """
    names: dict[tuple[Any, Any], str] = {(one.port, one.protocol): one.name for one in service.port_mappings}
    only = service.port_mappings[0].name if len(service.port_mappings) == len(sent) == 1 else ""
    return [
        entry if entry.get("Name") else {**entry, "Name": names.get((entry.get("Port"), entry.get("Protocol")), only)}
        for entry in sent
    ]


def _added(service: Service, sent: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the present mappings with the sent ones: in the place of those with the same name, or at the end."""
    present = {one["Name"]: one for one in _mappings_to_response(service)}
    return list({**present, **{one.get("Name"): one for one in sent}}.values())


def _port_mappings(world: World, service: Service, sent: list[dict[str, Any]]) -> list[PortMapping]:
    if not sent:
        raise BusinessError("At least one port mapping is needed.")
    mappings = [_port_mapping(service, number, entry) for number, entry in enumerate(sent, start=1)]
    name = first_duplicate(one.name for one in mappings)
    if name is not None:
        raise BusinessError(f"The port name {name} is there twice.")
    offered = first_duplicate((one.port, one.protocol) for one in mappings)
    if offered is not None:
        raise BusinessError(f"Port {offered[0]} {offered[1]} is there twice.")
    if service.service_type == "NodePort":
        _give_node_ports(world, service, mappings)
    return mappings


def _port_mapping(service: Service, number: int, entry: dict[str, Any]) -> PortMapping:
    for member in ("Name", "Protocol", "Port", "TargetPort"):
        if member not in entry or not str(entry[member]).strip():
            raise BusinessError(f"PortMappings.{number}.{member} is missing.")
    check_port(entry, "Port")
    node_port = entry.get("NodePort") or None
    if node_port is not None and service.service_type != "NodePort":
        raise BusinessError("NodePort only applies to services of type NodePort.")
    if node_port is not None and node_port not in NODE_PORTS:
        raise BusinessError(f"NodePort {node_port} is not between {NODE_PORTS[0]} and {NODE_PORTS[-1]}.")
    return PortMapping(
        name=entry["Name"],
        protocol=entry["Protocol"],
        port=entry["Port"],
        target_port=entry["TargetPort"],
        node_port=node_port,
    )


def _give_node_ports(world: World, service: Service, mappings: list[PortMapping]) -> None:
    """Keep the node ports of unchanged ports, assign free ones to the others, and reject those in use elsewhere."""
    taken = {one.node_port for other in world.services.values() if other is not service for one in other.port_mappings}
    present = {one.name: one.node_port for one in service.port_mappings}
    wanted = [one.node_port for one in mappings if one.node_port is not None]
    clash = first_duplicate([*wanted, *(taken & set(wanted))])
    if clash is not None:
        raise InvalidStateError(f"NodePort {clash} is in use already.")
    taken.update(wanted)
    for mapping in mappings:
        if mapping.node_port is None:
            candidates = [present.get(mapping.name), *NODE_PORTS]
            free = next((one for one in candidates if one is not None and one not in taken), None)
            if free is None:
                raise InvalidStateError("No node port is free.")
            mapping.node_port = free
            taken.add(free)


def _app_id(world: World, service: Service) -> int:
    return world.environments[service.env_id].app_id


def _cluster_ip(world: World, service: Service) -> str | None:
    """Return the address inside the cluster, which only the vendor's SDK documents; a headless service has None."""
    if world.settings.readings.sdk_fields == "hidden":
        return None
    if service.headless:
        return "None"
    high, low = divmod(service.service_id, 250)
    return f"172.21.{high % 250}.{low + 1}"


def _to_response(world: World, service: Service) -> dict[str, Any]:
    return {
        "AppId": _app_id(world, service),
        "EnvId": service.env_id,
        "Headless": service.headless if service.service_type == "ClusterIP" else None,
        "K8sServiceId": service.k8s_service_id,
        "Name": service.name,
        "ServiceId": service.service_id,
        "ServiceType": service.service_type,
        "ClusterIP": _cluster_ip(world, service),
        "PortMappings": _mappings_to_response(service),
    }


def _mappings_to_response(service: Service) -> list[dict[str, Any]]:
    return [
        {
            "Name": one.name,
            "NodePort": one.node_port,
            "Port": one.port,
            "Protocol": one.protocol,
            "TargetPort": one.target_port,
        }
        for one in service.port_mappings
    ]
