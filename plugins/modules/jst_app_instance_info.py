#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_app_instance_info
short_description: List instances of applications on Jushita
version_added: 1.0.0
description:
  - Lists the instances of an application of the Jushita (JST) cloud, that is, the pods of an environment.
  - Without a filter all of them are listed. Several filters have to fit at the same time.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
options:
  instance:
    description: Only the instance with this id.
    type: str
  status:
    description: Only instances in any of these states.
    type: list
    elements: str
    choices: [Normal, Starting, ToBeSchedule, Pending, Offlining, Failed, Unknown, Stopped]
seealso:
  - module: jst.retailcloud.jst_app_instance
  - module: jst.retailcloud.jst_pod_info
  - module: jst.retailcloud.jst_scale
"""

EXAMPLES = r"""
- name: List the instances of production
  jst.retailcloud.jst_app_instance_info:
    app: shop
    environment: production
  register: shop

- name: Show what they run
  ansible.builtin.debug:
    msg: "{{ item.version }} on {{ item.host_ip }}, {{ item.status }} since {{ item.create_time }}"
  loop: "{{ shop.app_instances }}"
  loop_control:
    label: "{{ item.instance }}"

- name: List those that are not up yet
  jst.retailcloud.jst_app_instance_info:
    app: shop
    environment: production
    status: [Starting, ToBeSchedule, Pending]
"""

RETURN = r"""
app_instances:
  description: The instances that fit, in the order of the service. Empty when there are none.
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
    instance:
      description: The id of the instance, which is the name of its pod.
      type: str
      returned: always
      sample: jck-deployment-shop-10001-20001-60001-7ee127fd3e-9d642
    status:
      description:
        - The state of the instance, one of V(Normal), V(Starting), V(ToBeSchedule), V(Pending), V(Offlining),
          V(Failed), V(Unknown) and V(Stopped).
        - Null for a state that the service does not explain.
      type: str
      returned: always
      sample: Normal
    health:
      description:
        - Whether the instance is well, V(RUNNING) or V(ABNORMAL).
        - The service has replaced this by the status.
      type: str
      returned: always
      sample: RUNNING
    version:
      description: The tag of the image that it runs, or the version of the code package.
      type: str
      returned: always
      sample: 1.4.2
    restart_count:
      description: How often the pod was restarted.
      type: int
      returned: always
      sample: 0
    pod_ip:
      description: The address of the pod.
      type: str
      returned: always
      sample: 172.20.0.10
    host_ip:
      description: The address of the node that it runs on.
      type: str
      returned: always
      sample: 192.168.48.1
    requests:
      description: The resources that are kept for its containers. Null when the deploy configuration names none.
      type: str
      returned: always
      sample: 0.5vcpu 1GB
    limits:
      description: The resources that its containers may use at most. Null when the deploy configuration names none.
      type: str
      returned: always
      sample: 1vcpu 2GB
    spec:
      description: The size of its containers. The service has replaced this by the limits.
      type: str
      returned: always
      sample: 1vcpu 2GB
    create_time:
      description: When the instance was made, ISO 8601.
      type: str
      returned: always
      sample: "2026-01-05T17:03:12Z"
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.module import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_instance import AppInstanceInfo


def main() -> None:
    """Run the module."""
    run_info(AppInstanceInfo)


if __name__ == "__main__":
    main()
