#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_metric_info
short_description: Read a metric of a pod or of a deploy order
version_added: 1.0.0
description:
  - Reads a basic metric of one pod, or of all pods of a deploy order together, within a time range.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
notes:
  - The service returns the times of a metric without a zone. The module treats them as UTC.
options:
  metric:
    description:
      - The metric.
      - Metrics of C(pod) need O(pod_name). Metrics of C(deployment) need O(deploy_order_id).
    type: str
    required: true
    choices:
      - pod.memory.working_set
      - pod.cpu.usage_rate
      - pod.network.rx_rate
      - pod.network.rx_errors_rate
      - pod.cpu.utilization
      - pod.memory.utilization
      - pod.network.tx_rate
      - pod.network.tx_errors_rate
      - deployment.cpu.usage_rate
      - deployment.memory.working_set
      - deployment.network.rx_rate
      - deployment.network.rx_errors_rate
      - deployment.network.tx_rate
      - deployment.network.tx_errors_rate
  type:
    description:
      - Whether to read the metric of one pod or of all pods of a deploy order.
      - V(instance) requires O(pod_name), V(group) requires O(deploy_order_id).
      - When omitted, V(instance) if O(pod_name) is given, and V(group) otherwise.
    type: str
    choices: [instance, group]
  pod_name:
    description:
      - The name of the pod, which M(jst.retailcloud.jst_pod_info) returns as the instance.
      - At least one of O(pod_name) and O(deploy_order_id) is required. When both are given, the module sends both.
    type: str
  deploy_order_id:
    description:
      - The id of the deploy order whose pods are read together, or that created O(pod_name).
    type: int
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
  - module: jst.retailcloud.jst_event_info
"""

EXAMPLES = r"""
- name: Find the successful releases
  jst.retailcloud.jst_deploy_order_info:
    app: shop
    environment: production
    result: succeeded
  register: orders

- name: Read how much memory the last release used within the last hour
  jst.retailcloud.jst_metric_info:
    app: shop
    environment: production
    metric: deployment.memory.working_set
    deploy_order_id: "{{ orders.deploy_orders | map(attribute='deploy_order_id') | max }}"
  register: memory

- name: Show the peak
  ansible.builtin.debug:
    msg: "{{ memory.metrics[0].points | map(attribute='value') | max | human_readable }}"
  when: memory.metrics | map(attribute='points') | flatten | length > 0

- name: List the pods of this release
  jst.retailcloud.jst_pod_info:
    deploy_order_id: "{{ orders.deploy_orders | map(attribute='deploy_order_id') | max }}"
  register: release

- name: Read the CPU use of one pod during an evening in China
  jst.retailcloud.jst_metric_info:
    app: shop
    environment: production
    metric: pod.cpu.utilization
    pod_name: "{{ release.pods[0].instance }}"
    start_time: 2026-01-05T20:00:00+08:00
    end_time: 2026-01-05T22:00:00+08:00
"""

RETURN = r"""
metrics:
  description: The series of values, usually one.
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
    name:
      description: The name of the series, as in the console.
      type: str
      returned: always
      sample: 实例CPU使用率
    points:
      description: The values, in ascending order of time.
      type: list
      elements: dict
      returned: always
      contains:
        time:
          description: The time of the value, ISO 8601.
          type: str
          returned: always
          sample: "2026-01-05T17:03:00Z"
        value:
          description: The value.
          type: float
          returned: always
          sample: 0.139
      sample:
        - time: "2026-01-05T17:03:00Z"
          value: 0.139
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.metric import MetricInfo


def main() -> None:
    """Run the module."""
    run_info(MetricInfo)


if __name__ == "__main__":
    main()
