# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Environments of an app (reference 1.2)."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from .._api.errors import JstError
from .._api.hints import Hint
from .._core.errors import InvalidOptionError, NotFoundError
from .._core.field_types import TEXT, Id, Integer
from .._core.fields import ON_CREATE, RESOURCE_ID, Field, ListOperation, OperationRef, Parent, State
from .._core.plan import Plan, Step
from .._core.resource import Resource
from .._core.run_context import RunContext
from .._core.wording import capitalize_first, count_words, join_known, name_words
from .app import APP, BIZ_CODE, App
from .cluster import Cluster
from .deploy_config import DeployConfig, unfit_config_error
from .env_types import CLUSTER_ENV_TYPE, ENV_TYPE_NUMBER
from .regions import Region, set_default_region

OFFLINE = OperationRef(
    "OfflineAppEnvironment", {"AppId": "app_id", "EnvId": "environment_id", "DeletePvc": "delete_pvc"}
)


class Environment(Resource):
    """An environment. No rule makes its name unique. An environment without instances counts as offline."""

    name = "environment"
    plural = "environments"
    label = "environment"
    id_field = tiebreak_id = "environment_id"
    scope = (APP,)
    key = ("name",)
    fields = (
        Field("environment_id", RESOURCE_ID, response_path="env_id"),
        Field("name", param="EnvName", response_path="env_name", required=True, immutable=True),
        Field("env_type", ENV_TYPE_NUMBER, "EnvType", required=True, immutable=True),
        Field("region", Region(), "Region", required=True, immutable=True),
        Field("replicas", Integer(0), "Replicas", required=True),
        Field(
            "deploy_config_id",
            Id(),
            "AppSchemaId",
            response_path="app_schema_id",
            option="deploy_config",
            required=True,
            refers_to=DeployConfig(),
            may_be_planned=True,
            id_type=RESOURCE_ID,
        ),
        Field(
            "cluster_id",
            param="ClusterId",
            option="cluster",
            immutable=True,
            refers_to=Cluster(),
            id_type=TEXT,
            write_only=ON_CREATE,
            advice="Use jst_resource_alloc to allocate a cluster.",
        ),
    )
    list_op = ListOperation("ListAppEnvironment", {"AppId": "app_id"}, {"EnvType": "env_type", "EnvName": "name"})
    list_is_partial = True
    describe_op = OperationRef("DescribeAppEnvironmentDetail", {"AppId": "app_id", "EnvId": "environment_id"})
    create_op = OperationRef("CreateEnvironment", {"AppId": "app_id"}, {"environment_id": "app_env_id"})
    update_op = OperationRef("UpdateEnvironment", {"AppId": "app_id", "AppEnvId": "environment_id"})
    delete_op = OperationRef("DeleteAppEnvironment", {"AppId": "app_id", "EnvId": "environment_id", "Force": "force"})
    unblocked_by = ("jst_environment", "jst_scale", "jst_service", "jst_slb_ap", "jst_deploy_config")
    states = ("present", "absent", "offline")
    extra_options = {"force": {"type": "bool", "default": False}, "delete_pvc": {"type": "bool", "default": False}}

    def read(self, ctx: RunContext, scope: Mapping[str, Any], resource_id: Any) -> State | None:
        """Return the environment with its cluster, which only the resource allocation shows (reference 1.2.4, 6.3)."""
        state = super().read(ctx, scope, resource_id)
        if state is not None:
            allocations = ctx.client.list_mapped(
                "ListAppResourceAllocs",
                {"AppEnvId": resource_id},
                lambda item: item if RESOURCE_ID.deserialize(item.get("app_env_id")) in (None, resource_id) else None,
                deadline=ctx.deadline,
            )
            state["cluster_id"] = allocations[0].get("cluster_id") if allocations else None
        return state

    def plan(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Plan the state. A new environment without a region gets the default one."""
        if ctx.state == "offline":
            return self.plan_offline(ctx, scope, given, current)
        if current is None and ctx.state == "present":
            set_default_region(ctx, given)
        return super().plan(ctx, scope, given, current)

    def plan_offline(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Plan to take the environment offline, if it has instances."""
        if current is None:
            name = given.get("name", given.get("environment_id"))
            absent = NotFoundError(self.label, name, place=self.place(ctx, scope))
            if not ctx.check_mode:
                raise absent
            ctx.warn(f"{absent.message} A real run is assumed to create it first.")
            return Plan(None, None)
        current["instances"] = self.count_instances(ctx, current)
        if not current["instances"]:
            return Plan(current, current)
        parameters = self.parameters(OFFLINE.keys, {**ctx.options, **current})
        step = Step(OFFLINE.action, parameters, f"take {self.describe(current)} offline")
        return Plan(current, {**current, "instances": 0}, [step])

    def uses(self, ctx: RunContext, scope: Mapping[str, Any], resource_id: Any) -> Sequence[str]:
        """Return the instances, services and access points of an environment, in words.

        Without the services and access points that a composition deletes before the environment.
        """
        place = {"AppId": scope["app_id"], "EnvId": resource_id}
        services, points = ctx.options.get("deleted_services", ()), ctx.options.get("deleted_slb_aps", ())

        def names(action: str, label: str) -> Sequence[str]:
            def name(record: Mapping[str, Any]) -> str | None:
                point = (record.get("slb_id"), record.get("listener_port"))
                is_deleted = record.get("k8s_service_id") in services or point in points
                return None if is_deleted else name_words(label, record.get("name"))

            return ctx.client.list_mapped(action, place, name, deadline=ctx.deadline)

        statuses = ctx.client.list_mapped(
            "ListAppInstance", place, lambda record: str(record.get("status")), deadline=ctx.deadline
        )
        count = len([status for status in statuses if status != "Offlining"])
        instances = [count_words(count, "instance")] if count else []
        return [*instances, *names("ListServices", "service"), *names("ListSlbAPs", "access point")]

    def count_instances(self, ctx: RunContext, state: State) -> int:
        """Return the number of app instances of an environment."""
        parameters = {"AppId": state["app_id"], "EnvId": state["environment_id"]}
        return len(ctx.client.list_mapped("ListAppInstance", parameters, lambda record: True, deadline=ctx.deadline))

    def is_desired(self, ctx: RunContext, given: State, current: State | None) -> bool:
        """Return whether the live state is the desired one: with state ``offline``, no instance is left."""
        if ctx.state == "offline":
            return current is not None and not self.count_instances(ctx, current)
        return super().is_desired(ctx, given, current)

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Reject a cluster of another environment type or business domain (reference 1.2.1).

        A composition that releases the environment also needs one.
        """
        if plan.before is not None or ctx.state == "absent":
            return
        if given.get("cluster_id") is None:
            if ctx.options.get("will_release"):
                raise InvalidOptionError(
                    "Option release is set, but the environment has no cluster.",
                    hint=Hint(
                        "Set cluster or cluster_id, or remove release from the description of the environment.",
                        "请用 cluster 或 cluster_id 指定集群，或从该环境的描述中去掉 release。",
                    ),
                )
            return
        check_cluster(ctx, given["cluster_id"], given["env_type"], read_business_domain(ctx, scope))

    def obstacle(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """Return an error for the deletion of an environment in use, and for an unfit deploy config (reference 1.2)."""
        if ctx.state == "present":
            config = ctx.options.get("deploy_config_id")
            if config in (None, (plan.before or {}).get("deploy_config_id")):
                return None
            return unfit_config_error(ctx, scope, config, (plan.after or {}).get("env_type"))
        if ctx.state != "absent" or plan.before is None or ctx.options["force"]:
            return None
        contents = self.uses(ctx, scope, plan.before["environment_id"])
        if not contents:
            return None
        return InvalidOptionError(
            f"{capitalize_first(self.describe(plan.before))} still has {', '.join(contents)}.",
            hint=Hint(
                "First take the environment offline and delete its resources, or set {force}.",
                "请先下线该环境并删除其中的资源，或设置 {force}。",
                force=ctx.setting_words("force=true"),
            ),
        )

    def to_diff(self, before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return both sides of the diff, with the number of instances when the run takes the environment offline."""
        sides = super().to_diff(before, after)
        for side, state in zip(sides, (before, after)):
            if state is not None and "instances" in state:
                side["instances"] = state["instances"]
        return sides


def read_business_domain(ctx: RunContext, scope: Mapping[str, Any]) -> str | None:
    """Return the business domain of the app in scope, ``None`` when it is unknown.

    The description of a whole app holds it before the app exists.
    """
    domain: str | None = ctx.options.get("biz_code")
    if domain is None and scope.get("app_id") is not None:
        domain = (App().read(ctx, {}, scope["app_id"]) or {}).get("biz_code")
    return domain


def check_cluster(ctx: RunContext, cluster_id: str, env_type: str | None, domain: str | None = None) -> None:
    """Check that a cluster fits an environment (reference 1.2.1).

    :param cluster_id: the instance id.
    :param env_type: the type of the environment, ``None`` when it is unknown.
    :param domain: the business domain of the app, ``None`` when it is unknown.
    :raises NotFoundError: when the cluster does not exist.
    :raises InvalidOptionError: when it is of the other environment type, or of another business domain.
    """
    name = ctx.options.get("cluster") or cluster_id
    filters = {"EnvType": CLUSTER_ENV_TYPE.serialize(env_type)} if env_type else {}
    fitting = ctx.client.list_all("ListCluster", filters, deadline=ctx.deadline, thorough=True)
    found = next((cluster for cluster in fitting if cluster.get("instance_id") == cluster_id), None)
    if found is not None:
        cluster_domain = BIZ_CODE.deserialize(found.get("business_code"))
        if None not in (cluster_domain, domain) and cluster_domain != domain:
            raise InvalidOptionError(
                f"Cluster {name!r} is of the business domain {cluster_domain}, and the app is of {domain}."
            )
        return
    clusters = []
    if env_type:
        clusters = ctx.client.list_all("ListCluster", {}, deadline=ctx.deadline, thorough=True)
    if cluster_id not in [cluster.get("instance_id") for cluster in clusters]:
        raise NotFoundError("cluster", cluster_id)
    raise InvalidOptionError(
        f"Cluster {name!r} does not have env_type={env_type}, which an environment with env_type={env_type} requires.",
        hint=Hint(
            "Clusters that fit: {clusters}.",
            "符合条件的集群：{clusters}。",
            clusters=join_known(", ", *(item.get("cluster_title") for item in fitting)) or Hint("none", "无"),
        ),
    )


ENVIRONMENT = Parent("environment", "environment_id", Environment(), response_names=("env_id", "app_env_id"))
