# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Which services and access points are changed before a release of their environment, and which after it.

An instance answers on the ports that its deploy config had when it was released. What sends requests to a port is
therefore changed after the release that opens the port, and before the one that closes it.
"""

from __future__ import annotations

from typing import Any, Collection, Iterable, Mapping, NamedTuple, Sequence

from .._core.fields import State
from .._core.graph import ResourceNode
from .._core.run_context import RunContext
from .._core.wording import capitalize_first
from .deploy_mark import parse_mark
from .deploy_order import DeployOrder
from .running_state import last_decided
from .service import Service
from .slb_ap import SlbAp
from .workload import open_ports

Ports = Collection[str]


class Rollover(NamedTuple):
    """The ports of one environment.

    :ivar before: the ports that the instances open now, ``None`` when they are unknown.
    :ivar after: those that they open after this run, ``None`` when they are unknown.
    :ivar order: the last release in words.
    """

    before: Ports | None
    after: Ports | None
    order: str


def rollover_of(rollout: ResourceNode) -> Rollover:
    """Return the ports of the environment of a release, by its preview."""
    plan = rollout.preview.plan if rollout.preview else None
    before = plan.before if plan is not None else None
    last = last_decided(before)
    mark = parse_mark(last) if last is not None else None
    running = mark.ports if mark is not None else None
    planned = running
    if plan is not None and plan.steps:
        planned = open_ports(before["config"] if before and "config" in before else (plan.after or {}).get("config"))
    return Rollover(running, planned, DeployOrder().describe(last) if last else "no release")


def target_ports(resource: Any, state: Mapping[str, Any] | None) -> list[str]:
    """Return the ports of instances that a service or an access point sends requests to."""
    if state is None:
        return []
    if isinstance(resource, SlbAp):
        ports: Iterable[Any] = [state.get("real_server_port")]
    else:
        ports = [mapping.get("target_port") for mapping in state.get("port_mappings") or ()]
    return [str(port) for port in ports if port is not None]


def closed(ports: Sequence[str], opened: Ports | None) -> list[str]:
    """Return the ports that instances are known not to open."""
    return [] if opened is None else [port for port in ports if port not in opened]


def arrange_traffic(ctx: RunContext, rollout: ResourceNode, routes: Iterable[ResourceNode]) -> None:
    """Order a release and the services and access points of its environment. Warn of requests that nobody answers.

    :param routes: the services and access points of the environment.
    """
    rollover = rollover_of(rollout)
    is_released = bool(rollout.selected and rollout.preview and rollout.preview.plan.steps)
    for node in routes:
        plan = node.preview.plan if node.preview else None
        if plan is None or not isinstance(node.resource, (Service, SlbAp)):
            continue
        old, new = target_ports(node.resource, plan.before), target_ports(node.resource, plan.after)
        leaves_port = bool(closed(old, rollover.after))
        is_open_before = rollover.before is not None and not closed(new, rollover.before)
        if plan.after is None or (leaves_port and is_open_before):
            rollout.after.append(node)
        else:
            node.after.append(rollout)
        for text in gaps(node, plan.after, is_released, rollover, old, new):
            ctx.warn(f"{capitalize_first(node.label)} {text}")


def gaps(
    node: ResourceNode,
    state: State | None,
    is_released: bool,
    rollover: Rollover,
    old: Sequence[str],
    new: Sequence[str],
) -> list[str]:
    """Return when nobody answers the requests of a service or access point, in words.

    :param state: its state after the run.
    """
    if state is None:
        return []
    unanswered = closed(new, rollover.after)
    if unanswered:
        return [
            f"sends requests to port {', '.join(unanswered)}, and the instances that {rollover.order} started open "
            f"{', '.join(sorted(rollover.after or ()))} alone. Release a deploy config that opens it."
        ]
    left = closed(old, rollover.after)
    if is_released and left and closed(new, rollover.before):
        return [
            f"sends requests to port {', '.join(left)} until the release has ended, which closes it, and to "
            f"{', '.join(new)} from then on. For a move without a gap, open both ports in a release before."
        ]
    return []
