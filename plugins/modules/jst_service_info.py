#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_service_info
short_description: List Kubernetes services of an application
version_added: 1.0.0
description:
  - Lists the Kubernetes services of an application, all that fit every option given.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
options:
  environment:
    description:
      - The name or the id of an environment. Services of all environments are listed unless one is given.
      - Digits that are the name of one environment of the application and the id of another are an error.
  service_id:
    description: Only the service with this id.
    type: int
  k8s_service_id:
    description: Only services with this name in Kubernetes.
    type: str
  name:
    description: Only services with this display name.
    type: str
  service_type:
    description: Only services that are exposed in this way.
    type: str
    choices: [ClusterIP, NodePort]
seealso:
  - module: jst.retailcloud.jst_service
"""

EXAMPLES = r"""
- name: List the services of an environment
  jst.retailcloud.jst_service_info:
    app: shop
    environment: production
  register: shop

- name: Show what they offer
  ansible.builtin.debug:
    msg: "{{ item.k8s_service_id }}: {{ item.port_mappings | map(attribute='port') | join(', ') }}"
  loop: "{{ shop.services }}"
  loop_control:
    label: "{{ item.service_id }}"

- name: List what the application opens on the nodes, in all its environments
  jst.retailcloud.jst_service_info:
    app: shop
    service_type: NodePort
"""

RETURN = r"""
services:
  description: The services that fit, in the order of the service.
  returned: success
  type: list
  elements: dict
  contains:
    app_id:
      description: The id of the application.
      type: int
      returned: always
      sample: 10001
    environment_id:
      description: The id of the environment.
      type: int
      returned: always
      sample: 20001
    service_id:
      description: The id.
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
      description: Whether the service is headless. Null where the service does not tell, as for V(NodePort).
      type: bool
      returned: always
      sample: false
    port_mappings:
      description: The ports, ordered by name.
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
          description: The port that is opened on every node. Null unless the service is a V(NodePort).
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
        - The address of the service inside of the cluster.
        - Null where the service does not tell. Only the vendor's SDK knows this value.
      type: str
      returned: always
      sample: 172.21.10.7
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.module import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.service import ServiceInfo


def main() -> None:
    """Run the module."""
    run_info(ServiceInfo)


if __name__ == "__main__":
    main()
