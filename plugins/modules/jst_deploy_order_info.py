#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_deploy_order_info
short_description: List deploy orders on Jushita
version_added: 1.0.0
description:
  - Lists the deploy orders of the Jushita (JST) cloud, which deploy or scale applications, with their progress.
  - Without filters, the module lists all deploy orders. Filters are combined with AND.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
notes:
  - Times are in ISO 8601 with a zone, such as V(2026-01-05T17:03:00+08:00). Times without a zone are UTC.
  - A deploy order does not show its content. The description of an order by M(jst.retailcloud.jst_deployment) ends with
    a mark, which is a fingerprint of the content.
options:
  app:
    description:
      - Only orders of this application, given by title or id.
      - A number is rejected when it is the title of one application and the id of another.
  app_id:
    description: Only orders of the application with this id.
  environment:
    description:
      - Only orders of this environment, given by name or id. Requires O(app) or O(app_id).
      - A number is rejected when it is the name of one environment of the application and the id of another.
  environment_id:
    description: Only orders of the environment with this id. This filter does not need O(app) or O(app_id).
  deploy_order_id:
    description:
      - Only the order with this id. This filter needs a single call. All other filters read a list.
      - It cannot be combined with O(category) or time filters, which the service supports for lists only.
    type: int
  name:
    description: Only orders with exactly this name. Names are not unique.
    type: str
  status:
    description:
      - Only orders in any of these states. A V(waiting) order has not started.
      - The service cannot filter by V(waiting). The module then reads all orders that match the other options.
    type: list
    elements: str
    choices: [waiting, running, paused, finished]
  result:
    description:
      - Only orders with any of these results.
      - V(undecided) selects orders without a result. These are orders that have not ended, and ended orders whose
        result the service has not returned yet. An order that a user ended is V(closed).
    type: list
    elements: str
    choices: [undecided, succeeded, failed, closed]
  pause_type:
    description: Only orders that pause automatically after the V(first) batch, after V(each) batch, or never (V(none)).
    type: str
    choices: [first, each, none]
  env_type:
    description: Only orders of environments of this type, where V(online) is for production.
    type: str
    choices: [test, online]
  category:
    description: Only orders that V(deploy) content, or only orders that V(scale) an environment.
    type: str
    choices: [deploy, scale]
  started_after:
    description: Only orders that started after this time.
    type: str
  started_from:
    description: Only orders that started at or after this time.
    type: str
  started_before:
    description: Only orders that started before this time.
    type: str
  started_until:
    description: Only orders that started at or before this time.
    type: str
  ended_after:
    description: Only orders that ended after this time.
    type: str
  ended_from:
    description: Only orders that ended at or after this time.
    type: str
  ended_before:
    description: Only orders that ended before this time.
    type: str
  ended_until:
    description: Only orders that ended at or before this time.
    type: str
seealso:
  - module: jst.retailcloud.jst_deploy_order
  - module: jst.retailcloud.jst_deployment
  - module: jst.retailcloud.jst_scale
  - module: jst.retailcloud.jst_pod_info
"""

EXAMPLES = r"""
- name: List the failed releases of production
  jst.retailcloud.jst_deploy_order_info:
    app: shop
    environment: production
    result: failed

- name: List the unfinished orders of the shop
  jst.retailcloud.jst_deploy_order_info:
    app: shop
    result: undecided

- name: List the failed and closed releases of the last day
  jst.retailcloud.jst_deploy_order_info:
    category: deploy
    env_type: online
    result: [failed, closed]
    ended_from: "{{ '%Y-%m-%dT%H:%M:%S+00:00' | strftime(now(utc=true).timestamp() | int - 86400, utc=true) }}"

- name: Start a release without waiting for it
  jst.retailcloud.jst_deployment:
    app: shop
    environment: production
    images:
      - registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/web:1.6.0
    wait: false
  register: release

- name: Read the progress of the release later
  jst.retailcloud.jst_deploy_order_info:
    deploy_order_id: "{{ release.deploy_order.deploy_order_id }}"
  register: orders
  when: release.deploy_order is not none
"""

RETURN = r"""
deploy_orders:
  description: The matching deploy orders, in the order in which the service returns them. Empty when there are none.
  returned: success
  type: list
  elements: dict
  contains:
    # Generated by `make generate` from the return values of jst_deploy_order.
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
    # End of the generated part.
    app_id:
      description: The id of the application. Null when O(app) is omitted, since orders do not contain it.
      type: int
      returned: always
      sample: 10001
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_order import DeployOrderInfo


def main() -> None:
    """Run the module."""
    run_info(DeployOrderInfo)


if __name__ == "__main__":
    main()
