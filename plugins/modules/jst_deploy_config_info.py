#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_deploy_config_info
short_description: List deploy configurations of applications on Jushita
version_added: 1.0.0
description:
  - Lists the deploy configurations of an application of the Jushita (JST) cloud, with the Kubernetes documents that
    they hold.
  - Without a filter all of them are listed. Several filters have to fit at the same time.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.app
requirements:
  - PyYAML
notes:
  - The service does not list configurations that were made in its web console.
  - The contents of Secrets are never shown, only their names.
options:
  deploy_config_id:
    description: Only the deploy configuration with this id.
    type: int
  name:
    description: Only deploy configurations with exactly this name.
    type: str
  env_type:
    description: Only deploy configurations for this kind of environment, where V(online) is for production.
    type: str
    choices: [test, online]
seealso:
  - module: jst.retailcloud.jst_deploy_config
"""

EXAMPLES = r"""
- name: List the deploy configurations of the shop
  jst.retailcloud.jst_deploy_config_info:
    app: shop

- name: Look at what production runs with
  jst.retailcloud.jst_deploy_config_info:
    app: shop
    name: web
    env_type: online
  register: web

- name: Show the settings in its ConfigMaps
  ansible.builtin.debug:
    msg: "{{ item.config_maps | map(attribute='data') | list }}"
  loop: "{{ web.deploy_configs }}"
  loop_control:
    label: "{{ item.name }}"
"""

RETURN = r"""
deploy_configs:
  description: The deploy configurations that fit, in the order of the service. Empty when there are none.
  returned: success
  type: list
  elements: dict
  contains:
    app_id:
      description: The id of the application.
      type: int
      returned: always
      sample: 10001
    deploy_config_id:
      description: The id.
      type: int
      returned: always
      sample: 30001
    name:
      description: The name.
      type: str
      returned: always
      sample: web
    env_type:
      description: The kind of environment that it is for.
      type: str
      returned: always
      sample: online
    code_path:
      description: Where the container expects the code package. Null or empty when there is none.
      type: str
      returned: always
      sample: /home/admin/app
    deployment:
      description: The Deployment, null when there is none.
      type: dict
      returned: always
      sample:
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
    stateful_set:
      description: The StatefulSet, null when there is none.
      type: dict
      returned: always
      sample:
        apiVersion: apps/v1
        kind: StatefulSet
        metadata:
          name: search
        spec:
          serviceName: search
          selector:
            matchLabels:
              app: search
          template:
            metadata:
              labels:
                app: search
            spec:
              containers:
                - name: search
                  image: registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/search:2.0.1
    cron_job:
      description: The CronJob, null when there is none.
      type: dict
      returned: always
      sample:
        apiVersion: batch/v1
        kind: CronJob
        metadata:
          name: report
        spec:
          schedule: 0 3 * * *
          jobTemplate:
            spec:
              template:
                spec:
                  restartPolicy: OnFailure
                  containers:
                    - name: report
                      image: registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/report:1.0.3
    config_maps:
      description: The ConfigMaps, sorted by name. Null when the service does not show any.
      type: list
      elements: dict
      returned: always
      sample:
        - apiVersion: v1
          kind: ConfigMap
          metadata:
            name: web-settings
          data:
            SPRING_PROFILES_ACTIVE: production
    secrets:
      description: The names of the Secrets. Null when the service does not show them.
      type: list
      elements: str
      returned: always
      sample:
        - web-database
    resource_requests:
      description:
        - How much of each resource the containers request.
        - Null where the service does not tell. Only the vendor's SDK knows this value.
      type: dict
      returned: always
      sample:
        cpu: "2"
        memory: 4Gi
        storage: 40Gi
        gpu: null
    resource_limits:
      description:
        - How much of each resource the containers may use.
        - Null where the service does not tell. Only the vendor's SDK knows this value.
      type: dict
      returned: always
      sample:
        cpu: "2"
        memory: 4Gi
        storage: 40Gi
        gpu: null
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.module import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfigInfo


def main() -> None:
    """Run the module."""
    run_info(DeployConfigInfo)


if __name__ == "__main__":
    main()
