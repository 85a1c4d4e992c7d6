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
  - Makes another number of instances run in an environment of the Jushita (JST) cloud. This takes a deploy order, which
    adds or removes instances batch by batch.
  - New instances run what the others do. An environment has to have been deployed to with
    M(jst.retailcloud.jst_deployment) before it can be scaled.
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
  - What counts is the number of instances that run, less those that are about to go.
  - Whether scaling also changes O(jst.retailcloud.jst_environment#module:replicas) is not documented. The next
    deployment uses that number, so set it as well where it is to last, as the examples show.
  - An order does not show its number of instances. The service names it after that, by which a task that was cut off
    finds the order it had made, instead of making another one. It is joined, which is no change.
options:
  state:
    description: What is asked for. There is only V(present).
    type: str
    choices: [present]
    default: present
  replicas:
    description: How many instances should run, V(0) or more.
    type: int
    required: true
  partitions:
    description:
      - The number of batches, V(1) or more. The service takes V(2) when this is omitted.
      - It says how to scale and is not compared.
    type: int
  on_unfinished:
    description:
      - What to do when the environment has an unfinished order that is in the way. The service takes no new order
        before that one has finished. An order that deploys something is not in the way of a task that has nothing to
        scale.
      - V(fail) fails with the name and the progress of that order.
      - V(wait) waits until it has finished, for O(wait_timeout) seconds at most and also with O(wait=false), and then
        scales if there is still need to. An order that pauses does not finish by itself.
      - V(close) closes it, which ends it as a failed one, and then scales.
    type: str
    choices: [fail, wait, close]
    default: fail
  wait:
    description:
      - Whether to wait until the deploy order has finished or pauses.
      - An order that fails, or is closed meanwhile, fails the task at once. The result holds the order then.
      - Without waiting, the task returns as soon as the service has accepted the order. Its id is in the result.
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

- name: Let the next deployment bring up four as well
  jst.retailcloud.jst_environment:
    app: shop
    name: production
    replicas: 4

- name: Scale down in a single batch, after whatever is under way
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
    - The deploy order as it is now. In check mode, only its number of batches is known, and that only if it was given.
    - Null when the number of instances was right already.
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
      description: The id. Null for an order that check mode would make.
      type: int
      returned: always
      sample: 60001
    name:
      description: The name. The service names a scaling after the number of instances.
      type: str
      returned: always
      sample: "应用实例数扩缩容至4个"
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
      sample: none
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
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.scale import Scale


def main() -> None:
    """Run the module."""
    run_resource(Scale)


if __name__ == "__main__":
    main()
