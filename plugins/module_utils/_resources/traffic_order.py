# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Which services and access points are changed before a release of their environment, and which after it.

An instance answers on the ports that its deploy config had when it was released. What sends requests to a port is
therefore changed after the release that opens the port, and before the one that closes it. It is not moved to a port
that instances do not open: the run leaves it as it is until a release has opened the port. After a release that did not
succeed, or that pauses, instances of several releases may run. A port is open when all of these open it.
"""

from __future__ import annotations

from typing import Any, Collection, Iterable, Mapping, NamedTuple, Sequence

from .._core.fields import State
from .._core.graph import ResourceNode
from .._core.run_context import RunContext
from .._core.wording import capitalize_first
from .deploy_mark import parse_mark
from .deploy_order import DeployOrder, is_decided
from .rollout import RolloutMemo
from .running_state import possibly_running
from .service import Service
from .slb_ap import SlbAp
from .workload import config_fingerprint, open_ports, port_text

Ports = Collection[str]

PAUSES = ("first", "each")
"""The pause types of releases that pause before they have replaced all instances."""


class Opened(NamedTuple):
    """The ports that the instances of one release open.

    :ivar instances: the instances in words.
    :ivar ports: the ports, ``None`` when they are unknown: the containers declare none, or nothing shows the release.
    :ivar is_shown: whether the release shows its deploy config.
    """

    instances: str
    ports: Ports | None
    is_shown: bool = True


class Rollover(NamedTuple):
    """The ports of one environment.

    :ivar before: the ports of each release that may have instances now.
    :ivar after: those of each release that may have instances after this run.
    :ivar is_release: whether this run waits for a release that replaces all instances.
    :ivar declares_ports: whether the containers of the deploy config declare ports, so that a release makes them known.
    """

    before: Sequence[Opened]
    after: Sequence[Opened]
    is_release: bool
    declares_ports: bool


def rollover_of(rollout: ResourceNode) -> Rollover:
    """Return the ports of the environment of a release, by its preview."""
    plan, ctx = rollout.preview.plan if rollout.preview else None, rollout.ctx
    if plan is None or ctx is None:
        return Rollover((), (), False, False)
    memo = ctx.memo(RolloutMemo)
    # Before the environment exists, only the description shows the deploy config.
    config = memo.found["config"] if memo.found else ctx.options.get("config")
    ports = open_ports(config)
    orders = memo.found["orders"] if memo.found else ()
    before = [opened_by(order, config) for order in possibly_running(orders)]
    # The order that the run creates, or waits for.
    order = None if memo.is_scaling else (plan.after or {}).get("order")
    if order is None:
        return Rollover(before, before, False, ports is not None)
    made = Opened("the instances that the release of this run starts", ports)
    is_paused = order.get("status") == "paused" or order.get("pause_type", ctx.options.get("pause_type")) in PAUSES
    if is_paused or not ctx.wait:
        return Rollover(before, [*before, made], False, ports is not None)
    return Rollover(before, [made], True, ports is not None)


def opened_by(order: State, config: State | None) -> Opened:
    """Return the ports that the instances of an order open.

    :param config: the deploy config as it is stored after the run. The default name of an order shows whether it
        released that one, and no ports.
    """
    # An order that did not succeed may have no instances.
    article = "the" if is_decided(order) and order["result"] == "succeeded" else "any"
    instances = f"{article} instances that {DeployOrder().describe(order)} started"
    mark = parse_mark(order)
    if mark is not None and (mark.ports is not None or mark.is_whole):
        return Opened(instances, mark.ports)
    if mark is not None and mark.config is not None and mark.config == config_fingerprint(config):
        return Opened(instances, open_ports(config))
    return Opened(instances, None, False)


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


def closed(ports: Iterable[str], opened: Iterable[Opened]) -> list[str]:
    """Return the ports that the instances of a release are known not to open."""
    known = [one.ports for one in opened if one.ports is not None]
    return [port for port in ports if any(port not in those for those in known)]


def arrange_traffic(ctx: RunContext, rollout: ResourceNode, routes: Iterable[ResourceNode]) -> None:
    """Order a release and the services and access points of its environment. Warn of requests that nobody answers.

    :param routes: the services and access points of the environment.
    """
    rollover = rollover_of(rollout)
    is_unknown = rollover.declares_ports and not all(one.is_shown for one in rollover.after)
    for node in routes:
        plan = node.preview.plan if node.preview else None
        if plan is None or not isinstance(node.resource, (Service, SlbAp)):
            continue
        old, new = target_ports(node.resource, plan.before), target_ports(node.resource, plan.after)
        unanswered = set(closed(new, rollover.after))
        left = closed(old, rollover.after)
        if plan.before is not None and plan.steps:
            moved = {*new} - {*old}
            unanswered |= moved if is_unknown else set()
            node.is_held_back = bool(unanswered & moved)
        if node.is_held_back:
            # What it sends requests to now may be closed, too.
            unanswered.update(left)
        is_open_before = bool(rollover.before) and all(
            one.ports is not None and not closed(new, [one]) for one in rollover.before
        )
        if plan.after is None or (left and is_open_before):
            rollout.after.append(node)
        else:
            node.after.append(rollout)
        if plan.after is not None and unanswered:
            message = closed_port_text(node, sorted(unanswered), rollover)
            node.remarks.append({"resource": node.label, "held_back": node.is_held_back, "message": message})
            ports, advice = ", ".join(sorted(unanswered)), ", then run again" if node.is_held_back else ""
            ctx.warn(f"{capitalize_first(node.label)} {message}. Release a deploy config that opens {ports}{advice}.")
        elif plan.after is not None and rollover.is_release and left and closed(new, rollover.before):
            ctx.warn(
                f"{capitalize_first(node.label)} sends requests to port {', '.join(left)} until the release has ended. "
                f"The release closes this port. After it, requests go to {', '.join(new)}. To avoid a gap, first "
                "release a deploy config that opens both ports."
            )
        elif plan.after is not None and not rollover.is_release and closed(old, rollover.before):
            closed_now = ", ".join(sorted(closed(old, rollover.before)))
            message = f"sends requests to port {closed_now} until it is moved. No running release opens this port"
            node.remarks_until_changed.append({"resource": node.label, "held_back": False, "message": message})


def closed_port_text(node: ResourceNode, unanswered: Sequence[str], rollover: Rollover) -> str:
    """Return which requests of a service or access point instances do not answer, in words."""
    opened = [
        f"{capitalize_first(one.instances)} open only {', '.join(sorted(one.ports or ()))}"
        for one in rollover.after
        if closed(unanswered, [one])
    ]
    hidden = [one.instances for one in rollover.after if not one.is_shown] if node.is_held_back else []
    unknown = [f"The ports of {', '.join(hidden)} are unknown"] if hidden else []
    text = ". ".join([f"port {', '.join(unanswered)}", *opened, *unknown])
    if node.is_held_back:
        return f"is not changed yet, since not all instances are known to open {text}"
    return f"sends requests to {text}"
