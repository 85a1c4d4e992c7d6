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
  - A deploy configuration holds the Kubernetes documents that describe how the application runs. Environments refer
    to it, and M(jst.retailcloud.jst_deployment) brings it to the cluster.
  - A deploy configuration is found by its O(name) and O(env_type) in the application, or by its O(deploy_config_id).
    The service does not promise that names are unique. A name that fits several fails the task, which lists their
    ids.
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
      - It is not certain that the service shows the content of O(secrets). Where it does not, O(update_secrets) decides
        whether every run sends them, which counts as a change.
requirements:
  - PyYAML
notes:
  - Documents are compared by their content. Order of keys, comments and style make no difference.
  - Every document is a mapping or text. Text is sent as it is, so comments survive. It has to hold a single YAML
    document.
  - A mapping is sent as YAML that readers of YAML 1.1 and of YAML 1.2 understand alike. Text with plain values that
    they understand differently, such as C(1e3) or C(yes), gives a warning that names the lines.
  - Adding quotes is a change where a reader of YAML takes the plain value for something else than the quoted one.
  - A workload without containers fails the task, and so does a document with the same key twice in one mapping.
  - A document that is not YAML, has another C(kind) than its option asks for, or does not fit the
    O(jst.retailcloud.jst_app#module:state_type) of the application fails the task before anything is written.
  - A Secret that the module creates or changes begins with a comment, V(jst.retailcloud revision) and a random number
    that says nothing about the content. The number stays until the content changes, so later runs see whether the
    Secret is newer than the last release of an environment.
  - The service does not list configurations that were made in its web console, so this module cannot find them.
options:
  state:
    description: Whether the deploy configuration should exist.
    type: str
    choices: [present, absent]
    default: present
  name:
    description:
      - The name of the deploy configuration. It cannot be changed.
      - Required unless O(deploy_config_id) is given, and always together with O(env_type).
    type: str
  env_type:
    description:
      - The kind of environment that it is for, where V(online) is for production. It cannot be changed.
      - Required together with O(name). Configurations for different kinds may share a name.
    type: str
    choices: [test, online]
  deploy_config_id:
    description:
      - The id of an existing deploy configuration, instead of or beside its O(name).
    type: int
  code_path:
    description:
      - Where the container expects the code package.
      - Empty says that a deployment needs no code package, since the code is in the image.
      - Not given, it is left as it is.
    type: str
  deployment:
    description:
      - The Deployment, for a V(stateless) application. A mapping, or text.
    type: raw
  stateful_set:
    description:
      - The StatefulSet, for a V(stateful) application. A mapping, or text.
    type: raw
  cron_job:
    description:
      - The CronJob, for a V(cron_job) application. A mapping, or text.
    type: raw
  config_maps:
    description:
      - The ConfigMaps, each a mapping or text. Each needs a name in C(metadata.name) that no other has.
      - The list is complete. The module removes ConfigMaps that are not in it. The order does not count.
      - The service has no way to empty the list. An empty list leaves one ConfigMap without content, with a warning.
    type: list
    elements: raw
  secrets:
    description:
      - The Secrets, each a mapping or text. Each needs a name in C(metadata.name) that no other has.
      - Results and diffs show their names and never their content.
      - The list is complete. The module removes Secrets that are not in it. An empty list leaves one Secret without
        content, with a warning.
      - Where the service does not show their content, O(update_secrets) decides.
      - The service offers Secrets to selected customers only.
    type: list
    elements: raw
  update_secrets:
    description:
      - When to send O(secrets) whose content the service does not show.
      - V(always) sends them in every run, which counts as a change.
      - V(on_create) sends them when the deploy configuration is created and with other updates. Other runs warn that
        they were not compared.
      - Secrets whose content the service shows are compared and sent when they differ, whatever this option says.
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

- name: Give documents as text, as a file or a template holds them, and a secret
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

- name: Delete it
  jst.retailcloud.jst_deploy_config:
    app: shop
    name: web-test
    env_type: test
    state: absent
"""

RETURN = r"""
deploy_config:
  description:
    - The deploy configuration as it is now, or as it would be in check mode.
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

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_config import DeployConfig


def main() -> None:
    """Run the module."""
    run_resource(DeployConfig)


if __name__ == "__main__":
    main()
