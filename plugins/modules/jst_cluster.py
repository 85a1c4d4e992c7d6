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
  - Creates and deletes Kubernetes clusters. Nothing of a cluster can be changed but its nodes, see
    M(jst.retailcloud.jst_cluster_node).
  - A cluster is found by its O(cluster_id), or by its O(title). The service does not promise that a title is
    unique. When
    several clusters share it, the module fails and lists their ids.
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
      - The service does not tell O(cluster_type), O(password), O(cloud_monitor), O(public_slb), O(snat_entry),
        O(log_integration), O(arms_integration) and O(private_zone), and O(net_plug) has no effect. They are sent when
        the cluster is created, and not compared afterwards.
options:
  state:
    description:
      - Whether the cluster should exist.
    type: str
    choices: [present, absent]
    default: present
  cluster_id:
    description: The instance id of an existing cluster, instead of or beside its title.
    type: str
  title:
    description:
      - The title. It cannot be changed.
      - Required to create a cluster, and unless O(cluster_id) is given.
    type: str
  biz_code:
    description:
      - The business domain. It cannot be changed.
      - Required to create a cluster.
    type: str
    choices: [JST, NEW_RETAIL, MINI_APP, SUPPLY, MESSAGE]
  env_type:
    description:
      - Whether the cluster is for test environments or for those that are online. It cannot be changed.
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
      - A cluster is created in this region. When the option is not given, the region comes from the environment
        variables or the profile; when they name none either, the cluster is not created.
      - Only the option is compared with the region of an existing cluster, also when it was set by C(module_defaults).
      - Environment variables, the first that is set, are E(ALIBABA_CLOUD_REGION_ID), E(ALIBABACLOUD_REGION_ID),
        E(ALICLOUD_REGION_ID), E(ALIBABA_CLOUD_REGION) and E(ALICLOUD_REGION).
    type: str
    aliases: [alicloud_region, region_id]
  region_name:
    description: The name of the region. It cannot be changed. It can be left out.
    type: str
  vpc_id:
    description:
      - The id of the VPC. It cannot be changed.
      - Required to create a cluster.
    type: str
  vswitch_ids:
    description:
      - The ids of vswitches in the VPC. They cannot be changed. The order does not count.
      - Required to create a cluster.
    type: list
    elements: str
  pod_cidr:
    description:
      - The network of the pods. It must not overlap with that of the VPC. It cannot be changed.
      - Required to create a cluster with O(cluster_type=Standard) or O(cluster_type=Windows).
    type: str
  service_cidr:
    description:
      - The network of the Kubernetes services. It cannot be changed.
      - Required to create a cluster with O(cluster_type=Standard) or O(cluster_type=Windows).
    type: str
  key_pair:
    description:
      - The name of the key pair by which to log in to the nodes. It cannot be changed.
      - Either this or O(password) is required to create a cluster.
    type: str
  password:
    description:
      - The password of root on the nodes.
      - At least 8 characters with an upper-case letter, a lower-case letter, a digit and a special character.
    type: str
  cloud_monitor:
    description: Whether nodes get the agent of the cloud monitor. The service takes V(true) unless it is given.
    type: bool
  public_slb:
    description: Whether the Kubernetes API can be reached from the internet. This takes an elastic public address.
    type: bool
  snat_entry:
    description:
      - Whether the VPC gets a way out to the internet. The service takes V(true) unless it is given.
      - The nodes need one. V(false) is right when the VPC or every node has it already.
    type: bool
  log_integration:
    description:
      - Whether the log component is installed, which creates a project of the log service.
      - Only with O(cluster_type=Standard).
    type: bool
  arms_integration:
    description: Whether ARMS is installed. The service says that this has no effect for the time being.
    type: bool
  net_plug:
    description: The network plug-in. The service says that this has no effect for the time being.
    type: str
  private_zone:
    description: Whether PrivateZone is used. The service says that this has no effect for the time being.
    type: bool
  force:
    description:
      - With O(state=absent), also delete a cluster that applications run on. What becomes of them is not documented.
      - Without it, the task fails when there are any, before anything is changed.
    type: bool
    default: false
notes:
  - Making a cluster takes minutes. Raise O(wait_timeout) accordingly.
  - The VPC and its vswitches belong to another product and have to exist.
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

- name: Give it nodes
  jst.retailcloud.jst_cluster_node:
    cluster: shop-online
    instance_ids:
      - i-emu-spare-1
      - i-emu-spare-2

- name: Delete it, unless applications run on it
  jst.retailcloud.jst_cluster:
    title: shop-online
    state: absent
    wait_timeout: 1800
"""

RETURN = r"""
cluster:
  description:
    - The cluster as it is now, or as it would be in check mode.
    - Null with O(state=absent) once it is gone.
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
    create_status:
      description: How the creation went, in words that are not documented. Null where the service does not tell.
      type: str
      returned: always
      sample: success
    instance_ids:
      description: The ids of its ECS instances, in alphabetical order. Null for a cluster that check mode would create.
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
      description: The share of the processors that is requested, from 0 to 1. Null where the service does not tell.
      type: float
      returned: always
      sample: 0.14
    memory_request_share:
      description: The share of the memory that is requested, from 0 to 1. Null where the service does not tell.
      type: float
      returned: always
      sample: 0.07
    database_id:
      description: The number of the cluster in the database of the service. No module takes it.
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
