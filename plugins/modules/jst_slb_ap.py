#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_slb_ap
short_description: Manage SLB access points of an environment
version_added: 1.0.0
description:
  - Creates, changes and deletes SLB access points of an environment. An access point makes the environment reachable
    through a listener of a server load balancer (SLB).
  - The module finds an access point by its O(slb_id) and O(listener_port) in the environment, or by its O(slb_ap_id).
  - The load balancer and the certificate belong to other products and must already exist.
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
    description: Whether the access point should exist.
    type: str
    choices: [present, absent]
    default: present
  slb_ap_id:
    description:
      - The id of an existing access point. Use it instead of O(slb_id) and O(listener_port), or together with them.
      - This id is not the id of the load balancer.
    type: int
  slb_id:
    description:
      - The id of the load balancer, such as V(lb-bp1b6c719dfa08ex). It cannot be changed.
      - Required when O(slb_ap_id) is omitted, and always together with O(listener_port).
    type: str
  listener_port:
    description:
      - The port on which the load balancer listens, V(1) to V(65535). It cannot be changed.
      - Required together with O(slb_id).
    type: int
  protocol:
    description:
      - The protocol of the listener. It cannot be changed.
      - Required to create an access point.
    type: str
    choices: [TCP, UDP, HTTP, HTTPS]
  name:
    description:
      - A short name that describes the purpose of the access point.
      - Required to create an access point.
    type: str
  real_server_port:
    description:
      - The port on which the application listens in its container, V(1) to V(65535).
      - Required to create an access point.
    type: int
  established_timeout:
    description:
      - The idle timeout of connections in seconds, V(10) to V(900).
      - Only for O(protocol=TCP).
    type: int
  sticky_session:
    description:
      - Whether requests of one client keep going to the same instance.
      - Only for O(protocol=HTTP) and O(protocol=HTTPS).
    type: bool
  cookie_timeout:
    description:
      - The duration of sticky sessions in seconds, V(1) to V(86400).
      - Only for O(protocol=HTTP) and O(protocol=HTTPS).
    type: int
  ssl_cert_id:
    description:
      - The id of the certificate in the SSL certificate product.
      - Only for O(protocol=HTTPS).
    type: str
seealso:
  - module: jst.retailcloud.jst_slb_ap_info
  - module: jst.retailcloud.jst_service
  - module: jst.retailcloud.jst_environment
"""

EXAMPLES = r"""
- name: Make the shop reachable from the internet
  jst.retailcloud.jst_slb_ap:
    app: shop
    environment: production
    slb_id: lb-emu-internet-1
    listener_port: 443
    protocol: HTTPS
    name: shop-https
    real_server_port: 8080
    ssl_cert_id: ssl-emu-1
    sticky_session: true
    cookie_timeout: 3600
  register: front

- name: Shorten the duration of sticky sessions
  jst.retailcloud.jst_slb_ap:
    app: shop
    environment: production
    slb_ap_id: "{{ front.slb_ap.slb_ap_id }}"
    cookie_timeout: 600

- name: Make the shop reachable for other applications over TCP
  jst.retailcloud.jst_slb_ap:
    app: shop
    environment: production
    slb_id: lb-emu-intranet-1
    listener_port: 9000
    protocol: TCP
    name: shop-tcp
    real_server_port: 9000
    established_timeout: 900

- name: Delete an access point
  jst.retailcloud.jst_slb_ap:
    app: shop
    environment: production
    slb_id: lb-emu-intranet-1
    listener_port: 9000
    state: absent
"""

RETURN = r"""
slb_ap:
  description:
    - The access point after the task, or its predicted state in check mode.
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
    slb_ap_id:
      description: The id. Null for an access point that check mode would create.
      type: int
      returned: always
      sample: 40001
    slb_id:
      description: The id of the load balancer.
      type: str
      returned: always
      sample: lb-emu-internet-1
    listener_port:
      description: The port on which the load balancer listens.
      type: int
      returned: always
      sample: 443
    protocol:
      description: The protocol of the listener.
      type: str
      returned: always
      sample: HTTPS
    name:
      description: The name.
      type: str
      returned: always
      sample: shop-https
    real_server_port:
      description: The port on which the application listens in its container.
      type: int
      returned: always
      sample: 8080
    established_timeout:
      description: The idle timeout of TCP connections in seconds. Null for other protocols.
      type: int
      returned: always
      sample: 900
    sticky_session:
      description: Whether requests of one client keep going to the same instance. Null when the protocol is not HTTP or
        HTTPS.
      type: bool
      returned: always
      sample: true
    cookie_timeout:
      description: The duration of sticky sessions in seconds. Null when the protocol is not HTTP or HTTPS.
      type: int
      returned: always
      sample: 3600
    ssl_cert_id:
      description: The id of the certificate. Null when the protocol is not HTTPS.
      type: str
      returned: always
      sample: ssl-emu-1
    network_mode:
      description:
        - The network of the load balancer, V(internet) or V(intranet).
        - Null for an access point that check mode would create.
      type: str
      returned: always
      sample: internet
    slb_ip:
      description: The address of the load balancer. Null for an access point that check mode would create.
      type: str
      returned: always
      sample: 203.0.113.200
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.slb_ap import SlbAp


def main() -> None:
    """Run the module."""
    run_resource(SlbAp)


if __name__ == "__main__":
    main()
