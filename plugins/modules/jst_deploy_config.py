#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_deploy_config
short_description: Manage deploy configurations of applications on Jushita
version_added: 1.0.0
description:
  - Creates, changes and deletes the deploy configurations of an application of the Jushita (JST) cloud.
  - A deploy configuration holds the Kubernetes documents that describe how the application runs. Environments refer to
    a deploy configuration. M(jst.retailcloud.jst_deployment) deploys it to the cluster.
  - The module finds a deploy configuration by its O(name) and O(env_type) in the application, or by its
    O(deploy_config_id). The service does not guarantee unique names. When several deploy configurations have the name,
    the task fails and lists their ids.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.attributes.state
  - jst.retailcloud.parents.app
attributes:
  idempotent:
    support: partial
    details:
      - The service may not return the content of O(secrets). In this case, O(update_secrets) decides whether every run
        sends the Secrets, which counts as a change.
requirements:
  - PyYAML
notes:
  - The module compares the content of documents. The order of keys, comments and style do not matter.
  - Each document is a mapping or a YAML string. The module sends a string unchanged, so comments survive. A string has
    to contain a single YAML document.
  - The module sends a mapping as YAML that has one meaning in YAML 1.1 and YAML 1.2. For a string, the module warns
    about unquoted values with two meanings, such as C(1e3) or C(yes), and names the lines.
  - A quoted and an unquoted value are different when YAML reads the unquoted value as another type, such as a number.
  - A workload without containers fails the task. A document with a duplicate key in a mapping also fails the task.
  - The task fails before any write when a document is invalid YAML or has another C(kind) than its option requires,
    such as C(Deployment) for O(deployment). The task also fails when the kind of a workload does not match the
    O(jst.retailcloud.jst_app#module:state_type) of the application.
  - The module begins each Secret that it creates or changes with a comment. The comment holds V(jst.retailcloud
    revision) and a random number, which is unrelated to the content. The number stays until the content changes. It
    shows later runs whether the Secret is newer than the last release of an environment.
  - The service does not list configurations created in its web console, so this module cannot find them.
options:
  state:
    description: Whether the deploy configuration should exist.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - The name of the deploy configuration. It cannot be changed.
      - Required when O(deploy_config_id) is omitted, and always together with O(env_type).
    type: str
  env_type:
    description:
      - The type of environment, where V(online) is for production. It cannot be changed.
      - Required together with O(name). Configurations for different types may have the same name.
    type: str
    choices: [test, online]
  deploy_config_id:
    description:
      - The id of an existing deploy configuration. Use it instead of O(name), or together with O(name).
    type: int
  code_path:
    description:
      - The path of the code package in the container.
      - An empty path means that a deployment needs no code package, since the image contains the code.
      - When omitted, the path does not change.
    type: str
  deployment:
    description:
      - The Deployment, for a V(stateless) application, as a mapping or a YAML string.
    type: raw
  stateful_set:
    description:
      - The StatefulSet, for a V(stateful) application, as a mapping or a YAML string.
    type: raw
  cron_job:
    description:
      - The CronJob, for a V(cron_job) application, as a mapping or a YAML string.
    type: raw
  config_maps:
    description:
      - The ConfigMaps, each as a mapping or a YAML string. Each needs a unique name in C(metadata.name).
      - The list is complete. The module removes ConfigMaps that are not in the list. The order does not matter.
      - The API cannot store an empty list. With an empty list, the module keeps one ConfigMap, without its data, and
        warns.
    type: list
    elements: raw
  secrets:
    description:
      - The Secrets, each as a mapping or a YAML string. Each needs a unique name in C(metadata.name).
      - Results and diffs show the names of the Secrets and never their content.
      - The list is complete. The module removes Secrets that are not in the list. The API cannot store an empty list.
        With an empty list, the module keeps one Secret, without its data, and warns.
      - When the service does not show the content of the Secrets, O(update_secrets) decides whether to send them.
      - The service provides Secrets to selected customers only.
    type: list
    elements: raw
  update_secrets:
    description:
      - When to send O(secrets) with content that the service does not show.
      - V(always) sends the Secrets in every run, which counts as a change.
      - V(on_create) sends the Secrets on creation and with other updates of the deploy configuration. Other runs warn
        that the Secrets were not compared.
      - The option has no effect on Secrets with content that the service shows. The module compares these Secrets, and
        sends them when they differ.
    type: str
    choices: [on_create, always]
    default: always
seealso:
  - module: jst.retailcloud.jst_deploy_config_info
  - module: jst.retailcloud.jst_environment
  - module: jst.retailcloud.jst_deployment
"""

EXAMPLES = r"""
- name: Describe how the shop runs in production
  jst.retailcloud.jst_deploy_config:
    app: shop
    name: web
    env_type: online
    code_path: ""
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
            terminationGracePeriodSeconds: 60
            containers:
              - name: web
                image: registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/web:1.4.2
                ports:
                  - name: http
                    containerPort: 8080
                envFrom:
                  - configMapRef:
                      name: web-settings
                readinessProbe:
                  httpGet:
                    path: /actuator/health/readiness
                    port: http
                  initialDelaySeconds: 10
                livenessProbe:
                  httpGet:
                    path: /actuator/health/liveness
                    port: http
                  initialDelaySeconds: 60
                resources:
                  requests:
                    cpu: 500m
                    memory: 1Gi
                  limits:
                    cpu: "2"
                    memory: 2Gi
    config_maps:
      - apiVersion: v1
        kind: ConfigMap
        metadata:
          name: web-settings
        data:
          SPRING_PROFILES_ACTIVE: production
          SERVER_PORT: "8080"
          LOGGING_LEVEL_ROOT: INFO

- name: Set documents as text, from a file and a template, and a secret
  jst.retailcloud.jst_deploy_config:
    app: shop
    name: web-test
    env_type: test
    deployment: |
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
                image: registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/web:{{ web_version }}
                ports:
                  - containerPort: 8080
                envFrom:
                  - configMapRef:
                      name: web-settings
                  - secretRef:
                      name: web-database
    config_maps:
      - |
        apiVersion: v1
        kind: ConfigMap
        metadata:
          name: web-settings
        data:
          SPRING_PROFILES_ACTIVE: test
          # Tests want to see more.
          LOGGING_LEVEL_ROOT: DEBUG
    secrets:
      - apiVersion: v1
        kind: Secret
        metadata:
          name: web-database
        type: Opaque
        stringData:
          SPRING_DATASOURCE_USERNAME: shop_web
          SPRING_DATASOURCE_PASSWORD: "{{ lookup('ansible.builtin.env', 'SHOP_DATABASE_PASSWORD') }}"
  vars:
    web_version: 1.5.0

- name: Delete a deploy configuration
  jst.retailcloud.jst_deploy_config:
    app: shop
    name: web-test
    env_type: test
    state: absent
"""

RETURN = r"""
deploy_config:
  description:
    - The deploy configuration after the task, or its predicted state in check mode.
    - Null with O(state=absent).
  returned: success
  type: dict
  contains:
    app_id:
      description: The id of the application. Null in check mode when the application does not exist yet.
      type: int
      returned: always
      sample: 10001
    deploy_config_id:
      description: The id. Null for a deploy configuration that check mode would create.
      type: int
      returned: always
      sample: 30001
    name:
      description: The name.
      type: str
      returned: always
      sample: web
    env_type:
      description: The type of environment of the deploy configuration.
      type: str
      returned: always
      sample: online
    code_path:
      description: The path of the code package in the container. Null or empty when there is none.
      type: str
      returned: always
      sample: /home/admin/app
    deployment:
      description: The Deployment. Null when there is none.
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
      description: The StatefulSet. Null when there is none.
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
      description: The CronJob. Null when there is none.
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
        - The amount of each resource that the containers request.
        - Null when the service does not return it. Only the vendor's SDK documents this value.
      type: dict
      returned: always
      sample:
        cpu: "2"
        memory: 4Gi
        storage: 40Gi
        gpu: null
    resource_limits:
      description:
        - The limit of each resource for the containers.
        - Null when the service does not return it. Only the vendor's SDK documents this value.
      type: dict
      returned: always
      sample:
        cpu: "2"
        memory: 4Gi
        storage: 40Gi
        gpu: null
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig


def main() -> None:
    """Run the module."""
    run_resource(DeployConfig)


if __name__ == "__main__":
    main()
