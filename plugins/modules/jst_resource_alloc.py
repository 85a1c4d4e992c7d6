#!/usr/bin/python
# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: jst_resource_alloc
short_description: Manage the cluster of an environment on Jushita
version_added: 1.0.0
description:
  - Allocates the resources of a cluster to an environment of the Jushita (JST) cloud, replaces the allocation, and
    deletes it.
  - An environment has at most one resource allocation.
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
extends_documentation_fragment:
  - jst.retailcloud.access
  - jst.retailcloud.attributes
  - jst.retailcloud.attributes.state
  - jst.retailcloud.parents.app
  - jst.retailcloud.parents.environment
notes:
  - The service cannot change an allocation. For another O(cluster), the module deletes and creates an allocation, which
    counts as one change. When the creation fails, the environment is left without an allocation. Running the task again
    repairs it.
options:
  state:
    description: Whether the environment should have a resource allocation.
    type: str
    choices: [present, absent]
    default: present
  cluster:
    description:
      - The title or the instance id of the cluster.
      - Required to create a resource allocation, unless O(cluster_id) is given.
      - With O(state=absent), the module ignores this option and deletes the allocation for any cluster.
    type: str
  cluster_id:
    description: The instance id of the cluster, instead of O(cluster). The module needs no call to find the cluster.
    type: str
seealso:
  - module: jst.retailcloud.jst_resource_alloc_info
  - module: jst.retailcloud.jst_environment
"""

EXAMPLES = r"""
- name: Run production on a cluster
  jst.retailcloud.jst_resource_alloc:
    app: shop
    environment: production
    cluster: emu-online

- name: Run production on a cluster, by the instance id of the cluster
  jst.retailcloud.jst_resource_alloc:
    app: shop
    environment: production
    cluster: c000000000000000000000000000000e1

- name: Remove the cluster from the environment
  jst.retailcloud.jst_resource_alloc:
    app: shop
    environment: production
    state: absent
"""

RETURN = r"""
resource_alloc:
  description:
    - The resource allocation after the task, or its predicted state in check mode.
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
      description: The id of the environment. Null in check mode when the environment does not exist yet.
      type: int
      returned: always
      sample: 20001
    cluster_id:
      description: The instance id of the cluster. Null in check mode when the cluster does not exist yet.
      type: str
      returned: always
      sample: c000000000000000000000000000000e1
    resource_alloc_id:
      description: The id of the allocation. Null for an allocation that check mode would create.
      type: int
      returned: always
      sample: 80001
"""

from ansible_collections.jst.retailcloud.plugins.module_utils._core.entry_points import run_resource
from ansible_collections.jst.retailcloud.plugins.module_utils._resources.resource_alloc import ResourceAlloc


def main() -> None:
    """Run the module."""
    run_resource(ResourceAlloc)


if __name__ == "__main__":
    main()
