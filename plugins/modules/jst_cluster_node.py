#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_cluster_node
short_description: Manage the nodes of a cluster
version_added: 1.0.0
description:
  - Adds ECS instances to a cluster as nodes, and removes them.
  - The module makes one call for all additions and one call for all removals. Additions come first.
  - The ECS instances belong to another product and must already exist. The task fails before any change when an
    instance is neither a node of the cluster nor available.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.attributes.state
  - jst.retailcloud.wait
  - jst.retailcloud.parents.cluster
attributes:
  idempotent:
    support: partial
    details:
      - While an instance joins, the service may list it neither as a node nor as available. After a task with
        O(wait=false), a further task for the instance fails during that time.
options:
  state:
    description:
      - Whether the instances should be nodes of the cluster.
    type: str
    choices: [present, absent]
    default: present
  instance_ids:
    description:
      - The ids of the ECS instances, at least one. The order does not matter.
    type: list
    elements: str
    required: true
  purge:
    description:
      - With O(state=present), also remove all nodes that are not in O(instance_ids). To remove every node, name them
        with O(state=absent).
    type: bool
    default: false
seealso:
  - module: jst.retailcloud.jst_cluster_node_info
  - module: jst.retailcloud.jst_cluster
  - module: jst.retailcloud.jst_node_label
"""

EXAMPLES = r"""
- name: Add two ECS instances to a cluster and wait until they have joined
  jst.retailcloud.jst_cluster_node:
    cluster: emu-online
    instance_ids:
      - i-emu-spare-1
      - i-emu-spare-2
    wait_timeout: 1800

- name: Set the complete list of nodes and remove all others
  jst.retailcloud.jst_cluster_node:
    cluster: emu-test
    instance_ids:
      - i-emu-node-4
    purge: true

- name: Remove a node
  jst.retailcloud.jst_cluster_node:
    cluster: emu-online
    instance_ids:
      - i-emu-spare-2
    state: absent
"""

RETURN = r"""
cluster_nodes:
  description:
    - All nodes of the cluster after the task, or their predicted state in check mode, sorted by instance id.
    - Null with O(state=absent) when the cluster does not exist.
  returned: success
  type: list
  elements: dict
  contains:
    cluster_id:
      description: The instance id of the cluster. Null when check mode assumes a cluster that does not exist yet.
      type: str
      returned: always
      sample: c000000000000000000000000000000e1
    instance_id:
      description: The id of the ECS instance.
      type: str
      returned: always
      sample: i-emu-node-1
    instance_name:
      description: The name of the ECS instance.
      type: str
      returned: always
      sample: emu-node-1
    instance_type:
      description: The size of the ECS instance.
      type: str
      returned: always
      sample: ecs.c6.xlarge
    private_ip:
      description: The address inside the VPC.
      type: str
      returned: always
      sample: 192.168.48.1
    public_ip:
      description: The public address. Null or empty when the instance has no public address.
      type: str
      returned: always
      sample: 203.0.113.1
    eip:
      description: The elastic public address. Null or empty when the instance has no elastic public address.
      type: str
      returned: always
      sample: 203.0.113.28
    cpu:
      description: The number of processor cores.
      type: int
      returned: always
      sample: 4
    memory_mb:
      description: The memory in MB.
      type: int
      returned: always
      sample: 8192
    os_type:
      description: The family of the operating system.
      type: str
      returned: always
      sample: linux
    os_name:
      description: The operating system with its version. Null when the service does not return it.
      type: str
      returned: always
      sample: CentOS 7.9 64-bit
    region_id:
      description: The region.
      type: str
      returned: always
      sample: cn-zhangjiakou
    zone:
      description: The zone. The service is known to return a region here.
      type: str
      returned: always
      sample: cn-zhangjiakou
    vpc_id:
      description: The id of the VPC.
      type: str
      returned: always
      sample: vpc-emu-1
    expires:
      description: The day on which the ECS instance expires.
      type: str
      returned: always
      sample: "2099-12-31"
    biz_code:
      description: The business domain.
      type: str
      returned: always
      sample: JST
    specification:
      description: The processors and the memory as text.
      type: str
      returned: always
      sample: 4vcpu 8G
    local_storage:
      description: The size of the local disk, in an undocumented unit.
      type: str
      returned: always
      sample: "40"
    network_type:
      description: The type of the network.
      type: str
      returned: always
      sample: vpc
    bandwidth_in_mbps:
      description: The maximum inbound bandwidth from the internet, in Mbit/s.
      type: int
      returned: always
      sample: 1500
    bandwidth_out_mbps:
      description: The maximum outbound bandwidth to the internet, in Mbit/s.
      type: int
      returned: always
      sample: 100
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster_node import ClusterNodeSet


def main() -> None:
    """Run the module."""
    run_resource(ClusterNodeSet)


if __name__ == "__main__":
    main()
