#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_slb_ap_info
short_description: List SLB access points of an application
version_added: 1.0.0
description:
  - Lists the SLB access points of an application, all that fit every option given.
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
      - The name or the id of an environment. Access points of all environments are listed unless one is given.
      - Digits that are the name of one environment of the application and the id of another are an error.
  slb_ap_id:
    description: Only the access point with this id.
    type: int
  name:
    description: Only access points of this name.
    type: str
  slb_id:
    description: Only access points of this load balancer.
    type: str
  protocol:
    description: Only access points with this protocol.
    type: str
    choices: [TCP, UDP, HTTP, HTTPS]
  network_mode:
    description: Only access points that are reached from the V(internet), or only those reached from the V(intranet).
    type: str
    choices: [internet, intranet]
seealso:
  - module: jst.retailcloud.jst_slb_ap
"""

EXAMPLES = r"""
- name: List the access points of an environment
  jst.retailcloud.jst_slb_ap_info:
    app: shop
    environment: production
  register: shop

- name: Show where the environment is reached
  ansible.builtin.debug:
    msg: "{{ item.protocol }} {{ item.slb_ip }}:{{ item.listener_port }}"
  loop: "{{ shop.slb_aps }}"
  loop_control:
    label: "{{ item.name }}"

- name: List what the application shows to the internet, in all its environments
  jst.retailcloud.jst_slb_ap_info:
    app: shop
    network_mode: internet
"""

RETURN = r"""
slb_aps:
  description: The access points that fit, in the order of the service.
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
    slb_ap_id:
      description: The id.
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
      description: After how many idle seconds a TCP connection is closed. Null for other protocols.
      type: int
      returned: always
      sample: 900
    sticky_session:
      description: Whether a client stays with one instance. Null unless the protocol is HTTP or HTTPS.
      type: bool
      returned: always
      sample: true
    cookie_timeout:
      description: For how many seconds a client stays with one instance. Null unless the protocol is HTTP or HTTPS.
      type: int
      returned: always
      sample: 3600
    ssl_cert_id:
      description: The id of the certificate. Null unless the protocol is HTTPS.
      type: str
      returned: always
      sample: ssl-emu-1
    network_mode:
      description: The network of the load balancer, V(internet) or V(intranet).
      type: str
      returned: always
      sample: internet
    slb_ip:
      description: The address of the load balancer.
      type: str
      returned: always
      sample: 203.0.113.200
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.module import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.slb_ap import SlbApInfo


def main() -> None:
    """Run the module."""
    run_info(SlbApInfo)


if __name__ == "__main__":
    main()
