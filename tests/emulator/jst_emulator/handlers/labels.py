# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Node labels and their bindings to nodes (reference 6.2)."""

from __future__ import annotations

from typing import Any

from jst_emulator import scheduling
from jst_emulator.handlers.checks import require_nonblank
from jst_emulator.handlers.lookup import get_or_raise, running_cluster
from jst_emulator.models.cluster_objects import NodeLabel, NodeLabelBinding
from jst_emulator.registry import AlreadyExistsError, InvalidStateError, NotFoundError, Params, operation
from jst_emulator.world import World

#: The code of a rejected DeleteNodeLabel (reference 6.2.3); the reason for it is assumed.
_STILL_BOUND = 3


@operation("CreateNodeLabel")
def create_label(world: World, p: Params) -> dict[str, Any]:
    """Create a label without bindings."""
    cluster = running_cluster(world, p["ClusterId"])
    require_nonblank(p, "LabelValue")
    if _find(world, p) is not None:
        raise AlreadyExistsError(f"Label {_words(p)} exists already.")
    return _to_response(_add(world, cluster.cluster_instance_id, p))


@operation("ListNodeLabels")
def list_labels(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the labels of a cluster."""
    cluster = get_or_raise(world.clusters, p["ClusterId"], "Cluster")
    return [
        _to_response(one)
        for one in world.node_labels.values()
        if one.cluster_instance_id == cluster.cluster_instance_id
        and one.label_key == (p.get("LabelKey") or one.label_key)
    ]


@operation("DeleteNodeLabel")
def delete_label(world: World, p: Params) -> None:
    """Delete a label; one with bindings needs Force."""
    label = _get_or_raise(world, p)
    bindings = [one for one in world.node_label_bindings.values() if one.label_id == label.label_id]
    if bindings and not p.get("Force"):
        raise InvalidStateError(
            f"Label {_words(p)} is bound to {len(bindings)} nodes; unbind it or use Force.", _STILL_BOUND
        )
    for binding in bindings:
        world.remove(binding)
    world.remove(label)


@operation("BindNodeLabel")
def bind_label(world: World, p: Params) -> None:
    """Bind a label to a node of its cluster, and create the label when it does not exist."""
    cluster = running_cluster(world, p["ClusterId"])
    require_nonblank(p, "LabelValue")
    nodes = [one.instance_id for one in scheduling.nodes(world, cluster.cluster_instance_id)]
    if p["InstanceId"] not in nodes:
        raise InvalidStateError(
            f"ECS instance {p['InstanceId']} is not a node of cluster {cluster.cluster_instance_id}."
        )
    label = _find(world, p) or _add(world, cluster.cluster_instance_id, p)
    if _binding(world, label, p["InstanceId"]) is not None:
        raise AlreadyExistsError(f"Label {_words(p)} is bound to {p['InstanceId']} already.")
    world.add(NodeLabelBinding(label_id=label.label_id, instance_id=p["InstanceId"]))


@operation("UnbindNodeLabel")
def unbind_label(world: World, p: Params) -> None:
    """Unbind a label from a node."""
    binding = _binding(world, _get_or_raise(world, p), p["InstanceId"])
    if binding is None:
        raise NotFoundError(f"Label {_words(p)} is not bound to {p['InstanceId']}.")
    world.remove(binding)


@operation("ListNodeLabelBindings")
def list_bindings(world: World, p: Params) -> list[dict[str, Any]]:
    """Return the bindings that match the filters."""
    found = []
    for binding in world.node_label_bindings.values():
        label = world.node_labels[binding.label_id]
        values = {
            "ClusterId": label.cluster_instance_id,
            "InstanceId": binding.instance_id,
            "LabelKey": label.label_key,
            "LabelValue": label.label_value,
        }
        if all(not p.get(name) or p[name] == value for name, value in values.items()):
            found.append(
                {
                    "Id": binding.binding_id,
                    "InstanceId": binding.instance_id,
                    "InstanceType": "ecs",
                    "LabelKey": label.label_key,
                    "LabelValue": label.label_value,
                }
            )
    return found


def _words(p: Params) -> str:
    return f"{p['LabelKey']}={p['LabelValue']}"


def _add(world: World, cluster_instance_id: str, p: Params) -> NodeLabel:
    return world.add(
        NodeLabel(cluster_instance_id=cluster_instance_id, label_key=p["LabelKey"], label_value=p["LabelValue"])
    )


def _find(world: World, p: Params) -> NodeLabel | None:
    for label in world.node_labels.values():
        if (label.cluster_instance_id, label.label_key, label.label_value) == (
            p["ClusterId"],
            p["LabelKey"],
            p["LabelValue"],
        ):
            return label
    return None


def _get_or_raise(world: World, p: Params) -> NodeLabel:
    get_or_raise(world.clusters, p["ClusterId"], "Cluster")
    label = _find(world, p)
    if label is None:
        raise NotFoundError(f"Label {_words(p)} does not exist in cluster {p['ClusterId']}.")
    return label


def _binding(world: World, label: NodeLabel, instance_id: str) -> NodeLabelBinding | None:
    for binding in world.node_label_bindings.values():
        if (binding.label_id, binding.instance_id) == (label.label_id, instance_id):
            return binding
    return None


def _to_response(label: NodeLabel) -> dict[str, Any]:
    return {
        "ClusterId": label.cluster_instance_id,
        "Id": label.label_id,
        "LabelKey": label.label_key,
        "LabelValue": label.label_value,
    }
