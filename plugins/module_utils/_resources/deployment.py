# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Releases: deploy orders (reference 5.1). :mod:`.running_state` compares them with what is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .._api.errors import BusinessError, JstError
from .._api.hints import Hint
from .._core.errors import InvalidOptionError
from .._core.field_types import HIDDEN_CHANGE, Boolean, Choice, FieldType, Integer, Text
from .._core.fields import CALL_MODE, PER_CALL, RESOURCE_ID, Field, OperationRef, State
from .._core.manifest import is_image
from .._core.names import PlannedRef
from .._core.plan import Plan
from .._core.run_context import RunContext
from .app import App
from .app_instance import list_running
from .baseline import read_baseline
from .deploy_config import DeployConfig
from .deploy_mark import CONTENT, Mark, content_fingerprint, deploy_content, format_description, parse_mark
from .deploy_order import PAUSE_TYPE
from .ordered_change import ORDER, OrderedChange
from .running_state import (
    Comparison,
    compare_release,
    last_decided,
    unknown_config_warning,
    unknown_content_warning,
    was_interrupted,
)
from .workload import check_init_images, config_fingerprint, containers_of, images_of, open_ports, secrets_fingerprint

UPDATE_STRATEGY = Choice(("offline_old_then_online_new", "online_new_then_offline_old"))
ADVICE = "The next release uses it. Option force of jst_deployment, or release_force of role release, releases now."
NOT_SHOWN = "(not shown by the service)"
HIDDEN_DIFFERENCES = {
    "configuration": ("as at the last release", "as stored now"),
    "secrets": ("as at the last release", HIDDEN_CHANGE),
}
"""Reason of a release -> both sides of the diff, where no content can be shown."""


