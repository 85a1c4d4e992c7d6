# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """The options that name what something belongs to, by name or by id."""

    APP = r"""
options:
  app:
    description:
      - The title or the id of the application. One of O(app) and O(app_id) is required. Neither may be empty.
      - A number is rejected when it is the title of one application and the id of another.
    type: str
  app_id:
    description: The id of the application, instead of O(app). The module needs no call to find the application.
    type: int
"""

    ENVIRONMENT = r"""
options:
  environment:
    description:
      - The name or the id of the environment. One of O(environment) and O(environment_id) is required. Neither may be
        empty.
      - A number is rejected when it is the name of one environment of the application and the id of another.
    type: str
  environment_id:
    description: The id of the environment, instead of O(environment). The module needs no call to find the environment.
    type: int
"""

    CLUSTER = r"""
options:
  cluster:
    description:
      - The title or the instance id of the cluster. One of O(cluster) and O(cluster_id) is required. Neither may be
        empty.
      - A value is rejected when it is the title of one cluster and the instance id of another.
    type: str
  cluster_id:
    description: The instance id of the cluster, instead of O(cluster). The module needs no call to find the cluster.
    type: str
"""
