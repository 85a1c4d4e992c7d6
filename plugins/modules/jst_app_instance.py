#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_app_instance
short_description: Rebuild instances of applications on Jushita
version_added: 1.0.0
description:
  - Rebuilds an instance of an application on the Jushita (JST) cloud, such as a pod that hangs. The instance is a pod
    of an environment. The rebuilt instance runs the same content.
  - The module performs an action and is not idempotent. Each run rebuilds the instance again.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.attributes.state
  - jst.retailcloud.wait
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
attributes:
  idempotent:
    support: none
    details: Every run rebuilds the instance.
notes:
  - The service does not document whether an instance keeps its id. When the id changes, the module waits for the
    replacement instance and returns it.
  - M(jst.retailcloud.jst_deployment) with O(jst.retailcloud.jst_deployment#module:force=true) replaces all instances of
    an environment, batch by batch.
options:
  state:
    description: The requested action. V(rebuilt) is the only value and must be given.
    type: str
    choices: [rebuilt]
    required: true
  instance:
    description:
      - The id of the instance, as M(jst.retailcloud.jst_app_instance_info) lists it.
      - The task fails for an unknown instance id, also in check mode.
    type: str
    required: true
  wait:
    description:
      - Whether to wait until the instance is rebuilt and has status V(Normal). The task fails at once when the instance
        fails meanwhile.
      - With V(false), the module returns as soon as the service accepts the call.
seealso:
  - module: jst.retailcloud.jst_app_instance_info
  - module: jst.retailcloud.jst_deployment
"""

EXAMPLES = r"""
- name: Find the unhealthy instances
  jst.retailcloud.jst_app_instance_info:
    app: shop
    environment: production
    status: [Failed, Unknown, Stopped]
  register: unwell

- name: Rebuild the unhealthy instances, one after the other
  jst.retailcloud.jst_app_instance:
    app: shop
    environment: production
    instance: "{{ item.instance }}"
    state: rebuilt
  loop: "{{ unwell.app_instances }}"
  loop_control:
    label: "{{ item.instance }}"
"""

RETURN = r"""
app_instance:
  description: The instance after the task. In check mode, the instance before the rebuild.
  returned: success, and when the instance failed or was not ready in time
  type: dict
  contains:
    app_id:
      description: The id of the application. Null in check mode when the application does not exist yet.
      type: int
      returned: always
      sample: 10001
    environment_id:
      description: The id of the environment. Null in check mode when the environment does not exist yet.
      type: int
      returned: always
      sample: 20001
    instance:
      description: The id of the instance, which is the name of its pod. It may differ from the id before the rebuild.
      type: str
      returned: always
      sample: jck-deployment-shop-10001-20001-60001-7ee127fd3e-9d642
    status:
      description:
        - The state of the instance, one of V(Normal), V(Starting), V(ToBeSchedule), V(Pending), V(Offlining),
          V(Failed), V(Unknown) and V(Stopped).
        - Null for a state that the service does not document.
      type: str
      returned: always
      sample: Normal
    health:
      description:
        - The health of the instance, V(RUNNING) or V(ABNORMAL).
        - The service has replaced this value by the status.
      type: str
      returned: always
      sample: RUNNING
    version:
      description: The tag of the image that runs, or the version of the code package.
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
      description: The address of the node of the instance.
      type: str
      returned: always
      sample: 192.168.48.1
    requests:
      description: The resources that its containers request. Null when the deploy configuration sets none.
      type: str
      returned: always
      sample: 0.5vcpu 1GB
    limits:
      description: The resource limits of its containers. Null when the deploy configuration sets none.
      type: str
      returned: always
      sample: 1vcpu 2GB
    spec:
      description: The size of its containers. The service has replaced this value by the limits.
      type: str
      returned: always
      sample: 1vcpu 2GB
    create_time:
      description: When the instance was created, ISO 8601.
      type: str
      returned: always
      sample: "2026-01-05T17:03:12Z"
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.app_instance import AppInstance


def main() -> None:
    """Run the module."""
    run_resource(AppInstance)


if __name__ == "__main__":
    main()
