# Copyright (c) 2026, jst.retailcloud contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
name: planned_release
short_description: Read the predicted deploy order and find the matching existing order
version_added: 1.0.0
author:
  - The jst.retailcloud contributors (@jst-retailcloud)
description:
  - Reads the result of M(jst.retailcloud.jst_deployment) in check mode. Finds the order of this release by the mark in
    its description.
positional: _input, candidates
options:
  _input:
    description: The result of M(jst.retailcloud.jst_deployment) in check mode.
    type: dict
    required: true
  candidates:
    description: Deploy orders that may belong to this release. Null entries are ignored.
    type: list
    elements: dict
    default: []
  described:
    description: Results of M(jst.retailcloud.jst_deploy_order_info), whose orders are also candidates.
    type: list
    elements: dict
    default: []
  earlier:
    description: An earlier release, as P(jst.retailcloud.release_history#filter) returns it.
    type: dict
"""

EXAMPLES = r"""
- name: Find the deploy order
  ansible.builtin.debug:
    var: (plan | jst.retailcloud.planned_release(orders.deploy_orders)).order
"""

RETURN = r"""
_value:
  description: The known facts of the release.
  type: dict
  contains:
    doubts:
      description:
        - The warnings about unknown facts, such as the live state of the environment or the deployed documents of its
          deploy config.
      type: list
      elements: str
    order:
      description: The first candidate that deploys the same content. Null when there is none.
      type: dict
    progress:
      description: The progress of that order in words. Empty when there is none.
      type: str
    has_undecided_result:
      description: Whether that order has finished and the service has not returned its result yet.
      type: bool
    documents:
      description:
        - Whether the order would deploy the deploy config documents that O(earlier) deployed.
        - Secrets are compared by their revisions, as far as these are known.
      type: str
      choices: [same, other, unknown]
    ports:
      description:
        - The ports that the order closes compared with O(earlier), as C(closes). C(before) and C(after) list all ports
          that the instances open before and after the order. C(closes) is empty when C(before) or C(after) is unknown.
      type: dict
    secrets:
      description:
        - Whether the order would deploy the Secrets that O(earlier) deployed, compared by their revisions. C(unknown)
          when the service hides the revisions, and for a deploy config without Secrets.
      type: str
      choices: [same, other, unknown]
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible_collections.jst.retailcloud.plugins.module_utils._resources.deploy_order import progress_text
from ansible_collections.jst.retailcloud.plugins.plugin_utils.release_history import (
    Release,
    compare_documents,
    compare_ports,
    compare_secrets,
    find_own_order,
    has_undecided_result,
)
from ansible_collections.jst.retailcloud.plugins.plugin_utils.rollback_target import doubts


def planned_release(
    plan: Mapping[str, Any],
    candidates: Sequence[Mapping[str, Any] | None] = (),
    described: Sequence[Mapping[str, Any]] = (),
    earlier: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return what is known of a release; the arguments are documented above."""
    single = [order for result in described for order in result.get("deploy_orders") or ()]
    planned = plan.get("deploy_order") or {}
    order = find_own_order(planned, [*candidates, *single])
    before = Release(**earlier) if earlier else None
    return {
        "doubts": doubts(plan),
        "order": order,
        "progress": progress_text(order) if order else "",
        "has_undecided_result": order is not None and has_undecided_result(order),
        "documents": compare_documents(planned, before),
        "ports": compare_ports(planned, before),
        "secrets": compare_secrets(planned, before),
    }


class FilterModule:
    """The filter of this file."""

    def filters(self) -> dict[str, Callable[..., Any]]:
        """Return the filter by its name."""
        return {"planned_release": planned_release}
