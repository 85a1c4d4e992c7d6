#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_environment
short_description: Manage environments of applications on Jushita
version_added: 1.0.0
description:
  - Creates, changes, takes offline and deletes the environments of an application on the Jushita (JST) cloud.
  - The module finds an environment by its O(name) in the application, or by its O(environment_id). The service does not
    guarantee unique names. When several environments have the name, the task fails and lists their ids.
  - An environment holds the settings of an application's instances. It runs nothing until
    M(jst.retailcloud.jst_deployment) has deployed to it.
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
      - An environment does not show its cluster, so the module compares O(cluster) with the resource allocation.
        Without a resource allocation, the module warns and does not compare O(cluster).
      - The only sign of an offline environment is that it has no instances. With O(state=offline), the module reports
        no change when the environment has no instances.
options:
  state:
    description:
      - V(present) ensures that the environment exists with the given settings.
      - V(absent) ensures that the environment does not exist.
      - V(offline) stops all instances and keeps the environment itself. The task fails when the environment does not
        exist.
    type: str
    choices: [present, absent, offline]
    default: present
  name:
    description:
      - The name of the environment. It cannot be changed.
      - Required when O(environment_id) is omitted.
    type: str
  environment_id:
    description:
      - The id of an existing environment. Use it instead of O(name), or together with O(name).
      - With O(app_id) and O(environment_id), a task without changes needs two calls, one for the environment and one
        for its cluster.
    type: int
  env_type:
    description:
      - The type of environment, where V(online) is for production. It cannot be changed.
      - Required to create an environment.
    type: str
    choices: [test, online]
  region:
    description:
      - The Alibaba Cloud region of the environment. It cannot be changed.
      - The module creates an environment in this region. When omitted, the region comes from the environment variables
        or the profile. Without any region, the module does not create the environment.
      - The module compares the region of an existing environment only with this option, which can come from
        C(module_defaults).
      - Of the environment variables E(ALIBABA_CLOUD_REGION_ID), E(ALIBABACLOUD_REGION_ID), E(ALICLOUD_REGION_ID),
        E(ALIBABA_CLOUD_REGION) and E(ALICLOUD_REGION), the first that is set applies.
    type: str
    aliases: [alicloud_region, region_id]
  replicas:
    description:
      - The number of instances of the application in the environment, V(0) or more. The next deployment uses it.
      - Required to create an environment.
    type: int
  deploy_config:
    description:
      - The name or id of the deploy configuration that the next deployment uses.
      - The module searches a name among the deploy configurations of the application with the given O(env_type).
      - A number is rejected when it is the name of one deploy configuration of the application and the id of another.
      - One of O(deploy_config) and O(deploy_config_id) is required to create an environment.
    type: str
  deploy_config_id:
    description: The id of the deploy configuration, instead of O(deploy_config). The module needs no call to find it.
    type: int
  cluster:
    description:
      - The title or instance id of the cluster. Used on creation, and compared later as far as the service returns it.
      - With O(env_type=test), it has to be a test cluster. With O(env_type=online), it has to be a production cluster.
        The cluster has to belong to the business domain of the application.
      - Use M(jst.retailcloud.jst_resource_alloc) to move an existing environment to another cluster.
    type: str
  cluster_id:
    description: The instance id of the cluster, instead of O(cluster). The module needs no call to find the cluster.
    type: str
  force:
    description:
      - With O(state=absent), also delete the resources in the environment, such as instances and access points.
      - With V(false), the service rejects the deletion of an environment that has instances, services or access points.
    type: bool
    default: false
  delete_pvc:
    description:
      - With O(state=offline), also delete the persistent volume claims of the environment.
    type: bool
    default: false
seealso:
  - module: jst.retailcloud.jst_environment_info
  - module: jst.retailcloud.jst_deploy_config
  - module: jst.retailcloud.jst_deployment
  - module: jst.retailcloud.jst_resource_alloc
"""

EXAMPLES = r"""
- name: Create the production environment of the shop
  jst.retailcloud.jst_environment:
    app: shop
    name: production
    env_type: online
    region: cn-zhangjiakou
    replicas: 2
    deploy_config: web
    cluster: emu-online

- name: Start four instances with the next deployment
  jst.retailcloud.jst_environment:
    app: shop
    name: production
    replicas: 4

- name: Stop all instances, and keep the environment and its volume claims
  jst.retailcloud.jst_environment:
    app: shop
    name: production
    state: offline

- name: Delete the environment and everything in it
  jst.retailcloud.jst_environment:
    app: shop
    name: production
    state: absent
    force: true
"""

RETURN = r"""
environment:
  description:
    - The environment after the task, or its predicted state in check mode.
    - Null with O(state=absent).
  returned: success
  type: dict
  contains:
    app_id:
      description: The id of the application. Null in check mode when the application does not exist yet.
      type: int
      returned: always
      sample: 10001
    environment_id:
      description: The id. Null for an environment that check mode would create.
      type: int
      returned: always
      sample: 20001
    name:
      description: The name.
      type: str
      returned: always
      sample: production
    env_type:
      description: The type of environment.
      type: str
      returned: always
      sample: online
    region:
      description: The region.
      type: str
      returned: always
      sample: cn-zhangjiakou
    replicas:
      description: The desired number of instances.
      type: int
      returned: always
      sample: 2
    deploy_config_id:
      description: The id of the deploy configuration. Null in check mode when the deploy configuration does not exist
        yet.
      type: int
      returned: always
      sample: 30001
    cluster_id:
      description: The instance id of the cluster. Null when no resource allocation shows it.
      type: str
      returned: always
      sample: c000000000000000000000000000000e1
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.environment import Environment


def main() -> None:
    """Run the module."""
    run_resource(Environment)


if __name__ == "__main__":
    main()
