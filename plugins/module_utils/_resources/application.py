# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""A whole application in one description, the one that role ``application`` takes as variables."""

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

# What a description lists for an environment.
VOLUME_CLAIMS, SERVICES, SLB_APS = "volume_claims", "services", "slb_aps"
ENVIRONMENT_CHILDREN: dict[str, type[Resource]] = {
    VOLUME_CLAIMS: PersistentVolumeClaim,
    SERVICES: Service,
    SLB_APS: SlbAp,
}


def list_option(resource: type[Resource], without: Collection[str] = (), **further: Any) -> dict[str, Any]:
    """The option that lists things of a kind."""
    options = {**nested_options(resource(), without), **further}
    return {"type": "list", "elements": "dict", "default": [], "options": options}


GROUP_OPTIONS: dict[str, Any] = {
    "name": {"type": "str"},
    "app_group_id": {"type": "int", "aliases": ["group_id"]},
}


class Application(Composition):
    """An app with everything that belongs to it."""

    name = "application"

    def options(self) -> dict[str, Any]:
        """Those of the parts, without what follows from where they stand."""
        app = app_options()
        app["operating_system"] = {**app["operating_system"], "required": False, "default": "Linux"}
        app["state_type"]["default"] = "stateless"
        parts = {option: list_option(resource, PARENTS) for option, resource in ENVIRONMENT_CHILDREN.items()}
        release = {**nested_options(Deployment(), (*PARENTS, "force")), "wait_timeout": {"type": "int"}}
        return {
            **app,
            App.id_field: {"type": "int"},
            "group": {"type": "dict", "options": GROUP_OPTIONS},
            "databases": list_option(RdsDb),
            "accounts": list_option(RdsAccount),
            "deploy_configs": list_option(DeployConfig, PARENTS),
            "environments": list_option(
                Environment,
                (*PARENTS, "force", "delete_pvc"),
                **parts,
                release={"type": "dict", "options": release},
            ),
            "parallelism": {"type": "int", "default": MAX_CONCURRENCY},
        }

    def check(self, options: Mapping[str, Any]) -> None:
        """Names have to differ, and workloads to fit the app: the service would say so when half of it is made.

        :raises InvalidOptionError: when something cannot be right.
        """
        if options["parallelism"] < 1:
            raise InvalidOptionError(f"Option parallelism is {options['parallelism']}, but has to be 1 or more.")
        for environment in options["environments"]:
            if environment["deploy_config"] is None and environment["deploy_config_id"] is None:
                raise InvalidOptionError(
                    f"Environment {environment['name']!r}: give deploy_config or deploy_config_id, and not null."
                )
        for option, resource, things in listed_resources(options):
            check_distinct(option, resource, things)
        check_distinct(SLB_APS, SlbAp, [part for item in options["environments"] for part in item[SLB_APS]])
        for config in options["deploy_configs"]:
            check_workload(config, options["state_type"])
        for environment in options["environments"]:
            if (environment["release"] or {}).get("update_strategy"):
                check_update_strategy(options["state_type"])

    def check_not_null(self, given: Mapping[str, Any]) -> None:
        """Refuse names that were given as null, in every part of the description."""
        check_not_null(App(), given)
        for option, resource, things in listed_resources(given):
            for number, thing in enumerate(things, start=1):
                try:
                    check_not_null(resource(), thing)
                except InvalidOptionError as error:
                    raise InvalidOptionError(f"Entry {number} of {option}: {error.message}", hint=error.hint) from None

    def nodes(self, options: Mapping[str, Any]) -> list[ResourceNode]:
        """The app, its databases, its deploy configs, its environments with what is in them, and their releases."""
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
            own = {
                name: value for name, value in item.items() if name not in ENVIRONMENT_CHILDREN and name != "release"
            }
            known = {"app": app, "deploy_config": config, "biz_code": options["biz_code"]}
            environment = ResourceNode(Environment, {**own, **known, "described_configs": list(configs)})
            place = {"app": app, "environment": environment}
            # What the environment will be, which its parts cannot read before it exists or has changed.
            known = {"cluster": item["cluster"] or item["cluster_id"]}
            # A storage class may bind a claim only once an instance uses it, which takes a release.
            inside = {**place, **known, "binds_later": True}
            parts = [
                ResourceNode(kind, {**part, **inside})
                for option, kind in ENVIRONMENT_CHILDREN.items()
                for part in item[option]
            ]
            nodes += [environment, *parts]
            if item["release"] is not None:
                release = {**item["release"], **place, "environment_name": item["name"], "force": False}
                release.update(known)
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
                    ResourceNode(Deployment, {**release, "wait": options["wait"]}, [*databases, *accounts, *parts])
                )
        return nodes

    def to_result(self, nodes: Sequence[ResourceNode]) -> dict[str, Any]:
        """Everything as it is now, each thing as its own module shows it."""

        def shown(kind: type[Resource], of: ResourceNode | None = None) -> list[Any]:
            return [
                node.resource.to_result(node.state)
                for node in nodes
                if isinstance(node.resource, kind) and (of is None or node.options.get("environment") is of)
            ]

        environments = [node for node in nodes if isinstance(node.resource, Environment)]
        return {
            self.name: {
                "app": shown(App)[0],
                "app_group": next(iter(shown(AppGroup)), None),
                "databases": shown(RdsDb),
                "accounts": shown(RdsAccount),
                "deploy_configs": shown(DeployConfig),
                "environments": [
                    {
                        **(node.resource.to_result(node.state) or {}),
                        **{option: shown(kind, node) for option, kind in ENVIRONMENT_CHILDREN.items()},
                        "deploy_order": next(iter(shown(Deployment, node)), None),
                    }
                    for node in environments
                ],
            },
            "release_due": [node.title for node in environments if release_is_due(node, nodes)],
        }


