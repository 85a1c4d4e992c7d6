# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Which services and access points are changed before a release of their environment, and which after it.

An instance answers on the ports that its deploy config had when it was released. What sends requests to a port is
therefore changed after the release that opens the port, and before the one that closes it. It is not moved to a port
that no instance opens: the run leaves it as it is until a release has opened the port.
"""

from __future__ import annotations

from typing import Any, Collection, Iterable, Mapping, NamedTuple

from .._core.graph import ResourceNode
from .._core.run_context import RunContext
from .._core.wording import capitalize_first
from .deploy_mark import parse_mark
from .deploy_order import DeployOrder
from .deployment import Deployment
from .running_state import last_decided
from .service import Service
from .slb_ap import SlbAp
from .workload import open_ports, port_text

Ports = Collection[str]


class Rollover(NamedTuple):
    """The ports of one environment.

    :ivar before: the ports that the instances open now, ``None`` when they are unknown.
    :ivar after: those that they open after this run, ``None`` when they are unknown.
    :ivar order: the release that opens the latter, in words.
    :ivar is_release: whether this run makes it.
    """

    before: Ports | None
    after: Ports | None
    order: str
    is_release: bool


def rollover_of(rollout: ResourceNode) -> Rollover:
    """Return the ports of the environment of a release, by its preview."""
    plan = rollout.preview.plan if rollout.preview else None
    before = plan.before if plan is not None else None
    last = last_decided(before)
    mark = parse_mark(last) if last is not None else None
    running = mark.ports if mark is not None else None
    actions = {step.action for step in plan.steps} if plan is not None else set()
    if Deployment().create_op.action in actions:
        # Before the environment exists, only the description shows the deploy config.
        config = before["config"] if before else rollout.ctx.options.get("config") if rollout.ctx else None
        return Rollover(running, open_ports(config), "the release of this run", True)
    return Rollover(running, running, DeployOrder().describe(last) if last else "no release", False)


def target_ports(resource: Any, state: Mapping[str, Any] | None) -> list[str]:
    """Return the ports of instances that a service or an access point sends requests to."""
    if state is None:
        return []
    if isinstance(resource, SlbAp):
        ports: Iterable[Any] = [(state.get("real_server_port"), state.get("protocol"))]
    else:
        mappings = state.get("port_mappings") or ()
        ports = [(mapping.get("target_port"), mapping.get("protocol")) for mapping in mappings]
    return [port_text(port, protocol) for port, protocol in ports if port is not None]


def closed(ports: Iterable[str], opened: Ports | None) -> list[str]:
    """Return the ports that instances are known not to open."""
    return [] if opened is None else [port for port in ports if port not in opened]


def arrange_traffic(ctx: RunContext, rollout: ResourceNode, routes: Iterable[ResourceNode]) -> None:
    """Order a release and the services and access points of its environment. Warn of requests that nobody answers.

    :param routes: the services and access points of the environment.
    """
    rollover = rollover_of(rollout)
    for node in routes:
        plan = node.preview.plan if node.preview else None
        if plan is None or not isinstance(node.resource, (Service, SlbAp)):
            continue
        old, new = target_ports(node.resource, plan.before), target_ports(node.resource, plan.after)
        unanswered = sorted(closed(new, rollover.after))
        left = closed(old, rollover.after)
        if plan.before is not None and plan.steps and set(unanswered) - {*old}:
            node.is_held_back = True
            # What it sends requests to now may be closed, too.
            unanswered = sorted({*unanswered, *left})
        is_open_before = rollover.before is not None and not closed(new, rollover.before)
        if plan.after is None or (left and is_open_before):
            rollout.after.append(node)
        else:
            node.after.append(rollout)
        if plan.after is not None and unanswered:
            message = closed_port_text(node, unanswered, rollover)
            node.remarks.append({"resource": node.label, "held_back": node.is_held_back, "message": message})
            advice = ", then run again" if node.is_held_back else ""
            ctx.warn(f"{capitalize_first(node.label)} {message}. Release a deploy config that opens it{advice}.")
        elif plan.after is not None and rollover.is_release and left and closed(new, rollover.before):
            ctx.warn(
                f"{capitalize_first(node.label)} sends requests to port {', '.join(left)} until the release has ended, "
                f"which closes it, and to {', '.join(new)} from then on. For a move without a gap, open both ports in "
                "a release before."
            )


def closed_port_text(node: ResourceNode, unanswered: Iterable[str], rollover: Rollover) -> str:
    """Return which requests of a service or access point no instance answers, in words."""
    verb = "starts" if rollover.is_release else "started"
    opened = ", ".join(sorted(rollover.after or ()))
    text = f"port {', '.join(unanswered)}, and the instances that {rollover.order} {verb} open {opened} alone"
    if node.is_held_back:
        return f"stays as it is: the description sends its requests to {text}"
    return f"sends requests to {text}"
