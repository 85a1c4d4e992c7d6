#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_cluster_node_info
short_description: List the nodes of a cluster
version_added: 1.0.0
description:
  - Lists the ECS instances that are nodes of a cluster, or those that could become nodes.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.cluster
options:
  available:
    description: List the ECS instances that can be added to the cluster instead of its nodes.
    type: bool
    default: false
  instance_id:
    description: Only the ECS instance with this id.
    type: str
seealso:
  - module: jst.retailcloud.jst_cluster_node
"""

EXAMPLES = r"""
- name: List the nodes of a cluster
  jst.retailcloud.jst_cluster_node_info:
    cluster: emu-online
  register: online

- name: Show their sizes
  ansible.builtin.debug:
    msg: "{{ item.instance_id }} has {{ item.cpu }} cores and {{ item.memory_mb }} MB"
  loop: "{{ online.cluster_nodes }}"
  loop_control:
    label: "{{ item.instance_id }}"

- name: List the ECS instances that could be added
  jst.retailcloud.jst_cluster_node_info:
    cluster: emu-online
    available: true
"""

RETURN = r"""
cluster_nodes:
  description: The ECS instances that fit, in the order of the service.
  returned: success
  type: list
  elements: dict
  contains:
    cluster_id:
      description: The instance id of the cluster.
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
      description: The public address, null or empty without one.
      type: str
      returned: always
      sample: 203.0.113.1
    eip:
      description: The elastic public address, null or empty without one.
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
      description: The operating system with its version, null where the service does not tell.
      type: str
      returned: always
      sample: CentOS 7.9 64-bit
    region_id:
      description: The region.
      type: str
      returned: always
      sample: cn-zhangjiakou
    zone:
      description: The zone. The service is known to report a region here.
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
      description: Processors and memory in words.
      type: str
      returned: always
      sample: 4vcpu 8G
    local_storage:
      description: The size of the local disk. Its unit is not documented.
      type: str
      returned: always
      sample: "40"
    network_type:
      description: The type of the network.
      type: str
      returned: always
      sample: vpc
    bandwidth_in_mbps:
      description: The highest inbound bandwidth from the Internet, in Mbit/s.
      type: int
      returned: always
      sample: 1500
    bandwidth_out_mbps:
      description: The highest outbound bandwidth to the Internet, in Mbit/s.
      type: int
      returned: always
      sample: 100
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.module import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster_node import ClusterNodeInfo


def main() -> None:
    """Run the module."""
    run_info(ClusterNodeInfo)


if __name__ == "__main__":
    main()
