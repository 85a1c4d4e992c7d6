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
  - Returns what the releases of an environment deployed, as far as the notes in the order descriptions show it.
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
    description: The number of successful releases whose order descriptions are needed.
    type: int
    default: 1
  pods:
    description:
      - Results of a loop of M(jst.retailcloud.jst_pod_info) over C(ids_with_unknown_reach). A result without pods does
        not show which instances the order reached.
    type: list
    elements: dict
    default: []
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
    - The history. In each list, the newest release comes first.
    - A release has C(deploy_order_id), C(name), C(progress), C(result) and C(time), when it ended or started.
      C(content) is empty without a note. C(rollback_of) is the id of the deploy order that it rolled back, or null.
      C(content_fingerprint), C(config_fingerprint), C(secrets_fingerprint) and C(ports) come from its mark, or are
      null. C(reached_nothing) is true when the service shows that the release ended before it reached an instance.
  type: dict
  contains:
    succeeded:
      description: The successful releases.
      type: list
      elements: dict
    unfinished:
      description: The releases that are waiting, running or paused.
      type: list
      elements: dict
    undecided:
      description: The finished deploy orders for which the service has not returned a result yet.
      type: list
      elements: dict
    interrupted:
      description: The releases that were closed or failed after the last successful release.
      type: list
      elements: dict
    ids_with_unknown_reach:
      description: The ids of interrupted orders for which only the pods show whether the order reached an instance.
      type: list
      elements: int
    ids_without_description:
      description: The ids of orders whose description is needed and was not in the list.
      type: list
      elements: int
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_history import (
    History,
    ids_with_unknown_reach,
    ids_without_description,
)


def release_history(
    orders: Sequence[Mapping[str, Any]],
    described: Sequence[Mapping[str, Any]] = (),
    count: int = 1,
    pods: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return the release history; the arguments are documented above."""
    single = [order for result in described for order in result.get("deploy_orders") or ()]
    known = {result["item"]: result["pods"] for result in pods if result.get("pods") is not None}
    return {
        **History.read(orders, single, known).as_dict(),
        "ids_with_unknown_reach": ids_with_unknown_reach(orders, single),
        "ids_without_description": ids_without_description(orders, int(count)),
    }


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"release_history": release_history}
