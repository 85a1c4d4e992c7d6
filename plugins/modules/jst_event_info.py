#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_event_info
short_description: List Kubernetes events of a pod
version_added: 1.0.0
description:
  - Lists the Kubernetes events of a pod, and of its node, within a time range.
  - The events come from the event centre of the platform, which must be enabled for the cluster.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
notes:
  - M(jst.retailcloud.jst_pod_info) shows the events of the pods of a deploy order without an event centre, as long as
    the cluster keeps them.
options:
  pod_name:
    description: The name of the pod, which M(jst.retailcloud.jst_pod_info) returns as the instance.
    type: str
    required: true
  level:
    description: Only events of this level.
    type: str
    choices: [Normal, Warning, Error]
  type:
    description:
      - Only events of this kind.
      - V(EVICTED_BY_NODE) means that the node evicted the pod to free resources. V(RESOURCE_INSUFFICIENT) means that no
        node had enough resources.
    type: str
    choices: [POD_FAILED, READINESS_FAILED, LIVENESS_FAILED, EVICTED_BY_NODE, RESOURCE_INSUFFICIENT]
  start_time:
    description:
      - The start of the time range, ISO 8601. A time without a zone is UTC.
      - When omitted, one hour before O(end_time).
    type: str
  end_time:
    description:
      - The end of the time range, ISO 8601. A time without a zone is UTC.
      - Now unless given.
    type: str
seealso:
  - module: jst.retailcloud.jst_pod_info
  - module: jst.retailcloud.jst_metric_info
"""

EXAMPLES = r"""
- name: Find the last release
  jst.retailcloud.jst_deploy_order_info:
    app: shop
    environment: production
  register: orders

- name: List its pods
  jst.retailcloud.jst_pod_info:
    deploy_order_id: "{{ orders.deploy_orders | map(attribute='deploy_order_id') | max }}"
  register: release

- name: List the problems of each pod within the last hour
  jst.retailcloud.jst_event_info:
    app: shop
    environment: production
    pod_name: "{{ item.instance }}"
    level: Warning
  loop: "{{ release.pods }}"
  loop_control:
    label: "{{ item.instance }}"

- name: List failed readiness probes of a night in China
  jst.retailcloud.jst_event_info:
    app: shop
    environment: production
    pod_name: "{{ release.pods[0].instance }}"
    type: READINESS_FAILED
    start_time: 2026-01-05T22:00:00+08:00
    end_time: 2026-01-06T06:00:00+08:00
"""

RETURN = r"""
events:
  description: The matching events, in the order in which the service returns them. Empty when there are none.
  returned: success
  type: list
  elements: dict
  contains:
    app_id:
      description: The id of the application.
      type: int
      returned: always
      sample: 10001
    environment_id:
      description: The id of the environment.
      type: int
      returned: always
      sample: 20001
    pod_name:
      description: The name of the pod.
      type: str
      returned: always
      sample: jck-deployment-shop-10001-20001-60001-7ee127fd3e-9d642
    level:
      description: The level, V(Normal), V(Warning) or V(Error).
      type: str
      returned: always
      sample: Normal
    reason:
      description: The Kubernetes reason of the event.
      type: str
      returned: always
      sample: Scheduled
    message:
      description: What happened.
      type: str
      returned: always
      sample: Successfully assigned
    kind:
      description: The type of the object of the event, V(Pod) or V(Node).
      type: str
      returned: always
      sample: Pod
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
    host_name:
      description: The node.
      type: str
      returned: always
      sample: i-emu-node-1
    namespace:
      description: The Kubernetes namespace.
      type: str
      returned: always
      sample: jck-namespace-10001
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.event import EventInfo


def main() -> None:
    """Run the module."""
    run_info(EventInfo)


if __name__ == "__main__":
    main()
