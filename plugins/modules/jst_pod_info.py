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
  - Lists the pods that a deploy order started or stopped, with their progress. Optionally returns their logs and
    events.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
notes:
  - Each of O(log), O(events) and O(container_log) costs one call for each pod.
options:
  deploy_order_id:
    description: The id of the deploy order.
    type: int
    required: true
  instance:
    description: Only the pod with this name.
    type: str
  status:
    description: Only pods in any of these states.
    type: list
    elements: str
    choices: [running, paused, finished]
  result:
    description:
      - Only pods with any of these results.
      - A pod is V(undecided) until the service has returned its result.
    type: list
    elements: str
    choices: [undecided, succeeded, failed, closed]
  log:
    description: Whether to read the start logs, from fetching the code to the output of the application.
    type: bool
    default: false
  events:
    description: Whether to read the Kubernetes events, which the cluster keeps for a limited time.
    type: bool
    default: false
  container_log:
    description:
      - Whether to read the last log lines of each container, including sidecars and init containers.
      - Requires O(app) or O(app_id), and O(environment) or O(environment_id).
    type: bool
    default: false
  lines:
    description: The number of lines that O(container_log) reads of each container, at least 1.
    type: int
    default: 200
  app:
    description: The title or the id of the application. Only needed for O(container_log).
  environment:
    description:
      - The name or the id of the environment. Only needed for O(container_log). Requires O(app) or O(app_id).
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

- name: Read the failed pods of the last release
  jst.retailcloud.jst_pod_info:
    deploy_order_id: "{{ orders.deploy_orders | map(attribute='deploy_order_id') | max }}"
    result: failed
    log: true
    events: true
  register: failed

- name: Show the logs
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
  description: The matching pods, in the order in which the service returns them. Empty when there are none.
  returned: success
  type: list
  elements: dict
  contains:
    app_id:
      description: The id of the application. Null when O(app) is omitted.
      type: int
      returned: always
      sample: 10001
    environment_id:
      description: The id of the environment. Null when O(environment) is omitted.
      type: int
      returned: always
      sample: 20001
    instance:
      description: The name of the pod. Null when the service does not return it.
      type: str
      returned: always
      sample: jck-deployment-shop-10001-20001-60001-7ee127fd3e-9d642
    deploy_order_id:
      description: The id of the deploy order.
      type: int
      returned: always
      sample: 60001
    status:
      description: The progress of the pod, one of V(running), V(paused) and V(finished).
      type: str
      returned: always
      sample: finished
    result:
      description: The result of the order, one of V(undecided), V(succeeded), V(failed) and V(closed).
      type: str
      returned: always
      sample: succeeded
    partition:
      description: The number of the batch of the pod.
      type: int
      returned: always
      sample: 1
    steps:
      description: The steps of the start or the stop of the pod.
      type: list
      elements: dict
      returned: always
      contains:
        name:
          description: The name of the step, as in the console.
          type: str
          returned: always
          sample: 启动应用
        code:
          description: The type of the step, such as V(StartAppInstance), V(StopAppInstance) or V(DeleteAppInstance).
          type: str
          returned: always
          sample: StartAppInstance
        status:
          description: The progress of the step, V(PROCESSING), V(SUCCESS) or V(FAIL).
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
      description: The address of the node of the instance.
      type: str
      returned: always
      sample: 192.168.48.1
    host_name:
      description: The name of the node.
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
      description: When the pod started, ISO 8601.
      type: str
      returned: always
      sample: "2026-01-05T17:03:00Z"
    update_time:
      description: When the pod last changed, ISO 8601.
      type: str
      returned: always
      sample: "2026-01-05T17:03:00Z"
    log_steps:
      description:
        - The steps with their logs.
        - Null when the service has none. The module then warns.
      type: list
      elements: dict
      returned: O(log=true)
      contains:
        name:
          description: The name of the step, as in the console.
          type: str
          returned: always
          sample: 启动应用
        code:
          description: The type of the step.
          type: str
          returned: always
          sample: StartAppInstance
        status:
          description: The progress of the step, V(PROCESSING), V(SUCCESS) or V(FAIL).
          type: str
          returned: always
          sample: SUCCESS
        log:
          description: The log of the step.
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
        - Null when the service has none. The module then warns.
      type: list
      elements: dict
      returned: O(events=true)
      contains:
        type:
          description: The type of event, such as V(Normal) or V(Warning).
          type: str
          returned: always
          sample: Normal
        reason:
          description: The Kubernetes reason of the event.
          type: str
          returned: always
          sample: Scheduled
        action:
          description: The action. Null when there is none.
          type: str
          returned: always
          sample: Binding
        message:
          description: What happened.
          type: str
          returned: always
          sample: Successfully assigned
        count:
          description: The number of times that the event happened.
          type: int
          returned: always
          sample: 1
        event_time:
          description: The time of the event, ISO 8601.
          type: str
          returned: always
          sample: "2026-01-05T17:03:00Z"
        first_timestamp:
          description: The first time that the event happened, ISO 8601.
          type: str
          returned: always
          sample: "2026-01-05T17:03:00Z"
        last_timestamp:
          description: The last time that the event happened, ISO 8601.
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
        - The last log lines of each container. Signed links and license keys are masked.
        - Null when the service has none, as for a deleted pod. The module then warns.
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
          description: The lines of the log.
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
