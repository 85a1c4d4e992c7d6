#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_node_label_info
short_description: List the node labels of a cluster
version_added: 1.0.0
description:
  - Lists the labels that the nodes of a cluster can have, all that fit every option given.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.cluster
options:
  key:
    description: Only labels with exactly this key. It starts with V(label.jst.com/).
    type: str
  value:
    description: Only labels with exactly this value.
    type: str
  instance_id:
    description: Only labels that are bound to the ECS instance with this id.
    type: str
  details:
    description:
      - Whether to show the ECS instances that have the label, which the service lists apart from the labels.
      - This costs one more call for each label that is listed.
    type: bool
    default: false
seealso:
  - module: jst.retailcloud.jst_node_label
  - module: jst.retailcloud.jst_cluster_node_info
"""

EXAMPLES = r"""
- name: List the labels of a cluster and the nodes that have them
  jst.retailcloud.jst_node_label_info:
    cluster: emu-online
    details: true

- name: List the labels of a node
  jst.retailcloud.jst_node_label_info:
    cluster: emu-online
    instance_id: i-emu-node-1
  register: marks

- name: Show them
  ansible.builtin.debug:
    msg: "{{ item.key }}={{ item.value }}"
  loop: "{{ marks.node_labels }}"
  loop_control:
    label: "{{ item.node_label_id }}"
"""

RETURN = r"""
node_labels:
  description: The labels that fit, in the order of the service.
  returned: success
  type: list
  elements: dict
  contains:
    cluster_id:
      description: The instance id of the cluster.
      type: str
      returned: always
      sample: c000000000000000000000000000000e1
    node_label_id:
      description: The id.
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
      description:
        - The ids of the ECS instances that have the label, in alphabetical order. Null unless O(details=true).
      type: list
      elements: str
      returned: always
      sample: [i-emu-node-1, i-emu-node-2]
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.module import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.node_label import NodeLabelInfo


def main() -> None:
    """Run the module."""
    run_info(NodeLabelInfo)


if __name__ == "__main__":
    main()