def listed_resources(options: Mapping[str, Any]) -> Iterator[tuple[str, type[Resource], Sequence[Mapping[str, Any]]]]:
    """All things that a description lists: the option that lists them, in words, what they are, and their options.

    :param options: validated or as they were given; what is no list of mappings is left to validation.
    """

    def things(place: Mapping[str, Any], option: str) -> Sequence[Mapping[str, Any]]:
        value = place.get(option)
        return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []

    kinds: dict[str, type[Resource]] = {
        "databases": RdsDb,
        "accounts": RdsAccount,
        "deploy_configs": DeployConfig,
        "environments": Environment,
    }
    for option, resource in kinds.items():
        yield option, resource, things(options, option)
    for environment in things(options, "environments"):
        for option, resource in ENVIRONMENT_CHILDREN.items():
            yield f"{option} of environment {environment.get('name')!r}", resource, things(environment, option)


def app_options() -> dict[str, Any]:
    """What a description says of the app itself."""
    return nested_options(App(), ("group", "force"))


def key_options(resource: type[Resource]) -> list[str]:
    """The options that tell a thing from the others in the same list of a description."""
    place = [parent.option for parent in resource.scope if parent.option not in PARENTS]
    return place + [str(resource().field(name).option_name) for name in resource.key]


def check_distinct(option: str, resource: type[Resource], things: Iterable[Mapping[str, Any]]) -> None:
    """Refuse two things of the same name.

    :raises InvalidOptionError: naming the first.
    """
    key = key_options(resource)
    seen: list[list[Any]] = []
    for thing in things:
        values = [thing[name] for name in key]
        if values in seen:
            listed_twice = ", ".join(f"{name} {value!r}" for name, value in zip(key, values))
            raise InvalidOptionError(f"Option {option} lists {listed_twice} twice.")
        seen.append(values)


def check_workload(config: Mapping[str, Any], state_type: str) -> None:
    """Refuse a workload that does not fit the app, and more than one.

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
    """The workload that a description gives a deploy config, empty when it gives none or one that cannot be right."""
    try:
        return config.resource.desired_state({name: config.options[name] for name in WORKLOADS})
    except InvalidOptionError:
        # The deploy config itself will say so.
        return {}


def default_images(release: Mapping[str, Any], workload: State) -> list[str] | None:
    """The images that a release deploys when it names nothing: those in the workload of its deploy config."""
    if release["packet_id"] is not None or release["packet_url"] is not None:
        return None
    return images_of(workload) or None


def release_is_due(environment: ResourceNode, nodes: Sequence[ResourceNode]) -> bool:
    """Whether an environment runs on with a deploy config as it was when it was released."""
    config = environment.options["deploy_config"]
    releases = [node for node in nodes if isinstance(node.resource, Deployment)]
    own = [node for node in releases if node.options["environment"] is environment]
    return isinstance(config, ResourceNode) and config.changed and bool(own) and not own[0].changed
