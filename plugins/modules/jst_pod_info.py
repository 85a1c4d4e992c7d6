#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_pod_info
short_description: List the pods of a deploy order
version_added: 1.0.0
description:
  - Lists the pods that a deploy order started or stopped, how far each is, and on demand its logs and events.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
notes:
  - Each of O(log), O(events) and O(container_log) costs a call for each pod.
options:
  deploy_order_id:
    description: The id of the deploy order.
    type: int
    required: true
  instance:
    description: Only the pod with this name.
    type: str
  status:
    description: Only pods that are this far. Several can be given.
    type: list
    elements: str
    choices: [running, paused, finished]
  result:
    description:
      - Only pods with this result. Several can be given.
      - A pod is V(undecided) until it has finished.
    type: list
    elements: str
    choices: [undecided, succeeded, failed, closed]
  log:
    description: Whether to read the logs of the start, from fetching the code to the output of the application.
    type: bool
    default: false
  events:
    description: Whether to read the Kubernetes events, which the cluster keeps for a while only.
    type: bool
    default: false
  container_log:
    description:
      - Whether to read the last lines of each container, sidecars and init containers included.
      - Needs O(app) or O(app_id), and O(environment) or O(environment_id).
    type: bool
    default: false
  lines:
    description: How many lines O(container_log) reads of each container, at least 1.
    type: int
    default: 200
  app:
    description: The title or the id of the application. Only needed for O(container_log).
  environment:
    description:
      - The name or the id of the environment. Only needed for O(container_log). It needs O(app) or O(app_id).
seealso:
  - module: jst.retailcloud.jst_deploy_order_info
  - module: jst.retailcloud.jst_deployment
  - module: jst.retailcloud.jst_event_info
"""

EXAMPLES = r"""
- name: Find the releases of production
  jst.retailcloud.jst_deploy_order_info:
    app: shop
    environment: production
  register: orders

- name: Look into the pods of the last one that did not start
  jst.retailcloud.jst_pod_info:
    deploy_order_id: "{{ orders.deploy_orders | map(attribute='deploy_order_id') | max }}"
    result: failed
    log: true
    events: true
  register: failed

- name: Show what they said
  ansible.builtin.debug:
    msg: "{{ item.log_steps | map(attribute='log') | join(' ') }}"
  loop: "{{ failed.pods }}"
  loop_control:
    label: "{{ item.instance }}"

- name: Read the last 20 lines of every container that is up
  jst.retailcloud.jst_pod_info:
    deploy_order_id: "{{ orders.deploy_orders | map(attribute='deploy_order_id') | max }}"
    status: finished
    result: succeeded
    app: shop
    environment: production
    container_log: true
    lines: 20
"""

RETURN = r"""
pods:
  description: The pods that fit, in the order of the service. Empty when there are none.
  returned: success
  type: list
  elements: dict
  contains:
    app_id:
      description: The id of the application. Null unless O(app) is given.
      type: int
      returned: always
      sample: 10001
    environment_id:
      description: The id of the environment. Null unless O(environment) is given.
      type: int
      returned: always
      sample: 20001
    instance:
      description: The name of the pod. Null where the service does not tell.
      type: str
      returned: always
      sample: jck-deployment-shop-10001-20001-60001-7ee127fd3e-9d642
    deploy_order_id:
      description: The id of the deploy order.
      type: int
      returned: always
      sample: 60001
    status:
      description: How far the pod is, one of V(running), V(paused) and V(finished).
      type: str
      returned: always
      sample: finished
    result:
      description: What came of it, one of V(undecided), V(succeeded), V(failed) and V(closed).
      type: str
      returned: always
      sample: succeeded
    partition:
      description: The number of the batch that it belongs to.
      type: int
      returned: always
      sample: 1
    steps:
      description: The steps of its start or stop.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: The name of the step, as the console shows it.
          type: str
          returned: always
          sample: 启动应用
        code:
          description: What the step does, such as V(StartAppInstance), V(StopAppInstance) or V(DeleteAppInstance).
          type: str
          returned: always
          sample: StartAppInstance
        status:
          description: How far it is, V(PROCESSING), V(SUCCESS) or V(FAIL).
          type: str
          returned: always
          sample: SUCCESS
      sample:
        - name: 启动应用
          code: StartAppInstance
          status: SUCCESS
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
    host_name:
      description: The name of that node.
      type: str
      returned: always
      sample: emu-node-1
    group_name:
      description: The name of the group of instances.
      type: str
      returned: always
      sample: shop-host
    region:
      description: The region.
      type: str
      returned: always
      sample: cn-zhangjiakou
    start_time:
      description: When it started, ISO 8601.
      type: str
      returned: always
      sample: "2026-01-05T17:03:00Z"
    update_time:
      description: When it last changed, ISO 8601.
      type: str
      returned: always
      sample: "2026-01-05T17:03:00Z"
    log_steps:
      description:
        - The steps with their logs.
        - Null, with a warning, when the service has none.
      type: list
      elements: dict
      returned: O(log=true)
      contains:
        name:
          description: The name of the step, as the console shows it.
          type: str
          returned: always
          sample: 启动应用
        code:
          description: What the step does.
          type: str
          returned: always
          sample: StartAppInstance
        status:
          description: How far it is, V(PROCESSING), V(SUCCESS) or V(FAIL).
          type: str
          returned: always
          sample: SUCCESS
        log:
          description: Its log.
          type: str
          returned: always
          sample: "Starting the application\nListening on port 8080"
      sample:
        - name: 启动应用
          code: StartAppInstance
          status: SUCCESS
          log: "Starting the application\nListening on port 8080"
    events:
      description:
        - The events.
        - Null, with a warning, when the service has none.
      type: list
      elements: dict
      returned: O(events=true)
      contains:
        type:
          description: The kind of event, such as V(Normal) or V(Warning).
          type: str
          returned: always
          sample: Normal
        reason:
          description: The reason, a word of Kubernetes.
          type: str
          returned: always
          sample: Scheduled
        action:
          description: The action. Null where there is none.
          type: str
          returned: always
          sample: Binding
        message:
          description: What happened.
          type: str
          returned: always
          sample: Successfully assigned
        count:
          description: How often it happened.
          type: int
          returned: always
          sample: 1
        event_time:
          description: The moment, ISO 8601.
          type: str
          returned: always
          sample: "2026-01-05T17:03:00Z"
        first_timestamp:
          description: The first time it happened, ISO 8601.
          type: str
          returned: always
          sample: "2026-01-05T17:03:00Z"
        last_timestamp:
          description: The last time it happened, ISO 8601.
          type: str
          returned: always
          sample: "2026-01-05T17:03:00Z"
      sample:
        - type: Normal
          reason: Scheduled
          action: null
          message: Successfully assigned
          count: 1
          event_time: "2026-01-05T17:03:00Z"
          first_timestamp: "2026-01-05T17:03:00Z"
          last_timestamp: "2026-01-05T17:03:00Z"
    container_logs:
      description:
        - The last lines of each container. Signed links and license keys in them are masked.
        - Null, with a warning, when the service has none, as for a pod that is gone.
      type: list
      elements: dict
      returned: O(container_log=true)
      contains:
        container:
          description: The name of the container.
          type: str
          returned: always
          sample: web
        content:
          description: The lines.
          type: str
          returned: always
          sample: "Listening on port 8080\nHealth check passed"
      sample:
        - container: web
          content: "Listening on port 8080\nHealth check passed"
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.pod import PodInfo


def main() -> None:
    """Run the module."""
    run_info(PodInfo)


if __name__ == "__main__":
    main()
