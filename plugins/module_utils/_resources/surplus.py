# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What an app has and its description does not: the resources that option ``purge`` deletes."""

from __future__ import annotations

from typing import Any, Collection, Iterator, Mapping, Sequence

from .._core.errors import NotFoundError
from .._core.fields import State
from .._core.graph import ResourceNode
from .._core.resource import Resource
from .._core.run_context import RunContext
from .app import App
from .deploy_config import DeployConfig
from .description_parts import ABSENT, ENVIRONMENT_CHILDREN, option_words
from .environment import Environment
from .rollout import Rollout
from .service import Service
from .slb_ap import SlbAp

FORCE_SETTING = {"force=true": option_words("purge_force", "=true")}


def find_surplus(ctx: RunContext, nodes: Sequence[ResourceNode]) -> list[ResourceNode]:
    """Return nodes that delete what the app has and the description does not, each after what is in it.

    Environments that stay, though nothing describes them, are among the nodes, since others are in them.

    :param nodes: the nodes of the description, the app first.
    """
    types, app = set(ctx.options["purge"]), nodes[0]
    ctx.activity = f"read the unmanaged resources of {app.label}"
    try:
        scope = {"app_id": app.options.get("app_id") or App().resolve(ctx, app.options["title"], {})}
    except NotFoundError:
        return []
    surplus = _surplus_of(ctx, nodes, scope, types)
    # The nodes take the app from its own node. What is deleted, or that there is nothing, must be of the same one.
    ctx.shared_names.confirm(ctx)
    return surplus


def _surplus_of(
    ctx: RunContext, nodes: Sequence[ResourceNode], scope: Mapping[str, Any], types: Collection[str]
) -> list[ResourceNode]:
    """Return the nodes of resources that an app has and its description does not, see :func:`find_surplus`."""
    app = nodes[0]
    surplus: list[ResourceNode] = []
    for state in list(Environment().list_states(ctx, scope, {})):
        inside = {**scope, "environment_id": state["environment_id"]}
        described = next((node for node in nodes if _describes(node, Environment(), state)), None)
        known = [node for node in nodes if described is not None and node.options.get("environment") is described]
        deletes = {"state": ABSENT} if "environments" in types else {}
        options = {"app": app, "force": ctx.options["purge_force"], **deletes}
        environment = described or _node_of(Environment(), state, options)
        place = {"app": app, "environment": environment}
        children = [
            node
            for option, resource in ENVIRONMENT_CHILDREN.items()
            if option in types
            for node in _deletions(ctx, resource(), inside, known, place)
        ]
        # No request goes to an instance that a release is about to stop.
        for node in [*known, *([environment] if environment.is_absent else [])]:
            if isinstance(node.resource, (Rollout, Environment)):
                node.after += children
        if described is None:
            environment.options = {**environment.options, **deleted_routes(children)}
            surplus.append(environment)
        surplus += children
    if "deploy_configs" in types:
        environments = [
            node
            for node in (*nodes, *surplus)
            if isinstance(node.resource, Environment) and (node.is_absent or node not in surplus)
        ]
        freed = {"freed_environments": [node.options["name"] for node in environments]}
        for config in _deletions(ctx, DeployConfig(), scope, nodes, {"app": app, **freed}):
            config.after += environments
            surplus.append(config)
    return surplus


def deleted_routes(children: Sequence[ResourceNode]) -> dict[str, Any]:
    """Return the services and access points that go before their environment, as options of the environment."""
    services = [node.options["k8s_service_id"] for node in children if isinstance(node.resource, Service)]
    points = [node for node in children if isinstance(node.resource, SlbAp)]
    return {
        "deleted_services": services,
        "deleted_slb_aps": [(node.options["slb_id"], node.options["listener_port"]) for node in points],
    }


def _deletions(
    ctx: RunContext,
    resource: Resource,
    scope: Mapping[str, Any],
    known: Sequence[ResourceNode],
    place: Mapping[str, Any],
) -> Iterator[ResourceNode]:
    """Yield a node for each resource of a type that none of the known nodes describes.

    :param place: the options that name the parents.
    """
    # The list of claims needs an environment. Elsewhere it is a filter, and a filter never decides what is deleted.
    is_filter = isinstance(resource, (Service, SlbAp))
    listed_in = {name: value for name, value in scope.items() if not (is_filter and name == "environment_id")}
    for state in list(resource.list_states(ctx, listed_in, {})):
        if any(state.get(name) != value for name, value in scope.items()):
            continue
        if not any(_describes(node, resource, state) for node in known):
            yield _node_of(resource, state, {**place, "state": ABSENT})


def _node_of(resource: Resource, state: State, further: Mapping[str, Any]) -> ResourceNode:
    """Return a node for a resource of the service.

    :param further: its other options.
    """
    names = [*resource.key, *([resource.id_field] if resource.id_field else [])]
    options = {str(resource.field(name).option_name): state[name] for name in names if resource.field(name).option_name}
    if resource.id_field:
        options[resource.id_field] = state[resource.id_field]
    node = ResourceNode(type(resource), {**options, **further})
    node.settings = FORCE_SETTING
    return node


def _describes(node: ResourceNode, resource: Resource, state: State) -> bool:
    """Return whether a node describes a resource of the service, by its key."""
    if type(node.resource) is not type(resource):
        return False
    key = resource.natural_key(node.resource.desired_state(node.options))
    return resource.matches(state, key)
