#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_cluster_info
short_description: List Kubernetes clusters
version_added: 1.0.0
description:
  - Lists the Kubernetes clusters, all that fit every option given.
  - The service lists the password of root on the nodes, too. It is removed from its answers at once and never shown.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
options:
  cluster_id:
    description: Only the cluster with this instance id.
    type: str
  title:
    description: Only clusters with exactly this title. Several may share it.
    type: str
  biz_code:
    description: Only clusters of this business domain.
    type: str
    choices: [JST, NEW_RETAIL, MINI_APP, SUPPLY, MESSAGE]
  env_type:
    description: Only clusters for test environments, or only those for environments that are online.
    type: str
    choices: [test, online]
  details:
    description:
      - Whether to show the load, the nodes, and what runs on them, too.
      - This costs one more call for each cluster that is listed.
    type: bool
    default: false
seealso:
  - module: jst.retailcloud.jst_cluster
  - module: jst.retailcloud.jst_cluster_node_info
"""

EXAMPLES = r"""
- name: List all clusters
  jst.retailcloud.jst_cluster_info:

- name: See what runs on the clusters for online environments
  jst.retailcloud.jst_cluster_info:
    env_type: online
    details: true
  register: online

- name: Show how full they are
  ansible.builtin.debug:
    msg: "{{ item.title }}: {{ item.detail.node_count }} nodes, {{ item.detail.cpu_request_share }} of the cores"
  loop: "{{ online.clusters }}"
  loop_control:
    label: "{{ item.cluster_id }}"
