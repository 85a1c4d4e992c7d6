#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_deployment
short_description: Release applications to their environments on Jushita
version_added: 1.0.0
description:
  - Deploys a code package or container images to an environment of the Jushita (JST) cloud, with its deploy
    configuration and number of instances. The module creates a deploy order, which replaces the instances batch by
    batch.
  - The module deploys nothing when the environment already runs the desired content.
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
    support: partial
    details:
      - The module reads the live content from the deploy orders and the baseline of the environment, see the notes.
        When neither shows whether the environment runs the desired content, the module deploys nothing and warns.
      - O(name), O(description), O(partitions), O(pause_type), O(arms) and O(update_strategy) control the deployment.
        They are not compared.
      - With O(force=true), every run deploys.
requirements:
  - PyYAML
notes:
  - The module ends the description of each order with a note and a mark, such as V(content={"images":["shop:1.0"]}
    [jst:0123456789ab]). The note holds the package or the images of the order. Role P(jst.retailcloud.release#role)
    uses the note to roll the release back. There is no note for a package address that may contain a signature or a
    password.
  - The mark is a fingerprint of all content of the order. The mark of the last finished order shows whether the
    environment runs the desired content. When a task was interrupted, the next task finds the order by its mark and
    does not create another one.
  - An order without a mark was created by another tool. The module then compares the desired content with the baseline
    of the environment. The baseline shows the deploy configuration and either the code package or, without one, a
    single image. It shows no further images and no init images. It may show an address in a different notation, such as
    with a digest instead of a tag. When the baseline is not sufficient, set O(force=true) to release.
  - For a finished order, the module waits up to O(wait_timeout) seconds until the service has returned the result.
  - When the last finished order failed or was closed, some instances may run its content, which the baseline does not
    show. In this case, the module always deploys, even the content in the baseline.
  - When an unfinished order has the same content, the module creates no other order. It waits for that order and
    reports no change.
  - The module releases a deploy configuration whose documents have changed since the last release. For Secrets, it
    compares the revisions that M(jst.retailcloud.jst_deploy_config) assigns. When the service does not keep revisions,
    use O(force) to deploy changed Secrets, as in the examples.
  - The service does not document whether the baseline survives O(jst.retailcloud.jst_environment#module:state=offline).
    Use O(force=true) to bring an environment back online reliably.
  - The service has no rollback operation. To roll back, deploy the earlier code package or images again.
options:
  state:
    description: The requested state. V(present) is the only value.
    type: str
    choices: [present]
    default: present
  name:
    description:
      - The name of the deploy order.
      - When omitted, the name is V(ansible-) followed by the fingerprint of the mark.
    type: str
  description:
    description: The description of the deploy order. The module appends the note and the mark.
    type: str
  packet_id:
    description:
      - The id of a code package that is stored on the platform.
      - Excludes O(packet_url).
    type: int
  packet_url:
    description:
      - The HTTP or HTTPS address of a code package, from which the platform downloads it.
      - Excludes O(packet_id).
    type: str
  images:
    description:
      - The images of the containers in the deploy configuration, one per container and in the order of the containers.
      - When omitted, the module deploys the images of the deploy configuration.
    type: list
    elements: str
  init_images:
    description:
      - The images of the init containers in the deploy configuration, one per container and in the order of the
        containers.
      - When omitted, the module deploys the images of the deploy configuration.
    type: list
    elements: str
  partitions:
    description:
      - The number of batches, V(1) or more.
      - With two or more batches, instances do not all restart at the same time, and a bad release can be stopped early.
    type: int
    default: 2
  pause_type:
    description:
      - Whether the order pauses automatically after the V(first) batch, after V(each) batch, or never (V(none)).
      - When omitted, the order does not pause.
    type: str
    choices: [first, each, none]
  arms:
    description:
      - Whether to monitor the instances with ARMS, the Application Real-Time Monitoring Service.
      - When omitted, the instances are not monitored.
    type: bool
  update_strategy:
    description:
      - Whether old instances stop before new instances start, V(offline_old_then_online_new), or after,
        V(online_new_then_offline_old). For stateless applications only.
      - When omitted, the service uses V(offline_old_then_online_new).
    type: str
    choices: [offline_old_then_online_new, online_new_then_offline_old]
  force:
    description:
      - Deploy even when the environment already runs the desired content. The diff then shows that a new order deploys
        the content again.
    type: bool
    default: false
  on_unfinished:
    description:
      - The action when the environment has an unfinished order that deploys other content, or that scales while there
        is content to deploy. The service accepts no new order before that order has finished.
      - V(fail) fails with the name and the progress of the unfinished order.
      - V(wait) waits until the unfinished order has finished, for at most O(wait_timeout) seconds and also with
        O(wait=false). The module then deploys when this is still necessary. A paused order does not finish on its own.
      - V(close) closes the unfinished order, whose result is then V(closed). The module then deploys.
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
  - module: jst.retailcloud.jst_deploy_order_info
  - module: jst.retailcloud.jst_pod_info
  - module: jst.retailcloud.jst_deploy_config
  - module: jst.retailcloud.jst_environment
"""

EXAMPLES = r"""
- name: Describe how the shop runs in production
  jst.retailcloud.jst_deploy_config:
    app: shop
    name: web
    env_type: online
    deployment:
      apiVersion: apps/v1
      kind: Deployment
      metadata:
        name: web
      spec:
        selector:
          matchLabels:
            app: web
        template:
          metadata:
            labels:
              app: web
          spec:
            containers:
              - name: web
                image: registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/web:1.4.2
                ports:
                  - containerPort: 8080
  register: web

- name: Release the deploy configuration, also when only its documents have changed
  jst.retailcloud.jst_deployment:
    app: shop
    environment: production
    force: "{{ web is changed }}"

- name: Release another image, in four batches, new instances first
  jst.retailcloud.jst_deployment:
    app: shop
    environment: production
    images:
      - registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/web:1.4.3
    partitions: 4
    update_strategy: online_new_then_offline_old
    wait_timeout: 1800

- name: Deploy a new image in the first batch, and pause after it
  jst.retailcloud.jst_deployment:
    app: shop
    environment: production
    images:
      - registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/web:1.5.0
    pause_type: first
  register: canary

- name: Show the progress
  ansible.builtin.debug:
    msg: "{{ canary.deploy_order.status }} after batch {{ canary.deploy_order.current_partition }}"
  when: canary.deploy_order is not none

- name: Close the unfinished order, and release a code package that is stored on the platform
  jst.retailcloud.jst_deployment:
    app: shop
    environment: production
    packet_id: 2001
    description: The spring campaign
    on_unfinished: close
"""

RETURN = r"""
deploy_order:
  description:
    - The deploy order after the task. In check mode, only its name, description and number of batches are known.
    - Null when the environment already ran the desired content.
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
      description: The name.
      type: str
      returned: always
      sample: ansible-0123456789ab
    description:
      description: The description, with the note and the mark that the module appends.
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
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deployment import Deployment


def main() -> None:
    """Run the module."""
    run_resource(Deployment)


if __name__ == "__main__":
    main()
