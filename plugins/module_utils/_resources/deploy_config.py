# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Deploy configurations: the Kubernetes YAML of an application (reference 1.3)."""

from __future__ import annotations

from typing import Any, Mapping

from .._core.documents import Document, DocumentSet, SecretDocumentSet
from .._core.errors import AmbiguousNameError, InvalidOptionError, NotFoundError
from .._core.info import Info
from .._core.plan import Plan
from .._core.resource import IDENTITY, Field, Listing, Request, Resource, State
from .._core.task import Task
from .._core.values import Choice, whole_number
from .app import APP, App

ENV_TYPE = Choice(("test", "online"))

# Which workload an application of each state type is made of. There is no parameter for a daemon set (reference 1.3.1).
WORKLOADS = {"deployment": "stateless", "stateful_set": "stateful", "cron_job": "cron_job"}


class DeployConfig(Resource):
    """A deploy configuration. Its name is not unique by rule."""

    name = "deploy_config"
    plural = "deploy_configs"
    label = "deploy config"
    identity = elder = "deploy_config_id"
    scope = (APP,)
    key = ("name", "env_type")
    fields = (
        Field("deploy_config_id", IDENTITY, read="id"),
        Field("name", wire="Name", required=True, fixed=True),
        Field("env_type", ENV_TYPE, "EnvType", required=True, fixed=True),
        Field("code_path", wire="CodePath", read="container_code_path.code_path"),
        Field("deployment", Document("Deployment"), "Deployment", read="container_yaml_conf.deployment"),
        Field("stateful_set", Document("StatefulSet"), "StatefulSet", read="container_yaml_conf.stateful_set"),
        Field("cron_job", Document("CronJob"), "CronJob", read="container_yaml_conf.cron_job"),
        Field("config_maps", DocumentSet("ConfigMap"), "ConfigMapList", read="container_yaml_conf.config_map_list"),
        # Whether an update without the list keeps the secrets is not documented (reference 1.3.4).
        Field("secrets", SecretDocumentSet("Secret"), "SecretList", read="container_yaml_conf.secret_list", whole=True),
    )
    listing = Listing(
        "ListDeployConfig", {"AppId": "app_id"}, {"Id": "deploy_config_id", "Name": "name", "EnvType": "env_type"}
    )
    creating = Request("CreateDeployConfig", {"AppId": "app_id"}, {"deploy_config_id": "schema_id"})
    updating = Request("UpdateDeployConfig", {"AppId": "app_id", "Id": "deploy_config_id"})
    deleting = Request("DeleteDeployConfig", {"SchemaId": "deploy_config_id"})
    constraints = {
        "required_one_of": [["name", "deploy_config_id"]],
        "mutually_exclusive": [list(WORKLOADS)],
    }

    def preflight(self, task: Task, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """The workload has to fit the application's state type, which the service would find out only later."""
        workload = next((name for name in WORKLOADS if name in given), None)
        if workload is None or task.state == "absent" or scope.get("app_id") is None:
            return
        app = App().read(task, {}, scope["app_id"])
        state_type = (app or {}).get("state_type")
        if state_type is not None and state_type != WORKLOADS[workload]:
            fitting = [name for name, wanted in WORKLOADS.items() if wanted == state_type]
            advice = f"it takes {fitting[0]}" if fitting else "no workload of a deploy config fits it"
            raise InvalidOptionError(
                f"Option {workload} does not fit app {task.options['app']!r}, which is {state_type}: {advice}."
            )


class DeployConfigInfo(Info):
    """Lists deploy configurations; those made in the console are not listed by the service."""

    resource = DeployConfig()
    filters = ("deploy_config_id", "name", "env_type")


def deploy_config_id(task: Task, wanted: Any, scope: Mapping[str, Any]) -> int:
    """The id of a deploy configuration of the application in scope, given by name or id.

    :raises NotFoundError: when the application has none of that name for the kind of environment.
    :raises AmbiguousNameError: when it has several.
    """
    number = whole_number(wanted)
    if number is not None:
        return number
    if scope.get("app_id") is None:
        raise NotFoundError("deploy config", wanted)
    key = {"name": str(wanted), "env_type": scope.get("env_type")}
    resource = DeployConfig()
    narrowed = {name: value for name, value in key.items() if value is not None}
    ids = [state["deploy_config_id"] for state in resource.fitting(task, {"app_id": scope["app_id"]}, narrowed)]
    if not ids:
        raise NotFoundError("deploy config", wanted)
    if len(ids) > 1:
        raise AmbiguousNameError("deploy config", wanted, ids)
    return int(ids[0])