"""

RETURN = r"""
clusters:
  description: The clusters that fit, those for test environments first.
  returned: success
  type: list
  elements: dict
  contains:
    cluster_id:
      description: The instance id.
      type: str
      returned: always
      sample: c000000000000000000000000000000e1
    title:
      description: The title.
      type: str
      returned: always
      sample: emu-online
    biz_code:
      description: The business domain.
      type: str
      returned: always
      sample: JST
    env_type:
      description: The kind of environment it is for.
      type: str
      returned: always
      sample: online
    region:
      description: The region.
      type: str
      returned: always
      sample: cn-zhangjiakou
    region_name:
      description: The name of the region. The service is known to repeat the id here.
      type: str
      returned: always
      sample: cn-zhangjiakou
    vpc_id:
      description: The id of the VPC.
      type: str
      returned: always
      sample: vpc-emu-1
    vswitch_ids:
      description: The ids of the vswitches, in alphabetical order.
      type: list
      elements: str
      returned: always
      sample: [vsw-emu-1, vsw-emu-2]
    pod_cidr:
      description: The network of the pods.
      type: str
      returned: always
      sample: 172.20.0.0/16
    service_cidr:
      description: The network of the Kubernetes services.
      type: str
      returned: always
      sample: 172.21.0.0/20
    key_pair:
      description: The key pair by which to log in to the nodes. Null or empty without one.
      type: str
      returned: always
      sample: operators
    status:
      description:
        - The status, such as V(running). The other words of the service are not documented.
        - Null for a cluster that check mode would create.
      type: str
      returned: always
      sample: running
    database_id:
      description: The number of the cluster in the database of the service. No module takes it.
      type: int
      returned: always
      sample: 101
    create_status:
      description: How the creation went, in words that are not documented. Null where the service does not tell.
      type: str
      returned: always
      sample: success
    instance_ids:
      description: The ids of its ECS instances, in alphabetical order.
      type: list
      elements: str
      returned: always
      sample: [i-emu-node-1, i-emu-node-2, i-emu-node-3]
    network_plugin:
      description: The network plug-in.
      type: str
      returned: always
      sample: Terway
    cpu_request_share:
      description: The share of the processors that is requested, from 0 to 1. Null where the service does not tell.
      type: float
      returned: always
      sample: 0.14
    memory_request_share:
      description: The share of the memory that is requested, from 0 to 1. Null where the service does not tell.
      type: float
      returned: always
      sample: 0.07
    detail:
      description: Load, nodes, and what runs on it.
      type: dict
      returned: O(details=true)
      contains:
        main_user_id:
          description: The id of the main account. Null where the service does not tell.
          type: str
          returned: always
          sample: "1001"
        user_nick:
          description: The nick name of the owner. Null where the service does not tell.
          type: str
          returned: always
          sample: emulator
        arms_installed:
          description: Whether the ARMS component is installed.
          type: bool
          returned: always
          sample: true
        arms_in_process:
          description: Whether the ARMS component is being installed.
          type: bool
          returned: always
          sample: false
        log_installed:
          description: Whether the log component is installed.
          type: bool
          returned: always
          sample: true
        log_in_process:
          description: Whether the log component is being installed.
          type: bool
          returned: always
          sample: false
        node_count:
          description: The number of nodes.
          type: int
          returned: always
          sample: 3
        pod_count:
          description: The number of all pods.
          type: int
          returned: always
          sample: 12
        app_pod_count:
          description: The number of pods of applications.
          type: int
          returned: always
          sample: 2
        app_count:
          description: The number of applications on it.
          type: int
          returned: always
          sample: 1
        allocated_pod_count:
          description: The number of pods that the instances of the cluster run.
          type: int
          returned: always
          sample: 12
        cpu_capacity:
          description: The processor cores of the nodes.
          type: float
          returned: always
          sample: 12.0
        cpu_total:
          description: The processor cores in total.
          type: float
          returned: always
          sample: 12.0
        cpu_request:
          description: The processor cores that are requested.
          type: float
          returned: always
          sample: 1.0
        cpu_request_share:
          description: The share of the processor cores that is requested.
          type: float
          returned: always
          sample: 0.08
        cpu_use:
          description: The processor cores in use.
          type: float
          returned: always
          sample: 0.5
        cpu_use_share:
          description: The share of the processor cores in use.
          type: float
          returned: always
          sample: 0.04
        cpu_level:
          description: How full the processors are, in a scale that is not documented.
          type: str
          returned: always
          sample: "0"
        memory_capacity_bytes:
          description: The memory of the nodes.
          type: int
          returned: always
          sample: 25769803776
        memory_total_bytes:
          description: The memory in total.
          type: int
          returned: always
          sample: 25769803776
        memory_request_bytes:
          description: The memory that is requested.
          type: int
          returned: always
          sample: 1073741824
        memory_request_share:
          description: The share of the memory that is requested.
          type: float
          returned: always
          sample: 0.04
        memory_use_bytes:
          description: The memory in use.
          type: int
          returned: always
          sample: 536870912
        memory_use_share:
          description: The share of the memory in use.
          type: float
          returned: always
          sample: 0.02
        memory_level:
          description: How full the memory is, in a scale that is not documented.
          type: str
          returned: always
          sample: "0"
        allocated_pods:
          description: What runs on it, by application and environment.
          type: list
          elements: dict
          returned: always
          contains:
            app_id:
              description: The id of the application.
              type: int
              returned: always
              sample: 10001
            app:
              description: The title of the application.
              type: str
              returned: always
              sample: shop
            environment_id:
              description: The id of the environment.
              type: int
              returned: always
              sample: 20001
            environment:
              description: The name of the environment.
              type: str
              returned: always
              sample: production
            cpu:
              description: The processors that each pod requests.
              type: str
              returned: always
              sample: 0.5vcpu
            memory:
              description: The memory that each pod requests.
              type: str
              returned: always
              sample: 512MB
            count:
              description: The number of pods.
              type: int
              returned: always
              sample: 2
        available_pods:
          description: An estimate of how many pods of some sizes would still fit.
          type: list
          elements: dict
          returned: always
          contains:
            cpu:
              description: The processor cores of such a pod.
              type: float
              returned: always
              sample: 1.0
            memory_gb:
              description: The memory of such a pod in GB.
              type: float
              returned: always
              sample: 1.0
            count:
              description: The number of such pods.
              type: int
              returned: always
              sample: 9
        nodes:
          description: The load of each node. Empty where the service does not tell.
          type: list
          elements: dict
          returned: always
          contains:
            instance_id:
              description: The id of the ECS instance.
              type: str
              returned: always
              sample: i-emu-node-1
            name:
              description: The name of the node.
              type: str
              returned: always
              sample: cn-zhangjiakou.192.168.48.1
            ready:
              description: Whether it is ready.
              type: bool
              returned: always
              sample: true
            unschedulable:
              description: Whether it takes no new pods.
              type: bool
              returned: always
              sample: false
            pod_count:
              description: The number of pods on it.
              type: int
              returned: always
              sample: 4
            app_pod_count:
              description: The number of pods of applications on it.
              type: int
              returned: always
              sample: 1
            cpu_total:
              description: The processor cores in total, as the service writes them.
              type: str
              returned: always
              sample: "4"
            cpu_request:
              description: The processor cores that are requested, as the service writes them.
              type: str
              returned: always
              sample: "0.5"
            cpu_use:
              description: The processor cores in use, as the service writes them.
              type: str
              returned: always
              sample: "0.2"
            memory_total:
              description: The memory in total, as the service writes it.
              type: str
              returned: always
              sample: "8589934592"
            memory_request:
              description: The memory that is requested, as the service writes it.
              type: str
              returned: always
              sample: "536870912"
            memory_use:
              description: The memory in use, as the service writes it.
              type: str
              returned: always
              sample: "268435456"
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.module import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster import ClusterInfo


def main() -> None:
    """Run the module."""
    run_info(ClusterInfo)


if __name__ == "__main__":
    main()
