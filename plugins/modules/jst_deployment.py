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
  - Makes an environment of the Jushita (JST) cloud run a code package or container images, with its deploy
    configuration and its number of instances. This takes a deploy order, which swaps the instances batch by batch.
  - Nothing is deployed when the environment runs what is asked for already.
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
      - What runs is known from the deploy orders of the environment and from its baseline, as the notes tell. When
        neither of them tells whether the environment runs what is asked for, the module deploys nothing and warns.
      - O(name), O(description), O(partitions), O(pause_type), O(arms) and O(update_strategy) say how to deploy. They
        are not compared.
      - With O(force=true) every run deploys.
requirements:
  - PyYAML
notes:
  - The description of each order that this module makes ends with a note of the package or the images that the order
    deploys, and a mark, such as V(content={"images":["shop:1.0"]} [jst:0123456789ab]). From the note, role
    P(jst.retailcloud.release#role) can roll the release back. There is no note for a package at an address that may
    hold a signature or a password.
  - The mark is a fingerprint of everything that the order deploys. The mark of the order that finished last tells
    whether the environment runs what is asked for. By its mark, a task that was cut off finds the order it had made,
    instead of making another one.
  - An order without a mark was made by others. Then the baseline of the environment is compared. It tells which deploy
    configuration the environment runs, and either the code package or, without one, a single image. It does not tell
    further images, nor init images, and it may show an address in another form, such as with a digest instead of a
    tag. When it does not tell, set O(force=true) to release.
  - An order that has finished is waited for until the service has decided its result, up to O(wait_timeout) seconds.
  - When the order that finished last has failed or was closed, some instances may run what it was to deploy, of which
    the baseline tells nothing. The module deploys then in any case, also what the baseline names.
  - An unfinished order that deploys the same is joined. The task then waits for it and reports no change.
  - A deploy configuration with other documents than at the last release is released. Of its Secrets, the revisions are
    compared that M(jst.retailcloud.jst_deploy_config) gives them. Where the service does not keep these, use O(force)
    to deploy changed Secrets, as the examples show.
  - Whether the baseline outlives O(jst.retailcloud.jst_environment#module:state=offline) is not documented. Use
    O(force=true) to be sure that an environment comes back from there.
  - The service has no operation that rolls back. Deploy the earlier code package or images again.
options:
  state:
    description: What is asked for. There is only V(present).
    type: str
    choices: [present]
    default: present
  name:
    description:
      - The name of the deploy order.
      - When this is omitted, the name is V(ansible-) and the fingerprint from its mark.
    type: str
  description:
    description: The description of the deploy order. The note and the mark are put behind it.
    type: str
  packet_id:
    description:
      - The id of a code package that is kept on the platform.
      - Excludes O(packet_url).
    type: int
  packet_url:
    description:
      - The HTTP or HTTPS address of a code package, from which the platform downloads it.
      - Excludes O(packet_id).
    type: str
  images:
    description:
      - The images of the containers in the deploy configuration, one for each and in the same order.
      - When this is omitted, the images that the deploy configuration names are deployed.
    type: list
    elements: str
  init_images:
    description:
      - The images of the init containers in the deploy configuration, one for each and in the same order.
      - When this is omitted, the images that the deploy configuration names are deployed.
    type: list
    elements: str
  partitions:
    description:
      - The number of batches, V(1) or more.
      - With two or more, instances do not all restart at the same time, and a bad release can be stopped early.
    type: int
    default: 2
  pause_type:
    description:
      - Whether the order pauses by itself after the V(first) batch, after V(each) batch, or never, V(none).
      - When this is omitted, the order does not pause.
    type: str
    choices: [first, each, none]
  arms:
    description:
      - Whether to monitor the instances with ARMS, the Application Real-Time Monitoring Service.
      - When this is omitted, they are not monitored.
    type: bool
  update_strategy:
    description:
      - Whether old instances go before new ones come, V(offline_old_then_online_new), or the other way round,
        V(online_new_then_offline_old). For stateless applications only.
      - When this is omitted, the service takes V(offline_old_then_online_new).
    type: str
    choices: [offline_old_then_online_new, online_new_then_offline_old]
  force:
    description:
      - Deploy even if the environment runs what is asked for already. The diff then shows that a new order deploys the
        same again.
    type: bool
    default: false
  on_unfinished:
    description:
      - What to do when the environment has an unfinished order that deploys something else, or that scales it while
        there is something to deploy. The service takes no new order before that one has finished.
      - V(fail) fails with the name and the progress of that order.
      - V(wait) waits until it has finished, for O(wait_timeout) seconds at most and also with O(wait=false), and then
        deploys if there is still need to. An order that pauses does not finish by itself.
      - V(close) closes it, which ends it as a failed one, and then deploys.
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

- name: Release it, also when something else than the image is new in it
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

- name: Try a new image in the first batch, and pause after it
  jst.retailcloud.jst_deployment:
    app: shop
    environment: production
    images:
      - registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/web:1.5.0
    pause_type: first
  register: canary

- name: Show how far it is
  ansible.builtin.debug:
    msg: "{{ canary.deploy_order.status }} after batch {{ canary.deploy_order.current_partition }}"
  when: canary.deploy_order is not none

- name: Give it up, and release a code package that is kept on the platform
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
    - The deploy order as it is now. In check mode, only its name, description and number of batches are known.
    - Null when the environment runs what was asked for already.
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
      description: The name.
      type: str
      returned: always
      sample: ansible-0123456789ab
    description:
      description: The description, with the mark that tells what the order deploys.
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
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deployment import Deployment


def main() -> None:
    """Run the module."""
    run_resource(Deployment)


if __name__ == "__main__":
    main()
