#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_resource_alloc_info
short_description: List which clusters environments on Jushita run on
version_added: 1.0.0
description:
  - Lists the resource allocations of the Jushita (JST) cloud, each of which binds an environment to a cluster.
  - Without a filter all of them are listed. Several filters have to fit at the same time.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes.info
  - jst.retailcloud.attributes
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
options:
  app:
    description:
      - Only allocations of environments of this application, given by title or id.
      - Digits that are the title of one application and the id of another are an error.
  app_id:
    description: Only allocations of environments of the application with this id.
  environment:
    description:
      - Only the allocation of this environment, given by name or id. It needs O(app) or O(app_id).
      - Digits that are the name of one environment of the application and the id of another are an error.
  environment_id:
    description: Only the allocation of the environment with this id. It needs no application.
  cluster:
    description: Only allocations on this cluster, given by title or instance id.
    type: str
  cluster_id:
    description: Only allocations on the cluster with this instance id.
    type: str
seealso:
  - module: jst.retailcloud.jst_resource_alloc
  - module: jst.retailcloud.jst_environment_info
"""

EXAMPLES = r"""
- name: List all resource allocations
  jst.retailcloud.jst_resource_alloc_info:

- name: See which environments run on a cluster
  jst.retailcloud.jst_resource_alloc_info:
    cluster: emu-online
  register: allocations

- name: Show how many there are
  ansible.builtin.debug:
    msg: "{{ allocations.resource_allocs | length }}"

- name: See which cluster production runs on
  jst.retailcloud.jst_resource_alloc_info:
    app: shop
    environment: production
"""

RETURN = r"""
resource_allocs:
  description: The resource allocations that fit, in the order of the service. Empty when there are none.
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
    cluster_id:
      description: The instance id of the cluster.
      type: str
      returned: always
      sample: c000000000000000000000000000000e1
    resource_alloc_id:
      description: The id of the allocation.
      type: int
      returned: always
      sample: 80001
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.module import run_info
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.resource_alloc import ResourceAllocInfo


def main() -> None:
    """Run the module."""
    run_info(ResourceAllocInfo)


if __name__ == "__main__":
    main()
