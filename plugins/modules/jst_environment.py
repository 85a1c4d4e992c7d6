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
  - Creates, changes, takes offline and deletes the environments in which an application of the Jushita (JST) cloud
    runs.
  - An environment is found by its O(name) in the application, or by its O(environment_id). The service does not
    promise that names are unique. A name that fits several environments fails the task, which lists their ids.
  - An environment holds the settings of an application's instances. It runs nothing before
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
      - An environment does not tell its cluster, so O(cluster) is compared with its resource allocation. Where there
        is no allocation, O(cluster) is not compared, and a warning says so.
      - That an environment is offline only shows in that no instance is left, which is what O(state=offline) compares.
options:
  state:
    description:
      - V(present) makes sure that the environment exists and has the given settings.
      - V(absent) makes sure that it does not exist.
      - V(offline) takes down what runs in it and keeps the environment itself. It is an error if the environment does
        not exist.
    type: str
    choices: [present, absent, offline]
    default: present
  name:
    description:
      - The name of the environment. It cannot be changed.
      - Required unless O(environment_id) is given.
    type: str
  environment_id:
    description:
      - The id of an existing environment, instead of or beside its O(name).
      - With ids, a task that has nothing to change costs two calls, one for the environment and one for its cluster.
    type: int
  env_type:
    description:
      - The kind of environment, where V(online) is for production. It cannot be changed.
      - Required to create an environment.
    type: str
    choices: [test, online]
  region:
    description:
      - The Alibaba Cloud region of the environment. It cannot be changed.
      - An environment is created in this region. When the option is not given, the region comes from the environment
        variables or the profile; when they name none either, the environment is not created.
      - Only the option is compared with the region of an existing environment, also when it was set by
        C(module_defaults).
      - Environment variables are E(ALIBABA_CLOUD_REGION_ID), E(ALIBABACLOUD_REGION_ID), E(ALIBABA_CLOUD_REGION),
        E(ALICLOUD_REGION) and E(ALICLOUD_REGION_ID).
    type: str
    aliases: [alicloud_region, region_id]
  replicas:
    description:
      - How many instances the application shall have in the environment, V(0) or more. The next deployment uses it.
      - Required to create an environment.
    type: int
  deploy_config:
    description:
      - The name or id of the deploy configuration that the next deployment uses.
      - A name is looked up among the deploy configurations of the application for the same O(env_type).
      - Digits that are the name of one deploy configuration of the application and the id of another are an error.
      - Required to create an environment, unless O(deploy_config_id) is given.
    type: str
  deploy_config_id:
    description: The id of the deploy configuration, instead of O(deploy_config). It needs no call to find it.
    type: int
  cluster:
    description:
      - The title or instance id of the cluster to run on. Used on creation, and compared afterwards as far as the
        service tells.
      - It has to be a cluster for testing with O(env_type=test) and one for production with O(env_type=online), and
        belong to the business domain of the application.
      - Use M(jst.retailcloud.jst_resource_alloc) to give an existing environment another cluster.
    type: str
  cluster_id:
    description: The instance id of the cluster, instead of O(cluster). It needs no call to find the cluster.
    type: str
  force:
    description:
      - With O(state=absent), also delete what lives in the environment, such as instances and access points.
      - Without it, the service rejects the deletion of an environment that has instances, services or access points.
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
- name: Make sure that the shop has a production environment
  jst.retailcloud.jst_environment:
    app: shop
    name: production
    env_type: online
    region: cn-zhangjiakou
    replicas: 2
    deploy_config: web
    cluster: emu-online

- name: Let the next deployment bring up four instances
  jst.retailcloud.jst_environment:
    app: shop
    name: production
    replicas: 4

- name: Take down what runs, and keep the environment and its volume claims
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
    - The environment as it is now, or as it would be in check mode.
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
      description: The kind of environment.
      type: str
      returned: always
      sample: online
    region:
      description: The region.
      type: str
      returned: always
      sample: cn-zhangjiakou
    replicas:
      description: The wanted number of instances.
      type: int
      returned: always
      sample: 2
    deploy_config_id:
      description: The id of the deploy configuration. Null in check mode when it does not exist yet.
      type: int
      returned: always
      sample: 30001
    cluster_id:
      description: The instance id of the cluster, null when no resource allocation tells it.
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
