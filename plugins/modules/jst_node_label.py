#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_node_label
short_description: Manage labels of nodes
version_added: 1.0.0
description:
  - Creates and deletes node labels of a cluster, and binds them to nodes. Workloads can select nodes by their labels.
  - A label is a pair of O(key) and O(value). A different value for a key is a separate label.
  - The module binds and unbinds a label one node at a time. It binds first.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.attributes.state
  - jst.retailcloud.parents.cluster
options:
  state:
    description: Whether the label should exist.
    type: str
    choices: [present, absent]
    default: present
  key:
    description: The key of the label. It starts with V(label.jst.com/).
    type: str
    required: true
  value:
    description: The value of the label.
    type: str
    required: true
  instance_ids:
    description:
      - The ids of the ECS instances that must have the label. The instances have to be nodes of the cluster. The order
        does not matter.
      - Other bindings of the label stay unless O(purge=true).
      - When omitted, the module does not change the bindings.
    type: list
    elements: str
  purge:
    description:
      - Whether to unbind the label from instances that are not in O(instance_ids), including instances that are no
        longer nodes of the cluster. With an empty list, the label is unbound from all instances.
      - When O(instance_ids) is omitted, no binding is removed.
    type: bool
    default: false
  force:
    description:
      - With O(state=absent), also delete a label that is still bound. The module unbinds it first.
      - With V(false), the task fails before any change when the label is bound.
    type: bool
    default: false
seealso:
  - module: jst.retailcloud.jst_node_label_info
  - module: jst.retailcloud.jst_cluster_node
"""

EXAMPLES = r"""
- name: Label two nodes for web applications
  jst.retailcloud.jst_node_label:
    cluster: emu-online
    key: label.jst.com/role
    value: web
    instance_ids:
      - i-emu-node-1
      - i-emu-node-2

- name: Bind the label to a third node, and unbind it from all others
  jst.retailcloud.jst_node_label:
    cluster: emu-online
    key: label.jst.com/role
    value: web
    instance_ids:
      - i-emu-node-3
    purge: true

- name: Create a label without binding it
  jst.retailcloud.jst_node_label:
    cluster: emu-online
    key: label.jst.com/role
    value: batch

- name: Delete a label, whether it is bound or not
  jst.retailcloud.jst_node_label:
    cluster: emu-online
    key: label.jst.com/role
    value: web
    state: absent
    force: true
"""

RETURN = r"""
node_label:
  description:
    - The label after the task, or its predicted state in check mode.
    - Null with O(state=absent).
  returned: success
  type: dict
  contains:
    cluster_id:
      description: The instance id of the cluster. Null when check mode assumes a cluster that does not exist yet.
      type: str
      returned: always
      sample: c000000000000000000000000000000e1
    node_label_id:
      description: The id. Null for a label that check mode would create.
      type: int
      returned: always
      sample: 92001
    key:
      description: The key.
      type: str
      returned: always
      sample: label.jst.com/role
    value:
      description: The value.
      type: str
      returned: always
      sample: web
    instance_ids:
      description: The ids of the ECS instances that have the label, in alphabetical order.
      type: list
      elements: str
      returned: always
      sample: [i-emu-node-1, i-emu-node-2]
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.node_label import NodeLabel


def main() -> None:
    """Run the module."""
    run_resource(NodeLabel)


if __name__ == "__main__":
    main()
