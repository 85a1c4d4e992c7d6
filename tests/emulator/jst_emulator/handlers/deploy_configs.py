# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Deploy configurations (reference 1.3)."""

from __future__ import annotations

from typing import Any

from jst_emulator import workload
from jst_emulator.handlers.checks import check_new_name, require_nonblank
from jst_emulator.handlers.lookup import app_of, get_or_raise, matches_name
from jst_emulator.models.apps import App, DeployConfig
from jst_emulator.registry import BusinessError, InvalidStateError, Params, operation
from jst_emulator.world import World

#: Members of a container's resources by their names in Kubernetes.
_RESOURCES = {"Cpu": "cpu", "Gpu": "nvidia.com/gpu", "Memory": "memory", "Storage": "ephemeral-storage"}


@operation("CreateDeployConfig")
def create_deploy_config(world: World, p: Params) -> dict[str, Any]:
    """Create a deploy configuration; its YAML documents have to be valid and suit the app."""
    app = app_of(world, p)
    require_nonblank(p, "Name")
    _check_documents(app, p)
    present = (one for one in world.deploy_configs.values() if one.app_id == app.app_id)
    names = (one.name for one in present if one.env_type == p["EnvType"])
    check_new_name(world, "Deploy config", p["Name"], names)
    config = DeployConfig(app_id=app.app_id, env_type=p["EnvType"], name=p["Name"])
    _store(config, p)
    world.add(config)
    return {"AppId": app.app_id, "Name": config.name, "SchemaId": config.schema_id}


@operation("UpdateDeployConfig")
def update_deploy_config(world: World, p: Params) -> None:
    """Update the parameters that were sent; lists replace the present ones."""
    app = app_of(world, p)
    config = get_or_raise(world.deploy_configs, p["Id"], "Deploy config")
    if config.app_id != app.app_id:
        raise BusinessError(f"Deploy config {config.schema_id} does not belong to app {app.app_id}.")
    _check_documents(app, p)
    _store(config, p)


@operation("DeleteDeployConfig")
def delete_deploy_config(world: World, p: Params) -> None:
    """Delete a deploy configuration that no environment uses."""
    config = get_or_raise(world.deploy_configs, p["SchemaId"], "Deploy config")
    users = [one.env_id for one in world.environments.values() if one.schema_id == config.schema_id]
    if users:
        raise InvalidStateError(f"Deploy config {config.schema_id} is used by environment {users[0]}.")
    world.remove(config)


@operation("ListDeployConfig")
def list_deploy_configs(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the deploy configurations of an app, with YAML as plain text."""
    app = app_of(world, p)
    return [
        _to_response(world, one)
        for one in world.deploy_configs.values()
        if one.app_id == app.app_id
        and one.env_type == p.get("EnvType", one.env_type)
        and one.schema_id == p.get("Id", one.schema_id)
        and matches_name(world, p, "Name", one.name)
    ]


def _check_documents(app: App, p: Params) -> None:
    sent = [kind for kind, _dummy in workload.WORKLOADS.values() if p.get(kind)]
    if len(sent) > 1:
        raise BusinessError(f"{' and '.join(sent)} exclude each other.")
    fitting, _dummy = workload.WORKLOADS.get(app.state_type, ("", ""))
    for kind in sent:
        if kind != fitting:
            raise BusinessError(f"{kind} does not fit the state type {app.state_type} of app {app.app_id}.")
        workload.document(p[kind], kind, kind)
    if p.get("ConfigMap"):
        workload.document(p["ConfigMap"], "ConfigMap", "ConfigMap")
    for name, kind in (("ConfigMapList", "ConfigMap"), ("SecretList", "Secret")):
        for number, text in enumerate(p.get(name, []), start=1):
            workload.document(text, kind, f"{name}.{number}")


def _store(config: DeployConfig, p: Params) -> None:
    config.code_path = p.get("CodePath", config.code_path).strip()
    for kind, attribute in workload.WORKLOADS.values():
        if p.get(kind):
            setattr(config, attribute, p[kind])
    if "SecretList" in p:
        config.secret_list = list(p["SecretList"])
    if "ConfigMapList" in p:
        config.config_map_list, config.config_map = list(p["ConfigMapList"]), ""
    if p.get("ConfigMap"):
        config.config_map = p["ConfigMap"]
        config.config_map_list = _merged(config.config_map_list, p["ConfigMap"])


def _merged(texts: list[str], text: str) -> list[str]:
    """Return *texts* with *text* in the place of the document with the same metadata.name, or at the end."""
    name = workload.document_name(text, "ConfigMap")
    names = [workload.document_name(one, "ConfigMap") for one in texts]
    if name is None or name not in names:
        return [*texts, text]
    place = names.index(name)
    return [*texts[:place], text, *texts[place + 1 :]]


def _resources(world: World, config: DeployConfig) -> dict[str, Any]:
    """Return limits and requests of the first container, which only the vendor's SDK documents."""
    text = config.deployment or config.stateful_set or config.cron_job
    if world.settings.readings.sdk_fields == "hidden" or not text:
        return {}
    sections = {"ContainerResourceLimit": "limits", "ContainerResourceRequest": "requests"}
    found = {member: workload.first_resources(text, section) for member, section in sections.items()}
    return {
        member: {name: resources.get(key) for name, key in _RESOURCES.items()}
        for member, resources in found.items()
        if any(key in resources for key in _RESOURCES.values())
    }


def _to_response(world: World, config: DeployConfig) -> dict[str, Any]:
    yaml_conf = {
        "ConfigMap": config.config_map or None,
        "ConfigMapList": config.config_map_list or None,
        "CronJob": config.cron_job or None,
        "Deployment": config.deployment or None,
        "SecretList": config.secret_list or None,
        "StatefulSet": config.stateful_set or None,
    }
    return {
        "AppId": config.app_id,
        "ContainerCodePath": {"CodePath": config.code_path} if config.code_path else None,
        "ContainerYamlConf": {key: value for key, value in yaml_conf.items() if value is not None},
        "EnvType": config.env_type,
        "Id": config.schema_id,
        "Name": config.name,
        **_resources(world, config),
    }
