#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_environment_info
short_description: List environments of applications on Jushita
version_added: 1.0.0
description:
  - Lists the environments of an application of the Jushita (JST) cloud.
  - Without a filter all of them are listed. Several filters have to fit at the same time.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.app
options:
  environment_id:
    description: Only the environment with this id. It is shown in full, as with O(details=true).
    type: int
  name:
    description: Only environments with exactly this name.
    type: str
  env_type:
    description: Only environments of this kind, where V(online) is for production.
    type: str
    choices: [test, online]
  details:
    description:
      - Whether to show the number of instances and the cluster too, which the service only tells of one environment
        at a time.
      - This costs two more calls for each environment that is listed.
    type: bool
    default: false
  baseline:
    description:
      - Whether to show what each environment runs, by the word of the service.
      - This costs one more call for each environment that is listed.
    type: bool
    default: false
seealso:
  - module: jst.retailcloud.jst_environment
  - module: jst.retailcloud.jst_deployment
  - module: jst.retailcloud.jst_resource_alloc_info
"""

EXAMPLES = r"""
- name: List the environments of the shop
  jst.retailcloud.jst_environment_info:
    app: shop

- name: See how many instances production shall have, and where
  jst.retailcloud.jst_environment_info:
    app: shop
    name: production
    details: true
  register: production

- name: Show them
  ansible.builtin.debug:
    msg: "{{ item.replicas }} instances on cluster {{ item.cluster_id }}"
  loop: "{{ production.environments }}"
  loop_control:
    label: "{{ item.name }}"

- name: See what runs in all environments
  jst.retailcloud.jst_environment_info:
    app: shop
    baseline: true
  register: shop

- name: Show it
  ansible.builtin.debug:
    msg: "{{ item.baseline.image or item.baseline.packet_url }} since {{ item.baseline.create_time }}"
  loop: "{{ shop.environments | selectattr('baseline') }}"
  loop_control:
    label: "{{ item.name }}"

- name: List the environments for testing
  jst.retailcloud.jst_environment_info:
    app: shop
    env_type: test
"""

RETURN = r"""
environments:
  description: The environments that fit, in the order of the service. Empty when there are none.
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
      description: The id.
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
      description:
        - The wanted number of instances.
        - Null unless O(details=true) or O(environment_id) was given.
      type: int
      returned: always
      sample: 2
    deploy_config_id:
      description: The id of the deploy configuration.
      type: int
      returned: always
      sample: 30001
    cluster_id:
      description:
        - The instance id of the cluster, null when no resource allocation tells it.
        - Null unless O(details=true) or O(environment_id) was given.
      type: str
      returned: always
      sample: c000000000000000000000000000000e1
    baseline:
      description: What the environment runs. Null for one that runs nothing.
      type: dict
      returned: O(baseline=true)
      contains:
        deploy_config_id:
          description: The id of the deploy configuration that was deployed last, which need not be the current one.
          type: int
          returned: always
          sample: 30001
        packet_id:
          description: The id of the code package. Null unless one that is kept on the platform was deployed.
          type: int
          returned: always
          sample: 2001
        packet_url:
          description: The address of the code package. Null unless one was deployed.
          type: str
          returned: always
          sample: https://packets.emulator.example/shop-1.0.0.jar
        packet_comment:
          description: The description of the code package. Null without one.
          type: str
          returned: always
          sample: shop 1.0.0
        image:
          description: The image. Null when a code package was deployed. Of several images the service tells one.
          type: str
          returned: always
          sample: registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/web:1.4.2
        create_time:
          description: Since when, ISO 8601. The service tells the day only.
          type: str
          returned: always
          sample: "2026-01-05T00:00:00Z"
      sample:
        deploy_config_id: 30001
        packet_id: null
        packet_url: null
        packet_comment: null
        image: registry-vpc.cn-zhangjiakou.aliyuncs.com/shop/web:1.4.2
        create_time: "2026-01-05T00:00:00Z"
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.module import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.environment import EnvironmentInfo


def main() -> None:
    """Run the module."""
    run_info(EnvironmentInfo)


if __name__ == "__main__":
    main()
