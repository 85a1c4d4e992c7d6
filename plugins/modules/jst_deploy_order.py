#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_deploy_order
short_description: Resume, close or await deploy orders on Jushita
version_added: 1.0.0
description:
  - Steers a deploy order of the Jushita (JST) cloud that is there already, such as one that
    M(jst.retailcloud.jst_deployment) or M(jst.retailcloud.jst_scale) started. It resumes an order that pauses, closes
    one that is no good, or waits until one has finished.
  - The order is the one with the id O(deploy_order_id), or the unfinished order of an environment. Exactly one of both
    ways is required.
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
      - An order that pauses after each batch pauses again, and the next task with O(state=resumed) resumes it again.
options:
  state:
    description:
      - With V(resumed), an order that pauses goes on. One that does not pause is left alone, whether it is under way or
        has finished.
      - With V(closed), an order that has not finished ends here. Instances that it has deployed already stay as they
        are; deploy again what ran before to be rid of them. An order that has finished is left alone, however it ended.
      - With V(finished), the task waits for the order and changes nothing. It waits on while the order pauses, for
        somebody to resume it.
    type: str
    choices: [resumed, closed, finished]
    required: true
  deploy_order_id:
    description:
      - The id of the order. It is in the result of the module that made the order, and in those of
        M(jst.retailcloud.jst_deploy_order_info).
      - It is an error if there is no such order, in check mode too.
      - Without it, O(app) or O(app_id), and O(environment) or O(environment_id), are required, and name the environment
        whose unfinished order is meant. An order is unfinished until the service has decided its result.
      - An environment without an unfinished order is an error with O(state=resumed). With O(state=closed) and
        O(state=finished) there is nothing to do.
      - An environment with several unfinished orders is an error that contains their ids.
    type: int
  app:
    description:
      - The title or the id of the application whose environment has the order.
      - O(app), O(app_id), O(environment) and O(environment_id) exclude O(deploy_order_id).
  environment:
    description: The name or the id of the environment that has the order.
  wait:
    description:
      - Whether to wait until the order has finished, or with O(state=resumed) until it pauses again.
      - An order that fails, or is closed by somebody else, fails the task at once. The result holds the order then.
        With O(state=closed), nothing of that is a failure.
      - Without waiting, the module returns as soon as the service has accepted the call, with the order as it is then.
seealso:
  - module: jst.retailcloud.jst_deploy_order_info
  - module: jst.retailcloud.jst_deployment
  - module: jst.retailcloud.jst_scale
  - module: jst.retailcloud.jst_pod_info
"""

EXAMPLES = r"""
- name: Try a new image in the first of two batches
  jst.retailcloud.jst_deployment:
    app: shop
    environment: production
    images:
      - registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/web:1.5.0
    pause_type: first
  register: canary

- name: Look after it, and go on with the rest
  when: canary.deploy_order is not none
  block:
    - name: See that all instances are well
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
    - name: Give the release up
      jst.retailcloud.jst_deploy_order:
        deploy_order_id: "{{ canary.deploy_order.deploy_order_id }}"
        state: closed

- name: Close whatever order is unfinished in production
  jst.retailcloud.jst_deploy_order:
    app: shop
    environment: production
    state: closed

- name: Scale without waiting for it
  jst.retailcloud.jst_scale:
    app: shop
    environment: production
    replicas: 4
    wait: false
  register: scaled

- name: Wait for it later
  jst.retailcloud.jst_deploy_order:
    deploy_order_id: "{{ scaled.deploy_order.deploy_order_id }}"
    state: finished
  when: scaled.deploy_order is not none
"""

RETURN = r"""
deploy_order:
  description:
    - The deploy order as it is now, or as it would be in check mode.
    - Null when the environment has no unfinished order.
  returned: success, and when the order failed or did not finish in time
  type: dict
  contains:
    app_id:
      description: The id of the application. Null when the order is given by its id.
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
      description: The name. The service names those of scalings after the number of instances.
      type: str
      returned: always
      sample: ansible-0123456789ab
    description:
      description: The description. Null without one.
      type: str
      returned: always
      sample: "The spring campaign [jst:0123456789ab]"
    status:
      description: How far the order is, one of V(waiting), V(running), V(paused) and V(finished).
      type: str
      returned: always
      sample: finished
    result:
      description:
        - What came of it, one of V(undecided), V(succeeded), V(failed) and V(closed).
        - An order is V(undecided) until it has finished. Any other number of the service is V(failed).
      type: str
      returned: always
      sample: succeeded
    current_partition:
      description: The number of the batch that is or was deployed last, V(0) before the first.
      type: int
      returned: always
      sample: 2
    partitions:
      description: The number of batches.
      type: int
      returned: always
      sample: 2
    finished_instances:
      description: How many instances are done.
      type: int
      returned: always
      sample: 4
    total_instances:
      description: How many instances the order is about.
      type: int
      returned: always
      sample: 4
    failure_rate:
      description: The share of instances that failed, as the service puts it.
      type: str
      returned: always
      sample: "0"
    pause_type:
      description: When the order pauses by itself, V(first), V(each) or V(none).
      type: str
      returned: always
      sample: first
    env_type:
      description: The kind of environment, V(test) or V(online).
      type: str
      returned: always
      sample: online
    deploy_config_id:
      description: The id of the deploy configuration of the environment.
      type: int
      returned: always
      sample: 30001
    start_time:
      description: When the order started, ISO 8601. Null before that.
      type: str
      returned: always
      sample: "2026-01-05T17:03:00Z"
    end_time:
      description: When the order finished, ISO 8601. Null before that.
      type: str
      returned: always
      sample: "2026-01-05T17:09:00Z"
    elapsed_seconds:
      description: How many seconds the order took, or has taken so far.
      type: int
      returned: always
      sample: 371
    user_id:
      description: The id of the user who made the order.
      type: str
      returned: always
      sample: "1001"
    user_nick:
      description: The nick name of that user.
      type: str
      returned: always
      sample: shop-operator
    failed_pods:
      description:
        - The first pods that failed, three at most. M(jst.retailcloud.jst_pod_info) tells more of them and of the
          others.
        - Null unless the order has failed, or when the service does not tell.
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
          description: The end of the log of its start. Null when there is none.
          type: str
          returned: always
          sample: "Starting the application\nFatal: could not start, giving up"
        events:
          description: Its events in Kubernetes, one line each. Null when there are none.
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
