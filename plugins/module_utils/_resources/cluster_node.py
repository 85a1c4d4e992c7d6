# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""The ECS instances of a cluster (reference 6.4)."""

from __future__ import annotations

from typing import Any, Mapping

from .._api.hints import Hint
from .._core.errors import IncompleteDataError, InvalidOptionError
from .._core.field_types import Integer, StringSet
from .._core.fields import Field, ListOperation, OperationRef, State, computed
from .._core.info import Info
from .._core.plan import Plan, Step
from .._core.reading import ReadOnlyResource
from .._core.resource import Resource
from .._core.run_context import RunContext
from .app import BIZ_CODE
from .cluster import CLUSTER

NODE_FIELDS = (
    computed("instance_id"),
    computed("instance_name"),
    computed("instance_type"),
    computed("private_ip", response_path="ecs_private_ip"),
    computed("public_ip", response_path="ecs_public_ip"),
    computed("eip", response_path="ecs_eip"),
    computed("cpu", Integer(), response_path="ecs_cpu"),
    computed("memory_mb", Integer(), response_path="ecs_memory"),
    computed("os_type", response_path="ecs_os_type"),
    computed("os_name"),
    computed("region_id"),
    computed("zone", response_path="ecs_zone"),
    computed("vpc_id"),
    computed("expires", response_path="ecs_expired_time"),
    computed("biz_code", BIZ_CODE, response_path="business_code"),
    computed("specification", response_path="ecs_configuration"),
    computed("local_storage", response_path="ecs_local_storage_capacity"),
    computed("network_type", response_path="instance_network_type"),
    computed("bandwidth_in_mbps", Integer(), response_path="internet_max_bandwidth_in"),
    computed("bandwidth_out_mbps", Integer(), response_path="internet_max_bandwidth_out"),
)

ADD = OperationRef("AddClusterNode", {"ClusterInstanceId": "cluster_id", "EcsInstanceIdList": "ids"})
REMOVE = OperationRef("RemoveClusterNode", {"ClusterInstanceId": "cluster_id", "EcsInstanceIdList": "ids"})


class ClusterNode(ReadOnlyResource):
    """An ECS instance that is a node of a cluster."""

    name = "cluster_node"
    plural = "cluster_nodes"
    label = "node"
    scope = (CLUSTER,)
    fields = NODE_FIELDS
    list_op = ListOperation("ListClusterNode", {"ClusterInstanceId": "cluster_id"})


class AvailableClusterNode(ClusterNode):
    """An ECS instance that could join the cluster."""

    list_op = ListOperation("ListAvailableClusterNode", {"ClusterInstanceId": "cluster_id"})


