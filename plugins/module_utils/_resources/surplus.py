# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""What an app has and its description does not: the resources that option ``purge`` deletes."""

from __future__ import annotations

from typing import Any, Iterator, Mapping, Sequence

from .._core.errors import NotFoundError
from .._core.fields import State
from .._core.graph import ResourceNode
from .._core.resource import Resource
from .._core.run_context import RunContext
from .app import App
from .deploy_config import DeployConfig
from .environment import Environment
from .persistent_volume_claim import PersistentVolumeClaim
from .rollout import Rollout
from .service import Service
from .slb_ap import SlbAp

IN_ENVIRONMENTS: dict[str, type[Resource]] = {
    "slb_aps": SlbAp,
    "services": Service,
    "volume_claims": PersistentVolumeClaim,
}
PURGEABLE: dict[str, type[Resource]] = {
    "environments": Environment,
    **IN_ENVIRONMENTS,
    "deploy_configs": DeployConfig,
}
"""Type in option ``purge`` -> resource. Databases and accounts hold data, so they are deleted by name alone."""


def find_surplus(ctx: RunContext, nodes: Sequence[ResourceNode]) -> list[ResourceNode]:
    """Return nodes that delete what the app has and the description does not, each after what is in it.

    :param nodes: the nodes of the description, the app first.
    """
    types, app = set(ctx.options["purge"]), nodes[0]
    try:
        scope = {"app_id": app.options.get("app_id") or App().resolve(ctx, app.options["title"], {})}
    except NotFoundError:
        return []
    surplus: list[ResourceNode] = []
    for state in list(Environment().list_states(ctx, scope, {})):
        inside = {**scope, "environment_id": state["environment_id"]}
        described = next((node for node in nodes if _describes(node, Environment(), state)), None)
        known = [node for node in nodes if described is not None and node.options.get("environment") is described]
        place = {"app": app, "environment": described}
        if described is None:
            place = {"app": app, "environment_id": state["environment_id"], "environment_name": state["name"]}
        children = [
            node
            for option, resource in IN_ENVIRONMENTS.items()
            if option in types
            for node in _deletions(ctx, resource(), inside, known, place)
        ]
        surplus += children
        # No request goes to an instance that a release is about to stop.
        for node in [*known, *([described] if described is not None and described.is_absent else [])]:
            if isinstance(node.resource, (Rollout, Environment)):
                node.after += children
        if described is None and "environments" in types:
            environment = _deletion(Environment(), state, {"app": app, "force": ctx.options["purge_force"]})
            environment.after += children
            surplus.append(environment)
    if "deploy_configs" in types:
        environments = [node for node in (*nodes, *surplus) if isinstance(node.resource, Environment)]
        for config in _deletions(ctx, DeployConfig(), scope, nodes, {"app": app}):
            config.after += environments
            surplus.append(config)
    return surplus


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
    for state in list(resource.list_states(ctx, scope, {})):
        if not any(_describes(node, resource, state) for node in known):
            yield _deletion(resource, state, place)


def _deletion(resource: Resource, state: State, place: Mapping[str, Any]) -> ResourceNode:
    """Return the node that deletes a resource of the service."""
    names = [*resource.key, *([resource.id_field] if resource.id_field else [])]
    options = {str(resource.field(name).option_name): state[name] for name in names if resource.field(name).option_name}
    if resource.id_field:
        options[resource.id_field] = state[resource.id_field]
    return ResourceNode(type(resource), {**options, **place, "state": "absent"})


def _describes(node: ResourceNode, resource: Resource, state: State) -> bool:
    """Return whether a node describes a resource of the service, by its key."""
    if type(node.resource) is not type(resource):
        return False
    key = resource.natural_key(node.resource.desired_state(node.options))
    return resource.matches(state, key)
