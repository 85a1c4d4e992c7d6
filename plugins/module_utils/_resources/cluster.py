# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Clusters (reference 6.4)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Iterator, Mapping

from .._api.hints import Hint
from .._core.errors import FailedStateError, InvalidOptionError
from .._core.field_types import TEXT, Boolean, Choice, Integer, NotSecretText, Number, Secret, StringSet
from .._core.fields import ON_CREATE, Field, ListOperation, OperationRef, Parent, Predicate, State, computed
from .._core.info import Info
from .._core.plan import Plan
from .._core.reading import ListQuery
from .._core.resource import Resource
from .._core.run_context import RunContext
from .._core.wording import capitalize_first, join_known, status_words
from .app import BIZ_CODE
from .cluster_detail import read_detail
from .env_types import CLUSTER_ENV_TYPE
from .regions import Region, set_default_region

PASSWORD = Secret(
    r"(?=.*[A-Z])(?=.*[a-z])(?=.*[0-9])(?=.*[^A-Za-z0-9]).{8,}",
    "at least 8 characters with an upper-case letter, a lower-case letter, a digit and a special character",
)
TYPES_WITH_NETWORKS = ("Windows", "Standard")


class Cluster(Resource):
    """A cluster. No rule makes its title unique, and no field of it can change."""

    name = "cluster"
    plural = "clusters"
    label = "cluster"
    id_field = "cluster_id"
    id_type = TEXT
    key = ("title",)
    shares_names = True
    fields = (
        Field("cluster_id", TEXT, response_path="instance_id"),
        Field("title", param="ClusterTitle", response_path="cluster_title", required=True, immutable=True),
        Field("biz_code", BIZ_CODE, "BusinessCode", response_path="business_code", required=True, immutable=True),
        Field("env_type", CLUSTER_ENV_TYPE, "ClusterEnvType", required=True, immutable=True),
        Field(
            "cluster_type",
            Choice(("Windows", "Serverless", "Standard")),
            "ClusterType",
            response_path="",
            required=True,
            immutable=True,
            write_only=ON_CREATE,
        ),
        Field("region", Region(), "RegionId", response_path="region_id", required=True, immutable=True),
        Field("region_name", param="RegionName", immutable=True),
        Field("vpc_id", param="VpcId", required=True, immutable=True),
        Field("vswitch_ids", StringSet(), "Vswitchids", required=True, immutable=True),
        Field("pod_cidr", param="PodCIDR", immutable=True),
        Field("service_cidr", param="ServiceCIDR", immutable=True),
        Field("key_pair", NotSecretText(), "KeyPair", immutable=True),
        Field("password", PASSWORD, "Password", response_path="", immutable=True, write_only=ON_CREATE),
        Field(
            "cloud_monitor",
            Boolean(number=True),
            "CloudMonitorFlags",
            response_path="",
            immutable=True,
            write_only=ON_CREATE,
        ),
        Field("public_slb", Boolean(number=True), "PublicSlb", response_path="", immutable=True, write_only=ON_CREATE),
        Field("snat_entry", Boolean(number=True), "SnatEntry", response_path="", immutable=True, write_only=ON_CREATE),
        Field(
            "log_integration",
            Boolean(),
            "CreateWithLogIntegration",
            response_path="",
            immutable=True,
            write_only=ON_CREATE,
            only_when=("cluster_type", ("Standard",)),
        ),
        Field(
            "arms_integration",
            Boolean(),
            "CreateWithArmsIntegration",
            response_path="",
            immutable=True,
            write_only=ON_CREATE,
        ),
        Field("net_plug", param="NetPlug", response_path="", immutable=True, write_only=ON_CREATE),
        Field("private_zone", Boolean(), "PrivateZone", response_path="", immutable=True, write_only=ON_CREATE),
        computed("database_id", Integer(), response_path="id"),
        computed("status"),
        computed("create_status"),
        computed("instance_ids", StringSet(), response_path="ecs_ids"),
        # The parameter of the same name has no effect, so the two are not compared.
        computed("network_plugin", response_path="net_plug"),
        computed("cpu_request_share", Number(), response_path="work_load_cpu"),
        computed("memory_request_share", Number(), response_path="work_load_mem"),
    )
    list_op = ListOperation("ListCluster", {}, {"BusinessCode": "biz_code", "EnvType": "env_type"})
    create_op = OperationRef("CreateCluster", returns={"cluster_id": "cluster_instance_id"})
    delete_op = OperationRef("DeleteCluster", {"ClusterInstanceId": "cluster_id"})
    supports_wait = True
    unblocked_by = ("jst_app", "jst_environment", "jst_resource_alloc", "jst_scale", "jst_deployment")
    extra_options = {"force": {"type": "bool", "default": False}}
    constraints = {"mutually_exclusive": [["password", "key_pair"]]}

    def run_query(self, ctx: RunContext, query: ListQuery) -> Iterator[State]:
        """Yield clusters with their environment type, which is found by the filter of the list.

        The reference explains the filter, but not the number in the records (6.4.1). The filter is used for the type
        alone: a cluster that it hides still exists.
        """
        predicate = query.predicate
        words = [query.filters["env_type"]] if query.filters.get("env_type") else ["online", "test"]

        def can_match(state: State) -> bool:
            return predicate is None or any(predicate({**state, "env_type": word}) for word in (*words, None))

        other_filters = {name: value for name, value in query.filters.items() if name != "env_type"}
        states = list(super().run_query(ctx, replace(query, filters=other_filters, predicate=can_match)))
        found = {state["cluster_id"] for state in states}

        def is_found(state: State) -> bool:
            return state["cluster_id"] in found

        types: dict[Any, str] = {}
        rest: str | None = None
        for word in words:
            if rest is None and any(state["cluster_id"] not in types for state in states):
                type_query = replace(query, filters={**other_filters, "env_type": word}, predicate=is_found)
                listed = super().run_query(ctx, type_query)
                types.update((state["cluster_id"], word) for state in listed)
                # The filter works if it found clusters. There are two types, so the rest are of the other one.
                rest = words[1] if types and [word] != words[-1:] else None
        for state in states:
            state["env_type"] = types.get(state["cluster_id"], rest)
            if predicate is None or predicate(state):
                yield state

    def lookup_candidates(
        self, ctx: RunContext, scope: Mapping[str, Any], key: Mapping[str, Any], predicate: Predicate | None = None
    ) -> Iterator[State]:
        """Yield all clusters, without looking up their environment types."""
        return super().run_query(ctx, ListQuery(scope, {}, predicate=predicate))

    def has_key(self, ctx: RunContext, key: Mapping[str, Any], resource_id: Any) -> bool:
        """Return whether one cluster has a title or id, and it is the one with that id."""
        found = self.lookup_candidates(ctx, {}, key, lambda state: self.matches(state, key))
        return {state["cluster_id"] for state in found} == {resource_id}

    def plan_creation(self, ctx: RunContext, scope: Mapping[str, Any], given: State) -> Plan:
        """Plan a cluster in the default region unless given. Networks and a login are required (reference 6.4.7)."""
        set_default_region(ctx, given)
        plan = super().plan_creation(ctx, scope, given)
        missing = [name for name in ("pod_cidr", "service_cidr") if given.get(name) is None]
        if given["cluster_type"] in TYPES_WITH_NETWORKS and missing:
            raise InvalidOptionError(
                f"A {given['cluster_type']} cluster needs also: {', '.join(missing)}.", missing=list(missing)
            )
        if given.get("password") is None and given.get("key_pair") is None:
            raise InvalidOptionError(f"To create {self.describe(given)}, give also password or key_pair.")
        return plan

    def plan_absent(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Plan no deletion of a cluster that is being deleted already."""
        if current is not None and is_deleting(current):
            return Plan(current, current)
        return super().plan_absent(ctx, scope, given, current)

    def preflight(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> None:
        """Reject the deletion of a cluster with apps unless forced: its effect on them is not documented."""
        if ctx.state != "absent" or plan.before is None or ctx.options["force"]:
            return
        if ctx.may_differ(self.unblocked_by):
            return
        ctx.activity = f"see what runs on {self.describe(plan.before)}"
        detail = read_detail(ctx, plan.before["cluster_id"])
        names = sorted(
            {join_known("/", pods["app"], pods["environment"]) for pods in detail["allocated_pods"] or ()} - {""}
        )
        if names or detail["app_count"]:
            listed = f": {', '.join(names)}" if names else ""
            raise InvalidOptionError(
                f"{capitalize_first(self.describe(plan.before))} still has applications on it{listed}.",
                hint=Hint(
                    "Delete these applications first, or set force=true.", "请先删除集群上的应用，或设置 force=true。"
                ),
            )

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """Return ``None`` once the cluster is running.

        :raises FailedStateError: when its creation has failed.
        """
        if str(state["status"]).lower() == "running":
            return None
        words = join_known(" ", state["status"], state["create_status"]).lower()
        if "fail" in words or "error" in words:
            raise FailedStateError(f"{capitalize_first(self.describe(state))} has failed: {words}.", state)
        return status_words(state["status"])


def is_deleting(state: State) -> bool:
    """Return whether a cluster is being deleted. The reference documents no status for that."""
    return "delet" in str(state["status"]).lower()


class ClusterInfo(Info):
    """List clusters."""

    resource = Cluster()
    filters = ("cluster_id", "title", "biz_code", "env_type")
    optional_details = {"details": "detail"}

    def fetch_detail(self, ctx: RunContext, scope: Mapping[str, Any], state: State, extra: str) -> Any:
        """Return the load, the nodes and the apps of a cluster."""
        return read_detail(ctx, state["cluster_id"])


CLUSTER = Parent("cluster", "cluster_id", Cluster(), id_type=TEXT)
