# Copyright (c) 2026, jst.retailcloud contributors
# Simplified BSD License (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
# SPDX-License-Identifier: BSD-2-Clause
"""Node labels, and the nodes to which they are bound (reference 6.2)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Iterator, Mapping

from .._api.errors import JstError
from .._api.hints import Hint
from .._core.errors import InvalidOptionError
from .._core.field_types import Integer, NotSecretText, StringSet, Text
from .._core.fields import Field, ListOperation, OperationRef, State, computed
from .._core.info import Info
from .._core.membership import Membership
from .._core.plan import Plan
from .._core.reading import ListQuery
from .._core.run_context import RunContext
from .cluster import CLUSTER
from .cluster_node import ClusterNode

LABEL = {"ClusterId": "cluster_id", "LabelKey": "key", "LabelValue": "value"}


class NodeLabel(Membership):
    """A label of a cluster and the ECS instances to which it is bound."""

    name = "node_label"
    plural = "node_labels"
    label = "node label"
    scope = (CLUSTER,)
    key = ("key", "value")
    fields = (
        computed("node_label_id", Integer(), response_path="id"),
        Field(
            "key",
            NotSecretText(),
            "LabelKey",
            response_path="label_key",
            required=True,
            immutable=True,
            create_type=Text(r"label\.jst\.com/.+", "a string that starts with label.jst.com/"),
        ),
        Field("value", param="LabelValue", response_path="label_value", required=True, immutable=True),
        Field("instance_ids", StringSet()),
    )
    list_is_partial = True
    list_op = ListOperation("ListNodeLabels", {"ClusterId": "cluster_id"}, {"LabelKey": "key"})
    create_op = OperationRef("CreateNodeLabel", {"ClusterId": "cluster_id"})
    delete_op = OperationRef("DeleteNodeLabel", {**LABEL, "Force": "force"})
    members = "instance_ids"
    purge = "purge"
    member_parameter = "InstanceId"
    add_op = OperationRef("BindNodeLabel", LABEL)
    remove_op = OperationRef("UnbindNodeLabel", LABEL)
    own_update_ops = (add_op, remove_op)
    unblocked_by = ("jst_node_label", "jst_cluster_node", "jst_cluster")
    extra_options = {"purge": {"type": "bool", "default": False}, "force": {"type": "bool", "default": False}}

    def run_query(self, ctx: RunContext, query: ListQuery) -> Iterator[State]:
        """Yield the labels of a cluster. Extra parameters filter them by the list of bindings."""
        labels = super().run_query(ctx, replace(query, extra_params={}))
        if not query.extra_params:
            return labels
        parameters = {**self.parameters(LABEL, {**query.scope, **query.filters}), **query.extra_params}
        bound = set(
            ctx.client.list_mapped(
                "ListNodeLabelBindings",
                parameters,
                lambda binding: (binding.get("label_key"), binding.get("label_value")),
                deadline=ctx.deadline,
            )
        )
        return (label for label in labels if (label["key"], label["value"]) in bound)

    def with_details(self, ctx: RunContext, scope: Mapping[str, Any], listed: State) -> State:
        """Return the label with the ids of the instances to which it is bound."""
        parameters = self.parameters(LABEL, listed)
        bindings = ctx.client.list_all("ListNodeLabelBindings", parameters, deadline=ctx.deadline)
        label = {"label_key": listed["key"], "label_value": listed["value"]}
        # The reference does not say whether the filters of the list match exactly.
        exact = [item for item in bindings if all(item.get(name) in (None, text) for name, text in label.items())]
        return {**listed, "instance_ids": StringSet().deserialize([binding.get("instance_id") for binding in exact])}

    def obstacle(self, ctx: RunContext, scope: Mapping[str, Any], given: State, plan: Plan) -> JstError | None:
        """Return an error for instances that are no nodes of the cluster."""
        joining, _dummy = self.member_changes(given, plan.before)
        if ctx.state == "absent" or scope.get("cluster_id") is None or not joining:
            return None
        nodes = [node["instance_id"] for node in ClusterNode().list_states(ctx, scope, {})]
        missing = [member for member in joining if member not in nodes]
        if not missing or None in nodes:
            return None
        return InvalidOptionError(
            f"Not among the nodes of the cluster: {', '.join(missing)}.",
            hint=Hint(
                "List the nodes with jst_cluster_node_info, or add one with jst_cluster_node.",
                "可以用 jst_cluster_node_info 列出节点，用 jst_cluster_node 添加节点。",
            ),
        )


class NodeLabelInfo(Info):
    """List the labels of a cluster."""

    resource = NodeLabel()
    filters = ("key", "value")
    request_filters = (Field("instance_id", param="InstanceId"),)
    details = True
