# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: release_history
short_description: Read the release history of an environment from its deploy orders
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Returns what the releases of an environment deployed, as far as the notes in their descriptions show it.
    M(jst.retailcloud.jst_deployment) writes these notes.
positional: _input, described
options:
  _input:
    description: Deploy orders of one environment, as M(jst.retailcloud.jst_deploy_order_info) lists them.
    type: list
    elements: dict
    required: true
  described:
    description: Results of M(jst.retailcloud.jst_deploy_order_info) for single orders, which also show descriptions.
    type: list
    elements: dict
    default: []
  count:
    description: How many of the releases that succeeded need a description.
    type: int
    default: 1
"""

EXAMPLES = r"""
- name: List the releases
  jst.retailcloud.jst_deploy_order_info:
    app: shop
    environment: production
    category: deploy
  register: orders

- name: Show what the last release deployed
  ansible.builtin.debug:
    var: (orders.deploy_orders | jst.retailcloud.release_history).succeeded[0].content
"""

RETURN = r"""
_value:
  description:
    - The history. Each list has the newest release first.
    - A release has C(deploy_order_id), C(content) (empty without a note), C(rollback_of) (the id of the deploy order
      that it rolled back, or null), C(content_fingerprint) and C(config_fingerprint) (of its mark, or null), and
      C(progress).
  type: dict
  contains:
    succeeded:
      description: The releases that succeeded.
      type: list
      elements: dict
    unfinished:
      description: The releases that are waiting, running or paused.
      type: list
      elements: dict
    undecided:
      description: The releases that have finished, and whose result the service has not decided.
      type: list
      elements: dict
    ids_without_description:
      description: The ids of the orders whose description is needed and was not listed.
      type: list
      elements: int
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_history import History, ids_without_description


def release_history(
    orders: Sequence[Mapping[str, Any]], described: Sequence[Mapping[str, Any]] = (), count: int = 1
) -> dict[str, Any]:
    """Return the release history; the arguments are documented above."""
    single = [order for result in described for order in result.get("deploy_orders") or ()]
    return {
        **History.read(orders, single).as_dict(),
        "ids_without_description": ids_without_description(orders, int(count)),
    }


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"release_history": release_history}
