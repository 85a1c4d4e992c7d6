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
from .._core.graph import FromNode, ResourceNode
from .._core.option_checks import check_not_null
from .._core.resource import Resource
from .._core.run_context import RunContext
from .app import App
from .app_group import AppGroup
from .deploy_config import WORKLOADS, DeployConfig
from .deployment import Deployment, check_update_strategy
from .description_parts import (
    ABSENT,
    ALL_PARTS,
    DELETED_AT_THE_END,
    ENVIRONMENT_CHILDREN,
    PARENTS,
    PARTS,
    PRESENT,
    PURGEABLE,
    SERVICES,
    SLB_APS,
    TASK_SETTINGS,
    option_words,
)
from .environment import Environment
from .persistent_volume_claim import PersistentVolumeClaim
from .rds_account import RdsAccount
from .rds_db import RdsDb
from .rollout import ROLLOUT_OPTIONS, Rollout, RolloutMemo
from .running_state import RELEASE_REASONS
from .service import Service
from .slb_ap import SlbAp
from .surplus import deleted_routes, find_surplus
from .traffic_order import arrange_traffic
from .workload import images_of


def key_options(resource: type[Resource]) -> list[str]:
    """Return the options that identify a resource among the others of the same list."""
    place = [parent.option for parent in resource.scope if parent.option not in PARENTS]
    return place + [str(resource().field(name).option_name) for name in resource.key]


def list_option(resource: type[Resource], without: Collection[str] = (), **extra_options: Any) -> dict[str, Any]:
    """Return the specification of an option that lists resources of one type.

    An entry with state ``absent`` needs only what identifies it.
    """
    options = {**nested_options(resource(), without), **ITEM_STATE, **extra_options}
    needed = [name for name, option in options.items() if option.get("required") and name not in key_options(resource)]
    return {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": {
            name: {**option, "required": False} if name in needed else option for name, option in options.items()
        },
        **({"required_if": [["state", PRESENT, needed]]} if needed else {}),
    }


ITEM_STATE: dict[str, Any] = {"state": {"type": "str", "choices": [PRESENT, ABSENT], "default": PRESENT}}
CHANGED_SECRETS = {name: nested_options(DeployConfig())[name] for name in DeployConfig.key}
GROUP_OPTIONS: dict[str, Any] = {"name": {"type": "str"}, "app_group_id": {"type": "int", "aliases": ["group_id"]}}
APP_OPTIONS = nested_options(App(), ("group", "force"))
RELEASE_OPTIONS: dict[str, Any] = {
    **nested_options(Deployment(), (*PARENTS, "force")),
    "wait_timeout": {"type": "int"},
    **ROLLOUT_OPTIONS,
}
OPTIONS: dict[str, Any] = {
    **APP_OPTIONS,
    "operating_system": {**APP_OPTIONS["operating_system"], "required": False, "default": "Linux"},
    "state_type": {**APP_OPTIONS["state_type"], "default": "stateless"},
    App.id_field: {"type": "int"},
    "group": {"type": "dict", "options": GROUP_OPTIONS},
    "databases": list_option(RdsDb),
    "accounts": list_option(RdsAccount),
    "deploy_configs": list_option(DeployConfig, PARENTS),
    "environments": list_option(
        Environment,
        (*PARENTS, "delete_pvc"),
        **{option: list_option(resource, PARENTS) for option, resource in ENVIRONMENT_CHILDREN.items()},
        release={"type": "dict", "options": RELEASE_OPTIONS},
    ),
    "purge": {"type": "list", "elements": "str", "choices": list(PURGEABLE), "default": []},
    "purge_force": {"type": "bool", "default": False},
    "parts": {"type": "list", "elements": "str", "choices": list(ALL_PARTS), "default": list(ALL_PARTS)},
    "changed_secrets": {
        "type": "list",
        "elements": "dict",
        "default": [],
        "options": CHANGED_SECRETS,
        "no_log": False,  # It holds names.
    },
    "parallelism": {"type": "int", "default": MAX_CONCURRENCY},
}
"""The options of all resources, without those that follow from their place in the description.

They are built once, when this file is imported, which is before Ansible forks its workers.
"""


