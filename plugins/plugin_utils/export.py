# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Export live resources as options of role ``application`` and module ``jst_application``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._core.argument_specs import nested_options
from ansible_collections.jst.retailcloud.plugins.module_utils._core.fields import State
from ansible_collections.jst.retailcloud.plugins.module_utils._core.resource import Resource
from ansible_collections.jst.retailcloud.plugins.module_utils._core.run_context import RunContext
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app import App
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.application import Application
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.description_parts import (
    ENVIRONMENT_CHILDREN,
    PARENTS,
)
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.environment import Environment


@dataclass(frozen=True)
class EnvironmentStates:
    """The current state of an environment and of what it contains.

    :ivar children: option of a description -> the states of the resources that it lists.
    """

    state: State
    children: dict[str, list[State]]


@dataclass(frozen=True)
class AppStates:
    """The current state of an app, its deploy configs and environments."""

    app: State
    deploy_configs: list[State]
    environments: list[EnvironmentStates]


def read_app(ctx: RunContext, app: State) -> AppStates:
    """Return the current state of an app and all that belongs to it.

    :param app: the state with the members that only the describe call shows.
    :raises JstError: when something cannot be read.
    """
    scope = {"app_id": app["app_id"]}
    name = App().describe(app)
    ctx.activity = f"list the deploy configs of {name}"
    configs = list(DeployConfig().list_states(ctx, scope, {}))
    ctx.activity = f"list the environments of {name}"
    listed = list(Environment().list_states(ctx, scope, {}))
    environments = (Environment().with_details(ctx, scope, one) for one in listed)
    return AppStates(app, configs, [_read_environment(ctx, one) for one in environments if one is not None])


def _read_environment(ctx: RunContext, state: State) -> EnvironmentStates:
    scope = {"app_id": state["app_id"], "environment_id": state["environment_id"]}
    children = {}
    for option, kind in ENVIRONMENT_CHILDREN.items():
        ctx.activity = f"list the {kind().plural_label} of {Environment().describe(state)}"
        children[option] = list(kind().list_states(ctx, scope, {}))
    return EnvironmentStates(state, children)


def export_app(ctx: RunContext, app: State) -> dict[str, Any]:
    """Return the options of ``jst_application`` for the current state of an app, its deploy configs and environments.

    The result lacks what the service does not show: namespace, middleware and group of an app, and the content of
    Secrets. It has no releases, since a task would deploy them, and no databases and accounts, which have no app.

    :param app: the state with the members that only the describe call shows.
    :raises JstError: when something cannot be read.
    """
    states = read_app(ctx, app)
    accepted_options = nested_options(DeployConfig(), PARENTS)
    return {
        **to_options(App(), app, Application().options()),
        "deploy_configs": [to_options(DeployConfig(), one, accepted_options) for one in states.deploy_configs],
        "environments": [environment_options(one, states.deploy_configs) for one in states.environments],
    }


def to_options(resource: Resource, state: State, accepted_options: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the options of a task for the current state of a resource, without secrets.

    :param accepted_options: the specification of the options.
    """
    inapplicable = {
        item.option_name
        for item in resource.fields
        if item.only_when is not None and state.get(item.only_when[0]) not in (None, *item.only_when[1])
    }
    described = resource.to_diff(state, None)[0]
    return {
        name: _without_nulls(value)
        for name, value in described.items()
        if name in accepted_options and name not in inapplicable and not accepted_options[name].get("no_log")
    }


def _without_nulls(value: Any) -> Any:
    """Return a value without the members of its records that are null."""
    if isinstance(value, list):
        return [_without_nulls(item) for item in value]
    if isinstance(value, Mapping):
        return {name: item for name, item in value.items() if item is not None}
    return value


def environment_options(environment: EnvironmentStates, configs: Sequence[State]) -> dict[str, Any]:
    """Return the entry of a description for an environment and what it contains.

    :param configs: the deploy configs of the app.
    """
    options = to_options(Environment(), environment.state, nested_options(Environment(), PARENTS))
    children = {
        option: [to_options(kind(), child, nested_options(kind(), PARENTS)) for child in environment.children[option]]
        for option, kind in ENVIRONMENT_CHILDREN.items()
    }
    options.pop("deploy_config", None)
    return {**options, **deploy_config_reference(environment.state, configs), **children}


def deploy_config_reference(state: State, configs: Collection[State]) -> dict[str, Any]:
    """Return the option that names the deploy config of an environment: by its id where the name does not suffice.

    The service does not list deploy configs that were created in its console, so no name of theirs is known.
    """
    wanted = state["deploy_config_id"]
    if wanted is None:
        return {}
    keys = [(one["name"], one["env_type"]) for one in configs]
    for one in configs:
        key = (one["name"], one["env_type"])
        if one["deploy_config_id"] == wanted and one["env_type"] == state["env_type"] and keys.count(key) == 1:
            return {"deploy_config": one["name"]}
    return {"deploy_config_id": wanted}
