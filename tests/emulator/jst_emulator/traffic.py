# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Traffic: how many instances answer at the ports that SLB access points and services lead to.

An instance answers at the ports that the containers of its own release declare. Without any declaration it answers at
every port, since ``containerPort`` is informational in Kubernetes. A target port that is a name leads to the container
port of that name, so an instance without it refuses.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

from jst_emulator import releases, workload

if TYPE_CHECKING:
    from jst_emulator.world import World

ACCESS_POINT, SERVICE_PORT = "slb_access_point", "service_port"
#: The states of an endpoint: all running instances answer, some of them, none of them; there are none; it was deleted.
OPEN, PARTLY_OPEN, CLOSED, NO_INSTANCES, DELETED = "open", "partly_open", "closed", "no_instances", "deleted"


@dataclass(kw_only=True)
class Endpoint:
    """An SLB access point or a port of a service.

    Two are equal when the traffic is the same; names do not count.

    :ivar id: the id of the access point or the service.
    :ivar port: the port of the listener or the service.
    :ivar target_port: the number or the name of the port at the instances.
    :ivar answering: the running instances that answer there. An instance runs when its status is Normal.
    :ivar refusing: the running instances that do not.
    """

    kind: str
    id: int
    name: str = field(compare=False)
    env_id: int
    environment: str = field(compare=False)
    port: int
    port_name: str | None = field(default=None, compare=False)
    protocol: str
    target_port: int | str
    answering: int = 0
    refusing: int = 0
    state: str = NO_INSTANCES

    @property
    def key(self) -> tuple[str, int, int, str]:
        """The identity of the endpoint, whatever it leads to."""
        return self.kind, self.id, self.port, self.protocol

    def count(self, workloads: list[str]) -> None:
        """Count the running instances, given by their workload YAML."""
        self.answering = sum(answers(text, self.target_port, self.protocol) for text in workloads)
        self.refusing = len(workloads) - self.answering
        if not workloads:
            self.state = NO_INSTANCES
        elif self.answering:
            self.state = PARTLY_OPEN if self.refusing else OPEN
        else:
            self.state = CLOSED


@dataclass(kw_only=True)
class EndpointChange:
    """A change at an endpoint.

    :ivar time: virtual time, ``2020-01-05T17:03:09Z``.
    :ivar at: the same in epoch seconds.
    """

    seq: int
    time: str
    at: float
    endpoint: Endpoint

    def as_dict(self) -> dict[str, Any]:
        """Return the change for the control side."""
        return {"seq": self.seq, "time": self.time, "at": self.at, **asdict(self.endpoint)}


class TrafficLog:
    """All changes of the traffic, oldest first. A new endpoint is a change too."""

    def __init__(self) -> None:
        self._changes: list[EndpointChange] = []
        self._known: dict[tuple[str, int, int, str], Endpoint] = {}

    def record(self, world: World, at: float, env_id: int | None = None) -> None:
        """Compare the traffic with that of the last call, and log what changed at the virtual time *at*.

        :param env_id: the only environment where something can have changed.
        """
        now = {one.key: one for one in endpoints(world, env_id)}
        before = {key: one for key, one in self._known.items() if env_id in (None, one.env_id)}
        gone = [replace(one, answering=0, refusing=0, state=DELETED) for key, one in before.items() if key not in now]
        for one in (*gone, *(one for key, one in now.items() if before.get(key) != one)):
            self._changes.append(
                EndpointChange(seq=len(self._changes) + 1, time=world.clock.iso(at), at=at, endpoint=one)
            )
        for one in gone:
            del self._known[one.key]
        self._known.update(now)

    def since(self, seq: int = 0) -> list[dict[str, Any]]:
        """Return the changes with a number greater than *seq*, oldest first."""
        return [one.as_dict() for one in self._changes[seq:]]


def endpoints(world: World, env_id: int | None = None) -> list[Endpoint]:
    """Return the endpoints of an environment, or of all of them, with their present traffic."""
    found = list(_endpoints(world, env_id))
    running: dict[int, list[str]] = defaultdict(list)
    if found:
        for instance in world.instances.values():
            if instance.status == "Normal" and env_id in (None, instance.env_id):
                running[instance.env_id].append(releases.workload_of(world, instance))
    for one in found:
        one.count(running[one.env_id])
    return found


def answers(text: str, target: int | str, protocol: str) -> bool:
    """Return whether an instance with this workload YAML answers at a port, given by number or name."""
    ports = workload.ports(text)
    network = "UDP" if protocol == "UDP" else "TCP"
    if isinstance(target, str):
        return any(one.name == target and one.protocol == network for one in ports)
    return not ports or any(one.number == target and one.protocol == network for one in ports)


def _endpoints(world: World, env_id: int | None) -> Iterator[Endpoint]:
    for access_point in world.slb_access_points.values():
        if env_id in (None, access_point.env_id):
            yield Endpoint(
                kind=ACCESS_POINT,
                id=access_point.slb_ap_id,
                name=access_point.name,
                env_id=access_point.env_id,
                environment=world.environments[access_point.env_id].name,
                port=access_point.listener_port,
                protocol=access_point.protocol,
                target_port=access_point.real_server_port,
            )
    for service in world.services.values():
        for mapping in service.port_mappings if env_id in (None, service.env_id) else []:
            target = mapping.target_port
            yield Endpoint(
                kind=SERVICE_PORT,
                id=service.service_id,
                name=service.name,
                env_id=service.env_id,
                environment=world.environments[service.env_id].name,
                port=mapping.port,
                port_name=mapping.name,
                protocol=mapping.protocol,
                target_port=int(target) if target.isascii() and target.isdecimal() else target,
            )
