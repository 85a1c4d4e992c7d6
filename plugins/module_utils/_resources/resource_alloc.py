# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Resource allocations: the cluster on which an environment runs (reference 6.3)."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from .._core.field_types import TEXT, Integer
from .._core.fields import Field, ListOperation, OperationRef, State, computed
from .._core.info import Info
from .._core.plan import Plan, Step
from .._core.resource import Resource
from .._core.run_context import RunContext
from .app import APP
from .cluster import Cluster
from .env_types import ENV_TYPE_NUMBER
from .environment import ENVIRONMENT, check_cluster, read_business_domain


class ResourceAlloc(Resource):
    """The allocation of an environment, which has at most one (reference 6.3.3)."""

    name = "resource_alloc"
    plural = "resource_allocs"
    label = "resource allocation"
    id_field = "environment_id"
    scope = (APP, ENVIRONMENT)
    fields = (
        Field("cluster_id", param="ClusterId", option="cluster", required=True, refers_to=Cluster(), id_type=TEXT),
        computed("resource_alloc_id", Integer(), response_path="id"),
    )
    list_op = ListOperation(
        "ListAppResourceAllocs", {"AppId": "app_id", "AppEnvId": "environment_id"}, {"ClusterId": "cluster_id"}
    )
    describe_op = OperationRef("DescribeAppResourceAlloc", {"AppEnvId": "environment_id"})
    create_op = OperationRef("CreateAppResourceAlloc", {"AppId": "app_id", "AppEnvId": "environment_id"})
    delete_op = OperationRef("DeleteAppResourceAlloc", {"AppEnvId": "environment_id"})
    own_update_ops = (create_op, delete_op)

    def describe(self, values: Mapping[str, Any]) -> str:
        """Return the label with the environment. An allocation has no name."""
        environment = values.get("environment") or values.get("environment_id")
        return f"{self.label} of environment {environment!r}" if environment else self.label

    def find(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State | None:
        """Return the allocation of the environment in scope."""
        return self.read(ctx, scope, scope["environment_id"])

    def plan_creation(self, ctx: RunContext, scope: Mapping[str, Any], given: State) -> Plan:
        """Plan the creation without the id: it is that of the environment, and not set by the service."""
        return super().plan_creation(ctx, scope, {name: given[name] for name in given if name != self.id_field})

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Reject an unfit cluster: the service would reject it after the former allocation was deleted."""
        if plan.after is None or given.get("cluster_id") is None:
            return
        env_type = None
        if scope["environment_id"] is not None:
            place = {"AppId": scope["app_id"], "EnvId": scope["environment_id"]}
            env_type = ENV_TYPE_NUMBER.deserialize(ctx.read("DescribeAppEnvironmentDetail", place).get("env_type"))
        check_cluster(ctx, given["cluster_id"], env_type, read_business_domain(ctx, scope))

    def update_steps(
        self, ctx: RunContext, namespace: State, given: State, current: State, changed: Sequence[str]
    ) -> list[Step]:
        """Return a deletion and a creation: no operation updates an allocation."""
        return [*self.delete_steps(namespace), *self.create_steps(ctx, namespace, given)]


class ResourceAllocInfo(Info):
    """List allocations."""

    resource = ResourceAlloc()
    filters = ("cluster_id",)
    optional_parents = ("app", "environment")
