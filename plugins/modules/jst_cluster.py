#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_cluster
short_description: Manage Kubernetes clusters
version_added: 1.0.0
description:
  - Creates and deletes Kubernetes clusters. The module cannot change a cluster. For its nodes, see
    M(jst.retailcloud.jst_cluster_node).
  - The module finds a cluster by its O(cluster_id) or its O(title). The service does not guarantee unique titles. When
    several clusters have the title, the module fails and lists their ids.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.attributes.state
  - jst.retailcloud.wait
attributes:
  idempotent:
    support: partial
    details:
      - The service does not return O(cluster_type), O(password), O(cloud_monitor), O(public_slb), O(snat_entry),
        O(log_integration), O(arms_integration) and O(private_zone). O(net_plug) has no effect. The module sends all of
        these options on creation and does not compare them later.
options:
  state:
    description:
      - Whether the cluster should exist.
    type: str
    choices: [present, absent]
    default: present
  cluster_id:
    description: The instance id of an existing cluster. Use it instead of O(title), or together with O(title).
    type: str
  title:
    description:
      - The title. It cannot be changed.
      - Required to create a cluster, and when O(cluster_id) is omitted.
    type: str
  biz_code:
    description:
      - The business domain. It cannot be changed.
      - Required to create a cluster.
    type: str
    choices: [JST, NEW_RETAIL, MINI_APP, SUPPLY, MESSAGE]
  env_type:
    description:
      - Whether the cluster is for test or for online environments. The value cannot be changed.
      - Required to create a cluster.
    type: str
    choices: [test, online]
  cluster_type:
    description:
      - The type of the cluster.
      - Required to create a cluster.
    type: str
    choices: [Windows, Serverless, Standard]
  region:
    description:
      - The Alibaba Cloud region of the cluster. It cannot be changed.
      - The module creates a cluster in this region. When omitted, the region comes from the environment variables or
        the profile. Without any region, the module does not create the cluster.
      - The module compares the region of an existing cluster only with this option, which can come from
        C(module_defaults).
      - Of the environment variables E(ALIBABA_CLOUD_REGION_ID), E(ALIBABACLOUD_REGION_ID), E(ALICLOUD_REGION_ID),
        E(ALIBABA_CLOUD_REGION) and E(ALICLOUD_REGION), the first that is set applies.
    type: str
    aliases: [alicloud_region, region_id]
  region_name:
    description: The name of the region. It cannot be changed. It is optional.
    type: str
  vpc_id:
    description:
      - The id of the VPC. It cannot be changed.
      - Required to create a cluster.
    type: str
  vswitch_ids:
    description:
      - The ids of vswitches in the VPC. They cannot be changed. The order does not matter.
      - Required to create a cluster.
    type: list
    elements: str
  pod_cidr:
    description:
      - The network of the pods. It must not overlap with the network of the VPC. It cannot be changed.
      - Required to create a cluster with O(cluster_type=Standard) or O(cluster_type=Windows).
    type: str
  service_cidr:
    description:
      - The network of the Kubernetes services. It cannot be changed.
      - Required to create a cluster with O(cluster_type=Standard) or O(cluster_type=Windows).
    type: str
  key_pair:
    description:
      - The name of the key pair for logging in to the nodes. It cannot be changed.
      - One of O(key_pair) and O(password) is required to create a cluster.
    type: str
  password:
    description:
      - The password of the user root on the nodes.
      - At least 8 characters with an upper-case letter, a lower-case letter, a digit and a special character.
    type: str
  cloud_monitor:
    description: Whether to install the cloud monitor agent on nodes. When omitted, the service uses V(true).
    type: bool
  public_slb:
    description: Whether the Kubernetes API is reachable from the internet. This requires an elastic public address.
    type: bool
  snat_entry:
    description:
      - Whether the VPC gets access to the internet. When omitted, the service uses V(true).
      - The nodes need internet access. Set V(false) when the VPC or every node already has it.
    type: bool
  log_integration:
    description:
      - Whether to install the log component, which creates a project of the log service.
      - Only with O(cluster_type=Standard).
    type: bool
  arms_integration:
    description: Whether to install ARMS. The service documents that the option currently has no effect.
    type: bool
  net_plug:
    description: The network plug-in. The service documents that the option currently has no effect.
    type: str
  private_zone:
    description: Whether to use PrivateZone. The service documents that the option currently has no effect.
    type: bool
  force:
    description:
      - With O(state=absent), also delete a cluster that runs applications. The service does not document what happens
        to the applications.
      - With V(false), the task fails before any change when the cluster runs applications.
    type: bool
    default: false
notes:
  - Creating a cluster takes several minutes. Raise O(wait_timeout) accordingly.
  - The VPC and its vswitches belong to another product and must already exist.
seealso:
  - module: jst.retailcloud.jst_cluster_info
  - module: jst.retailcloud.jst_cluster_node
  - module: jst.retailcloud.jst_node_label
"""

EXAMPLES = r"""
- name: Create a cluster and wait until it is running
  jst.retailcloud.jst_cluster:
    title: shop-online
    biz_code: JST
    env_type: online
    cluster_type: Standard
    region: cn-zhangjiakou
    vpc_id: vpc-emu-1
    vswitch_ids:
      - vsw-emu-1
      - vsw-emu-2
    pod_cidr: 172.24.0.0/16
    service_cidr: 172.25.0.0/20
    key_pair: operators
    wait_timeout: 1800

- name: Add nodes to the cluster
  jst.retailcloud.jst_cluster_node:
    cluster: shop-online
    instance_ids:
      - i-emu-spare-1
      - i-emu-spare-2

- name: Delete the cluster, unless applications run on it
  jst.retailcloud.jst_cluster:
    title: shop-online
    state: absent
    wait_timeout: 1800
"""

RETURN = r"""
cluster:
  description:
    - The cluster after the task, or its predicted state in check mode.
    - Null with O(state=absent) after the deletion.
  returned: success
  type: dict
  contains:
    cluster_id:
      description: The instance id. Null for a cluster that check mode would create.
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
      description: The type of environment that the deploy config is for.
      type: str
      returned: always
      sample: online
    region:
      description: The region.
      type: str
      returned: always
      sample: cn-zhangjiakou
    region_name:
      description: The name of the region. The service is known to return the region id here.
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
      description: The key pair for logging in to the nodes. Null or empty without a key pair.
      type: str
      returned: always
      sample: operators
    status:
      description:
        - The status, such as V(running). The service does not document its other values.
        - Null for a cluster that check mode would create.
      type: str
      returned: always
      sample: running
    create_status:
      description: The progress of the creation, in undocumented values. Null when the service does not return it.
      type: str
      returned: always
      sample: success
    instance_ids:
      description: The ids of the ECS instances of the cluster, in alphabetical order. Null for a cluster that check
        mode would create.
      type: list
      elements: str
      returned: always
      sample: [i-emu-node-1, i-emu-node-2, i-emu-node-3]
    network_plugin:
      description: The network plug-in. Null for a cluster that check mode would create.
      type: str
      returned: always
      sample: Terway
    cpu_request_share:
      description: The requested share of the processors, from 0 to 1. Null when the service does not return it.
      type: float
      returned: always
      sample: 0.14
    memory_request_share:
      description: The requested share of the memory, from 0 to 1. Null when the service does not return it.
      type: float
      returned: always
      sample: 0.07
    database_id:
      description: The number of the cluster in the database of the service. No module accepts this number.
      type: int
      returned: always
      sample: 101
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.cluster import Cluster


def main() -> None:
    """Run the module."""
    run_resource(Cluster)


if __name__ == "__main__":
    main()