class Application(Composition):
    """An app with all resources that belong to it."""

    name = "application"
    settings = TASK_SETTINGS

    def options(self) -> dict[str, Any]:
        """Return ``OPTIONS``. Callers share it and do not change it."""
        return OPTIONS

    def check(self, options: Mapping[str, Any]) -> None:
        """Reject equal names, and workloads that do not fit the app.

        The service would reject them after half of the app was created.

        :raises InvalidOptionError: for the first option that cannot be right.
        """
        if options["parallelism"] < 1:
            raise InvalidOptionError(
                f"Option {option_words('parallelism')} is {options['parallelism']}, but has to be 1 or more."
            )
        deleted = {(item["name"], item["env_type"]) for item in options["deploy_configs"] if item["state"] == ABSENT}
        for environment in options["environments"]:
            if environment["state"] == ABSENT:
                continue
            if (environment["deploy_config"], environment["env_type"]) in deleted:
                raise InvalidOptionError(
                    f"Environment {environment['name']!r} uses deploy config {environment['deploy_config']!r}, "
                    f"which has state=absent in {option_words('deploy_configs')}. Use another deploy config, or "
                    "remove state=absent."
                )
            if environment["deploy_config"] is None and environment["deploy_config_id"] is None:
                raise InvalidOptionError(
                    f"Environment {environment['name']!r}: give deploy_config or deploy_config_id. "
                    "Null counts as omitted."
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
        app = ResourceNode(App, {name: options[name] for name in (App.id_field, *APP_OPTIONS)})
        group = options["group"]
        shared = {"biz_code": options["biz_code"], "apps": [app], "purge_apps": False, "force": False}
        groups = [ResourceNode(AppGroup, {**group, **shared})] if group else []
        databases = [ResourceNode(RdsDb, item) for item in options["databases"]]
        described = {"described_databases": [(item["instance_id"], item["name"]) for item in options["databases"]]}
        accounts = [ResourceNode(RdsAccount, {**item, **described}, present(databases)) for item in options["accounts"]]
        for database in absent(databases):
            database.after += absent(accounts)
        configs = {
            (item["name"], item["env_type"]): ResourceNode(
                DeployConfig, {**item, "freed_environments": freed_environments(item, options), "app": app}
            )
            for item in options["deploy_configs"]
        }
        nodes = [app, *groups, *databases, *accounts, *configs.values()]
        for item in options["environments"]:
            nodes += self.environment_nodes(options, item, app, configs, [*present(databases), *present(accounts)])
        for node in absent(configs.values()):
            node.after += [other for other in nodes if isinstance(other.resource, Environment)]
        select_parts(nodes, options["parts"])
        return nodes

    def environment_nodes(
        self,
        options: Mapping[str, Any],
        item: Mapping[str, Any],
        app: ResourceNode,
        configs: Mapping[tuple[str, str], ResourceNode],
        needed: Sequence[ResourceNode],
    ) -> list[ResourceNode]:
        """Return the nodes of one environment.

        :param item: the entry of the description.
        :param configs: (name, environment type) -> deploy config of the description.
        :param needed: what has to be there before a release.
        """
        config = configs.get((item["deploy_config"], item["env_type"]), item["deploy_config"])
        is_absent = item["state"] == ABSENT
        fields = {name: value for name, value in item.items() if name not in ENVIRONMENT_CHILDREN and name != "release"}
        links = {
            "app": app,
            "deploy_config": config,
            "biz_code": options["biz_code"],
            "will_release": item["release"] is not None,
        }
        environment = ResourceNode(
            Environment, {**fields, **links, "delete_pvc": False, "described_configs": list(configs)}
        )
        # Resources in the environment cannot read its cluster before it exists.
        place = {"app": app, "environment": environment, "cluster": item["cluster"] or item["cluster_id"]}
        # A storage class may bind a claim only when an instance uses it, which takes a release.
        context = {**place, "binds_later": True, **({"state": ABSENT} if is_absent else {})}
        children = [
            ResourceNode(resource, {**entry, **context})
            for option, resource in ENVIRONMENT_CHILDREN.items()
            for entry in item[option]
        ]
        if is_absent:
            environment.after += children
            environment.options = {**environment.options, **deleted_routes(children)}
            return [environment, *children]
        given_as_changed = {(each["name"], each["env_type"]) for each in options["changed_secrets"]}
        release = item["release"] or {name: option.get("default") for name, option in RELEASE_OPTIONS.items()}
        workload = workload_of(config) if isinstance(config, ResourceNode) else {}
        images = release["images"]
        if images is None and isinstance(config, ResourceNode):
            images = default_images(release, workload)
        rollout = ResourceNode(
            Rollout,
            {
                **release,
                **place,
                "images": images,
                "environment_name": item["name"],
                "env_type": item["env_type"],
                "deploy_config": config if isinstance(config, ResourceNode) else item["deploy_config_id"] or config,
                "config": FromNode(config, state_of) if isinstance(config, ResourceNode) else None,
                "configs": [FromNode(node, state_of) for node in present(configs.values())],
                "changed_secrets": [
                    FromNode(node, changed_id if key not in given_as_changed else id_of)
                    for key, node in configs.items()
                    if not node.is_absent
                ],
                "is_described": item["release"] is not None,
                "replicas": item["replicas"] if options["state_type"] != "cron_job" else None,
                "force": False,
                "wait": options["wait"],
            },
            [*needed, *(child for child in children if isinstance(child.resource, PersistentVolumeClaim))],
        )
        return [environment, *children, rollout]

    def surplus_nodes(self, ctx: RunContext, nodes: Sequence[ResourceNode]) -> list[ResourceNode]:
        """Return nodes that delete what the description does not have, of the types in option ``purge``."""
        surplus = find_surplus(ctx, nodes) if ctx.options["purge"] else []
        select_parts(surplus, ctx.options["parts"])
        for node in surplus:
            node.selected = node.selected and node.is_absent
        return surplus

    def arrange(self, ctx: RunContext, nodes: Sequence[ResourceNode]) -> None:
        """Order releases and traffic, and warn of what stays behind."""
        warn_of_left_environments(ctx, nodes)
        for rollout in [node for node in nodes if isinstance(node.resource, Rollout) and node.preview]:
            environment = rollout.options["environment"]
            routes = [
                node
                for node in nodes
                if isinstance(node.resource, (Service, SlbAp)) and node.options.get("environment") is environment
            ]
            arrange_traffic(ctx, rollout, [node for node in routes if node.selected])

    def to_result(self, nodes: Sequence[ResourceNode]) -> dict[str, Any]:
        """Return the current state of every resource, each as its own module returns it."""

        def results(resource: type[Resource], of: ResourceNode | None = None) -> list[Any]:
            return [
                node.resource.to_result(node.state)
                for node in nodes
                if isinstance(node.resource, resource)
                and node.selected
                and not node.is_absent
                and node.preview
                and (of is None or node.options.get("environment") is of)
            ]

        rollouts = [node for node in nodes if isinstance(node.resource, Rollout) and node.selected]
        released = [node.options["environment"] for node in rollouts]
        environments = [
            node
            for node in nodes
            if isinstance(node.resource, Environment)
            and not node.is_absent
            and node.preview
            and (node.selected or node in released)
        ]
        configs = [node for node in nodes if isinstance(node.resource, DeployConfig)]
        return {
            self.name: {
                "app": next(iter(results(App)), None),
                "app_group": next(iter(results(AppGroup)), None),
                "databases": results(RdsDb),
                "accounts": results(RdsAccount),
                "deploy_configs": results(DeployConfig),
                "environments": [
                    {
                        **(node.resource.to_result(node.state) or {}),
                        **{option: results(resource, node) for option, resource in ENVIRONMENT_CHILDREN.items()},
                        "deploy_order": next(iter(results(Rollout, node)), None),
                        "running": next((running(one) for one in rollouts if one.options["environment"] is node), None),
                    }
                    for node in environments
                ],
            },
            "release_due": [due for node in rollouts for due in releases_due(node)],
            "closed_ports": [remark for node in nodes for remark in node.remarks_left],
            "changed_secrets": [
                {"name": node.options["name"], "env_type": node.options["env_type"]}
                for node in configs
                if "secrets" in node.differing_options
            ],
        }

    def pending(self, ctx: RunContext, nodes: Sequence[ResourceNode]) -> dict[str, Any]:
        """Return the parts in which a real run has something to change or to wait for, and the warnings by part."""
        parts = {part_of(node) for node in nodes if node.has_work()}
        warned = [(part_of(node), node.ctx.warnings) for node in nodes if node.ctx and node.selected]
        return {
            "pending_parts": [part for part in ALL_PARTS if part in parts],
            "part_warnings": [
                {"part": part, "warning": ctx.warning_text(text)} for part, texts in warned for text in texts
            ],
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
                f"Option {name} of deploy config {config['name']!r} does not fit an app with state_type {state_type}."
            )


def workload_of(config: ResourceNode) -> State:
    """Return the workload in the options of a deploy config, empty when it has none or an invalid one."""
    try:
        workload = config.resource.desired_state({name: config.options[name] for name in WORKLOADS})
    except InvalidOptionError:
        # The node of the deploy config reports the error.
        return {}
    config.keep_parsed(workload)
    return workload


def default_images(release: Mapping[str, Any], workload: State) -> list[str] | None:
    """Return the images of the workload of a deploy config, ``None`` when it has none or a package is released."""
    if release["packet_id"] is not None or release["packet_url"] is not None:
        return None
    return images_of(workload) or None


def freed_environments(config: Mapping[str, Any], options: Mapping[str, Any]) -> list[str]:
    """Return the names of described environments that do not use a described deploy config after the run.

    An environment that names its deploy config by an id may use any.
    """

    def is_free(item: Mapping[str, Any]) -> bool:
        named = item["deploy_config"]
        return item["state"] == ABSENT or not (named is None or named.isdigit() or named == config["name"])

    return [item["name"] for item in options["environments"] if is_free(item)]


def present(nodes: Iterable[ResourceNode]) -> list[ResourceNode]:
    """Return the nodes whose resources are to exist."""
    return [node for node in nodes if not node.is_absent]


def absent(nodes: Iterable[ResourceNode]) -> list[ResourceNode]:
    """Return the nodes whose resources are to be deleted."""
    return [node for node in nodes if node.is_absent]


def state_of(node: ResourceNode) -> State | None:
    """Return the resource of a node as far as it is known."""
    return node.state


def id_of(node: ResourceNode) -> Any:
    """Return the id of the resource of a node, or a planned reference."""
    return node.id_or_planned


def changed_id(node: ResourceNode) -> Any:
    """Return the id of a deploy config whose Secrets the run changes, ``None`` for others."""
    return node.id_or_planned if "secrets" in node.differing_options else None


def part_of(node: ResourceNode) -> str:
    """Return the part of the description that a node belongs to."""
    if node.is_absent and isinstance(node.resource, DELETED_AT_THE_END):
        return ABSENT
    return next(part for part, resource in PARTS.items() if isinstance(node.resource, resource))


def select_parts(nodes: Sequence[ResourceNode], parts: Collection[str]) -> None:
    """Select the nodes of some parts. Traffic is compared with what runs, so that is looked up with it."""
    for node in nodes:
        node.selected = part_of(node) in parts
        node.is_needed = isinstance(node.resource, Rollout) and not {SERVICES, SLB_APS}.isdisjoint(parts)


def warn_of_left_environments(ctx: RunContext, nodes: Sequence[ResourceNode]) -> None:
    """Warn that a new environment stands beside others that nobody describes: it may be a renamed one."""
    environments = [node for node in nodes if isinstance(node.resource, Environment)]
    new = [node for node in environments if node.changed and node.before is None]
    app = next((node.id_or_planned for node in nodes if isinstance(node.resource, App)), None)
    if not new or not isinstance(app, int):
        return
    described = {node.name for node in environments}
    listed = Environment().list_states(ctx, {"app_id": app}, {})
    left = sorted(str(state["name"]) for state in listed if state["name"] not in described)
    if left:
        ctx.warn(
            f"Environment {', '.join(repr(node.name) for node in new)} is new, and the app has unmanaged environments: "
            f"{', '.join(left)}. If you renamed an environment, delete the old one, for example with option "
            f"{option_words('purge')}."
        )


def running(rollout: ResourceNode) -> dict[str, Any] | None:
    """Return what an environment ran when the run began, ``None`` when it did not exist or the run changed that.

    Check mode changes nothing.
    """
    if rollout.ctx is None:
        return None
    found, outcome = rollout.ctx.memo(RolloutMemo).found, rollout.outcome
    # The run may also have waited for the order of another run.
    if found is None or (outcome is not None and (outcome.changed or "comparison" not in (outcome.state or {}))):
        return None
    return Rollout().report(rollout.ctx, found)


def releases_due(rollout: ResourceNode) -> list[dict[str, Any]]:
    """Return the release that an environment waits for, with the reasons, if this run does not make it."""
    memo = rollout.ctx.memo(RolloutMemo) if rollout.ctx is not None else RolloutMemo()
    if rollout.ctx is not None and memo.is_scaling and memo.found is not None:
        # A scaling changes nothing about what the instances get.
        found: dict[str, Any] | None = Rollout().report(rollout.ctx, memo.found)
    else:
        found = None if rollout.changed else running(rollout)
    reasons = [reason for reason in found["differences"] if reason["reason"] in RELEASE_REASONS] if found else []
    return [{"environment": rollout.options["environment_name"], "reasons": reasons}] if reasons else []
