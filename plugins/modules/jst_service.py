#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_service
short_description: Manage Kubernetes services of an environment
version_added: 1.0.0
description:
  - Creates, changes and deletes the Kubernetes services of an environment. A service makes the environment reachable
    inside its cluster or on its nodes.
  - The module finds a service by its O(service_id) or by its O(k8s_service_id) in the environment. When only O(name) is
    given, it finds the service by O(name).
  - The service does not guarantee that either name is unique. When several services have the name, the module fails and
    lists their ids.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.attributes.state
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
options:
  state:
    description: Whether the service should exist.
    type: str
    choices: [present, absent]
    default: present
  service_id:
    description:
      - The id of an existing service. Use it instead of O(name) and O(k8s_service_id), or together with them.
      - One of O(service_id), O(k8s_service_id) and O(name) is required.
    type: int
  k8s_service_id:
    description:
      - The name of the service in Kubernetes. It cannot be changed.
      - Required to create a service.
    type: str
  name:
    description:
      - The display name, which describes the purpose of the service. It can be changed when O(k8s_service_id) or
        O(service_id) is given.
      - Required to create a service.
    type: str
  service_type:
    description:
      - How the service is exposed. V(ClusterIP) assigns an address inside the cluster. V(NodePort) also opens a port on
        every node. The type cannot be changed.
      - This option is unrelated to O(jst.retailcloud.jst_app#module:service_type).
      - Required to create a service.
    type: str
    choices: [ClusterIP, NodePort]
  headless:
    description:
      - Whether the service is headless. It cannot be changed.
      - Only for O(service_type=ClusterIP).
    type: bool
  port_mappings:
    description:
      - The complete list of ports of the service. The order does not matter.
      - Ports that are not listed are removed.
      - At least one port. Required to create a service.
    type: list
    elements: dict
    suboptions:
      name:
        description: The name of the port, which must be unique in the service.
        type: str
        required: true
      protocol:
        description: The protocol.
        type: str
        choices: [TCP, UDP]
        default: TCP
      port:
        description: The port that the service offers, V(1) to V(65535).
        type: int
        required: true
      target_port:
        description: The port on which the process in the container listens.
        type: str
        required: true
      node_port:
        description:
          - The port that is opened on every node, V(1) to V(65535). Clusters usually limit it to V(30000) to V(32767).
          - Only for O(service_type=NodePort).
          - When omitted, the port is not compared.
        type: int
seealso:
  - module: jst.retailcloud.jst_service_info
  - module: jst.retailcloud.jst_slb_ap
  - module: jst.retailcloud.jst_environment
"""

EXAMPLES = r"""
- name: Make the shop reachable inside its cluster
  jst.retailcloud.jst_service:
    app: shop
    environment: production
    k8s_service_id: shop-web
    name: Web front of the shop
    service_type: ClusterIP
    port_mappings:
      - name: http
        port: 80
        target_port: "8080"

- name: Also offer the metrics, with all other ports repeated
  jst.retailcloud.jst_service:
    app: shop
    environment: production
    k8s_service_id: shop-web
    port_mappings:
      - name: http
        port: 80
        target_port: "8080"
      - name: metrics
        port: 9090
        target_port: "9090"

- name: Create a headless service for a stateful application
  jst.retailcloud.jst_service:
    app: shop
    environment: production
    k8s_service_id: shop-peers
    name: Peers of the shop
    service_type: ClusterIP
    headless: true
    port_mappings:
      - name: gossip
        protocol: UDP
        port: 7946
        target_port: "7946"

- name: Open a port on every node
  jst.retailcloud.jst_service:
    app: shop
    environment: production
    k8s_service_id: shop-admin
    name: Administration of the shop
    service_type: NodePort
    port_mappings:
      - name: http
        port: 8081
        target_port: "8081"
        node_port: 30081

- name: Delete a service
  jst.retailcloud.jst_service:
    app: shop
    environment: production
    k8s_service_id: shop-admin
    state: absent
"""

RETURN = r"""
service:
  description:
    - The service after the task, or its predicted state in check mode.
    - Null with O(state=absent).
  returned: success
  type: dict
  contains:
    app_id:
      description: The id of the application. Null when check mode assumes an application that does not exist yet.
      type: int
      returned: always
      sample: 10001
    environment_id:
      description: The id of the environment. Null when check mode assumes an environment that does not exist yet.
      type: int
      returned: always
      sample: 20001
    service_id:
      description: The id. Null for a service that check mode would create.
      type: int
      returned: always
      sample: 50001
    k8s_service_id:
      description: The name of the service in Kubernetes.
      type: str
      returned: always
      sample: shop-web
    name:
      description: The display name.
      type: str
      returned: always
      sample: Web front of the shop
    service_type:
      description: How the service is exposed.
      type: str
      returned: always
      sample: ClusterIP
    headless:
      description: Whether the service is headless. Null when the service does not return it, as for V(NodePort).
      type: bool
      returned: always
      sample: false
    port_mappings:
      description: The ports, sorted by name.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: The name of the port.
          type: str
          returned: always
          sample: http
        protocol:
          description: The protocol.
          type: str
          returned: always
          sample: TCP
        port:
          description: The port that the service offers.
          type: int
          returned: always
          sample: 80
        target_port:
          description: The port on which the process in the container listens.
          type: str
          returned: always
          sample: "8080"
        node_port:
          description: The port that is opened on every node. Null when the type is not V(NodePort).
          type: int
          returned: always
          sample: 30080
      sample:
        - name: http
          protocol: TCP
          port: 80
          target_port: "8080"
          node_port: null
    cluster_ip:
      description:
        - The address of the service inside the cluster.
        - Null when the service does not return it. Only the vendor's SDK documents this value.
      type: str
      returned: always
      sample: 172.21.10.7
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.service import Service


def main() -> None:
    """Run the module."""
    run_resource(Service)


if __name__ == "__main__":
    main()
