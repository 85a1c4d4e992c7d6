# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Releases: deploy orders and the baseline they leave (reference 5.1, 1.2.7).

A deploy order does not show what it deploys. A mark in its description tells whether that is what is wanted. Where the
last order has no mark, the baseline of the environment is compared. It shows the deploy configuration and one package
or image, in a form that the reference leaves open, so it may not tell.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._api.errors import BusinessError, JstError
from .._core.errors import InvalidOptionError
from .._core.field_types import Boolean, Choice, FieldType, Integer, Text
from .._core.fields import IDENTITY, MANNER, PER_CALL, Field, OperationRef, State, get_path
from .._core.manifest import is_image
from .._core.names import PlannedRef
from .._core.plan import Plan
from .._core.run_context import RunContext
from .._core.wording import capitalize_first
from .app import App
from .app_instance import AppInstance
from .baseline import read_baseline
from .deploy_config import WORKLOADS, DeployConfig
from .deploy_mark import CONTENT, DOUBT, content, default_order_name, fingerprint, mark_of
from .deploy_order import PAUSE_TYPE, decided
from .image_address import same_images, same_package
from .ordered_change import ORDER, OrderedChange

UPDATE_STRATEGY = Choice(("offline_old_then_online_new", "online_new_then_offline_old"))
AGAIN = "Set force=true to release again with it."
NOT_SHOWN = "(not shown by the service)"


class Images(FieldType):
    """Image addresses, in the order of the containers."""

    def spec(self) -> dict[str, Any]:
        return {"type": "list", "elements": "str"}

    def clean(self, value: Any) -> list[str]:
        for image in value:
            if not is_image(image):
                raise ValueError(f"holds {image!r}, which is no address of an image")
        return list(value)