class Images(FieldType):
    """Image addresses, in the order of the containers."""

    def spec(self) -> dict[str, Any]:
        return {"type": "list", "elements": "str"}

    def clean(self, value: Any) -> list[str]:
        for image in value:
            if str(image).lstrip().startswith("["):
                # As in -e 'release_images=["shop:2"]', which Ansible reads as text.
                raise ValueError(
                    f"holds the string {image!r} instead of a list. On a command line, write the list as JSON: "
                    """-e '{"release_images": ["shop:2"]}'"""
                )
            if not is_image(image):
                raise ValueError(f"holds {image!r}, which is not the address of an image")
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
        # It says how instances are replaced, and nothing about what runs.
        Field("update_strategy", UPDATE_STRATEGY, "UpdateStrategyType", response_path="", write_only=CALL_MODE),
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
                    hint=Hint(
                        "Leave it out to release the images of the deploy config.",
                        "要使用部署配置中的镜像发布，请去掉该选项。",
                    ),
                )
        return super().desired_state(options)

    # Live and desired content

    def find(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State:
        """Return also how what runs differs from what is desired."""
        state = super().find(ctx, scope, given)
        if state["order"] is None:
            state["comparison"] = self.compare(ctx, state)
        return state

    def read_current(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State:
        """Return the environment, its deploy config, its live content by the baseline, and its desired content."""
        place = {"AppId": scope["app_id"], "EnvId": scope["environment_id"]}
        environment = ctx.read("DescribeAppEnvironmentDetail", place)
        config_id = self.config_id(ctx, scope, environment)
        config = self.read_config(ctx, scope, config_id)
        desired = self.desired_content(given, config_id, config)
        return {
            "environment_name": environment.get("env_name") or None,
            "config": config,
            "deployed": self.read_deployed(ctx, scope),
            "desired": desired,
        }

    def config_id(
        self, ctx: RunContext, scope: Mapping[str, Any], environment: Mapping[str, Any]
    ) -> int | PlannedRef | None:
        """Return the id of the deploy config, or a planned reference when check mode predicts its creation.

        :param environment: the environment as the service shows it.
        """
        # The service does not show another deploy config that a composition gives the environment in the same run.
        config = ctx.options.get("deploy_config")
        found: int | PlannedRef | None = config
        if config is None:
            found = RESOURCE_ID.deserialize(environment.get("app_schema_id"))
        elif isinstance(config, str) and not isinstance(config, PlannedRef):
            found = DeployConfig().resolve(ctx, config, {**scope, "env_type": ctx.options["env_type"]})
        return found

    def read_config(
        self, ctx: RunContext, scope: Mapping[str, Any], config_id: int | PlannedRef | None
    ) -> State | None:
        """Return the deploy config, ``None`` when the service does not show it.

        A composition gives the deploy configs as they will be when the environment is released.
        """
        known: State | None = ctx.options.get("config")
        for config in ctx.options.get("configs") or ():
            if config is not None and config_id is not None and config["deploy_config_id"] == config_id:
                known = config
        if known is not None:
            return known
        return DeployConfig().read(ctx, {"app_id": scope["app_id"]}, config_id) if isinstance(config_id, int) else None

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
        self, given: Mapping[str, Any], config_id: int | PlannedRef | None, config: State | None
    ) -> State:
        """Return the desired content. Its images default to those of the deploy config (reference 5.1.1)."""
        desired = {"deploy_config_id": config_id, **deploy_content(given)}
        if config_id is not None and not set(desired) & {"packet_id", "packet_url", "images"}:
            desired["images"] = images_of(config or {})
        return desired

    def mark(self, current: Mapping[str, Any]) -> Mark:
        """Return the mark of the desired release."""
        config = current["config"]
        return Mark(
            content_fingerprint(current["desired"]),
            config_fingerprint(config),
            open_ports(config),
            secrets_fingerprint(config),
        )

    def needs_order(self, ctx: RunContext, given: Mapping[str, Any], current: State) -> bool:
        """Return whether the live content or configuration differs from the desired one.

        When nothing shows the live content, nothing is released.
        """
        if ctx.options["force"]:
            return True
        self.warn_of_unknown(ctx, given, current)
        return bool(current["comparison"].reasons)

    def compare(self, ctx: RunContext, current: State) -> Comparison:
        """Compare the last release with the desired one."""
        # An empty baseline means an environment that was taken offline, or a service that shows no content.
        shown = current["deployed"]
        is_empty = last_decided(current) is not None and shown is not None and not any(shown.values())
        is_offline = is_empty and not self.has_instances(ctx, current)
        return compare_release(current, current["desired"], self.mark(current), is_offline)

    def warn_of_unknown(self, ctx: RunContext, given: Mapping[str, Any], current: State) -> None:
        """Warn of what is not known of an environment, unless a known difference is reason enough for a release."""
        comparison: Comparison = current["comparison"]
        environment, last = self.environment_title({**current, **given}), last_decided(current)
        if comparison.reasons:
            return
        if comparison.content_is_unknown:
            ctx.warn(unknown_content_warning(environment, last))
        elif comparison.config_is_unknown:
            ctx.warn(unknown_config_warning(environment, last))

    def has_instances(self, ctx: RunContext, current: State) -> bool:
        """Return whether the environment has instances that are not going offline."""
        return bool(list_running(ctx, current))

    def order_matches(self, order: State, given: Mapping[str, Any], current: State) -> bool:
        """Return whether an order has the mark of the desired release in its description or its default name."""
        return self.mark(current).is_of_same_release(parse_mark(order))

    def with_missing_details(self, ctx: RunContext, scope: Mapping[str, Any], order: State) -> State:
        """Return an order with its description, which the sample of the list lacks (reference 5.1.2).

        A default name shows neither Secrets nor ports, and may be cut.
        """
        order = super().with_missing_details(ctx, scope, order)
        return order if order["description"] is not None else self.with_described_values(ctx, scope, order)

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Reject options that do not fit the app or its deploy config (reference 5.1.1).

        :raises InvalidOptionError: naming the option.
        """
        if "update_strategy" in given and scope.get("app_id") is not None:
            check_update_strategy((App().read(ctx, {}, scope["app_id"]) or {}).get("state_type"))
        config = plan.before["config"] if plan.before is not None else ctx.options.get("config")
        containers = containers_of(config or {})
        if containers is not None:
            check_images(given, containers)
        if not given.get("init_images"):
            check_init_images(config or {})

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
            hint=Hint(
                "Name a cluster where the environment is created, or allocate one with jst_resource_alloc.",
                "请在创建环境时指定集群，或用 jst_resource_alloc 分配集群。",
            ),
        )

    def has_allocations(self, ctx: RunContext, scope: Mapping[str, Any]) -> bool:
        """Return whether the service shows an allocation of any environment of the app.

        The reference does not say whether an environment created with a cluster has one (1.2.1, 6.3).
        """
        place = {"AppId": scope["app_id"]}
        return bool(ctx.client.list_all("ListAppResourceAllocs", place, deadline=ctx.deadline))

    def plan_order(self, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Plan a deploy order with a note of its content and the mark."""
        desired = current["desired"] if current else deploy_content(given)
        mark = self.mark(current) if current else Mark(content_fingerprint(desired))
        description = format_description(given.get("description", ""), desired, mark)
        values = {"name": mark.order_name, **given, "description": description}
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
        for reason in before["comparison"].reasons if before is not None and before is not after else ():
            if reason.reason in HIDDEN_DIFFERENCES:
                sides[0][reason.reason], sides[1][reason.reason] = HIDDEN_DIFFERENCES[reason.reason]
        order = (after or {}).get("order") or {}
        if sides[0] == sides[1] and order and "deploy_order_id" not in order:
            # The same content is released again, as with force=true. Only the deploy order differs.
            sides[0].update({"deploy_order": ORDER.describe(last)} if last else {})
            sides[1]["deploy_order"] = f"a new one ({order['name']!r}), which releases the same again"
        return sides


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
                hint=Hint(
                    "Give one image for each container, in the order of the deploy config.",
                    "每个容器都要有一个镜像，顺序与部署配置中的容器相同。",
                ),
            )
