#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_job_info
short_description: List runs of scheduled jobs
version_added: 1.0.0
description:
  - Lists the runs of the scheduled jobs of an environment. With O(log=true), it also returns the log and the events of
    each pod.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
notes:
  - The service returns the times of a run without a zone. The module treats them as UTC.
options:
  name:
    description: Only the run with exactly this name.
    type: str
  status:
    description: Only successful runs, or only runs that did not succeed.
    type: str
    choices: [all, succeeded, failed]
    default: all
  log:
    description: Whether to read the log and the events of each pod of the runs. This costs one call for each pod.
    type: bool
    default: false
seealso:
  - module: jst.retailcloud.jst_deployment
  - module: jst.retailcloud.jst_pod_info
"""

EXAMPLES = r"""
- name: List all runs of the nightly reports
  jst.retailcloud.jst_job_info:
    app: reports
    environment: production
  register: runs

- name: Find the failed runs and their reasons
  jst.retailcloud.jst_job_info:
    app: reports
    environment: production
    status: failed
    log: true
  register: failed

- name: Show the end of the logs
  ansible.builtin.debug:
    msg: "{{ item.name }}: {{ item.logs | map(attribute='log') | join(' ') }}"
  loop: "{{ failed.jobs }}"
  loop_control:
    label: "{{ item.name }}"

- name: Read the log of a single run
  jst.retailcloud.jst_job_info:
    app: reports
    environment: production
    name: "{{ runs.jobs[0].name }}"
    log: true
"""

RETURN = r"""
jobs:
  description: The matching runs, in the order in which the service returns them. Empty when there are none.
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
      description: The name of the run.
      type: str
      returned: always
      sample: jck-cronjob-10001-20001-29925530
    pods:
      description: The names of the pods of the run.
      type: list
      elements: str
      returned: always
      sample: [jck-cronjob-10001-20001-29925530-a2b1bbdc85-d7e42]
    succeeded:
      description: The number of pods that succeeded.
      type: int
      returned: always
      sample: 1
    failed:
      description: The number of pods that failed.
      type: int
      returned: always
      sample: 0
    completions:
      description: The number of pods that have to succeed.
      type: int
      returned: always
      sample: 1
    parallelism:
      description: The number of pods that run in parallel.
      type: int
      returned: always
      sample: 1
    backoff_limit:
      description: The number of retries of a failed pod.
      type: int
      returned: always
      sample: 6
    active_deadline_seconds:
      description: The time limit of the run in seconds. Null when there is no limit.
      type: int
      returned: always
      sample: 600
    start_time:
      description: When the run started, ISO 8601.
      type: str
      returned: always
      sample: "2026-01-05T17:03:00Z"
    completion_time:
      description: When the run ended, ISO 8601. Null before the end.
      type: str
      returned: always
      sample: "2026-01-05T17:03:30Z"
    message:
      description: The reason of a failure. Null when the run did not fail.
      type: str
      returned: always
      sample: Job has reached the specified backoff limit
    logs:
      description: The log and the events of each pod.
      type: list
      elements: dict
      returned: O(log=true)
      contains:
        pod_name:
          description: The name of the pod.
          type: str
          returned: always
          sample: jck-cronjob-10001-20001-29925530-a2b1bbdc85-d7e42
        log:
          description:
            - The log.
            - Null when the service has none, as for a pod deleted long ago. The module then warns.
          type: str
          returned: always
          sample: "Job started\nJob finished"
        events:
          description: The events. Null when the service has none, as for a pod deleted long ago.
          type: list
          elements: dict
          returned: always
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
      sample:
        - pod_name: jck-cronjob-10001-20001-29925530-a2b1bbdc85-d7e42
          log: "Job started\nJob finished"
          events: []
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.job import JobInfo


def main() -> None:
    """Run the module."""
    run_info(JobInfo)


if __name__ == "__main__":
    main()
