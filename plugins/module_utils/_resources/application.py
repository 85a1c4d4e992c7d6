# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A whole app in one description, the one that role ``application`` takes as variables."""

from __future__ import annotations

from typing import Any, Collection, Iterable, Iterator, Mapping, Sequence

from .._api.concurrency_limit import MAX_CONCURRENCY
from .._core.argument_specs import nested_options
from .._core.composition import Composition
from .._core.errors import InvalidOptionError
from .._core.fields import State
from .._core.graph import ResourceNode
from .._core.option_checks import check_not_null
from .._core.resource import Resource
from .app import App
from .app_group import AppGroup
from .deploy_config import WORKLOADS, DeployConfig
from .deployment import Deployment, check_update_strategy, containers_of, images_of
from .environment import Environment
from .persistent_volume_claim import PersistentVolumeClaim
from .rds_account import RdsAccount
from .rds_db import RdsDb
from .service import Service
from .slb_ap import SlbAp

PARENTS = ("app", "environment")

# The resources that a description lists in an environment.
VOLUME_CLAIMS, SERVICES, SLB_APS = "volume_claims", "services", "slb_aps"
ENVIRONMENT_CHILDREN: dict[str, type[Resource]] = {
    VOLUME_CLAIMS: PersistentVolumeClaim,
    SERVICES: Service,
    SLB_APS: SlbAp,
}


def list_option(resource: type[Resource], without: Collection[str] = (), **extra_options: Any) -> dict[str, Any]:
    """Return the specification of an option that lists resources of one type."""
    options = {**nested_options(resource(), without), **extra_options}
    return {"type": "list", "elements": "dict", "default": [], "options": options}


GROUP_OPTIONS: dict[str, Any] = {"name": {"type": "str"}, "app_group_id": {"type": "int", "aliases": ["group_id"]}}