class ClusterNodeSet(Resource):
    """The set of nodes of a cluster. Member ``nodes`` of its state maps instance ids to the states of nodes."""

    name = "cluster_nodes"
    label = "nodes of the cluster"
    scope = (CLUSTER,)
    key = ("instance_ids",)
    fields = (Field("instance_ids", StringSet()),)
    own_update_ops = (ADD, REMOVE)
    supports_wait = True
    extra_options = {"purge": {"type": "bool", "default": False}}

    def desired_state(self, options: Mapping[str, Any]) -> State:
        """Return the desired ids, each once, and whether other nodes are removed."""
        return {**super().desired_state(options), "purge": options["purge"]}

    def describe(self, values: Mapping[str, Any]) -> str:
        """Return the label. The set has no name."""
        return self.label

    def find(self, ctx: RunContext, scope: Mapping[str, Any], given: Mapping[str, Any]) -> State:
        """Return all nodes of the cluster. The set always exists."""
        nodes = {state["instance_id"]: state for state in ClusterNode().list_states(ctx, scope, {})}
        if None in nodes:
            raise IncompleteDataError("node", scope["cluster_id"], ["instance_id"])
        return {**scope, "nodes": nodes, "instance_ids": sorted(nodes)}

    def node_changes(self, ctx: RunContext, given: State, current: State | None) -> tuple[list[str], list[str]]:
        """Return the ids to add and the ids to remove."""
        desired, present = set(given["instance_ids"]), set(current["instance_ids"] if current else ())
        if ctx.state == "absent":
            return [], sorted(desired & present)
        return sorted(desired - present), sorted(present - desired) if given["purge"] else []

    def plan(self, ctx: RunContext, scope: Mapping[str, Any], given: State, current: State | None) -> Plan:
        """Plan the additions and the removals, in one call each.

        :raises InvalidOptionError: when an id is neither in the cluster nor free to join it.
        """
        before = current or {**scope, "nodes": {}, "instance_ids": []}
        added, removed = self.node_changes(ctx, given, before)
        free: dict[str, State] = {}
        if added and current is not None:
            candidates = AvailableClusterNode().list_states(
                ctx, scope, {}, predicate=lambda state: state["instance_id"] in added
            )
            free = {state["instance_id"]: state for state in candidates}
            unknown = [item for item in added if item not in free]
            # After the write, an instance is in neither list until it has joined.
            if unknown and not ctx.writing:
                raise InvalidOptionError(
                    f"Neither in the cluster nor free to join it: {', '.join(unknown)}.",
                    hint=Hint(
                        "List the candidates with jst_cluster_node_info and available=true. An instance that another "
                        "task has just added is in neither list until it has joined.",
                        "用 jst_cluster_node_info 并设置 available=true，可以列出可加入集群的实例。"
                        "其他任务刚刚添加的实例，在加入完成之前，既不在可加入的实例中，也不在集群节点中。",
                    ),
                )
        nodes = {name: node for name, node in before["nodes"].items() if name not in removed}
        nodes.update({name: free.get(name, {**scope, "instance_id": name}) for name in added})
        steps = [
            Step(request.action, self.parameters(request.keys, {**scope, "ids": ids}), f"{verb} {', '.join(ids)}")
            for request, verb, ids in (
                (ADD, "add nodes", [item for item in added if current is None or item in free]),
                (REMOVE, "remove nodes", removed),
            )
            if ids
        ]
        return Plan(before, {**before, "nodes": nodes, "instance_ids": sorted(nodes)}, steps)

    def is_desired(self, ctx: RunContext, given: State, current: State | None) -> bool:
        """Return whether no node is left to add or to remove."""
        return self.node_changes(ctx, given, current) == ([], [])

    def wait_reason(self, ctx: RunContext, given: State, state: State) -> str | None:
        """Return the nodes that have not joined or left yet."""
        missing = [item for item in given["instance_ids"] if item not in state["nodes"]]
        leaving = [item for item in state["nodes"] if given["purge"] and item not in given["instance_ids"]]
        words = {"not listed yet": missing, "still listed": leaving}
        return "; ".join(f"{word}: {', '.join(ids)}" for word, ids in words.items() if ids) or None

    def to_result(self, state: State | None) -> Any:
        """Return the nodes as ``jst_cluster_node_info`` lists them."""
        return (
            None
            if state is None
            else [ClusterNode().to_result(state["nodes"][name]) for name in sorted(state["nodes"])]
        )

    def to_diff(self, before: State | None, after: State | None) -> tuple[dict[str, Any], dict[str, Any]]:
        """Return both sides of the diff: the instance ids."""
        sides = [{} if state is None else {"instance_ids": state["instance_ids"]} for state in (before, after)]
        return sides[0], sides[1]


class ClusterNodeInfo(Info):
    """List the nodes of a cluster, or the ECS instances that could join it."""

    resource = ClusterNode()
    filters = ("instance_id",)
    extra_options = {"available": {"type": "bool", "default": False}}

    def select_resource(self, options: Mapping[str, Any]) -> ReadOnlyResource:
        """Return the resource to list: nodes, or the candidates."""
        return AvailableClusterNode() if options["available"] else self.resource
