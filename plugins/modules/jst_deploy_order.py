#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_deploy_order
short_description: Resume, close or wait for deploy orders on Jushita
version_added: 1.0.0
description:
  - Controls an existing deploy order of the Jushita (JST) cloud, such as one that M(jst.retailcloud.jst_deployment) or
    M(jst.retailcloud.jst_scale) started. The module resumes a paused order, closes an order, or waits until an order
    has finished.
  - The order is selected by O(deploy_order_id), or as the unfinished order of an environment. Exactly one of these is
    required.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
  - jst.retailcloud.wait
attributes:
  idempotent:
    support: partial
    details:
      - An order that pauses after each batch pauses again after it is resumed. The next task with O(state=resumed)
        resumes it again.
options:
  state:
    description:
      - V(resumed) resumes a paused order. A running or finished order stays unchanged.
      - V(closed) ends an unfinished order. Instances that the order has already deployed stay. To replace them, deploy
        the previous content again. A finished order stays unchanged, whatever its result.
      - V(finished) waits for the order and changes nothing. The module keeps waiting while the order is paused, until a
        user resumes it.
    type: str
    choices: [resumed, closed, finished]
    required: true
  deploy_order_id:
    description:
      - The id of the order. The result of the module that created the order contains it, as does the result of
        M(jst.retailcloud.jst_deploy_order_info).
      - The task fails for an unknown order id, also in check mode.
      - When omitted, O(app) or O(app_id), and O(environment) or O(environment_id), are required. They select the
        environment with the unfinished order. An order counts as unfinished until the service has returned its result.
      - When the environment has no unfinished order, the task fails with O(state=resumed). With O(state=closed) and
        O(state=finished), the module then does nothing.
      - The task fails when the environment has several unfinished orders. The message lists their ids.
    type: int
  app:
    description:
      - The title or the id of the application whose environment has the order.
      - O(app), O(app_id), O(environment) and O(environment_id) cannot be combined with O(deploy_order_id).
  environment:
    description: The name or the id of the environment that has the order.
  wait:
    description:
      - Whether to wait until the order has finished. With O(state=resumed), the module also stops waiting when the
        order pauses again.
      - The task fails at once when the order fails or another user closes it. The result then contains the order. With
        O(state=closed), the task succeeds in both cases.
      - With V(false), the module returns as soon as the service accepts the call. The result shows the order at that
        time.
seealso:
  - module: jst.retailcloud.jst_deploy_order_info
  - module: jst.retailcloud.jst_deployment
  - module: jst.retailcloud.jst_scale
  - module: jst.retailcloud.jst_pod_info
"""

EXAMPLES = r"""
- name: Deploy a new image in the first of two batches
  jst.retailcloud.jst_deployment:
    app: shop
    environment: production
    images:
      - registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/web:1.5.0
    pause_type: first
  register: canary

- name: Check the first batch, and continue with the second
  when: canary.deploy_order is not none
  block:
    - name: Check that all instances are healthy
      jst.retailcloud.jst_app_instance_info:
        app: shop
        environment: production
      register: shop
      failed_when: shop.app_instances | rejectattr('status', 'equalto', 'Normal') | length > 0

    - name: Deploy the second batch
      jst.retailcloud.jst_deploy_order:
        deploy_order_id: "{{ canary.deploy_order.deploy_order_id }}"
        state: resumed
        wait_timeout: 1800
  rescue:
    - name: Close the release
      jst.retailcloud.jst_deploy_order:
        deploy_order_id: "{{ canary.deploy_order.deploy_order_id }}"
        state: closed

- name: Close the unfinished order of production
  jst.retailcloud.jst_deploy_order:
    app: shop
    environment: production
    state: closed

- name: Scale without waiting
  jst.retailcloud.jst_scale:
    app: shop
    environment: production
    replicas: 4
    wait: false
  register: scaled

- name: Wait for the scaling later
  jst.retailcloud.jst_deploy_order:
    deploy_order_id: "{{ scaled.deploy_order.deploy_order_id }}"
    state: finished
  when: scaled.deploy_order is not none