class Application(Composition):
    """An app with all resources that belong to it."""

    name = "application"

    def options(self) -> dict[str, Any]:
        """Return the options of all resources, without those that follow from their place in the description."""
        app = app_options()
        app["operating_system"] = {**app["operating_system"], "required": False, "default": "Linux"}
        app["state_type"]["default"] = "stateless"
        children = {option: list_option(resource, PARENTS) for option, resource in ENVIRONMENT_CHILDREN.items()}
        release = {**nested_options(Deployment(), (*PARENTS, "force")), "wait_timeout": {"type": "int"}}
        return {
            **app,
            App.id_field: {"type": "int"},
            "group": {"type": "dict", "options": GROUP_OPTIONS},
            "databases": list_option(RdsDb),
            "accounts": list_option(RdsAccount),
            "deploy_configs": list_option(DeployConfig, PARENTS),
            "environments": list_option(
                Environment, (*PARENTS, "force", "delete_pvc"), **children, release={"type": "dict", "options": release}
            ),
            "parallelism": {"type": "int", "default": MAX_CONCURRENCY},
        }

    def check(self, options: Mapping[str, Any]) -> None:
        """Reject equal names, and workloads that do not fit the app.

        The service would reject them after half of the app was created.

        :raises InvalidOptionError: for the first option that cannot be right.
        """
        if options["parallelism"] < 1:
            raise InvalidOptionError(f"Option parallelism is {options['parallelism']}, but has to be 1 or more.")
        for environment in options["environments"]:
            if environment["deploy_config"] is None and environment["deploy_config_id"] is None:
                raise InvalidOptionError(
                    f"Environment {environment['name']!r}: give deploy_config or deploy_config_id, and not null."
                )
        for option, resource, entries in listed_resources(options):
            check_distinct(option, resource, entries)
        check_distinct(SLB_APS, SlbAp, [entry for item in options["environments"] for entry in item[SLB_APS]])
        for config in options["deploy_configs"]:
            check_workload(config, options["state_type"])
        for environment in options["environments"]:
            if (environment["release"] or {}).get("update_strategy"):
                check_update_strategy(options["state_type"])

    def check_not_null(self, given: Mapping[str, Any]) -> None:
        """Reject names that are null, in the app and in every resource that the description lists."""
        check_not_null(App(), given)
        for option, resource, entries in listed_resources(given):
            for number, entry in enumerate(entries, start=1):
                try:
                    check_not_null(resource(), entry)
                except InvalidOptionError as error:
                    raise InvalidOptionError(f"Entry {number} of {option}: {error.message}", hint=error.hint) from None

    def nodes(self, options: Mapping[str, Any]) -> list[ResourceNode]:
        """Return a node for each resource: app, databases, deploy configs, environments, what is in them, releases."""
        app = ResourceNode(App, {name: options[name] for name in (App.id_field, *app_options())})
        group = options["group"]
        shared = {"biz_code": options["biz_code"], "apps": [app], "purge_apps": False, "force": False}
        groups = [ResourceNode(AppGroup, {**group, **shared})] if group else []
        databases = [ResourceNode(RdsDb, item) for item in options["databases"]]
        described = {"described_databases": [(item["instance_id"], item["name"]) for item in options["databases"]]}
        accounts = [ResourceNode(RdsAccount, {**item, **described}, databases) for item in options["accounts"]]
        configs = {
            (item["name"], item["env_type"]): ResourceNode(DeployConfig, {**item, "app": app})
            for item in options["deploy_configs"]
        }
        nodes = [app, *groups, *databases, *accounts, *configs.values()]
        for item in options["environments"]:
            config = configs.get((item["deploy_config"], item["env_type"]), item["deploy_config"])
            fields = {
                name: value for name, value in item.items() if name not in ENVIRONMENT_CHILDREN and name != "release"
            }
            links = {"app": app, "deploy_config": config, "biz_code": options["biz_code"]}
            environment = ResourceNode(Environment, {**fields, **links, "described_configs": list(configs)})
            place = {"app": app, "environment": environment}
            # Resources in the environment cannot read its cluster before it exists.
            cluster = {"cluster": item["cluster"] or item["cluster_id"]}
            # A storage class may bind a claim only when an instance uses it, which takes a release.
            context = {**place, **cluster, "binds_later": True}
            children = [
                ResourceNode(resource, {**entry, **context})
                for option, resource in ENVIRONMENT_CHILDREN.items()
                for entry in item[option]
            ]
            nodes += [environment, *children]
            if item["release"] is not None:
                release = {**item["release"], **place, "environment_name": item["name"], "force": False}
                release.update(cluster)
                release["env_type"] = item["env_type"]
                release["deploy_config"] = item["deploy_config_id"] or item["deploy_config"]
                release["config_handles"] = list(configs.values())
                release["config_workloads"] = [workload_of(node) for node in configs.values()]
                if isinstance(config, ResourceNode):
                    release["deploy_config"] = config
                    workload = workload_of(config)
                    if release["images"] is None:
                        release["images"] = default_images(item["release"], workload)
                    release["containers"] = containers_of(workload)
                nodes.append(
                    ResourceNode(Deployment, {**release, "wait": options["wait"]}, [*databases, *accounts, *children])
                )
        return nodes

    def to_result(self, nodes: Sequence[ResourceNode]) -> dict[str, Any]:
        """Return the current state of every resource, each as its own module returns it."""

        def results(resource: type[Resource], of: ResourceNode | None = None) -> list[Any]:
            return [
                node.resource.to_result(node.state)
                for node in nodes
                if isinstance(node.resource, resource) and (of is None or node.options.get("environment") is of)
            ]

        environments = [node for node in nodes if isinstance(node.resource, Environment)]
        return {
            self.name: {
                "app": results(App)[0],
                "app_group": next(iter(results(AppGroup)), None),
                "databases": results(RdsDb),
                "accounts": results(RdsAccount),
                "deploy_configs": results(DeployConfig),
                "environments": [
                    {
                        **(node.resource.to_result(node.state) or {}),
                        **{option: results(resource, node) for option, resource in ENVIRONMENT_CHILDREN.items()},
                        "deploy_order": next(iter(results(Deployment, node)), None),
                    }
                    for node in environments
                ],
            },
            "release_due": [node.name for node in environments if release_is_due(node, nodes)],
        }