class Deployment(OrderedChange):
    """What an environment runs."""

    label = "release"
    category = "deploy"
    fields = (
        Field("name", param="Name", response_path="", hidden=MANNER),
        Field("description", param="Description", response_path="", hidden=MANNER),
        Field("packet_id", Integer(1), "DeployPacketId"),
        Field("packet_url", Text(r"https?://\S+", "an http or https address"), "DeployPacketUrl"),
        Field("images", Images(), "ContainerImageList"),
        Field("init_images", Images(), "InitContainerImageList"),
        Field("partitions", Integer(1), "TotalPartitions", response_path="", hidden=MANNER),
        Field("pause_type", PAUSE_TYPE, "PauseType", response_path="", hidden=MANNER),
        Field("arms", Boolean(), "ArmsFlag", response_path="", hidden=PER_CALL, advice=AGAIN),
        Field(
            "update_strategy", UPDATE_STRATEGY, "UpdateStrategyType", response_path="", hidden=PER_CALL, advice=AGAIN
        ),
    )
    create_op = OperationRef("DeployApp", {"EnvId": "environment_id"}, {"deploy_order_id": "deploy_order_id"})
    extra_options = {
        **OrderedChange.extra_options,
        "partitions": {"type": "int", "default": 2},
        "force": {"type": "bool", "default": False},
    }
    constraints = {"mutually_exclusive": [["packet_id", "packet_url"]]}

    def desired_state(self, options: Mapping[str, Any]) -> State:
        """The options, of which an empty list would be no parameter: the service would take other images.

        :raises InvalidOptionError: when a list of images is empty.
        """
        for option in ("images", "init_images"):
            if options.get(option) == []:
                raise InvalidOptionError(
                    f"Option {option} is an empty list.",
                    hint="Leave it out to release the images of the deploy config.",
                )
        return super().desired_state(options)

    # What runs, and what should run

    def read_current(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State:
        """What runs by the word of the baseline, and what should run."""
        place = {"AppId": scope["app_id"], "EnvId": scope["environment_id"]}
        environment = ctx.read("DescribeAppEnvironmentDetail", place)
        # A task that also gives the environment its deploy configuration knows better than the service yet does.
        config = ctx.options.get("deploy_config")
        if config is None:
            config = IDENTITY.deserialize(environment.get("app_schema_id"))
        elif isinstance(config, str) and not isinstance(config, PlannedRef):
            config = DeployConfig().resolve(ctx, config, {**scope, "env_type": ctx.options["env_type"]})
        wanted = self.wanted(ctx, scope, given, config)
        return {
            "environment_name": environment.get("env_name") or None,
            "deployed": self.deployed(ctx, scope),
            "wanted": wanted,
        }

    def deployed(self, ctx: RunContext, scope: Mapping[str, Any]) -> State | None:
        """What runs, None where the service does not tell; how it answers where nothing ever did is not documented."""
        try:
            baseline = read_baseline(ctx, scope)
        except BusinessError:
            return None
        if baseline is None:
            return None
        shown = {name: baseline[name] for name in ("deploy_config_id", "packet_id", "packet_url")}
        return {**shown, "images": baseline["images"] or None}

    def wanted(
        self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any], config: int | PlannedRef | None
    ) -> State:
        """What should run: images that were not given are those of the deploy configuration (reference 5.1.1).

        :param config: its id, or the name of one that has none yet.
        """
        wanted = {"deploy_config_id": config, **content(given)}
        if isinstance(config, int) and not set(wanted) & {"packet_id", "packet_url", "images"}:
            wanted["images"] = images_of(self.workload(ctx, scope, config) or {})
        return wanted

    def workload(self, ctx: RunContext, scope: Mapping[str, Any], config: int) -> State | None:
        """The workload of a deploy configuration, ``None`` when there is no such configuration.

        A task that also describes it, and an environment by its id, knows better than the service yet does.
        """
        described = zip(ctx.options.get("config_handles", ()), ctx.options.get("config_workloads", ()))
        own = next((workload for identity, workload in described if identity == config and workload), None)
        return own or DeployConfig().read(ctx, {"app_id": scope["app_id"]}, config)

    def needs_order(self, ctx: RunContext, given: Mapping[str, Any], current: State) -> bool:
        """Whether something else than the wanted runs, or nothing at all.

        The mark of the last order is asked first. What is not known is no reason to release anything.
        """
        deployed, wanted = current["deployed"], current["wanted"]
        last = last_finished(current)
        if ctx.options["force"] or interrupted(last):
            return True
        shown = deployed or {}
        if last is None and not any(shown.get(name) for name in CONTENT):
            return True
        # A baseline without anything is that of an environment which was taken offline, or all that a service shows.
        is_empty = last is not None and deployed is not None and not any(shown.values())
        if is_empty and not self.has_instances(ctx, current):
            return True
        if last is not None and self.order_matches(last, given, current):
            return False
        runs = is_deployed(shown, wanted)
        if runs is None and (last is None or mark_of(last) is None):
            ctx.warn(self.doubt(given, last))
            return False
        return not runs

    def doubt(self, given: Mapping[str, Any], last: State | None) -> str:
        """What is said where neither a mark nor the baseline tells what runs."""
        order = f" {capitalize_first(ORDER.describe(last))} was not made by this collection." if last else ""
        return (
            f"{DOUBT} environment {self.place_name(given)!r} runs what was asked for.{order} "
            "The service does not show in full what is deployed. Nothing is released. Set force=true to release."
        )

    def has_instances(self, ctx: RunContext, current: State) -> bool:
        """Whether anything runs."""
        instances = AppInstance().list_states(ctx, {name: current[name] for name in ("app_id", "environment_id")}, {})
        return any(item["status"] != "Offlining" for item in instances)

    def order_matches(self, order: State, given: Mapping[str, Any], current: State) -> bool:
        """By the mark in its description, or the name that goes with the mark, which a service may extend."""
        return mark_of(order) == fingerprint(current["wanted"])

    def with_missing_details(self, ctx: RunContext, scope: Mapping[str, Any], order: State) -> State:
        """With its description, which the sample of the list lacks (reference 5.1.2)."""
        order = super().with_missing_details(ctx, scope, order)
        known = order["description"] is not None or mark_of(order) is not None
        return order if known else self.described(ctx, scope, order)

    # What has to happen

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Refuse what does not fit the app or its deploy configuration (reference 5.1.1).

        :raises InvalidOptionError: naming the option.
        """
        if "update_strategy" in given and scope.get("app_id") is not None:
            check_update_strategy((App().read(ctx, {}, scope["app_id"]) or {}).get("state_type"))
        # A task that also describes the deploy configuration knows better than the service yet does.
        containers = ctx.options.get("containers")
        config = (plan.after or {}).get("deployed", {}).get("deploy_config_id")
        if containers is None and {"images", "init_images"} & set(given) and isinstance(config, int):
            read = self.workload(ctx, scope, config)
            containers = None if read is None else containers_of(read)
        if containers is not None:
            check_images(given, containers)

    def obstacle(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """What is deployed needs a cluster, which only the resource allocation shows (reference 6.3).

        That an environment which does not exist yet will have none, only a description of the whole app knows. One to
        which something was released has had one, and may have it still, although no allocation shows it.
        """
        if plan.before is None:
            has_cluster = ctx.options.get("cluster", True) is not None
        else:
            place = {"AppEnvId": scope["environment_id"]}
            allocations = ctx.client.list_all("ListAppResourceAllocs", place, deadline=ctx.deadline)
            has_cluster = any(item.get("cluster_id") for item in allocations)
        if has_cluster:
            return None
        if (
            ctx.check_mode
            and plan.before is not None
            and (plan.before["orders"] or not self.has_allocations(ctx, scope))
        ):
            ctx.warn(
                f"The service shows no cluster of environment {self.place_name(given)!r}. "
                "It rejects the release if there is none."
            )
            return None
        return InvalidOptionError(
            f"Environment {self.place_name(given)!r} has no cluster, so nothing can be released to it.",
            hint="Name a cluster where the environment is created, or allocate one with jst_resource_alloc.",
        )

    def has_allocations(self, ctx: RunContext, scope: Mapping[str, Any]) -> bool:
        """Whether the service shows an allocation of any environment of the app.

        That the creation of an environment with a cluster makes one is not documented (reference 1.2.1, 6.3).
        """
        place = {"AppId": scope["app_id"]}
        return bool(ctx.client.list_all("ListAppResourceAllocs", place, deadline=ctx.deadline))

    def plan_order(self, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """A release, with its mark."""
        wanted = current["wanted"] if current else content(given)
        mark = fingerprint(wanted)
        description = f"{given.get('description', '')} {mark}".strip()
        sent = {"name": default_order_name(mark), **given, "description": description}
        order = {name: sent[name] for name in ("name", "description", "partitions")}
        after = {**(current or scope), "deployed": wanted, "order": order}
        return Plan(current, after, [self.step(scope, sent, f"deploy to environment {self.place_name(given)!r}")])

    def to_diff(self, before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """What runs and what will run, by the names of the options."""

        def side(state: State | None) -> dict[str, Any]:
            deployed = (state["deployed"] if state else None) or {}
            shown = {name: deployed[name] for name in ("deploy_config_id", *CONTENT) if deployed.get(name)}
            if "packet_id" in shown:
                shown.pop("packet_url", None)
            return shown

        sides = side(before), side(after)
        if before is not after and last_finished(before) is not None:
            number = len(sides[1].get("images", ())) if not {"packet_id", "packet_url"} & set(sides[0]) else 0
            images = sides[0].get("images", [])
            if len(images) < number:
                sides[0]["images"] = [*images, *[NOT_SHOWN] * (number - len(images))]
        last = last_finished(before) if before is not after else None
        if interrupted(last):
            sides[0]["interrupted"] = ORDER.describe(last or {})
        order = (after or {}).get("order") or {}
        if sides[0] == sides[1] and order and "deploy_order_id" not in order:
            # The same is released once more, as with force=true: all that differs is by which order it was.
            sides[0].update({"deploy_order": ORDER.describe(last)} if last else {})
            sides[1]["deploy_order"] = f"a new one ({order['name']!r}), which releases the same again"
        return sides


def last_finished(state: State | None) -> State | None:
    """The order that has finished last, of those whose result is decided."""
    orders = [order for order in (state or {}).get("orders", ()) if decided(order)]
    return orders[-1] if orders else None


def interrupted(order: State | None) -> bool:
    """Whether an order ended before all instances were the same: then the baseline tells of some of them only."""
    return order is not None and order["result"] != "succeeded"


def is_deployed(shown: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool | None:
    """Return whether a baseline is that of what is wanted, ``None`` when it does not tell.

    :param shown: what the service shows of what runs: a package or else images, in any form.
    """
    moved = shown.get("deploy_config_id") not in (None, wanted["deploy_config_id"])
    answers: list[bool | None] = [not moved]
    packaged = bool({"packet_id", "packet_url"} & set(wanted))
    images = wanted.get("images") or []
    if shown.get("images") if packaged else shown.get("packet_id") or shown.get("packet_url"):
        answers.append(False)
    elif packaged:
        if "packet_id" in wanted:
            own = shown.get("packet_id")
            answers.append(None if own is None else own == wanted["packet_id"])
        if "packet_url" in wanted:
            own = shown.get("packet_url")
            answers.append(None if own is None else same_package(own, wanted["packet_url"]))
        answers.append(None if images else True)
    else:
        answers.append(same_images(shown.get("images") or [], images))
    if wanted.get("init_images"):
        answers.append(None)
    return False if False in answers else None if None in answers else True


def check_update_strategy(state_type: str | None) -> None:
    """Refuse the option for an app that has no such strategy.

    :param state_type: of the app, ``None`` when it is not known.
    :raises InvalidOptionError: for any other than stateless.
    """
    if state_type not in (None, "stateless"):
        raise InvalidOptionError(
            f"Option update_strategy only applies to stateless apps, and this app is {state_type}."
        )


def check_images(given: Mapping[str, Any], containers: Mapping[str, int]) -> None:
    """See that there is an image for every container (reference 5.1.1).

    :param containers: option -> number of containers that it is for.
    :raises InvalidOptionError: naming the option and both numbers.
    """
    for option, number in containers.items():
        images = given.get(option) or []
        if images and len(images) != number:
            words = "containers" if option == "images" else "initContainers"
            raise InvalidOptionError(
                f"Option {option} has {len(images)} entries, but the workload has {number} {words}.",
                hint="There has to be one for each, in the order of the deploy config.",
            )


def containers_of(config: Mapping[str, Any]) -> dict[str, int] | None:
    """How many containers ``images`` and ``init_images`` are for, ``None`` when no workload is known."""
    if not any(config.get(name) for name in WORKLOADS):
        return None
    return {"images": len(_containers(config, "containers")), "init_images": len(_containers(config, "initContainers"))}


def images_of(config: Mapping[str, Any]) -> list[str]:
    """The images of the containers in the workload of a deploy configuration.

    :raises InvalidOptionError: when a container has none: a release needs one for each.
    """
    containers = _containers(config, "containers")
    without = [str(item.get("name")) for item in containers if item.get("image") is None]
    if without:
        raise InvalidOptionError(
            f"The workload of the deploy config has no image for container {', '.join(without)}.",
            hint="Name one in the document, or give images, one for each container.",
        )
    return [str(item["image"]) for item in containers]


def _containers(config: Mapping[str, Any], section: str) -> list[Mapping[str, Any]]:
    """Return the containers of a section in the workload of a deploy configuration."""
    documents = [config.get(name) for name in WORKLOADS]
    return next((found for one in documents if one and (found := workload_containers(one.data or {}, section))), [])


def workload_containers(workload: Mapping[str, Any], section: str) -> list[Mapping[str, Any]]:
    """Return the containers of a section, ``containers`` or ``initContainers``, in the manifest of a workload."""
    template = get_path(workload, "spec")
    for part in ("jobTemplate.spec", "template.spec"):
        template = get_path(template or {}, part) or template
    containers = template.get(section) if isinstance(template, Mapping) else None
    return [item for item in containers if isinstance(item, Mapping)] if isinstance(containers, list) else []
