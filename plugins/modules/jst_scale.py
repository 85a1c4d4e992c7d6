#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_scale
short_description: Scale applications on Jushita
version_added: 1.0.0
description:
  - Changes the number of running instances in an environment of the Jushita (JST) cloud. The module creates a deploy
    order, which adds or removes instances batch by batch.
  - New instances run the same content as the existing ones. M(jst.retailcloud.jst_deployment) must have deployed to an
    environment before it can be scaled.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.attributes.state
  - jst.retailcloud.wait
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
notes:
  - The module compares the number of running instances, without those that are going offline.
  - The service does not document whether scaling also changes O(jst.retailcloud.jst_environment#module:replicas). The
    next deployment uses that number. To keep the new number, also set
    O(jst.retailcloud.jst_environment#module:replicas), as in the examples.
  - An order does not show its number of instances, but the service names the order after it. When a task was
    interrupted, the next task finds the order by this name and does not create another one. It waits for that order and
    reports no change.
options:
  state:
    description: The requested state. V(present) is the only value.
    type: str
    choices: [present]
    default: present
  replicas:
    description: The desired number of running instances, V(0) or more.
    type: int
    required: true
  partitions:
    description:
      - The number of batches, V(1) or more. When omitted, the service uses V(2).
      - This option controls the scaling and is not compared.
    type: int
  on_unfinished:
    description:
      - The action when the environment has a conflicting unfinished order. The service accepts no new order before that
        order has finished. A task that does not need to scale ignores an unfinished order that deploys content.
      - V(fail) fails with the name and the progress of the unfinished order.
      - V(wait) waits until the unfinished order has finished, for at most O(wait_timeout) seconds and also with
        O(wait=false). The module then scales when this is still necessary. A paused order does not finish on its own.
      - V(close) closes the unfinished order, whose result is then V(closed). The module then scales.
    type: str
    choices: [fail, wait, close]
    default: fail
  wait:
    description:
      - Whether to wait until the deploy order has finished or pauses.
      - The task fails at once when the order fails or is closed meanwhile. The result then contains the order.
      - With V(false), the task returns as soon as the service accepts the order. The result contains the id of the
        order.
seealso:
  - module: jst.retailcloud.jst_deploy_order
  - module: jst.retailcloud.jst_deployment
  - module: jst.retailcloud.jst_environment
  - module: jst.retailcloud.jst_app_instance_info
"""

EXAMPLES = r"""
- name: Run four instances
  jst.retailcloud.jst_scale:
    app: shop
    environment: production
    replicas: 4

- name: Also start four instances with the next deployment
  jst.retailcloud.jst_environment:
    app: shop
    name: production
    replicas: 4

- name: Scale down in a single batch, after the unfinished order
  jst.retailcloud.jst_scale:
    app: shop
    environment: production
    replicas: 2
    partitions: 1
    on_unfinished: wait
    wait_timeout: 1800
"""

RETURN = r"""
deploy_order:
  description:
    - The deploy order after the task. In check mode, only its number of batches is known, and only when it was given.
    - Null when the number of instances was already correct.
  returned: success, and when the order failed or did not finish in time
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
    deploy_order_id:
      description: The id. Null for an order that check mode would create.
      type: int
      returned: always
      sample: 60001
    name:
      description: The name. The service names a scaling order after the number of instances.
      type: str
      returned: always
      sample: "应用实例数扩缩容至4个"
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
      sample: none
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
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.scale import Scale


def main() -> None:
    """Run the module."""
    run_resource(Scale)


if __name__ == "__main__":
    main()