"""

RETURN = r"""
deploy_order:
  description:
    - The deploy order after the task, or its predicted state in check mode.
    - Null when the environment has no unfinished order.
  returned: success, and when the order failed or did not finish in time
  type: dict
  contains:
    app_id:
      description: The id of the application. Null when the task gives the id of the order.
      type: int
      returned: always
      sample: 10001
    environment_id:
      description: The id of the environment.
      type: int
      returned: always
      sample: 20001
    deploy_order_id:
      description: The id.
      type: int
      returned: always
      sample: 60001
    name:
      description: The name. The service names a scaling order after the number of instances.
      type: str
      returned: always
      sample: ansible-0123456789ab
    description:
      description: The description. Null when there is none.
      type: str
      returned: always
      sample: 'The spring campaign content={"images":["shop:1.0"]} [jst:0123456789ab]'
    status:
      description: The progress of the order, one of V(waiting), V(running), V(paused) and V(finished).
      type: str
      returned: always
      sample: finished
    result:
      description:
        - The result of the order, one of V(undecided), V(succeeded), V(failed) and V(closed).
        - An order is V(undecided) until the service has returned its result. An unknown result code of the service is
          reported as V(failed).
      type: str
      returned: always
      sample: succeeded
    current_partition:
      description: The number of the current or last batch. V(0) before the first batch.
      type: int
      returned: always
      sample: 2
    partitions:
      description: The number of batches.
      type: int
      returned: always
      sample: 2
    finished_instances:
      description: The number of instances that the order has already changed.
      type: int
      returned: always
      sample: 4
    total_instances:
      description: The number of instances that the order changes.
      type: int
      returned: always
      sample: 4
    failure_rate:
      description: The share of instances that failed, in the notation of the service.
      type: str
      returned: always
      sample: "0"
    pause_type:
      description: When the order pauses automatically, V(first), V(each) or V(none).
      type: str
      returned: always
      sample: first
    env_type:
      description: The type of environment, V(test) or V(online).
      type: str
      returned: always
      sample: online
    deploy_config_id:
      description: The id of the deploy configuration of the environment.
      type: int
      returned: always
      sample: 30001
    start_time:
      description: When the order started, ISO 8601. Null before the start.
      type: str
      returned: always
      sample: "2026-01-05T17:03:00Z"
    end_time:
      description: When the order finished, ISO 8601. Null before the end.
      type: str
      returned: always
      sample: "2026-01-05T17:09:00Z"
    elapsed_seconds:
      description: The duration of the order in seconds, up to now for an unfinished order.
      type: int
      returned: always
      sample: 371
    user_id:
      description: The id of the user that created the order.
      type: str
      returned: always
      sample: "1001"
    user_nick:
      description: The nickname of the user that created the order.
      type: str
      returned: always
      sample: shop-operator
    failed_pods:
      description:
        - The first failed pods, at most three. M(jst.retailcloud.jst_pod_info) shows more details and all other pods.
        - Null when the order has not failed, or when the service does not return the pods.
      type: list
      elements: dict
      returned: always
      contains:
        instance:
          description: The name of the pod.
          type: str
          returned: always
          sample: jck-deployment-shop-10001-20001-60002-2f20bda6fb-54ee1
        log:
          description: The end of the start log. Null when there is none.
          type: str
          returned: always
          sample: "Starting the application\nFatal: could not start, giving up"
        events:
          description: The Kubernetes events of the pod, one per line. Null when there are none.
          type: list
          elements: str
          returned: always
          sample: ["Warning BackOff: Back-off restarting failed container"]
      sample:
        - instance: jck-deployment-shop-10001-20001-60002-2f20bda6fb-54ee1
          log: "Starting the application\nFatal: could not start, giving up"
          events: ["Warning BackOff: Back-off restarting failed container"]
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_order import ManagedDeployOrder


def main() -> None:
    """Run the module."""
    run_resource(ManagedDeployOrder)


if __name__ == "__main__":
    main()