def listed_resources(options: Mapping[str, Any]) -> Iterator[tuple[str, type[Resource], Sequence[Mapping[str, Any]]]]:
    """Yield each list of resources in a description: the option in words, the resource, and the options of each entry.

    :param options: before or after validation. Values that are no list of mappings are left to validation.
    """

    def entries(place: Mapping[str, Any], option: str) -> Sequence[Mapping[str, Any]]:
        value = place.get(option)
        return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []

    resources: dict[str, type[Resource]] = {
        "databases": RdsDb,
        "accounts": RdsAccount,
        "deploy_configs": DeployConfig,
        "environments": Environment,
    }
    for option, resource in resources.items():
        yield option, resource, entries(options, option)
    for environment in entries(options, "environments"):
        for option, resource in ENVIRONMENT_CHILDREN.items():
            yield f"{option} of environment {environment.get('name')!r}", resource, entries(environment, option)


def app_options() -> dict[str, Any]:
    """Return the options of the app itself."""
    return nested_options(App(), ("group", "force"))


def key_options(resource: type[Resource]) -> list[str]:
    """Return the options that identify a resource among the others of the same list."""
    place = [parent.option for parent in resource.scope if parent.option not in PARENTS]
    return place + [str(resource().field(name).option_name) for name in resource.key]


def check_distinct(option: str, resource: type[Resource], entries: Iterable[Mapping[str, Any]]) -> None:
    """Reject a list that has two entries of the same key.

    :raises InvalidOptionError: naming the first.
    """
    key = key_options(resource)
    seen: list[list[Any]] = []
    for entry in entries:
        values = [entry[name] for name in key]
        if values in seen:
            listed_twice = ", ".join(f"{name} {value!r}" for name, value in zip(key, values))
            raise InvalidOptionError(f"Option {option} lists {listed_twice} twice.")
        seen.append(values)


def check_workload(config: Mapping[str, Any], state_type: str) -> None:
    """Reject more than one workload, and a workload that does not fit the app.

    :raises InvalidOptionError: naming the deploy config.
    """
    workloads = [name for name in WORKLOADS if config[name] is not None]
    if len(workloads) > 1:
        raise InvalidOptionError(f"Deploy config {config['name']!r} can have one of {', '.join(workloads)} only.")
    for name in workloads:
        if WORKLOADS[name] != state_type:
            raise InvalidOptionError(
                f"Option {name} of deploy config {config['name']!r} does not fit an app which is {state_type}."
            )


def workload_of(config: ResourceNode) -> State:
    """Return the workload in the options of a deploy config, empty when it has none or an invalid one."""
    try:
        return config.resource.desired_state({name: config.options[name] for name in WORKLOADS})
    except InvalidOptionError:
        # The node of the deploy config reports the error.
        return {}


def default_images(release: Mapping[str, Any], workload: State) -> list[str] | None:
    """Return the images of the workload of a deploy config, ``None`` when it has none or a package is released."""
    if release["packet_id"] is not None or release["packet_url"] is not None:
        return None
    return images_of(workload) or None


def release_is_due(environment: ResourceNode, nodes: Sequence[ResourceNode]) -> bool:
    """Return whether an environment still runs with its deploy config as it was before this run."""
    config = environment.options["deploy_config"]
    releases = [node for node in nodes if isinstance(node.resource, Deployment)]
    release = next((node for node in releases if node.options["environment"] is environment), None)
    return isinstance(config, ResourceNode) and config.changed and release is not None and not release.changed
