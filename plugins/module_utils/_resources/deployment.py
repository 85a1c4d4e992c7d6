# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Releases: deploy orders and the baseline that they change (reference 5.1, 1.2.7).

Responses do not show what a deploy order deploys. The mark in its description is compared with the desired content.
When the last order has no mark, the baseline of the environment is compared. It shows the deploy config and one package
or image, in a form that the reference does not document, so the result may be unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._api.errors import BusinessError, JstError
from .._core.errors import InvalidOptionError
from .._core.field_types import Boolean, Choice, FieldType, Integer, Text
from .._core.fields import CALL_MODE, PER_CALL, RESOURCE_ID, Field, OperationRef, State, get_path
from .._core.manifest import is_image
from .._core.names import PlannedRef
from .._core.plan import Plan
from .._core.run_context import RunContext
from .._core.wording import capitalize_first
from .app import App
from .app_instance import AppInstance
from .baseline import read_baseline
from .deploy_config import WORKLOADS, DeployConfig
from .deploy_mark import CONTENT, UNKNOWN_CONTENT, default_order_name, deploy_content, format_mark, parse_mark
from .deploy_order import PAUSE_TYPE, is_decided
from .image_address import same_images, same_package
from .ordered_change import ORDER, OrderedChange

UPDATE_STRATEGY = Choice(("offline_old_then_online_new", "online_new_then_offline_old"))
ADVICE = "Set force=true to release again with it."
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
    """The release that an environment runs."""

    label = "release"
    category = "deploy"
    fields = (
        Field("name", param="Name", response_path="", write_only=CALL_MODE),
        Field("description", param="Description", response_path="", write_only=CALL_MODE),
        Field("packet_id", Integer(1), "DeployPacketId"),
        Field("packet_url", Text(r"https?://\S+", "an http or https address"), "DeployPacketUrl"),
        Field("images", Images(), "ContainerImageList"),
        Field("init_images", Images(), "InitContainerImageList"),
        Field("partitions", Integer(1), "TotalPartitions", response_path="", write_only=CALL_MODE),
        Field("pause_type", PAUSE_TYPE, "PauseType", response_path="", write_only=CALL_MODE),
        Field("arms", Boolean(), "ArmsFlag", response_path="", write_only=PER_CALL, advice=ADVICE),
        Field(
            "update_strategy",
            UPDATE_STRATEGY,
            "UpdateStrategyType",
            response_path="",
            write_only=PER_CALL,
            advice=ADVICE,
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
        """Return the desired state.

        :raises InvalidOptionError: when a list of images is empty: no parameter would be sent, and the service would
            deploy other images.
        """
        for option in ("images", "init_images"):
            if options.get(option) == []:
                raise InvalidOptionError(
                    f"Option {option} is an empty list.",
                    hint="Leave it out to release the images of the deploy config.",
                )
        return super().desired_state(options)

    # Live and desired content

    def read_current(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State:
        """Return the name of the environment, its live content by the baseline, and its desired content."""
        place = {"AppId": scope["app_id"], "EnvId": scope["environment_id"]}
        environment = ctx.read("DescribeAppEnvironmentDetail", place)
        # The service does not show another deploy config that a composition gives the environment in the same run.
        config = ctx.options.get("deploy_config")
        if config is None:
            config = RESOURCE_ID.deserialize(environment.get("app_schema_id"))
        elif isinstance(config, str) and not isinstance(config, PlannedRef):
            config = DeployConfig().resolve(ctx, config, {**scope, "env_type": ctx.options["env_type"]})
        desired = self.desired_content(ctx, scope, given, config)
        name = environment.get("env_name") or None
        return {"environment_name": name, "deployed": self.read_deployed(ctx, scope), "desired": desired}

    def read_deployed(self, ctx: RunContext, scope: Mapping[str, Any]) -> State | None:
        """Return the live content, ``None`` when the service does not show it, or rejects the call."""
        try:
            baseline = read_baseline(ctx, scope)
        except BusinessError:  # The response is not documented for an environment without releases.
            return None
        if baseline is None:
            return None
        shown = {name: baseline[name] for name in ("deploy_config_id", "packet_id", "packet_url")}
        return {**shown, "images": baseline["images"] or None}

    def desired_content(
        self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any], config: int | PlannedRef | None
    ) -> State:
        """Return the desired content. Its images default to those of the deploy config (reference 5.1.1).

        :param config: the id of the deploy config, or its name when check mode predicts its creation.
        """
        desired = {"deploy_config_id": config, **deploy_content(given)}
        if isinstance(config, int) and not set(desired) & {"packet_id", "packet_url", "images"}:
            desired["images"] = images_of(self.read_workload(ctx, scope, config) or {})
        return desired

    def read_workload(self, ctx: RunContext, scope: Mapping[str, Any], config: int) -> State | None:
        """Return the workload of a deploy config, ``None`` when the deploy config does not exist.

        A composition may change the deploy config in the same run, so its description comes before the service.
        """
        described = zip(ctx.options.get("config_handles", ()), ctx.options.get("config_workloads", ()))
        planned = next((workload for resource_id, workload in described if resource_id == config and workload), None)
        return planned or DeployConfig().read(ctx, {"app_id": scope["app_id"]}, config)

    def needs_order(self, ctx: RunContext, given: Mapping[str, Any], current: State) -> bool:
        """Return whether the live content differs from the desired one.

        The mark of the last order comes before the baseline. When neither shows the live content, nothing is released.
        """
        deployed, desired = current["deployed"], current["desired"]
        last = last_decided(current)
        if ctx.options["force"] or was_interrupted(last):
            return True
        shown = deployed or {}
        if last is None and not any(shown.get(name) for name in CONTENT):
            return True
        # An empty baseline means an environment that was taken offline, or a service that shows no content.
        is_empty = last is not None and deployed is not None and not any(shown.values())
        if is_empty and not self.has_instances(ctx, current):
            return True
        if last is not None and self.order_matches(last, given, current):
            return False
        runs = is_deployed(shown, desired)
        if runs is None and (last is None or parse_mark(last) is None):
            ctx.warn(self.unknown_content_warning(given, last))
            return False
        return not runs

    def unknown_content_warning(self, given: Mapping[str, Any], last: State | None) -> str:
        """Return the warning that neither a mark nor the baseline shows what runs."""
        order = f" {capitalize_first(ORDER.describe(last))} was not made by this collection." if last else ""
        return (
            f"{UNKNOWN_CONTENT} environment {self.environment_title(given)!r} runs what was asked for.{order} "
            "The service does not show in full what is deployed. Nothing is released. Set force=true to release."
        )

    def has_instances(self, ctx: RunContext, current: State) -> bool:
        """Return whether the environment has instances that are not going offline."""
        instances = AppInstance().list_states(ctx, {name: current[name] for name in ("app_id", "environment_id")}, {})
        return any(item["status"] != "Offlining" for item in instances)

    def order_matches(self, order: State, given: Mapping[str, Any], current: State) -> bool:
        """Return whether an order has the mark of the desired content in its description or its default name."""
        return parse_mark(order) == format_mark(current["desired"])

    def with_missing_details(self, ctx: RunContext, scope: Mapping[str, Any], order: State) -> State:
        """Return an order with its description, which the sample of the list lacks (reference 5.1.2)."""
        order = super().with_missing_details(ctx, scope, order)
        is_complete = order["description"] is not None or parse_mark(order) is not None
        return order if is_complete else self.with_described_values(ctx, scope, order)

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Reject options that do not fit the app or its deploy config (reference 5.1.1).

        :raises InvalidOptionError: naming the option.
        """
        if "update_strategy" in given and scope.get("app_id") is not None:
            check_update_strategy((App().read(ctx, {}, scope["app_id"]) or {}).get("state_type"))
        # A composition may change the deploy config in the same run.
        containers = ctx.options.get("containers")
        config = (plan.after or {}).get("deployed", {}).get("deploy_config_id")
        if containers is None and {"images", "init_images"} & set(given) and isinstance(config, int):
            workload = self.read_workload(ctx, scope, config)
            containers = None if workload is None else containers_of(workload)
        if containers is not None:
            check_images(given, containers)

    def obstacle(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """Return an error when the environment has no cluster. Only its resource allocation shows one (reference 6.3).

        Before the environment exists, only the description of a whole app shows whether it will have a cluster. An
        environment with releases has had a cluster, and may still have it although no allocation shows it.
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
                f"The service shows no cluster of environment {self.environment_title(given)!r}. "
                "It rejects the release if there is none."
            )
            return None
        return InvalidOptionError(
            f"Environment {self.environment_title(given)!r} has no cluster, so nothing can be released to it.",
            hint="Name a cluster where the environment is created, or allocate one with jst_resource_alloc.",
        )

    def has_allocations(self, ctx: RunContext, scope: Mapping[str, Any]) -> bool:
        """Return whether the service shows an allocation of any environment of the app.

        The reference does not say whether an environment created with a cluster has one (1.2.1, 6.3).
        """
        place = {"AppId": scope["app_id"]}
        return bool(ctx.client.list_all("ListAppResourceAllocs", place, deadline=ctx.deadline))

    def plan_order(self, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Plan a deploy order with the mark of its content."""
        desired = current["desired"] if current else deploy_content(given)
        mark = format_mark(desired)
        description = f"{given.get('description', '')} {mark}".strip()
        values = {"name": default_order_name(mark), **given, "description": description}
        order = {name: values[name] for name in ("name", "description", "partitions")}
        after = {**(current or scope), "deployed": desired, "order": order}
        purpose = f"deploy to environment {self.environment_title(given)!r}"
        return Plan(current, after, [self.order_step(scope, values, purpose)])

    def to_diff(self, before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return both sides of the diff: the live and the desired content, by option names."""

        def side(state: State | None) -> dict[str, Any]:
            deployed = (state["deployed"] if state else None) or {}
            shown = {name: deployed[name] for name in ("deploy_config_id", *CONTENT) if deployed.get(name)}
            if "packet_id" in shown:
                shown.pop("packet_url", None)
            return shown

        sides = side(before), side(after)
        if before is not after and last_decided(before) is not None:
            number = len(sides[1].get("images", ())) if not {"packet_id", "packet_url"} & set(sides[0]) else 0
            images = sides[0].get("images", [])
            if len(images) < number:
                sides[0]["images"] = [*images, *[NOT_SHOWN] * (number - len(images))]
        last = last_decided(before) if before is not after else None
        if was_interrupted(last):
            sides[0]["interrupted"] = ORDER.describe(last or {})
        order = (after or {}).get("order") or {}
        if sides[0] == sides[1] and order and "deploy_order_id" not in order:
            # The same content is released again, as with force=true. Only the deploy order differs.
            sides[0].update({"deploy_order": ORDER.describe(last)} if last else {})
            sides[1]["deploy_order"] = f"a new one ({order['name']!r}), which releases the same again"
        return sides


def last_decided(state: State | None) -> State | None:
    """Return the last order that has finished with a decided result."""
    orders = [order for order in (state or {}).get("orders", ()) if is_decided(order)]
    return orders[-1] if orders else None


def was_interrupted(order: State | None) -> bool:
    """Return whether an order ended before it reached all instances. The baseline then applies to some of them only."""
    return order is not None and order["result"] != "succeeded"


def is_deployed(shown: Mapping[str, Any], desired: Mapping[str, Any]) -> bool | None:
    """Return whether a baseline shows the desired content, ``None`` when it leaves that open.

    :param shown: the live content as the service shows it: a package or images, in any form.
    """
    results: list[bool | None] = [shown.get("deploy_config_id") in (None, desired["deploy_config_id"])]
    is_package = bool({"packet_id", "packet_url"} & set(desired))
    images = desired.get("images") or []
    if shown.get("images") if is_package else shown.get("packet_id") or shown.get("packet_url"):
        results.append(False)
    elif is_package:
        if "packet_id" in desired:
            shown_id = shown.get("packet_id")
            results.append(None if shown_id is None else shown_id == desired["packet_id"])
        if "packet_url" in desired:
            shown_url = shown.get("packet_url")
            results.append(None if shown_url is None else same_package(shown_url, desired["packet_url"]))
        results.append(None if images else True)
    else:
        results.append(same_images(shown.get("images") or [], images))
    if desired.get("init_images"):
        results.append(None)
    return False if False in results else None if None in results else True


def check_update_strategy(state_type: str | None) -> None:
    """Reject option ``update_strategy`` for an app that is not stateless.

    :param state_type: the state type of the app, ``None`` when it is unknown.
    :raises InvalidOptionError: when the app has another state type than stateless.
    """
    if state_type not in (None, "stateless"):
        raise InvalidOptionError(
            f"Option update_strategy only applies to stateless apps, and this app is {state_type}."
        )


def check_images(given: Mapping[str, Any], containers: Mapping[str, int]) -> None:
    """Check that every container has an image (reference 5.1.1).

    :param containers: option -> number of containers that need one of its images.
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
    """Return how many containers need ``images`` and ``init_images``, ``None`` when no workload is known."""
    if not any(config.get(name) for name in WORKLOADS):
        return None
    return {"images": len(_containers(config, "containers")), "init_images": len(_containers(config, "initContainers"))}


def images_of(config: Mapping[str, Any]) -> list[str]:
    """Return the images of the containers in the workload of a deploy config.

    :raises InvalidOptionError: when a container has no image: a release needs one for each.
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
    """Return the containers of a section in the workload of a deploy config."""
    documents = [config.get(name) for name in WORKLOADS]
    return next((found for item in documents if item and (found := workload_containers(item.data or {}, section))), [])


def workload_containers(workload: Mapping[str, Any], section: str) -> list[Mapping[str, Any]]:
    """Return the containers of a section, ``containers`` or ``initContainers``, in the manifest of a workload."""
    template = get_path(workload, "spec")
    for part in ("jobTemplate.spec", "template.spec"):
        template = get_path(template or {}, part) or template
    containers = template.get(section) if isinstance(template, Mapping) else None
    return [item for item in containers if isinstance(item, Mapping)] if isinstance(containers, list) else []
