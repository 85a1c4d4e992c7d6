# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Export live resources as options of role ``application`` and module ``jst_application``."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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


def export_app(ctx: RunContext, app: State) -> dict[str, Any]:
    """Return the options of ``jst_application`` for the current state of an app, its deploy configs and environments.

    The result lacks what the service does not show: namespace, middleware and group of an app, and the content of
    Secrets. It has no releases, since a task would deploy them, and no databases and accounts, which have no app.

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
    accepted_options = nested_options(DeployConfig(), PARENTS)
    return {
        **to_options(App(), app, Application().options()),
        "deploy_configs": [to_options(DeployConfig(), one, accepted_options) for one in configs],
        "environments": [_environment(ctx, one, configs) for one in environments if one is not None],
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


def _environment(ctx: RunContext, state: State, configs: Sequence[State]) -> dict[str, Any]:
    scope = {"app_id": state["app_id"], "environment_id": state["environment_id"]}
    environment = to_options(Environment(), state, nested_options(Environment(), PARENTS))
    parts: dict[str, Any] = {}
    for option, kind in ENVIRONMENT_CHILDREN.items():
        ctx.activity = f"list the {kind.plural.replace('_', ' ')} of {Environment().describe(state)}"
        accepted_options = nested_options(kind(), PARENTS)
        parts[option] = [to_options(kind(), part, accepted_options) for part in kind().list_states(ctx, scope, {})]
    return {**environment, **deploy_config_reference(state, configs), **parts}


def deploy_config_reference(state: State, configs: Collection[State]) -> dict[str, Any]:
    """Return the deploy config of an environment by its name, or by its id when the name is not unique."""
    wanted = state["deploy_config_id"]
    if wanted is None:
        return {}
    keys = [(one["name"], one["env_type"]) for one in configs]
    for one in configs:
        key = (one["name"], one["env_type"])
        if one["deploy_config_id"] == wanted and one["env_type"] == state["env_type"] and keys.count(key) == 1:
            return {"deploy_config": one["name"]}
    return {"deploy_config": str(wanted)}
